"""Whose rights count: the role's, where Lambda reads; the function's policy, where S3 calls."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from labkit.sandbox import Sandbox
from tests.runtime.conftest import READS, TRUST, package

Refusal = Callable[..., str]
ARN = "arn:aws:lambda:us-east-1:123456789012:function:worker"
BUCKET = "arn:aws:s3:::posters"


@pytest.fixture
def client(sandbox: Sandbox) -> Any:
    """Lambda, with a function whose role may do nothing yet."""
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
    )
    return client


@pytest.fixture
def allow(sandbox: Sandbox) -> Callable[..., None]:
    """Let the role do these things."""

    def allow(*actions: str) -> None:
        document = json.loads(json.dumps(READS))
        document["Statement"][0]["Action"] = list(actions)
        sandbox.client("iam").put_role_policy(
            RoleName="worker", PolicyName="reads", PolicyDocument=json.dumps(document)
        )

    return allow


@pytest.mark.mends
def test_a_role_may_read_the_source_of_a_mapping(
    client: Any, sqs: Any, allow: Callable[..., None], refusal: Refusal
) -> None:
    sqs.create_queue(QueueName="orders")
    asked = {
        "FunctionName": "worker",
        "EventSourceArn": "arn:aws:sqs:us-east-1:123456789012:orders",
    }
    no = "InvalidParameterValueException: The provided execution role does not have permissions to "

    nothing = refusal(client.create_event_source_mapping, **asked)
    allow("sqs:ReceiveMessage", "sqs:GetQueueAttributes")
    no_delete = refusal(client.create_event_source_mapping, **asked)
    allow("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
    made = client.create_event_source_mapping(**asked)

    assert nothing == no + "call ReceiveMessage on SQS"
    assert no_delete == no + "call DeleteMessage on SQS"
    assert made["EventSourceArn"] == asked["EventSourceArn"]


def test_a_mapping_reads_a_stream_that_the_role_may_read(
    client: Any, sandbox: Sandbox, allow: Callable[..., None], refusal: Refusal
) -> None:
    arn = sandbox.client("dynamodb").create_table(
        TableName="seats",
        AttributeDefinitions=[{"AttributeName": "seat", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "seat", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]["LatestStreamArn"]
    asked = {"FunctionName": "worker", "EventSourceArn": arn, "StartingPosition": "LATEST"}

    allow("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream")
    said = refusal(client.create_event_source_mapping, **asked)
    allow("dynamodb:*")
    made = client.create_event_source_mapping(**asked)

    assert said == (
        f"InvalidParameterValueException: Cannot access stream {arn}. Please ensure the role can "
        "perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your "
        "stream in IAM."
    )
    assert made["EventSourceArn"] == arn


def test_a_bucket_announces_to_a_function_that_lets_s3_in(
    client: Any, sandbox: Sandbox, refusal: Refusal
) -> None:
    s3 = sandbox.client("s3")
    s3.create_bucket(Bucket="posters")
    rule = {"LambdaFunctionArn": ARN, "Events": ["s3:ObjectCreated:*"]}
    asked = {
        "Bucket": "posters",
        "NotificationConfiguration": {"LambdaFunctionConfigurations": [rule]},
    }
    permission = {
        "FunctionName": "worker",
        "Action": "lambda:InvokeFunction",
        "Principal": "s3.amazonaws.com",
    }

    nobody = refusal(s3.put_bucket_notification_configuration, **asked)
    client.add_permission(**permission, StatementId="other", SourceArn=f"{BUCKET}-old")
    another = refusal(s3.put_bucket_notification_configuration, **asked)
    client.add_permission(**permission, StatementId="this", SourceArn=BUCKET)
    s3.put_bucket_notification_configuration(**asked)

    assert nobody.startswith("InvalidArgument: Unable to validate the following destination")
    assert another == nobody
