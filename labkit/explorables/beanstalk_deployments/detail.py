"""One way alone: what happens now, a lane for each instance, capacity, and requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.beanstalk_deployments.lanes import (
    NAME_NEEDS_PX,
    draw_lanes,
    draw_versions,
)
from labkit.explorables.beanstalk_deployments.shop import NAMES, minutes, moment_s, percent, trace
from labkit.explorables.beanstalk_deployments.stage import (
    AXIS,
    PANELS_TOP,
    WIDTH,
    Scale,
    draw_time,
    heading,
    label,
)
from labkit.explorables.beanstalk_deployments.strips import draw_capacity, draw_requests
from labkit.explorables.beanstalk_deployments.words import now_text, toll
from labkit.explorables.layers import LEFT, RIGHT

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Layers
    from labkit.models.beanstalk_deployments.trace import Moment, Trace

NOW_TOP = PANELS_TOP - 20
WHEN_TOP = NOW_TOP - 22
LANES_TOP = WHEN_TOP - 38
LANES_FOOT = 258  # no lane is lower; below them stand two charts, as high as there is room
PITCH_MOST_PX = 30.0
CHART_FOOT = AXIS + 4
HEADING_PX = 32
FLIPS_AT = 60.0  # beyond this place a label stands left of its line


def pitch(values: dict[str, Any]) -> float:
    """How far two lanes are apart."""
    return min(PITCH_MOST_PX, (LANES_TOP - LANES_FOOT) / trace(values).slots)


def draw_detail(layers: Layers, values: dict[str, Any]) -> None:
    """Draw the chosen way."""
    found, scale, apart = trace(values), Scale(values), pitch(values)
    at_s = moment_s(values)
    foot = LANES_TOP - found.slots * apart
    high = (foot - CHART_FOOT) / 2
    draw_time(layers, scale, LANES_TOP)
    heading(layers, PANELS_TOP - 10, NAMES[found.environment.policy], toll(found))
    layers.note("x", (0, NOW_TOP - 10, now_text(values), "@ink2", RIGHT))
    draw_lanes(layers, found, scale, LANES_TOP, apart)
    draw_versions(layers, found, scale, (LANES_TOP, apart), at_s)
    _draw_names(layers, found, at_s, apart)
    _draw_when(layers, found, scale, foot)
    now = found.at(at_s)
    _draw_capacity(layers, found, scale, (foot - high, foot - HEADING_PX), now)
    _draw_requests(layers, found, scale, (CHART_FOOT, CHART_FOOT + high - HEADING_PX), now)


def _draw_names(layers: Layers, found: Trace, at_s: float, apart: float) -> None:
    """Write who has each lane at the playhead, or had it last."""
    if apart < NAME_NEEDS_PX:
        return
    names: dict[int, str] = {}
    for event in found.events:
        if event.at_s <= at_s:
            names[event.slot] = event.instance
    for slot in range(found.slots):
        label(layers, LANES_TOP - (slot + 0.5) * apart, names.get(slot, ""))


def _draw_when(layers: Layers, found: Trace, scale: Scale, foot: float) -> None:
    """Mark when the deployment ended, and when it was undone."""
    done = "stopped" if found.failed else "done"
    marks = [(found.deployed_s, f"{done} at {minutes(found.deployed_s)} min", WHEN_TOP - 24)]
    if found.rollback_s:
        back = f"rolled back {minutes(found.rollback_from_s)}–{minutes(found.undone_s)} min"
        marks.append((found.undone_s, back, WHEN_TOP - 8))
    for at_s, text, y in marks:
        x = scale.x(at_s)
        layers.add("when", [(x, foot), (x, y)])
        side, gap = (LEFT, -0.6) if x > FLIPS_AT else (RIGHT, 0.6)
        layers.note("x", (x + gap, y, text, "@ink", side))


def _draw_capacity(
    layers: Layers, found: Trace, scale: Scale, sides: tuple[float, float], now: Moment
) -> None:
    full = found.environment.instances
    most = max([moment.capacity for moment in found.moments] + [full])
    draw_capacity(layers, found, scale, sides, most)
    foot, top = sides
    layers.add("frame", [(scale.x(-scale.lead_s), foot), (WIDTH, foot)])
    heading(layers, top + 14, "Capacity in service", (f"{now.capacity} of {full}", "@ink2"))
    px = (top - foot) / most
    for count in (0, full, most):
        if count == full or abs(count - full) * px > 12:
            label(layers, foot + count * px, str(count))


def _draw_requests(
    layers: Layers, found: Trace, scale: Scale, sides: tuple[float, float], now: Moment
) -> None:
    draw_requests(layers, found, scale, sides)
    foot, top = sides
    heading(layers, top + 14, "Requests meet", (f"✕ {percent(now.failing)}", "@failed"))
    layers.note("x", (56, top + 14, f"old {percent(now.old)}", "@old", LEFT))
    layers.note("x", (77, top + 14, f"new {percent(now.new)}", "@done", LEFT))
    label(layers, top - 6, "100%")
    label(layers, foot + 6, "0")
