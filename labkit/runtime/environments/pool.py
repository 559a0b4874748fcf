"""The execution environments of a sandbox: used again while they are warm, as many as are needed.

One event at a time goes to an environment. While all of a version's are at work, the next event
starts another: that is a cold start, and what Lambda counts as concurrency.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

from labkit.runtime.environments.code import Shelf
from labkit.runtime.environments.environment import Environment, Host, Ticking
from labkit.runtime.environments.spec import Spec

if TYPE_CHECKING:
    from labkit.sandbox.sandbox import Sandbox

KEPT_WARM = timedelta(minutes=10)  # AWS does not say how long it keeps one

Start = Callable[[Spec, Host, str], Environment]


class Pool:
    """Every environment of one sandbox; `start` makes a new one of a spec, with a number."""

    def __init__(self, sandbox: Sandbox, start: Start) -> None:
        self._sandbox, self._start = sandbox, start
        self._idle: dict[tuple[str, str], list[Environment]] = defaultdict(list)
        self._at_work: list[Environment] = []
        self._lock = Lock()
        self._started = 0
        self._shelf = Shelf()
        self._ticking = Ticking(self._shelf.folder / "clock", sandbox.clock.now)
        self._host = Host(sandbox, self._shelf, self._shelf.folder / "clock")
        sandbox.clock.followers.append(self._ticking)
        sandbox.on_close(self.close)

    def take(self, spec: Spec) -> tuple[Environment, bool]:
        """An environment for one event, and whether it had to be started."""
        with self._lock:
            self._end_old(spec)
            idle = self._idle[spec.arn, spec.revision]
            environment = idle.pop() if idle else None
            if environment is not None:
                self._at_work.append(environment)
                return environment, False
        return self._started_for(spec), True

    def _started_for(self, spec: Spec) -> Environment:
        with self._lock:
            self._started += 1
            number = str(self._started)
        environment = self._start(spec, self._host, number)
        with self._lock:
            self._at_work.append(environment)
            self._ticking.listeners.append(environment)
        environment.start()
        return environment

    def give_back(self, environment: Environment) -> None:
        """The environment has answered: keep it warm, unless its process is gone."""
        with self._lock:
            self._at_work.remove(environment)
            if environment.closed:
                self._ticking.listeners.remove(environment)
            else:
                environment.idle_since = self._sandbox.clock.now
                spec = environment.spec
                self._idle[spec.arn, spec.revision].append(environment)

    def warm(self, spec: Spec, count: int) -> None:
        """Start environments until `count` are there: provisioned concurrency."""
        for _ in range(count - self.there(spec)):
            environment = self._started_for(replace(spec, provisioned=True))
            environment.kept = True
            environment.told_of_init()
            self.give_back(environment)

    def release(self, spec: Spec) -> None:
        """Keep a version's environments no longer than any others, counted from now."""
        with self._lock:
            for environment in self._idle[spec.arn, spec.revision]:
                if environment.kept:
                    environment.kept, environment.idle_since = False, self._sandbox.clock.now

    def there(self, spec: Spec) -> int:
        """How many environments a version has, idle or at work."""
        at_work = sum(one.spec.arn == spec.arn for one in self._at_work)
        return at_work + len(self._idle[spec.arn, spec.revision])

    def at_work(self, name: str | None = None) -> int:
        """How many environments are handling an event, of one function or of all."""
        return sum(name in (None, one.spec.name) for one in self._at_work)

    def forget(self, name: str) -> None:
        """End the idle environments of a function that is gone."""
        with self._lock:
            for idle in self._idle.values():
                self._end([one for one in idle if one.spec.name == name], idle)

    def close(self) -> None:
        """End every environment."""
        followers = self._sandbox.clock.followers
        if self._ticking in followers:
            followers.remove(self._ticking)
        for environment in list(self._ticking.listeners):
            environment.close()
        self._ticking.close()
        self._shelf.close()

    def _end_old(self, spec: Spec) -> None:
        """End the environments of earlier revisions, and those that have waited too long."""
        oldest = self._sandbox.clock.now - KEPT_WARM
        for (arn, revision), idle in self._idle.items():
            old = arn == spec.arn and revision != spec.revision
            self._end(
                [one for one in idle if old or (one.idle_since < oldest and not one.kept)], idle
            )

    def _end(self, ended: list[Environment], idle: list[Environment]) -> None:
        for environment in ended:
            environment.close()
            idle.remove(environment)
            self._ticking.listeners.remove(environment)
