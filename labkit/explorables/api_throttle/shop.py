"""The values of the controls become the shop's API, and twenty seconds of it.

A moving playhead changes nothing of them, so the runs made last are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.facts import fact
from labkit.models.api_throttle.front import ACCOUNT, METHOD, ORDER, PLAN, Limit, Params, run
from labkit.models.api_throttle.traffic import STEPS, STEPS_PER_S

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.api_throttle.front import Step, Trace

    Values = dict[str, Any]

NAMES = {PLAN: "usage plan", METHOD: "method", ACCOUNT: "account"}
REGION = Limit(
    float(fact("apigateway.rate_default_per_s")), float(fact("apigateway.burst_default"))
)
NO_PLAN = 0
PLAN_BURST = 2  # the burst of the usage plan is so many seconds' worth
KEPT_RUNS = 3

_kept: list[tuple[Params, Trace]] = []


def params(values: Values) -> Params:
    """What the model needs to know, from the values of the controls."""
    plan_rate = values["plan_rate_per_s"]
    return Params(
        values["shape"],
        values["rate_per_s"],
        Limit(values["limit_per_s"], values["burst"]),
        REGION,
        Limit(plan_rate, PLAN_BURST * plan_rate) if plan_rate != NO_PLAN else None,
        int(values["clients"]),
        values["others_percent"] / 100,
        values["ttl_s"],
        int(values["answers"]),
        values["backend_s"],
    )


def course(values: Values) -> Trace:
    """What happens in the window."""
    wanted = params(values)
    for known, trace in _kept:
        if known == wanted:
            return trace
    trace = run(wanted)
    _kept.insert(0, (wanted, trace))
    del _kept[KEPT_RUNS:]
    return trace


def step_now(values: Values) -> int:
    """The number of the step that the playhead stands on."""
    return min(STEPS - 1, int(values["at_s"] * STEPS_PER_S + 0.5))


def second_so_far(values: Values) -> list[Step]:
    """The steps of the second up to and with that one."""
    end = step_now(values) + 1
    return course(values).steps[max(0, end - STEPS_PER_S) : end]


def blamed(trace: Trace) -> list[tuple[int, str]]:
    """How many each bucket refused, of those that did, the worst first."""
    found = [(trace.refused_by(bucket), number) for number, bucket in enumerate(ORDER)]
    worst = sorted([(-count, number) for count, number in found if count])
    return [(-count, ORDER[number]) for count, number in worst]


def average_per_s(trace: Trace) -> float:
    """How many requests a second arrive, over the window."""
    return trace.total("asked") * STEPS_PER_S / STEPS
