"""Exercise 1: a receive that waits, told by the time between the call and its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.exercises.checks.sqs.log import listed, on, queue_of, span
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed
from labkit.facts import fact

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

LIMIT_S = int(fact("sqs.wait_time_max_s"))
EXPECTED = "one receive on `refunds` that waits for a message before it answers."


def check(evidence: Evidence) -> Outcome:
    """One receive on `refunds` waited for a message and, as none came, answered empty.

    The wait may come from the call (WaitTimeSeconds) or from the queue
    (ReceiveMessageWaitTimeSeconds): AWS waits either way.
    """
    receives = on(evidence, "refunds", "ReceiveMessage")
    answered = [call for call in receives if not call.error_code]
    waited = [call for call in answered if _waited_s(call) and not _messages(call)]
    if waited:
        return _passed(max(waited, key=_waited_s))
    return (
        _refused(receives)
        or _asked_elsewhere(evidence, answered)
        or _found_something(answered)
        or _hid_instead(answered)
        or _asked_again_and_again(answered)
        or NotYet(
            "The receive on `refunds` answered at once: nothing. That was a short poll, and it is "
            "billed like any other request.",
            "Make that one call wait for a message, as long as SQS allows.",
        )
    )


def _passed(call: Call) -> Passed:
    why = (
        f"The receive waited {span(call.at, call.ended_at)} and answered empty. A long poll is one "
        "request however long it waits, and had a refund come, it would have answered at that "
        "moment."
    )
    if _waited_s(call) < LIMIT_S:
        why += f" SQS would have let it wait {LIMIT_S} s: fewer requests still."
    return Passed(why)


def _refused(receives: list[Call]) -> Outcome | None:
    too_long = [call for call in receives if call.error_code and _asked_to_wait_s(call) > LIMIT_S]
    if not too_long:
        return None
    return Incorrect(
        f"SQS refused `WaitTimeSeconds={_asked_to_wait_s(too_long[-1])}`.",
        f"a wait of 1 to {LIMIT_S} seconds.",
        f"SQS holds a connection open for {LIMIT_S} s at most; after that, ask again.",
    )


def _asked_elsewhere(evidence: Evidence, answered: list[Call]) -> Outcome | None:
    if answered:
        return None
    elsewhere = sorted({queue_of(call) for call in evidence.of("sqs", "ReceiveMessage")})
    if not elsewhere:
        return NotYet("Nobody has asked `refunds` for a message yet.", "Run the cell above.")
    return Incorrect(
        f"You asked {listed(elsewhere)}, not `refunds`.",
        EXPECTED,
        "The QueueUrl of a call says which queue is asked.",
    )


def _found_something(answered: list[Call]) -> Outcome | None:
    if not any(_messages(call) for call in answered):
        return None
    return Incorrect(
        "A receive on `refunds` found a message, so it had nothing to wait for.",
        "a receive that waits although the queue is empty.",
        "A long poll ends as soon as there is a message. Send nothing to `refunds`; "
        '`lab.begin("long-polling")` empties it.',
    )


def _hid_instead(answered: list[Call]) -> Outcome | None:
    if not any("VisibilityTimeout" in call.params for call in answered):
        return None
    return Incorrect(
        "The receive set `VisibilityTimeout` and answered at once all the same.",
        EXPECTED,
        "The visibility timeout is how long a message stays hidden after a receive. How long a "
        "receive waits for one is another argument of the same call.",
    )


def _asked_again_and_again(answered: list[Call]) -> Outcome | None:
    if len(answered) == 1:
        return None
    if len({call.at for call in answered}) > 1:
        return Incorrect(
            f"{len(answered)} receives and none of them waited; the clock was moved in between.",
            EXPECTED,
            "A worker that sleeps between two short polls finds a refund late, by up to its sleep. "
            "Let SQS wait: it answers the moment a message comes.",
        )
    return Incorrect(
        f"{len(answered)} receives, all at {answered[0].at:%H:%M:%S}: none of them waited.",
        EXPECTED,
        "Asking more often is not waiting: each of these is a request to pay for. One argument of "
        "`receive_message` makes one call wait.",
    )


def _messages(call: Call) -> list[object]:
    return list(call.response.get("Messages", []))


def _waited_s(call: Call) -> float:
    return (call.ended_at - call.at).total_seconds()


def _asked_to_wait_s(call: Call) -> int:
    return int(call.params.get("WaitTimeSeconds", 0))
