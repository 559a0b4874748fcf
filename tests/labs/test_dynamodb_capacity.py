"""Each exercise of the lab on DynamoDB's capacity: what passes, what does not, what is said.

A wrong way has a name, the code that a learner would write, and words that only its own message
has. `try_to` lets AWS refuse a call, as it would in the learner's cell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.exercises import load
from labkit.exercises.checks.dynamodb_capacity import half_price, hot_key, jitter, leftovers
from labkit.exercises.frame import Incorrect, NotYet, Passed
from tests.labs.study import Study

EXERCISES = {exercise.id: exercise for exercise in load("dynamodb_capacity")}
GIVEN = ("open", "table", "tickets", "holds", "hold", "records-of")  # what exercises lean on

POSTERS = """\
posters = dynamodb.Table("posters")
client = dynamodb.meta.client
total = {"ReturnConsumedCapacity": "TOTAL"}
"""
HAMLET = 'Key={"play": "hamlet", "number": number}'
NAMES_ONLY = 'ProjectionExpression="#n", ExpressionAttributeNames={"#n": "number"}'
OF_HAMLET = 'KeyConditionExpression=Key("play").eq("hamlet")'

BATCH = """\
batch = [{"PutRequest": {"Item": {"order": n}}} for n in range(3001, 3026)]
left = dynamodb.batch_write_item(RequestItems={"orders": batch})["UnprocessedItems"]
"""

SAVE = """\
receipts = impatient.Table("receipts")
full = impatient.meta.client.exceptions.ProvisionedThroughputExceededException


def save(receipt):
    wait_s = {first}
    for attempt in range({attempts}):
        try:
            return receipts.put_item(Item=receipt)
        except full:
            {wait}


for number in range(4001, 4007):
    save({{"receipt": number, "text": "x" * 8000}})
"""

SCANS = """\
def write(key, table=None, seen="s" * (249 * 1024)):
    table = table or dynamodb.Table("scans")
    for gate in range(1, 13):
        table.put_item(Item={"night": key(gate), "gate": gate, "scans": seen})


"""

FREE = """\
lab.clock.advance(hours=7)
released = dynamodb.Table("released")
for record in records_of("carts"):
    change, by = record["dynamodb"], record.get("userIdentity", {})
    old = change.get("OldImage", {})
    if {which}:
        released.put_item(Item={item})
"""
ITEM = '{"seat": old["seat"]["S"], "guest": old["guest"]["S"]}'
BY_SERVICE = 'by.get("Type") == "Service"'


def getting(arguments: str) -> str:
    """Read the posters one by one."""
    return f"{POSTERS}for number in range(1, 13):\n    posters.get_item({arguments})\n"


def saving(wait: str, first: str = "0", attempts: int = 10) -> str:
    """The learner's loop with this way of waiting."""
    return SAVE.format(wait=wait, first=first, attempts=attempts)


def freeing(which: str, item: str = ITEM) -> str:
    """The learner's reader, which takes these records."""
    return FREE.replace("{which}", which).replace("{item}", item)


