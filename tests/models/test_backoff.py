"""The strategies wait as they are defined, and a crowd behaves as the article found it to.

Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015:
https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
"""

from __future__ import annotations

import itertools
import statistics
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.errors import UsageError
from labkit.models.backoff.contest import ITEM, SERVER, Contest, Params, run
from labkit.models.backoff.waits import (
    DECORRELATED,
    EQUAL,
    EXPONENTIAL,
    FULL,
    NONE,
    STRATEGIES,
    Waits,
)
from labkit.models.rng import Rng

MS = 1000
SEEDS = range(1, 21)
ARTICLE = {"clients": 100, "base_ms": 5, "cap_ms": 2000}  # the article's crowd, base and cap


def waits(strategy: str, count: int, base_ms: int = 10, cap_ms: int = 100, seed: int = 1):
    made = Waits(strategy, base_ms * MS, cap_ms * MS, Rng(seed))
    return [made.next_us() / MS for _ in range(count)]


def test_exponential_backoff_doubles_up_to_the_cap() -> None:
    assert waits(EXPONENTIAL, 6) == [10, 20, 40, 80, 100, 100]


def test_at_once_waits_for_nothing() -> None:
    assert waits(NONE, 3) == [0, 0, 0]


def test_a_cap_below_the_base_holds_from_the_first_wait_on() -> None:
    assert waits(EXPONENTIAL, 2, base_ms=50, cap_ms=20) == [20, 20]


@given(st.integers(0, 10**6))
def test_full_jitter_waits_up_to_what_exponential_backoff_waits(seed: int) -> None:
    for wait, longest in zip(waits(FULL, 7, seed=seed), waits(EXPONENTIAL, 7), strict=True):
        assert 0 <= wait < longest


@given(st.integers(0, 10**6))
def test_equal_jitter_waits_half_of_that_at_least(seed: int) -> None:
    for wait, longest in zip(waits(EQUAL, 7, seed=seed), waits(EXPONENTIAL, 7), strict=True):
        assert longest / 2 <= wait < longest


@given(st.integers(0, 10**6))
def test_decorrelated_jitter_waits_up_to_three_times_the_last_wait(seed: int) -> None:
    last = 10.0
    for wait in waits(DECORRELATED, 9, seed=seed):
        assert 10 <= wait <= min(100, 3 * last)
        last = wait


def mean_of(strategy: str, number: int) -> float:
    return statistics.mean(waits(strategy, number + 1, seed=seed)[number] for seed in range(2000))


def test_on_average_full_jitter_waits_half_and_equal_jitter_three_quarters() -> None:
    assert mean_of(FULL, 2) == pytest.approx(20, rel=0.05)
    assert mean_of(EQUAL, 2) == pytest.approx(30, rel=0.05)


@cache
def crowd(strategy: str) -> tuple[float, float]:
    """Calls, and seconds until the last is done, on average over the seeds."""
    runs = [run(Params(strategy, **ARTICLE, seed=seed)) for seed in SEEDS]
    calls = statistics.mean(each.calls for each in runs)
    return calls, statistics.mean(each.end_us for each in runs) / 1e6


def calls(strategy: str) -> float:
    return crowd(strategy)[0]


def seconds(strategy: str) -> float:
    return crowd(strategy)[1]


def test_without_backoff_work_grows_with_the_square_of_the_crowd() -> None:
    small, large = (
        statistics.mean(run(Params(NONE, clients, seed=seed)).calls for seed in SEEDS)
        for clients in (25, 100)
    )

    assert 10 < large / small < 18  # four times as many clients: about sixteen times the calls


def test_exponential_backoff_alone_helps_with_calls() -> None:
    assert calls(EXPONENTIAL) < calls(NONE)


@pytest.mark.parametrize("jitter", [EQUAL, FULL, DECORRELATED])
def test_jitter_more_than_halves_the_calls_of_no_backoff(jitter: str) -> None:
    assert calls(jitter) < calls(NONE) / 2


@pytest.mark.parametrize("jitter", [EQUAL, FULL, DECORRELATED])
def test_no_jitter_is_the_clear_loser_in_calls_and_in_time(jitter: str) -> None:
    assert calls(jitter) < 0.75 * calls(EXPONENTIAL)
    assert seconds(jitter) < seconds(EXPONENTIAL) / 5


def test_equal_jitter_takes_longer_than_full_jitter_and_saves_no_calls_to_speak_of() -> None:
    assert seconds(EQUAL) > 1.15 * seconds(FULL)
    assert calls(EQUAL) > 0.97 * calls(FULL)


def test_full_jitter_makes_fewer_calls_than_decorrelated_which_is_no_slower() -> None:
    assert calls(FULL) < calls(DECORRELATED)
    assert seconds(DECORRELATED) < 1.1 * seconds(FULL)


PARAMS = st.builds(
    Params,
    st.sampled_from(STRATEGIES),
    st.integers(1, 30),
    st.floats(10, 1000),
    st.floats(1000, 20000),
    st.sampled_from([ITEM, SERVER]),
    st.floats(40, 400),
    st.integers(0, 1000),
)


@settings(max_examples=60, deadline=None)
@given(PARAMS)
def test_everybody_is_done_once_and_tries_no_more(params: Params) -> None:
    found = run(params)

    for client in range(params.clients):
        mine = [each for each in found.tries if each.client == client]
        assert [each.won for each in mine] == [False] * (len(mine) - 1) + [True]
        for one, next_one in itertools.pairwise(mine):
            assert one.end_us <= next_one.start_us
        assert all(each.start_us < each.served_us < each.end_us for each in mine)
    assert found.in_vain == found.calls - params.clients
    assert len(found.done_us()) == params.clients
    assert sum(found.calls_by_time(1000, 50)) == found.calls


@settings(max_examples=30, deadline=None)
@given(PARAMS)
def test_chance_is_decided_by_the_seed(params: Params) -> None:
    assert run(params) == run(params)


def test_of_those_who_read_one_version_one_writes() -> None:
    """Between two that are taken there is always a read, since a version is written upon once."""
    found = run(Params(NONE, 40))
    taken = [each for each in found.tries if each.won]

    assert taken[0].client == found.tries[0].client  # the first to write wins
    for before, after in itertools.pairwise(taken):
        assert after.served_us >= before.served_us + 10 * MS  # an answer and a write at least


def test_one_client_alone_is_never_refused() -> None:
    for strategy in STRATEGIES:
        assert run(Params(strategy, clients=1)).calls == 1
        assert run(Params(strategy, clients=1, resource=SERVER)).calls == 1


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_server_takes_no_more_than_its_rate(strategy: str) -> None:
    found: Contest = run(Params(strategy, clients=60, resource=SERVER, rate_per_s=50))
    served = [each.served_us for each in found.tries if each.won]

    for first, moment_us in enumerate(served):
        within = [one for one in served[first:] if one <= moment_us + 10**6]
        assert len(within) <= 50 + 50 * 0.1 + 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"clients": 0}, "clients must be 1"),
        ({"base_ms": 0}, "base_ms must be 1"),
        ({"cap_ms": 10}, "cap_ms must be 20"),
        ({"rate_per_s": 0}, "rate_per_s must be 1"),
        ({"strategy": "patience"}, "There is no strategy 'patience'"),
    ],
)
def test_what_cannot_be_is_refused(given, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        run(Params(**given))
