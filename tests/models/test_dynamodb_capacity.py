"""The capacity model counts as the guide's examples do, and loses no unit."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.errors import UsageError
from labkit.facts import fact
from labkit.models.dynamodb_capacity.bill import bill
from labkit.models.dynamodb_capacity.bucket import BURST_S, Bucket
from labkit.models.dynamodb_capacity.table import (
    PARTITION_UNITS,
    READ,
    WRITE,
    Course,
    Shape,
    Stream,
    run,
)
from labkit.models.dynamodb_capacity.traffic import (
    BURSTS,
    PERIOD_S,
    SHAPES,
    SPIKE,
    STEADY,
    WAVE,
    WINDOW_S,
)
from labkit.models.dynamodb_capacity.units import (
    EVENTUAL,
    ITEM_MAX_BYTES,
    STRONG,
    TRANSACTION_FACTOR,
    TRANSACTIONAL,
    read_units,
    write_units,
)
from labkit.units import HOURS_PER_MONTH, KIB, SECONDS_PER_DAY, SECONDS_PER_HOUR

SIZES = st.integers(1, ITEM_MAX_BYTES)
RATES = st.floats(0.5, 20000)


# The examples of the guide:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
@pytest.mark.parametrize(("kind", "units"), [(STRONG, 2), (EVENTUAL, 1), (TRANSACTIONAL, 4)])
def test_reading_8_kb_costs_what_the_guide_says(kind: str, units: float) -> None:
    assert read_units(8 * KIB, kind) == units


def test_writing_2_kb_costs_what_the_guide_says() -> None:
    assert write_units(2 * KIB) == 2
    assert write_units(2 * KIB) * TRANSACTION_FACTOR == 4


@pytest.mark.parametrize("block_kib", [1, 2, 4, 100])
def test_a_byte_beyond_a_block_costs_a_block(block_kib: int) -> None:
    size = block_kib * KIB

    assert write_units(size + 1) == write_units(size) + 1


def test_a_byte_beyond_4_kb_costs_a_read_half_a_unit_or_one_or_two() -> None:
    costs = [read_units(4097, kind) - read_units(4096, kind) for kind in (EVENTUAL, STRONG)]

    assert costs == [0.5, 1]
    assert read_units(4097, TRANSACTIONAL) - read_units(4096, TRANSACTIONAL) == 2


def test_nothing_at_all_costs_as_much_as_a_byte() -> None:
    assert (read_units(0, STRONG), write_units(0)) == (1, 1)


@given(SIZES, SIZES)
def test_a_larger_item_never_costs_less(one: int, other: int) -> None:
    small, large = sorted((one, other))

    assert write_units(small) <= write_units(large)
    assert read_units(small) <= read_units(large)
    assert write_units(large) * KIB >= large


def drained_by(bucket: Bucket, asked_per_s: float, seconds: float) -> float:
    """Units that a stream got out of a bucket."""
    return math.fsum(one.served_per_s * one.seconds for one in bucket.flow(asked_per_s, seconds))


@given(
    RATES,
    st.floats(0, 1),
    st.lists(st.tuples(st.floats(0, 40000), st.floats(0, 2000)), min_size=1, max_size=6),
)
def test_no_unit_is_lost_in_a_flow(rate: float, full: float, streams: list[tuple[float, float]]):
    bucket = Bucket(rate, rate * BURST_S * full)
    for asked_per_s, seconds in streams:
        before = bucket.level
        served = drained_by(bucket, asked_per_s, seconds)

        came = rate * seconds
        assert served <= asked_per_s * seconds * (1 + 1e-9)
        assert served <= (before + came) * (1 + 1e-9)
        assert 0 <= bucket.level <= bucket.most
        spilt = before + came - served - bucket.level
        assert spilt >= -1e-6 * (before + came + 1)
        if spilt > 1e-6 * (before + came + 1):  # only what a full bucket cannot keep
            assert bucket.level == bucket.most


@settings(max_examples=60)
@given(st.integers(1, 200), st.integers(1, 8), st.integers(1, 300), st.integers(1, 120))
def test_a_flow_is_what_single_requests_come_to(
    rate: int, units: int, per_s: int, seconds: int
) -> None:
    """Requests one by one, spread evenly, are served as often as the flow says, but for two."""
    stream, single = Bucket(rate, rate), Bucket(rate, rate)
    served = 0
    for _ in range(per_s * seconds):
        single.fill(1 / per_s)
        if single.holds(units):
            single.take(units)
            served += 1

    assert abs(served - drained_by(stream, per_s * units, seconds) / units) <= 2


def test_a_quiet_table_keeps_five_minutes_of_its_rate() -> None:
    course = run(Stream(WRITE, 0, 1, 10))

    assert course.level_at(WINDOW_S) == 10 * BURST_S == 3000
    assert course.level_at(150) == pytest.approx(10 + 1500)


def spike(**changes: float) -> Course:
    shape = Shape(SPIKE, peak_factor=changes.pop("factor", 10), peak_s=changes.pop("peak_s", 120))
    return run(Stream(WRITE, changes.pop("per_s", 20), 2, 100, shape=shape))


def test_a_spike_is_served_until_the_bucket_is_empty_and_then_at_the_rate() -> None:
    course = spike()
    saved = 100 + (100 - 40) * 360

    assert course.refused_from_s() == pytest.approx(360 + saved / (400 - 100))
    assert course.at(470).served == 100
    assert course.refused * 2 == pytest.approx((400 - 100) * (120 - saved / 300))


def test_a_shorter_spike_is_survived() -> None:
    assert spike(peak_s=60).refused == 0
    assert spike(peak_s=60).lowest > 0


@given(
    st.sampled_from(SHAPES),
    st.floats(0, 5000),
    st.integers(1, 20),
    st.floats(1, 10000),
    st.floats(0, 1),
    st.floats(1, 50),
    st.floats(0, 300),
    st.sampled_from([READ, WRITE]),
)
def test_what_comes_is_served_or_refused(
    shape, per_s, units, provisioned, hot_share, factor, peak_s, way
) -> None:
    stream = Stream(way, per_s, units, provisioned, hot_share, Shape(shape, factor, peak_s))
    course = run(stream)

    ends = [0.0] + [span.end_s for span in course.spans]
    starts = [span.start_s for span in course.spans] + [stream.shape.window_s]
    assert ends == pytest.approx(starts)
    for span in course.spans:
        slack = 1e-6 * (span.asked + 1)
        assert -slack <= span.refused <= span.asked + slack
        assert -slack <= span.hot_served <= span.served + slack
        assert -slack <= span.refused_by_key <= span.refused + slack
        assert 0 <= span.level_end <= provisioned * BURST_S
    gained = provisioned * stream.shape.window_s + course.spans[0].level_start
    assert (course.asked - course.refused) * units <= gained * (1 + 1e-6)


@pytest.mark.parametrize(("way", "limit"), [(WRITE, 1000), (READ, 3000)])
def test_one_key_gets_what_a_partition_gives_however_much_the_table_has(way: str, limit: int):
    course = run(Stream(way, 4000, 1, 40000, hot_share=1))
    last = course.spans[-1]

    assert PARTITION_UNITS[way] == limit == last.hot_served
    assert last.refused_by_key == 4000 - limit
    assert course.lowest >= 40000  # the table has had something to spare all the time


def test_a_key_and_a_table_that_are_both_short_refuse_together() -> None:
    """1,500 come for one key and 500 for the others; the table gives 1,200, the partition 1,000."""
    last = run(Stream(WRITE, 2000, 1, 1200, hot_share=0.75)).spans[-1]

    assert last.served == 1200
    assert last.hot_served == pytest.approx(900)  # three quarters: here the table is the tighter
    assert last.refused_by_key == 0


def test_a_partition_can_be_the_tighter_one_even_of_an_empty_table() -> None:
    last = run(Stream(WRITE, 4000, 1, 2500, hot_share=0.5)).spans[-1]

    assert last.served == 2500
    assert last.hot_served == 1000
    assert last.refused_by_key == pytest.approx(500)  # 3 in 4 pass the table: 1,500 for the key


def average_by_hand(shape: Shape, over_s: int) -> float:
    return (
        math.fsum(each.factor * (each.end_s - each.start_s) for each in shape.stretches()) / over_s
    )


def test_averages_are_what_a_month_comes_to() -> None:
    assert Shape(STEADY, 10).average == 1
    assert Shape(BURSTS, 10, 60).average == pytest.approx(1 + 9 * 60 / PERIOD_S)
    assert Shape(SPIKE, 10, 120).average == pytest.approx(1 + 9 * 120 / SECONDS_PER_DAY)
    wave = Shape(WAVE, 11)
    assert wave.average == pytest.approx(6, rel=1e-4)
    assert wave.average == pytest.approx(average_by_hand(wave, SECONDS_PER_DAY))


def test_a_wave_is_lowest_at_four_and_highest_at_sixteen() -> None:
    found = Shape(WAVE, 10).stretches()
    low = min(found, key=lambda each: each.factor)
    high = max(found, key=lambda each: each.factor)

    assert abs(low.start_s - 4 * SECONDS_PER_HOUR) <= 1800
    assert abs(high.start_s - 16 * SECONDS_PER_HOUR) <= 1800
    assert (low.factor, high.factor) == pytest.approx((1, 10), abs=0.05)


@pytest.mark.parametrize(("provisioned", "level"), [(1000, 300_000), (30, 0)])
def test_a_wave_begins_as_the_day_before_it_ended(provisioned: float, level: float) -> None:
    course = run(Stream(WRITE, 10, 1, provisioned, shape=Shape(WAVE, 10)))

    assert course.spans[0].level_start == course.spans[-1].level_end == level


def test_the_bill_is_hours_or_requests_times_their_prices() -> None:
    found = bill((Stream(WRITE, 20, 2, 100), Stream(READ, 100, 0.5, 200)))
    write, read = (
        float(fact(f"dynamodb.price_{name}_per_million_usd")) / 1e6 for name in ("write", "read")
    )
    seconds = HOURS_PER_MONTH * 3600

    assert found.on_demand == pytest.approx((40 * write + 50 * read) * seconds)
    assert found.on_demand_if_full == pytest.approx((100 * write + 200 * read) * seconds)
    assert found.provisioned == pytest.approx((100 * 0.00065 + 200 * 0.00013) * 730)


@given(st.floats(1, 9000), st.floats(1, 9000))
def test_both_ways_cost_the_same_at_the_even_use(write_units: float, read_units: float) -> None:
    full = bill((Stream(WRITE, 1, 1, write_units), Stream(READ, 1, 1, read_units)))
    even = bill(
        (
            Stream(WRITE, write_units * full.even_use, 1, write_units),
            Stream(READ, read_units * full.even_use, 1, read_units),
        )
    )

    assert even.on_demand == pytest.approx(even.provisioned)
    assert 0.25 < full.even_use < 0.35  # about three tenths, at the prices of 2026


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Stream(WRITE, -1, 1, 10), "per_s must be 0"),
        (lambda: Stream(WRITE, 1, 1, 0), "provisioned must be 1"),
        (lambda: Stream(WRITE, 1, 1, 10, hot_share=1.5), "hot_share must be 0 to 1"),
        (lambda: Shape(SPIKE, 0.5), "peak_factor must be 1"),
        (lambda: Shape(SPIKE, 2, 301), "peak_s must be 0 to 300"),
    ],
)
def test_what_cannot_be_is_refused(make, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        make()
