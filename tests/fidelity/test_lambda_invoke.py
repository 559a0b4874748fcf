"""Invoke: a function runs its code, and Lambda turns away what is too much."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from labkit.errors import NotSimulated
from labkit.sandbox import Sandbox
from tests.runtime.conftest import TRUST, package

Refusal = Callable[..., str]
ARN = "arn:aws:lambda:us-east-1:123456789012:function:"

ECHO = """
    def handler(event, context):
        print("got", event)
        return {"event": event, "version": context.function_version}
"""


@pytest.fixture
def client(sandbox: Sandbox) -> Any:
    return sandbox.client("lambda")


@pytest.fixture
def role(sandbox: Sandbox) -> str:
    made = sandbox.client("iam").create_role(
        RoleName="worker", AssumeRolePolicyDocument=json.dumps(TRUST)
    )
    return str(made["Role"]["Arn"])


@pytest.fixture
def create(client: Any, role: str) -> Callable[..., str]:
    """Creates a function from its code and returns its name."""

    def create(code: str = ECHO, name: str = "worker", **settings: Any) -> str:
        given = {"Runtime": "python3.13", "Handler": "app.handler", **settings}
        client.create_function(
            FunctionName=name, Role=role, Code={"ZipFile": package(code)}, **given
        )
        return name

    return create


def answer(client: Any, name: str = "worker", event: object = None, **asked: Any) -> Any:
    """What the function answers."""
    got = client.invoke(FunctionName=name, Payload=json.dumps(event).encode(), **asked)
    return json.loads(got["Payload"].read())


@pytest.mark.mends
def test_a_function_runs_its_code(client: Any, create: Callable[..., str]) -> None:
    create()

    got = client.invoke(FunctionName="worker", Payload=b'{"seat": 12}', LogType="Tail")

    assert json.loads(got["Payload"].read()) == {"event": {"seat": 12}, "version": "$LATEST"}
    assert got["StatusCode"] == 200
    assert got["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in got
    log = base64.b64decode(got["LogResult"]).decode().splitlines()
    assert [line.split(" ")[0] for line in log] == ["START", "got", "END", "REPORT"]


def test_what_is_wrong_comes_back_with_status_200(client: Any, create: Callable[..., str]) -> None:
    create("def handler(event, context):\n    raise ValueError('no seat')\n")

    got = client.invoke(FunctionName="worker")

    assert (got["StatusCode"], got["FunctionError"]) == (200, "Unhandled")
    assert json.loads(got["Payload"].read())["errorMessage"] == "no seat"
    assert "LogResult" not in got


def test_a_function_goes_by_its_name_and_by_its_arn(
    client: Any, create: Callable[..., str]
) -> None:
    create()

    for name in ("worker", ARN + "worker", "123456789012:function:worker", "worker:$LATEST"):
        assert answer(client, name, 7)["event"] == 7


def test_a_function_that_is_not_there_is_named(
    client: Any, create: Callable[..., str], refusal: Refusal
) -> None:
    create()

    assert refusal(client.invoke, FunctionName="baker") == (
        f"ResourceNotFoundException: Function not found: {ARN}baker"
    )


def test_an_event_that_is_no_json_is_refused(
    client: Any, create: Callable[..., str], refusal: Refusal
) -> None:
    create()

    said = refusal(client.invoke, FunctionName="worker", Payload=b"{seat")

    assert said.startswith("InvalidRequestContentException: Could not parse request body into json")


def test_a_dry_run_runs_nothing(client: Any, create: Callable[..., str]) -> None:
    create("raise Exception")

    got = client.invoke(FunctionName="worker", InvocationType="DryRun")

    assert got["StatusCode"] == 204
    assert got["Payload"].read() == b""


def test_a_version_keeps_the_code_that_it_was_published_with(
    client: Any, create: Callable[..., str]
) -> None:
    create("def handler(event, context):\n    return 'old'\n")
    client.publish_version(FunctionName="worker")
    client.update_function_code(
        FunctionName="worker",
        ZipFile=package("def handler(event, context):\n    return 'new'\n"),
    )
    client.create_alias(FunctionName="worker", Name="live", FunctionVersion="1")

    assert answer(client) == "new"
    assert answer(client, Qualifier="1") == "old"
    assert answer(client, Qualifier="live") == "old"
    assert answer(client, "worker:live") == "old"


def test_an_alias_splits_its_traffic_by_weight(client: Any, create: Callable[..., str]) -> None:
    create()
    client.publish_version(FunctionName="worker")
    client.update_function_configuration(FunctionName="worker", Description="second")
    client.publish_version(FunctionName="worker")
    client.create_alias(
        FunctionName="worker",
        Name="live",
        FunctionVersion="1",
        RoutingConfig={"AdditionalVersionWeights": {"2": 0.25}},
    )

    versions = [answer(client, Qualifier="live")["version"] for _ in range(80)]

    assert set(versions) == {"1", "2"}
    assert 10 <= versions.count("2") <= 30


def test_no_reserved_concurrency_turns_every_event_away(
    client: Any, create: Callable[..., str]
) -> None:
    create()
    client.put_function_concurrency(FunctionName="worker", ReservedConcurrentExecutions=0)

    with pytest.raises(ClientError) as caught:
        client.invoke(FunctionName="worker")

    assert caught.value.response["Error"]["Code"] == "TooManyRequestsException"
    assert caught.value.response["Error"]["Message"] == "Rate Exceeded."
    assert caught.value.response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_a_function_in_another_language_is_told_as_what_it_is(
    client: Any, create: Callable[..., str]
) -> None:
    create("exports.handler = async () => 1", Runtime="nodejs22.x", Handler="index.handler")

    with pytest.raises(NotSimulated, match="worker, whose runtime is nodejs22"):
        client.invoke(FunctionName="worker")
