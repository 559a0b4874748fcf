"""What the rules of STS share: limits, sessions, and AWS's way of refusing a parameter."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from labkit.facts import fact
from labkit.fidelity.authorisation.callers import Caller, iam_of
from labkit.fidelity.authorisation.credentials import Session, remember
from labkit.fidelity.authorisation.policies import default_document, managed_by_arn
from labkit.policy import validate
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

API = "https://docs.aws.amazon.com/STS/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"


def limit(name: str) -> int:
    """The value of the fact `iam.<name>`."""
    return int(fact(f"iam.{name}"))


def invalid(value: object, member: str, constraint: str) -> AwsError:
    """AWS's words for a parameter that is outside of its range."""
    return AwsError(
        "ValidationError",
        f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy "
        f"constraint: {constraint}",
    )


def within(exchange: Exchange, least: int, most: int) -> None:
    """Refuse a DurationSeconds that is out of its range for everyone."""
    asked_s = exchange.params.get("DurationSeconds")
    if asked_s is None:
        return
    if asked_s < least:
        rule = f"Member must have value greater than or equal to {least}"
        raise invalid(asked_s, "durationSeconds", rule)
    if asked_s > most:
        raise invalid(
            asked_s, "durationSeconds", f"Member must have value less than or equal to {most}"
        )


@dataclass(frozen=True)
class Who:
    """Whom new credentials are for."""

    principal: str
    user_id: str
    account: str
    more: dict[str, Any] = field(default_factory=dict)


def open_session(exchange: Exchange, who: Who, lasts_s: int) -> Session:
    """Temporary credentials from now on, remembered until the sandbox closes."""
    from moto.sts.utils import random_session_token

    key = iam_of(who.account).create_temp_access_key()
    session = Session(
        access_key=key.access_key_id,
        secret_key=key.secret_access_key,
        token=random_session_token(),
        principal=who.principal,
        user_id=who.user_id,
        account=who.account,
        issued_at=exchange.at,
        expires_at=whole_seconds(exchange.at) + timedelta(seconds=lasts_s),
        **who.more,
    )
    remember(session)
    return session


def whole_seconds(at: datetime) -> datetime:
    """Times in STS have no fractions."""
    return at.replace(microsecond=0)


def credentials_of(session: Session) -> Params:
    """The Credentials of an answer."""
    return {
        "AccessKeyId": session.access_key,
        "SecretAccessKey": session.secret_key,
        "SessionToken": session.token,
        "Expiration": session.expires_at,
    }


def session_policies(exchange: Exchange) -> tuple[dict[str, Any], ...]:
    """The inline and managed policies that are passed to limit a session."""
    found = []
    text = exchange.params.get("Policy")
    if text:
        found.append(json.loads(text))
    for entry in exchange.params.get("PolicyArns") or []:
        policy = managed_by_arn(iam_of(exchange.account), str(entry.get("arn", "")))
        if policy is not None:
            found.append(json.loads(default_document(policy)))
    return tuple(found)


def refuse_bad_policies(exchange: Exchange) -> None:
    """Refuse session policies that are malformed, too long, or not there."""
    text = exchange.params.get("Policy")
    if text is not None:
        most = limit("session_policy_max_chars")
        if len(text) > most:
            rule = f"Member must have length less than or equal to {most}"
            raise invalid(text, "policy", rule)
        errors = [one for one in validate(text, "session") if one.severity == "error"]
        if errors:
            raise AwsError("MalformedPolicyDocument", f"{errors[0]}")
    for entry in exchange.params.get("PolicyArns") or []:
        arn = str(entry.get("arn", ""))
        if managed_by_arn(iam_of(exchange.account), arn) is None:
            raise AwsError("MalformedPolicyDocument", f"The policy {arn} does not exist.")


def packed(exchange: Exchange) -> Params:
    """How much of the room for session policies and tags is taken, where any were passed."""
    parts = [exchange.params.get("Policy"), exchange.params.get("PolicyArns")]
    size = sum(len(json.dumps(part)) for part in [*parts, exchange.params.get("Tags")] if part)
    percent = -(-100 * size // limit("session_policy_max_chars"))
    return {"PackedPolicySize": min(percent, 100)} if size else {}


def caller_of(exchange: Exchange) -> Caller:
    """Who signed the request."""
    caller: Caller = exchange.caller
    return caller
