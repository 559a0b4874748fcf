"""The values of the controls become a contest for the last seat, once under each strategy.

All five are run for every redraw, to be compared; a moving playhead or another chosen strategy
changes none of them, so the runs made last are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text, with_unit
from labkit.models.backoff.contest import US_PER_S, Params, run
from labkit.models.backoff.waits import (
    DECORRELATED,
    EQUAL,
    EXPONENTIAL,
    FULL,
    NONE,
    STRATEGIES,
)
from labkit.models.sums import rounded

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.backoff.contest import Contest

    Values = dict[str, Any]

TICKS = 150  # steps of the playhead, however long the contest
NAMES = {
    NONE: "at once",
    EXPONENTIAL: "exponential, no jitter",
    EQUAL: "equal jitter",
    FULL: "full jitter",
    DECORRELATED: "decorrelated jitter",
}
RUSH_US = US_PER_S // 20  # calls within so long are called at once

_kept: list[tuple[Params, Contest]] = []


def params(values: Values, strategy: str) -> Params:
    """What the model needs to know, from the values of the controls."""
    base_ms = values["base_ms"]
    return Params(
        strategy,
        int(values["clients"]),
        base_ms,
        max(base_ms, values["cap_ms"]),
        values["resource"],
        values["rate_per_s"],
        int(values["seed"]),
    )


def contest(values: Values, strategy: str = "") -> Contest:
    """What happens under the chosen strategy, or under another one."""
    wanted = params(values, strategy or values["strategy"])
    for known, found in _kept:
        if known == wanted:
            return found
    found = run(wanted)
    _kept.insert(0, (wanted, found))
    del _kept[len(STRATEGIES) :]
    return found


def contests(values: Values) -> list[Contest]:
    """What happens under each strategy."""
    return [contest(values, strategy) for strategy in STRATEGIES]


def rush(found: Contest) -> int:
    """The most calls that come at once, after all have begun together."""
    count = found.end_us // RUSH_US + 1
    calls = found.calls_by_time(RUSH_US, count)
    return max(calls[1:]) if len(calls) > 1 else 0


def is_over(values: Values) -> bool:
    """Whether the playhead stands at the end, where the whole contest is shown."""
    return bool(values["at"] >= TICKS)


def moment_us(values: Values) -> float:
    """The playhead's moment in the time of the contest."""
    end_us = contest(values).end_us
    return end_us if is_over(values) else values["at"] * end_us / TICKS


def moment_text(values: Values) -> str:
    """The playhead's moment as people say it."""
    return seconds_text(moment_us(values))


def seconds_text(time_us: float) -> str:
    """A time in seconds, as finely as it matters.

    >>> seconds_text(1234567), seconds_text(45e6)
    ('1.23\\u00a0s', '45\\u00a0s')
    """
    seconds = time_us / US_PER_S
    return with_unit(number_text(rounded(seconds, 2 if seconds < 10 else 1)), "s")
