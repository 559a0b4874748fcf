"""The lower part of the figure: a line for each order, from its sending on, in its states' colours.

The first order is on top. An order that comes back has a diamond where its visibility timeout ran
out; one that is deleted has its time from sent to done beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.palette import SYMBOLS
from labkit.explorables.sqs_polling.shop import WINDOW_S
from labkit.explorables.sqs_polling.stage import (
    NUMBER_NEEDS_PX,
    heading,
    marks,
    orders_top,
    row_labels,
    segments,
    words,
)
from labkit.models.sqs.queue import DEAD, DELAYED, DONE, FLIGHT, READY
from labkit.models.sqs.trace import DUPLICATE, FAILED

if TYPE_CHECKING:
    from labkit.explorables.sqs_polling.stage import Key, Piece, Place, Row, Text, Tree
    from labkit.models.sqs.trace import Life, Stay, Trace, Work

LINE_MAX_PX = 30  # from one order's line to the next one's
LATENCY_NEEDS_S = 13  # nearer to the right edge there is no room for it on a phone


def draw_orders(trace: Trace, works: list[list[Work]]) -> tuple[list[Tree], list[Tree]]:
    """Traces and annotations of what became of each order."""
    top = orders_top(len(trace.shifts))
    pitch = min(LINE_MAX_PX, top / max(1, len(trace.lives)))
    lines = _Lines()
    rows: list[Row] = []
    for life in trace.lives:
        y = top - (life.index + 0.5) * pitch
        lines.add(life, works[life.index], y)
        if life.poison:
            rows.append((y, f"<b>✕</b> {life.index + 1}", "@failed"))
        elif _is_labelled(life.index, pitch):
            rows.append((y, str(life.index + 1), "@ink2"))
    traces = lines.traces(pitch)
    traces.append(row_labels(rows))
    return traces, heading("Orders", lines.keys(), top)


class _Lines:
    """The strokes and marks of all orders, by kind, since each kind is one trace."""

    def __init__(self) -> None:
        self.strokes: dict[str, list[Piece]] = {DELAYED: [], READY: [], FLIGHT: [], DUPLICATE: []}
        self.ends: dict[str, list[Place]] = {DONE: [], DEAD: []}
        self.sent: list[Place] = []
        self.back: list[Place] = []
        self.failures: list[Place] = []
        self.latencies: list[Text] = []

    def add(self, life: Life, works: list[Work], y: float) -> None:
        """Put an order's line at the height `y`."""
        self.sent.append((life.sent_s, y))
        self.failures += [(work.end_s, y) for work in works if work.outcome == FAILED]
        receives = 0
        for stay in life.stays:
            if stay.state == FLIGHT:
                duplicate = works[receives].why == DUPLICATE
                receives += 1
                self.stroke(DUPLICATE if duplicate else FLIGHT, stay, y)
            elif stay.state in self.strokes:
                self.stroke(stay.state, stay, y)
                if receives:
                    self.back.append((stay.start_s, y))
            elif stay.state in self.ends:
                self.ends[stay.state].append((stay.start_s, y))
        end = life.stays[-1]
        if end.state == DONE and end.start_s <= WINDOW_S - LATENCY_NEEDS_S:
            took = number_text(round(end.start_s - life.sent_s, 1))
            self.latencies.append((end.start_s, y, f"\u2002\u200a{took} s"))

    def stroke(self, look: str, stay: Stay, y: float) -> None:
        """Put a stroke as long as a stay."""
        self.strokes[look].append((stay.start_s, stay.end_s, y))

    def traces(self, pitch: float) -> list[Tree]:
        """The traces, lowest first, for lines that are `pitch` pixels apart."""
        thick = max(1.5, min(11, pitch * 0.5))
        size = max(3, min(9, pitch * 0.8))
        delayed = segments(self.strokes[DELAYED], "@ink2", 1.5)
        delayed["line"]["dash"] = "dot"
        latencies = self.latencies if pitch >= NUMBER_NEEDS_PX else []
        return [
            delayed,
            segments(self.strokes[READY], "@ready", max(1.5, thick * 0.4)),
            segments(self.strokes[FLIGHT], "@flight", thick),
            segments(self.strokes[DUPLICATE], "@old", thick),
            marks(self.sent, SYMBOLS["ready"], "@ready", size),
            marks(self.back, SYMBOLS["old"], "@old", size),
            marks(self.failures, SYMBOLS["failed"], "@failed", size),
            marks(self.ends[DONE], SYMBOLS["done"], "@done", size),
            marks(self.ends[DEAD], SYMBOLS["failed"], "@failed", size + 3),
            words(latencies, "@ink2"),
        ]

    def keys(self) -> list[Key]:
        """What the marks mean, of those that there are."""
        keys = [("● sent", "@ready")]
        if self.back:
            keys.append(("◆ back", "@old"))
        if self.failures:
            keys.append(("✕ failed", "@failed"))
        if self.ends[DONE]:
            keys.append(("■ deleted", "@done"))
        return keys


def _is_labelled(index: int, pitch: float) -> bool:
    """Whether an order's line has its number beside it: as many have as there is room for."""
    for step in (1, 5, 10, 20, 50):
        if pitch * step >= NUMBER_NEEDS_PX:
            return (index + 1) % step == 0
    return False
