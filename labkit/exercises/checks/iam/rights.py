"""What a user of the lab may do, as IAM's own simulator decides it with the policies in force."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labkit.exercises.frame import Incorrect, Outcome

if TYPE_CHECKING:
    from labkit.exercises.frame import Evidence
    from labkit.sandbox.calllog import Call

ACCOUNT = "123456789012"
POSTERS = f"posters-{ACCOUNT}"
REFUNDS = f"refunds-{ACCOUNT}"
ALLOWED, EXPLICIT, IMPLICIT = "allowed", "explicitDeny", "implicitDeny"

# The calls that give or take permissions, by whatever way.
_CHANGES = (
    "PutUserPolicy",
    "DeleteUserPolicy",
    "AttachUserPolicy",
    "DetachUserPolicy",
    "PutGroupPolicy",
    "DeleteGroupPolicy",
    "AttachGroupPolicy",
    "DetachGroupPolicy",
    "AddUserToGroup",
    "RemoveUserFromGroup",
    "DeleteGroup",
    "CreatePolicy",
    "CreatePolicyVersion",
    "SetDefaultPolicyVersion",
    "DeletePolicyVersion",
    "DeletePolicy",
)


@dataclass(frozen=True)
class Right:
    """An action on a resource, and what it is to people, as `read a draft`.

    `prefix` is what a listing asks for, should a policy have a condition on it.
    """

    action: str
    resource: str
    words: str
    prefix: str = ""


def on_bucket(bucket: str, key: str = "") -> str:
    """The ARN of a bucket, or of an object in it."""
    return f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"


def decision(evidence: Evidence, user: str, right: Right) -> str:
    """What IAM would say to that user's call: allowed, explicitDeny or implicitDeny.

    A bucket's policy has its say too: whoever gives a right there has given it.
    """
    found = evidence.client("iam").simulate_principal_policy(
        PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:user/{user}",
        ActionNames=[right.action],
        ResourceArns=[right.resource],
        ContextEntries=_context(right),
        **_bucket_policy(evidence, right.resource),
    )
    return str(found["EvaluationResults"][0]["EvalDecision"])


def may(evidence: Evidence, user: str, right: Right) -> bool:
    """Whether IAM would let that user's call through."""
    return decision(evidence, user, right) == ALLOWED


def first_open(evidence: Evidence, user: str, rights: Iterable[Right]) -> Right | None:
    """The first of these rights that the user has."""
    return next((right for right in rights if may(evidence, user, right)), None)


def first_missing(evidence: Evidence, user: str, rights: Iterable[Right]) -> Right | None:
    """The first of these rights that the user has not."""
    return next((right for right in rights if not may(evidence, user, right)), None)


def changes(evidence: Evidence) -> list[Call]:
    """The learner's calls since begin that changed somebody's permissions."""
    given = evidence.of("iam", *_CHANGES) + evidence.of("s3", "PutBucketPolicy")
    return sorted((call for call in given if not call.error_code), key=lambda call: call.index)


def malformed(evidence: Evidence) -> Outcome | None:
    """What IAM found wrong with the policy that the learner wrote last, if it took none since."""
    written = [call for call in evidence.of("iam", *_CHANGES) if call.error_code]
    taken = changes(evidence)
    if not written or (taken and taken[-1].index > written[-1].index):
        return None
    if written[-1].error_code not in (
        "MalformedPolicyDocument",
        "MalformedPolicyDocumentException",
    ):
        return None
    message = str(written[-1].response["Error"]["Message"]).rstrip(".")
    return Incorrect(
        f"IAM did not take the policy: {message}.",
        "a policy document that IAM takes, as JSON text.",
        "What was in force before still is. A statement needs `Effect`, `Action` and `Resource`, "
        "the last with an ARN.",
    )


def _context(right: Right) -> list[dict[str, Any]]:
    if not right.prefix:
        return []
    return [
        {
            "ContextKeyName": "s3:prefix",
            "ContextKeyValues": [right.prefix],
            "ContextKeyType": "string",
        }
    ]


def _bucket_policy(evidence: Evidence, arn: str) -> dict[str, Any]:
    if not arn.startswith("arn:aws:s3:::"):
        return {}
    s3 = evidence.client("s3")
    bucket = arn.removeprefix("arn:aws:s3:::").split("/", 1)[0]
    try:
        text = s3.get_bucket_policy(Bucket=bucket)["Policy"]
    except s3.exceptions.ClientError:  # no such bucket, or no policy on it
        return {}
    return {"ResourcePolicy": json.dumps(json.loads(text))}
