"""The situations that the figure can be set to, each a request and the policies around it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from labkit.explorables.iam_evaluation.scenery import (
    ANA,
    BUCKET,
    EVA,
    PARTNER,
    PARTNER_TOPIC,
    QUEUE,
)
from labkit.explorables.parts import Preset

if TYPE_CHECKING:
    from typing import Any

    Pairs = tuple[tuple[str, Any], ...]  # a dict keeps no order in the page

POSTERS = BUCKET + "/*"
EVERYWHERE = "*"


def laid_out(value: Any, indent: str = "") -> str:
    """JSON as people lay it out: an object of `value`'s pairs, a list, or a text."""
    if isinstance(value, str):
        return json.dumps(value)
    inner = indent + "  "
    if isinstance(value, list):
        opening, closing = "[", "]"
        lines = [inner + laid_out(each, inner) for each in value]
    else:
        opening, closing = "{", "}"
        lines = [f"{inner}{json.dumps(name)}: {laid_out(each, inner)}" for name, each in value]
    return opening + "\n" + ",\n".join(lines) + "\n" + indent + closing


def policy(*statements: Pairs) -> str:
    """The text of a policy of these statements."""
    return laid_out((("Version", "2012-10-17"), ("Statement", list(statements))))


def statement(
    effect: str, sid: str, action: Any, resource: str, *, to: Any = None, when: Any = None
) -> Pairs:
    """One statement; `to` is its Principal, `when` its Condition."""
    pairs = [("Sid", sid), ("Effect", effect)]
    if to is not None:
        pairs.append(("Principal", to))
    pairs += [("Action", action), ("Resource", resource)]
    if when is not None:
        pairs.append(("Condition", when))
    return tuple(pairs)


def topic_context(arn: str, account: str) -> str:
    """What SNS tells of the topic on whose behalf it comes."""
    return laid_out((("aws:SourceArn", arn), ("aws:SourceAccount", account)))


READ_POSTERS = policy(statement("Allow", "ReadPosters", "s3:GetObject", POSTERS))
FROM_THE_OFFICE = laid_out(
    (
        ("aws:SourceIp", "203.0.113.7"),
        ("aws:SecureTransport", "true"),
        ("aws:MultiFactorAuthPresent", "false"),
    )
)
ALL_OF_S3 = policy(statement("Allow", "AllOfS3", "s3:*", EVERYWHERE))

PRESETS = (
    Preset(
        "least",
        "Least privilege",
        {},
        "One action on the objects of one bucket, and nothing else. "
        "Let ana ask for s3:PutObject, and see where it ends.",
    ),
    Preset(
        "deny",
        "A Deny wins",
        {
            "ask": "delete",
            "identity": ALL_OF_S3,
            "resource": policy(
                statement("Allow", "AnaCares", "s3:*", POSTERS, to=(("AWS", ANA),)),
                statement("Deny", "KeepPosters", "s3:DeleteObject", POSTERS, to="*"),
            ),
        },
        "Two policies allow it, and one Deny ends it at the first gate. "
        "No Allow, wherever it stands, brings it back.",
    ),
    Preset(
        "boundary",
        "The boundary takes it away",
        {
            "ask": "replace",
            "identity": ALL_OF_S3,
            "boundary": policy(
                statement("Allow", "AtMostRead", ["s3:GetObject", "s3:ListBucket"], EVERYWHERE)
            ),
        },
        "The identity policy allows all of S3, the boundary at most reading. "
        "What is left is what both allow.",
    ),
    Preset(
        "account",
        "Another account",
        {
            "who": "eva",
            "identity": "",
            "resource": policy(
                statement("Allow", "PartnerReads", "s3:GetObject", POSTERS, to=(("AWS", EVA),))
            ),
        },
        "The bucket lets eva in, and still she is denied: across accounts both sides must allow. "
        "Write her own account's half into the identity policy.",
    ),
    Preset(
        "scp",
        "An SCP stops the administrator",
        {
            "ask": "delete",
            "identity": policy(statement("Allow", "Administrator", "*", EVERYWHERE)),
            "scp": policy(
                statement("Allow", "WhatWeUse", ["s3:Get*", "s3:List*", "sqs:*"], EVERYWHERE)
            ),
        },
        "ana may do everything, and her account may not: the organization has the last word. "
        "Let the root user ask.",
    ),
    Preset(
        "condition",
        "A condition is not met",
        {
            "ask": "delete",
            "identity": policy(
                statement(
                    "Allow",
                    "DeleteWithMfa",
                    "s3:DeleteObject",
                    POSTERS,
                    when=(("Bool", (("aws:MultiFactorAuthPresent", "true"),)),),
                )
            ),
        },
        "The line marked ≠ is the first that fails. "
        "Set aws:MultiFactorAuthPresent to true in the context of the request.",
    ),
    Preset(
        "deputy",
        "The confused deputy",
        {
            "who": "sns",
            "ask": "send",
            "identity": "",
            "resource": policy(
                statement(
                    "Allow",
                    "TopicsSend",
                    "sqs:SendMessage",
                    QUEUE,
                    to=(("Service", "sns.amazonaws.com"),),
                )
            ),
            "context": topic_context(PARTNER_TOPIC, PARTNER),
        },
        "SNS may send to the queue, and does not mind for whom: here it comes for a topic of the "
        "partner's account. That it is allowed is the trouble.",
    ),
)
