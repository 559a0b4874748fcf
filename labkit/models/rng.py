"""Chance for models: a small generator that gives the same numbers on every interpreter.

`random.Random` is missing from MicroPython, and its `random.seed(1)` starts another sequence than
CPython's. `Rng` is PCG-RXS-M-XS with 32 bits of state: one multiplication and one addition step
the state, one permutation hides its regular low bits. It passes for chance in a figure; it is no
good for secrets.

M. E. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for
Random Number Generation", Harvey Mudd College HMC-CS-2014-0905, section 6.3.4.
https://www.pcg-random.org/paper.html
"""

from __future__ import annotations

import math

_MASK = 0xFFFFFFFF
_MULTIPLIER = 747796405
_INCREMENT = 2891336453
_PERMUTER = 277803737


class Rng:
    """A sequence of numbers that `seed` and `stream` decide.

    Streams of one seed are independent sequences: a model gives each of its uses its own, so that
    drawing more from one leaves the others as they were. Both are whole numbers; their low 32 and
    31 bits count.
    """

    __slots__ = ("_increment", "_state")

    def __init__(self, seed: int, stream: int = 0) -> None:
        self._increment = (_INCREMENT + 2 * stream) & _MASK
        self._state = (seed + self._increment) & _MASK
        self.word()

    def word(self) -> int:
        """The next whole number, 0 to 2**32 - 1, each as likely as any other."""
        state = self._state
        self._state = (state * _MULTIPLIER + self._increment) & _MASK
        word = (((state >> ((state >> 28) + 4)) ^ state) * _PERMUTER) & _MASK
        return (word >> 22) ^ word

    def unit(self) -> float:
        """The next number from 0 up to, not including, 1."""
        return self.word() / 4294967296.0

    def chance(self, probability: float) -> bool:
        """True as often as `probability` says: never at 0, always at 1."""
        return self.unit() < probability

    def exponential(self, mean: float) -> float:
        """The next waiting time, in the unit of `mean`, between events that come at random."""
        return -mean * math.log(1.0 - self.unit())
