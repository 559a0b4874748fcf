"""What can be written, asked and expressed, and what AWS says to the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from labkit.facts import fact
from labkit.fidelity.dynamodb import settings
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock

Refusal = Callable[..., str]
KEY = {"play": {"S": "hamlet"}, "seat": {"N": "1"}}
MISMATCH = "ValidationException: The provided key element does not match the schema"
INVALID = "ValidationException: One or more parameter values were invalid: "


@pytest.fixture
def seats(sandbox: Sandbox) -> Any:
    """An on-demand table with an index by guest, through a client."""
    client = sandbox.client("dynamodb")
    client.create_table(
        TableName="seats",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "play", "KeyType": "HASH"},
            {"AttributeName": "seat", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "play", "AttributeType": "S"},
            {"AttributeName": "seat", "AttributeType": "N"},
            {"AttributeName": "guest", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-guest",
                "KeySchema": [{"AttributeName": "guest", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
    )
    client.get_waiter("table_exists").wait(TableName="seats")
    return client


@pytest.fixture
def put(seats: Any) -> Callable[..., Any]:
    """Puts the seat with further attributes."""

    def put(more: dict[str, Any] | None = None, **parameters: Any) -> Any:
        return seats.put_item(TableName="seats", Item=KEY | (more or {}), **parameters)

    return put


def query(seats: Any, **parameters: Any) -> Any:
    asked = {
        "TableName": "seats",
        "KeyConditionExpression": "play = :play",
        "ExpressionAttributeValues": {":play": {"S": "hamlet"}},
    }
    return seats.query(**(asked | parameters))


def update(seats: Any, expression: str, **parameters: Any) -> Any:
    return seats.update_item(TableName="seats", Key=KEY, UpdateExpression=expression, **parameters)


# ---- keys ----


@pytest.mark.right
def test_an_item_must_have_its_key(seats: Any, refusal: Refusal) -> None:
    def said(**item: Any) -> str:
        return refusal(seats.put_item, TableName="seats", Item=item)

    assert said(play={"S": "hamlet"}) == INVALID + "Missing the key seat in the item"
    wrong_type = said(play={"N": "1"}, seat={"N": "1"})
    assert wrong_type == INVALID + "Type mismatch for key play expected: S actual: N"
    assert "empty string" in said(play={"S": ""}, seat={"N": "1"})


@pytest.mark.mends
def test_a_key_is_given_as_the_table_has_it(seats: Any, refusal: Refusal) -> None:
    wrong = ({"play": {"S": "hamlet"}}, KEY | {"row": {"S": "F"}}, KEY | {"seat": {"S": "1"}})

    for key in wrong:
        assert refusal(seats.get_item, TableName="seats", Key=key) == MISMATCH
        assert refusal(seats.delete_item, TableName="seats", Key=key) == MISMATCH
        said = refusal(seats.update_item, TableName="seats", Key=key, UpdateExpression="REMOVE x")
        assert said == MISMATCH


@pytest.mark.mends
def test_each_key_of_several_is_as_the_table_has_it(seats: Any, refusal: Refusal) -> None:
    half = {"play": {"S": "hamlet"}}

    said = refusal(seats.batch_get_item, RequestItems={"seats": {"Keys": [KEY, half]}})
    assert said == MISMATCH
    get = {"Get": {"TableName": "seats", "Key": half}}
    assert refusal(seats.transact_get_items, TransactItems=[get]) == MISMATCH


@pytest.mark.right
def test_a_key_cannot_be_updated(seats: Any, put: Any, refusal: Refusal) -> None:
    put()

    said = refusal(
        update,
        seats=seats,
        expression="SET seat = :n",
        ExpressionAttributeValues={":n": {"N": "2"}},
    )

    assert said == INVALID + "Cannot update attribute seat. This attribute is part of the key"


@pytest.mark.mends
def test_an_index_key_has_its_type(put: Any, refusal: Refusal) -> None:
    said = refusal(put, more={"guest": {"N": "7"}})

    assert said == (
        INVALID + "Type mismatch for Index Key guest Expected: S Actual: N IndexName: by-guest"
    )


# ---- values ----


@pytest.mark.mends
def test_an_item_has_its_largest_size(put: Any, refusal: Refusal) -> None:
    most = int(fact("dynamodb.item_max_bytes"))

    keys = len("playhamlet") + len("seat") + 2
    room = most - keys - len("note")

    said = refusal(put, more={"note": {"S": "x" * (room + 1)}})

    assert said == "ValidationException: Item size has exceeded the maximum allowed size"
    put({"note": {"S": "x" * room}})


@pytest.mark.mends
def test_a_set_holds_each_element_once(put: Any, refusal: Refusal) -> None:
    said = refusal(put, more={"guests": {"SS": ["ana", "ana"]}})

    assert said == INVALID + "Input collection [ana, ana] contains duplicates."
    put({"guests": {"SS": ["ana", "ben"]}})


@pytest.mark.mends
def test_a_number_has_a_limited_number_of_digits(put: Any, refusal: Refusal) -> None:
    most = int(fact("dynamodb.number_max_digits"))

    said = refusal(put, more={"prices": {"L": [{"N": "1" * (most + 1)}]}})

    assert said == (
        f"ValidationException: Attempting to store more than {most} significant digits in a Number"
    )
    put({"price": {"N": "1" * most + "000"}})


# ---- expressions ----


@pytest.mark.mends
def test_an_expression_has_its_form(put: Any, refusal: Refusal) -> None:
    def said(condition: str) -> str:
        return refusal(put, ConditionExpression=condition)

    invalid = "ValidationException: Invalid ConditionExpression: "
    assert said("") == invalid + "The expression can not be empty;"
    assert said("attribute_exists(guest").startswith(invalid + 'Syntax error; token: "<EOF>"')
    assert said("attribute_exists(guest))").startswith(invalid + 'Syntax error; token: ")"')
    assert said("sold_out(guest)") == invalid + "Invalid function name; function: sold_out"


@pytest.mark.mends
def test_a_reserved_word_needs_a_placeholder(seats: Any, put: Any, refusal: Refusal) -> None:
    put()

    def reserved(kind: str, word: str = "status") -> str:
        told = f"Attribute name is a reserved keyword; reserved keyword: {word}"
        return f"ValidationException: Invalid {kind}: {told}"

    value: dict[str, Any] = {"ExpressionAttributeValues": {":x": {"S": "free"}}}
    said = refusal(update, seats=seats, expression="SET status = :x", **value)
    assert said == reserved("UpdateExpression")
    said = refusal(put, ConditionExpression="status = :x", **value)
    assert said == reserved("ConditionExpression")
    said = refusal(seats.scan, TableName="seats", FilterExpression="status = :x", **value)
    assert said == reserved("FilterExpression")
    said = refusal(seats.scan, TableName="seats", ProjectionExpression="guest, name")
    assert said == reserved("ProjectionExpression", "name")
    update(seats, "SET #s = :x", ExpressionAttributeNames={"#s": "status"}, **value)


@pytest.mark.mends
def test_a_placeholder_must_be_defined(seats: Any, put: Any, refusal: Refusal) -> None:
    value = "An expression attribute value used in expression is not defined; attribute value: :x"
    name = (
        "An expression attribute name used in the document path is not defined; attribute name: #x"
    )

    said = refusal(put, ConditionExpression="guest = :x")
    assert said == f"ValidationException: Invalid ConditionExpression: {value}"
    said = refusal(put, ConditionExpression="attribute_exists(#x)")
    assert said == f"ValidationException: Invalid ConditionExpression: {name}"
    said = refusal(seats.scan, TableName="seats", FilterExpression="guest = :x")
    assert said == f"ValidationException: Invalid FilterExpression: {value}"
    said = refusal(seats.get_item, TableName="seats", Key=KEY, ProjectionExpression="#x")
    assert said == f"ValidationException: Invalid ProjectionExpression: {name}"


@pytest.mark.mends
def test_a_placeholder_must_be_used(seats: Any, put: Any, refusal: Refusal) -> None:
    unused = {"ExpressionAttributeValues": {":x": {"S": "ana"}}}

    said = refusal(put, ConditionExpression="attribute_exists(guest)", **unused)
    assert said.endswith(
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}"
    )
    assert refusal(put, **unused) == (
        "ValidationException: ExpressionAttributeValues can only be specified when using "
        "expressions"
    )
    said = refusal(query, seats=seats, ExpressionAttributeNames={"#x": "guest"})
    assert said.endswith("ExpressionAttributeNames unused in expressions: keys: {#x}")


@pytest.mark.right
def test_an_update_needs_what_it_refers_to(seats: Any, put: Any, refusal: Refusal) -> None:
    put()
    one: dict[str, Any] = {"ExpressionAttributeValues": {":one": {"N": "1"}}}

    said = refusal(update, seats=seats, expression="SET price = price + :one", **one)
    assert said.endswith("expression refers to an attribute that does not exist in the item")
    said = refusal(update, seats=seats, expression="SET guest.age = :one", **one)
    assert said.endswith("document path provided in the update expression is invalid for update")


# ---- conditions ----


@pytest.mark.right
def test_a_condition_that_fails_gives_back_the_item(seats: Any, put: Any) -> None:
    """As recorded on AWS: test_return_values_on_conditions_check_failure."""
    put({"guest": {"S": "ana"}})

    with pytest.raises(ClientError) as caught:
        put(
            {"guest": {"S": "ben"}},
            ConditionExpression="attribute_not_exists(seat)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == (
        "ConditionalCheckFailedException",
        "The conditional request failed",
    )
    assert caught.value.response["Item"] == KEY | {"guest": {"S": "ana"}}
    held = seats.get_item(TableName="seats", Key=KEY)["Item"]
    assert held["guest"] == {"S": "ana"}


@pytest.mark.right
def test_a_write_returns_what_was_asked_for(seats: Any, put: Any) -> None:
    put({"guest": {"S": "ana"}})
    ben: dict[str, Any] = {"ExpressionAttributeValues": {":guest": {"S": "ben"}}}

    changed = update(seats, "SET guest = :guest", ReturnValues="UPDATED_NEW", **ben)
    before = put(ReturnValues="ALL_OLD")

    assert changed["Attributes"] == {"guest": {"S": "ben"}}
    assert before["Attributes"] == KEY | {"guest": {"S": "ben"}}


# ---- transactions and batches ----


def puts(*numbers: int, **parameters: Any) -> list[dict[str, Any]]:
    return [
        {"Put": {"TableName": "seats", "Item": KEY | {"seat": {"N": str(number)}}, **parameters}}
        for number in numbers
    ]


@pytest.mark.right
def test_a_cancelled_transaction_gives_reasons(seats: Any, put: Any) -> None:
    """As recorded on AWS: test_transaction_write_canceled."""
    put()
    free = {"ConditionExpression": "attribute_not_exists(seat)"}

    with pytest.raises(ClientError) as caught:
        seats.transact_write_items(TransactItems=[*puts(1, **free), *puts(2)])

    assert str(caught.value) == (
        "An error occurred (TransactionCanceledException) when calling the TransactWriteItems "
        "operation: Transaction cancelled, please refer cancellation reasons for specific reasons "
        "[ConditionalCheckFailed, None]"
    )
    codes = [reason["Code"] for reason in caught.value.response["CancellationReasons"]]
    assert codes == ["ConditionalCheckFailed", "None"]
    assert seats.scan(TableName="seats")["Count"] == 1


@pytest.mark.right
def test_a_transaction_touches_an_item_once(seats: Any, refusal: Refusal) -> None:
    said = refusal(seats.transact_write_items, TransactItems=puts(1, 1))

    assert said == (
        "ValidationException: Transaction request cannot include multiple operations on one item"
    )


@pytest.mark.mends
def test_a_transaction_has_a_limited_number_of_items(seats: Any, refusal: Refusal) -> None:
    most = int(fact("dynamodb.transaction_max_items"))
    gets = [{"Get": {"TableName": "seats", "Key": KEY}}]
    too_many = f"Member must have length less than or equal to {most}"

    seats.transact_write_items(TransactItems=puts(*range(most)))
    assert len(seats.transact_get_items(TransactItems=gets * most)["Responses"]) == most
    assert too_many in refusal(seats.transact_get_items, TransactItems=gets * (most + 1))
    assert too_many in refusal(seats.transact_write_items, TransactItems=puts(*range(most + 1)))


def sold(seats: Any) -> int:
    item = seats.get_item(TableName="seats", Key=KEY, ConsistentRead=True)["Item"]
    return int(item["sold"]["N"])


def one_more() -> list[dict[str, Any]]:
    return [
        {
            "Update": {
                "TableName": "seats",
                "Key": KEY,
                "UpdateExpression": "ADD sold :one",
                "ExpressionAttributeValues": {":one": {"N": "1"}},
            }
        }
    ]


@pytest.mark.mends
def test_a_transaction_with_the_same_token_is_done_once(seats: Any, clock: Clock) -> None:
    for _ in range(3):
        seats.transact_write_items(TransactItems=one_more(), ClientRequestToken="order-7")
    assert sold(seats) == 1

    seats.transact_write_items(TransactItems=one_more(), ClientRequestToken="order-8")
    assert sold(seats) == 2
    clock.advance(seconds=int(fact("dynamodb.transaction_token_s")))
    seats.transact_write_items(TransactItems=one_more(), ClientRequestToken="order-7")
    assert sold(seats) == 3


@pytest.mark.mends
def test_a_token_is_for_one_transaction(seats: Any, refusal: Refusal) -> None:
    seats.transact_write_items(TransactItems=one_more(), ClientRequestToken="order-7")

    said = refusal(seats.transact_write_items, TransactItems=puts(2), ClientRequestToken="order-7")

    assert said.startswith("IdempotentParameterMismatchException: ")


@pytest.mark.mends
def test_a_batch_writes_a_limited_number_of_items(seats: Any, refusal: Refusal) -> None:
    most = int(fact("dynamodb.batch_write_max_items"))
    items = [{"PutRequest": {"Item": put["Put"]["Item"]}} for put in puts(*range(most + 1))]

    said = refusal(seats.batch_write_item, RequestItems={"seats": items})

    assert said == "ValidationException: Too many items requested for the BatchWriteItem call"
    seats.batch_write_item(RequestItems={"seats": items[:-1]})
    assert seats.scan(TableName="seats")["Count"] == most


@pytest.mark.mends
def test_a_batch_names_each_item_once_by_its_key(seats: Any, refusal: Refusal) -> None:
    """As recorded on AWS: test_batch_write_not_matching_schema."""

    def said(*requests: Any) -> str:
        return refusal(seats.batch_write_item, RequestItems={"seats": [*requests]})

    good = {"PutRequest": {"Item": KEY}}
    assert said(good, {"PutRequest": {"Item": {"name": {"S": "ana"}}}}) == MISMATCH
    assert said(good, {"DeleteRequest": {"Key": {"play": {"S": "lear"}}}}) == MISMATCH
    twice = "ValidationException: Provided list of item keys contains duplicates"
    assert said(good, {"DeleteRequest": {"Key": KEY}}) == twice
    assert seats.scan(TableName="seats")["Count"] == 0


@pytest.mark.right
def test_a_batch_reads_a_limited_number_of_items(seats: Any, refusal: Refusal) -> None:
    most = int(fact("dynamodb.batch_get_max_items"))
    keys = [KEY | {"seat": {"N": str(number)}} for number in range(most + 1)]

    said = refusal(seats.batch_get_item, RequestItems={"seats": {"Keys": keys}})

    assert f"less than or equal to {most}" in said
    said = refusal(seats.batch_get_item, RequestItems={"seats": {"Keys": [KEY, KEY]}})
    assert said == "ValidationException: Provided list of item keys contains duplicates"


# ---- queries and scans ----


@pytest.mark.right
def test_a_query_names_one_partition(seats: Any, refusal: Refusal) -> None:
    said = refusal(
        query,
        seats=seats,
        KeyConditionExpression="seat = :n",
        ExpressionAttributeValues={":n": {"N": "1"}},
    )

    assert said == "ValidationException: Query condition missed key schema element: play"
    said = refusal(query, seats=seats, KeyConditionExpression="play > :play")
    assert said == "ValidationException: Query key condition not supported"


@pytest.mark.mends
def test_a_query_needs_a_key_condition(seats: Any, refusal: Refusal) -> None:
    assert refusal(seats.query, TableName="seats") == (
        "ValidationException: Either the KeyConditions or KeyConditionExpression parameter must be "
        "specified in the request."
    )


@pytest.mark.mends
def test_a_key_condition_has_the_type_of_the_key(seats: Any, refusal: Refusal) -> None:
    said = refusal(query, seats=seats, ExpressionAttributeValues={":play": {"N": "1"}})

    assert said == INVALID + "Condition parameter type does not match schema type"


@pytest.mark.mends
def test_a_filter_cannot_look_at_the_key(seats: Any, refusal: Refusal) -> None:
    said = refusal(query, seats=seats, FilterExpression="attribute_exists(seat)")

    assert said == (
        "ValidationException: Filter Expression can only contain non-primary key attributes: "
        "Primary key attribute: seat"
    )
    query(seats, FilterExpression="attribute_exists(guest)")


@pytest.mark.mends
def test_a_page_starts_at_a_whole_key(seats: Any, put: Any, refusal: Refusal) -> None:
    put()

    said = refusal(query, seats=seats, ExclusiveStartKey={"play": {"S": "hamlet"}})

    assert said == "ValidationException: The provided starting key is invalid"
    assert query(seats, ExclusiveStartKey=KEY)["Items"] == []


@pytest.mark.mends
def test_an_index_that_is_not_there_is_named(seats: Any, refusal: Refusal) -> None:
    said = refusal(query, seats=seats, IndexName="by-price")

    assert said == "ValidationException: The table does not have the specified index: by-price"


@pytest.mark.right
def test_a_global_index_is_eventually_consistent(seats: Any, refusal: Refusal) -> None:
    said = refusal(seats.scan, TableName="seats", IndexName="by-guest", ConsistentRead=True)

    assert said == (
        "ValidationException: Consistent reads are not supported on global secondary indexes"
    )


@pytest.mark.right
def test_an_index_holds_what_it_projects(seats: Any, put: Any) -> None:
    put({"guest": {"S": "ana"}, "price": {"N": "40"}})
    seats.put_item(TableName="seats", Item=KEY | {"seat": {"N": "2"}})

    found = seats.scan(TableName="seats", IndexName="by-guest")["Items"]

    assert found == [KEY | {"guest": {"S": "ana"}}]


@pytest.mark.mends
def test_a_global_index_gives_what_it_projects(seats: Any, put: Any, refusal: Refusal) -> None:
    put({"guest": {"S": "ana"}, "price": {"N": "40"}})
    index = {"TableName": "seats", "IndexName": "by-guest"}

    words = refusal(
        seats.scan,
        **index,
        ProjectionExpression="seat, price.net, #n",
        ExpressionAttributeNames={"#n": "note"},
    )

    assert words == f"{INVALID}Global secondary index by-guest does not project [price, note]"
    assert seats.scan(**index, ProjectionExpression="seat")["Items"] == [{"seat": KEY["seat"]}]


@pytest.mark.right
def test_a_page_is_one_megabyte(seats: Any) -> None:
    for number in range(6):
        item = KEY | {"seat": {"N": str(number)}, "note": {"S": "x" * 300_000}}
        seats.put_item(TableName="seats", Item=item)

    first = query(seats)
    second = query(seats, ExclusiveStartKey=first["LastEvaluatedKey"])

    assert (first["Count"], second["Count"]) == (3, 3)
    assert first["LastEvaluatedKey"] == KEY | {"seat": {"N": "2"}}


@pytest.mark.mends
def test_a_page_takes_what_fits_into_it(seats: Any) -> None:
    for number in range(20):
        item = KEY | {"seat": {"N": str(number)}, "note": {"S": "x" * 60_000}}
        seats.put_item(TableName="seats", Item=item)

    assert (query(seats)["Count"], seats.scan(TableName="seats")["Count"]) == (17, 17)


@pytest.mark.right
def test_a_limit_counts_before_the_filter(seats: Any) -> None:
    seats.transact_write_items(TransactItems=puts(*range(10)))

    answer = query(seats, Limit=4, FilterExpression="attribute_exists(guest)")

    assert (answer["Count"], answer["ScannedCount"]) == (0, 4)
    assert answer["LastEvaluatedKey"]["seat"] == {"N": "3"}


@pytest.mark.right
def test_a_scan_can_be_shared(seats: Any) -> None:
    for number in range(20):
        item = {"play": {"S": f"play {number}"}, "seat": {"N": "1"}}
        seats.put_item(TableName="seats", Item=item)

    shares = [
        seats.scan(TableName="seats", Segment=segment, TotalSegments=3)["Count"]
        for segment in range(3)
    ]

    assert sum(shares) == 20
    assert max(shares) < 20


# ---- replicas ----


def test_an_eventual_read_is_stale_for_as_long_as_replicas_lag(
    seats: Any, put: Any, clock: Clock
) -> None:
    settings.current().replica_lag_s = 5
    put({"guest": {"S": "ana"}})
    clock.advance(seconds=10)
    update(seats, "SET guest = :g", ExpressionAttributeValues={":g": {"S": "ben"}})

    def guests() -> tuple[Any, ...]:
        return tuple(
            answer["guest"]["S"]
            for strong in (False, True)
            for answer in (
                seats.get_item(TableName="seats", Key=KEY, ConsistentRead=strong)["Item"],
                query(seats, ConsistentRead=strong)["Items"][0],
                seats.scan(TableName="seats", ConsistentRead=strong)["Items"][0],
                seats.batch_get_item(
                    RequestItems={"seats": {"Keys": [KEY], "ConsistentRead": strong}}
                )["Responses"]["seats"][0],
            )
        )

    assert guests() == ("ana",) * 4 + ("ben",) * 4
    clock.advance(seconds=4)
    assert guests()[0] == "ana"
    clock.advance(seconds=1)
    assert guests() == ("ben",) * 8


def test_new_and_deleted_items_are_stale_too(seats: Any, put: Any, clock: Clock) -> None:
    settings.current().replica_lag_s = 5

    def there(*, strong: bool = False) -> bool:
        return "Item" in seats.get_item(TableName="seats", Key=KEY, ConsistentRead=strong)

    put()
    assert (there(), there(strong=True)) == (False, True)
    clock.advance(seconds=5)
    assert there()
    seats.delete_item(TableName="seats", Key=KEY)
    assert (there(), there(strong=True)) == (True, False)
    clock.advance(seconds=5)
    assert not there()


def test_a_new_sandbox_has_no_lag(sandbox: Sandbox, dynamodb: Any) -> None:
    settings.current().replica_lag_s = 5

    sandbox.close()

    assert settings.current().replica_lag_s == 0
