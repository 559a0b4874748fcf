"""One sandbox to a process: it answers plain boto3, and leaves nothing behind."""

from __future__ import annotations

import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError

from labkit.errors import ClosedLab, NotSimulated
from labkit.sandbox import Sandbox
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange
from labkit.sandbox.clock import START
from labkit.sandbox.guard import NetworkRefused


def test_it_answers_for_the_account_and_the_region(sandbox: Sandbox) -> None:
    url = boto3.client("sqs").create_queue(QueueName="orders")["QueueUrl"]

    assert url == "https://sqs.us-east-1.amazonaws.com/123456789012/orders"


def test_a_client_made_before_labkit_and_moto_is_answered_too(child: Callable[..., str]) -> None:
    answered = child(
        """
        import boto3
        client = boto3.client("sqs")
        session = boto3.Session(region_name="us-east-1")
        from labkit.sandbox import Sandbox
        Sandbox.open("tests")
        client.create_queue(QueueName="orders")
        session.client("sqs").create_queue(QueueName="posters")
        print(boto3.client("sqs").list_queues()["QueueUrls"])
        print(client.list_queues()["QueueUrls"])
        """,
        AWS_ENDPOINT_URL_SQS="",
    )

    by_new, by_old = answered.splitlines()
    assert by_new == "['https://sqs.us-east-1.amazonaws.com/123456789012/posters']"
    assert by_old == "['https://sqs.eu-west-1.amazonaws.com/123456789012/orders']"


def test_a_client_made_in_an_earlier_sandbox_is_answered_too(sandbox: Sandbox) -> None:
    client = boto3.client("sqs")
    again = Sandbox.open("tests")

    assert "QueueUrls" not in client.list_queues()
    again.close()


def test_a_region_that_does_not_exist_has_no_endpoint(sandbox: Sandbox) -> None:
    once = Config(retries={"total_max_attempts": 1})
    on_the_moon = boto3.client("sqs", region_name="us-moon-1", config=once)

    with pytest.raises(EndpointConnectionError, match=r'"https://sqs\.us-moon-1\.amazonaws\.com/"'):
        on_the_moon.list_queues()
    assert len(sandbox.calls) == 0


@pytest.mark.parametrize("region", ["us-gov-west-1", "cn-north-1", "ap-southeast-7"])
def test_every_region_of_aws_has_one(sandbox: Sandbox, region: str) -> None:
    url = boto3.client("sqs", region_name=region).create_queue(QueueName="orders")["QueueUrl"]

    assert region in url


def test_a_bucket_may_be_named_like_a_region(sandbox: Sandbox) -> None:
    boto3.client("s3").create_bucket(Bucket="shop-eu-1")

    assert boto3.client("s3").list_objects_v2(Bucket="shop-eu-1")["KeyCount"] == 0


def test_it_refuses_what_is_not_aws(sandbox: Sandbox) -> None:
    elsewhere = boto3.client("sqs", endpoint_url="https://queues.example.com")

    with pytest.raises(NetworkRefused, match=r"queues\.example\.com"):
        elsewhere.list_queues()


def test_dual_stack_endpoints_are_refused(sandbox: Sandbox) -> None:
    dual_stack = boto3.client("sqs", config=Config(use_dualstack_endpoint=True))

    with pytest.raises(NetworkRefused, match=r"api\.aws"):
        dual_stack.list_queues()


def test_a_closed_sandbox_answers_no_more() -> None:
    sandbox = Sandbox.open("tests")
    client = boto3.client("sqs")

    sandbox.close()

    assert sandbox.closed
    with pytest.raises(NetworkRefused):
        client.list_queues()
    with pytest.raises(ClosedLab):
        sandbox.client("sqs")
    with pytest.raises(ClosedLab):
        _ = sandbox.endpoint_url
    with pytest.raises(ClosedLab):
        Sandbox.current()
    sandbox.close()


def test_opening_again_closes_the_earlier_one_and_clears_everything() -> None:
    first = Sandbox.open("tests")
    _fill()
    first.clock.advance(hours=5)
    first.clock.call_after(5, lambda: pytest.fail("work of an earlier sandbox was done"))

    second = Sandbox.open("tests")

    assert first.closed
    assert Sandbox.current() is second
    assert second.clock.now == START
    assert len(second.calls) == 0
    second.clock.advance(hours=1)
    assert _found() == {"queues": [], "buckets": [], "tables": [], "users": [], "topics": []}
    second.close()


