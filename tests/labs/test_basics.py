"""Each exercise of the basics lab: what passes, what does not, and what a learner is told.

A wrong way has a name, the code that a learner would write, and words that only its own message
has. `try_to` lets AWS refuse a call, as it would in the learner's cell.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from labkit.exercises import load
from labkit.exercises.frame import Incorrect, NotYet, Passed
from tests.labs.study import Study

EXERCISES = {exercise.id: exercise for exercise in load("basics")}
# Cells that exercises lean on.
GIVEN = ("open", "wire", "secret", "attempt", "region")
NAMES = """\
s3 = boto3.client("s3")
arn = "arn:aws:sqs:eu-central-1:123456789012:refunds"
"""

ASK = 'attempt(printer.get_queue_url, QueueName="tickets")\n'
PRINTER = 'printer = boto3.client("sqs", aws_access_key_id={}, aws_secret_access_key={}{})\n' + ASK
ID, SECRET = "found.access_key", "found.secret_key"
SEND_TO = """\
there = boto3.client("sqs", region_name="{}")
queue = there.{}(QueueName="refunds")["QueueUrl"]
there.send_message(QueueUrl=queue, MessageBody="order 1042: 40 EUR")
"""
SALE = """\
sale = [f"order {number}" for number in range(2001, 2007)]
queue = virginia.get_queue_url(QueueName="orders")["QueueUrl"]
once = boto3.client("sqs", config=Config(retries={"total_max_attempts": 1}))


def send(client, order):
    client.send_message(QueueUrl=queue, MessageBody=order)
"""
POSTERS = """\
bucket = "posters-123456789012"
wanted = ["hamlet", "aida", "tosca"]


def body(client, key):
    return client.get_object(Bucket=bucket, Key=key)["Body"].read()


def stand_in(key):
    s3.put_object(Bucket=bucket, Key=key, Body=b"not printed yet")
"""

RIGHT = {
    "keys": {
        "no keys in the code": 'printer = boto3.client("sqs")\n' + ASK,
        "one after the other": PRINTER.format(ID, '"wrong"', "") + PRINTER.format(ID, SECRET, ""),
        "from a session": 'printer = boto3.Session().client("sqs")\n' + ASK,
    },
    "place": {
        "with a resource": """\
queue = boto3.resource("sqs", region_name=arn.split(":")[3]).get_queue_by_name(QueueName="refunds")
queue.send_message(MessageBody="order 1042: 40 EUR")
""",
        "from a session of that Region": """\
there = boto3.Session(region_name="eu-central-1").client("sqs")
queue = there.get_queue_url(QueueName="refunds", QueueOwnerAWSAccountId="123456789012")
there.send_message(QueueUrl=queue["QueueUrl"], MessageBody="order 1042: 40 EUR")
""",
        "found by trying": "".join(
            f"try:\n    {line}\nexcept ClientError:\n    pass\n"
            for line in (
                'boto3.client("sqs", region_name="eu-west-1").get_queue_url(QueueName="refunds")',
                'boto3.client("sqs", region_name="eu-west-2").get_queue_url(QueueName="refunds")',
            )
        )
        + SEND_TO.format("eu-central-1", "get_queue_url"),
    },
    "patience": {
        "a loop that waits longer and longer": SALE
        + """\
for order in sale:
    for attempt_number in range(10):
        try:
            send(once, order)
            break
        except ClientError:
            lab.clock.advance(seconds=2**attempt_number)
""",
        "the adaptive mode": SALE
        + """\
client = boto3.client("sqs", config=Config(retries={"mode": "adaptive", "total_max_attempts": 8}))
for order in sale:
    send(client, order)
""",
        "one batch": SALE
        + """\
entries = [{"Id": str(n), "MessageBody": order} for n, order in enumerate(sale)]
virginia.send_message_batch(QueueUrl=queue, Entries=entries)
""",
        "calling again what was refused": SALE
        + """\
for order in sale:
    while True:
        try:
            send(virginia, order)
            break
        except virginia.exceptions.RequestThrottled:
            lab.clock.advance(seconds=5)
