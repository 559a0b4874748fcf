"""The upper part: what the work asks for over the day, and how much of it the volume delivers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.ebs_burst.shop import unit_of
from labkit.explorables.ebs_burst.stage import TOP, WORK_CEILING, WORK_FLOOR
from labkit.explorables.layers import LEFT, RIGHT
from labkit.models.sums import rounded
from labkit.units import SECONDS_PER_DAY

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Layers
    from labkit.models.ebs.credits import Course

HEADROOM = 1.1
APART_PX = 15
QUARTERS = 4


def draw_work(layers: Layers, course: Course, at_s: float) -> None:
    """Draw the day's work, with the playhead at `at_s`."""
    volume = course.volume
    most = max(course.highest, volume.base) * HEADROOM

    def up(rate: float) -> float:
        return rounded(WORK_FLOOR + min(rate, most) * (WORK_CEILING - WORK_FLOOR) / most, 2)

    for number in range(QUARTERS + 1):
        x = SECONDS_PER_DAY * number / QUARTERS
        layers.add("frame", [(x, WORK_FLOOR), (x, WORK_CEILING)])
    layers.add("frame", [(0, WORK_FLOOR), (SECONDS_PER_DAY, WORK_FLOOR)])
    asked = _edge(course, "asked", up)
    delivered = _edge(course, "delivered", up)
    layers.add("delivered", delivered + [(SECONDS_PER_DAY, WORK_FLOOR), (0, WORK_FLOOR)])  # noqa: RUF005
    if course.waiting:
        layers.add("waiting", delivered + list(reversed(asked)))
    layers.add("asked", asked)
    layers.add("base", [(0, up(volume.base)), (SECONDS_PER_DAY, up(volume.base))])
    shows_burst = volume.bursts and volume.burst <= most
    if shows_burst:
        layers.add("burst", [(0, up(volume.burst)), (SECONDS_PER_DAY, up(volume.burst))])
    layers.add("now", [(at_s, WORK_FLOOR), (at_s, WORK_CEILING)])
    _labels(layers, course, up, shows_burst)


def _edge(course: Course, which: str, up: Any) -> list[Any]:
    """The upper edge of what was asked for, or delivered, in steps."""
    points: list[Any] = []
    for span in course.spans:
        y = up(getattr(span, which))
        points += [(span.start_s, y), (span.end_s, y)]
    return points


def _labels(layers: Layers, course: Course, up: Any, shows_burst: bool) -> None:
    volume = course.volume
    unit = unit_of(volume)
    title = f"<b>Work</b>\u2002{unit} over a day"
    layers.note("x2", (0, TOP - 10, title, "@ink", RIGHT))
    if course.waiting:
        layers.note("x2", (100, TOP - 10, "✕ waits", "@failed", LEFT))
    layers.note("x2", (82 if course.waiting else 100, TOP - 10, "■ delivered", "@done", LEFT))
    rates = [(volume.base, "for good", "@accent")]
    if shows_burst:
        rates.append((volume.burst, "burst", "@flight"))
    least = WORK_FLOOR + 6.0
    for rate, name, tone in rates:
        y = max(least, up(rate))
        least = y + 2 * APART_PX
        layers.note("x2", (0, rounded(y + 7, 2), _bold(rate), tone, RIGHT))
        layers.note("x2", (0, rounded(y - 7, 2), name, tone, RIGHT))


def _bold(rate: float) -> str:
    return f"<b>{number_text(rounded(rate, 1))}</b>"
