"""Exercise 3: a version that nobody trusts, and a policy that lets few people meet it."""

from __future__ import annotations

from labkit.exercises.checks.beanstalk.health import GONE
from labkit.exercises.checks.beanstalk.scene import (
    BROKEN,
    FLEET,
    code,
    environment,
    lay_environment,
)
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed
from labkit.runtime.beanstalk.environment import Environment
from labkit.runtime.beanstalk.seen import Deployment

NAME, NEW = "refunds", "refunds-2"
MOST = 0.1  # of the requests


def lay() -> None:
    """Four instances with a sound version; the other one waits."""
    eb = lay_environment(NAME)
    eb.create_version(NEW, {"application.py": code(NEW, BROKEN)})


def check(evidence: Evidence) -> Outcome:
    """The version was deployed, few met it, capacity was whole, and Beanstalk took it back."""
    found = environment(evidence, NAME)
    if found is None:
        return Incorrect(f"`{NAME}` is gone.", "it is there.", GONE.format("safe"))
    mine = found.deployments[1:]
    if not mine:
        return NotYet(
            f"{NEW} is not deployed yet. What would happen to it, nobody knows but you.",
            "Set a policy first; then deploy.",
        )
    wrong = _too_many(mine[0])
    if wrong:
        return wrong
    if found.status != "Ready":
        return NotYet(
            f"`{NAME}` is {found.status}.", f'Let it come to its end: `eb.wait("{NAME}")`.'
        )
    return _in_the_end(found, mine[0])


def _too_many(first: Deployment) -> Outcome | None:
    again = '`lab.begin("safe")` lays the start afresh.'
    if first.label != NEW:
        return Incorrect(
            f"{first.label} was deployed.", f"{NEW}.", f"Which version is the question? {again}"
        )
    if first.in_service_least < FLEET:
        return Incorrect(
            f"By {first.policy}, {first.in_service_least} of {FLEET} instances were in service.",
            f"{FLEET} at every moment.",
            f"Who deploys onto instances that serve has to take them out of service first. {again}",
        )
    if first.failing_most > MOST + 1e-9:
        return Incorrect(
            f"By {first.policy}, {first.failing_most:.0%} of the requests failed at the worst.",
            f"{MOST:.0%} at most.",
            "An instance that is in service gets its even share of the requests: one of five is "
            f"a fifth. One policy lets you say what share it is to be. {again}",
        )
    return None


def _in_the_end(found: Environment, first: Deployment) -> Outcome:
    if first.state != "Failed":
        return Incorrect(
            f"Beanstalk has kept {NEW}, as {first.policy} with your options.",
            "it takes the version back by itself.",
            "`IgnoreHealthCheck` tells it to look away.",
        )
    return Passed(
        f"At most {first.failing_most:.0%} of the requests met {NEW}, until Beanstalk saw the "
        "errors and led all of them back to the old instances, which had never been touched."
    )
