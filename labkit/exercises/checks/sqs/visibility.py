"""Exercise 2: a message that nobody else can see while it is worked on, however long that takes.

09:00:00 receive      hidden until 09:00:30
09:00:25 extend 30    hidden until 09:00:55   counted from the call, not added
09:00:45 delete       done while it was still hidden
"""

from __future__ import annotations

from datetime import datetime, timedelta

from labkit.exercises.checks.sqs.log import Event, attribute, events, span
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

WORK_S = 45
TIMEOUT_S = 30


def check(evidence: Evidence) -> Outcome:
    """The poster was hidden from its receive to its delete, by grants of at most 30 s each."""
    default_s = int(attribute(evidence, "posters", "VisibilityTimeout"))
    story = [event for event in events(evidence) if event.queue == "posters" and not event.refused]
    receives = [event for event in story if event.kind == "receive"]
    if not receives:
        return NotYet("Nobody has taken the poster from `posters` yet.", "Run the cell above.")
    taken = receives[-1]
    since = [event for event in story if event.index > taken.index]
    extensions = [event for event in since if event.kind == "extend"]
    deletes = [event for event in since if event.kind == "delete"]
    now = evidence.clock.now
    return (
        _granted_too_much(default_s, [taken, *extensions])
        or _deleted_too_early(taken, deletes)
        or _seen_by_others(taken, extensions, deletes, now)
        or _not_deleted(taken, extensions, deletes)
        or Passed(
            f"The poster was yours {span(taken.at, deletes[0].at)}, and nobody else could see it. "
            f"Had the printer jammed, another worker would have had it within {TIMEOUT_S} s: each "
            "extension is a sign of life."
        )
    )


def _granted_too_much(default_s: int, grants: list[Event]) -> Outcome | None:
    longest_s = max(_granted_s(grant, default_s) for grant in grants)
    if default_s > TIMEOUT_S:
        found = f"The queue now hides for {default_s} s."
    elif longest_s > TIMEOUT_S:
        found = f"You asked for {longest_s} s at once."
    else:
        return None
    return Incorrect(
        found,
        f"at most {TIMEOUT_S} s at a time.",
        "A long timeout hides the poster from everybody. If the printer jams a second later, the "
        "poster lies there, unprinted, until the timeout is over. Ask for little, and ask again "
        "while you work.",
    )


def _deleted_too_early(taken: Event, deletes: list[Event]) -> Outcome | None:
    if not deletes:
        return None
    worked_s = (deletes[0].at - taken.at).total_seconds()
    if worked_s >= WORK_S:
        return None
    return Incorrect(
        f"The poster was deleted {worked_s:.0f} s after it was received.",
        f"deleted when the print is done, after {WORK_S} s.",
        "To delete is to say that the work is done. If the printer jams after that, the poster is "
        "lost: no receive will ever return it.",
    )


def _seen_by_others(
    taken: Event, extensions: list[Event], deletes: list[Event], now: datetime
) -> Outcome | None:
    """What let another worker receive the poster in the meantime, if anything did."""
    hidden_until = _hidden_until(taken)
    shortened = False
    for extension in extensions:
        if extension.at >= hidden_until:
            return _extended_too_late(extension, hidden_until)
        shortened = shortened or _hidden_until(extension) <= hidden_until
        hidden_until = _hidden_until(extension)
    end = deletes[0].at if deletes else now
    if end <= hidden_until:
        return None
    if not extensions and not deletes:
        return NotYet(
            f"You took the poster at {taken.at:%H:%M:%S}. Since {hidden_until:%H:%M:%S} it can be "
            "received again, and another worker would print it a second time.",
            "Ask SQS for more time while the poster is yours, and delete it when it is printed.",
        )
    return Incorrect(
        f"The poster could be received {span(hidden_until, end)}: it would be printed twice.",
        "hidden from its receive to its delete.",
        "The new timeout counts from the call and replaces what was left; it is not added to it. "
        "Ask for all the time that you need from then on."
        if shortened
        else "SQS cannot tell a slow worker from a dead one. Only a call that extends the timeout, "
        "in time and as often as needed, says that you are still at work.",
    )


def _extended_too_late(extension: Event, hidden_until: datetime) -> Outcome:
    return Incorrect(
        f"You asked for more time at {extension.at:%H:%M:%S}, and the poster could be received "
        f"since {hidden_until:%H:%M:%S}.",
        "a call that extends the timeout before it is over.",
        "You cannot keep what you no longer hold: another worker may have it by then.",
    )


def _not_deleted(taken: Event, extensions: list[Event], deletes: list[Event]) -> Outcome | None:
    if deletes:
        return None
    back = _hidden_until((extensions or [taken])[-1])
    return NotYet(
        f"The poster is yours since {taken.at:%H:%M:%S} and hidden until {back:%H:%M:%S}.",
        f"The print takes {WORK_S} s. When it is done, delete the poster, or it comes back.",
    )


def _hidden_until(grant: Event) -> datetime:
    return grant.at + timedelta(seconds=_granted_s(grant, TIMEOUT_S))


def _granted_s(grant: Event, default_s: int) -> int:
    return int(grant.params.get("VisibilityTimeout", default_s))
