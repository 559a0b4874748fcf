"""Logarithmic scales: equal ways multiply equally."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from labkit.models.sums import rounded

if TYPE_CHECKING:
    from collections.abc import Callable


def logarithmic(least: float, most: float, begin: float, end: float) -> Callable[[float], float]:
    """From a value to its place between `begin` and `end`; beyond the ends, the ends.

    >>> logarithmic(1, 100, 0, 10)(10)
    5.0
    """

    def place(value: float) -> float:
        inside = min(most, max(least, value))
        share = math.log(inside / least) / math.log(most / least)
        return rounded(begin + share * (end - begin), 2)

    return place


def steps(least: float, most: float, count: int) -> list[float]:
    """So many values, equally far apart on a logarithmic scale."""
    return [least * (most / least) ** (number / count) for number in range(count + 1)]
