"""Exercise 3: an index that holds the few items that somebody asks for, in the right order.

orders    eight; three have the attributes refund and asked_at
index     refund (partition key), asked_at (sort key): three entries, the oldest first
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labkit.exercises.checks.dynamodb.log import on, refused, returned
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

TABLE = "orders"
_OPEN = {"refund": "open"}
ORDERS: tuple[dict[str, str | int], ...] = (
    {"customer": "ana", "placed_at": "2026-01-02T18:20", "total_eur": 40},
    {"customer": "ana", "placed_at": "2026-01-03T09:05", "total_eur": 80, **_OPEN,
     "asked_at": "2026-01-05T07:00"},
    {"customer": "ben", "placed_at": "2026-01-02T12:00", "total_eur": 40},
    {"customer": "ben", "placed_at": "2026-01-03T12:00", "total_eur": 25, **_OPEN,
     "asked_at": "2026-01-04T16:30"},
    {"customer": "cleo", "placed_at": "2026-01-04T10:15", "total_eur": 80},
    {"customer": "cleo", "placed_at": "2026-01-04T10:20", "total_eur": 80},
    {"customer": "dan", "placed_at": "2026-01-01T20:00", "total_eur": 120, **_OPEN,
     "asked_at": "2026-01-04T20:10"},
    {"customer": "dan", "placed_at": "2026-01-05T08:45", "total_eur": 50},
)  # fmt: skip
WANTED = [str(one["customer"]) for one in sorted(
    (one for one in ORDERS if "asked_at" in one), key=lambda one: str(one["asked_at"])
)]  # fmt: skip
EXPECTED = (
    f"a query on an index of `{TABLE}` returns the {len(WANTED)} open refunds, the longest "
    "waiting first, each with its `total_eur`, and reads nothing else."
)


def check(evidence: Evidence) -> Outcome:
    """A query on a sparse global index came back with the open refunds in their order."""
    table = evidence.client("dynamodb").describe_table(TableName=TABLE)["Table"]
    indexes: list[Any] = table.get("GlobalSecondaryIndexes", [])
    queries = [call for call in on(evidence, TABLE, "Query") if call.params.get("IndexName")]
    if any(not call.error_code and _is_right(call) for call in queries):
        return Passed(
            f"The index holds {len(WANTED)} entries, though the table has {len(ORDERS)} orders: an "
            "order without the key attributes is not in it. When a refund is paid and its "
            "attributes are removed, its entry goes by itself. The query stays as cheap with a "
            "million orders."
        )
    return (
        _no_index(evidence, indexes) or _not_asked(indexes, queries) or _what_is_wrong(queries[-1])
    )


def _is_right(call: Call) -> bool:
    items = returned(call)
    return (
        [item.get("customer") for item in items] == WANTED
        and all("total_eur" in item for item in items)
        and call.response["ScannedCount"] == len(WANTED)
    )


def _no_index(evidence: Evidence, indexes: list[Any]) -> Outcome | None:
    if indexes:
        return None
    tried = on(evidence, TABLE, "UpdateTable")
    if tried and tried[-1].error_code:
        return refused(
            tried[-1],
            EXPECTED,
            "Each key attribute of the new index must be in `AttributeDefinitions`, and an index "
            "needs `KeySchema` and `Projection`.",
        )
    scans = [call for call in on(evidence, TABLE, "Scan") if not call.error_code]
    if scans:
        return Incorrect(
            f"A scan read {scans[-1].response['ScannedCount']} orders to find "
            f"{scans[-1].response['Count']}.",
            EXPECTED,
            "Bookkeeping asks every hour, and the table grows. The scan's cost grows with it, "
            "although the open refunds stay few, and it brings them in no order.",
        )
    return NotYet(
        f"`{TABLE}` has no index yet.",
        "Which attributes do only the orders with an open refund have? An index on them holds "
        "only these.",
    )


def _not_asked(indexes: list[Any], queries: list[Call]) -> Outcome | None:
    if queries:
        return None
    name, status = indexes[0]["IndexName"], indexes[0]["IndexStatus"]
    if status != "ACTIVE":
        return NotYet(
            f"`{name}` is {status}: DynamoDB is filling it from the table.",
            "Wait until it is `ACTIVE`, then query it.",
        )
    return NotYet(f"`{name}` is there, and nobody has asked it.", "Query it for the open refunds.")


def _what_is_wrong(call: Call) -> Outcome:
    if call.error_code:
        return refused(
            call,
            EXPECTED,
            "The key condition must name the index's partition key with `=`; an index is read when "
            "it is `ACTIVE`.",
        )
    items, read = returned(call), call.response["ScannedCount"]
    customers = [item.get("customer", "") for item in items]
    if sorted(customers) != sorted(WANTED):
        return Incorrect(
            f"The query came back with {len(items)} orders.",
            EXPECTED,
            "A query sees one value of the index's partition key. Choose a key under which all "
            "open refunds lie together, whoever the customer is.",
        )
    if read > len(WANTED):
        return Incorrect(
            f"The query read {read} entries and threw {read - len(items)} away.",
            EXPECTED,
            "The filter came after the reading. With a sort key that only open refunds have, the "
            "others are not in the index at all.",
        )
    if customers != WANTED:
        return Incorrect(
            f"The refunds came in this order: {', '.join(customers)}.",
            EXPECTED,
            "An index brings its items in the order of its own sort key. Here that must be when "
            "the refund was asked for, ascending.",
        )
    return Incorrect(
        "The refunds came without their `total_eur`.",
        EXPECTED,
        "A global index holds its keys, the table's keys and what its projection adds, and it "
        "cannot fetch the rest. An index's projection is fixed: delete it and make another.",
    )
