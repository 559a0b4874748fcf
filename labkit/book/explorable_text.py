"""A text of an explorable as HTML: a field with a margin, under a heading that folds it away.

It can be read before any script runs, and written once one does. `desk.mjs` draws the same margin
anew for each answer.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from labkit.explorables.texts import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from labkit.explorables.texts import Mark, Text

    Values = dict[str, Any]


def field(text: Text, values: Values, id: str) -> str:
    """A text that can be folded away: an empty one is, and a rarer one that is at its start."""
    value = values[text.name]
    marks = text.marks(**values)
    shown = value and not (text.more and value == text.start)
    told = [f"{id}-flaws"] + ([f"{id}-help"] if text.help else [])
    help = f'<p class="lk-x-small" id="{id}-help">{escape(text.help)}</p>' if text.help else ""
    offer = f' data-blank="{escape(text.blank)}"' if text.blank else ""
    return (
        f'<details class="lk-x-text"{" data-more" * text.more}{" open" * bool(shown)}>'
        f'<summary><span id="{id}-label">{escape(text.label)}</span> '
        f'<output for="{id}" aria-live="off">{escape(text.text(value))}</output></summary>'
        f'<div class="lk-x-editor"><div class="lk-x-margin" aria-hidden="true">'
        f"{_margin(lines_of(value), marks)}</div>"
        f'<textarea id="{id}" name="{text.name}" rows="{lines_of(value)}" readonly wrap="off" '
        f'spellcheck="false" autocapitalize="off" aria-labelledby="{id}-label" '
        f'aria-describedby="{" ".join(told)}"{offer}>{escape(value)}</textarea></div>'
        f'<ul class="lk-x-flaws" id="{id}-flaws" role="list" aria-live="polite"></ul>{help}'
        "</details>"
    )


def _margin(lines: int, marks: Iterable[Mark]) -> str:
    """The number of each line, after the first of the marks that it has."""
    first: dict[int, Mark] = {}
    for mark in marks:
        first.setdefault(mark.line, mark)
    rows = []
    for line in range(1, lines + 1):
        if line in first:
            mark = first[line]
            look = f' data-tone="{mark.tone.lstrip("@")}" title="{escape(mark.says)}"'
            rows.append(f"<span{look}><b>{mark.sign}</b>{line}</span>")
        else:
            rows.append(f"<span>{line}</span>")
    return "".join(rows)
