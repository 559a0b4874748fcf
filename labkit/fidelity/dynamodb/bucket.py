"""Capacity that is there: what comes in every second, and what was left of the time before.

    level
      │      ┌─────────── 300 seconds' worth (of a partition, one): more is not kept
      │    ／
      │  ／   a unit a second for each unit provisioned
      │／         ＼ what requests take
      └──────────────────────────────▶ time

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from labkit.fidelity.dynamodb.common import limit


@dataclass
class Bucket:
    """The capacity of a table, an index or a partition, for reading or for writing."""

    rate_per_s: float
    at: datetime
    level: float
    kept_s: float

    @classmethod
    def new(cls, rate_per_s: float, now: datetime, kept_s: float | None = None) -> Bucket:
        """A bucket with one second's worth in it; it keeps that of 300 seconds unless told."""
        return cls(rate_per_s, now, rate_per_s, limit("burst_s") if kept_s is None else kept_s)

    def holds(self, units: float, now: datetime) -> bool:
        """Whether there is so much; a request larger than all it can hold needs a full one."""
        most = self.rate_per_s * self.kept_s
        self.level = min(most, self.level + self.rate_per_s * (now - self.at).total_seconds())
        self.at = now
        return self.level >= min(units, most)

    def take(self, units: float) -> None:
        """Take so much, even more than there is: the next request then has to wait longer."""
        self.level -= units

    def change(self, rate_per_s: float, now: datetime) -> None:
        """From now on another rate."""
        self.holds(0, now)
        self.rate_per_s = rate_per_s
