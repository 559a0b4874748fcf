"""What the switchboard lets go wrong, goes wrong as on AWS, and boto3 deals with it."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from labkit import fidelity
from labkit.errors import UsageError
from labkit.fidelity.faults import Faults, switchboard
from labkit.fidelity.throttling import refusal_of, throttle_of
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock

ONCE = Config(retries={"total_max_attempts": 1})
BUCKET = "posters-123456789012"


@pytest.fixture
def rules() -> bool:
    """Faults come with the rules."""
    return True


@pytest.fixture
def faults(sandbox: Sandbox) -> Faults:
    return switchboard(sandbox)


@pytest.fixture
def orders(sandbox: Sandbox) -> str:
    return str(boto3.client("sqs").create_queue(QueueName="orders")["QueueUrl"])


def refused(call: Any, **parameters: object) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return dict(caught.value.response)


def statuses(sandbox: Sandbox, operation: str) -> list[int]:
    return [call.status for call in sandbox.calls.since(0) if call.operation == operation]


# ---- throttle ----


def test_boto3_bears_a_throttle_by_waiting_and_asking_again(
    sandbox: Sandbox, faults: Faults, clock: Clock, orders: str
) -> None:
    faults.throttle("sqs", "SendMessage", times=2)
    before = clock.now

    answer = boto3.client("sqs").send_message(QueueUrl=orders, MessageBody="seat F7")

    assert answer["ResponseMetadata"]["RetryAttempts"] == 2
    assert statuses(sandbox, "SendMessage") == [403, 403, 200]
    assert clock.now > before


def test_a_throttle_longer_than_its_patience_reaches_the_caller(
    sandbox: Sandbox, faults: Faults, orders: str
) -> None:
    faults.throttle("sqs", "SendMessage", times=3)

    response = refused(boto3.client("sqs").send_message, QueueUrl=orders, MessageBody="seat F7")

    assert response["Error"]["Code"] == "RequestThrottled"
    assert response["ResponseMetadata"]["MaxAttemptsReached"]


@pytest.mark.parametrize(
    ("service", "operation", "code", "status"),
    [
        ("s3", "GetObject", "SlowDown", 503),
        ("ec2", "RunInstances", "RequestLimitExceeded", 503),
        ("sqs", "SendMessage", "RequestThrottled", 403),
        ("sns", "Publish", "Throttling", 400),
        ("sns", "GetSMSAttributes", "Throttled", 429),
        ("dynamodb", "PutItem", "ProvisionedThroughputExceededException", 400),
        ("dynamodb", "CreateTable", "ThrottlingException", 400),
        ("kinesis", "PutRecord", "ProvisionedThroughputExceededException", 400),
        ("lambda", "Invoke", "TooManyRequestsException", 429),
        ("apigateway", "GetRestApis", "TooManyRequestsException", 429),
        ("kms", "Decrypt", "ThrottlingException", 400),
        ("sts", "AssumeRole", "Throttling", 400),
        ("iam", "GetUser", "Throttling", 400),
        ("cloudformation", "DescribeStacks", "Throttling", 400),
        ("cloudwatch", "PutMetricData", "Throttling", 400),
        ("route53", "ListHostedZones", "Throttling", 400),
        ("ssm", "GetParameter", "ThrottlingException", 400),
        ("cognito-idp", "InitiateAuth", "TooManyRequestsException", 400),
    ],
)
def test_each_service_throttles_in_its_own_words(
    service: str, operation: str, code: str, status: int
) -> None:
    refusal = throttle_of(service, operation)

    assert (refusal.code, refusal.status) == (code, status)


@pytest.mark.parametrize(
    ("service", "operation", "method"),
    [
        ("s3", "ListBuckets", "list_buckets"),
        ("ec2", "DescribeKeyPairs", "describe_key_pairs"),
        ("sts", "GetCallerIdentity", "get_caller_identity"),
        ("dynamodb", "ListTables", "list_tables"),
        ("lambda", "ListFunctions", "list_functions"),
        ("kms", "ListKeys", "list_keys"),
        ("sns", "ListTopics", "list_topics"),
    ],
)
def test_boto3_reads_every_throttle_as_one(
    sandbox: Sandbox, faults: Faults, service: str, operation: str, method: str
) -> None:
    faults.throttle(service, operation)

    answer = getattr(boto3.client(service), method)()

    assert answer["ResponseMetadata"]["RetryAttempts"] == 1


# ---- fail ----


def test_a_failure_after_the_deed_makes_a_retry_do_it_twice(
    sandbox: Sandbox, faults: Faults, orders: str
) -> None:
    sqs = boto3.client("sqs")
    faults.fail("sqs", "SendMessage", "InternalFailure", served=True)

    sqs.send_message(QueueUrl=orders, MessageBody="seat F7")

    received = sqs.receive_message(QueueUrl=orders, MaxNumberOfMessages=10)["Messages"]
    assert [message["Body"] for message in received] == ["seat F7", "seat F7"]


def test_a_failure_before_the_deed_leaves_nothing_done(
    sandbox: Sandbox, faults: Faults, orders: str
) -> None:
    sqs = boto3.client("sqs", config=ONCE)
    faults.fail("sqs", "SendMessage", "InternalFailure")

    response = refused(sqs.send_message, QueueUrl=orders, MessageBody="seat F7")

    assert response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert "Messages" not in sqs.receive_message(QueueUrl=orders)


def test_a_fault_can_be_meant_for_one_object(sandbox: Sandbox, faults: Faults) -> None:
    s3 = boto3.client("s3", config=ONCE)
    s3.create_bucket(Bucket=BUCKET)
    for key in ("hamlet", "tosca"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")
    faults.fail("s3", "GetObject", "SlowDown", Key="tosca")

    assert s3.get_object(Bucket=BUCKET, Key="hamlet")["Body"].read() == b"x"
    assert refused(s3.get_object, Bucket=BUCKET, Key="tosca")["Error"] == {
        "Code": "SlowDown",
        "Message": "Please reduce your request rate.",
    }


@pytest.mark.parametrize(
    ("service", "operation", "code", "status"),
    [
        ("s3", "PutObject", "InternalError", 500),
        ("s3", "GetObject", "NoSuchKey", 404),
        ("s3", "GetObject", "SlowDown", 503),
        ("lambda", "Invoke", "ResourceNotFoundException", 404),
        ("dynamodb", "PutItem", "InternalServerError", 500),
        ("sqs", "SendMessage", "SomethingElse", 400),
    ],
)
def test_an_error_has_the_status_that_aws_gives_it(
    service: str, operation: str, code: str, status: int
) -> None:
    assert refusal_of(service, operation, code).status == status


# ---- delay, duplicate ----


def test_a_late_answer_takes_its_time_by_the_clock(
    sandbox: Sandbox, faults: Faults, clock: Clock
) -> None:
    faults.delay("sts", "GetCallerIdentity", seconds=2.5)
    before = clock.now

    for _ in range(2):
        boto3.client("sts").get_caller_identity()

    assert (clock.now - before).total_seconds() == 2.5
    late, prompt = sandbox.calls.since(0)
    assert (late.ended_at - late.at).total_seconds() == 2.5
    assert prompt.ended_at == prompt.at


def test_a_copy_is_delivered_although_the_first_was_deleted(
    sandbox: Sandbox, faults: Faults, orders: str
) -> None:
    sqs = boto3.client("sqs")
    sqs.send_message(QueueUrl=orders, MessageBody="seat F7")
    faults.duplicate("sqs")

    first = sqs.receive_message(QueueUrl=orders)["Messages"][0]
    sqs.delete_message(QueueUrl=orders, ReceiptHandle=first["ReceiptHandle"])
    second = sqs.receive_message(QueueUrl=orders)["Messages"][0]
    sqs.delete_message(QueueUrl=orders, ReceiptHandle=second["ReceiptHandle"])

    assert second["MessageId"] == first["MessageId"]
    assert second["ReceiptHandle"] != first["ReceiptHandle"]
    assert "Messages" not in sqs.receive_message(QueueUrl=orders)


def test_a_fifo_queue_delivers_once(sandbox: Sandbox, faults: Faults) -> None:
    sqs = boto3.client("sqs")
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    url = sqs.create_queue(QueueName="receipts.fifo", Attributes=attributes)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="paid", MessageGroupId="ana")
    faults.duplicate("sqs")

    sqs.receive_message(QueueUrl=url)

    assert "Messages" not in sqs.receive_message(QueueUrl=url)


# ---- the switchboard ----


def test_a_share_of_the_requests_is_drawn_from_the_seed() -> None:
    def drawn() -> list[int]:
        sandbox = fidelity.open_sandbox("tests")
        switchboard(sandbox).throttle("sts", "GetCallerIdentity", times=20, share=0.5)
        sts = boto3.client("sts", config=ONCE)
        for _ in range(30):
            try:
                sts.get_caller_identity()
            except ClientError:
                continue
        found = statuses(sandbox, "GetCallerIdentity")
        sandbox.close()
        return found

    first = drawn()

    assert 5 <= first.count(400) <= 20
    assert 200 in first
    assert drawn() == first


def test_faults_do_not_meet_what_labkit_asks_by_itself(
    sandbox: Sandbox, faults: Faults, orders: str
) -> None:
    faults.throttle("sqs", "ListQueues")

    with sandbox.quietly():
        sandbox.client("sqs").list_queues()

    assert repr(faults) == "sqs ListQueues: the next one, refused with RequestThrottled (403)."


def test_it_says_what_is_waiting(sandbox: Sandbox, faults: Faults) -> None:
    faults.fail("s3", "PutObject", "InternalError", times=2, served=True, Key="hamlet")
    faults.delay("sqs", "SendMessage", seconds=1, share=0.25)

    assert repr(faults) == (
        "s3 PutObject Key='hamlet': the next 2, served, and yet answered with InternalError "
        "(500).\n"
        "sqs SendMessage: the next one, a share of 25%, served 1 s late."
    )
    faults.clear()
    assert repr(faults) == "No faults are waiting."


def test_the_next_sandbox_begins_without_faults(sandbox: Sandbox, faults: Faults) -> None:
    faults.throttle("sqs", "SendMessage")

    assert repr(switchboard(fidelity.open_sandbox("tests"))) == "No faults are waiting."


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("throttle", ("sqs", "SendMesage"), "Did you mean 'SendMessage'?"),
        ("throttle", ("simple-queue", "SendMessage"), "'simple-queue' has no operation"),
        ("throttle", ("sqs", "SendMessage", 0), "times must be 1 or more, got 0"),
        ("throttle", ("sqs", "SendMessage", 1, 0), "share must be above 0"),
        ("delay", ("sqs", "SendMessage", -1), "seconds must be 0 or more, got -1"),
        ("duplicate", ("sns",), "sns cannot be made to deliver twice"),
    ],
)
def test_a_slip_is_named(faults: Faults, name: str, arguments: tuple[Any, ...], words: str) -> None:
    with pytest.raises(UsageError, match=words.replace("?", r"\?")):
        getattr(faults, name)(*arguments)
