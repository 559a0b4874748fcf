"""Exercise 1: bo becomes a refund clerk, under his own name, and takes a refund.

bo ──AssumeRole──▶ STS ──three strings──▶ bo's program ──ReceiveMessage──▶ refunds
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.exercises.checks.roles.sessions import caller, message, refused, role_of, session_of
from labkit.exercises.checks.sqs.log import on
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

ROLE = "refund-clerk"
USER = "bo"
QUEUE = "refunds"


def check(evidence: Evidence) -> Outcome:
    """A session `bo` of `refund-clerk` asked STS who it is, and received from `refunds`."""
    receives = on(evidence, QUEUE, "ReceiveMessage")
    asks = list(evidence.of("sts", "GetCallerIdentity"))
    ours = [call for call in receives if role_of(call) == ROLE and not call.error_code]
    return (
        _nothing_yet(evidence, receives)
        or _not_assumed(evidence, receives)
        or _strings_missing(receives + asks)
        or _under_another_name(evidence, receives + asks)
        or _not_received(receives, ours)
        or _not_asked(asks)
        or Passed(
            f"`{ours[-1].principal}` took the refund: account, role and session name, so that a "
            "log says who it was. bo himself still has no right at all, and his session ends by "
            "itself."
        )
    )


def _assumptions(evidence: Evidence) -> list[Call]:
    return [
        call
        for call in evidence.of("sts", "AssumeRole")
        if str(call.params.get("RoleArn", "")).endswith(f"/{ROLE}")
    ]


def _nothing_yet(evidence: Evidence, receives: list[Call]) -> Outcome | None:
    if evidence.of("sts", "AssumeRole") or [call for call in receives if not refused(call)]:
        return None
    if receives:
        return NotYet(
            f"`{QUEUE}` refused {caller(receives[-1])}, who has no policy.",
            f"`{ROLE}` may receive there, and trusts `{USER}`. Let him assume it.",
        )
    return NotYet(f"Nobody has assumed `{ROLE}` yet.", f"Let `{USER}` ask STS for it.")


def _not_assumed(evidence: Evidence, receives: list[Call]) -> Outcome | None:
    assumptions = _assumptions(evidence)
    if any(not call.error_code for call in assumptions):
        return None
    if assumptions:
        last = assumptions[-1]
        return Incorrect(
            f"STS refused {caller(last)}: {message(last)}",
            f"the user `{USER}` assumes the role.",
            "The trust policy of the role names him and nobody else. An administrator may write "
            "that policy, but is not let in by it; use the STS client of bo's session.",
        )
    taken = [call for call in receives if not call.error_code]
    if taken:
        return Incorrect(
            f"The refund was asked for by {caller(taken[-1])}.",
            f"a session of the role `{ROLE}`.",
            "Whoever may do everything needs no role. Make the client from the three strings that "
            "STS gives bo.",
        )
    other = evidence.of("sts", "AssumeRole")[-1]
    return Incorrect(
        f"You asked for `{other.params.get('RoleArn')}`.",
        f"the role `{ROLE}`.",
        "A role's ARN has the account's number and `role/`, then the name; `get_role` tells it.",
    )


def _strings_missing(calls: list[Call]) -> Outcome | None:
    """A key of the session was used without its token, and never with it."""
    unknown = [call for call in calls if call.error_code == "InvalidClientTokenId"]
    if not unknown or any(role_of(call) == ROLE and not call.error_code for call in calls):
        return None
    return Incorrect(
        f"`{unknown[-1].operation}` was refused: {message(unknown[-1])}",
        "a client made from all three strings.",
        "A temporary access key is good only together with its session token. Pass it on as "
        "`aws_session_token`.",
    )


def _under_another_name(evidence: Evidence, calls: list[Call]) -> Outcome | None:
    names = [session_of(call) for call in calls if role_of(call) == ROLE]
    opened = [str(call.params.get("RoleSessionName")) for call in _assumptions(evidence)]
    wrong = [name for name in names or opened if name != USER]
    if not wrong or USER in names:
        return None
    return Incorrect(
        f"The session is called `{wrong[-1]}`.",
        f"`{USER}`, as the task asks.",
        "The name is the only thing in the session's ARN that can tell ten clerks apart. It is "
        "the argument `RoleSessionName`.",
    )


def _not_received(receives: list[Call], ours: list[Call]) -> Outcome | None:
    if ours:
        return None
    if receives and refused(receives[-1]):
        return Incorrect(
            f"`{QUEUE}` refused {caller(receives[-1])}: {message(receives[-1])}",
            f"a receive by the session of `{ROLE}`.",
            "Assuming a role does not change bo's own credentials. The rights are with the three "
            "strings in the answer: make a session from them.",
        )
    return NotYet(
        f"`{USER}` has a session of `{ROLE}`, and nobody has received with it.",
        f"Make a client from its three strings, and receive from `{QUEUE}`.",
    )


def _not_asked(asks: list[Call]) -> Outcome | None:
    if any(role_of(call) == ROLE for call in asks):
        return None
    return NotYet(
        "The refund is taken.",
        "Now ask STS who you are, with the client of the new session: `get_caller_identity`.",
    )
