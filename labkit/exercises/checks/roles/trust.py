"""Exercise 3: a trust policy from a requirement, and the proof that it refuses the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labkit.exercises.checks.roles.rights import STRANGER, lets_in
from labkit.exercises.checks.roles.sessions import message, refused, user_of
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

ROLE = "refund-clerk"
CLERKS = ("ana", "bo")
OTHER = "mia"  # may assume whatever role lets her


def check(evidence: Evidence) -> Outcome:
    """ana and bo get in under their own names, nobody else does, and both were tried."""
    written = evidence.of("iam", "UpdateAssumeRolePolicy", "CreateRole")
    return (
        _malformed(written)
        or _untouched(written)
        or _clerk_refused(evidence)
        or _others_let_in(evidence)
        or _under_anothers_name(evidence)
        or _not_tried(evidence, written[-1].index)
        or Passed(
            "ana and bo get in, each under their own name; mia is refused although her own policy "
            "lets her assume any role, and nobody can sign a refund with another's name. What a "
            "trust policy says, no policy of a caller can widen."
        )
    )


def _malformed(written: tuple[Call, ...]) -> Outcome | None:
    if not written or not written[-1].error_code:
        return None
    return Incorrect(
        f"IAM refused the policy: {message(written[-1])}",
        "a trust policy: who, in `Principal`, and `sts:AssumeRole`.",
        "It has no `Resource`, since it hangs on its role, and its principals are users, roles, "
        "accounts or services; a group cannot sign a request, so it cannot be one.",
    )


def _untouched(written: tuple[Call, ...]) -> Outcome | None:
    if written:
        return None
    return NotYet(
        f"The trust policy of `{ROLE}` lets in everybody of the account whose own policy allows "
        f"`sts:AssumeRole`, and `{OTHER}`'s does.",
        "Write one that names the clerks.",
    )


def _clerk_refused(evidence: Evidence) -> Outcome | None:
    for name in CLERKS:
        if lets_in(evidence, ROLE, f"user/{name}", name):
            continue
        return Incorrect(
            f"`{name}` is refused, as `{name}`.",
            "both clerks get in.",
            "Both ARNs stand in a list under `AWS`. If it is the condition that refuses: its key "
            "is `sts:RoleSessionName`, and `${aws:username}` stands for the caller's name. Where "
            "the policy names only the account, each of them needs a policy as well.",
        )
    return None


def _others_let_in(evidence: Evidence) -> Outcome | None:
    if lets_in(evidence, ROLE, f"user/{OTHER}", OTHER):
        return Incorrect(
            f"`{OTHER}` gets in.",
            "the two clerks alone.",
            "Her own policy allows `sts:AssumeRole` on every role, so a trust policy that names "
            "the account lets her in. Name the users.",
        )
    if lets_in(evidence, ROLE, STRANGER, "ana"):
        return Incorrect(
            f"A user `ana` of the account {STRANGER.split(':')[4]} gets in.",
            "the two clerks of this account alone.",
            '`"*"` is everybody on AWS, and user names are unique in an account only. Name the '
            "ARNs, which have the account in them.",
        )
    return None


def _under_anothers_name(evidence: Evidence) -> Outcome | None:
    for name, other in (CLERKS, CLERKS[::-1]):
        if not lets_in(evidence, ROLE, f"user/{name}", other):
            continue
        found = f"`{name}` can open a session that is called `{other}`."
        if _has_a_condition(evidence):
            return Incorrect(
                found,
                "a session under their own name only.",
                "The condition compares the session name with names that are written down, and "
                "each of them is good for either clerk. `${aws:username}` stands for the caller's.",
            )
        return Incorrect(
            found,
            "a session under their own name only.",
            "So the log could blame the wrong clerk. A `Condition` on `sts:RoleSessionName` says "
            "which names may be chosen.",
        )
    return None


def _has_a_condition(evidence: Evidence) -> bool:
    """Whether the trust policy says anything of the session's name."""
    trust = evidence.client("iam").get_role(RoleName=ROLE)["Role"]["AssumeRolePolicyDocument"]
    return "rolesessionname" in str(trust).lower()


def _not_tried(evidence: Evidence, since: int) -> Outcome | None:
    tries = [call for call in evidence.of("sts", "AssumeRole") if call.index > since]
    wanted = {
        **{f"{name} is let in": _let_in(tries, name) for name in CLERKS},
        f"{OTHER} is refused": any(user_of(call) == OTHER and refused(call) for call in tries),
        "a clerk is refused under the other's name": any(map(_blames_another, tries)),
    }
    missing = [words for words, seen in wanted.items() if not seen]
    if not missing:
        return None
    return NotYet("The policy is right. Not shown yet: " + "; ".join(missing) + ".", "Try it.")


def _let_in(tries: list[Call], name: str) -> bool:
    return any(user_of(call) == name and not call.error_code for call in tries)


def _blames_another(call: Call) -> bool:
    named: Any = call.params.get("RoleSessionName")
    return user_of(call) in CLERKS and named in set(CLERKS) - {user_of(call)} and refused(call)
