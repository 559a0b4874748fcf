"""The model of a standard queue does, call by call, what AWS documents."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.errors import UsageError
from labkit.models.sqs.queue import (
    DEAD,
    DELAYED,
    DONE,
    EXPIRED,
    FLIGHT,
    READY,
    STATES,
    Message,
    Queue,
    Settings,
)

# From each state, the states that a message may enter next.
AFTER = {
    DELAYED: {READY, EXPIRED},
    READY: {FLIGHT, DONE, DEAD, EXPIRED},
    FLIGHT: {FLIGHT, READY, DONE, EXPIRED},
    DONE: set(),
    DEAD: set(),
    EXPIRED: set(),
}


def queue(**attributes: Any) -> Queue:
    return Queue(Settings(**attributes))


def indices(messages: list[Message]) -> list[int]:
    return [message.index for message in messages]


def test_the_settings_begin_as_those_of_a_new_queue_on_aws() -> None:
    defaults = Settings()

    assert defaults.visibility_timeout_s == 30
    assert defaults.delay_s == 0
    assert defaults.retention_s == 4 * 24 * 3600
    assert defaults.max_receive_count == 0


@pytest.mark.parametrize(
    ("attributes", "complaint"),
    [
        ({"visibility_timeout_s": 43201}, "visibility_timeout_s must be 0 to 43200, got 43201"),
        ({"visibility_timeout_s": -1}, "got -1"),
        ({"delay_s": 901}, "delay_s must be 0 to 900"),
        ({"retention_s": 59}, "retention_s must be 60 to 1209600"),
        ({"retention_s": 1209601}, "got 1209601"),
        ({"max_receive_count": 1001}, "max_receive_count must be 0 to 1000"),
    ],
)
def test_what_aws_would_refuse_is_refused(attributes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        Settings(**attributes)


def test_a_received_message_is_hidden_until_its_visibility_timeout_is_over() -> None:
    orders = queue(visibility_timeout_s=30)
    orders.send(0)

    assert indices(orders.receive(1)) == [0]
    assert orders.receive(30.999) == []
    again = orders.receive(31)
    assert [message.receive_count for message in again] == [2]


def test_a_receive_may_set_a_timeout_of_its_own() -> None:
    orders = queue(visibility_timeout_s=30)
    orders.send(0)
    orders.receive(0, visibility_timeout_s=5)

    assert orders.receive(4) == []
    assert indices(orders.receive(5)) == [0]


def test_a_timeout_of_0_hides_a_message_from_the_same_answer_only() -> None:
    orders = queue(visibility_timeout_s=0)
    orders.send(0)

    assert indices(orders.receive(1, max_messages=10)) == [0]
    assert indices(orders.receive(1, max_messages=10)) == [0]


def test_a_message_can_be_deleted_in_flight() -> None:
    orders = queue()
    orders.send(0)
    [message] = orders.receive(0)

    assert orders.delete(3, message.receipt)
    assert message.state == DONE
    assert orders.receive(100) == []


def test_a_late_delete_works_as_long_as_nobody_has_received_the_message_again() -> None:
    orders = queue(visibility_timeout_s=10)
    orders.send(0)
    receipt = orders.receive(0)[0].receipt

    assert orders.delete(25, receipt)


def test_an_old_receipt_deletes_nothing_and_raises_nothing() -> None:
    orders = queue(visibility_timeout_s=10)
    message = orders.send(0)
    old = orders.receive(0)[0].receipt
    orders.receive(10)

    assert not orders.delete(11, old)
    assert message.state == FLIGHT


def test_deleting_twice_deletes_once() -> None:
    orders = queue()
    orders.send(0)
    receipt = orders.receive(0)[0].receipt

    assert orders.delete(1, receipt)
    assert not orders.delete(2, receipt)


def test_a_delayed_message_cannot_be_received_before_its_time() -> None:
    orders = queue(delay_s=15)
    message = orders.send(0)

    assert message.state == DELAYED
    assert orders.receive(14.9) == []
    assert indices(orders.receive(15)) == [0]


def test_a_message_timer_goes_before_the_queue_s_delay() -> None:
    orders = queue(delay_s=15)
    orders.send(0, delay_s=0)
    orders.send(0, delay_s=40)

    assert indices(orders.receive(0, max_messages=10)) == [0]
    assert orders.receive(39, max_messages=10) == [orders.messages[0]]
    assert indices(orders.receive(40, max_messages=10)) == [1]


def test_extending_counts_from_the_moment_of_the_call() -> None:
    orders = queue(visibility_timeout_s=10)
    orders.send(0)
    receipt = orders.receive(0)[0].receipt

    assert orders.change_visibility(8, receipt, 10)
    assert orders.receive(17.9) == []
    assert indices(orders.receive(18)) == [0]


def test_a_visibility_of_0_gives_a_message_back_at_once() -> None:
    orders = queue(visibility_timeout_s=600)
    orders.send(0)
    receipt = orders.receive(0)[0].receipt

    assert orders.change_visibility(2, receipt, 0)
    assert indices(orders.receive(2)) == [0]


@pytest.mark.parametrize("moment_s", [10, 50], ids=["the moment it lapses", "long after"])
def test_visibility_cannot_be_changed_once_it_has_lapsed(moment_s: float) -> None:
    orders = queue(visibility_timeout_s=10)
    orders.send(0)
    receipt = orders.receive(0)[0].receipt

    assert not orders.change_visibility(moment_s, receipt, 30)
    assert indices(orders.receive(moment_s)) == [0]


def test_one_receive_more_than_the_redrive_policy_allows_moves_a_message() -> None:
    orders = queue(visibility_timeout_s=10, max_receive_count=2)
    poison = orders.send(0)
    good = orders.send(1)

    assert indices(orders.receive(1)) == [0]
    assert indices(orders.receive(11)) == [0]
    assert poison.state == FLIGHT
    # The third receive finds it used up, and takes the next message instead.
    assert indices(orders.receive(21)) == [1]
    assert poison.state == DEAD
    assert poison.receive_count == 2
    assert good.state == FLIGHT


def test_the_dead_letter_queue_keeps_what_its_source_would_have_let_expire() -> None:
    orders = queue(retention_s=60, max_receive_count=1, visibility_timeout_s=5)
    message = orders.send(0)
    orders.receive(0)
    orders.receive(5)
    orders.advance(1000)

    assert message.state == DEAD


@pytest.mark.parametrize("received", [False, True], ids=["ready", "in flight"])
def test_a_message_expires_wherever_it_is_when_its_retention_is_over(received: bool) -> None:
    orders = queue(retention_s=60, visibility_timeout_s=600)
    message = orders.send(5)
    if received:
        orders.receive(6)
    orders.advance(64.9)
    before = message.state
    orders.advance(65)

    assert before in (READY, FLIGHT)
    assert message.state == EXPIRED
    assert orders.receive(65) == []


def test_the_message_sent_first_is_received_first() -> None:
    orders = queue()
    for at_s in (0, 1, 2, 3):
        orders.send(at_s)

    assert indices(orders.receive(5, max_messages=3)) == [0, 1, 2]
    assert indices(orders.receive(5, max_messages=3)) == [3]


def test_one_receive_brings_at_most_ten() -> None:
    orders = queue()

    with pytest.raises(UsageError, match="max_messages must be 1 to 10, got 11"):
        orders.receive(0, max_messages=11)


def test_time_never_goes_back() -> None:
    orders = queue()
    orders.send(10)

    with pytest.raises(UsageError, match="at 10 s already, got 9 s"):
        orders.receive(9)


def test_a_receipt_that_was_never_given_out_is_an_error() -> None:
    with pytest.raises(UsageError, match="never gave out receipt 1"):
        queue().delete(0, 1)


def test_the_next_due_moment_is_the_earliest_that_still_counts() -> None:
    orders = queue(visibility_timeout_s=10)
    orders.send(0)
    orders.send(0, delay_s=30)
    receipt = orders.receive(0)[0].receipt

    assert orders.next_due_s() == 10
    orders.change_visibility(1, receipt, 300)
    assert orders.next_due_s() == 30
    orders.delete(2, receipt)
    orders.advance(30)
    assert orders.next_due_s() is None


Step = tuple[str, float, int]

steps = st.lists(
    st.tuples(
        st.sampled_from(["send", "send later", "receive", "receive", "delete", "change"]),
        st.sampled_from([0.0, 0.5, 1.0, 3.0, 7.0, 20.0]),
        st.integers(0, 9),
    ),
    max_size=60,
)
attributes = st.fixed_dictionaries(
    {
        "visibility_timeout_s": st.sampled_from([0, 1, 5, 30]),
        "delay_s": st.sampled_from([0, 2]),
        "retention_s": st.sampled_from([60, 345600]),
        "max_receive_count": st.sampled_from([0, 1, 3]),
    }
)


def played(script: list[Step], settings_: dict[str, Any]) -> Queue:
    """The queue after a script of calls; each step waits, then calls."""
    orders, now_s, receipts = queue(**settings_), 0.0, 0
    for call, wait_s, number in script:
        now_s += wait_s
        if call == "send":
            orders.send(now_s)
        elif call == "send later":
            orders.send(now_s, delay_s=number)
        elif call == "receive":
            receipts += len(orders.receive(now_s, max_messages=number + 1))
        elif receipts:
            receipt = receipts - number % receipts
            if call == "delete":
                orders.delete(now_s, receipt)
            else:
                orders.change_visibility(now_s, receipt, number)
    return orders


@settings(derandomize=True, deadline=None, max_examples=300)
@given(steps, attributes)
def test_a_message_is_in_exactly_one_state_at_each_time(
    script: list[Step], settings_: dict[str, Any]
) -> None:
    orders = played(script, settings_)

    assert sum(orders.count(state) for state in STATES) == len(orders.messages)
    for message in orders.messages:
        times = [at_s for _, at_s in message.history]
        names = [state for state, _ in message.history]
        assert times[0] == message.sent_s
        assert times == sorted(times)
        assert all(after in AFTER[name] for name, after in itertools.pairwise(names))
        assert message.state == names[-1]


@settings(derandomize=True, deadline=None, max_examples=300)
@given(steps, attributes)
def test_nothing_is_lost_before_its_retention_ends(
    script: list[Step], settings_: dict[str, Any]
) -> None:
    orders = played(script, settings_)
    retention_s = settings_["retention_s"]

    for message in orders.messages:
        age_s = orders.now_s - message.sent_s
        ended = message.state in (EXPIRED, DONE, DEAD)
        assert (message.state == EXPIRED) <= (age_s >= retention_s)
        assert ended or age_s < retention_s
        for state, at_s in message.history:
            assert state != EXPIRED or at_s == message.sent_s + retention_s


@settings(derandomize=True, deadline=None, max_examples=300)
@given(steps, attributes)
def test_no_message_is_received_more_often_than_the_redrive_policy_allows(
    script: list[Step], settings_: dict[str, Any]
) -> None:
    orders = played(script, settings_)
    most = settings_["max_receive_count"] or math.inf

    for message in orders.messages:
        assert message.receive_count <= most
        assert message.state != DEAD or message.receive_count == most


@settings(derandomize=True, deadline=None, max_examples=300)
@given(steps, attributes)
def test_a_message_that_was_deleted_is_never_seen_again(
    script: list[Step], settings_: dict[str, Any]
) -> None:
    orders = played(script, settings_)

    later = [message.index for wait_s in (1, 50) for message in _everything(orders, wait_s)]

    deleted = [message.index for message in orders.messages if message.state == DONE]
    assert not set(later) & set(deleted)


def _everything(orders: Queue, wait_s: float) -> list[Message]:
    """All that can be received `wait_s` from now."""
    found: list[Message] = []
    for _ in range(len(orders.messages) + 1):
        found += orders.receive(orders.now_s + wait_s, 10, visibility_timeout_s=1000)
        wait_s = 0
    return found
