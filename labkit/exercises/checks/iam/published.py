"""Exercise 1: one action on one part of a bucket.

published/aida.png  published/tosca.png  published/… of tomorrow     to be read
drafts/…  another bucket  any other action                           to stay shut
"""

from __future__ import annotations

from labkit.exercises.checks.iam.rights import (
    POSTERS,
    REFUNDS,
    Right,
    first_missing,
    first_open,
    malformed,
    on_bucket,
)
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

USER = "dora"
POLICY = "read-posters"
KNOWN = "published/aida.png"  # what the policy allows as it is laid
EXPECTED = "`dora` reads what lies under `published/`, and nothing else is open to her."

_FIRST = Right("s3:GetObject", on_bucket(POSTERS, KNOWN), f"read `{KNOWN}`")
_SECOND = Right(
    "s3:GetObject", on_bucket(POSTERS, "published/tosca.png"), "read `published/tosca.png`"
)
_TOMORROW = Right(
    "s3:GetObject", on_bucket(POSTERS, "published/norma.png"), "read `published/norma.png`"
)
_OTHER_BUCKET = (
    Right("s3:GetObject", on_bucket(REFUNDS, "january.csv"), "read the refunds of January"),
)
_DRAFTS = (Right("s3:GetObject", on_bucket(POSTERS, "drafts/carmen.png"), "read a draft"),)
_BESIDE = (
    Right(
        "s3:GetObject",
        on_bucket(POSTERS, "published-proofs/norma.png"),
        "read `published-proofs/norma.png`",
    ),
)
_OTHER_ACTIONS = (
    Right("s3:DeleteObject", on_bucket(POSTERS, KNOWN), "delete a published poster"),
    Right("s3:PutObject", on_bucket(POSTERS, KNOWN), "write over a published poster"),
    Right("s3:ListBucket", on_bucket(POSTERS), "list the bucket"),
)


def check(evidence: Evidence) -> Outcome:
    """Every object under `published/` can be read, also one of tomorrow; nothing else is open."""
    return (
        malformed(evidence)
        or _too_much(evidence)
        or _too_little(evidence)
        or Passed(
            "`dora` reads every published poster, that of tomorrow too, and everything else is "
            "shut without a word about it: what no statement allows is denied. The client that "
            "was refused before would now be served."
        )
    )


def _too_much(evidence: Evidence) -> Outcome | None:
    for rights, why in (
        (
            _OTHER_BUCKET,
            "A `*` alone, or after `arn:aws:s3:::`, stands for every bucket of the account, also "
            "for those of next year.",
        ),
        (
            _DRAFTS,
            "`…/*` right after the bucket's name stands for every key. The ARN goes on with the "
            "key: say there how it begins.",
        ),
        (
            _BESIDE,
            "A `*` goes on wherever it stands. Without the slash before it, it covers every key "
            "that merely begins with the same letters.",
        ),
        (
            _OTHER_ACTIONS,
            "Reading an object is the one action `s3:GetObject`. A `*` in an action takes in all "
            "that match, those that delete too.",
        ),
    ):
        right = first_open(evidence, USER, rights)
        if right is not None:
            return Incorrect(f"`{USER}` may now also {right.words}.", EXPECTED, why)
    return None


def _too_little(evidence: Evidence) -> Outcome | None:
    missing = first_missing(evidence, USER, (_FIRST, _SECOND, _TOMORROW))
    if missing is None:
        return None
    if missing is _SECOND:
        return NotYet(
            f"`{USER}` may read `{KNOWN}` and no other poster: her policy names this one.",
            "Let the resource of her policy cover all keys under `published/`.",
        )
    if missing is _TOMORROW:
        return Incorrect(
            f"`{USER}` may read the posters that are there today, by name.",
            EXPECTED,
            "Tomorrow's poster has a name that nobody knows yet. A `*` in the resource stands for "
            "whatever comes.",
        )
    return Incorrect(
        f"`{USER}` may not {missing.words}.",
        EXPECTED,
        "A resource is compared with the whole ARN of the object. Without a `*` it names one "
        f"object; and `{POLICY}` holds only what you wrote last, since a put replaces it.",
    )
