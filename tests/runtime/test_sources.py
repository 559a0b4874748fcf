"""Queues and streams set functions off, in batches, in order, and lose nothing on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from operator import itemgetter
from typing import Any

import pytest

from labkit import runtime
from labkit.sandbox import Sandbox

Create = Callable[..., str]

# A function that notes what it gets, and fails where the body says so.
NOTES = """
    import base64, json
    def body(record):
        if "kinesis" in record:
            return base64.b64decode(record["kinesis"]["data"]).decode()
        if "dynamodb" in record:
            return record["eventName"] + " " + record["dynamodb"]["Keys"]["seat"]["S"]
        return record["body"]
    def handler(event, context):
        bodies = [body(record) for record in event["Records"]]
        print("NOTE " + json.dumps(bodies))
        if any("poison" in one for one in bodies):
            raise ValueError("poison")
"""


@pytest.fixture
def client(sandbox: Sandbox) -> Any:
    return sandbox.client("lambda")


@pytest.fixture
def sqs(sandbox: Sandbox) -> Any:
    return sandbox.client("sqs")


@pytest.fixture
def noted(sandbox: Sandbox) -> Callable[[], list[Any]]:
    """What the function has printed, batch by batch, with the second at which it did."""
    logs = sandbox.client("logs")
    group = {"logGroupName": "/aws/lambda/worker"}

    def noted() -> list[Any]:
        try:
            streams = logs.describe_log_streams(**group)["logStreams"]
        except logs.exceptions.ResourceNotFoundException:
            return []
        found = []
        for stream in streams:
            name = stream["logStreamName"]
            for event in logs.get_log_events(**group, logStreamName=name)["events"]:
                if event["message"].startswith("NOTE"):
                    at = (event["timestamp"] - 1767603600000) // 1000
                    found.append((at, json.loads(event["message"][5:])))
        return sorted(found, key=itemgetter(0))

    return noted


def queue(sqs: Any, name: str = "orders", **attributes: str) -> tuple[str, str]:
    """A queue's URL and ARN."""
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url, f"arn:aws:sqs:us-east-1:123456789012:{name}"


def mapped(client: Any, arn: str, **settings: Any) -> str:
    """The UUID of a new mapping."""
    made = client.create_event_source_mapping(FunctionName="worker", EventSourceArn=arn, **settings)
    return str(made["UUID"])


def send(sqs: Any, url: str, *bodies: str) -> None:
    for body in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=body)


# ---- SQS ----


def test_messages_come_in_batches_when_the_clock_moves(
    client: Any, sqs: Any, create: Create, noted: Any, sandbox: Sandbox
) -> None:
    url, arn = queue(sqs)
    create(NOTES)
    mapped(client, arn, BatchSize=2)
    send(sqs, url, "a", "b", "c")
    assert noted() == []

    sandbox.clock.advance(seconds=1)

    assert noted() == [(0, ["a", "b"]), (0, ["c"])]
    assert queue_depth(sqs, url) == 0


def queue_depth(sqs: Any, url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(map(int, found.values()))


def test_a_record_looks_as_on_aws(client: Any, sqs: Any, create: Create, sandbox: Sandbox) -> None:
    url, arn = queue(sqs)
    create("def handler(event, context):\n    print('NOTE', __import__('json').dumps(event))\n")
    mapped(client, arn)
    kind = {"kind": {"DataType": "String", "StringValue": "vip"}}
    sent = sqs.send_message(QueueUrl=url, MessageBody="seat 12", MessageAttributes=kind)

    runtime.settle()

    logs = sandbox.client("logs")
    group = {"logGroupName": "/aws/lambda/worker"}
    stream = logs.describe_log_streams(**group)["logStreams"][0]["logStreamName"]
    events = logs.get_log_events(**group, logStreamName=stream)["events"]
    printed = next(e["message"] for e in events if e["message"].startswith("NOTE"))
    record = json.loads(printed[5:])["Records"][0]
    assert record.pop("receiptHandle")
    assert record["attributes"].pop("SenderId")
    assert record == {
        "messageId": sent["MessageId"],
        "body": "seat 12",
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1767603600000",
            "ApproximateFirstReceiveTimestamp": "1767603600000",
        },
        "messageAttributes": {
            "kind": {
                "stringValue": "vip",
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": "String",
            }
        },
        "md5OfBody": sent["MD5OfMessageBody"],
        "md5OfMessageAttributes": sent["MD5OfMessageAttributes"],
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": "us-east-1",
    }


