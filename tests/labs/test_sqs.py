"""Each exercise of the SQS lab: what passes, what does not, and what a learner is told.

A wrong way has a name, the code that a learner would write, and words that only its own message
has. `try_to` lets AWS refuse a call, as it would in the learner's cell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.exercises import load
from labkit.exercises.checks.sqs.fifo import PAYMENTS
from labkit.exercises.checks.sqs.large import POSTERS
from labkit.exercises.frame import Incorrect, NotYet, Passed
from tests.labs.study import Study

EXERCISES = {exercise.id: exercise for exercise in load("sqs")}
GIVEN = ("open", "send", "receive", "worker", "claim", "collect")  # cells that exercises lean on

REFUNDS = 'refunds = sqs.get_queue_url(QueueName="refunds")["QueueUrl"]\n'
POSTER = """\
posters = sqs.get_queue_url(QueueName="posters")["QueueUrl"]
poster = sqs.receive_message(QueueUrl=posters)["Messages"][0]
mine = {"QueueUrl": posters, "ReceiptHandle": poster["ReceiptHandle"]}
"""
PAYMENTS_FIFO = """\
queue = sqs.create_queue(QueueName="payments.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
"""
SEND = "sqs.send_message(QueueUrl=queue, MessageBody=text, MessageGroupId={}, {})\n"
GIVE_UP = """\
dlq = sqs.create_queue(QueueName="orders-dlq")["QueueUrl"]
about = sqs.get_queue_attributes(QueueUrl=dlq, AttributeNames=["QueueArn"])
dlq_arn = about["Attributes"]["QueueArn"]
policy = {"deadLetterTargetArn": dlq_arn, "maxReceiveCount": 3}
sqs.set_queue_attributes(QueueUrl=orders, Attributes={"RedrivePolicy": json.dumps(policy)})
"""
SET_ASIDE = """\
for _ in range(7):
    work(orders, seat_of)
"""
OLD_OR_NEW = """\
def old_or_new(body):
    return seat_of(body) if body.startswith("{") else body
"""
TAKE_ODD_ONE = """\
for message in sqs.receive_message(QueueUrl={}, MaxNumberOfMessages=10)["Messages"]:
    if message["Body"] == "F7":
        sqs.delete_message(QueueUrl={}, ReceiptHandle=message["ReceiptHandle"])
"""
THROUGH_S3 = """\
def through_s3(name, artwork, first="put"):
    reference = json.dumps({"bucket": bucket, "key": name})
    if first == "put":
        s3.put_object(Bucket=bucket, Key=name, Body=artwork.encode())
    sqs.send_message(QueueUrl=artwork_queue, MessageBody=reference)
    if first == "send":
        s3.put_object(Bucket=bucket, Key=name, Body=artwork.encode())


def in_message(artwork, **more):
    sqs.send_message(QueueUrl=artwork_queue, MessageBody=artwork, **more)
"""


def sending(group: str, deduplication: str, given: str = "payments") -> str:
    """Send `given`, with these expressions for the group and the deduplication id."""
    deduplication = f"MessageDeduplicationId={deduplication}" if deduplication else ""
    return f"for n, (order, event, text) in enumerate({given}):\n    " + SEND.format(
        group, deduplication
    )


def posters(how: str) -> str:
    return THROUGH_S3 + f"for name, artwork in posters_to_send.items():\n    {how}\n"


RIGHT = {
    "long-polling": {
        "the queue waits, not the call": REFUNDS
        + """\
wait = {"ReceiveMessageWaitTimeSeconds": "20"}
sqs.set_queue_attributes(QueueUrl=refunds, Attributes=wait)
sqs.receive_message(QueueUrl=refunds)
""",
        "a shorter wait, after a short poll": REFUNDS
        + "sqs.receive_message(QueueUrl=refunds)\n"
        + "sqs.receive_message(QueueUrl=refunds, WaitTimeSeconds=5)\n",
    },
    "visibility": {
        "a heartbeat every ten seconds": POSTER
        + """\
for _ in range(5):
    lab.clock.advance(seconds=9)
    sqs.change_message_visibility(**mine, VisibilityTimeout=15)
sqs.delete_message(**mine)
""",
        "in batches of one": POSTER
        + """\
entry = {"Id": "a", "ReceiptHandle": poster["ReceiptHandle"]}
lab.clock.advance(seconds=20)
sqs.change_message_visibility_batch(
    QueueUrl=posters, Entries=[{**entry, "VisibilityTimeout": 30}]
)
lab.clock.advance(seconds=25)
sqs.delete_message_batch(QueueUrl=posters, Entries=[entry])
""",
        "at the second try, without begin": POSTER
        + "lab.clock.advance(seconds=45)\n"
        + POSTER
        + """\
lab.clock.advance(seconds=29)
sqs.change_message_visibility(**mine, VisibilityTimeout=30)
lab.clock.advance(seconds=16)
sqs.delete_message(**mine)
""",
    },
    "fifo": {
        "in one batch, hashing allowed and overridden": """\
attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
queue = sqs.create_queue(QueueName="payments.fifo", Attributes=attributes)["QueueUrl"]
sqs.send_message_batch(QueueUrl=queue, Entries=[
    {"Id": str(n), "MessageBody": text, "MessageGroupId": order, "MessageDeduplicationId": event}
    for n, (order, event, text) in enumerate(payments)
])
""",
        "ids that tell events apart within a group only, in high-throughput mode": """\
attributes = {
    "FifoQueue": "true",
    "DeduplicationScope": "messageGroup",
    "FifoThroughputLimit": "perMessageGroupId",
}
queue = sqs.create_queue(QueueName="payments.fifo", Attributes=attributes)["QueueUrl"]
"""
        + sending("order", "{'e1': '1', 'e2': '1', 'e3': '2', 'e4': '3'}[event]"),
        "orders one after the other, in groups of other names": PAYMENTS_FIFO
        + sending("'group-' + order[-2:]", "order + event", "sorted(payments)"),
    },
    "poison": {
        "sent back by hand": GIVE_UP
        + SET_ASIDE
        + OLD_OR_NEW
        + """\
odd = sqs.receive_message(QueueUrl=dlq)["Messages"][0]
sqs.send_message(QueueUrl=orders, MessageBody=odd["Body"])
sqs.delete_message(QueueUrl=dlq, ReceiptHandle=odd["ReceiptHandle"])
work(orders, old_or_new)
""",
        "after three rounds without a policy": SET_ASIDE
        + GIVE_UP
        + SET_ASIDE
        + OLD_OR_NEW
        + """\
sqs.start_message_move_task(SourceArn=dlq_arn, MaxNumberOfMessagesPerSecond=1)
lab.clock.advance(seconds=2)
work(orders, old_or_new)
""",
    },
    "large": {
        "uploaded in parts, and marked by an attribute": """\
import io

kind = {"kind": {"DataType": "String", "StringValue": "reference"}}
for name, artwork in posters_to_send.items():
    if len(artwork.encode("utf-8")) <= 2**20:
        sqs.send_message(QueueUrl=artwork_queue, MessageBody=artwork)
        continue
    s3.upload_fileobj(io.BytesIO(artwork.encode()), bucket, f"drawings/{name}.svg")
    place = json.dumps({"key": f"drawings/{name}.svg", "bucket": bucket}, indent=1)
    sqs.send_message(QueueUrl=artwork_queue, MessageBody=place, MessageAttributes=kind)
""",
        "by trying, and going to S3 when refused": THROUGH_S3
        + """\
for name, artwork in posters_to_send.items():
    try:
        in_message(artwork)
    except sqs.exceptions.ClientError:
        through_s3(name, artwork)
""",
    },
}

WRONG = {
    "long-polling": {
        "many short polls": (
            REFUNDS + "for _ in range(20):\n    sqs.receive_message(QueueUrl=refunds)\n",
            "20 receives, all at 09:00:28",
        ),
        "a sleep between short polls": (
            REFUNDS
            + "sqs.receive_message(QueueUrl=refunds)\nlab.clock.advance(seconds=20)\n"
            + "sqs.receive_message(QueueUrl=refunds)\n",
            "the clock was moved in between",
        ),
        "a wait that SQS does not allow": (
            REFUNDS + "sqs.receive_message(QueueUrl=refunds, WaitTimeSeconds=30)\n",
            "SQS refused `WaitTimeSeconds=30`",
        ),
        "the visibility timeout": (
            REFUNDS + "sqs.receive_message(QueueUrl=refunds, VisibilityTimeout=20)\n",
            "The receive set `VisibilityTimeout`",
        ),
        "the other queue": (
            "sqs.receive_message(QueueUrl=orders, WaitTimeSeconds=20)\n",
            "You asked `orders`, not `refunds`",
        ),
        "a message to find": (
            REFUNDS
            + 'sqs.send_message(QueueUrl=refunds, MessageBody="seat F7")\n'
            + "sqs.receive_message(QueueUrl=refunds, WaitTimeSeconds=20)\n",
            "found a message, so it had nothing to wait for",
        ),
    },
    "visibility": {
        "deleted before the work": (
            POSTER + "sqs.delete_message(**mine)\nlab.clock.advance(seconds=45)\n",
            "deleted 0 s after it was received",
        ),
        "never extended": (
            POSTER + "lab.clock.advance(seconds=45)\nsqs.delete_message(**mine)\n",
            "SQS cannot tell a slow worker from a dead one",
        ),
        "extended too late": (
            POSTER
            + """\
lab.clock.advance(seconds=35)
sqs.change_message_visibility(**mine, VisibilityTimeout=30)
lab.clock.advance(seconds=10)
sqs.delete_message(**mine)
""",
            "the poster could be received since 09:00:58",
        ),
        "as if it were added": (
            POSTER
            + """\
lab.clock.advance(seconds=15)
sqs.change_message_visibility(**mine, VisibilityTimeout=15)
lab.clock.advance(seconds=30)
sqs.delete_message(**mine)
""",
            "it is not added to it",
        ),
        "a minute for the queue": (
            'posters = sqs.get_queue_url(QueueName="posters")["QueueUrl"]\n'
            'sqs.set_queue_attributes(QueueUrl=posters, Attributes={"VisibilityTimeout": "60"})\n'
            + POSTER
            + "lab.clock.advance(seconds=45)\nsqs.delete_message(**mine)\n",
            "The queue now hides for 60 s.",
        ),
        "a minute for the message": (
            POSTER
            + "sqs.change_message_visibility(**mine, VisibilityTimeout=60)\n"
            + "lab.clock.advance(seconds=45)\nsqs.delete_message(**mine)\n",
            "You asked for 60 s at once.",
        ),
    },
    "fifo": {
        "ids hashed from the text": (
            """\
attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
queue = sqs.create_queue(QueueName="payments.fifo", Attributes=attributes)["QueueUrl"]
"""
            + sending("order", ""),
            "a hash of the body",
        ),
        "the order as deduplication id": (
            PAYMENTS_FIFO + sending("order", "order"),
            "Two events came with the same `MessageDeduplicationId`",
        ),
        "a new id for each send": (
            PAYMENTS_FIFO + sending("order", "f'send-{n}'"),
            "turns a retry into a new event",
        ),
        "one group for all": (PAYMENTS_FIFO + sending("'shop'", "event"), "share the group `shop`"),
        "a group for each event": (
            PAYMENTS_FIFO + sending("event", "event"),
            "The payments of order-17 lie in 3 groups: `e1`, `e3`, `e4`",
        ),
        "the wrong way round": (
            PAYMENTS_FIFO + sending("order", "event", "reversed(payments)"),
            "order-17 was sent as: refunded 40 EUR, charged 40 EUR",
        ),
        "a standard queue": (
            'queue = sqs.create_queue(QueueName="payments")["QueueUrl"]\n',
            "You created `payments`",
        ),
        "a FIFO name and no FIFO attribute": (
            'queue = sqs.create_queue(QueueName="payments.fifo")["QueueUrl"]\n',
            "SQS refused to create `payments.fifo`",
        ),
        "no group": (
            PAYMENTS_FIFO + "sqs.send_message(QueueUrl=queue, MessageBody=payments[0][2])\n",
            "The group is missing",
        ),
        "no deduplication id": (
            PAYMENTS_FIFO + sending("order", ""),
            "The deduplication id is missing",
        ),
    },
    "poison": {
        "purged": ("sqs.purge_queue(QueueUrl=orders)\n", "You emptied `orders`"),
        "thrown away before it was set aside": (
            GIVE_UP + TAKE_ODD_ONE.format("orders", "orders"),
            "`F7` was deleted from `orders`",
        ),
        "thrown away where it was set aside": (
            GIVE_UP + SET_ASIDE + TAKE_ODD_ONE.format("dlq", "dlq"),
            "`F7` was deleted from `orders-dlq`",
        ),
        "given up at once": (
            GIVE_UP.replace('"maxReceiveCount": 3', '"maxReceiveCount": 1'),
            "`maxReceiveCount` is 1",
        ),
        "given up late": (
            GIVE_UP.replace('"maxReceiveCount": 3', '"maxReceiveCount": 100'),
            "`maxReceiveCount` is 100",
        ),
        "the policy on the wrong queue": (
            GIVE_UP.replace("QueueUrl=orders, Attr", "QueueUrl=dlq, Attr").replace(
                "dlq_arn,", 'dlq_arn.replace("orders-dlq", "orders"),'
            ),
            "The `RedrivePolicy` is on `orders-dlq`",
        ),
        "the URL instead of the ARN": (
            GIVE_UP.replace("dlq_arn,", "dlq,"),
            "It names the dead-letter queue by its ARN",
        ),
        "redriven to a worker that cannot read it": (
            GIVE_UP + SET_ASIDE + "sqs.start_message_move_task(SourceArn=dlq_arn)\n" + SET_ASIDE,
            "lies in `orders-dlq` again",
        ),
        "redriven from the wrong end": (
            GIVE_UP
            + SET_ASIDE
            + 'sqs.start_message_move_task(SourceArn=dlq_arn.replace("orders-dlq", "orders"))\n',
            "A redrive starts at the dead-letter queue",
        ),
    },
    "large": {
        "characters counted": (
            posters("in_message(artwork) if len(artwork) <= 2**20 else through_s3(name, artwork)"),
            "`len` of a str counts characters",
        ),
        "nothing through S3": (
            "for artwork in posters_to_send.values():\n"
            "    try:\n"
            "        sqs.send_message(QueueUrl=artwork_queue, MessageBody=artwork)\n"
            "    except sqs.exceptions.ClientError:\n"
            "        pass\n",
            "SQS refused `tosca`: 600,000 characters, 1,200,000 bytes",
        ),
        "everything through S3": (
            posters("through_s3(name, artwork)"),
            "`hamlet` went through S3, with 200,000 bytes",
        ),
        "one byte too early": (
            posters(
                "in_message(artwork) if len(artwork.encode()) < 2**20"
                " else through_s3(name, artwork)"
            ),
            "`aida` went through S3, with 1,048,576 bytes",
        ),
        "an attribute on a full message": (
            posters(
                "in_message(artwork, MessageAttributes={'kind': {'DataType': 'String', "
                "'StringValue': 'inline'}})"
            ),
            "SQS refused `aida`, whose 1,048,576 bytes fit",
        ),
        "cut to fit": (
            posters("in_message(artwork.encode()[: 2**20].decode())"),
            "Of `tosca`, 524,288 of 600,000 characters were sent",
        ),
        "cut into pieces": (
            posters("[in_message(artwork[i : i + 2**19]) for i in range(0, len(artwork), 2**19)]"),
            "`aida` was cut into 2 messages",
        ),
        "a reference to nothing": (
            "sqs.send_message(QueueUrl=artwork_queue, MessageBody=json.dumps("
            '{"bucket": bucket, "key": "carmen"}))\n',
            "nothing is there",
        ),
        "a reference of another form": (
            'sqs.send_message(QueueUrl=artwork_queue, MessageBody=f"s3://{bucket}/carmen")\n',
            "A message says `s3://posters-123456789012/carmen`",
        ),
        "the message before its object": (
            posters(
                "in_message(artwork) if len(artwork.encode()) <= 2**20"
                " else through_s3(name, artwork, first='send')"
            ),
            "was sent before the object was there",
        ),
    },
}

ON_THE_WAY = {
    "long-polling": {"nothing asked": ("", "Nobody has asked `refunds`")},
    "visibility": {
        "nothing received": ("", "Nobody has taken the poster"),
        "received and held": (POSTER, "hidden until 09:00:58"),
        "held to the end, not deleted": (
            POSTER
            + """\
lab.clock.advance(seconds=25)
sqs.change_message_visibility(**mine, VisibilityTimeout=30)
lab.clock.advance(seconds=20)
""",
            "delete the poster, or it comes back",
        ),
    },
    "fifo": {
        "the queue alone": (PAYMENTS_FIFO, "0 of 5 payments were sent"),
        "bodies of another form": (
            PAYMENTS_FIFO + sending("order", "event").replace("=text", "=json.dumps([text])"),
            "0 of 5 payments were sent",
        ),
        "without the retry": (
            PAYMENTS_FIFO + sending("order", "event", "payments[:4]"),
            "4 of 5 payments were sent",
        ),
        "the first two": (
            PAYMENTS_FIFO + sending("order", "event", "payments[:2]"),
            "2 of 5 payments were sent",
        ),
    },
    "poison": {
        "the policy alone": (GIVE_UP, "still holds it"),
        "set aside": (GIVE_UP + SET_ASIDE, "`F7` lies in `orders-dlq`"),
        "moved back": (
            GIVE_UP
            + SET_ASIDE
            + "sqs.start_message_move_task(SourceArn=dlq_arn)\nlab.clock.advance(seconds=1)\n",
            "1 order lies in `orders`",
        ),
    },
    "large": {
        "the small one": (
            'sqs.send_message(QueueUrl=artwork_queue, MessageBody=posters_to_send["hamlet"])\n',
            "missing: aida, tosca, carmen",
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
    """A learner at 09:00:28, with the cells run that exercises lean on."""
    learner = study("sqs")
    learner.run(*GIVEN)
    learner.lab.clock.advance(seconds=28)
    learner.names["payments"] = list(PAYMENTS)
    learner.names["posters_to_send"] = dict(POSTERS)
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
    ("id", "queue"),
    [("long-polling", "refunds"), ("visibility", "posters"), ("poison", "orders")],
)
def test_a_queue_that_the_learner_deleted_is_a_finding_and_can_be_laid_again(
    learner: Study, id: str, queue: str
) -> None:
    learner.lab.begin(id)
    learner.do(f'sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="{queue}")["QueueUrl"])')

    outcome = learner.lab.check(id)
    learner.lab.begin(id)
    learner.do(EXERCISES[id].solution)

    assert isinstance(outcome, Incorrect | NotYet)
    assert isinstance(learner.lab.check(id), Passed)


def test_exercises_can_be_done_in_any_order_and_twice(learner: Study) -> None:
    for id in [*reversed(EXERCISES), *EXERCISES]:
        learner.lab.begin(id)
        learner.do(EXERCISES[id].solution)

        assert isinstance(learner.lab.check(id), Passed), id


def test_the_lab_prints_what_the_checks_expect_of_its_given_values(learner: Study) -> None:
    learner.run("fifo-start", "large-start")

    assert learner.names["payments"] == list(PAYMENTS)
    assert learner.names["posters_to_send"] == POSTERS


def test_the_solutions_run_although_the_learner_left_the_starters_out(
    study: Callable[[str], Study],
) -> None:
    learner = study("sqs")
    left_out = {f"{id}-start": "" for id in EXERCISES if id not in ("fifo", "large")}

    shown = learner.run_all(left_out)  # the other two starters hold what is given

    assert all(shown[f"{id}-solved"].by_the_book for id in EXERCISES)
