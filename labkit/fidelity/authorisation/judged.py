"""What was decided of a call: one verdict for each thing that it needed."""

from __future__ import annotations

from dataclasses import dataclass

from labkit.fidelity.authorisation.asked import Need
from labkit.fidelity.authorisation.policies import Named
from labkit.policy import Decision


@dataclass(frozen=True)
class Verdict:
    """One need of a call with the decision on it.

    `names` are the policies that were asked, by kind, in the order in which the decision counts
    them.
    """

    need: Need
    decision: Decision
    names: dict[str, tuple[Named, ...]]
    user_id: str = ""

    def denying_arn(self) -> str:
        """The ARN of the managed policy that said Deny, in the caller's own account only."""
        kind = self.decision.decided_by
        if kind not in ("identity", "boundary") or self.decision.crosses_accounts:
            return ""
        for step in self.decision.steps:
            denies = self.decision.statement(step).effect == "Deny"
            if step.policy_kind == kind and step.matched and denies:
                return self.names[kind][step.policy_index].arn
        return ""


@dataclass(frozen=True)
class Judgement:
    """All verdicts on one call; `call_index` is its number in the log of calls."""

    call_index: int
    service: str
    operation: str
    verdicts: tuple[Verdict, ...]

    @property
    def allowed(self) -> bool:
        """Whether everything that the call needed was allowed."""
        return all(verdict.decision.allowed for verdict in self.verdicts)

    @property
    def telling(self) -> Verdict | None:
        """The verdict to look at: the first denial, or else the first of all."""
        for verdict in self.verdicts:
            if not verdict.decision.allowed:
                return verdict
        return self.verdicts[0] if self.verdicts else None
