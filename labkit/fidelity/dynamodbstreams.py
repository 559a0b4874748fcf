"""The streams of DynamoDB's tables: who reads one names it rightly, and not too late.

CreateTable ──▶ stream ARN ──▶ shard id ──▶ iterator, good for 15 minutes ──▶ records, next iterator
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from moto.dynamodbstreams import models as moto_streams

from labkit.facts import fact
from labkit.fidelity.dynamodb.common import find_table
from labkit.fidelity.registry import as_on_aws, differs, rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange
from labkit.sandbox.sandbox import Sandbox

_API = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_"
_GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"


class ShardIterator(moto_streams.ShardIterator):
    """A place in a shard, and since when somebody holds it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.handed_out_at: datetime = Sandbox.current().clock.now


def replace_models(sandbox: Sandbox) -> None:
    """Let moto hand out labkit's iterators until the sandbox closes."""
    original = moto_streams.ShardIterator
    sandbox.on_close(lambda: setattr(moto_streams, "ShardIterator", original))
    setattr(moto_streams, "ShardIterator", ShardIterator)  # noqa: B010 - mypy sees a class


@rule(
    "dynamodbstreams",
    "DescribeStream",
    "GetShardIterator",
    when="before",
    follows=_API + "DescribeStream.html",
    corrects="moto looks at the table's name only, and breaks down where a stream was turned off",
)
def a_stream_is_named_by_its_whole_arn(exchange: Exchange) -> None:
    """An ARN names one stream of one table; another label is another stream.

    ResourceNotFoundException: Requested resource not found: Stream: … not found.
    """
    arn = str(exchange.params["StreamArn"])
    of_table, _, label = arn.partition("/stream/")
    table = find_table(exchange, of_table)
    if table is None or table.stream_shard is None or table.latest_stream_label != label:
        raise AwsError(
            "ResourceNotFoundException", f"Requested resource not found: Stream: {arn} not found"
        )


@rule(
    "dynamodbstreams",
    "GetShardIterator",
    when="before",
    follows=_API + "GetShardIterator.html",
    corrects="moto breaks down",
)
def a_shard_is_one_of_its_stream(exchange: Exchange) -> None:
    """Only a shard that DescribeStream lists can be read.

    ResourceNotFoundException; its words are unverified.
    """
    arn, shard = str(exchange.params["StreamArn"]), exchange.params["ShardId"]
    table = find_table(exchange, arn.partition("/stream/")[0])
    if table is not None and table.stream_shard.id != shard:
        raise AwsError(
            "ResourceNotFoundException",
            f"Requested resource not found: Shard: {shard} not found in Stream: {arn}",
        )


@rule(
    "dynamodbstreams",
    "GetRecords",
    when="before",
    follows=_API + "GetRecords.html",
    corrects="moto's iterators are good for ever, and it breaks down on what is none",
)
def an_iterator_is_good_for_fifteen_minutes(exchange: Exchange) -> None:
    """An iterator that nobody used for fifteen minutes cannot be used any more.

    ExpiredIteratorException; what is no iterator is a ValidationException. The words of both are
    unverified.
    """
    backend = moto_streams.dynamodbstreams_backends[exchange.account][exchange.region]
    held: Any = backend.shard_iterators.get(str(exchange.params["ShardIterator"]))
    if held is None:
        raise AwsError("ValidationException", "Invalid ShardIterator")
    age_s = (Sandbox.current().clock.now - held.handed_out_at).total_seconds()
    if age_s > int(fact("dynamodb.stream_iterator_s")):
        raise AwsError(
            "ExpiredIteratorException",
            f"Iterator expired. The iterator was created {age_s:.0f} seconds ago.",
        )


as_on_aws(
    "dynamodbstreams",
    "LATEST begins after the last record, TRIM_HORIZON with the oldest that is kept.",
    "ShardIteratorType.",
    test="test_an_iterator_begins_where_it_was_asked_to",
    source=_API + "GetShardIterator.html",
)
as_on_aws(
    "dynamodbstreams",
    "Reading takes nothing away: each reader has an iterator, and each answer brings the next.",
    "NextShardIterator; null only when a shard is closed and read to its end.",
    test="test_two_readers_read_the_same_records",
    source=_API + "GetRecords.html",
)
differs(
    "dynamodbstreams",
    "A stream is one shard that never closes.",
    "Shards follow the table's partitions, and are replaced by others every few hours.",
    source=_GUIDE + "Streams.html",
)
differs(
    "dynamodbstreams",
    "A stream that is turned off is gone at once.",
    "It takes no new records, and can be read for another 24 hours.",
    source=_GUIDE + "Streams.html",
)
