"""What the rules of SQS share: its limits, its queues, its way of saying no."""

from __future__ import annotations

from typing import Any

from moto.sqs.models import sqs_backends

from labkit.facts import fact
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

API = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"


def limit(name: str) -> int:
    """The value of the fact `sqs.<name>`."""
    return int(fact(f"sqs.{name}"))


def queue_of(exchange: Exchange) -> Any:
    """The queue that the request names, or None; moto itself says that there is none."""
    backend = sqs_backends[exchange.account][exchange.region]
    return backend.queues.get(str(exchange.params.get("QueueUrl", "")).rsplit("/", 1)[-1])


def queue_by_arn(exchange: Exchange, arn: str) -> Any:
    """The queue of this account and region that has `arn`, or None."""
    backend = sqs_backends[exchange.account][exchange.region]
    queue = backend.queues.get(arn.rsplit(":", 1)[-1])
    return queue if queue is not None and queue.queue_arn == arn else None


def invalid(value: object, parameter: str, reason: str) -> AwsError:
    """AWS's words for a parameter that it cannot take."""
    return AwsError(
        "InvalidParameterValue",
        f"Value {value} for parameter {parameter} is invalid. Reason: {reason}",
    )
