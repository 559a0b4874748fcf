"""Tables and their states, items that run out, streams that tell of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.facts import fact
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock

Refusal = Callable[..., str]
INVALID = "ValidationException: One or more parameter values were invalid: "
SEAT = {"seat": {"S": "A1"}}
UNITS = {"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}
ON_DEMAND = {"BillingMode": "PAY_PER_REQUEST"}


def create(dynamodb: Any, keys: str = "seat", more: str = "", **parameters: Any) -> Any:
    """A table whose key attributes, all text, are given as words; more for its indexes."""
    schema = [
        {"AttributeName": name, "KeyType": kind}
        for name, kind in zip(keys.split(), ("HASH", "RANGE"), strict=False)
    ]
    billing = {} if "ProvisionedThroughput" in parameters else ON_DEMAND
    return dynamodb.create_table(
        TableName="seats",
        KeySchema=schema,
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in (keys + " " + more).split()
        ],
        **(billing | parameters),
    )["TableDescription"]


def index(name: str, *keys: str, **parameters: Any) -> dict[str, Any]:
    return {
        "IndexName": name,
        "KeySchema": [
            {"AttributeName": key, "KeyType": kind}
            for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
        ],
        "Projection": {"ProjectionType": "ALL"},
        **parameters,
    }


def table(dynamodb: Any) -> Any:
    return dynamodb.describe_table(TableName="seats")["Table"]


@pytest.fixture
def seats(dynamodb: Any, clock: Clock) -> Any:
    """An active table, on demand, with a stream of both images, through a client."""
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    create(dynamodb, StreamSpecification=stream)
    clock.advance(seconds=20)
    return dynamodb


def records(sandbox: Sandbox, seats: Any) -> list[Any]:
    """All records of the table's stream."""
    streams, arn = sandbox.client("dynamodbstreams"), table(seats)["LatestStreamArn"]
    [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    return list(streams.get_records(ShardIterator=iterator)["Records"])


# ---- states ----


@pytest.mark.mends
def test_a_new_table_is_creating_first(dynamodb: Any, clock: Clock) -> None:
    before = clock.now

    assert create(dynamodb)["TableStatus"] == "CREATING"
    assert table(dynamodb)["TableStatus"] == "CREATING"
    dynamodb.get_waiter("table_exists").wait(TableName="seats")
    assert table(dynamodb)["TableStatus"] == "ACTIVE"
    assert clock.now > before


@pytest.mark.mends
def test_a_table_is_used_once_it_is_active(dynamodb: Any, clock: Clock, refusal: Refusal) -> None:
    create(dynamodb)
    missing = "ResourceNotFoundException: Requested resource not found"

    assert refusal(dynamodb.put_item, TableName="seats", Item=SEAT) == missing
    batch = {"seats": {"Keys": [SEAT]}}
    assert refusal(dynamodb.batch_get_item, RequestItems=batch) == missing
    clock.advance(seconds=20)
    dynamodb.put_item(TableName="seats", Item=SEAT)


@pytest.mark.mends
def test_a_busy_table_cannot_be_changed(dynamodb: Any, clock: Clock, refusal: Refusal) -> None:
    create(dynamodb)
    busy = "ResourceInUseException: Attempt to change a resource which is still in use: "

    said = refusal(dynamodb.delete_table, TableName="seats")
    assert said == busy + "Table is being created: seats"
    clock.advance(seconds=20)
    dynamodb.update_table(TableName="seats", DeletionProtectionEnabled=False)
    said = refusal(dynamodb.update_table, TableName="seats", DeletionProtectionEnabled=True)
    assert said == busy + "Table is being updated: seats"


@pytest.mark.mends
def test_a_changed_table_is_updating_first(dynamodb: Any, clock: Clock, refusal: Refusal) -> None:
    create(dynamodb)
    clock.advance(seconds=20)
    dynamodb.update_table(
        TableName="seats",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("seat", "guest")
        ],
        GlobalSecondaryIndexUpdates=[{"Create": index("by-guest", "guest")}],
    )

    def status() -> tuple[str, str]:
        shown = table(dynamodb)
        return shown["TableStatus"], shown["GlobalSecondaryIndexes"][0]["IndexStatus"]

    assert status() == ("UPDATING", "CREATING")
    dynamodb.put_item(TableName="seats", Item=SEAT)
    clock.advance(seconds=20)
    assert status() == ("ACTIVE", "ACTIVE")


