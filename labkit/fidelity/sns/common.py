"""What the rules of SNS share: its limits, its topics, its ways of saying no."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from moto.sns.models import sns_backends

from labkit.facts import fact
from labkit.policy.arn import split_arn
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange
from labkit.sandbox.sandbox import Sandbox

API = "https://docs.aws.amazon.com/sns/latest/api/API_"
GUIDE = "https://docs.aws.amazon.com/sns/latest/dg/"

# These subscribe themselves; everybody else has to be asked.
UNASKED = ("sqs", "lambda", "firehose", "sms", "application")
ASKED = ("email", "email-json", "http", "https")
PENDING = "PendingConfirmation"


def limit(name: str) -> int:
    """The value of the fact `sns.<name>`."""
    return int(fact(f"sns.{name}"))


def now() -> datetime:
    """The sandbox's time."""
    return Sandbox.current().clock.now


def topic_of(arn: str) -> Any:
    """The topic of an ARN in whatever account, or None."""
    fields = split_arn(arn)
    if fields is None or not (fields[3] and fields[4]):
        return None
    return sns_backends[fields[4]][fields[3]].topics.get(arn)


def asked_topic(exchange: Exchange) -> Any:
    """The topic that a request names, or None; moto itself says that there is none."""
    return topic_of(str(exchange.params.get("TopicArn") or ""))


def backend_of(exchange: Exchange) -> Any:
    """The account's topics and subscriptions in the Region that the request is for."""
    return sns_backends[exchange.account][exchange.region]


def invalid(sentence: str) -> AwsError:
    """A parameter that SNS cannot take, in its words."""
    return AwsError("InvalidParameter", f"Invalid parameter: {sentence}")
