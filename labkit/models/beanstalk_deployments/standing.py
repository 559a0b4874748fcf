"""An environment that stands for longer than one deployment.

`create` launches it, `update` deploys to it, `reconfigure` sets options. Each goes on
from the fleet's own time, and leaves things as Beanstalk does: nobody undoes what failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.models.beanstalk_deployments.deployment import add, roll_out
from labkit.models.beanstalk_deployments.fleet import Fleet
from labkit.models.beanstalk_deployments.settings import GOOD
from labkit.models.beanstalk_deployments.trace import ORIGINAL, SERVING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from labkit.models.beanstalk_deployments.settings import Environment, Version


def create(environment: Environment, version: Version) -> tuple[Fleet, bool]:
    """The fleet of a new environment, and whether it became healthy; its time starts at 0 s."""
    fleet = Fleet(environment, label="")
    fleet.say("creates")
    fleet.passes(environment.create_s)
    return fleet, _ended(fleet, add(fleet, environment.instances, version, ORIGINAL))


def update(fleet: Fleet, version: Version) -> bool:
    """Deploy by the policy of the fleet's environment: whether Beanstalk let it finish."""
    return _ended(fleet, roll_out(fleet, version))


def reconfigure(fleet: Fleet, environment: Environment, versions: Mapping[str, Version]) -> None:
    """Let `environment` be what is set from now on, with its number of instances.

    `versions` has every version that runs as it is under the new settings, by its label; the last
    one is what new instances get. An instance whose version is well now, or no longer, says so. Of
    too many instances the oldest go.
    """
    fleet.environment = environment
    for version in versions.values():
        sound = version.fault == GOOD
        changed = [
            each
            for each in fleet.group(ORIGINAL)
            if each.version == version.label and (each.state == SERVING) != sound
        ]
        for each in changed:
            each.faulty = not sound
        if changed:
            fleet.join(changed, version)
    more = environment.instances - len(fleet.running)
    if more > 0:
        fleet.join(fleet.launch(more, version, ORIGINAL), version)
    elif more < 0:
        fleet.terminate(fleet.group(ORIGINAL)[:-more])
    fleet.passes(environment.health_s)


def _ended(fleet: Fleet, done: bool) -> bool:
    fleet.say("completes" if done else "stops")
    return done
