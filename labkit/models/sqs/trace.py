"""What happened in one run: every message's states, every consumer's requests, and the sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.models.sqs.queue import DEAD, DONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labkit.models.sqs.queue import Message
    from labkit.models.sqs.simulation import Params

# Why a message was received.
FIRST = "first"
RETRY = "retry"  # every earlier attempt had failed
DUPLICATE = "duplicate"  # an earlier attempt was still under way, or had done the work

# What became of the work on it.
SUCCEEDED = "succeeded"  # the handler returned and the delete took
LATE = "late"  # the handler returned, but its receipt was no longer the last: nothing deleted
FAILED = "failed"  # the handler raised, so it did not delete
WORKING = "working"  # the run ended first


@dataclass(frozen=True)
class Stay:
    """A message was in `state` from `start_s` until `end_s`."""

    state: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Life:
    """One message from its sending to the end of the run; its stays follow without a gap."""

    index: int
    sent_s: float
    poison: bool
    receive_count: int
    stays: tuple[Stay, ...]

    def state_at(self, at_s: float) -> str | None:
        """Its state at `at_s`; at a change, the new one. None before it was sent."""
        state = None
        for stay in self.stays:
            if stay.start_s > at_s:
                break
            state = stay.state
        return state


@dataclass(frozen=True)
class Work:
    """A receive that brought a message, and the work on it.

    The consumer asked at `asked_s`, got the message at `start_s` and is at work until `end_s`,
    which may lie after the end of the run.
    """

    message: int
    consumer: int
    asked_s: float
    start_s: float
    end_s: float
    receive_count: int
    why: str
    outcome: str


class Diary:
    """What a consumer writes down while the run goes on: its requests, and the works they brought.

    Of `works`, the last may be open still.
    """

    __slots__ = ("asked_s", "consumer", "empties", "is_waiting", "request", "works")

    def __init__(self, consumer: int) -> None:
        self.consumer = consumer
        self.asked_s = 0.0
        self.request = 0  # how many it has sent
        self.is_waiting = False  # in an open long poll
        self.empties: list[tuple[float, float]] = []
        self.works: list[Open] = []

    def shift(self, processing_s: float) -> Shift:
        """The same as a result, each work taking `processing_s`."""
        works = tuple([one.work(self.consumer, processing_s) for one in self.works])
        waiting_since_s = self.asked_s if self.is_waiting else None
        return Shift(self.consumer, tuple(self.empties), works, waiting_since_s)


class Open:
    """A `Work` whose outcome may still change."""

    __slots__ = ("asked_s", "message", "outcome", "receipt", "start_s", "tries", "why")

    def __init__(self, message: Message, asked_s: float, start_s: float, why: str) -> None:
        self.message = message
        self.receipt = message.receipt
        self.tries = message.receive_count
        self.asked_s = asked_s
        self.start_s = start_s
        self.why = why
        self.outcome = WORKING

    def work(self, consumer: int, processing_s: float) -> Work:
        """The same as a result."""
        end_s = self.start_s + processing_s
        message = self.message.index
        return Work(
            message, consumer, self.asked_s, self.start_s, end_s, self.tries, self.why, self.outcome
        )


@dataclass(frozen=True)
class Shift:
    """What one consumer did: its empty receives as pairs (asked, answered) in s, and its works.

    `waiting_since_s` is when it asked the long poll that was still open at the end, if any.
    """

    consumer: int
    empties: tuple[tuple[float, float], ...]
    works: tuple[Work, ...]
    waiting_since_s: float | None


class Trace:
    """A whole run, and what can be counted in it; two that tell the same are equal.

    `events` is how many steps the simulation took, a measure of its cost; `deletes` how many
    DeleteMessage requests were sent. `lives` and `shifts` are worked out when first read: most
    runs are only counted.
    """

    def __init__(
        self,
        params: Params,
        messages: Sequence[Message],
        diaries: Sequence[Diary],
        deletes: int,
        events: int,
    ) -> None:
        self.params = params
        self.deletes = deletes
        self.events = events
        self._messages = messages
        self._diaries = diaries
        self._lives: tuple[Life, ...] | None = None
        self._shifts: tuple[Shift, ...] | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Trace):
            return NotImplemented
        return self._told() == other._told()

    def __hash__(self) -> int:
        return hash(self._told())

    def _told(self) -> tuple[object, ...]:
        return self.params, self.lives, self.shifts, self.deletes, self.events

    @property
    def lives(self) -> tuple[Life, ...]:
        """Every message, in the order of sending."""
        if self._lives is None:
            end_s, poison = self.params.duration_s, self.params.poison
            self._lives = tuple([_life(one, end_s, poison) for one in self._messages])
        return self._lives

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """Every consumer, by its number."""
        if self._shifts is None:
            self._shifts = tuple([one.shift(self.params.processing_s) for one in self._diaries])
        return self._shifts

    @property
    def sends(self) -> int:
        """`SendMessage` requests, one a message."""
        return len(self._messages)

    @property
    def works(self) -> int:
        """Receives that brought a message."""
        return sum(len(diary.works) for diary in self._diaries)

    @property
    def empty_receives(self) -> int:
        """Receives that were answered without a message."""
        return sum(len(diary.empties) for diary in self._diaries)

    @property
    def receives(self) -> int:
        """`ReceiveMessage` requests, with those still open at the end."""
        still_open = sum(diary.is_waiting for diary in self._diaries)
        return self.works + self.empty_receives + still_open

    @property
    def requests(self) -> int:
        """Every request that AWS would bill."""
        return self.sends + self.receives + self.deletes

    def works_for(self, why: str) -> int:
        """How many receives were `FIRST`, a `RETRY` or a `DUPLICATE`."""
        return sum(work.why == why for diary in self._diaries for work in diary.works)

    def ended_in(self, state: str) -> int:
        """How many messages were in `state` at the end."""
        return sum(message.state == state for message in self._messages)

    def good_messages_lost(self) -> int:
        """Messages in the dead-letter queue that were not poison."""
        return sum(life.stays[-1].state == DEAD and not life.poison for life in self.lives)

    def latencies_s(self) -> list[float]:
        """From being sent to being deleted, for each message that was deleted; sorted."""
        return sorted(
            life.stays[-1].start_s - life.sent_s
            for life in self.lives
            if life.stays[-1].state == DONE
        )

    def per_month(self, count: float, month_s: float) -> float:
        """What `count` in this run comes to in a month of runs like it."""
        return count * month_s / self.params.duration_s


def _life(message: Message, end_s: float, poison: int) -> Life:
    starts = message.history
    ends = [start_s for _, start_s in starts[1:]]
    ends.append(end_s)
    stays = tuple([Stay(starts[i][0], starts[i][1], ends[i]) for i in range(len(starts))])
    return Life(
        message.index, message.sent_s, message.index == poison, message.receive_count, stays
    )
