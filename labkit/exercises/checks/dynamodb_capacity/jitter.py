"""Exercise 3: a loop of the learner's own that waits longer each time, and never just as long.

attempt ✗ ─ wait ─ attempt ✗ ── wait ── attempt ✗ ──── wait ──── attempt ✓
"""

from __future__ import annotations

from itertools import pairwise
from statistics import mean

from labkit.exercises.checks.dynamodb_capacity.log import Write, changed, items, writes
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

TABLE = "receipts"
NUMBERS = tuple(range(4001, 4007))
SIZE_KIB = 8
LONGEST_S = 20
ALIKE_S = 0.002
GROWTH = 1.2  # how much longer later waits are than first ones, on the average


def check(evidence: Evidence) -> Outcome:
    """Each receipt was tried until it was written, after waits that grow and differ."""
    mine = _last_round(writes(evidence, TABLE))
    if not mine:
        return NotYet(f"Nobody has written to `{TABLE}` yet.", "Run the cell above.")
    if changed(evidence, TABLE):
        return Incorrect(
            f"You changed the table `{TABLE}`.",
            "the table as it was: the exercise is about waiting.",
            'More capacity hides the loop. `lab.begin("jitter")` lays the start again.',
        )
    waits = {order: _waits(mine, order) for order in NUMBERS}
    return (
        _at_once(waits)
        or _lost(evidence, mine)
        or _too_long(waits)
        or (None if _by_turns(mine) else _alike(waits) or _not_growing(waits))
        or Passed(_praise(mine, waits))
    )


def _last_round(mine: list[Write]) -> list[Write]:
    """The attempts since somebody last began with the first receipt.

    All of them if no receipt was tried twice in a row: then they were sent by turns.
    """
    if _by_turns(mine):
        return mine
    receipts = [write.item.get("receipt") for write in mine]
    begun = [n for n, receipt in enumerate(receipts) if receipt == NUMBERS[0]]
    starts = [n for n in begun if n == 0 or receipts[n - 1] != NUMBERS[0]]
    return mine[starts[-1] :] if starts else mine


def _by_turns(mine: list[Write]) -> bool:
    """Whether all receipts were tried before one was tried again: one wait is then for all."""
    return all(
        first.item.get("receipt") != second.item.get("receipt") for first, second in pairwise(mine)
    )


def _waits(mine: list[Write], order: int) -> list[float]:
    """The time between the attempts at one receipt, up to the one that was written.

    Two at the same time are a retry only if nothing was sent in between; else somebody ran the
    cell again.
    """
    attempts = [(n, write) for n, write in enumerate(mine) if write.item.get("receipt") == order]
    gaps = [
        (later - n, (second.at - first.at).total_seconds())
        for (n, first), (later, second) in pairwise(attempts)
        if first.refused
    ]
    return [wait_s for steps, wait_s in gaps if wait_s > 0 or steps == 1]


def _at_once(waits: dict[int, list[float]]) -> Outcome | None:
    for order, of_order in waits.items():
        if any(wait_s == 0 for wait_s in of_order):
            return Incorrect(
                f"Receipt {order} was refused, and sent again at the very same time.",
                "a wait before each further attempt.",
                "Capacity comes with time only, so this attempt could not succeed. Let time pass "
                "in your loop: `lab.clock.advance(seconds=...)`.",
            )
    return None


def _lost(evidence: Evidence, mine: list[Write]) -> Outcome | None:
    there = {int(item["receipt"]) for item in items(evidence, TABLE) if "receipt" in item}
    missing = [order for order in NUMBERS if order not in there]
    if not missing:
        return None
    attempts = [write for write in mine if write.item.get("receipt") == missing[0]]
    if not attempts:
        return NotYet(f"Receipt {missing[0]} has not been sent.", "Send all six.")
    times = "once" if len(attempts) == 1 else f"{len(attempts)} times"
    return NotYet(
        f"Receipt {missing[0]} is lost: it was sent {times}, was refused for want of capacity, and "
        "then nobody tried any more.",
        "Catch the exception, wait, and try again, up to ten times.",
    )


def _alike(waits: dict[int, list[float]]) -> Outcome | None:
    firsts = [of_order[0] for of_order in waits.values() if of_order]
    if len(firsts) < 2 or max(firsts) - min(firsts) > ALIKE_S:
        return None
    return Incorrect(
        f"Every receipt waited {firsts[0]:g} s before its second attempt.",
        "a random share of that time.",
        "A thousand clients that were refused together then come back together, and are refused "
        "together once more. `random.uniform(0, longest)` scatters them.",
    )


def _too_long(waits: dict[int, list[float]]) -> Outcome | None:
    longest = max((wait_s for of_order in waits.values() for wait_s in of_order), default=0)
    if longest <= LONGEST_S:
        return None
    return Incorrect(
        f"One wait took {longest:.0f} s.",
        f"at most {LONGEST_S} s.",
        "Doubling goes far within a few attempts. A cap keeps a client from sleeping on long after "
        "the capacity is back: `min(cap, base * 2**attempt)`.",
    )


def _not_growing(waits: dict[int, list[float]]) -> Outcome | None:
    first = [of_order[0] for of_order in waits.values() if of_order]
    later = [wait_s for of_order in waits.values() for wait_s in of_order[2:]]
    if not first or (later and mean(later) > GROWTH * mean(first)):
        return None
    if not later:
        return Incorrect(
            f"The first waits took {mean(first):.1f} s on the average, so that hardly a receipt "
            "needed a third attempt.",
            "a short first wait, and longer ones after it.",
            "A client cannot know how long it must wait. So it begins with little, below a second, "
            "and doubles.",
        )
    return Incorrect(
        f"A first wait took {mean(first):.1f} s on the average, a third or later one "
        f"{mean(later):.1f} s.",
        "waits that grow with each attempt.",
        "Waits that stay short keep the pressure on a table that is full. Double the longest wait "
        "with each attempt.",
    )


def _praise(mine: list[Write], waits: dict[int, list[float]]) -> str:
    refused = sum(bool(write.refused) for write in mine)
    longest = max((wait_s for of_order in waits.values() for wait_s in of_order), default=0)
    return (
        f"{len(mine)} attempts, {refused} of them refused, all six receipts written; the longest "
        f"wait took {longest:.1f} s. Doubling takes the pressure off, and chance keeps clients "
        "apart. boto3 does just this, and stops after four attempts."
    )
