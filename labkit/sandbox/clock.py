"""Time in the sandbox moves only when someone moves it, and due work happens on the way.

    09:00:00      :05        :20         :31
       |-----------|----------|-----------|   advance(seconds=31)
                   work       work            each runs while `now` is its own time

A twenty-second long poll, a twelve-hour visibility timeout and a two-day retention all take
milliseconds of real time.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from labkit.errors import UsageError

START = datetime(2026, 1, 5, 9, 0, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Moved:
    """The clock went from `before` to `after`."""

    before: datetime
    after: datetime

    def __repr__(self) -> str:
        same_day = self.before.date() == self.after.date()
        shape = "%H:%M:%S" if same_day else "%Y-%m-%d %H:%M:%S"
        return f"{self.before:{shape}} → {self.after:{shape}} (virtual)"


@dataclass(order=True)
class Due:
    """Work that the clock does when it reaches `at`; `cancel` takes it off the list."""

    at: datetime
    turn: int
    work: Callable[[], object] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Never run this work."""
        self.cancelled = True


class Follower(Protocol):
    """Something that keeps up with the clock: what runs in another process, say."""

    def leaving(self, now: datetime) -> None:
        """Before the clock leaves `now`."""

    def arrived(self, now: datetime) -> None:
        """When the clock has come to `now`."""


class Clock:
    """The sandbox's clock: it starts on Monday 2026-01-05 at 09:00:00 UTC and is moved by hand."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._due: list[Due] = []
        self._turns = itertools.count()
        self.followers: list[Follower] = []

    @property
    def now(self) -> datetime:
        """The present, an aware datetime in UTC."""
        return self._now

    def advance(
        self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0
    ) -> Moved:
        """Move forward by the sum of the arguments, doing due work on the way.

        >>> Clock().advance(seconds=20)
        09:00:00 → 09:00:20 (virtual)
        """
        span = timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days)
        if span < timedelta(0):
            raise UsageError(
                f"The clock cannot be advanced by {span.total_seconds():g} seconds.",
                "Time in the sandbox only moves forward.",
                "labkit.start(...) opens a fresh sandbox at the start time.",
            )
        return self.advance_to(self._now + span)

    def advance_to(self, when: datetime) -> Moved:
        """Move forward to `when`, doing due work on the way; a `when` in the past moves nothing."""
        before = self._now
        while (due := self._next(until=when)) is not None:
            self._go_to(due.at)
            due.work()
        # Work may have advanced the clock itself, even past `when`.
        self._go_to(when)
        return Moved(before, self._now)

    def _go_to(self, when: datetime) -> None:
        if when <= self._now:
            return
        for follower in self.followers:
            follower.leaving(self._now)
        self._now = when
        for follower in self.followers:
            follower.arrived(when)

    def since(self, before: datetime) -> Moved:
        """The way that the clock has come from `before` until now, to be shown."""
        return Moved(before, self._now)

    def call_at(self, when: datetime, work: Callable[[], object]) -> Due:
        """Do `work` when the clock reaches `when`, or at its next move if that is past.

        Work of one instant is done in the order in which it was asked for.
        """
        due = Due(when, next(self._turns), work)
        heapq.heappush(self._due, due)
        return due

    def call_after(self, seconds: float, work: Callable[[], object]) -> Due:
        """Do `work` when `seconds` have passed."""
        return self.call_at(self._now + timedelta(seconds=seconds), work)

    @property
    def next_due(self) -> datetime | None:
        """When the next work is due, or None if nothing is."""
        while self._due and self._due[0].cancelled:
            heapq.heappop(self._due)
        return self._due[0].at if self._due else None

    def _next(self, until: datetime) -> Due | None:
        at = self.next_due
        return heapq.heappop(self._due) if at is not None and at <= until else None
