"""What lifecycle rules may say, and that they are given back as they were set."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from moto.moto_api._internal import mock_random

from labkit.fidelity.registry import rule
from labkit.fidelity.s3.common import (
    API,
    GUIDE,
    bucket_of,
    invalid_argument,
    limit,
    refuse_malformed,
)
from labkit.fidelity.s3.lifecycle import Lifecycle
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params
from labkit.sandbox.sandbox import Sandbox

_ACTIONS = (
    "Expiration",
    "Transitions",
    "NoncurrentVersionExpiration",
    "NoncurrentVersionTransitions",
    "AbortIncompleteMultipartUpload",
)
_INFREQUENT = ("STANDARD_IA", "ONEZONE_IA")
_CONSIDERATIONS = GUIDE + "lifecycle-transition-general-considerations.html"

# The nightly run of the open sandbox, made when its first rules are set.
_runs: dict[int, Lifecycle] = {}


def _rules_of(exchange: Exchange) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (exchange.params.get("LifecycleConfiguration") or {}).get(
        "Rules", []
    )
    return found


@rule(
    "s3",
    "PutBucketLifecycleConfiguration",
    when="before",
    follows=API + "API_PutBucketLifecycleConfiguration.html",
    corrects="moto stores rules that do nothing, or what cannot be done",
)
def a_lifecycle_rule_does_something_that_can_be_done(exchange: Exchange) -> None:
    """A lifecycle rule has an action, its days are positive, its dates midnight, its id unique.

    InvalidRequest or InvalidArgument; MalformedXML for more than 1,000 rules.
    """
    rules = _rules_of(exchange)
    if not 1 <= len(rules) <= limit("lifecycle_rules_max"):
        raise refuse_malformed()
    ids = [found["ID"] for found in rules if found.get("ID")]
    if len(set(ids)) < len(ids):
        raise AwsError(
            "InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule", 400
        )
    for found in rules:
        if not any(found.get(action) for action in _ACTIONS):
            raise AwsError(
                "InvalidRequest", "At least one action needs to be specified in a rule", 400
            )
        _check_days(found)


def _check_days(found: dict[str, Any]) -> None:
    expiration = found.get("Expiration") or {}
    if expiration.get("Days") is not None and int(expiration["Days"]) <= 0:
        raise _invalid("'Days' for Expiration action must be a positive integer")
    noncurrent = found.get("NoncurrentVersionExpiration") or {}
    if noncurrent.get("NoncurrentDays") is not None and int(noncurrent["NoncurrentDays"]) <= 0:
        raise _invalid(
            "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer"
        )
    for action in (expiration, *(found.get("Transitions") or ())):
        date = action.get("Date")
        if isinstance(date, datetime) and (date.hour, date.minute, date.second) != (0, 0, 0):
            raise _invalid("'Date' must be at midnight GMT")


def _invalid(sentence: str) -> AwsError:
    return AwsError("InvalidArgument", sentence, 400)


@rule(
    "s3",
    "PutBucketLifecycleConfiguration",
    when="before",
    follows=_CONSIDERATIONS,
    corrects="moto stores any number of days",
)
def infrequent_access_begins_after_30_days(exchange: Exchange) -> None:
    """An object goes to Standard-IA or One Zone-IA after 30 days at the earliest.

    InvalidArgument; and what expires must do so after it has moved.
    """
    least = limit("ia_transition_min_days")
    for found in _rules_of(exchange):
        days = [
            (int(step["Days"]), step["StorageClass"])
            for step in found.get("Transitions") or ()
            if step.get("Days") is not None
        ]
        for number, storage_class in days:
            if storage_class in _INFREQUENT and number < least:
                raise invalid_argument(
                    f"'Days' in Transition action must be greater than or equal to {least} for "
                    f"storageClass '{storage_class}'",
                    "Days",
                    number,
                )
        end = (found.get("Expiration") or {}).get("Days")
        if end is not None and days and int(end) <= max(number for number, _ in days):
            prefix = (found.get("Filter") or {}).get("Prefix") or found.get("Prefix") or ""
            raise _invalid(
                f"'Days' in the Expiration action for filter '(prefix={prefix})' must be greater "
                "than 'Days' in the Transition action"
            )


@rule(
    "s3",
    "PutBucketLifecycleConfiguration",
    when="after",
    follows=GUIDE + "intro-lifecycle-rules.html",
    corrects="moto keeps rules, and never acts on them",
)
def objects_expire_at_midnight(exchange: Exchange, _: Params) -> None:
    """An object expires at the first midnight UTC after its days are over.

    In a bucket without versions it is deleted, in one with versions it gets a delete marker.
    """
    bucket = bucket_of(exchange)
    bucket.lifecycle = [
        found if found.get("ID") else found | {"ID": _new_id()} for found in _rules_of(exchange)
    ]
    sandbox = Sandbox.current()
    if id(sandbox) not in _runs:
        _runs[id(sandbox)] = Lifecycle(sandbox)
        sandbox.on_close(_runs.clear)
    _runs[id(sandbox)].wake()


def _new_id() -> str:
    """What S3 calls a rule that was given no name."""
    return mock_random.get_random_hex(32)


@rule(
    "s3",
    "GetBucketLifecycleConfiguration",
    when="after",
    follows=API + "API_GetBucketLifecycleConfiguration.html",
    corrects="moto forgets sizes and numbers of versions, and gives no names",
)
def lifecycle_rules_are_given_back_in_full(exchange: Exchange, answer: Params) -> Params | None:
    """Lifecycle rules are given back as they were set, each with an id.

    With sizes in filters, NewerNoncurrentVersions, and an id for a rule that was given none.
    """
    return answer | {"Rules": bucket_of(exchange).lifecycle}


@rule(
    "s3",
    "DeleteBucketLifecycle",
    when="after",
    follows=API + "API_DeleteBucketLifecycle.html",
    corrects="moto has no rules to stop",
)
def without_rules_nothing_expires(exchange: Exchange, _: Params) -> None:
    """Without rules nothing expires any more.

    Objects never expire once the configuration is deleted.
    """
    bucket_of(exchange).lifecycle = []
