"""Exercise 6: a ticket that opens two days later, without a stored key and without a public bucket.

sign at 9:00 with a session of an hour ── 10:00 ──▶ the link is dead, whatever it says itself
sign anew at each click, for minutes    ────────▶ works for as long as the role may read
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from labkit.exercises.checks.s3.scene import on
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

BUCKET, KEY, ROLE = "tickets-123456789012", "1041.pdf", "mailer"
HOURS = 48
EXPECTED = (
    f"a customer opens `{KEY}` by a presigned address, {HOURS} hours or more after the exercise "
    f"began, signed by a session of the role `{ROLE}`; nothing is public, no user has a key for it."
)


def check(evidence: Evidence) -> Outcome:
    """The last time that the ticket was opened late enough, a session of the role had signed."""
    late = [
        call
        for call in on(evidence, BUCKET, "GetObject")
        if call.params.get("Key") == KEY and call.at >= evidence.began_at + timedelta(hours=HOURS)
    ]
    opened = [call for call in late if call.status == 200]
    if opened:
        return _by_whom(evidence, opened[-1])
    return _too_long(evidence) or _not_opened(evidence, late)


def _by_whom(evidence: Evidence, call: Call) -> Outcome:
    if call.principal == "*":
        return Incorrect(
            f"`{KEY}` was opened by an address without a signature.",
            EXPECTED,
            "The bucket is public now. Order numbers are easy to guess, so everybody's tickets are "
            "everybody's.",
        )
    if ":user/learner" in call.principal:
        return Incorrect(
            "The address was signed by you, an administrator.",
            EXPECTED,
            "It works, and so would an address to anything else in the account. A program signs "
            f"with rights for its work only: those of `{ROLE}`.",
        )
    if f":assumed-role/{ROLE}/" not in call.principal:
        return Incorrect(
            f"The address was signed by `{call.principal.rsplit(':', 1)[-1]}`.",
            EXPECTED,
            "A user's key does not end with a session, and is good for whoever finds it, until "
            "somebody notices. The shop has a page behind which it can sign anew.",
        )
    if not call.presigned:
        return Incorrect(
            f"`{KEY}` was fetched by boto3, with credentials.",
            EXPECTED,
            "The customer has none. Make an address, and `visit` it.",
        )
    return Passed(
        f"Two days on, a session that was opened for this click signed an address for `{KEY}`. "
        "What is in the mail leads to the shop's own page and never ends; what S3 sees is good for "
        "minutes; and on the day when the order is refunded, the page simply does not sign."
    )


def _too_long(evidence: Evidence) -> Outcome | None:
    for call in on(evidence, BUCKET, "GetObject"):
        if call.error_code == "AuthorizationQueryParametersError":
            return Incorrect(
                "S3 refused an address that is to last for more than 7 days.",
                EXPECTED,
                "A week is the most that Signature Version 4 allows. And an address never outlives "
                "the credentials that signed it.",
            )
    return None


def _not_opened(evidence: Evidence, late: list[Call]) -> Outcome:
    if not late:
        return NotYet(
            f"Nobody has tried to open `{KEY}` {HOURS} hours after it was sent.",
            "Move the clock, then let the customer click.",
        )
    last = late[-1]
    if last.error_code == "ExpiredToken":
        return NotYet(
            "The address is good for three days by its own account, and S3 answers `ExpiredToken`: "
            "the session that signed it ended after an hour.",
            "Who could sign, and when, so that the signature is fresh when it is needed?",
        )
    return NotYet(
        f"The customer's last click was refused ({last.error_code}).",
        "Sign at the click, with a session that is open then.",
    )
