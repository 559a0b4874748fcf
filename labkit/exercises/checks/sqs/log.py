"""The call log of an SQS exercise, read message by message: single calls and batches look alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.exercises.frame import Evidence
    from labkit.sandbox.calllog import Call


@dataclass(frozen=True)
class Event:
    """What one call did, or was refused to do, to one message."""

    kind: str  # "send", "receive", "extend" or "delete"
    at: datetime  # when AWS had done it
    index: int  # of the call, in the log
    queue: str
    body: str  # empty where it is not known: a handle that no call in the log was given
    params: dict[str, Any]  # of the call, or of its entry in the batch
    refused: str  # AWS's error code, or empty


_KINDS = {
    "SendMessage": "send",
    "SendMessageBatch": "send",
    "ReceiveMessage": "receive",
    "ChangeMessageVisibility": "extend",
    "ChangeMessageVisibilityBatch": "extend",
    "DeleteMessage": "delete",
    "DeleteMessageBatch": "delete",
}


def queue_of(call: Call) -> str:
    """The name of the queue that a call is about; empty where it names none by its URL."""
    return str(call.params.get("QueueUrl", "")).rsplit("/", 1)[-1]


def on(evidence: Evidence, queue: str, *operations: str) -> list[Call]:
    """The learner's calls of these operations on that queue, in order."""
    return [call for call in evidence.of("sqs", *operations) if queue_of(call) == queue]


def events(evidence: Evidence) -> list[Event]:
    """All that the learner's calls did to messages, in order; an empty receive did nothing."""
    body_of: dict[str, str] = {}  # by receipt handle
    found: list[Event] = []
    for call in evidence.of("sqs", *_KINDS):
        for event in _events_of(call, body_of):
            if event.kind == "receive":
                body_of[event.params["ReceiptHandle"]] = event.body
            found.append(event)
    return found


def _events_of(call: Call, body_of: dict[str, str]) -> Iterator[Event]:
    kind, queue, refused = _KINDS[call.operation], queue_of(call), call.error_code or ""
    answer = {} if refused else call.response
    if kind == "receive":
        for message in answer.get("Messages", []):
            params = {**call.params, "ReceiptHandle": message["ReceiptHandle"]}
            yield Event(kind, call.ended_at, call.index, queue, message["Body"], params, "")
        return
    failed = {entry["Id"]: entry["Code"] for entry in answer.get("Failed", [])}
    for params in call.params.get("Entries", [call.params]):
        body = params.get("MessageBody") or body_of.get(params.get("ReceiptHandle", ""), "")
        error = refused or failed.get(params.get("Id", ""), "")
        yield Event(kind, call.ended_at, call.index, queue, body, params, error)


def attribute(evidence: Evidence, queue: str, name: str) -> str:
    """An attribute that the queue has now, as AWS writes it; empty if it has none of that name."""
    sqs = evidence.client("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    return str(answer["Attributes"].get(name, ""))


def waiting(evidence: Evidence, queue: str) -> int:
    """How many messages lie in the queue, whether ready, in flight or delayed."""
    states = ("", "NotVisible", "Delayed")
    return sum(
        int(attribute(evidence, queue, f"ApproximateNumberOfMessages{state}")) for state in states
    )


def span(start: datetime, end: datetime) -> str:
    """Two times of the virtual clock, in words."""
    return f"from {start:%H:%M:%S} to {end:%H:%M:%S}"


def listed(names: Iterable[str]) -> str:
    """Names in backticks, separated by commas."""
    return ", ".join(f"`{name}`" for name in names)
