"""Exercise 2: a denial read, and mended where it says.

s3:GetObject   on  arn:aws:s3:::posters-…/*    the objects
s3:ListBucket  on  arn:aws:s3:::posters-…      the bucket
"""

from __future__ import annotations

from labkit.exercises.checks.iam.rights import (
    POSTERS,
    REFUNDS,
    Right,
    changes,
    first_open,
    malformed,
    may,
    on_bucket,
)
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

USER = "emil"
POLICY = "show-posters"
EXPECTED = f"`emil` lists `{POSTERS}` and reads its objects, and may do nothing else."

_LIST = Right("s3:ListBucket", on_bucket(POSTERS), "list the posters")
_READ = Right("s3:GetObject", on_bucket(POSTERS, "published/aida.png"), "read a poster")
_ELSEWHERE = (
    Right("s3:ListBucket", on_bucket(REFUNDS), f"list `{REFUNDS}`"),
    Right("s3:GetObject", on_bucket(REFUNDS, "january.csv"), "read the refunds of January"),
    Right("s3:ListAllMyBuckets", "*", "list all buckets of the account"),
)
_NAMESAKE = (
    Right("s3:ListBucket", on_bucket(f"{POSTERS}-old"), f"list a bucket named `{POSTERS}-old`"),
)
_CHANGING = (
    Right("s3:DeleteObject", on_bucket(POSTERS, "published/aida.png"), "delete a poster"),
    Right("s3:PutObject", on_bucket(POSTERS, "published/aida.png"), "write over a poster"),
    Right("s3:DeleteBucket", on_bucket(POSTERS), "delete the bucket"),
)


def check(evidence: Evidence) -> Outcome:
    """Listing is allowed on the bucket and reading on its objects, by whatever policies."""
    return (
        malformed(evidence)
        or _too_much(evidence)
        or _too_little(evidence)
        or Passed(
            "The denial had named the action and the resource, and that was the statement that "
            "was missing: listing is done to the bucket, reading to its objects, and their ARNs "
            "differ by `/*`."
        )
    )


def _too_much(evidence: Evidence) -> Outcome | None:
    for rights, why in (
        (
            _ELSEWHERE,
            "The denial named one bucket. A policy for all of them, such as AWS's own for reading "
            "S3, opens the refunds as well.",
        ),
        (
            _NAMESAKE,
            "`posters-123456789012*` is short for the bucket and its objects, and for every "
            "bucket whose name begins so. Names of buckets are anybody's to take.",
        ),
        (
            _CHANGING,
            "Showing posters takes two actions. With `s3:*` a mistake in the program, or whoever "
            "takes it over, can do everything else to the bucket.",
        ),
    ):
        right = first_open(evidence, USER, rights)
        if right is not None:
            return Incorrect(f"`{USER}` may now also {right.words}.", EXPECTED, why)
    return None


def _too_little(evidence: Evidence) -> Outcome | None:
    lists, reads = may(evidence, USER, _LIST), may(evidence, USER, _READ)
    if lists and reads:
        return None
    if lists:
        return Incorrect(
            f"`{USER}` lists the posters now, and may not read them any more.",
            EXPECTED,
            "The objects have ARNs of their own, with `/` and the key. A statement for the bucket "
            "does not cover them; give it both, or write two statements.",
        )
    if not changes(evidence):
        return NotYet(
            f"`{USER}` may read, and is refused when listing.",
            "The denial names an action and a resource. Does any statement have this pair?",
        )
    if reads:
        return Incorrect(
            f"`{USER}` still may not list the posters.",
            EXPECTED,
            "Compare your statement with the denial, word by word: the action is "
            "`s3:ListBucket`, whatever the call is named, and its resource is the bucket, "
            "without `/*`.",
        )
    return Incorrect(
        f"`{USER}` may neither list nor read.",
        EXPECTED,
        "A put replaces the policy of that name as a whole: what was there before is gone unless "
        "you write it again.",
    )
