"""What the model's steps are called in an environment's events. The words are labkit's own."""

from __future__ import annotations

from labkit.models.beanstalk_deployments.trace import Step

INFO, WARN, ERROR = "INFO", "WARN", "ERROR"
_WORDS = {
    "creates": (INFO, "Creating the load balancer, the Auto Scaling group and the rest."),
    "launches": (INFO, "Launching {count}."),
    "deploys": (INFO, "Deploying {label} to {count}, which take no requests meanwhile."),
    "joins": (INFO, "{count} in service with {label}; their health is checked."),
    "passes": (INFO, "{count} passed all health checks."),
    "times out": (ERROR, "The command timeout is over: {count} not healthy."),
    "ignores": (WARN, "IgnoreHealthCheck is true: going on all the same."),
    "splits": (INFO, "A part of the requests goes to the {count} with {label}."),
    "notices": (WARN, "Instances with {label} have become unhealthy."),
    "reroutes": (INFO, "All requests go to the old instances again."),
    "shifts": (INFO, "All requests go to the {count} with {label}."),
    "terminates": (INFO, "Terminating {count}."),
    "stops": (ERROR, "The deployment of {label} has failed."),
    "completes": (INFO, "{label} is deployed."),
}


def in_words(step: Step, label: str) -> tuple[str, str]:
    """The severity and the message of a step, of the version that was being deployed."""
    severity, words = _WORDS[step.what]
    count = f"{step.count} instance{'' if step.count == 1 else 's'}"
    return severity, words.format(count=count, label=label)
