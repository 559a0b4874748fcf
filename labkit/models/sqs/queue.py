"""A standard queue and its dead-letter queue, as a state machine with time as an argument.

    sent ──delay──▶ ready ──receive──▶ in flight ──delete──▶ done
                      ▲                    │
                      └─visibility timeout─┘

A message is always in exactly one of `STATES`. Two more exits: a receive that would be one more
than `max_receive_count` moves the message to the dead-letter queue instead of giving it out, and
once `retention_s` has passed since the message was sent it expires, in flight or not.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

from labkit.errors import UsageError
from labkit.facts import fact
from labkit.models.limits import within

DELAYED = "delayed"
READY = "ready"
FLIGHT = "in flight"
DONE = "done"
DEAD = "in the dead-letter queue"
EXPIRED = "expired"
STATES = (DELAYED, READY, FLIGHT, DONE, DEAD, EXPIRED)

VISIBILITY_TIMEOUT_MAX_S = int(fact("sqs.visibility_timeout_max_s"))
DELAY_MAX_S = int(fact("sqs.delay_max_s"))
RETENTION_MIN_S = int(fact("sqs.retention_min_s"))
RETENTION_MAX_S = int(fact("sqs.retention_max_s"))
MAX_RECEIVE_COUNT_MAX = int(fact("sqs.max_receive_count_max"))
RECEIVE_MAX_MESSAGES = int(fact("sqs.receive_max_messages"))


@dataclass(frozen=True)
class Settings:
    """The queue's attributes, with AWS's defaults; `max_receive_count` 0 is no redrive policy.

    Raises UsageError for a value that `SetQueueAttributes` would refuse.
    """

    visibility_timeout_s: float = int(fact("sqs.visibility_timeout_default_s"))
    delay_s: float = int(fact("sqs.delay_default_s"))
    retention_s: float = int(fact("sqs.retention_default_s"))
    max_receive_count: int = 0

    def __post_init__(self) -> None:
        within("visibility_timeout_s", self.visibility_timeout_s, 0, VISIBILITY_TIMEOUT_MAX_S)
        within("delay_s", self.delay_s, 0, DELAY_MAX_S)
        within("retention_s", self.retention_s, RETENTION_MIN_S, RETENTION_MAX_S)
        within("max_receive_count", self.max_receive_count, 0, MAX_RECEIVE_COUNT_MAX)


class Message:
    """One message: its number in order of sending, its state now, and every state before.

    `history` has a pair (state, since when in s) for each state that it entered. `receipt` is the
    number of the receive that was given it last; only that one can delete it.
    """

    __slots__ = (
        "_due_s",
        "history",
        "index",
        "receipt",
        "receive_count",
        "sent_s",
        "state",
    )

    def __init__(self, index: int, sent_s: float) -> None:
        self.index = index
        self.sent_s = sent_s
        self.state = ""
        self.receive_count = 0
        self.receipt = 0
        self.history: list[tuple[str, float]] = []
        self._due_s = -1.0

    def enter(self, state: str, at_s: float, due_s: float = -1.0) -> None:
        """Be in `state` from `at_s`, until `due_s` if the state ends by itself."""
        self.state = state
        self._due_s = due_s
        self.history.append((state, at_s))

    def is_due(self, due_s: float) -> bool:
        """Whether its present state ends by itself at exactly `due_s`."""
        return self._due_s == due_s


class Queue:
    """A standard queue that remembers everything; every call says when it happens.

    Times are seconds from any zero, and never go back: an earlier time than the last raises
    UsageError. A message whose time has come at `at_s` is ready to a receive at `at_s`. Among ready
    messages, the one sent first is received first.

    Not modelled: best-effort ordering (AWS may deliver in another order), the rare second delivery
    of a deleted message, the in-flight quota, message groups, and the dead-letter queue's own
    retention.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.messages: list[Message] = []
        self.now_s = 0.0
        self._retention_s = settings.retention_s
        self._receives_max = settings.max_receive_count or math.inf
        self._due: list[tuple[float, int]] = []  # a heap; an entry may be out of date
        self._ready: list[int] = []  # a heap of indices; an entry may be out of date
        self._expired = 0  # the messages before this index are past their retention
        self._next_expiry_s = math.inf  # when the message at that index expires
        self._receipts: list[int] = []  # receipt number - 1 → the message's index

    def send(self, at_s: float, delay_s: float | None = None) -> Message:
        """A new message, delayed by `delay_s`, or by the queue's own delay when None."""
        if delay_s is None:
            delay_s = self.settings.delay_s
        else:
            within("delay_s", delay_s, 0, DELAY_MAX_S)
        self.advance(at_s)
        message = Message(len(self.messages), at_s)
        self.messages.append(message)
        if self._next_expiry_s == math.inf:
            self._next_expiry_s = at_s + self._retention_s
        if delay_s:
            self._until(message, DELAYED, at_s, at_s + delay_s)
        else:
            self._make_ready(message, at_s)
        return message

    def receive(
        self, at_s: float, max_messages: int = 1, visibility_timeout_s: float | None = None
    ) -> list[Message]:
        """Up to `max_messages` ready messages, none of them twice; each has a new `receipt`.

        They are in flight for `visibility_timeout_s`, or for the queue's own timeout when None.
        """
        if max_messages != 1:
            within("max_messages", max_messages, 1, RECEIVE_MAX_MESSAGES)
        if visibility_timeout_s is None:
            visibility_timeout_s = self.settings.visibility_timeout_s
        else:
            within("visibility_timeout_s", visibility_timeout_s, 0, VISIBILITY_TIMEOUT_MAX_S)
        self.advance(at_s)
        answer: list[Message] = []
        if not self._ready:
            return answer
        # A timeout of 0 makes a message ready again at once, but not to this same receive: its
        # turn comes when the queue next advances.
        while len(answer) < max_messages and self.has_ready():
            message = self.messages[heapq.heappop(self._ready)]
            if message.receive_count >= self._receives_max:
                message.enter(DEAD, at_s)
                continue
            message.receive_count += 1
            self._receipts.append(message.index)
            message.receipt = len(self._receipts)
            self._until(message, FLIGHT, at_s, at_s + visibility_timeout_s)
            answer.append(message)
        return answer

    def delete(self, at_s: float, receipt: int) -> bool:
        """Whether the message of `receipt` is deleted by this call.

        A receipt that is not the message's last one deletes nothing, and AWS reports no error:
        "the request succeeds, but the message will not be deleted". A last receipt whose
        visibility timeout has run out still deletes, as long as nobody has received it again.

        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
        """
        self.advance(at_s)
        message = self._of(receipt)
        if message.receipt != receipt or message.state not in (FLIGHT, READY):
            return False
        message.enter(DONE, at_s)
        return True

    def change_visibility(self, at_s: float, receipt: int, timeout_s: float) -> bool:
        """Whether the message is now in flight until `timeout_s` from `at_s`.

        False when it is not in flight under this receipt any more. A timeout of 0 makes it ready
        at once.

        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
        """
        within("timeout_s", timeout_s, 0, VISIBILITY_TIMEOUT_MAX_S)
        self.advance(at_s)
        message = self._of(receipt)
        if message.receipt != receipt or message.state != FLIGHT:
            return False
        if timeout_s:
            self._until(message, FLIGHT, at_s, at_s + timeout_s)
        else:
            self._make_ready(message, at_s)
        return True

    def next_due_s(self) -> float | None:
        """When the next message becomes ready by itself, or None when none will."""
        due = self._due
        while due:
            due_s, index = due[0]
            message = self.messages[index]
            if message.is_due(due_s) and due_s < message.sent_s + self._retention_s:
                return due_s
            heapq.heappop(due)
        return None

    def has_ready(self) -> bool:
        """Whether a receive at the present time would find a message (or move it to the DLQ)."""
        ready = self._ready
        while ready and self.messages[ready[0]].state != READY:
            heapq.heappop(ready)
        return bool(ready)

    def count(self, state: str) -> int:
        """How many messages are in `state` at the present time."""
        total = 0
        for message in self.messages:
            if message.state == state:
                total += 1
        return total

    def advance(self, at_s: float) -> None:
        """Let everything happen that is due up to and including `at_s`."""
        if at_s < self.now_s:
            raise UsageError(
                f"The queue is at {self.now_s} s already, got {at_s} s.",
                "Time never goes back.",
            )
        self.now_s = at_s
        while self._due and self._due[0][0] <= at_s:
            due_s, index = heapq.heappop(self._due)
            message = self.messages[index]
            if message.is_due(due_s) and due_s < message.sent_s + self._retention_s:
                self._make_ready(message, due_s)
        while at_s >= self._next_expiry_s:
            self._expire()

    def _expire(self) -> None:
        message = self.messages[self._expired]
        if message.state not in (DONE, DEAD):
            message.enter(EXPIRED, self._next_expiry_s)
        self._expired += 1
        self._next_expiry_s = math.inf
        if self._expired < len(self.messages):
            self._next_expiry_s = self.messages[self._expired].sent_s + self._retention_s

    def _make_ready(self, message: Message, at_s: float) -> None:
        message.enter(READY, at_s)
        heapq.heappush(self._ready, message.index)

    def _until(self, message: Message, state: str, at_s: float, due_s: float) -> None:
        message.enter(state, at_s, due_s)
        heapq.heappush(self._due, (due_s, message.index))

    def _of(self, receipt: int) -> Message:
        if not 1 <= receipt <= len(self._receipts):
            raise UsageError(
                f"The queue never gave out receipt {receipt}.",
                f"It has given out {len(self._receipts)}, numbered from 1.",
            )
        return self.messages[self._receipts[receipt - 1]]
