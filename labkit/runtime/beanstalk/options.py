"""The configuration options that the model obeys, and what becomes of their values.

A value set directly on the environment counts before one of a configuration file, and that before
the default.

https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options.html
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labkit.errors import UsageError, nearest
from labkit.facts import fact
from labkit.models.beanstalk_deployments.batches import FIXED, PERCENTAGE, batch_of
from labkit.models.beanstalk_deployments.settings import (
    INSTANCES_MAX,
    NEW_PERCENT,
    POLICIES,
    TIMEOUT_MAX_S,
    TIMEOUT_S,
    Environment,
)
from labkit.units import SECONDS_PER_MINUTE

ASG, COMMAND = "aws:autoscaling:asg", "aws:elasticbeanstalk:command"
SPLITTING, PROPERTIES = (
    "aws:elasticbeanstalk:trafficsplitting",
    "aws:elasticbeanstalk:application:environment",
)
APPLICATION, PROCESS = (
    "aws:elasticbeanstalk:application",
    "aws:elasticbeanstalk:environment:process:default",
)
PYTHON, DATABASE = "aws:elasticbeanstalk:container:python", "aws:rds:dbinstance"
HEALTH_URL, HEALTH_PATH = (APPLICATION, "Application Healthcheck URL"), (PROCESS, "HealthCheckPath")

Options = Mapping[tuple[str, str], str]
_BOOLEAN = ("true", "false")


@dataclass(frozen=True)
class Option:
    """An option's default, and what its values may be: a range, some words, or any text."""

    default: str
    range: tuple[int, int] | None = None
    words: tuple[str, ...] = ()

    def refuses(self, value: str) -> str:
        """Why the value will not do; empty if it will."""
        if self.range is not None:
            least, most = self.range
            if not value.lstrip("-").isdigit() or not least <= int(value) <= most:
                return f"It is a whole number from {least} to {most}."
        if self.words and value.lower() not in [word.lower() for word in self.words]:
            near = nearest(value, list(self.words))
            meant = f" Is `{near}` meant?" if near else ""
            return f"It is one of {', '.join(self.words)}.{meant}"
        return ""


OPTIONS: dict[str, dict[str, Option]] = {
    ASG: {
        "MinSize": Option("1", range=(1, INSTANCES_MAX)),
        "MaxSize": Option("4", range=(1, INSTANCES_MAX)),
    },
    COMMAND: {
        "DeploymentPolicy": Option(
            str(fact("beanstalk.deployment_policy_default")), words=POLICIES
        ),
        "BatchSizeType": Option(PERCENTAGE, words=(PERCENTAGE, FIXED)),
        "BatchSize": Option(
            str(fact("beanstalk.batch_size_default_percent")), range=(1, INSTANCES_MAX)
        ),
        "Timeout": Option(str(TIMEOUT_S), range=(1, TIMEOUT_MAX_S)),
        "IgnoreHealthCheck": Option("false", words=_BOOLEAN),
    },
    SPLITTING: {
        "NewVersionPercent": Option(str(NEW_PERCENT), range=(1, 100)),
        "EvaluationTime": Option(
            str(fact("beanstalk.evaluation_time_default_min")),
            range=(
                int(fact("beanstalk.evaluation_time_min_min")),
                int(fact("beanstalk.evaluation_time_max_min")),
            ),
        ),
    },
    APPLICATION: {HEALTH_URL[1]: Option("/")},
    PROCESS: {HEALTH_PATH[1]: Option("/")},
    PYTHON: {"WSGIPath": Option("application")},
    DATABASE: {
        "HasCoupledDatabase": Option("false", words=_BOOLEAN),
        "DBDeletionPolicy": Option("Delete", words=("Delete", "Snapshot", "Retain")),
        "DBEngine": Option("mysql"),
        "DBUser": Option("ebroot"),
        "DBPassword": Option(""),
    },
}


