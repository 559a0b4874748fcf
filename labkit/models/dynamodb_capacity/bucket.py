"""Capacity that is there: what comes in every second, and what was left of the time before.

    level
      │      ┌─────────── 300 seconds' worth (of a partition, one): more is not kept
      │    ／
      │  ／   a unit a second for each unit provisioned
      │／         ＼ what requests take
      └──────────────────────────────▶ time

Requests take from it one by one (`holds`, `take`), or as a stream so dense that it flows (`flow`).

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html
"""

from __future__ import annotations

from dataclasses import dataclass

from labkit.facts import fact

BURST_S = int(fact("dynamodb.burst_s"))


@dataclass(frozen=True)
class Flow:
    """What a stream did to a bucket for a while: even at both ends, `level` at its end."""

    seconds: float
    served_per_s: float
    level: float


class Bucket:
    """The capacity of a table, an index or a partition, for reading or for writing."""

    def __init__(self, rate_per_s: float, level: float, kept_s: float = BURST_S) -> None:
        self.rate_per_s = rate_per_s
        self.level = level
        self.kept_s = kept_s

    @property
    def most(self) -> float:
        """All that it can keep."""
        return self.rate_per_s * self.kept_s

    def fill(self, seconds: float) -> None:
        """Let time pass in which nothing is taken."""
        self.level = min(self.most, self.level + self.rate_per_s * seconds)

    def holds(self, units: float) -> bool:
        """Whether there is so much; a request larger than all it can hold needs a full one."""
        return self.level >= min(units, self.most)

    def take(self, units: float) -> None:
        """Take so much, even more than there is: the next request then has to wait longer."""
        self.level -= units

    def flow(self, asked_per_s: float, seconds: float) -> list[Flow]:
        """Let a stream of small requests ask for so many units a second, for so long.

        It is served whole while there is something in the bucket, and at the bucket's rate when
        there is nothing; the answer is a `Flow` for each, in order.
        """
        gain_per_s = self.rate_per_s - asked_per_s
        room = self.most - self.level if gain_per_s > 0 else self.level
        turns_s = room / abs(gain_per_s) if gain_per_s else seconds  # full, or empty, by then
        first_s = min(seconds, max(0, turns_s))
        flows = []
        if first_s:
            self.level = min(self.most, max(0, self.level + gain_per_s * first_s))
            flows.append(Flow(first_s, asked_per_s, self.level))
        if seconds > first_s:
            self.level = self.most if gain_per_s > 0 else 0.0
            served_per_s = min(asked_per_s, self.rate_per_s)
            flows.append(Flow(seconds - first_s, served_per_s, self.level))
        return flows
