"""An account's buckets: uploads that must exist, versions while versioning is suspended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from moto.core.utils import utcnow
from moto.s3 import models as moto_s3
from moto.s3 import notifications, urls
from moto.s3.exceptions import AccessDeniedByLock, CopyObjectMustChangeSomething, NoSuchUpload

from labkit.fidelity.s3.model import Key, Multipart, default_encryption


class Backend(moto_s3.S3Backend):
    """The buckets of one account."""

    @property
    def _url_module(self) -> Any:
        return urls  # moto would look for it beside this module

    def reset(self) -> None:
        """Put away what objects hold, also older versions and the copies that listings make."""
        held: Any = [*_tracked(Key), *_tracked(Multipart)]
        for thing in held:
            thing.dispose()
        super().reset()

    # ---- multipart uploads ----

    def _must_know(self, bucket_name: str, upload_id: str) -> None:
        if upload_id not in self.get_bucket(bucket_name).multiparts:
            raise NoSuchUpload(upload_id=upload_id)

    def upload_part(
        self, bucket_name: str, multipart_id: str, part_id: int, value: bytes
    ) -> moto_s3.FakeKey:
        """Keep a part of an upload that is under way."""
        self._must_know(bucket_name, multipart_id)
        return super().upload_part(bucket_name, multipart_id, part_id, value)

    def upload_part_copy(
        self, dest_bucket_name: str, multipart_id: str, *args: Any, **more: Any
    ) -> Any:
        """Keep a part that is copied from an object."""
        self._must_know(dest_bucket_name, multipart_id)
        return super().upload_part_copy(dest_bucket_name, multipart_id, *args, **more)

    def complete_multipart_upload(
        self, bucket_name: str, multipart_id: str, body: Iterator[tuple[int, str]]
    ) -> moto_s3.FakeKey | None:
        """Make an object of the parts of an upload that is under way."""
        self._must_know(bucket_name, multipart_id)
        return super().complete_multipart_upload(bucket_name, multipart_id, body)

    # ---- encryption ----

    def put_bucket_encryption(self, bucket_name: str, encryption: Any) -> None:
        """Set how the bucket encrypts."""
        super().put_bucket_encryption(bucket_name, encryption)
        bucket: Any = self.get_bucket(bucket_name)
        bucket.encryption_is_own = True

    def delete_bucket_encryption(self, bucket_name: str) -> None:
        """Go back to SSE-S3: a bucket that does not encrypt is no more."""
        bucket: Any = self.get_bucket(bucket_name)
        bucket.encryption, bucket.encryption_is_own = default_encryption(), False

    # moto's response names all that is in `more`.
    def copy_object(  # type: ignore[override]
        self, src_key: moto_s3.FakeKey, dest_bucket_name: str, dest_key_name: str, **more: Any
    ) -> None:
        """Copy an object; onto itself only if something changes.

        moto would take the bucket's encryption for a change, which by now every bucket has.
        """
        bucket: Any = self.get_bucket(dest_bucket_name)
        itself = (src_key.bucket_name, src_key.name) == (dest_bucket_name, dest_key_name)
        changes = (
            any(more.get(name) for name in ("storage", "encryption", "website_redirect_location"))
            or more.get("mdirective") == "REPLACE"
            or src_key.encryption not in (None, "AES256")
            or (bucket.is_versioned and more.get("provided_version_id"))
        )
        if itself and not changes and not bucket.encryption_is_own:
            raise CopyObjectMustChangeSomething
        super().copy_object(src_key, dest_bucket_name, dest_key_name, **more)

    # ---- versions ----

    def put_object(self, bucket_name: str, key_name: str, *args: Any, **more: Any) -> Any:
        """Keep an object; what was current is noncurrent from now on.

        With versioning suspended the new object is the null version, and only that is replaced.
        """
        bucket = self.get_bucket(bucket_name)
        before = _versions(bucket, key_name)
        suspended = bucket.versioning_status == "Suspended"
        if suspended:
            _put_back(bucket, key_name, [key for key in before if key.version_id == "null"])
        new = super().put_object(bucket_name, key_name, *args, **more)
        if suspended:
            new._is_versioned = True  # an answer names the version even so
            _put_back(bucket, key_name, [*_named(before), new])
        if before and before[-1].version_id != new.version_id:
            _retire(before[-1])
        return new

    def delete_object(
        self, bucket_name: str, key_name: str, version_id: str | None = None, bypass: bool = False
    ) -> tuple[bool, dict[str, Any]]:
        """Hide an object behind a delete marker, or delete one version of it for good."""
        bucket = self.get_bucket(bucket_name)
        if bucket.versioning_status is None:
            return super().delete_object(bucket_name, key_name, version_id, bypass)
        before = _versions(bucket, key_name)
        if version_id is None:
            return True, self._hide(bucket, key_name, before)
        found = [key for key in before if str(key.version_id) == version_id]
        if not found:
            return True, {"version-id": version_id}
        if isinstance(found[0], Key) and found[0].is_locked(governance_bypass=bypass):
            raise AccessDeniedByLock
        _put_back(bucket, key_name, [key for key in before if key is not found[0]])
        meta = {"version-id": version_id}
        if isinstance(found[0], Key):
            removed = notifications.S3NotificationEvent.OBJECT_REMOVED_DELETE_EVENT
            notifications.send_event(self.account_id, removed, bucket, found[0])
            found[0].dispose()
        else:
            meta["delete-marker"] = "true"
        return True, meta

    def _hide(self, bucket: Any, key_name: str, before: list[Any]) -> dict[str, Any]:
        """Set a delete marker, also over nothing; the null marker replaces the null version."""
        marker = Marker(key_name)
        kept = before
        if bucket.versioning_status == "Suspended":
            marker._version_id, kept = "null", _named(before)
            for key in before:
                if key not in kept and isinstance(key, Key):
                    key.dispose()
        _put_back(bucket, key_name, [*kept, marker])
        if kept:
            _retire(kept[-1])
        event = notifications.S3NotificationEvent.OBJECT_REMOVED_DELETE_MARKER_CREATED_EVENT
        notifications.send_event(self.account_id, event, bucket, marker)
        return {"version-id": marker.version_id, "delete-marker": "true"}


class Marker(moto_s3.FakeDeleteMarker):
    """A delete marker: a version without content that says that the object is deleted."""

    size = 0
    etag = ""

    def __init__(self, name: str) -> None:
        super().__init__(SimpleNamespace(name=name))  # type: ignore[arg-type]
        self.became_noncurrent_at: datetime | None = None


def _versions(bucket: Any, key_name: str) -> list[Any]:
    """All versions of a key, the latest last."""
    return list(bucket.keys.getlist(key_name, []))


def _named(versions: list[Any]) -> list[Any]:
    """The versions that have an id of their own."""
    return [key for key in versions if key.version_id != "null"]


def _put_back(bucket: Any, key_name: str, versions: list[Any]) -> None:
    """Set the versions of a key, without moto's throwing away what it does not find among them."""
    if versions:
        dict.__setitem__(bucket.keys, key_name, versions)
    else:
        dict.pop(bucket.keys, key_name, None)


def _retire(version: Any) -> None:
    version.became_noncurrent_at = utcnow()


def _tracked(model: Any) -> list[Any]:
    """Every instance of a model of moto's that was made since the last reset."""
    return list(model.instances_tracked)
