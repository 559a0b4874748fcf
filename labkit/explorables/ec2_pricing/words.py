"""What the figure says in words and in large numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.ec2_pricing.prices import AS_OF, INSTANCE
from labkit.explorables.ec2_pricing.shop import (
    NAMES,
    commitment,
    even_h,
    month,
    usd_text,
)
from labkit.explorables.parts import Big
from labkit.models.ec2_pricing.fleet import SPOT
from labkit.models.ec2_pricing.offers import MONTH_H
from labkit.models.sums import rounded

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.ec2_pricing.fleet import Bill


def numbers(**values: Any) -> tuple[Big, ...]:
    """The numbers that matter, for a month of the fleet."""
    found = month(values)
    return (
        Big(
            "A month of the fleet", usd_text(found.usd), "USD", f"{INSTANCE}, prices as of {AS_OF}"
        ),
        Big(
            "Against On-Demand alone",
            _percent(-found.saved_part),
            "",
            f"that would cost {usd_text(found.all_on_demand_usd)} USD",
            "@failed" if rounded(100 * found.saved_part, 1) < 0 else "@done",
        ),
        Big("Break-even", *_even(values), f"of {MONTH_H:.0f}, for one instance"),
        Big(
            "Promised and unused",
            usd_text(found.idle_usd),
            "USD a month",
            f"of {int(values['committed'])} committed",
            "@failed" if found.idle_usd else "@ink",
        ),
        Big(
            "Paid beforehand",
            usd_text(commitment(values).upfront_usd * values["committed"]),
            "USD",
            f"for {_years(values)}",
        ),
    )


def _even(values: Any) -> tuple[str, str]:
    hours = even_h(values)
    if hours > MONTH_H:
        return "never", ""
    return number_text(hours), "hours a month"


def _years(values: Any) -> str:
    return "1 year" if values["years"] == 1 else "3 years"


def _percent(part: float) -> str:
    percent = rounded(100 * part, 1)
    return ("+" if percent > 0 else "") + number_text(percent) + "%"


def reading(**values: Any) -> str:
    """What the figure shows and why, in two or three plain sentences."""
    return f"{_promise(values)} {_whole(values, month(values))}"


def _promise(values: Any) -> str:
    """From when on a commitment is worth its price, and what that means for the peak."""
    name = NAMES[values["plan"]]
    usd = usd_text(commitment(values).month_usd)
    hours, peak_h = even_h(values), values["peak_h"]
    text = f"One {name} of {_years(values)} comes to {usd} USD a month, used or not"
    if hours >= MONTH_H:
        return f"{text}: never less than On-Demand."
    text += f": less than On-Demand from {number_text(hours)} hours a month on"
    if not values["peak"]:
        return f"{text}."
    verdict = "long enough" if peak_h > hours else "not long enough"
    return f"{text}. The peak runs {number_text(peak_h)}, {verdict} to be promised."


def _whole(values: Any, found: Bill) -> str:
    """What the fleet costs, and where its money goes to waste."""
    text = f"The fleet costs {usd_text(found.usd)} USD a month"
    saved_percent = rounded(100 * found.saved_part, 1)
    percent = number_text(abs(saved_percent))
    if not found.all_on_demand_usd:
        text += ", although no instance runs" if found.usd else ", since no instance runs"
    elif saved_percent > 0:
        text += f", {percent}% less than On-Demand alone"
    elif saved_percent < 0:
        text += f", {percent}% more than On-Demand alone"
    else:
        text += ", as much as On-Demand alone"
    if found.idle_usd:
        text += f"; {usd_text(found.idle_usd)} of it for hours in which a commitment goes unused"
    if found.of(SPOT) and values["lost_percent"]:
        text += (
            f"; {number_text(values['lost_percent'])}% of what Spot works is lost and done again"
        )
    return f"{text}."
