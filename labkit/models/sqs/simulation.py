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


class _Run:
    """The queue, the consumers and the events that are still to come."""

    def __init__(self, params: Params) -> None:
        self.params = params
        self.queue = Queue(params.queue)
        self.events = 0
        self.deletes = 0
        count = params.consumers
        self.diaries = [happened.Diary(consumer) for consumer in range(count)]
        # (when, what, consumer, number of its request)
        self.to_come: list[tuple[float, int, int, int]] = [
            (consumer * params.poll_pause_s / count, _ASK, consumer, 0) for consumer in range(count)
        ]
        self.waiting: list[happened.Diary] = []  # in an open long poll, the longest first
        self.unfailed: dict[int, int] = {}  # message → attempts under way or without failure
        self.luck: dict[int, Rng] = {}

    def through(self, sent_s: Sequence[float]) -> happened.Trace:
        """Let everything happen up to the end, then tell it."""
        end_s = self.params.duration_s
        queue, to_come, diaries = self.queue, self.to_come, self.diaries
        waiting = self.waiting
        heapq.heapify(to_come)
        sending = list(sent_s)
        sending.append(math.inf)
        sent = events = 0
        next_s = sending[0]
        while True:
            now_s = to_come[0][0] if to_come else math.inf
            now_s = min(now_s, next_s)
            if waiting:  # only an open long poll notices the moment a message turns ready
                due_s = queue.next_due_s()
                if due_s is not None and due_s <= now_s and due_s <= end_s:
                    events += 1
                    queue.advance(due_s)
                    self.serve(due_s)
                    continue
            if now_s > end_s:
                break
            events += 1
            if next_s == now_s:
                sent += 1
                next_s = sending[sent]
                queue.send(now_s)
                if waiting:
                    self.serve(now_s)
                continue
            _, what, consumer, request = heapq.heappop(to_come)
            diary = diaries[consumer]
            if what == _FINISH:
                self.finish(now_s, diary)
            elif what == _WAIT_OVER:
                if request != diary.request:
                    continue
                waiting.remove(diary)
                diary.is_waiting = False
                diary.empties.append((diary.asked_s, now_s))
            self.ask(now_s, diary)
        queue.advance(end_s)
        return happened.Trace(self.params, queue.messages, diaries, self.deletes, events)

    def ask(self, now_s: float, diary: happened.Diary) -> None:
        """The consumer sends ReceiveMessage."""
        diary.asked_s = now_s
        diary.request += 1
        answer = self.queue.receive(now_s)
        if answer:
            self.begin(now_s, diary, answer[0])
        elif self.params.wait_time_s:
            self.waiting.append(diary)
            diary.is_waiting = True
            over_s = now_s + self.params.wait_time_s
            heapq.heappush(self.to_come, (over_s, _WAIT_OVER, diary.consumer, diary.request))
        else:
            diary.empties.append((now_s, now_s))
            again_s = now_s + self.params.poll_pause_s
            heapq.heappush(self.to_come, (again_s, _ASK, diary.consumer, 0))

    def serve(self, now_s: float) -> None:
        """Answer open long polls, the longest first, with the messages that are ready."""
        while self.waiting and self.queue.has_ready():
            answer = self.queue.receive(now_s)
            if answer:
                diary = self.waiting.pop(0)
                diary.is_waiting = False
                diary.request += 1  # so that the end of its wait means nothing now
                self.begin(now_s, diary, answer[0])

    def begin(self, now_s: float, diary: happened.Diary, message: Message) -> None:
        """The consumer has a message and calls the handler."""
        unfailed = self.unfailed.get(message.index, 0)
        if message.receive_count == 1:
            why = happened.FIRST
        else:
            why = happened.DUPLICATE if unfailed else happened.RETRY
        self.unfailed[message.index] = unfailed + 1
        diary.works.append(happened.Open(message, diary.asked_s, now_s, why))
        over_s = now_s + self.params.processing_s
        heapq.heappush(self.to_come, (over_s, _FINISH, diary.consumer, 0))

    def finish(self, now_s: float, diary: happened.Diary) -> None:
        """The handler returns or raises; in the first case the consumer deletes."""
        work = diary.works[-1]
        if self.raises(work.message.index):
            work.outcome = happened.FAILED
            self.unfailed[work.message.index] -= 1
        else:
            self.deletes += 1
            deleted = self.queue.delete(now_s, work.receipt)
            work.outcome = happened.SUCCEEDED if deleted else happened.LATE

    def raises(self, message: int) -> bool:
        """Whether the handler raises at this attempt at the message."""
        if message == self.params.poison:
            return True
        if not self.params.failure_rate:
            return False
        if message not in self.luck:
            self.luck[message] = Rng(self.params.seed, _FAILURES_STREAM + message)
        return self.luck[message].chance(self.params.failure_rate)
