"""The figure: the queue now, above the lanes of the consumers and the lines of the orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.sqs_polling.lanes import draw_lanes
from labkit.explorables.sqs_polling.now import draw_now
from labkit.explorables.sqs_polling.orders import draw_orders
from labkit.explorables.sqs_polling.shop import WINDOW_S, run, works_by_order
from labkit.explorables.sqs_polling.stage import LANES_TOP, NOW_TOP, grid, heading, layout

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.sqs_polling.stage import Tree

WASH = 0.7  # how much of what is still to come the paper hides


def figure(**values: Any) -> Tree:
    """The plotly figure for these values, its colours named by token."""
    trace = run(values)
    at_s = values["at_s"]
    works = works_by_order(trace)
    lanes, lane_notes = draw_lanes(trace)
    lines, line_notes = draw_orders(trace, works)
    now, boxes = draw_now(trace, works, at_s)
    title = heading("The queue", [(f"at {int(at_s + 0.5)} s", "@ink")], NOW_TOP)
    return {
        "data": lanes + lines + now,
        "layout": layout(
            grid() + boxes + _playhead(at_s),
            title + lane_notes + line_notes,
        ),
    }


def _playhead(at_s: float) -> list[Tree]:
    """Paper over what is still to come, and the line at the moment shown."""
    across = {"y0": 0, "y1": LANES_TOP}
    still_to_come = {
        "type": "rect",
        "x0": at_s,
        "x1": WINDOW_S,
        "fillcolor": "@paper",
        "opacity": WASH,
        "line": {"width": 0},
    }
    line = {"type": "line", "x0": at_s, "x1": at_s, "line": {"color": "@ink", "width": 2}}
    still_to_come.update(across)
    line.update(across)
    return [still_to_come, line]
