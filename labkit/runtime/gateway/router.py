"""Which resource or route a path means.

A literal part goes before a variable one, and that before one that takes all the rest; a method
that is named goes before ANY.

    /orders/new      orders/new, then orders/{id}, then {proxy+}
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_LITERAL, _VARIABLE, _GREEDY = 0, 1, 2


@dataclass(frozen=True)
class Match:
    """A path that fits: the values of its variables, and how close it fits."""

    found: Any
    path_parameters: dict[str, str]
    rank: tuple[int, ...]


def split(path: str) -> list[str]:
    """The parts of a path; slashes at its ends and empty parts at its beginning say nothing.

    >>> split("//orders/7/")
    ['orders', '7']
    """
    return path.strip("/").split("/") if path.strip("/") else []


def matches(candidates: Iterable[tuple[str, Any]], path: str) -> list[Match]:
    """The candidates whose pattern the path fits, the closest first."""
    parts = split(path)
    fits = (_match(pattern, found, parts) for pattern, found in candidates)
    return sorted((one for one in fits if one is not None), key=lambda one: one.rank)


def _match(pattern: str, found: Any, parts: list[str]) -> Match | None:
    wanted = split(pattern)
    values: dict[str, str] = {}
    rank: list[int] = []
    for number, part in enumerate(wanted):
        if part.startswith("{") and part.endswith("+}"):
            if number >= len(parts):
                return None
            values[part[1:-2]] = "/".join(parts[number:])
            return Match(found, values, (*rank, _GREEDY))
        if number >= len(parts):
            return None
        if part.startswith("{") and part.endswith("}"):
            values[part[1:-1]] = parts[number]
            rank.append(_VARIABLE)
        elif part == parts[number]:
            rank.append(_LITERAL)
        else:
            return None
    return Match(found, values, tuple(rank)) if len(wanted) == len(parts) else None
