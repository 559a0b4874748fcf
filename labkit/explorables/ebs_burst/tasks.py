"""What the reader may bring about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.ebs_burst.shop import course_of, day_of
from labkit.explorables.parts import Task
from labkit.models.ebs.day import OFFICE
from labkit.models.ebs.volume import GP2, ST1
from labkit.units import SECONDS_PER_MINUTE

if TYPE_CHECKING:
    from typing import Any

SOON_MIN = 35
DONE = 0.001  # of a day's work: less than that has not waited


def runs_dry(**values: Any) -> bool:
    """Whether a full bucket of gp2 is empty within 35 minutes of the first peak."""
    course = course_of(values)
    if values["kind"] != GP2 or values["start_percent"] < 100 or course.dry_at_s is None:
        return False
    peaks = [each for each in day_of(values).stretches() if each.asked == course.highest]
    return course.dry_at_s - peaks[0].start_s <= SOON_MIN * SECONDS_PER_MINUTE


def office_passes(**values: Any) -> bool:
    """Whether eight hours or more above a gp2 volume's baseline pass without any waiting."""
    course = course_of(values)
    long = values["peak_min"] >= 8 * 60
    above = course.volume.bursts and course.highest > course.volume.base
    right = values["kind"] == GP2 and values["shape"] == OFFICE
    return right and long and above and course.waiting <= DONE * course.asked


def lives_on_savings(**values: Any) -> bool:
    """Whether a day of st1 ends with less than half of its credits, and nothing has waited."""
    course = course_of(values)
    if values["kind"] != ST1 or values["start_percent"] < 100:
        return False
    spent = course.end < course.volume.credits_max / 2
    return spent and course.waiting <= DONE * course.asked


TASKS = (
    Task("dry", f"Empty a full gp2 bucket within {SOON_MIN} minutes of a peak.", runs_dry),
    Task(
        "office",
        "Get an office day of eight hours above the baseline through on gp2, with no work waiting.",
        office_passes,
    ),
    Task(
        "savings",
        "Let an st1 volume spend half of its credits in a day although nothing waits.",
        lives_on_savings,
    ),
)
