"""Exercise 5: which of two policies lets bo hand over one role, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.exercises.checks.roles.keyless import SERVER, server
from labkit.exercises.checks.roles.rights import EC2, IAM, may
from labkit.exercises.checks.roles.sessions import message, user_of
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

USER = "bo"
ROLE = "ticket-printer"
ADMIN = "shop-admin"
LATER = "night-shift"  # a role that somebody makes tomorrow
ATTACH = ("AssociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation")
_CHANGES = (
    *("PutUserPolicy", "AttachUserPolicy", "DeleteUserPolicy", "DetachUserPolicy"),
    *("PutGroupPolicy", "AttachGroupPolicy", "AddUserToGroup", "CreatePolicyVersion"),
)


def check(evidence: Evidence) -> Outcome:
    """bo may hand `ticket-printer` to EC2 and no other role, and both were tried."""
    instance = server(evidence)
    changes = [call for call in evidence.of("iam", *_CHANGES) if not call.error_code]
    since = changes[-1].index if changes else -1
    tries = [
        call for call in evidence.of("ec2", *ATTACH) if user_of(call) == USER and call.index > since
    ]
    if instance is None:
        return _gone()
    if not changes:
        return _untouched(tries)
    return (
        _too_strong(evidence, tries)
        or _cannot_pass(evidence, tries)
        or _cannot_attach(evidence, instance)
        or _not_tried(tries)
        or Passed(
            f"bo gave `{SERVER}` the role `{ROLE}`, and was refused `{ADMIN}`, though he may "
            "attach profiles and EC2 may have either. Which role is handed over is decided by "
            "the `Resource` of `iam:PassRole`; `iam:PassedToService` can narrow it further, and "
            "cannot stand in for it."
        )
    )


def _passes(evidence: Evidence, role: str) -> bool:
    """Whether bo may hand that role to EC2."""
    arn = f"{IAM}role/{role}"
    return may(evidence, f"user/{USER}", "iam:PassRole", arn, iam_PassedToService=EC2)


def _gone() -> Outcome:
    return Incorrect(
        f"`{SERVER}` is not running.",
        "it runs all the time.",
        '`lab.begin("passing")` starts it again.',
    )


def _untouched(tries: list[Call]) -> Outcome:
    said = f" EC2 said: {_shortened(tries[-1])}" if tries and tries[-1].error_code else ""
    return NotYet(f"`{USER}` has no policy yet.{said}", "Give him one of the two designs.")


def _too_strong(evidence: Evidence, tries: list[Call]) -> Outcome | None:
    if _passes(evidence, ADMIN):
        did = any(_profile(call) == ADMIN and not call.error_code for call in tries)
        return Incorrect(
            f"`{USER}` made the server a `{ADMIN}`." if did else f"`{USER}` may pass `{ADMIN}`.",
            f"he may pass `{ROLE}` alone.",
            "Any program of his on the server may then do everything, and so may he. That only "
            "EC2 may get the role does not help: an instance that he can log in to is all that "
            "it takes.",
        )
    if _passes(evidence, LATER):
        return Incorrect(
            f"`{USER}` may pass any role but `{ADMIN}`.",
            f"`{ROLE}` alone.",
            f"Tomorrow somebody makes a role `{LATER}`, and bo may pass that one as well. Name "
            "what is allowed, not what is not.",
        )
    return None


def _cannot_pass(evidence: Evidence, tries: list[Call]) -> Outcome | None:
    if _passes(evidence, ROLE):
        return None
    said = [_shortened(call) for call in tries if call.error_code]
    return Incorrect(
        f"`{USER}` may not pass `{ROLE}`." + (f" EC2 said: {said[-1]}" if said else ""),
        f"`iam:PassRole` on `{IAM}role/{ROLE}`.",
        "What is passed is the role, not the instance profile in which it lies: the `Resource` "
        "is the role's ARN. A condition on the service must name `ec2.amazonaws.com`.",
    )


def _cannot_attach(evidence: Evidence, instance: str) -> Outcome | None:
    arn = f"arn:aws:ec2:us-east-1:123456789012:instance/{instance}"
    if may(evidence, f"user/{USER}", "ec2:AssociateIamInstanceProfile", arn):
        return None
    return Incorrect(
        f"`{USER}` may pass `{ROLE}`, and may not attach a profile.",
        "both.",
        "Handing over is a part of a call, and the call itself must be allowed too: "
        "`ec2:AssociateIamInstanceProfile`.",
    )


def _not_tried(tries: list[Call]) -> Outcome | None:
    given = any(_profile(call) == ROLE and not call.error_code for call in tries)
    denied = any(
        _profile(call) == ADMIN and call.error_code == "UnauthorizedOperation" for call in tries
    )
    missing = [
        words
        for words, seen in (
            (f"that bo can attach `{ROLE}`", given),
            (f"that bo is refused `{ADMIN}`", denied),
        )
        if not seen
    ]
    if not missing:
        return None
    return NotYet(f"The policy is right. Not shown yet: {' and '.join(missing)}.", "Try it.")


def _profile(call: Call) -> str:
    """The name of the instance profile that a call is about."""
    named = call.params.get("IamInstanceProfile", {})
    return str(named.get("Name") or named.get("Arn", "").rsplit("/", 1)[-1])


def _shortened(call: Call) -> str:
    """AWS's words without the encoded part."""
    return message(call).split(" Encoded authorization", 1)[0]
