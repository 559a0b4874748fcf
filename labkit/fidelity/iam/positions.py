"""Where a policy's statements stand in its text, and which condition keys it looks at."""

from __future__ import annotations

import json
import re
from typing import Any

Place = tuple[int, int]  # line and column, both from 1

_STATEMENT = re.compile(r'"Statement"\s*:\s*')
_VARIABLE = re.compile(r"\$\{([^}*?$][^},]*)")


def statement_positions(text: str) -> list[tuple[Place, Place]]:
    """Where each statement begins and ends, in the order written.

    >>> statement_positions('{"Statement": {"Effect": "Allow"}}')
    [((1, 15), (1, 34))]
    """
    found = _STATEMENT.search(text)
    if found is None:
        return []
    decoder, at = json.JSONDecoder(), found.end()
    spans = []
    if text[at] == "{":
        _, end = decoder.raw_decode(text, at)
        spans.append((at, end))
    else:
        while text[at:].lstrip(" \t\r\n[,")[:1] == "{":
            start = text.index("{", at)
            _, at = decoder.raw_decode(text, start)
            spans.append((start, at))
    return [(_place(text, start), _place(text, end)) for start, end in spans]


def _place(text: str, offset: int) -> Place:
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def context_keys(text: str) -> list[str]:
    """The keys of the conditions of a policy, and its variables, in the order written."""
    found: dict[str, str] = {}
    statements = json.loads(text)["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        for tests in statement.get("Condition", {}).values():
            for key in tests:
                found.setdefault(key.lower(), key)
        for value in _texts(statement):
            for name in _VARIABLE.findall(value):
                found.setdefault(name.strip().lower(), name.strip())
    return [*found.values()]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _texts(part)]
