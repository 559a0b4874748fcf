"""What the rules of DynamoDB share: its limits, its tables, its ways of saying no."""

from __future__ import annotations

from typing import Any

from moto.dynamodb.models import dynamodb_backends

from labkit.facts import fact
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

API = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"


def limit(name: str) -> int:
    """The value of the fact `dynamodb.<name>`."""
    return int(fact(f"dynamodb.{name}"))


def backend_of(exchange: Exchange) -> Any:
    """The account's tables in the Region that the request is for."""
    return dynamodb_backends[exchange.account][exchange.region]


def find_table(exchange: Exchange, named: object) -> Any:
    """The table of a name or an ARN, or None; moto itself says that there is none."""
    tables = backend_of(exchange).tables
    text = str(named)
    return tables.get(text.rsplit("/", 1)[-1] if text.startswith("arn:") else text)


def asked_table(exchange: Exchange) -> Any:
    """The table that the request names, or None."""
    return find_table(exchange, exchange.params.get("TableName"))


def refused(sentence: str) -> AwsError:
    """A request cannot be taken as it is."""
    return AwsError("ValidationException", sentence)


def wrong(sentence: str) -> AwsError:
    """A parameter has a value that it cannot have."""
    return refused(f"One or more parameter values were invalid: {sentence}")
