"""What happened in one run: every message's states, every consumer's requests, and the sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.models.sqs.queue import DEAD, DONE

if TYPE_CHECKING:
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


@dataclass(frozen=True)
class Shift:
    """What one consumer did: its empty receives as pairs (asked, answered) in s, and its works.

    `waiting_since_s` is when it asked the long poll that was still open at the end, if any.
    """

    consumer: int
    empties: tuple[tuple[float, float], ...]
    works: tuple[Work, ...]
    waiting_since_s: float | None


@dataclass(frozen=True)
class Trace:
    """A whole run, and what can be counted in it.

    `events` is how many steps the simulation took, a measure of its cost.
    """

    params: Params
    lives: tuple[Life, ...]
    shifts: tuple[Shift, ...]
    deletes: int
    events: int

    @property
    def sends(self) -> int:
        """`SendMessage` requests, one a message."""
        return len(self.lives)

    @property
    def works(self) -> int:
        """Receives that brought a message."""
        return sum(len(shift.works) for shift in self.shifts)

    @property
    def empty_receives(self) -> int:
        """Receives that were answered without a message."""
        return sum(len(shift.empties) for shift in self.shifts)

    @property
    def receives(self) -> int:
        """`ReceiveMessage` requests, with those still open at the end."""
        still_open = sum(shift.waiting_since_s is not None for shift in self.shifts)
        return self.works + self.empty_receives + still_open

    @property
    def requests(self) -> int:
        """Every request that AWS would bill."""
        return self.sends + self.receives + self.deletes

    def works_for(self, why: str) -> int:
        """How many receives were `FIRST`, a `RETRY` or a `DUPLICATE`."""
        return sum(work.why == why for shift in self.shifts for work in shift.works)

    def ended_in(self, state: str) -> int:
        """How many messages were in `state` at the end."""
        return sum(life.stays[-1].state == state for life in self.lives)

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