@pytest.mark.mends
def test_an_index_is_read_once_it_is_filled(dynamodb: Any, clock: Clock, refusal: Refusal) -> None:
    create(dynamodb)
    clock.advance(seconds=20)
    names = [{"AttributeName": name, "AttributeType": "S"} for name in ("seat", "guest")]
    dynamodb.update_table(
        TableName="seats",
        AttributeDefinitions=names,
        GlobalSecondaryIndexUpdates=[{"Create": index("by-guest", "guest")}],
    )

    said = refusal(dynamodb.scan, TableName="seats", IndexName="by-guest")

    assert said == (
        "ValidationException: Cannot read from backfilling global secondary index: by-guest"
    )
    clock.advance(seconds=20)
    assert dynamodb.scan(TableName="seats", IndexName="by-guest")["Items"] == []


@pytest.mark.mends
def test_a_deleted_table_is_deleting_first(seats: Any, refusal: Refusal) -> None:
    seats.delete_table(TableName="seats")

    assert table(seats)["TableStatus"] == "DELETING"
    assert refusal(create, dynamodb=seats) == (
        "ResourceInUseException: Table already exists: seats"
    )
    seats.get_waiter("table_not_exists").wait(TableName="seats")
    assert refusal(seats.describe_table, TableName="seats") == (
        "ResourceNotFoundException: Requested resource not found: Table: seats not found"
    )
    create(seats)


@pytest.mark.mends
def test_a_table_that_is_not_there_is_named(dynamodb: Any, refusal: Refusal) -> None:
    assert refusal(dynamodb.delete_table, TableName="seats") == (
        "ResourceNotFoundException: Requested resource not found: Table: seats not found"
    )


@pytest.mark.right
def test_a_table_is_created_once(dynamodb: Any, refusal: Refusal) -> None:
    """As recorded on AWS: test_create_duplicate_table."""
    create(dynamodb)

    assert refusal(create, dynamodb=dynamodb) == (
        "ResourceInUseException: Table already exists: seats"
    )


@pytest.mark.right
def test_a_protected_table_is_not_deleted(dynamodb: Any, clock: Clock, refusal: Refusal) -> None:
    create(dynamodb, DeletionProtectionEnabled=True)
    clock.advance(seconds=20)

    said = refusal(dynamodb.delete_table, TableName="seats")

    assert said.startswith("ValidationException: ")


def test_a_table_of_labkits_own_is_ready_at_once(sandbox: Sandbox, dynamodb: Any) -> None:
    with sandbox.quietly():
        create(dynamodb)
        dynamodb.put_item(TableName="seats", Item=SEAT)
        dynamodb.delete_table(TableName="seats")
        create(dynamodb)


def test_labkit_lays_a_table_afresh_while_it_is_busy(sandbox: Sandbox, dynamodb: Any) -> None:
    create(dynamodb)  # by a learner: it is CREATING now

    with sandbox.quietly():
        dynamodb.delete_table(TableName="seats")
        create(dynamodb)

    dynamodb.put_item(TableName="seats", Item=SEAT)


# ---- what a table may be ----


@pytest.mark.mends
def test_the_key_of_a_new_index_is_defined(seats: Any, refusal: Refusal) -> None:
    def add(*defined: str) -> dict[str, Any]:
        return {
            "TableName": "seats",
            "AttributeDefinitions": [
                {"AttributeName": name, "AttributeType": "S"} for name in defined
            ],
            "GlobalSecondaryIndexUpdates": [{"Create": index("by-guest", "guest", "seat")}],
        }

    words = refusal(seats.update_table, **add("price"))

    assert words == (
        f"{INVALID}Some index key attributes are not defined in AttributeDefinitions. "
        "Keys: [guest, seat], AttributeDefinitions: [price]"
    )
    seats.update_table(**add("guest"))


