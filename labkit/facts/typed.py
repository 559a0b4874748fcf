"""Finds numbers that AWS sets and that somebody typed into a chapter instead of quoting the fact.

>>> print(*typed_by_hand("A long poll waits at most 20 seconds.", ["sqs"]))
line 1: "20 seconds" is sqs.wait_time_max_s

A number counts when it stands beside a unit and a fact of the chapter's services has that value in
that unit: "20 seconds", "fourteen days", "1 MiB", "128-character", "$0.40", "300 transactions".
Code, links, roles and the options of directives are not prose. A number that is the same by chance
only, or that quotes an older text, is written {typed}`300 transactions`.

Not found: a number whose noun is far away or left out ("the limit is 300"), and the counts 0 and 1.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from labkit.facts import SERVICES, Fact, all_ids, get
from labkit.units import GIB, KIB, MIB, SECONDS_PER_DAY, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

_UP_TO_TWENTY = (  # noqa: SIM905 - as a list it takes twenty lines
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
).split()
_SPELT = {word: number for number, word in enumerate(_UP_TO_TWENTY)}
_SPELT |= {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_POWERS = {"hundred": 100, "thousand": 1_000, "k": 1_000, "million": 1_000_000, "m": 1_000_000}

# How people write a unit of measure, and what it is in the unit of the facts. A KB is 1,000 or
# 1,024 bytes, whichever the author had in mind.
_Units = list[tuple[str, tuple[int, ...]]]
_MEASURES: dict[str, _Units] = {
    "s": [
        (r"s|secs?|seconds?", (1,)),
        (r"mins?|minutes?", (SECONDS_PER_MINUTE,)),
        (r"h|hrs?|hours?", (SECONDS_PER_HOUR,)),
        (r"days?", (SECONDS_PER_DAY,)),
        (r"weeks?", (7 * SECONDS_PER_DAY,)),
    ],
    "bytes": [
        (r"bytes?", (1,)),
        (r"Ki?B|kilobytes?", (10**3, KIB)),
        (r"Mi?B|megabytes?", (10**6, MIB)),
        (r"Gi?B|gigabytes?", (10**9, GIB)),
    ],
    "GB": [(r"Gi?B|gigabytes?", (1,))],
}
# What people call a thing that is counted, where it is not only the unit's own noun.
_NOUNS = {
    "messages": r"messages?|entry|entries",
    "requests": r"requests?|calls?|operations?|transactions?|TPS",
    "receives": r"receives?|deliver(?:y|ies)",
}
_FEW = 2  # a count below this is a word of the language: "one message"
_DISTINCTIVE = 10_000  # a number from here on is no chance, whatever stands beside it

_NUMBER = re.compile(
    rf"(?<![\w.,$-])(?P<number>\$?\d[\d,]*(?:\.\d+)?|(?:{'|'.join(_SPELT)})\b)"
    rf"(?:[ -]?(?P<power>{'|'.join(_POWERS)})\b)?(?![\d.,]*\d)",
    re.IGNORECASE,
)
_RANGE = r"(?:\s*(?:–|-|to|and|or)\s*[\d,]+)?"  # 0 to 900 seconds: the 0 is of seconds too


@dataclass(frozen=True)
class Typed:
    """A number in a chapter, and the ids of the facts that it could be quoting."""

    line: int
    text: str
    ids: tuple[str, ...]

    def __str__(self) -> str:
        return f'line {self.line}: "{self.text}" is {" or ".join(self.ids)}'


def typed_by_hand(markdown: str, of: Iterable[str]) -> list[Typed]:
    """The numbers typed in the prose of `markdown` that are facts of the services `of`."""
    facts = [get(id) for service in of for id in all_ids(service)]
    text = prose(markdown)
    found = []
    for match in _NUMBER.finditer(text):
        ends = [(fact.id, _end(fact, match, text)) for fact in facts]
        ids = tuple(id for id, end in ends if end)
        if ids:
            shown = text[match.start() : max(end for _, end in ends)]
            line = text.count("\n", 0, match.start()) + 1
            found.append(Typed(line, " ".join(shown.split()), ids))
    return found


def services_of(slug: str, markdown: str) -> list[str]:
    """The services whose facts a chapter must quote: its own, and those that it quotes already.

    >>> services_of("sqs_polling", "for {fact}`s3.price_put_per_thousand_usd`")
    ['s3', 'sqs']
    """
    quoted = re.findall(r"\{fact\}`(\w+)\.", markdown)
    own = [name for name in SERVICES if slug == name or slug.startswith(f"{name}_")]
    return sorted({*own, *quoted} & {*SERVICES})


def prose(markdown: str) -> str:
    """The text with all that is not prose taken out, and its lines where they were."""
    kept, fence, is_code = [], "", False
    for line in _without_front_matter(markdown).split("\n"):
        opening = re.match(r"\s*(`{3,}|~{3,})(.*)", line)
        if fence:
            closes = line.strip().startswith(fence) and not line.strip().strip(fence[0])
            fence = "" if closes else fence
            kept.append("" if closes or is_code else line)
        elif opening:
            fence, directive = opening[1], re.match(r"\{([\w:-]+)\}", opening[2])
            is_code = not directive or directive[1] in ("code", "code-block", "code-cell", "math")
            kept.append("")
        else:
            kept.append(line)
    text = "\n".join(kept)
    text = re.sub(r"<!--.*?-->", _blank, text, flags=re.DOTALL)
    text = re.sub(r"^\s*(?:%|:[\w-]+:).*", "", text, flags=re.MULTILINE)  # comments, options
    text = re.sub(r"(?:\{[^}\n]+\})?(`+)(?!`).+?(?<!`)\1(?!`)", "`", text)  # roles and code
    return re.sub(r"\]\([^)\n]*\)|<https?:[^>\n]*>|https?:\S+", "]", text)


def _without_front_matter(markdown: str) -> str:
    return re.sub(r"\A---\n.*?\n---\n", _blank, markdown, flags=re.DOTALL)


def _blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def _end(fact: Fact, number: re.Match[str], text: str) -> int:
    """Where the number that states this fact ends, unit included; 0 if it does not state it."""
    if isinstance(fact.value, str):
        return 0
    if fact.unit == "USD":
        return _money_end(fact.value, number, text)
    if fact.unit in _MEASURES:
        found = _measure_end(fact.value, _MEASURES[fact.unit], number, text)
    else:
        found = _count_end(fact.value, fact.unit.removesuffix("/s"), number, text)
    return found or (number.end() if fact.value == _value(number) >= _DISTINCTIVE else 0)


def _money_end(price: float, number: re.Match[str], text: str) -> int:
    cents = _beside("cents?", 0).match(text, number.end())
    if cents and math.isclose(_value(number), price * 100):
        return cents.end()
    return number.end() if number[0].startswith("$") and _value(number) == price else 0


def _measure_end(value: float, units: _Units, number: re.Match[str], text: str) -> int:
    for words, sizes in units:
        unit = _beside(words, 0).match(text, number.end())
        if unit and value in [_value(number) * size for size in sizes]:
            return unit.end()
    return 0


def _count_end(value: float, noun: str, number: re.Match[str], text: str) -> int:
    words = _NOUNS.get(noun, noun.removesuffix("s") + "s?")
    counted = _beside(words, 2).match(text, number.end())
    return counted.end() if counted and value == _value(number) >= _FEW else 0


def _value(number: re.Match[str]) -> float:
    digits = number["number"].lower()
    value = _SPELT[digits] if digits in _SPELT else float(digits.strip("$,").replace(",", ""))
    return value * _POWERS[number["power"].lower()] if number["power"] else value


@cache
def _beside(words: str, between: int) -> re.Pattern[str]:
    """One of `words` right after a number, with so many words at most between the two."""
    gap = rf"(?:[\s-]+[\w'-]+){{0,{between}}}?[\s-]+" if between else r"[\s-]*"
    return re.compile(rf"{_RANGE}{gap}(?:{words})\b", re.IGNORECASE)
