"""The deployment policies, and a swap of two environments' URLs beside them.

Each takes a version to the fleet and says whether Beanstalk let it finish. A fault that shows only
later may be seen by two of them: by immutable in its first instance, and by traffic splitting
within its evaluation time.

https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.rolling-version-deploy.html
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environmentmgmt-updates-immutable.html
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.CNAMESwap.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.models.beanstalk_deployments.fleet import Fleet
from labkit.models.beanstalk_deployments.settings import (
    ADDITIONAL_BATCH,
    ALL_AT_ONCE,
    BLUE_GREEN,
    ERRORS,
    IMMUTABLE,
    OLD,
    ROLLING,
    TRAFFIC_SPLITTING,
    Version,
)
from labkit.models.beanstalk_deployments.trace import (
    ORIGINAL,
    SECOND,
    SERVING,
    Trace,
)

if TYPE_CHECKING:
    from labkit.models.beanstalk_deployments.fleet import Instance
    from labkit.models.beanstalk_deployments.settings import Environment
    from labkit.models.beanstalk_deployments.trace import Undo

DNS_STEPS = 4  # in which clients follow a swap: their copies of the record run out one by one
AFTER_S = 60  # of the fleet as it is in the end, so that it can be seen
BEFORE = Version(label=OLD)


def deploy(environment: Environment, version: Version) -> Trace:
    """Deploy `version` onto a fleet that runs the old one, and roll back if it has to be.

    A deployment that Beanstalk stops is undone by it (immutable, traffic splitting) or, once
    somebody has reacted, by deploying the old version again, by the same policy. One that it lets
    finish although the version is bad is undone likewise after errors have been seen.
    """
    fleet = Fleet(environment)
    failed = not roll_out(fleet, version)
    if failed:
        fleet.say("stops")
    elif environment.policy != BLUE_GREEN:
        fleet.say("completes")
    deployed_s = fleet.now_s
    rollback, rollback_from_s = _undo(fleet, failed, deployed_s)
    undone_s = fleet.now_s
    fleet.passes(AFTER_S)
    return Trace(
        environment,
        version,
        tuple(fleet.events),
        tuple(fleet.steps),
        fleet.moments(),
        failed,
        deployed_s,
        rollback,
        rollback_from_s,
        undone_s,
        fleet.now_s,
    )


def roll_out(fleet: Fleet, version: Version) -> bool:
    """Bring the version to a fleet by its environment's policy: whether Beanstalk let it finish."""
    return _POLICIES[fleet.environment.policy](fleet, version)


def _undo(fleet: Fleet, failed: bool, deployed_s: float) -> tuple[Undo, float]:
    """Bring the old version back if that is needed: how, and from when on."""
    policy = fleet.environment.policy
    if failed and all(each.version == OLD for each in fleet.running):
        if policy == TRAFFIC_SPLITTING:
            return "reroute", deployed_s
        done: Undo = "no swap" if policy == BLUE_GREEN else "terminate"
        return done, deployed_s
    error_s = fleet.next_error_s(fleet.running)
    kept_until_s = deployed_s + fleet.environment.keep_s
    if policy == BLUE_GREEN:
        if error_s is not None and error_s + fleet.environment.react_s <= kept_until_s:
            return _swap_back(fleet, error_s)
        fleet.to(kept_until_s)
        fleet.terminate(fleet.group(SECOND))
        fleet.weigh(-1)
        fleet.say("completes")
    if error_s is None and not failed:
        return "", deployed_s
    if error_s is not None:
        fleet.to(error_s)
        if not failed:
            fleet.say("fails")
    fleet.passes(fleet.environment.react_s)
    began_s = fleet.now_s
    fleet.say("redeploys")
    roll_out(fleet, BEFORE)
    if policy == BLUE_GREEN:
        fleet.terminate(fleet.group(SECOND))
        fleet.weigh(-1)
    fleet.say("completes")
    return "redeploy", began_s


def _swap_back(fleet: Fleet, error_s: float) -> tuple[Undo, float]:
    """Let the old environment, which is still there, have the URL again."""
    fleet.to(error_s)
    fleet.say("fails")
    fleet.passes(fleet.environment.react_s)
    began_s = fleet.now_s
    fleet.say("swaps back")
    _follow(fleet, 0, 1)
    fleet.terminate(fleet.group(ORIGINAL))
    fleet.move(fleet.group(SECOND), ORIGINAL)
    fleet.weigh(-1)
    return "swap back", began_s


def _healthy(fleet: Fleet, instances: list[Instance], began_s: float) -> bool:
    """Wait until all of them are healthy, or the command timeout has passed since `began_s`."""
    environment = fleet.environment
    fleet.passes(environment.health_s)
    if all(each.state == SERVING for each in instances):
        fleet.say("passes", len(instances))
        return True
    fleet.to(began_s + environment.wait_s)
    fleet.say("times out", len([each for each in instances if each.state != SERVING]))
    if environment.ignore_health_check:
        fleet.say("ignores")
    return environment.ignore_health_check


