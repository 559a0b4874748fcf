"""What a reader can bring about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.ec2_pricing.prices import COMPUTE_PLAN, ON_DEMAND_HOUR_USD
from labkit.explorables.ec2_pricing.shop import fleet, month, prices
from labkit.explorables.parts import Task
from labkit.models.ec2_pricing.fleet import COMMITTED

if TYPE_CHECKING:
    from typing import Any

SAVED_PERCENT, WASTED_PERCENT = 25, 50


def promise_too_much(**values: Any) -> bool:
    """Whether commitments alone make the fleet dearer than On-Demand by half."""
    return not values["spot"] and -100 * month(values).saved_part >= WASTED_PERCENT


def right_size(**values: Any) -> bool:
    """Whether one commitment more costs more and one less as well, beyond the base."""
    mine = fleet(values)
    if mine.spot or not mine.peak or mine.committed <= mine.base:
        return False
    usd = [month(values, mine.committed + step).usd for step in (-1, 0, 1)]
    return usd[1] < min(usd[0], usd[2])


def saves_flexibly(**values: Any) -> bool:
    """Whether enough is saved for a year's Compute Savings Plan and with no unused promise."""
    found = month(values)
    if values["plan"] != COMPUTE_PLAN or values["years"] != 1 or found.of(COMMITTED) == 0:
        return False
    return 100 * found.saved_part >= SAVED_PERCENT and found.idle_usd < 0.005


def dear_spare_capacity(**values: Any) -> bool:
    """Whether an hour of work on Spot costs more than one On-Demand."""
    return prices(values).spot.useful_hour_usd > ON_DEMAND_HOUR_USD and values["spot"] > 0


TASKS = (
    Task(
        "much",
        f"Without Spot, promise so much that the fleet costs at least {WASTED_PERCENT}% more than "
        "On-Demand alone.",
        promise_too_much,
    ),
    Task(
        "right",
        "Make a commitment worth its price beyond the base: no Spot, and one commitment more or "
        "one less costs more.",
        right_size,
    ),
    Task(
        "flexible",
        f"Save at least {SAVED_PERCENT}% with a Compute Savings Plan of one year that is never "
        "unused.",
        saves_flexibly,
    ),
    Task(
        "lost",
        "Let an instance on Spot cost more than On-Demand would, through what interruptions undo.",
        dear_spare_capacity,
    ),
)
