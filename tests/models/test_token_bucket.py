"""The token bucket serves as AWS's examples say, loses no token, and lets nobody have too many."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.errors import UsageError
from labkit.models.token_bucket import (
    SLACK,
    TokenBucket,
    first_empty,
    flow,
    full,
    take_of_all,
)

RATES = st.integers(1, 20_000)
BURSTS = st.integers(1, 10_000)
TIMES = st.lists(st.integers(0, 20_000), min_size=1, max_size=60).map(sorted)  # milliseconds


def serve(bucket: TokenBucket, spikes: list[tuple[int, int]]) -> list[int]:
    """How many of each spike, so many requests at a millisecond, are served."""
    served = []
    for at_ms, count in spikes:
        passed = min(count, bucket.whole(at_ms / 1000))
        bucket = bucket.take(passed, at_ms / 1000)
        served.append(passed)
    return served


# The examples that AWS gave for an account of 10,000 requests a second with a burst of 5,000:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
# (in older versions of the page, of which public repositories keep copies; the limits still hold).
@pytest.mark.parametrize(
    ("spikes", "served"),
    [
        pytest.param([(0, 10_000)], [5_000], id="10,000 in the first millisecond"),
        pytest.param([(0, 5_000), (100, 5_000)], [5_000, 1_000], id="5,000 more in the 101st"),
    ],
)
def test_spikes_are_served_as_the_guide_says(
    spikes: list[tuple[int, int]], served: list[int]
) -> None:
    assert serve(full(10_000, 5_000), spikes) == served


def test_10_000_spread_evenly_over_a_second_are_all_served() -> None:
    assert sum(serve(full(10_000, 5_000), [(ms, 10) for ms in range(1000)])) == 10_000


def test_5_000_at_once_and_5_a_millisecond_after_them_are_all_served() -> None:
    spikes = [(0, 5_000)] + [(ms, 5) for ms in range(1, 1000)]

    assert sum(serve(full(10_000, 5_000), spikes)) == 5_000 + 999 * 5


def test_a_spike_no_larger_than_what_came_in_is_served_and_what_trickles_after_it() -> None:
    spikes = [(0, 5_000), (100, 1_000)]
    spikes += [(100 + ms, 4_000 * ms // 899 - 4_000 * (ms - 1) // 899) for ms in range(1, 900)]

    assert sum(serve(full(10_000, 5_000), spikes)) == sum(count for _, count in spikes) == 10_000


@given(RATES, BURSTS, TIMES)
def test_no_span_passes_more_than_the_burst_and_what_comes_in(
    rate: int, burst: int, times: list[int]
) -> None:
    bucket, passed = full(rate, burst), []
    for at_ms in times:
        if bucket.can(1, at_ms / 1000):
            bucket = bucket.take(1, at_ms / 1000)
            passed.append(at_ms)
        assert 0 <= bucket.tokens <= burst
    for number, since in enumerate(passed):
        for count, until in enumerate(passed[number:], 1):
            assert count <= burst + rate * (until - since) / 1000 + 1e-6


@given(RATES, BURSTS, TIMES)
def test_filling_in_many_steps_is_filling_in_one(rate: int, burst: int, times: list[int]) -> None:
    empty = TokenBucket(rate, burst, 0)
    bucket = empty
    for at_ms in times:
        bucket = bucket.filled(at_ms / 1000)

    assert math.isclose(bucket.tokens, empty.filled(times[-1] / 1000).tokens, abs_tol=1e-6)


@given(RATES, BURSTS, st.integers(0, 5_000))
def test_who_waits_as_long_as_he_is_told_is_served(rate: int, burst: int, at_ms: int) -> None:
    bucket = TokenBucket(rate, burst, 0, at_ms / 1000)
    wait_s = bucket.next_s(at_ms / 1000)

    assert bucket.can(1, at_ms / 1000 + wait_s)
    assert not bucket.can(1, at_ms / 1000 + wait_s * 0.9)


@given(
    st.lists(st.tuples(RATES, BURSTS), min_size=1, max_size=3),
    st.lists(st.integers(0, 3_000), min_size=1, max_size=20),
)
def test_a_flow_loses_no_token(limits: list[tuple[int, int]], asked: list[int]) -> None:
    buckets = tuple(full(rate, burst) for rate, burst in limits)
    passed = 0.0
    for number, count in enumerate(asked, 1):
        flowed = flow(buckets, count, number / 10)
        passed += flowed.passed
        assert 0 <= flowed.passed <= count
        assert (flowed.refused_by is None) == (flowed.passed > count - 2 * SLACK)
        for before, after in zip(buckets, flowed.buckets, strict=True):
            gained = after.tokens - before.tokens + flowed.passed
            assert 0 <= after.tokens <= after.burst
            assert gained <= before.rate_per_s * 0.1 + 1e-6
        buckets = flowed.buckets
    for rate, burst in limits:
        assert passed <= burst + rate * len(asked) / 10 + 1e-6


@given(RATES, BURSTS, st.integers(1, 2_000))
def test_a_flow_passes_what_single_requests_would(rate: int, burst: int, asked: int) -> None:
    """Within one request: a stream that flows can also take a part of a token."""
    bucket, passed = full(rate, burst), 0
    for number in range(asked):
        at_s = (number + 1) / asked
        if bucket.can(1, at_s):
            bucket, passed = bucket.take(1, at_s), passed + 1

    flowed = flow([full(rate, burst)], asked, 1.0)

    assert abs(flowed.passed - passed) <= 1 + 1e-6


def test_one_span_is_two_halves() -> None:
    buckets = (full(100, 40), full(60, 90))
    whole = flow(buckets, 300, 1.0)
    first = flow(buckets, 150, 0.5)
    second = flow(first.buckets, 150, 1.0)

    assert whole.passed == first.passed + second.passed == 140
    assert (
        [one.tokens for one in whole.buckets] == [one.tokens for one in second.buckets] == [0, 10]
    )
    assert first.refused_by == 0


def test_the_first_empty_bucket_in_order_refuses() -> None:
    plan, method, account = full(10, 5), full(20, 0), TokenBucket(100, 50, 0)

    assert first_empty([plan, method, account], 0) == 1
    assert first_empty([plan, account], 0) == 1
    assert first_empty([plan], 0) is None


def test_a_request_takes_one_token_of_each() -> None:
    taken = take_of_all([full(10, 5), full(100, 50)], 3, 0)

    assert [bucket.tokens for bucket in taken] == [2, 47]


def test_a_bucket_is_a_value_and_time_does_not_run_backwards() -> None:
    bucket = full(10, 5, at_s=3)

    assert bucket.take(2, 3).tokens == 3
    assert bucket.tokens == 5
    assert bucket.take(2, 1) == bucket.take(2, 3)
    assert all(one.at_s <= other.at_s for one, other in pairwise([bucket, bucket.filled(4)]))


@pytest.mark.parametrize("bucket", [full(0, 0), full(0, 5).take(5, 0), full(10, 0)])
def test_what_never_fills_never_serves(bucket: TokenBucket) -> None:
    assert bucket.next_s(0) == math.inf
    assert not bucket.can(1, 1000)
    assert flow([bucket], 7, 5.0).passed == 0


def test_a_negative_rate_is_refused() -> None:
    with pytest.raises(UsageError, match="-1 a second"):
        full(-1, 5)