def test_a_failed_batch_comes_back_after_the_visibility_timeout_and_ends_in_the_dlq(
    client: Any, sqs: Any, create: Create, noted: Any
) -> None:
    dead, dead_arn = queue(sqs, "dead")
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2})
    url, arn = queue(sqs, VisibilityTimeout="30", RedrivePolicy=redrive)
    create(NOTES)
    mapped(client, arn)
    send(sqs, url, "poison")

    runtime.settle()

    assert noted() == [(0, ["poison"]), (30, ["poison"])]
    assert queue_depth(sqs, url) == 0
    assert sqs.receive_message(QueueUrl=dead)["Messages"][0]["Body"] == "poison"


def test_a_window_waits_for_more(
    client: Any, sqs: Any, create: Create, noted: Any, sandbox: Sandbox
) -> None:
    url, arn = queue(sqs)
    create(NOTES)
    mapped(client, arn, BatchSize=3, MaximumBatchingWindowInSeconds=20)
    send(sqs, url, "a")
    sandbox.clock.advance(seconds=10)
    send(sqs, url, "b")
    sandbox.clock.advance(seconds=9)
    assert noted() == []
    sandbox.clock.advance(seconds=2)
    assert noted() == [(20, ["a", "b"])]

    send(sqs, url, "c", "d", "e")
    sandbox.clock.advance(seconds=1)

    assert noted()[1:] == [(21, ["c", "d", "e"])]


REPORTS = """
    import json
    def handler(event, context):
        bodies = [record["body"] for record in event["Records"]]
        print("NOTE " + json.dumps(bodies))
        failed = [r["messageId"] for r in event["Records"] if "poison" in r["body"]]
        return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}
"""


def test_only_the_messages_that_are_reported_come_back(
    client: Any, sqs: Any, create: Create, noted: Any, sandbox: Sandbox
) -> None:
    url, arn = queue(sqs, VisibilityTimeout="30")
    create(REPORTS)
    mapped(client, arn, FunctionResponseTypes=["ReportBatchItemFailures"])
    send(sqs, url, "a", "poison", "c")

    sandbox.clock.advance(seconds=31)

    assert noted() == [(0, ["a", "poison", "c"]), (30, ["poison"])]


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        ("None", 0),
        ('{"batchItemFailures": []}', 0),
        ('{"batchItemFailures": [{"itemIdentifier": ""}]}', 2),
        ('{"batchItemFailures": [{"itemIdentifier": "strange"}]}', 2),
        ('{"batchItemFailures": [{"id": "x"}]}', 2),
        ('"all fine"', 2),
    ],
    ids=["nothing", "no failures", "an empty id", "an id of none", "a wrong key", "no object"],
)
def test_a_report_that_says_nothing_clear_fails_the_batch(
    client: Any, sqs: Any, create: Create, sandbox: Sandbox, answer: str, left: int
) -> None:
    url, arn = queue(sqs)
    create(f"def handler(event, context):\n    return {answer}\n")
    mapped(client, arn, FunctionResponseTypes=["ReportBatchItemFailures"])
    send(sqs, url, "a", "b")

    sandbox.clock.advance(seconds=1)

    assert queue_depth(sqs, url) == left


def test_unwanted_messages_are_deleted_unseen(
    client: Any, sqs: Any, create: Create, noted: Any
) -> None:
    url, arn = queue(sqs)
    create(NOTES)
    pattern = json.dumps({"body": {"kind": ["vip"], "seats": [{"numeric": [">", 1]}]}})
    mapped(client, arn, FilterCriteria={"Filters": [{"Pattern": pattern}]})
    vip = json.dumps({"kind": "vip", "seats": 2})
    send(sqs, url, vip, json.dumps({"kind": "vip", "seats": 1}), "no JSON")

    runtime.settle()

    assert noted() == [(0, [vip])]
    assert queue_depth(sqs, url) == 0


def test_a_fifo_queue_s_group_waits_behind_its_failure(
    client: Any, sqs: Any, create: Create, noted: Any
) -> None:
    _, dead_arn = queue(sqs, "dead.fifo", FifoQueue="true")
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2})
    url, arn = queue(
        sqs, "orders.fifo", FifoQueue="true", VisibilityTimeout="30", RedrivePolicy=redrive
    )
    create(NOTES)
    mapped(client, arn, BatchSize=1)
    for number, (group, body) in enumerate(
        [("a", "poison"), ("a", "a2"), ("b", "b1"), ("a", "a3"), ("b", "b2")]
    ):
        sqs.send_message(
            QueueUrl=url,
            MessageBody=body,
            MessageGroupId=group,
            MessageDeduplicationId=str(number),
        )

    runtime.settle()

    bodies = [body for _, batch in noted() for body in batch]
    assert [body for body in bodies if body.startswith("b")] == ["b1", "b2"]
    assert [one for one in noted() if one[1][0] in ("poison", "a2", "a3")] == [
        (0, ["poison"]),
        (30, ["poison"]),
        (60, ["a2"]),
        (60, ["a3"]),
    ]


