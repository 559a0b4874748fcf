"""Reading the parts of a statement: lists of texts, principals and conditions.

Each function notes what is wrong at its path and gives back what is right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.policy import grammar
from labkit.policy.errors import Notes
from labkit.policy.operators import split_operator
from labkit.policy.request import text_of
from labkit.policy.statement import as_list

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_PRINCIPAL_KEYS = ("AWS", "Service", "Federated", "CanonicalUser")


def known_keys(notes: Notes, path: str, found: dict[str, Any], known: tuple[str, ...]) -> None:
    """An object has no keys but those known."""
    for key in found:
        if key not in known:
            where = f"{path}.{key}" if path else str(key)
            notes.error(where, f"Elements here are {', '.join(known)}; case matters.", key)


def strings(notes: Notes, path: str, value: Any, check: Callable[[str, str], None]) -> list[str]:
    """A text or a list of at least one; `check` is given each with its path."""
    values = as_list(value)
    if not values:
        notes.error(path, "The list holds at least one value.", value)
    good = []
    for i in range(len(values)):
        where = f"{path}[{i}]" if isinstance(value, (list, tuple)) else path
        text = values[i]
        if not isinstance(text, str):
            notes.error(where, "The value is a string.", text)
        elif not notes.broken(where, grammar.control_rule(text), text):
            check(where, text)
            good.append(text)
    return good


def principal(notes: Notes, path: str, element: Any) -> Any:
    """Everyone, or names by the type of principal."""
    if element == "*":
        return element
    if not isinstance(element, dict) or not element:
        notes.error(path, '"*" or an object such as {"AWS": "123456789012"}.', element)
        return {}
    tidy = {}
    known_keys(notes, path, element, _PRINCIPAL_KEYS)
    for kind in element:
        tidy[kind] = strings(notes, f"{path}.{kind}", element[kind], _named_as(notes, kind))
    return tidy


def _named_as(notes: Notes, kind: str) -> Callable[[str, str], None]:
    def check(path: str, text: str) -> None:
        notes.broken(path, grammar.principal_rule(kind, text), text)

    return check


def conditions(
    notes: Notes, path: str, block: Any, variables: bool
) -> dict[str, dict[str, list[str]]]:
    """Operators, the keys of each, and the values of each key as texts."""
    tidy: dict[str, dict[str, list[str]]] = {}
    if not isinstance(block, dict):
        notes.error(path, "Condition is an object of operators.", block)
        return tidy
    for operator in block:
        where, keys = f"{path}.{operator}", block[operator]
        if split_operator(str(operator)) is None:
            notes.error(where, "This is no condition operator.", operator)
        elif not isinstance(keys, dict) or not keys:
            notes.error(where, "An operator holds an object of keys.", keys)
        else:
            tidy[operator] = _keys(notes, where, keys, operator, variables)
    return tidy


def _keys(
    notes: Notes, path: str, keys: dict[str, Any], operator: str, variables: bool
) -> dict[str, list[str]]:
    tidy: dict[str, list[str]] = {}
    seen: dict[str, str] = {}
    for key, value in keys.items():
        where, lower = f"{path}.{key}", str(key).lower()
        if lower in seen:
            rule = f"The name of a key has no case: {seen[lower]} stands here too."
            notes.error(where, rule, key)
        seen[lower] = key
        tidy[key] = _values(notes, where, value, operator, variables)
    return tidy


def _values(notes: Notes, path: str, value: Any, operator: str, variables: bool) -> list[str]:
    good = []
    for each in as_list(value):
        if not isinstance(each, (str, int, float, bool)):
            notes.error(path, "A condition's values are strings, numbers or booleans.", value)
            continue
        text = text_of(each)
        rule = grammar.control_rule(text) or grammar.value_rule(operator, text, variables)
        if not notes.broken(path, rule, each):
            good.append(text)
    return good
