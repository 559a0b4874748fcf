"""How work comes over a day: stretches in which it asks for the same all the time.

steady  ────────────    night   ┌─┐            office     ┌────┐        hourly  ┌┐ ┌┐ ┌┐
                       ─────────┘ └──────            ─────┘    └────           ─┘└─┘└─┘└─
"""

from __future__ import annotations

from dataclasses import dataclass

from labkit.models.limits import within
from labkit.units import SECONDS_PER_DAY, SECONDS_PER_HOUR

STEADY, NIGHT, OFFICE, HOURLY = "steady", "night", "office", "hourly"
SHAPES = (STEADY, NIGHT, OFFICE, HOURLY)
NIGHT_AT_H, OFFICE_AT_H = 1, 8
HOURS = 24
SHORTEST_MIN, LONGEST_MIN = 5, 600
HOURLY_MAX_MIN = 55


@dataclass(frozen=True)
class Stretch:
    """From `start_s` to `end_s` after midnight the work asks for `asked` a second."""

    start_s: float
    end_s: float
    asked: float


@dataclass(frozen=True)
class Day:
    """A day of one of `SHAPES`: at its peaks work asks for `peak`, between them for `quiet`.

    `peak_min` is how long a peak lasts; the one of every hour ends before the next hour.
    """

    shape: str
    peak: float
    quiet: float
    peak_min: float = 60

    def __post_init__(self) -> None:
        within("peak_min", self.peak_min, SHORTEST_MIN, LONGEST_MIN)

    def stretches(self) -> list[Stretch]:
        """The day, from midnight to midnight, without a gap."""
        if self.shape == STEADY:
            return [Stretch(0, SECONDS_PER_DAY, self.peak)]
        long_s = 60 * self.peak_min
        if self.shape == HOURLY:
            long_s = min(long_s, 60 * HOURLY_MAX_MIN)
            begins = [hour * SECONDS_PER_HOUR for hour in range(HOURS)]
        else:
            begins = [(NIGHT_AT_H if self.shape == NIGHT else OFFICE_AT_H) * SECONDS_PER_HOUR]
        found = []
        now_s = 0.0
        for begin_s in begins:
            if begin_s > now_s:
                found.append(Stretch(now_s, begin_s, self.quiet))
            now_s = min(SECONDS_PER_DAY, begin_s + long_s)
            found.append(Stretch(begin_s, now_s, self.peak))
        if now_s < SECONDS_PER_DAY:
            found.append(Stretch(now_s, SECONDS_PER_DAY, self.quiet))
        return found
