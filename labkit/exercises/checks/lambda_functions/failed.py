"""Exercise 3: refunds that fail for good are kept, with the reason."""

from __future__ import annotations

import json
from typing import Any

from labkit.exercises.checks.lambda_functions.scene import ARN, sent, settings
from labkit.exercises.checks.lambda_versions.deploying import invocations
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

NAME, QUEUE, ORDER = "refunds", "refunds-failed", 77
CODE = """\
def handler(event, context):
    if event["cents"] > 50000:
        raise ValueError("the bank wants to be called")
    return {"refunded": event["order"]}
"""


def check(evidence: Evidence) -> Outcome:
    """The queue is the on-failure destination, one retry is allowed, and an event has got there."""
    config = _config(evidence)
    return (
        _elsewhere(evidence, config)
        or _too_often(config.get("MaximumRetryAttempts"))
        or _proved(evidence)
    )


def _elsewhere(evidence: Evidence, config: dict[str, Any]) -> Outcome | None:
    failure = config.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    success = config.get("DestinationConfig", {}).get("OnSuccess", {}).get("Destination")
    queue = ARN.format(service="sqs", name=QUEUE)
    if settings(evidence, NAME).get("DeadLetterConfig", {}).get("TargetArn"):
        return Incorrect(
            f"`{NAME}` has a dead-letter queue.",
            "the record of the failure, which a destination gets.",
            "A dead-letter queue gets the event as it came, with a code and a sentence beside it. "
            "A destination gets a record: the event, the number of tries, and the error with its "
            'stack. Drop it with `DeadLetterConfig={"TargetArn": ""}`.',
        )
    if failure is None and success:
        return Incorrect(
            "What succeeds is sent somewhere; what fails is not.",
            f"`{QUEUE}` as the destination `OnFailure`.",
            "An event has two ends, and each has a destination of its own.",
        )
    if failure is None:
        return NotYet(
            f"An event that `{NAME}` cannot handle is tried again, and then it is gone.",
            "Name a destination for failures, and how often is tried again.",
        )
    if failure != queue:
        return Incorrect(f"Failures go to `{failure}`.", f"`{queue}`.", "Another ARN?")
    return None


def _too_often(retries: int | None) -> Outcome | None:
    if retries is None:
        return Incorrect(
            "How often is tried again was left to the default, which is twice.",
            "one retry.",
            "`MaximumRetryAttempts` stands beside the destination, in the same call.",
        )
    if retries != 1:
        return Incorrect(
            f"`MaximumRetryAttempts` is {retries}.",
            "one retry.",
            "It counts the tries after the first one.",
        )
    return None


def _proved(evidence: Evidence) -> Outcome:
    asked = [
        call
        for call in invocations(evidence, NAME)
        if json.loads(call.params.get("Payload") or "{}").get("order") == ORDER
    ]
    kinds = {call.params.get("InvocationType", "RequestResponse") for call in asked}
    if asked and "Event" not in kinds:
        return Incorrect(
            f"Order {ORDER} was sent by a call that waited for its answer.",
            "an asynchronous call.",
            "Who waits is told of the error and may try again; Lambda does nothing more. Retries "
            'and destinations are for `InvocationType="Event"`.',
        )
    if not asked:
        return NotYet(
            "The destination is set, with one retry.",
            f"Prove it: send order {ORDER} with 90000 cents as an event, and let time pass.",
        )
    records = [json.loads(body) for body in sent(evidence, NAME, QUEUE)]
    mine = [one for one in records if one.get("requestPayload", {}).get("order") == ORDER]
    if not mine:
        return NotYet(
            f"Order {ORDER} was sent, and is not in `{QUEUE}` yet.",
            "A minute lies between the tries: `lab.settle()`, or advance the clock. What was given "
            "up before the destination was there is lost; send it again.",
        )
    tries = mine[-1]["requestContext"]["approximateInvokeCount"]
    if tries != 2:
        return NotYet(
            f"Order {ORDER} was tried {tries} times; it was sent before your setting held.",
            "Send it again.",
        )
    return Passed(
        "Tried, tried once more after a minute, and then put aside with its reason. Somebody can "
        "call the bank, and the event is there to be sent again."
    )


def _config(evidence: Evidence) -> dict[str, Any]:
    lam = evidence.client("lambda")
    try:
        found: dict[str, Any] = lam.get_function_event_invoke_config(FunctionName=NAME)
    except lam.exceptions.ResourceNotFoundException:
        return {}
    return found
