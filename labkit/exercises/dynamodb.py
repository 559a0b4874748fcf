"""The six exercises of the DynamoDB lab: what is laid, what is asked, hints, the book's code."""

from __future__ import annotations

from labkit.exercises.checks.dynamodb import (
    every_page,
    latest,
    own_orders,
    refunds,
    sold_twice,
    start,
    swap,
)
from labkit.exercises.frame import Exercise

LATEST = Exercise(
    id="latest",
    title="The two newest",
    task="One query returns ana's two newest orders, the newest first, and reads no other.",
    given="the table `orders`, with four orders of ana and three of others",
    lay=start.lay_latest,
    check=latest.check,
    hints=(
        "The orders of one customer lie in the order of their sort key. At which end are the two "
        "that you want, and at which does a query begin?",
        "Two arguments of `query`: one turns the direction round, the other says after how many "
        "items to stop.",
        '`orders.query(KeyConditionExpression="customer = :c", ExpressionAttributeValues={":c": '
        '"ana"}, ScanIndexForward=False, Limit=2)`',
    ),
    solution="""\
answer = orders.query(
    KeyConditionExpression="customer = :c",
    ExpressionAttributeValues={":c": "ana"},
    ScanIndexForward=False,
    Limit=2,
)
for order in answer["Items"]:
    print(order["placed_at"], order["play"])
""",
    claims=("ddbq-query", "ddbq-sorted", "ddbq-reverse"),
)

EVERY_PAGE = Exercise(
    id="every-page",
    title="To the last page",
    task="`reprints` holds each flawed sheet of `artwork`, of all pages, and no other.",
    given="the table `artwork` with 40 sheets, some with the attribute `flaw`, and an empty table "
    "`reprints` with the same keys",
    lay=start.lay_every_page,
    check=every_page.check,
    hints=(
        "How do you know that a page is the last? Not by how many items are in it.",
        "A page that is not the last has a `LastEvaluatedKey`. The next scan takes it as its "
        "`ExclusiveStartKey`.",
        '`artwork.scan(FilterExpression="attribute_exists(flaw)", '
        'ExclusiveStartKey=page["LastEvaluatedKey"])`, again and again while '
        '`"LastEvaluatedKey" in page`; add the `Items` of each to those before.',
    ),
    solution="""\
reprints = dynamodb.Table("reprints")
page = artwork.scan(FilterExpression="attribute_exists(flaw)")
flawed = page["Items"]
while "LastEvaluatedKey" in page:
    page = artwork.scan(
        FilterExpression="attribute_exists(flaw)",
        ExclusiveStartKey=page["LastEvaluatedKey"],
    )
    flawed += page["Items"]
for sheet in flawed:
    reprints.put_item(Item={"play": sheet["play"], "sheet": sheet["sheet"]})
    print(sheet["play"], sheet["sheet"])
""",
    claims=("ddbs-1mb", "ddbs-filter", "ddbqs-page-size"),
)

REFUNDS = Exercise(
    id="refunds",
    title="A short list of a long table",
    task=(
        "A query on an index of `orders` returns the open refunds, the longest waiting first, with "
        "their totals, and reads nothing else."
    ),
    given="the table `orders` with eight orders; three have an open refund, with the attributes "
    '`refund` ("open") and `asked_at`',
    lay=start.lay_refunds,
    check=refunds.check,
    hints=(
        "Bookkeeping knows no customer's name, so the table's key is no help. Which value do all "
        "open refunds share, and what should they be sorted by?",
        "A global index with `refund` as partition key and `asked_at` as sort key holds only "
        "orders that have both. What must it project, besides its keys?",
        '`client.update_table(TableName="orders", AttributeDefinitions=[...], '
        'GlobalSecondaryIndexUpdates=[{"Create": {"IndexName": ..., "KeySchema": [...], '
        '"Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["total_eur"]}}}])`, as '
        "in the example; then wait, and `orders.query(IndexName=...)`.",
    ),
    solution="""\
open_refunds = {
    "IndexName": "open-refunds",
    "KeySchema": key("refund", "asked_at"),
    "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["total_eur"]},
}
client.update_table(
    TableName="orders",
    AttributeDefinitions=texts("refund", "asked_at"),
    GlobalSecondaryIndexUpdates=[{"Create": open_refunds}],
)
orders.wait_until_exists()
answer = orders.query(
    IndexName="open-refunds",
    KeyConditionExpression="refund = :open",
    ExpressionAttributeValues={":open": "open"},
)
for order in answer["Items"]:
    print(order["asked_at"], order["customer"], order["total_eur"])
""",
    claims=("ddbi-purpose", "ddbi-gsi", "ddbi-projection"),
)

