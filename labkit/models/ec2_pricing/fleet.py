"""A fleet that pays in several ways: promises for the steady part, Spot and On-Demand above it.

    peak    ▓▓▓▓▓▓          Spot, those that may be interrupted
            ▓▓▓▓▓▓          On-Demand
    base    ██████████████  committed
            ██████████████  committed

The fleet is a stack of equal instances. Those of the base run at every hour, those of the peak
for a part of it, all at the same hours. In each hour the commitments cover as many instances as
there are of them, which is to say the lowest of the stack: a discount belongs to no machine.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/apply_ri.html
https://docs.aws.amazon.com/savingsplans/latest/userguide/sp-applying.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.errors import UsageError
from labkit.models.ec2_pricing.offers import MONTH_H
from labkit.models.sums import ordered_sum

if TYPE_CHECKING:
    from labkit.models.ec2_pricing.offers import Commitment, Spot

COMMITTED, ON_DEMAND, SPOT = "committed", "on demand", "spot"


@dataclass(frozen=True)
class Fleet:
    """So many instances, how long they run in a month, and how many pay in which way."""

    base: int
    peak: int
    peak_h: float
    committed: int = 0
    spot: int = 0

    def __post_init__(self) -> None:
        if min(self.base, self.peak, self.committed, self.spot) < 0:
            raise UsageError("A fleet has fewer than no instances.", "Numbers are 0 or more.")
        if not 0 <= self.peak_h <= MONTH_H:
            raise UsageError(
                f"The peak runs for {self.peak_h} hours a month.", f"A month has {MONTH_H:.0f}."
            )

    def run_h(self, number: int) -> float:
        """How long the instance at that height of the stack runs in a month; 0 is the lowest."""
        if number < self.base:
            return MONTH_H
        return self.peak_h if number < self.base + self.peak else 0.0


@dataclass(frozen=True)
class Prices:
    """What an instance of the fleet costs in each way."""

    on_demand_hour_usd: float
    commitment: Commitment
    spot: Spot


@dataclass(frozen=True)
class Row:
    """One instance of the stack: how it pays, how long it runs, and what a month costs.

    A committed one that runs for less than the month, or that is not there at all, costs as much.
    """

    way: str
    run_h: float
    usd: float
    lost_h: float = 0.0

    @property
    def idle_part(self) -> float:
        """The part of a commitment's month in which nothing uses it."""
        return 1 - self.run_h / MONTH_H if self.way == COMMITTED else 0.0


@dataclass(frozen=True)
class Bill:
    """A month of the fleet, instance by instance from the bottom of the stack."""

    rows: tuple[Row, ...]
    all_on_demand_usd: float

    @property
    def usd(self) -> float:
        """What it costs."""
        return ordered_sum([row.usd for row in self.rows])

    @property
    def idle_usd(self) -> float:
        """What is paid for commitments while nothing uses them."""
        return ordered_sum([row.usd * row.idle_part for row in self.rows])

    @property
    def saved_part(self) -> float:
        """The part of the cost by the hour that is saved; below 0, it costs more."""
        return 1 - self.usd / self.all_on_demand_usd if self.all_on_demand_usd else 0.0

    def of(self, way: str) -> float:
        """What those that pay in this way cost."""
        return ordered_sum([row.usd for row in self.rows if row.way == way])


def bill(fleet: Fleet, prices: Prices) -> Bill:
    """A month of this fleet at these prices.

    Commitments take the bottom of the stack. Of the others, as many as may be interrupted run on
    Spot, from the top down.
    """
    size = fleet.base + fleet.peak
    first_spot = max(fleet.committed, size - fleet.spot)
    rows = []
    for number in range(max(size, fleet.committed)):
        run_h = fleet.run_h(number)
        if number < fleet.committed:
            rows.append(Row(COMMITTED, run_h, prices.commitment.month_usd))
        elif number < first_spot:
            rows.append(Row(ON_DEMAND, run_h, run_h * prices.on_demand_hour_usd))
        else:
            lost_h = run_h * prices.spot.lost_part
            rows.append(Row(SPOT, run_h, run_h * prices.spot.useful_hour_usd, lost_h))
    hours = fleet.base * MONTH_H + fleet.peak * fleet.peak_h
    return Bill(tuple(rows), hours * prices.on_demand_hour_usd)
