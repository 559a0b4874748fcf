"""A small application, from the upload to the queue at its end, on the virtual clock."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from labkit import runtime
from labkit.fidelity.authorisation import authoriser
from labkit.sandbox import Sandbox
from tests.runtime.conftest import TRUST, package

# Takes the orders of an uploaded file into the table.
TAKES = """
    import boto3, json, urllib.parse
    s3 = boto3.client("s3")
    table = boto3.resource("dynamodb").Table("orders")
    def handler(event, context):
        for record in event["Records"]:
            key = urllib.parse.unquote_plus(record["s3"]["object"]["key"])
            body = s3.get_object(Bucket="orders", Key=key)["Body"].read()
            for order in json.loads(body):
                table.put_item(Item={"order": order["id"], "seats": order["seats"]})
"""
# Tells the world of each new order; an order of no seats is poison.
TELLS = """
    import boto3, json, os
    sns = boto3.client("sns")
    def handler(event, context):
        for record in event["Records"]:
            order = record["dynamodb"]["NewImage"]
            if order["seats"]["N"] == "0":
                raise ValueError("no seats")
            sns.publish(TopicArn=os.environ["TOPIC"], Message=order["order"]["S"])
"""
ALLOWED = ["s3:GetObject", "dynamodb:*", "sns:Publish", "sqs:SendMessage"]


@pytest.fixture
def application(sandbox: Sandbox, role: str) -> dict[str, str]:
    """S3 → Lambda → DynamoDB → stream → Lambda → SNS → SQS, and a queue for what cannot be told."""
    sqs, lambdas = sandbox.client("sqs"), sandbox.client("lambda")
    policy = {"Effect": "Allow", "Action": ALLOWED, "Resource": "*"}
    sandbox.client("iam").put_role_policy(
        RoleName="worker",
        PolicyName="work",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [policy]}),
    )
    topic = sandbox.client("sns").create_topic(Name="sold")["TopicArn"]
    arn = "arn:aws:sqs:us-east-1:123456789012:"
    let_in = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn + "end",
    }
    end = sqs.create_queue(
        QueueName="end",
        Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [let_in]})},
    )["QueueUrl"]
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    sandbox.client("sns").subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=arn + "end",
        Attributes={"RawMessageDelivery": "true"},
    )
    stream = sandbox.client("dynamodb").create_table(
        TableName="orders",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "order", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "order", "AttributeType": "S"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]["LatestStreamArn"]
    sandbox.client("dynamodb").get_waiter("table_exists").wait(TableName="orders")
    for name, code in (("takes", TAKES), ("tells", TELLS)):
        lambdas.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler="app.handler",
            Role=role,
            Timeout=30,
            MemorySize=512,
            Environment={"Variables": {"TOPIC": topic}},
            Code={"ZipFile": package(code)},
        )
    lambdas.create_event_source_mapping(
        FunctionName="tells",
        EventSourceArn=stream,
        StartingPosition="TRIM_HORIZON",
        BisectBatchOnFunctionError=True,
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": arn + "dead"}},
    )
    s3 = sandbox.client("s3")
    s3.create_bucket(Bucket="orders")
    function = "arn:aws:lambda:us-east-1:123456789012:function:takes"
    lambdas.add_permission(
        FunctionName="takes",
        StatementId="s3",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
    )
    s3.put_bucket_notification_configuration(
        Bucket="orders",
        NotificationConfiguration={
            "LambdaFunctionConfigurations": [
                {"LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:*"]}
            ]
        },
    )
    return {"end": end, "dead": dead}


def bodies(sqs: Any, url: str) -> list[str]:
    found: list[str] = []
    while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [message["Body"] for message in got]
    return found


def test_a_poisoned_record_lands_in_the_dead_letter_queue_and_nothing_is_lost(
    sandbox: Sandbox, application: dict[str, str]
) -> None:
    orders = [{"id": f"order-{n}", "seats": 0 if n == 7 else 2} for n in range(20)]
    upload = json.dumps(orders).encode()

    sandbox.client("s3").put_object(Bucket="orders", Key="monday orders.json", Body=upload)
    runtime.settle()

    told = Counter(bodies(sandbox.client("sqs"), application["end"]))
    dead = [json.loads(body) for body in bodies(sandbox.client("sqs"), application["dead"])]
    assert set(told) == {f"order-{n}" for n in range(20) if n != 7}
    assert [one["DDBStreamBatchInfo"]["batchSize"] for one in dead] == [1]
    assert sandbox.client("dynamodb").scan(TableName="orders")["Count"] == 20


def test_the_same_under_enforcement(sandbox: Sandbox, application: dict[str, str]) -> None:
    authoriser.current().enforced = True
    sandbox.client("s3").put_object(Bucket="orders", Key="o.json", Body=b'[{"id":"a","seats":1}]')

    runtime.settle()

    authoriser.current().enforced = False
    assert bodies(sandbox.client("sqs"), application["end"]) == ["a"]


def test_two_runs_leave_the_same_logs() -> None:
    code = "import time\ndef handler(event, context):\n    print(event); time.sleep(0.5)\n"

    def logs() -> list[Any]:
        opened = runtime.open_sandbox("tests")
        made = opened.client("iam").create_role(
            RoleName="worker", AssumeRolePolicyDocument=json.dumps(TRUST)
        )
        opened.client("lambda").create_function(
            FunctionName="worker",
            Runtime="python3.13",
            Handler="app.handler",
            Role=made["Role"]["Arn"],
            Code={"ZipFile": package(code)},
        )
        for number in range(3):
            opened.client("lambda").invoke(
                FunctionName="worker", InvocationType="Event", Payload=str(number).encode()
            )
        runtime.settle()
        group = {"logGroupName": "/aws/lambda/worker"}
        streams = opened.client("logs").describe_log_streams(**group)["logStreams"]
        found = [
            opened.client("logs").get_log_events(**group, logStreamName=one["logStreamName"])
            for one in streams
        ]
        opened.close()
        return [
            [(event["timestamp"], event["message"]) for event in one["events"]] for one in found
        ]

    assert logs() == logs()
