"""The figure: what one instance costs in each way, and below it the fleet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.ec2_pricing.bars import draw_bars
from labkit.explorables.ec2_pricing.lines import draw_lines
from labkit.explorables.ec2_pricing.stage import LOOKS, layout
from labkit.explorables.layers import Layers

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Tree


def figure(**values: Any) -> Tree:
    """The plotly figure for these values, its colours named by token."""
    layers = Layers(LOOKS)
    draw_lines(layers, values)
    draw_bars(layers, values)
    return {"data": layers.traces(), "layout": layout()}
