"""The upper part of the figure: where every order is at the playhead's moment, and how it moves.

Each state is a box; a box's heading, in its colour and with its marker, is the key to the rest of
the figure. An order that has just changed its state flies from its place in the old box to its
place in the new one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from labkit.explorables.palette import SYMBOLS
from labkit.explorables.sqs_polling.stage import LARGE, NOW_BOTTOM, NOW_TOP, words
from labkit.models.sqs.queue import DEAD, DELAYED, DONE, FLIGHT, READY
from labkit.models.sqs.trace import DUPLICATE, SUCCEEDED

if TYPE_CHECKING:
    from labkit.explorables.sqs_polling.stage import Text, Tree
    from labkit.models.sqs.trace import Life, Trace, Work

    Place = tuple[float, float]

MOVE_S = 1.2  # how long an order takes from box to box
COLUMNS = 5
ROWS = 3
# Markers of one size differ in area; these look alike, and have room for a number.
DOT_PX = {"circle": 16, "square": 15, "diamond": 18, "triangle-right": 22, "x": 22}
ROW_PX = 18
GAP = 1.2  # between boxes, in hundredths of the width
HOP_PX = 16

# state → heading, its marker as a letter, colour
HEADINGS = {
    DELAYED: ("Delayed", "◌", "@ink2"),
    READY: ("Ready", "●", "@ready"),
    FLIGHT: ("In flight", "▸", "@flight"),
    DONE: ("Done", "■", "@done"),
    DEAD: ("DLQ", "✕", "@failed"),
}


class Boxes:
    """The boxes side by side, one for each state that this run can show."""

    def __init__(self, trace: Trace) -> None:
        settings = trace.params.queue
        self.states = [READY, FLIGHT, DONE]
        if settings.delay_s:
            self.states.insert(0, DELAYED)
        if settings.max_receive_count:
            self.states.append(DEAD)
        self.width = (100 + GAP) / len(self.states) - GAP

    def left(self, state: str) -> float:
        """Where the box of `state` begins."""
        return self.states.index(state) * (self.width + GAP)

    def slot(self, state: str, rank: int) -> Place:
        """The place of the order that is `rank`-th in `state`; those beyond the room share one."""
        rank = min(rank, COLUMNS * ROWS - 1)
        column, row = rank % COLUMNS, rank // COLUMNS
        if state == READY:  # the head of the queue is at the right, next to the consumers
            column = COLUMNS - 1 - column
        step = self.width / (COLUMNS + 1)
        return self.left(state) + (column + 1) * step, NOW_TOP - 54 - row * ROW_PX


def draw_now(trace: Trace, works: list[list[Work]], at_s: float) -> tuple[list[Tree], list[Tree]]:
    """Traces and shapes of the queue at `at_s`."""
    boxes = Boxes(trace)
    standing: dict[str, list[tuple[float, int]]] = {state: [] for state in boxes.states}
    for life in trace.lives:
        now = _stay(life, at_s)
        if now >= 0 and life.stays[now].state in standing:
            stay = life.stays[now]
            standing[stay.state].append((_order_in(stay.state, life, now), life.index))
    dots: list[tuple[float, float, str, str, str]] = []
    for state in boxes.states:
        standing[state].sort()
        for rank, (_, index) in enumerate(standing[state]):
            life = trace.lives[index]
            place = _on_its_way(trace, boxes, life, boxes.slot(state, rank), at_s)
            symbol, colour = _look(life, works[index], state, at_s)
            dots.append((place[0], place[1], symbol, colour, str(index + 1)))
    counts = {state: len(standing[state]) for state in boxes.states}
    traces = _headings(boxes, counts)
    traces.append(_moves(boxes, trace, at_s))
    traces.append(_dots(dots))
    return traces, [_box(boxes, state) for state in boxes.states]


def _stay(life: Life, at_s: float) -> int:
    """The index of the stay that `life` is in at `at_s`, or -1 before it is sent."""
    found = -1
    for stay in life.stays:
        if stay.start_s > at_s:
            break
        found += 1
    return found


def _order_in(state: str, life: Life, stay: int) -> float:
    """What a state's orders are lined up by: their number, or when they came to an end."""
    return life.stays[stay].start_s if state in (DONE, DEAD) else life.index


def _on_its_way(trace: Trace, boxes: Boxes, life: Life, goal: Place, at_s: float) -> Place:
    """Where the order is: at `goal`, or still flying there from where it was before."""
    now = _stay(life, at_s)
    part = (at_s - life.stays[now].start_s) / MOVE_S
    if part >= 1:
        return goal
    if now == 0:
        origin = (-3.0, goal[1])
    else:
        before = life.stays[now - 1].state
        rank = _rank_before(trace, life, now - 1)
        origin = boxes.slot(before, rank) if before in boxes.states else goal
    eased = part * part * (3 - 2 * part)
    x = origin[0] + (goal[0] - origin[0]) * eased
    y = origin[1] + (goal[1] - origin[1]) * eased + HOP_PX * math.sin(math.pi * part)
    return round(x, 3), round(y, 3)


