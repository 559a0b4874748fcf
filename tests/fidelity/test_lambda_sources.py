"""What sets functions off: mappings, rules, schedules; and that moto alone does it otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from tests.runtime.conftest import package, role_of_a_worker

ARN = "arn:aws:lambda:us-east-1:123456789012:function:worker"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:"
TELLS = """
    import boto3, json
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="told")["QueueUrl"]
    def handler(event, context):
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(event))
"""


@pytest.fixture
def client(sandbox: Sandbox) -> Any:
    """Lambda, with a function that tells the queue `told` what it gets."""
    role = role_of_a_worker(sandbox.client("iam"))
    sandbox.client("sqs").create_queue(QueueName="told")
    client = sandbox.client("lambda")
    client.create_function(
        FunctionName="worker",
        Runtime="python3.13",
        Handler="app.handler",
        Role=role,
        Code={"ZipFile": package(TELLS)},
        Timeout=20,
    )
    return client


@pytest.fixture
def told(sandbox: Sandbox) -> Callable[[], list[Any]]:
    """The events that the function got."""

    def told() -> list[Any]:
        sqs = sandbox.client("sqs")
        url = sqs.get_queue_url(QueueName="told")["QueueUrl"]
        found: list[Any] = []
        while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            found += [json.loads(message["Body"]) for message in got]
        return found

    return told


@pytest.fixture
def orders(sqs: Any) -> str:
    return str(sqs.create_queue(QueueName="orders")["QueueUrl"])


@pytest.mark.mends
def test_a_mapping_polls_its_source(
    client: Any, sqs: Any, orders: str, told: Any, clock: Clock
) -> None:
    client.create_event_source_mapping(FunctionName="worker", EventSourceArn=QUEUE + "orders")
    for body in ("a", "b"):
        sqs.send_message(QueueUrl=orders, MessageBody=body)
    assert told() == []

    clock.advance(seconds=1)

    assert [[one["body"] for one in event["Records"]] for event in told()] == [["a", "b"]]


@pytest.mark.mends
def test_a_disabled_mapping_rests_until_it_is_enabled(
    client: Any, sqs: Any, orders: str, told: Any, clock: Clock
) -> None:
    made = client.create_event_source_mapping(
        FunctionName="worker", EventSourceArn=QUEUE + "orders", Enabled=False
    )
    sqs.send_message(QueueUrl=orders, MessageBody="a")
    clock.advance(seconds=1)
    assert told() == []

    client.update_event_source_mapping(UUID=made["UUID"], Enabled=True)
    clock.advance(seconds=1)

    assert len(told()) == 1


@pytest.mark.mends
def test_a_deleted_mapping_hands_nothing_over(
    client: Any, sqs: Any, orders: str, told: Any, clock: Clock
) -> None:
    made = client.create_event_source_mapping(
        FunctionName="worker", EventSourceArn=QUEUE + "orders"
    )
    client.delete_event_source_mapping(UUID=made["UUID"])

    sqs.send_message(QueueUrl=orders, MessageBody="a")
    clock.advance(seconds=1)

    assert told() == []
    assert sqs.receive_message(QueueUrl=orders)["Messages"]


@pytest.fixture
def events(sandbox: Sandbox) -> Any:
    return sandbox.client("events")


@pytest.mark.mends
def test_a_rule_hands_an_event_to_a_function(
    client: Any, events: Any, told: Any, clock: Clock
) -> None:
    events.put_rule(Name="sold", EventPattern=json.dumps({"source": ["tickets"]}))
    events.put_targets(Rule="sold", Targets=[{"Id": "1", "Arn": ARN}])
    for source in ("tickets", "bar"):
        entry = {"Source": source, "DetailType": "Sold", "Detail": '{"seat": 12}'}
        events.put_events(Entries=[entry])

    clock.advance(seconds=1)

    events_told = told()
    assert len(events_told) == 1
    assert events_told[0].pop("id")
    assert events_told[0] == {
        "version": "0",
        "detail-type": "Sold",
        "source": "tickets",
        "account": "123456789012",
        "time": "2026-01-05T09:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail": {"seat": 12},
    }


@pytest.mark.mends
def test_a_scheduled_rule_fires_when_its_time_has_come(
    client: Any, events: Any, told: Any, clock: Clock
) -> None:
    events.put_rule(Name="tick", ScheduleExpression="rate(5 minutes)")
    events.put_targets(Rule="tick", Targets=[{"Id": "1", "Arn": ARN}])

    clock.advance(minutes=11)

    assert [event["time"] for event in told()] == ["2026-01-05T09:05:00Z", "2026-01-05T09:10:00Z"]


def test_a_target_can_ask_for_another_input(
    client: Any, events: Any, told: Any, clock: Clock
) -> None:
    events.put_rule(Name="sold", EventPattern=json.dumps({"source": ["tickets"]}))
    template = {"InputPathsMap": {"seat": "$.detail.seat"}, "InputTemplate": '{"sold": <seat>}'}
    targets = [
        {"Id": "1", "Arn": ARN, "Input": '{"fixed": true}'},
        {"Id": "2", "Arn": ARN, "InputPath": "$.detail"},
        {"Id": "3", "Arn": ARN, "InputTransformer": template},
    ]
    events.put_targets(Rule="sold", Targets=targets)
    entry = {"Source": "tickets", "DetailType": "Sold", "Detail": '{"seat": 12}'}
    events.put_events(Entries=[entry])

    clock.advance(seconds=1)

    assert told() == [{"fixed": True}, {"seat": 12}, {"sold": 12}]


def test_a_disabled_rule_and_one_that_is_gone_do_not_fire(
    client: Any, events: Any, told: Any, clock: Clock
) -> None:
    for name in ("off", "gone"):
        events.put_rule(Name=name, ScheduleExpression="rate(1 minute)")
        events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": ARN}])
    events.disable_rule(Name="off")
    events.remove_targets(Rule="gone", Ids=["1"])
    events.delete_rule(Name="gone")

    clock.advance(minutes=5)

    assert told() == []
