"""What came of a request, which kind of policy decided, and the way there."""

from __future__ import annotations

from dataclasses import dataclass

from labkit.policy.document import Policy
from labkit.policy.request import Request, Subject
from labkit.policy.statement import Reason, Statement

ALLOW, IMPLICIT_DENY, EXPLICIT_DENY = "Allow", "ImplicitDeny", "ExplicitDeny"


@dataclass(frozen=True)
class Step:
    """One statement held against the request.

    `matched` says whether all of it matched; `reasons` holds each comparison made. For scp and
    rcp, `policy_index` counts through all the levels in the order given.
    """

    policy_kind: str
    policy_index: int
    statement_index: int
    matched: bool
    reasons: tuple[Reason, ...]


class Decision:
    """The outcome of `evaluate`.

    `effect` is "Allow", "ImplicitDeny" or "ExplicitDeny". `decided_by` is the kind of policy
    that decided: the one that denied, that withheld an allow the others gave, or that allowed
    (across accounts, where both sides must, the resource's). It is None where no policy did:
    nothing allowed the request, or it needs no policy, as all that the root user does at home.
    `steps`, the path, is worked out when first read.
    """

    def __init__(
        self,
        effect: str,
        decided_by: str | None,
        subject: Subject,
        policies: list[tuple[str, int, Policy]],
        has_boundary: bool,
    ) -> None:
        self.effect = effect
        self.decided_by = decided_by
        self.request: Request = subject.request
        self.caller_kind = subject.caller.kind
        self.crosses_accounts = bool(subject.caller.account) and not subject.same_account
        self._subject = subject
        self._policies = policies
        self._has_boundary = has_boundary
        self._steps: tuple[Step, ...] | None = None

    @property
    def allowed(self) -> bool:
        """Whether the request may go ahead."""
        return self.effect == ALLOW

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every statement of every policy, with what matched and what did not."""
        if self._steps is None:
            steps = []
            for kind, index, policy in self._policies:
                for statement in policy.statements:
                    matched = bool(statement.applies(self._subject, self._has_boundary))
                    reasons = tuple(statement.reasons(self._subject, self._has_boundary))
                    steps.append(Step(kind, index, statement.index, matched, reasons))
            self._steps = tuple(steps)
        return self._steps

    def statement(self, step: Step) -> Statement:
        """The compiled statement that a step is about."""
        for kind, index, policy in self._policies:
            if kind == step.policy_kind and index == step.policy_index:
                return policy.statements[step.statement_index]
        raise LookupError(step)

    def __repr__(self) -> str:
        by = f", decided_by={self.decided_by!r}" if self.decided_by else ""
        return f"Decision({self.effect!r}{by})"
