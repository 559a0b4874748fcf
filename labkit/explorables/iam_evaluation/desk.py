"""What the controls say, read: the request, the policies, and what AWS would decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.iam_evaluation.drafts import Context, draft
from labkit.explorables.iam_evaluation.gates import (
    BOUNDARY,
    IDENTITY,
    KINDS,
    RCP,
    RESOURCE,
    SCP,
    SESSION,
    SHUT,
    UNASKED,
    Gate,
    gates,
    way,
)
from labkit.explorables.iam_evaluation.scenery import ASKS, CALLERS, SHOP
from labkit.policy import Request, evaluate

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.iam_evaluation.drafts import Draft, Flaw
    from labkit.policy import Decision, Policy

    Values = dict[str, Any]

WRITTEN = (IDENTITY, RESOURCE, BOUNDARY, SESSION, SCP, RCP)  # the policies that have a field
PARTS = ("who", "ask", "context", IDENTITY, RESOURCE, BOUNDARY, SESSION, SCP, RCP)
KEPT_DESKS = 12

_kept: list[tuple[tuple[Any, ...], Desk]] = []


class Desk:
    """A request and the policies that are asked about it.

    `broken` names the first field that cannot be used as it stands, "" if all can; then there is
    no `decision`, no gate is asked, and the `way` has none.
    """

    def __init__(self, values: Values) -> None:
        self.who = CALLERS[values["who"]]
        self.ask = ASKS[values["ask"]]
        self.context = Context(values["context"])
        self.drafts: dict[str, Draft] = {}
        for kind in WRITTEN:
            self.drafts[kind] = draft(values[kind], self.ask.kind if kind == RESOURCE else kind)
        self.broken = self._first_broken()
        self.decision: Decision | None = None
        if self.broken:
            self.gates = [Gate(kind, UNASKED) for kind in KINDS]
        else:
            self.decision = self._decide()
            self.gates = gates(self.decision)
        self.way = way(self.gates)

    @property
    def allowed(self) -> bool:
        """Whether the request may go ahead."""
        return self.decision is not None and self.decision.allowed

    @property
    def stopped_at(self) -> str:
        """The kind of the gate that stops the request, or "" if none does."""
        return next((gate.kind for gate in self.gates if gate.state == SHUT), "")

    def flaws(self, name: str) -> list[Flaw]:
        """What is wrong or doubtful in the field of that name."""
        return self.context.flaws if name == "context" else self.drafts[name].flaws

    def _first_broken(self) -> str:
        for kind in WRITTEN:
            if self.drafts[kind].error:
                return kind
        return "context" if self.context.flaws else ""

    def policy(self, kind: str) -> Policy | None:
        """What is written for that kind, if the caller can have such a policy."""
        own = kind in (IDENTITY, BOUNDARY, SESSION)
        if (own and not self.who.has_policies) or (kind == SESSION and not self.who.is_session):
            return None
        return self.drafts[kind].policy

    def _decide(self) -> Decision:
        own, scp, rcp = self.policy(IDENTITY), self.policy(SCP), self.policy(RCP)
        request = Request(self.who.arn, self.ask.action, self.ask.resource, self.context.keys, SHOP)
        return evaluate(
            request,
            identity=[own] if own else [],
            resource=self.policy(RESOURCE),
            boundary=self.policy(BOUNDARY),
            session=self.policy(SESSION),
            scps=[[scp]] if scp else [],
            rcps=[[rcp]] if rcp else [],
        )


def desk(values: Values) -> Desk:
    """The desk under `values`; the ones asked for last are kept."""
    wanted = tuple([values[name] for name in PARTS])
    for known, made in _kept:
        if known == wanted:
            return made
    made = Desk(values)
    _kept.insert(0, (wanted, made))
    del _kept[KEPT_DESKS:]
    return made


def desk_with(values: Values, **changes: Any) -> Desk:
    """The desk if some of the values were others."""
    other = dict(values)
    other.update(changes)
    return desk(other)
