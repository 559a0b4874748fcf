"""Each exercise of the lab on Lambda: what passes, what does not, what is said.

A wrong way has a name, the code that a learner would write, and words that only its own message
has. `try_to` lets AWS refuse a call, as it would in the learner's cell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.exercises import load
from labkit.exercises.checks.lambda_functions import batch, failed, longer, sender, upload
from labkit.exercises.frame import Incorrect, NotYet, Passed
from tests.labs.study import Study

EXERCISES = {exercise.id: exercise for exercise in load("lambda_functions")}
# The cells that exercises lean on: helpers, and what these need.
GIVEN = (
    *("open", "role", "create", "receipt", "call", "starts", "tell", "destination"),
    *("destination-set", "queue", "lines", "send-orders", "announce"),
)


def configure(name: str, settings: str) -> str:
    return f'lam.update_function_configuration(FunctionName="{name}", {settings})\n'


def upload_code(name: str, code: str) -> str:
    return f'lam.update_function_code(FunctionName="{name}", ZipFile=package({code!r}))\n'


POSTER = 'call("poster", {})\n'
MAIL = 'call("mail", {})\n'
ALL_THREE = "{'BUCKET': 'receipts', 'LANGUAGE': 'de', 'SENDER': 'tickets@example.com'}"


def variables(values: str) -> str:
    return configure("mail", f'Environment={{"Variables": {values}}}')


def on_event(where: str = '"OnFailure"', more: str = "MaximumRetryAttempts=1, ") -> str:
    return (
        f'lam.put_function_event_invoke_config(FunctionName="refunds", {more}'
        f'DestinationConfig={{{where}: {{"Destination": arn_of("refunds-failed")}}}})\n'
    )


TELL = 'tell("refunds", {"order": 77, "cents": 90000})\n'
SETTLE = "lab.settle()\n"

CAREFUL = """\
import json

def handler(event, context):
    failed = []
    for record in event["Records"]:
        try:
            print("TICKET", json.loads(record["body"])["seat"])
        except ValueError:
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
"""
SWALLOWS = """\
import json

def handler(event, context):
    for record in event["Records"]:
        try:
            print("TICKET", json.loads(record["body"])["seat"])
        except ValueError:
            print("bad order", record["body"])
