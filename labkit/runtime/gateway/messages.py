"""A request as it came in, and an answer on its way out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

Pairs = list[tuple[str, str]]

# Headers that belong to a connection, and that no event carries.
_OF_THE_CONNECTION = {"connection", "content-length", "keep-alive", "transfer-encoding", "expect"}


class Headers:
    """Header fields in the order and spelling in which they came; names match in any case."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self.pairs: Pairs = [(str(name), str(value)) for name, value in pairs]

    def get(self, name: str, default: str | None = None) -> str | None:
        """The last value of a header."""
        found = self.all(name)
        return found[-1] if found else default

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.pairs if key.lower() == name.lower()]

    def set(self, name: str, value: str) -> None:
        """Let a header have one value."""
        self.pairs = [pair for pair in self.pairs if pair[0].lower() != name.lower()]
        self.pairs.append((name, value))

    def add(self, name: str, value: str) -> None:
        """Add a value to what a header has."""
        self.pairs.append((name, value))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self.all(name))


@dataclass
class Incoming:
    """A request for the front door: `path` and `query` are as they were sent, percent signs too."""

    method: str
    host: str
    path: str
    query: str
    headers: Headers
    body: bytes = b""
    scheme: str = "https"
    over_http: bool = False  # from another program, whose clock is its own
    signed_path: str = ""  # where that is not `path`: before the prefix was taken off

    @property
    def query_pairs(self) -> Pairs:
        """The parameters of the query, decoded."""
        return parse_qsl(self.query, keep_blank_values=True)

    def passed_on(self) -> Pairs:
        """The headers that go on to what is behind."""
        return [pair for pair in self.headers.pairs if pair[0].lower() not in _OF_THE_CONNECTION]


@dataclass
class Outgoing:
    """An answer: what API Gateway sends back; `why` is for the log."""

    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    why: str = ""


def json_answer(status: int, told: Any, headers: Mapping[str, str] | None = None) -> Outgoing:
    """An answer in JSON, written as API Gateway writes it."""
    fields = Headers({"Content-Type": "application/json", **(headers or {})}.items())
    return Outgoing(status, fields, json.dumps(told, separators=(",", ":")).encode())


def headers_of(pairs: Iterable[tuple[Any, Any]]) -> Headers:
    """Header fields from pairs of text or bytes."""
    return Headers((_text(name), _text(value)) for name, value in pairs)


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def single(pairs: Pairs) -> dict[str, str]:
    """Each name with its last value."""
    return dict(pairs)


def multi(pairs: Pairs) -> dict[str, list[str]]:
    """Each name with all its values."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found
