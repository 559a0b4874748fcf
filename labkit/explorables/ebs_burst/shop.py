"""The values of the controls become a volume of the shop's database, and its day.

A redraw asks for the figure, the reading, the numbers and the tasks, and a moving playhead changes
none of what happened, so the day computed last is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text, with_unit
from labkit.models.ebs.credits import run
from labkit.models.ebs.day import Day
from labkit.models.ebs.volume import SIZE_GIB, Volume
from labkit.models.sums import rounded
from labkit.units import SECONDS_PER_DAY, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.ebs.credits import Course

    Values = dict[str, Any]

TICKS = 288  # steps of the playhead: five minutes each
STEP_S = SECONDS_PER_DAY // TICKS

_kept: list[tuple[tuple[Volume, Day, float], Course]] = []


def volume_of(values: Values) -> Volume:
    """The volume; a size that its type does not have becomes the nearest that it has."""
    kind = values["kind"]
    least, most = SIZE_GIB[kind]
    return Volume(kind, min(most, max(least, values["size_gib"])))


def day_of(values: Values) -> Day:
    """The day, in what the volume is measured in."""
    peak = values["mibps"] if volume_of(values).counts_data else values["iops"]
    return Day(values["shape"], peak, peak * values["quiet_percent"] / 100, values["peak_min"])


def course_of(values: Values) -> Course:
    """What happens in the day."""
    asked = (volume_of(values), day_of(values), values["start_percent"] / 100)
    for known, course in _kept:
        if known == asked:
            return course
    course = run(*asked)
    _kept.insert(0, (asked, course))
    del _kept[4:]
    return course


def moment_s(values: Values) -> float:
    """The playhead's moment, in seconds after midnight."""
    at: float = values["at"]
    return at * STEP_S


def clock_text(values: Values) -> str:
    """The playhead's moment as a time of day."""
    return hour_text(moment_s(values))


def hour_text(seconds: float) -> str:
    """Seconds after midnight as a time of day.

    >>> hour_text(5600)
    '1:33'
    """
    minutes = int(seconds / SECONDS_PER_MINUTE)
    return f"{minutes // 60}:{minutes % 60:02d}"


def long_text(seconds: float) -> str:
    """How long something takes, in the unit that suits it."""
    if seconds >= 2 * SECONDS_PER_HOUR:
        return with_unit(number_text(rounded(seconds / SECONDS_PER_HOUR, 1)), "h")
    if seconds >= SECONDS_PER_MINUTE:
        return with_unit(number_text(rounded(seconds / SECONDS_PER_MINUTE, 1)), "min")
    return with_unit(number_text(rounded(seconds, 1)), "s")


def unit_of(volume: Volume) -> str:
    """What the volume is measured in."""
    return "MiB/s" if volume.counts_data else "IOPS"


def credits_text(volume: Volume, credits: float) -> str:
    """A balance, short enough for the bucket."""
    if volume.counts_data:
        gib = credits / 1024
        return f"{number_text(rounded(gib, 1))} GiB"
    if credits >= 1e6:
        return f"{number_text(rounded(credits / 1e6, 2))} M"
    return f"{number_text(rounded(credits / 1e3))} k" if credits >= 1e4 else number_text(credits)
