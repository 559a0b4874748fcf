"""The outcome of a request in one sentence that says why that kind of policy decided."""

from __future__ import annotations

from labkit.policy.caller import ACCOUNT
from labkit.policy.decision import ALLOW, EXPLICIT_DENY, Decision

KINDS = {
    "identity": "identity policy",
    "resource": "resource policy",
    "boundary": "permissions boundary",
    "session": "session policy",
    "scp": "service control policy",
    "rcp": "resource control policy",
    "endpoint": "VPC endpoint policy",
}

# What people call the policy of a resource of these services.
_RESOURCES = {
    "kms": "key policy",
    "s3": "bucket policy",
    "sns": "topic policy",
    "sqs": "queue policy",
    "sts": "trust policy",
}

_LIMITS = {
    "boundary": "the permissions boundary limits what they give, and does not allow it",
    "session": "the session policy limits what they give, and does not allow it",
    "scp": "a level of service control policies does not, and every level must",
    "rcp": "a level of resource control policies does not, and every level must",
    "endpoint": "the policy of the VPC endpoint does not let it pass",
}


def kind_name(decision: Decision, kind: str) -> str:
    """The kind in words; a resource's policy by the name that its service has for it."""
    service = decision.request.action.split(":")[0].lower()
    return _RESOURCES.get(service, KINDS[kind]) if kind == "resource" else KINDS[kind]


def headline(decision: Decision) -> str:
    """The outcome in one sentence."""
    if decision.effect == ALLOW:
        return "Allowed: " + _allowed(decision) + "."
    if decision.effect == EXPLICIT_DENY:
        kind = kind_name(decision, decision.decided_by or "")
        return f"Denied: the {kind} says Deny, which overrides every Allow."
    return "Denied: " + _withheld(decision) + "."


def _allowed(decision: Decision) -> str:
    kind = decision.decided_by
    if kind is None:
        if decision.caller_kind == "root":
            return "the root user needs no policy in its own account"
        return f"{decision.request.action} needs no permission"
    name = kind_name(decision, kind)
    if decision.crosses_accounts:
        return f"the {name} and the caller's own policies both allow it, as two accounts must"
    return f"the {name} allows it"


def _withheld(decision: Decision) -> str:
    kind = decision.decided_by
    if kind is None:
        return _nothing(decision)
    name = kind_name(decision, "resource")
    if kind == "identity":
        return (
            f"the {name} allows it, but across accounts the caller's own policies must allow it "
            "too, and none does"
        )
    if kind == "resource" and decision.crosses_accounts:
        return (
            f"the caller's own policies allow it, but across accounts the {name} must allow it "
            "too, and it does not"
        )
    if kind == "resource":
        return f"identity policies count here only if the {name} lets them, and it does not"
    if kind == "session" and not _has(decision, "session"):
        return "a federated user has what a session policy allows, and none was passed"
    return "other policies allow it, but " + _LIMITS[kind]


def _nothing(decision: Decision) -> str:
    if decision.caller_kind == "root":
        return "the root user cannot assume a role"
    for step in decision.steps:
        if step.matched and step.reasons[0].code == "principal_" + ACCOUNT:
            name = kind_name(decision, "resource")
            return f"the {name} leaves it to the account, and no identity policy allows it"
    for step in decision.steps:
        if step.matched and step.policy_kind in _LIMITS:
            name = kind_name(decision, step.policy_kind)
            return f"no policy that grants allows it, and a {name} only limits"
    return "no policy allows it"


def _has(decision: Decision, kind: str) -> bool:
    return any(step.policy_kind == kind for step in decision.steps)
