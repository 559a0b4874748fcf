"""What the figure says in words and in large numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.beanstalk_deployments.shop import (
    NAMES,
    VERSIONS,
    is_over,
    minutes,
    minutes_text,
    moment_s,
    moment_text,
    percent,
    shown,
    shows_all,
    trace,
)
from labkit.explorables.beanstalk_deployments.steps import step_text
from labkit.explorables.controls import number_text
from labkit.explorables.parts import Big
from labkit.units import SECONDS_PER_MINUTE

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from labkit.models.beanstalk_deployments.trace import Trace

UNDONE = {
    "": "there is nothing to undo",
    "terminate": "Beanstalk terminates the new instances",
    "reroute": "Beanstalk sends the traffic back and terminates the new instances",
    "no swap": "the URLs were not swapped; the new environment goes",
    "swap back": "somebody swaps the URLs back",
    "redeploy": "somebody deploys the old version again",
}


def toll(trace: Trace) -> tuple[str, str]:
    """What a deployment costs the clients, in a few words, and their colour."""
    if not trace.lost_s:
        return "no request fails", "@ink2"
    some = "all" if trace.failing_most > 1 - 1e-9 else f"up to {percent(trace.failing_most)}"
    return f"✕ {some} fail, {minutes_text(trace.failing_s)}", "@failed"


def now_text(values: dict[str, Any]) -> str:
    """What happens at the playhead, or how it all ended."""
    found = trace(values)
    if is_over(values):
        return (
            f"In the end: {UNDONE[found.rollback]}." if found.rollback else "In the end: all new."
        )
    steps = [step for step in found.steps if step.at_s <= moment_s(values)]
    return f"{moment_text(values)}: {step_text(steps[-1])}" if steps else moment_text(values)


def numbers(**values: Any) -> tuple[Big, ...]:
    """The numbers that matter: those of the chosen way, or from the best to the worst."""
    return _of_all(shown(values)) if shows_all(values) else _of_one(trace(values))


def _of_one(found: Trace) -> tuple[Big, ...]:
    full = found.environment.instances
    lost = f"for {minutes_text(found.failing_s)}; as much as all requests of "
    return (
        Big(
            "Requests that fail",
            percent(found.failing_most),
            "at the worst",
            lost + minutes_text(found.lost_s) if found.lost_s else "",
            "@failed" if found.lost_s else "@ink",
        ),
        Big("Capacity", found.capacity_least, f"of {full} at the worst"),
        Big(
            "The deployment takes",
            minutes(found.deployed_s),
            "min",
            "then Beanstalk stops it" if found.failed else "and Beanstalk reports success",
        ),
        Big(
            "Extra",
            number_text(int(found.extra_instance_s / SECONDS_PER_MINUTE + 0.5)),
            "instance-minutes",
            f"up to {found.running_most} instances run at once",
        ),
        Big("The rollback takes", minutes(found.rollback_s), "min", UNDONE[found.rollback]),
    )


def _of_all(traces: list[Trace]) -> tuple[Big, ...]:
    full = traces[0].environment.instances
    fail = _range(traces, lambda found: found.failing_most, percent)
    keep = [_short(found) for found in traces if found.capacity_least >= full]
    kept = f"always full: {_listed(keep)}" if keep else "never full throughout"
    undone = [found for found in traces if found.rollback]
    return (
        Big(
            "Requests that fail",
            fail[0],
            "at the worst",
            fail[1],
            "@failed" if any(found.lost_s for found in traces) else "@ink",
        ),
        Big(
            "Capacity",
            _range(traces, lambda found: found.capacity_least, number_text)[0],
            f"of {full} at the worst",
            kept,
        ),
        _ranged("A deployment takes", traces, lambda found: found.deployed_s, "min"),
        _ranged("Extra", traces, lambda found: found.extra_instance_s, "instance-minutes"),
        _ranged("A rollback takes", undone, lambda found: found.rollback_s, "min")
        if undone
        else Big("A rollback takes", 0, "min", UNDONE[""]),
    )


def _ranged(label: str, traces: list[Trace], of: Callable[[Trace], float], unit: str) -> Big:
    value, note = _range(traces, of, minutes if unit == "min" else _whole)
    return Big(label, value, unit, note)


def _whole(seconds: float) -> str:
    return number_text(int(seconds / SECONDS_PER_MINUTE + 0.5))


def _range(
    traces: list[Trace], of: Callable[[Trace], float], says: Callable[[float], str]
) -> tuple[str, str]:
    """The least and the most of a number, and who has them."""
    ordered = sorted([(of(found), index) for index, found in enumerate(traces)])
    (least, first), (most, last) = ordered[0], ordered[-1]
    if says(least) == says(most):
        return says(least), "all alike" if len(traces) > 1 else _short(traces[first])
    note = f"from {_short(traces[first])} to {_short(traces[last])}"
    return f"{says(least)} to {says(most)}", note


def _short(found: Trace) -> str:
    """A way as it is named within a sentence."""
    name = NAMES[found.environment.policy]
    return name[0].lower() + name[1:]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def reading(**values: Any) -> str:
    """What the figure shows and why, in a few plain sentences."""
    [does] = [text for kind, text in VERSIONS if kind == values["version"]]
    kind = f"a version that {does}"
    if shows_all(values):
        return _reading_of_all(shown(values), kind)
    found = trace(values)
    name, full = NAMES[found.environment.policy], found.environment.instances
    ends = "stops after" if found.failed else "reports success after"
    least = f"at least {found.capacity_least}" if found.capacity_least else "at times none"
    text = (
        f"{name}, {kind}, {number_text(full)} instances: Beanstalk {ends} "
        f"{minutes_text(found.deployed_s)}. Of {number_text(full)}, {least} can answer requests, "
        f"and {_clients(found)}."
    )
    if found.rollback_s:
        return (
            f"{text} To undo it, {UNDONE[found.rollback]}, from "
            f"{minutes(found.rollback_from_s)} to {minutes_text(found.undone_s)}."
        )
    return f"{text} Then {UNDONE[found.rollback]}." if found.rollback else text


def _clients(found: Trace) -> str:
    if not found.lost_s:
        return "no request fails"
    return (
        f"up to {percent(found.failing_most)} of the requests fail, for "
        f"{minutes_text(found.failing_s)}"
    )


def _reading_of_all(traces: list[Trace], kind: str) -> str:
    ordered = sorted([(found.lost_s, index) for index, found in enumerate(traces)])
    worst = traces[ordered[-1][1]]
    text = f"Six ways to deploy {kind} to {number_text(worst.environment.instances)} instances."
    if not worst.lost_s:
        return f"{text} With none of them does a request fail."
    said = f"{text} The most is lost with {_short(worst)}: {_clients(worst)}."
    best = traces[ordered[0][1]]
    return f"{said} The least is lost with {_short(best)}: {_clients(best)}."
