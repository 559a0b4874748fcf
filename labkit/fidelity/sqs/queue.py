"""A queue and its messages as AWS keeps them, in the place of moto's own classes.

A message's life, by the clock (in milliseconds, as SQS counts):

    sent ──── delay ────▶ visible ──── receive ────▶ in flight ──── timeout ────▶ visible …
                             │                           └── delete ──▶ gone
                             └── received maxReceiveCount times: to the dead-letter queue
    and from anywhere, when the retention period is over: gone

Each way in which this differs from moto is a row of `labkit.fidelity.sqs.ledger`.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.utils import camelcase_to_underscores
from moto.sqs import models as moto_sqs

from labkit.fidelity.sqs.common import invalid, limit
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.sandbox import Sandbox

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_SEQUENCE_START, _SEQUENCE_STEP = 18_849_496_460_467_696_128, 256  # twenty digits, as AWS's


def now_ms() -> int:
    """The sandbox's time in milliseconds since 1970."""
    return (Sandbox.current().clock.now - _EPOCH) // _MS


def at_ms(milliseconds: float) -> datetime:
    """The moment that lies so many milliseconds after 1970."""
    return _EPOCH + int(milliseconds) * _MS


class Message(moto_sqs.Message):
    """A message that knows when it was received, and where it came to a dead end."""

    sent_timestamp: int  # type: ignore[assignment]
    receipt_handle: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.retained_from_ms = 0
        self.received_at_ms = 0
        self.dead_letter_source_arn: str | None = None

    @property
    def visible(self) -> bool:
        """Not hidden by a timeout; at the timeout's very end it shows again."""
        return now_ms() >= self.visible_at

    @property
    def delayed(self) -> bool:
        """Kept back since its sending."""
        return now_ms() < self.delayed_until

    @property
    def in_flight(self) -> bool:
        """Received, not deleted, and hidden."""
        return self.approximate_receive_count > 0 and not self.visible

    def mark_sent(self, delay_seconds: int | None = None) -> None:
        """Start the message's life, and its delay."""
        self.sent_timestamp = self.retained_from_ms = now_ms()
        self.delay(delay_seconds or 0)

    def delay(self, delay_seconds: int) -> None:
        """Keep the message back for so long after its sending."""
        self.delayed_until = self.sent_timestamp + delay_seconds * 1000

    def change_visibility(self, visibility_timeout: int) -> None:
        """Hide the message for so many seconds from now."""
        self.visible_at = now_ms() + visibility_timeout * 1000

    def mark_received(self, visibility_timeout: int | None = None) -> None:
        """Hand the message out, under a new receipt handle."""
        super().mark_received(visibility_timeout)
        self.received_at_ms = now_ms()


