"""Under load and with crashes, no event is lost and none is handled twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3

from labkit import runtime
from labkit.sandbox import Sandbox

EVENTS, AT_ONCE = 500, 20
CRASHES = """
    import os
    handled = []
    def handler(event, context):
        handled.append(event)
        for _ in range(20_000):  # some work, so that others come meanwhile
            pass
        if event % 10 == 0:
            os._exit(1)
        return {"event": event, "of": os.getpid(), "before": len(handled)}
"""
SEND = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}


def test_five_hundred_events_over_twenty_callers_with_one_in_ten_crashing(
    sandbox: Sandbox, create: Callable[..., str]
) -> None:
    sqs, client = sandbox.client("sqs"), sandbox.client("lambda")
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    sandbox.client("iam").put_role_policy(
        RoleName="worker",
        PolicyName="send",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [SEND]}),
    )
    create(
        CRASHES,
        DeadLetterConfig={"TargetArn": "arn:aws:sqs:us-east-1:123456789012:dead"},
        Timeout=60,
    )
    client.put_function_event_invoke_config(FunctionName="worker", MaximumRetryAttempts=0)

    with ThreadPoolExecutor(AT_ONCE) as callers:
        answers = dict(callers.map(asked, range(EVENTS)))
    for event, answer in answers.items():
        if answer is None:
            client.invoke(
                FunctionName="worker", InvocationType="Event", Payload=str(event).encode()
            )
    runtime.settle()

    letters = dead_letters(sqs, dead)
    handled = [event for event, answer in answers.items() if answer is not None]
    assert all(answers[event]["event"] == event for event in handled)
    assert sorted(handled + letters) == list(range(EVENTS))
    assert sorted(letters) == list(range(0, EVENTS, 10))
    assert runtime.running().pool.at_work() == 0


def asked(event: int) -> tuple[int, Any]:
    """What the function answers to an event; None if it crashed."""
    got = boto3.client("lambda").invoke(FunctionName="worker", Payload=str(event).encode())
    answer = json.loads(got["Payload"].read())
    return event, None if "FunctionError" in got else answer


def dead_letters(sqs: Any, url: str) -> list[int]:
    """The events in the dead-letter queue."""
    found: list[int] = []
    while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [int(message["Body"]) for message in got]
    return found
