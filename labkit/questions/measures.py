"""A bank as a whole must not be solvable without knowing, nor ask for names only.

Each measure is a plain number or list, so that `labkit questions --check` can show it and a test
can hold it to its limit.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from labkit.questions import LETTERS, Bank, Question

LONGEST_RIGHT_MAX_SHARE = 0.35
ASKS_WHY_MIN_SHARE = 0.5
SCENARIOS_MIN = 4
SCENARIO_MIN_WORDS = 50
SAME_LETTER_MAX_SHARE = 0.4

_ASKS_WHY = re.compile(r"\bwhy\b|\bwhat (happens|comes back|explains|does|do|will)\b", re.I)


@dataclass(frozen=True)
class Measures:
    """What a bank is like, and the names of those questions that count."""

    questions: int
    longest_right: tuple[str, ...]  # of the questions with one key, those whose key is longest
    single_key: int
    asks_why: tuple[str, ...]
    scenarios: tuple[str, ...]
    letters: tuple[tuple[str, int], ...]  # how often each letter is the key
    proved: tuple[str, ...]

    @property
    def longest_right_share(self) -> float:
        """How often "take the longest" is right."""
        return len(self.longest_right) / self.single_key if self.single_key else 0

    @property
    def asks_why_share(self) -> float:
        """How many of the questions ask why, or what happens."""
        return len(self.asks_why) / self.questions

    @property
    def same_letter_share(self) -> float:
        """How often "always take that letter" is right, at best."""
        most = max((count for _, count in self.letters), default=0)
        return most / self.single_key if self.single_key else 0

    def breaches(self) -> list[str]:
        """The limits that the bank does not keep, as sentences."""
        found = []
        if self.longest_right_share > LONGEST_RIGHT_MAX_SHARE:
            found.append(
                f"The right option is the longest in {self.longest_right_share:.0%} of the "
                f"questions, at most {LONGEST_RIGHT_MAX_SHARE:.0%} are allowed: "
                f"shorten the keys of {', '.join(self.longest_right)}, or lengthen others."
            )
        if self.asks_why_share < ASKS_WHY_MIN_SHARE:
            found.append(
                f"{self.asks_why_share:.0%} of the questions ask why or what happens, "
                f"at least {ASKS_WHY_MIN_SHARE:.0%} must: ask less for names."
            )
        if len(self.scenarios) < SCENARIOS_MIN:
            found.append(
                f"{len(self.scenarios)} questions are scenarios of exam length, at least "
                f"{SCENARIOS_MIN} must be: {SCENARIO_MIN_WORDS} words of stem make one."
            )
        if self.same_letter_share > SAME_LETTER_MAX_SHARE:
            found.append(
                f"One letter is the key in {self.same_letter_share:.0%} of the questions, at most "
                f"{SAME_LETTER_MAX_SHARE:.0%} are allowed: move some keys."
            )
        return found


def measure(bank: Bank) -> Measures:
    """What the bank is like as a whole."""
    single = [question for question in bank if len(question.key) == 1]
    keys = Counter(question.letter(question.key[0]) for question in single)
    return Measures(
        questions=len(bank),
        longest_right=tuple(q.id for q in single if _key_is_longest(q)),
        single_key=len(single),
        asks_why=tuple(q.id for q in bank if asks_why(q)),
        scenarios=tuple(q.id for q in bank if q.options and _words(q) >= SCENARIO_MIN_WORDS),
        letters=tuple((letter, keys[letter]) for letter in LETTERS if keys[letter]),
        proved=tuple(q.id for q in bank if q.proof),
    )


def asks_why(question: Question) -> bool:
    """Whether it asks for a reason or an outcome; a prediction or a number does by its kind."""
    last = " ".join(question.stem.blocks[-1].split())
    return question.kind in ("predict", "number") or bool(_ASKS_WHY.search(last))


def _key_is_longest(question: Question) -> bool:
    lengths = {option.id: len(option.text) for option in question.options}
    return lengths[question.key[0]] == max(lengths.values())


def _words(question: Question) -> int:
    return len(question.stem.split())
