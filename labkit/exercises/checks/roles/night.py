"""Exercise 2: a job that takes longer than its credentials last.

09:00 ──session──▶ 10:00 refused          20 minutes between two numbers, ten numbers
09:00 ──▶ 10:00 ──▶ 11:00 ──▶ 12:00        as many sessions as the night takes
"""

from __future__ import annotations

from collections import Counter

from labkit.exercises.checks.roles.sessions import caller, role_of
from labkit.exercises.checks.sqs.log import Event, events
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed
from labkit.facts import fact

ROLE = "seat-counter"
QUEUE = "seat-board"
FREE = tuple(range(200, 190, -1))  # how many seats are free, each time
EVERY_MIN = 20
SESSION_S = int(fact("iam.role_session_default_s"))


def body_of(free: int) -> str:
    """The message that says how many seats are free."""
    return f"{free} seats free"


def check(evidence: Evidence) -> Outcome:
    """All ten numbers came, twenty minutes apart, by sessions of the role of an hour at most."""
    sends = _last_night(evidence)
    accepted = [send for send in sends if not send.refused]
    missing = Counter(map(body_of, FREE)) - Counter(send.body for send in accepted)
    return (
        _longer_sessions(evidence)
        or _by_somebody_else(evidence, accepted)
        or _lost_one(accepted, missing)
        or _unfinished(sends, accepted, missing)
        or _twice(accepted)
        or _too_quick(accepted)
        or Passed(
            f"Ten numbers in {_minutes(accepted)} minutes, and {_sessions(evidence)} sessions "
            "carried them. Each was worth little to a thief, and the night may get longer "
            "without a change. An SDK does the same for credentials that it fetches itself."
        )
    )


def _last_night(evidence: Evidence) -> list[Event]:
    """The sends since the first number was last sent; what came before was another try."""
    sends = [one for one in events(evidence) if one.kind == "send" and one.queue == QUEUE]
    starts = [place for place, send in enumerate(sends) if send.body == body_of(FREE[0])]
    return sends[starts[-1] :] if starts else sends


def _longer_sessions(evidence: Evidence) -> Outcome | None:
    why = (
        "It only moves the end: the night that takes an hour more fails again, and a stolen "
        "session is good for longer. Open a new session before the old one ends."
    )
    role = evidence.client("iam").get_role(RoleName=ROLE)["Role"]
    most_s = int(role.get("MaxSessionDuration", SESSION_S))
    if most_s > SESSION_S:
        return Incorrect(
            f"`{ROLE}` now allows sessions of {most_s:,} seconds.",
            f"{SESSION_S:,}, as it was.",
            why,
        )
    asked = [
        call
        for call in evidence.of("sts", "AssumeRole")
        if int(call.params.get("DurationSeconds", 0)) > SESSION_S
    ]
    arrived = any(role_of(call) == ROLE and not call.error_code for call in evidence.of("sqs"))
    if not asked or (arrived and not asked[-1].error_code):
        return None
    return Incorrect(
        f"STS refused a session of {asked[-1].params['DurationSeconds']:,} seconds.",
        f"sessions of at most {SESSION_S:,}, which the role allows.",
        why,
    )


def _by_somebody_else(evidence: Evidence, accepted: list[Event]) -> Outcome | None:
    by_index = {call.index: call for call in evidence.calls}
    for send in accepted:
        call = by_index[send.index]
        if role_of(call) != ROLE:
            return Incorrect(
                f"`{send.body}` was sent by {caller(call)}.",
                f"a session of the role `{ROLE}`.",
                "The machine in the theatre holds a key that may only assume the role, so that "
                "the key alone is worth nothing. Leave it so.",
            )
    return None


def _lost_one(accepted: list[Event], missing: Counter[str]) -> Outcome | None:
    """The night went on although a number never arrived."""
    arrived = [send.body for send in accepted]
    order = [body_of(free) for free in FREE]
    passed_over = [
        body
        for body in missing
        if any(later in arrived for later in order[order.index(body) + 1 :])
    ]
    if not passed_over:
        return None
    return Incorrect(
        f"`{passed_over[0]}` never arrived, and later ones did.",
        "every number, in its turn.",
        "The refused call did nothing. After opening a new session, make the call again.",
    )


def _unfinished(sends: list[Event], accepted: list[Event], missing: Counter[str]) -> Outcome | None:
    if not missing:
        return None
    if not sends:
        return NotYet(f"Nobody has sent to `{QUEUE}` yet.", "Run the cell above.")
    since = sends.index(accepted[-1]) + 1 if accepted else 0
    refusals = sends[since:]
    if refusals:
        return NotYet(
            f"{len(accepted)} of {len(FREE)} numbers arrived. From {refusals[0].at:%H:%M:%S} on "
            f"the calls were refused with `{refusals[0].refused}`.",
            "The credentials last an hour. Open a new session when it is over, or shortly before.",
        )
    return NotYet(f"{len(accepted)} of {len(FREE)} numbers arrived.", "Send the rest.")


def _twice(accepted: list[Event]) -> Outcome | None:
    repeated = [body for body, n in Counter(send.body for send in accepted).items() if n > 1]
    if not repeated:
        return None
    return Incorrect(
        f"`{repeated[0]}` was sent more than once.",
        "each number once.",
        "Send a number again only where its call was refused.",
    )


def _too_quick(accepted: list[Event]) -> Outcome | None:
    if _minutes(accepted) >= EVERY_MIN * (len(FREE) - 1):
        return None
    return Incorrect(
        f"The ten numbers came within {_minutes(accepted)} minutes.",
        f"one every {EVERY_MIN} minutes.",
        "The board is read all night. Keep the `lab.clock.advance` of the loop.",
    )


def _minutes(accepted: list[Event]) -> int:
    return int((accepted[-1].at - accepted[0].at).total_seconds()) // 60


def _sessions(evidence: Evidence) -> int:
    return sum(not call.error_code for call in evidence.of("sts", "AssumeRole"))
