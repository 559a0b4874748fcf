"""Golden inputs: what CPython computed, to be computed again by every face and interpreter.

Dicts are compared key by key, since MicroPython keeps no order; numbers to one unit in the last
place, since interpreters differ in the last digit of a logarithm.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labkit.explorables import load
from labkit.explorables.parts import Explorable
from labkit.explorables.texts import Text

FOLDER = Path(__file__).parent / "golden"


def cases(slug: str) -> list[dict[str, Any]]:
    """The golden inputs of an explorable, each with what it shows."""
    path = FOLDER / f"{slug}.json"
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def shown(slug: str, given: dict[str, Any]) -> dict[str, Any]:
    """What the explorable shows for the values `given`, as it stands in a golden file."""
    explorable = load(slug)
    values = explorable.values(**given)
    made: dict[str, Any] = {
        "given": given,
        "figure": explorable.figure(**values),
        "reading": explorable.reading(**values),
        "numbers": [
            [big.label, big.text, big.unit, big.note, big.tone]
            for big in explorable.numbers(**values)
        ],
        "done": [task.id for task in explorable.tasks if task.done(**values)],
    }
    if explorable.path:
        made["path"] = [dataclasses.asdict(entry) for entry in explorable.path(**values)]
    for text in texts(explorable):
        made.setdefault("marks", {})[text.name] = [
            dataclasses.asdict(mark) for mark in text.marks(**values)
        ]
    plain: dict[str, Any] = json.loads(json.dumps(made))
    return plain


def texts(explorable: Explorable) -> list[Text]:
    """The controls of an explorable in which a reader writes."""
    return [control for control in explorable.controls if isinstance(control, Text)]


def differences(found: Any, golden: Any, path: str = "") -> Iterator[str]:
    """Where two trees of plain values differ, as sentences."""
    if isinstance(found, dict) and isinstance(golden, dict):
        for key in sorted(set(found) | set(golden)):
            if key not in found or key not in golden:
                yield f"{path}.{key} is in one of them only"
            else:
                yield from differences(found[key], golden[key], f"{path}.{key}")
    elif isinstance(found, list) and isinstance(golden, list):
        if len(found) != len(golden):
            yield f"{path} has {len(found)} items, not {len(golden)}"
        for index, (one, other) in enumerate(zip(found, golden, strict=False)):
            yield from differences(one, other, f"{path}[{index}]")
    elif is_number(found) and is_number(golden):
        if abs(found - golden) > math.ulp(golden):
            yield f"{path} is {found!r}, not {golden!r}"
    elif found != golden:
        yield f"{path} is {found!r}, not {golden!r}"


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
