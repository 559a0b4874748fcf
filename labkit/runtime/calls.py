"""What callers ask of Lambda: Invoke, waiting for the answer or not.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from __future__ import annotations

import base64
import json

from labkit.facts import fact
from labkit.fidelity.registry import rule
from labkit.runtime.asynchronous import accept
from labkit.runtime.invocation import Throttled, invoke, throttled_reply
from labkit.runtime.targets import find
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Reply

_API = "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html"
_TAIL_BYTES = 4096  # of the log, in the answer


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
    kind = asked.get("InvocationType") or "RequestResponse"
    event = payload_of(exchange, "async_payload" if kind == "Event" else "request")
    target = find(
        exchange.account, exchange.region, str(asked["FunctionName"]), asked.get("Qualifier")
    )
    if kind == "DryRun":
        return 204, {}, ""
    if kind == "Event":
        accept(target, event)
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


def payload_of(exchange: Exchange, kind: str = "request") -> bytes:
    """The event of a request; an error of AWS's if it is too large, or no JSON."""
    given = exchange.request.get_data()
    most = int(fact(f"lambda.{kind}_max_bytes"))
    if len(given) > most:
        sentence = f"Request must be smaller than {most} bytes for the InvokeFunction operation"
        raise AwsError("RequestTooLargeException", sentence, 413)
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
