"""Exercise 2: a batch that succeeded in part, and the rest of it.

batch of 25 ── 5 written, 20 handed back ── wait ── the 20, and no others ── … ── none left
"""

from __future__ import annotations

from collections import Counter

from labkit.exercises.checks.dynamodb_capacity.log import Write, changed, items, writes
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

TABLE = "orders"
CAPACITY = 5
NUMBERS = tuple(range(3001, 3026))


def check(evidence: Evidence) -> Outcome:
    """Every order is in the table, was written once, and the table is as it was."""
    mine = writes(evidence, TABLE)
    if not mine:
        return NotYet(
            f"Nobody has written to `{TABLE}` yet.", "Send the batch, then what comes back of it."
        )
    if changed(evidence, TABLE):
        return _dearer()
    there = {int(item["order"]) for item in items(evidence, TABLE) if "order" in item}
    return (
        _again(mine)
        or _lost(mine, there)
        or Passed(
            f"All {len(NUMBERS)} orders are in the table, each written once, with "
            f"{CAPACITY} units a second. What came back in `UnprocessedItems` went out again, and "
            "nothing else did."
        )
    )


def _dearer() -> Outcome:
    return Incorrect(
        f"You changed the table `{TABLE}`.",
        f"the table as it was, with {CAPACITY} units.",
        "More capacity would take the batch at once, and be paid for every hour that follows. "
        'A batch that may take some seconds needs patience only. `lab.begin("leftovers")` lays '
        "the start again.",
    )


def _again(mine: list[Write]) -> Outcome | None:
    written = Counter(int(write.item["order"]) for write in mine if not write.refused)
    repeated = {order: times for order, times in written.items() if times > 1}
    if not repeated:
        return None
    order, times = min(repeated.items())
    found = f"Order {order} was written {times} times, and {len(repeated)} orders more than once."
    if any(write.operation == "PutItem" for write in mine):
        return Incorrect(
            found,
            "each order once.",
            "You put the orders one by one after the batch, also those that the batch had written. "
            'Only what came back is missing. `lab.begin("leftovers")` empties the table.',
        )
    return Incorrect(
        found,
        "each order once.",
        "You sent the whole batch again. What is written already takes the capacity that the rest "
        'is waiting for. Send what came back, only that. `lab.begin("leftovers")` empties the '
        "table.",
    )


def _lost(mine: list[Write], there: set[int]) -> Outcome | None:
    missing = [order for order in NUMBERS if order not in there]
    if not missing:
        return None
    if not {int(write.item["order"]) for write in mine} >= set(missing):
        return NotYet(
            f"Order {missing[0]} has never been sent.", f"Send all {len(NUMBERS)}, in one batch."
        )
    return NotYet(
        f"{len(missing)} of {len(NUMBERS)} orders are not in the table, and the call succeeded. "
        "Its answer says which: they are in `UnprocessedItems`, and boto3 does not send them "
        "again.",
        "Send those again, and after a while again, until none comes back.",
    )
