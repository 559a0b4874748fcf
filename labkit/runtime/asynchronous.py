"""Events that nobody waits for: Lambda keeps them in a queue of its own and tries again.

    accepted ──→ handled ──→ on-success destination
        │           │
        │        it fails: again after one minute, and after two more
        │           │
        └─ throttled: again after 1, 2, 4 ... seconds, 5 minutes at most
                    │
                    └──→ given up: on-failure destination, dead-letter queue

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from labkit import runtime
from labkit.facts import fact
from labkit.runtime.concurrency import is_reserved_away
from labkit.runtime.destinations import send_dead_letter, send_record
from labkit.runtime.invocation import Throttled, invoke
from labkit.runtime.outcome import Outcome
from labkit.runtime.targets import Target, find

_ATTRIBUTE_MAX_CHARS = 1024  # of the error's sentence beside a dead letter


@dataclass
class Event:
    """An event in Lambda's queue, on its way to a function."""

    target: Target
    payload: bytes
    request_id: str
    accepted_at: datetime
    attempts: int = 0
    throttled: int = 0
    last: Outcome | None = field(default=None, repr=False)

    def again(self) -> Target:
        """The version that handles it now: an alias may lead elsewhere than a moment ago."""
        function = self.target.function
        return find(function.account_id, function.region, self.target.arn)


def accept(target: Target, payload: bytes) -> Event:
    """Take an event in; it is handled when the clock next moves, or `lab.settle()` is called."""
    running = runtime.running()
    now = running.sandbox.clock.now
    event = Event(target, payload, running.request_id(), now)
    _later(event, 0)
    return event


def _later(event: Event, seconds: float) -> None:
    runtime.running().agenda.after(seconds, lambda: _attempt(event))


def _attempt(event: Event) -> None:
    from moto.awslambda.exceptions import LambdaClientError

    try:
        target = event.again()
    except LambdaClientError:
        return  # the function is gone, and the event with it
    settings = _settings(target)
    age = runtime.running().sandbox.clock.now - event.accepted_at
    if age > timedelta(seconds=settings["MaximumEventAgeInSeconds"]):
        _give_up(event, target, "EventAgeExceeded")
        return
    if is_reserved_away(target):
        _give_up(event, target, "ZeroReservedConcurrency")
        return
    try:
        event.last = invoke(target, event.payload, event.request_id)
    except Throttled:
        longest = float(fact("lambda.async_throttled_wait_max_s"))
        _later(event, min(2**event.throttled, longest))
        event.throttled += 1
        return
    event.attempts += 1
    if not event.last.failed:
        _tell(event, target, "OnSuccess", "Success")
    elif event.attempts > settings["MaximumRetryAttempts"]:
        _give_up(event, target, "RetriesExhausted")
    else:
        first = event.attempts == 1
        _later(event, float(fact(f"lambda.async_{'first' if first else 'second'}_wait_s")))


def _give_up(event: Event, target: Target, why: str) -> None:
    """Nobody will handle it any more: say so to those who asked to be told."""
    _tell(event, target, "OnFailure", why)
    dead_letters = getattr(target.function, "dead_letter_arn", "")
    if dead_letters:
        error = event.last.json() if event.last is not None else {}
        sentence = str(error.get("errorMessage", why))[:_ATTRIBUTE_MAX_CHARS]
        attributes = {
            "RequestID": {"DataType": "String", "StringValue": event.request_id},
            "ErrorCode": {"DataType": "Number", "StringValue": "200" if event.last else "429"},
            "ErrorMessage": {"DataType": "String", "StringValue": sentence},
        }
        send_dead_letter(dead_letters, target, event.payload, attributes)


def _tell(event: Event, target: Target, when: str, condition: str) -> None:
    arn = _settings(target)["DestinationConfig"].get(when, {}).get("Destination")
    if arn:
        send_record(arn, target, record(event, target, condition))


def record(event: Event, target: Target, condition: str) -> dict[str, Any]:
    """What a destination is told of an event."""
    now = runtime.running().sandbox.clock.now
    told: dict[str, Any] = {
        "version": "1.0",
        "timestamp": f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z",
        "requestContext": {
            "requestId": event.request_id,
            "functionArn": target.qualified_arn,
            "condition": condition,
            "approximateInvokeCount": event.attempts,
        },
        "requestPayload": json.loads(event.payload),
    }
    if event.last is not None:
        response = {"statusCode": 200, "executedVersion": event.last.version}
        if event.last.error:
            response["functionError"] = event.last.error
        told["responseContext"] = response
        told["responsePayload"] = _parsed(event.last.payload)
    return told


def _parsed(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except ValueError:
        return payload.decode("utf-8", "replace")


def _settings(target: Target) -> dict[str, Any]:
    """How events for this function are handled, as PutFunctionEventInvokeConfig has it."""
    configured = target.function.event_invoke_config
    given = configured[-1].config if configured else {}
    return {
        "MaximumRetryAttempts": int(fact("lambda.async_retries_max")),
        "MaximumEventAgeInSeconds": int(fact("lambda.async_age_max_s")),
        "DestinationConfig": {},
        **given,
    }
