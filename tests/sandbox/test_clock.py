"""The clock moves when it is told to, and work is done on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.errors import UsageError
from labkit.sandbox.clock import START, Clock


def test_it_starts_on_a_monday_morning() -> None:
    clock = Clock()

    assert clock.now == datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    assert clock.now.strftime("%A") == "Monday"


def test_it_says_where_it_went() -> None:
    clock = Clock()

    moved = clock.advance(seconds=20)

    assert repr(moved) == "09:00:00 → 09:00:20 (virtual)"
    assert (moved.before, moved.after) == (START, clock.now)


def test_it_shows_the_date_when_the_day_changes() -> None:
    assert repr(Clock().advance(days=2)) == "2026-01-05 09:00:00 → 2026-01-07 09:00:00 (virtual)"


def test_spans_add_up() -> None:
    clock = Clock()

    clock.advance(days=1, hours=2, minutes=3, seconds=4)

    assert clock.now - START == timedelta(days=1, hours=2, minutes=3, seconds=4)


@pytest.mark.parametrize("span", [{"seconds": -1}, {"hours": 1, "minutes": -61}])
def test_it_does_not_go_back(span: dict[str, int]) -> None:
    clock = Clock()

    with pytest.raises(UsageError, match="only moves forward"):
        clock.advance(**span)
    assert clock.now == START


def test_due_work_sees_its_own_time() -> None:
    clock = Clock()
    seen: list[datetime] = []
    clock.call_at(START + timedelta(seconds=5), lambda: seen.append(clock.now))

    clock.advance(seconds=10)

    assert seen == [START + timedelta(seconds=5)]
    assert clock.now == START + timedelta(seconds=10)


def test_work_is_done_in_order_of_time_and_then_of_asking() -> None:
    clock = Clock()
    done: list[str] = []
    clock.call_after(2, lambda: done.append("later"))
    clock.call_after(1, lambda: done.append("first"))
    clock.call_after(1, lambda: done.append("second"))

    clock.advance(seconds=2)

    assert done == ["first", "second", "later"]


def test_work_after_the_end_waits() -> None:
    clock = Clock()
    done: list[str] = []
    clock.call_after(11, lambda: done.append("too early"))

    clock.advance(seconds=10)

    assert done == []
    assert clock.next_due == START + timedelta(seconds=11)


def test_work_can_ask_for_more_work_on_the_same_way() -> None:
    clock = Clock()
    ticks: list[datetime] = []

    def tick() -> None:
        ticks.append(clock.now)
        clock.call_after(3, tick)

    clock.call_after(3, tick)
    clock.advance(seconds=10)

    assert [(at - START).seconds for at in ticks] == [3, 6, 9]


def test_work_that_takes_time_moves_the_clock_itself() -> None:
    clock = Clock()
    clock.call_after(1, lambda: clock.advance(seconds=30))

    clock.advance(seconds=2)

    assert clock.now == START + timedelta(seconds=31)


def test_cancelled_work_is_not_done() -> None:
    clock = Clock()
    done: list[str] = []
    due = clock.call_after(1, lambda: done.append("no"))

    due.cancel()
    clock.advance(seconds=2)

    assert done == []
    assert clock.next_due is None


def test_work_whose_time_is_past_is_done_at_the_next_move() -> None:
    clock = Clock()
    done: list[datetime] = []
    clock.call_at(START - timedelta(seconds=1), lambda: done.append(clock.now))

    clock.advance(seconds=0)

    assert done == [START]


@given(st.lists(st.integers(0, 100), max_size=20), st.lists(st.integers(0, 30), max_size=10))
def test_time_never_goes_back_and_all_due_work_is_done(delays: list[int], moves: list[int]) -> None:
    clock = Clock()
    seen: list[datetime] = []
    for delay in delays:
        clock.call_after(delay, lambda: seen.append(clock.now))

    for seconds in moves:
        clock.advance(seconds=seconds)

    assert seen == sorted(seen)
    passed = sum(moves)
    assert len(seen) == (sum(delay <= passed for delay in delays) if moves else 0)
    assert clock.now == START + timedelta(seconds=passed)
