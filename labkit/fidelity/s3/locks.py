"""Object Lock: what is written cannot be deleted, until its retention is over.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from labkit.fidelity.registry import rule
from labkit.fidelity.s3.common import API, GUIDE, bucket_of, find_key, header
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

_LOCK = GUIDE + "object-lock.html"
_PROTECTED = "Access Denied because object protected by object lock."


def _until(key: Any) -> datetime | None:
    """Until when an object is retained, or None."""
    if not key.lock_mode or not key.lock_until:
        return None
    found = datetime.fromisoformat(str(key.lock_until).replace("Z", "+00:00"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@rule(
    "s3",
    "DeleteObject",
    when="before",
    follows=_LOCK,
    corrects="moto does not say why, and takes any word for a bypass",
)
def a_retained_version_is_not_deleted(exchange: Exchange) -> None:
    """A version that is retained, or on legal hold, cannot be deleted; a marker can be set.

    AccessDenied because object protected by object lock. GOVERNANCE can be bypassed, COMPLIANCE
    cannot.
    """
    version_id = exchange.request.args.get("versionId")
    found = find_key(exchange) if version_id else None
    if found is None:
        return
    bypass = header(exchange, "x-amz-bypass-governance-retention").lower() == "true"
    if found.is_locked(governance_bypass=bypass):
        raise AwsError("AccessDenied", _PROTECTED, 403)


@rule(
    "s3",
    "PutObjectRetention",
    when="before",
    follows=API + "API_PutObjectRetention.html",
    corrects="moto sets whatever is asked for",
)
def a_retention_only_grows(exchange: Exchange) -> None:
    """A retention lies in the future, and can be made longer, not shorter.

    InvalidArgument for the past; AccessDenied for less, except under GOVERNANCE with a bypass.
    """
    asked = exchange.params.get("Retention") or {}
    found, until = find_key(exchange), asked.get("RetainUntilDate")
    if isinstance(until, str):
        until = datetime.fromisoformat(until.replace("Z", "+00:00"))
    if until is not None and until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    if until is not None and until <= exchange.at:
        raise AwsError("InvalidArgument", "The retain until date must be in the future!", 400)
    held = _until(found) if found is not None else None
    if held is None or held <= exchange.at or (until is not None and until >= held):
        return
    bypass = header(exchange, "x-amz-bypass-governance-retention").lower() == "true"
    if found.lock_mode == "COMPLIANCE" or not bypass:
        raise AwsError("AccessDenied", _PROTECTED, 403)


@rule(
    "s3",
    "GetObjectRetention",
    when="instead",
    follows=API + "API_GetObjectRetention.html",
    corrects="moto answers with the object itself",
)
def a_retention_can_be_read(exchange: Exchange) -> Params | None:
    """The retention of an object can be read.

    NoSuchObjectLockConfiguration if it has none.
    """
    found, bucket = find_key(exchange), bucket_of(exchange)
    if found is None or bucket is None:
        return None
    if not bucket.object_lock_enabled:
        sentence = "Bucket is missing Object Lock Configuration"
        raise AwsError("InvalidRequest", sentence, 400)
    until = _until(found)
    if until is None:
        raise AwsError(
            "NoSuchObjectLockConfiguration",
            "The specified object does not have a ObjectLock configuration",
            404,
        )
    return {"Retention": {"Mode": found.lock_mode, "RetainUntilDate": until}}


@rule(
    "s3",
    "PutBucketVersioning",
    when="before",
    follows=_LOCK,
    corrects="moto suspends versioning",
)
def versioning_stays_on_under_object_lock(exchange: Exchange) -> None:
    """A bucket with Object Lock keeps its versioning on.

    InvalidBucketState.
    """
    bucket = bucket_of(exchange)
    status = (exchange.params.get("VersioningConfiguration") or {}).get("Status")
    if bucket is not None and bucket.object_lock_enabled and status == "Suspended":
        raise AwsError(
            "InvalidBucketState",
            "An Object Lock configuration is present on this bucket, so the versioning state "
            "cannot be changed.",
            409,
        )
