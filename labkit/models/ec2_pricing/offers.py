"""Ways to pay for one instance, and from how many hours on a promise is the cheaper one.

As AWS's Pricing Calculator does, a month has 730 hours, and what is paid beforehand is spread
over the months of the term.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-reserved-instances.html
https://docs.aws.amazon.com/savingsplans/latest/userguide/what-is-savings-plans.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-for-interrupted-spot-instances.html
"""

from __future__ import annotations

from dataclasses import dataclass

from labkit.errors import UsageError

MONTH_H = 730.0
MONTHS_A_YEAR = 12
NONE, PARTIAL, ALL = "none", "partial", "all"
UPFRONT_PART = {NONE: 0.0, PARTIAL: 0.5, ALL: 1.0}  # of a Savings Plan


@dataclass(frozen=True)
class Commitment:
    """A promise to pay for one instance at every hour of `years`, whether it runs or not.

    `upfront_usd` is paid at once, `hour_usd` at every hour of the term besides.
    """

    years: int
    upfront_usd: float
    hour_usd: float

    def __post_init__(self) -> None:
        if self.years not in (1, 3):
            raise UsageError(f"The term is {self.years} years.", "AWS offers 1 and 3.")
        if self.upfront_usd < 0 or self.hour_usd < 0:
            raise UsageError("A commitment costs less than nothing.", "Prices are 0 or more.")

    @property
    def month_usd(self) -> float:
        """What a month of it costs, the payment beforehand spread over the term."""
        return self.upfront_usd / (MONTHS_A_YEAR * self.years) + self.hour_usd * MONTH_H

    @property
    def term_usd(self) -> float:
        """What the whole term costs."""
        return self.month_usd * MONTHS_A_YEAR * self.years


def savings_plan(years: int, rate_usd: float, payment: str) -> Commitment:
    """A Savings Plan that covers one instance at this rate an hour.

    Of the whole commitment, Partial Upfront takes half beforehand and All Upfront all.
    """
    part = UPFRONT_PART[payment]
    whole = rate_usd * MONTH_H * MONTHS_A_YEAR * years
    return Commitment(years, part * whole, (1 - part) * rate_usd)


@dataclass(frozen=True)
class Spot:
    """Spare capacity at so much an hour, of which interruptions undo a part of the work.

    `lost_part` of the hours that are wanted is run, and paid, a second time.
    """

    hour_usd: float
    lost_part: float = 0.0

    def __post_init__(self) -> None:
        if self.hour_usd < 0 or not 0 <= self.lost_part <= 1:
            raise UsageError(
                f"Spot costs {self.hour_usd} an hour and loses {self.lost_part}.",
                "A price is 0 or more, and the part that is lost 0 to 1.",
            )

    @property
    def useful_hour_usd(self) -> float:
        """What an hour of work that stays done costs."""
        return self.hour_usd * (1 + self.lost_part)


def break_even_h(commitment: Commitment, on_demand_hour_usd: float) -> float:
    """From how many hours a month on the commitment costs less; above 730, it never does."""
    if on_demand_hour_usd <= 0:
        raise UsageError("On-Demand costs nothing.", "Its price is above 0.")
    return commitment.month_usd / on_demand_hour_usd