def _update(fleet: Fleet, instances: list[Instance], version: Version) -> bool:
    """Put the version on instances that were in service with another one."""
    began_s = fleet.now_s
    fleet.say("deploys", len(instances))
    fleet.install(instances, version)
    fleet.join(instances, version)
    return _healthy(fleet, instances, began_s)


def add(fleet: Fleet, count: int, version: Version, group: str, requests: bool = True) -> bool:
    """Launch instances with the version and wait for the health of their whole group."""
    began_s = fleet.now_s + fleet.environment.launch_s
    fleet.join(fleet.launch(count, version, group), version, requests)
    return _healthy(fleet, fleet.group(group), began_s)


def _all_at_once(fleet: Fleet, version: Version) -> bool:
    return _update(fleet, fleet.group(ORIGINAL), version)


def _rolling(fleet: Fleet, version: Version) -> bool:
    """One batch after the other; a batch that fails leaves those before it on the new version."""
    instances, batch = fleet.group(ORIGINAL), fleet.environment.batch
    for first in range(0, len(instances), batch):
        if not _update(fleet, instances[first : first + batch], version):
            return False
    return True


def _additional_batch(fleet: Fleet, version: Version) -> bool:
    """Rolling, with a batch of new instances first, which goes in the end."""
    done = add(fleet, fleet.environment.batch, version, SECOND) and _rolling(fleet, version)
    fleet.terminate(fleet.group(SECOND))
    return done


def _immutable(fleet: Fleet, version: Version) -> bool:
    """A second group beside the first: one instance, then the others, then the first group goes.

    All of the new instances are to be healthy in the end, the first one too.
    """
    done = add(fleet, 1, version, SECOND)
    others = fleet.environment.instances - 1
    if done and others:
        done = add(fleet, others, version, SECOND)
    if not done:
        fleet.terminate(fleet.group(SECOND))
        return False
    _take_over(fleet)
    return True


def _traffic_splitting(fleet: Fleet, version: Version) -> bool:
    """A second group gets a part of the requests, and all if it stays healthy."""
    environment = fleet.environment
    fleet.weigh(0)
    if add(fleet, environment.instances, version, SECOND, requests=False):
        fleet.weigh(environment.new_percent / 100)
        fleet.say("splits", environment.instances)
        until_s = fleet.now_s + environment.evaluation_s
        fleet.meet_clients(fleet.group(SECOND), version)
        error_s = fleet.next_error_s(fleet.group(SECOND))
        ignored = environment.ignore_health_check
        if ignored or error_s is None or error_s + environment.notice_s > until_s:
            fleet.to(until_s)
            fleet.say("shifts", environment.instances)
            _take_over(fleet)
            return True
        fleet.to(error_s + environment.notice_s)
        fleet.say("notices")
        fleet.say("reroutes")
    fleet.weigh(-1)
    fleet.terminate(fleet.group(SECOND))
    return False


def _take_over(fleet: Fleet) -> None:
    """The second group's instances take the place of the first's."""
    fleet.terminate(fleet.group(ORIGINAL))
    fleet.move(fleet.group(SECOND), ORIGINAL)
    fleet.weigh(-1)


def _blue_green(fleet: Fleet, version: Version) -> bool:
    """A second environment, tested before the URLs are swapped; the first one is kept a while.

    Until the swap no client meets the new version, whatever its health. After it the second
    environment is the one that clients reach, and the first one is the other.
    """
    fleet.weigh(0)
    fleet.say("creates")
    fleet.passes(fleet.environment.create_s)
    well = add(fleet, fleet.environment.instances, version, SECOND, requests=False)
    fleet.say("tests", fleet.environment.instances)
    green = fleet.group(SECOND)
    errors = version.fault == ERRORS and not version.after_s
    tested = not (errors and any(each.faulty for each in green))
    if not (well and tested) or fleet.next_error_s(green) is not None:
        fleet.terminate(fleet.group(SECOND))
        fleet.weigh(-1)
        return False
    fleet.say("swaps")
    fleet.meet_clients(fleet.group(SECOND), version)
    _follow(fleet, 0, 1)
    first, second = fleet.group(ORIGINAL), fleet.group(SECOND)
    fleet.move(first, SECOND)
    fleet.move(second, ORIGINAL)
    fleet.weigh(0)
    return True


def _follow(fleet: Fleet, share: float, end: float) -> None:
    """Clients look up the name again, a part of them in each step."""
    for step in range(1, DNS_STEPS + 1):
        fleet.weigh(share + (end - share) * step / DNS_STEPS)
        fleet.passes(fleet.environment.dns_s / DNS_STEPS)


_POLICIES = {
    ALL_AT_ONCE: _all_at_once,
    ROLLING: _rolling,
    ADDITIONAL_BATCH: _additional_batch,
    IMMUTABLE: _immutable,
    TRAFFIC_SPLITTING: _traffic_splitting,
    BLUE_GREEN: _blue_green,
}