"""
MAPPING = '[m] = lam.list_event_source_mappings(FunctionName="tickets")["EventSourceMappings"]\n'


def mapping(settings: str) -> str:
    return MAPPING + f'lam.update_event_source_mapping(UUID=m["UUID"], {settings})\n'


REPORTS = mapping('FunctionResponseTypes=["ReportBatchItemFailures"]')
SEND = "send_orders()\n"


def permit(more: str, principal: str = "s3.amazonaws.com") -> str:
    return (
        'lam.add_permission(FunctionName="thumbnail", StatementId="posters", '
        f'Action="lambda:InvokeFunction", Principal="{principal}"{more})\n'
    )


PERMIT = permit(', SourceArn="arn:aws:s3:::shop-posters"')
ANNOUNCE = 'announce("shop-posters", "thumbnail", "new/")\n'
PUT = 's3.put_object(Bucket="shop-posters", Key="new/romeo.png", Body=b"a poster")\n'
WAIT = "lab.clock.advance(seconds=10)\n"
RULE = (
    '{"LambdaFunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:thumbnail", '
    '"Events": ["%s"]%s}'
)


def notify(event: str, filters: str = "") -> str:
    return (
        's3.put_bucket_notification_configuration(Bucket="shop-posters", '
        'NotificationConfiguration={"LambdaFunctionConfigurations": ['
        + RULE % (event, filters)
        + "]})\n"
    )


NEW_PNG = (
    ', "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "new/"}, '
    '{"Name": "suffix", "Value": ".png"}]}}'
)
PNG = ', "Filter": {"Key": {"FilterRules": [{"Name": "suffix", "Value": ".png"}]}}'

RIGHT = {
    "longer": {
        "with more memory besides": configure("poster", "Timeout=15, MemorySize=512") + POSTER,
        "after a time that was too short": configure("poster", "Timeout=5")
        + POSTER
        + configure("poster", "Timeout=9")
        + POSTER,
    },
    "sender": {
        "written out": variables(ALL_THREE) + MAIL,
        "after losing the others": variables("{'SENDER': 'tickets@example.com'}")
        + MAIL.replace("call", "print")
        + variables(ALL_THREE)
        + MAIL,
    },
    "failed": {
        "in two calls": on_event(more="")
        + 'lam.update_function_event_invoke_config(FunctionName="refunds", '
        + "MaximumRetryAttempts=1)\n"
        + TELL
        + SETTLE,
        "with a destination for success, on the clock": on_event()
        + 'where = {"Destination": arn_of("refunds-failed")}\n'
        + 'lam.update_function_event_invoke_config(FunctionName="refunds", '
        + 'DestinationConfig={"OnFailure": where, "OnSuccess": where})\n'
        + TELL
        + "lab.clock.advance(minutes=10)\n",
    },
    "batch": {
        "the mapping first": REPORTS + upload_code("tickets", CAREFUL) + SEND,
        "the mapping made anew": upload_code("tickets", CAREFUL)
        + MAPPING
        + 'lam.delete_event_source_mapping(UUID=m["UUID"])\n'
        + 'lam.create_event_source_mapping(FunctionName="tickets", EventSourceArn=arn_of("paid"), '
        + 'BatchSize=10, FunctionResponseTypes=["ReportBatchItemFailures"])\n'
        + SEND,
    },
    "upload": {
        "for one kind of file": PERMIT + notify("s3:ObjectCreated:*", NEW_PNG) + PUT + WAIT,
        "for PUT alone, settled": PERMIT + notify("s3:ObjectCreated:Put", NEW_PNG) + PUT + SETTLE,
    },
}

WRONG = {
    "longer": {
        "more memory": (configure("poster", "MemorySize=1024") + POSTER, "has 1024 MB now"),
        "too short": (configure("poster", "Timeout=6") + POSTER, "on top, so leave some room"),
        "the most there is": (configure("poster", "Timeout=900") + POSTER, "The day it hangs"),
        "less work": (
            upload_code("poster", "def handler(event, context):\n    return {}\n") + POSTER,
            "The code of `poster` is another one",
        ),
    },
    "sender": {
        "alone": (variables("{'SENDER': 'tickets@example.com'}"), "`BUCKET` and `LANGUAGE` are"),
        "in small letters": (
            variables("{'BUCKET': 'receipts', 'LANGUAGE': 'de', 'sender': 'x'}"),
            "count upper and lower case",
        ),
        "another address": (
            variables(ALL_THREE.replace("tickets@", "ticket@")),
            "A slip of the keys",
        ),
        "another language": (variables(ALL_THREE.replace("de", "en")), "has another value"),
        "in the code": (
            upload_code("mail", sender.CODE.replace('"nobody"', '"tickets@example.com"')) + MAIL,
            "belongs into settings",
        ),
    },
    "failed": {
        "a dead-letter queue": (
            configure("refunds", 'DeadLetterConfig={"TargetArn": arn_of("refunds-failed")}'),
            "with a code and a sentence beside it",
        ),
        "for what succeeds": (on_event('"OnSuccess"'), "An event has two ends"),
        "tries by default": (on_event(more=""), "was left to the default"),
        "no retry": (on_event(more="MaximumRetryAttempts=0, "), "`MaximumRetryAttempts` is 0"),
        "waiting for the answer": (
            on_event() + 'call("refunds", {"order": 77, "cents": 90000})\n',
            "by a call that waited",
        ),
    },
    "batch": {
        "one by one": (mapping("BatchSize=1") + SEND, "ten times the invocations"),
        "the mapping alone": (REPORTS + SEND, "got 3 tickets"),
        "the code alone": (
            upload_code("tickets", CAREFUL) + SEND,
            "The mapping does not read what the function returns. A handler",
        ),
        "errors swallowed": (
            upload_code("tickets", SWALLOWS) + REPORTS + SEND,
            "The function names no message that has failed. A handler",
        ),
        "the mapping deleted": (
            MAPPING + 'lam.delete_event_source_mapping(UUID=m["UUID"])\n',
            "Nothing hands the messages",
        ),
    },
    "upload": {
        "open to all": (permit("", "*") + ANNOUNCE, "Everybody may invoke the function"),
        "for any bucket": (permit("") + ANNOUNCE + PUT + WAIT, "a stranger's bucket can call"),
        "all that is created": (
            PERMIT + notify("s3:ObjectCreated:*") + PUT + WAIT,
            "Each would set it off again",
        ),
        "what is deleted": (PERMIT + notify("s3:ObjectRemoved:*", NEW_PNG), "covers PUT, POST"),
    },
}

ON_THE_WAY = {
    "longer": {
        "called": (POSTER, "it is the default"),
        "set": (configure("poster", "Timeout=12"), "Prove it: call it once more"),
    },
    "sender": {
        "called": (MAIL, "has no `SENDER`"),
        "set": (variables(ALL_THREE), "Call `mail`, and read"),
    },
    "failed": {
        "nothing done": (TELL + SETTLE, "and then it is gone"),
        "set": (on_event(), "Prove it: send order 77"),
        "sent": (on_event() + TELL, "A minute lies between the tries"),
        "sent too early": (TELL + SETTLE + on_event(), "send it again"),
    },
    "batch": {
        "nothing done": (SEND, "are as they were"),
        "code only": (upload_code("tickets", CAREFUL), "The mapping does not read"),
        "mapping only": (REPORTS, "The function returns nothing"),
        "not waited": (
            upload_code("tickets", CAREFUL)
            + REPORTS
            + SEND.replace(
                "send_orders()",
                "sqs.send_message(QueueUrl=sqs.get_queue_url("
                'QueueName="paid")["QueueUrl"], MessageBody="F7")',
            ),
            "Not every good order has its ticket yet",
        ),
    },
    "upload": {
        "permitted": (PERMIT, "S3 may invoke it."),
        "announced": (PERMIT + ANNOUNCE, "Prove it: put an object"),
        "put": (PERMIT + ANNOUNCE + PUT, "S3 invokes asynchronously"),
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
    learner = study("lambda_functions")
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
    ("id", "name"),
    [
        ("longer", longer.NAME),
        ("sender", sender.NAME),
        ("failed", failed.NAME),
        ("batch", batch.NAME),
        ("upload", upload.NAME),
    ],
)
def test_what_the_learner_deleted_is_a_finding_and_can_be_laid_again(
    learner: Study, id: str, name: str
) -> None:
    learner.lab.begin(id)
    learner.do(f'lam.delete_function(FunctionName="{name}")')

    outcome = learner.lab.check(id)
    learner.lab.begin(id)
    learner.do(EXERCISES[id].solution)

    assert isinstance(outcome, Incorrect | NotYet), outcome
    assert isinstance(learner.lab.check(id), Passed)


def test_exercises_can_be_done_in_any_order_and_twice(learner: Study) -> None:
    for id in [*reversed(EXERCISES), *EXERCISES]:
        learner.lab.begin(id)
        assert isinstance(learner.lab.check(id), NotYet), id
        learner.do(EXERCISES[id].solution)

        assert isinstance(learner.lab.check(id), Passed), id


def test_the_solutions_run_although_the_learner_left_the_starters_out(
    study: Callable[[str], Study],
) -> None:
    learner = study("lambda_functions")

    shown = learner.run_all({f"{id}-start": "" for id in EXERCISES})

    assert all(shown[f"{id}-solved"].by_the_book for id in EXERCISES)
