"""The figure: the request's way through the gates, as far as the playhead has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.explorables.iam_evaluation.desk import desk
from labkit.explorables.iam_evaluation.gates import (
    NONE,
    OPEN,
    RESOURCE,
    SHUT,
    SILENT,
    UNASKED,
)
from labkit.explorables.iam_evaluation.names import gate_name, gate_says, outcome_says, rule
from labkit.explorables.iam_evaluation.track import (
    EVERY_LEG,
    HEIGHT_PX,
    OUTCOME,
    REQUEST,
    along,
    leg,
    place,
)

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.iam_evaluation.desk import Desk
    from labkit.explorables.iam_evaluation.gates import Gate

    Tree = dict[str, Any]
    Point = tuple[float, float]
    Look = tuple[str, float, str]  # symbol, size, colour
    Text = tuple[float, float, str, int, str]  # x, y, text, size, colour

REGULAR, BOLD = 400, 700
NAME_PX, SAYS_PX, OUTCOME_PX = 13, 12, 20
INDENT, INDENT_SMALL = "\u2003\u2004", "\u2003\u2004\u200a"  # between a mark and its words
LINE_PX = 4

# what a gate does → its mark, its size, its colour
LOOKS = {
    OPEN: ("square", 15, "@done"),
    SHUT: ("x", 19, "@failed"),
    SILENT: ("diamond", 14, "@old"),
    NONE: ("circle", 7, "@line"),
    UNASKED: ("circle", 7, "@line"),
}
BROKEN = ("x", 13, "@failed")
FLYING = ("triangle-down", 17, "@flight")


@dataclass(frozen=True)
class Drawn:
    """A stop as it is drawn: its mark, its name and what it says."""

    stop: str
    look: Look
    name: str
    says: str


def stops(desk: Desk) -> list[str]:
    """Where the request comes to, one after the other: each step of the playhead is one."""
    return [REQUEST] + desk.way + ([OUTCOME] if desk.allowed else [])


def figure(**values: Any) -> Tree:
    """The plotly figure for these values, its colours named by token."""
    now = desk(values)
    route, at = stops(now), values["at"]
    gone, head = _travelled(route, at)
    drawn = _drawn(now, route, at)
    data = [_lines(EVERY_LEG, "@line", 2, "dot"), _lines(gone, "@done", LINE_PX)]
    data += _stops(now, drawn)
    if at < len(route) - 1:
        data.append(_markers([(head, FLYING)]))
    return {"data": data, "layout": _layout()}


def _layout() -> Tree:
    return {
        "height": HEIGHT_PX,
        "margin": {"l": 2, "r": 2, "t": 0, "b": 0},
        "xaxis": {"range": [0, 100], "visible": False},
        "yaxis": {"range": [0, HEIGHT_PX], "visible": False},
    }


def _travelled(route: list[str], at: float) -> tuple[list[list[Point]], Point]:
    """The lines along which the request has come, and where it is."""
    lines, head = [], place(route[0])
    for i in range(len(route) - 1):
        if at <= i:
            break
        gone, head = along(leg(route[i], route[i + 1]), min(1, at - i))
        lines.append(gone)
    return lines, head


def _drawn(now: Desk, route: list[str], at: float) -> list[Drawn]:
    """Every stop as it looks when the request has come so far."""
    reached = route[: int(at) + 1]
    drawn = [Drawn(REQUEST, ("circle", 13, "@ready"), now.who.label, now.ask.label)]
    for gate in now.gates:
        drawn.append(_gate_drawn(now, gate, gate.kind in reached))
    drawn.append(_outcome(now, decided=len(reached) == len(route)))
    return drawn


def _gate_drawn(now: Desk, gate: Gate, reached: bool) -> Drawn:
    name = gate_name(now, gate.kind)
    if reached:
        return Drawn(gate.kind, LOOKS[gate.state], name, gate_says(now, gate))
    says = gate_says(now, gate) if gate.state in (NONE, UNASKED) else "not asked yet"
    return Drawn(gate.kind, BROKEN if gate.kind == now.broken else LOOKS[UNASKED], name, says)


def _outcome(now: Desk, decided: bool) -> Drawn:
    if now.broken or not decided:
        return Drawn(OUTCOME, LOOKS[UNASKED], "?", outcome_says(now) if now.broken else "")
    look = ("square", 24, "@done") if now.allowed else ("x", 26, "@failed")
    return Drawn(OUTCOME, look, "Allowed" if now.allowed else "Denied", outcome_says(now))


def _stops(now: Desk, drawn: list[Drawn]) -> list[Tree]:
    """Three traces: the marks, the names beside them, and what they say below the names."""
    looks, names, says = [], [], []
    for one in drawn:
        x, y = place(one.stop)
        final = one.stop == OUTCOME
        colour = one.look[2] if one.look != LOOKS[UNASKED] else "@ink2"
        looks.append(((x, y), one.look))
        size, up, down = (OUTCOME_PX, 9, 14) if final else (NAME_PX, 8, 8)
        ink = colour if final else "@ink" if colour != "@ink2" else colour
        indent = "\u2003" if final else INDENT
        names.append((x, y + up, indent + one.name, size, ink))
        says.append((x, y - down, INDENT_SMALL + one.says, SAYS_PX, colour))
    says.append(_fork(now))
    return [_markers(looks), _texts(names, BOLD), _texts(says, REGULAR)]


def _fork(now: Desk) -> Text:
    """The rule that holds where the way parts, above the line to the resource's policy."""
    x, y = place(REQUEST)[0], place(RESOURCE)[1] + 10
    return (x, y, INDENT_SMALL + rule(now), SAYS_PX, "@ink2")


def _lines(lines: list[list[Point]], colour: str, width: float, dash: str = "solid") -> Tree:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for line in lines:
        xs += [x for x, _ in line] + [None]
        ys += [y for _, y in line] + [None]
    look = {"color": colour, "width": width, "dash": dash}
    return {"type": "scatter", "mode": "lines", "x": xs, "y": ys, "line": look, "hoverinfo": "skip"}


def _markers(looks: list[tuple[Point, Look]]) -> Tree:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [place[0] for place, _ in looks],
        "y": [place[1] for place, _ in looks],
        "marker": {
            "symbol": [look[0] for _, look in looks],
            "size": [look[1] for _, look in looks],
            "color": [look[2] for _, look in looks],
            "opacity": 1,
            "line": {"color": "@paper", "width": 1.5},
        },
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _texts(texts: list[Text], weight: int) -> Tree:
    return {
        "type": "scatter",
        "mode": "text",
        "x": [text[0] for text in texts],
        "y": [text[1] for text in texts],
        "text": [text[2] for text in texts],
        "textposition": "middle right",
        "textfont": {
            "size": [text[3] for text in texts],
            "color": [text[4] for text in texts],
            "weight": weight,
        },
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
