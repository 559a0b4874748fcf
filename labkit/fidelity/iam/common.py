"""What the rules of IAM share: its limits, its people, its ways of saying no."""

from __future__ import annotations

from typing import Any

from labkit.facts import fact
from labkit.fidelity.authorisation.callers import iam_of
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

API = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
QUOTAS = GUIDE + "reference_iam-quotas.html"


def limit(name: str) -> int:
    """The value of the fact `iam.<name>`."""
    return int(fact(f"iam.{name}"))


def iam(exchange: Exchange) -> Any:
    """moto's IAM of the account that the request is for."""
    return iam_of(exchange.account)


def asked_user(exchange: Exchange) -> Any:
    """The user that the request names, or the caller where it names none; None if there is none."""
    name = exchange.params.get("UserName") or exchange.caller.user_name
    return iam(exchange).users.get(name)


def asked_group(exchange: Exchange) -> Any:
    """The group that the request names, or None."""
    return iam(exchange).groups.get(exchange.params.get("GroupName"))


def asked_role(exchange: Exchange) -> Any:
    """The role that the request names, or None."""
    name = exchange.params.get("RoleName")
    return next((role for role in iam(exchange).roles.values() if role.name == name), None)


def asked_entity(exchange: Exchange) -> Any:
    """The user, group or role that the request names, or None."""
    if "RoleName" in exchange.params:
        return asked_role(exchange)
    if "GroupName" in exchange.params:
        return asked_group(exchange)
    return asked_user(exchange)


def missing(sentence: str) -> AwsError:
    """What is asked for does not exist."""
    return AwsError("NoSuchEntity", sentence)


def conflict(sentence: str) -> AwsError:
    """What is to be deleted still holds something."""
    return AwsError("DeleteConflict", sentence)


def too_many(quota: str, most: int) -> AwsError:
    """A quota is used up."""
    return AwsError("LimitExceeded", f"Cannot exceed quota for {quota}: {most}")


def invalid(value: object, member: str, constraint: str) -> AwsError:
    """AWS's words for a parameter that it cannot take."""
    return AwsError(
        "ValidationError",
        f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy "
        f"constraint: {constraint}",
    )
