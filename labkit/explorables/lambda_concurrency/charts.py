"""The lower parts of the figure, over the minute: concurrency, and what becomes of the events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.lambda_concurrency.shop import asked_at, minute, most_asked
from labkit.explorables.lambda_concurrency.stage import (
    BARS_FOOT_ASYNC,
    BARS_FOOT_SYNC,
    BARS_TOP,
    CHART_FOOT,
    CHART_TOP,
    HEADING_PX,
    KEYS_PX,
    QUEUE_FOOT,
    QUEUE_TOP,
    TICK_S,
    WIDTH,
    across,
)
from labkit.explorables.layers import CENTRE, LEFT, RIGHT, Layers
from labkit.models.lambda_concurrency.traffic import BURST, WINDOW_S

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.lambda_concurrency.function import Trace

    Point = tuple[float, float]

ROOM = 1.12
BARS_ROOM = 1.04
FAR = 1.6  # a limit so many times above all else is told, not drawn
ASKED_FAR = 2.5  # what is asked for beyond so many times the limit runs off
GAP = 0.12  # between two bars, as a part of one


def draw_charts(layers: Layers, values: dict[str, Any]) -> None:
    """Draw concurrency, the events by second, and the queue of asynchronous ones."""
    trace = minute(values)
    foot = BARS_FOOT_ASYNC if trace.params.asynchronous else BARS_FOOT_SYNC
    for low, high in [(CHART_FOOT, CHART_TOP), (foot, BARS_TOP)]:
        _frame(layers, low, high)
    _draw_concurrency(layers, values, trace)
    _draw_bars(layers, trace, foot)
    if trace.params.asynchronous:
        _frame(layers, QUEUE_FOOT, QUEUE_TOP)
        _draw_queue(layers, trace)
    _draw_now(layers, values["at_s"], trace.params.asynchronous, foot)
    for at_s in range(0, WINDOW_S + 1, TICK_S):
        side = CENTRE if 0 < at_s < WINDOW_S else RIGHT if not at_s else LEFT
        text = f"{at_s}\u00a0s" if at_s == WINDOW_S else str(at_s)
        layers.note("x", (across(at_s), 14, text, "@ink2", side))


def _frame(layers: Layers, low: float, high: float) -> None:
    layers.add("frame", [(0, low), (WIDTH, low)])
    for at_s in range(0, WINDOW_S + 1, TICK_S):
        layers.add("frame", [(across(at_s), low), (across(at_s), high)])


def highest(values: dict[str, Any], trace: Trace) -> float:
    """The top of the scale of concurrency."""
    used = max([sample.concurrency + sample.idle for sample in trace.samples])
    top = max(used, min(most_asked(values), ASKED_FAR * max(used, trace.params.limit, 1)), 1)
    return max(top, trace.params.limit) if trace.params.limit <= FAR * top else top


def _draw_concurrency(layers: Layers, values: dict[str, Any], trace: Trace) -> None:
    top = highest(values, trace) * ROOM
    px = (CHART_TOP - CHART_FOOT) / top

    def y(count: float) -> float:
        return int((CHART_FOOT + min(count, top) * px) * 100 + 0.5) / 100

    xs = [across(sample.at_s) for sample in trace.samples]
    busy = [y(sample.provisioned_busy + sample.warm_busy) for sample in trace.samples]
    all_ = [y(sample.concurrency) for sample in trace.samples]
    _area(layers, "busy area", xs, [CHART_FOOT] * len(xs), busy)
    _area(layers, "starting area", xs, busy, all_)
    warm = [(across(each.at_s), y(each.concurrency + each.idle)) for each in trace.samples]
    layers.add("warm line", warm)
    asked: list[Point] = []
    for at_s in range(WINDOW_S + 1):
        height = y(asked_at(values, at_s))
        if values["shape"] == BURST and asked and asked[-1][1] != height:
            asked.append((across(at_s), asked[-1][1]))
        asked.append((across(at_s), height))
    layers.add("asked", asked)
    limit = trace.params.limit
    whose = "the account’s" if trace.params.reserved is None else "reserved"
    if trace.params.reserved is None and trace.params.others:
        whose = "what others leave"
    said = f"- - limit {number_text(limit)}, {whose}"
    if limit <= top:
        layers.add("limit", [(0, y(limit)), (WIDTH, y(limit))])
    else:
        said = f"limit {number_text(limit)}, {whose}: far above ↑"
    heading, keys = CHART_TOP + HEADING_PX, CHART_TOP + KEYS_PX
    layers.note("x", (0, heading, "<b>Concurrency</b>", "@ink", RIGHT))
    layers.note("x", (WIDTH, heading, said, "@failed" if limit <= top else "@ink2", LEFT))
    layers.note("x", (0, keys, f"··· asked for, up to {_asked(values)}", "@ink", RIGHT))
    most = number_text(max([each.concurrency + each.idle for each in trace.samples]))
    layers.note("x", (WIDTH, keys, f"— environments, {most}", "@ready", LEFT))


def _asked(values: dict[str, Any]) -> str:
    return number_text(int(most_asked(values) + 0.5))


def _area(layers: Layers, name: str, xs: list[float], low: list[float], high: list[float]) -> None:
    """An area in steps, one piece for each run in which it has any height."""
    piece: list[Point] = []
    back: list[Point] = []
    for index, x in enumerate(xs):
        end = xs[index + 1] if index + 1 < len(xs) else WIDTH
        if high[index] > low[index]:
            piece += [(x, high[index]), (end, high[index])]
            back += [(x, low[index]), (end, low[index])]
        elif piece:
            layers.add(name, piece + list(reversed(back)))
            piece, back = [], []
    if piece:
        layers.add(name, piece + list(reversed(back)))


def _draw_bars(layers: Layers, trace: Trace, foot: float) -> None:
    """What becomes of the events in each second, tries of asynchronous ones included."""
    most = max(
        [each.provisioned + each.warm + each.cold + each.throttled for each in trace.seconds]
    )
    px = (BARS_TOP - foot) / max(most * BARS_ROOM, 1)
    for at_s, each in enumerate(trace.seconds):
        left, right = across(at_s + GAP / 2), across(at_s + 1 - GAP / 2)
        y: float = foot
        for name, count in (
            ("warm bar", each.provisioned + each.warm),
            ("cold bar", each.cold),
            ("throttled bar", each.throttled),
        ):
            if count:
                upper = int((y + count * px) * 100 + 0.5) / 100
                layers.box(name, left, right, y, upper)
                y = upper
    heading, keys = BARS_TOP + HEADING_PX, BARS_TOP + KEYS_PX
    title = "<b>Events a second</b>" if not trace.params.asynchronous else "<b>Tries a second</b>"
    layers.note("x", (0, heading, title, "@ink", RIGHT))
    layers.note("x", (WIDTH, heading, f"up to {number_text(most)}", "@ink2", LEFT))
    refused = "✕ throttled (429)" if not trace.params.asynchronous else "✕ throttled: kept"
    marks = ((0, "■ warm", "@done"), (24, "■ cold start", "@accent"), (58, refused, "@failed"))
    for left, text, colour in marks:
        layers.note("x", (left, keys, text, colour, RIGHT))


def _draw_queue(layers: Layers, trace: Trace) -> None:
    waiting = [sample.waiting for sample in trace.samples]
    most = max(waiting)
    px = (QUEUE_TOP - QUEUE_FOOT) / max(most, 1)
    xs = [across(sample.at_s) for sample in trace.samples]
    heights = [int((QUEUE_FOOT + count * px) * 100 + 0.5) / 100 for count in waiting]
    _area(layers, "queue area", xs, [QUEUE_FOOT] * len(xs), heights)
    title = "<b>Waiting in Lambda’s queue</b>"
    layers.note("x", (0, QUEUE_TOP + 14, title, "@ink", RIGHT))
    layers.note("x", (WIDTH, QUEUE_TOP + 14, f"up to {number_text(most)}", "@ready", LEFT))


def _draw_now(layers: Layers, at_s: float, asynchronous: bool, foot: float) -> None:
    """The playhead, and paper over what is still to come."""
    x = across(at_s)
    charts = [(CHART_FOOT, CHART_TOP), (foot, BARS_TOP)]
    if asynchronous:
        charts.append((QUEUE_FOOT, QUEUE_TOP))
    for low, high in charts:
        if x < WIDTH:
            layers.box("wash", x, WIDTH, low, high)
        layers.add("now", [(x, low), (x, high)])
