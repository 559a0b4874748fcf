"""Exercise 1: two sellers want one seat, and S3 itself says no to the second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.exercises.checks.s3.scene import accepted, content, on
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

BUCKET, KEY = "seats-123456789012", "gala/F7"
EXPECTED = f"two puts to `{KEY}`, of which S3 accepts the first and refuses the second."


def check(evidence: Evidence) -> Outcome:
    """Since the seat was last freed, the first put was accepted and a later one refused."""
    puts = _puts(evidence)
    elsewhere = [str(call.params["Key"]) for call in puts if call.params["Key"] != KEY]
    if elsewhere:
        return _other_key(elsewhere[-1])
    if not puts:
        return NotYet(f"Nobody has put anything at `{KEY}` yet.", "Let both sellers try.")
    sold = accepted(puts)
    if not sold:
        return _never_sold(puts[-1].params)
    if len(sold) > 1:
        return _sold_twice(sold)
    return (
        _changed(evidence, sold[0])
        or _not_refused(evidence, puts)
        or Passed(
            f"The first put made `{KEY}`, the second was refused with `412 PreconditionFailed`: "
            "S3 looks and writes in one step, so that of two sellers in the same millisecond one "
            "wins. Nobody had to ask first."
        )
    )


def _puts(evidence: Evidence) -> tuple[Call, ...]:
    """The puts since the seat was last freed: the lab's cell frees it first, to be run again."""
    freed = [call.index for call in on(evidence, BUCKET, "DeleteObject")]
    puts = on(evidence, BUCKET, "PutObject")
    return tuple(call for call in puts if not freed or call.index > freed[-1])


def _changed(evidence: Evidence, sold: Call) -> Outcome | None:
    if content(evidence, BUCKET, KEY) == sold.params.get("Body"):
        return None
    return Incorrect(
        f"`{KEY}` no longer says what the first put said.",
        EXPECTED,
        "The seat was changed by another call than a put. A sold seat stays as it is.",
    )


def _other_key(key: str) -> Outcome:
    return Incorrect(
        f"A put went to `{key}`.",
        EXPECTED,
        "Under another key the seat would be sold twice, and no put would ever meet the other. "
        "One seat is one key.",
    )


def _never_sold(params: dict[str, object]) -> Outcome:
    if "IfMatch" in params:
        return Incorrect(
            f"No put of `{KEY}` was accepted.",
            EXPECTED,
            "`IfMatch` asks that the object is there, with that ETag. For a seat that nobody has "
            "yet, ask that nothing is there.",
        )
    return Incorrect(
        f"No put of `{KEY}` was accepted.",
        EXPECTED,
        "The first seller found the seat taken. `lab.begin` empties the bucket.",
    )


def _sold_twice(sold: list[Call]) -> Outcome:
    times = len(sold)
    conditional = [call for call in sold if "IfNoneMatch" in call.params]
    if any("IfMatch" in call.params for call in sold):
        return Incorrect(
            f"S3 accepted {times} puts of the seat.",
            EXPECTED,
            "`IfMatch` with the ETag of what is there *allows* to replace it. The second seller "
            "must be stopped by anything that is there.",
        )
    if conditional:
        return Incorrect(
            f"S3 accepted {times} puts of the seat; {len(conditional)} had the condition.",
            EXPECTED,
            "A put without a condition replaces whatever is there. It is the *second* one that "
            "must bring the condition, and you do not know who is second: so both.",
        )
    return NotYet(
        f"S3 accepted {times} puts of the seat, and the last one holds it: sold {times} times.",
        "Let the put say that it is for an empty place only.",
    )


def _not_refused(evidence: Evidence, puts: tuple[Call, ...]) -> Outcome | None:
    if any(call.error_code == "PreconditionFailed" for call in puts):
        return None
    asked = on(evidence, BUCKET, "HeadObject", "GetObject", "ListObjectsV2", "ListObjects")
    if asked:
        return Incorrect(
            f"`{asked[-1].operation}` asked whether the seat is free, and one put followed.",
            EXPECTED,
            "Between the question and the put another seller can be faster, and both have heard "
            "that it is free. Let the put itself carry the condition.",
        )
    return NotYet("One seller has tried.", "Let the second one try as well.")
