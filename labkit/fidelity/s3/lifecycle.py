"""What a bucket's lifecycle rules do, and when: at midnight UTC, by the sandbox's clock.

    created 5 Jan 09:00 ── 30 days ──▶ 4 Feb 09:00 ── rounded up ──▶ 5 Feb 00:00: moved or deleted

https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.s3.models import FakeDeleteMarker, s3_backends

from labkit.fidelity.s3.common import limit
from labkit.sandbox.sandbox import Sandbox

Rule = dict[str, Any]


class Lifecycle:
    """The nightly run over the buckets of one sandbox, for as long as any has rules."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._clock = sandbox.clock
        self._waiting = False

    def wake(self) -> None:
        """Run at the next midnight, and at every one after."""
        if not self._waiting:
            self._waiting = True
            self._clock.call_at(next_midnight(self._clock.now), self._run)

    def _run(self) -> None:
        self._waiting = False
        buckets = [bucket for backend in _backends() for bucket in backend.buckets.values()]
        for bucket in buckets:
            for rule in getattr(bucket, "lifecycle", ()):
                if rule["Status"] == "Enabled":
                    _apply(bucket, rule, self._clock.now)
        if any(getattr(bucket, "lifecycle", ()) for bucket in buckets):
            self.wake()


def _backends() -> Iterator[Any]:
    for account in list(s3_backends.values()):
        yield from list(account.values())


def next_midnight(when: datetime) -> datetime:
    """The first midnight UTC after `when`."""
    return datetime(when.year, when.month, when.day, tzinfo=UTC) + timedelta(days=1)


def due_at(since: datetime, days: int) -> datetime:
    """The midnight at which something is due that is to happen so many days after `since`."""
    aware = since if since.tzinfo else since.replace(tzinfo=UTC)
    exact = aware + timedelta(days=days)
    midnight = datetime(exact.year, exact.month, exact.day, tzinfo=UTC)
    return exact if exact == midnight else next_midnight(exact)


def _is_due(action: Rule, since: datetime, now: datetime, field: str = "Days") -> bool:
    if action.get("Date"):
        return _date(action["Date"]) <= now
    return field in action and due_at(since, int(action[field])) <= now


def _date(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.fromisoformat(str(value).replace("Z", "+00:00"))


# ---- which objects a rule is about ----


def _fits(bucket: Any, rule: Rule, key: Any) -> bool:
    """Whether the rule's filter covers an object."""
    found = rule.get("Filter") or {}
    conditions = found.get("And") or found
    prefix = conditions.get("Prefix") or rule.get("Prefix") or ""
    tags = conditions.get("Tags") or ([conditions["Tag"]] if conditions.get("Tag") else [])
    size = key.size
    return (
        key.name.startswith(prefix)
        and size > int(conditions.get("ObjectSizeGreaterThan", -1))
        and size < int(conditions.get("ObjectSizeLessThan", size + 1))
        and (not tags or _has_tags(bucket, key, tags))
    )


def _has_tags(bucket: Any, key: Any, tags: list[dict[str, str]]) -> bool:
    backend = s3_backends[bucket.account_id][bucket.partition]
    of_key = backend.tagger.get_tag_dict_for_resource(getattr(key, "arn", ""))
    return all(of_key.get(tag["Key"]) == (tag.get("Value") or "") for tag in tags)


def _moves_small_ones(rule: Rule) -> bool:
    found = rule.get("Filter") or {}
    conditions = found.get("And") or found
    return "ObjectSizeGreaterThan" in conditions or "ObjectSizeLessThan" in conditions


# ---- what it does to them ----


def _apply(bucket: Any, rule: Rule, now: datetime) -> None:
    for name, versions in list(dict.items(bucket.keys)):
        _retire_old(bucket, rule, name, list(versions), now)
        current = bucket.keys.get(name)
        if current is not None:
            _treat_current(bucket, rule, current, now)
    _abort_uploads(bucket, rule, now)


def _treat_current(bucket: Any, rule: Rule, current: Any, now: datetime) -> None:
    backend = s3_backends[bucket.account_id][bucket.partition]
    expiration = rule.get("Expiration") or {}
    if isinstance(current, FakeDeleteMarker):
        alone = len(bucket.keys.getlist(current.name)) == 1
        if alone and expiration.get("ExpiredObjectDeleteMarker") and _fits(bucket, rule, current):
            backend.delete_object(bucket.name, current.name, version_id=current.version_id)
        return
    if not _fits(bucket, rule, current):
        return
    if _is_due(expiration, current.last_modified, now):
        backend.delete_object(bucket.name, current.name)
        return
    for transition in rule.get("Transitions") or ():
        if _is_due(transition, current.last_modified, now):
            _move(current, rule, transition["StorageClass"])


# From the dearest to the cheapest: a rule moves objects one way only.
_LADDER = (
    "STANDARD",
    "STANDARD_IA",
    "INTELLIGENT_TIERING",
    "ONEZONE_IA",
    "GLACIER_IR",
    "GLACIER",
    "DEEP_ARCHIVE",
)


def _move(key: Any, rule: Rule, storage_class: str) -> None:
    small = key.size < limit("transition_min_bytes") and not _moves_small_ones(rule)
    down = _LADDER.index(storage_class) > _LADDER.index(key.storage_class)
    if down and not small:
        key.set_storage_class(storage_class)


def _retire_old(bucket: Any, rule: Rule, name: str, versions: list[Any], now: datetime) -> None:
    """Move or delete versions that have been noncurrent for long enough."""
    backend = s3_backends[bucket.account_id][bucket.partition]
    old = [version for version in versions[:-1] if _fits(bucket, rule, version)]
    expiration = rule.get("NoncurrentVersionExpiration") or {}
    for position, version in enumerate(reversed(old)):
        since = getattr(version, "became_noncurrent_at", None) or version.last_modified
        spared = position < int(expiration.get("NewerNoncurrentVersions", 0))
        if not spared and _is_due(expiration, since, now, "NoncurrentDays"):
            backend.delete_object(bucket.name, name, version_id=version.version_id)
            continue
        for transition in rule.get("NoncurrentVersionTransitions") or ():
            newer = position < int(transition.get("NewerNoncurrentVersions", 0))
            movable = not newer and hasattr(version, "set_storage_class")
            if movable and _is_due(transition, since, now, "NoncurrentDays"):
                _move(version, rule, transition["StorageClass"])


def _abort_uploads(bucket: Any, rule: Rule, now: datetime) -> None:
    abort = rule.get("AbortIncompleteMultipartUpload")
    prefix = (rule.get("Filter") or {}).get("Prefix") or rule.get("Prefix") or ""
    for id, upload in list(bucket.multiparts.items()) if abort else ():
        if upload.key_name.startswith(prefix) and _is_due(
            abort or {}, upload.initiated_at, now, "DaysAfterInitiation"
        ):
            del bucket.multiparts[id]


def expiration_of(bucket: Any, key: Any) -> str:
    """When a rule will delete an object, as the header x-amz-expiration says it, or nothing."""
    for rule in getattr(bucket, "lifecycle", ()):
        days = (rule.get("Expiration") or {}).get("Days")
        if days and rule["Status"] == "Enabled" and _fits(bucket, rule, key):
            date = due_at(key.last_modified, int(days))
            return f'expiry-date="{date:%a, %d %b %Y %H:%M:%S} GMT", rule-id="{rule["ID"]}"'
    return ""
