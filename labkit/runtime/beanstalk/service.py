"""`lab.beanstalk`: versions, environments, deployments, and the swap of two names.

eb = lab.beanstalk
eb.create_version("v1", {"application.py": code})
eb.create_environment("tickets", "v1", options={"aws:autoscaling:asg": {"MinSize": 4}})
eb.wait("tickets")
eb.deploy("tickets", "v2")
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from labkit.errors import UsageError, nearest
from labkit.facts import fact
from labkit.runtime.beanstalk import addresses
from labkit.runtime.beanstalk.application import Answer
from labkit.runtime.beanstalk.bundle import Given, open_bundle
from labkit.runtime.beanstalk.call import Call, Waiter, settings
from labkit.runtime.beanstalk.database import Coupled
from labkit.runtime.beanstalk.environment import Environment
from labkit.runtime.beanstalk.options import DATABASE, flat, value_of
from labkit.runtime.beanstalk.releases import Version
from labkit.runtime.beanstalk.seen import Done, Events
from labkit.sandbox import guard

if TYPE_CHECKING:
    from labkit.sandbox.sandbox import Sandbox

APPLICATION = "tickets"
BUCKET = f"elasticbeanstalk-{guard.REGION}-123456789012"
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
Options = Mapping[str, Mapping[str, object]]


class Beanstalk:
    """An application's versions and environments on the virtual clock."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.versions: dict[str, Version] = {}
        self.environments: dict[str, Environment] = {}
        self._databases: dict[str, Coupled] = {}
        self._properties: dict[str, dict[str, str]] = {}  # of an environment's database
        addresses.open_for(self)

    def create_version(self, label: str, bundle: Given) -> Done:
        """Make an application version of a source bundle: a ZIP file's bytes or path, a folder, or
        a dictionary from path to text.

        Its configuration files are read when it is deployed; what is wrong with them is said now,
        too. Raises UsageError if the label is taken or the bundle is none.
        """
        if label in self.versions:
            raise UsageError(
                f"There is a version {label!r} already.",
                "A version's label stands for one bundle, for ever.",
                "Choose another label.",
            )
        version = Version(label, open_bundle(bundle))
        self.versions[label] = version
        said = [f"Version {label}: {version.bundle!r}"]
        said += [f"not read, since it lies elsewhere: {path}" for path in version.bundle.unread]
        said += [
            f"read, and not run in the lab: {section} ({', '.join(names)})"
            for section, names in version.bundle.configuration.sections.items()
        ]
        said += [str(problem) for problem in version.bundle.configuration.problems]
        call = Call(
            "CreateApplicationVersion",
            ApplicationName=APPLICATION,
            VersionLabel=label,
            SourceBundle={"S3Bucket": BUCKET, "S3Key": f"{label}.zip"},
        )
        return Done(said, call)

    def create_environment(
        self,
        name: str,
        version: str,
        *,
        options: Options | None = None,
        cname: str = "",
        clients_ask: tuple[str, ...] = ("/",),
    ) -> Done:
        """Begin to create an environment that runs a version; it takes some minutes.

        `options` are {namespace: {option: value}}, set on the environment itself; `cname` is the
        first part of its address, its name if that is left out. `clients_ask` are the paths that
        its users ask for all the time: answers of 500 and more make an instance unhealthy.
        """
        _must_be_a_name(name)
        self._must_be_free(name, addresses.cname(cname or name))
        chosen, own = self._version(version), flat(options or {})
        if chosen.bundle.configuration.problems:
            problem = chosen.bundle.configuration.problems[0]
            raise UsageError(
                str(problem),
                "An environment cannot be created from a version with a broken configuration file.",
                "Mend the file, make a version of it, and create the environment from that.",
            )
        counts = {**chosen.bundle.configuration.options, **own}
        self._couple(name, counts)
        made = Environment(
            self.sandbox.clock,
            name,
            chosen,
            own,
            clients_ask=clients_ask,
            database=self._properties[name],
        )
        made.cname = addresses.cname(cname or name)
        self.environments[name] = made
        params = {"CNAMEPrefix": cname} if cname else {}
        call = Call(
            "CreateEnvironment",
            ApplicationName=APPLICATION,
            EnvironmentName=name,
            **params,
            VersionLabel=version,
            OptionSettings=settings(own),
        )
        return Done([f"{name} is {made.status}, until {made.ready_at:%H:%M:%S}."], call)

    def deploy(self, environment: str, version: str) -> Done:
        """Begin to deploy a version. Raises UsageError unless the environment is Ready."""
        found, chosen = self._environment(environment), self._version(version)
        problems = found.deploy(chosen)
        if problems:
            said = [*problems, f"{version} cannot be deployed, and no instance was touched."]
        else:
            policy = found.deployments[-1].policy
            said = [f"{environment} is {found.status}: {version} comes by {policy}."]
        call = Call("UpdateEnvironment", EnvironmentName=environment, VersionLabel=version)
        return Done(said, call)

    def configure(self, environment: str, options: Options) -> Done:
        """Set options on the environment itself; they count before a configuration file's."""
        found, own = self._environment(environment), flat(options)
        found.must_be_ready()
        self._couple(environment, {**found.options, **own})
        found.configure(own)
        call = Call("UpdateEnvironment", EnvironmentName=environment, OptionSettings=settings(own))
        return Done([f"{environment} is {found.status}."], call)

    def swap(self, one: str, other: str) -> Done:
        """Let two environments have each other's name. Both must be Ready."""
        first, second = self._environment(one), self._environment(other)
        if first is second:
            raise UsageError(f"{one} cannot be swapped with itself.", "A swap takes two.")
        for each in (first, second):
            each.must_be_ready()
        first.cname, second.cname = second.cname, first.cname
        for each in (first, second):
            each.note("INFO", f"Swapped names: {each.name} is at {each.cname} now.")
        call = Call(
            "SwapEnvironmentCNAMEs", SourceEnvironmentName=one, DestinationEnvironmentName=other
        )
        return Done([f"http://{each.cname} is {each.name} now." for each in (first, second)], call)

    def terminate(self, environment: str) -> Done:
        """Terminate an environment, and what belongs to it: its database as its policy says."""
        found = self._environment(environment)
        found.must_be_ready()
        found.note("INFO", f"Terminating {environment}.")
        said = [f"{environment} is terminated."]
        if environment in self._databases:
            said.append(self._databases.pop(environment).end())
            self._properties.pop(environment)
            found.note("INFO", said[-1])
        found.end()
        return Done(said, Call("TerminateEnvironment", EnvironmentName=environment))

    def wait(self, environment: str) -> Done:
        """Move the clock until the environment is Ready, and show it."""
        found = self._environment(environment)
        if not found.terminated:
            self.sandbox.clock.advance_to(found.ready_at)
        return Done([repr(found)], Waiter("environment_updated", environment))

    def get(self, url: str) -> Answer:
        """What a browser would be answered at an environment's address.

        `requests` and `urllib3` are answered at it too.
        """
        parts = urlsplit(url)
        found = addresses.holder(self, parts.netloc)
        return found.answer(parts.path, "GET", parts.query, b"")

    def events(self, environment: str) -> Events:
        """What has happened to an environment so far, the oldest first."""
        return self._environment(environment).events

    def at(self, host: str) -> Environment | None:
        """The environment that has this address now."""
        alive = [each for each in self.environments.values() if not each.terminated]
        return next((each for each in alive if each.cname == host), None)

    def forget(self, *names: str) -> None:
        """Let environments and versions of these names never have been, their databases too."""
        for name in names:
            self.versions.pop(name, None)
            self.environments.pop(name, None)
            self._properties.pop(name, None)
            if name in self._databases:
                database = self._databases.pop(name)
                database.policy = "Delete"
                database.end()

    def __getitem__(self, environment: str) -> Environment:
        return self._environment(environment)

    def __repr__(self) -> str:
        shown = "\n".join(map(repr, self.environments.values()))
        head = "Elastic Beanstalk, as labkit models it; nothing here was called on boto3."
        return f"{head}\n{shown or 'There is no environment yet.'}"

    def _couple(self, name: str, options: dict[tuple[str, str], str]) -> None:
        """Make the database that the options ask for, unless it is there."""
        kept = self._properties.setdefault(name, {})
        asked = value_of(options, DATABASE, "HasCoupledDatabase").lower() == "true"
        if asked and name not in self._databases:
            self._databases[name] = Coupled(self.sandbox, name, options)
            kept.update(self._databases[name].properties)

    def _environment(self, name: str) -> Environment:
        if name not in self.environments:
            raise _unknown("environment", name, list(self.environments))
        return self.environments[name]

    def _version(self, label: str) -> Version:
        if label not in self.versions:
            raise _unknown("version", label, list(self.versions))
        return self.versions[label]

    def _must_be_free(self, name: str, cname: str) -> None:
        taken = self.environments.get(name)
        if taken is not None and not taken.terminated:
            raise UsageError(
                f"There is an environment {name!r} already.",
                "A name is unique in an account and Region.",
                "Choose another, or terminate that one.",
            )
        if self.at(cname) is not None:
            raise UsageError(f"The address {cname} is taken.", "Give another `cname`.")


def _must_be_a_name(name: str) -> None:
    least, most = (int(fact(f"beanstalk.environment_name_{end}_chars")) for end in ("min", "max"))
    if not (least <= len(name) <= most and _NAME.fullmatch(name)):
        raise UsageError(
            f"An environment cannot be named {name!r}.",
            f"A name has {least} to {most} letters, digits and hyphens, no hyphen at either end.",
        )


def _unknown(kind: str, name: str, known: list[str]) -> UsageError:
    near = nearest(name, known)
    there = f"Is {near!r} meant?" if near else f"There is {', '.join(known) or 'none yet'}."
    return UsageError(f"There is no {kind} {name!r}.", there)
