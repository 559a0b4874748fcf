"""What the rules of Elastic Load Balancing share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from moto.elbv2.models import elbv2_backends

from labkit.facts import fact
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange
from labkit.sandbox.sandbox import Sandbox

API = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"


def limit(name: str) -> int:
    """The value of the fact `elb.<name>`."""
    return int(fact(f"elb.{name}"))


def backend_of(exchange: Exchange) -> Any:
    """The account's load balancers in the Region that the request is for."""
    return elbv2_backends[exchange.account][exchange.region]


def balancer_of(exchange: Exchange) -> Any:
    """The load balancer that a request names, or None."""
    return backend_of(exchange).load_balancers.get(exchange.params.get("LoadBalancerArn"))


def now() -> datetime:
    """The sandbox's time."""
    return Sandbox.current().clock.now


def after(seconds: float) -> datetime:
    """The sandbox's time when `seconds` have passed."""
    return now() + timedelta(seconds=seconds)


def invalid(sentence: str) -> AwsError:
    """A parameter has a value that it cannot have."""
    return AwsError("ValidationError", sentence)


def groups_in(actions: list[dict[str, Any]]) -> Iterator[str]:
    """The ARNs of the target groups that actions forward to."""
    for action in actions or ():
        if action.get("TargetGroupArn"):
            yield action["TargetGroupArn"]
        for group in (action.get("ForwardConfig") or {}).get("TargetGroups") or ():
            yield group["TargetGroupArn"]
