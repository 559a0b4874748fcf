"""The figure: the way of a request now, and below it the buckets and answers over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.api_throttle.stage import layout, looks
from labkit.explorables.api_throttle.strips import draw_strips
from labkit.explorables.api_throttle.tanks import draw_tanks
from labkit.explorables.layers import Layers

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Tree


def figure(**values: Any) -> Tree:
    """The plotly figure for these values, its colours named by token."""
    layers = Layers(looks())
    draw_tanks(layers, values)
    draw_strips(layers, values)
    return {"data": layers.traces(), "layout": layout()}
