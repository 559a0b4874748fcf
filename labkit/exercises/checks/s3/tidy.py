"""Exercise 4: lifecycle rules that keep a bucket cheap, seen after some weeks on the clock.

receipts/2025.csv     often read for a month, then hardly ever, but at once
drafts/gala.png       three versions; what was replaced is of use for 30 days
film.mp4              an upload that somebody began and never completed
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from labkit.exercises.checks.s3.scene import on, versions_of
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

BUCKET, RECEIPT, DRAFT, FILM = (
    "records-123456789012",
    "receipts/2025.csv",
    "drafts/gala.png",
    "film.mp4",
)
DRAFTS = (b"first sketch", b"second sketch", b"third sketch")
WAIT_DAYS = 40  # when all three are due: 30 days, the midnight after, and some to spare
DAYS = 30
CLASSES = {
    "STANDARD_IA": "opens at once, and costs about three times as much to keep",
    "ONEZONE_IA": "opens at once, costs more, and lies in one zone only",
    "INTELLIGENT_TIERING": "needs 90 days without a read until it costs as little",
    "GLACIER": "must be restored first, which takes minutes to hours",
    "DEEP_ARCHIVE": "must be restored first, which takes hours",
}


def check(evidence: Evidence) -> Outcome:
    """After the wait, all is where the cheapest rules would have it, and no draft is lost."""
    rules = _rules(evidence)
    if rules is None:
        return _no_rules(evidence)
    early = _too_early(rules)
    if early is not None:
        return early
    if evidence.clock.now < evidence.began_at + timedelta(days=WAIT_DAYS):
        return NotYet(
            f"`{BUCKET}` has {len(rules)} rule{'' if len(rules) == 1 else 's'}.",
            f"See what they do: move the clock {WAIT_DAYS} days on.",
        )
    return (
        _draft_lost(evidence)
        or _receipt(evidence)
        or _old_drafts(evidence)
        or _upload(evidence)
        or Passed(
            "The receipt opens at once and costs about a sixth of before, the drafts that somebody "
            "replaced are gone and the last one is not, and nobody pays for half a film. "
            f"{len(rules)} rules, no program, no cron."
        )
    )


def _rules(evidence: Evidence) -> list[dict[str, Any]] | None:
    s3 = evidence.client("s3")
    try:
        found = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchLifecycleConfiguration":
            raise
        return None
    return list(found["Rules"])


def _no_rules(evidence: Evidence) -> Outcome:
    refused = [
        call for call in on(evidence, BUCKET, "PutBucketLifecycleConfiguration") if call.error_code
    ]
    if refused:
        message = str(refused[-1].response["Error"]["Message"]).rstrip(".")
        return Incorrect(
            f"S3 did not take the rules: {message}.",
            "three rules that S3 takes.",
            "Each has an `ID`, a `Status`, a `Filter` and what to do.",
        )
    return NotYet(f"`{BUCKET}` has no lifecycle rules yet.", "Write them, all in one call.")


def _too_early(rules: list[dict[str, Any]]) -> Outcome | None:
    for rule in rules:
        for step in rule.get("Transitions", []):
            if step.get("Days", DAYS) < DAYS:
                return Incorrect(
                    f"The rule `{rule['ID']}` moves objects after {step['Days']} days.",
                    f"after {DAYS}: in their first month receipts are read often.",
                    "The cheap classes take a fee for each GB that is read. While something is "
                    "read often, Standard is the cheap one.",
                )
    return None


def _draft_lost(evidence: Evidence) -> Outcome | None:
    latest = [one for one in versions_of(evidence, BUCKET, DRAFT) if one.is_latest]
    if latest and latest[0].body == DRAFTS[-1]:
        return None
    return Incorrect(
        f"The latest version of `{DRAFT}` is no longer the third sketch.",
        "the current draft stays, however old it is.",
        "`Expiration` is about *current* versions: it hid the draft behind a delete marker. What "
        "was replaced is noncurrent, and has `NoncurrentVersionExpiration`.",
    )


def _receipt(evidence: Evidence) -> Outcome | None:
    s3 = evidence.client("s3")
    try:
        found = s3.head_object(Bucket=BUCKET, Key=RECEIPT).get("StorageClass", "STANDARD")
    except s3.exceptions.ClientError:
        return Incorrect(
            f"`{RECEIPT}` is not there any more.",
            "receipts are kept.",
            "A rule expired it. Moving to another class is a `Transition`.",
        )
    if found == "GLACIER_IR":
        return None
    if found == "STANDARD":
        return NotYet(
            f"`{RECEIPT}` still is in the class STANDARD.",
            "Let a rule for its prefix move it after 30 days.",
        )
    return Incorrect(
        f"`{RECEIPT}` is in the class {found}, which {CLASSES.get(found, 'is another')}.",
        "the cheapest class from which an object opens at once.",
        "Compare the classes in the chapter: what a GB costs in a month, and how long the first "
        "byte takes.",
    )


def _old_drafts(evidence: Evidence) -> Outcome | None:
    old = [one for one in versions_of(evidence, BUCKET, DRAFT) if not one.is_latest]
    if not old:
        return None
    return NotYet(
        f"`{DRAFT}` still has {len(old)} versions that were replaced {WAIT_DAYS} days ago or more.",
        "Let a rule delete noncurrent versions after 30 days.",
    )


def _upload(evidence: Evidence) -> Outcome | None:
    if not evidence.client("s3").list_multipart_uploads(Bucket=BUCKET).get("Uploads"):
        return None
    return NotYet(
        f"The upload of `{FILM}` is still under way, and its parts are billed.",
        "Let a rule abort uploads that are not complete after 7 days.",
    )
