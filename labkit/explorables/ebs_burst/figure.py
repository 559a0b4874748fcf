"""The figure: what is asked for and delivered over a day, the credits, and both by size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.ebs_burst.balance import draw_balance
from labkit.explorables.ebs_burst.shop import course_of, moment_s
from labkit.explorables.ebs_burst.sizes import draw_sizes
from labkit.explorables.ebs_burst.stage import LOOKS, layout
from labkit.explorables.ebs_burst.work import draw_work
from labkit.explorables.layers import Layers

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Tree


def figure(**values: Any) -> Tree:
    """The plotly figure for these values, its colours named by token."""
    course, at_s = course_of(values), moment_s(values)
    layers = Layers(LOOKS)
    draw_work(layers, course, at_s)
    draw_balance(layers, course, at_s)
    draw_sizes(layers, course)
    return {"data": layers.traces(), "layout": layout()}
