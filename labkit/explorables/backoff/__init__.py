"""Why must clients that try again not only wait longer, but wait at random?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.backoff.figure import figure
from labkit.explorables.backoff.shop import NAMES, TICKS, contest, moment_text
from labkit.explorables.backoff.words import numbers, reading
from labkit.explorables.controls import Choice, Playhead, Slider
from labkit.explorables.parts import Explorable, Preset, Source, Task
from labkit.facts import fact
from labkit.models.backoff.contest import ITEM, SERVER
from labkit.models.backoff.waits import (
    DECORRELATED,
    EQUAL,
    EXPONENTIAL,
    FULL,
    NONE,
    STRATEGIES,
)
from labkit.units import MILLISECONDS_PER_SECOND

if TYPE_CHECKING:
    from typing import Any

ARTICLE = "https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/"
JITTERED = (EQUAL, FULL, DECORRELATED)
CROWD = 20  # fewer clients make a task too easy
CAP_MAX_MS = int(fact("aws.retry_wait_max_s")) * MILLISECONDS_PER_SECOND
BEYOND_THE_END = 10 * TICKS


def half_the_calls(**values: Any) -> bool:
    """Whether jitter saves a crowd half of the calls of plain exponential backoff."""
    if values["strategy"] not in JITTERED or values["clients"] < CROWD:
        return False
    return 2 * contest(values).calls <= contest(values, EXPONENTIAL).calls


def slow(**values: Any) -> bool:
    """Whether plain exponential backoff takes a crowd twenty times as long as full jitter."""
    if values["strategy"] != EXPONENTIAL or values["clients"] < CROWD:
        return False
    return contest(values).end_us >= 20 * contest(values, FULL).end_us


def few_refusals(**values: Any) -> bool:
    """Whether a throttled server refuses a crowd less than once a client."""
    if values["resource"] != SERVER or values["clients"] < CROWD:
        return False
    clients: int = values["clients"]
    return contest(values).in_vain < clients


EXPLORABLE = Explorable(
    slug="backoff",
    title="Who tries again, and when",
    question="Why must clients that try again not only wait longer, but wait at random?",
    controls=(
        Choice(
            "strategy",
            "Whoever is refused tries again",
            tuple([(strategy, NAMES[strategy]) for strategy in STRATEGIES]),
            EXPONENTIAL,
        ),
        Slider("clients", "Clients", 2, 40, 30),
        Slider(
            "base_ms",
            "Base of the waits",
            10,
            1000,
            50,
            log=True,
            unit="ms",
            help="The first wait, or the longest that it can be.",
        ),
        Slider(
            "cap_ms",
            "Cap of the waits",
            100,
            CAP_MAX_MS,
            2000,
            log=True,
            unit="ms",
            help="No wait is longer; never below the base.",
        ),
        Choice(
            "resource",
            "All of them want to",
            ((ITEM, "change one item"), (SERVER, "be served by a throttled server")),
            ITEM,
            more=True,
        ),
        Slider(
            "rate_per_s",
            "The server takes",
            40,
            400,
            60,
            log=True,
            whole=True,
            unit="calls a second",
            more=True,
            help="Only where clients want to be served.",
        ),
        Slider("seed", "Another try", 1, 50, 1, more=True),
    ),
    figure=figure,
    reading=reading,
    numbers=numbers,
    playhead=Playhead(
        "at",
        "Time",
        TICKS,
        1,
        start=BEYOND_THE_END,
        replay=True,
        where=moment_text,
    ),
    tasks=(
        Task(
            "half",
            f"With {CROWD} clients or more, choose a jitter and a base that need at most half of "
            "the calls of plain exponential backoff.",
            half_the_calls,
        ),
        Task(
            "slow",
            f"Make exponential backoff without jitter take {CROWD} clients or more twenty times "
            "as long as full jitter would.",
            slow,
        ),
        Task(
            "few",
            f"Let a throttled server serve {CROWD} clients or more with less than one refusal "
            "for each.",
            few_refusals,
        ),
    ),
    presets=(
        Preset(
            "plain",
            "Waiting longer is not enough",
            {"strategy": EXPONENTIAL},
            "Press Play. The crosses stand in columns: those who were refused together wait "
            "equally long, and meet again.",
        ),
        Preset(
            "jitter",
            "The same with jitter",
            {"strategy": FULL},
            "The columns dissolve. Compare the calls and the seconds of the two in the strips "
            "below.",
        ),
        Preset(
            "none",
            "Again at once",
            {"strategy": NONE},
            "A solid wall of calls: all but one of those who call together are refused.",
        ),
        Preset(
            "server",
            "A throttled server",
            {"strategy": EXPONENTIAL, "resource": SERVER, "clients": 40, "rate_per_s": 40},
            "Nobody gets in anybody's way here, but the server takes only so many a second. Most "
            "of each wave is refused, and then it idles until the next one.",
        ),
    ),
    not_modelled=(
        "What is called answers as fast to a thousand calls as to one. In truth it slows down, "
        "and refusing costs it, too.",
        "A client tries until it is done. An SDK gives up after a few attempts, boto3 at DynamoDB "
        f"after {int(fact('dynamodb.retry_attempts_default'))}.",
        "All clients begin at the same moment, once. In truth others keep coming.",
        "At an item, each call is a read and then a conditional write, and counts as one.",
        "A message takes 5 to 15 ms, each as likely as the others, whatever the network.",
    ),
    sources=(
        Source("Exponential backoff and jitter", ARTICLE),
        Source(
            "Timeouts, retries and backoff with jitter",
            "https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/",
        ),
        Source(
            "How SDKs try again",
            "https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html",
        ),
    ),
)
