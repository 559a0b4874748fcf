"""How many environments does a function need, and what happens when it cannot have them?"""

from __future__ import annotations

from labkit.explorables.controls import Choice, Playhead, Slider
from labkit.explorables.lambda_concurrency.figure import figure
from labkit.explorables.lambda_concurrency.shop import ASYNC, NOT_RESERVED, SYNC
from labkit.explorables.lambda_concurrency.tasks import TASKS
from labkit.explorables.lambda_concurrency.words import numbers, reading
from labkit.explorables.parts import Explorable, Preset, Source
from labkit.facts import fact
from labkit.models.lambda_concurrency.function import DURATION_MIN_S
from labkit.models.lambda_concurrency.traffic import BURST, RAMP, STEADY, WINDOW_S
from labkit.units import SECONDS_PER_DAY, SECONDS_PER_MINUTE

GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg/"
ACCOUNT = int(fact("lambda.account_concurrency_default"))
PER_CONCURRENCY = int(fact("lambda.requests_per_s_per_concurrency"))

EXPLORABLE = Explorable(
    slug="lambda_concurrency",
    title="How many environments a function needs",
    question="How many environments does a function need, and what happens when it cannot have "
    "them?",
    controls=(
        Choice(
            "shape",
            "Events arrive",
            ((STEADY, "steadily"), (RAMP, "more and more"), (BURST, "in a burst")),
            BURST,
        ),
        Slider("rate_per_s", "At most", 1, 5000, 300, log=True, whole=True, unit="a second"),
        Slider("duration_s", "The handler takes", DURATION_MIN_S, 10, 0.5, log=True, unit="s"),
        Slider(
            "provisioned",
            "Provisioned concurrency",
            0,
            500,
            0,
            step=10,
            help="Environments that are started beforehand and paid for all month.",
        ),
        Choice(
            "caller",
            "Callers",
            ((SYNC, "wait for the answer (synchronous)"), (ASYNC, "do not (asynchronous)")),
            SYNC,
            more=True,
        ),
        Choice(
            "reserved",
            "Reserved concurrency",
            (
                (NOT_RESERVED, "none"),
                (0, "0: the function is stopped"),
                (20, "20"),
                (50, "50"),
                (100, "100"),
                (200, "200"),
                (500, "500"),
                (900, "900"),
            ),
            NOT_RESERVED,
            more=True,
            help="So many are the function's own, and it gets no more. It costs nothing.",
        ),
        Slider(
            "others_percent",
            "Other functions use",
            0,
            100,
            0,
            step=5,
            unit="% of the account",
            more=True,
        ),
        Slider(
            "account",
            "Limit of the account",
            200,
            10_000,
            ACCOUNT,
            log=True,
            whole=True,
            more=True,
            help="AWS raises it on request; new accounts begin with less.",
        ),
        Slider("init_s", "A start takes", 0.1, 8, 1.5, log=True, unit="s", more=True),
        Slider(
            "memory_mib",
            "Memory",
            128,
            int(fact("lambda.memory_max_mib")),
            512,
            log=True,
            whole=True,
            unit="MB",
            more=True,
        ),
        Slider(
            "minutes_per_day",
            "Such minutes a day",
            1,
            SECONDS_PER_DAY // SECONDS_PER_MINUTE,
            60,
            log=True,
            whole=True,
            more=True,
            help="For the month's bill; between them nothing arrives.",
        ),
    ),
    figure=figure,
    reading=reading,
    numbers=numbers,
    playhead=Playhead("at_s", "Time", WINDOW_S, 0.5, start=21),
    tasks=TASKS,
    presets=(
        Preset(
            "burst",
            "A burst finds nobody ready",
            {},
            "At 20 s ten times as many events come. Watch the blue: each half box is a start that "
            "somebody waits for.",
        ),
        Preset(
            "provisioned",
            "Ready beforehand",
            {"provisioned": 150},
            "The same burst, no blue, and a bill that runs all month.",
        ),
        Preset(
            "account",
            "More than the account has",
            {"shape": RAMP, "rate_per_s": 700, "duration_s": 2, "at_s": 40},
            "The dotted line is what the events ask for. Where it crosses the limit, the red "
            "begins.",
        ),
        Preset(
            "others",
            "A noisy neighbour",
            {"shape": STEADY, "rate_per_s": 200, "others_percent": 95, "at_s": 30},
            "Nothing is wrong with this function; others have taken the account. Reserve "
            "concurrency for it under More.",
        ),
        Preset(
            "pace",
            "Faster than Lambda scales",
            {
                "shape": STEADY,
                "rate_per_s": 1500,
                "duration_s": 3,
                "account": 10_000,
                "at_s": 12,
            },
            "The limit is far away. What throttles is how fast environments may be added: a "
            "thousand at once, then a hundred a second.",
        ),
        Preset(
            "async",
            "Nobody waits for the answer",
            {"caller": ASYNC, "reserved": 50, "at_s": 31},
            "The function may use too little for the burst. Watch the queue: what is throttled "
            "comes again after 1 s, 2 s, 4 s.",
        ),
    ),
    not_modelled=(
        "Every event takes equally long, and none fails.",
        "An event that meets a cold start waits for the environment that is started for it. In "
        "truth it may get one that becomes free before.",
        "A throttled synchronous caller gives up. An SDK would try again a few times, which adds "
        "to the crowd.",
        f"A function also takes at most {PER_CONCURRENCY} requests a second for each of its "
        f"concurrency. That matters only for handlers that take less than {DURATION_MIN_S} s.",
        "Warm environments stay for the minute. AWS ends idle ones after a time that it does not "
        "tell, so that each such minute of the bill begins cold.",
        "How fast environments may be added is a bucket of a thousand that fills continuously; "
        "AWS promises its best attempt at that.",
        "Retries of throttled events double their wait from 1 s. AWS gives the first wait and the "
        "longest one, not those in between.",
        "Prices are those of x86 in US East, and all day's provisioning is paid; Application Auto "
        "Scaling can switch it by schedule.",
    ),
    sources=(
        Source("Function scaling and concurrency", GUIDE + "lambda-concurrency.html"),
        Source("Scaling behaviour", GUIDE + "scaling-behavior.html"),
        Source("Provisioned concurrency", GUIDE + "provisioned-concurrency.html"),
        Source("Asynchronous retries", GUIDE + "invocation-async-error-handling.html"),
        Source(
            "Functions scale 12 times faster",
            "https://aws.amazon.com/blogs/aws/aws-lambda-functions-now-scale-12-times-faster-when-"
            "handling-high-volume-requests/",
        ),
        Source("Prices", "https://aws.amazon.com/lambda/pricing/"),
    ),
)
