"""The log says what was asked, by whom, when, by which road and with what end."""

from __future__ import annotations

from datetime import timedelta

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from labkit.sandbox import Sandbox
from labkit.sandbox.calllog import Call
from labkit.sandbox.clock import START


def only(sandbox: Sandbox) -> Call:
    (call,) = sandbox.calls.since(0)
    return call


def test_a_call_is_kept_whole(sandbox: Sandbox) -> None:
    sandbox.clock.advance(seconds=7)
    boto3.client("sqs").create_queue(QueueName="orders", Attributes={"DelaySeconds": "5"})

    call = only(sandbox)

    assert (call.index, call.service, call.operation) == (0, "sqs", "CreateQueue")
    assert call.params == {"QueueName": "orders", "Attributes": {"DelaySeconds": "5"}}
    assert call.response["QueueUrl"].endswith("/123456789012/orders")
    assert (call.status, call.error_code, call.over_http) == (200, None, False)
    assert call.principal == "arn:aws:iam::123456789012:user/learner"
    assert call.at == call.ended_at == START + timedelta(seconds=7)
    assert call.request_bytes > 20
    assert call.response_bytes > 50


def test_a_refused_call_has_its_error_code(sandbox: Sandbox) -> None:
    with pytest.raises(ClientError):
        boto3.client("sqs").get_queue_url(QueueName="orders")

    call = only(sandbox)

    assert call.status == 400
    assert call.error_code == "AWS.SimpleQueueService.NonExistentQueue"
    assert call.response["Error"]["Message"] == "The specified queue does not exist."


def test_a_call_by_a_presigned_address_is_told_from_one_that_its_caller_signed(
    sandbox: Sandbox,
) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="posters")
    s3.put_object(Bucket="posters", Key="aida", Body=b"")
    wanted = {"Bucket": "posters", "Key": "aida"}
    requests.get(s3.generate_presigned_url("get_object", Params=wanted), timeout=5)
    s3.get_object(**wanted)

    assert [call.presigned for call in sandbox.calls.since(2)] == [True, False]


def test_a_call_knows_the_region_that_was_asked(sandbox: Sandbox) -> None:
    boto3.client("sqs", region_name="eu-central-1").list_queues()

    assert only(sandbox).region == "eu-central-1"


def test_calls_since_a_mark_are_the_later_ones(sandbox: Sandbox) -> None:
    sqs = boto3.client("sqs")
    sqs.list_queues()
    mark = sandbox.calls.mark()
    sqs.create_queue(QueueName="orders")

    assert [call.operation for call in sandbox.calls.since(mark)] == ["CreateQueue"]
    assert [call.index for call in sandbox.calls.since(mark)] == [1]
    assert len(sandbox.calls) == 2


def test_labkits_own_calls_are_left_out(sandbox: Sandbox) -> None:
    with sandbox.quietly(), sandbox.quietly():
        sandbox.client("sqs").create_queue(QueueName="orders")
    sandbox.client("sqs").list_queues()

    assert [call.operation for call in sandbox.calls.since(0)] == ["ListQueues"]


def test_what_a_handler_does_to_its_parameters_is_not_in_the_log(sandbox: Sandbox) -> None:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]

    sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "2 seats"}])

    assert sandbox.calls.since(1)[0].params == {
        "QueueUrl": url,
        "Entries": [{"Id": "a", "MessageBody": "2 seats"}],
    }


def test_an_object_is_logged_without_the_chunks_it_was_sent_in(sandbox: Sandbox) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="posters")
    s3.put_object(Bucket="posters", Key="a b/ü.png", Body=b"a poster", Metadata={"Seat": "A1"})
    s3.get_object(Bucket="posters", Key="a b/ü.png")

    put, got = sandbox.calls.since(1)

    assert (put.params["Bucket"], put.params["Key"]) == ("posters", "a b/ü.png")
    assert (put.params["Body"], put.params["Metadata"]) == (b"a poster", {"seat": "A1"})
    assert "ContentEncoding" not in put.params
    assert (put.request_bytes, got.response_bytes) == (8, 8)
    assert got.response["Body"] == b"a poster"
    assert got.response["Metadata"] == {"seat": "A1"}


def test_a_large_object_is_not_kept(sandbox: Sandbox) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="posters")
    s3.put_object(Bucket="posters", Key="front.png", Body=b"x" * 100_000)
    s3.get_object(Bucket="posters", Key="front.png")["Body"].read()

    put, got = sandbox.calls.since(1)

    assert "Body" not in put.params
    assert put.params["Key"] == "front.png"
    assert got.response["Body"] == b""
    assert got.response["ContentLength"] == 100_000
    assert (put.request_bytes, got.response_bytes) == (100_000, 100_000)


def test_a_user_is_known_by_the_key_that_signed(sandbox: Sandbox) -> None:
    with sandbox.quietly():
        iam = sandbox.client("iam")
        iam.create_user(UserName="ada")
        key = iam.create_access_key(UserName="ada")["AccessKey"]

    boto3.client(
        "sqs",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    ).list_queues()

    assert only(sandbox).principal == "arn:aws:iam::123456789012:user/ada"


def test_a_role_session_is_known_by_its_credentials(sandbox: Sandbox) -> None:
    with sandbox.quietly():
        keys = sandbox.client("sts").assume_role(
            RoleArn="arn:aws:iam::123456789012:role/clerk", RoleSessionName="desk"
        )["Credentials"]

    boto3.client(
        "sqs",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    ).list_queues()

    assert only(sandbox).principal == "arn:aws:sts::123456789012:assumed-role/clerk/desk"
