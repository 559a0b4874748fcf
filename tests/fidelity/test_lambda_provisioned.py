"""Provisioned concurrency: started beforehand, and no cold start until it is used up."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from tests.runtime.conftest import TRUST, package

Refusal = Callable[..., str]
ASKED = {"FunctionName": "worker", "Qualifier": "1"}


@pytest.fixture
def client(sandbox: Sandbox) -> Any:
    """Lambda, with a function whose version 1 is published."""
    role = sandbox.client("iam").create_role(
        RoleName="worker", AssumeRolePolicyDocument=json.dumps(TRUST)
    )
    client = sandbox.client("lambda")
    client.create_function(
        FunctionName="worker",
        Runtime="python3.13",
        Handler="app.handler",
        Role=role["Role"]["Arn"],
        Code={"ZipFile": package("def handler(event, context):\n    return event\n")},
        Publish=True,
    )
    return client


def put(client: Any, count: int = 2, **asked: str) -> Any:
    return client.put_provisioned_concurrency_config(
        **(asked or ASKED), ProvisionedConcurrentExecutions=count
    )


def starts_cold(client: Any, **asked: str) -> bool:
    got = client.invoke(**asked, LogType="Tail")
    return b"Init Duration" in base64.b64decode(got["LogResult"])


@pytest.mark.mends
def test_a_version_s_environments_can_be_started_beforehand(
    client: Any, clock: Clock, refusal: Refusal
) -> None:
    made = put(client)
    assert (made["Status"], made["AllocatedProvisionedConcurrentExecutions"]) == ("IN_PROGRESS", 0)
    assert starts_cold(client, FunctionName="worker")

    clock.advance(minutes=2)

    assert not starts_cold(client, **ASKED)
    clock.advance(hours=5)
    assert not starts_cold(client, **ASKED)
    said = refusal(put, client=client, FunctionName="worker", Qualifier="$LATEST")
    assert said.startswith("InvalidParameterValueException: Provisioned Concurrency Configs cannot")


@pytest.mark.mends
def test_provisioned_concurrency_can_be_looked_up(
    client: Any, clock: Clock, refusal: Refusal
) -> None:
    with pytest.raises(ClientError) as caught:
        client.get_provisioned_concurrency_config(**ASKED)
    assert caught.value.response["Error"]["Code"] == "ProvisionedConcurrencyConfigNotFoundException"
    put(client)
    clock.advance(minutes=2)

    found = client.get_provisioned_concurrency_config(**ASKED)

    assert found["Status"] == "READY"
    assert found["RequestedProvisionedConcurrentExecutions"] == 2
    assert found["AvailableProvisionedConcurrentExecutions"] == 2


@pytest.mark.mends
def test_provisioned_concurrency_can_be_listed(client: Any) -> None:
    put(client)

    listed = client.list_provisioned_concurrency_configs(FunctionName="worker")

    (one,) = listed["ProvisionedConcurrencyConfigs"]
    assert one["FunctionArn"] == "arn:aws:lambda:us-east-1:123456789012:function:worker:1"


@pytest.mark.mends
def test_provisioned_concurrency_can_be_given_back(client: Any, clock: Clock) -> None:
    put(client)
    client.delete_provisioned_concurrency_config(**ASKED)
    clock.advance(minutes=2)

    listed = client.list_provisioned_concurrency_configs(FunctionName="worker")

    assert listed["ProvisionedConcurrencyConfigs"] == []
    assert starts_cold(client, **ASKED)


@pytest.mark.mends
def test_provisioned_concurrency_follows_its_alias(client: Any, clock: Clock) -> None:
    live = {"FunctionName": "worker", "Qualifier": "live"}
    client.create_alias(FunctionName="worker", Name="live", FunctionVersion="1")
    put(client, **live)
    clock.advance(minutes=2)
    client.update_function_configuration(FunctionName="worker", Timeout=9)
    client.publish_version(FunctionName="worker")

    client.update_alias(FunctionName="worker", Name="live", FunctionVersion="2")

    assert client.get_provisioned_concurrency_config(**live)["Status"] == "IN_PROGRESS"
    clock.advance(minutes=20)
    assert client.get_provisioned_concurrency_config(**live)["Status"] == "READY"
    assert not starts_cold(client, **live)
    assert starts_cold(client, **ASKED)  # those of version 1 were given up, and grew old


@pytest.mark.mends
def test_a_deleted_function_leaves_no_environment_behind(client: Any, clock: Clock) -> None:
    put(client)
    clock.advance(minutes=2)
    role = client.get_function_configuration(FunctionName="worker")["Role"]

    client.delete_function(FunctionName="worker")
    client.create_function(
        FunctionName="worker",
        Runtime="python3.13",
        Handler="app.handler",
        Role=role,
        Code={"ZipFile": package("def handler(event, context):\n    return event\n")},
        Publish=True,
    )

    listed = client.list_provisioned_concurrency_configs(FunctionName="worker")
    assert listed["ProvisionedConcurrencyConfigs"] == []
    assert starts_cold(client, **ASKED)


def test_a_handler_can_tell_how_its_environment_was_started(client: Any, clock: Clock) -> None:
    code = "import os\n\ndef handler(event, context):\n    return os.environ[event]\n"
    client.update_function_code(FunctionName="worker", ZipFile=package(code), Publish=True)
    put(client, FunctionName="worker", Qualifier="2")
    clock.advance(minutes=2)
    name = json.dumps("AWS_LAMBDA_INITIALIZATION_TYPE")

    said = [
        json.load(client.invoke(FunctionName="worker", Qualifier=version, Payload=name)["Payload"])
        for version in ("2", "$LATEST")
    ]

    assert said == ["provisioned-concurrency", "on-demand"]


def test_no_more_is_provisioned_than_is_reserved(client: Any, refusal: Refusal) -> None:
    client.put_function_concurrency(FunctionName="worker", ReservedConcurrentExecutions=3)
    put(client, 3)

    assert refusal(put, client=client, count=4).endswith("for function: 3")


@pytest.mark.mends
def test_an_account_tells_its_limits(client: Any) -> None:
    client.put_function_concurrency(FunctionName="worker", ReservedConcurrentExecutions=100)

    found = client.get_account_settings()

    assert found["AccountLimit"]["ConcurrentExecutions"] == 1000
    assert found["AccountLimit"]["UnreservedConcurrentExecutions"] == 900
    assert found["AccountUsage"]["FunctionCount"] == 1
