"""A measured number stands beside the number it may not pass."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measurement: its value and its budget in the same unit; less is better.

    `budget` is None where a number is only worth knowing.
    """

    name: str
    value: float
    unit: str
    budget: float | None = None

    @property
    def ratio(self) -> float | None:
        """The share of the budget that is used up: above 1.0 the promise is broken."""
        return None if self.budget is None else self.value / self.budget

    @property
    def verdict(self) -> str:
        """`ok`, `OVER`, or nothing where there is no budget."""
        if self.ratio is None:
            return ""
        return "ok" if self.ratio <= 1 else "OVER"
