"""The figure: all ways side by side, or one of them in detail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.beanstalk_deployments import detail, panels
from labkit.explorables.beanstalk_deployments.shop import is_over, moment_s, shows_all
from labkit.explorables.beanstalk_deployments.stage import (
    AXIS,
    PANELS_TOP,
    WIDTH,
    Scale,
    draw_keys,
    layout,
    looks,
)
from labkit.explorables.layers import Layers

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Tree


def figure(**values: Any) -> Tree:
    """The plotly figure for these values, its colours named by token."""
    together = shows_all(values)
    layers = Layers(looks(panels.pitch(values) if together else detail.pitch(values)))
    draw_keys(layers)
    if together:
        panels.draw_panels(layers, values)
    else:
        detail.draw_detail(layers, values)
    if not is_over(values):
        top = PANELS_TOP - panels.HEADING_PX if together else detail.LANES_TOP
        x = Scale(values).x(moment_s(values))
        layers.box("wash", x, WIDTH, AXIS, top)
        layers.add("now", [(x, AXIS), (x, top)])
    return {"data": layers.traces(), "layout": layout()}
