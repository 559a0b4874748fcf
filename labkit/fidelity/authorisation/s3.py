"""What a call of S3 needs: its operations are named otherwise than the actions of IAM.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import escape

from labkit.fidelity.authorisation import sealed
from labkit.fidelity.authorisation.asked import Asked, Need
from labkit.fidelity.authorisation.judged import Verdict
from labkit.policy.decision import EXPLICIT_DENY

# The action of each operation whose own name is no action.
ACTIONS = {
    "AbortMultipartUpload": "AbortMultipartUpload",
    "CompleteMultipartUpload": "PutObject",
    "CreateBucketMetadataConfiguration": "CreateBucketMetadataTableConfiguration",
    "CreateMultipartUpload": "PutObject",
    "DeleteBucketAnalyticsConfiguration": "PutAnalyticsConfiguration",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
    "DeleteBucketInventoryConfiguration": "PutInventoryConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketMetadataConfiguration": "DeleteBucketMetadataTableConfiguration",
    "DeleteBucketMetricsConfiguration": "PutMetricsConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketAnalyticsConfiguration": "GetAnalyticsConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketIntelligentTieringConfiguration": "GetIntelligentTieringConfiguration",
    "GetBucketInventoryConfiguration": "GetInventoryConfiguration",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketMetadataConfiguration": "GetBucketMetadataTableConfiguration",
    "GetBucketMetricsConfiguration": "GetMetricsConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBucketAnalyticsConfigurations": "GetAnalyticsConfiguration",
    "ListBucketIntelligentTieringConfigurations": "GetIntelligentTieringConfiguration",
    "ListBucketInventoryConfigurations": "GetInventoryConfiguration",
    "ListBucketMetricsConfigurations": "GetMetricsConfiguration",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListParts": "ListMultipartUploadParts",
    "PostObject": "PutObject",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "PutBucketAnalyticsConfiguration": "PutAnalyticsConfiguration",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
    "PutBucketInventoryConfiguration": "PutInventoryConfiguration",
    "PutBucketLifecycle": "PutLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketMetricsConfiguration": "PutMetricsConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutBucketReplication": "PutReplicationConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "SelectObjectContent": "GetObject",
    "UploadPart": "PutObject",
}
# These have an action of their own for one version of an object.
_VERSIONED = {
    "DeleteObject": "DeleteObjectVersion",
    "DeleteObjectTagging": "DeleteObjectVersionTagging",
    "GetObject": "GetObjectVersion",
    "GetObjectAcl": "GetObjectVersionAcl",
    "GetObjectAttributes": "GetObjectVersionAttributes",
    "GetObjectTagging": "GetObjectVersionTagging",
    "PutObjectAcl": "PutObjectVersionAcl",
    "PutObjectTagging": "PutObjectVersionTagging",
}
_WRITES = ("PutObject", "CopyObject", "CreateMultipartUpload")
# Parameters of a write that need an action of their own besides s3:PutObject.
_BESIDES = {
    "ACL": "PutObjectAcl",
    "GrantFullControl": "PutObjectAcl",
    "GrantRead": "PutObjectAcl",
    "GrantReadACP": "PutObjectAcl",
    "GrantWriteACP": "PutObjectAcl",
    "Tagging": "PutObjectTagging",
    "ObjectLockLegalHoldStatus": "PutObjectLegalHold",
    "ObjectLockMode": "PutObjectRetention",
}


def needs(asked: Asked) -> list[Need]:
    """The actions that a call of S3 needs, each on its bucket or object."""
    operation, params = asked.operation, asked.params
    bucket, key = params.get("Bucket", ""), params.get("Key", "")
    if operation == "DeleteObjects":
        return [_deletion(bucket, entry) for entry in params.get("Delete", {}).get("Objects", [])]
    if operation in ("CopyObject", "UploadPartCopy"):
        return [*_source(asked), *_write(asked, object_arn(bucket, key))]
    if operation in _WRITES:
        return _write(asked, object_arn(bucket, key))
    action = ACTIONS.get(operation, operation)
    if params.get("VersionId"):
        action = _VERSIONED.get(action, action)
    if not bucket:
        return [Need("s3:" + action, "arn:aws:s3:::*")]
    arn = object_arn(bucket, key)
    if operation == "GetObject":
        return to_read(asked, bucket, key, str(params.get("VersionId") or ""))
    found = [Need("s3:" + action, arn)]
    return found + (sealed.to_write(asked, _bucket(arn)) if operation == "PostObject" else [])


def to_read(asked: Asked, bucket: str, key: str, version: str = "") -> list[Need]:
    """Getting an object, or a version of it, and decrypting it where KMS keeps its key."""
    arn = object_arn(bucket, key)
    action = "s3:GetObjectVersion" if version else "s3:GetObject"
    return [Need(action, arn), *sealed.to_read(asked, stored(arn, version))]


def object_arn(bucket: str, key: str = "") -> str:
    """The ARN of an object, or of a bucket."""
    return f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"


def _write(asked: Asked, arn: str) -> list[Need]:
    besides = {action for name, action in _BESIDES.items() if asked.params.get(name)}
    found = [Need("s3:PutObject", arn), *(Need("s3:" + action, arn) for action in sorted(besides))]
    return [*found, *sealed.to_write(asked, _bucket(arn))]


def _deletion(bucket: str, entry: dict[str, Any]) -> Need:
    action = "DeleteObjectVersion" if entry.get("VersionId") else "DeleteObject"
    return Need("s3:" + action, object_arn(bucket, str(entry.get("Key", ""))))


def _source(asked: Asked) -> list[Need]:
    """Reading what is copied, with its tags if they come along."""
    params = asked.params
    text = params.get("CopySource", "")
    path, _, version = str(text).partition("?versionId=")
    arn = "arn:aws:s3:::" + unquote(path).lstrip("/")
    suffix = "Version" if version else ""
    reads = [Need(f"s3:GetObject{suffix}", arn)]
    if params.get("TaggingDirective", "COPY") == "COPY" and _has_tags(arn):
        reads.append(Need(f"s3:GetObject{suffix}Tagging", arn))
    return [*reads, *sealed.to_read(asked, stored(arn, version))]


def _has_tags(arn: str) -> bool:
    return bool(object_tags(arn))


def object_tags(arn: str) -> dict[str, str]:
    """The tags of the object of an ARN; none if it is not there."""
    held = find_object(arn)
    if held is None:
        return {}
    backend, key = held
    return dict(backend.tagger.get_tag_dict_for_resource(key.arn))


def find_object(arn: str) -> tuple[Any, Any] | None:
    """moto's backend and the object of an ARN; None where nothing or a delete marker lies."""
    from moto.s3.models import FakeDeleteMarker, s3_backends

    bucket, _, key = arn.removeprefix("arn:aws:s3:::").partition("/")
    known = s3_backends.bucket_accounts.get(bucket)
    if known is None or not key:
        return None
    backend = s3_backends[known[1]][known[0]]
    found = backend.buckets[bucket].keys.get(key)
    there = found is not None and not isinstance(found, FakeDeleteMarker)
    return (backend, found) if there else None


