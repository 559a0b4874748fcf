"""Sums, ranks and roundings that come out the same, digit for digit, wherever a model runs.

CPython's `sum` of floats compensates rounding since 3.12; older ones and MicroPython add plainly.
A figure must not change with the interpreter, so models add with `ordered_sum`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from labkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def ordered_sum(values: Iterable[float]) -> float:
    """The sum of `values`, added one by one from the first to the last, with no compensation.

    >>> ordered_sum([0.1] * 10)
    0.9999999999999999
    """
    total = 0.0
    for value in values:
        total += value
    return total


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The smallest of `ordered` that at least `percent` of them do not exceed (nearest rank).

    `ordered` is sorted, smallest first, and not empty; `percent` is above 0 and at most 100.

    >>> percentile([1.0, 2.0, 3.0, 10.0], 50), percentile([1.0, 2.0, 3.0, 10.0], 95)
    (2.0, 10.0)
    """
    if not ordered:
        raise UsageError("There are no values to take a percentile of.")
    if not 0 < percent <= 100:
        raise UsageError(f"percent must be above 0 and at most 100, got {percent}.")
    return ordered[math.ceil(len(ordered) * percent / 100) - 1]


def rounded(value: float, digits: int = 0) -> float:
    """`value` to so many decimals, halves upwards; interpreters differ in what `round` does there.

    >>> rounded(532.775, 2), rounded(2.5), rounded(-0.25, 1)
    (532.78, 3.0, -0.2)
    """
    scale = 10.0**digits
    return math.floor(value * scale + 0.5) / scale
