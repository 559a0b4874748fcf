"""Producers that send, consumers that receive, work and delete: a day at the queue, in events.

Each consumer runs the loop that everyone writes first:

    while True:
        answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=wait_time_s)
        for message in answer.get("Messages", []):
            handle(message)  # takes processing_s; may raise, and then nothing is deleted
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

With short polling it pauses for `poll_pause_s` after an empty answer, or it would ask without end;
with long polling the waiting is done by SQS, so it asks again at once.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.facts import fact
from labkit.models.limits import within
from labkit.models.rng import Rng
from labkit.models.sqs import trace as happened
from labkit.models.sqs.queue import Message, Queue, Settings
from labkit.units import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

WAIT_TIME_MAX_S = int(fact("sqs.wait_time_max_s"))
NOT_POISON = -1
AWS_DEFAULTS = Settings()

# What happens first when several things happen at one moment.
_FINISH, _ASK, _WAIT_OVER = 0, 1, 2
_ARRIVALS_STREAM = 1
_FAILURES_STREAM = 2


@dataclass(frozen=True)
class Params:
    """What decides a run, chance included: the same `Params` give the same `Trace`.

    `failure_rate` is the chance, 0 to 1, that the handler raises; it is drawn for each attempt at
    each message, so that the same attempt has the same luck however the queue is set. `poison` is
    the index of a message at which the handler always raises, or `NOT_POISON`.
    """

    arrivals_per_s: float = 0.1
    consumers: int = 2
    wait_time_s: float = int(fact("sqs.wait_time_default_s"))
    processing_s: float = 5
    failure_rate: float = 0
    poison: int = NOT_POISON
    poll_pause_s: float = 1
    duration_s: float = 120
    seed: int = 1
    queue: Settings = AWS_DEFAULTS

    def __post_init__(self) -> None:
        within("arrivals_per_s", self.arrivals_per_s, 0, 1000)
        within("consumers", self.consumers, 0, 1000)
        within("wait_time_s", self.wait_time_s, 0, WAIT_TIME_MAX_S)
        within("processing_s", self.processing_s, 0.001, SECONDS_PER_DAY)
        within("failure_rate", self.failure_rate, 0, 1)
        within("poll_pause_s", self.poll_pause_s, 0.001, 3600)
        within("duration_s", self.duration_s, 0.001, 10**9)


def arrivals(per_s: float, duration_s: float, seed: int) -> tuple[float, ...]:
    """Moments in s at which messages are sent: a Poisson process, on whole milliseconds.

    Whole milliseconds, because interpreters differ in the last digit of a logarithm.
    """
    if per_s <= 0:
        return ()
    rng = Rng(seed, _ARRIVALS_STREAM)
    times = []
    now_ms = int(rng.exponential(1000 / per_s))
    while now_ms < duration_s * 1000:
        times.append(now_ms / 1000)
        now_ms += int(rng.exponential(1000 / per_s) + 0.5)
    return tuple(times)


def simulate(params: Params, sent_s: Sequence[float] | None = None) -> happened.Trace:
    """Run for `params.duration_s` and tell everything that happened.

    `sent_s`, in order of time, are the moments of sending; when None, they come from
    `params.arrivals_per_s` and the seed. Consumers begin spread over one pause, so that they do
    not ask in step.

    Not modelled: the time a request takes, receives of more than one message, the servers that a
    short poll leaves out, producers that fail.
    """
    if sent_s is None:
        sent_s = arrivals(params.arrivals_per_s, params.duration_s, params.seed)
    return _Run(params).through(sent_s)


class _Work:
    """A `trace.Work` while its outcome is still open."""

    __slots__ = ("asked_s", "consumer", "message", "outcome", "receipt", "start_s", "tries", "why")

    def __init__(
        self, message: Message, consumer: int, asked_s: float, start_s: float, why: str
    ) -> None:
        self.message = message.index
        self.receipt = message.receipt
        self.tries = message.receive_count
        self.consumer = consumer
        self.asked_s = asked_s
        self.start_s = start_s
        self.why = why
        self.outcome = happened.WORKING


class _Run:
    """The queue, the consumers and the events that are still to come."""

    def __init__(self, params: Params) -> None:
        self.params = params
        self.queue = Queue(params.queue)
        self.events = 0
        self.deletes = 0
        count = params.consumers
        # (when, what, consumer, number of its request)
        self.to_come: list[tuple[float, int, int, int]] = [
            (consumer * params.poll_pause_s / count, _ASK, consumer, 0) for consumer in range(count)
        ]
        self.waiting: list[int] = []  # consumers in an open long poll, the longest first
        self.asked_s = [0.0] * count
        self.request = [0] * count
        self.empties: list[list[tuple[float, float]]] = [[] for _ in range(count)]
        self.works: list[list[_Work]] = [[] for _ in range(count)]
        self.unfailed: dict[int, int] = {}  # message → attempts under way or without failure
        self.luck: dict[int, Rng] = {}

    def through(self, sent_s: Sequence[float]) -> happened.Trace:
        """Let everything happen up to the end, then tell it."""
        end_s = self.params.duration_s
        queue, to_come = self.queue, self.to_come
        heapq.heapify(to_come)
        sent = 0
        while True:
            now_s = to_come[0][0] if to_come else math.inf
            sending = sent < len(sent_s) and sent_s[sent] <= now_s
            if sending:
                now_s = sent_s[sent]
            if self.waiting:  # only an open long poll notices the moment a message turns ready
                due_s = queue.next_due_s()
                if due_s is not None and due_s <= now_s and due_s <= end_s:
                    self.events += 1
                    queue.advance(due_s)
                    self.serve(due_s)
                    continue
            if now_s > end_s:
                break
            self.events += 1
            if sending:
                sent += 1
                queue.send(now_s)
                self.serve(now_s)
                continue
            _, what, consumer, request = heapq.heappop(to_come)
            if what == _ASK:
                self.ask(now_s, consumer)
            elif what == _FINISH:
                self.finish(now_s, consumer)
            elif request == self.request[consumer]:
                self.waiting.remove(consumer)
                self.empties[consumer].append((self.asked_s[consumer], now_s))
                self.ask(now_s, consumer)
        queue.advance(end_s)
        return self.tell()

    def ask(self, now_s: float, consumer: int) -> None:
        """The consumer sends ReceiveMessage."""
        self.asked_s[consumer] = now_s
        self.request[consumer] += 1
        answer = self.queue.receive(now_s)
        if answer:
            self.begin(now_s, consumer, answer[0])
        elif self.params.wait_time_s:
            self.waiting.append(consumer)
            over_s = now_s + self.params.wait_time_s
            heapq.heappush(self.to_come, (over_s, _WAIT_OVER, consumer, self.request[consumer]))
        else:
            self.empties[consumer].append((now_s, now_s))
            heapq.heappush(self.to_come, (now_s + self.params.poll_pause_s, _ASK, consumer, 0))

    def serve(self, now_s: float) -> None:
        """Answer open long polls, the longest first, with the messages that are ready."""
        while self.waiting and self.queue.has_ready():
            answer = self.queue.receive(now_s)
            if answer:
                consumer = self.waiting.pop(0)
                self.request[consumer] += 1  # so that the end of its wait means nothing now
                self.begin(now_s, consumer, answer[0])

    def begin(self, now_s: float, consumer: int, message: Message) -> None:
        """The consumer has a message and calls the handler."""
        index = message.index
        unfailed = self.unfailed.get(index)
        if unfailed is None:
            why = happened.FIRST
        else:
            why = happened.DUPLICATE if unfailed else happened.RETRY
        self.unfailed[index] = (unfailed or 0) + 1
        self.works[consumer].append(_Work(message, consumer, self.asked_s[consumer], now_s, why))
        heapq.heappush(self.to_come, (now_s + self.params.processing_s, _FINISH, consumer, 0))

    def finish(self, now_s: float, consumer: int) -> None:
        """The handler returns or raises; in the first case the consumer deletes. Then it asks."""
        work = self.works[consumer][-1]
        if self.raises(work.message):
            work.outcome = happened.FAILED
            self.unfailed[work.message] -= 1
        else:
            self.deletes += 1
            deleted = self.queue.delete(now_s, work.receipt)
            work.outcome = happened.SUCCEEDED if deleted else happened.LATE
        self.ask(now_s, consumer)

    def raises(self, message: int) -> bool:
        """Whether the handler raises at this attempt at the message."""
        if message == self.params.poison:
            return True
        if not self.params.failure_rate:
            return False
        if message not in self.luck:
            self.luck[message] = Rng(self.params.seed, _FAILURES_STREAM + message)
        return self.luck[message].chance(self.params.failure_rate)

    def tell(self) -> happened.Trace:
        """The run as frozen results."""
        return happened.Trace(
            params=self.params,
            lives=tuple(self._life(message) for message in self.queue.messages),
            shifts=tuple(self._shift(consumer) for consumer in range(self.params.consumers)),
            deletes=self.deletes,
            events=self.events,
        )

    def _life(self, message: Message) -> happened.Life:
        starts = message.history
        ends = [start_s for _, start_s in starts[1:]]
        ends.append(self.params.duration_s)
        return happened.Life(
            message.index,
            message.sent_s,
            message.index == self.params.poison,
            message.receive_count,
            tuple(happened.Stay(starts[i][0], starts[i][1], ends[i]) for i in range(len(starts))),
        )

    def _shift(self, consumer: int) -> happened.Shift:
        processing_s = self.params.processing_s
        works = tuple(
            happened.Work(
                work.message,
                consumer,
                work.asked_s,
                work.start_s,
                work.start_s + processing_s,
                work.tries,
                work.why,
                work.outcome,
            )
            for work in self.works[consumer]
        )
        still_open = consumer in self.waiting
        return happened.Shift(
            consumer,
            tuple(self.empties[consumer]),
            works,
            self.asked_s[consumer] if still_open else None,
        )
