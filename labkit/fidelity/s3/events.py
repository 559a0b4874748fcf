"""Who is told of what happens in a bucket, and in which words.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus

from moto.core.utils import iso_8601_datetime_with_milliseconds
from moto.moto_api._internal import mock_random

from labkit.fidelity.authorisation import authoriser
from labkit.fidelity.registry import rule
from labkit.fidelity.s3.common import API, GUIDE
from labkit.policy.arn import split_arn
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

_PRINCIPAL = "s3.amazonaws.com"
_OWNER, _CALLER = "A3NL1KOZZKEXAMPLE", "AWS:AIDAJDPLRKLG7UEXAMPLE"  # of every event here
_VALIDATION = "Unable to validate the following destination configurations"
# Parameter and ARN of each kind, its service, and how S3's own documents call it.
_KINDS = (
    ("LambdaFunctionConfigurations", "LambdaFunctionArn", "lambda", "CloudFunction"),
    ("QueueConfigurations", "QueueArn", "sqs", "Queue"),
    ("TopicConfigurations", "TopicArn", "sns", "Topic"),
)


def _configured(exchange: Exchange) -> Iterator[tuple[dict[str, Any], str, str, str]]:
    """Each configuration of the request, with its ARN, service and name in S3's documents."""
    asked = exchange.params.get("NotificationConfiguration") or {}
    for kind, field, service, name in _KINDS:
        for found in asked.get(kind) or ():
            yield found, str(found.get(field, "")), service, name


@rule(
    "s3",
    "PutBucketNotificationConfiguration",
    when="before",
    follows=API + "API_PutBucketNotificationConfiguration.html",
    corrects="moto's sentence is another",
)
def a_destination_is_an_arn(exchange: Exchange) -> None:
    """A destination of notifications is named by an ARN.

    InvalidArgument: The ARN could not be parsed.
    """
    for _, arn, service, name in _configured(exchange):
        fields = split_arn(arn)
        if fields is None or fields[2] != service:
            raise AwsError(
                "InvalidArgument",
                "The ARN could not be parsed",
                400,
                ArgumentName=name,
                ArgumentValue=arn,
            )


@rule(
    "s3",
    "PutBucketNotificationConfiguration",
    when="before",
    follows=GUIDE + "grant-destinations-permissions-to-s3.html",
    corrects="moto keeps destinations that are not there, or not open to S3",
)
def a_destination_is_there_and_lets_s3_in(exchange: Exchange) -> None:
    """A destination exists, and its policy lets S3 send to it, unless validation is skipped.

    InvalidArgument: Unable to validate the following destination configurations.
    """
    if exchange.request.headers.get("x-amz-skip-destination-validation", "").lower() == "true":
        return
    for _, arn, service, _ in _configured(exchange):
        what = _objection(exchange, arn, service)
        if what:
            name = f"{arn}, null"
            raise AwsError(
                "InvalidArgument", _VALIDATION, 400, ArgumentName1=name, ArgumentValue1=what
            )


def _objection(exchange: Exchange, arn: str, service: str) -> str:
    """What S3 would say against a destination, or nothing."""
    fields = split_arn(arn) or ("",) * 6
    region, account, name = fields[3], fields[4], fields[5]
    context = {
        "aws:SourceArn": f"arn:aws:s3:::{exchange.handler.bucket_name}",
        "aws:SourceAccount": exchange.account,
    }
    if service == "lambda":
        invokes = authoriser.current().decide(_PRINCIPAL, "lambda:InvokeFunction", arn, context)
        there = _has_function(account, region, arn)
        return "" if there and invokes.allowed else f"Not authorized to invoke function [{arn}]"
    kind, action = ("queue", "sqs:SendMessage") if service == "sqs" else ("topic", "sns:Publish")
    has = (
        _has_queue(account, region, name) if service == "sqs" else _has_topic(account, region, arn)
    )
    if not has:
        return f"The destination {kind} does not exist"
    if authoriser.current().decide(_PRINCIPAL, action, arn, context).allowed:
        return ""
    return (
        f"Permissions on the destination {kind} do not allow S3 to publish notifications from "
        "this bucket"
    )


