"""Records on their way through a shard: sizes, rates, places, ages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.config import Config

from labkit.facts import fact
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from labkit.units import KIB, MIB, SECONDS_PER_HOUR

Refusal = Callable[..., str]
FIRST, SECOND = "shardId-000000000000", "shardId-000000000001"
UPPER = str(1 << 127)  # a hash key of the second of two shards
TOO_FAST = f"Rate exceeded for shard {FIRST} in stream orders under account 123456789012."
THROTTLED = "ProvisionedThroughputExceededException"


@pytest.fixture
def orders(sandbox: Sandbox, clock: Clock) -> Any:
    """A client that does not try again, with an active stream of two shards."""
    config = Config(retries={"total_max_attempts": 1})
    kinesis = sandbox.session.client("kinesis", region_name="us-east-1", config=config)
    kinesis.create_stream(StreamName="orders", ShardCount=2)
    clock.advance(seconds=20)
    return kinesis


def put(kinesis: Any, data: bytes = b"seat", key: str = "till", **more: Any) -> Any:
    more = {"ExplicitHashKey": "0"} | more
    return kinesis.put_record(StreamName="orders", PartitionKey=key, Data=data, **more)


def put_many(kinesis: Any, *data: bytes, hash_key: str = "0") -> Any:
    return kinesis.put_records(
        StreamName="orders",
        Records=[{"Data": one, "PartitionKey": "k", "ExplicitHashKey": hash_key} for one in data],
    )


def iterator(kinesis: Any, kind: str = "TRIM_HORIZON", shard: str = FIRST, **more: Any) -> str:
    answer = kinesis.get_shard_iterator(
        StreamName="orders", ShardId=shard, ShardIteratorType=kind, **more
    )
    return str(answer["ShardIterator"])


def read(kinesis: Any, kind: str = "TRIM_HORIZON", **more: Any) -> list[bytes]:
    answer = kinesis.get_records(ShardIterator=iterator(kinesis, kind, **more))
    return [record["Data"] for record in answer["Records"]]


# ---- what a record may be ----


@pytest.mark.mends
def test_a_partition_key_has_its_limit(orders: Any, refusal: Refusal) -> None:
    most = int(fact("kinesis.partition_key_max_chars"))

    assert refusal(put, kinesis=orders, key="k" * (most + 1)) == (
        f"ValidationException: 1 validation error detected: Value '{'k' * (most + 1)}' at "
        f"'partitionKey' failed to satisfy constraint: Member must have length less than or equal "
        f"to {most}"
    )
    put(orders, key="k" * most)


@pytest.mark.mends
def test_an_explicit_hash_key_is_in_range(orders: Any, refusal: Refusal) -> None:
    assert refusal(put, kinesis=orders, ExplicitHashKey=str(2**128)) == (
        "InvalidArgumentException: Invalid ExplicitHashKey. ExplicitHashKey must be in the range: "
        f"[0, 2^128-1]. Specified value was {2**128}"
    )
    assert put(orders, ExplicitHashKey=str(2**128 - 1))["ShardId"] == SECOND


@pytest.mark.mends
def test_a_record_has_its_limit(orders: Any, refusal: Refusal) -> None:
    most = int(fact("kinesis.record_default_max_bytes"))

    said = refusal(put, kinesis=orders, data=b"x" * most)
    assert said == (
        "ValidationException: 1 validation error detected: Value at 'data' failed to satisfy "
        f"constraint: Member must have length less than or equal to {most}"
    )
    put(orders, b"x" * (most - len("till")))


@pytest.mark.mends
def test_the_largest_record_can_be_set(orders: Any, clock: Clock, refusal: Refusal) -> None:
    arn = orders.describe_stream_summary(StreamName="orders")["StreamDescriptionSummary"][
        "StreamARN"
    ]
    orders.update_max_record_size(StreamARN=arn, MaxRecordSizeInKiB=2048)
    clock.advance(seconds=20)

    described = orders.describe_stream_summary(StreamName="orders")["StreamDescriptionSummary"]
    assert described["MaxRecordSizeInKiB"] == 2048
    put(orders, b"x" * (2 * MIB - 4))
    assert refusal(put, kinesis=orders, data=b"more").startswith(THROTTLED)
    clock.advance(seconds=3)
    put(orders, b"more")


@pytest.mark.mends
def test_a_stream_can_be_set_to_larger_records(orders: Any, refusal: Refusal) -> None:
    said = refusal(orders.create_stream, StreamName="films", ShardCount=1, MaxRecordSizeInKiB=10241)
    assert said == (
        "ValidationException: 1 validation error detected: Value '10241' at 'maxRecordSizeInKiB' "
        "failed to satisfy constraint: Member must have value less than or equal to 10240"
    )


@pytest.mark.mends
def test_a_new_stream_takes_records_as_large_as_it_says(orders: Any, clock: Clock) -> None:
    orders.create_stream(StreamName="films", ShardCount=1, MaxRecordSizeInKiB=10240)
    clock.advance(seconds=20)

    summary = orders.describe_stream_summary(StreamName="films")["StreamDescriptionSummary"]
    assert summary["MaxRecordSizeInKiB"] == 10240
    orders.put_record(StreamName="films", PartitionKey="k", Data=b"x" * (5 * MIB))


@pytest.mark.right
def test_a_request_holds_five_hundred_records(orders: Any, refusal: Refusal) -> None:
    most = int(fact("kinesis.put_records_max"))

    with pytest.raises(Exception, match=f"less than or equal to {most}"):
        put_many(orders, *[b"x"] * (most + 1))
    assert put_many(orders, *[b"x"] * most)["FailedRecordCount"] == 0


@pytest.mark.mends
def test_a_request_of_many_records_has_its_limit(orders: Any) -> None:
    eleven = [b"x" * (MIB - 10)] * 11
    with pytest.raises(Exception, match="10 MB limit"):
        put_many(orders, *eleven)
    assert put_many(orders, *eleven[:9])["FailedRecordCount"] == 8


# ---- how much goes in ----


@pytest.mark.mends
def test_a_shard_takes_a_mebibyte_a_second(orders: Any, clock: Clock, refusal: Refusal) -> None:
    put(orders, b"x" * (600 * KIB))

    assert refusal(put, kinesis=orders, data=b"x" * (600 * KIB)) == f"{THROTTLED}: {TOO_FAST}"
    put(orders, b"x" * (600 * KIB), ExplicitHashKey=UPPER)  # the other shard has room
    clock.advance(seconds=1)
    put(orders, b"x" * (600 * KIB))


@pytest.mark.mends
def test_a_shard_takes_a_thousand_records_a_second(
    orders: Any, clock: Clock, refusal: Refusal
) -> None:
    for _ in range(2):
        assert put_many(orders, *[b"x"] * 500)["FailedRecordCount"] == 0

    assert refusal(put, kinesis=orders) == f"{THROTTLED}: {TOO_FAST}"
    clock.advance(seconds=1)
    put(orders)


@pytest.mark.mends
def test_a_request_of_many_records_fails_in_part(orders: Any, clock: Clock) -> None:
    large = b"x" * (600 * KIB)
    answer = put_many(orders, large, large, b"small")

    assert answer["FailedRecordCount"] == 1
    assert answer["Records"][0]["ShardId"] == FIRST
    assert answer["Records"][1] == {"ErrorCode": THROTTLED, "ErrorMessage": TOO_FAST}
    assert answer["Records"][2]["SequenceNumber"]
    clock.advance(seconds=1)
    assert read(orders) == [large, b"small"]


@pytest.mark.right
def test_a_partition_key_stays_in_its_shard(orders: Any) -> None:
    for key in ("ana", "ben", "cleo"):
        placed = {
            orders.put_record(StreamName="orders", PartitionKey=key, Data=b"x")["ShardId"]
            for _ in range(3)
        }
        assert len(placed) == 1


@pytest.mark.mends
def test_sequence_numbers_are_long_and_rise(orders: Any, clock: Clock) -> None:
    numbers = []
    for _ in range(3):
        numbers += [int(put(orders)["SequenceNumber"]) for _ in range(3)]
        clock.advance(seconds=1)

    assert numbers == sorted(set(numbers))
    assert {len(str(number)) for number in numbers} == {56}


# ---- and out ----


@pytest.mark.right
def test_reading_starts_where_it_is_told_to(orders: Any, clock: Clock) -> None:
    numbers = []
    for data in (b"one", b"two", b"three"):
        numbers.append(put(orders, data)["SequenceNumber"])
        clock.advance(seconds=10)
    latest = iterator(orders, "LATEST")
    put(orders, b"four")

    assert read(orders) == [b"one", b"two", b"three", b"four"]
    at = {"StartingSequenceNumber": numbers[1]}
    assert read(orders, "AT_SEQUENCE_NUMBER", **at)[0] == b"two"
    assert read(orders, "AFTER_SEQUENCE_NUMBER", **at)[0] == b"three"
    since = clock.now - timedelta(seconds=15)
    assert read(orders, "AT_TIMESTAMP", Timestamp=since) == [b"three", b"four"]
    clock.advance(seconds=1)
    [record] = orders.get_records(ShardIterator=latest)["Records"]
    assert record["Data"] == b"four"


@pytest.mark.right
def test_reading_deletes_nothing(orders: Any) -> None:
    put(orders, b"one")

    assert read(orders) == read(orders) == [b"one"]


@pytest.mark.mends
def test_an_iterator_is_told_where_to_start(orders: Any, refusal: Refusal) -> None:
    for kind in ("AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER", "AT_TIMESTAMP"):
        said = refusal(iterator, kinesis=orders, kind=kind)
        assert said.startswith("InvalidArgumentException: ")
    said = refusal(
        iterator, kinesis=orders, kind="AT_SEQUENCE_NUMBER", StartingSequenceNumber="first"
    )
    assert said.startswith("InvalidArgumentException: ")


@pytest.mark.mends
def test_a_sequence_number_is_of_its_shard(orders: Any, refusal: Refusal) -> None:
    number = put(orders)["SequenceNumber"]
    more = {"kind": "AT_SEQUENCE_NUMBER", "StartingSequenceNumber": str(int(number) + 1)}

    said = refusal(iterator, kinesis=orders, **more)
    assert said.startswith(f"InvalidArgumentException: StartingSequenceNumber {int(number) + 1} ")
    assert refusal(iterator, kinesis=orders, kind=more["kind"], StartingSequenceNumber="7")


def test_a_checkpoint_outlives_its_record(orders: Any, clock: Clock) -> None:
    number = put(orders, b"old")["SequenceNumber"]
    clock.advance(hours=30)
    put(orders, b"new")

    assert read(orders, "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=number) == [b"new"]


@pytest.mark.mends
def test_an_iterator_expires(orders: Any, clock: Clock, refusal: Refusal) -> None:
    life_s = int(fact("kinesis.iterator_life_s"))
    old = iterator(orders)
    clock.advance(seconds=life_s)
    fresh = orders.get_records(ShardIterator=old)["NextShardIterator"]

    clock.advance(seconds=1)
    assert refusal(orders.get_records, ShardIterator=old) == (
        "ExpiredIteratorException: Iterator expired. The iterator was created at time Mon Jan 05 "
        "09:00:20 UTC 2026 while right now it is Mon Jan 05 09:05:21 UTC 2026 which is further in "
        "the future than the tolerated delay of 300000 milliseconds."
    )
    orders.get_records(ShardIterator=fresh)


@pytest.mark.mends
def test_what_is_no_iterator_is_refused(orders: Any, refusal: Refusal) -> None:
    for text in ("seats", "b3JkZXJz"):
        assert refusal(orders.get_records, ShardIterator=text) == (
            "InvalidArgumentException: Invalid ShardIterator."
        )


@pytest.mark.mends
def test_an_iterator_by_arn_serves_alone(orders: Any) -> None:
    put(orders, b"one")
    arn = orders.describe_stream_summary(StreamName="orders")["StreamDescriptionSummary"][
        "StreamARN"
    ]
    answer = orders.get_shard_iterator(
        StreamARN=arn, ShardId=FIRST, ShardIteratorType="TRIM_HORIZON"
    )
    [record] = orders.get_records(ShardIterator=answer["ShardIterator"])["Records"]
    assert record["Data"] == b"one"


@pytest.mark.mends
def test_a_shard_is_read_five_times_a_second(orders: Any, clock: Clock, refusal: Refusal) -> None:
    start = iterator(orders)
    for _ in range(int(fact("kinesis.shard_reads_max"))):
        orders.get_records(ShardIterator=start)

    assert refusal(orders.get_records, ShardIterator=start) == f"{THROTTLED}: {TOO_FAST}"
    orders.get_records(ShardIterator=iterator(orders, shard=SECOND))
    clock.advance(seconds=1)
    orders.get_records(ShardIterator=start)


def test_labkits_own_reading_takes_nothing_away(
    orders: Any, sandbox: Sandbox, clock: Clock
) -> None:
    start = iterator(orders)
    clock.advance(hours=1)
    with sandbox.quietly():
        for _ in range(10):
            orders.get_records(ShardIterator=start)
    orders.get_records(ShardIterator=iterator(orders))


@pytest.mark.mends
def test_reading_much_at_once_keeps_others_waiting(
    orders: Any, clock: Clock, refusal: Refusal
) -> None:
    for _ in range(10):
        put(orders, b"x" * (MIB - 4))
        clock.advance(seconds=1)
    orders.get_records(ShardIterator=iterator(orders))

    clock.advance(seconds=4)
    assert refusal(read, kinesis=orders) == f"{THROTTLED}: {TOO_FAST}"
    clock.advance(seconds=1)
    read(orders)


@pytest.mark.mends
def test_an_answer_holds_ten_mebibytes(orders: Any, clock: Clock) -> None:
    for _ in range(11):
        put(orders, b"x" * (MIB - 4))
        clock.advance(seconds=1)

    answer = orders.get_records(ShardIterator=iterator(orders))
    assert len(answer["Records"]) == 10
    clock.advance(seconds=5)
    rest = orders.get_records(ShardIterator=answer["NextShardIterator"])
    assert len(rest["Records"]) == 1


@pytest.mark.mends
def test_a_slow_reader_sees_how_far_behind_it_is(orders: Any, clock: Clock) -> None:
    for data in (b"one", b"two"):
        put(orders, data)
        clock.advance(seconds=30)

    answer = orders.get_records(ShardIterator=iterator(orders), Limit=1)
    assert answer["MillisBehindLatest"] == 60_000
    rest = orders.get_records(ShardIterator=answer["NextShardIterator"])
    assert rest["MillisBehindLatest"] == 0


# ---- how long ----


@pytest.mark.mends
def test_a_record_expires_after_a_day(orders: Any, clock: Clock) -> None:
    put(orders, b"one")
    clock.advance(seconds=int(fact("kinesis.retention_default_s")) - 1)
    assert read(orders) == [b"one"]

    clock.advance(seconds=1)
    assert read(orders) == []


@pytest.mark.mends
def test_a_longer_retention_brings_nothing_back(orders: Any, clock: Clock) -> None:
    put(orders, b"lost")
    clock.advance(hours=24)
    put(orders, b"kept")
    orders.increase_stream_retention_period(StreamName="orders", RetentionPeriodHours=48)
    clock.advance(hours=30)

    assert read(orders) == [b"kept"]


@pytest.mark.mends
def test_a_shorter_retention_hides_old_records(orders: Any, clock: Clock) -> None:
    orders.increase_stream_retention_period(StreamName="orders", RetentionPeriodHours=48)
    put(orders, b"old")
    clock.advance(hours=30)
    assert read(orders) == [b"old"]

    orders.decrease_stream_retention_period(StreamName="orders", RetentionPeriodHours=24)
    assert read(orders) == []


@pytest.mark.right
def test_the_retention_has_its_range(orders: Any, refusal: Refusal) -> None:
    most = int(fact("kinesis.retention_max_s")) // SECONDS_PER_HOUR

    said = refusal(
        orders.increase_stream_retention_period, StreamName="orders", RetentionPeriodHours=most + 1
    )
    assert said == (
        f"InvalidArgumentException: Maximum allowed retention period is {most} hours. Requested "
        f"retention period ({most + 1} hours) is too long."
    )
    said = refusal(
        orders.decrease_stream_retention_period, StreamName="orders", RetentionPeriodHours=23
    )
    assert said.startswith("InvalidArgumentException: Minimum allowed retention period is 24 hours")


@pytest.mark.mends
def test_a_closed_shard_goes_with_its_records(orders: Any, clock: Clock, refusal: Refusal) -> None:
    put(orders, b"one")
    orders.split_shard(StreamName="orders", ShardToSplit=FIRST, NewStartingHashKey=str(1 << 126))
    clock.advance(seconds=20)
    ids = [one["ShardId"] for one in orders.list_shards(StreamName="orders")["Shards"]]
    assert FIRST in ids

    clock.advance(hours=24)
    ids = [one["ShardId"] for one in orders.list_shards(StreamName="orders")["Shards"]]
    assert FIRST not in ids
    assert refusal(read, kinesis=orders) == (
        f"ResourceNotFoundException: Shard {FIRST} in stream orders under account 123456789012 "
        "does not exist"
    )
