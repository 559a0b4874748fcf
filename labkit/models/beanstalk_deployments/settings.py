"""What is set before a deployment: the environment's options, and what is wrong with the version.

https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.rolling-version-deploy.html
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html
"""

from __future__ import annotations

from dataclasses import dataclass

from labkit.errors import UsageError
from labkit.facts import fact
from labkit.models.limits import within
from labkit.units import SECONDS_PER_MINUTE

ALL_AT_ONCE, ROLLING, ADDITIONAL_BATCH = "AllAtOnce", "Rolling", "RollingWithAdditionalBatch"
IMMUTABLE, TRAFFIC_SPLITTING = "Immutable", "TrafficSplitting"
BLUE_GREEN = "BlueGreen"  # no policy: a second environment, and a swap of the two URLs
WAYS = (ALL_AT_ONCE, ROLLING, ADDITIONAL_BATCH, IMMUTABLE, TRAFFIC_SPLITTING, BLUE_GREEN)
POLICIES = WAYS[:-1]

OLD, NEW = "v1", "v2"
GOOD, CRASH, ERRORS = "good", "crash", "errors"
FAULTS = (GOOD, CRASH, ERRORS)

INSTANCES_MAX = 100
TIMES = "launch deploy health create notice react dns keep"
TIMEOUT_S = int(fact("beanstalk.command_timeout_default_s"))
TIMEOUT_MAX_S = int(fact("beanstalk.command_timeout_max_s"))
TIMEOUT_ADDED_S = int(fact("beanstalk.command_timeout_added_s"))
HEALTH_S = int(fact("beanstalk.health_window_web_s"))
NEW_PERCENT = int(fact("beanstalk.new_version_percent_default"))
EVALUATION_S = int(fact("beanstalk.evaluation_time_default_min")) * SECONDS_PER_MINUTE
EVALUATION_MIN_S = int(fact("beanstalk.evaluation_time_min_min")) * SECONDS_PER_MINUTE
EVALUATION_MAX_S = int(fact("beanstalk.evaluation_time_max_min")) * SECONDS_PER_MINUTE


@dataclass(frozen=True)
class Version:
    """A version that is deployed, and its fault.

    `crash`: it does not pass the load balancer's health check, which then sends it no requests.
    `errors`: it passes that check and answers other requests with errors, from `after_s` seconds
    of requests on. The first `well` instances that get it have no fault, as when the last ones
    find no connection to the database left.
    """

    fault: str = GOOD
    after_s: float = 0
    well: int = 0
    label: str = NEW

    def __post_init__(self) -> None:
        if self.fault not in FAULTS:
            raise UsageError(f"fault is {self.fault!r}.", f"It is one of {', '.join(FAULTS)}.")
        within("after_s", self.after_s, 0, TIMEOUT_MAX_S)
        within("well", self.well, 0, INSTANCES_MAX)


@dataclass(frozen=True)
class Environment:
    """A load-balanced environment and how it deploys; `batch` counts instances (see batches).

    AWS sets: `timeout_s` (Timeout, to which Beanstalk adds four minutes), `ignore_health_check`,
    `new_percent` (NewVersionPercent), `evaluation_s` (EvaluationTime, which is in minutes there),
    and `health_s`, how long all checks must be passed before an instance counts as healthy.
    You find out: `launch_s`, from the launch of an instance until code can be deployed, and
    `deploy_s`, from then until the load balancer sends it requests; for a second environment
    besides `create_s`, until its load balancer and the rest of it are there.
    Assumed: `notice_s`, until errors make an instance unhealthy; `react_s`, until somebody acts on
    a deployment that failed; `dns_s`, until every client has followed a swap of URLs; `keep_s`,
    how long the old environment is kept after it.
    """

    policy: str = ALL_AT_ONCE
    instances: int = 4
    batch: int = 2
    launch_s: float = 180
    deploy_s: float = 30
    health_s: float = HEALTH_S
    timeout_s: float = TIMEOUT_S
    ignore_health_check: bool = False
    new_percent: float = NEW_PERCENT
    evaluation_s: float = EVALUATION_S
    create_s: float = 300
    notice_s: float = 60
    react_s: float = 120
    dns_s: float = 60
    keep_s: float = 600

    def __post_init__(self) -> None:
        if self.policy not in WAYS:
            raise UsageError(f"policy is {self.policy!r}.", f"It is one of {', '.join(WAYS)}.")
        within("instances", self.instances, 1, INSTANCES_MAX)
        within("batch", self.batch, 1, self.instances)
        within("timeout_s", self.timeout_s, 1, TIMEOUT_MAX_S)
        within("new_percent", self.new_percent, 1, 100)
        within("evaluation_s", self.evaluation_s, EVALUATION_MIN_S, EVALUATION_MAX_S)
        for name in TIMES.split():
            within(f"{name}_s", getattr(self, f"{name}_s"), 0, TIMEOUT_MAX_S)
        if self.deploy_s + self.health_s > self.wait_s:
            raise UsageError(
                f"deploy_s and health_s exceed the timeout_s of {self.timeout_s}.",
                "Not even a good version could be deployed.",
            )

    @property
    def wait_s(self) -> float:
        """How long Beanstalk waits for an instance in truth: its timeout and four minutes."""
        return self.timeout_s + TIMEOUT_ADDED_S
