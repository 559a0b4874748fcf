"""A grant of KMS allows its operations to its grantee, as a statement of the key's policy would.

https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
"""

from __future__ import annotations

import json
from typing import Any


def with_grants(arn: str, policy: str) -> str:
    """A key's policy with a statement for each of its grants."""
    from moto.kms.models import kms_backends

    _, _, _, region, account, resource = arn.split(":", 5)
    key = kms_backends[account][region].keys.get(resource.removeprefix("key/"))
    if key is None or not key.grants:
        return policy
    document = json.loads(policy)
    written = document["Statement"]
    statements = [*(written if isinstance(written, list) else [written])]
    statements += [_statement(grant) for grant in key.grants.values()]
    return json.dumps(document | {"Statement": statements})


def _statement(grant: Any) -> dict[str, Any]:
    condition: dict[str, dict[str, str]] = {}
    constraints = grant.constraints or {}
    pairs = constraints.get("EncryptionContextEquals") or constraints.get("EncryptionContextSubset")
    for name, value in (pairs or {}).items():
        condition.setdefault("StringEquals", {})[f"kms:EncryptionContext:{name}"] = value
    statement = {
        "Sid": f"grant {grant.id}",
        "Effect": "Allow",
        "Principal": {"AWS": grant.grantee_principal},
        "Action": [f"kms:{operation}" for operation in grant.operations],
        "Resource": "*",
    }
    return statement | ({"Condition": condition} if condition else {})