class Attributes(Mapping[str, Any]):
    """A queue's attributes, each worked out when it is read.

    moto works out all of them, and counts every message three times, for each message sent.
    """

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._names = [
            *queue.BASE_ATTRIBUTES,
            *(queue.FIFO_ATTRIBUTES if queue.fifo_queue else ()),
            *(queue.KMS_ATTRIBUTES if queue.kms_master_key_id else ()),
        ]

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise KeyError(name)
        value = getattr(self._queue, camelcase_to_underscores(name))
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, float):
            return int(value)
        return json.dumps(value, separators=(",", ":")) if isinstance(value, dict) else value

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Queue(moto_sqs.Queue):
    """A queue that keeps to the clock and remembers what it has seen."""

    BASE_ATTRIBUTES = [*moto_sqs.Queue.BASE_ATTRIBUTES, "RedriveAllowPolicy"]  # noqa: RUF012

    # Set by moto from the queue's attributes.
    kms_master_key_id: str | None
    message_retention_period: int
    deduplication_scope: str
    delay_seconds: int
    redrive_policy: dict[str, Any] | None
    _messages: list[Message]  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.redrive_allow_policy: str | None = None
        self._handed_out: dict[str, Message] = {}  # by receipt handle, old ones included
        self._seen: dict[tuple[str | None, str | None], Message] = {}  # by deduplication id
        self._numbered = 0
        self.listeners: list[Callable[[], object]] = []  # told when something may be received
        super().__init__(*args, **kwargs)

    def url(self, request_url: Any) -> str:
        """Its address on AWS, whatever host the sandbox was asked at."""
        return f"https://sqs.{self.region}.amazonaws.com/{self.account_id}/{self.name}"

    # ---- attributes ----

    @property
    def attributes(self) -> Attributes:  # type: ignore[override]
        """Name to value, as GetQueueAttributes has them."""
        self._forget_expired()
        return Attributes(self)

    def _set_attributes(self, attributes: dict[str, Any], now: float | None = None) -> None:
        policy = attributes.get("Policy", getattr(self, "policy", None))
        super()._set_attributes(attributes, now)
        self.policy = policy
        if attributes.get("KmsMasterKeyId"):
            self.sqs_managed_sse_enabled = False
        if self.fifo_queue and "DelaySeconds" in attributes:
            for message in self._messages:
                message.delay(int(attributes["DelaySeconds"]))

    # ---- messages come in ----

    def add_message(self, message: Any) -> None:
        """Take in a message that was sent, unless it repeats one of the last minutes."""
        message.sequence_number = None
        if self.fifo_queue:
            scope = message.group_id if self.deduplication_scope == "messageGroup" else None
            first = self._seen.get((scope, message.deduplication_id))
            interval_ms = limit("fifo_dedup_interval_s") * 1000
            if first is not None and now_ms() - first.sent_timestamp < interval_ms:
                message.id, message.sequence_number = first.id, first.sequence_number
                return
            self._seen[scope, message.deduplication_id] = message
            message.sequence_number = str(_SEQUENCE_START + self._numbered * _SEQUENCE_STEP)
            self._numbered += 1
        self._messages.append(message)
        self._tell()

    def bury(self, message: Message, source_arn: str) -> None:
        """Take in a message as the dead-letter queue of `source_arn`."""
        message.dead_letter_source_arn = source_arn
        if self.fifo_queue:
            message.retained_from_ms = now_ms()
            message.deduplication_id = message.id
        self._messages.append(message)
        self._tell()

    def _tell(self) -> None:
        for listener in self.listeners:
            listener()

    # ---- and go out ----

    def receive(self, count: int, visibility_timeout_s: int, dead_end: Queue | None) -> list[Any]:
        """Hand out up to `count` messages; those received too often go to `dead_end` instead."""
        self._forget_expired()
        received: list[Message] = []
        for message in self._deliverable():
            if len(received) == count:
                break
            if dead_end is not None and self._received_too_often(message):
                self._messages.remove(message)
                dead_end.bury(message, self.queue_arn)
            else:
                message.mark_received(visibility_timeout_s)
                self._handed_out[message.receipt_handle] = message
                received.append(message)
        return received

    def _received_too_often(self, message: Message) -> bool:
        most = (self.redrive_policy or {}).get("maxReceiveCount")
        return most is not None and message.approximate_receive_count >= most

    def _deliverable(self) -> Iterator[Message]:
        """The messages that can be received, in order.

        A FIFO queue holds a group back while one of it is in flight, and behind one that is
        delayed. What is received meanwhile does not hold back the rest of its batch.
        """
        now = now_ms()
        hidden = {message.group_id for message in self._messages if now < message.visible_at}
        held = hidden if self.fifo_queue else set()
        for message in list(self._messages):
            if now < message.visible_at or message.group_id in held:
                continue
            if now < message.delayed_until:
                held |= {message.group_id} if self.fifo_queue else set()
                continue
            yield message

    def leave_copy(self, receipt_handle: str) -> None:
        """Offer a received message once more, from a server that did not hear of the receive."""
        received = self._of_handle(receipt_handle)
        other = copy.copy(received)
        other.visible_at = 0
        other.approximate_receive_count -= 1
        self._messages.append(other)
        self._tell()

    @property
    def in_flight(self) -> int:
        """How many messages are received, not deleted, and hidden."""
        now = now_ms()
        return sum(now < message.visible_at for message in self._messages)

    @property
    def ready(self) -> int:
        """How many messages can be received now."""
        return sum(1 for _ in self._deliverable())

    def next_change_ms(self) -> float | None:
        """When the next message becomes visible by itself, if one will."""
        now = now_ms()
        times = (max(message.visible_at, message.delayed_until) for message in self._messages)
        return min((time for time in times if time > now), default=None)

    # ---- and end ----

    def delete_message(self, receipt_handle: str) -> None:
        """Delete the message if the handle is of its latest receive."""
        message = self._of_handle(receipt_handle)
        if message not in self._messages:
            return
        current = receipt_handle == message.receipt_handle
        if self.fifo_queue and not (current and message.in_flight):
            raise invalid(receipt_handle, "ReceiptHandle", "The receipt handle has expired.")
        if current:
            self._messages.remove(message)

    def change_visibility(self, receipt_handle: str, visibility_timeout_s: int) -> None:
        """Hide the message for so long from now, if it is still in flight by this handle."""
        message = self._of_handle(receipt_handle)
        if message not in self._messages:
            raise invalid(
                receipt_handle,
                "ReceiptHandle",
                "Message does not exist or is not available for visibility timeout change.",
            )
        if receipt_handle != message.receipt_handle or not message.in_flight:
            return
        longest_s = limit("visibility_timeout_max_s")
        since_receive_ms = now_ms() - message.received_at_ms
        if since_receive_ms + visibility_timeout_s * 1000 > longest_s * 1000:
            raise invalid(
                visibility_timeout_s,
                "VisibilityTimeout",
                "Total VisibilityTimeout for the message is beyond the limit "
                f"[{longest_s} seconds].",
            )
        message.change_visibility(visibility_timeout_s)
        self._tell()

    def _of_handle(self, receipt_handle: str) -> Message:
        if receipt_handle not in self._handed_out:
            raise AwsError(
                "ReceiptHandleIsInvalid",
                f'The input receipt handle "{receipt_handle}" is not a valid receipt handle.',
            )
        return self._handed_out[receipt_handle]

    def source_arn_of(self, receipt_handle: str) -> str | None:
        """The queue that a received message was moved here from, if it was."""
        return self._of_handle(receipt_handle).dead_letter_source_arn

    def _forget_expired(self) -> None:
        horizon_ms = now_ms() - self.message_retention_period * 1000
        if any(message.retained_from_ms <= horizon_ms for message in self._messages):
            self._messages = [m for m in self._messages if m.retained_from_ms > horizon_ms]
