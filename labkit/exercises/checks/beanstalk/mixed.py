"""Exercise 2: a rolling deployment has stopped half way, and somebody has to bring it back."""

from __future__ import annotations

from labkit.exercises.checks.beanstalk.health import GONE
from labkit.exercises.checks.beanstalk.scene import (
    BROKEN,
    COMMAND,
    FLEET,
    code,
    environment,
    lay_environment,
    versions,
)
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed
from labkit.runtime.beanstalk.environment import Environment
from labkit.runtime.beanstalk.seen import Deployment

NAME, OLD, NEW = "orders", "orders-1", "orders-2"
LEAST = 2


def lay() -> None:
    """Four instances, of which two have the version that failed."""
    rolling = {"DeploymentPolicy": "Rolling", "BatchSizeType": "Fixed", "BatchSize": 2}
    eb = lay_environment(NAME, options={COMMAND: rolling})
    eb.create_version(NEW, {"application.py": code(NEW, BROKEN)})
    eb.deploy(NAME, NEW)
    eb.wait(NAME)


def check(evidence: Evidence) -> Outcome:
    """Every instance runs the old version, and two were in service all the time."""
    found = environment(evidence, NAME)
    if found is None:
        return Incorrect(
            f"`{NAME}` is gone, and its users with it.", "it is there.", GONE.format("mixed")
        )
    mine = found.deployments[2:]
    if not mine:
        return NotYet(
            f"Of the instances, {versions(found).count(NEW)} run {NEW} and fail, and Beanstalk has "
            "stopped there: it does not go back by itself.",
            "Which version is known to work, and how does a version get onto a fleet?",
        )
    return _deployed_wrongly(mine) or _in_the_end(found)


def _deployed_wrongly(mine: list[Deployment]) -> Outcome | None:
    thin = [each for each in mine if each.in_service_least < LEAST]
    if thin:
        return Incorrect(
            f"While {thin[0].label} was deployed, {thin[0].in_service_least} of {FLEET} instances "
            f"were in service, by the policy {thin[0].policy}.",
            f"{LEAST} at every moment.",
            "All at once is quick, and takes the sound instances out of service too. "
            '`lab.begin("mixed")` lays the start afresh.',
        )
    if mine[-1].label == NEW:
        return Incorrect(
            f"{NEW} was deployed again.",
            f"{OLD} everywhere.",
            "The version is what is broken. There is no way to resume, and here nothing to wait "
            "for.",
        )
    return None


def _in_the_end(found: Environment) -> Outcome:
    if found.status != "Ready":
        return NotYet(
            f"`{NAME}` is {found.status}.", f'Let it come to its end: `eb.wait("{NAME}")`.'
        )
    if set(versions(found)) != {OLD}:
        return Incorrect(
            f"The instances run {', '.join(sorted(set(versions(found))))}.",
            f"{OLD} everywhere.",
            "Which label was deployed last?",
        )
    return Passed(
        "The way back from a rolling deployment is one more rolling deployment, of a version that "
        "is known to work. It took as long as the way there."
    )
