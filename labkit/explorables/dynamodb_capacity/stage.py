"""Where things are drawn: pixels upwards; across, `x2` in hundredths of the width, `x` the time.

    an item, block by block                    TOP
    Writes                                     WRITES_TOP
    ■■■■✕  ┌──── units a second ───┐
    ┌───┐  └───────────────────────┘
    │▒▒▒│  ┌──── the bucket ───────┐
    └───┘  └───────────────────────┘
    Reads, the same                            READS_TOP
    A month costs                              COST_TOP

One y axis in pixels serves all parts, so a graph is as high on a phone as on a wide screen; only
the widths stretch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.palette import SYMBOLS

if TYPE_CHECKING:
    from typing import Any

    Tree = dict[str, Any]
    Text = tuple[float, float, str, str, str]  # x, y, text, colour, side

TOP = 604
WRITES_TOP = 514
READS_TOP = 316
COST_TOP = 138
COST_BASE = 20
MARGIN = {"l": 2, "r": 6, "t": 2, "b": 6}
TIME_LEFT = 0.205  # where the graphs over time begin, as a part of the width

TEXT = 12
LEFT, CENTRE, RIGHT = "middle left", "middle center", "middle right"


def layout(window_s: float) -> Tree:
    """The layout: two axes across, one upwards."""
    return {
        "height": TOP + MARGIN["t"] + MARGIN["b"],
        "margin": MARGIN,
        "xaxis": {"range": [0, window_s], "domain": [TIME_LEFT, 1], "visible": False},
        "xaxis2": {"range": [0, 100], "visible": False},
        "yaxis": {"range": [0, TOP], "visible": False},
    }


# Name → kind, axis, colour, width or opacity or size, and dash or symbol; the lowest layer first.
LAYERS = (
    ("frame", "line", "x", "@line", 1, ""),
    ("served", "area", "x", "@done", 0.28, ""),
    ("hot", "area", "x", "@done", 0.35, ""),
    ("refused", "area", "x", "@failed", 0.55, ""),
    ("asked", "line", "x", "@ink", 1.5, ""),
    ("provisioned", "line", "x", "@accent", 1.5, "dash"),
    ("partition", "line", "x", "@failed", 1.5, "dot"),
    ("kept", "area", "x", "@accent", 0.22, ""),
    ("level", "line", "x", "@accent", 2, ""),
    ("fill", "area", "x2", "@accent", 0.4, ""),
    ("edge", "line", "x2", "@accent", 1, ""),
    ("base", "line", "x2", "@line", 1, ""),
    ("lead", "line", "x2", "@ink2", 1, "dot"),
    ("wall", "line", "x2", "@ink", 2, ""),
    ("now", "line", "x", "@ink", 2, ""),
    ("flat", "line", "x2", "@accent", 2, ""),
    ("rising", "line", "x2", "@flight", 2, ""),
    ("dot", "mark", "x", "@accent", 9, SYMBOLS["ready"]),
    ("call served", "mark", "x2", "@done", 8, SYMBOLS["done"]),
    ("call refused", "mark", "x2", "@failed", 8, SYMBOLS["failed"]),
    ("pays rate", "mark", "x2", "@accent", 10, SYMBOLS["done"]),
    ("pays use", "mark", "x2", "@flight", 11, SYMBOLS["ready"]),
)


class Layers:
    """What is drawn, gathered by look, since each look is one trace and traces are dear."""

    def __init__(self) -> None:
        self.points: dict[str, list[Any]] = {}
        self.notes: dict[str, list[Text]] = {"x": [], "x2": []}

    def add(self, layer: str, points: list[Any]) -> None:
        """Draw a line or an area through the points, or a mark at each."""
        self.points.setdefault(layer, []).extend(points + [(None, None)])  # noqa: RUF005  MicroPython

    def box(self, layer: str, x0: float, x1: float, y0: float, y1: float) -> None:
        """Draw a rectangle."""
        self.add(layer, [(x0, y0), (x0, y1), (x1, y1), (x1, y0), (x0, y0)])

    def note(self, axis: str, note: Text) -> None:
        """Write a text."""
        self.notes[axis].append(note)

    def traces(self) -> list[Tree]:
        """All of it, the texts on top."""
        made = []
        for name, kind, axis, colour, amount, look in LAYERS:
            points = self.points.get(name, [])
            if points:
                trace = _trace(axis, points[:-1])
                trace.update(_look(kind, colour, amount, look))
                made.append(trace)
        return made + [_texts(axis, self.notes[axis]) for axis in ("x", "x2")]


def _trace(axis: str, points: list[Any]) -> Tree:
    return {
        "type": "scatter",
        "xaxis": axis,
        "x": [point[0] for point in points],
        "y": [point[1] for point in points],
        "hoverinfo": "skip",
    }


def _look(kind: str, colour: str, amount: float, look: str) -> Tree:
    """How a line, an area or marks look."""
    if kind == "line":
        line = {"color": colour, "width": amount, "dash": look or "solid"}
        return {"mode": "lines", "line": line}
    if kind == "area":
        return {"mode": "none", "fill": "toself", "fillcolor": colour, "opacity": amount}
    edge = {"color": "@paper", "width": 1}
    marker = {"symbol": look, "size": amount, "color": colour, "line": edge}
    return {"mode": "markers", "marker": marker, "cliponaxis": False}


def _texts(axis: str, notes: list[Text]) -> Tree:
    """All texts on one axis as one trace: as annotations they would take most of a redraw."""
    made = _trace(axis, notes)
    made["mode"] = "text"
    made["text"] = [note[2] for note in notes]
    made["textposition"] = [note[4] for note in notes]
    made["textfont"] = {"size": TEXT, "color": [note[3] for note in notes]}
    made["cliponaxis"] = False
    return made
