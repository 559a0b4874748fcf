"""Exercise 3: a bucket's policy that lets one in, and keeps another from deleting.

dan     no policy of his own         may put under inbox/, and nothing else
cleo    everything with S3           may do everything but delete
others                               as before
"""

from __future__ import annotations

import json
from typing import Any

from labkit.exercises.checks.iam_policies.decisions import Try, allowed, arn
from labkit.exercises.checks.s3.scene import ACCOUNT, on, policy_of
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed
from labkit.policy import Request, evaluate

BUCKET = "drafts-123456789012"
PRINTER, DESIGNER = "dan", "cleo"
EXPECTED = (
    f"`{PRINTER}` puts under `inbox/` and does nothing else; `{DESIGNER}` deletes neither objects "
    "nor versions, and keeps the rest; nobody else's rights change."
)
_ARN = f"arn:aws:s3:::{BUCKET}"
_HTTPS = {"aws:SecureTransport": "true"}


def check(evidence: Evidence) -> Outcome:
    """The bucket's policy does what is asked for each of the two, and for nobody else."""
    policy = policy_of(evidence, BUCKET)
    return (
        _nothing_written(evidence, policy)
        or _strangers(policy)
        or _locked_out(policy)
        or _printer_may_not(evidence, policy)
        or _printer_may_more(evidence, policy)
        or _designer_deletes(evidence, policy)
        or _designer_may_not(evidence, policy)
        or Passed(
            f"`{PRINTER}` has no policy of his own, and needs none: within one account, an Allow "
            f"of the bucket's is enough. `{DESIGNER}`'s own policy allows everything, and the Deny "
            "stands above it. Neither statement would do the other's work."
        )
    )


def _on(name: str, action: str, key: str, words: str) -> Try:
    return Try(f"s3:{action}", f"{_ARN}/{key}" if key else _ARN, words, dict(_HTTPS))


def _may(evidence: Evidence, name: str, tried: Try, policy: str) -> bool:
    return allowed(evidence, arn("user", name), tried, resource_policy=policy)


def _nothing_written(evidence: Evidence, policy: str) -> Outcome | None:
    if policy:
        return None
    refused = [call for call in on(evidence, BUCKET, "PutBucketPolicy") if call.error_code]
    if refused:
        message = str(refused[-1].response["Error"]["Message"]).rstrip(".")
        return Incorrect(
            f"S3 did not take the policy: {message}.",
            EXPECTED,
            "Each statement of a bucket's policy has a `Principal`, and a `Resource` within the "
            "bucket.",
        )
    if evidence.of("iam", "PutUserPolicy", "AttachUserPolicy", "CreatePolicy"):
        return Incorrect(
            f"`{BUCKET}` has no policy; you wrote one in IAM.",
            f"a policy of the bucket. {EXPECTED}",
            "It could be done over there, user by user. Here the bucket shall decide for itself, "
            "whatever its users' policies say.",
        )
    return NotYet(f"`{BUCKET}` has no policy yet.", "Write one with two statements.")


def _decision(policy: str, who: str, action: str, key: str, own: list[Any]) -> bool:
    resource = f"{_ARN}/{key}" if key else _ARN
    request = Request(who, f"s3:{action}", resource, dict(_HTTPS), ACCOUNT)
    return evaluate(request, identity=own, resource=json.loads(policy)).allowed


def _strangers(policy: str) -> Outcome | None:
    for who, name in (("*", "somebody without credentials"), (arn("user", "zoe"), "`zoe`")):
        for action, key in (("PutObject", "inbox/x"), ("GetObject", "x"), ("DeleteObject", "x")):
            if _decision(policy, who, action, key, []):
                return Incorrect(
                    f"{name[0].upper() + name[1:]} may call `s3:{action}`.",
                    EXPECTED,
                    'An Allow to the principal `"*"` lets in everybody, and one to the account '
                    f"ignores who it is. Name `{PRINTER}` by his ARN.",
                )
    return None


def _locked_out(policy: str) -> Outcome | None:
    """A Deny that also hits the administrator."""
    everything = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    for action, key in (("DeleteObject", "x"), ("PutBucketPolicy", "")):
        if not _decision(policy, arn("user", "learner"), action, key, [everything]):
            return Incorrect(
                f"You yourself may no longer call `s3:{action}`.",
                EXPECTED,
                "A Deny holds for everybody whom its `Principal` covers, administrators too. Name "
                f"`{DESIGNER}`.",
            )
    return None


def _printer_may_not(evidence: Evidence, policy: str) -> Outcome | None:
    if _may(evidence, PRINTER, _on(PRINTER, "PutObject", "inbox/aida.png", ""), policy):
        return None
    bare = any(_resource_is_bucket(one) for one in json.loads(policy)["Statement"])
    return Incorrect(
        f"`{PRINTER}` may not put `inbox/aida.png`.",
        EXPECTED,
        f"A put is asked of the object, so the resource is `{_ARN}/inbox/*`; the bucket's own ARN "
        "covers lists and settings only."
        if bare
        else f"Somebody must allow it, and `{PRINTER}` has no policy of his own.",
    )


def _resource_is_bucket(statement: dict[str, Any]) -> bool:
    resource = statement.get("Resource", "")
    return _ARN in ([resource] if isinstance(resource, str) else resource)


def _printer_may_more(evidence: Evidence, policy: str) -> Outcome | None:
    tries = (
        _on(PRINTER, "PutObject", "finished/aida.png", "put outside `inbox/`"),
        _on(PRINTER, "GetObject", "inbox/aida.png", "read what lies in `inbox/`"),
        _on(PRINTER, "DeleteObject", "inbox/aida.png", "delete in `inbox/`"),
        _on(PRINTER, "ListBucket", "", "list the bucket"),
        _on(PRINTER, "PutBucketPolicy", "", "write the bucket's policy"),
    )
    found = next((one for one in tries if _may(evidence, PRINTER, one, policy)), None)
    if found is None:
        return None
    return Incorrect(
        f"`{PRINTER}` may {found.words}.",
        EXPECTED,
        "One action, on the objects under one prefix: that is all an inbox needs.",
    )


def _designer_deletes(evidence: Evidence, policy: str) -> Outcome | None:
    object_, version = (
        _on(DESIGNER, action, "finished/aida.png", words)
        for action, words in (("DeleteObject", "delete objects"), ("DeleteObjectVersion", ""))
    )
    if _may(evidence, DESIGNER, object_, policy):
        return Incorrect(
            f"`{DESIGNER}` still may delete objects.",
            EXPECTED,
            "Her own policy allows it, and one Allow is enough. What the bucket leaves out takes "
            "nothing away from her; only a Deny does.",
        )
    if _may(evidence, DESIGNER, version, policy):
        return Incorrect(
            f"`{DESIGNER}` may not delete objects any more, but versions.",
            EXPECTED,
            "`s3:DeleteObject` only sets a delete marker here. The delete that is for good names a "
            "version, and is an action of its own: `s3:DeleteObjectVersion`.",
        )
    return None


def _designer_may_not(evidence: Evidence, policy: str) -> Outcome | None:
    for action, words in (("GetObject", "get"), ("PutObject", "put")):
        if not _may(evidence, DESIGNER, _on(DESIGNER, action, "finished/a.png", ""), policy):
            return Incorrect(
                f"`{DESIGNER}` may no longer {words} objects.",
                EXPECTED,
                "The Deny covers more than deleting. Name the two actions.",
            )
    return None
