"""Exercise 5: the rights that a night's work needs, no more, and the proof that it is no more.

list posters · get drafts/… · put archive/… · delete drafts/…
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.exercises.checks.iam.rights import (
    ACCOUNT,
    POSTERS,
    REFUNDS,
    Right,
    changes,
    first_missing,
    first_open,
    malformed,
    may,
    on_bucket,
)
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

USER = "cleaner"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/{USER}"
PROOFS = 3  # refused calls that the task asks for
EXPECTED = "the night's work is done, and every other call of `cleaner` is refused."

_DRAFT, _ARCHIVED = on_bucket(POSTERS, "drafts/norma.png"), on_bucket(POSTERS, "archive/norma.png")
_AIDA = on_bucket(POSTERS, "published/aida.png")
_WORK = (
    Right("s3:ListBucket", on_bucket(POSTERS), "list the drafts", prefix="drafts/"),
    Right("s3:GetObject", _DRAFT, "get a draft"),
    Right("s3:PutObject", _ARCHIVED, "put it into the archive"),
    Right("s3:DeleteObject", _DRAFT, "delete the draft"),
)
_OPERATIONS = ("GetObject", "PutObject", "DeleteObject")
_ANYTHING = Right("s3:DeleteBucket", on_bucket(f"anything-{ACCOUNT}"), "delete any bucket")
_OTHER_SERVICES = (
    Right("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/mallory", "create users"),
    Right("sqs:DeleteQueue", f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders", "delete queues"),
)
_OTHER_BUCKETS = (
    Right("s3:GetObject", on_bucket(REFUNDS, "january.csv"), "read the refunds of January"),
    Right("s3:DeleteObject", on_bucket(REFUNDS, "january.csv"), "delete the refunds of January"),
    Right("s3:ListBucket", on_bucket(REFUNDS), "list the refunds"),
    Right("s3:ListAllMyBuckets", "*", "list all buckets of the account"),
)
_BUCKET = (
    Right("s3:DeleteBucket", on_bucket(POSTERS), "delete the bucket"),
    Right("s3:PutBucketPolicy", on_bucket(POSTERS), "change the bucket's policy"),
)
_OTHER_KEYS = (
    Right("s3:DeleteObject", _AIDA, "delete a published poster"),
    Right("s3:PutObject", _AIDA, "write over a published poster"),
    Right("s3:GetObject", _AIDA, "read a published poster"),
    Right("s3:DeleteObject", _ARCHIVED, "delete from the archive"),
    Right("s3:GetObject", _ARCHIVED, "read from the archive"),
    Right("s3:PutObject", _DRAFT, "write over a draft"),
)


def check(evidence: Evidence) -> Outcome:
    """Exactly the four rights are there, the night has run under them, and refusals prove them."""
    return (
        malformed(evidence)
        or _still_anything(evidence)
        or _too_much(evidence)
        or _too_little(evidence)
        or _not_run(evidence)
        or _not_proved(evidence)
        or Passed(
            "The night runs as before, and what it never needed is shut. The first shows that the "
            "policy is not too narrow, only the second that it is not too wide: "
            f"{len(_refusals(evidence))} calls that used to go through are refused now."
        )
    )


def _still_anything(evidence: Evidence) -> Outcome | None:
    if not may(evidence, USER, _ANYTHING):
        return None
    if not changes(evidence):
        return NotYet(
            f"`{USER}` may do everything to every bucket.",
            "Which calls does `night` make, and on what? Each action with its resource.",
        )
    return Incorrect(
        f"`{USER}` may still {_ANYTHING.words}: the statement with `s3:*` on `*` is in force.",
        EXPECTED,
        "Policies add up, so a narrow one beside a wide one changes nothing. Replace the wide one: "
        "a new version of a managed policy counts once it is the default version.",
    )


def _too_much(evidence: Evidence) -> Outcome | None:
    for rights, why in (
        (_OTHER_SERVICES, "A `*` as the action stands for every action of every service."),
        (
            _OTHER_BUCKETS,
            "The work is done in one bucket. `Resource` says which; a `*` there opens all others, "
            "and `NotResource` or a Deny for one of them leaves the rest.",
        ),
        (
            _BUCKET,
            "`s3:*` holds far more than reading and writing. Name the actions that `night` makes.",
        ),
        (
            _OTHER_KEYS,
            "Each action is needed in one place only: get and delete under `drafts/`, put under "
            "`archive/`. In one statement every action counts for every resource, so write one "
            "for each pair.",
        ),
    ):
        right = first_open(evidence, USER, rights)
        if right is not None:
            return Incorrect(f"`{USER}` may still {right.words}.", EXPECTED, why)
    return None


def _too_little(evidence: Evidence) -> Outcome | None:
    right = first_missing(evidence, USER, _WORK)
    if right is None:
        return None
    return Incorrect(
        f"`{USER}` may not {right.words}: tonight's work stops there.",
        EXPECTED,
        f"It takes `{right.action}` on `{right.resource}`. Run `night()`, and read the denial; "
        "`lab.why()` shows what each of your statements had to do with it.",
    )


def _not_run(evidence: Evidence) -> Outcome | None:
    done = {call.operation for call in _calls_since_change(evidence) if not call.error_code}
    if done >= set(_OPERATIONS):
        return None
    return NotYet(
        "The rights are right, as far as one can tell from the policy.",
        "Run `night()` under it.",
    )


def _not_proved(evidence: Evidence) -> Outcome | None:
    count = len(_refusals(evidence))
    if count >= PROOFS:
        return None
    made = f"{count} of them so far" if count else "none so far"
    return NotYet(
        "The night's work runs. That shows that the policy is not too narrow.",
        f"Prove that it is not too wide: as `{USER}`, make {PROOFS} different calls that must be "
        f"refused ({made}).",
    )


def _refusals(evidence: Evidence) -> set[tuple[str, ...]]:
    """What was denied to the user since the last change: operation, bucket, top of the key."""
    return {
        (
            call.service,
            call.operation,
            str(call.params.get("Bucket", "")),
            str(call.params.get("Key", "")).split("/", 1)[0],
        )
        for call in _calls_since_change(evidence)
        if str(call.error_code).startswith(("AccessDenied", "AuthorizationError"))
    }


def _calls_since_change(evidence: Evidence) -> list[Call]:
    given = changes(evidence)
    since = given[-1].index if given else -1
    return [
        call
        for call in evidence.calls
        if call.index > since and call.principal.endswith(f":user/{USER}")
    ]
