"""The versions of one environment under its options: what counts for each, and how it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.errors import UsageError
from labkit.models.beanstalk_deployments.settings import CRASH, ERRORS, GOOD, Environment
from labkit.models.beanstalk_deployments.settings import Version as Fault
from labkit.runtime.beanstalk import options as known
from labkit.runtime.beanstalk.application import OK, Application

if TYPE_CHECKING:
    from labkit.runtime.beanstalk.bundle import Bundle

FAILS_FROM = 500  # of the status codes: the server's fault


@dataclass(frozen=True)
class Version:
    """An application version: a label, and the bundle that it names."""

    label: str
    bundle: Bundle


class Releases:
    """What was deployed to an environment, the last one last, and the options set on it."""

    def __init__(
        self, own: dict[tuple[str, str], str], asked: tuple[str, ...], database: Mapping[str, str]
    ) -> None:
        self.own = own
        self._asked, self._database = asked, database
        self.deployed: list[Version] = []
        self._running: dict[str, Application] = {}

    def options(self, version: Version) -> dict[tuple[str, str], str]:
        """What counts: its configuration files' settings, under those set on the environment."""
        return {**version.bundle.configuration.options, **self.own}

    def settings(self, version: Version) -> Environment:
        """What the model deploys the version by."""
        return known.as_environment(self.options(version))

    def take(self, version: Version) -> Fault:
        """Take up a version that is deployed now; what is wrong with it."""
        self.deployed.append(version)
        self._running.pop(version.label, None)
        return self.fault(version)

    def change(self, options: dict[tuple[str, str], str]) -> None:
        """Set options; applications start afresh. Raises UsageError, and sets none, if they do not
        go together."""
        before, self.own = self.own, {**self.own, **options}
        try:
            self.settings(self.deployed[-1])
        except UsageError:
            self.own = before
            raise
        self._running.clear()

    def application(self, label: str) -> Application:
        """The application of a version that was deployed, as it runs on every instance."""
        if label not in self._running:
            version = next(each for each in reversed(self.deployed) if each.label == label)
            options = self.options(version)
            path = known.value_of(options, known.PYTHON, "WSGIPath")
            properties = {**self._database, **known.properties(options)}
            self._running[label] = Application(version.bundle, path, properties)
        return self._running[label]

    def fault(self, version: Version) -> Fault:
        """What is wrong with a version: it is asked as the load balancer and the clients ask."""
        application = self.application(version.label)
        if application.answer(known.health_path(self.options(version))).status != OK:
            fault = CRASH
        elif any(application.answer(path).status >= FAILS_FROM for path in self._asked):
            fault = ERRORS
        else:
            fault = GOOD
        return Fault(fault, label=version.label)

    def faults(self, labels: set[str]) -> dict[str, Fault]:
        """The same of each of these and of the last one, which comes last."""
        last = self.deployed[-1]
        old = {each.label: each for each in self.deployed if each.label in labels - {last.label}}
        return {each.label: self.fault(each) for each in [*old.values(), last]}
