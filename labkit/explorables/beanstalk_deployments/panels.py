"""All ways side by side: a panel each, on one time axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.beanstalk_deployments.lanes import draw_lanes
from labkit.explorables.beanstalk_deployments.shop import NAMES, shown
from labkit.explorables.beanstalk_deployments.stage import (
    AXIS,
    PANELS_TOP,
    Scale,
    draw_time,
    heading,
    label,
)
from labkit.explorables.beanstalk_deployments.strips import draw_capacity, draw_requests
from labkit.explorables.beanstalk_deployments.words import toll

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Layers

HEADING_PX = 20
STRIP_PX = 17
GAP_PX = 4
PANEL_PX = HEADING_PX + 2 * (STRIP_PX + GAP_PX)
GAP_LEAST_PX = 7
PITCH_MOST_PX = 9.0


def pitch(values: dict[str, Any]) -> float:
    """How far two lanes are apart, so that all panels have room."""
    traces = shown(values)
    lanes = sum([each.slots for each in traces])
    room = PANELS_TOP - AXIS - len(traces) * (PANEL_PX + GAP_LEAST_PX)
    return min(PITCH_MOST_PX, room / lanes)


def draw_panels(layers: Layers, values: dict[str, Any]) -> None:
    """Draw a panel for each way, the quickest policy first."""
    traces, scale, apart = shown(values), Scale(values), pitch(values)
    used = sum([each.slots for each in traces]) * apart + len(traces) * PANEL_PX
    gap = (PANELS_TOP - AXIS - used) / len(traces)
    draw_time(layers, scale, PANELS_TOP - HEADING_PX)
    top: float = PANELS_TOP
    for trace in traces:
        heading(layers, top - 10, NAMES[trace.environment.policy], toll(trace))
        top -= HEADING_PX
        draw_lanes(layers, trace, scale, top, apart)
        label(layers, top - trace.slots * apart / 2, "instances")
        top -= trace.slots * apart + GAP_PX
        draw_capacity(layers, trace, scale, (top - STRIP_PX, top), 2 * trace.environment.instances)
        label(layers, top - STRIP_PX / 2, "capacity")
        top -= STRIP_PX + GAP_PX
        draw_requests(layers, trace, scale, (top - STRIP_PX, top))
        label(layers, top - STRIP_PX / 2, "requests")
        top -= STRIP_PX + gap
