"""Every request passes the choke point exactly once, whichever road it comes by."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from labkit.errors import BrokenLab, NotSimulated
from labkit.sandbox import Sandbox
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/orders"
ARN = "arn:aws:sqs:us-east-1:123456789012:orders"
HANDLE = "AQEB"  # no such receipt: the call is refused, and still it must have been seen
ENTRY = {"Id": "a", "ReceiptHandle": HANDLE}
HIDDEN = {"ReceiptHandle": HANDLE, "VisibilityTimeout": 5}
KEY = {"seat": {"S": "A1"}}
TAGS = {"TagSet": [{"Key": "desk", "Value": "front"}]}
ROLE = "arn:aws:iam::123456789012:role/clerk"

# Service, operation as AWS names it, parameters as boto3 takes them.
Call = tuple[str, str, Params]


def call(service: str, operation: str, **params: Any) -> Call:
    return service, operation, params


CALLS: list[Call] = [
    call("sqs", "CreateQueue", QueueName="posters", Attributes={"DelaySeconds": "5"}),
    call("sqs", "GetQueueUrl", QueueName="orders"),
    call("sqs", "ListQueues", QueueNamePrefix="ord"),
    call("sqs", "GetQueueAttributes", QueueUrl=QUEUE, AttributeNames=["All"]),
    call("sqs", "SetQueueAttributes", QueueUrl=QUEUE, Attributes={"VisibilityTimeout": "60"}),
    call("sqs", "SendMessage", QueueUrl=QUEUE, MessageBody="ü", DelaySeconds=1),
    call("sqs", "SendMessageBatch", QueueUrl=QUEUE, Entries=[{"Id": "a", "MessageBody": "ü"}]),
    call("sqs", "ReceiveMessage", QueueUrl=QUEUE, MaxNumberOfMessages=10),
    call("sqs", "DeleteMessage", QueueUrl=QUEUE, ReceiptHandle=HANDLE),
    call("sqs", "DeleteMessageBatch", QueueUrl=QUEUE, Entries=[ENTRY]),
    call("sqs", "ChangeMessageVisibility", QueueUrl=QUEUE, **HIDDEN),
    call("sqs", "ChangeMessageVisibilityBatch", QueueUrl=QUEUE, Entries=[{"Id": "a", **HIDDEN}]),
    call("sqs", "ListDeadLetterSourceQueues", QueueUrl=QUEUE),
    call("sqs", "StartMessageMoveTask", SourceArn=ARN),
    call("sqs", "ListMessageMoveTasks", SourceArn=ARN),
    call("sqs", "CancelMessageMoveTask", TaskHandle="none"),
    call("sqs", "TagQueue", QueueUrl=QUEUE, Tags={"desk": "front"}),
    call("sqs", "ListQueueTags", QueueUrl=QUEUE),
    call("sqs", "PurgeQueue", QueueUrl=QUEUE),
    call("sqs", "DeleteQueue", QueueUrl=QUEUE),
    call("s3", "ListBuckets"),
    call("s3", "CreateBucket", Bucket="posters-2"),
    call("s3", "HeadBucket", Bucket="posters"),
    call("s3", "GetBucketLocation", Bucket="posters"),
    call("s3", "ListObjectsV2", Bucket="posters", Prefix="a"),
    call("s3", "PutObject", Bucket="posters", Key="a/b c.png", Body=b"x"),
    call("s3", "GetObject", Bucket="posters", Key="front.png"),
    call("s3", "HeadObject", Bucket="posters", Key="front.png"),
    call("s3", "CopyObject", Bucket="posters", Key="copy", CopySource="posters/front.png"),
    call("s3", "CreateMultipartUpload", Bucket="posters", Key="big"),
    call("s3", "PutObjectTagging", Bucket="posters", Key="front.png", Tagging=TAGS),
    call("s3", "DeleteObject", Bucket="posters", Key="front.png"),
    call("s3", "DeleteObjects", Bucket="posters", Delete={"Objects": [{"Key": "front.png"}]}),
    call("s3", "DeleteBucket", Bucket="posters"),
    call("dynamodb", "ListTables"),
    call("dynamodb", "DescribeTable", TableName="seats"),
    call("dynamodb", "PutItem", TableName="seats", Item={**KEY, "row": {"N": "3"}}),
    call("dynamodb", "GetItem", TableName="seats", Key=KEY),
    call("dynamodb", "DeleteItem", TableName="seats", Key=KEY),
    call("iam", "CreateUser", UserName="grace"),
    call("iam", "ListUsers"),
    call("iam", "CreateRole", RoleName="clerk", AssumeRolePolicyDocument="{}"),
    call("sts", "GetCallerIdentity"),
    call("sts", "AssumeRole", RoleArn=ROLE, RoleSessionName="desk"),
    call("autoscaling", "DescribeAutoScalingGroups"),
    call("lambda", "ListFunctions"),
]

# Parameters that boto3 adds by itself.
ADDED = {
    "ChecksumAlgorithm",
    "ChecksumCRC32",
    "ChecksumMode",
    "ContentLength",
    "EncodingType",
    "ContentMD5",
}


class Spy:
    """A hook that only looks: at the service, the operation, the parameters and the caller."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, Params, str]] = []

    def before(self, exchange: Exchange) -> None:
        params = copy.deepcopy(exchange.params)  # before moto's handler changes them
        self.seen.append((exchange.service, exchange.operation, _given(params), exchange.principal))

    def after(self, exchange: Exchange, result: Callable[[], Params]) -> None:
        result()


