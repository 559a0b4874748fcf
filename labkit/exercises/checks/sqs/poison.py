"""Exercise 4: an order that no worker survives is set aside, and comes back when it can be read.

orders ──third receive failed──▶ orders-dlq ──redrive──▶ orders ──printed──▶ deleted
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from labkit.exercises.checks.sqs.log import Event, attribute, events, on, waiting
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

POISON = "F7"  # as an older shop wrote an order: no JSON
ORDERS = ('{"seat": "A1"}', POISON, '{"seat": "B2"}')
MAX_RECEIVES = 3


def check(evidence: Evidence) -> Outcome:
    """`orders` gives up on a message after three receives; the poison went round and was printed.

    Whether it came back by StartMessageMoveTask or was sent again by hand is not asked.
    """
    story = events(evidence)
    policy = json.loads(attribute(evidence, "orders", "RedrivePolicy") or "{}")
    return (
        _purged(evidence)
        or _policy_missing(evidence, policy)
        or _policy_differs(policy)
        or _thrown_away(evidence, policy, story)
        or _not_set_aside(evidence, policy, story)
        or _not_moved_back(evidence, policy, story)
        or _not_printed(evidence)
        or Passed(
            f"After {MAX_RECEIVES} receives `{POISON}` left the queue instead of going round for "
            "days, the good orders did not wait for it, and when the worker could read it, it "
            "came back and was printed. Nothing was lost, and nothing needed a developer at "
            "night."
        )
    )


def _purged(evidence: Evidence) -> Outcome | None:
    if not on(evidence, "orders", "PurgeQueue", "DeleteQueue"):
        return None
    return Incorrect(
        "You emptied `orders`.",
        "every order printed, the odd one too.",
        "A purge takes the good messages with the bad one, and nothing brings them back. "
        '`lab.begin("poison")` lays them again.',
    )


def _policy_missing(evidence: Evidence, policy: dict[str, Any]) -> Outcome | None:
    if policy:
        return None
    refused = [c for c in evidence.of("sqs", "SetQueueAttributes", "CreateQueue") if c.error_code]
    if refused:
        return Incorrect(
            f"SQS refused the change: {_message(refused[-1])}",
            "a `RedrivePolicy` on `orders`, as JSON text.",
            "It names the dead-letter queue by its ARN, not by its URL: ask `orders-dlq` for its "
            "`QueueArn`.",
        )
    if on(evidence, "orders-dlq", "SetQueueAttributes"):
        return Incorrect(
            "The `RedrivePolicy` is on `orders-dlq`.",
            "it is on `orders`.",
            "The queue that gives up on a message names where it goes. A dead-letter queue is an "
            "ordinary queue and needs to know nothing.",
        )
    return NotYet(
        f"`orders` has no `RedrivePolicy`: `{POISON}` will be received, crash a worker and come "
        "back, until its retention ends.",
        "Give it a place to go.",
    )


def _policy_differs(policy: dict[str, Any]) -> Outcome | None:
    found = int(policy["maxReceiveCount"])
    if found == MAX_RECEIVES:
        return None
    return Incorrect(
        f"`maxReceiveCount` is {found}.",
        f"{MAX_RECEIVES}.",
        "A receive counts whether the worker crashed or was only slow, so a small number throws "
        "out good orders on a busy day."
        if found < MAX_RECEIVES
        else "Until then each round costs a worker's time, and nobody hears of the problem.",
    )


def _thrown_away(evidence: Evidence, policy: dict[str, Any], story: list[Event]) -> Outcome | None:
    """The poison was deleted where deleting it means that nobody prints it."""
    dlq = _queue(policy)
    back = _back_at(evidence, dlq, story)
    for event in story:
        if event.kind != "delete" or event.body != POISON or event.refused:
            continue
        if event.queue == "orders" and (back is None or event.index < back):
            return Incorrect(
                f"`{POISON}` was deleted from `orders` before it had been set aside.",
                f"`{POISON}` goes to `{dlq}` by itself, and is printed in the end.",
                "Deleting the message ends the circle, and the customer never gets a ticket.",
            )
        if event.queue == dlq and back is None and not _sent_again(story):
            return Incorrect(
                f"`{POISON}` was deleted from `{dlq}`.",
                f"`{POISON}` moved back to `orders` and printed.",
                "A dead-letter queue keeps what failed so that you can mend the cause and try "
                "again; deleting it there loses the order.",
            )
    return None


def _not_set_aside(
    evidence: Evidence, policy: dict[str, Any], story: list[Event]
) -> Outcome | None:
    dlq = _queue(policy)
    if waiting(evidence, dlq) or _back_at(evidence, dlq, story) is not None:
        return None
    return NotYet(
        f"`orders` would now give up on `{POISON}`, and still holds it.",
        f"Work on, and let the visibility timeout pass: the receive after the third takes it to "
        f"`{dlq}`.",
    )


def _not_moved_back(
    evidence: Evidence, policy: dict[str, Any], story: list[Event]
) -> Outcome | None:
    dlq = _queue(policy)
    tasks = evidence.of("sqs", "StartMessageMoveTask")
    if _back_at(evidence, dlq, story) is None:
        if tasks:
            return Incorrect(
                f"SQS refused the move: {_message(tasks[-1])}",
                f"a move whose source is `{dlq}`.",
                "A redrive starts at the dead-letter queue: its ARN is the `SourceArn`. Where the "
                "messages came from, SQS knows.",
            )
        return NotYet(
            f"`{POISON}` lies in `{dlq}`, and the other orders are done.",
            "Teach the worker to read it, then move it back and work once more.",
        )
    if waiting(evidence, dlq):
        return Incorrect(
            f"`{POISON}` was moved back, and lies in `{dlq}` again.",
            f"`{POISON}` printed.",
            "It went back to a worker that still cannot read it. First mend the worker, then "
            "redrive.",
        )
    return None


def _not_printed(evidence: Evidence) -> Outcome | None:
    left = waiting(evidence, "orders")
    if not left:
        return None
    noun = "order lies" if left == 1 else "orders lie"
    return NotYet(
        f"{left} {noun} in `orders`.",
        "Let the mended worker work once more; what it does not delete comes back after the "
        "visibility timeout.",
    )


def _queue(policy: dict[str, Any]) -> str:
    """The name of the dead-letter queue."""
    return str(policy["deadLetterTargetArn"]).rsplit(":", 1)[-1]


def _back_at(evidence: Evidence, dlq: str, story: list[Event]) -> int | None:
    """The call that brought the poison back from the dead-letter queue; None if none did."""
    tasks = [
        call.index
        for call in evidence.of("sqs", "StartMessageMoveTask")
        if not call.error_code and str(call.params["SourceArn"]).endswith(f":{dlq}")
    ]
    return min([*tasks, *_sent_again(story)], default=None)


def _sent_again(story: list[Event]) -> list[int]:
    """The calls that sent the poison to `orders` by hand."""
    return [
        event.index
        for event in story
        if event.kind == "send" and event.queue == "orders" and event.body == POISON
    ]


def _message(call: Call) -> str:
    """Why AWS refused the call, in its own words."""
    return str(call.response["Error"]["Message"]).rstrip(".") + "."
