"""Why was this request denied, when that policy allows it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import Choice, Playhead
from labkit.explorables.iam_evaluation.desk import desk
from labkit.explorables.iam_evaluation.figure import figure, stops
from labkit.explorables.iam_evaluation.margin import keys, margin_of, statements
from labkit.explorables.iam_evaluation.names import gate_name
from labkit.explorables.iam_evaluation.scenery import (
    ANA,
    ASK_OPTIONS,
    CALLER_OPTIONS,
)
from labkit.explorables.iam_evaluation.stories import (
    FROM_THE_OFFICE,
    POSTERS,
    PRESETS,
    READ_POSTERS,
    policy,
    statement,
)
from labkit.explorables.iam_evaluation.tasks import TASKS
from labkit.explorables.iam_evaluation.track import OUTCOME, REQUEST, ROWS
from labkit.explorables.iam_evaluation.words import numbers, path, reading
from labkit.explorables.parts import Explorable, Source
from labkit.explorables.texts import Text

if TYPE_CHECKING:
    from typing import Any

GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
SIGNS = "In the margin: ■ allows, ✕ denies, ○ does not apply, ≠ the first thing that fails."


def _field(name: str, label: str, start: str = "", **more: Any) -> Text:
    return Text(name, label, start, margin_of(name), statements, **more)


def _last_step(values: dict[str, Any]) -> float:
    return len(stops(desk(values))) - 1


def _where(values: dict[str, Any]) -> str:
    now = desk(values)
    route = stops(now)
    stop = route[min(int(values["at"]), len(route) - 1)]
    if stop in (REQUEST, OUTCOME):
        return "the request" if stop == REQUEST else "the outcome"
    return gate_name(now, stop)


EXPLORABLE = Explorable(
    slug="iam_evaluation",
    title="How IAM decides",
    question="Why was this request denied, when that policy allows it?",
    controls=(
        Choice("who", "Who asks", CALLER_OPTIONS, "ana"),
        Choice("ask", "For what", ASK_OPTIONS, "read"),
        _field(
            "identity",
            "Identity policy",
            READ_POSTERS,
            blank=policy(statement("Allow", "Read", "s3:GetObject", POSTERS)),
            help=SIGNS,
        ),
        _field(
            "resource",
            "Bucket, queue, key or trust policy",
            blank=policy(statement("Allow", "Ana", "s3:GetObject", POSTERS, to=(("AWS", ANA),))),
        ),
        _field(
            "boundary",
            "Permissions boundary",
            blank=policy(statement("Allow", "AtMost", ["s3:*", "sqs:*"], "*")),
            more=True,
            help="It limits a user or a role, and grants nothing.",
        ),
        _field(
            "session",
            "Session policy",
            blank=policy(statement("Allow", "ThisTime", "s3:GetObject", POSTERS)),
            more=True,
            help="It limits one session of a role; a user has none.",
        ),
        _field(
            "scp",
            "Service control policy",
            blank=policy(
                statement("Allow", "Everything", "*", "*"),
                statement("Deny", "NoDeletes", "s3:DeleteObject", "*"),
            ),
            more=True,
            help="Of the caller's organization: it limits every user and role of an account.",
        ),
        _field(
            "rcp",
            "Resource control policy",
            blank=policy(
                statement("Allow", "Everything", "*", "*", to="*"),
                statement("Deny", "NoDeletes", "s3:DeleteObject", "*", to="*"),
            ),
            more=True,
            help="Of the shop's organization: it limits whoever asks for what is the shop's.",
        ),
        Text(
            "context",
            "Context of the request",
            FROM_THE_OFFICE,
            margin_of("context"),
            keys,
            more=True,
            help="What conditions look at. AWS fills it in; here you do.",
        ),
    ),
    figure=figure,
    reading=reading,
    numbers=numbers,
    path=path,
    playhead=Playhead(
        "at",
        "The request's way",
        _last_step,
        1,
        len(ROWS),
        steps_per_s=1.5,
        replay=True,
        where=_where,
    ),
    tasks=TASKS,
    presets=PRESETS,
    not_modelled=(
        "SCPs and RCPs stand at one level here. In an organization every level, from the root down "
        "to the account, must let the request pass.",
        "A user may have several identity policies, and those of its groups; here one field holds "
        "them all, which comes to the same.",
        "Policies of VPC endpoints, S3's access control lists and Block Public Access, and grants "
        "of KMS are left out.",
        "A session of a role here is never service-linked, which SCPs and RCPs would spare.",
        "AWS fills the context of each request itself, with more keys than stand here.",
    ),
    sources=(
        Source(
            "How AWS decides within an account",
            GUIDE + "reference_policies_evaluation-logic_policy-eval-denyallow.html",
        ),
        Source(
            "How AWS decides across accounts",
            GUIDE + "reference_policies_evaluation-logic-cross-account.html",
        ),
        Source("Permissions boundaries", GUIDE + "access_policies_boundaries.html"),
        Source("The confused deputy", GUIDE + "confused-deputy.html"),
    ),
)
