"""Exercise 4: a second environment, and the name that moves to it."""

from __future__ import annotations

from labkit.exercises.checks.beanstalk.scene import code, environment, lay_environment
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed
from labkit.runtime import beanstalk
from labkit.runtime.beanstalk.addresses import cname
from labkit.runtime.beanstalk.environment import Environment

NAME, GREEN, OLD, NEW = "posters", "posters-green", "posters-1", "posters-2"
HOST = cname(NAME)


def lay() -> None:
    """One environment with the old version, which has the name; the new version waits."""
    eb = lay_environment(NAME, fleet=2)
    eb.create_version(NEW, {"application.py": code(NEW)})


def check(evidence: Evidence) -> Outcome:
    """The name leads to the new version, and the old environment stands as it was."""
    old = environment(evidence, NAME)
    again = '`lab.begin("swap")` lays the start again.'
    if old is None:
        return Incorrect(
            f"`{NAME}` is terminated.",
            "it stands until nobody asks for it any more.",
            "A client that still has the old answer of DNS now finds nobody, and there is no way "
            f"back. {again}",
        )
    if len(old.deployments) > 1:
        return Incorrect(
            f"{old.deployments[-1].label} was deployed to `{NAME}` itself.",
            f"`{NAME}` keeps {OLD}.",
            f"That is a deployment in place, by whatever policy. {again}",
        )
    other = environment(evidence, GREEN)
    if other is None:
        return NotYet(
            f"`{HOST}` leads to `{NAME}`, which runs {OLD}.",
            f"Create `{GREEN}` with {NEW}, beside it.",
        )
    return _beside(old, other, beanstalk.of(evidence.sandbox).at(HOST))


def _beside(old: Environment, other: Environment, holder: Environment | None) -> Outcome:
    if other.version.label != NEW:
        return Incorrect(
            f"`{GREEN}` runs {other.version.label}.", f"{NEW}.", "Deploy the other version to it."
        )
    if other.status != "Ready":
        return NotYet(f"`{GREEN}` is {other.status}.", f'Wait for it: `eb.wait("{GREEN}")`.')
    if holder is old:
        return NotYet(
            f"`{GREEN}` runs {NEW} at `{other.cname}`, where you can try it in peace.",
            "Then let the two have each other's name.",
        )
    return Passed(
        f"`{HOST}` leads to {NEW} now, and `{old.cname}` to {OLD}. Going back is the same call. "
        "Let the old environment stand until the old answers of DNS have run out."
    )
