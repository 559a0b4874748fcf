"""Versions and delete markers.

put ─▶ v1   put ─▶ v2   delete ─▶ marker     GET: 404, as if there were nothing
                        delete of the marker ─▶ v2 is current again
"""

from __future__ import annotations

from moto.s3.models import FakeDeleteMarker

from labkit.fidelity.registry import rule
from labkit.fidelity.s3.common import API, GUIDE, bucket_of
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Reply, serialised


@rule(
    "s3",
    "GetObject",
    when="instead",
    follows=GUIDE + "DeleteMarker.html",
    corrects="moto says of a marker that is asked for by its version that there is no such one",
)
def a_delete_marker_is_not_to_be_read(exchange: Exchange) -> Reply | None:
    """A deleted object is not found; its delete marker itself allows no reading.

    NoSuchKey or, when the marker is named by its version, MethodNotAllowed; both with the header
    x-amz-delete-marker.
    """
    bucket, name = bucket_of(exchange), exchange.handler.parse_key_name()
    versions = bucket.keys.getlist(name, []) if bucket is not None else []
    wanted = exchange.request.args.get("versionId")
    found = [key for key in versions if wanted in (None, str(key.version_id))]
    if not found or not isinstance(found[-1], FakeDeleteMarker):
        return None
    headers = {"x-amz-delete-marker": "true", "x-amz-version-id": found[-1].version_id}
    if wanted is None:
        error = AwsError("NoSuchKey", "The specified key does not exist.", 404, Key=name)
    else:
        headers["Allow"] = "DELETE"
        error = AwsError(
            "MethodNotAllowed",
            "The specified method is not allowed against this resource.",
            405,
            Method="GET",
            ResourceType="DeleteMarker",
        )
    status, others, body = serialised(exchange.handler, error)
    return status, others | headers, body


@rule(
    "s3",
    "DeleteBucket",
    when="before",
    follows=API + "API_DeleteBucket.html",
    corrects="moto's message does not speak of versions",
)
def a_bucket_with_versions_is_not_empty(exchange: Exchange) -> None:
    """A bucket that has versions or delete markers left cannot be deleted.

    BucketNotEmpty: You must delete all versions in the bucket.
    """
    bucket = bucket_of(exchange)
    if bucket is not None and bucket.versioning_status and len(bucket.keys):
        raise AwsError(
            "BucketNotEmpty",
            "The bucket you tried to delete is not empty. You must delete all versions in the "
            "bucket.",
            409,
            BucketName=bucket.name,
        )
