"""Each exercise of the DynamoDB lab: what passes, what does not, and what a learner is told.

A wrong way has a name, the code that a learner would write, and words that only its own message
has. `try_to` lets AWS refuse a call, as it would in the learner's cell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.exercises import load
from labkit.exercises.frame import Incorrect, NotYet, Passed
from tests.labs.study import Study

EXERCISES = {exercise.id: exercise for exercise in load("dynamodb")}
# Cells that exercises lean on.
GIVEN = (
    "open",
    "tools",
    "create",
    "fill",
    "attempt",
    "query",
    "artwork",
    "cost-of",
    "local",
    "iam",
)

LATEST = 'orders.query(**orders_of("ana"), {})\n'
PAGES = """\
reprints = dynamodb.Table("reprints")
flawed, more = [], {{}}
while True:
    page = artwork.scan({how}, **more)
    flawed += page["Items"]
    if {stop}:
        break
    more = {{"ExclusiveStartKey": page["LastEvaluatedKey"]}}
for sheet in flawed:
    reprints.put_item(Item={{"play": sheet["play"], "sheet": sheet["sheet"]}})
"""
FLAW = 'FilterExpression="attribute_exists(flaw)"'
THE_END = '"LastEvaluatedKey" not in page'
INDEX = """\
index = {{
    "IndexName": "refunds",
    "KeySchema": key({keys}),
    "Projection": {projection},
}}
client.update_table(
    TableName="orders",
    AttributeDefinitions=texts({keys}),
    GlobalSecondaryIndexUpdates=[{{"Create": index}}],
)
"""
BOTH, ALL = '"refund", "asked_at"', '{"ProjectionType": "ALL"}'
WAIT = "orders.wait_until_exists()\n"
ASK = """\
orders.query(
    IndexName="refunds",
    KeyConditionExpression="{condition}",
    ExpressionAttributeValues={{":v": "{value}"}},
    {more}
)
"""
OPEN = {"condition": "refund = :v", "value": "open", "more": ""}
SELL = """\
def sell(seat, guest):
    seats.{call}


for guest in ("ana", "ben"):
    attempt(sell, seat="F7", guest=guest)
"""
UPDATE = (
    'update_item(Key={{"play": "aida", "seat": seat}}, UpdateExpression="SET guest = :g", '
    'ExpressionAttributeValues={{":g": guest}}, {condition})'
)
FREE = 'ConditionExpression="attribute_not_exists(guest)"'
READ_FIRST = """\
key_of = {{"play": "aida", "seat": "F7"}}
for guest in ("ana", "ben"):
    found = seats.get_item(Key=key_of, {how})["Item"]
    if "guest" not in found:
        seats.put_item(Item={{**found, "guest": guest}})
    {between}
"""
SWAP = """\
def hand_over(seat, giver, taker):
    return {{
        "Update": {{
            "TableName": "seats",
            "Key": {{"play": "aida", "seat": seat}},
            "UpdateExpression": "SET guest = :t",
            "ConditionExpression": {condition},
            "ExpressionAttributeValues": {{":t": taker, ":g": giver}},
        }}
    }}


def swap(seat, guest, other_seat, other_guest):
    parts = [hand_over(seat, guest, other_guest), hand_over(other_seat, other_guest, guest)]
    attempt(client.transact_write_items, TransactItems=parts)


{swaps}
"""
SWAPS = 'swap("F7", "ana", "B2", "ben")\nswap("F7", "ben", "C3", "cleo")\n'
IS_THE_GIVERS = '"guest = :g"'
BLIND_SWAP = """\
def hand_over(seat, taker):
    item = {"play": "aida", "seat": seat, "guest": taker}
    return {"Put": {"TableName": "seats", "Item": item}}


for seat, guest, other_seat, other_guest in [
    ("F7", "ana", "B2", "ben"), ("F7", "ben", "C3", "cleo")
]:
    parts = [hand_over(seat, other_guest), hand_over(other_seat, guest)]
    attempt(client.transact_write_items, TransactItems=parts)
"""
SINGLE_UPDATES = """\
def hand_over(seat, giver, taker):
    attempt(
        seats.update_item,
        Key={"play": "aida", "seat": seat},
        UpdateExpression="SET guest = :t",
        ConditionExpression="guest = :g",
        ExpressionAttributeValues={":t": taker, ":g": giver},
    )


def swap(seat, guest, other_seat, other_guest):
    hand_over(seat, guest, other_guest)
    hand_over(other_seat, other_guest, guest)


