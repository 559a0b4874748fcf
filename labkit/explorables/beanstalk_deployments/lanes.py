"""A lane for each instance: a full bar in service, half a one while checked, else a line.

The old version is a solid bar and the new one a split one, or each says its name; crosses stand
where requests meet errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.layers import RIGHT
from labkit.models.beanstalk_deployments.settings import OLD
from labkit.models.beanstalk_deployments.trace import CHECKING, DOWN, FAILING, SERVING
from labkit.models.sums import rounded

if TYPE_CHECKING:
    from labkit.explorables.beanstalk_deployments.stage import Scale
    from labkit.explorables.layers import Layers
    from labkit.models.beanstalk_deployments.trace import Span, Trace

FULL, HALF = 0.82, 0.42  # of the distance of two lanes
STRIPE_NEEDS_PX = 5.0
NAME_NEEDS_PX = 13.5
NAME_NEEDS = 6.0  # of the width, as the next ones
CROSS_AT, CROSS_EVERY = 4.5, 7.0
CROSS_AFTER_NAME = 8.0


def draw_lanes(layers: Layers, trace: Trace, scale: Scale, top: float, pitch: float) -> None:
    """Draw what each instance was, the uppermost lane at `top`."""
    before = -scale.lead_s
    for slot in range(trace.environment.instances):
        y = top - (slot + 0.5) * pitch
        _bar(layers, "old", (scale.x(before), scale.x(0)), y, pitch * FULL)
    for span in trace.spans():
        y = top - (span.slot + 0.5) * pitch
        _draw_span(layers, span, (scale.x(span.at_s), scale.x(span.until_s)), y, pitch)


def draw_versions(
    layers: Layers, trace: Trace, scale: Scale, lanes: tuple[float, float], at_s: float
) -> None:
    """Write on each bar that has begun at `at_s` which version it is."""
    top, pitch = lanes
    if pitch < NAME_NEEDS_PX:
        return
    for span in trace.spans():
        if span.at_s > at_s or span.state not in (SERVING, FAILING):
            continue
        left, right = scale.x(span.at_s if span.at_s else -scale.lead_s), scale.x(span.until_s)
        if right - left >= NAME_NEEDS:
            y = rounded(top - (span.slot + 0.5) * pitch, 2)
            layers.note("x", (left + 0.5, y, span.version, "@paper", RIGHT))


def _draw_span(
    layers: Layers, span: Span, sides: tuple[float, float], y: float, pitch: float
) -> None:
    left, right = sides
    if span.state == CHECKING:
        _bar(layers, "checking", sides, y, pitch * HALF)
    elif span.state == SERVING:
        old = span.version == OLD
        _bar(layers, "old" if old else "new", sides, y, pitch * FULL)
        if not old and STRIPE_NEEDS_PX <= pitch < NAME_NEEDS_PX:
            layers.add("stripe", [(left, rounded(y, 2)), (right, rounded(y, 2))])
    elif span.state == FAILING:
        _bar(layers, "failing", sides, y, pitch * FULL)
        _crosses(layers, "cross", sides, y, pitch)
    else:
        layers.add(
            "down" if span.state == DOWN else "out", [(left, rounded(y, 2)), (right, rounded(y, 2))]
        )
        if span.state == DOWN:
            _crosses(layers, "cross down", sides, y, pitch)


def _bar(layers: Layers, name: str, sides: tuple[float, float], y: float, height: float) -> None:
    left, right = sides
    layers.box(name, left, right, rounded(y - height / 2, 2), rounded(y + height / 2, 2))


def _crosses(layers: Layers, name: str, sides: tuple[float, float], y: float, pitch: float) -> None:
    """Crosses along the bar, so that it is told by its shape too."""
    if pitch < STRIPE_NEEDS_PX:
        return
    left, right = sides
    named = pitch >= NAME_NEEDS_PX and right - left >= NAME_NEEDS
    x = left + (CROSS_AFTER_NAME if named else min(CROSS_AT, (right - left) / 2))
    while x <= right - 1:
        layers.add(name, [(rounded(x, 2), rounded(y, 2))])
        x += CROSS_EVERY
