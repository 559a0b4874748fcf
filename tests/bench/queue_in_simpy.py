"""The scenario of `labkit.models.sqs` as one writes it in SimPy: what the model is held against.

Processes instead of events: a producer, the consumers, and for each message what ends by itself:
its delay, its visibility timeout and its retention. What became of each message and each receive
it remembers as the model does, so that the same questions could be asked of both. Who receives a
message when several wait is not compared: here, who drew a message for the dead-letter queue has
to stand in line again.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

import simpy

from labkit.models.rng import Rng
from labkit.models.sqs.queue import DEAD, DELAYED, DONE, EXPIRED, FLIGHT, READY
from labkit.models.sqs.simulation import Params

FAILURES_STREAM = 2  # the same luck as in the model
Steps = Generator[simpy.Event, object, None]


@dataclass
class Message:
    """A message: where it is, whose receipt is the last, and every state before."""

    index: int
    state: str = ""
    receipt: int = 0
    history: list[tuple[str, float]] = field(default_factory=list)

    def enter(self, state: str, at_s: float) -> None:
        """Be in `state` from now on."""
        self.state = state
        self.history.append((state, at_s))


class Shop:
    """A queue, those who send to it and those who receive."""

    def __init__(self, params: Params) -> None:
        self.env = simpy.Environment()
        self.params = params
        self.messages: list[Message] = []
        self.ready = simpy.PriorityStore(self.env)
        self.works: list[tuple[int, float]] = []  # which message, when
        self.empties: list[tuple[int, float]] = []  # consumer, when
        self.deletes = 0
        self.luck: dict[int, Rng] = {}

    def producer(self, sent_s: Sequence[float]) -> Steps:
        """Send a message at each of these moments."""
        for moment_s in sent_s:
            yield self.env.timeout(moment_s - self.env.now)
            message = Message(len(self.messages))
            self.messages.append(message)
            self.env.process(self.retention(message))
            if self.params.queue.delay_s:
                message.enter(DELAYED, self.env.now)
                self.env.process(self.hidden(message, self.params.queue.delay_s))
            else:
                self.show(message)

    def show(self, message: Message) -> None:
        """Make the message ready."""
        message.enter(READY, self.env.now)
        self.ready.put(simpy.PriorityItem(message.index, message))

    def hidden(self, message: Message, for_s: float) -> Steps:
        """Make the message ready once its delay or its visibility timeout is over."""
        receipt = message.receipt
        yield self.env.timeout(for_s)
        if message.state in (DELAYED, FLIGHT) and message.receipt == receipt:
            self.show(message)

    def retention(self, message: Message) -> Steps:
        """Let the message expire, wherever it is then."""
        yield self.env.timeout(self.params.queue.retention_s)
        if message.state not in (DONE, DEAD):
            message.enter(EXPIRED, self.env.now)

    def consumer(self, consumer: int) -> Steps:
        """Ask, work and delete; with short polling, pause after an empty answer."""
        params = self.params
        yield self.env.timeout(consumer * params.poll_pause_s / params.consumers)
        while True:
            if params.wait_time_s:
                message = yield from self.long_poll()
            else:
                message = self.short_poll()
            if message is None:
                self.empties.append((consumer, self.env.now))
                if not params.wait_time_s:
                    yield self.env.timeout(params.poll_pause_s)
                continue
            receipt = message.receipt
            self.works.append((message.index, self.env.now))
            yield self.env.timeout(params.processing_s)
            if self.raises(message.index):
                continue
            self.deletes += 1
            if message.receipt == receipt and message.state in (FLIGHT, READY):
                message.enter(DONE, self.env.now)

    def short_poll(self) -> Message | None:
        """A message that is ready now, if there is one."""
        while self.ready.items:
            message = self.take(self.ready.get().value.item)
            if message is not None:
                return message
        return None

    def long_poll(self) -> Generator[simpy.Event, object, Message | None]:
        """The next message that is ready before the wait is over."""
        over = self.env.timeout(self.params.wait_time_s)
        while True:
            get = self.ready.get()
            yield get | over
            if not get.triggered:
                get.cancel()
                return None
            message = self.take(get.value.item)
            if message is not None:
                return message

    def take(self, message: Message) -> Message | None:
        """Give the message out, unless it is gone or has been given out too often."""
        if message.state != READY:
            return None
        most = self.params.queue.max_receive_count
        if most and message.receipt >= most:
            message.enter(DEAD, self.env.now)
            return None
        message.receipt += 1
        message.enter(FLIGHT, self.env.now)
        self.env.process(self.hidden(message, self.params.queue.visibility_timeout_s))
        return message

    def raises(self, message: int) -> bool:
        """Whether the handler raises at this attempt."""
        if message == self.params.poison:
            return True
        if not self.params.failure_rate:
            return False
        if message not in self.luck:
            self.luck[message] = Rng(self.params.seed, FAILURES_STREAM + message)
        return self.luck[message].chance(self.params.failure_rate)

    def ended_in(self, state: str) -> int:
        """How many messages were in `state` at the end."""
        return sum(message.state == state for message in self.messages)


def simulate(params: Params, sent_s: Sequence[float]) -> Shop:
    """Let everything happen for `params.duration_s`; the shop as it is then."""
    shop = Shop(params)
    shop.env.process(shop.producer(sent_s))
    for consumer in range(params.consumers):
        shop.env.process(shop.consumer(consumer))
    shop.env.run(until=params.duration_s)
    return shop
