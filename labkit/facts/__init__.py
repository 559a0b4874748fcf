"""Every quota, default and price that AWS sets, once, with its source and the day it was read.

>>> fact("sqs.visibility_timeout_default_s")
30
>>> get("sqs.visibility_timeout_default_s").confidence
'high'

The YAML files beside this module are what people edit; `labkit facts --build` turns each into
a module of plain literals under `tables/`. This module reads those only, and only the one that
an id asks for, so that it also runs in the page, under MicroPython.
"""

from __future__ import annotations

from dataclasses import dataclass

from labkit.errors import UnknownFact, nearest
from labkit.facts.tables import SERVICES

__all__ = ["SERVICES", "Fact", "all_ids", "fact", "get"]

_loaded: dict[str, dict[str, Fact]] = {}


@dataclass(frozen=True)
class Fact:
    """A value that AWS sets, and how it is known."""

    id: str  # "<service>.<name_with_unit>"
    value: int | float | str | bool
    unit: str  # "s", "bytes", "GB", "USD", or the noun that is counted
    label: str  # what it is, in a few words that continue "SQS: …"
    source: str  # what was read: a URL, or a place in botocore's service model
    url: str  # where a reader can look it up
    read_on: str  # ISO date on which the source was read
    evidence: str  # "botocore", "announcement", "page" or "copy"; see labkit.facts.build
    page_date: str  # the date that the source itself bears; empty if it bears none
    confidence: str  # "high", "medium" or "low"
    as_of: str  # for a price: the month or day at which it is known to hold
    note: str  # what a careful reader should know besides


def fact(id: str) -> int | float | str | bool:
    """The plain value of a fact; UnknownFact, with the nearest id, if there is none."""
    return get(id).value


def get(id: str) -> Fact:
    """The whole fact; UnknownFact, with the nearest id, if there is none."""
    service = id.split(".", 1)[0]
    known = _table(service) if service in SERVICES else {}
    if id in known:
        return known[id]
    raise _unknown(f"There is no fact {id!r}.", nearest(id, sorted(known) or all_ids()))


def all_ids(service: str | None = None) -> list[str]:
    """The ids of a service, or of all services, in alphabetical order."""
    if service is not None and service not in SERVICES:
        raise _unknown(f"There are no facts of {service!r}.", nearest(service, list(SERVICES)))
    wanted = SERVICES if service is None else (service,)
    return sorted(id for one in wanted for id in _table(one))


def _table(service: str) -> dict[str, Fact]:
    if service not in _loaded:
        module = __import__("labkit.facts.tables." + service, None, None, ["FACTS"])
        _loaded[service] = {row[0]: Fact(*row) for row in module.FACTS}
    return _loaded[service]


def _unknown(found: str, suggestion: str) -> UnknownFact:
    return UnknownFact(
        found,
        "An id is <service>.<name_with_unit>, as in labkit/facts/<service>.yml.",
        f"Did you mean {suggestion!r}?" if suggestion else "labkit.facts.all_ids() lists them.",
    )
