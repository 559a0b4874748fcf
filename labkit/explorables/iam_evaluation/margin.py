"""What stands in the margin of a policy's field: what is wrong, or what each statement does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.iam_evaluation.desk import desk
from labkit.explorables.iam_evaluation.words import step_look
from labkit.explorables.texts import Mark
from labkit.policy.render import because, failed, verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from labkit.explorables.iam_evaluation.desk import Desk
    from labkit.explorables.iam_evaluation.drafts import Flaw
    from labkit.policy import Decision, Step


def margin_of(name: str) -> Callable[..., tuple[Mark, ...]]:
    """The function from all values to the marks beside the field of that name."""

    def marks(**values: Any) -> tuple[Mark, ...]:
        now = desk(values)
        found = [_flaw_mark(flaw) for flaw in now.flaws(name)]
        if now.decision is not None:
            for step in now.decision.steps:
                if step.policy_kind == name:
                    found += _step_marks(now, now.decision, step)
        return tuple(found)

    return marks


def statements(text: str) -> str:
    """How many statements a policy has, also one that is no JSON yet."""
    count = text.count('"Effect"')
    if not text.strip():
        return "none"
    return f"{count} statement{'' if count == 1 else 's'}"


def keys(text: str) -> str:
    """How many condition keys a context has, told by the colons between names and values."""
    count = text.count('":')
    return f"{count or 'no'} key{'' if count == 1 else 's'}"


def _flaw_mark(flaw: Flaw) -> Mark:
    says = f"Line {flaw.line}, column {flaw.column}: {flaw.says}"
    sign, tone = ("✕", "@failed") if flaw.is_error else ("!", "@flight")
    return Mark(flaw.line, sign, tone, says, flaw.column, is_flaw=True)


def _step_marks(now: Desk, decision: Decision, step: Step) -> list[Mark]:
    """The first thing that fails, at its line, and what the statement does, at its Effect."""
    draft = now.drafts[step.policy_kind]
    path = f"Statement[{step.statement_index}]"
    marks = []
    for reason in step.reasons:
        if failed(reason):
            operator, _, key = reason.key.partition(" ")
            where = f"Condition.{operator}.{key}" if key else operator
            line = draft.line(f"{path}.{where}")
            marks.append(Mark(line, "≠", "@flight", because(step)))
            break
    sign, tone = step_look(decision, step)
    line = draft.line(path + ".Effect")
    marks.append(Mark(line, sign, tone, f"{verdict(decision, step)}: {because(step)}"))
    return marks
