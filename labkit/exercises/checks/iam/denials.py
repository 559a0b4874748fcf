"""Exercise 3: two statements deny, and only one of them is to go.

fay   group editors    Allow  list, read, delete     stays
      keep-published   Deny   delete on published/*  stays
      group interns    Deny   delete on *            is for interns, and fay is none any more
gus   the same                                       stays an intern
"""

from __future__ import annotations

from labkit.exercises.checks.iam.rights import (
    EXPLICIT,
    POSTERS,
    Right,
    changes,
    decision,
    may,
    on_bucket,
)
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

FAY, GUS = "fay", "gus"
KEEP = "keep-published"
EXPECTED = "`fay` deletes drafts and nothing published; `gus`, an intern, deletes nothing."

_DRAFT = Right("s3:DeleteObject", on_bucket(POSTERS, "drafts/carmen.png"), "delete a draft")
_PUBLISHED = Right(
    "s3:DeleteObject", on_bucket(POSTERS, "published/aida.png"), "delete a published poster"
)
_READ = Right("s3:GetObject", on_bucket(POSTERS, "drafts/carmen.png"), "read a draft")


def check(evidence: Evidence) -> Outcome:
    """The interns' Deny is no longer fay's and still gus's; what is published stays protected."""
    return (
        _promise_broken(evidence)
        or _intern_set_free(evidence)
        or _not_allowed(evidence)
        or _still_denied(evidence)
        or Passed(
            "One of the two Denies was a promise that has to stand, the other belonged to a job "
            "that `fay` no longer has. She left the group, and with it went what it says; no "
            "Allow had to be added, and the next call found it so."
        )
    )


def _promise_broken(evidence: Evidence) -> Outcome | None:
    if not may(evidence, FAY, _PUBLISHED):
        return None
    return Incorrect(
        "`fay` may now delete a published poster.",
        EXPECTED,
        f"`{KEEP}` denies just that, and was not what stood in the way of a draft. Which "
        'statement denied the draft, `lab.why()` says after the call. `lab.begin("two-denials")` '
        "lays both again.",
    )


def _intern_set_free(evidence: Evidence) -> Outcome | None:
    found = decision(evidence, GUS, _DRAFT)
    if found == EXPLICIT:
        return None
    return Incorrect(
        "`gus` is no longer kept from deleting a draft by the interns' policy.",
        EXPECTED,
        "What hangs on a group counts for all in it. It is `fay` who is no intern any more: change "
        "who is in the group, not what the group says.",
    )


def _not_allowed(evidence: Evidence) -> Outcome | None:
    """Nothing allows her anything any more: she left the editors instead."""
    if may(evidence, FAY, _READ):
        return None
    return Incorrect(
        "`fay` may not even read a draft now.",
        EXPECTED,
        "Her Allows come from the group `editors`. With no Deny in the way there must still be "
        "an Allow, or the default decides.",
    )


def _still_denied(evidence: Evidence) -> Outcome | None:
    found = decision(evidence, FAY, _DRAFT)
    if found == EXPLICIT and changes(evidence):
        return Incorrect(
            "A Deny still refuses it when `fay` deletes a draft.",
            EXPECTED,
            "However many policies allow it, one Deny is enough. `lab.why()` says after the call "
            "which statement decides, and whose policy that is.",
        )
    if found == EXPLICIT:
        return NotYet(
            "`fay` may not delete a draft: a statement denies it.",
            "Let her try it under enforcement, then ask `lab.why()` which one.",
        )
    if may(evidence, FAY, _DRAFT):
        return None
    return Incorrect(
        "No statement denies `fay` the draft any more, and none allows it either.",
        EXPECTED,
        "The Allow for deleting comes from the group `editors`.",
    )
