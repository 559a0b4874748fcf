"""The values of the controls become an environment of the shop, and deployments to it.

A batch is never larger than the fleet. A moving playhead changes nothing of what happened, so the
deployments made last are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text, with_unit
from labkit.models.beanstalk_deployments.deployment import deploy
from labkit.models.beanstalk_deployments.settings import (
    ADDITIONAL_BATCH,
    ALL_AT_ONCE,
    BLUE_GREEN,
    CRASH,
    ERRORS,
    GOOD,
    IMMUTABLE,
    ROLLING,
    TRAFFIC_SPLITTING,
    WAYS,
    Environment,
    Version,
)
from labkit.models.sums import rounded
from labkit.units import SECONDS_PER_MINUTE

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.beanstalk_deployments.trace import Trace

    Values = dict[str, Any]

ALL = "all"
CHOICES = (
    (ALL, "all six, side by side"),
    (ALL_AT_ONCE, "All at once"),
    (ROLLING, "Rolling"),
    (ADDITIONAL_BATCH, "Rolling + additional batch"),
    (IMMUTABLE, "Immutable"),
    (TRAFFIC_SPLITTING, "Traffic splitting"),
    (BLUE_GREEN, "Blue/green"),
)
NAMES = dict(CHOICES)
LATE, SOME = "late", "some"
VERSIONS = (
    (GOOD, "works"),
    (CRASH, "does not start"),
    (SOME, "works on the first batch only"),
    (ERRORS, "answers with errors"),
    (LATE, "has errors after a while"),
)
BATCH_MAX = 6
KEPT_RUNS = 2 * len(WAYS) + BATCH_MAX
BEYOND_THE_END = 1_000_000  # where the playhead rests until it is played

_kept: list[tuple[Environment, Version, Trace]] = []


def version(values: Values) -> Version:
    """The version that is deployed."""
    kind = values["version"]
    if kind == LATE:
        return Version(ERRORS, values["late_min"] * SECONDS_PER_MINUTE)
    if kind == SOME:
        return Version(ERRORS, 0, batch(values))
    return Version(kind)


def batch(values: Values) -> int:
    """How many instances a batch has: the fleet at most."""
    return int(min(values["batch"], values["instances"]))


def environment(values: Values, way: str) -> Environment:
    """The environment, with this policy."""
    return Environment(
        way,
        int(values["instances"]),
        batch(values),
        values["launch_min"] * SECONDS_PER_MINUTE,
        values["deploy_s"],
        values["health_s"],
        values["timeout_s"],
        values["ignore"],
        values["new_percent"],
        values["evaluation_min"] * SECONDS_PER_MINUTE,
        react_s=values["react_min"] * SECONDS_PER_MINUTE,
    )


def trace(values: Values, way: str = "") -> Trace:
    """What happens with the chosen policy, or with another one."""
    wanted, deployed = environment(values, way or values["policy"]), version(values)
    for known, of, found in _kept:
        if known == wanted and of == deployed:
            return found
    found = deploy(wanted, deployed)
    _kept.insert(0, (wanted, deployed, found))
    del _kept[KEPT_RUNS:]
    return found


def shows_all(values: Values) -> bool:
    """Whether all ways are shown, side by side."""
    return bool(values["policy"] == ALL)


def shown(values: Values) -> list[Trace]:
    """What is shown: all ways, or the chosen one."""
    ways = WAYS if shows_all(values) else (values["policy"],)
    return [trace(values, way) for way in ways]


def end_s(values: Values) -> float:
    """When the last of what is shown has ended."""
    return max([each.end_s for each in shown(values)])


def is_over(values: Values) -> bool:
    """Whether the playhead stands at the end, where all is shown."""
    return bool(values["at_s"] >= end_s(values))


def moment_s(values: Values) -> float:
    """The playhead's moment."""
    at_s: float = values["at_s"]
    return min(at_s, end_s(values))


def moment_text(values: Values) -> str:
    """The playhead's moment as people say it."""
    at_s = moment_s(values)
    minutes, seconds = int(at_s / SECONDS_PER_MINUTE), int(at_s % SECONDS_PER_MINUTE)
    return with_unit(f"{minutes}:{seconds:02d}", "min")


def minutes(seconds: float) -> str:
    """A time in minutes, to a tenth below a hundred of them.

    >>> minutes(150), minutes(840), minutes(50)
    ('2.5', '14', '0.8')
    """
    return number_text(rounded(seconds / SECONDS_PER_MINUTE, 1))


def minutes_text(seconds: float) -> str:
    """The same with its unit."""
    return with_unit(minutes(seconds), "min")


def percent(share: float) -> str:
    """A share of requests, in percent.

    >>> percent(1 / 3), percent(0.025), percent(1)
    ('33%', '2.5%', '100%')
    """
    value = 100 * share
    return number_text(rounded(value, 0 if value >= 10 else 1)) + "%"
