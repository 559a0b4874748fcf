"""The facade that a notebook holds: what each call does, and what it says when it cannot."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

import labkit
from labkit.errors import (
    ClosedLab,
    LabError,
    UnknownExercise,
    UnknownQuestion,
    UnknownSlug,
    UsageError,
)
from labkit.exercises.frame import NotYet, Passed
from labkit.exercises.progress import Progress
from labkit.lab import LEDGER_LINES, Lab
from labkit.sandbox.clock import START
from labkit.widgets.quiz import Answer


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LABKIT_DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def lab() -> Iterator[Lab]:
    with labkit.start("sqs") as opened:
        yield opened


def poll_refunds(wait_s: int) -> None:
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="refunds")["QueueUrl"]
    sqs.receive_message(QueueUrl=url, WaitTimeSeconds=wait_s)


# --- opening and closing -----------------------------------------------------------------------


def test_a_lab_opens_at_the_start_time_and_says_so(lab: Lab) -> None:
    assert lab.clock.now == START
    assert repr(lab) == "Lab sqs is open: 5 exercises, 2026-01-05 09:00:00 (virtual)."


def test_plain_boto3_works_whether_the_client_was_made_before_or_after() -> None:
    before = boto3.client("sqs", region_name="us-east-1")
    with labkit.start("sqs"):
        url = before.create_queue(QueueName="orders")["QueueUrl"]

        assert boto3.client("sqs").list_queues()["QueueUrls"] == [url]
        assert "/123456789012/" in url


def test_starting_again_closes_the_earlier_lab_and_begins_afresh(lab: Lab) -> None:
    boto3.client("sqs").create_queue(QueueName="orders")
    lab.clock.advance(seconds=5)

    fresh = labkit.start("sqs")

    assert "QueueUrls" not in boto3.client("sqs").list_queues()
    assert fresh.clock.now == START
    assert repr(lab) == "Lab sqs: closed (labkit.start was called again)."
    fresh.close()


def test_closing_the_earlier_lab_late_leaves_the_fresh_one_open(lab: Lab) -> None:
    with labkit.start("sqs") as fresh:
        lab.close()

        assert fresh.clock.now == START
        assert Lab.current is fresh


def test_the_same_calls_have_the_same_ids_in_every_fresh_lab() -> None:
    def ids() -> list[str]:
        with labkit.start("sqs"):
            sqs = boto3.client("sqs")
            url = sqs.create_queue(QueueName="orders")["QueueUrl"]
            return [
                sqs.send_message(QueueUrl=url, MessageBody="seat")["MessageId"] for _ in range(3)
            ]

    first, second = ids(), ids()

    assert first == second
    assert len(set(first)) == 3


def test_a_lab_says_how_far_dynamodbs_replicas_lag_behind(lab: Lab) -> None:
    dynamodb = boto3.client("dynamodb")
    dynamodb.create_table(
        TableName="seats",
        KeySchema=[{"AttributeName": "seat", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "seat", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.get_waiter("table_exists").wait(TableName="seats")
    lab.dynamodb.replica_lag_s = 1
    seat = {"seat": {"S": "F7"}}
    dynamodb.put_item(TableName="seats", Item=seat)

    def seen() -> bool:
        return "Item" in dynamodb.get_item(TableName="seats", Key=seat)

    assert not seen()
    lab.clock.advance(seconds=1)
    assert seen()


def test_a_lab_says_where_a_stage_answers_on_this_machine(lab: Lab) -> None:
    import requests

    client = boto3.client("apigateway")
    api = client.create_rest_api(name="shop")
    where = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    client.put_method(**where, authorizationType="NONE")
    client.put_integration(
        **where, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'}
    )
    client.put_method_response(**where, statusCode="200")
    client.put_integration_response(**where, statusCode="200")
    client.create_deployment(restApiId=api["id"], stageName="prod")

    url = lab.invoke_url(api["id"], "prod")

    assert url.startswith("http://127.0.0.1:")
    assert requests.get(url, timeout=5).status_code == 200
    with pytest.raises(UsageError, match=r"has no stage 'test'\. It has 'prod'"):
        lab.invoke_url(api["id"], "test")
    with pytest.raises(UsageError, match="no API 'nowhere'"):
        lab.invoke_url("nowhere", "prod")


@pytest.mark.parametrize("lag_s", [-1, float("inf"), float("nan")])
def test_a_lag_that_is_none_is_refused(lab: Lab, lag_s: float) -> None:
    with pytest.raises(UsageError, match=f"replica_lag_s must be 0 or more, got {lag_s}"):
        lab.dynamodb.replica_lag_s = lag_s


def test_a_setting_that_dynamodb_does_not_have_is_refused(lab: Lab) -> None:
    with pytest.raises(UsageError, match="no setting 'lag'"):
        lab.dynamodb.lag = 1  # type: ignore[attr-defined]


def test_a_with_block_closes_the_lab_even_when_it_fails() -> None:
    with pytest.raises(ZeroDivisionError), labkit.start("sqs") as opened:
        _ = 1 / 0

    assert repr(opened) == "Lab sqs: closed (lab.close was called)."
    assert Lab.current is None


def test_closing_twice_is_fine(lab: Lab) -> None:
    lab.close()
    lab.close()


def test_an_unknown_slug_is_told_the_nearest_and_leaves_the_open_lab_alone(lab: Lab) -> None:
    with pytest.raises(UnknownSlug, match=r"""There is no lab 'sqz'.*labkit\.start\("sqs"\)"""):
        labkit.start("sqz")

    assert lab.clock.now == START


CALLS: list[Any] = [
    pytest.param(lambda lab: lab.clock, "lab.clock", id="clock"),
    pytest.param(lambda lab: lab.faults, "lab.faults", id="faults"),
    pytest.param(lambda lab: lab.dynamodb, "lab.dynamodb", id="dynamodb"),
    pytest.param(lambda lab: lab.aws, "lab.aws", id="aws"),
    pytest.param(lambda lab: lab.beanstalk, "lab.beanstalk", id="beanstalk"),
    pytest.param(lambda lab: lab.mailbox("ana@example.com"), "lab.mailbox", id="mailbox"),
    pytest.param(lambda lab: lab.metadata("i-0abc"), "lab.metadata", id="metadata"),
    pytest.param(lambda lab: lab.begin("fifo"), "lab.begin", id="begin"),
    pytest.param(lambda lab: lab.check("fifo"), "lab.check", id="check"),
    pytest.param(lambda lab: lab.hint("fifo"), "lab.hint", id="hint"),
    pytest.param(lambda lab: lab.solution("fifo"), "lab.solution", id="solution"),
    pytest.param(lambda lab: lab.predict("sqs-predict-empty-poll"), "lab.predict", id="predict"),
    pytest.param(lambda lab: lab.quiz(), "lab.quiz", id="quiz"),
    pytest.param(lambda lab: lab.progress(), "lab.progress", id="progress"),
    pytest.param(lambda lab: lab.settle(), "lab.settle", id="settle"),
    pytest.param(lambda lab: lab.invoke_url("a1", "prod"), "lab.invoke_url", id="invoke_url"),
    pytest.param(lambda lab: lab.ledger(), "lab.ledger", id="ledger"),
    pytest.param(lambda lab: lab.cost(), "lab.cost", id="cost"),
    pytest.param(lambda lab: lab.enforce_iam(), "lab.enforce_iam", id="enforce_iam"),
    pytest.param(lambda lab: lab.as_user("ana"), "lab.as_user", id="as_user"),
    pytest.param(lambda lab: lab.as_role("box-office"), "lab.as_role", id="as_role"),
    pytest.param(lambda lab: lab.as_root(), "lab.as_root", id="as_root"),
    pytest.param(lambda lab: lab.as_account("210987654321"), "lab.as_account", id="as_account"),
    pytest.param(lambda lab: lab.mfa_code("GEZDGNBV"), "lab.mfa_code", id="mfa_code"),
    pytest.param(lambda lab: lab.on_instance("i-0abc"), "lab.on_instance", id="on_instance"),
    pytest.param(lambda lab: lab.why(), "lab.why", id="why"),
    pytest.param(lambda lab: lab.__enter__(), "with lab", id="with"),
]


@pytest.mark.parametrize(("call", "name"), CALLS)
def test_a_closed_lab_says_why_it_is_closed_and_how_to_open_another(
    lab: Lab, call: Any, name: str
) -> None:
    lab.close()

    with pytest.raises(ClosedLab) as refusal:
        call(lab)

    assert str(refusal.value) == (
        f"{name}: this lab is closed, since lab.close was called. "
        "A closed lab's resources are gone. "
        'Open a fresh one: lab = labkit.start("sqs").'
    )


def test_every_public_call_is_tried_on_a_closed_lab() -> None:
    public = {name for name in dir(Lab) if not name.startswith("_")} - {"close", "current"}

    assert public == {case.id for case in CALLS} - {"with"}


# --- exercises ---------------------------------------------------------------------------------


def test_a_pass_of_the_learners_own_is_kept(lab: Lab) -> None:
    lab.begin("long-polling")
    poll_refunds(0)
    assert isinstance(lab.check("long-polling"), NotYet)
    assert Progress().passed("sqs") == ()

    poll_refunds(20)

    assert isinstance(lab.check("long-polling"), Passed)
    assert Progress().passed("sqs") == ("long-polling",)


def test_a_pass_of_the_books_is_not_kept(lab: Lab) -> None:
    lab.solution("long-polling")
    poll_refunds(20)

    outcome = lab.check("long-polling")

    assert repr(outcome).startswith("Passed (the book's solution).")
    assert Progress().passed("sqs") == ()


def test_a_check_prints_the_same_whether_or_not_the_exercise_was_passed_before(lab: Lab) -> None:
    lab.begin("long-polling")
    before = repr(lab.check("long-polling"))
    Progress().record("sqs", "long-polling")

    assert repr(lab.check("long-polling")) == before


@pytest.mark.parametrize("call", ["begin", "check", "hint", "solution"])
def test_an_unknown_exercise_is_told_the_nearest(lab: Lab, call: str) -> None:
    with pytest.raises(UnknownExercise, match="Did you mean 'poison'"):
        getattr(lab, call)("poisson")


def test_progress_lists_every_exercise_and_counts_what_is_passed(lab: Lab) -> None:
    lab.begin("long-polling")
    poll_refunds(20)
    lab.check("long-polling")

    text = repr(lab.progress())

    assert text.startswith("1 of 5 exercises passed.\n■ passed  `long-polling`")
    assert text.count("□ to do") == 4


def test_progress_that_cannot_be_kept_still_counts_and_the_check_still_answers(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (data_folder / "file").write_text("")
    monkeypatch.setenv("LABKIT_DATA_DIR", str(data_folder / "file" / "deeper"))
    with labkit.start("sqs") as lab:
        lab.begin("long-polling")
        poll_refunds(20)

        assert isinstance(lab.check("long-polling"), Passed)
        assert repr(lab.progress()).startswith("1 of 5")
    assert capsys.readouterr().err.count("\n") == 1


# --- questions ---------------------------------------------------------------------------------


def test_a_prediction_is_asked_with_its_answer_folded(lab: Lab) -> None:
    asked = lab.predict("sqs-predict-empty-poll")

    assert "What comes back, and when?" in repr(asked)
    assert "<details" in asked._repr_html_()


def test_an_unknown_prediction_is_told_the_nearest(lab: Lab) -> None:
    with pytest.raises(UnknownQuestion, match="sqs-predict-empty-poll"):
        lab.predict("sqs-predict-empty")


def test_the_quiz_asks_the_whole_bank(lab: Lab) -> None:
    from labkit import questions

    assert [one.id for one in lab.quiz().questions] == [one.id for one in questions.load("sqs")]


def test_what_a_learner_answers_is_kept_and_shown_at_the_next_quiz(lab: Lab) -> None:
    given = {"chosen": ["silent"], "tries": 1, "state": "right"}
    widget = lab.predict("sqs-predict-empty-poll").widget()

    widget.answers = {"sqs-predict-empty-poll": given}

    assert Progress().answers("sqs") == {"sqs-predict-empty-poll": given}
    again = lab.quiz().widget().answers
    assert again["sqs-predict-empty-poll"] == Answer(("silent",), 1, "right").as_dict()


# --- ledger and cost ---------------------------------------------------------------------------


def test_the_ledger_of_a_lab_is_what_it_touches_in_a_few_lines(lab: Lab) -> None:
    boto3.client("sqs").create_queue(QueueName="orders")

    shown = lab.ledger()

    lines = shown.paragraphs[1:-1]
    assert 1 <= len(lines) <= LEDGER_LINES
    assert all("On AWS" in line for line in lines)
    assert 'lab.ledger("sqs")' in shown.paragraphs[-1]


def test_a_service_that_nobody_checked_against_aws_is_named_as_such(lab: Lab) -> None:
    boto3.client("athena").list_work_groups()

    assert "not yet checked against AWS: athena." in repr(lab.ledger())


def test_the_ledger_of_a_service_is_whole(lab: Lab) -> None:
    from labkit import runtime

    shown = lab.ledger("sqs")

    assert len(shown.paragraphs) - 1 == len(runtime.ledger("sqs"))


def test_the_ledger_of_a_service_that_has_none_says_so(lab: Lab) -> None:
    with pytest.raises(UsageError, match="no ledger for 'quantum'"):
        lab.ledger("quantum")


def test_the_bill_counts_the_learners_calls_and_none_of_labkits(lab: Lab) -> None:
    lab.begin("long-polling")
    poll_refunds(0)  # GetQueueUrl and ReceiveMessage
    lab.check("long-polling")

    (line,) = lab.cost().lines

    assert (line.service, line.quantity) == ("SQS", 2)


def test_every_refusal_of_the_facade_is_a_lab_error() -> None:
    for error in (ClosedLab, UnknownExercise, UnknownQuestion, UnknownSlug):
        assert issubclass(error, LabError)


def test_opening_a_lab_loads_no_widgets_and_no_notebook() -> None:
    code = (
        "import sys, labkit; labkit.start('sqs').begin('fifo');"
        "print(sorted({'IPython', 'ipywidgets', 'plotly', 'anywidget'} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "[]"
