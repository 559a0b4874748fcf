"""Rules are in force in the sandbox that they were installed in, and nowhere else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from labkit import fidelity
from labkit.fidelity.registry import Rule, When
from labkit.fidelity.rulebook import SERVICES, Rulebook
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
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    sandbox = fidelity.open_sandbox("tests")
    sandbox.client("sqs").create_queue(QueueName="orders")
    form = {
        "Action": "SendMessage",
        "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/orders",
        "MessageBody": "",
    }

    signed = AWSRequest("POST", "https://sqs.us-east-1.amazonaws.com/", data=form)
    SigV4Auth(sandbox.session.get_credentials(), "sqs", "us-east-1").add_auth(signed)
    response = requests.post(signed.url, data=form, headers=dict(signed.headers), timeout=5)

    assert response.status_code == 400
    assert "<Code>MissingParameter</Code>" in response.text
    assert sandbox.calls.since(1)[0].error_code == "MissingParameter"
    sandbox.close()


class BoxOffice:
    """Rules of its own for ListQueues, and what they did, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[str] = []
        self._monkeypatch = monkeypatch

    def says(self, word: str, answer: Params | None = None) -> Callable[..., Any]:
        """A rule's function that notes that it was called, and returns `answer`."""

        def function(*_: Any) -> Params | None:
            self.done.append(word)
            return answer

        return function

    def has(self, *rules: tuple[When, Callable[..., Any]]) -> None:
        """Put rules in force in a sandbox that has no others."""
        registered = [
            Rule("sqs", ("ListQueues",), when, "", "moto", function) for when, function in rules
        ]
        self._monkeypatch.setattr("labkit.fidelity.registry._rules", registered)
        sandbox = Sandbox.open("tests")
        book = Rulebook(sandbox)
        book.take_up("sqs")
        sandbox.choke.hooks.append(book)


@pytest.fixture
def box_office(monkeypatch: pytest.MonkeyPatch) -> Iterator[BoxOffice]:
    yield BoxOffice(monkeypatch)
    Sandbox.current().close()


def test_rules_refuse_then_answer_then_better(box_office: BoxOffice) -> None:
    def better(_: Exchange, answer: Params) -> Params:
        return answer | {"QueueUrls": [*answer["QueueUrls"], "bettered"]}

    box_office.has(
        ("after", better),
        ("instead", box_office.says("answers")),
        ("before", box_office.says("first")),
        ("before", box_office.says("second")),
    )
    boto3.client("sqs").create_queue(QueueName="orders")

    urls = boto3.client("sqs").list_queues()["QueueUrls"]

    assert box_office.done == ["first", "second", "answers"]
    assert urls[-1] == "bettered"


def test_an_answer_in_motos_stead_is_bettered_too(box_office: BoxOffice) -> None:
    box_office.has(
        ("instead", box_office.says("answers", {"QueueUrls": ["only this"]})),
        ("instead", box_office.says("too late", {"QueueUrls": ["not this"]})),
        ("after", box_office.says("looks")),
    )

    assert boto3.client("sqs").list_queues()["QueueUrls"] == ["only this"]
    assert box_office.done == ["answers", "looks"]


def test_a_refusal_stops_the_rest(box_office: BoxOffice) -> None:
    def refuse(_: Exchange) -> None:
        raise AwsError("AccessDenied", "Closed today.")

    box_office.has(
        ("before", refuse),
        ("before", box_office.says("too late")),
        ("instead", box_office.says("too late")),
        ("after", box_office.says("too late")),
    )

    with pytest.raises(ClientError, match="Closed today"):
        boto3.client("sqs").list_queues()
    assert box_office.done == []


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "basics"])
def test_rules_hold_when_the_ledger_is_asked_for_before_the_service(service: str) -> None:
    code = (
        "from importlib import import_module\n"
        "from labkit import runtime\n"
        "from labkit.fidelity import registry, rulebook\n"
        "runtime.open_sandbox('tests')\n"
        f"runtime.ledger({service!r})\n"
        f"import_module(rulebook.SERVICES[{service!r}])\n"
        "kept = rulebook._in_force[0]._rules.items()\n"
        f"held = sum(len(rules) for (_, name, _), rules in kept if name == {service!r})\n"
        f"print(held, sum(len(rule.operations) for rule in registry.rules({service!r})))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60
    )

    held, registered = ran.stdout.split()
    assert held == registered
