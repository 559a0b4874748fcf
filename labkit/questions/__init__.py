"""The question banks, one a chapter: what a reader is asked, and why each answer is what it is.

>>> bank = load("sqs")
>>> bank.get("sqs-extend-from-now").kind
'number'

`chapters/quiz/<slug>.yml` is what people edit; `labkit questions --build` checks it and writes
`banks/<slug>.json`, which is all that this module reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from labkit.errors import UnknownQuestion, UnknownSlug, nearest
from labkit.questions.prose import Prose

__all__ = ["Bank", "Option", "Prose", "Question", "Slip", "load", "slugs"]

BANKS = Path(__file__).parent / "banks"
LETTERS = "ABCDEF"

Kind = Literal["choice", "multiple", "predict", "number"]


@dataclass(frozen=True)
class Option:
    """One answer to choose: its stable id, its text, and why it is right or wrong."""

    id: str
    text: Prose
    correct: bool
    why: Prose


@dataclass(frozen=True)
class Slip:
    """A wrong number that a known misunderstanding leads to, and what it overlooks."""

    value: float
    why: Prose


@dataclass(frozen=True)
class Question:
    """A question with everything that its answer teaches.

    `choice` and `predict` have one right option, `multiple` one or more, `number` an `answer`
    in `unit`, right within `tolerance`. `proof` is code that finds the answer by running it.
    """

    id: str
    slug: str
    claims: tuple[str, ...]
    domain: str
    kind: Kind
    stem: Prose
    options: tuple[Option, ...] = ()
    answer: float | None = None
    unit: str = ""
    tolerance: float = 0
    slips: tuple[Slip, ...] = ()
    why: Prose = field(default_factory=Prose)
    proof: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """The ids of the right options, in the order in which they stand."""
        return tuple(option.id for option in self.options if option.correct)

    def letter(self, option_id: str) -> str:
        """The letter before an option: A for the first."""
        return LETTERS[[option.id for option in self.options].index(option_id)]

    def accepts(self, number: float) -> bool:
        """Whether a number question takes this number as right."""
        return self.answer is not None and abs(number - self.answer) <= self.tolerance

    def as_html(self, number: int | None = None) -> str:
        """The question as it stands where nothing runs: inputs, and its answer folded."""
        from labkit.questions.form import html  # the form knows this module

        return html(self, number=number)

    def as_text(self) -> str:
        """The question for a terminal, its answer left out."""
        from labkit.questions.form import text  # the form knows this module

        return text(self)


@dataclass(frozen=True)
class Bank:
    """The questions of one chapter, in the order in which they are asked."""

    slug: str
    questions: tuple[Question, ...]

    def __iter__(self) -> Iterator[Question]:
        return iter(self.questions)

    def __len__(self) -> int:
        return len(self.questions)

    def get(self, id: str) -> Question:
        """The question of that id; UnknownQuestion, with the nearest id, if there is none."""
        for question in self.questions:
            if question.id == id:
                return question
        suggestion = nearest(id, [question.id for question in self.questions])
        raise UnknownQuestion(
            f"The bank {self.slug!r} has no question {id!r}.",
            next_step=f"Did you mean {suggestion!r}?"
            if suggestion
            else f"chapters/quiz/{self.slug}.yml lists them.",
        )


@cache
def load(slug: str) -> Bank:
    """The bank of a chapter; UnknownSlug, with the nearest one, if it has none."""
    path = BANKS / f"{slug}.json"
    if slug not in slugs():
        suggestion = nearest(slug, list(slugs()))
        raise UnknownSlug(
            f"There are no questions for {slug!r}.",
            next_step=f"Did you mean {suggestion!r}?"
            if suggestion
            else f"There are questions for {', '.join(slugs())}.",
        )
    return bank(slug, json.loads(path.read_text(encoding="utf-8")))


def slugs() -> tuple[str, ...]:
    """The chapters that have questions, in alphabetical order."""
    return tuple(sorted(path.stem for path in BANKS.glob("*.json")))


def bank(slug: str, entries: list[dict[str, Any]]) -> Bank:
    """A bank from checked entries, as the JSON holds them."""
    return Bank(slug, tuple(_question(slug, entry) for entry in entries))


def _question(slug: str, entry: Mapping[str, Any]) -> Question:
    options = (
        Option(o["id"], Prose(o["text"]), o["correct"], Prose(o["why"]))
        for o in entry.get("options", [])
    )
    slips = (Slip(s["value"], Prose(s["why"])) for s in entry.get("slips", []))
    return Question(
        id=entry["id"],
        slug=slug,
        claims=tuple(entry["claims"]),
        domain=entry["domain"],
        kind=entry["kind"],
        stem=Prose(entry["stem"]),
        options=tuple(options),
        answer=entry.get("answer"),
        unit=entry.get("unit", ""),
        tolerance=entry.get("tolerance", 0),
        slips=tuple(slips),
        why=Prose(entry.get("why", "")),
        proof=entry.get("proof", ""),
    )
