"""Exercise 3: order where it matters, and each event once although the shop sends one again."""

from __future__ import annotations

import hashlib
from collections import Counter

from labkit.exercises.checks.sqs.log import Event, attribute, events, listed, on
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

QUEUE = "payments.fifo"
PAYMENTS = (  # the order, the event's id, the text; what the shop sends, one after the other
    ("order-17", "e1", "order-17: charged 40 EUR"),
    ("order-18", "e2", "order-18: charged 25 EUR"),
    ("order-17", "e3", "order-17: charged 40 EUR"),  # another seat, in the words of e1
    ("order-17", "e4", "order-17: refunded 40 EUR"),
    ("order-17", "e4", "order-17: refunded 40 EUR"),  # e4 again: the shop had no answer
)
EVENTS = tuple(dict.fromkeys(PAYMENTS))


def check(evidence: Evidence) -> Outcome:
    """`payments.fifo` took each event once and in order, each order in a group of its own."""
    sqs = evidence.client("sqs")
    if QUEUE not in _names(sqs.list_queues().get("QueueUrls", [])):
        return _no_queue(evidence)
    laid_anew = max((call.index for call in on(evidence, QUEUE, "DeleteQueue")), default=-1)
    sends = [
        event
        for event in events(evidence)
        if event.kind == "send" and event.queue == QUEUE and event.index > laid_anew
    ]
    accepted = [send for send in sends if not send.refused and send.body in _wanted()]
    by_group = attribute(evidence, QUEUE, "DeduplicationScope") == "messageGroup"
    kept = _kept(accepted, by_group)
    return (
        _refused(sends, accepted)
        or _not_all_sent(accepted)
        or _lost(evidence, accepted, kept)
        or _stored_twice(kept)
        or _order_in_pieces(kept)
        or _orders_in_one_line(kept)
        or _out_of_order(kept)
        or Passed(
            f"{len(accepted)} sends, {len(kept)} payments in the queue. The retry brought an id "
            "that SQS had seen, so it was dropped; the second charge brought a new one, so it "
            "stayed. Each order is a group: in order within itself, waiting for no other."
        )
    )


def _no_queue(evidence: Evidence) -> Outcome:
    created = evidence.of("sqs", "CreateQueue")
    if not created:
        return NotYet(f"There is no queue `{QUEUE}` yet.", "Create it, then send the payments.")
    name = str(created[-1].params.get("QueueName", ""))
    if created[-1].error_code:
        return Incorrect(
            f"SQS refused to create `{name}` ({created[-1].error_code}).",
            f"a FIFO queue `{QUEUE}`.",
            "A FIFO queue says so twice when it is created: its name ends in `.fifo`, and its "
            "attribute `FifoQueue` is `true`, as text.",
        )
    return Incorrect(
        f"You created `{name}`.",
        f"a FIFO queue `{QUEUE}`.",
        "A name without `.fifo` makes a standard queue. It may deliver out of order and drops no "
        "retry, and it can never become a FIFO queue.",
    )


def _refused(sends: list[Event], accepted: list[Event]) -> Outcome | None:
    if accepted or not sends or not sends[-1].refused:
        return None
    lacks = "MessageGroupId" not in sends[-1].params
    return Incorrect(
        f"SQS refused the payments ({sends[-1].refused}).",
        "each payment with a `MessageGroupId` and a `MessageDeduplicationId`.",
        "The group is missing: it says what must stay in order."
        if lacks
        else "The deduplication id is missing: it says which sends are one and the same event.",
    )


def _not_all_sent(accepted: list[Event]) -> Outcome | None:
    missing = Counter(text for _, _, text in PAYMENTS) - _bodies(accepted)
    if not missing:
        return None
    return NotYet(
        f"`{QUEUE}` is there, and {len(PAYMENTS) - missing.total()} of {len(PAYMENTS)} payments "
        "were sent.",
        "Send all of them in their order, each with its text as the body, the retry too: to tell "
        "it from an event is the queue's work.",
    )


