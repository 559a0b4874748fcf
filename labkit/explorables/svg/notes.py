"""What a figure says beside its traces: shapes and annotations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from labkit.explorables.svg.marks import faded
from labkit.explorables.svg.pen import (
    LINE_SPACING,
    check,
    lines_of,
    num,
    one_of,
    paint,
    stroke,
    width_of,
    write,
)
from labkit.explorables.theme import TRANSPARENT, over

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.svg.axis import Axis

    Axes = dict[str, Axis]
    Area = dict[str, float]
    Note = dict[str, Any]
    Point = tuple[float, float]

SHAPE = "type x0 x1 y0 y1 xref yref line fillcolor opacity layer"
ANNOTATION = (
    "text x y xref yref showarrow ax ay arrowcolor arrowhead arrowwidth arrowsize standoff xanchor "
    "yanchor xshift yshift font align bgcolor bordercolor borderwidth borderpad opacity textangle"
)
UNSEEN = "name editable hovertext hoverlabel captureevents visible"
# How far the text's middle lies from the anchor, in widths and in heights.
ACROSS = {"left": 0.5, "center": 0, "right": -0.5}
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
UP = {"bottom": -0.5, "middle": 0, "top": 0.5}


def shape(note: Note, axes: Axes, area: Area) -> str:
    """The SVG of a line, a rectangle or a circle."""
    check("A shape", note, SHAPE, UNSEEN)
    kind = one_of("A shape's type", note["type"], "line", "rect", "circle")
    x0, x1, y0, y1 = (_at(note, key, axes, area) for key in ("x0", "x1", "y0", "y1"))
    line = note.get("line", {})
    edge = stroke(line) if line.get("width", 2) and "color" in line else 'stroke="none"'
    if kind == "line":
        drawn = f'<line x1="{num(x0)}" y1="{num(y0)}" x2="{num(x1)}" y2="{num(y1)}" {edge}/>'
        return faded(drawn, note)
    look = f'fill="{paint(note.get("fillcolor", TRANSPARENT))}" {edge}'
    width, height = abs(x1 - x0), abs(y1 - y0)
    if kind == "rect":
        return faded(_rect(min(x0, x1), min(y0, y1), width, height, look), note)
    centre = f'cx="{num((x0 + x1) / 2)}" cy="{num((y0 + y1) / 2)}"'
    return faded(f'<ellipse {centre} rx="{num(width / 2)}" ry="{num(height / 2)}" {look}/>', note)


def annotation(note: Note, axes: Axes, area: Area, font: dict[str, Any]) -> str:
    """The SVG of a text at a place, with or without an arrow to it."""
    check("An annotation", note, ANNOTATION, UNSEEN)
    font = over(font, note.get("font", {}))
    x = _at(note, "x", axes, area) + note.get("xshift", 0)
    y = _at(note, "y", axes, area) - note.get("yshift", 0)
    arrow = note.get("showarrow", True)
    tail = (x + note.get("ax", -10), y + note.get("ay", -30)) if arrow else (x, y)
    pad = note.get("borderpad", 1) + note.get("borderwidth", 0)
    width = width_of(note["text"], font["size"]) + 2 * pad
    height = len(lines_of(note["text"])) * LINE_SPACING * font["size"] + 2 * pad
    side = _anchor(note, "x", ("left", "center", "right"))
    level = _anchor(note, "y", ("bottom", "middle", "top"))
    middle = (tail[0] + ACROSS[side] * width, tail[1] + UP[level] * height)
    drawn = _arrow(note, (x, y), middle, (width, height), font) if arrow else ""
    drawn += _box(note, middle, width, height)
    # The text starts from the side by which it is held, whatever its true width.
    align = note.get("align", "center")
    align = side if side != "center" and "<br>" not in note["text"] else align
    start, turn = middle[0] - ACROSS[align] * (width - 2 * pad), note.get("textangle", 0)
    drawn += write(note["text"], start, middle[1], font, anchor=ANCHORS[align], turn=turn)
    return faded(drawn, note)


def _at(note: Note, key: str, axes: Axes, area: Area) -> float:
    """The pixel of the note's `key` in its coordinates: an axis, its domain, or the paper."""
    letter, value = key[0], note[key]
    ref: str = note.get(f"{letter}ref", letter)
    if ref == "paper":
        start, end = ("left", "right") if letter == "x" else ("bottom", "top")
        span = area[end] - area[start]
        return area[start] + span * float(value)
    axis = axes[ref.split(" ", 1)[0]]
    if ref.endswith(" domain"):
        return axis.at_fraction(value)
    # On a logarithmic axis plotly takes shapes by value, but texts (whose key is bare) by log10.
    return axis.at(10**value if axis.is_log and key == letter else value)


def _anchor(note: Note, letter: str, sides: tuple[str, str, str]) -> str:
    """The side by which a text is held: near the paper's edge, that edge, unless it says."""
    given: str = note.get(f"{letter}anchor", "auto")
    if given != "auto":
        return given
    ref = note.get(f"{letter}ref", letter)
    if note.get("showarrow", True) or not (ref == "paper" or ref.endswith(" domain")):
        return sides[1]
    return sides[0] if note[letter] < 1 / 3 else sides[2] if note[letter] > 2 / 3 else sides[1]


def _arrow(note: Note, head: Point, middle: Point, size: Point, font: dict[str, Any]) -> str:
    """A line to `head` from the edge of the text, which is `size` wide and high."""
    x, y = middle
    right, down = head[0] - x, head[1] - y
    away = min(0.5 * size[0] / abs(right or 1e-9), 0.5 * size[1] / abs(down or 1e-9))
    if away >= 1:
        return ""  # the head lies under the text
    length = math.hypot(right, down)
    tail = (x + away * right, y + away * down)
    right, down = right / length, down / length
    stop = note.get("standoff", 0)
    tip = (head[0] - stop * right, head[1] - stop * down)
    width, colour = note.get("arrowwidth", 2), paint(note.get("arrowcolor", font["color"]))
    ends = "L".join(f"{num(x)},{num(y)}" for x, y in (tail, tip))
    drawn = f'<path d="M{ends}" stroke="{colour}" stroke-width="{num(width)}"/>'
    if not note.get("arrowhead", 1):
        return drawn
    barb = 3 * width * note.get("arrowsize", 1)
    back = (tip[0] - barb * right, tip[1] - barb * down)
    outline = [tip]
    for sign in (1, -1):
        outline.append((back[0] - sign * barb * down / 2, back[1] + sign * barb * right / 2))
    corners = "L".join(f"{num(x)},{num(y)}" for x, y in outline)
    return drawn + f'<path d="M{corners}Z" fill="{colour}"/>'


def _box(note: Note, middle: Point, width: float, height: float) -> str:
    edge_width = note.get("borderwidth", 0)
    if "bgcolor" not in note and not edge_width:
        return ""
    look = f'fill="{paint(note.get("bgcolor", TRANSPARENT))}"'
    if edge_width:
        look += f' stroke="{paint(note["bordercolor"])}" stroke-width="{num(edge_width)}"'
    return _rect(middle[0] - width / 2, middle[1] - height / 2, width, height, look)


def _rect(x: float, y: float, width: float, height: float, look: str) -> str:
    return f'<rect x="{num(x)}" y="{num(y)}" width="{num(width)}" height="{num(height)}" {look}/>'