SOLD_TWICE = Exercise(
    id="sold-twice",
    title="The seat that was sold twice",
    task=(
        "Two windows sell seat `F7`: the first sale is written, DynamoDB refuses the second, and "
        "the seat keeps its price."
    ),
    given="the table `seats` with the free seats `F7` and `F8`; replicas lag a second behind",
    lay=start.lay_sold_twice,
    check=sold_twice.check,
    hints=(
        "The read before the write cannot help, however fresh it is: somebody may write in "
        "between. Who could look and write in one step?",
        "A write takes a `ConditionExpression`, which DynamoDB checks against the item as it is "
        "at that moment. A free seat has no attribute `guest`.",
        '`seats.update_item(Key=key, UpdateExpression="SET guest = :g", '
        'ConditionExpression="attribute_not_exists(guest)", ExpressionAttributeValues={":g": '
        "guest})`; a refusal raises `ConditionalCheckFailedException`.",
    ),
    solution="""\
def sell(seat, guest):
    try:
        seats.update_item(
            Key={"play": "aida", "seat": seat},
            UpdateExpression="SET guest = :g",
            ConditionExpression="attribute_not_exists(guest)",
            ExpressionAttributeValues={":g": guest},
        )
    except client.exceptions.ConditionalCheckFailedException:
        return f"{seat} is sold, sorry, {guest}"
    return f"{seat} is yours, {guest}"


print(sell("F7", "ana"))
print(sell("F7", "ben"))
""",
    claims=("ddb-conditional", "ddb-eventual", "ddb-strong"),
)

SWAP = Exercise(
    id="swap",
    title="Both or neither",
    task=(
        "ana's `F7` and ben's `B2` have changed hands; then ben's `F7` and dan's `C3`, which cleo "
        "claims, have not, and nothing is half done."
    ),
    given="the table `seats`: `F7` is ana's, `B2` ben's, `C3` dan's",
    lay=start.lay_swap,
    check=swap.check,
    hints=(
        "Take two updates in a row, each with a condition. What is left when the second of them is "
        "refused?",
        "`transact_write_items` takes both at once. Each needs a condition that is true *before* "
        "the swap.",
        "`client.transact_write_items(TransactItems=[there, back])`, where each of the two is "
        '`{"Update": {"TableName": "seats", "Key": ..., "UpdateExpression": "SET guest = :to", '
        '"ConditionExpression": "guest = :from", "ExpressionAttributeValues": ...}}`.',
    ),
    solution="""\
def hand_over(seat, giver, taker):
    return {
        "Update": {
            "TableName": "seats",
            "Key": {"play": "aida", "seat": seat},
            "UpdateExpression": "SET guest = :taker",
            "ConditionExpression": "guest = :giver",
            "ExpressionAttributeValues": {":giver": giver, ":taker": taker},
        }
    }


def swap(seat, guest, other_seat, other_guest):
    there = hand_over(seat, guest, other_guest)
    back = hand_over(other_seat, other_guest, guest)
    attempt(client.transact_write_items, TransactItems=[there, back])


swap("F7", "ana", "B2", "ben")
swap("F7", "ben", "C3", "cleo")
""",
    claims=("ddb-transactions", "ddb-conditional"),
)

OWN_ORDERS = Exercise(
    id="own-orders",
    title="Your orders and nobody else's",
    task=(
        "Each member of `customers`, also one of tomorrow, reads orders under their own name, and "
        "can do nothing else with the table."
    ),
    given="the table `orders`; the group `customers` with ana and ben, and on it the policy "
    "`own-orders`",
    lay=start.lay_own_orders,
    check=own_orders.check,
    hints=(
        "The condition compares the keys that a call names. Which of the actions that "
        "`dynamodb:*` covers name none?",
        "`ForAllValues` holds where the key is missing, so the condition protects only actions "
        "that name their items. List the ones that read: one item, several, a partition.",
        '`iam.put_group_policy(GroupName="customers", PolicyName="own-orders", PolicyDocument='
        'policy(own))`, with `"Action": ["dynamodb:GetItem", "dynamodb:BatchGetItem", '
        '"dynamodb:Query"]` in `own`, and the rest as it was.',
    ),
    solution="""\
own = {
    "Effect": "Allow",
    "Action": ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"],
    "Resource": "arn:aws:dynamodb:us-east-1:123456789012:table/orders",
    "Condition": {
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:username}"]}
    },
}
iam.put_group_policy(
    GroupName="customers", PolicyName="own-orders", PolicyDocument=policy(own)
)
as_ana = lab.as_user("ana").resource("dynamodb").Table("orders")
attempt(as_ana.scan)
attempt(as_ana.query, **orders_of("ana"))
""",
    claims=("ddb-leadingkeys", "ddb-iam"),
)

EXERCISES = (LATEST, EVERY_PAGE, REFUNDS, SOLD_TWICE, SWAP, OWN_ORDERS)
