"""Exercise 5: a queue policy that goes past the contractors' boundary, closed for those to come.

                 own policy     boundary            refunds
vera             receive        none                must pass
max, nia         everything     contractor-limits   must be refused
oli, tomorrow    everything     contractor-limits   must be refused
"""

from __future__ import annotations

from labkit.exercises.checks.iam_policies.decisions import (
    EVERYTHING,
    Try,
    allowed,
    allowed_by,
    arn,
    refused_document,
    text_of,
)
from labkit.exercises.checks.sqs.log import attribute, on
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

QUEUE, LIMIT = "refunds", "contractor-limits"
STAFF, CONTRACTORS, TOMORROW = "vera", ("max", "nia"), "oli"
EXPECTED = (
    f"`{STAFF}` receives from `{QUEUE}`; whoever is under `{LIMIT}` does not, whatever else they "
    "have, and that boundary stays as it is."
)
_RECEIVE = Try("sqs:ReceiveMessage", f"arn:aws:sqs:us-east-1:123456789012:{QUEUE}", "receive")
_SEND = Try("sqs:SendMessage", "arn:aws:sqs:us-east-1:123456789012:orders", "send")


def check(evidence: Evidence) -> Outcome:
    """The queue leaves it to the callers' own policies, and two calls have shown that."""
    queue = attribute(evidence, QUEUE, "Policy")
    return (
        refused_document(evidence, "SetQueueAttributes")
        or _limits_changed(evidence)
        or _contractor(evidence, queue)
        or _tomorrow(evidence, queue)
        or _staff(evidence, queue)
        or _not_proved(evidence)
        or Passed(
            f"`{CONTRACTORS[0]}` was refused for want of an Allow in his boundary, and `{STAFF}` "
            "was served. The policy no longer names everybody, so nobody is past their limits; "
            f"`{TOMORROW}`, who starts tomorrow under the same boundary, is refused without "
            "another change. A list of those to keep out would have had to be kept."
        )
    )


def _limits_changed(evidence: Evidence) -> Outcome | None:
    iam = evidence.client("iam")
    for name in CONTRACTORS:
        user = iam.get_user(UserName=name)["User"]
        held = user.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "none")
        if held != arn("policy", LIMIT) or allowed(evidence, arn("user", name), _SEND):
            return Incorrect(
                f"`{name}` is no longer held by `{LIMIT}`.",
                EXPECTED,
                "The boundary is right: it is the queue's policy that goes past it.",
            )
    return None


def _contractor(evidence: Evidence, queue: str) -> Outcome | None:
    inside = [
        name
        for name in CONTRACTORS
        if allowed(evidence, arn("user", name), _RECEIVE, resource_policy=queue)
    ]
    if not inside:
        return None
    if evidence.of("iam", "DeleteUserPolicy", "PutUserPolicy", "DetachUserPolicy"):
        return Incorrect(
            f"`{inside[0]}` still receives, after a change of his own policies.",
            EXPECTED,
            "He needs none here: the queue's policy names everybody, himself included, and that "
            "is enough within one account.",
        )
    if not evidence.of("sqs", "SetQueueAttributes"):
        return NotYet(
            f"`{inside[0]}` receives from `{QUEUE}`, although his boundary does not mention SQS.",
            "Ask `lab.why()` after his call, which policy decides, and by which name it knows him.",
        )
    return Incorrect(
        f"`{inside[0]}` still receives.",
        EXPECTED,
        "As long as the queue's policy names him, or everybody, his boundary is not asked. Which "
        "principal leaves it to each caller's own policies?",
    )


def _tomorrow(evidence: Evidence, queue: str) -> Outcome | None:
    boundary = text_of(evidence, arn("policy", LIMIT))
    if not allowed_by(
        evidence,
        [EVERYTHING],
        _RECEIVE,
        by=arn("user", TOMORROW),
        boundary=boundary,
        resource_policy=queue,
    ):
        return None
    return Incorrect(
        f"`max` and `nia` are shut out; `{TOMORROW}`, who starts tomorrow under the same boundary, "
        "is not.",
        EXPECTED,
        "You named those to keep out. The hole is that the policy lets everybody in past their "
        "limits, and it is open for whoever is not on your list.",
    )


def _staff(evidence: Evidence, queue: str) -> Outcome | None:
    if allowed(evidence, arn("user", STAFF), _RECEIVE, resource_policy=queue):
        return None
    return Incorrect(
        f"`{STAFF}` is shut out as well.",
        EXPECTED,
        "A Deny to everybody is one to her too, whatever her own policy allows. It takes less: "
        "leave it to the callers' own policies.",
    )


def _not_proved(evidence: Evidence) -> Outcome | None:
    """What was decided must have been seen: a refused call and one that passed, since the mend."""
    mends = evidence.of("sqs", "SetQueueAttributes")
    calls = [
        call
        for call in on(evidence, QUEUE, "ReceiveMessage")
        if not mends or call.index > mends[-1].index
    ]
    refused = [
        call for call in calls if call.principal in map(_arn_of, CONTRACTORS) and call.error_code
    ]
    served = [call for call in calls if call.principal == _arn_of(STAFF) and not call.error_code]
    if refused and served:
        return None
    todo = [] if refused else [f"let `{CONTRACTORS[0]}` try, and be refused"]
    todo += [] if served else [f"let `{STAFF}` receive"]
    return NotYet("The policy is right now. Prove it by two calls.", f"{' and '.join(todo)}.")


def _arn_of(name: str) -> str:
    return arn("user", name)
