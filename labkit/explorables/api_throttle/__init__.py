"""Why does an API refuse requests, when on average there are few enough?"""

from __future__ import annotations

from labkit.explorables.api_throttle.figure import figure
from labkit.explorables.api_throttle.shop import NO_PLAN, PLAN_BURST, REGION
from labkit.explorables.api_throttle.tasks import TASKS
from labkit.explorables.api_throttle.words import numbers, reading
from labkit.explorables.controls import Choice, Playhead, Slider, number_text
from labkit.explorables.parts import Explorable, Preset, Source
from labkit.facts import fact
from labkit.models.api_throttle.traffic import CLUMPED, SPIKE, STEADY, WINDOW_S

GUIDE = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"

EXPLORABLE = Explorable(
    slug="api_throttle",
    title="Tokens at the front door",
    question="Why does an API refuse requests, when on average there are few enough?",
    controls=(
        Choice(
            "shape",
            "Requests arrive",
            (
                (STEADY, "evenly"),
                (CLUMPED, "each second’s at once"),
                (SPIKE, "in a spike of 4 s"),
            ),
            CLUMPED,
        ),
        Slider("rate_per_s", "At most", 1, 20_000, 100, log=True, whole=True, unit="a second"),
        Slider(
            "limit_per_s",
            "Rate of the method",
            1,
            int(REGION.rate_per_s),
            100,
            log=True,
            whole=True,
            unit="a second",
            help="Tokens that come in. A stage sets it for each of its methods.",
        ),
        Slider(
            "burst",
            "Burst of the method",
            1,
            int(REGION.burst),
            50,
            log=True,
            whole=True,
            unit="tokens",
            help="How many its bucket holds.",
        ),
        Slider(
            "ttl_s",
            "TTL of the cache",
            0,
            60,
            0,
            unit="s",
            more=True,
            help=f"0 is no cache. API Gateway allows up to {fact('apigateway.cache_ttl_max_s')} s; "
            f"this figure shows {WINDOW_S}.",
        ),
        Slider("answers", "Different answers", 1, 20, 10, more=True, help="Asked for in turn."),
        Slider("backend_s", "The back end takes", 0.1, 5, 0.3, log=True, unit="s", more=True),
        Choice(
            "plan_rate_per_s",
            "Usage plan",
            (
                (NO_PLAN, "none"),
                (1, "1 a second for each client"),
                (10, "10 a second for each client"),
                (50, "50 a second for each client"),
                (200, "200 a second for each client"),
                (1000, "1,000 a second for each client"),
            ),
            NO_PLAN,
            more=True,
            help=f"Its burst is {PLAN_BURST} seconds’ worth.",
        ),
        Slider(
            "clients",
            "Clients",
            1,
            50,
            5,
            more=True,
            help="Each with an API key, and all asking alike. They matter to a usage plan only.",
        ),
        Slider(
            "others_percent",
            "Other APIs take",
            0,
            100,
            0,
            step=5,
            unit="% of the account’s rate",
            more=True,
        ),
    ),
    figure=figure,
    reading=reading,
    numbers=numbers,
    playhead=Playhead("at_s", "Time", WINDOW_S, 0.1, start=5),
    tasks=TASKS,
    presets=(
        Preset(
            "clumped",
            "Few enough, and yet too many",
            {},
            "A hundred requests a second, and a hundred tokens a second. But the bucket holds "
            "fifty, and the requests all come at once.",
        ),
        Preset(
            "even",
            "The same, evenly",
            {"shape": STEADY},
            "As many requests, the same bucket, and no 429.",
        ),
        Preset(
            "spike",
            "Savings for a spike",
            {
                "shape": SPIKE,
                "rate_per_s": 300,
                "burst": 500,
                "at_s": 7.6,
            },
            "A spike of three times the rate lives on the burst. Watch the bucket run dry and "
            "fill again.",
        ),
        Preset(
            "account",
            "All APIs share one account",
            {
                "shape": STEADY,
                "rate_per_s": 4000,
                "limit_per_s": 5000,
                "burst": 5000,
                "others_percent": 80,
                "at_s": 4,
            },
            "The method has tokens left. The account’s bucket, which other APIs drain as well, "
            "is empty.",
        ),
        Preset(
            "plan",
            "A plan for each client",
            {
                "shape": SPIKE,
                "rate_per_s": 400,
                "limit_per_s": 500,
                "burst": 500,
                "plan_rate_per_s": 50,
                "clients": 2,
                "at_s": 7.6,
            },
            "Each client has a bucket of its own, which is asked first. What it refuses takes "
            "no token from the method.",
        ),
        Preset(
            "cache",
            "Answers that are kept",
            {
                "shape": STEADY,
                "rate_per_s": 500,
                "limit_per_s": 1000,
                "burst": 1000,
                "ttl_s": 5,
                "backend_s": 1,
                "at_s": 6.4,
            },
            "Hits never reach the back end. But each time the answers grow old, everybody asks "
            "there until the first new one is back.",
        ),
    ),
    not_modelled=(
        "AWS calls its throttles targets, met with best effort: in truth a few more or fewer pass.",
        "Whether an answer from the cache takes a token, AWS does not say. Here it does, since "
        "throttling comes before the cache.",
        "A refused client does not try again. An SDK would, and so add to the crowd.",
        "A Region has a throttle of AWS’s own besides, for all accounts, and a usage plan can "
        "also have a quota for a day, a week or a month.",
        f"The account has {number_text(REGION.rate_per_s)} requests a second and a burst of "
        f"{number_text(REGION.burst)}; in some newer Regions it has a quarter of that.",
        "Requests flow: within a tenth of a second they are spread evenly.",
        "Caches and usage plans are for REST APIs only. An HTTP API has the account’s throttle "
        "and that of the route.",
    ),
    sources=(
        Source("Throttling of REST APIs", GUIDE + "api-gateway-request-throttling.html"),
        Source("Throttling of HTTP APIs", GUIDE + "http-api-throttling.html"),
        Source("Caching", GUIDE + "api-gateway-caching.html"),
        Source("Usage plans", GUIDE + "api-gateway-api-usage-plans.html"),
        Source("Quotas", GUIDE + "limits.html"),
    ),
)