def stored(arn: str, version: str) -> Any:
    """The object of an ARN, or that version of it; None if there is none."""
    held = find_object(arn)
    bucket, key = _bucket(arn), arn.removeprefix("arn:aws:s3:::").partition("/")[2]
    if not version or bucket is None:
        return held[1] if held else None
    versions = bucket.keys.getlist(key, [])
    return next((one for one in versions if one.version_id == version), None)


def _bucket(arn: str) -> Any:
    """moto's bucket of an ARN, or None."""
    from moto.s3.models import s3_backends

    name = arn.removeprefix("arn:aws:s3:::").partition("/")[0]
    known = s3_backends.bucket_accounts.get(name)
    return s3_backends[known[1]][known[0]].buckets.get(name) if known else None


def public_policy_is_restricted(arn: str) -> bool:
    """Whether the setting RestrictPublicBuckets keeps the bucket's public policy from the public.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    from moto.s3.utils import bucket_policy_is_public

    if not arn.startswith("arn:aws:s3:::"):
        return False
    bucket = _bucket(arn)
    settings = getattr(bucket, "public_access_block", None)
    if settings is None or not settings.restrict_public_buckets or not bucket.policy:
        return False
    return bool(bucket_policy_is_public(bucket.policy))


def acl_lets(asked: Asked, verdict: Verdict) -> bool:
    """Whether an object's ACL lets anybody read it, where no policy says a word against it.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
    """
    need, effect = verdict.need, verdict.decision.effect
    if asked.service != "s3" or need.action != "s3:GetObject" or effect == EXPLICIT_DENY:
        return False
    bucket, held = _bucket(need.resource), find_object(need.resource)
    if held is None or bucket.ownership_rule in (None, "BucketOwnerEnforced"):
        return False
    settings = bucket.public_access_block
    ignored = settings is not None and settings.ignore_public_acls
    acl = getattr(held[1], "acl", None)
    return acl is not None and bool(acl.public_read) and not ignored


def bucket_exists(name: str) -> bool:
    """Whether any account has a bucket of that name."""
    from moto.s3.models import s3_backends

    return name in s3_backends.bucket_accounts


def deletion_of(objects: list[dict[str, Any]]) -> str:
    """The body of a DeleteObjects for some objects."""
    entries = "".join(
        "<Object>"
        + "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in entry.items())
        + "</Object>"
        for entry in objects
    )
    return f"<Delete>{entries}</Delete>"
