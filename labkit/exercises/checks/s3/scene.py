"""What the exercises on S3 lay out, and what their checks read of a bucket."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.exercises.frame import Evidence
    from labkit.sandbox.calllog import Call

ACCOUNT = "123456789012"


def fresh_bucket(s3: Any, name: str, *, versions: bool = False) -> None:
    """The bucket is there and empty, with the settings of a new one, whatever was there before."""
    remove_bucket(s3, name)
    s3.create_bucket(Bucket=name)
    if versions:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


def remove_bucket(s3: Any, name: str) -> None:
    """The bucket is not there, nor any version, delete marker or upload that lay in it."""
    try:
        found = s3.list_object_versions(Bucket=name)
    except s3.exceptions.NoSuchBucket:
        return
    for entry in [*found.get("Versions", []), *found.get("DeleteMarkers", [])]:
        s3.delete_object(Bucket=name, Key=entry["Key"], VersionId=entry["VersionId"])
    for upload in s3.list_multipart_uploads(Bucket=name).get("Uploads", []):
        s3.abort_multipart_upload(Bucket=name, Key=upload["Key"], UploadId=upload["UploadId"])
    s3.delete_bucket(Bucket=name)


def document(*statements: dict[str, Any]) -> str:
    """The text of a policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def on(evidence: Evidence, bucket: str, *operations: str) -> tuple[Call, ...]:
    """The calls on that bucket since the exercise began, in order."""
    return evidence.of("s3", *operations, Bucket=bucket)


def accepted(calls: tuple[Call, ...]) -> list[Call]:
    """Those that S3 did not refuse."""
    return [call for call in calls if call.status < 300]


def content(evidence: Evidence, bucket: str, key: str) -> bytes | None:
    """What a plain get of the object returns now; None if it finds nothing."""
    s3 = evidence.client("s3")
    try:
        return bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    except s3.exceptions.NoSuchKey:
        return None


def policy_of(evidence: Evidence, bucket: str) -> str:
    """The text of the bucket's policy, empty if it has none."""
    s3 = evidence.client("s3")
    try:
        return str(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucketPolicy":
            raise
        return ""


@dataclass(frozen=True)
class Version:
    """One version of an object, or a delete marker, which has no content."""

    id: str
    body: bytes | None
    is_latest: bool


def versions_of(evidence: Evidence, bucket: str, key: str) -> list[Version]:
    """All versions of an object and its delete markers."""
    s3 = evidence.client("s3")
    found = s3.list_object_versions(Bucket=bucket, Prefix=key)
    kept = []
    for entry in found.get("Versions", []):
        if entry["Key"] == key:
            id = entry["VersionId"]
            body = s3.get_object(Bucket=bucket, Key=key, VersionId=id)["Body"].read()
            kept.append(Version(id, body, entry["IsLatest"]))
    for entry in found.get("DeleteMarkers", []):
        if entry["Key"] == key:
            kept.append(Version(entry["VersionId"], None, entry["IsLatest"]))
    return kept