def _lost(evidence: Evidence, accepted: list[Event], kept: list[Event]) -> Outcome | None:
    """Two events came with one deduplication id, so the queue dropped the second."""
    if not _wanted() - _bodies(kept):
        return None
    found = f"{len(accepted)} sends were accepted, and the queue holds {len(kept)} payments."
    expected = f"{len(EVENTS)}: each event once, also two that read the same."
    hashed = not any("MessageDeduplicationId" in send.params for send in accepted)
    if hashed and attribute(evidence, QUEUE, "ContentBasedDeduplication") == "true":
        return Incorrect(
            found,
            expected,
            "With `ContentBasedDeduplication` the id is a hash of the body. The second charge of "
            "40 EUR has the words of the first, so it passed for a retry, and is lost. Only you "
            "know which sends are one event: say so.",
        )
    return Incorrect(
        found,
        expected,
        "Two events came with the same `MessageDeduplicationId`. SQS accepts the second, says "
        "nothing, and never delivers it. Take what tells events apart.",
    )


def _stored_twice(kept: list[Event]) -> Outcome | None:
    surplus = _bodies(kept) - _wanted()
    if not surplus:
        return None
    text = min(surplus)
    return Incorrect(
        f"`{text}` lies in the queue {_bodies(kept)[text]} times.",
        f"{_wanted()[text]} time: the shop sent that event again.",
        "A retry is dropped only if it brings the `MessageDeduplicationId` of the first. An id "
        "made anew for each send, such as a uuid or a counter, turns a retry into a new event.",
    )


def _order_in_pieces(kept: list[Event]) -> Outcome | None:
    for order, groups in _groups(kept).items():
        if len(groups) > 1:
            return Incorrect(
                f"The payments of {order} lie in {len(groups)} groups: {listed(sorted(groups))}.",
                "one group for each order.",
                "SQS keeps the order within a group, and only there. From two groups, the refund "
                "may be delivered before its charge.",
            )
    return None


def _orders_in_one_line(kept: list[Event]) -> Outcome | None:
    groups = _groups(kept)
    names = sorted(set().union(*groups.values()))
    if len(names) == len(groups):
        return None
    return Incorrect(
        f"{len(groups)} orders share the group `{names[0]}`.",
        "one group for each order.",
        "While a message of a group is in flight, all the rest of that group waits. One slow "
        "payment of order-17 would hold up order-18, however many workers are idle.",
    )


def _out_of_order(kept: list[Event]) -> Outcome | None:
    for order in _groups(kept):
        wanted = [text for its_order, _, text in EVENTS if its_order == order]
        found = [send.body for send in kept if _order_of(send) == order]
        if found != wanted:
            return Incorrect(
                f"{order} was sent as: {', '.join(map(_without_order, found))}.",
                f"{', '.join(map(_without_order, wanted))}.",
                "A FIFO queue keeps the order in which it was sent the messages. Which order is "
                "right, it cannot know.",
            )
    return None


def _kept(accepted: list[Event], by_group: bool) -> list[Event]:
    """What the queue keeps: the first send of each deduplication id, in a group or in all."""
    first: dict[tuple[str, str], Event] = {}
    for send in accepted:
        content = hashlib.sha256(send.body.encode()).hexdigest()
        group = str(send.params["MessageGroupId"]) if by_group else ""
        first.setdefault((group, str(send.params.get("MessageDeduplicationId", content))), send)
    return list(first.values())


def _wanted() -> Counter[str]:
    return Counter(text for _, _, text in EVENTS)


def _bodies(sends: list[Event]) -> Counter[str]:
    return Counter(send.body for send in sends)


def _groups(sends: list[Event]) -> dict[str, set[str]]:
    """The groups that each order's payments lie in."""
    groups: dict[str, set[str]] = {}
    for send in sends:
        groups.setdefault(_order_of(send), set()).add(str(send.params["MessageGroupId"]))
    return groups


def _order_of(send: Event) -> str:
    return send.body.split(":")[0]


def _without_order(body: str) -> str:
    return body.split(": ", 1)[-1]


def _names(urls: list[str]) -> list[str]:
    return [url.rsplit("/", 1)[-1] for url in urls]
