"""A function behind an API: API Gateway may invoke it, or not, and Lambda has room, or not.

https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from labkit.errors import LabError
from labkit.facts import fact
from labkit.fidelity.authorisation import authoriser, people
from labkit.fidelity.authorisation.callers import Caller
from labkit.fidelity.authorisation.policies import held_by
from labkit.policy import Request, evaluate
from labkit.runtime.asynchronous import accept
from labkit.runtime.gateway.call import Call
from labkit.runtime.invocation import Throttled, invoke
from labkit.runtime.outcome import Outcome
from labkit.runtime.targets import Target, find
from labkit.sandbox.awserror import AwsError

PRINCIPAL = "apigateway.amazonaws.com"
_URI = re.compile(r":lambda:path/.*?/functions/(.+)/invocations$")


class NotInvoked(Exception):
    """The function was not run, and why; `throttled` if Lambda had no room."""

    def __init__(self, why: str, throttled: bool = False) -> None:
        super().__init__(why)
        self.why, self.throttled = why, throttled


def function_arn(uri: str, variables: dict[str, str]) -> str | None:
    """The ARN of the function in an integration's URI; None if it is another service's.

    >>> function_arn("arn:aws:lambda:us-east-1:123456789012:function:a", {})
    'arn:aws:lambda:us-east-1:123456789012:function:a'
    """
    filled = fill(uri, variables)
    if filled.startswith("arn:aws:lambda:"):  # as HTTP APIs may name it
        return filled
    found = _URI.search(filled)
    return found[1] if found else None


def fill(text: str, variables: dict[str, str]) -> str:
    """A text with `${stageVariables.name}` filled in."""
    return re.sub(r"\$\{stageVariables\.(\w+)\}", lambda found: variables.get(found[1], ""), text)


def run(call: Call, arn: str, event: Any, source_arn: str, role: str = "") -> Outcome:
    """Let the function of an ARN handle an event; NotInvoked where it cannot."""
    target, payload = _ready(call, arn, event, source_arn, role)
    try:
        return invoke(target, payload)
    except Throttled as full:
        why = f"Lambda throttled the function {target.name}: {full.reason}."
        raise NotInvoked(why, throttled=True) from full


def hand_over(call: Call, arn: str, event: Any, source_arn: str, role: str = "") -> None:
    """Let Lambda take an event in, to be handled later."""
    accept(*_ready(call, arn, event, source_arn, role))


def _ready(call: Call, arn: str, event: Any, source_arn: str, role: str) -> tuple[Target, bytes]:
    from moto.awslambda.exceptions import LambdaClientError

    try:
        target = find(call.account, call.region, arn)
    except LambdaClientError as missing:
        raise NotInvoked(f"There is no function {arn}.") from missing
    why = _forbidden_to_role(role, arn) if role else _forbidden(call, arn, source_arn)
    if why:
        raise NotInvoked(why)
    payload = json.dumps(event).encode() if not isinstance(event, bytes) else event
    if len(payload) > int(fact("lambda.request_max_bytes")):
        raise NotInvoked(f"The event has {len(payload)} bytes, more than Lambda takes.")
    return target, payload


def _forbidden(call: Call, arn: str, source_arn: str) -> str:
    """Why the function's policy does not let API Gateway in; empty if it does."""
    context = {"aws:SourceArn": source_arn, "aws:SourceAccount": call.account}
    decision = authoriser.current().decide(PRINCIPAL, "lambda:InvokeFunction", arn, context)
    if decision.allowed:
        return ""
    return (
        f"Invalid permissions on Lambda function: the policy of {arn} does not let {PRINCIPAL} "
        f"invoke it for {source_arn}. lambda.add_permission(Action='lambda:InvokeFunction', "
        f"Principal='{PRINCIPAL}', ...) does."
    )


def _forbidden_to_role(role: str, arn: str) -> str:
    """Why a role does not let API Gateway invoke the function; empty if it does."""
    try:
        session = people.session_for_service(role, PRINCIPAL, "BackplaneAssumeRoleSession")
    except (AwsError, LabError) as refused:
        return f"API Gateway cannot take on the role {role}: {refused}"
    caller = Caller(session.principal, session.account, session.user_id, "", session)
    held = held_by(caller)
    decision = evaluate(
        Request(caller.arn, "lambda:InvokeFunction", arn),
        identity=[named.policy for named in held.identity],
        boundary=held.boundary.policy if held.boundary else None,
    )
    return "" if decision.allowed else f"The role {role} may not invoke {arn}."