""",
    },
    "missing": {
        "by the code, and asked again later": POSTERS
        + """\
for key in [*wanted, *wanted]:
    try:
        print(body(s3, key))
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            stand_in(key)
        lab.clock.advance(seconds=30)
""",
        "written only if nothing is there": POSTERS
        + """\
for key in wanted:
    try:
        body(s3, key)
    except ClientError:
        attempt(s3.put_object, Bucket=bucket, Key=key, Body=b"not printed yet", IfNoneMatch="*")
for key in wanted:
    body(s3, key)
""",
        "looked for in a list first": POSTERS
        + """\
there = {item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]}
for key in wanted:
    if key not in there:
        stand_in(key)
client = boto3.client("s3", config=Config(retries={"total_max_attempts": 4}))
print([body(client, key) for key in wanted])
""",
    },
}

WRONG = {
    "keys": {
        "id and secret in each other's place": (
            PRINTER.format(SECRET, ID, ""),
            "the secret stands where the id belongs",
        ),
        "unsigned": (
            "from botocore import UNSIGNED\n"
            + PRINTER.format(ID, SECRET, ", config=Config(signature_version=UNSIGNED)"),
            "the request was not signed at all",
        ),
        "good keys in another Region": (
            PRINTER.format(ID, SECRET, ', region_name="eu-west-1"'),
            "in a Region where no queue has this name",
        ),
        "throttled by the learner's own switch": (
            'lab.faults.throttle("sqs", "GetQueueUrl", times=3)\n' + PRINTER.format(ID, SECRET, ""),
            "AWS answered `RequestThrottled`",
        ),
    },
    "place": {
        "the default Region": (
            SEND_TO.format("us-east-1", "get_queue_url"),
            "A client without `region_name` asks its default Region",
        ),
        "another Region": (
            'boto3.client("sqs", region_name="eu-west-1").get_queue_url(QueueName="refunds")\n',
            "You looked for `refunds` in eu-west-1",
        ),
        "created where it was missed": (
            SEND_TO.format("eu-west-1", "create_queue"),
            "The refund lies in a `refunds` that was made in eu-west-1",
        ),
        "a message that SQS refuses": (
            SEND_TO.format("eu-central-1", "get_queue_url").replace("order 1042: 40 EUR", ""),
            "SQS in eu-central-1 refused the message",
        ),
    },
    "patience": {
        "at once, again and again": (
            SALE
            + """\
for order in sale:
    while True:
        try:
            send(once, order)
            break
        except ClientError:
            continue
""",
            "was refused at 09:00:00, and sent again at the same time",
        ),
        "the whole list again": (
            SALE
            + """\
for _ in range(2):
    for order in sale:
        attempt(send, client=virginia, order=order)
""",
            "`order 2002` is in the queue 2 times",
        ),
        "another text": (
            SALE + 'for _ in range(2):\n    attempt(send, client=virginia, order="six orders")\n',
            "`orders` got `six orders`",
        ),
    },
    "missing": {
        "whatever the error was": (
            POSTERS
            + """\
for key in wanted:
    try:
        body(s3, key)
    except ClientError:
        stand_in(key)
