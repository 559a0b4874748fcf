"""Where a policy may be attached, and the rules and size limits of each place.

Sizes and their sources are facts, in labkit/facts/iam.yml and kms.yml.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.errors import UsageError
from labkit.facts import fact
from labkit.policy.errors import Finding
from labkit.policy.statement import as_list

if TYPE_CHECKING:
    from typing import Any

# What a kind of policy says of Principal, and of Resource.
NONE, FREE, NEEDED, EVERYONE = "none", "free", "needed", "everyone"


@dataclass(frozen=True)
class Kind:
    """The rules of one place; `size` and `statements` are ids of facts, empty where none is known.

    `counts` says what of the text counts: "characters", "bytes", or "no white space".
    """

    name: str
    principal: str = FREE
    resource: str = FREE
    not_principal: bool = True
    plain_sid: bool = False  # letters and digits only
    latin: bool = False  # no characters beyond U+00FF
    complete_arns: bool = False  # no ARN that leaves fields out
    only_sts: bool = False  # no actions but those of STS
    size: str = ""
    counts: str = ""
    statements: str = ""


def _identity(name: str, size: str, counts: str = "no white space", **more: Any) -> Kind:
    return Kind(name, NONE, NEEDED, plain_sid=True, latin=True, size=size, counts=counts, **more)


def _resource(name: str, size: str, **more: Any) -> Kind:
    return Kind(name, NEEDED, size=size, counts="bytes", **more)


_ALL = (
    Kind(""),
    _identity("identity", ""),
    _identity("identity-managed", "iam.managed_policy_max_chars"),
    _identity("identity-inline-user", "iam.inline_user_policies_max_chars"),
    _identity("identity-inline-role", "iam.inline_role_policies_max_chars"),
    _identity("identity-inline-group", "iam.inline_group_policies_max_chars"),
    _identity("boundary", "iam.managed_policy_max_chars"),
    _identity("session", "iam.session_policy_max_chars", "characters", complete_arns=True),
    Kind(
        "trust",
        NEEDED,
        NONE,
        not_principal=False,
        plain_sid=True,
        latin=True,
        only_sts=True,
        size="iam.trust_policy_max_chars",
        counts="no white space",
    ),
    Kind("scp", NONE, NEEDED, size="iam.scp_max_chars", counts="characters"),
    Kind(
        "rcp",
        EVERYONE,
        NEEDED,
        not_principal=False,
        size="iam.rcp_max_chars",
        counts="characters",
    ),
    Kind("endpoint", NEEDED),
    Kind("resource", NEEDED),
    _resource("resource-s3", "iam.bucket_policy_max_bytes"),
    _resource(
        "resource-sqs", "iam.queue_policy_max_bytes", statements="iam.queue_policy_max_statements"
    ),
    _resource(
        "resource-sns", "iam.topic_policy_max_bytes", statements="iam.topic_policy_max_statements"
    ),
    _resource("resource-kms", "kms.key_policy_max_bytes", latin=True),
    _resource("resource-dynamodb", "iam.table_policy_max_bytes"),
)
KINDS = {kind.name: kind for kind in _ALL}


def kind_of(name: str) -> Kind:
    """The kind of that name; UsageError lists those there are."""
    if name in KINDS:
        return KINDS[name]
    known = ", ".join([kind.name for kind in _ALL if kind.name])
    raise UsageError(f"kind must be where a policy is attached, got {name!r}.", f"It is {known}.")


def sizes(policy: Any, kind: Kind) -> list[Finding]:
    """Whether a well-formed policy is too long for its kind, or has too many statements.

    A dict is measured as `json.dumps` writes it with no spaces.
    """
    text = policy if isinstance(policy, str) else json.dumps(policy, separators=(",", ":"))
    findings = []
    if kind.size:
        size, limit = _measured(text, kind.counts), int(fact(kind.size))
        if size > limit:
            unit = "bytes" if kind.counts == "bytes" else "characters"
            white = ", white space not counted" if kind.counts == "no white space" else ""
            rule = f"The policy has at most {limit} {unit}{white}."
            findings.append(Finding("", rule, f"{size} {unit}"))
    if kind.statements:
        document = json.loads(policy) if isinstance(policy, str) else policy
        count, limit = len(as_list(document["Statement"])), int(fact(kind.statements))
        if count > limit:
            findings.append(Finding("Statement", f"It has at most {limit} statements.", count))
    return findings


def _measured(text: str, counts: str) -> int:
    if counts == "bytes":
        return len(text.encode("utf-8"))
    return len("".join(text.split())) if counts == "no white space" else len(text)
