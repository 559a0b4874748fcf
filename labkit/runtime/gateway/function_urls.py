"""A function's own address, without an API: https://URL-ID.lambda-url.REGION.on.aws/

https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

from __future__ import annotations

import json
from typing import Any

from labkit.fidelity.authorisation.asked import Need
from labkit.fidelity.authorisation.callers import ANONYMOUS, Caller
from labkit.fidelity.authorisation.policies import resource_policy
from labkit.runtime.gateway import answers, cors, events, iam
from labkit.runtime.gateway.call import Call
from labkit.runtime.gateway.messages import Outgoing, json_answer
from labkit.runtime.gateway.refusals import WHY, Refused
from labkit.runtime.invocation import Throttled, invoke
from labkit.runtime.targets import find

_FORBIDDEN = (
    "Forbidden. For troubleshooting Function URL authorization issues, see: "
    "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
)
# Since October 2025 both are needed.
_ACTIONS = ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction")


def serve(call: Call, function: Any) -> Outgoing:
    """The answer of a function to a request to its own address."""
    config = function.url_config.config
    shared = cors.settings(config.get("Cors"))
    answer = cors.preflight(call, shared) or _answer(call, function, config["AuthType"])
    cors.add(call, shared, answer.headers)
    answer.headers.set("x-amzn-RequestId", call.request_id)
    return answer


def _answer(call: Call, function: Any, auth_type: str) -> Outgoing:
    try:
        caller = iam.signer(call, "lambda") if auth_type == "AWS_IAM" else ANONYMOUS
    except Refused as refused:
        unsigned = refused.kind == "MISSING_AUTHENTICATION_TOKEN"
        return json_answer(403, {"Message": _FORBIDDEN if unsigned else refused.message})
    missing = _missing(call, caller, function.function_arn, auth_type)
    if missing:
        return json_answer(403, {"Message": _FORBIDDEN}, {WHY: missing})
    if auth_type == "AWS_IAM":
        call.authorizer = {"iam": call.identity}
    event = json.dumps(events.second_format(call, "$default")).encode()
    target = find(function.account_id, function.region, function.function_arn)
    try:
        outcome = invoke(target, event)
    except Throttled as full:
        told = {"Reason": full.reason, "Type": "User", "message": "Rate Exceeded."}
        return json_answer(429, told)
    if outcome.failed:
        why = f"The function failed: {outcome.payload.decode()}"
        return Outgoing(502, _text(why), b"Internal Server Error")
    try:
        answer = answers.http(outcome.payload, second=True)
    except Refused as refused:
        return Outgoing(502, _text(refused.why), b"Internal Server Error")
    answer.headers.set("X-Amzn-Trace-Id", call.trace_id)
    return answer


def _text(why: str) -> Any:
    return json_answer(502, "", {"Content-Type": "application/json", WHY: why}).headers


def _missing(call: Call, caller: Caller, arn: str, auth_type: str) -> str:
    """What the caller may not do; empty if it may do all that a function's address needs."""
    policy = resource_policy(arn)
    for action in _ACTIONS:
        context = {"lambda:FunctionUrlAuthType": auth_type, "lambda:InvokedViaFunctionUrl": True}
        text = policy.text if policy else None
        if not iam.verdict(call, caller, Need(action, arn, context), text).decision.allowed:
            return f"{action} on {arn} is not allowed to {caller.arn}."
    return ""
