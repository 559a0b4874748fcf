"""Each test of a rule runs twice: with the rules, and as a canary on moto alone.

    @pytest.mark.mends    passes with labkit's rules, and must fail on moto alone
    @pytest.mark.right    passes both ways: moto does it as AWS does
    (no mark)             with labkit's rules only

A canary that passes says that moto has mended itself: the rule can go.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from labkit import runtime
from labkit.errors import LabError
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock

EXPECTED = (AssertionError, ClientError, LabError, KeyError, pytest.fail.Exception)
CANARY = pytest.mark.xfail(
    strict=True, raises=EXPECTED, reason="a canary: moto does not do as AWS does"
)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "mends: a correction of moto; moto alone must fail")
    config.addinivalue_line("markers", "right: moto alone is right")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "rules" not in metafunc.fixturenames:
        return
    ways = [pytest.param(True, id="labkit")]
    if metafunc.definition.get_closest_marker("mends"):
        ways.append(pytest.param(False, id="canary", marks=CANARY))
    if metafunc.definition.get_closest_marker("right"):
        ways.append(pytest.param(False, id="moto"))
    metafunc.parametrize("rules", ways)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """Drop the traceback of a canary, which nobody reads and which costs more than the test."""
    if not pyfuncitem.get_closest_marker("xfail"):
        return (yield)
    try:
        return (yield)
    except EXPECTED as error:
        raise error.with_traceback(None) from None


@pytest.fixture
def sandbox(rules: bool) -> Iterator[Sandbox]:
    opened = runtime.open_sandbox("tests") if rules else Sandbox.open("tests")
    yield opened
    opened.close()


@pytest.fixture
def clock(sandbox: Sandbox) -> Clock:
    return sandbox.clock


@pytest.fixture
def sqs(sandbox: Sandbox) -> Any:
    return sandbox.client("sqs")


@pytest.fixture
def kms(sandbox: Sandbox) -> Any:
    return sandbox.client("kms")


@pytest.fixture
def dynamodb(sandbox: Sandbox) -> Any:
    return sandbox.client("dynamodb")


@pytest.fixture
def create(sqs: Any) -> Callable[..., str]:
    """Creates a queue with attributes and returns its URL."""

    def create(name: str = "orders", **attributes: object) -> str:
        if name.endswith(".fifo"):
            attributes = {"FifoQueue": "true", **attributes}
        url = sqs.create_queue(
            QueueName=name, Attributes={key: _text(value) for key, value in attributes.items()}
        )["QueueUrl"]
        return str(url)

    return create


def _text(value: object) -> str:
    return json.dumps(value) if isinstance(value, dict) else str(value)


@pytest.fixture
def bodies(sqs: Any) -> Callable[..., list[str]]:
    """Receives once and returns the bodies."""

    def bodies(url: str, **parameters: object) -> list[str]:
        received = sqs.receive_message(QueueUrl=url, **{"MaxNumberOfMessages": 10, **parameters})
        return [message["Body"] for message in received.get("Messages", [])]

    return bodies


@pytest.fixture
def attributes(sqs: Any) -> Callable[[str], dict[str, str]]:
    """All attributes of a queue."""

    def attributes(url: str) -> dict[str, str]:
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return dict(found)

    return attributes


@pytest.fixture
def refusal() -> Callable[..., str]:
    """Makes a call that AWS refuses, and returns `code: message`."""

    def refusal(call: Callable[..., object], **parameters: object) -> str:
        with pytest.raises(ClientError) as caught:
            call(**parameters)
        error = caught.value.response["Error"]
        return f"{error['Code']}: {error['Message']}"

    return refusal
