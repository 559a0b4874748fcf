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
    from collections.abc import Iterator

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
    states = dict(_walk(decision))
    return [
        Gate(kind, states[kind], _read_at(decision, kind))
        if kind in states
        else Gate(kind, UNASKED)
        for kind in KINDS
    ]


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


def _walk(decision: Decision) -> Iterator[tuple[str, str]]:
    """The gates that are asked and what each does, up to the one that stops the request."""
    denied = decision.effect == EXPLICIT_DENY
    yield DENY, SHUT if denied else OPEN
    if denied:
        return
    for kind in (RCP, SCP):
        if decision.decided_by == kind:
            yield kind, SHUT
            return
        # It did not decide: if it is there at all, every level of it lets the request pass.
        yield kind, NONE if _state(decision, kind) == NONE else OPEN
    how = strength(decision)
    alone = _has_no_policies(decision)
    if not decision.allowed and (
        decision.decided_by == RESOURCE or ((alone or decision.crosses_accounts) and not how)
    ):
        yield RESOURCE, SHUT
        return
    yield RESOURCE, _state(decision, RESOURCE)
    if alone or (decision.allowed and _needs_no_identity_policy(decision)):
        return
    yield from _own(decision, past_identity=how == "bounded" and not decision.crosses_accounts)


def _own(decision: Decision, past_identity: bool) -> Iterator[tuple[str, str]]:
    """What the caller's own policies do."""
    if not past_identity:
        state = _state(decision, IDENTITY)
        if state != OPEN:
            yield IDENTITY, SHUT
            return
        yield IDENTITY, state
    for kind in (BOUNDARY, SESSION):
        shut = decision.decided_by == kind and not decision.allowed
        yield kind, SHUT if shut else _state(decision, kind)
        if shut:
            return


def _needs_no_identity_policy(decision: Decision) -> bool:
    """Whether what was allowed did not depend on the caller's own policies."""
    root = decision.caller_kind == "root"
    return root or decision.decided_by is None or is_enough(decision)


def _has_no_policies(decision: Decision) -> bool:
    """Whether the caller has no policies of its own, being no identity of an account's."""
    return decision.caller_kind in ("service", "provider", "anonymous")


def _state(decision: Decision, kind: str) -> str:
    """What the policies of a kind say of the request, if there are any."""
    here = [step for step in decision.steps if step.policy_kind == kind]
    if not here:
        return NONE
    if any(step.matched and _allows(decision, step) for step in here):
        return OPEN
    return SILENT
