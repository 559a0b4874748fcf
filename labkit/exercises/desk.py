"""A desk holds the exercise that a learner works on: one at a time, begun as often as they like.

`begin` lays the start state and remembers where the call log stood. `check` judges what happened
since. `solution` lays the start state too, and marks the attempt as the book's, so that its pass
is never taken for the learner's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from labkit import exercises
from labkit.exercises import frame
from labkit.exercises.show import Note

if TYPE_CHECKING:
    from labkit.sandbox import Sandbox


@dataclass(frozen=True)
class Attempt:
    """One go at one exercise: where it began, and whose work it is."""

    exercise: frame.Exercise
    mark: int  # the call log's length when it began
    began_at: datetime
    by_the_book: bool


class Desk:
    """The exercises of a lab, and the attempt that is open."""

    def __init__(self, slug: str, sandbox: Sandbox) -> None:
        self.slug = slug
        self.exercises = exercises.load(slug)
        self._sandbox = sandbox
        self._attempt: Attempt | None = None
        self._hints_given: dict[str, int] = {}

    def begin(self, id: str) -> Note:
        """Lay the start of an exercise afresh; an attempt that was open is given up."""
        exercise = exercises.find(self.slug, id)
        self._lay(exercise, by_the_book=False)
        number = self.exercises.index(exercise) + 1
        head = f"Exercise {number} of {len(self.exercises)}: {exercise.title}."
        clock = f"It is {self._sandbox.clock.now:%H:%M:%S} (virtual)."
        return Note(head, (f"Laid afresh: {exercise.given}. {clock}",))

    def check(self, id: str) -> frame.Outcome:
        """What became of the exercise since it began."""
        exercise = exercises.find(self.slug, id)
        attempt = self._attempt
        if attempt is None or attempt.exercise.id != id:
            other = f" `{attempt.exercise.id}` is open now." if attempt else ""
            begin = f'Run `lab.begin("{id}")`, then your code, then this check.'
            return frame.NotYet(f"The exercise `{id}` has not begun.{other}", begin)
        calls = self._sandbox.calls.since(attempt.mark)
        evidence = frame.Evidence(self._sandbox, attempt.began_at, calls)
        outcome = frame.judge(exercise, evidence)
        return frame.by_the_book(outcome) if attempt.by_the_book else outcome

    def hint(self, id: str) -> Note:
        """The next hint: a question to ask, then where to look, then the call to make."""
        exercise = exercises.find(self.slug, id)
        level = min(self._hints_given.get(id, 0) + 1, len(exercise.hints))
        self._hints_given[id] = level
        head = f"Hint {level} of {len(exercise.hints)}."
        return Note(head, (exercise.hints[level - 1],))

    def solution(self, id: str) -> Note:
        """The book's code; the start is laid afresh for it, so that it can be run as it stands."""
        exercise = exercises.find(self.slug, id)
        self._lay(exercise, by_the_book=True)
        begin = f'Your own work counts again after `lab.begin("{id}")`.'
        why = f"For it the start is laid afresh. {begin}"
        return Note("The book's solution.", (why,), code=exercise.solution.rstrip())

    def _lay(self, exercise: frame.Exercise, *, by_the_book: bool) -> None:
        self._attempt = None  # should laying fail, nothing is half begun
        with self._sandbox.quietly():
            exercise.lay(self._sandbox.client)
        mark, now = self._sandbox.calls.mark(), self._sandbox.clock.now
        self._attempt = Attempt(exercise, mark, now, by_the_book)
