"""Rules are in force in the sandbox that they were installed in, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from labkit import fidelity
from labkit.fidelity.registry import Rule
from labkit.fidelity.rulebook import Rulebook
from labkit.sandbox import Sandbox
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params


def send_nothing() -> None:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="")


def test_rules_end_with_their_sandbox() -> None:
    for _ in range(2):
        fidelity.open_sandbox("tests")
        with pytest.raises(ClientError):
            send_nothing()
        Sandbox.open("tests")
        send_nothing()
    Sandbox.current().close()


def test_rules_hold_in_every_region() -> None:
    sandbox = fidelity.open_sandbox("tests")
    sqs = sandbox.client("sqs", region="eu-west-1")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]

    with pytest.raises(ClientError, match="MessageBody"):
        sqs.send_message(QueueUrl=url, MessageBody="")
    sandbox.close()


def test_rules_hold_over_http() -> None:
    sandbox = fidelity.open_sandbox("tests")
    sqs = boto3.client("sqs", endpoint_url=sandbox.endpoint_url)
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]

    with pytest.raises(ClientError, match="MessageBody"):
        sqs.send_message(QueueUrl=url, MessageBody="")
    assert sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages") is None
    sandbox.close()


def test_rules_hold_for_the_old_query_protocol() -> None:
    import requests

    sandbox = fidelity.open_sandbox("tests")
    sandbox.client("sqs").create_queue(QueueName="orders")
    form = {
        "Action": "SendMessage",
        "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/orders",
        "MessageBody": "",
    }

    response = requests.post("https://sqs.us-east-1.amazonaws.com/", data=form, timeout=5)

    assert response.status_code == 400
    assert "<Code>MissingParameter</Code>" in response.text
    assert sandbox.calls.since(1)[0].error_code == "MissingParameter"
    sandbox.close()


@pytest.fixture
def box_office(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Puts rules for ListQueues in force and returns what they did, in order."""
    done: list[str] = []

    def put(*rules: tuple[str, Callable[..., Any]]) -> list[str]:
        registered = tuple(
            Rule("sqs", ("ListQueues",), when, "", "moto", function)  # type: ignore[arg-type]
            for when, function in rules
        )
        monkeypatch.setattr("labkit.fidelity.registry._rules", list(registered))
        sandbox = Sandbox.open("tests")
        book = Rulebook(sandbox)
        book.take_up("sqs")
        sandbox.choke.hooks.append(book)
        return done

    def say(word: str, answer: Any = None) -> Callable[..., Any]:
        def function(*_: Any) -> Any:
            done.append(word)
            return answer

        return function

    put.say = say  # type: ignore[attr-defined]
    yield put
    Sandbox.current().close()


def test_rules_refuse_then_answer_then_better(box_office: Any) -> None:
    def better(_: Exchange, answer: Params) -> Params:
        return answer | {"QueueUrls": [*answer["QueueUrls"], "bettered"]}

    done = box_office(
        ("after", better),
        ("instead", box_office.say("answers")),
        ("before", box_office.say("first")),
        ("before", box_office.say("second")),
    )
    boto3.client("sqs").create_queue(QueueName="orders")

    urls = boto3.client("sqs").list_queues()["QueueUrls"]

    assert done == ["first", "second", "answers"]
    assert urls[-1] == "bettered"


def test_an_answer_in_motos_stead_is_the_answer(box_office: Any) -> None:
    box_office(("instead", box_office.say("answers", {"QueueUrls": ["only this"]})))

    assert boto3.client("sqs").list_queues()["QueueUrls"] == ["only this"]


def test_a_refusal_stops_the_rest(box_office: Any) -> None:
    def refuse(_: Exchange) -> None:
        raise AwsError("AccessDenied", "Closed today.")

    done = box_office(
        ("before", refuse),
        ("before", box_office.say("too late")),
        ("instead", box_office.say("too late")),
        ("after", box_office.say("too late")),
    )

    with pytest.raises(ClientError, match="Closed today"):
        boto3.client("sqs").list_queues()
    assert done == []
