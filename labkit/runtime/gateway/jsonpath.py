"""JSONPath, as far as mapping templates use it.

    $.order.seats[0]    $.order['seats'][*].row    $..row

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
"""

from __future__ import annotations

import re
from typing import Any

_STEP = re.compile(r"\.\.([\w-]+)|\.([\w-]+|\*)|\[\s*(?:'([^']*)'|\"([^\"]*)\"|(-?\d+)|(\*))\s*\]")


def look_up(document: Any, path: str) -> Any:
    """What lies at a path: a list where the path leads to many, None where it leads nowhere.

    >>> look_up({"seats": [{"row": "F"}, {"row": "G"}]}, "$.seats[*].row")
    ['F', 'G']
    """
    found, many = [document], False
    rest = path.strip().removeprefix("$")
    while rest:
        step = _STEP.match(rest)
        if step is None:
            return None
        deep, name, single, double, index, star = step.groups()
        if deep:
            found, many = [one for item in found for one in _everywhere(item, deep)], True
        elif star or name == "*":
            found, many = [one for item in found for one in _children(item)], True
        elif index is not None:
            found = [item[int(index)] for item in found if _has(item, int(index))]
        else:
            key = next(part for part in (name, single, double) if part is not None)
            found = [item[key] for item in found if isinstance(item, dict) and key in item]
        rest = rest[step.end() :]
    if many:
        return found
    return found[0] if found else None


def _has(item: Any, index: int) -> bool:
    return isinstance(item, list) and -len(item) <= index < len(item)


def _children(item: Any) -> list[Any]:
    if isinstance(item, dict):
        return list(item.values())
    return item if isinstance(item, list) else []


def _everywhere(item: Any, name: str) -> list[Any]:
    found = [item[name]] if isinstance(item, dict) and name in item else []
    for child in _children(item):
        found += _everywhere(child, name)
    return found
