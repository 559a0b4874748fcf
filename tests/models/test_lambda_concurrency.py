"""The model of Lambda's scaling counts as the guide's examples do, and loses no event."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.errors import UsageError
from labkit.models.lambda_concurrency.bill import FREE_GB_S, bill, month
from labkit.models.lambda_concurrency.function import (
    BY_ACCOUNT,
    BY_RESERVED,
    BY_SCALING,
    SCALING,
    SCALING_S,
    Params,
    Trace,
    run,
)
from labkit.models.lambda_concurrency.traffic import (
    BURST,
    RAMP,
    SHAPES,
    STEADY,
    WINDOW_S,
    arrived,
    rate_at,
)
from labkit.units import SECONDS_PER_MONTH


def play(**given: object) -> Trace:
    usual: dict[str, object] = {
        "shape": STEADY,
        "rate_per_s": 100,
        "duration_s": 0.5,
        "init_s": 0.0,
        "account": 1000,
    }
    return run(Params(**{**usual, **given}))  # type: ignore[arg-type]


@st.composite
def params(draw: st.DrawFn) -> Params:
    account = draw(st.integers(100, 5000))
    reserved = draw(st.none() | st.integers(0, account - 100))
    return Params(
        draw(st.sampled_from(SHAPES)),
        draw(st.floats(1, 5000)),
        draw(st.floats(0.1, 10)),
        draw(st.sampled_from([0.0, 0.2, 1.0, 7.3])),
        account,
        draw(st.integers(0, account)),
        reserved,
        draw(st.integers(0, account - 100 if reserved is None else reserved)),
        draw(st.booleans()),
    )


# "Concurrency = (average requests per second) * (average request duration in seconds)", and its
# examples: https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
@pytest.mark.parametrize(
    ("rate_per_s", "duration_s", "concurrency"), [(100, 0.5, 50), (100, 1, 100), (200, 0.25, 50)]
)
def test_concurrency_is_rate_times_duration(
    rate_per_s: float, duration_s: float, concurrency: int
) -> None:
    trace = play(rate_per_s=rate_per_s, duration_s=duration_s)

    assert {each.concurrency for each in trace.samples[10:]} == {concurrency}
    assert trace.total("cold") == concurrency
    assert trace.total("throttled") == 0


def test_a_cold_start_lasts_longer_so_it_takes_more_environments() -> None:
    """While the first ones start, those that arrive need environments of their own."""
    trace = play(init_s=1.0)

    assert trace.peak == 150
    assert trace.samples[-1].concurrency == 50
    assert trace.samples[-1].idle == 100


# "In each AWS Region, and for each function, your concurrency scaling rate is 1,000 execution
# environment instances every 10 seconds", refilled continuously and never accrued:
# https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html
def test_a_function_adds_1_000_environments_at_once_and_100_a_second_after_that() -> None:
    trace = play(rate_per_s=5000, duration_s=10, account=10_000)
    created = 0
    for at_s, second in enumerate(trace.seconds):
        created += second.cold
        assert created <= SCALING + SCALING / SCALING_S * (at_s + 1)

    assert sum(second.cold for second in trace.seconds[:10]) == 1000 + 975
    assert trace.throttled_by[BY_RESERVED] == trace.throttled_by[BY_ACCOUNT] == 0
    assert trace.throttled_by[BY_SCALING] == trace.total("throttled")


def test_a_scaling_rate_that_was_not_used_is_not_kept() -> None:
    trace = play(shape=BURST, rate_per_s=4000, duration_s=10, account=10_000)

    assert max(second.cold for second in trace.seconds) <= SCALING + SCALING / SCALING_S


def test_the_account_throttles_what_is_beyond_its_limit() -> None:
    trace = play(rate_per_s=400, duration_s=5)

    assert trace.peak == 1000
    assert trace.throttled_by[BY_ACCOUNT] == trace.total("throttled") > 0


def test_what_others_have_at_work_is_not_there_unless_it_is_reserved() -> None:
    crowded = play(others=980)
    reserved = play(others=980, reserved=50)

    assert crowded.peak == 20
    assert crowded.total("throttled") > 0
    assert reserved.total("throttled") == 0


def test_a_function_with_reserved_concurrency_has_that_and_no_more() -> None:
    trace = play(reserved=30)

    assert trace.peak == 30
    assert trace.throttled_by == {
        BY_RESERVED: trace.total("throttled"),
        BY_ACCOUNT: 0,
        BY_SCALING: 0,
    }


def test_reserved_concurrency_of_zero_stops_a_function() -> None:
    trace = play(reserved=0)

    assert trace.handled == 0
    assert trace.total("throttled") == 6000


def test_provisioned_environments_have_no_cold_start_and_what_is_beyond_them_spills_over() -> None:
    enough = play(provisioned=50, init_s=2.0)
    short = play(provisioned=40, init_s=2.0)

    assert enough.total("cold") == 0
    assert enough.waits_s == [] or {seconds for seconds, _ in enough.waits_s} <= {0.0}
    assert 0 < short.total("cold") < play(init_s=2.0).total("cold")


# "The retry interval increases exponentially from 1 second after the first attempt":
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
def test_a_throttled_asynchronous_event_waits_and_is_tried_again() -> None:
    sync = play(shape=BURST, rate_per_s=400, reserved=100)
    later = play(shape=BURST, rate_per_s=400, reserved=100, asynchronous=True)

    assert sync.handled + sync.total("throttled") == sync.total("arrived")
    assert later.handled + later.waiting == later.total("arrived")
    assert later.handled > sync.handled
    assert {seconds for seconds, _ in later.waits_s} <= {0.0, 1.0, 3.0, 7.0, 15.0, 31.0}


@settings(max_examples=60, deadline=None)
@given(params())
def test_no_event_is_lost_and_no_limit_broken(given: Params) -> None:
    trace = run(given)
    arrived_ = int(arrived(given.shape, given.rate_per_s, WINDOW_S) + 1e-9)

    assert trace.total("arrived") == arrived_
    if given.asynchronous:
        assert trace.handled + trace.waiting == arrived_
    else:
        assert trace.handled + trace.total("throttled") == arrived_
        assert trace.waiting == 0
    assert sum(trace.throttled_by.values()) == trace.total("throttled")
    assert sum(count for _, count in trace.waits_s) == trace.handled
    created = trace.total("cold")
    assert created <= SCALING + SCALING / SCALING_S * WINDOW_S
    for each in trace.samples:
        parts = (each.provisioned_busy, each.warm_busy, each.starting, each.idle, each.waiting)
        assert min(parts) >= 0
        assert each.concurrency <= given.limit
        assert each.provisioned_busy <= given.provisioned
        assert each.concurrency + each.idle <= created + given.provisioned


@settings(max_examples=30, deadline=None)
@given(params())
def test_a_bill_of_events_is_never_below_what_is_provisioned(given: Params) -> None:
    made = bill(run(given), 512, 60)
    idle = month(0, 0, 512, 0, given.provisioned)

    assert made.usd >= idle.usd
    assert math.isclose(idle.usd, idle.provisioned_usd)


@given(st.sampled_from(SHAPES), st.floats(1, 5000), st.integers(0, 58))
def test_what_arrives_is_the_rate_summed_up(shape: str, rate_per_s: float, at_s: int) -> None:
    """By the middle of a fine step, which is exact but where a burst begins or ends."""
    fine = 1000
    total = sum(rate_at(shape, rate_per_s, at_s + (n + 0.5) / fine) / fine for n in range(fine))
    within = arrived(shape, rate_per_s, at_s + 1) - arrived(shape, rate_per_s, at_s)

    assert math.isclose(within, total, rel_tol=1e-6)


def test_a_ramp_ends_at_its_rate() -> None:
    assert rate_at(RAMP, 70, 0) == 0
    assert rate_at(RAMP, 70, 45) == 70


# The first example of the pricing page: 3 million events of a second with 512 MB cost 18.74 USD,
# at a price that the page rounds to 0.00001667: https://aws.amazon.com/lambda/pricing/
def test_a_month_costs_what_the_pricing_page_says() -> None:
    made = month(3e6, 3e6, 512)

    assert made.on_demand_gb_s - FREE_GB_S == 1_100_000
    assert made.requests_usd == pytest.approx(0.40)
    assert made.on_demand_usd == pytest.approx(18.34, abs=0.01)
    assert made.usd == pytest.approx(18.74, abs=0.01)


def test_provisioned_environments_cost_while_nothing_arrives() -> None:
    made = month(0, 0, 1024, 0, 10)

    assert made.provisioned_gb_s == 10 * SECONDS_PER_MONTH
    assert made.usd == pytest.approx(108.00, abs=0.01)


def test_provisioned_work_has_no_free_tier() -> None:
    assert month(0, 1000, 1024).usd == 0
    assert month(0, 0, 1024, 1000).usd == pytest.approx(0.0097222)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"duration_s": 0.05}, "0.05 s"),
        ({"reserved": 901}, "901 of 1000"),
        ({"reserved": 50, "provisioned": 51}, "At most 50"),
        ({"provisioned": 901}, "At most 900"),
    ],
)
def test_what_aws_would_refuse_is_refused(given: dict[str, object], says: str) -> None:
    with pytest.raises(UsageError) as caught:
        play(**given)

    assert says in str(caught.value)
