"""What the runtime has to do later: events to handle, retries, queues to look into.

The virtual clock does it on its way. `settle` moves the clock from one thing to the next until
none is left; what comes again and again, as a schedule does, it does not wait for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from labkit.errors import UsageError
from labkit.sandbox.clock import Due

if TYPE_CHECKING:
    from labkit.sandbox.sandbox import Sandbox

LONGEST = timedelta(days=1)  # of virtual time that `settle` lets pass


@dataclass(frozen=True)
class Ran:
    """One thing that was done: when, and what."""

    at: datetime
    what: str

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S}  {self.what}"


@dataclass
class _Task:
    due: Due
    recurs: bool


@dataclass
class Agenda:
    """Work of the runtime on the sandbox's clock; done in turn, like a request."""

    sandbox: Sandbox
    ran: list[Ran] = field(default_factory=list)
    _tasks: list[_Task] = field(default_factory=list)

    def after(self, seconds: float, work: Callable[[], object], *, recurs: bool = False) -> Due:
        """Do `work` when `seconds` have passed; at once when the clock next moves, if none."""
        return self.at(self.sandbox.clock.now + timedelta(seconds=seconds), work, recurs=recurs)

    def at(self, when: datetime, work: Callable[[], object], *, recurs: bool = False) -> Due:
        """Do `work` when the clock reaches `when`."""

        def do() -> None:
            self._tasks.remove(task)
            with self.sandbox.choke.turn:
                work()

        due = self.sandbox.clock.call_at(when, do)
        task = _Task(due, recurs)
        self._tasks.append(task)
        return due

    def note(self, what: str) -> None:
        """Remember what was done, for `settle` to tell."""
        self.ran.append(Ran(self.sandbox.clock.now, what))

    def settle(self) -> list[Ran]:
        """Move the clock until nothing is left to do; what was done on the way.

        UsageError if there is always something more: functions that invoke each other, perhaps.
        """
        already, clock = len(self.ran), self.sandbox.clock
        latest = clock.now + LONGEST
        while (when := self._next()) is not None:
            if when > latest:
                raise UsageError(
                    "lab.settle() gave up after a virtual day: there was always more to do.",
                    "It moves the clock until no event is waiting.",
                    "Look for functions or rules that set each other off, or for a message that "
                    "comes back for ever; lab.clock.advance(minutes=10) goes just so far.",
                )
            clock.advance_to(when)
        return self.ran[already:]

    def _next(self) -> datetime | None:
        self._tasks = [task for task in self._tasks if not task.due.cancelled]
        return min((task.due.at for task in self._tasks if not task.recurs), default=None)
