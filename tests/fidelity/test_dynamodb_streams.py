"""A table's stream, read with an iterator: which stream, which shard, from where, until when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.facts import fact
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock

Refusal = Callable[..., str]


@pytest.fixture
def streams(sandbox: Sandbox) -> Any:
    """A client for the stream of the table of seats, which holds one record."""
    dynamodb = sandbox.client("dynamodb")
    dynamodb.create_table(
        TableName="seats",
        KeySchema=[{"AttributeName": "seat", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "seat", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )
    sandbox.clock.advance(seconds=20)
    sell(sandbox, "A1")
    return sandbox.client("dynamodbstreams")


def sell(sandbox: Sandbox, seat: str) -> None:
    sandbox.client("dynamodb").put_item(TableName="seats", Item={"seat": {"S": seat}})


def shard(streams: Any) -> dict[str, str]:
    """What names the one shard of the one stream."""
    [stream] = streams.list_streams(TableName="seats")["Streams"]
    described = streams.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]
    return {"StreamArn": stream["StreamArn"], "ShardId": described["Shards"][0]["ShardId"]}


def iterator(streams: Any, kind: str = "TRIM_HORIZON") -> str:
    got = streams.get_shard_iterator(**shard(streams), ShardIteratorType=kind)
    return str(got["ShardIterator"])


def seats_in(answer: Any) -> list[str]:
    return [record["dynamodb"]["Keys"]["seat"]["S"] for record in answer["Records"]]


@pytest.mark.mends
def test_a_stream_is_named_by_its_whole_arn(
    sandbox: Sandbox, streams: Any, refusal: Refusal
) -> None:
    named = shard(streams)
    other = named | {"StreamArn": named["StreamArn"] + "9"}
    nowhere = named["StreamArn"].replace("seats", "plays")

    for said in (
        refusal(streams.describe_stream, StreamArn=other["StreamArn"]),
        refusal(streams.describe_stream, StreamArn=nowhere),
        refusal(streams.get_shard_iterator, **other, ShardIteratorType="LATEST"),
    ):
        assert said.startswith("ResourceNotFoundException: Requested resource not found: Stream: ")


def test_a_stream_that_was_turned_off_is_gone(
    sandbox: Sandbox, streams: Any, refusal: Refusal
) -> None:
    arn = shard(streams)["StreamArn"]
    sandbox.client("dynamodb").update_table(
        TableName="seats", StreamSpecification={"StreamEnabled": False}
    )

    said = refusal(streams.describe_stream, StreamArn=arn)

    assert said.startswith("ResourceNotFoundException")


@pytest.mark.mends
def test_a_shard_is_one_of_its_stream(streams: Any, refusal: Refusal) -> None:
    other = shard(streams) | {"ShardId": "shardId-00000000000000000000-00000000"}

    said = refusal(streams.get_shard_iterator, **other, ShardIteratorType="LATEST")

    assert said.startswith("ResourceNotFoundException: Requested resource not found: Shard: ")


@pytest.mark.mends
def test_an_iterator_is_good_for_fifteen_minutes(
    streams: Any, clock: Clock, refusal: Refusal
) -> None:
    lasts_s = fact("dynamodb.stream_iterator_s")
    first = iterator(streams)
    clock.advance(seconds=lasts_s)
    following = streams.get_records(ShardIterator=first)["NextShardIterator"]
    clock.advance(seconds=1)

    said = refusal(streams.get_records, ShardIterator=first)

    assert said.startswith("ExpiredIteratorException: ")
    assert streams.get_records(ShardIterator=following)["Records"] == []
    assert refusal(streams.get_records, ShardIterator="A1").startswith("ValidationException: ")


@pytest.mark.right
def test_an_iterator_begins_where_it_was_asked_to(sandbox: Sandbox, streams: Any) -> None:
    latest, oldest = iterator(streams, "LATEST"), iterator(streams)
    sell(sandbox, "A2")

    assert seats_in(streams.get_records(ShardIterator=latest)) == ["A2"]
    assert seats_in(streams.get_records(ShardIterator=oldest)) == ["A1", "A2"]
    assert seats_in(streams.get_records(ShardIterator=oldest, Limit=1)) == ["A1"]


@pytest.mark.right
def test_two_readers_read_the_same_records(sandbox: Sandbox, streams: Any) -> None:
    one, other = iterator(streams), iterator(streams)

    first = streams.get_records(ShardIterator=one)
    sell(sandbox, "A2")

    assert seats_in(first) == ["A1"]
    assert seats_in(streams.get_records(ShardIterator=first["NextShardIterator"])) == ["A2"]
    assert seats_in(streams.get_records(ShardIterator=other)) == ["A1", "A2"]
