"""What the gates are called, and what each says in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.iam_evaluation.gates import (
    BOUNDARY,
    DENY,
    IDENTITY,
    NONE,
    OPEN,
    RCP,
    RESOURCE,
    SCP,
    SESSION,
    SHUT,
    UNASKED,
    is_enough,
    strength,
)
from labkit.explorables.iam_evaluation.scenery import SHOP
from labkit.policy.arn import account_of
from labkit.policy.headline import kind_name

if TYPE_CHECKING:
    from labkit.explorables.iam_evaluation.desk import Desk
    from labkit.explorables.iam_evaluation.gates import Gate

_NAMES = {
    DENY: "Does any Deny apply?",
    RCP: "Resource control policy",
    SCP: "Service control policy",
    IDENTITY: "Identity policy",
    BOUNDARY: "Permissions boundary",
    SESSION: "Session policy",
}


def gate_name(desk: Desk, kind: str) -> str:
    """The gate as a heading; the resource's policy by the name that its service has for it."""
    return capital(desk.ask.policy) if kind == RESOURCE else _NAMES[kind]


def field_name(desk: Desk, name: str) -> str:
    """A field as it stands in a sentence, such as `permissions boundary`."""
    if name == "context":
        return "context of the request"
    text = gate_name(desk, name)
    return text[0].lower() + text[1:]


def capital(text: str) -> str:
    """The text with a capital letter first."""
    return text[:1].upper() + text[1:]


def gate_says(desk: Desk, gate: Gate) -> str:
    """What the gate does to the request, in at most four words or so."""
    if gate.state == UNASKED:
        return "cannot be used" if gate.kind == desk.broken else "not asked"
    if gate.kind == DENY:
        return _denies(desk, gate)
    if gate.state == OPEN:
        return _lets_pass(desk, gate.kind)
    if gate.state == NONE and gate.kind not in (RESOURCE, IDENTITY):
        return "none, so no limit"
    return "no Allow applies" if desk.policy(gate.kind) else "none"


def _denies(desk: Desk, gate: Gate) -> str:
    if gate.state == SHUT:
        assert desk.decision is not None
        return "yes, in the " + kind_name(desk.decision, desk.decision.decided_by or "")
    if not gate.steps:
        return "no policy has one"
    return f"no: {len(gate.steps)} read, none applies"


def _lets_pass(desk: Desk, kind: str) -> str:
    decision = desk.decision
    assert decision is not None
    if kind != RESOURCE:
        return "allows it" if kind == IDENTITY else "lets it pass"
    if is_enough(decision):
        return "enough by itself"
    how = strength(decision)
    if how == "bounded" and not decision.crosses_accounts:
        return "allows the role"
    if how == "account" and not decision.crosses_accounts:
        return "leaves it to IAM"
    return "allows it"


def outcome_says(desk: Desk) -> str:
    """Where the way ended, in a few words."""
    if desk.broken:
        return f"the {field_name(desk, desk.broken)} cannot be used yet"
    if desk.stopped_at == DENY:
        return "an explicit Deny ends it"
    if desk.stopped_at:
        return f"stopped at the {field_name(desk, desk.stopped_at)}"
    return "nothing stopped it"


def rule(desk: Desk) -> str:
    """How the resource's policy and the caller's own go together."""
    account = account_of(desk.who.arn)
    if not account:
        return "no account: it alone counts"
    if account != SHOP:
        return "two accounts: both must allow"
    if desk.ask.kind in ("resource-kms", "trust"):
        return f"the {desk.ask.policy} must agree"
    return "one account: either may allow"
