"""A plotly figure, given as a dict, is drawn as SVG without a browser.

The picture is what the page shows until a reader touches it, with scripts off, in print, and in a
notebook without a kernel. Its colours follow the page's theme. What it cannot draw faithfully it
refuses: an unknown trace, an attribute that would change what the figure says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.svg.bars import Bars
from labkit.explorables.svg.frame import Frame
from labkit.explorables.svg.marks import points, scatter
from labkit.explorables.svg.notes import annotation, shape
from labkit.explorables.svg.pen import check, escape, num, one_of, paint
from labkit.explorables.theme import is_axis, themed

if TYPE_CHECKING:
    from typing import Any

LAYOUT = "width height margin font paper_bgcolor plot_bgcolor shapes annotations barmode bargap"
UNSEEN = "showlegend hovermode hoverlabel dragmode uirevision hoverdistance spikedistance"


def draw(figure: dict[str, Any], width: int, id: str, title: str, description: str) -> str:
    """The SVG of `figure`, `width` pixels wide; `id` is unique on its page.

    `title` and `description` are its name and its text alternative. Raises BrokenLab for what it
    does not draw.
    """
    figure = themed(figure)
    layout = figure["layout"]
    traces = [trace for trace in figure["data"] if trace.get("visible", True)]
    for trace in traces:
        one_of("A trace's type", trace["type"], "scatter", "bar")
    check("The layout", {key: 0 for key in layout if not is_axis(key)}, LAYOUT, UNSEEN)
    one_of("showlegend", layout["showlegend"], False)
    area = _area(layout, width)
    frame = Frame(layout, traces, area)
    notes = layout.get("shapes", [])
    shapes = [_clipped(note, id, shape(note, frame.axes, area)) for note in notes]
    under = [note.get("layer") == "below" for note in notes]
    texts = layout.get("annotations", [])
    parts = [_background(layout, width, area), frame.clips(id)]
    parts += [drawn for drawn, below in zip(shapes, under, strict=True) if below]
    parts += [frame.grid(), _traces(traces, layout, frame, id), frame.labels()]
    parts += [drawn for drawn, below in zip(shapes, under, strict=True) if not below]
    parts += [annotation(note, frame.axes, area, layout["font"]) for note in texts]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" font-family="system-ui,sans-serif" role="img" '
        f'viewBox="0 0 {width} {num(layout["height"])}" aria-labelledby="{id}-t {id}-d">'
        f'<title id="{id}-t">{escape(title)}</title><desc id="{id}-d">{escape(description)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def _area(layout: dict[str, Any], width: int) -> dict[str, float]:
    margin = layout["margin"]
    check("The margin", margin, "l r t b")
    return {
        "left": margin["l"],
        "right": width - margin["r"],
        "top": margin["t"],
        "bottom": layout["height"] - margin["b"],
    }


def _background(layout: dict[str, Any], width: int, area: dict[str, float]) -> str:
    boxes = [
        (layout["paper_bgcolor"], (0, 0, width, layout["height"])),
        (layout["plot_bgcolor"], (area["left"], area["top"], area["right"], area["bottom"])),
    ]
    return "".join(
        f'<path d="M{num(x0)},{num(y0)}H{num(x1)}V{num(y1)}H{num(x0)}Z" fill="{paint(colour)}"/>'
        for colour, (x0, y0, x1, y1) in boxes
        if paint(colour) != "none"
    )


def _traces(traces: list[Any], layout: dict[str, Any], frame: Frame, id: str) -> str:
    """All traces, each within the area of its axes; plotly lays scatter over bars."""
    bars = Bars([trace for trace in traces if trace["type"] == "bar"], layout)
    below, above = [], []
    previous: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for trace in traces:
        pair = (trace.get("xaxis", "x"), trace.get("yaxis", "y"))
        x, y = frame.axes[pair[0]], frame.axes[pair[1]]
        if trace["type"] == "bar":
            below.append(_within(pair, id, bars.draw(trace, x, y)))
            continue
        drawn = scatter(trace, x, y, previous.get(pair, []), layout["font"])
        previous[pair] = [place for place in points(trace, x, y) if place]
        above.append(_within(pair, id, drawn) if trace.get("cliponaxis", True) else drawn)
    return "".join(below + above)


def _within(pair: tuple[str, str], id: str, drawn: str) -> str:
    return f'<g clip-path="url(#{id}-{pair[0]}{pair[1]})">{drawn}</g>' if drawn else ""


def _clipped(note: dict[str, Any], id: str, drawn: str) -> str:
    """A shape that is placed by two axes stays within their area."""
    pair = (note.get("xref", "x"), note.get("yref", "y"))
    free = "paper" in pair or any(" " in ref for ref in pair)
    return drawn if free else _within(pair, id, drawn)
