"""What a reader can bring about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.api_throttle.shop import average_per_s, blamed, course
from labkit.explorables.controls import number_text
from labkit.explorables.parts import Task
from labkit.models.api_throttle.front import ACCOUNT, METHOD

if TYPE_CHECKING:
    from typing import Any

CROWD_PER_S, BACKEND_PER_S = 1000, 200
OTHERS_PERCENT = 50


def refused_below_the_rate(**values: Any) -> bool:
    """Whether the method refuses requests though at most half of its rate arrives."""
    trace = course(values)
    return trace.refused_by(METHOD) > 0 and 2 * average_per_s(trace) <= values["limit_per_s"]


def calm_behind_the_cache(**values: Any) -> bool:
    """Whether many requests are all answered, and few ever reach the back end."""
    trace = course(values)
    if average_per_s(trace) < CROWD_PER_S or trace.total("refused"):
        return False
    return values["answers"] >= 10 and trace.most_per_s("backend") <= BACKEND_PER_S


def account_alone(**values: Any) -> bool:
    """Whether the account alone refuses requests, and others take at most half of it."""
    if values["others_percent"] > OTHERS_PERCENT:
        return False
    return [bucket for _, bucket in blamed(course(values))] == [ACCOUNT]


def nobody_too_fast(**values: Any) -> bool:
    """Whether the method refuses requests of clients that all keep to their plan."""
    trace = course(values)
    return trace.params.plan is not None and [b for _, b in blamed(trace)] == [METHOD]


TASKS = (
    Task(
        "clump",
        "Let the method refuse requests although, on average, at most half of its rate arrives.",
        refused_below_the_rate,
    ),
    Task(
        "calm",
        f"Answer {number_text(CROWD_PER_S)} requests a second or more, for ten different answers "
        f"or more, with at most {BACKEND_PER_S} a second at the back end.",
        calm_behind_the_cache,
    ),
    Task(
        "account",
        f"Let the account refuse what the method would let pass, while other APIs take at most "
        f"{OTHERS_PERCENT}% of it.",
        account_alone,
    ),
    Task(
        "crowd",
        "Let every client keep to its usage plan, and yet get a 429.",
        nobody_too_fast,
    ),
)
