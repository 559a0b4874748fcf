"""What the figure says in words and in large numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.lambda_concurrency.shop import (
    NOT_RESERVED,
    minute,
    month,
    most_asked,
    price_note,
    wait_percentile_s,
)
from labkit.explorables.parts import Big
from labkit.models.lambda_concurrency.function import (
    BY_ACCOUNT,
    BY_RESERVED,
    BY_SCALING,
    SCALING,
    SCALING_S,
    UNRESERVED_MIN,
)
from labkit.models.sums import rounded

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.lambda_concurrency.function import Trace

SLOWEST_PERCENT = 99


def numbers(**values: Any) -> tuple[Big, ...]:
    """The numbers that matter, over the whole minute."""
    trace = minute(values)
    cold = trace.total("cold")
    share = (
        f"{_percent(cold, trace.handled)} of the events" if cold else "every event found a warm one"
    )
    return (
        Big(
            "Peak concurrency", trace.peak, f"of {number_text(trace.params.limit)}", _limits(values)
        ),
        Big("Cold starts", cold, "", share, "@accent" if cold else "@ink"),
        _throttled(trace),
        Big(
            "Slowest hundredth waits",
            number_text(rounded(wait_percentile_s(trace, SLOWEST_PERCENT), 1)),
            "s or more",
            "from the event until its handler runs",
        ),
        _cost(values),
    )


def _limits(values: Any) -> str:
    """What was brought within what AWS allows."""
    given = minute(values).params
    if values["reserved"] != NOT_RESERVED and given.reserved != values["reserved"]:
        return f"no more can be reserved: {UNRESERVED_MIN} stay for others"
    if given.provisioned != values["provisioned"]:
        return f"no more than {number_text(given.provisioned)} can be provisioned"
    return ""


def _throttled(trace: Trace) -> Big:
    throttled = trace.total("throttled")
    if trace.params.asynchronous:
        note = "nothing is lost: events are kept for hours" if trace.waiting else "none is left"
        return Big(
            "Still waiting",
            trace.waiting,
            f"after {number_text(throttled)} tries in vain",
            note,
            "@ready" if trace.waiting else "@ink",
        )
    note = f"{_percent(throttled, trace.total('arrived'))} of the events; each caller got a 429"
    return Big(
        "Throttled", throttled, "", note if throttled else "", "@failed" if throttled else "@ink"
    )


def _cost(values: Any) -> Big:
    made = month(values)
    parts = [
        (made.provisioned_usd, "for being provisioned"),
        (made.on_demand_usd + made.provisioned_work_usd, "for work"),
        (made.requests_usd, "for requests"),
    ]
    said = [f"{usd_text(usd)} {what}" for usd, what in parts if usd >= 0.005]
    note = ", ".join(said) if said else "all within the free tier"
    return Big("Cost a month", usd_text(made.usd), "USD", f"{note}; {price_note()}")


def usd_text(usd: float) -> str:
    """A sum as people read it: cents below a hundred dollars."""
    return number_text(usd) if usd >= 100 else f"{usd:.2f}"


def _percent(part: float, whole: float) -> str:
    return f"{number_text(rounded(100 * part / max(whole, 1), 1))}%"


def reading(**values: Any) -> str:
    """What the figure shows and why, in two or three plain sentences."""
    trace = minute(values)
    asked = number_text(int(most_asked(values) + 0.5))
    text = (
        f"Up to {number_text(values['rate_per_s'])} events a second of "
        f"{number_text(values['duration_s'])} s each ask for {asked} environments at once."
    )
    outcome = _throttling(trace) or _starts(trace)
    return f"{text} {outcome}"


def _throttling(trace: Trace) -> str:
    """Which limit threw events back, and what became of them."""
    throttled = trace.total("throttled")
    if not throttled:
        return ""
    _, worst = max([(trace.throttled_by[reason], reason) for reason in trace.throttled_by])
    limit = number_text(trace.params.limit)
    why = {
        BY_RESERVED: f"{limit} are reserved for the function, and it gets no more",
        BY_ACCOUNT: f"{limit} are all that the account has left for it",
        BY_SCALING: f"Lambda adds at most {number_text(SCALING)} environments to a function in "
        f"{SCALING_S} s, however high the limit",
    }[worst]
    if not trace.params.asynchronous:
        lost = f"{number_text(throttled)} of {number_text(trace.total('arrived'))} events"
        return f"{lost} are throttled, because {why}: their callers get a 429."
    waits = (
        f"{number_text(trace.waiting)} still wait after the minute"
        if trace.waiting
        else ("within the minute every event gets its turn")
    )
    return (
        f"{number_text(throttled)} tries are throttled, because {why}. The callers notice "
        f"nothing: Lambda tries again after 1 s, 2 s, 4 s and so on, and {waits}."
    )


def _starts(trace: Trace) -> str:
    """Nothing was throttled: who had to wait for an environment to start."""
    cold = trace.total("cold")
    if not cold:
        return (
            f"All of them find a provisioned one, and none waits: "
            f"{number_text(trace.handled)} events, no cold start."
        )
    text = (
        f"{number_text(cold)} of {number_text(trace.handled)} events meet a cold start and wait "
        f"{number_text(trace.params.init_s)} s; the rest find a warm environment."
    )
    needed = trace.params.rate_per_s * trace.params.duration_s
    if trace.params.init_s and cold + trace.params.provisioned > needed + 1:
        text += (
            " More environments start than are needed: what arrives in the meantime finds none "
            "that is ready."
        )
    return text
