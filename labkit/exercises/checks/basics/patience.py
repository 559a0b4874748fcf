"""Exercise 3: a service that is busy gets the requests again, later and later, until it is done.

attempt ──✗── wait ── attempt ──✗── wait longer ── attempt ──✓
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from labkit.exercises.checks.sqs.log import events
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

QUEUE = "orders"
REFUSALS = 5
ORDERS = tuple(f"order {number}" for number in range(2001, 2007))


def check(evidence: Evidence) -> Outcome:
    """Every order is in the queue once, and nobody asked again without waiting."""
    sends = [event for event in events(evidence) if event.kind == "send" and event.queue == QUEUE]
    if not sends:
        return NotYet(f"Nobody has sent an order to `{QUEUE}` yet.", "Run the cell above.")
    arrived = Counter(event.body for event in sends if not event.refused)
    return (
        _twice(arrived)
        or _foreign(arrived)
        or _hammered(evidence)
        or _lost(evidence, arrived)
        or Passed(_praise(evidence))
    )


def _twice(arrived: Counter[str]) -> Outcome | None:
    repeated = [order for order in ORDERS if arrived[order] > 1]
    if not repeated:
        return None
    return Incorrect(
        f"`{repeated[0]}` is in the queue {arrived[repeated[0]]} times.",
        "each order once.",
        "Only what was refused has to be sent again. Whoever starts the whole list over repeats "
        'what had gone through. `lab.begin("patience")` empties the queue.',
    )


def _foreign(arrived: Counter[str]) -> Outcome | None:
    foreign = [body for body in arrived if body not in ORDERS]
    if not foreign:
        return None
    return Incorrect(
        f"`{QUEUE}` got `{foreign[0]}`.",
        "the six orders of `sale`, and nothing else.",
        'Send the orders as they are; `lab.begin("patience")` lays the start again.',
    )


def _hammered(evidence: Evidence) -> Outcome | None:
    """A refused request was followed by the next attempt at the very same time."""
    attempts = evidence.of("sqs", "SendMessage")
    at_once = [
        (first, second)
        for first, second in pairwise(attempts)
        if first.error_code and first.params == second.params and second.at == first.ended_at
    ]
    if not at_once:
        return None
    first, _ = at_once[0]
    return Incorrect(
        f"`{first.params['MessageBody']}` was refused at {first.at:%H:%M:%S}, and sent again at "
        "the same time.",
        "a wait before each further attempt.",
        "A service throttles because it gets too much. Asking again at once adds to that, and "
        "with a thousand clients keeps it down. boto3 waits by itself, longer each time; in a "
        "loop of your own, wait with `lab.clock.advance`, since time is virtual here.",
    )


def _lost(evidence: Evidence, arrived: Counter[str]) -> Outcome | None:
    lost = [order for order in ORDERS if not arrived[order]]
    if not lost:
        return None
    tried = evidence.of("sqs", "SendMessage", MessageBody=lost[0])
    if not tried:
        return NotYet(f"`{lost[0]}` has not been sent yet.", "Send all six.")
    times = "once" if len(tried) == 1 else f"{len(tried)} times"
    return NotYet(
        f"`{lost[0]}` is lost: it was sent {times}, SQS answered `{tried[-1].error_code}` each "
        "time, and then nobody tried any more.",
        "The client may try more often before it gives up.",
    )


def _praise(evidence: Evidence) -> str:
    refused = [call for call in evidence.of("sqs", "SendMessage") if call.error_code]
    if not refused:
        return (
            "All six orders are in the queue, in fewer requests than orders: a batch is one "
            "request, and so the gentlest way to deal with a limit on requests."
        )
    span = evidence.of("sqs", "SendMessage")
    took_s = (span[-1].ended_at - span[0].at).total_seconds()
    return (
        f"SQS refused {len(refused)} requests, and all six orders are in the queue, once each. "
        f"It took {took_s:.1f} s of virtual time, nearly all of it waiting: patience is what a "
        "busy service needs of you."
    )
