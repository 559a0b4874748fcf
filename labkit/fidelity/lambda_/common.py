"""What the rules of Lambda share: its limits and its ways of saying no."""

from __future__ import annotations

from typing import Any

from labkit.facts import fact
from labkit.fidelity.authorisation.policies import held_by_role
from labkit.policy import Request, evaluate
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

API = "https://docs.aws.amazon.com/lambda/latest/api/API_"
GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg/"


def limit(name: str) -> int:
    """The value of the fact `lambda.<name>`."""
    return int(fact(f"lambda.{name}"))


def invalid(sentence: str) -> AwsError:
    """InvalidParameterValueException with a sentence."""
    return AwsError("InvalidParameterValueException", sentence, 400)


def constraint(value: object, name: str, rule: str) -> AwsError:
    """What Lambda says of a value out of bounds, before it looks any further."""
    sentence = f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy "
    return AwsError("ValidationException", f"{sentence}constraint: {rule}", 400)


def backend(exchange: Exchange) -> Any:
    """moto's Lambda in the account and Region of the request."""
    from moto.awslambda.models import lambda_backends

    return lambda_backends[exchange.account][exchange.region]


def role_may(role: str, action: str, resource: str) -> bool:
    """Whether the policies of a function's role allow it to do that; `role` is its ARN."""
    held = held_by_role(role)
    return evaluate(
        Request(role, action, resource),
        identity=[one.policy for one in held.identity],
        boundary=held.boundary.policy if held.boundary else None,
    ).allowed
