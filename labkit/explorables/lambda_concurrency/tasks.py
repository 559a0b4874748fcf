"""What a reader can bring about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.lambda_concurrency.shop import minute, month
from labkit.explorables.parts import Task
from labkit.models.lambda_concurrency.function import BY_SCALING
from labkit.models.lambda_concurrency.traffic import BURST

if TYPE_CHECKING:
    from typing import Any

BUSY_PER_S = 200
CROWDED_PERCENT = 90
COLD_MAX_USD = 600


def no_cold_start(**values: Any) -> bool:
    """Whether a burst meets no cold start and no limit, for little money."""
    trace = minute(values)
    if values["shape"] != BURST or values["rate_per_s"] < BUSY_PER_S or values["duration_s"] < 0.5:
        return False
    if values["memory_mib"] < 512 or trace.total("throttled"):
        return False
    return not trace.total("cold") and month(values).usd < COLD_MAX_USD


def safe_among_others(**values: Any) -> bool:
    """Whether a function loses nothing, though the others take the account."""
    trace = minute(values)
    if (
        values["others_percent"] < CROWDED_PERCENT
        or values["rate_per_s"] * values["duration_s"] < 100
    ):
        return False
    return trace.params.reserved is not None and not trace.total("throttled")


def throttled_below_the_limit(**values: Any) -> bool:
    """Whether events are throttled by the pace of scaling alone, far below the limit."""
    trace = minute(values)
    throttled = trace.total("throttled")
    only_scaling = throttled > 0 and trace.throttled_by[BY_SCALING] == throttled
    return only_scaling and 3 * trace.peak <= trace.params.limit


def late_not_lost(**values: Any) -> bool:
    """Whether a burst that is throttled is handled whole within the minute."""
    trace = minute(values)
    asynchronous = trace.params.asynchronous and values["shape"] == BURST
    return asynchronous and trace.total("throttled") >= 100 and not trace.waiting


TASKS = (
    Task(
        "warm",
        f"Take a burst of {BUSY_PER_S} events a second or more, each of half a second or more with "
        f"512 MB, without a cold start and without a 429, for under {COLD_MAX_USD} USD a month.",
        no_cold_start,
    ),
    Task(
        "others",
        f"Other functions use {CROWDED_PERCENT}% of the account or more. Let yours, which asks for "
        "100 environments or more, lose nothing.",
        safe_among_others,
    ),
    Task(
        "pace",
        "Get events throttled although not even a third of the limit is ever in use.",
        throttled_below_the_limit,
    ),
    Task(
        "late",
        "Let a burst be throttled 100 times or more, and yet have every event handled within the "
        "minute.",
        late_not_lost,
    ),
)