"""
READING = '["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"]'
MINE = '{"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:username}"]}}'
OWN = """\
own = {{
    "Effect": "Allow",
    "Action": {action},
    "Resource": "arn:aws:dynamodb:us-east-1:123456789012:table/orders",
    "Condition": {condition},
}}
iam.put_group_policy(
    GroupName="customers", PolicyName="own-orders", PolicyDocument=policy({statement})
)
"""


def latest(more: str) -> str:
    return LATEST.format(more)


def pages(how: str = FLAW, stop: str = THE_END) -> str:
    return PAGES.format(how=how, stop=stop)


def index(keys: str = BOTH, projection: str = ALL) -> str:
    return INDEX.format(keys=keys, projection=projection)


def ask(**changes: str) -> str:
    return ASK.format(**(OPEN | changes))


def sell(condition: str) -> str:
    return SELL.format(call=UPDATE.format(condition=condition))


def swap(condition: str = IS_THE_GIVERS, swaps: str = SWAPS) -> str:
    return SWAP.format(condition=condition, swaps=swaps)


def own(action: str = READING, condition: str = MINE, statement: str = "own") -> str:
    return OWN.format(action=action, condition=condition, statement=statement)


RIGHT = {
    "latest": {
        "with the older form of the condition": """\
from boto3.dynamodb.conditions import Key

orders.query(
    KeyConditionExpression=Key("customer").eq("ana"),
    ScanIndexForward=False,
    Limit=2,
    ProjectionExpression="placed_at, play",
)
""",
        "at the second try": latest("Limit=2") + latest("Limit=2, ScanIndexForward=False"),
    },
    "every-page": {
        "by a paginator": """\
reprints = dynamodb.Table("reprints")
paginate = client.get_paginator("scan").paginate
for page in paginate(TableName="artwork", FilterExpression="attribute_exists(flaw)"):
    for sheet in page["Items"]:
        reprints.put_item(Item={"play": sheet["play"], "sheet": sheet["sheet"]})
""",
        "play by play, by query": """\
with dynamodb.Table("reprints").batch_writer() as batch:
    for play in ("aida", "hamlet", "tosca", "carmen"):
        answer = artwork.query(
            KeyConditionExpression="play = :p",
            FilterExpression="attribute_exists(flaw)",
            ExpressionAttributeValues={":p": play},
        )
        for sheet in answer["Items"]:
            batch.put_item(Item={"play": sheet["play"], "sheet": sheet["sheet"]})
""",
        "in small pages": pages(FLAW + ", Limit=5"),
    },
    "refunds": {
        "with everything projected, after a query that came too early": index()
        + f"try:\n    {ask().strip()}\nexcept client.exceptions.ClientError:\n    pass\n"
        + WAIT
        + ask(),
        "after a first index that held too little": index(
            projection='{"ProjectionType": "KEYS_ONLY"}'
        )
        + WAIT
        + ask()
        + """\
client.update_table(
    TableName="orders", GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "refunds"}}]
)
lab.clock.advance(seconds=20)
"""
        + index()
        + WAIT
        + ask(),
    },
    "sold-twice": {
        "by a put of the whole item": """\
found = {"play": "aida", "seat": "F7", "price_eur": 40}
for guest in ("ana", "ben"):
    attempt(
        seats.put_item,
        Item={**found, "guest": guest},
        ConditionExpression="attribute_not_exists(guest)",
    )
""",
        "in a transaction of one": SELL.format(
            call='meta.client.transact_write_items(TransactItems=[{"Update": {'
            '"TableName": "seats", '
            '"Key": {"play": "aida", "seat": seat}, "UpdateExpression": "SET guest = :g", '
            '"ConditionExpression": "attribute_not_exists(guest)", '
            '"ExpressionAttributeValues": {":g": guest}}}])'
        ),
        "with a strong read before it": READ_FIRST.format(
            how="ConsistentRead=True", between="break"
        ).replace('seats.put_item(Item={**found, "guest": guest})', "pass")
        + sell(FREE),
    },
    "swap": {
        "by puts, in the other order": """\
def hand_over(seat, price_eur, giver, taker):
    return {
        "Put": {
            "TableName": "seats",
            "Item": {"play": "aida", "seat": seat, "price_eur": price_eur, "guest": taker},
            "ConditionExpression": "guest = :g",
            "ExpressionAttributeValues": {":g": giver},
        }
    }


for first, second in [
    (hand_over("B2", 60, "ben", "ana"), hand_over("F7", 40, "ana", "ben")),
    (hand_over("C3", 60, "cleo", "ben"), hand_over("F7", 40, "ben", "cleo")),
]:
    attempt(client.transact_write_items, TransactItems=[first, second])
