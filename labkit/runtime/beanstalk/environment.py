"""One environment on the virtual clock: its instances, health, events, deployments and requests.

The model works out a deployment from its beginning to its end when it begins; what is seen of it is
what has come by the clock's time. Nobody undoes a failed deployment but whoever deploys again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from labkit.errors import UsageError
from labkit.models.beanstalk_deployments import standing
from labkit.models.beanstalk_deployments.trace import (
    DOWN,
    FAILING,
    SECOND,
    SEVERE,
    TERMINATED,
    WORKING,
)
from labkit.runtime.beanstalk.application import Answer, plain
from labkit.runtime.beanstalk.releases import Releases, Version
from labkit.runtime.beanstalk.seen import Deployment, Event, Events
from labkit.runtime.beanstalk.words import in_words

if TYPE_CHECKING:
    from labkit.models.beanstalk_deployments.settings import Version as Fault
    from labkit.models.beanstalk_deployments.trace import Event as Change
    from labkit.sandbox.clock import Clock

COLOURS = {"Ok": "Green", "Info": "Green", "Degraded": "Red", "Severe": "Red", "Pending": "Grey"}


@dataclass(frozen=True)
class _Begun:
    """A deployment as it was begun; times on the fleet's clock."""

    number: int
    label: str
    policy: str
    instances: int
    from_s: float
    until_s: float
    first_step: int  # its number among the fleet's
    done: bool


