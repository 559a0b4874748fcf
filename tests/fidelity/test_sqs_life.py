"""How messages live by the clock: hidden, delayed, held back, forgotten."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from labkit.facts import fact
from labkit.fidelity.sqs import backend
from labkit.sandbox.clock import START, Clock

Create = Callable[..., str]
Bodies = Callable[..., list[str]]
Refusal = Callable[..., str]
Attributes = Callable[[str], dict[str, str]]


def handle(sqs: Any, url: str, **parameters: Any) -> str:
    """The receipt handle of the one message that is received."""
    (message,) = sqs.receive_message(QueueUrl=url, **parameters)["Messages"]
    return str(message["ReceiptHandle"])


@pytest.fixture
def orders(sqs: Any, create: Create) -> str:
    """A queue with one message."""
    url = create()
    sqs.send_message(QueueUrl=url, MessageBody="2 seats")
    return url


@pytest.fixture
def receipts(create: Create) -> str:
    """A FIFO queue that finds duplicates by their content."""
    return create("receipts.fifo", ContentBasedDeduplication="true")


# ---- visibility ----


@pytest.mark.right
def test_a_received_message_is_hidden_and_comes_back(
    orders: str, bodies: Bodies, clock: Clock
) -> None:
    assert bodies(orders) == ["2 seats"]
    assert bodies(orders) == []
    clock.advance(seconds=fact("sqs.visibility_timeout_default_s") - 1)
    assert bodies(orders) == []
    clock.advance(seconds=2)
    assert bodies(orders) == ["2 seats"]


@pytest.mark.mends
def test_a_timeout_ends_on_the_second(sqs: Any, orders: str, bodies: Bodies, clock: Clock) -> None:
    receipt = handle(sqs, orders, VisibilityTimeout=5)
    clock.advance(seconds=5)
    assert bodies(orders, VisibilityTimeout=0) == ["2 seats"]

    receipt = handle(sqs, orders)
    sqs.change_message_visibility(QueueUrl=orders, ReceiptHandle=receipt, VisibilityTimeout=0)
    assert bodies(orders) == ["2 seats"]


@pytest.mark.right
def test_a_timeout_can_be_extended(sqs: Any, orders: str, bodies: Bodies, clock: Clock) -> None:
    receipt = handle(sqs, orders)
    clock.advance(seconds=20)

    sqs.change_message_visibility(QueueUrl=orders, ReceiptHandle=receipt, VisibilityTimeout=60)

    clock.advance(seconds=59)
    assert bodies(orders) == []
    clock.advance(seconds=2)
    assert bodies(orders) == ["2 seats"]


@pytest.mark.mends
def test_a_late_change_of_visibility_changes_nothing(
    sqs: Any, orders: str, bodies: Bodies, clock: Clock
) -> None:
    receipt = handle(sqs, orders, VisibilityTimeout=5)
    clock.advance(seconds=6)

    sqs.change_message_visibility(QueueUrl=orders, ReceiptHandle=receipt, VisibilityTimeout=60)

    assert bodies(orders) == ["2 seats"]


@pytest.mark.mends
def test_the_longest_timeout_counts_from_the_receive(
    sqs: Any, create: Create, bodies: Bodies, refusal: Refusal, clock: Clock
) -> None:
    url, longest = create(), fact("sqs.visibility_timeout_max_s")
    sqs.send_message(QueueUrl=url, MessageBody="2 seats")
    clock.advance(hours=10)
    receipt = handle(sqs, url)
    clock.advance(seconds=20)

    sqs.change_message_visibility(
        QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=longest - 20
    )
    said = refusal(
        sqs.change_message_visibility,
        QueueUrl=url,
        ReceiptHandle=receipt,
        VisibilityTimeout=longest - 19,
    )

    assert said == (
        f"InvalidParameterValue: Value {longest - 19} for parameter VisibilityTimeout is invalid. "
        "Reason: Total VisibilityTimeout for the message is beyond the limit "
        f"[{longest} seconds]."
    )


# ---- deleting ----


@pytest.mark.right
def test_a_deleted_message_is_gone_and_can_be_deleted_twice(
    sqs: Any, orders: str, bodies: Bodies, clock: Clock
) -> None:
    receipt = handle(sqs, orders)

    for _ in range(2):
        sqs.delete_message(QueueUrl=orders, ReceiptHandle=receipt)

    clock.advance(minutes=1)
    assert bodies(orders) == []


@pytest.mark.mends
def test_an_old_receipt_handle_deletes_nothing(
    sqs: Any, orders: str, bodies: Bodies, clock: Clock
) -> None:
    old = handle(sqs, orders, VisibilityTimeout=5)
    clock.advance(seconds=6)
    new = handle(sqs, orders, VisibilityTimeout=5)

    sqs.delete_message(QueueUrl=orders, ReceiptHandle=old)
    clock.advance(seconds=6)

    assert bodies(orders) == ["2 seats"]
    assert new != old


@pytest.mark.right
def test_a_handle_whose_timeout_is_over_still_deletes(
    sqs: Any, orders: str, bodies: Bodies, clock: Clock
) -> None:
    receipt = handle(sqs, orders, VisibilityTimeout=5)
    clock.advance(seconds=6)

    sqs.delete_message(QueueUrl=orders, ReceiptHandle=receipt)

    assert bodies(orders) == []


@pytest.mark.mends
def test_an_unknown_receipt_handle_is_named(sqs: Any, orders: str, refusal: Refusal) -> None:
    said = refusal(sqs.delete_message, QueueUrl=orders, ReceiptHandle="AQEB")

    assert said == (
        'ReceiptHandleIsInvalid: The input receipt handle "AQEB" is not a valid receipt handle.'
    )


@pytest.mark.mends
def test_the_timeout_of_a_deleted_message_cannot_be_changed(
    sqs: Any, orders: str, refusal: Refusal
) -> None:
    receipt = handle(sqs, orders)
    sqs.delete_message(QueueUrl=orders, ReceiptHandle=receipt)

    said = refusal(
        sqs.change_message_visibility,
        QueueUrl=orders,
        ReceiptHandle=receipt,
        VisibilityTimeout=5,
    )

    assert said == (
        f"InvalidParameterValue: Value {receipt} for parameter ReceiptHandle is invalid. Reason: "
        "Message does not exist or is not available for visibility timeout change."
    )


@pytest.mark.right
def test_a_queue_is_purged_once_in_a_while(
    sqs: Any, orders: str, attributes: Attributes, refusal: Refusal, clock: Clock
) -> None:
    interval_s = fact("sqs.purge_interval_s")
    sqs.receive_message(QueueUrl=orders)
    sqs.send_message(QueueUrl=orders, MessageBody="later", DelaySeconds=60)

    sqs.purge_queue(QueueUrl=orders)

    counts = [value for name, value in attributes(orders).items() if "ApproximateNumber" in name]
    assert counts == ["0", "0", "0"]
    assert refusal(sqs.purge_queue, QueueUrl=orders) == (
        "AWS.SimpleQueueService.PurgeQueueInProgress: Only one PurgeQueue operation on orders is "
        f"allowed every {interval_s} seconds."
    )
    clock.advance(seconds=interval_s)
    sqs.purge_queue(QueueUrl=orders)


# ---- delays ----


@pytest.mark.right
def test_a_queue_can_keep_messages_back(
    sqs: Any, create: Create, bodies: Bodies, clock: Clock
) -> None:
    url = create(DelaySeconds=10)
    sqs.send_message(QueueUrl=url, MessageBody="with the queue's delay")
    sqs.send_message(QueueUrl=url, MessageBody="at once", DelaySeconds=0)

    assert bodies(url) == ["at once"]
    clock.advance(seconds=10)
    assert bodies(url) == ["with the queue's delay"]


@pytest.mark.right
def test_a_message_can_have_its_own_delay(
    sqs: Any, create: Create, bodies: Bodies, clock: Clock
) -> None:
    url = create()
    sqs.send_message(QueueUrl=url, MessageBody="reminder", DelaySeconds=fact("sqs.delay_max_s"))

    clock.advance(seconds=fact("sqs.delay_max_s") - 1)
    assert bodies(url) == []
    clock.advance(seconds=1)
    assert bodies(url) == ["reminder"]


@pytest.mark.right
def test_a_new_delay_leaves_queued_standard_messages(
    sqs: Any, create: Create, bodies: Bodies, clock: Clock
) -> None:
    url = create(DelaySeconds=60)
    sqs.send_message(QueueUrl=url, MessageBody="old delay")

    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "5"})
    sqs.send_message(QueueUrl=url, MessageBody="new delay")

    clock.advance(seconds=5)
    assert bodies(url, VisibilityTimeout=600) == ["new delay"]
    clock.advance(seconds=55)
    assert bodies(url) == ["old delay"]


@pytest.mark.mends
def test_a_new_delay_reaches_queued_fifo_messages(
    sqs: Any, create: Create, bodies: Bodies, clock: Clock
) -> None:
    url = create("receipts.fifo", ContentBasedDeduplication="true", DelaySeconds=60)
    sqs.send_message(QueueUrl=url, MessageBody="sent with the old delay", MessageGroupId="ada")

    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "5"})

    clock.advance(seconds=5)
    assert bodies(url) == ["sent with the old delay"]


@pytest.mark.right
def test_counts_say_where_messages_are(
    sqs: Any, orders: str, attributes: Attributes, clock: Clock
) -> None:
    sqs.send_message(QueueUrl=orders, MessageBody="later", DelaySeconds=60)
    sqs.send_message(QueueUrl=orders, MessageBody="4 seats")
    sqs.receive_message(QueueUrl=orders)

    found = attributes(orders)

    assert found["ApproximateNumberOfMessages"] == "1"
    assert found["ApproximateNumberOfMessagesNotVisible"] == "1"
    assert found["ApproximateNumberOfMessagesDelayed"] == "1"


# ---- retention ----


@pytest.mark.mends
def test_an_expired_message_is_gone(
    sqs: Any, create: Create, bodies: Bodies, attributes: Attributes, clock: Clock
) -> None:
    url = create(MessageRetentionPeriod=60)
    sqs.send_message(QueueUrl=url, MessageBody="old")
    clock.advance(seconds=30)
    sqs.send_message(QueueUrl=url, MessageBody="new")

    clock.advance(seconds=30)

    assert attributes(url)["ApproximateNumberOfMessages"] == "1"
    assert bodies(url) == ["new"]


@pytest.mark.mends
def test_a_shorter_retention_reaches_queued_messages(
    sqs: Any, orders: str, attributes: Attributes, clock: Clock
) -> None:
    clock.advance(minutes=5)

    sqs.set_queue_attributes(QueueUrl=orders, Attributes={"MessageRetentionPeriod": "60"})

    assert attributes(orders)["ApproximateNumberOfMessages"] == "0"


@pytest.mark.mends
def test_a_message_in_flight_expires_too(
    sqs: Any, create: Create, attributes: Attributes, clock: Clock
) -> None:
    url = create(MessageRetentionPeriod=60, VisibilityTimeout=600)
    sqs.send_message(QueueUrl=url, MessageBody="2 seats")
    sqs.receive_message(QueueUrl=url)

    clock.advance(seconds=60)

    assert attributes(url)["ApproximateNumberOfMessagesNotVisible"] == "0"


# ---- long polling ----


@pytest.mark.mends
def test_a_long_poll_moves_the_clock(orders: str, bodies: Bodies, clock: Clock) -> None:
    longest = fact("sqs.wait_time_max_s")
    bodies(orders, VisibilityTimeout=600)

    polls = threading.Thread(
        target=bodies, args=(orders,), kwargs={"WaitTimeSeconds": longest}, daemon=True
    )
    polls.start()
    polls.join(timeout=2)

    try:
        assert not polls.is_alive()  # moto waits for real, and for ever while the clock stands
        assert clock.now == START + timedelta(seconds=longest)
    finally:  # a poll that outlived its sandbox would make an account under the next one's feet
        clock.advance(seconds=longest + 1)
        polls.join(timeout=10)
    assert not polls.is_alive()


def test_a_long_poll_ends_when_a_message_is_due(
    sqs: Any, orders: str, bodies: Bodies, clock: Clock
) -> None:
    bodies(orders, VisibilityTimeout=7)

    assert bodies(orders, WaitTimeSeconds=20) == ["2 seats"]
    assert clock.now == START + timedelta(seconds=7)


def test_a_long_poll_ends_when_a_delay_does(
    sqs: Any, create: Create, bodies: Bodies, clock: Clock
) -> None:
    url = create(ReceiveMessageWaitTimeSeconds=20)
    sqs.send_message(QueueUrl=url, MessageBody="reminder", DelaySeconds=12)

    assert bodies(url) == ["reminder"]
    assert clock.now == START + timedelta(seconds=12)


def test_a_long_poll_receives_what_is_sent_meanwhile(
    sqs: Any, create: Create, bodies: Bodies, clock: Clock
) -> None:
    url = create()
    clock.call_after(3, lambda: sqs.send_message(QueueUrl=url, MessageBody="just now"))

    assert bodies(url, WaitTimeSeconds=20) == ["just now"]
    assert clock.now == START + timedelta(seconds=3)


def test_a_long_poll_on_a_full_queue_does_not_wait(
    orders: str, bodies: Bodies, clock: Clock
) -> None:
    assert bodies(orders, WaitTimeSeconds=20) == ["2 seats"]
    assert clock.now == START


def test_a_wait_of_the_request_goes_before_that_of_the_queue(
    create: Create, bodies: Bodies, clock: Clock
) -> None:
    url = create(ReceiveMessageWaitTimeSeconds=20)

    assert bodies(url, WaitTimeSeconds=0) == []
    assert clock.now == START


def test_a_long_poll_with_fractions_of_a_second_comes_to_an_end(
    sqs: Any, create: Create, bodies: Bodies, clock: Clock
) -> None:
    url = create()
    clock.advance(seconds=0.0123456)
    sqs.send_message(QueueUrl=url, MessageBody="reminder", DelaySeconds=1)
    clock.call_after(0.3333333, lambda: None)

    assert bodies(url, WaitTimeSeconds=2) == ["reminder"]
    assert bodies(url, WaitTimeSeconds=2) == []


# ---- FIFO ----


@pytest.mark.right
def test_a_group_is_received_in_order_and_one_batch_at_a_time(
    sqs: Any, receipts: str, bodies: Bodies
) -> None:
    for number, group in enumerate(["ada", "ada", "grace", "ada"]):
        sqs.send_message(QueueUrl=receipts, MessageBody=f"{group} {number}", MessageGroupId=group)

    first = handle(sqs, receipts)
    assert bodies(receipts) == ["grace 2"]
    assert bodies(receipts) == []
    sqs.delete_message(QueueUrl=receipts, ReceiptHandle=first)
    assert bodies(receipts) == ["ada 1", "ada 3"]


@pytest.mark.mends
def test_a_group_goes_on_when_the_timeout_of_its_first_is_over(
    sqs: Any, receipts: str, bodies: Bodies, clock: Clock
) -> None:
    for body in ("first", "second"):
        sqs.send_message(QueueUrl=receipts, MessageBody=body, MessageGroupId="ada")
    handle(sqs, receipts, VisibilityTimeout=5)

    clock.advance(seconds=5)

    assert bodies(receipts) == ["first", "second"]


def test_a_delayed_message_holds_back_those_behind_it_and_no_others(
    sqs: Any, create: Create, bodies: Bodies, clock: Clock
) -> None:
    url = create("receipts.fifo", ContentBasedDeduplication="true", DelaySeconds=10)
    sqs.send_message(QueueUrl=url, MessageBody="first", MessageGroupId="ada")
    clock.advance(seconds=9)
    sqs.send_message(QueueUrl=url, MessageBody="second", MessageGroupId="ada")

    clock.advance(seconds=1)

    assert bodies(url) == ["first"]


@pytest.mark.mends
def test_deduplication_outlives_the_message(
    sqs: Any, receipts: str, bodies: Bodies, clock: Clock
) -> None:
    def send() -> str:
        sent = sqs.send_message(QueueUrl=receipts, MessageBody="paid", MessageGroupId="ada")
        return str(sent["MessageId"])

    first = send()
    sqs.delete_message(QueueUrl=receipts, ReceiptHandle=handle(sqs, receipts))

    clock.advance(seconds=fact("sqs.fifo_dedup_interval_s") - 1)
    again = send()
    assert bodies(receipts) == []
    assert again == first  # the answer is that of the message that was taken in

    clock.advance(seconds=1)
    send()
    assert bodies(receipts) == ["paid"]


@pytest.mark.right
def test_the_same_content_with_another_id_is_another_message(
    sqs: Any, receipts: str, bodies: Bodies
) -> None:
    for dedup_id in ("a", "b"):
        sqs.send_message(
            QueueUrl=receipts,
            MessageBody="paid",
            MessageGroupId="ada",
            MessageDeduplicationId=dedup_id,
        )

    assert bodies(receipts) == ["paid", "paid"]


@pytest.mark.mends
def test_deduplication_can_be_per_group(sqs: Any, create: Create, bodies: Bodies) -> None:
    url = create(
        "receipts.fifo", ContentBasedDeduplication="true", DeduplicationScope="messageGroup"
    )
    for group in ("ada", "grace", "ada"):
        sqs.send_message(QueueUrl=url, MessageBody="paid", MessageGroupId=group)

    assert bodies(url) == ["paid", "paid"]


@pytest.mark.mends
def test_sequence_numbers_rise(sqs: Any, receipts: str) -> None:
    sent = [
        sqs.send_message(QueueUrl=receipts, MessageBody=body, MessageGroupId="ada")
        for body in ("first", "second", "third")
    ]
    received = sqs.receive_message(
        QueueUrl=receipts, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
    )["Messages"]

    numbers = [answer["SequenceNumber"] for answer in sent]
    assert numbers == sorted(numbers)
    assert {len(number) for number in numbers} == {20}
    assert [message["Attributes"]["SequenceNumber"] for message in received] == numbers


@pytest.mark.mends
def test_a_fifo_handle_expires_with_its_timeout(
    sqs: Any, receipts: str, refusal: Refusal, clock: Clock
) -> None:
    sqs.send_message(QueueUrl=receipts, MessageBody="paid", MessageGroupId="ada")
    receipt = handle(sqs, receipts, VisibilityTimeout=5)
    clock.advance(seconds=6)

    assert refusal(sqs.delete_message, QueueUrl=receipts, ReceiptHandle=receipt) == (
        f"InvalidParameterValue: Value {receipt} for parameter ReceiptHandle is invalid. "
        "Reason: The receipt handle has expired."
    )


# ---- the most in flight ----


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch, sqs: Any, create: Create) -> Callable[..., str]:
    """A queue of five messages where only three may be in flight."""
    few = {"inflight_standard_max": 3, "inflight_fifo_max": 3}
    monkeypatch.setattr(backend, "limit", lambda name: few.get(name, fact(f"sqs.{name}")))

    def crowded(name: str, **attributes: object) -> str:
        url = create(name, **attributes)
        for number in range(5):
            group = {"MessageGroupId": f"g{number}"} if name.endswith(".fifo") else {}
            sqs.send_message(QueueUrl=url, MessageBody=f"{number}", **group)
        return url

    return crowded


@pytest.mark.mends
def test_only_so_many_messages_are_in_flight(
    sqs: Any, crowded: Callable[..., str], bodies: Bodies, refusal: Refusal, clock: Clock
) -> None:
    url = crowded("orders")

    assert bodies(url) == ["0", "1", "2"]
    assert refusal(sqs.receive_message, QueueUrl=url).startswith("OverLimit: ")
    assert bodies(url, WaitTimeSeconds=1) == []  # a long poll waits instead
    clock.advance(seconds=30)
    assert bodies(url, MaxNumberOfMessages=1) == ["0"]


@pytest.mark.mends
def test_a_crowded_fifo_queue_says_nothing(crowded: Callable[..., str], bodies: Bodies) -> None:
    url = crowded("receipts.fifo", ContentBasedDeduplication="true")

    assert bodies(url) == ["0", "1", "2"]
    assert bodies(url) == []