def _rank_before(trace: Trace, life: Life, stay: int) -> int:
    """The rank that `life` had in the state that it left at the end of `stay`."""
    state, moment_s = life.stays[stay].state, life.stays[stay].end_s - 0.001
    mine = (_order_in(state, life, stay), life.index)
    rank = 0
    for other in trace.lives:
        then = _stay(other, moment_s)
        if then >= 0 and other.stays[then].state == state:
            rank += (_order_in(state, other, then), other.index) < mine
    return rank


def _look(life: Life, works: list[Work], state: str, at_s: float) -> tuple[str, str]:
    """Symbol and colour: poison is a cross wherever it is, a returned order a diamond."""
    received = [work for work in works if work.start_s <= at_s]
    if life.poison or state == DEAD:
        return SYMBOLS["failed"], "@failed"
    if state == DONE:
        return SYMBOLS["done"], "@done"
    if state == FLIGHT:
        again = received and received[-1].why == DUPLICATE
        return (SYMBOLS["old"], "@old") if again else (SYMBOLS["flight"], "@flight")
    if received:
        return SYMBOLS["old"], "@old"
    return SYMBOLS["ready"], "@ink2" if state == DELAYED else "@ready"


def _dots(dots: list[tuple[float, float, str, str, str]]) -> Tree:
    """The orders as numbered markers."""
    return {
        "type": "scatter",
        "mode": "markers+text",
        "xaxis": "x2",
        "x": [dot[0] for dot in dots],
        "y": [dot[1] for dot in dots],
        "text": [dot[4] for dot in dots],
        "textposition": "middle center",
        "textfont": {"size": 9, "color": "@paper"},
        "marker": {
            "symbol": [dot[2] for dot in dots],
            "color": [dot[3] for dot in dots],
            "size": [DOT_PX[dot[2]] for dot in dots],
            "opacity": 1,  # or plotly makes markers of several sizes faint
            "line": {"color": "@panel", "width": 1},
        },
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _box(boxes: Boxes, state: str) -> Tree:
    return {
        "type": "rect",
        "xref": "x2",
        "x0": boxes.left(state),
        "x1": boxes.left(state) + boxes.width,
        "y0": NOW_BOTTOM,
        "y1": NOW_TOP,
        "fillcolor": "@panel",
        "line": {"color": "@line", "width": 1},
        "layer": "below",
    }


def _headings(boxes: Boxes, counts: dict[str, int]) -> list[Tree]:
    """The name of each box, and below it its marker with how many orders are in the box."""
    names: list[Text] = []
    numbers: list[Text] = []
    for state in boxes.states:
        name, sign, _ = HEADINGS[state]
        names.append((boxes.left(state), NOW_TOP - 13, f"\u2002<b>{name}</b>"))
        numbers.append((boxes.left(state), NOW_TOP - 31, f"\u2002{sign} <b>{counts[state]}</b>"))
    traces = [words(names, "@ink"), words(numbers, "@ink")]
    for trace in traces:
        trace["xaxis"] = "x2"
        trace["textfont"]["color"] = [HEADINGS[state][2] for state in boxes.states]
    traces[1]["textfont"]["size"] = LARGE
    return traces


def _moves(boxes: Boxes, trace: Trace, at_s: float) -> Tree:
    """What takes an order from one box to the next, and how often it has, under the gaps."""
    received, empty, deleted, timeouts = _tally(trace, at_s)
    moves = [
        (FLIGHT, f"receive → {received}<br>empty {empty}<br>timeout ← {timeouts}"),
        (DONE, f"delete → {deleted}"),
    ]
    if DELAYED in boxes.states:  # more boxes: on a phone there is room only beside "empty"
        moves = [moves[0], (DONE, f"<br>delete → {deleted}"), (READY, "<br>delay →")]
    texts = words(
        [(boxes.left(state) - GAP / 2, NOW_BOTTOM - 4, text) for state, text in moves], "@ink2"
    )
    texts["xaxis"] = "x2"
    texts["textposition"] = "bottom center"
    return texts


def _tally(trace: Trace, at_s: float) -> tuple[int, int, int, int]:
    """Up to `at_s`: receives that brought an order, empty ones, deletes, timeouts run out."""
    received = empty = deleted = timeouts = 0
    for shift in trace.shifts:
        for _, answered_s in shift.empties:
            if answered_s > at_s:
                break
            empty += 1
        for work in shift.works:
            received += work.start_s <= at_s
            deleted += work.outcome == SUCCEEDED and work.end_s <= at_s
    for life in trace.lives:
        before = ""
        for stay in life.stays:
            timeouts += before == FLIGHT and stay.state == READY and stay.start_s <= at_s
            before = stay.state
    return received, empty, deleted, timeouts
