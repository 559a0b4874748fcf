"""Dead-letter queues: what goes in, and how it comes out again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.facts import fact
from labkit.sandbox.clock import Clock

Create = Callable[..., str]
Bodies = Callable[..., list[str]]
Refusal = Callable[..., str]
Attributes = Callable[[str], dict[str, str]]

ARN = "arn:aws:sqs:us-east-1:123456789012:"
DLQ_ARN = ARN + "orders-dlq"


@pytest.fixture
def dlq(create: Create) -> str:
    return create("orders-dlq")


@pytest.fixture
def orders(dlq: str, create: Create) -> str:
    """A queue whose messages are dead after two receives."""
    return create(RedrivePolicy={"deadLetterTargetArn": DLQ_ARN, "maxReceiveCount": 2})


@pytest.fixture
def bury(sqs: Any, bodies: Bodies, clock: Clock) -> Callable[..., None]:
    """Sends messages and lets each fail until it is in the dead-letter queue."""

    def bury(url: str, *sent: str, **parameters: str) -> None:
        for body in sent:
            sqs.send_message(QueueUrl=url, MessageBody=body, **parameters)
        for _ in range(3):
            bodies(url, VisibilityTimeout=1)
            clock.advance(seconds=2)

    return bury


@pytest.mark.right
def test_a_message_received_too_often_is_moved(
    sqs: Any, orders: str, dlq: str, bodies: Bodies, clock: Clock
) -> None:
    sqs.send_message(QueueUrl=orders, MessageBody="poison")

    for _ in range(2):
        assert bodies(orders, VisibilityTimeout=5) == ["poison"]
        clock.advance(seconds=6)
    assert bodies(orders) == []
    assert bodies(dlq) == ["poison"]


@pytest.mark.mends
def test_a_dead_letter_says_where_it_comes_from(
    sqs: Any, orders: str, dlq: str, bury: Callable[..., None]
) -> None:
    bury(orders, "poison")
    sqs.send_message(QueueUrl=dlq, MessageBody="sent here")

    received = sqs.receive_message(
        QueueUrl=dlq,
        MaxNumberOfMessages=10,
        MessageSystemAttributeNames=["DeadLetterQueueSourceArn"],
    )["Messages"]

    assert received[0]["Attributes"]["DeadLetterQueueSourceArn"] == ARN + "orders"
    assert "DeadLetterQueueSourceArn" not in received[1].get("Attributes", {})


@pytest.mark.mends
def test_a_message_stays_where_its_dead_letter_queue_is_gone(
    sqs: Any, orders: str, dlq: str, bodies: Bodies, clock: Clock
) -> None:
    sqs.send_message(QueueUrl=orders, MessageBody="poison")
    sqs.delete_queue(QueueUrl=dlq)

    for _ in range(4):
        assert bodies(orders, VisibilityTimeout=5) == ["poison"]
        clock.advance(seconds=6)


@pytest.mark.mends
def test_retention_goes_on_in_a_dead_letter_queue(
    sqs: Any,
    create: Create,
    bury: Callable[..., None],
    attributes: Attributes,
    clock: Clock,
) -> None:
    dlq = create("orders-dlq", MessageRetentionPeriod=600)
    orders = create(RedrivePolicy={"deadLetterTargetArn": DLQ_ARN, "maxReceiveCount": 2})
    sqs.send_message(QueueUrl=orders, MessageBody="poison")
    clock.advance(seconds=500)
    bury(orders)
    assert attributes(dlq)["ApproximateNumberOfMessages"] == "1"

    clock.advance(seconds=100)

    assert attributes(dlq)["ApproximateNumberOfMessages"] == "0"


@pytest.mark.mends
def test_retention_begins_again_in_a_fifo_dead_letter_queue(
    sqs: Any,
    create: Create,
    bury: Callable[..., None],
    attributes: Attributes,
    clock: Clock,
) -> None:
    dlq = create("dead.fifo", MessageRetentionPeriod=600, ContentBasedDeduplication="true")
    receipts = create(
        "receipts.fifo",
        ContentBasedDeduplication="true",
        RedrivePolicy={"deadLetterTargetArn": ARN + "dead.fifo", "maxReceiveCount": 2},
    )
    sqs.send_message(QueueUrl=receipts, MessageBody="poison", MessageGroupId="ada")
    clock.advance(seconds=500)
    bury(receipts)

    clock.advance(seconds=590)
    assert attributes(dlq)["ApproximateNumberOfMessages"] == "1"
    clock.advance(seconds=10)
    assert attributes(dlq)["ApproximateNumberOfMessages"] == "0"


@pytest.mark.mends
def test_messages_that_share_a_deduplication_id_are_both_buried(
    sqs: Any, create: Create, bury: Callable[..., None], clock: Clock
) -> None:
    dlq = create("dead.fifo", ContentBasedDeduplication="true")
    receipts = create(
        "receipts.fifo",
        ContentBasedDeduplication="true",
        DeduplicationScope="messageGroup",
        RedrivePolicy={"deadLetterTargetArn": ARN + "dead.fifo", "maxReceiveCount": 2},
    )
    for group in ("ada", "grace"):
        sqs.send_message(QueueUrl=receipts, MessageBody="paid", MessageGroupId=group)
    bury(receipts)

    buried = sqs.receive_message(
        QueueUrl=dlq, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
    )["Messages"]

    assert len(buried) == 2
    for message in buried:
        assert message["Attributes"]["MessageDeduplicationId"] == message["MessageId"]


# ---- move tasks ----


@pytest.mark.mends
def test_a_dead_letter_queue_is_redriven(
    sqs: Any, orders: str, dlq: str, bury: Callable[..., None], bodies: Bodies
) -> None:
    bury(orders, "mended")
    dead = sqs.receive_message(QueueUrl=dlq, VisibilityTimeout=0)["Messages"][0]

    started = sqs.start_message_move_task(SourceArn=DLQ_ARN)

    assert started["TaskHandle"]
    (back,) = sqs.receive_message(
        QueueUrl=orders, WaitTimeSeconds=20, MessageSystemAttributeNames=["All"]
    )["Messages"]
    assert back["Body"] == "mended"
    assert back["MessageId"] != dead["MessageId"]
    assert back["Attributes"]["ApproximateReceiveCount"] == "1"
    assert bodies(dlq) == []


@pytest.mark.mends
def test_move_tasks_are_listed_latest_first(
    sqs: Any, orders: str, dlq: str, bury: Callable[..., None], clock: Clock
) -> None:
    bury(orders, "one", "two")
    sqs.start_message_move_task(SourceArn=DLQ_ARN)

    def listed(**parameters: int) -> list[dict[str, Any]]:
        answer = sqs.list_message_move_tasks(SourceArn=DLQ_ARN, **parameters)
        return list(answer["Results"])

    (running,) = listed()
    assert running["Status"] == "RUNNING"
    assert running["TaskHandle"]
    assert (
        running["ApproximateNumberOfMessagesMoved"],
        running["ApproximateNumberOfMessagesToMove"],
    ) == (0, 2)

    clock.advance(seconds=1)
    (done,) = listed()
    assert done["Status"] == "COMPLETED"
    assert "TaskHandle" not in done
    assert done["ApproximateNumberOfMessagesMoved"] == 2

    sqs.start_message_move_task(SourceArn=DLQ_ARN, MaxNumberOfMessagesPerSecond=5)
    assert [task.get("MaxNumberOfMessagesPerSecond") for task in listed(MaxResults=10)] == [5, None]


@pytest.mark.mends
def test_a_move_task_keeps_to_its_rate(
    sqs: Any, orders: str, dlq: str, bury: Callable[..., None], attributes: Attributes, clock: Clock
) -> None:
    bury(orders, "one", "two", "three")
    sqs.start_message_move_task(SourceArn=DLQ_ARN, MaxNumberOfMessagesPerSecond=1)

    moved = []
    for _ in range(3):
        clock.advance(seconds=1)
        moved.append(attributes(orders)["ApproximateNumberOfMessages"])

    assert moved == ["1", "2", "3"]


@pytest.mark.mends
def test_a_running_move_task_can_be_cancelled(
    sqs: Any,
    orders: str,
    dlq: str,
    bury: Callable[..., None],
    bodies: Bodies,
    refusal: Refusal,
    clock: Clock,
) -> None:
    bury(orders, "one", "two", "three")
    task = sqs.start_message_move_task(SourceArn=DLQ_ARN, MaxNumberOfMessagesPerSecond=1)
    clock.advance(seconds=1)

    cancelled = sqs.cancel_message_move_task(TaskHandle=task["TaskHandle"])
    clock.advance(seconds=60)

    assert cancelled["ApproximateNumberOfMessagesMoved"] == 1
    assert bodies(orders) == ["one"]
    assert bodies(dlq) == ["two", "three"]
    (listed,) = sqs.list_message_move_tasks(SourceArn=DLQ_ARN)["Results"]
    assert listed["Status"] == "CANCELLED"
    assert refusal(sqs.cancel_message_move_task, TaskHandle=task["TaskHandle"]) == (
        "ResourceNotFoundException: Task does not exist."
    )
    assert refusal(sqs.cancel_message_move_task, TaskHandle="foobared") == (
        "InvalidParameterValue: Value for parameter TaskHandle is invalid."
    )


@pytest.mark.mends
def test_messages_can_be_moved_elsewhere(
    sqs: Any, orders: str, dlq: str, create: Create, bury: Callable[..., None], bodies: Bodies
) -> None:
    elsewhere = create("posters")
    bury(orders, "mended")

    sqs.start_message_move_task(SourceArn=DLQ_ARN, DestinationArn=ARN + "posters")

    assert bodies(elsewhere, WaitTimeSeconds=20) == ["mended"]


@pytest.mark.mends
def test_a_move_task_is_checked(
    sqs: Any, orders: str, dlq: str, create: Create, refusal: Refusal
) -> None:
    most = fact("sqs.redrive_rate_max_per_s")

    def said(source: str = DLQ_ARN, **parameters: object) -> str:
        return refusal(sqs.start_message_move_task, SourceArn=source, **parameters)

    assert said(ARN + "orders") == (
        "InvalidParameterValue: Source queue must be configured as a Dead Letter Queue."
    )
    assert said(ARN + "nowhere") == (
        "ResourceNotFoundException: The resource that you specified for the SourceArn parameter "
        "doesn't exist."
    )
    assert said(DestinationArn=ARN + "nowhere") == (
        "ResourceNotFoundException: The resource that you specified for the DestinationArn "
        "parameter doesn't exist."
    )
    create("receipts.fifo", ContentBasedDeduplication="true")
    assert said(DestinationArn=ARN + "receipts.fifo").startswith("InvalidParameterValue: ")
    assert said(MaxNumberOfMessagesPerSecond=most + 1).startswith("InvalidParameterValue: ")
    sqs.start_message_move_task(SourceArn=DLQ_ARN)
    assert said() == (
        "InvalidParameterValue: There is already a task running. Only one active task is allowed "
        "for a source queue arn at a given time."
    )


@pytest.mark.mends
def test_a_move_task_fails_where_a_message_has_nowhere_to_go(
    sqs: Any, orders: str, dlq: str, bury: Callable[..., None], bodies: Bodies, clock: Clock
) -> None:
    sqs.send_message(QueueUrl=dlq, MessageBody="sent here")
    sqs.start_message_move_task(SourceArn=DLQ_ARN)
    clock.advance(seconds=1)

    (task,) = sqs.list_message_move_tasks(SourceArn=DLQ_ARN)["Results"]

    assert (task["Status"], task["FailureReason"]) == ("FAILED", "CouldNotDetermineMessageSource")
    assert bodies(dlq) == ["sent here"]


@pytest.mark.mends
def test_a_move_task_fails_where_the_destination_is_deleted(
    sqs: Any, orders: str, dlq: str, create: Create, bury: Callable[..., None], clock: Clock
) -> None:
    elsewhere = create("posters")
    bury(orders, "one", "two")
    sqs.start_message_move_task(
        SourceArn=DLQ_ARN, DestinationArn=ARN + "posters", MaxNumberOfMessagesPerSecond=1
    )
    clock.advance(seconds=1)
    sqs.delete_queue(QueueUrl=elsewhere)
    clock.advance(seconds=1)

    (task,) = sqs.list_message_move_tasks(SourceArn=DLQ_ARN)["Results"]

    assert task["Status"] == "FAILED"
    assert task["FailureReason"] == "AWS.SimpleQueueService.NonExistentQueue"
    assert task["ApproximateNumberOfMessagesMoved"] == 1


def test_a_redriven_fifo_message_is_no_duplicate_of_itself(
    sqs: Any, create: Create, bury: Callable[..., None], bodies: Bodies
) -> None:
    create("dead.fifo", ContentBasedDeduplication="true")
    receipts = create(
        "receipts.fifo",
        ContentBasedDeduplication="true",
        RedrivePolicy={"deadLetterTargetArn": ARN + "dead.fifo", "maxReceiveCount": 2},
    )
    bury(receipts, "paid", MessageGroupId="ada")

    sqs.start_message_move_task(SourceArn=ARN + "dead.fifo")

    assert bodies(receipts, WaitTimeSeconds=20) == ["paid"]
