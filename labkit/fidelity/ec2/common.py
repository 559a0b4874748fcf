"""What the rules of EC2 and EBS share: limits, time, what a request names, ways of saying no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from moto.ec2.models import ec2_backends

from labkit.facts import fact
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange
from labkit.sandbox.sandbox import Sandbox

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_"
ERRORS = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"
GUIDE = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
EBS_GUIDE = "https://docs.aws.amazon.com/ebs/latest/userguide/"


def limit(id: str) -> int:
    """The value of a fact, as `ebs.gp3_iops_max`."""
    return int(fact(id))


def backend_of(exchange: Exchange) -> Any:
    """What the account has in the Region that the request is for."""
    return ec2_backends[exchange.account][exchange.region]


def now() -> datetime:
    """The sandbox's time."""
    return Sandbox.current().clock.now


def after(seconds: float) -> datetime:
    """The sandbox's time when `seconds` have passed."""
    return now() + timedelta(seconds=seconds)


def call_after(seconds: float, work: Callable[[], object]) -> None:
    """Do work when the sandbox's clock has gone on by `seconds`."""
    Sandbox.current().clock.call_after(seconds, work)


def instances_of(exchange: Exchange) -> list[Any]:
    """The instances that a request names and that are there."""
    params = exchange.params
    ids = params.get("InstanceIds") or [params.get("InstanceId")]
    found = (backend_of(exchange).get_instance_by_id(id) for id in ids if id)
    return [instance for instance in found if instance is not None]


def image_of(exchange: Exchange) -> Any:
    """The image that a request names, or None."""
    return backend_of(exchange).amis.get(exchange.params.get("ImageId"))


def volume_of(exchange: Exchange) -> Any:
    """The volume that a request names, or None."""
    return backend_of(exchange).volumes.get(exchange.params.get("VolumeId"))


def bad_value(sentence: str) -> AwsError:
    """A parameter has a value that it cannot have."""
    return AwsError("InvalidParameterValue", sentence)


def bad_combination(sentence: str) -> AwsError:
    """Parameters do not go together."""
    return AwsError("InvalidParameterCombination", sentence)


def wrong_state(sentence: str) -> AwsError:
    """An instance is in a state in which this cannot be done."""
    return AwsError("IncorrectInstanceState", sentence)
