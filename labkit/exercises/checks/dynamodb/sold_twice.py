"""Exercise 4: two windows sell one seat, and the second is told.

window 1   read: free ──────────── write ana
window 2          read: free ───────────── write ben     over ana, unless the write has a condition
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labkit.exercises.checks.dynamodb.log import held, on, plain
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

TABLE, LAG_S = "seats", 1.0
KEY: dict[str, str | int] = {"play": "aida", "seat": "F7"}
SEATS: tuple[dict[str, str | int], ...] = (
    {**KEY, "price_eur": 40},
    {"play": "aida", "seat": "F8", "price_eur": 40},
)
EXPECTED = "the first sale of `F7` is written, the second refused by DynamoDB, and the price stays."
_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem")


def check(evidence: Evidence) -> Outcome:
    """F7 was written once, under a condition that refused the second write."""
    writes = [call for call in evidence.of("dynamodb", *_WRITES) if _of_the_seat(call)]
    done = [call for call in writes if not call.error_code]
    refusals = [call for call in writes if call.error_code]
    seat = held(evidence, TABLE, KEY)
    return (
        _nothing(writes)
        or _without_condition(evidence, done)
        or _malformed(refusals)
        or _none_sold(done, refusals)
        or _sold_again(done)
        or _one_window(done, refusals)
        or _lost_its_price(seat)
        or Passed(
            f"`F7` belongs to {seat.get('guest')}, at {seat.get('price_eur')} EUR, and the second "
            "window knows. DynamoDB looked at the item and wrote it in one step, where the item "
            "lives. What a replica still said a moment ago no longer matters."
        )
    )


def _parts(call: Call) -> list[dict[str, Any]]:
    """What a call writes, each with its key and its condition."""
    if call.operation == "TransactWriteItems":
        return [part for entry in call.params["TransactItems"] for part in entry.values()]
    if call.operation == "BatchWriteItem":
        return [
            request | {"TableName": table}
            for table, requests in call.params["RequestItems"].items()
            for entry in requests
            for request in entry.values()
        ]
    return [call.params]


def _seat_part(call: Call) -> dict[str, Any] | None:
    for part in _parts(call):
        named = plain(part.get("Key") or part.get("Item") or {})
        if part.get("TableName") == TABLE and all(named.get(k) == v for k, v in KEY.items()):
            return part
    return None


def _of_the_seat(call: Call) -> bool:
    return _seat_part(call) is not None


def _nothing(writes: list[Call]) -> Outcome | None:
    if writes:
        return None
    return NotYet(
        "Nobody has sold `F7` yet.", "Let `sell` write with a condition, then let both windows try."
    )


def _without_condition(evidence: Evidence, done: list[Call]) -> Outcome | None:
    careless = [call for call in done if "ConditionExpression" not in (_seat_part(call) or {})]
    if not careless:
        return None
    if len(done) > 1:
        return Incorrect(
            f"`F7` was written {len(done)} times, the last time over the guest before.",
            EXPECTED,
            "A write without a condition replaces whatever is there. The read before it told of "
            "an older state.",
        )
    strong = [
        call
        for call in on(evidence, TABLE, "GetItem", "Query")
        if call.params.get("ConsistentRead")
    ]
    if strong:
        return Incorrect(
            "`F7` was sold once, after a strongly consistent read.",
            EXPECTED,
            "Here the windows took turns. On a busy evening both read `free` before either writes: "
            "a read is right when it is made, and promises nothing about a moment later.",
        )
    return Incorrect(
        "`F7` was sold once, by a write without a condition.",
        EXPECTED,
        "It worked because enough time lay between the windows. Nothing in the write itself would "
        "have stopped a second one.",
    )


def _malformed(refusals: list[Call]) -> Outcome | None:
    bad = [call for call in refusals if call.error_code == "ValidationException"]
    if not bad:
        return None
    message = str(bad[-1].response["Error"]["Message"]).rstrip(".")
    return Incorrect(
        f"DynamoDB did not understand the write: {message}.",
        EXPECTED,
        "A refusal of this kind is no answer to the condition. `attribute_not_exists(guest)` is "
        "the whole text of one.",
    )


def _none_sold(done: list[Call], refusals: list[Call]) -> Outcome | None:
    if done or not refusals:
        return None
    return Incorrect(
        "DynamoDB refused the first sale too.",
        EXPECTED,
        "A free seat is an item as well: it has a key and a price. The condition must hold for a "
        "free seat, so ask for the attribute that only a sold one has.",
    )


def _sold_again(done: list[Call]) -> Outcome | None:
    if len(done) < 2:
        return None
    return Incorrect(
        f"`F7` was written {len(done)} times, each time under a condition.",
        EXPECTED,
        "The condition held for a seat that was sold already. It must be true before the first "
        "sale, and false after it.",
    )


def _one_window(done: list[Call], refusals: list[Call]) -> Outcome | None:
    if refusals and refusals[-1].index > done[0].index:
        return None
    return NotYet(
        "`F7` was sold, under a condition.", "Now let the other window try to sell it, and be told."
    )


def _lost_its_price(seat: dict[str, str]) -> Outcome | None:
    if seat.get("price_eur") == "40":
        return None
    return Incorrect(
        "`F7` is sold, and its price is gone.",
        EXPECTED,
        "`put_item` replaces the whole item. Put back all that was there, or change one attribute "
        "with `update_item`.",
    )