""",
        "the refused one first": swap(
            swaps='swap("F7", "ben", "C3", "cleo")\nswap("F7", "ana", "B2", "ben")\n'
        ),
    },
    "own-orders": {
        "as a managed policy": own(statement="own").replace(
            'iam.put_group_policy(\n    GroupName="customers", PolicyName="own-orders", '
            "PolicyDocument=policy(own)\n)",
            """\
made = iam.create_policy(PolicyName="reads-own-orders", PolicyDocument=policy(own))
iam.attach_group_policy(GroupName="customers", PolicyArn=made["Policy"]["Arn"])
iam.delete_group_policy(GroupName="customers", PolicyName="own-orders")""",
        ),
        "and a key there must be": own(
            condition='{"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": '
            '["${aws:username}"]}, "Null": {"dynamodb:LeadingKeys": "false"}}'
        ),
    },
}

WRONG = {
    "latest": {
        "the whole list, cut in Python": (
            latest("ScanIndexForward=False"),
            "The query read all 4 orders of ana",
        ),
        "the limit alone": (latest("Limit=2"), "You got her two oldest orders"),
        "a scan": ("orders.scan(Limit=2)\n", "You scanned: 2 orders were read"),
        "a filter": (
            'orders.query(KeyConditionExpression="customer = :c", FilterExpression="play = :p", '
            'ExpressionAttributeValues={":c": "ana", ":p": "aida"})\n',
            "A filter left 2 of 4 orders",
        ),
        "newest, but one": (
            latest("ScanIndexForward=False, Limit=1"),
            "The query came back with 1 orders: 2026-01-05T08:12",
        ),
        "no key": (
            'orders.query(KeyConditionExpression="placed_at > :t", '
            'ExpressionAttributeValues={":t": "2026-01-04"})\n',
            "DynamoDB refused `Query`: Query condition missed key schema element",
        ),
    },
    "every-page": {
        "the first page": (pages(stop="True"), "You read the first page only"),
        "a higher limit": (pages(FLAW + ", Limit=1000", "True"), "It cannot make a page larger"),
        "up to the first empty page": (
            pages(stop='not page["Items"]'),
            "You stopped at a page without items",
        ),
        "the last page only": (
            pages().replace('flawed += page["Items"]', 'flawed = page["Items"]'),
            "some items of them were dropped",
        ),
        "without the filter": (
            pages("Limit=1000", "True"),
            "lists sheet 1 of aida, which has no flaw",
        ),
    },
    "refunds": {
        "a scan with a filter": (
            'orders.scan(FilterExpression="attribute_exists(refund)")\n',
            "A scan read 8 orders to find 3",
        ),
        "an index by customer": (
            index('"customer", "asked_at"') + WAIT + ask(condition="customer = :v", value="ana"),
            "The query came back with 1 orders",
        ),
        "no sort key": (
            index('"refund"') + WAIT + ask(),
            "The refunds came in this order: dan, ana, ben",
        ),
        "the newest first": (
            index() + WAIT + ask(more="ScanIndexForward=False"),
            "The refunds came in this order: ana, dan, ben",
        ),
        "only the keys": (
            index(projection='{"ProjectionType": "KEYS_ONLY"}') + WAIT + ask(),
            "came without their `total_eur`",
        ),
        "an index on what every order has, and a filter": (
            'for item in orders.scan()["Items"]:\n'
            '    orders.put_item(Item={**item, "shop": "berlin"})\n'
            + index('"shop", "placed_at"')
            + WAIT
            + ask(
                condition="shop = :v",
                value="berlin",
                more='FilterExpression="attribute_exists(refund)"',
            ),
            "The query read 8 entries and threw 5 away",
        ),
        "too early": (index() + ask(), "Cannot read from backfilling global secondary index"),
        "attributes that are not declared": (
            index().replace(f"texts({BOTH})", 'texts("refund")'),
            "DynamoDB refused `UpdateTable`",
        ),
    },
    "sold-twice": {
        "as it was": (READ_FIRST.format(how="", between=""), "`F7` was written 2 times, the last"),
        "a strong read": (
            READ_FIRST.format(how="ConsistentRead=True", between=""),
            "was sold once, after a strongly consistent read",
        ),
        "with time in between": (
            READ_FIRST.format(how="", between="lab.clock.advance(seconds=2)"),
            "It worked because enough time lay between",
        ),
        "the key must not exist": (
            sell('ConditionExpression="attribute_not_exists(seat)"'),
            "DynamoDB refused the first sale too",
        ),
        "the key must exist": (
            sell('ConditionExpression="attribute_exists(seat)"'),
            "each time under a condition",
        ),
        "a put of less than was there": (
            SELL.format(
                call='put_item(Item={"play": "aida", "seat": seat, "guest": guest}, ' + FREE + ")"
            ),
            "its price is gone",
        ),
        "a condition that is none": (
            sell('ConditionExpression="guest = null"'),
            "DynamoDB did not understand the write",
        ),
    },
    "swap": {
        "one by one": (
            SINGLE_UPDATES + SWAPS,
            "changed one by one: `F7` cleo, `B2` ana, `C3` dan",
        ),
        "in a batch": (
            """\
