"""The figure: the environments now, and below them the whole minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.lambda_concurrency.charts import draw_charts
from labkit.explorables.lambda_concurrency.grid import draw_grid
from labkit.explorables.lambda_concurrency.stage import layout, looks
from labkit.explorables.layers import Layers

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Tree


def figure(**values: Any) -> Tree:
    """The plotly figure for these values, its colours named by token."""
    layers = Layers(looks())
    draw_grid(layers, values)
    draw_charts(layers, values)
    return {"data": layers.traces(), "layout": layout()}
