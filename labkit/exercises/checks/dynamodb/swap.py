"""Exercise 5: two seats change hands together, or neither does.

            F7    B2    C3
before      ana   ben   dan
swap 1      ben   ana   dan     ana and ben agree, and hold what they say
swap 2      ben   ana   dan     ben and cleo agree, but C3 is dan's: nothing changes
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.exercises.checks.dynamodb.log import all_items, on, refused
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

TABLE = "seats"
SEATS: tuple[dict[str, str | int], ...] = (
    {"play": "aida", "seat": "F7", "price_eur": 40, "guest": "ana"},
    {"play": "aida", "seat": "B2", "price_eur": 60, "guest": "ben"},
    {"play": "aida", "seat": "C3", "price_eur": 60, "guest": "dan"},
)
BEFORE, AFTER = {"F7": "ana", "B2": "ben", "C3": "dan"}, {"F7": "ben", "B2": "ana", "C3": "dan"}
EXPECTED = "`F7` is ben's, `B2` ana's, `C3` still dan's, and DynamoDB cancelled the second swap."


def check(evidence: Evidence) -> Outcome:
    """The first swap was one transaction; the second was cancelled by a condition."""
    singles = [
        call
        for call in on(evidence, TABLE, "PutItem", "UpdateItem", "DeleteItem")
        if not call.error_code
    ]
    swaps = evidence.of("dynamodb", "TransactWriteItems")
    guests = {item["seat"]: item.get("guest", "") for item in all_items(evidence, TABLE)}
    return (
        _nothing(evidence, singles, swaps)
        or _in_pieces(evidence, singles, guests)
        or _malformed(swaps)
        or _first_cancelled(swaps, guests)
        or _dan_lost_his(guests)
        or _one_swap(swaps)
        or _another_end(guests)
        or Passed(
            "The first swap changed both seats in one step. The second met a `C3` that was not "
            "cleo's: its first half was fine, and was not done either. No reader ever saw half a "
            "swap, and there is nothing to clean up."
        )
    )


def _who(guests: dict[str, str]) -> str:
    return ", ".join(f"`{seat}` {guests.get(seat) or 'nobody'}" for seat in AFTER)


def _nothing(evidence: Evidence, singles: list[Call], swaps: tuple[Call, ...]) -> Outcome | None:
    if singles or swaps or evidence.of("dynamodb", "BatchWriteItem"):
        return None
    return NotYet(
        "Nobody has swapped a seat yet.", "Write `swap`, and let it do both swaps of the task."
    )


def _in_pieces(evidence: Evidence, singles: list[Call], guests: dict[str, str]) -> Outcome | None:
    batches = [call for call in evidence.of("dynamodb", "BatchWriteItem") if not call.error_code]
    if batches:
        return Incorrect(
            f"You wrote a batch. The seats are: {_who(guests)}.",
            EXPECTED,
            "A batch saves round trips. It takes no conditions, and each of its items succeeds or "
            "fails by itself.",
        )
    if not singles:
        return None
    return Incorrect(
        f"The seats were changed one by one: {_who(guests)}.",
        EXPECTED,
        "Between two calls a program can crash, and the second can be refused when the first is "
        "done. Then two guests hold one seat, and somebody has to notice.",
    )


def _malformed(swaps: tuple[Call, ...]) -> Outcome | None:
    if not swaps or swaps[-1].error_code in (None, "TransactionCanceledException"):
        return None
    return refused(
        swaps[-1], EXPECTED, "Each entry of `TransactItems` is one write of one item, a dict."
    )


def _first_cancelled(swaps: tuple[Call, ...], guests: dict[str, str]) -> Outcome | None:
    if guests != BEFORE or not swaps or not swaps[-1].error_code:
        return None
    message = str(swaps[-1].response["Error"]["Message"])  # … specific reasons [None, …]
    codes = message.rpartition("[")[2].rstrip("]")
    return Incorrect(
        f"Nothing was swapped; the last transaction was cancelled: {codes}.",
        EXPECTED,
        "There is one reason for each write, in your order. A condition must hold *before* the "
        "swap: the seat's guest is still the one who gives it away.",
    )


def _dan_lost_his(guests: dict[str, str]) -> Outcome | None:
    if guests.get("C3") == "dan":
        return None
    return Incorrect(
        f"`C3` was dan's, and now it is {guests.get('C3') or 'nobody'}'s.",
        EXPECTED,
        "A transaction does all or nothing, but it asks nothing by itself. Each write needs a "
        "condition of its own: that the seat's guest is who you think.",
    )


def _one_swap(swaps: tuple[Call, ...]) -> Outcome | None:
    if any(call.error_code for call in swaps):
        return None
    return NotYet(
        "`F7` and `B2` have changed hands, in one transaction.",
        "Now prove the other half: swap `F7` of ben with `C3` of cleo, which must change nothing.",
    )


def _another_end(guests: dict[str, str]) -> Outcome | None:
    if guests == AFTER:
        return None
    return Incorrect(
        f"The seats are: {_who(guests)}.",
        EXPECTED,
        "One of the swaps was done twice, or between others.",
    )
