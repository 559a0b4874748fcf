"""An exercise is a starting state, a task, and a check of what AWS would see.

A check is given `Evidence` and returns one of four outcomes:

    Passed      the task is done; says what was seen and why it works
    NotYet      nothing done yet, or a step is still to come
    Incorrect   something done, but not what the task asks: what was found, what was expected, why
    Broken      the check itself failed; never the learner's fault

It reads the sandbox's state and the learner's calls, never their variables: whatever code leaves
that state and those calls passes. It changes nothing, so asking twice answers twice the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from labkit.exercises.show import Note

if TYPE_CHECKING:
    from labkit.sandbox import Sandbox
    from labkit.sandbox.calllog import Call
    from labkit.sandbox.clock import Clock


class _Shown:
    """An outcome is shown by its note."""

    def note(self) -> Note:
        raise NotImplementedError

    def __repr__(self) -> str:
        return repr(self.note())

    def _repr_html_(self) -> str:
        return self.note()._repr_html_()


@dataclass(frozen=True, repr=False)
class Passed(_Shown):
    """The task is done."""

    why: str
    by_the_book: bool = False  # the state comes from the book's solution, not the learner's

    def note(self) -> Note:
        """The outcome in words."""
        head = "Passed (the book's solution)." if self.by_the_book else "Passed."
        return Note(head, (self.why,), "done")


@dataclass(frozen=True, repr=False)
class NotYet(_Shown):
    """The task is not done, and nothing done so far is wrong."""

    seen: str
    next_step: str = ""

    def note(self) -> Note:
        """The outcome in words."""
        return Note("Not yet.", _said(self.seen, self.next_step), "flight")


@dataclass(frozen=True, repr=False)
class Incorrect(_Shown):
    """What was done does not do what the task asks."""

    found: str
    expected: str
    hint: str  # why AWS behaves so, and where to look

    def note(self) -> Note:
        """The outcome in words."""
        lines = (self.found, f"Expected: {self.expected}", self.hint)
        return Note("Not right yet.", _said(*lines), "failed")


@dataclass(frozen=True, repr=False)
class Broken(_Shown):
    """The check could not be carried out: a fault in labkit."""

    what: str

    def note(self) -> Note:
        """The outcome in words."""
        blame = "This is a fault in the book, not in your answer: please report it."
        return Note("The check failed.", (self.what, blame), "old")


Outcome: TypeAlias = Passed | NotYet | Incorrect | Broken
MakeClient: TypeAlias = Callable[[str], Any]  # from the name of a service to its boto3 client


@dataclass(frozen=True)
class Evidence:
    """What a check may look at: the sandbox's state, and the learner's calls since begin."""

    sandbox: Sandbox
    began_at: datetime
    calls: tuple[Call, ...]  # the learner's, in order; labkit's own are not among them

    @property
    def clock(self) -> Clock:
        """The virtual clock; a check reads it and leaves it where it is."""
        return self.sandbox.clock

    def client(self, service: str) -> Any:
        """A boto3 client whose calls are labkit's own: neither logged nor billed."""
        return self.sandbox.client(service)

    def of(self, service: str, *operations: str, **params: Any) -> tuple[Call, ...]:
        """The learner's calls of these operations (all, if none is named) with these parameters."""
        return tuple(
            call
            for call in self.calls
            if call.service == service
            and (not operations or call.operation in operations)
            and all(call.params.get(name) == value for name, value in params.items())
        )


@dataclass(frozen=True)
class Exercise:
    """A task with its starting state, its check, three hints and the book's solution."""

    id: str
    title: str
    task: str  # one sentence: what must be true at the end
    given: str  # what `lay` puts there, in a few words
    lay: Callable[[MakeClient], None]  # makes the start state afresh, whatever was there
    check: Callable[[Evidence], Outcome]
    hints: tuple[str, str, str]  # the third names the call to make
    solution: str  # code that stands in the folded cell of the lab, after `lab.solution(id)`
    claims: tuple[str, ...]  # ids of syllabus claims that it examines


def judge(exercise: Exercise, evidence: Evidence) -> Outcome:
    """The outcome of the exercise's check; it never raises for anything that a learner did.

    A check looks at what the task names. When that was deleted meanwhile, the check's own call is
    refused by AWS: that is a finding. Any other exception is the check's own fault.
    """
    from botocore.exceptions import ClientError

    again = f'`lab.begin("{exercise.id}")` lays the start again.'
    try:
        with evidence.sandbox.quietly():
            return exercise.check(evidence)
    except ClientError as error:
        if _is_missing(error):
            message = error.response["Error"].get("Message", "").rstrip(".")
            return Incorrect(
                f"`{error.operation_name}` found nothing there ({message}).",
                f"what the exercise laid is still there: {exercise.given}",
                f"It was deleted, or made under another name. {again}",
            )
        return Broken(f"`{error.operation_name}` was refused: {error}. {again}")
    except Exception as error:
        return Broken(f"{type(error).__name__}: {error}. {again}")


def by_the_book(outcome: Outcome) -> Outcome:
    """The same outcome, saying that the state it found is that of the book's solution."""
    return replace(outcome, by_the_book=True) if isinstance(outcome, Passed) else outcome


def _is_missing(error: Any) -> bool:
    code = str(error.response.get("Error", {}).get("Code", ""))
    words = ("NonExistent", "NotFound", "NoSuch", "DoesNotExist")
    return code == "404" or any(word in code for word in words)


def _said(*paragraphs: str) -> tuple[str, ...]:
    return tuple(paragraph for paragraph in paragraphs if paragraph)
