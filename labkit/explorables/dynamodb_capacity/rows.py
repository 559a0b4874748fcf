"""The middle of the figure, once for writes and once for reads: traffic, and the bucket below it.

The bucket at the playhead's moment stands left of the graph of its level, as high as that graph.
Above it ten marks stand for the requests of that second: a square is one that is served, a cross
one that is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.dynamodb_capacity.stage import TIME_LEFT
from labkit.explorables.layers import CENTRE, LEFT, RIGHT, Layers
from labkit.models.dynamodb_capacity.bucket import BURST_S
from labkit.models.dynamodb_capacity.table import PARTITION_UNITS, WRITE
from labkit.models.dynamodb_capacity.traffic import WAVE
from labkit.models.sums import rounded
from labkit.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Text
    from labkit.models.dynamodb_capacity.table import Course, Span, Stream

HEADING_PX = 24
BETWEEN_PX = 8
HEADROOM = 1.16  # above the highest of what is drawn
VESSEL = (1.0, 16.5)  # left and right of the bucket, in hundredths of the width
TEN = 10
MARK_PX = 13  # from one line of marks to the next
NEAR = 0.6  # of a partition's limit, from where on it is worth a line
MARKS_PX = 26  # from the top of the traffic down to the first line of marks
TICKS = 4
KEY_NEEDS_PX = 90  # a lower graph has no room beside it for what the marks mean


class Row:
    """The graphs of a stream, hung up at `top`; `traffic_px` and `bucket_px` are their heights."""

    def __init__(self, course: Course, top: float, traffic_px: float, bucket_px: float) -> None:
        self.course, self.stream = course, course.stream
        self.window_s = course.stream.shape.window_s
        self.top = top
        self.ceiling = top - HEADING_PX
        self.floor = self.ceiling - traffic_px
        self.brim = self.floor - BETWEEN_PX
        self.foot = self.brim - bucket_px
        highest = max(self.stream.highest, self.stream.provisioned)
        self.px_per_unit = traffic_px / (highest * HEADROOM)
        self.px_kept = bucket_px / (self.stream.provisioned * BURST_S)

    def draw(self, layers: Layers, at_s: float) -> None:
        """Draw all of it, with the playhead at `at_s`."""
        for draw in (self._frame, self._traffic, self._bucket, self._labels):
            draw(layers)
        self._now(layers, at_s)
        self._calls(layers, at_s)

    def _y(self, units: float) -> float:
        """The height of so many units a second."""
        return rounded(self.floor + units * self.px_per_unit, 2)

    def _frame(self, layers: Layers) -> None:
        """The feet of both graphs, the brim of the bucket, and the lines of the time."""
        for y in (self.floor, self.foot, self.brim):
            layers.add("frame", [(0, y), (self.window_s, y)])
        for number in range(1, TICKS):
            x = self.window_s * number / TICKS
            layers.add("frame", [(x, self.foot), (x, self.ceiling)])

    def _edge(self, which: str) -> list[Any]:
        """The upper edge of what was asked for, or served: in steps, but for a wave."""
        spans = self.course.spans
        if self.stream.shape.name == WAVE:
            points = [((span.start_s + span.end_s) / 2, self._of(span, which)) for span in spans]
            return self._to_the_ends(points)
        points = []
        for span in spans:
            y = self._of(span, which)
            points += [(span.start_s, y), (span.end_s, y)]
        return points

    def _asked(self) -> list[Any]:
        """The same of what was asked for, which knows no spans of the bucket."""
        if self.stream.shape.name != WAVE:
            return self._edge("asked")
        points = [
            ((each.start_s + each.end_s) / 2, self._y(self.stream.usual * each.factor))
            for each in self.stream.shape.stretches()
        ]
        return self._to_the_ends(points)

    def _to_the_ends(self, points: list[Any]) -> list[Any]:
        first, last = (0.0, points[0][1]), (self.window_s, points[-1][1])
        return [first] + points + [last]  # noqa: RUF005  MicroPython

    def _of(self, span: Span, which: str) -> float:
        return self._y(getattr(span, which))

    def _traffic(self, layers: Layers) -> None:
        closed = [(self.window_s, self.floor), (0.0, self.floor)]
        asked, served = self._asked(), self._edge("served")
        layers.add("served", served + closed)
        if self.stream.hot_share:
            layers.add("hot", self._edge("hot_served") + closed)
        if self.course.refused:
            layers.add("refused", served + list(reversed(asked)))
        layers.add("asked", asked)
        layers.add("provisioned", self._level(self.stream.provisioned))
        if self._shows_partition():
            layers.add("partition", self._level(PARTITION_UNITS[self.stream.way]))

    def _level(self, units: float) -> list[Any]:
        y = self._y(units)
        return [(0, y), (self.window_s, y)]

    def _shows_partition(self) -> bool:
        """Whether the hot key comes near what a partition gives."""
        limit = PARTITION_UNITS[self.stream.way]
        return self.stream.highest * self.stream.hot_share >= limit * NEAR

    def _bucket(self, layers: Layers) -> None:
        """The level over time."""
        spans = self.course.spans
        points = [(0.0, self._kept(spans[0].level_start))]
        points += [(span.end_s, self._kept(span.level_end)) for span in spans]
        closed = [(self.window_s, self.foot), (0.0, self.foot)]
        layers.add("kept", points + closed)
        layers.add("level", points)

    def _now(self, layers: Layers, at_s: float) -> None:
        """The bucket itself at the playhead, and how much is in it."""
        held = self.course.level_at(at_s)
        level = self._kept(held)
        left, right = VESSEL
        layers.box("fill", left, right, self.foot, level)
        layers.add(
            "wall",
            [(left, self.brim), (left, self.foot), (right, self.foot), (right, self.brim)],
        )
        layers.add("lead", [(right, level), (100 * TIME_LEFT, level)])
        layers.add("now", [(at_s, self.foot), (at_s, self.ceiling)])
        layers.add("dot", [(at_s, level)])
        middle = (left + right) / 2
        text = f"<b>{_short(held)}</b>"
        layers.note("x2", (middle, self.brim - 9, "bucket", "@ink", CENTRE))
        layers.note("x2", (middle, self.foot + 12, text, "@ink", CENTRE))

    def _kept(self, units: float) -> float:
        return rounded(self.foot + units * self.px_kept, 2)

    def _calls(self, layers: Layers, at_s: float) -> None:
        """Ten calls of the playhead's second."""
        span = self.course.at(at_s)
        left, right = VESSEL
        step = (right - left) / (TEN / 2 - 1)
        refused = _of_ten(span)
        count = TEN if span.asked else 0
        for number in range(count):
            row, column = divmod(number, TEN // 2)
            place = (left + column * step, self.ceiling - MARKS_PX - row * MARK_PX)
            layers.add("call served" if number < count - refused else "call refused", [place])
        said = "10 calls" if count else "no calls"
        layers.note("x2", ((left + right) / 2, self.ceiling - 8, said, "@ink2", CENTRE))
        if self.ceiling - self.floor >= KEY_NEEDS_PX:
            y = self.ceiling - MARKS_PX - 2 * MARK_PX - 6
            layers.note("x2", (0, y, "■ served", "@done", RIGHT))
            layers.note("x2", (0, y - 16, "✕ refused", "@failed", RIGHT))

    def _labels(self, layers: Layers) -> None:
        """What the lines and areas are, beside them."""
        kept = number_text(self.stream.provisioned * BURST_S)
        # Where the level is seldom low: late, but for a wave, whose nights are quiet.
        at_s, side = (0.0, RIGHT) if self.stream.shape.name == WAVE else (self.window_s, LEFT)
        full = f"\u2002full at {kept}\u2002"
        layers.note("x", (at_s, self.foot + 9, full, "@ink", side))
        if self._shows_partition():
            limit = PARTITION_UNITS[self.stream.way]
            y = self._y(max(limit, self.course.spans[0].asked)) + 9
            text = f"\u2002┈ a partition {number_text(limit)}"
            layers.note("x", (0, y, text, "@failed", RIGHT))


def _of_ten(span: Span) -> int:
    """How many requests of ten are refused; one at least if any is, and not ten if one is not."""
    if span.refused <= 0:
        return 0
    return min(TEN - 1, max(1, int(TEN * span.refused / span.asked + 0.5)))


def draw_row(layers: Layers, row: Row, at_s: float) -> None:
    """Draw a heading, and the graphs of a stream below it."""
    for note in _heading(row.stream, row.top - 8):
        layers.note("x2", note)
    row.draw(layers, at_s)


def _heading(stream: Stream, y: float) -> list[Text]:
    name = "Writes" if stream.way == WRITE else "Reads"
    said = number_text(stream.usual)
    if stream.highest > stream.usual:
        said += f"–{number_text(stream.highest)}"
    provisioned = f"╌ provisioned {number_text(stream.provisioned)}"
    return [
        (0, y, f"<b>{name}</b>\u2002{said} units/s", "@ink", RIGHT),
        (100, y, provisioned, "@accent", LEFT),
    ]


def _short(units: float) -> str:
    """A number that has room in the bucket.

    >>> _short(27200), _short(654321), _short(1.2e6)
    ('27,200', '654 k', '1.2 M')
    """
    if units >= 1e6:
        return f"{number_text(rounded(units / 1e6, 1))} M"
    return f"{number_text(units / 1e3)} k" if units >= 1e5 else number_text(rounded(units))


def draw_time(layers: Layers, stream: Stream, y: float) -> None:
    """Write the labels of the time, below the lowest graph."""
    window_s, wave = stream.shape.window_s, stream.shape.name == WAVE
    unit_s, unit = (SECONDS_PER_HOUR, "h") if wave else (SECONDS_PER_MINUTE, "min")
    for number in range(TICKS + 1):
        at_s = window_s * number / TICKS
        text = number_text(rounded(at_s / unit_s, 1))
        side = RIGHT if number == 0 else LEFT if number == TICKS else CENTRE
        said = f"{text} {unit}" if number == TICKS else text
        layers.note("x", (at_s, y, said, "@ink2", side))