@pytest.mark.mends
def test_a_table_shows_what_it_has(dynamodb: Any) -> None:
    provisioned = create(dynamodb, **UNITS)

    assert "BillingModeSummary" not in provisioned
    assert "GlobalSecondaryIndexes" not in provisioned
    assert "LocalSecondaryIndexes" not in provisioned
    assert len(provisioned["TableId"]) == 36
    assert provisioned["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 0
    assert provisioned["DeletionProtectionEnabled"] is False


@pytest.mark.mends
def test_an_on_demand_table_has_no_provisioned_capacity(dynamodb: Any, refusal: Refusal) -> None:
    """As recorded on AWS: test_dynamodb_pay_per_request."""
    said = refusal(create, dynamodb=dynamodb, **UNITS, **ON_DEMAND)

    assert said == (
        INVALID + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
        "BillingMode is PAY_PER_REQUEST"
    )


@pytest.mark.mends
def test_a_table_has_a_limited_number_of_indexes(dynamodb: Any, refusal: Refusal) -> None:
    local, many = (int(fact(f"dynamodb.{kind}_indexes_max")) for kind in ("local", "global"))
    names = [f"guest{number}" for number in range(many + 1)]
    locals_ = [index(f"by-{name}", "play", name) for name in names[: local + 1]]
    globals_ = [index(f"by-{name}", name) for name in names]

    def said(more: list[str], **indexes: Any) -> str:
        return refusal(create, dynamodb=dynamodb, keys="play seat", more=" ".join(more), **indexes)

    assert str(local) in said(names[: local + 1], LocalSecondaryIndexes=locals_)
    assert str(many) in said(names, GlobalSecondaryIndexes=globals_)
    create(dynamodb, "play seat", " ".join(names[:local]), LocalSecondaryIndexes=locals_[:local])


@pytest.mark.mends
def test_a_local_index_has_the_partition_key_of_its_table(dynamodb: Any, refusal: Refusal) -> None:
    def said(keys: str, *of_index: str) -> str:
        return refusal(
            create,
            dynamodb=dynamodb,
            keys=keys,
            more="guest",
            LocalSecondaryIndexes=[index("by-guest", *of_index)],
        )

    assert said("seat", "seat", "guest").startswith(
        INVALID + "Table KeySchema does not have a range key"
    )
    assert said("play seat", "guest", "seat") == (
        INVALID + "Index KeySchema does not have the same leading hash key as table KeySchema for "
        "index: by-guest. index hash key: guest, table hash key: play"
    )


@pytest.mark.mends
def test_a_provisioned_index_has_its_own_capacity(dynamodb: Any, refusal: Refusal) -> None:
    indexes: dict[str, Any] = {"GlobalSecondaryIndexes": [index("by-guest", "guest")]}

    said = refusal(create, dynamodb=dynamodb, more="guest", **UNITS, **indexes)

    assert said.endswith("must be specified for index: by-guest")


@pytest.mark.mends
def test_a_change_of_capacity_changes_something(
    dynamodb: Any, clock: Clock, refusal: Refusal
) -> None:
    create(dynamodb, **UNITS)
    clock.advance(seconds=20)

    said = refusal(dynamodb.update_table, TableName="seats", **UNITS)

    assert said.startswith(
        "ValidationException: The provisioned throughput for the table will not change. The "
        "requested value equals the current value. Current ReadCapacityUnits provisioned for the "
        "table: 5. Requested ReadCapacityUnits: 5."
    )


# ---- time to live ----


def expire(seats: Any, **more: Any) -> None:
    seats.update_time_to_live(
        TableName="seats",
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "until", **more},
    )


def at(clock: Clock, hours: float) -> dict[str, str]:
    return {"N": str(int(clock.now.timestamp() + hours * 3600))}


@pytest.mark.mends
def test_an_item_whose_time_is_over_is_swept_away(seats: Any, clock: Clock) -> None:
    expire(seats)
    ages = {"soon": at(clock, 1), "later": at(clock, 1000), "long ago": at(clock, -60_000)}
    for name, until in (ages | {"text": {"S": "1"}, "none": None}).items():
        item = {"seat": {"S": name}} | ({"until": until} if until else {})
        seats.put_item(TableName="seats", Item=item)

    clock.advance(hours=1)
    assert seats.scan(TableName="seats")["Count"] == 5
    clock.advance(days=3)
    left = {item["seat"]["S"] for item in seats.scan(TableName="seats")["Items"]}
    assert left == {"later", "long ago", "text", "none"}
    clock.advance(days=60)
    assert seats.scan(TableName="seats")["Count"] == 3


@pytest.mark.mends
def test_the_stream_tells_who_swept_an_item_away(
    sandbox: Sandbox, seats: Any, clock: Clock
) -> None:
    expire(seats)
    seats.put_item(TableName="seats", Item=SEAT | {"until": at(clock, 1)})
    seats.put_item(TableName="seats", Item={"seat": {"S": "B2"}})
    clock.advance(hours=7)
    seats.delete_item(TableName="seats", Key={"seat": {"S": "B2"}})

    *_, swept, deleted = records(sandbox, seats)

    assert (swept["eventName"], deleted["eventName"]) == ("REMOVE", "REMOVE")
    assert swept["userIdentity"] == {
        "Type": "Service",
        "PrincipalId": "dynamodb.amazonaws.com",
    }
    assert swept["dynamodb"]["OldImage"]["seat"] == {"S": "A1"}
    assert "userIdentity" not in deleted


