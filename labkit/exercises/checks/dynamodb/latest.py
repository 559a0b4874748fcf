"""Exercise 1: the two newest items of a partition, and no other item read.

customer  placed_at
ana       2026-01-02 ... 2026-01-03 ... 2026-01-04 ... 2026-01-05
                                        └── these two, from the end ──┘
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.exercises.checks.dynamodb.log import on, refused, returned
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

TABLE, CUSTOMER = "orders", "ana"
ORDERS: tuple[dict[str, str | int], ...] = (
    {"customer": "ana", "placed_at": "2026-01-02T18:20", "play": "aida", "total_eur": 40},
    {"customer": "ana", "placed_at": "2026-01-03T09:05", "play": "tosca", "total_eur": 80},
    {"customer": "ana", "placed_at": "2026-01-04T21:47", "play": "hamlet", "total_eur": 25},
    {"customer": "ana", "placed_at": "2026-01-05T08:12", "play": "aida", "total_eur": 120},
    {"customer": "ben", "placed_at": "2026-01-03T12:00", "play": "aida", "total_eur": 40},
    {"customer": "ben", "placed_at": "2026-01-05T08:30", "play": "hamlet", "total_eur": 50},
    {"customer": "cleo", "placed_at": "2026-01-04T10:15", "play": "tosca", "total_eur": 80},
)
TIMES = tuple(str(one["placed_at"]) for one in ORDERS if one["customer"] == CUSTOMER)
WANTED = [TIMES[-1], TIMES[-2]]
EXPECTED = (
    f"a query that returns {CUSTOMER}'s two newest orders, the newest first, and reads no other."
)


def check(evidence: Evidence) -> Outcome:
    """One query came back with the two newest orders, newest first, and read only these."""
    asked = on(evidence, TABLE, "Query", "Scan")
    if not asked:
        return NotYet(
            f"Nobody has asked `{TABLE}` yet.", f"Query {CUSTOMER}'s orders, as in the example."
        )
    right = [call for call in asked if not call.error_code and _is_right(call)]
    if right:
        return Passed(
            "DynamoDB went to the end of ana's items and read two of them backwards. However many "
            "orders she has, this query reads two: the sort key is the order in which they lie."
        )
    return _what_is_wrong(asked[-1])


def _is_right(call: Call) -> bool:
    return _times(call) == WANTED and call.response["ScannedCount"] == len(WANTED)


def _times(call: Call) -> list[str]:
    return [item.get("placed_at", "") for item in returned(call)]


def _what_is_wrong(call: Call) -> Outcome:
    if call.error_code:
        return refused(call, EXPECTED, "The key condition is as it was; two arguments are new.")
    times = _times(call)
    if call.operation == "Scan":
        return Incorrect(
            f"You scanned: {call.response['ScannedCount']} orders were read.",
            EXPECTED,
            "A Scan goes through the whole table and knows no order. Only a Query follows the "
            "sort key of one partition.",
        )
    if "FilterExpression" in call.params:
        return Incorrect(
            f"A filter left {len(times)} of {call.response['ScannedCount']} orders.",
            EXPECTED,
            "A filter throws away what has been read already, and was paid for.",
        )
    if times == list(TIMES[:2]):
        return Incorrect(
            "You got her two oldest orders.",
            EXPECTED,
            "`Limit` stops after so many items, counted from where the query starts. A query "
            "starts at the lowest sort key, unless `ScanIndexForward` is `False`.",
        )
    if len(times) == len(TIMES):
        return Incorrect(
            f"The query read all {len(times)} orders of {CUSTOMER}.",
            EXPECTED,
            "To take two of them in Python comes too late: they have been read and sent. Let "
            "DynamoDB stop after two: `Limit`.",
        )
    return Incorrect(
        f"The query came back with {len(times)} orders: {', '.join(times) or 'none'}.",
        EXPECTED,
        "Look at the key condition, the direction and the limit, one by one.",
    )