def _fill() -> None:
    boto3.client("sqs").create_queue(QueueName="orders")
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="posters")
    s3.put_object(Bucket="posters", Key="front.png", Body=b"x")
    boto3.client("dynamodb").create_table(
        TableName="seats",
        KeySchema=[{"AttributeName": "seat", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "seat", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    boto3.client("iam").create_user(UserName="ada")
    boto3.client("sns").create_topic(Name="refunds")


def _found() -> dict[str, list[object]]:
    return {
        "queues": boto3.client("sqs").list_queues().get("QueueUrls", []),
        "buckets": boto3.client("s3").list_buckets()["Buckets"],
        "tables": boto3.client("dynamodb").list_tables()["TableNames"],
        "users": boto3.client("iam").list_users()["Users"],
        "topics": boto3.client("sns").list_topics()["Topics"],
    }


def test_a_reset_leaves_no_open_file_and_no_instance(recwarn: pytest.WarningsRecorder) -> None:
    from moto.core.model_instances import model_data

    Sandbox.open("tests")
    _fill()
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        Sandbox.open("tests").close()

    tracked = [
        instance
        for models in model_data.values()
        for model in models.values()
        for instance in model.instances_tracked  # type: ignore[attr-defined]
    ]
    assert tracked == []


def test_a_reset_takes_less_than_a_tenth_of_a_second() -> None:
    Sandbox.open("tests")
    _fill()

    took = []
    for _ in range(3):
        began = time.perf_counter()
        Sandbox.open("tests")
        took.append(time.perf_counter() - began)

    assert min(took) < 0.1
    Sandbox.current().close()


def test_resets_do_not_gather_memory() -> None:
    """In a process of its own: 1,000 resets may keep 20 MB, so 200 may keep 4."""
    program = """
import boto3, labkit
def used_mb():
    with open("/proc/self/statm") as sizes:
        return int(sizes.read().split()[1]) * 4096 / 1e6
def a_lab():
    labkit.start("sqs")
    boto3.client("s3").create_bucket(Bucket="posters")
    boto3.client("s3").put_object(Bucket="posters", Key="gala.png", Body=b"x" * 10_000)
    queue = boto3.client("sqs").create_queue(QueueName="orders")["QueueUrl"]
    boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="seat 12")
    boto3.client("dynamodb").create_table(
        TableName="seats", BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "seat", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "seat", "AttributeType": "S"}])
for number in range(300):
    a_lab()
    if number == 100:
        before = used_mb()
print(used_mb(), used_mb() - before)
"""
    if not Path("/proc/self/statm").exists():
        pytest.skip("only Linux says how much memory a process uses at the moment")
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    used_mb, gathered_mb = map(float, done.stdout.split())
    assert gathered_mb < 4
    assert used_mb < 160


def test_clients_are_made_once(sandbox: Sandbox) -> None:
    assert sandbox.client("sqs") is sandbox.client("sqs")


def test_what_is_registered_for_the_end_is_undone_in_reverse_order() -> None:
    done: list[str] = []
    sandbox = Sandbox.open("tests")
    sandbox.on_close(lambda: done.append("first registered"))
    sandbox.on_close(lambda: done.append("last registered"))

    sandbox.close()

    assert done == ["last registered", "first registered"]


# ---- time ----


def test_moto_and_signatures_tell_the_time_of_the_sandbox(sandbox: Sandbox) -> None:
    sandbox.clock.advance(days=40)
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="posters")

    created = s3.list_buckets()["Buckets"][0]["CreationDate"]
    presigned = s3.generate_presigned_url("get_object", Params={"Bucket": "posters", "Key": "a"})

    assert created == START + timedelta(days=40)
    assert "20260214T090000Z" in presigned or "Expires=1771063200" in presigned


def test_the_sandbox_is_in_utc_wherever_this_machine_is(child: Callable[..., str]) -> None:
    printed = {
        child(
            """
            import boto3
            from labkit.sandbox import Sandbox
            Sandbox.open("tests")
            print(boto3.client("dynamodb").create_table(
                TableName="seats", BillingMode="PAY_PER_REQUEST",
                KeySchema=[{"AttributeName": "seat", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "seat", "AttributeType": "S"}],
            )["TableDescription"]["CreationDateTime"])
            import time
            print(abs(time.timezone) > 0)
            """,
            TZ=zone,
        )
        for zone in ("Asia/Tokyo", "America/New_York")
    }

    assert printed == {"2026-01-05 09:00:00+00:00\nTrue"}


def test_the_rest_of_the_process_lives_in_real_time(sandbox: Sandbox) -> None:
    real = abs(time.time() - datetime.now(UTC).timestamp())

    sandbox.clock.advance(days=40)

    assert real < 1
    assert abs(time.time() - datetime.now(UTC).timestamp()) < 1
    assert datetime.now(UTC) > START + timedelta(days=100)


def test_adaptive_retries_wait_by_the_clock(sandbox: Sandbox) -> None:
    adaptive = Config(retries={"mode": "adaptive", "total_max_attempts": 6})
    sts = boto3.client("sts", config=adaptive)
    sandbox.choke.hooks.append(_Busy(times=5))
    began_at = time.monotonic()

    answer = sts.get_caller_identity()

    assert answer["ResponseMetadata"]["RetryAttempts"] == 5
    assert sandbox.clock.now - START > timedelta(seconds=1)
    assert time.monotonic() - began_at < 5


class _Busy:
    """A hook that throttles the first requests."""

    def __init__(self, times: int) -> None:
        self.left = times

    def before(self, _: Exchange) -> None:
        self.left -= 1
        if self.left >= 0:
            raise AwsError("Throttling", "Rate exceeded", 400)

    def after(self, *_: object) -> None:
        """Nothing."""


def test_a_waiter_moves_the_clock_instead_of_sleeping(sandbox: Sandbox) -> None:
    s3 = sandbox.client("s3")
    sandbox.clock.call_after(12, lambda: s3.create_bucket(Bucket="posters"))

    began = time.perf_counter()
    s3.get_waiter("bucket_exists").wait(Bucket="posters")

    assert time.perf_counter() - began < 2
    assert sandbox.clock.now == START + timedelta(seconds=15)  # three tries, five seconds apart


# ---- what is missing ----


def test_a_missing_operation_is_named(sandbox: Sandbox) -> None:
    with pytest.raises(NotSimulated, match=r"sqs's StartMessageMoveTask.*lab\.ledger\(\)"):
        boto3.client("sqs").start_message_move_task(SourceArn="arn:aws:sqs:us-east-1:1:orders-dlq")


def test_a_missing_service_is_named(sandbox: Sandbox) -> None:
    with pytest.raises(NotSimulated, match=r"gamelift\.us-east-1\.amazonaws\.com"):
        boto3.client("gamelift").list_fleets()


def test_a_service_whose_own_package_is_missing_is_named(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "aws_xray_sdk", None)
    over_http = boto3.client("xray", endpoint_url=sandbox.endpoint_url)

    with pytest.raises(NotSimulated, match="behind xray"):
        boto3.client("xray").get_groups()
    with pytest.raises(ClientError, match="behind xray"):
        over_http.get_groups()


def test_a_missing_operation_is_named_over_http_too(sandbox: Sandbox) -> None:
    client = boto3.client("sqs", endpoint_url=sandbox.endpoint_url)

    with pytest.raises(ClientError, match="StartMessageMoveTask") as caught:
        client.start_message_move_task(SourceArn="arn:aws:sqs:us-east-1:1:orders-dlq")

    assert caught.value.response["Error"]["Code"] == "NotSimulated"
    assert len(sandbox.calls) == 1  # it was not tried again


# ---- requests ----


def test_requests_reaches_the_sandbox_at_aws_addresses(sandbox: Sandbox) -> None:
    import requests

    s3 = sandbox.client("s3")
    s3.create_bucket(Bucket="posters")
    s3.put_object(Bucket="posters", Key="front.png", Body=b"a poster")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "posters", "Key": "front.png"})

    response = requests.get(url, timeout=5)

    assert (response.status_code, response.content) == (200, b"a poster")
    assert sandbox.calls.since(0)[-1].operation == "GetObject"
