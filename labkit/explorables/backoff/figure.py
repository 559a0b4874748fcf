"""The figure: the clients' lanes under the chosen strategy, and the arrivals under each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.backoff.lanes import draw_lanes
from labkit.explorables.backoff.stage import LANE_PX, layout, looks
from labkit.explorables.backoff.strips import draw_strips
from labkit.explorables.layers import Layers

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Tree


def figure(**values: Any) -> Tree:
    """The plotly figure for these values, its colours named by token."""
    layers = Layers(looks(LANE_PX / values["clients"]))
    draw_lanes(layers, values)
    draw_strips(layers, values)
    return {"data": layers.traces(), "layout": layout()}
