"""The instances while a deployment runs: who has which version, and what is due to happen to them.

Policies tell the fleet what to do next; `to` lets the time pass, and with it instances become
healthy, or begin to answer with errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.models.beanstalk_deployments.settings import CRASH, ERRORS, GOOD, OLD
from labkit.models.beanstalk_deployments.trace import (
    CHECKING,
    DEPLOYING,
    DOWN,
    FAILING,
    LAUNCHING,
    ORIGINAL,
    SECOND,
    SERVING,
    TERMINATED,
    Event,
    Moment,
    Step,
    shares,
)

if TYPE_CHECKING:
    from labkit.models.beanstalk_deployments.settings import Environment, Version
    from labkit.models.beanstalk_deployments.trace import What


class Instance:
    """One instance as it is now."""

    def __init__(self, name: str, slot: int, group: str, version: str, state: str) -> None:
        self.name, self.slot, self.group = name, slot, group
        self.version, self.state = version, state
        self.faulty = False
        self.turn = 0  # counts its deployments: what was due before the last one is off


class Fleet:
    """All instances, the time, and what was done so far; at first all run `label`, or none is."""

    def __init__(self, environment: Environment, label: str = OLD) -> None:
        self.environment = environment
        self.now_s = 0.0
        self.running: list[Instance] = []
        self.events: list[Event] = []
        self.steps: list[Step] = []
        self.weights: list[tuple[float, float]] = [(0.0, -1.0)]  # when, share of the second fleet
        self.due: list[tuple[float, int, Instance, int, str]] = []
        self.launched = 0
        self.got_new = 0
        self.dues = 0
        for _ in range(environment.instances if label else 0):
            self._put(self._instance(ORIGINAL, label), SERVING)

    def group(self, name: str) -> list[Instance]:
        """The running instances of the group, in the order of their lanes."""
        found = [each for each in self.running if each.group == name]
        found.sort(key=lambda each: each.slot)
        return found

    def say(self, what: What, count: int = 0) -> None:
        """Note what is done or found now."""
        self.steps.append(Step(self.now_s, what, count))

    def to(self, at_s: float) -> None:
        """Let the time pass until `at_s`, with all that is due by then."""
        while self.due:
            first = min(self.due, key=lambda due: (due[0], due[1]))
            if first[0] > at_s:
                break
            self.due.remove(first)
            due_s, _, instance, turn, state = first
            if instance.turn == turn and instance.state in (CHECKING, SERVING):
                self.now_s = max(self.now_s, due_s)
                self._put(instance, state)
        self.now_s = max(self.now_s, at_s)

    def passes(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.to(self.now_s + seconds)

    def next_error_s(self, instances: list[Instance]) -> float | None:
        """When the first of these instances is unwell: now, later, or never."""
        if any(each.state in (FAILING, DOWN) for each in instances):
            return self.now_s
        times = [
            at_s
            for at_s, _, each, turn, state in self.due
            if state == FAILING and each.turn == turn and each in instances
        ]
        return min(times) if times else None

    def launch(self, count: int, version: Version, group: str = SECOND) -> list[Instance]:
        """Start so many instances and deploy to them; they have the code when this returns."""
        instances = [self._instance(group, version.label) for _ in range(count)]
        for each in instances:
            self._put(each, LAUNCHING)
        self.say("launches", count)
        self.passes(self.environment.launch_s)
        self.install(instances, version)
        return instances

    def install(self, instances: list[Instance], version: Version) -> None:
        """Take the instances out of service and put the version on them."""
        for each in instances:
            each.turn += 1
            each.version = version.label
            each.faulty = False
            if version.fault != GOOD:
                each.faulty = self.got_new >= version.well
                self.got_new += 1
            self._put(each, DEPLOYING)
        self.passes(self.environment.deploy_s)

    def join(self, instances: list[Instance], version: Version, requests: bool = True) -> None:
        """Attach the instances to a load balancer; `requests` says whether clients reach them."""
        for each in instances:
            crashed = each.faulty and version.fault == CRASH
            self._put(each, DOWN if crashed else CHECKING)
            if not crashed:
                self._plan(each, self.environment.health_s, SERVING)
        self.say("joins", len(instances))
        if requests:
            self.meet_clients(instances, version)

    def meet_clients(self, instances: list[Instance], version: Version) -> None:
        """From now on the instances get requests, and a fault that these bring out shows."""
        for each in instances:
            if each.faulty and version.fault == ERRORS:
                if version.after_s:
                    self._plan(each, version.after_s, FAILING)
                elif each.state != DOWN:
                    self._put(each, FAILING)

    def terminate(self, instances: list[Instance]) -> None:
        """End the instances."""
        for each in instances:
            self._put(each, TERMINATED)
            each.turn += 1
            self.running.remove(each)
        self.say("terminates", len(instances))

    def move(self, instances: list[Instance], group: str) -> None:
        """Attach the instances to another Auto Scaling group, or rename their environment."""
        for each in instances:
            each.group = group
            self._put(each, each.state)

    def weigh(self, share: float) -> None:
        """Send this share of the requests to the second fleet; below 0 there is only one pool."""
        self.weights.append((self.now_s, share))

    def _instance(self, group: str, version: str) -> Instance:
        taken = [each.slot for each in self.running]
        slot = 0
        while slot in taken:
            slot += 1
        self.launched += 1
        made = Instance(f"i-{self.launched}", slot, group, version, LAUNCHING)
        self.running.append(made)
        return made

    def _put(self, each: Instance, state: str) -> None:
        each.state = state
        self.events.append(Event(self.now_s, each.name, each.slot, each.group, each.version, state))

    def _plan(self, each: Instance, in_s: float, state: str) -> None:
        self.dues += 1
        self.due.append((self.now_s + in_s, self.dues, each, each.turn, state))

    def moments(self) -> tuple[Moment, ...]:
        """All that happened, cut wherever anything changed."""
        changes = sorted({each.at_s for each in self.events} | {at_s for at_s, _ in self.weights})
        made: list[Moment] = []
        now: dict[str, Event] = {}
        event = weight = 0
        share = -1.0
        for number, at_s in enumerate(changes):
            while event < len(self.events) and self.events[event].at_s <= at_s:
                now[self.events[event].instance] = self.events[event]
                event += 1
            while weight < len(self.weights) and self.weights[weight][0] <= at_s:
                share = self.weights[weight][1]
                weight += 1
            until_s = changes[number + 1] if number + 1 < len(changes) else self.now_s
            if until_s > at_s:
                made.append(_moment(at_s, until_s, now, share))
        return tuple(made)


def _moment(at_s: float, until_s: float, now: dict[str, Event], share: float) -> Moment:
    alive = [now[name] for name in now if now[name].state != TERMINATED]
    if share < 0:
        pools = [(1.0, [(each.version, each.state) for each in alive])]
    else:
        pools = [
            (weight, [(each.version, each.state) for each in alive if each.group == group])
            for group, weight in ((ORIGINAL, 1 - share), (SECOND, share))
        ]
    capacity, old, new, failing = shares(pools)
    return Moment(at_s, until_s, len(alive), capacity, old, new, failing)
