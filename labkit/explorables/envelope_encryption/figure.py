"""The figure: the three parties above, the curve over the size of a receipt below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.envelope_encryption.scene import draw_scene
from labkit.explorables.envelope_encryption.stage import layout

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.envelope_encryption.stage import Tree


def figure(**values: Any) -> Tree:
    """The plotly figure for these values, its colours named by token."""
    return {"data": draw_scene(values), "layout": layout()}