""",
            "S3 had answered `SlowDown`: come back later",
        ),
        "every poster": (
            POSTERS + "for key in wanted:\n    stand_in(key)\n",
            "`hamlet`, which could be read, is not what it was",
        ),
        "under another key": (
            POSTERS + 'body(s3, "hamlet")\nstand_in("aida-missing")\n',
            "The bucket now holds `aida-missing`",
        ),
    },
}

ON_THE_WAY = {
    "keys": [
        (PRINTER.format(ID, '"wrong"', ""), "Look at the secret"),
    ],
    "patience": [
        (SALE + "attempt(send, client=virginia, order=sale[0])\n", "`order 2001` is lost"),
        (
            SALE + "for order in sale[:5]:\n    attempt(send, client=virginia, order=order)\n"
            "send(virginia, sale[0])\n",
            "`order 2006` has not been sent yet",
        ),
    ],
    "missing": [
        (POSTERS + 'body(s3, "hamlet")\n', "Nobody has asked for `aida` yet"),
        (POSTERS + 'attempt(body, client=s3, key="aida")\n', "nothing stands in for it"),
        (POSTERS + 'stand_in("aida")\nbody(s3, "hamlet")\n', "Nobody has read `tosca` yet"),
        (
            POSTERS + 'stand_in("aida")\nbody(s3, "hamlet")\n'
            'attempt(body, client=s3, key="tosca")\n',
            "S3 answered `SlowDown` 3 times",
        ),
    ],
}


@pytest.fixture
def learner(study: Callable[[str], Study]) -> Study:
    """A learner with the cells run that exercises lean on."""
    learner = study("basics")
    learner.run(*GIVEN)
    learner.do(NAMES)
    return learner


@pytest.mark.parametrize("id", EXERCISES)
def test_the_books_solution_passes(learner: Study, id: str) -> None:
    learner.run(f"{id}-begin", f"{id}-start")
    learner.lab.begin(id)

    learner.do(EXERCISES[id].solution)

    assert isinstance(learner.lab.check(id), Passed), learner.lab.check(id)


@pytest.mark.parametrize(("id", "way"), [(id, way) for id in RIGHT for way in RIGHT[id]])
def test_another_right_way_passes(learner: Study, id: str, way: str) -> None:
    learner.lab.begin(id)

    learner.do(RIGHT[id][way])

    assert isinstance(learner.lab.check(id), Passed), learner.lab.check(id)


@pytest.mark.parametrize(("id", "way"), [(id, way) for id in WRONG for way in WRONG[id]])
def test_a_wrong_way_is_told_what_is_wrong_with_it(learner: Study, id: str, way: str) -> None:
    code, words = WRONG[id][way]
    learner.lab.begin(id)

    learner.try_to(code)

    outcome = learner.lab.check(id)
    assert isinstance(outcome, Incorrect), outcome
    assert words in " ".join((outcome.found, outcome.expected, outcome.hint))


@pytest.mark.parametrize(
    ("id", "code", "words"),
    [(id, *step) for id in ON_THE_WAY for step in ON_THE_WAY[id]],
    ids=[step[1] for id in ON_THE_WAY for step in ON_THE_WAY[id]],
)
def test_a_step_on_the_way_is_told_what_comes_next(
    learner: Study, id: str, code: str, words: str
) -> None:
    learner.lab.begin(id)

    learner.do(code)

    outcome = learner.lab.check(id)
    assert isinstance(outcome, NotYet), outcome
    assert words in f"{outcome.seen} {outcome.next_step}"


@pytest.mark.parametrize("id", EXERCISES)
def test_every_wrong_way_of_an_exercise_has_words_of_its_own(id: str) -> None:
    words = [words for _, words in WRONG[id].values()]

    assert len(set(words)) == len(words) >= 3


@pytest.mark.parametrize("id", EXERCISES)
def test_the_starter_of_the_lab_leaves_the_task_undone(learner: Study, id: str) -> None:
    learner.run(f"{id}-begin", f"{id}-start")

    assert isinstance(learner.lab.check(id), NotYet)


@pytest.mark.parametrize("id", EXERCISES)
def test_before_anything_is_done_nothing_is_wrong(learner: Study, id: str) -> None:
    learner.lab.begin(id)

    assert isinstance(learner.lab.check(id), NotYet)


def test_faults_of_an_earlier_exercise_do_not_reach_into_the_next(learner: Study) -> None:
    learner.lab.begin("patience")

    learner.lab.begin("place")

    assert repr(learner.lab.faults) == "No faults are waiting."


def test_a_queue_made_in_the_wrong_place_is_gone_after_begin(learner: Study) -> None:
    learner.lab.begin("place")
    learner.do(SEND_TO.format("eu-west-1", "create_queue"))

    learner.lab.begin("place")
    learner.do(SEND_TO.format("eu-central-1", "get_queue_url"))

    assert isinstance(learner.lab.check("place"), Passed)
    assert (
        learner.do(
            'boto3.client("sqs", region_name="eu-west-1").list_queues().get("QueueUrls", [])'
        )
        == []
    )
