"""The traffic of a shop on the model queue: worked by hand where small, by invariants elsewhere."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from labkit.errors import UsageError
from labkit.models.sqs.queue import DEAD, DONE, FLIGHT, READY, STATES, Settings
from labkit.models.sqs.simulation import NOT_POISON, Params, arrivals, simulate
from labkit.models.sqs.trace import (
    DUPLICATE,
    FAILED,
    FIRST,
    LATE,
    RETRY,
    SUCCEEDED,
    WORKING,
    Trace,
    Work,
)


def run(sent_s: list[float], **given_: Any) -> Trace:
    """Two consumers' worth of nothing by default: what matters is in the test's own line."""
    queue = Settings(
        **{
            name: given_.pop(name)
            for name in ("visibility_timeout_s", "delay_s", "max_receive_count", "retention_s")
            if name in given_
        }
    )
    begin: dict[str, Any] = {"consumers": 1, "processing_s": 2, "duration_s": 20, "queue": queue}
    return simulate(Params(**{**begin, **given_}), sent_s)


def all_works(trace: Trace) -> list[Work]:
    works = [work for shift in trace.shifts for work in shift.works]
    return sorted(works, key=lambda work: (work.start_s, work.consumer))


def test_a_short_poll_asks_once_a_pause_until_a_message_is_there() -> None:
    trace = run([2.5], poll_pause_s=1, duration_s=6)

    [shift] = trace.shifts
    assert shift.empties == ((0, 0), (1, 1), (2, 2), (5, 5), (6, 6))
    assert [(work.asked_s, work.start_s, work.end_s) for work in shift.works] == [(3, 3, 5)]
    assert trace.latencies_s() == [2.5]


def test_a_long_poll_is_answered_the_moment_a_message_comes() -> None:
    trace = run([2.5], wait_time_s=20, duration_s=6)

    [shift] = trace.shifts
    assert shift.empties == ()
    assert [(work.asked_s, work.start_s, work.end_s) for work in shift.works] == [(0, 2.5, 4.5)]
    assert shift.waiting_since_s == 4.5


def test_a_long_poll_that_waits_in_vain_is_answered_empty_and_asked_again() -> None:
    trace = run([], wait_time_s=4, duration_s=10)

    [shift] = trace.shifts
    assert shift.empties == ((0, 4), (4, 8))
    assert shift.waiting_since_s == 8
    assert trace.receives == 3


def test_of_several_long_polls_the_one_that_has_waited_longest_is_answered() -> None:
    trace = run([5, 5, 6], consumers=3, wait_time_s=20, poll_pause_s=3)

    assert [(work.message, work.consumer) for work in all_works(trace)] == [(0, 0), (1, 1), (2, 2)]


def test_a_long_poll_notices_a_message_whose_delay_is_over() -> None:
    trace = run([1], wait_time_s=20, delay_s=5)

    assert [work.start_s for work in all_works(trace)] == [6]


def test_consumers_begin_spread_over_one_pause() -> None:
    trace = run([], consumers=4, poll_pause_s=2, duration_s=1.9)

    assert [shift.empties[0][0] for shift in trace.shifts] == [0, 0.5, 1, 1.5]


def test_a_lone_consumer_that_overruns_the_timeout_still_deletes() -> None:
    # received 0 ──── timeout 3 ──── deleted 5: nobody else asks in between
    trace = run([0], processing_s=5, visibility_timeout_s=3, wait_time_s=20)

    assert [work.outcome for work in all_works(trace)] == [SUCCEEDED]
    assert trace.ended_in(DONE) == 1


def test_a_second_consumer_makes_overrunning_the_timeout_a_duplicate() -> None:
    # consumer 0:  received 0 ──────────── 5 deletes with an old receipt
    # consumer 1:          received 3 ────────────── 8 …
    # and the message comes back every 3 s for as long as somebody is free
    trace = run(
        [0], consumers=2, processing_s=5, visibility_timeout_s=3, wait_time_s=20, duration_s=7
    )

    works = all_works(trace)
    assert [(work.start_s, work.why) for work in works] == [
        (0, FIRST),
        (3, DUPLICATE),
        (6, DUPLICATE),
    ]
    assert [work.outcome for work in works] == [LATE, WORKING, WORKING]
    assert trace.ended_in(DONE) == 0
    assert trace.deletes == 1


def test_work_that_failed_is_retried_when_the_visibility_timeout_is_over() -> None:
    trace = run(
        [0], poison=0, processing_s=2, visibility_timeout_s=6, wait_time_s=20, duration_s=13
    )

    works = all_works(trace)
    assert [(work.start_s, work.why, work.outcome) for work in works] == [
        (0, FIRST, FAILED),
        (6, RETRY, FAILED),
        (12, RETRY, WORKING),
    ]
    assert trace.deletes == 0


def test_poison_ends_in_the_dead_letter_queue_after_as_many_receives_as_allowed() -> None:
    trace = run(
        [0, 1], poison=0, visibility_timeout_s=3, max_receive_count=2, wait_time_s=20, consumers=2
    )

    poison, good = trace.lives
    assert poison.stays[-1].state == DEAD
    assert poison.receive_count == 2
    assert good.stays[-1].state == DONE
    assert trace.good_messages_lost() == 0


def test_a_good_message_can_be_given_up_too() -> None:
    trace = run([0], failure_rate=1, visibility_timeout_s=3, max_receive_count=1, wait_time_s=20)

    assert trace.good_messages_lost() == 1


def test_the_same_attempt_has_the_same_luck_however_the_queue_is_set() -> None:
    sent = [float(at_s) for at_s in range(40)]
    common = {"failure_rate": 0.5, "duration_s": 500, "consumers": 3, "visibility_timeout_s": 4}

    short, long = run(sent, **common), run(sent, wait_time_s=20, **common)

    def tries(trace: Trace) -> list[int]:
        return [life.receive_count for life in trace.lives]

    assert tries(short) == tries(long)
    assert max(tries(short)) > 2


def test_a_state_can_be_asked_for_at_any_moment() -> None:
    [life] = run([2.5], poll_pause_s=1, processing_s=2).lives

    assert [life.state_at(at_s) for at_s in (2.4, 2.5, 2.9, 3, 4.9, 5, 20)] == [
        None,
        READY,
        READY,
        FLIGHT,
        FLIGHT,
        DONE,
        DONE,
    ]


def test_a_month_is_as_many_runs_as_fit_into_it() -> None:
    trace = run([], poll_pause_s=1, duration_s=60)

    assert trace.per_month(61, month_s=30 * 24 * 3600) == 61 * 43200


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"wait_time_s": 21}, "wait_time_s must be 0 to 20, got 21"),
        ({"processing_s": 0}, "processing_s must be"),
        ({"failure_rate": 1.1}, "failure_rate must be 0 to 1"),
        ({"poll_pause_s": 0}, "poll_pause_s must be"),
        ({"duration_s": -5}, "duration_s must be"),
        ({"arrivals_per_s": float("nan")}, "arrivals_per_s must be"),
    ],
)
def test_parameters_out_of_range_are_refused(wrong: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        Params(**wrong)


def test_arrivals_come_at_their_rate_in_order_and_on_whole_milliseconds() -> None:
    times = arrivals(0.5, 20_000, seed=1)

    assert len(times) == pytest.approx(10_000, rel=0.05)
    assert list(times) == sorted(times)
    assert all(at_s == round(at_s, 3) for at_s in times)
    assert arrivals(0, 100, seed=1) == ()


@st.composite
def params(draw: st.DrawFn, **fixed: Any) -> Params:
    """Any run that is over quickly."""
    values: dict[str, Any] = {
        "arrivals_per_s": draw(st.sampled_from([0.02, 0.1, 0.5, 1.0])),
        "consumers": draw(st.integers(1, 5)),
        "wait_time_s": draw(st.sampled_from([0, 1, 5, 20])),
        "processing_s": draw(st.sampled_from([0.5, 2, 5, 12.5])),
        "failure_rate": draw(st.sampled_from([0, 0.2, 1])),
        "poison": draw(st.sampled_from([NOT_POISON, 0, 1])),
        "poll_pause_s": draw(st.sampled_from([0.25, 0.5, 1])),
        "duration_s": draw(st.sampled_from([10, 60, 130])),
        "seed": draw(st.integers(0, 1000)),
        "queue": Settings(
            visibility_timeout_s=draw(st.sampled_from([0, 1, 5, 13, 30])),
            delay_s=draw(st.sampled_from([0, 3])),
            retention_s=draw(st.sampled_from([60, 345600])),
            max_receive_count=draw(st.sampled_from([0, 1, 3])),
        ),
    }
    values.update(fixed)
    return Params(**values)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(params())
def test_the_same_parameters_give_the_same_run(given_: Params) -> None:
    assert simulate(given_) == simulate(given_)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(params())
def test_a_message_is_in_exactly_one_state_from_its_sending_to_the_end(given_: Params) -> None:
    trace = simulate(given_)

    for life in trace.lives:
        assert life.stays[0].start_s == life.sent_s
        assert life.stays[-1].end_s == given_.duration_s
        assert all(stay.start_s <= stay.end_s for stay in life.stays)
        assert all(stay.state in STATES for stay in life.stays)
        for stay, next_stay in itertools.pairwise(life.stays):
            assert stay.end_s == next_stay.start_s


@settings(derandomize=True, deadline=None, max_examples=200)
@given(params())
def test_the_counts_add_up(given_: Params) -> None:
    trace = simulate(given_)
    works = all_works(trace)
    finished = [work for work in works if work.outcome in (SUCCEEDED, LATE)]

    assert trace.requests == trace.sends + trace.receives + trace.deletes
    assert trace.deletes == len(finished)
    assert sum(trace.works_for(why) for why in (FIRST, RETRY, DUPLICATE)) == trace.works
    assert sum(trace.ended_in(state) for state in STATES) == trace.sends
    assert trace.ended_in(DONE) == sum(work.outcome == SUCCEEDED for work in works)
    assert sum(life.receive_count for life in trace.lives) == trace.works
    assert trace.works_for(FIRST) == sum(life.receive_count > 0 for life in trace.lives)
    assert len(trace.latencies_s()) == trace.ended_in(DONE)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(params())
def test_a_consumer_does_one_thing_at_a_time(given_: Params) -> None:
    for shift in simulate(given_).shifts:
        spans = sorted(
            [*shift.empties, *((work.asked_s, work.end_s) for work in shift.works)]
            + ([(shift.waiting_since_s, 1e9)] if shift.waiting_since_s is not None else [])
        )
        for (_, end_s), (next_start_s, _) in itertools.pairwise(spans):
            assert end_s <= next_start_s


@settings(derandomize=True, deadline=None, max_examples=200)
@given(params())
def test_an_order_is_worked_on_only_while_its_receive_hides_it_or_too_long(given_: Params) -> None:
    trace = simulate(given_)

    for work in all_works(trace):
        stays = [
            stay
            for stay in trace.lives[work.message].stays
            if stay.state == FLIGHT and stay.start_s == work.start_s
        ]
        assert stays
        assert stays[0].end_s - stays[0].start_s <= given_.queue.visibility_timeout_s + 1e-9


@settings(derandomize=True, deadline=None, max_examples=200)
@given(params(failure_rate=0, poison=NOT_POISON), st.sampled_from([1, 5, 20]))
def test_long_polling_never_has_more_empty_receives_than_short_polling(
    given_: Params, wait_time_s: int
) -> None:
    """True whenever each order is worked on once and a wait is no shorter than the pause.

    Each idle second then is either a poll's pause (short) or a poll's wait (long), and a consumer
    that gets its orders sooner is not idle for longer. With redeliveries the two runs do different
    work, and nothing can be said.
    """
    assume(given_.queue.visibility_timeout_s > given_.processing_s)
    sent_s = arrivals(given_.arrivals_per_s, given_.duration_s, given_.seed)

    short = simulate(replace(given_, wait_time_s=0), sent_s)
    long = simulate(replace(given_, wait_time_s=wait_time_s), sent_s)

    assert long.empty_receives <= short.empty_receives


@settings(derandomize=True, deadline=None, max_examples=100)
@given(params(failure_rate=0, poison=NOT_POISON))
def test_nothing_is_received_twice_while_the_timeout_covers_the_work(given_: Params) -> None:
    assume(given_.queue.visibility_timeout_s > given_.processing_s)

    trace = simulate(given_)

    assert trace.works_for(DUPLICATE) == 0
    assert trace.works_for(RETRY) == 0
