"""Exercise 2: an object was overwritten with rubbish, then deleted; nothing of it is lost."""

from __future__ import annotations

from labkit.exercises.checks.s3.scene import accepted, content, on, versions_of
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

BUCKET, KEY = "prints-123456789012", "macbeth.png"
GOOD, BROKEN = b"macbeth, as it was printed", b"\x00\x00\x00"
EXPECTED = "a plain get returns the good print, and every version from before is still there."


def check(evidence: Evidence) -> Outcome:
    """The good print is the latest, and neither it nor the broken one is gone for good."""
    now = content(evidence, BUCKET, KEY)
    kept = {version.body for version in versions_of(evidence, BUCKET, KEY)}
    return (
        _lost(kept)
        or _switched_off(evidence)
        or _nothing_there(evidence, now)
        or _wrong_one(now)
        or Passed(
            f"A plain get of `{KEY}` returns the good print again. The copy is a version like any "
            "other, on top of the rest, and the broken upload lies below it for whoever must find "
            "out what happened."
        )
    )


def _lost(kept: set[bytes | None]) -> Outcome | None:
    for body, name in ((GOOD, "the good print"), (BROKEN, "the broken upload")):
        if body not in kept:
            return Incorrect(
                f"The version with {name} is gone.",
                EXPECTED,
                "A delete that names a `VersionId` of an object is for good: no marker, and no way "
                "back. What you want on top can be put there without taking anything away.",
            )
    return None


def _switched_off(evidence: Evidence) -> Outcome | None:
    status = evidence.client("s3").get_bucket_versioning(Bucket=BUCKET).get("Status")
    if status == "Enabled":
        return None
    return Incorrect(
        f"The versioning of `{BUCKET}` is `{status}`.",
        EXPECTED,
        "Suspended, the next put replaces the version with the id `null`, and nothing keeps what "
        "was there. Leave it on.",
    )


def _nothing_there(evidence: Evidence, now: bytes | None) -> Outcome | None:
    if now is not None:
        return None
    tried = on(evidence, BUCKET, "CopyObject", "PutObject")
    refused = [call for call in tried if call.error_code]
    if refused:
        return Incorrect(
            f"S3 refused the copy ({refused[-1].error_code}).",
            EXPECTED,
            "The latest version is a delete marker, so a `CopySource` without a `VersionId` finds "
            "nothing. Say which version you mean.",
        )
    if accepted(tried):
        return Incorrect(
            f"Something was written, and a plain get of `{KEY}` still finds nothing.",
            EXPECTED,
            "It went to another key, or a delete came after it. Compare the keys.",
        )
    return NotYet(
        f"A plain get of `{KEY}` finds nothing: the latest version is a delete marker.",
        "Put the good version on top.",
    )


def _wrong_one(now: bytes | None) -> Outcome | None:
    if now == GOOD:
        return None
    if now == BROKEN:
        return Incorrect(
            "A plain get returns the broken upload.",
            EXPECTED,
            "Below the delete marker lies what was there when it was deleted, and that was broken "
            "already. The good print is one version further down.",
        )
    return Incorrect(
        f"A plain get returns {len(now or b'')} bytes that are neither of the two.",
        EXPECTED,
        "The bytes of the good print are in the bucket: copy that version.",
    )
