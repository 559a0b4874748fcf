"""A policy as it stands in its field: read, checked, and compiled if AWS would take it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.explorables.iam_evaluation.source import Source
from labkit.policy import compile_policy, validate

if TYPE_CHECKING:
    from typing import Any

    from labkit.policy import Policy

KEPT = 24
FOUND_MAX = 60  # a longer value is at its place to be read


@dataclass(frozen=True)
class Flaw:
    """Something wrong, or doubtful if not `is_error`, at a line and a column of the text."""

    line: int
    column: int
    says: str
    is_error: bool = True


class Draft:
    """What came of a text: `policy` is None where there is none, or none that AWS would take."""

    def __init__(self, text: str, kind: str) -> None:
        self.is_empty = not text.strip()
        self.policy: Policy | None = None
        self.flaws: list[Flaw] = []
        if self.is_empty:
            return
        self.source = Source(text)
        self.flaws = _unreadable(self.source) or _refused(self.source, kind)
        if not self.error:
            self.policy = compile_policy(text)

    @property
    def error(self) -> Flaw | None:
        """The first flaw for which AWS would refuse the policy."""
        for flaw in self.flaws:
            if flaw.is_error:
                return flaw
        return None

    def line(self, path: str) -> int:
        """The line on which the part of that path stands."""
        return self.source.line(self.source.place(path))


class Context:
    """The context of a request: condition keys and their values, from a text that is JSON."""

    def __init__(self, text: str) -> None:
        self.keys: dict[str, Any] = {}
        self.flaws: list[Flaw] = []
        if not text.strip():
            return
        source = Source(text)
        self.flaws = _unreadable(source)
        if self.flaws:
            return
        keys = json.loads(text)
        if not isinstance(keys, dict):
            self.flaws = [_flaw(source, 0, "The context is an object of condition keys.")]
            return
        for key in keys:
            if not _is_value(keys[key]):
                says = f"{key} has a text, a number, true, false, or a list of these."
                self.flaws.append(_flaw(source, source.place(key), says))
        self.flaws.sort(key=_by_place)
        self.keys = {} if self.flaws else keys


_drafts: list[tuple[tuple[str, str], Draft]] = []


def draft(text: str, kind: str) -> Draft:
    """The text read as a policy of that kind (see labkit.policy.kinds); the last ones are kept."""
    for known, made in _drafts:
        if known == (text, kind):
            return made
    made = Draft(text, kind)
    _drafts.insert(0, ((text, kind), made))
    del _drafts[KEPT:]
    return made


def _unreadable(source: Source) -> list[Flaw]:
    """What keeps the text from being read at all, or from being read one way."""
    if source.problem:
        return [_flaw(source, source.problem.offset, source.problem.says)]
    says = "This name stands twice here; only one of them would count."
    return [_flaw(source, offset, says) for offset in source.repeated]


def _refused(source: Source, kind: str) -> list[Flaw]:
    """What the engine's own validation finds, each at its place."""
    flaws = []
    for finding in validate(source.text, kind):
        offset = source.place(finding.path)
        says = f"{finding.path}: {finding.rule}" if finding.path else finding.rule
        if isinstance(finding.value, str) and finding.value and len(finding.value) <= FOUND_MAX:
            says += f" Found {finding.value}."
        flaws.append(_flaw(source, offset, says, finding.severity == "error"))
    # A page's dicts keep no order, so neither do the findings.
    flaws.sort(key=_by_place)
    return flaws


def _flaw(source: Source, offset: int, says: str, is_error: bool = True) -> Flaw:
    return Flaw(source.line(offset), source.column(offset), says, is_error)


def _by_place(flaw: Flaw) -> tuple[int, int, str]:
    return flaw.line, flaw.column, flaw.says


def _is_value(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(_is_text(each) for each in value)
    return _is_text(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, (str, int, float)) or value is True or value is False