# Namespaces that AWS has beside these; nothing here obeys them. Those that end in a colon go on.
OTHERS = (
    "aws:autoscaling:launchconfiguration",
    "aws:autoscaling:scheduledaction",
    "aws:autoscaling:trigger",
    "aws:autoscaling:updatepolicy:rollingupdate",
    "aws:cloudformation:template:parameter",
    "aws:ec2:",
    PROPERTIES,  # where any name will do
    "aws:elasticbeanstalk:cloudwatch:",
    "aws:elasticbeanstalk:container:",
    "aws:elasticbeanstalk:control",
    "aws:elasticbeanstalk:environment",
    "aws:elasticbeanstalk:environment:process:",
    "aws:elasticbeanstalk:environment:proxy",
    "aws:elasticbeanstalk:environment:proxy:staticfiles",
    "aws:elasticbeanstalk:healthreporting:system",
    "aws:elasticbeanstalk:hostmanager",
    "aws:elasticbeanstalk:managedactions",
    "aws:elasticbeanstalk:managedactions:platformupdate",
    "aws:elasticbeanstalk:monitoring",
    "aws:elasticbeanstalk:sns:topics",
    "aws:elasticbeanstalk:sqsd",
    "aws:elasticbeanstalk:xray",
    "aws:elb:",
    "aws:elbv2:",
)


@dataclass(frozen=True)
class Complaint:
    """Why an option cannot be set so, and whether its value is to blame or its name."""

    what: str
    of_value: bool


def complaint(namespace: str, name: str, value: str) -> Complaint | None:
    """What is wrong with a setting. Other options of AWS's than the model obeys are let pass."""
    if namespace not in OPTIONS:
        if any(_within(namespace, known) for known in OTHERS):
            return None
        near = nearest(namespace, [*OPTIONS, *(each for each in OTHERS if each[-1] != ":")])
        meant = f" Is `{near}` meant?" if near else ""
        return Complaint(f"There is no namespace `{namespace}`.{meant}", False)
    option = OPTIONS[namespace].get(name)
    if option is None:
        near = nearest(name, list(OPTIONS[namespace]))
        return Complaint(f"Is `{near}` meant by `{name}`?", False) if near else None
    refused = option.refuses(value)
    return Complaint(f"`{name}` cannot be {value!r}. {refused}", True) if refused else None


def _within(namespace: str, known: str) -> bool:
    return namespace.startswith(known) if known.endswith(":") else namespace == known


def flat(given: Mapping[str, Mapping[str, object]]) -> dict[tuple[str, str], str]:
    """Options as {namespace: {option: value}}, made {(namespace, option): text}.

    Raises UsageError for a value that its option cannot have.
    """
    found = {}
    for namespace, pairs in given.items():
        if not isinstance(pairs, Mapping):
            raise UsageError(
                f"options has {pairs!r} for {namespace!r}.",
                "Options are a dictionary of namespaces, each with a dictionary of its options.",
                'For example: {"aws:autoscaling:asg": {"MinSize": 4}}.',
            )
        for name, value in pairs.items():
            text = str(value).lower() if isinstance(value, bool) else str(value)
            wrong = complaint(namespace, name, text)
            if wrong:
                raise UsageError(f"{namespace}: {wrong.what}")
            found[namespace, name] = text
    return found


def value_of(options: Options, namespace: str, name: str) -> str:
    """An option's value, or its default."""
    return options.get((namespace, name), OPTIONS[namespace][name].default)


def health_path(options: Options) -> str:
    """Where the load balancer asks whether an instance is well: the path of its process, or the URL
    of the application."""
    return options.get(HEALTH_PATH) or value_of(options, *HEALTH_URL) or "/"


def properties(options: Options) -> dict[str, str]:
    """The environment properties: what an application reads from its environment."""
    return {name: value for (namespace, name), value in options.items() if namespace == PROPERTIES}


def as_environment(options: Options) -> Environment:
    """What the model deploys by. Raises UsageError if a batch is larger than the fleet can be."""
    instances = int(value_of(options, ASG, "MinSize"))
    kind = _worded(options, COMMAND, "BatchSizeType")
    return Environment(
        policy=_worded(options, COMMAND, "DeploymentPolicy"),
        instances=instances,
        batch=batch_of(instances, int(value_of(options, COMMAND, "BatchSize")), kind),
        timeout_s=float(value_of(options, COMMAND, "Timeout")),
        ignore_health_check=value_of(options, COMMAND, "IgnoreHealthCheck").lower() == "true",
        new_percent=float(value_of(options, SPLITTING, "NewVersionPercent")),
        evaluation_s=float(value_of(options, SPLITTING, "EvaluationTime")) * SECONDS_PER_MINUTE,
    )


def _worded(options: Options, namespace: str, name: str) -> str:
    """The value as the model spells it, whatever its capitals."""
    value = value_of(options, namespace, name)
    words = OPTIONS[namespace][name].words
    return next(word for word in words if word.lower() == value.lower())