@pytest.fixture
def spy(sandbox: Sandbox) -> Spy:
    with sandbox.quietly():
        sandbox.client("sqs").create_queue(QueueName="orders")
        sandbox.client("s3").create_bucket(Bucket="posters")
        sandbox.client("s3").put_object(Bucket="posters", Key="front.png", Body=b"x")
        sandbox.client("dynamodb").create_table(
            TableName="seats",
            KeySchema=[{"AttributeName": "seat", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "seat", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    hook = Spy()
    sandbox.choke.hooks.append(hook)
    return hook


@pytest.fixture(params=["in-process", "over HTTP"])
def endpoint(request: pytest.FixtureRequest, sandbox: Sandbox) -> str | None:
    return sandbox.endpoint_url if request.param == "over HTTP" else None


@pytest.fixture
def ada(sandbox: Sandbox) -> dict[str, str]:
    """The keys of a user."""
    with sandbox.quietly():
        sandbox.client("iam").create_user(UserName="ada")
        key = sandbox.client("iam").create_access_key(UserName="ada")["AccessKey"]
    return {
        "aws_access_key_id": key["AccessKeyId"],
        "aws_secret_access_key": key["SecretAccessKey"],
    }


def test_every_operation_passes_exactly_once(
    spy: Spy, endpoint: str | None, ada: dict[str, str], sandbox: Sandbox
) -> None:
    missed = []
    services = {service for service, _, _ in CALLS}
    clients = {name: boto3.client(name, endpoint_url=endpoint, **ada) for name in services}
    for service, operation, params in CALLS:
        client = clients[service]
        method = next(
            name
            for name, api_name in client.meta.method_to_api_mapping.items()
            if api_name == operation
        )
        spy.seen.clear()
        mark = sandbox.calls.mark()
        with contextlib.suppress(ClientError, NotSimulated):  # refused, but it was seen before
            getattr(client, method)(**params)
        expected = (service, operation, params, "arn:aws:iam::123456789012:user/ada")
        logged = [
            (call.service, call.operation, _given(call.params), call.principal)
            for call in sandbox.calls.since(mark)
        ]
        if not spy.seen == logged == [expected]:
            missed.append((expected, spy.seen[:], logged))

    assert missed == []


def _given(params: Params) -> Params:
    """Without what boto3 adds, and with times as the numbers that were given."""
    return {
        name: value.timestamp() if hasattr(value, "timestamp") else value
        for name, value in params.items()
        if name not in ADDED and value not in (None, {}, [])
    }


def test_a_hook_can_answer_in_motos_stead(sandbox: Sandbox, endpoint: str | None) -> None:
    class Full:
        def before(self, exchange: Exchange) -> Params:
            return {"QueueUrls": [QUEUE]}

        def after(self, exchange: Exchange, result: Any) -> None:
            return None

    sandbox.choke.hooks.append(Full())

    assert boto3.client("sqs", endpoint_url=endpoint).list_queues()["QueueUrls"] == [QUEUE]


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("sqs", lambda client: client.list_queues()),
        ("s3", lambda client: client.put_object(Bucket="posters", Key="a", Body=b"x")),
        ("s3", lambda client: client.list_objects_v2(Bucket="posters")),
        ("dynamodb", lambda client: client.list_tables()),
        ("iam", lambda client: client.list_users()),
        ("lambda", lambda client: client.list_functions()),
    ],
    ids=["json", "an object of S3", "a bucket of S3", "DynamoDB", "query", "rest-json"],
)
def test_a_hook_can_refuse_in_the_protocol_of_the_service(
    sandbox: Sandbox, endpoint: str | None, service: str, call: Callable[[Any], Any]
) -> None:
    class Closed:
        def before(self, exchange: Exchange) -> None:
            raise AwsError("AccessDenied", f"{exchange.operation} is closed today.")

        def after(self, exchange: Exchange, result: Any) -> None:
            return None

    with sandbox.quietly():
        sandbox.client("s3").create_bucket(Bucket="posters")
    sandbox.choke.hooks.append(Closed())

    with pytest.raises(ClientError, match="is closed today") as caught:
        call(boto3.client(service, endpoint_url=endpoint))
    assert caught.value.response["Error"]["Code"] == "AccessDenied"
    assert sandbox.calls.since(0)[-1].error_code == "AccessDenied"


def test_a_hook_can_better_an_answer(sandbox: Sandbox, endpoint: str | None) -> None:
    class Tagger:
        def before(self, exchange: Exchange) -> None:
            return None

        def after(self, exchange: Exchange, result: Callable[[], Params]) -> Params | None:
            if exchange.operation != "ListQueueTags":
                return None
            return result() | {"Tags": {"desk": "front"}}

    sandbox.choke.hooks.append(Tagger())
    sqs = boto3.client("sqs", endpoint_url=endpoint)
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]

    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"desk": "front"}


def test_a_crash_of_the_simulation_is_called_one(
    sandbox: Sandbox, endpoint: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from moto.sqs.responses import SQSResponse

    monkeypatch.setattr(SQSResponse, "list_queues", lambda self: {}["nothing"])
    client = boto3.client("sqs", endpoint_url=endpoint)

    with pytest.raises((BrokenLab, ClientError), match="broke down at sqs's ListQueues"):
        client.list_queues()
    assert [call.error_code for call in sandbox.calls.since(0)] == ["BrokenLab"]
