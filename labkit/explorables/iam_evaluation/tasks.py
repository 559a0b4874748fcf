"""What a reader can bring about: each asks the engine more than the one request on the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.iam_evaluation.desk import WRITTEN, desk, desk_with
from labkit.explorables.iam_evaluation.gates import BOUNDARY
from labkit.explorables.iam_evaluation.scenery import PARTNER, PARTNER_TOPIC, SHOP, TOPIC
from labkit.explorables.iam_evaluation.stories import READ_POSTERS, topic_context
from labkit.explorables.parts import Task
from labkit.policy.decision import EXPLICIT_DENY

if TYPE_CHECKING:
    from typing import Any

OTHERS = ("bo", "worker", "eva", "anyone")


def denied_by_the_boundary(**values: Any) -> bool:
    """Whether ana's boundary denies her reading, and would be all that does."""
    decision = desk(values).decision
    if decision is None or (values["who"], values["ask"]) != ("ana", "read"):
        return False
    by_it = not decision.allowed and decision.decided_by == BOUNDARY
    return by_it and desk_with(values, boundary="").allowed


def let_in_by_the_bucket(**values: Any) -> bool:
    """Whether ana may replace a poster, with the identity policy that lets her read one."""
    asked = (values["who"], values["ask"]) == ("ana", "replace")
    return asked and values["identity"].strip() == READ_POSTERS and desk(values).allowed


def denies_all_but_ana(**values: Any) -> bool:
    """Whether a Deny applies to everyone else who asks the same, and none to ana."""
    if not any('"Deny"' in values[kind] for kind in WRITTEN):
        return False
    return not _is_denied(values, "ana") and all(_is_denied(values, who) for who in OTHERS)


def _is_denied(values: dict[str, Any], who: str) -> bool:
    decision = desk_with(values, who=who).decision
    return decision is not None and decision.effect == EXPLICIT_DENY


def undeceived(**values: Any) -> bool:
    """Whether the queue takes what SNS sends for the shop's topic, and not for the partner's."""
    if (values["who"], values["ask"]) != ("sns", "send"):
        return False
    ours = desk_with(values, context=topic_context(TOPIC, SHOP))
    theirs = desk_with(values, context=topic_context(PARTNER_TOPIC, PARTNER))
    return ours.allowed and theirs.decision is not None and not theirs.allowed


TASKS = (
    Task(
        "boundary",
        "Let the permissions boundary, and nothing else, keep ana from reading a poster.",
        denied_by_the_boundary,
    ),
    Task(
        "bucket",
        "Let ana replace a poster (s3:PutObject) while her identity policy is the one of "
        "“Least privilege”.",
        let_in_by_the_bucket,
    ),
    Task("deny", "Write a Deny that hits everyone but ana.", denies_all_but_ana),
    Task(
        "deputy",
        "Let SNS send to the queue for the shop's topic refunds, and not for the partner's.",
        undeceived,
    ),
)
