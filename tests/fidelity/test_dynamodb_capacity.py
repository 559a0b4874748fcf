"""What reading and writing costs, and what happens when there is no capacity left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from labkit.facts import fact
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from labkit.units import KIB

Refusal = Callable[..., str]
THROTTLED = "ProvisionedThroughputExceededException: The level of configured provisioned throughput"
TOTAL, INDEXES = {"ReturnConsumedCapacity": "TOTAL"}, {"ReturnConsumedCapacity": "INDEXES"}


def seat(number: int, play: str = "hamlet", **attributes: Any) -> dict[str, Any]:
    """A seat of a play; its attributes as DynamoDB writes them, text if they are text."""
    spelt = {
        name: {"S": value} if isinstance(value, str) else value
        for name, value in attributes.items()
    }
    return {"play": {"S": play}, "seat": {"N": str(number)}, **spelt}


def filled(size_bytes: int, number: int = 1, **attributes: Any) -> dict[str, Any]:
    """A seat that is so large: its keys take 16 bytes."""
    item = seat(number, note="", **attributes)
    used = sum(len(name) for name in item) + len("hamlet") + 2
    used += sum(len(value) for value in attributes.values())
    return item | {"note": {"S": "x" * (size_bytes - used)}}


def make(sandbox: Sandbox, **parameters: Any) -> None:
    """The table of seats, on demand unless a capacity is given, and ready."""
    names = {"play": "S", "seat": "N"} | parameters.pop("more", {})
    billing = (
        {"BillingMode": "PROVISIONED"}
        if "ProvisionedThroughput" in parameters
        else {"BillingMode": "PAY_PER_REQUEST"}
    )
    client = sandbox.client("dynamodb")
    client.create_table(
        TableName="seats",
        KeySchema=[
            {"AttributeName": "play", "KeyType": "HASH"},
            {"AttributeName": "seat", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind} for name, kind in names.items()
        ],
        **billing,
        **parameters,
    )
    client.get_waiter("table_exists").wait(TableName="seats")
    sandbox.clock.advance(seconds=10)


def by_guest(**parameters: Any) -> dict[str, Any]:
    """A global index by guest."""
    return {
        "IndexName": "by-guest",
        "KeySchema": [{"AttributeName": "guest", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
        **parameters,
    }


def units(read: int, write: int) -> dict[str, Any]:
    """Provisioned capacity."""
    return {"ProvisionedThroughput": {"ReadCapacityUnits": read, "WriteCapacityUnits": write}}


@pytest.fixture
def seats(sandbox: Sandbox) -> Any:
    """An on-demand table, through a client."""
    make(sandbox)
    return sandbox.client("dynamodb")


@pytest.fixture
def indexed(sandbox: Sandbox) -> Any:
    """The same with a global index by guest and a local one by price."""
    make(
        sandbox,
        more={"guest": "S", "price": "N"},
        GlobalSecondaryIndexes=[by_guest()],
        LocalSecondaryIndexes=[
            {
                "IndexName": "by-price",
                "KeySchema": [
                    {"AttributeName": "play", "KeyType": "HASH"},
                    {"AttributeName": "price", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    return sandbox.client("dynamodb")


@pytest.fixture
def once(sandbox: Sandbox) -> Any:
    """A client that does not try again."""
    return sandbox.session.client("dynamodb", config=Config(retries={"max_attempts": 0}))


def cost(answer: Any) -> float:
    return float(answer["ConsumedCapacity"]["CapacityUnits"])


# ---- what it costs ----


@pytest.mark.mends
def test_a_write_costs_by_the_larger_item(seats: Any) -> None:
    def put(size: int) -> float:
        return cost(seats.put_item(TableName="seats", Item=filled(size), **TOTAL))

    assert put(KIB) == 1
    assert put(KIB + 1) == 2
    assert put(4 * KIB) == 4
    assert put(100) == 4
    assert put(100) == 1


@pytest.mark.mends
def test_a_read_costs_by_the_size_of_the_item(seats: Any) -> None:
    def get(size: int, *, strong: bool) -> float:
        seats.put_item(TableName="seats", Item=filled(size))
        asked = {"Key": seat(1), "ConsistentRead": strong, "ProjectionExpression": "seat"}
        return cost(seats.get_item(TableName="seats", **asked, **TOTAL))

    assert get(4 * KIB, strong=True) == 1
    assert get(4 * KIB, strong=False) == 0.5
    assert get(4 * KIB + 1, strong=True) == 2
    assert get(12 * KIB, strong=False) == 1.5
    nobody = seats.get_item(TableName="seats", Key=seat(9), ConsistentRead=True, **TOTAL)
    assert cost(nobody) == 1


@pytest.mark.mends
def test_a_deletion_costs_by_the_item(seats: Any) -> None:
    seats.put_item(TableName="seats", Item=filled(3 * KIB))

    first, again = (
        cost(seats.delete_item(TableName="seats", Key=seat(1), **TOTAL)) for _ in range(2)
    )

    assert (first, again) == (3, 1)


@pytest.mark.mends
def test_a_condition_that_fails_costs(sandbox: Sandbox, once: Any, clock: Clock) -> None:
    make(sandbox, **units(1, 1))
    writes_until_throttled(once)
    clock.advance(seconds=25)
    once.put_item(TableName="seats", Item=filled(10 * KIB, 5000))

    with pytest.raises(ClientError, match="conditional"):
        once.put_item(
            TableName="seats", Item=seat(5000), ConditionExpression="attribute_not_exists(seat)"
        )

    assert writes_until_throttled(once) == 5


@pytest.mark.mends
def test_an_update_costs_by_the_whole_item(seats: Any) -> None:
    seats.put_item(TableName="seats", Item=filled(2 * KIB))

    answer = seats.update_item(
        TableName="seats",
        Key=seat(1),
        UpdateExpression="SET sold = :sold",
        ExpressionAttributeValues={":sold": {"BOOL": True}},
        **TOTAL,
    )

    assert cost(answer) == 3


@pytest.mark.mends
def test_a_query_costs_by_what_it_reads(seats: Any) -> None:
    for number in range(8):
        seats.put_item(TableName="seats", Item=filled(KIB, number))
    asked: dict[str, Any] = {
        "TableName": "seats",
        "KeyConditionExpression": "play = :play",
        "FilterExpression": "attribute_exists(sold)",
        "ExpressionAttributeValues": {":play": {"S": "hamlet"}},
        **TOTAL,
    }

    eventual, strong = seats.query(**asked), seats.query(**asked, ConsistentRead=True)

    assert (eventual["Count"], eventual["ScannedCount"]) == (0, 8)
    assert (cost(eventual), cost(strong)) == (1, 2)
    nothing = asked | {"ExpressionAttributeValues": {":play": {"S": "lear"}}}
    assert cost(seats.query(**nothing)) == 0.5


@pytest.mark.mends
def test_a_local_index_fetches_what_it_does_not_hold(sandbox: Sandbox) -> None:
    make(
        sandbox,
        more={"price": "N"},
        LocalSecondaryIndexes=[
            {
                "IndexName": "by-price",
                "KeySchema": [
                    {"AttributeName": "play", "KeyType": "HASH"},
                    {"AttributeName": "price", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
    )
    seats = sandbox.client("dynamodb")
    stored = [seat(n, price={"N": str(9 - n)}, note="x" * 5000) for n in (1, 2)]
    for item in stored:
        seats.put_item(TableName="seats", Item=item)

    def asked(**parameters: Any) -> tuple[Any, Any]:
        answer = seats.query(
            TableName="seats",
            IndexName="by-price",
            KeyConditionExpression="play = :p",
            ExpressionAttributeValues={":p": {"S": "hamlet"}},
            ConsistentRead=True,
            **parameters,
            **INDEXES,
        )
        used = answer["ConsumedCapacity"]
        return answer["Items"], (
            used["LocalSecondaryIndexes"]["by-price"]["CapacityUnits"],
            used["Table"]["CapacityUnits"],
        )

    keys = [{name: item[name] for name in ("play", "seat", "price")} for item in stored]
    assert asked() == (keys[::-1], (1, 0))
    assert asked(Select="ALL_ATTRIBUTES") == (stored[::-1], (1, 4))
    assert asked(ProjectionExpression="note") == ([{"note": stored[0]["note"]}] * 2, (1, 4))
    assert asked(ProjectionExpression="price") == (
        [{"price": k["price"]} for k in keys[::-1]],
        (1, 0),
    )


@pytest.mark.mends
def test_a_scan_costs_by_what_it_reads(seats: Any) -> None:
    for number in range(8):
        seats.put_item(TableName="seats", Item=filled(2 * KIB, number))

    answer = seats.scan(TableName="seats", Limit=6, **TOTAL)
    filtered = seats.scan(
        TableName="seats", FilterExpression="attribute_exists(sold)", Select="COUNT", **TOTAL
    )

    assert cost(answer) == 1.5
    assert (filtered["Count"], filtered["ScannedCount"], cost(filtered)) == (0, 8, 2)


@pytest.mark.mends
def test_a_transaction_costs_double(seats: Any) -> None:
    writes = [{"Put": {"TableName": "seats", "Item": filled(3 * KIB, n)}} for n in (1, 2)]
    reads = [{"Get": {"TableName": "seats", "Key": seat(n)}} for n in (1, 2)]

    written = seats.transact_write_items(TransactItems=writes, **TOTAL)["ConsumedCapacity"]
    read = seats.transact_get_items(TransactItems=reads, **TOTAL)["ConsumedCapacity"]

    assert written == [{"TableName": "seats", "CapacityUnits": 12, "WriteCapacityUnits": 12}]
    assert read == [{"TableName": "seats", "CapacityUnits": 4, "ReadCapacityUnits": 4}]


@pytest.mark.mends
def test_each_index_is_reported_by_its_name(indexed: Any) -> None:
    item = filled(2 * KIB - 50, guest="ana", price={"N": "40"})

    consumed = indexed.put_item(TableName="seats", Item=item, **INDEXES)["ConsumedCapacity"]

    assert consumed == {
        "TableName": "seats",
        "CapacityUnits": 5,
        "Table": {"CapacityUnits": 2},
        "GlobalSecondaryIndexes": {"by-guest": {"CapacityUnits": 1}},
        "LocalSecondaryIndexes": {"by-price": {"CapacityUnits": 2}},
    }
    read = indexed.query(
        TableName="seats",
        IndexName="by-guest",
        KeyConditionExpression="guest = :guest",
        ExpressionAttributeValues={":guest": {"S": "ana"}},
        **INDEXES,
    )["ConsumedCapacity"]
    assert read["Table"] == {"CapacityUnits": 0}
    assert read["GlobalSecondaryIndexes"] == {"by-guest": {"CapacityUnits": 0.5}}


@pytest.mark.mends
def test_an_index_entry_that_moves_costs_two_writes(indexed: Any) -> None:
    def put(**attributes: Any) -> float:
        answer = indexed.put_item(TableName="seats", Item=seat(1, **attributes), **INDEXES)
        of_indexes = answer["ConsumedCapacity"].get("GlobalSecondaryIndexes", {})
        return float(of_indexes.get("by-guest", {}).get("CapacityUnits", 0))

    assert put() == 0
    assert put(guest="ana") == 1
    assert put(guest="ana", note="aisle") == 0
    assert put(guest="ben") == 2
    assert put() == 1


@pytest.mark.mends
def test_a_batch_reports_each_table(seats: Any) -> None:
    puts = [{"PutRequest": {"Item": filled(2 * KIB, number)}} for number in range(3)]
    keys = [seat(number) for number in range(3)]

    written = seats.batch_write_item(RequestItems={"seats": puts}, **TOTAL)
    read = seats.batch_get_item(RequestItems={"seats": {"Keys": keys}}, **TOTAL)

    assert written["ConsumedCapacity"] == [{"TableName": "seats", "CapacityUnits": 6}]
    assert read["ConsumedCapacity"] == [{"TableName": "seats", "CapacityUnits": 1.5}]
    assert written["UnprocessedItems"] == read["UnprocessedKeys"] == {}


@pytest.mark.mends
def test_capacity_is_reported_only_if_asked_for(seats: Any) -> None:
    update = seats.update_item(
        TableName="seats",
        Key=seat(1),
        UpdateExpression="SET sold = :sold",
        ExpressionAttributeValues={":sold": {"BOOL": True}},
    )
    batch = seats.batch_write_item(RequestItems={"seats": [{"PutRequest": {"Item": seat(2)}}]})

    assert "ConsumedCapacity" not in update
    assert "ConsumedCapacity" not in batch


# ---- too little ----


def writes_until_throttled(client: Any, most: int = 1000) -> int:
    for number in range(most):
        try:
            client.put_item(TableName="seats", Item=seat(number))
        except client.exceptions.ProvisionedThroughputExceededException:
            return number
    return most


@pytest.mark.mends
def test_a_table_throttles_what_goes_beyond_its_capacity(
    sandbox: Sandbox, once: Any, clock: Clock, refusal: Refusal
) -> None:
    make(sandbox, **units(1, 2))
    writes_until_throttled(once)

    said = refusal(once.put_item, TableName="seats", Item=seat(1))

    assert said.startswith(THROTTLED + " for the table was exceeded.")
    clock.advance(seconds=3)
    assert writes_until_throttled(once) == 6
    once.get_item(TableName="seats", Key=seat(1))  # reading has a capacity of its own


@pytest.mark.mends
def test_unused_capacity_is_kept_for_five_minutes(
    sandbox: Sandbox, once: Any, clock: Clock
) -> None:
    make(sandbox, **units(1, 1))
    writes_until_throttled(once)

    clock.advance(seconds=60)
    assert writes_until_throttled(once) == 60
    clock.advance(hours=1)
    assert writes_until_throttled(once) == fact("dynamodb.burst_s")


def test_boto3_tries_again_and_finishes_for_certain(sandbox: Sandbox, clock: Clock) -> None:
    make(sandbox, **units(1, 1))
    client, before = sandbox.client("dynamodb"), clock.now

    for number in range(40):
        client.put_item(TableName="seats", Item=seat(number))

    assert client.scan(TableName="seats", Select="COUNT")["Count"] == 40
    assert (clock.now - before).total_seconds() > 10


@pytest.mark.mends
def test_boto3_tries_again_and_finishes(sandbox: Sandbox, clock: Clock) -> None:
    make(sandbox, **units(5, 1))
    client, mark = sandbox.client("dynamodb"), sandbox.calls.mark()

    for number in range(40):
        client.put_item(TableName="seats", Item=seat(number))

    codes = [call.error_code for call in sandbox.calls.since(mark)]
    assert "ProvisionedThroughputExceededException" in codes
    assert codes.count(None) == 40


@pytest.mark.mends
def test_an_index_without_capacity_throttles_its_table(
    sandbox: Sandbox, once: Any, refusal: Refusal
) -> None:
    index = by_guest(**units(1, 1))
    make(sandbox, more={"guest": "S"}, GlobalSecondaryIndexes=[index], **units(100, 100))

    def put(number: int) -> None:
        once.put_item(TableName="seats", Item=seat(number, guest="ana"))

    said = ""
    for number in range(100):
        try:
            put(number)
        except ClientError as throttled:
            said = str(throttled)
            break

    assert "one or more global secondary indexes of the table was exceeded" in said
    once.put_item(TableName="seats", Item=seat(200))


def until_throttled(call: Callable[[int], object], most: int = 100) -> tuple[int, dict[str, str]]:
    """How often a call goes through, and why not once more."""
    for number in range(most):
        try:
            call(number)
        except ClientError as throttled:
            response: Any = throttled.response
            [reason] = response["ThrottlingReasons"]
            return number, reason
    raise AssertionError(f"{most} calls went through")


@pytest.mark.mends
def test_a_throttled_request_says_what_ran_out(sandbox: Sandbox, once: Any) -> None:
    index = by_guest(**units(1, 1))
    make(sandbox, more={"guest": "S"}, GlobalSecondaryIndexes=[index], **units(1, 20))

    _, of_index = until_throttled(
        lambda number: once.put_item(TableName="seats", Item=seat(number, guest="ana"))
    )
    _, of_table = until_throttled(lambda _: once.get_item(TableName="seats", Key=seat(1)))

    table = "arn:aws:dynamodb:us-east-1:123456789012:table/seats"
    assert of_index == {
        "reason": "IndexWriteProvisionedThroughputExceeded",
        "resource": f"{table}/index/by-guest",
    }
    assert of_table == {
        "reason": "TableReadProvisionedThroughputExceeded",
        "resource": table,
    }


@pytest.mark.mends
def test_a_hot_key_is_throttled_while_its_table_has_capacity(
    sandbox: Sandbox, once: Any, clock: Clock
) -> None:
    make(sandbox, **units(10_000, 10_000))
    clock.advance(seconds=60)

    def put(number: int, play: str) -> None:
        item = filled(250 * KIB, number)
        once.put_item(TableName="seats", Item=item | seat(number, play))

    times, hot = until_throttled(lambda number: put(number, "hamlet"))

    assert times == fact("dynamodb.partition_write_units") // 250
    assert hot["reason"] == "TableWriteKeyRangeThroughputExceeded"
    put(9, "macbeth")
    once.get_item(TableName="seats", Key=seat(1))
    clock.advance(seconds=1)
    put(9, "hamlet")


def test_a_hot_key_is_read_so_often_and_no_more(sandbox: Sandbox, once: Any, clock: Clock) -> None:
    make(sandbox, **units(10_000, 10_000))
    clock.advance(seconds=60)
    for number in range(20):
        once.put_item(TableName="seats", Item=filled(40 * KIB, number))
    asked: dict[str, Any] = {
        "TableName": "seats",
        "KeyConditionExpression": "play = :play",
        "ExpressionAttributeValues": {":play": {"S": "hamlet"}},
        "ConsistentRead": True,
    }

    times, hot = until_throttled(lambda _: once.query(**asked))

    assert times == fact("dynamodb.partition_read_units") // 200
    assert hot["reason"] == "TableReadKeyRangeThroughputExceeded"
    once.scan(TableName="seats")


@pytest.mark.mends
def test_a_batch_hands_back_what_found_no_capacity(
    sandbox: Sandbox, once: Any, clock: Clock, refusal: Refusal
) -> None:
    make(sandbox, **units(1, 1))
    writes_until_throttled(once)
    clock.advance(seconds=4)
    batch = {"seats": [{"PutRequest": {"Item": seat(number)}} for number in range(10)]}

    left = once.batch_write_item(RequestItems=batch)["UnprocessedItems"]

    assert left == {"seats": batch["seats"][4:]}
    assert refusal(once.batch_write_item, RequestItems=left).startswith(THROTTLED)


@pytest.mark.mends
def test_a_batch_of_reads_hands_back_keys(
    sandbox: Sandbox, once: Any, clock: Clock, refusal: Refusal
) -> None:
    make(sandbox, **units(1, 100))
    keys = [seat(number) for number in range(60)]
    once.put_item(TableName="seats", Item=seat(0))

    left = once.batch_get_item(RequestItems={"seats": {"Keys": keys, "ConsistentRead": True}})

    assert left["Responses"]["seats"] == [seat(0)]
    handed_back = left["UnprocessedKeys"]["seats"]
    assert 0 < len(handed_back["Keys"]) < 60
    assert handed_back["ConsistentRead"] is True
    said = refusal(once.batch_get_item, RequestItems=left["UnprocessedKeys"])
    assert said.startswith(THROTTLED)


def test_a_throttled_transaction_is_cancelled(sandbox: Sandbox, once: Any, clock: Clock) -> None:
    make(sandbox, **units(1, 1))
    writes_until_throttled(once)
    clock.advance(seconds=2)
    writes = [{"Put": {"TableName": "seats", "Item": seat(n)}} for n in (900, 901)]

    with pytest.raises(ClientError) as caught:
        once.transact_write_items(TransactItems=writes)

    codes = [reason["Code"] for reason in caught.value.response["CancellationReasons"]]
    assert codes == ["None", "ProvisionedThroughputExceeded"]
    found = sandbox.client("dynamodb").get_item(TableName="seats", Key=seat(900))
    assert "Item" not in found


def test_what_labkit_does_by_itself_costs_nothing(sandbox: Sandbox, once: Any) -> None:
    make(sandbox, **units(1, 1))

    with sandbox.quietly():
        written = writes_until_throttled(once, most=400)

    assert written == 400
