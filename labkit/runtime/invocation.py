"""Invoke: a caller hands in an event and waits, or does not wait, for the answer.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from __future__ import annotations

import base64
import json

from labkit import runtime
from labkit.fidelity.registry import rule
from labkit.runtime.concurrency import reason_to_throttle
from labkit.runtime.outcome import Outcome
from labkit.runtime.targets import Target, find
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Reply

_API = "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html"
_TAIL_BYTES = 4096  # of the log, in the answer


class Throttled(Exception):
    """Lambda has no environment to spare for an event; `reason` says whose limit was met."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def invoke(target: Target, event: bytes, request_id: str = "") -> Outcome:
    """Let a function handle an event now, and wait for it; Throttled if Lambda cannot."""
    running = runtime.running()
    with running.sandbox.choke.turn:
        reason = reason_to_throttle(running.pool, target)
        if reason is not None:
            raise Throttled(reason)
        return running.run(target.function, event, request_id, target.arn)


@rule(
    "lambda",
    "Invoke",
    when="instead",
    follows=_API,
    corrects="moto needs Docker, or echoes the payload",
)
def a_function_runs_its_code(exchange: Exchange) -> Reply:
    """A function is run, in a process on this machine, and its answer comes back.

    In an execution environment of Lambda's, of the runtime that the function names.
    """
    asked = exchange.params
    event = payload_of(exchange)
    target = find(
        exchange.account, exchange.region, str(asked["FunctionName"]), asked.get("Qualifier")
    )
    kind = asked.get("InvocationType") or "RequestResponse"
    if kind == "DryRun":
        return 204, {}, ""
    if kind == "Event":
        from labkit.runtime import asynchronous

        asynchronous.accept(target, event)
        return 202, {}, ""
    try:
        outcome = invoke(target, event)
    except Throttled as throttled:
        return throttled_reply(throttled)
    headers = {
        "Content-Type": "application/json",
        "X-Amz-Executed-Version": outcome.version,
        "x-amzn-RequestId": outcome.request_id,
    }
    if outcome.error:
        headers["X-Amz-Function-Error"] = outcome.error
    if asked.get("LogType") == "Tail":
        tail = outcome.log.replace("\r", "\n").encode()[-_TAIL_BYTES:]
        headers["X-Amz-Log-Result"] = base64.b64encode(tail).decode()
    return 200, headers, outcome.payload


def payload_of(exchange: Exchange) -> bytes:
    """The event of a request; InvalidRequestContentException if it is not JSON."""
    given = exchange.request.get_data()
    if not given:
        return b"{}"
    try:
        json.loads(given)
    except ValueError as error:
        raise AwsError(
            "InvalidRequestContentException",
            f"Could not parse request body into json: Could not parse payload into json: {error}",
            400,
        ) from error
    return bytes(given)


def throttled_reply(throttled: Throttled) -> Reply:
    """AWS's answer to one invocation too many."""
    body = {"Reason": throttled.reason, "Type": "User", "message": "Rate Exceeded."}
    headers = {"x-amzn-ErrorType": "TooManyRequestsException", "Content-Type": "application/json"}
    return 429, headers, json.dumps(body)
