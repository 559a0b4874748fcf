"""Exercise 4: a key policy that says who administers a key, who uses it, and who does neither."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from labkit.exercises.checks.kms.sealing import key_arn
from labkit.exercises.checks.roles.sessions import message, refused, user_of
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

ALIAS = "alias/payouts"
ADMIN, CLERK, OTHER = "ana", "bo", "mia"
PAYOUT = b"pay 900 EUR to the theatre"
USES = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey")
MANAGES = ("kms:PutKeyPolicy", "kms:DisableKey", "kms:ScheduleKeyDeletion")
EVERYTHING = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}  # mia's own policy
_USERS = "arn:aws:iam::123456789012:user/"


def check(evidence: Evidence) -> Outcome:
    """ana administers, bo uses, nobody else does either; bo and mia have tried."""
    puts = [call for call in evidence.of("kms", "PutKeyPolicy") if not call.error_code]
    return (
        _no_policy_yet(evidence, puts)
        or _iam_policy_changed(evidence)
        or _other_gets_in(evidence)
        or _clerk_manages(evidence)
        or _admin_uses(evidence)
        or _missing(evidence, CLERK, USES, "uses")
        or _missing(evidence, ADMIN, MANAGES, "administers")
        or _not_tried(evidence, since=puts[-1])
        or Passed(
            "bo reads the payouts, ana looks after the key and cannot read them, and mia's "
            "`kms:*` is worth nothing here: the policy of a key comes first, and IAM's policies "
            "have as much say as it gives them."
        )
    )


def _may(evidence: Evidence, user: str, action: str) -> bool:
    """Whether the user may do it, by the key's policy and the user's own."""
    arn = key_arn(evidence, ALIAS)
    answer = evidence.client("iam").simulate_principal_policy(
        PolicySourceArn=_USERS + user,
        CallerArn=_USERS + user,
        ActionNames=[action],
        ResourceArns=[arn],
        ResourcePolicy=evidence.client("kms").get_key_policy(KeyId=arn)["Policy"],
    )
    return bool(answer["EvaluationResults"][0]["EvalDecision"] == "allowed")


def _no_policy_yet(evidence: Evidence, puts: list[Call]) -> Outcome | None:
    if puts:
        return None
    tried = evidence.of("kms", "PutKeyPolicy")
    if not tried:
        return NotYet(
            f"The key behind `{ALIAS}` has its default policy, which lets the account's IAM "
            f"policies decide; so `{OTHER}` reads the payouts.",
            "Write a policy of the key's own with `put_key_policy`.",
        )
    return Incorrect(
        f"KMS refused the policy: {message(tried[-1])}",
        "a policy that its author could still change.",
        "Whoever puts a policy must be allowed `kms:PutKeyPolicy` by it. You are "
        f"`{_USERS}learner`; name yourself among the administrators, or let `{ADMIN}` put it.",
    )


def _iam_policy_changed(evidence: Evidence) -> Outcome | None:
    iam = evidence.client("iam")
    names = iam.list_user_policies(UserName=OTHER)["PolicyNames"]
    texts = [iam.get_user_policy(UserName=OTHER, PolicyName=name) for name in names]
    statements = [text["PolicyDocument"]["Statement"] for text in texts]
    if any(statement in (EVERYTHING, [EVERYTHING]) for statement in statements):
        return None
    return Incorrect(
        f"`{OTHER}` has lost `kms:*` in IAM.",
        "her own policy as it was; she needs it for other keys.",
        "Mend the policy of this key. A policy on each of those who must not is a list that is "
        'never complete. `lab.begin("people")` gives hers back.',
    )


def _other_gets_in(evidence: Evidence) -> Outcome | None:
    for action in (*USES, *MANAGES):
        if _may(evidence, OTHER, action):
            return Incorrect(
                f"`{OTHER}` may still do `{action}`.",
                "neither use nor administration.",
                "A statement whose `Principal` is the account (`:root`) hands these actions to "
                "IAM, where she has `kms:*`. Name the users instead.",
            )
    return None


def _clerk_manages(evidence: Evidence) -> Outcome | None:
    for action in MANAGES:
        if _may(evidence, CLERK, action):
            return Incorrect(
                f"`{CLERK}` may do `{action}`.",
                "use alone.",
                "Whoever can change the policy of a key, or delete it, holds more than the "
                "payouts. List the actions that he needs.",
            )
    return None


def _admin_uses(evidence: Evidence) -> Outcome | None:
    for user in (ADMIN, "learner"):
        if _may(evidence, user, "kms:Decrypt"):
            who = "You may" if user == "learner" else f"`{user}` may"
            return Incorrect(
                f"{who} do `kms:Decrypt`.",
                "administration without use.",
                "`kms:*` is both at once. Administrators need `kms:Put*`, `kms:Get*`, "
                "`kms:Describe*`, `kms:Enable*`, `kms:Disable*`, `kms:ScheduleKeyDeletion` and "
                "the like.",
            )
    return None


def _missing(evidence: Evidence, user: str, actions: tuple[str, ...], does: str) -> Outcome | None:
    for action in actions:
        if not _may(evidence, user, action):
            return Incorrect(
                f"`{user}` may not do `{action}`.",
                f"{user} {does} the key: {', '.join(actions)}.",
                f"A statement for `{_USERS}{user}` with these actions allows it. In a key policy "
                '`"Resource": "*"` means this key.',
            )
    return None


def _not_tried(evidence: Evidence, since: Call) -> Outcome | None:
    calls = [call for call in evidence.of("kms", "Decrypt") if call.index > since.index]
    read = any(user_of(call) == CLERK and not call.error_code for call in calls)
    kept_out = any(user_of(call) == OTHER and refused(call) for call in calls)
    if read and kept_out:
        return None
    who = f"`{CLERK}`" if not read else f"`{OTHER}`"
    return NotYet(
        "The policy says the right thing.",
        f"Try it: let {who} decrypt `payout`, and see what KMS answers.",
    )


def own_policy() -> str:
    """The policy that mia has in IAM."""
    return json.dumps({"Version": "2012-10-17", "Statement": [EVERYTHING]})
