"""What the rules of Kinesis share: its limits, its streams, its ways of saying no."""

from __future__ import annotations

from typing import Any

from moto.kinesis.models import kinesis_backends

from labkit.facts import fact
from labkit.policy.arn import split_arn
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

API = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/streams/latest/dev/"


def limit(name: str) -> int:
    """The value of the fact `kinesis.<name>`."""
    return int(fact(f"kinesis.{name}"))


def backend_of(exchange: Exchange) -> Any:
    """The account's streams in the Region that the request is for."""
    return kinesis_backends[exchange.account][exchange.region]


def asked_name(exchange: Exchange) -> str:
    """The name of the stream that a request names, by itself or in an ARN; empty if by neither."""
    fields = split_arn(str(exchange.params.get("StreamARN", "")))
    return str(exchange.params.get("StreamName") or (fields[5].split("/")[1] if fields else ""))


def asked_stream(exchange: Exchange) -> Any:
    """The stream that a request names, or None; moto itself says that there is none."""
    return backend_of(exchange).streams.get(asked_name(exchange))


def told(stream: Any) -> str:
    """How AWS's messages name a stream."""
    return f"Stream {stream.stream_name} under account {stream.account_id}"


def missing(sentence: str) -> AwsError:
    """What is named does not exist."""
    return AwsError("ResourceNotFoundException", sentence)


def in_use(sentence: str) -> AwsError:
    """It is there, but busy."""
    return AwsError("ResourceInUseException", sentence)


def invalid(sentence: str) -> AwsError:
    """An argument does not fit."""
    return AwsError("InvalidArgumentException", sentence)


def too_many(sentence: str) -> AwsError:
    """A limit of the account or the stream."""
    return AwsError("LimitExceededException", sentence)


def refused(sentence: str) -> AwsError:
    """A parameter cannot be taken."""
    return AwsError("ValidationException", sentence)


def constraint(value: str, member: str, rule: str) -> AwsError:
    """AWS's words for a parameter beyond its limits; `value` is empty where it is not told."""
    shown = f"Value '{value}'" if value else "Value"
    return refused(
        f"1 validation error detected: {shown} at '{member}' failed to satisfy constraint: {rule}"
    )


def throttled(stream: Any, shard_id: str) -> AwsError:
    """A shard has had enough for this second."""
    return AwsError("ProvisionedThroughputExceededException", too_fast(stream, shard_id))


def too_fast(stream: Any, shard_id: str) -> str:
    """The words of a throttled write or read."""
    return (
        f"Rate exceeded for shard {shard_id} in stream {stream.stream_name} under account "
        f"{stream.account_id}."
    )
