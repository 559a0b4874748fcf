"""What the figure says in words and in large numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.api_throttle.shop import NAMES, average_per_s, blamed, course
from labkit.explorables.controls import number_text
from labkit.explorables.parts import Big
from labkit.models.api_throttle.front import METHOD, PLAN
from labkit.models.api_throttle.traffic import CLUMPED, WINDOW_S
from labkit.models.sums import rounded

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.api_throttle.front import Trace


def numbers(**values: Any) -> tuple[Big, ...]:
    """The numbers that matter, over the whole window."""
    trace = course(values)
    asked, passed = trace.total("asked"), trace.total("passed")
    return (
        Big("Answered", passed, f"of {number_text(asked)}", _percent(passed, asked)),
        _refused(trace),
        Big(
            "Asked for on average",
            number_text(rounded(average_per_s(trace), 1)),
            "a second",
            f"the method’s rate is {number_text(trace.params.method.rate_per_s)}",
        ),
        Big(
            "At the back end",
            trace.most_per_s("backend"),
            "in the busiest second",
            f"{number_text(trace.total('backend'))} requests in {WINDOW_S} s",
            "@flight",
        ),
        _cache(trace, passed),
    )


def _refused(trace: Trace) -> Big:
    refused = trace.total("refused")
    note = ", ".join([f"{NAMES[bucket]} {number_text(count)}" for count, bucket in blamed(trace)])
    return Big("429 Too Many Requests", refused, "", note, "@failed" if refused else "@ink")


def _cache(trace: Trace, passed: int) -> Big:
    if not trace.params.ttl_s:
        return Big("Cache hits", "–", note="there is no cache")
    return Big(
        "Cache hits",
        trace.total("hits"),
        "",
        f"{_percent(trace.total('hits'), passed)} of the answers",
        "@done",
    )


def _percent(part: float, whole: float) -> str:
    return f"{number_text(rounded(100 * part / max(whole, 1), 1))}%"


def reading(**values: Any) -> str:
    """What the figure shows and why, in two or three plain sentences."""
    trace = course(values)
    text = _refusals(values, trace) or (
        f"All {number_text(trace.total('asked'))} requests find a token in every bucket."
    )
    return f"{text} {_behind(trace)}"


def _refusals(values: Any, trace: Trace) -> str:
    """Who refused requests first of all, and why."""
    found = blamed(trace)
    if not found:
        return ""
    _, worst = found[0]
    text = (
        f"{number_text(trace.total('refused'))} of {number_text(trace.total('asked'))} requests "
        f"get a 429, "
    )
    if worst == PLAN and trace.params.plan:
        rate = number_text(trace.params.plan.rate_per_s)
        text += f"because each client’s usage plan gives it {rate} tokens a second."
    elif worst == METHOD:
        text += (
            f"because the method’s bucket holds {number_text(trace.params.method.burst)} tokens "
            f"and gains {number_text(trace.params.method.rate_per_s)} a second."
        )
    else:
        text += "because the account’s bucket is empty, which all APIs of the Region share."
    limits = [trace.params.method.rate_per_s, trace.params.account.rate_per_s]
    if values["shape"] == CLUMPED and average_per_s(trace) <= min(limits):
        text += " On average they are not too many: they come too many at once."
    return text


def _behind(trace: Trace) -> str:
    """What the cache keeps from the back end."""
    backend = number_text(trace.total("backend"))
    if not trace.params.ttl_s:
        return f"Without a cache, the {backend} that pass all reach the back end."
    hits = number_text(trace.total("hits"))
    return f"The cache answers {hits} of those that pass, and {backend} reach the back end."
