"""What the rules of RDS share: limits, the database that a request names, ways of saying no."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from moto.rds.models import rds_backends

from labkit.facts import fact
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange
from labkit.sandbox.sandbox import Sandbox

API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"


def limit(name: str) -> int:
    """The value of the fact `rds.<name>`."""
    return int(fact(f"rds.{name}"))


def backend_of(exchange: Exchange) -> Any:
    """The account's databases in the Region that the request is for."""
    return rds_backends[exchange.account][exchange.region]


def find(exchange: Exchange, parameter: str = "DBInstanceIdentifier") -> Any:
    """The database that a parameter names by identifier or ARN, or None."""
    named = str(exchange.params.get(parameter) or "")
    region, name = exchange.region, named.lower()
    if named.startswith("arn:"):
        fields = named.split(":")
        region, name = fields[3], fields[-1].lower()
    return rds_backends[exchange.account][region].databases.get(name)


def now() -> datetime:
    """The sandbox's time."""
    return Sandbox.current().clock.now


def after(seconds: float) -> datetime:
    """The sandbox's time when `seconds` have passed."""
    return now() + timedelta(seconds=seconds)


def bad_value(sentence: str) -> AwsError:
    """A parameter has a value that it cannot have."""
    return AwsError("InvalidParameterValue", sentence)


def bad_combination(sentence: str) -> AwsError:
    """Parameters do not go together."""
    return AwsError("InvalidParameterCombination", sentence)


def wrong_state(sentence: str) -> AwsError:
    """The database is in a state in which this cannot be done."""
    return AwsError("InvalidDBInstanceState", sentence)
