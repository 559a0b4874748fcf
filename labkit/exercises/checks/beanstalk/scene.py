"""What the exercises lay: versions of small applications, and environments that run them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.runtime import beanstalk
from labkit.sandbox import Sandbox

if TYPE_CHECKING:
    from labkit.exercises.frame import Evidence
    from labkit.runtime.beanstalk.environment import Environment
    from labkit.runtime.beanstalk.service import Beanstalk

FLEET = 4
COMMAND = "aws:elasticbeanstalk:command"
_APPLICATION = """\
def application(environ, start_response):
    if environ["PATH_INFO"] == "/buy":
        {buy}
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"{label}"]
"""
BROKEN = 'raise KeyError("seat")'


def running() -> Beanstalk:
    """The Elastic Beanstalk of the open sandbox."""
    return beanstalk.of(Sandbox.current())


def code(label: str, buy: str = "pass") -> str:
    """An application that says its label, and does `buy` when somebody buys."""
    return _APPLICATION.format(label=label, buy=buy)


def lay_environment(
    name: str, fleet: int = FLEET, options: dict[str, dict[str, object]] | None = None
) -> Beanstalk:
    """An environment afresh, Ready, with version NAME-1, which is sound; Beanstalk."""
    eb = running()
    eb.forget(name, f"{name}-green", f"{name}-1", f"{name}-2")
    eb.create_version(f"{name}-1", {"application.py": code(f"{name}-1")})
    every: dict[str, dict[str, object]] = {"aws:autoscaling:asg": {"MinSize": fleet}}
    every |= options or {}
    eb.create_environment(name, f"{name}-1", options=every, clients_ask=("/buy",))
    eb.wait(name)
    return eb


def environment(evidence: Evidence, name: str) -> Environment | None:
    """An environment that stands; None if it was terminated or never made."""
    found = beanstalk.of(evidence.sandbox).environments.get(name)
    return None if found is None or found.terminated else found


def versions(found: Environment) -> list[str]:
    """The version of each instance."""
    return [version for version, _ in found.instances.values()]
