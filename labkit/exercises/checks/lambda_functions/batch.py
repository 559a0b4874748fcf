"""Exercise 4: a batch with one bad order in it, whose good orders are handled once."""

from __future__ import annotations

from collections import Counter
from typing import Any

from labkit.exercises.checks.lambda_functions.scene import ARN, printed, settings
from labkit.exercises.checks.lambda_versions.deploying import sha_of
from labkit.exercises.checks.sqs.log import waiting
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

NAME, QUEUE, FAILED = "tickets", "paid", "paid-failed"
BATCH = 10
ORDERS = ('{"seat": "A1"}', "F7", '{"seat": "B2"}')  # as an older shop wrote one: no JSON
SEATS = ("A1", "B2")
RECEIVES = 3
CODE = """\
import json

def handler(event, context):
    for record in event["Records"]:
        print("TICKET", json.loads(record["body"])["seat"])
"""
REPORT = "ReportBatchItemFailures"


def check(evidence: Evidence) -> Outcome:
    """Each good order has one ticket, the bad one is set aside, and batches are as large as ever.

    Only what was sent since the last change of code or mapping counts.
    """
    mapping = _mapping(evidence)
    if mapping is None:
        return Incorrect(
            f"Nothing hands the messages of `{QUEUE}` to `{NAME}`.",
            "the mapping that was there.",
            'Change it with `update_event_source_mapping`. `lab.begin("batch")` lays it again.',
        )
    if mapping["BatchSize"] != BATCH:
        return Incorrect(
            f"The mapping hands over {mapping['BatchSize']} at a time.",
            f"batches of {BATCH}, as before.",
            "One by one, a bad order harms nobody else, and a busy evening takes ten times the "
            "invocations. Tell Lambda which of a batch have failed instead.",
        )
    reports = REPORT in mapping.get("FunctionResponseTypes", [])
    changed = settings(evidence, NAME)["CodeSha256"] != sha_of(CODE)
    if not reports and not changed:
        return NotYet(
            f"`{NAME}` and its mapping are as they were.",
            "Two things have to agree: what the function returns, and whether the mapping reads "
            "it.",
        )
    since = _last_change(evidence)
    orders = [call for call in evidence.of("sqs", "SendMessage", "SendMessageBatch") if _mine(call)]
    if not [call for call in orders if call.index > since]:
        missing = "" if reports else " The mapping does not read what the function returns."
        missing += "" if changed else " The function returns nothing."
        return NotYet(
            f"Nothing was sent since your last change.{missing}",
            "Prove it: `send_orders()`, then let some minutes pass.",
        )
    return _proved(evidence, orders, since, reports)


def _proved(evidence: Evidence, orders: list[Any], since: int, reports: bool) -> Outcome:
    at_ms = max(call.ended_at for call in evidence.calls if call.index <= since)
    tickets = Counter(_tickets(evidence, at_ms.timestamp() * 1000))
    twice = [seat for seat, count in tickets.items() if count > 1]
    if twice:
        return Incorrect(
            f"Seat {twice[0]} got {tickets[twice[0]]} tickets.",
            "one for each good order.",
            "A handler that raises gives back its whole batch, and the good messages come again "
            "with the bad one. Catch what a message raises, and name that message in the answer.",
        )
    if any(seat not in tickets for seat in SEATS):
        return NotYet("Not every good order has its ticket yet.", "Let some minutes pass.")
    if waiting(evidence, QUEUE):
        return NotYet("The bad order is still on its way.", "Let some minutes pass.")
    if waiting(evidence, FAILED) < sum(_count(call, ORDERS[1]) for call in orders):
        why = "The mapping does not read what the function returns" if not reports else ""
        why = why or "The function names no message that has failed"
        return Incorrect(
            "The bad order is gone: nobody has a ticket for it, and nobody will notice.",
            f"it in `{FAILED}`, after {RECEIVES} receives.",
            f"{why}. A handler that returns without an error says that all of the batch is done, "
            "and Lambda deletes it.",
        )
    return Passed(
        "The good orders are done at the first try, and the bad one alone came back until the "
        "queue's redrive policy set it aside. Both halves are needed: a function that names what "
        "failed, and a mapping that reads it."
    )


def _mapping(evidence: Evidence) -> dict[str, Any] | None:
    queue = ARN.format(service="sqs", name=QUEUE)
    listed = evidence.client("lambda").list_event_source_mappings(
        FunctionName=NAME, EventSourceArn=queue
    )["EventSourceMappings"]
    return dict(listed[0]) if listed else None


def _mine(call: Any) -> bool:
    return str(call.params.get("QueueUrl", "")).endswith(f"/{QUEUE}") and not call.error_code


def _count(call: Any, body: str) -> int:
    """How many messages with that body a call has sent."""
    entries = call.params.get("Entries", [call.params])
    return sum(entry.get("MessageBody") == body for entry in entries)


def _last_change(evidence: Evidence) -> int:
    """The number of the last call that changed the function or its mapping; -1 if there is none."""
    changes = evidence.of(
        "lambda",
        "UpdateFunctionCode",
        "UpdateEventSourceMapping",
        "CreateEventSourceMapping",
        "CreateFunction",
    )
    return max((call.index for call in changes if not call.error_code), default=-1)


def _tickets(evidence: Evidence, since_ms: float) -> list[str]:
    return [line.split()[1] for line in printed(evidence, NAME, "TICKET", since_ms)]
