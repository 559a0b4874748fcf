"""Exercise 1: the same items, read for half the units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labkit.exercises.checks.dynamodb_capacity.log import named, plain
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

TABLE = "posters"
PLAY = "hamlet"
POSTERS = 12
SIZE_KIB = 10
FULL_UNITS, HALF_UNITS = 36, 18


@dataclass(frozen=True)
class Read:
    """A request that brought posters."""

    index: int
    operation: str
    numbers: frozenset[int]
    units: float | None  # None if nobody asked what it costs
    strong: bool
    cut: bool  # whether the poster itself was left out


def check(evidence: Evidence) -> Outcome:
    """All twelve posters have been read, for eighteen units at the most."""
    reads = [read for call in evidence.of("dynamodb") for read in _reads(call)]
    if not reads:
        return NotYet(f"Nobody has read a poster from `{TABLE}` yet.", "Run the cell above.")
    last = _last_round(reads)
    seen = frozenset().union(*(read.numbers for read in last))
    if len(seen) < POSTERS:
        return NotYet(f"{len(seen)} of {POSTERS} posters were read.", "Read all of them.")
    units = sum(read.units or 0 for read in last)
    return _unmeasured(last) or _dear(last, units) or _cut(last) or Passed(_praise(last, units))


def _reads(call: Call) -> list[Read]:
    params, answer = call.params, call.response
    if call.error_code:
        return []
    if call.operation == "BatchGetItem":
        found = [
            (request, item)
            for name, request in params["RequestItems"].items()
            if named(name) == TABLE
            for item in answer["Responses"].get(name, [])
        ]
        strong = any(request.get("ConsistentRead") for request, _ in found)
        return _read(call, [item for _, item in found], strong)
    if call.operation == "TransactGetItems":
        gets = [entry["Get"] for entry in params["TransactItems"]]
        got = zip(gets, answer["Responses"], strict=True)
        mine = [one["Item"] for get, one in got if named(get["TableName"]) == TABLE]
        return _read(call, mine, strong=True)
    if call.operation not in ("GetItem", "Query", "Scan") or named(params["TableName"]) != TABLE:
        return []
    items = answer.get("Items", [answer["Item"]] if "Item" in answer else [])
    return _read(call, items, bool(params.get("ConsistentRead")))


def _read(call: Call, typed: list[Any], strong: bool) -> list[Read]:
    items = [plain(item) for item in typed]
    reports = call.response.get("ConsumedCapacity")
    units = None
    if reports is not None:
        reports = reports if isinstance(reports, list) else [reports]
        units = sum(report["CapacityUnits"] for report in reports)
    numbers = frozenset(int(item["number"]) for item in items if "number" in item)
    cut = any("artwork" not in item for item in items)
    return [Read(call.index, call.operation, numbers, units, strong, cut)] if items else []


def _last_round(reads: list[Read]) -> list[Read]:
    """The latest requests that brought every poster."""
    kept: list[Read] = []
    seen: frozenset[int] = frozenset()
    for read in reversed(reads):
        if len(seen) == POSTERS:
            break
        kept.append(read)
        seen |= read.numbers
    return kept


def _unmeasured(reads: list[Read]) -> Outcome | None:
    if all(read.units is not None for read in reads):
        return None
    return NotYet(
        "All posters were read, but nobody knows what it cost: not every answer says so.",
        'Ask for it in each request: `ReturnConsumedCapacity="TOTAL"`.',
    )


def _dear(reads: list[Read], units: float) -> Outcome | None:
    if units <= HALF_UNITS:
        return None
    expected = f"all {POSTERS} for {HALF_UNITS} units at the most."
    found = f"The {POSTERS} posters cost {units:g} read units."
    if any(read.operation == "TransactGetItems" for read in reads):
        return Incorrect(
            found,
            expected,
            "A transaction reads every item twice, to see that nobody changes one meanwhile: it "
            "costs double, and a wall of posters needs no such promise.",
        )
    if any(read.cut for read in reads):
        return Incorrect(
            found,
            expected,
            "You left the artwork out. DynamoDB still reads the whole item and then sends a part "
            "of it: a projection saves bandwidth, and no unit.",
        )
    if any(read.strong for read in reads):
        return NotYet(
            f"{found} Each answer must reflect every write before it, and that costs a whole unit "
            "for each 4 KB.",
            "A poster that is a second old is a good poster. Ask for less.",
        )
    return Incorrect(found, expected, "Some posters were read more than once.")


def _cut(reads: list[Read]) -> Outcome | None:
    if not any(read.cut for read in reads):
        return None
    return Incorrect(
        "The posters came without their artwork.",
        "whole posters.",
        "A projection does not make a read cheaper, so nothing is gained by it.",
    )


def _praise(reads: list[Read], units: float) -> str:
    operations = {read.operation for read in reads}
    if operations & {"Query", "Scan"}:
        return (
            f"{POSTERS} posters for {units:g} units: an eventually consistent read costs half, and "
            f"{min(operations)} adds up the sizes before it rounds, where a GetItem rounds each "
            "poster up to the next 4 KB."
        )
    return (
        f"{POSTERS} posters for {units:g} units, half of {FULL_UNITS}: an eventually consistent "
        f"read asks any copy, and a copy is enough for a poster. Each of {SIZE_KIB} KB still "
        "counts as 12."
    )
