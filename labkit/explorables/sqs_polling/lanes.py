"""The middle of the figure: a lane for each consumer, with its requests and its work.

A tick is an empty answer, a thin line a long poll that waits, a bar the work on an order; the
mark at the end of a bar tells how it went.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.palette import SYMBOLS
from labkit.explorables.sqs_polling.shop import WINDOW_S
from labkit.explorables.sqs_polling.stage import (
    LANES_TOP,
    NUMBER_NEEDS_PX,
    heading,
    lane_pitch,
    marks,
    row_labels,
    segments,
    ticks,
    words,
)
from labkit.models.sqs.trace import DUPLICATE, FAILED, LATE, SUCCEEDED

if TYPE_CHECKING:
    from labkit.explorables.sqs_polling.stage import Key, Piece, Place, Row, Text, Tree
    from labkit.models.sqs.trace import Shift, Trace, Work

NUMBER_NEEDS_S = 3.5  # a shorter bar has no room for an order's number on a phone


def draw_lanes(trace: Trace) -> tuple[list[Tree], list[Tree]]:
    """Traces and annotations of what each consumer did."""
    pitch = lane_pitch(len(trace.shifts))
    lanes = _Lanes()
    rows: list[Row] = []
    for shift in trace.shifts:
        y = LANES_TOP - (shift.consumer + 0.5) * pitch
        rows.append((y, str(shift.consumer + 1), "@ink2"))
        lanes.add(shift, y)
    traces = lanes.traces(pitch * 0.66)
    traces.append(row_labels(rows))
    return traces, heading("Consumers", lanes.keys(), LANES_TOP)


class _Lanes:
    """The strokes and marks of all lanes, by kind, since each kind is one trace."""

    def __init__(self) -> None:
        self.rest: list[Piece] = []
        self.waits: list[Piece] = []
        self.empties: list[Place] = []
        self.works: list[Piece] = []
        self.duplicates: list[Piece] = []
        self.ends: dict[str, list[Place]] = {SUCCEEDED: [], FAILED: [], LATE: []}
        self.numbers: list[Text] = []

    def add(self, shift: Shift, y: float) -> None:
        """Put a consumer's lane at the height `y`."""
        self.rest.append((0, WINDOW_S, y))
        for asked_s, answered_s in shift.empties:
            self.empties.append((answered_s, y))
            if answered_s > asked_s:
                self.waits.append((asked_s, answered_s, y))
        for work in shift.works:
            self.add_work(work, y)
        if shift.waiting_since_s is not None:
            self.waits.append((shift.waiting_since_s, WINDOW_S, y))

    def add_work(self, work: Work, y: float) -> None:
        """Put the bar of a work, with the wait before it and the mark at its end."""
        if work.start_s > work.asked_s:
            self.waits.append((work.asked_s, work.start_s, y))
        bars = self.duplicates if work.why == DUPLICATE else self.works
        bars.append((work.start_s, work.end_s, y))
        if work.outcome in self.ends:
            self.ends[work.outcome].append((work.end_s, y))
        if min(work.end_s, WINDOW_S) - work.start_s >= NUMBER_NEEDS_S:
            # An en space keeps the number clear of the mark that ends the bar before.
            self.numbers.append((work.start_s, y, f"\u2002{work.message + 1}"))

    def traces(self, thick: float) -> list[Tree]:
        """The traces, lowest first, with bars of that thickness."""
        size = min(9, thick * 0.6)
        numbers = self.numbers if thick >= NUMBER_NEEDS_PX else []
        return [
            segments(self.rest, "@line", 1),
            segments(self.waits, "@accent", 2),
            ticks(self.empties, thick, "@ink"),
            segments(self.works, "@flight", thick),
            segments(self.duplicates, "@old", thick),
            marks(self.ends[SUCCEEDED], SYMBOLS["done"], "@done", size),
            marks(self.ends[FAILED], SYMBOLS["failed"], "@failed", size),
            marks(self.ends[LATE], SYMBOLS["old"], "@old", size),
            words(numbers, "@paper"),
        ]

    def keys(self) -> list[Key]:
        """What the strokes mean, of those that there are."""
        keys = [("| empty" if self.waits else "| empty answer", "@ink")]
        if self.waits:
            keys.append(("— waits", "@accent"))
        keys.append(("■ works", "@flight"))
        if self.duplicates:
            keys.append(("■ again", "@old"))
        return keys
