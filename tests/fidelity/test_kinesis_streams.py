"""Streams and their states, shards that part and join, consumers, tags."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.config import Config

from labkit.facts import fact
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock

Refusal = Callable[..., str]
ACCOUNT = "123456789012"
NAMED = f"orders under account {ACCOUNT}"
FIRST, SECOND, THIRD, FOURTH = (f"shardId-{i:012d}" for i in range(4))
MIDDLE = 1 << 126  # of the first of two shards


@pytest.fixture
def kinesis(sandbox: Sandbox) -> Any:
    """A client that does not try again: what is refused is seen to be."""
    config = Config(retries={"total_max_attempts": 1})
    return sandbox.session.client("kinesis", region_name="us-east-1", config=config)


@pytest.fixture
def orders(kinesis: Any, clock: Clock) -> Any:
    """An active stream of two shards, through a client."""
    kinesis.create_stream(StreamName="orders", ShardCount=2)
    clock.advance(seconds=20)
    return kinesis


def summary(kinesis: Any) -> Any:
    return kinesis.describe_stream_summary(StreamName="orders")["StreamDescriptionSummary"]


def shards(kinesis: Any) -> dict[str, Any]:
    return {one["ShardId"]: one for one in kinesis.list_shards(StreamName="orders")["Shards"]}


def put(kinesis: Any, data: bytes, hash_key: int = 0) -> Any:
    return kinesis.put_record(
        StreamName="orders", PartitionKey="till", Data=data, ExplicitHashKey=str(hash_key)
    )


def read(kinesis: Any, shard: str, kind: str = "TRIM_HORIZON") -> Any:
    iterator = kinesis.get_shard_iterator(
        StreamName="orders", ShardId=shard, ShardIteratorType=kind
    )["ShardIterator"]
    return kinesis.get_records(ShardIterator=iterator)


def data(answer: Any) -> list[bytes]:
    return [record["Data"] for record in answer["Records"]]


def split(kinesis: Any, shard: str = FIRST, key: int = MIDDLE) -> Any:
    return kinesis.split_shard(StreamName="orders", ShardToSplit=shard, NewStartingHashKey=str(key))


def merge(kinesis: Any, one: str, other: str) -> Any:
    return kinesis.merge_shards(StreamName="orders", ShardToMerge=one, AdjacentShardToMerge=other)


# ---- states ----


@pytest.mark.mends
def test_a_new_stream_is_creating_first(kinesis: Any, clock: Clock) -> None:
    before = clock.now
    kinesis.create_stream(StreamName="orders", ShardCount=2)

    described = kinesis.describe_stream(StreamName="orders")["StreamDescription"]
    assert (described["StreamStatus"], described["Shards"]) == ("CREATING", [])
    assert summary(kinesis)["OpenShardCount"] == 0

    kinesis.get_waiter("stream_exists").wait(StreamName="orders")
    assert summary(kinesis)["StreamStatus"] == "ACTIVE"
    assert len(shards(kinesis)) == 2
    assert clock.now > before


@pytest.mark.mends
def test_a_stream_is_used_once_it_is_active(kinesis: Any, clock: Clock, refusal: Refusal) -> None:
    kinesis.create_stream(StreamName="orders", ShardCount=1)

    assert refusal(put, kinesis=kinesis, data=b"one") == (
        f"ResourceNotFoundException: Stream {NAMED} not found."
    )
    clock.advance(seconds=20)
    put(kinesis, b"one")


@pytest.mark.mends
def test_a_deleted_stream_is_there_for_a_moment(orders: Any, refusal: Refusal) -> None:
    orders.delete_stream(StreamName="orders")

    assert summary(orders)["StreamStatus"] == "DELETING"
    put(orders, b"late")  # AWS, too, may go on taking records until the stream is gone
    orders.get_waiter("stream_not_exists").wait(StreamName="orders")
    assert refusal(summary, kinesis=orders) == (
        f"ResourceNotFoundException: Stream {NAMED} not found."
    )


@pytest.mark.mends
def test_a_busy_stream_is_not_changed(kinesis: Any, clock: Clock, refusal: Refusal) -> None:
    kinesis.create_stream(StreamName="orders", ShardCount=2)
    said = refusal(kinesis.delete_stream, StreamName="orders")
    assert said == (f"ResourceInUseException: Stream {NAMED} not ACTIVE, instead in state CREATING")
    clock.advance(seconds=20)
    split(kinesis)
    assert refusal(split, kinesis=kinesis, shard=SECOND, key=3 * MIDDLE).endswith(
        "instead in state UPDATING"
    )


@pytest.mark.mends
def test_only_so_many_streams_are_in_the_making(
    kinesis: Any, clock: Clock, refusal: Refusal
) -> None:
    most = int(fact("kinesis.streams_creating_max"))
    for i in range(most):
        kinesis.create_stream(StreamName=f"stream-{i}", ShardCount=1)

    said = refusal(kinesis.create_stream, StreamName="orders", ShardCount=1)
    assert said.startswith("LimitExceededException: ")
    clock.advance(seconds=20)
    kinesis.create_stream(StreamName="orders", ShardCount=1)


@pytest.mark.mends
def test_other_changes_take_a_moment_too(orders: Any, clock: Clock) -> None:
    arn = summary(orders)["StreamARN"]
    orders.start_stream_encryption(
        StreamName="orders", EncryptionType="KMS", KeyId="alias/aws/kinesis"
    )
    assert summary(orders)["StreamStatus"] == "UPDATING"
    clock.advance(seconds=20)
    assert summary(orders)["EncryptionType"] == "KMS"

    orders.update_stream_mode(StreamARN=arn, StreamModeDetails={"StreamMode": "ON_DEMAND"})
    assert summary(orders)["StreamModeDetails"] == {"StreamMode": "PROVISIONED"}
    clock.advance(seconds=20)
    assert summary(orders)["StreamModeDetails"] == {"StreamMode": "ON_DEMAND"}
    assert summary(orders)["StreamStatus"] == "ACTIVE"


def test_a_stream_of_a_stack_is_active_at_once(kinesis: Any, sandbox: Sandbox) -> None:
    stacks = sandbox.client("cloudformation")
    stream = {"Type": "AWS::Kinesis::Stream", "Properties": {"Name": "orders", "ShardCount": 2}}
    template = json.dumps({"Resources": {"Orders": stream}})
    for _ in range(2):
        stacks.create_stack(StackName="shop", TemplateBody=template)
        assert summary(kinesis)["StreamStatus"] == "ACTIVE"
        stacks.delete_stack(StackName="shop")


# ---- what a stream may be ----


@pytest.mark.mends
def test_a_stream_name_is_plain(kinesis: Any, refusal: Refusal) -> None:
    assert refusal(kinesis.create_stream, StreamName="or/ders", ShardCount=1) == (
        "ValidationException: 1 validation error detected: Value 'or/ders' at 'streamName' failed "
        "to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
    )
    said = refusal(kinesis.create_stream, StreamName="x" * 129, ShardCount=1)
    assert said.endswith("Member must have length less than or equal to 128")
    kinesis.create_stream(StreamName="x" * 128, ShardCount=1)


@pytest.mark.mends
def test_a_stream_that_is_there_is_not_created_again(orders: Any, refusal: Refusal) -> None:
    assert refusal(orders.create_stream, StreamName="orders", ShardCount=1) == (
        f"ResourceInUseException: Stream {NAMED} already exists."
    )


@pytest.mark.mends
def test_shards_are_counted_in_provisioned_mode_only(kinesis: Any, refusal: Refusal) -> None:
    for mode, count in (("PROVISIONED", {}), ("ON_DEMAND", {"ShardCount": 2})):
        said = refusal(
            kinesis.create_stream,
            StreamName="orders",
            StreamModeDetails={"StreamMode": mode},
            **count,
        )
        assert said.startswith("ValidationException: ")


@pytest.mark.mends
def test_a_stream_without_a_number_of_shards_is_on_demand(kinesis: Any, clock: Clock) -> None:
    kinesis.create_stream(StreamName="orders")
    clock.advance(seconds=20)

    assert summary(kinesis)["StreamModeDetails"] == {"StreamMode": "ON_DEMAND"}
    assert summary(kinesis)["OpenShardCount"] == 4


@pytest.mark.mends
def test_a_hundred_streams_are_listed_at_a_time(kinesis: Any, clock: Clock) -> None:
    for i in range(12):
        kinesis.create_stream(StreamName=f"stream-{i:02d}", ShardCount=1)
        clock.advance(seconds=20)

    whole = kinesis.list_streams()
    assert len(whole["StreamNames"]) == len(whole["StreamSummaries"]) == 12
    assert whole["HasMoreStreams"] is False

    page = kinesis.list_streams(Limit=5)
    assert (len(page["StreamSummaries"]), page["HasMoreStreams"]) == (5, True)
    rest = kinesis.list_streams(NextToken=page["NextToken"])
    assert rest["StreamNames"] == whole["StreamNames"][5:]


@pytest.mark.right
def test_a_stream_that_is_not_there_is_named(kinesis: Any, refusal: Refusal) -> None:
    assert refusal(put, kinesis=kinesis, data=b"one") == (
        f"ResourceNotFoundException: Stream {NAMED} not found."
    )


@pytest.mark.mends
def test_a_stream_has_a_limited_number_of_tags(orders: Any, refusal: Refusal) -> None:
    most = int(fact("kinesis.tags_max"))
    orders.add_tags_to_stream(StreamName="orders", Tags={str(i): "x" for i in range(most)})

    said = refusal(orders.add_tags_to_stream, StreamName="orders", Tags={"more": "x"})
    assert said.startswith("LimitExceededException: ")
    orders.add_tags_to_stream(StreamName="orders", Tags={"1": "again"})


# ---- resharding ----


@pytest.mark.mends
def test_a_stream_that_is_split_is_updating_first(orders: Any, clock: Clock) -> None:
    split(orders)

    assert summary(orders)["StreamStatus"] == "UPDATING"
    assert len(shards(orders)) == 2
    assert put(orders, b"meanwhile")["ShardId"] == FIRST
    assert data(read(orders, FIRST)) == [b"meanwhile"]

    clock.advance(seconds=20)
    assert summary(orders)["StreamStatus"] == "ACTIVE"
    assert len(shards(orders)) == 4


@pytest.mark.mends
def test_a_split_shard_keeps_its_records(orders: Any, clock: Clock) -> None:
    put(orders, b"before")
    split(orders)
    clock.advance(seconds=20)

    assert put(orders, b"after")["ShardId"] == THIRD
    assert put(orders, b"upper half", MIDDLE)["ShardId"] == FOURTH
    assert data(read(orders, FIRST)) == [b"before"]
    assert data(read(orders, THIRD)) == [b"after"]
    assert shards(orders)[THIRD]["ParentShardId"] == FIRST


@pytest.mark.mends
def test_the_end_of_a_shard_names_its_children(orders: Any, clock: Clock) -> None:
    put(orders, b"last")
    assert read(orders, FIRST).get("NextShardIterator")
    split(orders)
    clock.advance(seconds=20)

    end = read(orders, FIRST)
    assert data(end) == [b"last"]
    assert "NextShardIterator" not in end
    assert [child["ShardId"] for child in end["ChildShards"]] == [THIRD, FOURTH]
    assert end["ChildShards"][0]["ParentShards"] == [FIRST]
    assert end["ChildShards"][1]["HashKeyRange"]["StartingHashKey"] == str(MIDDLE)


@pytest.mark.mends
def test_a_closed_shard_is_not_split_again(orders: Any, clock: Clock, refusal: Refusal) -> None:
    split(orders)
    clock.advance(seconds=20)
    assert refusal(split, kinesis=orders) == (
        f"InvalidArgumentException: Shard {FIRST} in stream {NAMED} has already been merged or "
        "split, and thus is not eligible for merging or splitting."
    )
    said = refusal(split, kinesis=orders, shard=SECOND, key=1)
    assert said.startswith("InvalidArgumentException: NewStartingHashKey 1 used in SplitShard()")
    assert refusal(split, kinesis=orders, shard="shardId-7").startswith(
        "ResourceNotFoundException: Could not find shard shardId-7 in stream orders"
    )
    # One beyond the start leaves the first child a single key, which AWS does not allow.
    start = int(shards(orders)[SECOND]["HashKeyRange"]["StartingHashKey"])
    assert "not both greater than one plus" in refusal(
        split, kinesis=orders, shard=SECOND, key=start + 1
    )


@pytest.mark.mends
def test_neighbours_merge_in_either_order(orders: Any, clock: Clock) -> None:
    put(orders, b"left")
    merge(orders, SECOND, FIRST)
    clock.advance(seconds=20)

    found = shards(orders)
    child = found[THIRD]
    assert (child["ParentShardId"], child["AdjacentParentShardId"]) == (SECOND, FIRST)
    assert child["HashKeyRange"]["StartingHashKey"] == "0"
    assert child["HashKeyRange"]["EndingHashKey"] == str(2**128 - 1)
    assert put(orders, b"new")["ShardId"] == THIRD
    assert data(read(orders, FIRST)) == [b"left"]


@pytest.mark.mends
def test_only_open_neighbours_are_merged(kinesis: Any, clock: Clock, refusal: Refusal) -> None:
    kinesis.create_stream(StreamName="orders", ShardCount=3)
    clock.advance(seconds=20)

    assert refusal(merge, kinesis=kinesis, one=FIRST, other=THIRD) == (
        f"InvalidArgumentException: Shards {FIRST} and {THIRD} in stream {NAMED} are not an "
        "adjacent pair of shards eligible for merging"
    )
    merge(kinesis, FIRST, SECOND)
    clock.advance(seconds=20)
    assert "already been merged or split" in refusal(
        merge, kinesis=kinesis, one=SECOND, other=THIRD
    )


@pytest.mark.mends
def test_the_number_of_open_shards_follows(orders: Any, clock: Clock) -> None:
    split(orders)
    clock.advance(seconds=20)
    assert summary(orders)["OpenShardCount"] == 3

    orders.update_shard_count(
        StreamName="orders", TargetShardCount=6, ScalingType="UNIFORM_SCALING"
    )
    clock.advance(seconds=20)
    assert summary(orders)["OpenShardCount"] == 6
    now_open = [
        one
        for one in shards(orders).values()
        if "EndingSequenceNumber" not in one["SequenceNumberRange"]
    ]
    assert len(now_open) == 6


@pytest.mark.mends
def test_the_limits_count_what_there_is(orders: Any) -> None:
    orders.create_stream(StreamName="films", StreamModeDetails={"StreamMode": "ON_DEMAND"})

    limits = orders.describe_limits()
    assert (limits["OpenShardCount"], limits["OnDemandStreamCount"]) == (6, 1)


@pytest.mark.mends
def test_a_stream_is_doubled_or_halved_at_most(orders: Any, refusal: Refusal) -> None:
    def scale(target: int) -> Any:
        return orders.update_shard_count(
            StreamName="orders", TargetShardCount=target, ScalingType="UNIFORM_SCALING"
        )

    assert refusal(scale, target=5) == (
        "LimitExceededException: UpdateShardCount cannot scale up over double your current open "
        "shard count. Current open shard count: 2 Target shard count: 5"
    )
    assert scale(4)["CurrentShardCount"] == 2


@pytest.mark.mends
def test_a_stream_is_scaled_ten_times_a_day(orders: Any, clock: Clock, refusal: Refusal) -> None:
    def scale(target: int) -> None:
        orders.update_shard_count(
            StreamName="orders", TargetShardCount=target, ScalingType="UNIFORM_SCALING"
        )
        clock.advance(seconds=20)

    for i in range(10):
        scale(4 if i % 2 == 0 else 2)

    assert refusal(scale, target=4).startswith("LimitExceededException: ")
    clock.advance(days=1)
    scale(4)


@pytest.mark.mends
def test_an_on_demand_stream_is_not_resharded(kinesis: Any, clock: Clock, refusal: Refusal) -> None:
    kinesis.create_stream(StreamName="orders", StreamModeDetails={"StreamMode": "ON_DEMAND"})
    clock.advance(seconds=20)

    said = f"ValidationException: Request is invalid. Stream {NAMED} is in On-Demand mode."
    assert refusal(split, kinesis=kinesis, key=5) == said
    assert refusal(merge, kinesis=kinesis, one=FIRST, other=SECOND) == said


@pytest.mark.mends
def test_a_shard_has_a_first_number_before_its_first_record(orders: Any, clock: Clock) -> None:
    first = shards(orders)[FIRST]["SequenceNumberRange"]["StartingSequenceNumber"]
    number = put(orders, b"one")["SequenceNumber"]
    assert 0 < int(first) < int(number)
    assert shards(orders)[FIRST]["SequenceNumberRange"]["StartingSequenceNumber"] == first

    split(orders)
    clock.advance(seconds=20)
    closed = shards(orders)[FIRST]["SequenceNumberRange"]
    assert int(closed["EndingSequenceNumber"]) > int(number)


# ---- consumers ----


def register(kinesis: Any, name: str) -> Any:
    arn = summary(kinesis)["StreamARN"]
    return kinesis.register_stream_consumer(StreamARN=arn, ConsumerName=name)["Consumer"]


@pytest.mark.mends
def test_a_new_consumer_is_creating_first(orders: Any, clock: Clock) -> None:
    consumer = register(orders, "audit")
    assert consumer["ConsumerStatus"] == "CREATING"

    clock.advance(seconds=20)
    described = orders.describe_stream_consumer(ConsumerARN=consumer["ConsumerARN"])
    assert described["ConsumerDescription"]["ConsumerStatus"] == "ACTIVE"
    assert summary(orders)["ConsumerCount"] == 1


@pytest.mark.mends
def test_a_consumer_is_registered_once(orders: Any, clock: Clock, refusal: Refusal) -> None:
    register(orders, "audit")
    assert refusal(register, kinesis=orders, name="audit").startswith("ResourceInUseException: ")

    for i in range(1, int(fact("kinesis.consumers_max"))):
        register(orders, f"consumer-{i}")
        clock.advance(seconds=20)
    said = refusal(register, kinesis=orders, name="one too many")
    assert said.startswith("LimitExceededException: ")


@pytest.mark.mends
def test_one_consumer_is_deregistered_by_name(orders: Any) -> None:
    for name in ("audit", "billing"):
        register(orders, name)
    arn = summary(orders)["StreamARN"]

    orders.deregister_stream_consumer(StreamARN=arn, ConsumerName="audit")

    left = orders.list_stream_consumers(StreamARN=arn)["Consumers"]
    assert [one["ConsumerName"] for one in left] == ["billing"]


@pytest.mark.mends
def test_a_stream_with_consumers_is_not_deleted(orders: Any, refusal: Refusal) -> None:
    register(orders, "audit")

    said = refusal(orders.delete_stream, StreamName="orders")
    assert said.startswith(f"ResourceInUseException: Stream {NAMED} ")
    orders.delete_stream(StreamName="orders", EnforceConsumerDeletion=True)
