"""The model of API Gateway's throttles and cache: no request is lost, no limit exceeded."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.errors import UsageError
from labkit.facts import fact
from labkit.models.api_throttle.front import ACCOUNT, METHOD, ORDER, PLAN, Limit, Params, Trace, run
from labkit.models.api_throttle.traffic import (
    CLUMPED,
    SHAPES,
    SPIKE,
    STEADY,
    STEPS,
    STEPS_PER_S,
    WINDOW_S,
    asked,
)

REGION = Limit(
    float(fact("apigateway.rate_default_per_s")), float(fact("apigateway.burst_default"))
)
LIMITS = st.builds(Limit, st.floats(1, 10_000), st.integers(1, 5000))


def play(**given: Any) -> Trace:
    usual: dict[str, Any] = {
        "shape": STEADY,
        "rate_per_s": 100,
        "method": Limit(1000, 500),
        "account": REGION,
    }
    return run(Params(**{**usual, **given}))


@st.composite
def params(draw: st.DrawFn) -> Params:
    return Params(
        draw(st.sampled_from(SHAPES)),
        draw(st.floats(1, 20_000)),
        draw(LIMITS),
        draw(LIMITS),
        draw(st.none() | LIMITS),
        draw(st.integers(1, 50)),
        draw(st.floats(0, 1)),
        draw(st.sampled_from([0.0, 0.5, 5.0])),
        draw(st.integers(1, 20)),
        draw(st.sampled_from([0.1, 0.3, 2.0])),
    )


@settings(max_examples=80, deadline=None)
@given(params())
def test_no_request_is_lost_and_no_limit_exceeded(given: Params) -> None:
    trace = run(given)
    buckets = given.buckets()
    passed = 0

    for number, step in enumerate(trace.steps):
        assert min(step.asked, step.hits, step.backend, step.refused) >= 0
        assert step.asked == step.hits + step.backend + step.refused
        assert (step.refused > 0) == (step.refused_by in ORDER)
        passed += step.passed
        for bucket, tokens in zip(buckets, step.tokens, strict=True):
            assert 0 <= tokens <= bucket.burst
            assert passed <= bucket.burst + bucket.rate_per_s * (number + 1) / STEPS_PER_S + 1e-3
    total = sum(asked(given.shape, given.rate_per_s, step) for step in range(STEPS))
    assert trace.total("asked") == int(total + 1e-6)
    assert sum(trace.refused_by(bucket) for bucket in ORDER) == trace.total("refused")
    if not given.ttl_s:
        assert trace.total("hits") == 0


# "serves 5,000 of those requests and throttles the rest", where 10,000 come within a millisecond;
# spread evenly, all pass. Here "at once" is a tenth of a second, in which 1,000 tokens come in.
def test_10_000_at_once_are_not_10_000_spread_over_a_second() -> None:
    at_once = play(shape=CLUMPED, rate_per_s=10_000, method=REGION)
    evenly = play(shape=STEADY, rate_per_s=10_000, method=REGION)

    assert at_once.steps[0].passed == 5000 + 1000
    assert at_once.steps[0].refused == 4000
    assert evenly.total("refused") == 0


def test_half_of_what_comes_too_fast_for_an_empty_bucket_is_refused() -> None:
    trace = play(rate_per_s=200, method=Limit(100, 50))

    assert trace.total("passed") == 50 + 100 * WINDOW_S
    assert trace.refused_by(METHOD) == trace.total("refused")


def test_a_spike_lives_on_the_burst() -> None:
    enough = play(shape=SPIKE, rate_per_s=300, method=Limit(100, 800))
    short = play(shape=SPIKE, rate_per_s=300, method=Limit(100, 799 - 100))

    assert enough.total("refused") == 0
    assert short.total("refused") == 101


@pytest.mark.parametrize(
    ("changes", "bucket"),
    [
        ({"plan": Limit(50, 10)}, PLAN),
        ({"method": Limit(50, 10)}, METHOD),
        ({"account": Limit(50, 10)}, ACCOUNT),
        ({"others_part": 0.995}, ACCOUNT),
    ],
)
def test_the_bucket_that_is_too_small_refuses(changes: dict[str, Any], bucket: str) -> None:
    trace = play(rate_per_s=1000, **changes)

    assert trace.refused_by(bucket) == trace.total("refused") > 0


def test_what_a_plan_refuses_takes_no_token_of_the_others() -> None:
    without = play(rate_per_s=2000, method=Limit(1000, 500))
    planned = play(rate_per_s=2000, method=Limit(1000, 500), plan=Limit(100, 10), clients=2)

    assert min(step.tokens[1] for step in without.steps) == 0
    assert min(step.tokens[1] for step in planned.steps) > 400


def test_each_client_has_a_bucket_of_its_own() -> None:
    one = play(plan=Limit(50, 10), clients=1)
    two = play(plan=Limit(50, 10), clients=2)

    assert one.total("refused") > 0
    assert two.total("refused") == 0


def test_only_the_first_request_for_an_answer_reaches_a_quick_back_end() -> None:
    trace = play(rate_per_s=10, answers=10, ttl_s=60, backend_s=0.1)

    assert trace.total("backend") == 10
    assert trace.total("hits") == 190


def test_an_answer_is_asked_for_again_when_its_time_is_over() -> None:
    """The answers are there after 0.1 s and kept for 5 s: at 0, 5.1, 10.2 and 15.3 s."""
    trace = play(rate_per_s=10, answers=1, ttl_s=5, backend_s=0.1)
    asking = [number / STEPS_PER_S for number, step in enumerate(trace.steps) if step.backend]

    assert asking == [0, 5.1, 10.2, 15.3]


def test_while_the_back_end_is_at_work_everybody_asks_it() -> None:
    quick = play(answers=1, ttl_s=5, backend_s=0.1)
    slow = play(answers=1, ttl_s=5, backend_s=2.0)

    assert quick.most_per_s("backend") == 10
    assert slow.most_per_s("backend") == 100


def test_a_hit_takes_a_token_as_throttling_comes_first() -> None:
    trace = play(rate_per_s=200, method=Limit(100, 50), ttl_s=60, answers=1)

    assert trace.total("passed") == play(rate_per_s=200, method=Limit(100, 50)).total("passed")


@pytest.mark.parametrize("changes", [{"others_part": 1.1}, {"clients": 0}, {"answers": 0}])
def test_what_makes_no_sense_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        play(**changes)
