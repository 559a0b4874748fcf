"""The five exercises of the lab on DynamoDB's capacity: given, asked, hinted at, solved."""

from __future__ import annotations

from typing import Any

from labkit.exercises.checks.dynamodb_capacity import (
    half_price,
    hot_key,
    jitter,
    leftovers,
    released,
)
from labkit.exercises.frame import Exercise, MakeClient
from labkit.exercises.ground import remove_table
from labkit.units import KIB


def _create(dynamodb: Any, table: str, *keys: str, units: int = 0, **more: Any) -> None:
    """A table with these keys, each a name and a type, ready; on demand without units."""
    remove_table(dynamodb, table)
    named = [key.split(":") for key in keys]
    billing: dict[str, Any] = {"BillingMode": "PAY_PER_REQUEST"}
    if units:
        both = {"ReadCapacityUnits": units, "WriteCapacityUnits": units}
        billing = {"ProvisionedThroughput": both}
    dynamodb.create_table(
        TableName=table,
        KeySchema=[
            {"AttributeName": name, "KeyType": kind}
            for (name, _), kind in zip(named, ("HASH", "RANGE"), strict=False)
        ],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": type_} for name, type_ in named
        ],
        **billing,
        **more,
    )


def _lay_half_price(client: MakeClient) -> None:
    dynamodb = client("dynamodb")
    _create(dynamodb, half_price.TABLE, "play:S", "number:N")
    for number in range(1, half_price.POSTERS + 1):
        poster = {
            "play": {"S": half_price.PLAY},
            "number": {"N": str(number)},
            "artwork": {"S": "h" * (half_price.SIZE_KIB * KIB - 40)},
        }
        dynamodb.put_item(TableName=half_price.TABLE, Item=poster)


HALF_PRICE = Exercise(
    id="half-price",
    title="The same posters for half the units",
    task=(
        f"All {half_price.POSTERS} posters have been read, whole, for {half_price.HALF_UNITS} read "
        "units at the most, and each answer says what it cost."
    ),
    given=f"the table `posters` with {half_price.POSTERS} posters of {half_price.SIZE_KIB} KB",
    lay=_lay_half_price,
    check=half_price.check,
    hints=(
        "What does each request promise that a wall of posters does not need?",
        "A read is eventually consistent unless you ask for more. One argument asks for more.",
        '`posters.get_item(Key=key, ReturnConsumedCapacity="TOTAL")`, without `ConsistentRead`.',
    ),
    solution="""\
posters = dynamodb.Table("posters")
read_units = 0
for number in range(1, 13):
    key = {"play": "hamlet", "number": number}
    answer = posters.get_item(Key=key, ReturnConsumedCapacity="TOTAL")
    read_units += answer["ConsumedCapacity"]["CapacityUnits"]
print(read_units, "read units")
""",
    claims=("ddbt-rcu", "ddbt-larger"),
)


def _lay_leftovers(client: MakeClient) -> None:
    _create(client("dynamodb"), leftovers.TABLE, "order:N", units=leftovers.CAPACITY)


LEFTOVERS = Exercise(
    id="leftovers",
    title="What a batch hands back",
    task=(
        f"All {len(leftovers.NUMBERS)} orders are in `orders`, each was written once, and the "
        "table is as it was."
    ),
    given=f"the table `orders` with {leftovers.CAPACITY} units a second, empty",
    lay=_lay_leftovers,
    check=leftovers.check,
    hints=(
        "The call has succeeded, and most orders are missing. Where does the answer say so?",
        "`UnprocessedItems` has the very form of `RequestItems`: you can send it as it is. Let "
        "time pass before, since no capacity has come meanwhile.",
        '`dynamodb.batch_write_item(RequestItems=left)["UnprocessedItems"]` is what is left next: '
        "in a loop, `while left:`, with `lab.clock.advance(seconds=1)` before each further call.",
    ),
    solution="""\
batch = [{"PutRequest": {"Item": {"order": n}}} for n in range(3001, 3026)]
left = {"orders": batch}
wait_s = 1
while left:
    left = dynamodb.batch_write_item(RequestItems=left)["UnprocessedItems"]
    print(len(left.get("orders", [])), "left")
    if left:
        lab.clock.advance(seconds=random.uniform(0, wait_s))
        wait_s = min(20, 2 * wait_s)
""",
    claims=("ddbb-exception", "ddbb-no-sdk"),
)


def _lay_jitter(client: MakeClient) -> None:
    _create(client("dynamodb"), jitter.TABLE, "receipt:N", units=1)


