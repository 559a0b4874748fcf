"""The values of the controls become two minutes at the shop's queue of orders, run once for all.

A redraw asks for the figure, the reading, the numbers and the tasks, and a moving playhead changes
none of what happened, so the runs asked for last are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.facts import fact, get
from labkit.models.sqs.queue import Settings
from labkit.models.sqs.simulation import NOT_POISON, WAIT_TIME_MAX_S, Params, simulate
from labkit.units import SECONDS_PER_MINUTE, SECONDS_PER_MONTH

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.sqs.trace import Trace, Work

    Values = dict[str, Any]

WINDOW_S = 2 * SECONDS_PER_MINUTE
POISON_ORDER = 1  # the index of the order that becomes poison: the second one
KEPT_RUNS = 4

_kept: list[tuple[Params, Trace]] = []


def params(values: Values) -> Params:
    """What the model needs to know, from the values of the controls."""
    return Params(
        arrivals_per_s=values["arrivals_per_min"] / SECONDS_PER_MINUTE,
        consumers=int(values["consumers"]),
        wait_time_s=values["wait_time_s"],
        processing_s=values["processing_s"],
        failure_rate=values["failure_percent"] / 100,
        poison=POISON_ORDER if values["poison"] else NOT_POISON,
        poll_pause_s=values["poll_pause_s"],
        duration_s=WINDOW_S,
        seed=int(values["seed"]),
        queue=Settings(
            visibility_timeout_s=values["visibility_timeout_s"],
            delay_s=values["delay_s"],
            max_receive_count=int(values["max_receive_count"]),
        ),
    )


def run(values: Values) -> Trace:
    """What happens under `values`."""
    wanted = params(values)
    for known, trace in _kept:
        if known == wanted:
            return trace
    trace = simulate(wanted)
    _kept.insert(0, (wanted, trace))
    del _kept[KEPT_RUNS:]
    return trace


def run_short(values: Values) -> Trace:
    """What would happen if the same consumers polled short."""
    short = dict(values)
    short["wait_time_s"] = 0
    return run(short)


def run_long(values: Values) -> Trace:
    """What would happen if the same consumers waited as long as SQS allows."""
    long = dict(values)
    long["wait_time_s"] = WAIT_TIME_MAX_S
    return run(long)


def works_by_order(trace: Trace) -> list[list[Work]]:
    """For each order the works on it, the first receive first."""
    found: list[list[Work]] = [[] for _ in trace.lives]
    for shift in trace.shifts:
        for work in shift.works:
            found[work.message].append(work)
    for works in found:
        works.sort(key=lambda work: work.receive_count)
    return found


def requests_per_month(trace: Trace) -> float:
    """How many requests a month of such minutes makes."""
    return trace.per_month(trace.requests, SECONDS_PER_MONTH)


def usd_per_month(trace: Trace) -> float:
    """What these requests cost, before the free ones of each month are taken off."""
    return requests_per_month(trace) / 1e6 * float(fact("sqs.price_standard_per_million_usd"))


def price_note() -> str:
    """The price that is reckoned with, and when it held."""
    price = get("sqs.price_standard_per_million_usd")
    free = int(fact("sqs.free_requests_per_month")) // 1000000
    return (
        f"{float(price.value):.2f} USD a million as of {price.as_of}, "
        f"the free {free} million not taken off"
    )
