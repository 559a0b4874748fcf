"""Bars, beside each other, stacked, or each from a base of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.errors import BrokenLab
from labkit.explorables.svg.marks import BAR, UNSEEN, at, faded
from labkit.explorables.svg.pen import check, num, one_of, paint

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.svg.axis import Axis

    Trace = dict[str, Any]


class Bars:
    """The bars of a figure, drawn trace by trace; it knows how high each stack already is."""

    def __init__(self, traces: list[Trace], layout: dict[str, Any]) -> None:
        self.mode = one_of(
            "barmode", layout.get("barmode", "group"), "group", "stack", "relative", "overlay"
        )
        self.gap = layout.get("bargap", 0.2)
        self.traces = traces
        self._tops: dict[tuple[Any, bool], float] = {}

    def draw(self, trace: Trace, x: Axis, y: Axis) -> str:
        """The SVG of one bar trace."""
        check("A bar trace", trace, BAR, UNSEEN)
        marker = trace["marker"]
        check("A bar's marker", marker, "color opacity line")
        across = trace.get("orientation", "v") == "h"
        places, lengths = (trace["y"], trace["x"]) if across else (trace["x"], trace["y"])
        along, up = (y, x) if across else (x, y)
        drawn = ""
        for index, (place, length) in enumerate(zip(places, lengths, strict=True)):
            if place is None or length is None:
                continue
            left, right = self._sides(trace, along, place, index)
            foot = self._foot(trace, (x.key, y.key, across, place), length, index)
            corners = (along.at(left), along.at(right), up.at(foot), up.at(foot + length))
            drawn += _box(corners, across, _look(marker, index))
        return faded(faded(drawn, marker), trace)

    def _sides(self, trace: Trace, along: Axis, place: Any, index: int) -> tuple[float, float]:
        """Where a bar begins and ends on the axis that it stands on."""
        middle = along.categories.index(place) if isinstance(place, str) else place
        if "width" not in trace and not along.categories:
            raise BrokenLab("A bar trace on a numeric axis has no width.", next_step="Set width.")
        width = at(trace.get("width", 1 - self.gap), index)
        if "offset" in trace:
            begin = middle + at(trace["offset"], index)
        elif self.mode == "group" and "width" not in trace:
            beside = [other for other in self.traces if _ground(other) == _ground(trace)]
            begin = middle - width / 2 + width * beside.index(trace) / len(beside)
            width /= len(beside)
        else:
            begin = middle - width / 2
        return begin, begin + width

    def _foot(self, trace: Trace, stack: tuple[Any, ...], length: float, index: int) -> float:
        """Where a bar begins on the axis that it is measured on."""
        if "base" in trace:
            base: float = at(trace["base"], index)
            return base
        if self.mode not in ("stack", "relative"):
            return 0
        key = (stack, length < 0)
        foot = self._tops.get(key, 0)
        self._tops[key] = foot + length
        return foot


def _ground(trace: Trace) -> tuple[str, str]:
    return trace.get("xaxis", "x"), trace.get("yaxis", "y")


def _look(marker: dict[str, Any], index: int) -> str:
    line = marker.get("line", {})
    check("A bar's line", line, "color width")
    fill = f'fill="{paint(at(marker["color"], index))}"'
    if not line.get("width"):
        return fill
    return f'{fill} stroke="{paint(at(line["color"], index))}" stroke-width="{num(line["width"])}"'


def _box(corners: tuple[float, float, float, float], across: bool, look: str) -> str:
    low, high, foot, head = corners
    (x0, x1), (y0, y1) = ((foot, head), (low, high)) if across else ((low, high), (foot, head))
    place = f'x="{num(min(x0, x1))}" y="{num(min(y0, y1))}"'
    size = f'width="{num(abs(x1 - x0))}" height="{num(abs(y1 - y0))}"'
    return f"<rect {place} {size} {look}/>"