class Environment:
    """A load-balanced web server environment; made by `lab.beanstalk.create_environment`."""

    def __init__(
        self,
        clock: Clock,
        name: str,
        version: Version,
        options: dict[tuple[str, str], str],
        *,
        clients_ask: tuple[str, ...],
        database: Mapping[str, str],
    ) -> None:
        self.name, self.cname = name, ""
        self.terminated = False
        self._clock, self._began = clock, clock.now
        self._notes: list[Event] = []
        self._asked, self._share = 0, 0.0
        self._releases = Releases(options, clients_ask, database)
        fault = self._releases.take(version)
        self._fleet, done = standing.create(self._releases.settings(version), fault)
        self._deployments = [self._begun(version, 0.0, 0, done)]

    # ---- what is seen ----

    @property
    def status(self) -> str:
        """Launching, Updating, Ready or Terminated."""
        if self.terminated:
            return "Terminated"
        if self._now_s >= self._fleet.now_s:
            return "Ready"
        return "Launching" if len(self._deployments) == 1 else "Updating"

    @property
    def options(self) -> dict[tuple[str, str], str]:
        """What counts: the configuration files' settings, under those set on the environment."""
        return self._releases.options(self.version)

    @property
    def own_options(self) -> dict[tuple[str, str], str]:
        """What was set on the environment itself."""
        return self._releases.own

    @property
    def version(self) -> Version:
        """The version that was deployed last, whatever became of it."""
        return self._releases.deployed[-1]

    @property
    def instances(self) -> dict[str, tuple[str, str]]:
        """Each running instance's version and health, as they are now."""
        return {name: (each.version, each.health) for name, each in self._alive().items()}

    @property
    def health(self) -> str:
        """Ok, Info, Degraded, Severe or Pending, of the whole environment."""
        states = [health for _, health in self.instances.values()]
        ill = states.count(SEVERE)
        if ill:
            return "Severe" if ill == len(states) else "Degraded"
        labels = {version for version, _ in self.instances.values()}
        if self.status == "Ready" and len(labels) > 1:
            return "Degraded"
        if self.status == "Launching":
            return "Pending"
        return "Info" if self.status == "Updating" else "Ok"

    @property
    def events(self) -> Events:
        """What has happened so far, the oldest first."""
        if self.terminated:
            return Events(self._notes)
        told = [
            Event(self._at(step.at_s), *in_words(step, self._label(number)))
            for number, step in enumerate(self._fleet.steps)
            if step.at_s <= self._now_s
        ]
        return Events(sorted([*told, *self._notes], key=lambda event: event.at))

    @property
    def deployments(self) -> list[Deployment]:
        """All deployments, the one that created the environment first."""
        return [self._seen(each) for each in self._deployments]

    def __repr__(self) -> str:
        health = self.health
        lines = [
            f"{self.name}  {self.status}, {health} ({COLOURS[health]})  http://{self.cname}",
            *(f"  {name}  {label}  {state}" for name, (label, state) in self.instances.items()),
        ]
        return "\n".join(lines)

    # ---- what is done ----

    def deploy(self, version: Version) -> list[str]:
        """Begin to deploy a version, by the policy that counts with its own configuration files.

        What is wrong with these is returned, and no instance is touched.
        """
        self.must_be_ready()
        problems = [str(problem) for problem in version.bundle.configuration.problems]
        if problems:
            for problem in problems:
                self.note("ERROR", problem)
            self.note("ERROR", f"Failed to deploy {version.label}; no instance was touched.")
            return problems
        self._fleet.to(self._now_s)
        settings = self._releases.settings(version)
        if settings.instances != self._fleet.environment.instances:
            standing.reconfigure(self._fleet, settings, self._faults())
        self._fleet.environment = settings
        from_s, first = self._fleet.now_s, len(self._fleet.steps)
        done = standing.update(self._fleet, self._releases.take(version))
        self._deployments.append(self._begun(version, from_s, first, done))
        return []

    def configure(self, options: dict[tuple[str, str], str]) -> None:
        """Set options on the environment; its applications start afresh, with their properties."""
        self.must_be_ready()
        self._releases.change(options)
        self._fleet.to(self._now_s)
        settings = self._releases.settings(self.version)
        standing.reconfigure(self._fleet, settings, self._faults())

    def note(self, severity: str, message: str) -> None:
        """Add an event of now."""
        self._notes.append(Event(self._clock.now, severity, message))

    def must_be_ready(self) -> None:
        """Raise UsageError while it is being created or updated, or when it is gone."""
        if self.status != "Ready":
            raise UsageError(
                f"The environment {self.name} is {self.status}.",
                "Elastic Beanstalk changes an environment that is Ready, one change at a time.",
                f'lab.beanstalk.wait("{self.name}") moves the clock until it is.'
                if not self.terminated
                else "lab.beanstalk.create_environment(...) makes a new one.",
            )

    def end(self) -> None:
        """Terminate it: its instances are gone, and what happened is kept."""
        self._notes = list(self.events)
        self.terminated = True

    @property
    def ready_at(self) -> datetime:
        """When what is going on will have ended."""
        return self._at(self._fleet.now_s)

    def answer(self, path: str, method: str, query: str, body: bytes) -> Answer:
        """The load balancer's answer to a request: the next instance's, or 503 if it has none."""
        alive = self._alive()
        pool = [each for each in alive.values() if each.state in (*WORKING, FAILING)]
        pool = pool or [each for each in alive.values() if each.state == DOWN]
        share = self._share_of_second()
        if 0 <= share <= 1:
            self._share += share
            to_second = self._share >= 1 - 1e-9
            self._share -= to_second
            pool = [each for each in pool if (each.group == SECOND) == to_second]
        if not pool:
            return plain(503, "Service Temporarily Unavailable")
        chosen = pool[self._asked % len(pool)]
        self._asked += 1
        application = self._releases.application(chosen.version)
        return application.answer(path, method, query, body, self.cname)

    def preview(self, path: str) -> Answer:
        """What the version that was deployed last answers, past the load balancer."""
        return self._releases.application(self.version.label).answer(path)

    # ---- inside ----

    def _at(self, fleet_s: float) -> datetime:
        return self._began + timedelta(seconds=fleet_s)

    def _faults(self) -> dict[str, Fault]:
        return self._releases.faults({label for label, _ in self.instances.values()})

    @property
    def _now_s(self) -> float:
        return (self._clock.now - self._began).total_seconds()

    def _begun(self, version: Version, from_s: float, first: int, done: bool) -> _Begun:
        settings = self._fleet.environment
        return _Begun(
            len(self._releases.deployed),
            version.label,
            settings.policy,
            settings.instances,
            from_s,
            self._fleet.now_s,
            first,
            done,
        )

    def _seen(self, begun: _Begun) -> Deployment:
        until_s = min(self._now_s, begun.until_s)
        during = [
            each
            for each in self._fleet.moments()
            if each.at_s < max(until_s, begun.from_s + 1) and each.until_s > begun.from_s
        ]
        over = self._now_s >= begun.until_s
        state = ("Deployed" if begun.done else "Failed") if over else "In progress"
        return Deployment(
            begun.number,
            begun.label,
            begun.policy,
            state,
            until_s - begun.from_s,
            min((each.capacity for each in during), default=0),
            begun.instances,
            max((each.failing for each in during), default=0.0),
        )

    def _alive(self) -> dict[str, Change]:
        """The last change of each instance that is running now."""
        if self.terminated:
            return {}
        last: dict[str, Change] = {}
        for change in self._fleet.events:
            if change.at_s <= self._now_s:
                last[change.instance] = change
        return {name: each for name, each in last.items() if each.state != TERMINATED}

    def _share_of_second(self) -> float:
        return [share for at_s, share in self._fleet.weights if at_s <= self._now_s][-1]

    def _label(self, step: int) -> str:
        """The version that was being deployed when the fleet took this step."""
        begun = [each.label for each in self._deployments if each.first_step <= step]
        return begun[-1]
