"""Moving the messages of a dead-letter queue back, or elsewhere: message move tasks.

StartMessageMoveTask ──▶ RUNNING ──▶ each second up to the rate ──▶ COMPLETED
                            │                  └── no destination ──▶ FAILED
                            └── CancelMessageMoveTask ──▶ CANCELLED
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from moto.moto_api._internal import mock_random
from moto.sqs.models import sqs_backends

from labkit.fidelity.registry import rule
from labkit.fidelity.sqs.common import API, limit, queue_by_arn
from labkit.fidelity.sqs.queue import Message, Queue, now_ms
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params
from labkit.sandbox.sandbox import Sandbox

_GONE = "AWS.SimpleQueueService.NonExistentQueue"
_UNKNOWN_ORIGIN = "CouldNotDetermineMessageSource"


@dataclass
class MoveTask:
    """A task that moves a dead-letter queue's messages on the sandbox's clock.

    Without a rate it moves as many a second as AWS allows at most.
    """

    source: Queue
    destination_arn: str | None
    rate_per_s: int | None
    queues: dict[str, Queue]
    id: str = field(default_factory=lambda: str(mock_random.uuid4()))
    started_ms: int = field(default_factory=now_ms)
    status: str = "RUNNING"
    moved: int = 0
    to_move: int = 0
    failure: str | None = None

    def __post_init__(self) -> None:
        self.to_move = len(self.source.messages)
        self._in_a_second()

    @property
    def handle(self) -> str:
        """What CancelMessageMoveTask takes."""
        return base64.b64encode(
            json.dumps({"taskId": self.id, "sourceArn": self.source.queue_arn}).encode()
        ).decode()

    def _in_a_second(self) -> None:
        Sandbox.current().clock.call_after(1, self._step)

    def _step(self) -> None:
        rate = self.rate_per_s or limit("redrive_rate_max_per_s")
        for message in self.source.messages[:rate]:
            if self.status != "RUNNING":
                return
            self._move(message)
        if self.source.messages:
            self._in_a_second()
        elif self.status == "RUNNING":
            self.status = "COMPLETED"

    def _move(self, message: Any) -> None:
        arn = self.destination_arn or message.dead_letter_source_arn
        found = [queue for queue in self.queues.values() if queue.queue_arn == arn]
        if not found:
            self.status, self.failure = "FAILED", _GONE if arn else _UNKNOWN_ORIGIN
            return
        self.source._messages.remove(message)
        _send_anew(message, found[0])
        self.moved += 1

    def entry(self) -> Params:
        """The task as ListMessageMoveTasks shows it; only a running one has a handle."""
        shown = {
            "TaskHandle": self.handle if self.status == "RUNNING" else None,
            "Status": self.status,
            "SourceArn": self.source.queue_arn,
            "DestinationArn": self.destination_arn,
            "MaxNumberOfMessagesPerSecond": self.rate_per_s,
            "ApproximateNumberOfMessagesMoved": self.moved,
            "ApproximateNumberOfMessagesToMove": self.to_move,
            "FailureReason": self.failure,
            "StartedTimestamp": self.started_ms,
        }
        return {name: value for name, value in shown.items() if value is not None}


def _send_anew(message: Message, destination: Queue) -> None:
    """A redriven message is a new message: it gets a new id, and its retention begins again."""
    new = Message(str(mock_random.uuid4()), message.body, message.system_attributes)
    new.message_attributes = message.message_attributes
    new.group_id, new.deduplication_id = message.group_id, message.deduplication_id
    new.mark_sent(destination.delay_seconds)
    destination.add_message(new)


def _tasks(exchange: Exchange) -> list[MoveTask]:
    backend: Any = sqs_backends[exchange.account][exchange.region]
    tasks: list[MoveTask] = backend.move_tasks
    return tasks


def _existing(exchange: Exchange, parameter: str, arn: str) -> Queue:
    queue: Queue | None = queue_by_arn(exchange, arn)
    if queue is None:
        raise AwsError(
            "ResourceNotFoundException",
            f"The resource that you specified for the {parameter} parameter doesn't exist.",
        )
    return queue


@rule(
    "sqs",
    "StartMessageMoveTask",
    when="instead",
    follows=API + "StartMessageMoveTask.html",
    corrects="moto does not have the operation",
)
def a_dead_letter_queue_is_redriven(exchange: Exchange) -> Params:
    """Messages of a dead-letter queue move back to where they came from, as new messages.

    The task is asynchronous and takes a rate; the source must be the dead-letter queue of some
    queue, and has one task at a time.
    """
    source = _existing(exchange, "SourceArn", exchange.params["SourceArn"])
    backend: Any = sqs_backends[exchange.account][exchange.region]
    if not any(
        (queue.redrive_policy or {}).get("deadLetterTargetArn") == source.queue_arn
        for queue in backend.queues.values()
    ):
        raise AwsError(
            "InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue."
        )
    destination_arn = exchange.params.get("DestinationArn")
    if destination_arn:
        destination = _existing(exchange, "DestinationArn", destination_arn)
        if destination.fifo_queue != source.fifo_queue:
            raise AwsError(
                "InvalidParameterValue",
                "Source and destination queue must be of the same type.",
            )
    rate, most = (
        exchange.params.get("MaxNumberOfMessagesPerSecond"),
        limit("redrive_rate_max_per_s"),
    )
    if rate is not None and not 1 <= rate <= most:
        raise AwsError(
            "InvalidParameterValue",
            f"Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be "
            f"between 1 and {most}.",
        )
    if any(task.source is source and task.status == "RUNNING" for task in backend.move_tasks):
        raise AwsError(
            "InvalidParameterValue",
            "There is already a task running. Only one active task is allowed for a source "
            "queue arn at a given time.",
        )
    task = MoveTask(source, destination_arn, rate, backend.queues)
    backend.move_tasks.insert(0, task)
    return {"TaskHandle": task.handle}


@rule(
    "sqs",
    "ListMessageMoveTasks",
    when="instead",
    follows=API + "ListMessageMoveTasks.html",
    corrects="moto does not have the operation",
)
def move_tasks_are_listed_latest_first(exchange: Exchange) -> Params:
    """The latest move task of a queue is listed, or as many as are asked for.

    With its status, how many messages it moved, and a handle while it runs.
    """
    source = _existing(exchange, "SourceArn", exchange.params["SourceArn"])
    tasks = [task.entry() for task in _tasks(exchange) if task.source is source]
    return {"Results": tasks[: exchange.params.get("MaxResults") or 1]}


@rule(
    "sqs",
    "CancelMessageMoveTask",
    when="instead",
    follows=API + "CancelMessageMoveTask.html",
    corrects="moto does not have the operation",
)
def a_running_move_task_can_be_cancelled(exchange: Exchange) -> Params:
    """A cancelled move task leaves the rest where it is; what was moved stays moved.

    Only a running task can be cancelled.
    """
    try:
        handle = json.loads(base64.b64decode(exchange.params["TaskHandle"], validate=True))
        task_id, source_arn = handle["taskId"], handle["sourceArn"]
    except (ValueError, KeyError, TypeError):
        raise AwsError(
            "InvalidParameterValue", "Value for parameter TaskHandle is invalid."
        ) from None
    _existing(exchange, "SourceArn", source_arn)
    for task in _tasks(exchange):
        if task.id == task_id and task.status == "RUNNING":
            task.status = "CANCELLED"
            return {"ApproximateNumberOfMessagesMoved": task.moved}
    raise AwsError("ResourceNotFoundException", "Task does not exist.")
