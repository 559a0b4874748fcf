"""AWS's own managed policies are there when someone asks for one, and cost nothing until then.

moto carries 1,500 of them in one text of 5 MB, and reads all or none. Here one is cut out of the
text when its ARN is named; all are read when policies are listed.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from typing import Any

from labkit.sandbox import determinism

_PREFIX = "arn:aws:iam::aws:policy/"


def load_one(iam: Any, arn: str) -> None:
    """Let moto's IAM have AWS's policy of that ARN, if there is one."""
    if not arn.startswith(_PREFIX) or arn in iam.managed_policies:
        return
    name = arn.rsplit("/", 1)[-1]
    data = _cut_out(name)
    if data is not None:
        with determinism.aside():  # which are loaded must not shift the learner's ids
            _add(iam, name, data, arn)


def load_all(iam: Any) -> None:
    """Let moto's IAM have all of AWS's policies."""
    with determinism.aside():
        for name, data in _all().items():
            arn = _PREFIX + data["Path"].lstrip("/") + name
            if arn not in iam.managed_policies:
                _add(iam, name, data, arn)


def _add(iam: Any, name: str, data: dict[str, Any], arn: str) -> None:
    from moto.iam.models import AWSManagedPolicy

    policy = AWSManagedPolicy.from_data(name, iam.account_id, iam.region_name, data)
    if policy.arn == arn:
        policy.id = "ANPAI" + sha256(name.encode()).hexdigest()[:16].upper()
        iam.managed_policies[arn] = policy


def _cut_out(name: str) -> dict[str, Any] | None:
    text = _text()
    start = text.find(f'\n "{name}":')
    if start < 0:
        return None
    found: dict[str, Any]
    found, _ = json.JSONDecoder().raw_decode(text, text.index(":", start) + 1)
    return found


@cache
def _all() -> dict[str, Any]:
    policies: dict[str, Any] = json.loads(_text())
    return policies


def _text() -> str:
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    return str(aws_managed_policies_data)
