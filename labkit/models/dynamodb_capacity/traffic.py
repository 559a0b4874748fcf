"""How traffic rises and falls: stretches of time in which it stays the same.

steady  ────────────    spike        ┌──┐       bursts   ┌┐ ┌┐ ┌┐     wave    ／‾＼
                               ──────┘  └────          ──┘└─┘└─┘└─          ／      ＼
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from labkit.models.limits import within
from labkit.models.sums import ordered_sum, rounded
from labkit.units import SECONDS_PER_DAY, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

STEADY, SPIKE, BURSTS, WAVE = "steady", "spike", "bursts", "wave"
SHAPES = (STEADY, SPIKE, BURSTS, WAVE)

WINDOW_S = 20 * SECONDS_PER_MINUTE
SPIKE_AT_S = 6 * SECONDS_PER_MINUTE
BURSTS_AT_S = 4 * SECONDS_PER_MINUTE
PERIOD_S = 5 * SECONDS_PER_MINUTE  # from one burst to the next
PEAK_MAX_S = PERIOD_S
WAVE_STEP_S = 30 * SECONDS_PER_MINUTE
QUIETEST_H = 4  # o'clock; busiest twelve hours later
HOURS_PER_DAY = 24


@dataclass(frozen=True)
class Stretch:
    """From `start_s` to `end_s` there is `factor` times the usual traffic."""

    start_s: float
    end_s: float
    factor: float


@dataclass(frozen=True)
class Shape:
    """One of `SHAPES`; at its peak there is `peak_factor` times as much, for `peak_s`."""

    name: str = STEADY
    peak_factor: float = 1
    peak_s: float = SECONDS_PER_MINUTE

    def __post_init__(self) -> None:
        within("peak_factor", self.peak_factor, 1, 1000)
        within("peak_s", self.peak_s, 0, PEAK_MAX_S)

    @property
    def window_s(self) -> float:
        """How much of it is looked at: a day of a wave, twenty minutes of the others."""
        return SECONDS_PER_DAY if self.name == WAVE else WINDOW_S

    @property
    def highest(self) -> float:
        """The largest factor there is."""
        return 1.0 if self.name == STEADY else self.peak_factor

    @property
    def average(self) -> float:
        """The factor on average over a month.

        A spike comes once a day, a burst every five minutes day and night, a wave every day.
        """
        if self.name == SPIKE:
            return 1 + (self.peak_factor - 1) * self.peak_s / SECONDS_PER_DAY
        if self.name == BURSTS:
            return 1 + (self.peak_factor - 1) * self.peak_s / PERIOD_S
        found = self.stretches()
        shares = [each.factor * (each.end_s - each.start_s) / self.window_s for each in found]
        return ordered_sum(shares)

    def stretches(self) -> tuple[Stretch, ...]:
        """The window, cut where the traffic changes."""
        if self.name == WAVE:
            return tuple([self._half_hour(n) for n in range(SECONDS_PER_DAY // WAVE_STEP_S)])
        peaks: list[float] = []
        if self.name == SPIKE:
            peaks.append(SPIKE_AT_S)
        if self.name == BURSTS:
            peaks += range(BURSTS_AT_S, WINDOW_S, PERIOD_S)
        cuts: list[tuple[float, float]] = [(0, 1)]  # from when on, the factor
        for start_s in peaks:
            cuts += [(start_s, self.peak_factor), (start_s + self.peak_s, 1)]
        cuts.append((WINDOW_S, 1))
        found = []
        for index, (start_s, factor) in enumerate(cuts[:-1]):
            end_s = min(WINDOW_S, cuts[index + 1][0])
            if end_s > start_s:
                found.append(Stretch(start_s, end_s, factor))
        return tuple(found)

    def _half_hour(self, number: int) -> Stretch:
        """Half an hour of the wave, as high as the wave is at its middle."""
        start_s = number * WAVE_STEP_S
        hours = (start_s + WAVE_STEP_S / 2) / SECONDS_PER_HOUR - QUIETEST_H
        height = (1 - math.cos(2 * math.pi * hours / HOURS_PER_DAY)) / 2
        factor = rounded(1 + (self.peak_factor - 1) * height, 6)  # interpreters differ beyond
        return Stretch(start_s, start_s + WAVE_STEP_S, factor)
