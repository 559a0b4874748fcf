"""What is signed wrongly, too early or too late is refused, in the words of each service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from labkit.facts import fact
from labkit.sandbox import Sandbox, guard
from labkit.sandbox.clock import Clock

MAX_AGE_S = int(fact("aws.signature_max_age_s"))
MAX_AGE_S3_S = int(fact("aws.signature_max_age_s3_s"))

# One call for each way in which services take requests: in the body as a form or as JSON, in the
# path, in the query string.
CALLS = {
    "sts": ("get_caller_identity", {}),
    "ec2": ("describe_key_pairs", {}),
    "sqs": ("list_queues", {"QueueNamePrefix": "orders & refunds"}),
    "dynamodb": ("list_tables", {"Limit": 5}),
    "elb": ("describe_load_balancers", {}),  # shares its host with the next
    "elbv2": ("describe_load_balancers", {}),
    "kms": ("list_keys", {}),
    "lambda": ("list_functions", {"MaxItems": 7, "FunctionVersion": "ALL"}),
    "route53": ("list_hosted_zones", {"MaxItems": "3"}),
    "s3": ("list_buckets", {}),
}
KEYS = ["plain", "a b", "a//b", "ü+%2F", "x/./y", "../z", "a=b&c?d#e~*'()!,;:@$"]


def refused(call: Callable[..., object], **parameters: object) -> tuple[str, int]:
    """The code and the HTTP status of a refusal."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    response: Any = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def signed_with(secret: str, service: str) -> Any:
    return boto3.client(
        service, aws_access_key_id=guard.ACCESS_KEY_ID, aws_secret_access_key=secret
    )


def on_the_way(service: str, happens: Callable[[Any], object]) -> Any:
    """A client whose requests meet with something after they were signed."""
    client = boto3.client(service)
    client.meta.events.register(
        f"before-send.{service}", lambda request, **_: happens(request) and None
    )
    return client


@pytest.mark.mends
@pytest.mark.parametrize(
    ("service", "code", "status"),
    [
        ("sts", "SignatureDoesNotMatch", 403),
        ("ec2", "AuthFailure", 401),
        ("sqs", "SignatureDoesNotMatch", 403),
        ("dynamodb", "InvalidSignatureException", 400),
        ("s3", "SignatureDoesNotMatch", 403),
    ],
)
def test_a_signature_of_another_secret_is_refused(
    sandbox: Sandbox, service: str, code: str, status: int
) -> None:
    operation, parameters = CALLS[service]
    client = signed_with("another secret", service)

    assert refused(getattr(client, operation), **parameters) == (code, status)


@pytest.mark.mends
def test_a_request_that_was_changed_on_the_way_is_refused(sandbox: Sandbox) -> None:
    def change(request: Any) -> None:
        request.body = request.body.replace("GetCallerIdentity", "GetSessionToken")

    sts = on_the_way("sts", change)

    assert refused(sts.get_caller_identity) == ("SignatureDoesNotMatch", 403)


@pytest.mark.mends
@pytest.mark.parametrize("service", ["sqs", "dynamodb"])
def test_a_request_that_was_signed_too_long_ago_is_refused(
    sandbox: Sandbox, clock: Clock, service: str
) -> None:
    client = on_the_way(service, lambda _: clock.advance(seconds=MAX_AGE_S + 1))
    operation, parameters = CALLS[service]

    with pytest.raises(ClientError) as caught:
        getattr(client, operation)(**parameters)

    assert caught.value.response["Error"]["Message"] == (
        "Signature expired: 20260105T090000Z is now earlier than 20260105T090001Z "
        "(20260105T090501Z - 5 min.)"
    )


@pytest.mark.mends
def test_s3_and_ec2_say_so_in_words_of_their_own(sandbox: Sandbox, clock: Clock) -> None:
    late = {
        service: on_the_way(service, lambda _: clock.advance(seconds=MAX_AGE_S3_S + 1))
        for service in ("s3", "ec2")
    }

    assert refused(late["s3"].list_buckets) == ("RequestTimeTooSkewed", 403)
    assert refused(late["ec2"].describe_key_pairs) == ("RequestExpired", 400)


@pytest.mark.mends
def test_a_request_from_the_future_is_refused(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = datetime(2026, 1, 5, 9, 5, 1, tzinfo=UTC)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: ahead)

    with pytest.raises(ClientError) as caught:
        boto3.client("sts").get_caller_identity()

    assert caught.value.response["Error"]["Message"] == (
        "Signature not yet current: 20260105T090501Z is still later than 20260105T090500Z "
        "(20260105T090000Z + 5 min.)"
    )


@pytest.mark.right
@pytest.mark.parametrize("seconds", [0, MAX_AGE_S])
def test_a_request_that_comes_in_time_is_served(
    sandbox: Sandbox, clock: Clock, seconds: int
) -> None:
    sts = on_the_way("sts", lambda _: clock.advance(seconds=seconds))

    assert sts.get_caller_identity()["Account"] == "123456789012"


@pytest.mark.parametrize("over_http", [False, True], ids=["here", "over http"])
@pytest.mark.parametrize("service", CALLS)
def test_what_botocore_signs_is_accepted(
    sandbox: Sandbox, rules: bool, service: str, over_http: bool
) -> None:
    """botocore's signer and labkit's check are two pieces of code that must agree."""
    client = boto3.client(service, endpoint_url=sandbox.endpoint_url if over_http else None)
    operation, parameters = CALLS[service]

    answer = getattr(client, operation)(**parameters)

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize("key", KEYS)
def test_whatever_the_name_of_an_object(sandbox: Sandbox, rules: bool, key: str) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="posters-123456789012")
    s3.put_object(
        Bucket="posters-123456789012", Key=key, Body=b"hamlet", Metadata={"printed_on": "a  b"}
    )

    s3.put_object_tagging(
        Bucket="posters-123456789012", Key=key, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]}
    )

    found = s3.get_object(Bucket="posters-123456789012", Key=key)["Body"].read()
    assert found == b"hamlet"


def test_other_keys_of_the_account_have_secrets_of_their_own(sandbox: Sandbox) -> None:
    iam = sandbox.client("iam")
    iam.create_user(UserName="printer")
    key = iam.create_access_key(UserName="printer")["AccessKey"]
    id, secret = key["AccessKeyId"], key["SecretAccessKey"]

    def sts(secret: str) -> Any:
        return boto3.client("sts", aws_access_key_id=id, aws_secret_access_key=secret)

    assert sts(secret).get_caller_identity()["Arn"].endswith(":user/printer")
    assert refused(sts(secret[:-1]).get_caller_identity) == ("SignatureDoesNotMatch", 403)


@pytest.mark.parametrize(
    "header",
    [
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE",
        "AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=0",
    ],
    ids=["parts missing", "scope too short"],
)
def test_half_a_signature_is_named(sandbox: Sandbox, rules: bool, header: str) -> None:
    def spoil(request: Any) -> None:
        del request.headers["Authorization"]
        request.headers["Authorization"] = header

    sts = on_the_way("sts", spoil)

    assert refused(sts.get_caller_identity) == ("IncompleteSignature", 400)
