"""A bucket of capacity by the sandbox's clock; how it fills and drains is the model's."""

from __future__ import annotations

from datetime import datetime

from labkit.models.dynamodb_capacity import bucket as model
from labkit.models.dynamodb_capacity.bucket import BURST_S


class Bucket:
    """The capacity of a table, an index or a partition, for reading or for writing."""

    def __init__(self, rate_per_s: float, now: datetime, kept_s: float = BURST_S) -> None:
        """One second's worth is in it at first; it keeps that of 300 seconds unless told."""
        self._content = model.Bucket(rate_per_s, rate_per_s, kept_s)
        self._at = now

    @property
    def rate_per_s(self) -> float:
        """What comes in every second."""
        return self._content.rate_per_s

    def holds(self, units: float, now: datetime) -> bool:
        """Whether there is so much; a request larger than all it can hold needs a full one."""
        self._content.fill((now - self._at).total_seconds())
        self._at = now
        return self._content.holds(units)

    def take(self, units: float) -> None:
        """Take so much, even more than there is: the next request then has to wait longer."""
        self._content.take(units)

    def change(self, rate_per_s: float, now: datetime) -> None:
        """From now on another rate."""
        self.holds(0, now)
        self._content.rate_per_s = rate_per_s
