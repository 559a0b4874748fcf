"""What a table costs a month in either mode, and at what use both cost the same.

Provisioned is paid by the hour, used or not; on demand by the request unit, and only if used.
Storage costs the same in both and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.facts import fact
from labkit.models.dynamodb_capacity.table import READ, WRITE
from labkit.models.sums import ordered_sum
from labkit.units import HOURS_PER_MONTH, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from labkit.models.dynamodb_capacity.table import Stream

UNIT_HOUR_USD = {
    READ: float(fact("dynamodb.price_rcu_hour_usd")),
    WRITE: float(fact("dynamodb.price_wcu_hour_usd")),
}
MILLION_UNITS_USD = {
    READ: float(fact("dynamodb.price_read_per_million_usd")),
    WRITE: float(fact("dynamodb.price_write_per_million_usd")),
}
SECONDS = HOURS_PER_MONTH * SECONDS_PER_HOUR


@dataclass(frozen=True)
class Bill:
    """USD a month: as provisioned, on demand for the same traffic, and on demand if all of the
    provisioned capacity were used day and night.
    """

    provisioned: float
    on_demand: float
    on_demand_if_full: float

    @property
    def use(self) -> float:
        """How much of the provisioned capacity the traffic asks for, by value; may exceed 1."""
        return self.on_demand / self.on_demand_if_full

    @property
    def even_use(self) -> float:
        """The use at which both modes cost the same."""
        return self.provisioned / self.on_demand_if_full


def bill(streams: tuple[Stream, ...]) -> Bill:
    """What a month of these streams costs, the refused requests on demand included."""
    return Bill(
        ordered_sum(
            [each.provisioned * HOURS_PER_MONTH * UNIT_HOUR_USD[each.way] for each in streams]
        ),
        ordered_sum([_on_demand(each.way, each.usual * each.shape.average) for each in streams]),
        ordered_sum([_on_demand(each.way, each.provisioned) for each in streams]),
    )


def _on_demand(way: str, units_per_s: float) -> float:
    return units_per_s * SECONDS / 1e6 * MILLION_UNITS_USD[way]
