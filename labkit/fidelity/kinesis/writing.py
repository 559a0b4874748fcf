"""What a record may be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from labkit.fidelity.kinesis.common import API, asked_stream, constraint, invalid, limit
from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange

_HASH_KEYS = 1 << 128


def _records(exchange: Exchange) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each record of a request, with what AWS puts before a member's name."""
    if exchange.operation == "PutRecord":
        yield "", exchange.params
    else:
        for i, record in enumerate(exchange.params["Records"], 1):
            yield f"records.{i}.member.", record


@rule(
    "kinesis",
    "PutRecord",
    "PutRecords",
    when="before",
    follows=API + "PutRecord.html",
    corrects="moto says no more than partition_key",
)
def a_partition_key_has_its_limit(exchange: Exchange) -> None:
    """A partition key longer than 256 characters is refused.

    ValidationException: Member must have length less than or equal to 256.
    """
    most = limit("partition_key_max_chars")
    for before, record in _records(exchange):
        key = record["PartitionKey"]
        if len(key) > most:
            raise constraint(
                key,
                f"{before}partitionKey",
                f"Member must have length less than or equal to {most}",
            )


@rule(
    "kinesis",
    "PutRecord",
    "PutRecords",
    when="before",
    follows=API + "PutRecord.html",
    corrects="moto says no more than explicit_hash_key",
)
def an_explicit_hash_key_is_in_range(exchange: Exchange) -> None:
    """An explicit hash key lies within the 128 bits that shards divide among them.

    InvalidArgumentException: ExplicitHashKey must be in the range: [0, 2^128-1].
    """
    for _, record in _records(exchange):
        key = record.get("ExplicitHashKey")
        if key and not (key.isdigit() and int(key) < _HASH_KEYS):
            raise invalid(
                "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. "
                f"Specified value was {key}"
            )


@rule(
    "kinesis",
    "PutRecord",
    "PutRecords",
    when="before",
    follows=API + "UpdateMaxRecordSize.html",
    corrects="moto weighs the records of PutRecords only, and always against 1 MiB",
)
def a_record_has_its_limit(exchange: Exchange) -> None:
    """A record, its partition key included, is no larger than the stream takes: 1 MiB unless set.

    ValidationException at data; the words of a stream set higher are unverified.
    """
    stream = asked_stream(exchange)
    if stream is None:
        return
    for before, record in _records(exchange):
        if len(record["Data"]) + len(record["PartitionKey"].encode()) > stream.max_record_bytes:
            raise constraint(
                "",
                f"{before}data",
                f"Member must have length less than or equal to {stream.max_record_bytes}",
            )


@rule(
    "kinesis",
    "PutRecords",
    when="before",
    follows=API + "PutRecords.html",
    corrects="moto refuses more than 5 MB",
)
def a_request_of_many_records_has_its_limit(exchange: Exchange) -> None:
    """One PutRecords holds 10 MiB at most, partition keys included.

    InvalidArgumentException; its words are unverified.
    """
    records = exchange.params["Records"]
    size = sum(len(one["Data"]) + len(one["PartitionKey"].encode()) for one in records)
    if size > limit("put_records_max_bytes"):
        raise invalid("Records size exceeds 10 MB limit")
