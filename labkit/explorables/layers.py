"""A figure of many lines, areas, marks and texts as few traces: one for each look.

Plotly takes about as long for a trace of one point as for one of a hundred. So what looks alike
is gathered, with a None between its pieces, and all texts on one axis are one trace too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    Tree = dict[str, Any]
    # Name; line, area or mark; axis; colour; width or opacity or size; dash or symbol.
    Look = tuple[str, str, str, str, float, str]
    Text = tuple[float, float, str, str, str]  # x, y, text, colour, side

TEXT = 12
LEFT, CENTRE, RIGHT = "middle left", "middle center", "middle right"  # of its place


class Layers:
    """What is drawn, gathered by look; `looks` are the looks there are, the lowest layer first."""

    def __init__(self, looks: tuple[Look, ...]) -> None:
        self.looks = looks
        self.points: dict[str, list[Any]] = {}
        self.notes: dict[str, list[Text]] = {"x": [], "x2": []}

    def add(self, layer: str, points: list[Any]) -> None:
        """Draw a line or an area through the points, or a mark at each."""
        gathered = self.points.setdefault(layer, [])
        gathered += points
        gathered.append((None, None))

    def box(self, layer: str, x0: float, x1: float, y0: float, y1: float) -> None:
        """Draw a rectangle."""
        self.add(layer, [(x0, y0), (x0, y1), (x1, y1), (x1, y0), (x0, y0)])

    def note(self, axis: str, note: Text) -> None:
        """Write a text."""
        self.notes[axis].append(note)

    def traces(self) -> list[Tree]:
        """All of it, the texts on top."""
        made = []
        for name, kind, axis, colour, amount, look in self.looks:
            points = self.points.get(name, [])
            if points:
                trace = _trace(axis, points[:-1])
                trace.update(_styled(kind, colour, amount, look))
                made.append(trace)
        return made + [_texts(axis, self.notes[axis]) for axis in ("x", "x2") if self.notes[axis]]


def _trace(axis: str, points: list[Any]) -> Tree:
    return {
        "type": "scatter",
        "xaxis": axis,
        "x": [point[0] for point in points],
        "y": [point[1] for point in points],
        "hoverinfo": "skip",
    }


def _styled(kind: str, colour: str, amount: float, look: str) -> Tree:
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
