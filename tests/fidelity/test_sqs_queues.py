"""What a queue may be called, and how it may be set up."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from labkit.facts import fact
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock

Create = Callable[..., str]
Refusal = Callable[..., str]
Attributes = Callable[[str], dict[str, str]]

ARN = "arn:aws:sqs:us-east-1:123456789012:"


@pytest.mark.right
def test_a_new_queue_has_the_defaults(create: Create, attributes: Attributes) -> None:
    found = attributes(create())

    assert found["VisibilityTimeout"] == str(fact("sqs.visibility_timeout_default_s"))
    assert found["MessageRetentionPeriod"] == str(fact("sqs.retention_default_s"))
    assert found["ReceiveMessageWaitTimeSeconds"] == str(fact("sqs.wait_time_default_s"))
    assert found["DelaySeconds"] == str(fact("sqs.delay_default_s"))
    assert found["MaximumMessageSize"] == str(fact("sqs.message_max_bytes"))
    assert found["SqsManagedSseEnabled"] == "true"
    assert found["QueueArn"] == ARN + "orders"


@pytest.mark.mends
def test_a_queue_has_its_address_on_aws(sandbox: Sandbox) -> None:
    over_http = boto3.client("sqs", endpoint_url=sandbox.endpoint_url)
    url = over_http.create_queue(QueueName="orders")["QueueUrl"]
    over_http.send_message(QueueUrl=url, MessageBody="A1")

    assert url == "https://sqs.us-east-1.amazonaws.com/123456789012/orders"
    assert sandbox.client("sqs").get_queue_url(QueueName="orders")["QueueUrl"] == url


@pytest.mark.mends
def test_times_are_whole_seconds(create: Create, attributes: Attributes, clock: Clock) -> None:
    clock.advance(seconds=0.25)

    found = attributes(create())

    assert found["CreatedTimestamp"] == found["LastModifiedTimestamp"] == "1767603600"


@pytest.mark.right
def test_a_queue_that_is_not_there_is_refused(sqs: Any, refusal: Refusal) -> None:
    said = refusal(sqs.get_queue_url, QueueName="orders")

    assert said == ("AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.")
    assert sqs.exceptions.QueueDoesNotExist


@pytest.mark.right
def test_queues_are_listed_by_prefix(sqs: Any, create: Create) -> None:
    urls = [create(name) for name in ("orders", "orders-dlq", "posters")]

    assert sqs.list_queues(QueueNamePrefix="orders")["QueueUrls"] == urls[:2]


# ---- names ----


@pytest.mark.mends
def test_only_fifo_queues_are_named_so(sqs: Any, refusal: Refusal) -> None:
    standard = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in"
    fifo = "The name of a FIFO queue can only include alphanumeric characters, hyphens, or"

    def said(name: str, **attributes: str) -> str:
        return refusal(sqs.create_queue, QueueName=name, Attributes=attributes)

    assert said("receipts", FifoQueue="true").startswith(f"InvalidParameterValue: {fifo}")
    assert said("receipts.fifo").startswith(f"InvalidParameterValue: {standard}")
    assert said("front desk").startswith(f"InvalidParameterValue: {standard}")
    assert said("q" * 81).startswith(f"InvalidParameterValue: {standard}")
    assert said("q" * 76 + ".fifo", FifoQueue="true").startswith("InvalidParameterValue: ")
    sqs.create_queue(QueueName="q" * 80)
    sqs.create_queue(QueueName="q" * 75 + ".fifo", Attributes={"FifoQueue": "true"})


@pytest.mark.mends
def test_the_name_of_a_deleted_queue_rests(
    sqs: Any, create: Create, refusal: Refusal, clock: Clock
) -> None:
    sqs.delete_queue(QueueUrl=create())
    rest_s = fact("sqs.name_rest_s")

    clock.advance(seconds=rest_s - 1)
    said = refusal(sqs.create_queue, QueueName="orders")
    clock.advance(seconds=1)
    create()

    assert said == (
        f"AWS.SimpleQueueService.QueueDeletedRecently: You must wait {rest_s} seconds after "
        "deleting a queue before you can create another with the same name."
    )


def test_a_name_does_not_rest_for_labkit_itself(
    sqs: Any, sandbox: Sandbox, create: Create, refusal: Refusal
) -> None:
    with sandbox.quietly():
        for _ in range(2):
            sqs.delete_queue(QueueUrl=create())
    create()  # nor for the learner, where labkit laid the queue afresh

    sqs.delete_queue(QueueUrl=create())

    assert "QueueDeletedRecently" in refusal(sqs.create_queue, QueueName="orders")


@pytest.mark.mends
def test_a_queue_is_created_twice_only_if_it_is_the_same(
    sqs: Any, create: Create, refusal: Refusal
) -> None:
    url = create(VisibilityTimeout=45)

    assert create() == create(VisibilityTimeout=45) == url
    assert refusal(
        sqs.create_queue, QueueName="orders", Attributes={"VisibilityTimeout": "46"}
    ) == (
        "QueueAlreadyExists: A queue already exists with the same name and a different value "
        "for attribute VisibilityTimeout"
    )


# ---- attributes ----

RANGES = [
    ("DelaySeconds", 0, "delay_max_s"),
    ("MaximumMessageSize", "message_size_limit_min_bytes", "message_max_bytes"),
    ("MessageRetentionPeriod", "retention_min_s", "retention_max_s"),
    ("ReceiveMessageWaitTimeSeconds", 0, "wait_time_max_s"),
    ("VisibilityTimeout", 0, "visibility_timeout_max_s"),
    ("KmsDataKeyReusePeriodSeconds", "kms_reuse_min_s", "kms_reuse_max_s"),
]


@pytest.mark.mends
@pytest.mark.parametrize(("name", "least", "most"), RANGES, ids=[name for name, *_ in RANGES])
def test_an_attribute_is_within_its_range(
    sqs: Any, create: Create, refusal: Refusal, name: str, least: int | str, most: str
) -> None:
    url = create()
    low = least if isinstance(least, int) else fact(f"sqs.{least}")
    high = fact(f"sqs.{most}")

    for value in (low, high):
        sqs.set_queue_attributes(QueueUrl=url, Attributes={name: str(value)})
    for value in (low - 1, high + 1, "soon"):
        said = refusal(sqs.set_queue_attributes, QueueUrl=url, Attributes={name: str(value)})
        assert said == f"InvalidAttributeValue: Invalid value for the parameter {name}."
    said = refusal(sqs.create_queue, QueueName="posters", Attributes={name: str(high + 1)})
    assert said == f"InvalidAttributeValue: Invalid value for the parameter {name}."


@pytest.mark.mends
def test_an_unknown_attribute_is_refused(sqs: Any, create: Create, refusal: Refusal) -> None:
    said = refusal(sqs.set_queue_attributes, QueueUrl=create(), Attributes={"Timeout": "5"})

    assert said == "InvalidAttributeName: Unknown Attribute Timeout."


@pytest.mark.mends
def test_fifo_attributes_belong_to_fifo_queues(sqs: Any, create: Create, refusal: Refusal) -> None:
    url = create()

    def said(name: str, value: str) -> str:
        return refusal(sqs.set_queue_attributes, QueueUrl=url, Attributes={name: value})

    assert said("FifoQueue", "true") == "InvalidAttributeName: Unknown Attribute FifoQueue."
    assert said("ContentBasedDeduplication", "true").startswith("InvalidAttributeName: ")
    assert said("FifoThroughputLimit", "perQueue") == (
        "InvalidAttributeName: You can specify the FifoThroughputLimit only when FifoQueue is "
        "set to true."
    )
    assert refusal(
        sqs.create_queue, QueueName="posters", Attributes={"FifoQueue": "false"}
    ).startswith("InvalidAttributeName: ")


@pytest.mark.mends
def test_the_type_of_a_queue_is_fixed(sqs: Any, create: Create, refusal: Refusal) -> None:
    said = refusal(
        sqs.set_queue_attributes,
        QueueUrl=create("receipts.fifo"),
        Attributes={"FifoQueue": "false"},
    )

    assert said == (
        "InvalidAttributeValue: Invalid value for the parameter FifoQueue. "
        "Reason: Modifying queue type is not supported."
    )


@pytest.mark.mends
def test_high_throughput_needs_deduplication_by_group(
    sqs: Any, create: Create, refusal: Refusal
) -> None:
    url = create("receipts.fifo")
    limit = {"FifoThroughputLimit": "perMessageGroupId"}

    alone = refusal(sqs.set_queue_attributes, QueueUrl=url, Attributes=limit)
    sqs.set_queue_attributes(
        QueueUrl=url, Attributes={"DeduplicationScope": "messageGroup", **limit}
    )

    assert alone.startswith("InvalidAttributeValue: ")
    assert refusal(
        sqs.set_queue_attributes, QueueUrl=url, Attributes={"DeduplicationScope": "desk"}
    ) == ("InvalidAttributeValue: Invalid value for the parameter DeduplicationScope.")


@pytest.mark.mends
def test_one_kind_of_encryption_at_a_time(
    sqs: Any, create: Create, refusal: Refusal, attributes: Attributes
) -> None:
    url = create(KmsMasterKeyId="alias/till")

    said = refusal(
        sqs.set_queue_attributes,
        QueueUrl=url,
        Attributes={"KmsMasterKeyId": "alias/till", "SqsManagedSseEnabled": "true"},
    )

    assert said == (
        "InvalidAttributeName: You can use one type of server-side encryption (SSE) at one time. "
        "You can either enable KMS SSE or SQS SSE."
    )
    assert attributes(url)["KmsMasterKeyId"] == "alias/till"
    assert attributes(url)["SqsManagedSseEnabled"] == "false"


@pytest.mark.mends
def test_setting_one_attribute_leaves_the_policy(
    sqs: Any, create: Create, attributes: Attributes
) -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
        ],
    }
    url = create(Policy=policy)

    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "60"})

    assert json.loads(attributes(url)["Policy"]) == policy


# ---- dead-letter queues ----


@pytest.mark.mends
def test_a_redrive_policy_is_checked(sqs: Any, create: Create, refusal: Refusal) -> None:
    create("orders-dlq")
    create("receipts-dlq.fifo")
    url = create()
    most = fact("sqs.max_receive_count_max")
    dlq = ARN + "orders-dlq"

    def said(**policy: object) -> str:
        text = json.dumps(policy)
        start = f"InvalidParameterValue: Value {text} for parameter RedrivePolicy is invalid. "
        answer = refusal(sqs.set_queue_attributes, QueueUrl=url, Attributes={"RedrivePolicy": text})
        assert answer.startswith(start)
        return answer.removeprefix(start)

    for count in (0, most + 1, "some"):
        assert said(deadLetterTargetArn=dlq, maxReceiveCount=count) == (
            f"Reason: Invalid value for maxReceiveCount: {count}, valid values are from 1 to "
            f"{most} both inclusive."
        )
    assert said(deadLetterTargetArn="dummy", maxReceiveCount=3) == (
        "Reason: Invalid value for deadLetterTargetArn."
    )
    assert said(deadLetterTargetArn=ARN + "nowhere", maxReceiveCount=3) == (
        "Reason: Dead letter target does not exist."
    )
    assert said(deadLetterTargetArn=ARN + "receipts-dlq.fifo", maxReceiveCount=3) == (
        "Reason: Dead-letter queue must be same type of queue as the source."
    )
    assert "maxReceiveCount" in said(deadLetterTargetArn=dlq)
    assert refusal(
        sqs.set_queue_attributes, QueueUrl=url, Attributes={"RedrivePolicy": "orders-dlq"}
    ).startswith("InvalidParameterValue: ")


@pytest.mark.right
def test_a_redrive_policy_can_be_taken_away(
    sqs: Any, create: Create, attributes: Attributes
) -> None:
    create("orders-dlq")
    policy = {"deadLetterTargetArn": ARN + "orders-dlq", "maxReceiveCount": "3"}
    url = create(RedrivePolicy=policy)
    assert json.loads(attributes(url)["RedrivePolicy"]) == {**policy, "maxReceiveCount": 3}

    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": ""})

    assert "RedrivePolicy" not in attributes(url)


@pytest.mark.mends
def test_a_dead_letter_queue_says_whom_it_serves(
    sqs: Any, create: Create, refusal: Refusal, attributes: Attributes
) -> None:
    dlq = create("orders-dlq")
    policy = {"deadLetterTargetArn": ARN + "orders-dlq", "maxReceiveCount": 3}

    def allow(**allowed: object) -> None:
        sqs.set_queue_attributes(
            QueueUrl=dlq, Attributes={"RedriveAllowPolicy": json.dumps(allowed)}
        )

    def refused() -> str:
        return refusal(
            sqs.create_queue, QueueName="posters", Attributes={"RedrivePolicy": json.dumps(policy)}
        )

    allow(redrivePermission="denyAll")
    assert refused().startswith("InvalidParameterValue: ")
    allow(redrivePermission="byQueue", sourceQueueArns=[ARN + "orders"])
    assert refused().startswith("InvalidParameterValue: ")
    create("orders", RedrivePolicy=policy)
    allow(redrivePermission="allowAll")
    create("posters", RedrivePolicy=policy)
    assert json.loads(attributes(dlq)["RedriveAllowPolicy"]) == {"redrivePermission": "allowAll"}


@pytest.mark.mends
@pytest.mark.parametrize(
    "policy",
    [
        {"redrivePermission": "some"},
        {"redrivePermission": "byQueue"},
        {"redrivePermission": "denyAll", "sourceQueueArns": [ARN + "orders"]},
        {"redrivePermission": "byQueue", "sourceQueueArns": [f"{ARN}q{n}" for n in range(11)]},
    ],
    ids=["unknown", "nobody named", "named without need", "too many"],
)
def test_a_redrive_allow_policy_is_checked(
    sqs: Any, create: Create, refusal: Refusal, policy: dict[str, object]
) -> None:
    said = refusal(
        sqs.set_queue_attributes,
        QueueUrl=create("orders-dlq"),
        Attributes={"RedriveAllowPolicy": json.dumps(policy)},
    )

    assert said.startswith("InvalidParameterValue: ")


@pytest.mark.right
def test_a_dead_letter_queue_knows_its_sources(sqs: Any, create: Create) -> None:
    dlq = create("orders-dlq")
    policy = {"deadLetterTargetArn": ARN + "orders-dlq", "maxReceiveCount": 3}
    source = create(RedrivePolicy=policy)
    create("posters")

    assert sqs.list_dead_letter_source_queues(QueueUrl=dlq)["queueUrls"] == [source]


# ---- policies ----


def letting_in(principal: object) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "sqs:SendMessage",
        "Resource": ARN + "orders",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.mends
@pytest.mark.parametrize(
    "policy",
    [
        "{",
        json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]}),
        letting_in({"AWS": "arn:aws:iam::123456789012:user/nobody"}),
        letting_in({"AWS": ["123456789012", "arn:aws:iam::123456789012:role/nothing"]}),
        letting_in({"AWS": "arn:aws:iam::123456789012:group/staff"}),
    ],
    ids=["no JSON", "no principal", "no such user", "no such role", "a group"],
)
def test_a_queue_takes_a_policy_that_it_can_evaluate(
    create: Create, sqs: Any, attributes: Attributes, refusal: Refusal, policy: str
) -> None:
    url = create()

    said = refusal(sqs.set_queue_attributes, QueueUrl=url, Attributes={"Policy": policy})

    assert said == "InvalidAttributeValue: Invalid value for the parameter Policy."
    assert "Policy" not in attributes(url)


@pytest.mark.right
@pytest.mark.parametrize(
    "principal",
    [
        "*",
        {"AWS": "222222222222"},
        {"AWS": "arn:aws:sts::123456789012:assumed-role/worker/run-7"},
        {"Service": "sns.amazonaws.com"},
    ],
    ids=["everyone", "an account", "a session", "a service"],
)
def test_a_queue_keeps_its_policy_until_it_is_given_an_empty_one(
    create: Create, sqs: Any, attributes: Attributes, principal: object
) -> None:
    url = create(Policy=letting_in(principal))
    kept = attributes(url)["Policy"]

    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})

    assert json.loads(kept) == json.loads(letting_in(principal))
    assert "Policy" not in attributes(url)
