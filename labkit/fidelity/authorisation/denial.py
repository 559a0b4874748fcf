"""What AWS says to whoever may not do something: a code of the protocol, and one sentence.

    User: <principal> is not authorized to perform: <action> on resource: <resource> <reason>

The reason names the kind of policy: `because no identity-based policy allows the … action`, or
`with an explicit deny in a …`, followed by the policy's ARN where it has one.
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

import base64
import json
import zlib

from labkit.fidelity.authorisation.asked import Asked, Need
from labkit.fidelity.authorisation.errors import family
from labkit.fidelity.authorisation.judged import Verdict
from labkit.policy.decision import EXPLICIT_DENY, Decision
from labkit.sandbox.awserror import AwsError

# How each kind is called when it denies outright, and when it is the one that does not allow.
_KINDS = {
    "identity": ("an identity-based policy", "identity-based policy"),
    "resource": ("a resource-based policy", "resource-based policy"),
    "boundary": ("a permissions boundary", "permissions boundary"),
    "session": ("a session policy", "session policy"),
    "scp": ("a service control policy", "service control policy"),
    "rcp": ("a resource control policy", "resource control policy"),
    "endpoint": ("a VPC endpoint policy", "VPC endpoint policy"),
}
_TRUST = ("the role trust policy", "role trust policy")

# Services that leave out the resource where an action works on none in particular.
_STARLESS = ("kms", "lambda")
_ENCODED = "You are not authorized to perform this operation."


def denial(asked: Asked, verdict: Verdict) -> AwsError:
    """The error for a call of which one need was denied."""
    sentence = sentence_of(verdict)
    if asked.service == "s3":
        if verdict.decision.crosses_accounts or asked.caller.arn == "*":
            sentence = "Access Denied"
        return AwsError("AccessDenied", sentence, 403)
    if asked.service == "ec2":
        encoded = encode(verdict)
        message = f"{_ENCODED} {sentence}. Encoded authorization failure message: {encoded}"
        return AwsError("UnauthorizedOperation", message, 403)
    if asked.service == "sns":
        return AwsError("AuthorizationError", sentence, 403)
    if family(asked.exchange) == "query":
        return AwsError("AccessDenied", sentence, 403)
    status = 403 if asked.service in _REST_JSON else 400
    return AwsError("AccessDeniedException", sentence, status)


_REST_JSON = ("apigateway", "apigatewayv2", "lambda", "sesv2", "xray")


def sentence_of(verdict: Verdict) -> str:
    """Who may not do what on which resource, and for want of which kind of policy."""
    need, decision = verdict.need, verdict.decision
    action = spelled(need.action)
    where = _where(need)
    if need.action == "sts:AssumeRole" and decision.effect != EXPLICIT_DENY:
        because = ""  # STS does not say whose policy it was
    else:
        because = " " + reason(verdict, action)
    who = "Anonymous" if decision.request.principal == "*" else decision.request.principal
    return f"User: {who} is not authorized to perform: {action}{where}{because}"


def spelled(action: str) -> str:
    """An action as its service writes it in a denial: SQS in lower case, SNS with its name high."""
    prefix, _, name = action.partition(":")
    if prefix == "sqs":
        return action.lower()
    return f"SNS:{name}" if prefix == "sns" else action


def _where(need: Need) -> str:
    prefix = need.action.split(":", 1)[0]
    if need.resource == "*" and prefix not in _STARLESS:
        return ""
    if prefix == "s3":
        return "" if need.resource == "arn:aws:s3:::*" else f' on resource: "{need.resource}"'
    return f" on resource: {need.resource}"


def reason(verdict: Verdict, action: str) -> str:
    """The half sentence on the kind of policy that denied, or did not allow."""
    decision = verdict.decision
    kind = _blamed(decision)
    outright, missing = _KINDS[kind]
    if kind == "resource" and decision.request.action.startswith("sts:"):
        outright, missing = _TRUST
    if decision.effect != EXPLICIT_DENY:
        return f"because no {missing} allows the {action} action"
    arn = verdict.denying_arn()
    return f"with an explicit deny in {outright}" + (f": {arn}" if arn else "")


def _blamed(decision: Decision) -> str:
    """The kind that AWS would name; of two that are missing, the caller's own comes first."""
    if decision.decided_by is not None:
        return decision.decided_by
    if decision.request.principal == "*" or decision.caller_kind in ("service", "provider"):
        return "resource"
    if decision.request.action.startswith("kms:") and decision.crosses_accounts:
        return "resource"
    return "identity"


# ---- EC2's encoded message, which sts:DecodeAuthorizationMessage reads ----


def encode(verdict: Verdict) -> str:
    """The decision in the form that DecodeAuthorizationMessage gives back, packed into a text."""
    decision = verdict.decision
    told = {
        "allowed": False,
        "explicitDeny": decision.effect == EXPLICIT_DENY,
        "matchedStatements": {
            "items": [
                {"statementId": decision.statement(step).sid, "effect": "DENY"}
                for step in decision.steps
                if step.matched and decision.statement(step).effect == "Deny"
            ]
        },
        "failures": {"items": []},
        "context": {
            "principal": {
                "id": verdict.user_id,
                "arn": decision.request.principal,
            },
            "action": verdict.need.action,
            "resource": verdict.need.resource,
            "conditions": {
                "items": [
                    {"key": key, "values": {"items": [{"value": _text(value)}]}}
                    for key, value in sorted(decision.request.context.items())
                ]
            },
        },
    }
    packed = zlib.compress(json.dumps(told, separators=(",", ":")).encode(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode(message: str) -> str | None:
    """The text that `encode` packed, or None for a message that nobody here made."""
    try:
        packed = base64.urlsafe_b64decode(message + "=" * (-len(message) % 4))
        return zlib.decompress(packed).decode()
    except (ValueError, zlib.error):
        return None


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
