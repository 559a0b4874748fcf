"""Exercise 2: one policy on a group, and each of its members in a prefix of their own.

receipts-…/cid/…      cid         get, put; list with the prefix cid/
receipts-…/dea/…      dea         get, put; list with the prefix dea/
receipts-…/cidney/…   nobody yet  whose name begins like another's
"""

from __future__ import annotations

from labkit.exercises.checks.iam_policies.decisions import (
    Try,
    allowed,
    arn,
    first_open,
    refused_document,
)
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

GROUP, MEMBERS, BUCKET = "sellers", ("cid", "dea"), "receipts-123456789012"
NEWCOMER, NAMESAKE = "eli", "cidney"
EXPECTED = (
    "each member of `sellers`, also one of tomorrow, gets, puts and lists under the prefix of "
    "their own name, and nothing else in the bucket."
)
_BUCKET = f"arn:aws:s3:::{BUCKET}"
_WRITES = ("PutGroupPolicy", "CreatePolicy", "CreatePolicyVersion", "PutUserPolicy")
_CHANGES = (*_WRITES, "AttachGroupPolicy", "AttachUserPolicy", "DeleteGroupPolicy")


def check(evidence: Evidence) -> Outcome:
    """The group's policies follow the caller's name, for objects and for lists."""
    return (
        refused_document(evidence, *_WRITES)
        or _nothing_written(evidence)
        or _colleagues(evidence)
        or _everybodys_list(evidence)
        or _other_actions(evidence)
        or _shut_out(evidence)
        or Passed(
            "One text, and for each caller another policy: the variable is filled in from the "
            f"call. `{NEWCOMER}`, who joins tomorrow, has a prefix of their own without a change. "
            "The object's ARN narrows gets and puts; for a list, which is asked of the bucket, "
            "only the condition can."
        )
    )


def _get(name: str) -> Try:
    return Try("s3:GetObject", f"{_BUCKET}/{name}/1041.pdf", f"get receipts of `{name}`")


def _put(name: str) -> Try:
    return Try("s3:PutObject", f"{_BUCKET}/{name}/1042.pdf", f"put receipts of `{name}`")


def _list(name: str) -> Try:
    return Try("s3:ListBucket", _BUCKET, f"list receipts of `{name}`", {"s3:prefix": f"{name}/"})


def _own(name: str) -> tuple[Try, ...]:
    return _get(name), _put(name), _list(name)


def _nothing_written(evidence: Evidence) -> Outcome | None:
    if [call for call in evidence.of("iam", *_CHANGES) if not call.error_code]:
        return None
    return NotYet(
        f"`{GROUP}` has no policy yet, so its members can do nothing.",
        "Let both statements follow the caller's name, and put the policy on the group.",
    )


def _colleagues(evidence: Evidence) -> Outcome | None:
    cid, dea = MEMBERS
    for other, why in (
        (
            dea,
            "A resource without a variable is the same for everybody; so is a list of names. "
            "What differs from caller to caller is `${aws:username}`.",
        ),
        (
            NAMESAKE,
            "A `*` goes on wherever it stands. Without a slash before it, `cid*` is also the "
            "prefix of whoever is named `cidney`.",
        ),
    ):
        found = first_open(evidence, arn("user", cid), _own(other))
        if found is not None:
            return Incorrect(f"`{cid}` may {found.words}.", EXPECTED, why)
    return None


def _everybodys_list(evidence: Evidence) -> Outcome | None:
    whole = (
        Try("s3:ListBucket", _BUCKET, "list the bucket without any prefix"),
        Try("s3:ListBucket", _BUCKET, "list the bucket from its root", {"s3:prefix": ""}),
    )
    found = first_open(evidence, arn("user", MEMBERS[0]), whole)
    if found is None:
        return None
    return Incorrect(
        f"`{MEMBERS[0]}` may {found.words}.",
        EXPECTED,
        "Such a list shows every key of everybody. The condition on `s3:prefix` must fail for it: "
        "a plain operator does where the key is missing, one with `IfExists` does not.",
    )


def _other_actions(evidence: Evidence) -> Outcome | None:
    others = (
        Try("s3:DeleteObject", f"{_BUCKET}/cid/1041.pdf", "delete receipts"),
        Try("s3:DeleteBucket", _BUCKET, "delete the bucket"),
        Try("s3:PutBucketPolicy", _BUCKET, "write the bucket's policy"),
    )
    found = first_open(evidence, arn("user", MEMBERS[0]), others)
    if found is None:
        return None
    return Incorrect(
        f"`{MEMBERS[0]}` may also {found.words}.",
        EXPECTED,
        "A receipt is evidence. Name the three actions that the work takes.",
    )


def _shut_out(evidence: Evidence) -> Outcome | None:
    for member in MEMBERS:
        missing = _missing(evidence, member, arn("user", member), "")
        if missing is not None:
            return Incorrect(f"`{member}` may not {missing.words}.", EXPECTED, _why_not(missing))
    missing = _missing(evidence, NEWCOMER, arn("group", GROUP), arn("user", NEWCOMER))
    if missing is None:
        return None
    return Incorrect(
        f"`{NEWCOMER}`, who joins the group tomorrow, may not {missing.words}.",
        EXPECTED,
        "It works for those whose names you typed. A variable works for whoever calls, if the "
        "policy hangs on the group.",
    )


def _missing(evidence: Evidence, name: str, source: str, by: str) -> Try | None:
    return next((one for one in _own(name) if not allowed(evidence, source, one, by=by)), None)


def _why_not(missing: Try) -> str:
    if missing.action == "s3:ListBucket":
        return (
            "A list is asked of the bucket, whose ARN has no key in it, and carries the prefix "
            "as `s3:prefix`. The condition must hold for the caller's own one."
        )
    return (
        "Gets and puts are narrowed by the object's ARN. They carry no `s3:prefix`, so a condition "
        "on it fails for them."
    )
