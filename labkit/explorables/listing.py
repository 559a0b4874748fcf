"""The path to what a figure shows, as a list in HTML: the same in the page and in JupyterLab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.svg.pen import escape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from labkit.explorables.parts import Entry


def path_list(entries: Iterable[Entry]) -> str:
    """The path as a list of lists; each state is told by its sign and in words."""
    return f'<ol class="lk-x-path" role="list">{_entries(entries)}</ol>'


def _entries(entries: Iterable[Entry]) -> str:
    drawn = []
    for entry in entries:
        below = f'<ul role="list">{_entries(entry.entries)}</ul>' if entry.entries else ""
        drawn.append(
            f'<li data-tone="{entry.tone[1:]}">'
            f'<span class="lk-x-sign" aria-hidden="true">{escape(entry.sign)}</span>'
            f"<p><b>{escape(entry.name)}</b> {escape(entry.says)}</p>{below}</li>"
        )
    return "".join(drawn)
