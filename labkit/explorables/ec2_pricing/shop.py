"""The values of the controls become the prices of an instance, and the ticket shop's fleet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.ec2_pricing.prices import (
    COMPUTE_PLAN,
    CONVERTIBLE,
    INSTANCE_PLAN,
    ON_DEMAND_HOUR_USD,
    PLAN_RATES,
    RESERVED,
    RI,
)
from labkit.models.ec2_pricing.fleet import Fleet, Prices, bill
from labkit.models.ec2_pricing.offers import (
    ALL,
    NONE,
    PARTIAL,
    Commitment,
    Spot,
    break_even_h,
    savings_plan,
)

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.ec2_pricing.fleet import Bill

    Values = dict[str, Any]

NAMES = {
    RI: "Reserved Instance",
    CONVERTIBLE: "Convertible Reserved Instance",
    INSTANCE_PLAN: "EC2 Instance Savings Plan",
    COMPUTE_PLAN: "Compute Savings Plan",
}


def commitment(values: Values) -> Commitment:
    """The promise that is chosen, for one instance."""
    plan, years, payment = values["plan"], values["years"], values["payment"]
    if plan == CONVERTIBLE:
        rate_usd = ON_DEMAND_HOUR_USD * (1 - values["convertible_percent"] / 100)
        return savings_plan(years, rate_usd, payment)
    if plan == RI:
        upfront_usd, hour_usd = RESERVED[years, payment]
        return Commitment(years, float(upfront_usd), float(hour_usd))
    return savings_plan(years, float(PLAN_RATES[plan, years, payment]), payment)


def prices(values: Values) -> Prices:
    """What an instance costs in each way."""
    hour_usd = ON_DEMAND_HOUR_USD * (1 - values["spot_percent"] / 100)
    return Prices(
        ON_DEMAND_HOUR_USD, commitment(values), Spot(hour_usd, values["lost_percent"] / 100)
    )


def fleet(values: Values, committed: int | None = None) -> Fleet:
    """The fleet, or the same with another number of commitments."""
    return Fleet(
        int(values["base"]),
        int(values["peak"]),
        values["peak_h"],
        int(values["committed"]) if committed is None else committed,
        int(values["spot"]),
    )


def month(values: Values, committed: int | None = None) -> Bill:
    """What a month of it costs."""
    return bill(fleet(values, committed), prices(values))


def even_h(values: Values) -> float:
    """The hours a month at which the commitment and On-Demand cost the same."""
    return break_even_h(commitment(values), ON_DEMAND_HOUR_USD)


def usd_text(usd: float) -> str:
    """An amount: whole dollars from a hundred on, cents below."""
    if usd < 0.005:
        return "0"
    return number_text(usd) if usd >= 100 else f"{usd:.2f}"


PAYMENTS = ((NONE, "No Upfront"), (PARTIAL, "Partial Upfront"), (ALL, "All Upfront"))