@pytest.mark.mends
def test_a_time_to_live_is_turned_on_once(seats: Any, refusal: Refusal) -> None:
    expire(seats)

    assert refusal(expire, seats=seats) == "ValidationException: TimeToLive is already enabled"
    expire(seats, Enabled=False)
    said = refusal(expire, seats=seats, Enabled=False)
    assert said == "ValidationException: TimeToLive is already disabled"


@pytest.mark.mends
def test_only_a_table_that_is_there_has_a_time_to_live(dynamodb: Any, refusal: Refusal) -> None:
    said = refusal(dynamodb.describe_time_to_live, TableName="seats")

    assert said == (
        "ResourceNotFoundException: Requested resource not found: Table: seats not found"
    )


# ---- streams ----


def sell(seats: Any, guest: str) -> None:
    seats.update_item(
        TableName="seats",
        Key=SEAT,
        UpdateExpression="SET guest = :guest",
        ExpressionAttributeValues={":guest": {"S": guest}},
    )


@pytest.mark.mends
def test_an_update_that_makes_an_item_is_one_record(sandbox: Sandbox, seats: Any) -> None:
    """As recorded on AWS: test_transact_write_items_streaming."""
    sell(seats, "ana")

    told = [(one["eventName"], one["dynamodb"]["NewImage"]) for one in records(sandbox, seats)]

    assert told == [("INSERT", SEAT | {"guest": {"S": "ana"}})]


@pytest.mark.mends
def test_a_write_that_changes_nothing_is_no_record(sandbox: Sandbox, seats: Any) -> None:
    for guest in ("ana", "ana", "ben"):
        sell(seats, guest)
    for _ in range(2):
        seats.put_item(TableName="seats", Item=SEAT | {"guest": {"S": "ben"}})

    names = [record["eventName"] for record in records(sandbox, seats)]

    assert names == ["INSERT", "MODIFY"]


@pytest.mark.mends
def test_a_stream_record_tells_its_size(sandbox: Sandbox, seats: Any) -> None:
    """As recorded on AWS: test_batch_write_items_streaming."""
    seats.put_item(TableName="seats", Item=SEAT)
    seats.put_item(TableName="seats", Item=SEAT | {"guest": {"S": "ana"}})

    first, second = records(sandbox, seats)

    assert first["dynamodb"]["SizeBytes"] == 12
    assert second["dynamodb"]["SizeBytes"] == 6 + 6 + 14
    assert first["eventVersion"] == "1.1"


@pytest.mark.mends
def test_a_stream_record_is_kept_for_a_day(sandbox: Sandbox, seats: Any, clock: Clock) -> None:
    seats.put_item(TableName="seats", Item=SEAT)
    clock.advance(hours=20)
    seats.put_item(TableName="seats", Item={"seat": {"S": "B2"}})
    clock.advance(seconds=int(fact("dynamodb.stream_retention_s")) - 20 * 3600)

    left = [record["dynamodb"]["Keys"]["seat"]["S"] for record in records(sandbox, seats)]

    assert left == ["B2"]


@pytest.mark.right
@pytest.mark.parametrize(
    ("view", "images"),
    [
        ("KEYS_ONLY", set()),
        ("NEW_IMAGE", {"NewImage"}),
        ("OLD_IMAGE", {"OldImage"}),
        ("NEW_AND_OLD_IMAGES", {"NewImage", "OldImage"}),
    ],
)
def test_a_stream_shows_what_it_was_set_up_for(
    sandbox: Sandbox, dynamodb: Any, clock: Clock, view: str, images: set[str]
) -> None:
    """As recorded on AWS: test_dynamodb_stream_stream_view_type."""
    create(dynamodb, StreamSpecification={"StreamEnabled": True, "StreamViewType": view})
    clock.advance(seconds=20)
    for guest in ("ana", "ben"):
        dynamodb.put_item(TableName="seats", Item=SEAT | {"guest": {"S": guest}})

    last = records(sandbox, dynamodb)[-1]

    assert last["eventName"] == "MODIFY"
    assert last["dynamodb"]["StreamViewType"] == view
    assert last["dynamodb"].keys() & {"NewImage", "OldImage"} == images
