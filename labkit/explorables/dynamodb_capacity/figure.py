"""The figure: an item and its units, writes and reads with their buckets, and the bill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.dynamodb_capacity.costs import draw_costs
from labkit.explorables.dynamodb_capacity.item import draw_item
from labkit.explorables.dynamodb_capacity.rows import Row, draw_row, draw_time
from labkit.explorables.dynamodb_capacity.shop import courses, moment_s
from labkit.explorables.dynamodb_capacity.stage import LOOKS, READS_TOP, WRITES_TOP, layout
from labkit.explorables.layers import Layers

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Tree

TIME_Y = 158
WRITE_PX, READ_PX = (94, 56), (66, 42)  # traffic and bucket


def figure(**values: Any) -> Tree:
    """The plotly figure for these values, its colours named by token."""
    writes, reads = courses(values)
    at_s = moment_s(values)
    layers = Layers(LOOKS)
    draw_item(layers, values)
    draw_row(layers, Row(writes, WRITES_TOP, *WRITE_PX), at_s)
    draw_row(layers, Row(reads, READS_TOP, *READ_PX), at_s)
    draw_time(layers, writes.stream, TIME_Y)
    draw_costs(layers, values)
    return {"data": layers.traces(), "layout": layout(writes.stream.shape.window_s)}