RIGHT = {
    "half-price": {
        "a query": POSTERS + f"posters.query({OF_HAMLET}, **total)\n",
        "a batch": POSTERS
        + """\
keys = [{"play": "hamlet", "number": number} for number in range(1, 13)]
client.batch_get_item(RequestItems={"posters": {"Keys": keys}}, **total)
""",
        "a scan page by page": POSTERS
        + """\
for page in client.get_paginator("scan").paginate(
    TableName="posters", ReturnConsumedCapacity="INDEXES", PaginationConfig={"PageSize": 4}
):
    pass
""",
        "after strong reads": getting(HAMLET + ", ConsistentRead=True, **total")
        + getting(HAMLET + ", **total"),
    },
    "leftovers": {
        "boto3's batch writer": """\
with dynamodb.Table("orders").batch_writer() as batch:
    for n in range(3001, 3026):
        batch.put_item({"order": n})
""",
        "one by one": """\
for n in range(3001, 3026):
    dynamodb.Table("orders").put_item(Item={"order": n})
""",
        "what came back one by one": BATCH
        + """\
for request in left["orders"]:
    dynamodb.Table("orders").put_item(Item=request["PutRequest"]["Item"])
""",
    },
    "jitter": {
        "half fixed, half by chance": saving(
            "wait_s = min(20, 2 * wait_s); "
            "lab.clock.advance(seconds=wait_s / 2 + random.uniform(0, wait_s / 2))",
            first="0.2",
        ),
        "from the wait before": saving(
            "wait_s = min(20, random.uniform(0.3, 3 * wait_s)); lab.clock.advance(seconds=wait_s)",
            first="0.3",
            attempts=30,
        ),
        "by turns": """\
receipts = impatient.Table("receipts")
left, longest_s = list(range(4001, 4007)), 0.5
while left:
    for number in [*left]:
        try:
            receipts.put_item(Item={"receipt": number, "text": "x" * 8000})
            left.remove(number)
        except impatient.meta.client.exceptions.ClientError:
            pass
    lab.clock.advance(seconds=random.uniform(0, longest_s))
    longest_s = min(20, 2 * longest_s)
""",
        "after one without a wait": """\
receipts = impatient.Table("receipts")
for number in range(4001, 4007):
    try:
        receipts.put_item(Item={"receipt": number, "text": "x" * 8000})
    except impatient.meta.client.exceptions.ClientError:
        pass
"""
        + saving("lab.clock.advance(seconds=random.uniform(0, min(20, 0.5 * 2**attempt)))"),
        "a more patient boto3": """\
patient = boto3.resource("dynamodb", config=Config(retries={"total_max_attempts": 12}))
for number in range(4001, 4007):
    patient.Table("receipts").put_item(Item={"receipt": number, "text": "x" * 8000})
""",
    },
    "hot-key": {
        "three keys, by the remainder": SCANS + 'write(lambda gate: f"2026-01-05/{gate % 3}")\n',
        "four keys, in a batch": """\
puts = [
    {"night": f"2026-01-05 {(gate - 1) // 3}", "gate": gate, "scans": "s" * (249 * 1024)}
    for gate in range(1, 13)
]
dynamodb.batch_write_item(RequestItems={"scans": [{"PutRequest": {"Item": one}} for one in puts]})
""",
        "after a hot night": SCANS
        + 'write(lambda gate: "2026-01-05")\nlab.clock.advance(seconds=1)\n'
        + 'write(lambda gate: f"2026-01-05#{gate % 4}")\n',
    },
    "released": {
        "by the type of who did it": freeing(BY_SERVICE),
        "page by page, in small ones": """\
lab.clock.advance(hours=7)
arn = dynamodb.Table("carts").latest_stream_arn
[shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
iterator = streams.get_shard_iterator(
    StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
)["ShardIterator"]
while True:
    page = streams.get_records(ShardIterator=iterator, Limit=2)
    if not page["Records"]:
        break
    for record in page["Records"]:
        if "userIdentity" in record:
            old = record["dynamodb"]["OldImage"]
            free = {"seat": old["seat"], "guest": old["guest"]}
            dynamodb.meta.client.put_item(
                TableName="released", Item={name: value["S"] for name, value in free.items()}
            )
    iterator = page["NextShardIterator"]
""",
    },
}