def _has_function(account: str, region: str, arn: str) -> bool:
    from moto.awslambda.models import lambda_backends

    found = lambda_backends[account][region].list_functions(None)
    return any(function.function_arn == arn for function in found)


def _has_queue(account: str, region: str, name: str) -> bool:
    from moto.sqs.models import sqs_backends

    return name in sqs_backends[account][region].queues


def _has_topic(account: str, region: str, arn: str) -> bool:
    from moto.sns.models import sns_backends

    return arn in sns_backends[account][region].topics


@rule(
    "s3",
    "PutBucketNotificationConfiguration",
    when="before",
    follows=GUIDE + "notification-how-to-filtering.html",
    corrects="moto keeps configurations that overlap",
)
def configurations_do_not_overlap(exchange: Exchange) -> None:
    """No event of an object is sent to two destinations of one bucket.

    InvalidArgument: Configurations overlap.
    """
    for (one, *_), (other, *_) in itertools.combinations(_configured(exchange), 2):
        if _share_an_event(one, other) and _share_a_key(one, other):
            raise AwsError(
                "InvalidArgument",
                "Configurations overlap. Configurations on the same bucket cannot share a common "
                "event type.",
                400,
                ArgumentName="NotificationConfiguration",
            )


def _share_an_event(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return any(
        first == second
        or (first.endswith("*") and second.startswith(first[:-1]))
        or (second.endswith("*") and first.startswith(second[:-1]))
        for first in one.get("Events", ())
        for second in other.get("Events", ())
    )


def _share_a_key(one: dict[str, Any], other: dict[str, Any]) -> bool:
    def ends(found: dict[str, Any], name: str) -> str:
        rules = ((found.get("Filter") or {}).get("Key") or {}).get("FilterRules") or ()
        return next((r["Value"] for r in rules if r["Name"].lower() == name), "")

    heads, tails = ((ends(one, n), ends(other, n)) for n in ("prefix", "suffix"))
    return (heads[0].startswith(heads[1]) or heads[1].startswith(heads[0])) and (
        tails[0].endswith(tails[1]) or tails[1].endswith(tails[0])
    )


# ---- the words ----

_sequence = itertools.count(1)


def record(event_name: Any, bucket: Any, key: Any, notification_id: str) -> dict[str, Any]:
    """What a destination is told; in the place of moto's, which leaves half of it out."""
    version = {"versionId": key.version_id} if bucket.versioning_status else {}
    made = {"size": key.size, "eTag": key.etag.strip('"')} if key.etag else {}
    name = getattr(event_name, "value", event_name).removeprefix("s3:")
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": bucket.region_name,
                "eventTime": iso_8601_datetime_with_milliseconds(),
                "eventName": name,
                "userIdentity": {"principalId": _CALLER},
                "requestParameters": {"sourceIPAddress": authoriser.current().source_ip},
                "responseElements": {
                    "x-amz-request-id": mock_random.get_random_string(16).upper(),
                    "x-amz-id-2": mock_random.get_random_string(76),
                },
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "configurationId": notification_id,
                    "bucket": {
                        "name": bucket.name,
                        "ownerIdentity": {"principalId": _OWNER},
                        "arn": bucket.arn,
                    },
                    "object": {
                        "key": quote_plus(key.name, safe="/"),
                        **made,
                        **version,
                        "sequencer": f"{next(_sequence):018X}",
                    },
                },
            }
        ]
    }


def restart() -> None:
    """Let the sequence of events begin anew, as the sandbox does."""
    global _sequence  # noqa: PLW0603 - moto asks for a plain function
    _sequence = itertools.count(1)
