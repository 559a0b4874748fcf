"""Values as a template sees them: with Java's methods, and written as Java writes them."""

from __future__ import annotations

import json
from typing import Any


class JavaMap(dict[str, Any]):
    """A map: `$map.keySet()`, `$map.entrySet()`, written {name=value}."""

    def size(self) -> int:
        """How many entries there are."""
        return len(self)

    def isEmpty(self) -> bool:  # noqa: N802 - Java's names, as templates call them
        """Whether there is none."""
        return not self

    def keySet(self) -> JavaList:  # noqa: N802
        """The names."""
        return JavaList(self)

    def entrySet(self) -> JavaList:  # noqa: N802
        """The entries, each with `key` and `value`."""
        return JavaList(JavaMap(key=key, value=value) for key, value in self.items())

    def containsKey(self, key: str) -> bool:  # noqa: N802
        """Whether there is an entry of that name."""
        return key in self

    def put(self, key: str, value: Any) -> None:
        """Set an entry."""
        self[key] = value

    def putAll(self, others: dict[str, Any]) -> None:  # noqa: N802
        """Set many entries."""
        self.update(others)

    def __str__(self) -> str:
        return "{" + ", ".join(f"{key}={value}" for key, value in self.items()) + "}"


class JavaList(list[Any]):
    """A list: `$list.size()`, `$list.get(0)`, written as JSON."""

    def size(self) -> int:
        """How many items there are."""
        return len(self)

    def isEmpty(self) -> bool:  # noqa: N802
        """Whether there is none."""
        return not self

    def get(self, index: int) -> Any:
        """The item at a place."""
        return self[index]

    def contains(self, item: Any) -> bool:
        """Whether it is in the list."""
        return item in self

    def add(self, item: Any) -> None:
        """Append an item."""
        self.append(item)

    def __str__(self) -> str:
        return json.dumps(self, separators=(",", ":"))


class Truth(int):
    """A boolean, written true or false."""

    def __str__(self) -> str:
        return "true" if self else "false"

    __repr__ = __str__


def as_java(value: Any) -> Any:
    """A value of JSON with Java's methods."""
    if isinstance(value, bool):
        return Truth(value)
    if isinstance(value, dict):
        return JavaMap({str(key): as_java(item) for key, item in value.items()})
    if isinstance(value, list):
        return JavaList(as_java(item) for item in value)
    return value


def as_json(value: Any) -> str:
    """A value as JSON, without the blanks that Python writes."""
    return json.dumps(_plain(value), separators=(",", ":"), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Truth):
        return bool(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