WRONG = {
    "half-price": {
        "in a transaction": (
            POSTERS
            + """\
gets = [
    {"Get": {"TableName": "posters", "Key": {"play": "hamlet", "number": number}}}
    for number in range(1, 13)
]
client.transact_get_items(TransactItems=gets, **total)
""",
            "A transaction reads every item twice",
        ),
        "a projection": (
            POSTERS
            + f"posters.query({OF_HAMLET}, ConsistentRead=True,\n"
            + f"    {NAMES_ONLY}, **total)\n",
            "a projection saves bandwidth, and no unit",
        ),
        "a projection, eventually": (
            POSTERS + f"posters.query({OF_HAMLET},\n" + f"    {NAMES_ONLY}, **total)\n",
            "The posters came without their artwork",
        ),
        "each page with one more poster": (
            POSTERS
            + "for number in range(1, 13):\n"
            + f"    posters.query({OF_HAMLET}, Limit=number, **total)\n"
            + "for number in range(1, 12):\n"
            + f"    posters.query({OF_HAMLET} & Key('number').between(number, number + 1), **total)"
            + "\n",
            "Some posters were read more than once",
        ),
    },
    "leftovers": {
        "the whole batch again": (
            BATCH + "lab.clock.advance(seconds=20)\n" + BATCH,
            "You sent the whole batch again",
        ),
        "all of them one by one": (
            BATCH
            + "for n in range(3001, 3026):\n"
            + '    dynamodb.Table("orders").put_item(Item={"order": n})\n',
            "You put the orders one by one after the batch",
        ),
        "more capacity": (
            "dynamodb.Table('orders').update(ProvisionedThroughput="
            "{'ReadCapacityUnits': 5, 'WriteCapacityUnits': 50})\n"
            "lab.clock.advance(seconds=20)\n" + BATCH,
            "be paid for every hour that follows",
        ),
    },
    "jitter": {
        "at once": (saving("pass", attempts=400), "sent again at the very same time"),
        "no chance": (
            saving("lab.clock.advance(seconds=0.5 * 2**attempt)"),
            "Every receipt waited 0.5 s before its second attempt",
        ),
        "always about as long": (
            saving("lab.clock.advance(seconds=random.uniform(0, 1))", attempts=100),
            "waits that grow with each attempt",
        ),
        "long from the start": (
            saving("lab.clock.advance(seconds=random.uniform(14, 18))"),
            "hardly a receipt needed a third attempt",
        ),
        "without a cap": (
            saving("lab.clock.advance(seconds=random.uniform(0.9, 1.1) * 5**attempt)"),
            "keeps a client from sleeping on",
        ),
        "more capacity": (
            "impatient.Table('receipts').update(ProvisionedThroughput="
            "{'ReadCapacityUnits': 1, 'WriteCapacityUnits': 100})\n"
            "lab.clock.advance(seconds=20)\n" + saving("pass"),
            "the exercise is about waiting",
        ),
    },
    "hot-key": {
        "more capacity": (
            "dynamodb.Table('scans').update(ProvisionedThroughput="
            "{'ReadCapacityUnits': 4000, 'WriteCapacityUnits': 9000})\n"
            "lab.clock.advance(seconds=20)\n" + SCANS + 'write(lambda gate: "2026-01-05")\n',
            "No capacity that you buy makes one key faster",
        ),
        "two keys": (
            SCANS + 'write(lambda gate: f"2026-01-05#{gate % 2}")\n',
            "Two keys are one too few",
        ),
        "a key for each gate": (
            SCANS + 'write(lambda gate: f"2026-01-05#{gate}")\n',
            "The night lies under 12 keys",
        ),
        "keys that nobody can name": (
            SCANS + 'write(lambda gate: f"{gate % 4}")\n',
            "keys that begin with the night",
        ),
        "spread by chance": (
            SCANS + 'write(lambda gate: f"2026-01-05#{min(2, gate % 5)}")\n',
            "The gates are spread unevenly",
        ),
        "less of each": (
            SCANS + 'write(lambda gate: "2026-01-05", seen="s" * 80_000)\n',
            "wrote 80,000 bytes of scans",
        ),
        "a second between them": (
            SCANS
            + "for gate in range(1, 13):\n"
            + '    item = {"night": "2026-01-05#" + str(gate % 4), "gate": gate}\n'
            + '    dynamodb.Table("scans").put_item(Item=item | {"scans": "s" * (249 * 1024)})\n'
            + "    lab.clock.advance(seconds=1)\n",
            "Waiting hides a hot key for one night",
        ),
    },
    "released": {
        "every removal": (
            freeing('record["eventName"] == "REMOVE"'),
            "Selling this seat again would sell it twice",
        ),
        "by the time": (
            freeing(
                'record["eventName"] == "REMOVE" and int(old["expires"]["N"]) < '
                'change["ApproximateCreationDateTime"].timestamp()'
            ),
            "Its time was over when it was deleted, so the time cannot tell",
        ),
        "the keys alone": (
            freeing(BY_SERVICE, '{"seat": old["seat"]["S"]}'),
            "its keys do not say who had it",
        ),
        "with the types": (
            freeing(BY_SERVICE, '{"seat": str(old["seat"]), "guest": "ana"}'),
            "types and all",
        ),
        "from the latest on": (
            "lab.clock.advance(hours=7)\n"
            'arn = dynamodb.Table("carts").latest_stream_arn\n'
            '[shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]\n'
            "iterator = streams.get_shard_iterator(StreamArn=arn, "
            'ShardId=shard["ShardId"], ShardIteratorType="LATEST")["ShardIterator"]\n'
            "streams.get_records(ShardIterator=iterator)\n",
            "You read the stream from `LATEST` on",
        ),
    },
}

