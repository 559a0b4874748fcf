"""What does a bad version do to your users, and to whoever has to undo it?"""

from __future__ import annotations

from labkit.explorables.beanstalk_deployments.figure import figure
from labkit.explorables.beanstalk_deployments.shop import (
    ALL,
    BATCH_MAX,
    BEYOND_THE_END,
    CHOICES,
    LATE,
    VERSIONS,
    end_s,
    moment_text,
)
from labkit.explorables.beanstalk_deployments.steps import path
from labkit.explorables.beanstalk_deployments.tasks import TASKS
from labkit.explorables.beanstalk_deployments.words import numbers, reading
from labkit.explorables.controls import Choice, Playhead, Slider, Toggle
from labkit.explorables.parts import Explorable, Preset, Source
from labkit.facts import fact
from labkit.models.beanstalk_deployments.settings import (
    BLUE_GREEN,
    ERRORS,
    GOOD,
    HEALTH_S,
    IMMUTABLE,
    NEW_PERCENT,
    ROLLING,
    TIMEOUT_ADDED_S,
    TIMEOUT_S,
)
from labkit.units import SECONDS_PER_MINUTE

GUIDE = "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/"
ADDED_MIN = TIMEOUT_ADDED_S // SECONDS_PER_MINUTE

EXPLORABLE = Explorable(
    slug="beanstalk_deployments",
    title="Six ways to deploy a bad version",
    question="What does a bad version do to your users, and to whoever has to undo it?",
    controls=(
        Choice(
            "policy",
            "Deployment policy",
            CHOICES,
            ALL,
        ),
        Choice(
            "version",
            "The new version",
            VERSIONS,
            ERRORS,
        ),
        Slider("instances", "Instances", 2, 12, 4),
        Slider(
            "batch",
            "In a batch",
            1,
            BATCH_MAX,
            2,
            help="For the two rolling policies; all at most.",
        ),
        Slider(
            "launch_min", "An instance launches in", 0.5, 10, 3, step=0.5, unit="min", more=True
        ),
        Slider("deploy_s", "The code is installed in", 10, 240, 30, step=10, unit="s", more=True),
        Slider(
            "health_s",
            "Healthy after checks for",
            30,
            300,
            HEALTH_S,
            step=15,
            unit="s",
            more=True,
            help="Two minutes for web servers, three for workers.",
        ),
        Slider(
            "timeout_s",
            "Command timeout",
            300,
            1800,
            TIMEOUT_S,
            step=60,
            unit="s",
            more=True,
            help=f"Beanstalk adds {ADDED_MIN} minutes.",
        ),
        Toggle("ignore", "Ignore health checks", False, more=True),
        Slider(
            "new_percent",
            "Traffic splitting sends",
            1,
            50,
            NEW_PERCENT,
            unit="% to the new version",
            more=True,
        ),
        Slider(
            "evaluation_min",
            "and evaluates it for",
            int(fact("beanstalk.evaluation_time_min_min")),
            30,
            int(fact("beanstalk.evaluation_time_default_min")),
            unit="min",
            more=True,
        ),
        Slider(
            "late_min",
            "Late errors begin after",
            1,
            20,
            3,
            unit="min of requests",
            more=True,
        ),
        Slider(
            "react_min",
            "Somebody reacts within",
            0,
            30,
            2,
            unit="min",
            more=True,
            help="To a failed deployment, or to errors that Beanstalk did not see.",
        ),
    ),
    figure=figure,
    reading=reading,
    numbers=numbers,
    path=path,
    playhead=Playhead(
        "at_s",
        "Time",
        end_s,
        15,
        start=BEYOND_THE_END,
        replay=True,
        where=moment_text,
    ),
    tasks=TASKS,
    presets=(
        Preset(
            "bad",
            "The same bad version, six ways",
            {},
            "Press Play. Compare the red in the strips of requests: how high it is, and how long.",
        ),
        Preset(
            "good",
            "The same good version",
            {"version": GOOD},
            "Now compare the time and the instances: what you pay for safety that you did not need "
            "this time.",
        ),
        Preset(
            "late",
            "What health checks do not see",
            {"version": LATE},
            "Errors begin after three minutes of requests, when the checks are over. Only two of "
            "the six still look.",
        ),
        Preset(
            "rolling",
            "Rolling: a batch fails",
            {"policy": ROLLING},
            "Beanstalk stops at the first batch, and leaves it as it is. The errors go on until "
            "somebody deploys the old version again.",
        ),
        Preset(
            "immutable",
            "Immutable: one instance first",
            {"policy": IMMUTABLE},
            "One new instance serves beside the old ones. When its time is up, Beanstalk "
            "terminates it; nothing else was touched.",
        ),
        Preset(
            "ignored",
            "Health ignored",
            {"policy": ROLLING, "ignore": True},
            "Each batch has its timeout, and then Beanstalk goes on to the next, until every "
            "instance answers with errors. It reports success.",
        ),
        Preset(
            "swap",
            "Blue/green: swap, and swap back",
            {"policy": BLUE_GREEN, "version": LATE},
            "The old environment still stands when the errors begin: going back takes no "
            "deployment, only a swap.",
        ),
    ),
    not_modelled=(
        "Requests spread evenly over the instances in service, and half the fleet answers as fast "
        "as all of it.",
        "A batch that is detached loses no request. Draining and the load balancer's checks are "
        "part of the time in which the code is installed.",
        "An instance that does not start gets no requests from the load balancer; one that answers "
        "with errors still does.",
        "AWS does not say how soon traffic splitting finds errors; here it takes a minute.",
        "When a later batch fails, the additional one is terminated at once here; the guide does "
        "not say when.",
        "The old version is deployed again by the same policy, and nobody aborts a deployment.",
        "A second environment takes five minutes besides its instances, somebody tests it, clients "
        "follow a swap within a minute, and the old one is kept for ten.",
        "Auto Scaling changes nothing meanwhile.",
    ),
    sources=(
        Source("Deployment policies", GUIDE + "using-features.rolling-version-deploy.html"),
        Source("All methods compared", GUIDE + "using-features.deploy-existing-version.html"),
        Source("Immutable updates", GUIDE + "environmentmgmt-updates-immutable.html"),
        Source("Blue/green deployments", GUIDE + "using-features.CNAMESwap.html"),
        Source("Options", GUIDE + "command-options-general.html"),
    ),
)