with seats.batch_writer() as batch:
    batch.put_item(Item={"play": "aida", "seat": "F7", "guest": "ben"})
    batch.put_item(Item={"play": "aida", "seat": "B2", "guest": "ana"})
""",
            "You wrote a batch",
        ),
        "a transaction that asks nothing": (BLIND_SWAP, "`C3` was dan's, and now it is ben's"),
        "a condition on the taker": (
            swap('"guest = :t AND guest <> :g"'),
            "Nothing was swapped; the last transaction was cancelled: ConditionalCheckFailed",
        ),
        "one seat twice": (
            swap(swaps='swap("F7", "ana", "F7", "ben")\n'),
            "cannot include multiple operations on one item",
        ),
        "swapped and back": (
            swap(
                swaps=SWAPS + 'swap("B2", "ana", "C3", "dan")\nswap("C3", "ana", "F7", "ben")\n'
                'swap("F7", "ana", "B2", "dan")\nswap("F7", "dan", "C3", "ben")\n'
                'swap("B2", "ana", "F7", "ben")\n'
            ),
            "The seats are: `F7` ana, `B2` ben, `C3` dan",
        ),
    },
    "own-orders": {
        "a Deny for the scan": (
            own(
                '"dynamodb:*"',
                statement='[own, {"Effect": "Deny", "Action": "dynamodb:Scan", "Resource": "*"}]',
            ),
            "`ana` may delete the table",
        ),
        "the scan left in": (
            own(READING.replace("]", ', "dynamodb:Scan"]')),
            "`ana` may scan the table",
        ),
        "one more way to read": (
            own(READING.replace("]", ', "dynamodb:PartiQL*"]')),
            "`ana` may read the table with SQL",
        ),
        "a name": (own(condition=MINE.replace("${aws:username}", "ana")), "`ben` may not get"),
        "two names, and not a third": (
            own(
                condition=MINE.replace('"${aws:username}"', '"ana"').replace(
                    '["ana"]', '["ana", "ben"]'
                )
            ),
            "`ana` may query orders of `ben`",
        ),
        "any value": (
            own(condition=MINE.replace("ForAllValues", "ForAnyValue")),
            "`ana` may get an order of `ben` beside her own",
        ),
        "a plain operator": (
            own(condition=MINE.replace("ForAllValues:", "")),
            "`ana` may not get their own orders",
        ),
        "with writing": (
            own(READING.replace("]", ', "dynamodb:PutItem"]')),
            "`ana` may write her own orders",
        ),
        "not a policy": (
            'iam.put_group_policy(GroupName="customers", PolicyName="own-orders", '
            'PolicyDocument=policy({"Effect": "Allow"}))\n',
            "IAM did not take the policy",
        ),
    },
}

ON_THE_WAY = {
    "latest": {"nothing asked": ("", "Nobody has asked `orders`")},
    "every-page": {"nothing listed": ("artwork.scan()", "`reprints` is empty")},
    "refunds": {
        "the index, not yet filled": (index(), "`refunds` is CREATING"),
        "the index, not asked": (index() + WAIT, "nobody has asked it"),
        "nothing": ("", "has no index yet"),
    },
    "sold-twice": {
        "nothing sold": ('seats.get_item(Key={"play": "aida", "seat": "F7"})', "Nobody has sold"),
        "another seat": (sell(FREE).replace('"F7"', '"F8"'), "Nobody has sold"),
        "one window": (
            sell(FREE).replace('("ana", "ben")', '("ana",)'),
            "Now let the other window try",
        ),
    },
    "swap": {
        "nothing": ("", "Nobody has swapped a seat"),
        "the first": (swap(swaps=SWAPS.partition("\n")[0]), "Now prove the other half"),
    },
    "own-orders": {
        "only looked at": (
            'iam.get_group_policy(GroupName="customers", PolicyName="own-orders")',
            "still allows `dynamodb:*`",
        )
    },
}


def cases(table: dict[str, dict[str, Any]]) -> list[Any]:
    return [
        pytest.param(id, *(way if isinstance(way, tuple) else (way,)), id=f"{id}: {name}")
        for id, ways in table.items()
        for name, way in ways.items()
    ]


@pytest.fixture
def learner(study: Callable[[str], Study]) -> Study:
    """A learner who has run the cells that exercises lean on."""
    learner = study("dynamodb")
    learner.run(*GIVEN)
    return learner


@pytest.mark.parametrize("id", EXERCISES)
def test_the_books_solution_passes(learner: Study, id: str) -> None:
    learner.lab.begin(id)

    learner.do(EXERCISES[id].solution)

    assert isinstance(learner.lab.check(id), Passed), learner.lab.check(id)


@pytest.mark.parametrize(("id", "way"), cases(RIGHT))
def test_another_right_way_passes(learner: Study, id: str, way: str) -> None:
    learner.lab.begin(id)

    learner.do(way)

    assert isinstance(learner.lab.check(id), Passed), learner.lab.check(id)


@pytest.mark.parametrize(("id", "way", "words"), cases(WRONG))
def test_a_wrong_way_is_told_what_is_wrong_with_it(
    learner: Study, id: str, way: str, words: str
) -> None:
    learner.lab.begin(id)

    learner.try_to(way)

    outcome = learner.lab.check(id)
    assert isinstance(outcome, Incorrect), outcome
    said = " ".join((outcome.found, outcome.expected, outcome.hint))
    assert words in said, outcome


@pytest.mark.parametrize("id", EXERCISES)
def test_every_wrong_way_of_an_exercise_has_words_of_its_own(id: str) -> None:
    words = [words for _, words in WRONG[id].values()]

    assert len(set(words)) == len(words) >= 3


@pytest.mark.parametrize(("id", "way", "words"), cases(ON_THE_WAY))
def test_half_the_way_is_told_the_next_step(learner: Study, id: str, way: str, words: str) -> None:
    learner.lab.begin(id)

    learner.do(way)

    outcome = learner.lab.check(id)
    assert isinstance(outcome, NotYet), outcome
    assert words in " ".join((outcome.seen, outcome.next_step))


@pytest.mark.parametrize("id", EXERCISES)
def test_the_starter_of_the_lab_leaves_the_task_undone(learner: Study, id: str) -> None:
    learner.run(f"{id}-begin", f"{id}-start")

    assert isinstance(learner.lab.check(id), NotYet)


@pytest.mark.parametrize("id", EXERCISES)
def test_a_check_changes_nothing(learner: Study, id: str) -> None:
    learner.lab.begin(id)
    learner.run(f"{id}-start")
    calls, now = len(learner.lab._sandbox.calls), learner.lab.clock.now

    first, second = learner.lab.check(id), learner.lab.check(id)

    assert first == second
    assert (len(learner.lab._sandbox.calls), learner.lab.clock.now) == (calls, now)


@pytest.mark.parametrize(
    ("id", "table"),
    [("latest", "orders"), ("every-page", "reprints"), ("refunds", "orders"), ("swap", "seats")],
)
def test_a_table_that_the_learner_deleted_is_a_finding_and_can_be_laid_again(
    learner: Study, id: str, table: str
) -> None:
    learner.lab.begin(id)
    learner.do(f'client.delete_table(TableName="{table}")\nlab.clock.advance(seconds=10)')

    outcome = learner.lab.check(id)
    learner.lab.begin(id)
    learner.do(EXERCISES[id].solution)

    assert isinstance(outcome, Incorrect | NotYet)
    assert isinstance(learner.lab.check(id), Passed)


@pytest.mark.parametrize("busy", ['client.delete_table(TableName="orders")', index()])
def test_a_table_that_is_busy_can_be_laid_again(learner: Study, busy: str) -> None:
    learner.lab.begin("refunds")
    learner.do(busy)

    learner.lab.begin("refunds")
    learner.do(EXERCISES["refunds"].solution)

    assert isinstance(learner.lab.check("refunds"), Passed)


def test_exercises_can_be_done_in_any_order_and_twice(learner: Study) -> None:
    for id in [*reversed(EXERCISES), *EXERCISES]:
        learner.lab.begin(id)
        learner.do(EXERCISES[id].solution)

        assert isinstance(learner.lab.check(id), Passed), id


def test_the_solutions_run_although_the_learner_left_the_starters_out(
    study: Callable[[str], Study],
) -> None:
    learner = study("dynamodb")

    shown = learner.run_all({f"{id}-start": "" for id in EXERCISES})

    assert all(shown[f"{id}-solved"].by_the_book for id in EXERCISES)
