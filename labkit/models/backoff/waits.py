"""How long a client waits before it tries again, under each strategy.

    none           ||||||            at once
    exponential    | |  |    |       base, twice as long, twice as long again, up to the cap
    full           a random part of that
    equal          half of that, and a random part of the other half
    decorrelated   a random time from the base to three times the last wait, up to the cap

Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.errors import UsageError

if TYPE_CHECKING:
    from labkit.models.rng import Rng

NONE, EXPONENTIAL, EQUAL = "none", "exponential", "equal"
FULL, DECORRELATED = "full", "decorrelated"
STRATEGIES = (NONE, EXPONENTIAL, EQUAL, FULL, DECORRELATED)
DECORRELATED_FACTOR = 3


class Waits:
    """The waits of one client; `base_us` is its first, or the longest its first can be."""

    def __init__(self, strategy: str, base_us: int, cap_us: int, rng: Rng) -> None:
        if strategy not in STRATEGIES:
            known = ", ".join(STRATEGIES)
            raise UsageError(f"There is no strategy {strategy!r}.", f"There are: {known}.")
        self.strategy = strategy
        self.base_us, self.cap_us = base_us, cap_us
        self._rng = rng
        self._longest_us = min(base_us, cap_us)  # of the next wait, before chance
        self._last_us = base_us

    def next_us(self) -> int:
        """How long to wait now, after one refusal more."""
        if self.strategy == NONE:
            return 0
        if self.strategy == DECORRELATED:
            room_us = self._last_us * DECORRELATED_FACTOR - self.base_us
            self._last_us = min(self.cap_us, self.base_us + self._part_of(room_us))
            return self._last_us
        longest_us = self._longest_us
        self._longest_us = min(self.cap_us, longest_us * 2)
        if self.strategy == FULL:
            return self._part_of(longest_us)
        if self.strategy == EQUAL:
            half_us = longest_us // 2
            return half_us + self._part_of(longest_us - half_us)
        return longest_us

    def _part_of(self, length_us: int) -> int:
        return int(self._rng.unit() * length_us)