JITTER = Exercise(
    id="jitter",
    title="A patience of your own",
    task=(
        f"All {len(jitter.NUMBERS)} receipts are in `receipts`. Between the attempts at one the "
        "waits grow, no two receipts wait just as long, and no wait is longer than "
        f"{jitter.LONGEST_S} s."
    ),
    given=f"the table `{jitter.TABLE}` with 1 unit a second, empty",
    lay=_lay_jitter,
    check=jitter.check,
    hints=(
        "Three things change from one attempt to the next: its number, the longest wait, the wait "
        "itself. Which follows from which?",
        "The longest wait doubles with each attempt up to a cap, and the wait is a random share of "
        "it, from 0 to all.",
        "`lab.clock.advance(seconds=random.uniform(0, min(20, 0.5 * 2**attempt)))`, after "
        "`except Full:`, in a loop over the attempts that ends with the first success.",
    ),
    solution="""\
full = impatient.meta.client.exceptions.ProvisionedThroughputExceededException


def save(receipt):
    for attempt in range(10):
        try:
            return receipts.put_item(Item=receipt)
        except full:
            longest_s = min(20, 0.5 * 2**attempt)
            lab.clock.advance(seconds=random.uniform(0, longest_s))
    raise RuntimeError(f"receipt {receipt['receipt']} found no capacity")


started = lab.clock.now
for number in range(4001, 4007):
    save({"receipt": number, "text": text})
print(lab.clock.since(started))
""",
    claims=("ddbb-backoff", "ddbb-no-sdk", "ddbb-exception"),
)


def _lay_hot_key(client: MakeClient) -> None:
    _create(client("dynamodb"), hot_key.TABLE, "night:S", "gate:N", units=hot_key.CAPACITY)


HOT_KEY = Exercise(
    id="hot-key",
    title="Throttled with capacity to spare",
    task=(
        "All twelve gates write their scans in the same second, and none is refused. The scans of "
        f"a night lie under {hot_key.KEYS_MAX} partition keys at the most, which begin with the "
        "night."
    ),
    given=f"the table `{hot_key.TABLE}` with {hot_key.CAPACITY:,} units a second, empty",
    lay=_lay_hot_key,
    check=hot_key.check,
    hints=(
        "The table has 4,000 units and needs 3,000. What has less than 3,000?",
        "All items have the same partition key, and so lie in one partition, which writes 1,000 "
        "units a second. Give the night several keys, and each gate one of them.",
        '`scans.put_item(Item={"night": f"2026-01-05#{gate % 4}", "gate": gate, "scans": seen})`',
    ),
    solution="""\
started = lab.clock.now
for gate in range(1, 13):
    night = f"2026-01-05#{gate % 4}"
    scans.put_item(Item={"night": night, "gate": gate, "scans": seen})
print(lab.clock.since(started))
""",
    claims=("ddbb-exception", "ddbt-partition"),
)


def _lay_released(client: MakeClient) -> None:
    from labkit.sandbox.sandbox import Sandbox

    dynamodb, clock = client("dynamodb"), Sandbox.current().clock
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    _create(dynamodb, released.RELEASED, "seat:S")
    _create(dynamodb, released.HOLDS, "seat:S", StreamSpecification=stream)
    of_time = {"Enabled": True, "AttributeName": "expires"}
    dynamodb.update_time_to_live(TableName=released.HOLDS, TimeToLiveSpecification=of_time)
    expires = int(clock.now.timestamp()) + released.HOLD_S
    for seat, guest, end in released.STORY:
        over = expires - 2 * released.HOLD_S if end == "is given back late" else expires
        hold = {"seat": {"S": seat}, "guest": {"S": guest}, "expires": {"N": str(over)}}
        dynamodb.put_item(TableName=released.HOLDS, Item=hold)
    for seat, _, end in released.STORY:
        if end != "expires":
            dynamodb.delete_item(TableName=released.HOLDS, Key={"seat": {"S": seat}})


RELEASED = Exercise(
    id="released",
    title="Free again",
    task=(
        f"The table `{released.RELEASED}` holds each seat whose hold in `{released.HOLDS}` "
        "expired, with its guest, and no other seat."
    ),
    given=(
        f"the table `{released.RELEASED}`, empty, and the table `{released.HOLDS}` with a stream, "
        "a time to live and a little history"
    ),
    lay=_lay_released,
    check=released.check,
    hints=(
        "Four holds were deleted, or will be. By whom?",
        "Of the records with the event REMOVE, some have a `userIdentity`. The guest stands in the "
        "old image.",
        '`for record in streams.get_records(ShardIterator=iterator)["Records"]`: if '
        '`record.get("userIdentity", {}).get("Type") == "Service"`, put `seat` and `guest` from '
        '`record["dynamodb"]["OldImage"]`, each with its `["S"]`.',
    ),
    solution="""\
print(lab.clock.advance(hours=7))
released = dynamodb.Table("released")
for record in records_of("carts"):
    by = record.get("userIdentity", {})
    if by.get("PrincipalId") == "dynamodb.amazonaws.com":
        old = record["dynamodb"]["OldImage"]
        seat = {"seat": old["seat"]["S"], "guest": old["guest"]["S"]}
        released.put_item(Item=seat)
        print(seat)
""",
    claims=("ttl-delete", "ddbst-definition", "ddbst-content"),
)

EXERCISES = (HALF_PRICE, LEFTOVERS, JITTER, HOT_KEY, RELEASED)
