"""The middle: the credits over the day, and the bucket at the playhead's moment beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.ebs_burst.shop import credits_text
from labkit.explorables.ebs_burst.stage import (
    BRIM,
    CREDITS_TOP,
    FOOT,
    TIME_LEFT,
    TIME_Y,
    VESSEL,
)
from labkit.explorables.layers import CENTRE, LEFT, RIGHT
from labkit.models.sums import rounded
from labkit.units import SECONDS_PER_DAY, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from labkit.explorables.layers import Layers
    from labkit.models.ebs.credits import Course

QUARTERS = 4


def draw_balance(layers: Layers, course: Course, at_s: float) -> None:
    """Draw the credits, with the playhead at `at_s`; or say that there are none."""
    volume = course.volume
    _draw_hours(layers)
    layers.note("x2", (0, CREDITS_TOP - 10, "<b>Credits</b>", "@ink", RIGHT))
    if not volume.bursts:
        said = "none: what it delivers, it delivers for good"
        layers.note("x", (0, (BRIM + FOOT) / 2, f"\u2002{said}", "@ink2", RIGHT))
        return
    full = f"full at {credits_text(volume, volume.credits_max)}"
    layers.note("x2", (100, CREDITS_TOP - 10, full, "@accent", LEFT))

    def up(credits: float) -> float:
        return rounded(FOOT + credits * (BRIM - FOOT) / volume.credits_max, 2)

    points = [(0.0, up(course.spans[0].balance_start))]
    points += [(span.end_s, up(span.balance_end)) for span in course.spans]
    layers.add("kept", points + [(SECONDS_PER_DAY, FOOT), (0, FOOT)])  # noqa: RUF005
    layers.add("level", points)
    held = course.balance_at(at_s)
    level = up(held)
    left, right = VESSEL
    layers.box("fill", left, right, FOOT, level)
    layers.add("wall", [(left, BRIM), (left, FOOT), (right, FOOT), (right, BRIM)])
    layers.add("lead", [(right, level), (100 * TIME_LEFT, level)])
    layers.add("now", [(at_s, FOOT), (at_s, BRIM)])
    layers.add("dot", [(at_s, level)])
    text = f"<b>{credits_text(volume, held)}</b>"
    layers.note("x2", ((left + right) / 2, FOOT + 14, text, "@ink", CENTRE))


def _draw_hours(layers: Layers) -> None:
    layers.add("frame", [(0, FOOT), (SECONDS_PER_DAY, FOOT)])
    for number in range(QUARTERS + 1):
        at_s = SECONDS_PER_DAY * number / QUARTERS
        layers.add("frame", [(at_s, FOOT), (at_s, BRIM)])
        side = RIGHT if number == 0 else LEFT if number == QUARTERS else CENTRE
        said = f"{int(at_s / SECONDS_PER_HOUR)}:00"
        layers.note("x", (at_s, TIME_Y, said, "@ink2", side))
