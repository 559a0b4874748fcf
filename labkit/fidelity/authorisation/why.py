"""Why a call was allowed or denied: what was decided, and what each statement had to do with it."""

from __future__ import annotations

from typing import Any

from labkit.errors import LabError
from labkit.explorables.palette import LIGHT
from labkit.fidelity.authorisation.authoriser import current
from labkit.fidelity.authorisation.judged import Judgement, Verdict
from labkit.policy.headline import kind_name
from labkit.policy.render import as_html, as_text, escape


class Why:
    """The path to a decision, as text and as HTML."""

    def __init__(self, judgement: Judgement) -> None:
        self.judgement = judgement
        verdict = judgement.telling
        assert verdict is not None, "a judgement has a verdict"
        self.verdict = verdict
        self.decision = verdict.decision

    @property
    def allowed(self) -> bool:
        """Whether the call was allowed."""
        return self.judgement.allowed

    def __repr__(self) -> str:
        lines = [as_text(self.decision), *_legend(self.verdict), *_others(self.judgement)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        more = "".join(
            f"<p>{escape(line.strip())}</p>"
            for line in (*_legend(self.verdict), *_others(self.judgement))
        )
        state = "done" if self.decision.allowed else "failed"
        # As labkit.exercises.show: where no page has the tokens, the light palette's colour.
        edge = f"border-left:4px solid var(--lk-{state},{LIGHT[state]});padding-left:0.8em"
        return f'<div class="lk-why" style="{edge}">{as_html(self.decision)}{more}</div>'


def why(call: Any = None) -> Why:
    """The path to the last decision, or to that on a call of the log.

    Raises LabError where nothing was decided.
    """
    judgements = [one for one in current().judgements if one.verdicts]
    if call is not None:
        judgements = [one for one in judgements if one.call_index == call.index]
    if not judgements:
        raise LabError(
            f"There is no decision on {_named(call)}.",
            "Permissions are decided while lab.enforce_iam(True) is on.",
            "Turn it on, make the call again, and ask.",
        )
    return Why(judgements[-1])


def _named(call: Any) -> str:
    return "a call yet" if call is None else f"call {call.index}, {call.operation}"


def _legend(verdict: Verdict) -> list[str]:
    """Which policy each number stands for."""
    return [
        f"    {kind_name(verdict.decision, kind)} {number} is the {named.name}."
        for kind, policies in verdict.names.items()
        for number, named in enumerate(policies, start=1)
        if kind != "resource"
    ]


def _others(judgement: Judgement) -> list[str]:
    """What else the call needed, in a line each."""
    return [
        f"    The call needs {one.need.action} on {one.need.resource} too: "
        f"{'allowed' if one.decision.allowed else 'denied'}."
        for one in judgement.verdicts
        if one is not judgement.telling
    ]
