"""What the figure says in words, in large numbers, and statement by statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.iam_evaluation.desk import desk
from labkit.explorables.iam_evaluation.figure import LOOKS, stops
from labkit.explorables.iam_evaluation.gates import DENY, NONE, SHUT, UNASKED
from labkit.explorables.iam_evaluation.names import capital, field_name, gate_name, gate_says
from labkit.explorables.parts import Big, Entry
from labkit.policy.decision import ALLOW, IMPLICIT_DENY
from labkit.policy.headline import headline, kind_name
from labkit.policy.render import because, decides, failed, verdict

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.iam_evaluation.desk import Desk
    from labkit.explorables.iam_evaluation.gates import Gate
    from labkit.policy import Decision, Step

SIGNS = {"square": "■", "x": "✕", "diamond": "◆", "circle": "○"}


def reading(**values: Any) -> str:
    """Who asks for what, what comes of it, and the nearest miss where nothing let it pass."""
    now = desk(values)
    if now.decision is None:
        return _broken(now)
    told = headline(now.decision)
    outcome, _, why = told.partition(": ")
    text = f"{now.who.called} asks for {now.ask.label}. {outcome}: {why}"
    gate = _stopping(now)
    if gate is None or not gate.steps:
        return text
    step = _telling(now.decision, gate)
    return f"{text} {capital(_statement(now.decision, step, gate.kind))}: {because(step)}."


def _broken(now: Desk) -> str:
    flaw = next(flaw for flaw in now.flaws(now.broken) if flaw.is_error)
    refused = "is not JSON that can be read" if now.broken == "context" else "would be refused"
    return (
        f"Nothing is decided: the {field_name(now, now.broken)} {refused}. "
        f"Line {flaw.line}: {flaw.says}"
    )


def _stopping(now: Desk) -> Gate | None:
    return next((gate for gate in now.gates if gate.state == SHUT), None)


def _telling(decision: Decision, gate: Gate) -> Step:
    """Of the statements of the gate that stops the request, the one that says most about why."""
    if gate.kind == DENY:
        return next(step for step in gate.steps if decides(decision, step))
    # The one that came nearest: it is the last in which something fails.
    return max(gate.steps, key=lambda step: (_fails_at(step), -step.statement_index))


def _fails_at(step: Step) -> int:
    return next((i for i in range(len(step.reasons)) if failed(step.reasons[i])), 0)


def numbers(**values: Any) -> tuple[Big, ...]:
    """The decision and who made it, how far the request came, and how many statements apply."""
    now, arrived = desk(values), values["at"] >= len(stops(desk(values))) - 1
    if now.decision is None:
        return (Big("Decision", "–", note="until the text is mended"),)
    if not arrived:
        return (Big("Decision", "…", note="on its way", tone="@flight"),)
    steps = now.decision.steps
    applying = len([step for step in steps if step.matched])
    asked = len([gate for gate in now.gates if gate.state not in (NONE, UNASKED)])
    return (
        Big(
            "Decision",
            "Allowed" if now.allowed else "Denied",
            note=_by(now.decision),
            tone="@done" if now.allowed else "@failed",
        ),
        Big("Gates with a say", asked, f"of {len(now.gates)}"),
        Big("Statements that apply", applying, f"of {len(steps)}"),
    )


def _by(decision: Decision) -> str:
    kind = decision.decided_by
    if kind is None:
        return "" if decision.allowed else "nothing allows it"
    return ("by the " if decision.effect != IMPLICIT_DENY else "for want of an Allow in the ") + (
        kind_name(decision, kind)
    )


def path(**values: Any) -> tuple[Entry, ...]:
    """Every gate with the statements that are read there, as far as the request has come."""
    now = desk(values)
    reached = stops(now)[: int(values["at"]) + 1]
    return tuple([_gate_entry(now, gate, gate.kind in reached) for gate in now.gates])


def _gate_entry(now: Desk, gate: Gate, reached: bool) -> Entry:
    name = gate_name(now, gate.kind)
    if not reached:
        says = "not asked yet" if gate.state not in (NONE, UNASKED) else gate_says(now, gate)
        return Entry(name, says, "○", "@ink2")
    symbol, _, colour = LOOKS[gate.state]
    assert now.decision is not None
    statements = [_statement_entry(now.decision, step, gate.kind) for step in gate.steps]
    return Entry(name, gate_says(now, gate), SIGNS[symbol], colour, tuple(statements))


def _statement_entry(decision: Decision, step: Step, gate: str) -> Entry:
    says = f"{verdict(decision, step)}; {because(step)}."
    sign, tone = step_look(decision, step)
    return Entry(_statement(decision, step, gate), says, sign, tone)


def step_look(decision: Decision, step: Step) -> tuple[str, str]:
    """The sign and the colour of a statement: it allows, it denies, or it does not apply."""
    if not step.matched:
        return "○", "@ink2"
    return ("■", "@done") if decision.statement(step).effect == ALLOW else ("✕", "@failed")


def _statement(decision: Decision, step: Step, gate: str) -> str:
    """A statement by its Sid or its number; with its policy at the gate that reads them all."""
    name = decision.statement(step).sid or f"statement {step.statement_index + 1}"
    return f"{kind_name(decision, step.policy_kind)}, {name}" if gate == DENY else name
