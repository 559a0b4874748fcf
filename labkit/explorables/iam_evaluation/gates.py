"""The gates that a request passes on its way, in AWS's order, and where it is stopped.

    Deny → RCP → SCP → resource's policy → identity policy → boundary → session policy
                              │                                             │
                              └─ within an account, may be enough alone ──→ allowed

`labkit.policy` decides; here its decision is laid out as the way there. A test holds the two
together: the way reaches its end if and only if the engine allows the request.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.policy.decision import ALLOW, EXPLICIT_DENY

if TYPE_CHECKING:
    from labkit.policy import Decision, Step

DENY, RCP, SCP, RESOURCE = "deny", "rcp", "scp", "resource"
IDENTITY, BOUNDARY, SESSION = "identity", "boundary", "session"
KINDS = (DENY, RCP, SCP, RESOURCE, IDENTITY, BOUNDARY, SESSION)

# What a gate does to the request.
OPEN = "open"  # lets it pass
SHUT = "shut"  # stops it
SILENT = "silent"  # has a policy that does not allow it, where another may
NONE = "none"  # no policy of this kind is there
UNASKED = "unasked"  # the request never comes here

# How the resource's policy names the caller, as labkit.policy.caller has it.
_STRENGTHS = ("direct", "bounded", "account")


@dataclass(frozen=True)
class Gate:
    """One gate: its kind, what it does, and the statements that are read there.

    At the first gate these are the Deny statements of all policies; at each other one the Allow
    statements of its own kind.
    """

    kind: str
    state: str
    steps: tuple[Step, ...] = ()


def gates(decision: Decision) -> list[Gate]:
    """All seven gates, in order, as this decision came to pass."""
    found = [Gate(kind, _state(decision, kind), _read_at(decision, kind)) for kind in KINDS]
    passed = _passed(decision, {gate.kind: gate.state for gate in found})
    return [gate if gate.kind in passed else Gate(gate.kind, UNASKED) for gate in found]


def way(found: list[Gate]) -> list[str]:
    """The kinds of the gates at which the request arrives, in order; none that is passed by."""
    return [gate.kind for gate in found if gate.state not in (UNASKED, NONE)]


def strength(decision: Decision) -> str:
    """How the resource's policy allows the request to the caller: one of three ways, or empty."""
    best = ""
    for step in decision.steps:
        if step.policy_kind != RESOURCE or not step.matched or not _allows(decision, step):
            continue
        how = step.reasons[0].code[len("principal_") :]
        if not best or _STRENGTHS.index(how) < _STRENGTHS.index(best):
            best = how
    return best


def is_enough(decision: Decision) -> bool:
    """Whether the resource's policy alone lets the request through, with none of the caller's."""
    return not decision.crosses_accounts and strength(decision) == "direct"


def _read_at(decision: Decision, kind: str) -> tuple[Step, ...]:
    if kind == DENY:
        return tuple([step for step in decision.steps if not _allows(decision, step)])
    steps = [step for step in decision.steps if step.policy_kind == kind]
    return tuple([step for step in steps if _allows(decision, step)])


def _allows(decision: Decision, step: Step) -> bool:
    return decision.statement(step).effect == ALLOW


def _state(decision: Decision, kind: str) -> str:
    """What the gate would do, were the request to come there."""
    if kind == DENY:
        return SHUT if decision.effect == EXPLICIT_DENY else OPEN
    if decision.decided_by == kind and not decision.allowed:
        return SHUT
    here = [step for step in decision.steps if step.policy_kind == kind]
    if not here:
        return NONE
    if kind in (RCP, SCP):
        return OPEN  # it did not decide, so every level let the request pass
    if any(step.matched and _allows(decision, step) for step in here):
        return OPEN
    return SILENT


def _passed(decision: Decision, states: dict[str, str]) -> tuple[str, ...]:
    """The gates up to the one that stops the request, and without those it has no need of."""
    ...
