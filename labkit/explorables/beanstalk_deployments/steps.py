"""What Beanstalk and its operator do, step by step, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.beanstalk_deployments.shop import (
    NAMES,
    minutes_text,
    percent,
    shown,
    shows_all,
)
from labkit.explorables.controls import number_text
from labkit.explorables.parts import Entry
from labkit.units import SECONDS_PER_MINUTE

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.beanstalk_deployments.trace import Step, Trace

TEXTS = {
    "deploys": "{} detached, the version is deployed",
    "launches": "{} launched",
    "joins": "{} with the code, now being checked",
    "passes": "{} healthy",
    "times out": "{} not healthy in time",
    "ignores": "health is ignored: on with it",
    "stops": "the deployment fails",
    "completes": "complete",
    "terminates": "{} terminated",
    "splits": "a part of the requests goes to {}",
    "shifts": "all requests go to the new instances",
    "notices": "the new instances are unhealthy",
    "reroutes": "all requests go back to the old ones",
    "creates": "a second environment is created",
    "tests": "somebody tests the new environment",
    "swaps": "the URLs are swapped",
    "swaps back": "somebody swaps the URLs back",
    "fails": "requests fail, and nobody knows yet",
    "redeploys": "somebody deploys the old version",
}
SIGNS = (
    ("✕", "@failed", ("stops", "times out", "fails", "notices")),
    ("■", "@done", ("passes", "completes", "shifts", "swaps")),
    ("▶", "@flight", ("splits", "joins", "tests")),
    ("◆", "@old", ("redeploys", "reroutes", "swaps back")),
    ("●", "@ready", tuple(TEXTS)),
)


def step_text(step: Step) -> str:
    """What is done or found, in a few words."""
    some = "1 instance" if step.count == 1 else f"{step.count} instances"
    return TEXTS[step.what].replace("{}", some)


def path(**values: Any) -> tuple[Entry, ...]:
    """The log of the chosen way, or a line for each way."""
    traces = shown(values)
    if shows_all(values):
        return tuple([_line(found) for found in traces])
    return tuple([_entry(step) for step in traces[0].steps])


def _entry(step: Step) -> Entry:
    sign, tone = next((sign, tone) for sign, tone, steps in SIGNS if step.what in steps)
    return Entry(minutes_text(step.at_s), step_text(step), sign, tone)


def _line(found: Trace) -> Entry:
    """What a way costs, in a few short sentences."""
    full = found.environment.instances
    extra = int(found.extra_instance_s / SECONDS_PER_MINUTE + 0.5)
    says = (
        f"{'stopped' if found.failed else 'done'} after {minutes_text(found.deployed_s)}. "
        f"At the worst {found.capacity_least} of {full} instances answer, and "
        f"{percent(found.failing_most)} of the requests fail. "
        f"{number_text(extra) if extra else 'No'} extra instance-minutes."
    )
    if found.rollback_s:
        says += f" Rolled back in {minutes_text(found.rollback_s)}."
    elif found.rollback:
        says += " Undone at once."
    return Entry(NAMES[found.environment.policy], says, "✕" if found.lost_s else "■", "@ink")
