"""A decision of the policy engine as the last line of a cell shows it.

    shown(evaluate(request, identity=[policy]))

The page of the book has a style for it; a notebook brings its own, with JupyterLab's colours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.policy.render import as_html, as_text
from labkit.widgets.look import decision_style, tokens

if TYPE_CHECKING:
    from labkit.policy import Decision


class Told:
    """A decision with the path to it, statement by statement."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision

    def __repr__(self) -> str:
        return as_text(self.decision)

    def _repr_html_(self) -> str:
        # Only within JupyterLab: in the book the page's own tokens follow the reader's theme.
        colours = tokens(".jp-OutputArea .lk-decision")
        return f"<style>{colours}{decision_style()}</style>{as_html(self.decision)}"


def shown(decision: Decision) -> Told:
    """The decision, to be shown by a notebook or printed."""
    return Told(decision)