ON_THE_WAY = {
    "half-price": {
        "nothing read": ("", "Nobody has read a poster"),
        "strong reads": (
            getting(HAMLET + ", ConsistentRead=True, **total"),
            "The 12 posters cost 36 read units",
        ),
        "some of them": (
            POSTERS + f"posters.query({OF_HAMLET}, Limit=5, **total)\n",
            "5 of 12 posters were read",
        ),
        "nobody asked what it costs": (getting(HAMLET), "nobody knows what it cost"),
    },
    "leftovers": {
        "nothing sent": ("", "Nobody has written to `orders`"),
        "one batch": (BATCH, "20 of 25 orders are not in the table"),
        "a part of the orders": (BATCH.replace("3026", "3004"), "has never been sent"),
    },
    "jitter": {
        "nothing sent": ("", "Nobody has written to `receipts`"),
        "given up too early": (
            saving("lab.clock.advance(seconds=random.uniform(0, 0.5 * 2**attempt))", attempts=2),
            "is lost: it was sent 2 times",
        ),
        "one receipt": (
            'boto3.resource("dynamodb", config=Config(retries={"total_max_attempts": 12}))'
            '.Table("receipts").put_item(Item={"receipt": 4001, "text": "x" * 8000})\n',
            "Receipt 4002 has not been sent",
        ),
    },
    "hot-key": {
        "nothing written": ("", "No gate has written"),
        "one key": (SCANS + 'write(lambda gate: "2026-01-05")\n', "All twelve gates write"),
        "one gate": (
            'dynamodb.Table("scans").put_item(Item={"night": "2026-01-05#1", "gate": 1, '
            '"scans": "s" * (249 * 1024)})\n',
            "The scans of gate 2 are not in the table",
        ),
    },
    "released": {
        "nothing done": ("", "nobody has swept them away yet"),
        "time has passed": ("lab.clock.advance(hours=7)\n", "nobody has read the stream"),
        "the stream is read": (
            "lab.clock.advance(hours=7)\n[*records_of('carts')]\n",
            "You read the stream, and `released` is empty",
        ),
        "read too early": (
            freeing(BY_SERVICE).replace("hours=7", "hours=0")
            + 'released.put_item(Item={"seat": "A1", "guest": "ana"})\n',
            "The hold of A1 is not swept away yet",
        ),
        "half of it": (
            freeing(BY_SERVICE) + 'released.delete_item(Key={"seat": "B1"})\n',
            "Seat B1 is missing",
        ),
    },
}


@pytest.fixture
def learner(study: Callable[[str], Study]) -> Study:
    """Someone who has run the cells that the exercises lean on."""
    at_work = study("dynamodb_capacity")
    at_work.run(*GIVEN)
    return at_work


def cases(table: dict[str, dict[str, Any]]) -> list[Any]:
    return [
        pytest.param(id, *(way if isinstance(way, tuple) else (way,)), id=f"{id}: {name}")
        for id, ways in table.items()
        for name, way in ways.items()
    ]


@pytest.mark.parametrize("id", EXERCISES)
def test_the_books_solution_passes(learner: Study, id: str) -> None:
    learner.lab.begin(id)

    learner.do(prepared(id, learner) + EXERCISES[id].solution)

    assert isinstance(learner.lab.check(id), Passed), learner.lab.check(id)


def prepared(id: str, learner: Study) -> str:
    """What the starter gives, without what it does."""
    starter = learner.sources[f"{id}-start"]
    wanted = ("receipts =", "text =", "scans =", "seen =")
    return "".join(f"{line}\n" for line in starter.splitlines() if line.startswith(wanted))


@pytest.mark.parametrize(("id", "way"), cases(RIGHT))
def test_another_right_way_passes_too(learner: Study, id: str, way: str) -> None:
    learner.lab.begin(id)

    learner.do(way)

    assert isinstance(learner.lab.check(id), Passed), learner.lab.check(id)


@pytest.mark.parametrize(("id", "way", "words"), cases(WRONG))
def test_a_wrong_way_is_told_why(learner: Study, id: str, way: str, words: str) -> None:
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
    learner.names["Full"] = learner.names[
        "impatient"
    ].meta.client.exceptions.ProvisionedThroughputExceededException
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
    [("leftovers", "orders"), ("released", "carts")],
)
def test_a_table_that_the_learner_deleted_is_a_finding_and_can_be_laid_again(
    learner: Study, id: str, table: str
) -> None:
    learner.lab.begin(id)
    learner.do(f'dynamodb.Table("{table}").delete()\nlab.clock.advance(seconds=10)')

    outcome = learner.lab.check(id)
    learner.lab.begin(id)
    learner.do(EXERCISES[id].solution)

    assert isinstance(outcome, Incorrect | NotYet)
    assert isinstance(learner.lab.check(id), Passed)


def test_exercises_can_be_done_in_any_order_and_twice(learner: Study) -> None:
    for id in [*reversed(EXERCISES), *EXERCISES]:
        learner.lab.begin(id)
        learner.do(prepared(id, learner) + EXERCISES[id].solution)

        assert isinstance(learner.lab.check(id), Passed), id


def test_the_checks_expect_the_numbers_that_the_lab_gives(learner: Study) -> None:
    sources = learner.sources

    assert f"range(1, {half_price.POSTERS + 1})" in sources["half-price-start"]
    assert f"{leftovers.NUMBERS[0]}, {leftovers.NUMBERS[-1] + 1}" in sources["leftovers-start"]
    assert f"{jitter.NUMBERS[0]}, {jitter.NUMBERS[-1] + 1}" in sources["jitter-start"]
    assert hot_key.NIGHT in sources["hot-key-start"]
    assert learner.do(prepared("hot-key", learner) + "len(seen)") == hot_key.SCANS_BYTES
