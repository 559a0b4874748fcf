"""What the rules of Parameter Store share: its limits, its parameters, its ways of saying no."""

from __future__ import annotations

from typing import Any

from moto.ssm.models import ssm_backends

from labkit.facts import fact
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

API = "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/systems-manager/latest/userguide/"


def limit(name: str) -> int:
    """The value of the fact `ssm.<name>`."""
    return int(fact(f"ssm.{name}"))


def backend_of(exchange: Exchange) -> Any:
    """The account's parameters in the Region that the request is for."""
    return ssm_backends[exchange.account][exchange.region]


def versions_of(exchange: Exchange, name: str) -> list[Any]:
    """The versions of a parameter, oldest first; none if there is no such parameter."""
    backend = backend_of(exchange)
    bare = backend._strip_parameter_arn(name).split(":")[0]
    return list(backend._parameters[bare]) if bare in backend._parameters else []


def named(exchange: Exchange) -> list[str]:
    """The parameters that a request names."""
    params = exchange.params
    return list(params.get("Names") or [params["Name"]])


def refused(sentence: str) -> AwsError:
    """A parameter of the request cannot be taken."""
    return AwsError("ValidationException", sentence)


def not_there() -> AwsError:
    """AWS says no more than the code."""
    return AwsError("ParameterNotFound", "")
