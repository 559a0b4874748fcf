"""What stands in the place of moto's buckets and objects: the defaults of today.

Since January 2023 every object is encrypted, since April 2023 a new bucket has its ACLs off and
public access blocked, since April 2026 it takes no customer keys.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from moto.core.utils import utcnow
from moto.s3 import models as moto_s3
from moto.s3.exceptions import InvalidPartOrder
from moto.s3.utils import _VersionedKeyStore

from labkit.fidelity.s3.common import bucket_by_name, limit
from labkit.fidelity.s3.lifecycle import expiration_of
from labkit.sandbox.awserror import AwsError

# Beginning of what moto takes for an encryption when it is a customer's key: what follows is the
# MD5 of the key. So it finds its way through moto into the object.
CUSTOMER_KEY = "customer-key:"
_NOT_KEPT = ("x-amz-content-sha256", "x-amz-sdk-checksum-algorithm")


def default_encryption() -> dict[str, Any]:
    """How a bucket encrypts when nobody has said how: SSE-S3, and no customer keys."""
    return {
        "Rule": {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
            "BucketKeyEnabled": "false",
            "BlockedEncryptionTypes": {"EncryptionType": "SSE-C"},
        }
    }


class Versions(_VersionedKeyStore):
    """The versions of a bucket's objects, each object's in the order in which they were made.

    moto lists them sorted by their time alone, and in the sandbox several are made at one time.
    It goes through them by `iterlists` for a listing only, and its sort leaves equals in place.
    """

    def iterlists(self) -> Iterator[tuple[str, list[Any]]]:
        """Each object with its versions, the newest first."""
        for name, versions in self._iterlists():
            yield name, versions[::-1]


class Bucket(moto_s3.FakeBucket):
    """A bucket with the defaults of today."""

    encryption_is_own = False  # whether somebody has set it
    lifecycle: tuple[dict[str, Any], ...] | list[dict[str, Any]] = ()  # its rules, as they were set

    def __init__(
        self,
        name: str,
        account_id: str,
        region_name: str,
        bucket_namespace: str | None = None,
    ) -> None:
        super().__init__(name, account_id, region_name, bucket_namespace)
        self.keys = Versions()
        self.encryption = default_encryption()
        self.public_access_block = moto_s3.PublicAccessBlock(True, True, True, True)
        self.ownership_rule: Any = "BucketOwnerEnforced"

    def get_permission(self, action: str, resource: str) -> Any:
        """Always granted: labkit's authoriser has read the policy before moto asks."""
        from moto.iam.access_control import PermissionResult

        return PermissionResult.PERMITTED

    @property
    def blocks_customer_keys(self) -> bool:
        """Whether SSE-C is refused."""
        rule = (self.encryption or {}).get("Rule", {})
        blocked = (rule.get("BlockedEncryptionTypes") or {}).get("EncryptionType", "SSE-C")
        return "SSE-C" in (blocked if isinstance(blocked, list) else [blocked])


class Key(moto_s3.FakeKey):
    """An object that may be encrypted with a key of the customer's."""

    def __init__(self, name: str, value: bytes, *, encryption: str | None = None, **more: Any):
        self.customer_key_md5 = ""
        if encryption and encryption.startswith(CUSTOMER_KEY):
            self.customer_key_md5 = encryption.removeprefix(CUSTOMER_KEY)
            encryption = more["kms_key_id"] = None
        self.became_noncurrent_at: datetime | None = None
        super().__init__(name, value, encryption=encryption, **more)

    @property
    def response_dict(self) -> dict[str, Any]:
        """The headers of an answer about this object."""
        headers: dict[str, Any] = super().response_dict
        headers.pop("x-amz-sdk-checksum-algorithm", None)
        if self.customer_key_md5:
            headers["x-amz-server-side-encryption-customer-algorithm"] = "AES256"
            headers["x-amz-server-side-encryption-customer-key-MD5"] = self.customer_key_md5
        bucket = bucket_by_name(self.bucket_name or "")
        if bucket is not None and bucket.rules:
            expiration = expiration_of(bucket, self)
            headers |= {"x-amz-expiration": expiration} if expiration else {}
        return headers

    def set_metadata(self, metadata: Any, replace: bool = False) -> None:
        """Keep metadata, but nothing of how they were sent."""
        for name in _NOT_KEPT:
            metadata.pop(name, None)
        super().set_metadata(metadata, replace)


class Multipart(moto_s3.FakeMultipart):
    """A multipart upload that knows when it began, and how large its parts must be."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.initiated_at = utcnow()

    def complete(self, body: Iterator[tuple[int, str]]) -> Any:
        """Put the parts together, if they are as they must be."""
        listed = list(body)
        numbers = [number for number, _ in listed]
        if numbers != sorted(set(numbers)):
            raise InvalidPartOrder
        for number, etag in listed[:-1]:
            part = self.parts.get(number)
            if part is not None and part.etag.strip('"') == etag.strip('"'):
                _must_be_large_enough(number, part)
        return super().complete(iter(listed))

    def list_parts(self, part_number_marker: int, max_parts: int) -> Iterator[moto_s3.FakeKey]:
        """The parts whose numbers come after the marker."""
        numbers = [number for number in self.partlist if number > part_number_marker]
        for number in numbers[:max_parts]:
            yield self.parts[number]


def _must_be_large_enough(number: int, part: moto_s3.FakeKey) -> None:
    least = limit("part_min_bytes")
    if part.size < least:
        raise AwsError(
            "EntityTooSmall",
            "Your proposed upload is smaller than the minimum allowed size",
            400,
            ProposedSize=part.size,
            MinSizeAllowed=least,
            PartNumber=number,
            ETag=part.etag.strip('"'),
        )
