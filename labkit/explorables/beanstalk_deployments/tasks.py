"""What a reader can bring about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.beanstalk_deployments.shop import (
    BATCH_MAX,
    LATE,
    shows_all,
    trace,
)
from labkit.explorables.parts import Task
from labkit.models.beanstalk_deployments.settings import ADDITIONAL_BATCH, GOOD, WAYS

if TYPE_CHECKING:
    from typing import Any

FLEET = 6
LATE_MIN = 10


def unmet(**values: Any) -> bool:
    """Whether no request meets a version that answers with errors from the start."""
    return not shows_all(values) and values["version"] == "errors" and not trace(values).lost_s


def cheapest(**values: Any) -> bool:
    """Whether full capacity is kept without a second fleet, for the least of all ways."""
    instances = values["instances"]
    if shows_all(values) or values["version"] != GOOD or instances < FLEET:
        return False
    found = trace(values)
    if found.capacity_least < instances or 2 * found.running_most > 3 * instances:
        return False
    others = [trace(values, way) for way in WAYS]
    for size in range(1, BATCH_MAX + 1):
        resized = dict(values)
        resized["batch"] = size
        others.append(trace(resized, ADDITIONAL_BATCH))
    full = [each.extra_instance_s for each in others if each.capacity_least >= instances]
    return found.extra_instance_s <= min(full)


def mixed(**values: Any) -> bool:
    """Whether a failed deployment leaves two versions that both answer."""
    if shows_all(values) or not trace(values).failed:
        return False
    found = trace(values)
    left = found.at(found.deployed_s + 1)
    return left.old > 0 and left.new > 0


def caught(**values: Any) -> bool:
    """Whether Beanstalk itself finds an error that shows only after ten minutes."""
    if shows_all(values) or values["version"] != LATE or values["late_min"] < LATE_MIN:
        return False
    return trace(values).rollback == "reroute"


TASKS = (
    Task(
        "unmet",
        "Deploy a version that answers with errors, and let no client meet one.",
        unmet,
    ),
    Task(
        "cheapest",
        f"Bring a good version to {FLEET} instances or more at full capacity throughout, never "
        "with more than half as many again, for the fewest extra instance-minutes of all ways and "
        "batches.",
        cheapest,
    ),
    Task(
        "mixed",
        "Let a deployment fail so that some instances are left on the new version and answer, and "
        "others on the old one.",
        mixed,
    ),
    Task(
        "caught",
        f"Errors begin only after {LATE_MIN} minutes of requests or more. Let Beanstalk find them "
        "itself, and undo the deployment.",
        caught,
    ),
)
