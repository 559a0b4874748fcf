"""What happened in a deployment and in the rollback after it, and the numbers that follow.

An instance is in one of these states:

    launching   started by Auto Scaling, without code       no requests
    deploying   detached, or new: the code is installed     no requests
    checking    in service, its checks not yet all passed   answers requests
    serving     in service and healthy                      answers requests
    failing     in service, answers with errors             requests fail
    down        fails the load balancer's health check      no requests, unless all are down
    terminated  gone
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.models.beanstalk_deployments.settings import OLD
from labkit.models.sums import ordered_sum

if TYPE_CHECKING:
    from typing import Literal

    from labkit.models.beanstalk_deployments.settings import Environment, Version

    # What is done or found in a deployment, in the order in which it may come.
    What = Literal[
        "creates",  # a second environment, for a swap
        "launches",  # new instances
        "deploys",  # detaches instances and puts the version on them
        "joins",  # instances are in service, and being checked
        "passes",  # all checks of these instances
        "times out",  # they are not healthy within the command timeout
        "ignores",  # that they are not
        "splits",  # the traffic, for the evaluation time
        "notices",  # that the new instances are unhealthy, within that time
        "reroutes",  # all traffic to the old instances
        "shifts",  # all traffic to the new ones
        "tests",  # somebody does, before the swap
        "swaps",  # the URLs of two environments
        "terminates",  # instances
        "stops",  # Beanstalk calls the deployment failed
        "completes",  # it calls it, or the rollback, done
        "fails",  # requests do, after a deployment that was called done
        "redeploys",  # somebody deploys the old version
        "swaps back",  # somebody swaps the URLs again
    ]
    # How the old version came back; empty if it need not.
    Undo = Literal[
        "",
        "terminate",  # Beanstalk does, the new instances
        "reroute",  # Beanstalk does, all traffic, and terminates the new instances
        "no swap",  # clients never met the new environment
        "swap back",  # somebody does, the URLs
        "redeploy",  # somebody does, the old version
    ]

LAUNCHING, DEPLOYING, CHECKING = "launching", "deploying", "checking"
SERVING, FAILING, DOWN, TERMINATED = "serving", "failing", "down", "terminated"
WORKING = (CHECKING, SERVING)

OK, PENDING, SEVERE = "Ok", "Pending", "Severe"  # as enhanced health reporting names them

ORIGINAL, SECOND = "original", "second"  # the environment's fleet, and one launched beside it


@dataclass(frozen=True)
class Event:
    """From `at_s` on, an instance has this version and is in this state."""

    at_s: float
    instance: str
    slot: int  # its place: a lane that no other running instance has
    group: str
    version: str
    state: str

    @property
    def health(self) -> str:
        """The status that enhanced health reporting would show."""
        if self.state in (FAILING, DOWN):
            return SEVERE
        return OK if self.state == SERVING else PENDING


@dataclass(frozen=True)
class Step:
    """What Beanstalk, or whoever operates it, did or found; `count` instances are concerned."""

    at_s: float
    what: What
    count: int = 0


@dataclass(frozen=True)
class Moment:
    """From `at_s` to `until_s` nothing changes; `old`, `new` and `failing` add up to 1."""

    at_s: float
    until_s: float
    running: int  # instances that are paid for
    capacity: int  # those that take requests and answer them
    old: float
    new: float
    failing: float

    @property
    def lasts_s(self) -> float:
        """How long it lasts."""
        return self.until_s - self.at_s


@dataclass(frozen=True)
class Span:
    """An instance stays in one state with one version."""

    instance: str
    slot: int
    version: str
    state: str
    at_s: float
    until_s: float


@dataclass(frozen=True)
class Trace:
    """A deployment, and the rollback if there was one."""

    environment: Environment
    version: Version
    events: tuple[Event, ...]
    steps: tuple[Step, ...]
    moments: tuple[Moment, ...]
    failed: bool  # Beanstalk stopped it; a fault that nobody notices lets it succeed
    deployed_s: float  # when the deployment had ended, well or not
    rollback: Undo
    rollback_from_s: float  # when somebody, or Beanstalk, began to undo it
    undone_s: float  # when that was done: nothing but the old version is left
    end_s: float  # a little later

    @property
    def failing_most(self) -> float:
        """The largest share of requests that failed, 0 to 1."""
        return max([moment.failing for moment in self.moments])

    @property
    def failing_s(self) -> float:
        """For how long any requests failed."""
        return ordered_sum([moment.lasts_s for moment in self.moments if moment.failing])

    @property
    def lost_s(self) -> float:
        """How many seconds of the whole traffic failed: each moment's share times its length."""
        return ordered_sum([moment.lasts_s * moment.failing for moment in self.moments])

    @property
    def down_s(self) -> float:
        """For how long every request failed."""
        return ordered_sum([each.lasts_s for each in self.moments if each.failing > 1 - 1e-9])

    @property
    def capacity_least(self) -> int:
        """The fewest instances that took requests and answered them."""
        return min([moment.capacity for moment in self.moments])

    @property
    def running_most(self) -> int:
        """The most instances that were running at once."""
        return max([moment.running for moment in self.moments])

    @property
    def extra_instance_s(self) -> float:
        """Seconds of instances that the fleet would not have had without the deployment."""
        usual = self.environment.instances
        return ordered_sum([each.lasts_s * (each.running - usual) for each in self.moments])

    @property
    def rollback_s(self) -> float:
        """How long it took from the first step back until only the old version was left."""
        return self.undone_s - self.rollback_from_s if self.rollback else 0.0

    @property
    def dns_changes(self) -> bool:
        """Whether clients had to look up the name again."""
        return any(step.what == "swaps" for step in self.steps)

    @property
    def slots(self) -> int:
        """How many lanes it takes to draw the instances."""
        return 1 + max([event.slot for event in self.events])

    def at(self, at_s: float) -> Moment:
        """The moment that `at_s` is in; the last one after the end."""
        for moment in self.moments:
            if at_s < moment.until_s:
                return moment
        return self.moments[-1]

    def spans(self) -> list[Span]:
        """What each instance was, from its first event until it was terminated, or to the end."""
        found: list[Span] = []
        last: dict[str, Event] = {}
        for event in self.events:
            before = last.get(event.instance)
            if before and (before.state, before.version) == (event.state, event.version):
                continue  # it only changed its group
            if before:
                found.append(_span(before, event.at_s))
            last[event.instance] = event
        found += [_span(last[name], self.end_s) for name in last]
        found = [each for each in found if each.state != TERMINATED and each.until_s > each.at_s]
        found.sort(key=lambda span: (span.slot, span.at_s))
        return found

    def versions(self) -> dict[str, str]:
        """The version that each instance runs in the end."""
        return {span.instance: span.version for span in self.spans() if span.until_s == self.end_s}


def _span(event: Event, until_s: float) -> Span:
    return Span(event.instance, event.slot, event.version, event.state, event.at_s, until_s)


def shares(pools: list[tuple[float, list[tuple[str, str]]]]) -> tuple[int, float, float, float]:
    """Capacity, and the shares of requests that meet old, new and failing code.

    A pool is a weight and the (version, state) of each of its instances. Within a pool the
    requests go evenly to those in service; if there is none, they fail.
    """
    capacity = 0
    old = new = failing = 0.0
    for weight, members in pools:
        if not weight:
            continue
        serving = [version for version, state in members if state in WORKING]
        errors = len([1 for _, state in members if state == FAILING])
        capacity += len(serving)
        if not serving and not errors:
            failing += weight
            continue
        each = weight / (len(serving) + errors)
        olds = len([1 for version in serving if version == OLD])
        old += each * olds
        new += each * (len(serving) - olds)
        failing += each * errors
    return capacity, old, new, failing
