"""What EC2 costs, against the numbers that AWS's calculator printed and against what must hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.errors import UsageError
from labkit.facts import fact
from labkit.models.ec2_pricing.fleet import COMMITTED, ON_DEMAND, SPOT, Fleet, Prices, bill
from labkit.models.ec2_pricing.offers import (
    ALL,
    MONTH_H,
    NONE,
    PARTIAL,
    Commitment,
    Spot,
    break_even_h,
    savings_plan,
)

ON_DEMAND_USD = 0.398

# Output of https://calculator.aws/ for a c5.xlarge with Windows in Tokyo: plan, years, payment,
# then what it printed: beforehand, hourly cost, price by the month, break-even point in hours.
PRINTED = (
    ("csp", 1, NONE, 0.0, 0.361, 263.53, 662.135678),
    ("csp", 1, PARTIAL, 1541.76, 0.176, 256.96, 645.628141),
    ("csp", 1, ALL, 3057.24, 0.0, 254.77, 640.125628),
    ("csp", 3, NONE, 0.0, 0.31, 226.30, 568.592965),
    ("csp", 3, PARTIAL, 3955.14, 0.1505, 219.73, 552.085427),
    ("csp", 3, ALL, 7857.72, 0.0, 218.27, 548.417085),
    ("isp", 1, NONE, 0.0, 0.319, 232.87, 585.100503),
    ("isp", 1, PARTIAL, 1366.56, 0.156, 227.76, 572.261307),
    ("isp", 1, ALL, 2715.60, 0.0, 226.30, 568.592965),
    ("isp", 3, NONE, 0.0, 0.276, 201.48, 506.231156),
    ("isp", 3, PARTIAL, 3547.80, 0.135, 197.10, 495.226131),
    ("isp", 3, ALL, 6937.92, 0.0, 192.72, 484.221106),
)


@pytest.mark.parametrize(("plan", "years", "payment", "upfront", "hour", "month", "even"), PRINTED)
def test_savings_plans_cost_what_the_calculator_printed(
    plan: str, years: int, payment: str, upfront: float, hour: float, month: float, even: float
) -> None:
    rate = float(fact(f"ec2.price_{plan}_{years}y_{payment}_hour_usd"))
    made = savings_plan(years, rate, payment)

    assert made.upfront_usd == pytest.approx(upfront, abs=0.005)
    assert made.hour_usd == pytest.approx(hour)
    assert made.month_usd == pytest.approx(month, abs=0.005)
    assert break_even_h(made, ON_DEMAND_USD) == pytest.approx(even, abs=1e-6)


def test_a_reserved_instance_and_on_demand_cost_what_the_calculator_printed() -> None:
    on_demand = float(fact("ec2.price_on_demand_hour_usd"))
    reserved = Commitment(1, 0.0, float(fact("ec2.price_ri_1y_none_hour_usd")))

    assert on_demand * MONTH_H == pytest.approx(290.54)
    assert reserved.month_usd == pytest.approx(232.87)
    assert Commitment(1, 1368, 0.156).hour_usd * MONTH_H == pytest.approx(113.88)


def test_more_beforehand_and_a_longer_term_cost_less() -> None:
    for years in (1, 3):
        term = f"ec2.price_ri_{years}y"
        none = Commitment(years, 0.0, float(fact(f"{term}_none_hour_usd")))
        partial = Commitment(
            years,
            float(fact(f"{term}_partial_upfront_usd")),
            float(fact(f"{term}_partial_hour_usd")),
        )
        whole = Commitment(years, float(fact(f"{term}_all_upfront_usd")), 0.0)

        assert whole.month_usd < partial.month_usd < none.month_usd
        assert none.month_usd < ON_DEMAND_USD * MONTH_H


# https://docs.aws.amazon.com/savingsplans/latest/userguide/sp-applying.html: four r5.4xlarge in an
# hour, 1.00 USD On-Demand, 0.70 with a Compute and 0.60 with an EC2 Instance Savings Plan.
@pytest.mark.parametrize(("rate", "hour"), [(0.70, 2.80), (0.60, 2.40)])
def test_a_plan_that_covers_all_costs_its_rate_for_each(rate: float, hour: float) -> None:
    made = bill(Fleet(4, 0, 0, 4), Prices(1.0, savings_plan(1, rate, PARTIAL), Spot(0.1)))

    assert made.usd / MONTH_H == pytest.approx(hour)
    assert made.saved_part == pytest.approx(1 - rate)
    assert made.idle_usd == 0


def test_two_reserved_instances_of_four_leave_two_at_the_rate_by_the_hour() -> None:
    """Scenario 4 there: the Reserved Instances cover two of the four."""
    made = bill(Fleet(4, 0, 0, 2), Prices(1.0, Commitment(1, 0, 0.6), Spot(0.1)))

    assert [row.way for row in made.rows] == [COMMITTED, COMMITTED, ON_DEMAND, ON_DEMAND]
    assert made.of(ON_DEMAND) / MONTH_H == pytest.approx(2.0)


def test_what_is_not_used_in_an_hour_is_not_carried_over() -> None:
    """Ten hours of peak a month leave 720 of the commitment unused, however many run at once."""
    made = bill(Fleet(0, 5, 10, 1), Prices(1.0, Commitment(1, 0, 0.6), Spot(0.1)))

    assert made.of(COMMITTED) == pytest.approx(0.6 * MONTH_H)
    assert made.idle_usd == pytest.approx(0.6 * 720)
    assert made.of(ON_DEMAND) == pytest.approx(40)


COUNTS = st.integers(0, 12)
HOURS = st.floats(0, MONTH_H)
RATES = st.floats(0.001, 1)
FLEETS = st.builds(Fleet, COUNTS, COUNTS, HOURS, COUNTS, COUNTS)
PRICES = st.builds(
    Prices,
    RATES,
    st.builds(Commitment, st.sampled_from((1, 3)), st.floats(0, 10_000), RATES),
    st.builds(Spot, RATES, st.floats(0, 1)),
)


@given(FLEETS, PRICES)
def test_a_mixed_fleet_costs_no_more_than_the_dearest_way_for_each_instance(
    fleet: Fleet, prices: Prices
) -> None:
    rows = bill(fleet, prices).rows
    hour_usd = max(prices.on_demand_hour_usd, prices.spot.useful_hour_usd)
    dearest = sum(max(prices.commitment.month_usd, row.run_h * hour_usd) for row in rows)
    cheapest_hour_usd = min(prices.on_demand_hour_usd, prices.spot.useful_hour_usd)
    cheapest = sum(min(prices.commitment.month_usd, row.run_h * cheapest_hour_usd) for row in rows)

    assert cheapest * (1 - 1e-9) <= bill(fleet, prices).usd <= dearest * (1 + 1e-9)


@given(FLEETS, PRICES)
def test_every_instance_pays_in_one_way_and_all_hours_are_there(
    fleet: Fleet, prices: Prices
) -> None:
    made = bill(fleet, prices)
    hours = fleet.base * MONTH_H + fleet.peak * fleet.peak_h

    assert sum(row.run_h for row in made.rows) == pytest.approx(hours)
    assert made.usd == pytest.approx(made.of(COMMITTED) + made.of(ON_DEMAND) + made.of(SPOT))
    ways = [row.way for row in made.rows]
    assert ways.count(COMMITTED) == fleet.committed
    assert ways.count(SPOT) <= fleet.spot
    assert ways == sorted(ways, key=[COMMITTED, ON_DEMAND, SPOT].index)


@given(FLEETS, PRICES, HOURS)
def test_a_commitment_is_paid_whether_it_is_used_or_not(
    fleet: Fleet, prices: Prices, other_h: float
) -> None:
    other = Fleet(fleet.base, fleet.peak, other_h, fleet.committed, fleet.spot)

    assert bill(fleet, prices).of(COMMITTED) == bill(other, prices).of(COMMITTED)
    assert bill(fleet, prices).idle_usd <= bill(fleet, prices).of(COMMITTED) * (1 + 1e-9)


@given(st.sampled_from((1, 3)), st.floats(0, 5000), RATES, RATES)
def test_at_the_break_even_point_both_cost_the_same(
    years: int, upfront: float, rate: float, on_demand: float
) -> None:
    promise = Commitment(years, upfront, rate)
    even = break_even_h(promise, on_demand)

    assert even * on_demand == pytest.approx(promise.month_usd)
    if 1 <= even <= MONTH_H - 1:
        for hours, cheaper in ((even - 1, False), (even + 1, True)):
            prices = Prices(on_demand, promise, Spot(on_demand))
            assert (
                bill(Fleet(0, 1, hours, 1), prices).usd < bill(Fleet(0, 1, hours), prices).usd
            ) == cheaper


@given(st.sampled_from((1, 3)), RATES, st.sampled_from((NONE, PARTIAL, ALL)))
def test_a_savings_plan_costs_its_rate_however_it_is_paid(
    years: int, rate: float, payment: str
) -> None:
    made = savings_plan(years, rate, payment)

    assert made.month_usd == pytest.approx(rate * MONTH_H)
    assert made.term_usd == pytest.approx(rate * 8760 * years)


@given(FLEETS, PRICES)
def test_lost_work_makes_spot_dearer_and_nothing_else(fleet: Fleet, prices: Prices) -> None:
    careless = Prices(prices.on_demand_hour_usd, prices.commitment, Spot(prices.spot.hour_usd, 1))
    calm = Prices(prices.on_demand_hour_usd, prices.commitment, Spot(prices.spot.hour_usd))

    assert bill(fleet, careless).of(SPOT) == pytest.approx(2 * bill(fleet, calm).of(SPOT))
    assert bill(fleet, careless).of(COMMITTED) == bill(fleet, calm).of(COMMITTED)
    assert bill(fleet, careless).of(ON_DEMAND) == bill(fleet, calm).of(ON_DEMAND)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(UsageError, match="1 and 3"):
        Commitment(2, 0, 0.1)
    with pytest.raises(UsageError, match="less than nothing"):
        Commitment(1, -1, 0.1)
    with pytest.raises(UsageError, match="0 to 1"):
        Spot(0.1, 1.5)
    with pytest.raises(UsageError, match="fewer than no"):
        Fleet(-1, 0, 0)
    with pytest.raises(UsageError, match="A month has 730"):
        Fleet(1, 1, 731)
    with pytest.raises(UsageError, match="costs nothing"):
        break_even_h(Commitment(1, 0, 0.1), 0)