def test_a_disabled_mapping_rests_and_a_deleted_one_is_gone(
    client: Any, sqs: Any, create: Create, noted: Any
) -> None:
    url, arn = queue(sqs)
    create(NOTES)
    uuid = mapped(client, arn, Enabled=False)
    send(sqs, url, "a")
    runtime.settle()
    assert noted() == []

    client.update_event_source_mapping(UUID=uuid, Enabled=True)
    runtime.settle()
    assert [batch for _, batch in noted()] == [["a"]]

    client.delete_event_source_mapping(UUID=uuid)
    send(sqs, url, "b")
    runtime.settle()
    assert [batch for _, batch in noted()] == [["a"]]
    assert queue_depth(sqs, url) == 1


# ---- DynamoDB Streams ----


@pytest.fixture
def table(sandbox: Sandbox) -> Callable[[], str]:
    """Creates a table with a stream, and returns the stream's ARN."""
    dynamodb = sandbox.client("dynamodb")

    def table() -> str:
        made = dynamodb.create_table(
            TableName="seats",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "seat", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "seat", "AttributeType": "S"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        dynamodb.get_waiter("table_exists").wait(TableName="seats")
        return str(made["TableDescription"]["LatestStreamArn"])

    return table


def put(sandbox: Sandbox, *seats: str) -> None:
    for seat in seats:
        sandbox.client("dynamodb").put_item(TableName="seats", Item={"seat": {"S": seat}})


def batches(noted: Callable[[], list[Any]]) -> list[Any]:
    return [batch for _, batch in noted()]


def test_changes_of_a_table_come_in_order(
    client: Any, create: Create, noted: Any, table: Any, sandbox: Sandbox
) -> None:
    arn = table()
    create(NOTES)
    mapped(client, arn, StartingPosition="TRIM_HORIZON", BatchSize=2)
    put(sandbox, "a", "b", "c")
    sandbox.client("dynamodb").delete_item(TableName="seats", Key={"seat": {"S": "b"}})

    runtime.settle()

    assert batches(noted) == [["INSERT a", "INSERT b"], ["INSERT c", "REMOVE b"]]


def test_from_latest_only_what_is_new_comes(
    client: Any, create: Create, noted: Any, table: Any, sandbox: Sandbox
) -> None:
    arn = table()
    create(NOTES)
    put(sandbox, "a")
    mapped(client, arn, StartingPosition="LATEST")
    put(sandbox, "b")

    runtime.settle()

    assert batches(noted) == [["INSERT b"]]


def test_a_failing_batch_is_tried_again_and_holds_back_the_rest(
    client: Any, create: Create, noted: Any, table: Any, sandbox: Sandbox
) -> None:
    arn = table()
    create(NOTES)
    mapped(client, arn, StartingPosition="TRIM_HORIZON", BatchSize=1, MaximumRetryAttempts=2)
    put(sandbox, "a", "poison", "c")

    runtime.settle()

    found = noted()
    assert [batch for _, batch in found] == [
        ["INSERT a"],
        ["INSERT poison"],
        ["INSERT poison"],
        ["INSERT poison"],
        ["INSERT c"],
    ]
    assert found[3][0] > found[2][0] > found[1][0]


def test_a_batch_is_cut_in_two_to_find_the_poison_and_the_destination_is_told(
    client: Any, create: Create, noted: Any, table: Any, sandbox: Sandbox, sqs: Any
) -> None:
    arn = table()
    url, told = queue(sqs, "told")
    create(NOTES)
    mapped(
        client,
        arn,
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=0,
        BisectBatchOnFunctionError=True,
        DestinationConfig={"OnFailure": {"Destination": told}},
    )
    put(sandbox, "a", "b", "poison", "d")

    runtime.settle()

    handled = [one for batch in batches(noted) for one in batch if len(batch) < 3]
    assert {"INSERT a", "INSERT b", "INSERT d"} <= set(handled)
    record = json.loads(sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"])
    assert record["DDBStreamBatchInfo"]["batchSize"] == 1
    assert record["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert record["responseContext"]["functionError"] == "Unhandled"
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_records_that_have_grown_too_old_are_given_up(
    client: Any, create: Create, noted: Any, table: Any, sandbox: Sandbox
) -> None:
    arn = table()
    create(NOTES)
    mapped(client, arn, StartingPosition="TRIM_HORIZON", BatchSize=1, MaximumRecordAgeInSeconds=60)
    put(sandbox, "poison", "b")

    runtime.settle()

    assert batches(noted)[-1] == ["INSERT b"]
    assert noted()[-1][0] >= 60


def test_a_stream_s_records_are_filtered(
    client: Any, create: Create, noted: Any, table: Any, sandbox: Sandbox
) -> None:
    arn = table()
    create(NOTES)
    pattern = json.dumps({"dynamodb": {"Keys": {"seat": {"S": [{"prefix": "A"}]}}}})
    mapped(
        client,
        arn,
        StartingPosition="TRIM_HORIZON",
        FilterCriteria={"Filters": [{"Pattern": pattern}]},
    )
    put(sandbox, "A1", "B1", "A2")

    runtime.settle()

    assert batches(noted) == [["INSERT A1", "INSERT A2"]]


# ---- Kinesis ----


def test_a_stream_of_kinesis_is_read_shard_by_shard(
    client: Any, create: Create, noted: Any, sandbox: Sandbox
) -> None:
    kinesis = sandbox.client("kinesis")
    kinesis.create_stream(StreamName="gates", ShardCount=2)
    kinesis.get_waiter("stream_exists").wait(StreamName="gates")
    arn = "arn:aws:kinesis:us-east-1:123456789012:stream/gates"
    create(NOTES)
    mapped(client, arn, StartingPosition="TRIM_HORIZON")
    for number in range(6):
        kinesis.put_record(
            StreamName="gates", Data=f"{number}".encode(), PartitionKey=str(number % 2)
        )

    runtime.settle()

    assert sorted(one for batch in batches(noted) for one in batch) == list("012345")
    for batch in batches(noted):
        for parity in (0, 1):
            mine = [one for one in batch if int(one) % 2 == parity]
            assert mine == sorted(mine)


def test_a_quiet_stream_is_read_on_after_hours(
    client: Any, create: Create, noted: Any, sandbox: Sandbox
) -> None:
    kinesis = sandbox.client("kinesis")
    kinesis.create_stream(StreamName="gates", ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName="gates")
    create(NOTES)
    arn = "arn:aws:kinesis:us-east-1:123456789012:stream/gates"
    mapped(client, arn, StartingPosition="LATEST")
    for text in ("before the pause", "after it"):
        sandbox.clock.advance(hours=2)
        kinesis.put_record(StreamName="gates", Data=text.encode(), PartitionKey="k")

    runtime.settle()

    assert batches(noted) == [["before the pause"], ["after it"]]


def test_a_quiet_table_is_read_on_after_hours(
    client: Any, create: Create, noted: Any, sandbox: Sandbox
) -> None:
    dynamodb = sandbox.client("dynamodb")
    stream = dynamodb.create_table(
        TableName="seats",
        AttributeDefinitions=[{"AttributeName": "seat", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "seat", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )["TableDescription"]["LatestStreamArn"]
    sandbox.clock.advance(seconds=30)
    dynamodb.put_item(TableName="seats", Item={"seat": {"S": "too early"}})
    create(NOTES)
    mapped(client, stream, StartingPosition="LATEST")
    for seat in ("A1", "A2"):
        sandbox.clock.advance(hours=2)
        dynamodb.put_item(TableName="seats", Item={"seat": {"S": seat}})

    runtime.settle()

    assert batches(noted) == [["INSERT A1"], ["INSERT A2"]]


# ---- pushes ----


def test_an_upload_to_s3_sets_a_function_off(client: Any, create: Create, sandbox: Sandbox) -> None:
    s3 = sandbox.client("s3")
    create(
        "def handler(event, context):\n"
        "    print(event['Records'][0]['eventName'], event['Records'][0]['s3']['object']['key'])\n"
    )
    s3.create_bucket(Bucket="posters")
    arn = "arn:aws:lambda:us-east-1:123456789012:function:worker"
    client.add_permission(
        FunctionName="worker",
        StatementId="s3",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn="arn:aws:s3:::posters",
    )
    wish = {"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket="posters",
        NotificationConfiguration={"LambdaFunctionConfigurations": [wish]},
    )
    s3.put_object(Bucket="posters", Key="gala.png", Body=b"x")

    ran = runtime.settle()

    assert [one.what for one in ran] == ["worker answered"]


def test_a_message_of_sns_sets_a_function_off(
    client: Any, create: Create, sandbox: Sandbox
) -> None:
    sns = sandbox.client("sns")
    create(
        "def handler(event, context):\n    assert event['Records'][0]['Sns']['Message'] == 'sold'\n"
    )
    topic = sns.create_topic(Name="sales")["TopicArn"]
    arn = "arn:aws:lambda:us-east-1:123456789012:function:worker"
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    sns.publish(TopicArn=topic, Message="sold")

    assert [one.what for one in runtime.settle()] == ["worker answered"]
