"""The figure: curves by size, the limit that binds by the size of an I/O, and the bills."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.ebs_curves.bars import draw_bars
from labkit.explorables.ebs_curves.binding import draw_binding
from labkit.explorables.ebs_curves.curves import draw_curves
from labkit.explorables.ebs_curves.stage import LOOKS, layout
from labkit.explorables.layers import Layers

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Tree


def figure(**values: Any) -> Tree:
    """The plotly figure for these values, its colours named by token."""
    layers = Layers(LOOKS)
    draw_curves(layers, values)
    draw_binding(layers, values)
    draw_bars(layers, values)
    return {"data": layers.traces(), "layout": layout()}
