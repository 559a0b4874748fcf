"""Exercise 1: three policies were edited, one of the edits did the harm.

policy           v1 → v2                                        bo writes a draft
poster-work      read and write → delete as well                allows
designer-rules   nothing → Deny writing to published/*          does not apply
staff-boundary   all of S3 and SQS → only reading of S3         does not let it pass   ← decides
"""

from __future__ import annotations

from labkit.exercises.checks.iam_policies.decisions import (
    Try,
    allowed,
    allowed_by,
    arn,
    text_of,
)
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

USER, GROUP, BUCKET = "bo", "designers", "studio-123456789012"
WORK, RULES, LIMIT = "poster-work", "designer-rules", "staff-boundary"
EXPECTED = f"`{USER}` writes drafts, and the two edits that did no harm stay in force."

DRAFT = Try("s3:PutObject", f"arn:aws:s3:::{BUCKET}/drafts/carmen.png", "write a draft")
_BEYOND = Try("iam:CreateUser", arn("user", "eve"), "create a user")


def check(evidence: Evidence) -> Outcome:
    """bo writes drafts under the boundary he had, and the other two policies are as they were."""
    passes = allowed(evidence, arn("user", USER), DRAFT)
    return (
        _limit_gone(evidence)
        or _around(evidence)
        or _innocent(evidence, passes)
        or _still_refused(evidence, passes)
        or _too_wide(evidence)
        or Passed(
            f"`{WORK}` had allowed it all along, the Deny of `{RULES}` was about another prefix, "
            f"and `{LIMIT}` did not let it pass. That one you took back, with the others in "
            "force. A limit that is silent about an action stops it, whatever is granted below."
        )
    )


def _limit_gone(evidence: Evidence) -> Outcome | None:
    user = evidence.client("iam").get_user(UserName=USER)["User"]
    held = user.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "none")
    if held == arn("policy", LIMIT):
        return None
    return Incorrect(
        f"`{USER}` is no longer under `{LIMIT}`: his boundary is {held}.",
        EXPECTED,
        "It was put there to cap whatever anybody attaches to him. What is wrong is one of its "
        "versions, not that he has it.",
    )


def _innocent(evidence: Evidence, passes: bool) -> Outcome | None:
    """A policy that had no part in the refusal was taken back or changed."""
    for name, why in (
        (
            WORK,
            "In the path its Allow *applies*: it granted the call before and after the edit, and "
            "cannot be what refuses it.",
        ),
        (
            RULES,
            "In the path its Deny does *not apply*: it is about `published/`. Without it, "
            f"`{USER}` may write over posters that are on sale.",
        ),
    ):
        version = _default(evidence, name)
        if version == "v2":
            continue
        effect = "passes, but for another reason" if passes else "is refused as before"
        return Incorrect(
            f"`{name}` has {version} in force now, and the call {effect}.", EXPECTED, why
        )
    return None


def _still_refused(evidence: Evidence, passes: bool) -> Outcome | None:
    if passes:
        return None
    granted = evidence.of("iam", "AttachUserPolicy", "PutUserPolicy", "PutGroupPolicy")
    if granted:
        return Incorrect(
            f"You gave `{USER}` one more policy, and the call is refused as before.",
            EXPECTED,
            "There is an Allow already. More of them cannot lift a limit: the last words of the "
            "message name the kind of policy that is missing one.",
        )
    if _default(evidence, LIMIT) != "v2":
        return Incorrect(
            f"The new version of `{LIMIT}` does not let the call pass either.",
            EXPECTED,
            "A boundary must mention the action and the resource, as if it granted them.",
        )
    return NotYet(
        f"`{USER}` may not write a draft: all three policies are as they were edited.",
        "Let him try, and read the path: which policy, had it said more, would have let it pass?",
    )


def _too_wide(evidence: Evidence) -> Outcome | None:
    if not allowed_by(
        evidence, [text_of(evidence, arn("policy", LIMIT))], _BEYOND, by=arn("user", USER)
    ):
        return None
    return Incorrect(
        f"`{LIMIT}` now lets everything pass, even creating users.",
        EXPECTED,
        "A boundary with `*` is none. The version of before the edit is still there.",
    )


def _around(evidence: Evidence) -> Outcome | None:
    """The bucket got a policy of its own, which can go past a boundary."""
    s3 = evidence.client("s3")
    try:
        s3.get_bucket_policy(Bucket=BUCKET)
    except s3.exceptions.ClientError:
        return None
    return Incorrect(
        "The bucket has a policy now, which it had not.",
        EXPECTED,
        "One that names a user goes past his boundary. The call may pass, but then a boundary is "
        "nothing that anybody can rely on.",
    )


def _default(evidence: Evidence, name: str) -> str:
    iam = evidence.client("iam")
    return str(iam.get_policy(PolicyArn=arn("policy", name))["Policy"]["DefaultVersionId"])
