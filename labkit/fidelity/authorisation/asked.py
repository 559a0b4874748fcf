"""One request with all that its authorisation looks at, and what it needs to be allowed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from labkit.fidelity.authorisation.callers import Caller
from labkit.sandbox.choke import Exchange

# The prefix of a service's actions, where it is not the name by which boto3 knows the service.
_PREFIXES = {
    "apigatewayv2": "apigateway",
    "dynamodbstreams": "dynamodb",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "sesv2": "ses",
    "stepfunctions": "states",
}
_GLOBAL = ("iam", "sts", "route53", "cloudfront", "organizations")


class Asked:
    """A request as the authoriser sees it."""

    def __init__(self, exchange: Exchange, caller: Caller) -> None:
        self.exchange = exchange
        self.caller = caller
        self.service = exchange.service
        self.operation = exchange.operation
        self.prefix = _PREFIXES.get(exchange.service, exchange.service)
        self.region = exchange.region
        self.account = caller.account or exchange.account

    @property
    def params(self) -> dict[str, Any]:
        """The parameters as boto3 was given them."""
        return self.exchange.params

    @cached_property
    def lower(self) -> dict[str, Any]:
        """The parameters by their names in lower case."""
        return {name.lower(): value for name, value in self.params.items()}

    def header(self, name: str) -> str | None:
        """A header of the request, or None."""
        value = self.exchange.request.headers.get(name)
        return None if value is None else str(value)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource in the caller's account and Region."""
        region = "" if service in _GLOBAL else self.region
        return f"arn:aws:{service}:{region}:{self.account}:{resource}"


@dataclass(frozen=True)
class Need:
    """One thing that a call needs: an action on a resource, `*` where it has none.

    `context` holds condition keys of this need alone.
    """

    action: str
    resource: str
    context: dict[str, Any] = field(default_factory=dict)
