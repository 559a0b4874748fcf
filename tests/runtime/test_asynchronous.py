"""An event that nobody waits for is queued, tried again, and told of when it is given up."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from labkit import runtime
from labkit.sandbox import Sandbox

Create = Callable[..., str]

FAILS = 'def handler(event, context):\n    raise Exception("intentional failure")\n'
ANSWERS = "def handler(event, context):\n    return {'seat': event}\n"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:worker"


@pytest.fixture
def client(sandbox: Sandbox) -> Any:
    return sandbox.client("lambda")


@pytest.fixture
def told(sandbox: Sandbox) -> Callable[[], list[Any]]:
    """What has come to the queue `told`."""
    sqs = sandbox.client("sqs")
    url = sqs.create_queue(QueueName="told")["QueueUrl"]
    sandbox.client("iam").put_role_policy(
        RoleName="worker",
        PolicyName="tell",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}],
            }
        ),
    )

    def told() -> list[Any]:
        got = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        return list(got.get("Messages", []))

    return told


def hand_in(client: Any, event: object = 12, **asked: Any) -> Any:
    return client.invoke(
        FunctionName="worker", InvocationType="Event", Payload=json.dumps(event).encode(), **asked
    )


def destinations(client: Any, **more: Any) -> None:
    """Let both ends be told of."""
    queue = {"Destination": "arn:aws:sqs:us-east-1:123456789012:told"}
    client.put_function_event_invoke_config(
        FunctionName="worker",
        DestinationConfig={"OnSuccess": queue, "OnFailure": queue},
        **more,
    )


def runs(sandbox: Sandbox) -> list[str]:
    """When the function ran, as its log has it."""
    logs = sandbox.client("logs")
    group = {"logGroupName": "/aws/lambda/worker"}
    try:
        streams = logs.describe_log_streams(**group)["logStreams"]
    except logs.exceptions.ResourceNotFoundException:
        return []
    events = [
        event
        for stream in streams
        for event in logs.get_log_events(**group, logStreamName=stream["logStreamName"])["events"]
    ]
    return [
        str((event["timestamp"] - 1767603600000) // 1000)
        for event in events
        if event["message"].startswith("START")
    ]


def test_the_caller_gets_202_and_nothing_else(client: Any, create: Create) -> None:
    create(ANSWERS)

    got = hand_in(client)

    assert got["StatusCode"] == 202
    assert got["Payload"].read() == b""
    assert "FunctionError" not in got


def test_the_event_is_handled_when_the_clock_moves(
    client: Any, create: Create, sandbox: Sandbox
) -> None:
    create(ANSWERS)
    hand_in(client)
    assert runs(sandbox) == []

    sandbox.clock.advance(seconds=1)

    assert runs(sandbox) == ["0"]


def test_a_failure_is_tried_again_after_one_minute_and_two_more(
    client: Any, create: Create, sandbox: Sandbox
) -> None:
    create(FAILS)
    hand_in(client)

    ran = runtime.settle()

    assert runs(sandbox) == ["0", "60", "180"]
    assert [f"{one.at:%H:%M:%S} {one.what}" for one in ran] == [
        "09:00:00 worker failed",
        "09:01:00 worker failed",
        "09:03:00 worker failed",
    ]


def test_a_success_is_told(client: Any, create: Create, told: Any) -> None:
    create(ANSWERS)
    destinations(client)
    hand_in(client)

    runtime.settle()

    record = json.loads(told()[0]["Body"])
    assert record["requestContext"].pop("requestId")
    assert record == {
        "version": "1.0",
        "timestamp": "2026-01-05T09:00:00.000Z",
        "requestContext": {
            "functionArn": f"{ARN}:$LATEST",
            "condition": "Success",
            "approximateInvokeCount": 1,
        },
        "requestPayload": 12,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST"},
        "responsePayload": {"seat": 12},
    }


def test_what_is_given_up_is_told_with_the_last_error(
    client: Any, create: Create, told: Any
) -> None:
    create(FAILS)
    destinations(client)
    hand_in(client)

    runtime.settle()

    record = json.loads(told()[0]["Body"])
    context, response = record["requestContext"], record["responsePayload"]
    assert (context["condition"], context["approximateInvokeCount"]) == ("RetriesExhausted", 3)
    assert record["responseContext"] == {
        "statusCode": 200,
        "executedVersion": "$LATEST",
        "functionError": "Unhandled",
    }
    assert response["errorMessage"] == "intentional failure"
    assert response["requestId"] == context["requestId"]


def test_fewer_retries_can_be_asked_for(client: Any, create: Create, sandbox: Sandbox) -> None:
    create(FAILS)
    client.put_function_event_invoke_config(FunctionName="worker", MaximumRetryAttempts=0)
    hand_in(client)

    runtime.settle()

    assert runs(sandbox) == ["0"]


def test_an_event_that_has_grown_too_old_is_given_up(
    client: Any, create: Create, told: Any
) -> None:
    create(FAILS)
    destinations(client, MaximumEventAgeInSeconds=90)
    hand_in(client)

    runtime.settle()

    context = json.loads(told()[0]["Body"])["requestContext"]
    assert (context["condition"], context["approximateInvokeCount"]) == ("EventAgeExceeded", 2)


def test_with_no_reserved_concurrency_an_event_is_given_up_at_once(
    client: Any, create: Create, sandbox: Sandbox, told: Any
) -> None:
    create(ANSWERS)
    destinations(client)
    client.put_function_concurrency(FunctionName="worker", ReservedConcurrentExecutions=0)
    hand_in(client)

    runtime.settle()

    record = json.loads(told()[0]["Body"])
    assert record["requestContext"]["condition"] == "ZeroReservedConcurrency"
    assert "responsePayload" not in record
    assert runs(sandbox) == []


def test_an_event_for_a_function_that_is_gone_is_lost(
    client: Any, create: Create, sandbox: Sandbox
) -> None:
    create(ANSWERS)
    hand_in(client)
    client.delete_function(FunctionName="worker")

    assert runtime.settle() == []


def test_without_permission_a_destination_is_told_nothing(
    client: Any, create: Create, sandbox: Sandbox
) -> None:
    from labkit.fidelity.authorisation import authoriser

    url = sandbox.client("sqs").create_queue(QueueName="told")["QueueUrl"]
    create(ANSWERS)
    destinations(client)
    hand_in(client)
    sandbox.client("iam").delete_role_policy(RoleName="worker", PolicyName="reads")
    authoriser.current().enforced = True

    runtime.settle()

    authoriser.current().enforced = False
    assert "Messages" not in sandbox.client("sqs").receive_message(QueueUrl=url)
