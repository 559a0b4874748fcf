"""The traces of a figure: points, lines, areas and bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.errors import BrokenLab
from labkit.explorables.svg.pen import (
    LINE_SPACING,
    check,
    lines_of,
    num,
    one_of,
    paint,
    stroke,
    write,
)
from labkit.explorables.theme import over

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.svg.axis import Axis

    Trace = dict[str, Any]
    Point = tuple[float, float]

SCATTER = (
    "type x y xaxis yaxis visible mode line marker fill fillcolor text textposition textfont "
    "opacity cliponaxis connectgaps"
)
BAR = "type x y xaxis yaxis visible orientation base width offset marker opacity"
UNSEEN = (
    "name showlegend legendgroup hoverinfo hovertemplate hovertext hoverlabel hoveron customdata "
    "uid ids meta"
)

# The corners of each marker of size 2 around (0, 0), as plotly draws it. A circle has none.
CORNERS: dict[str, tuple[Point, ...]] = {
    "circle": (),
    "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "diamond": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
    "x": (
        (0, 0.57),
        (0.57, 1.13),
        (1.13, 0.57),
        (0.57, 0),
        (1.13, -0.57),
        (0.57, -1.13),
        (0, -0.57),
        (-0.57, -1.13),
        (-1.13, -0.57),
        (-0.57, 0),
        (-1.13, 0.57),
        (-0.57, 1.13),
    ),
    "triangle-up": ((-1.155, 0.5), (1.155, 0.5), (0, -1)),
    "triangle-down": ((-1.155, -0.5), (1.155, -0.5), (0, 1)),
    "triangle-right": ((-0.5, -1.155), (-0.5, 1.155), (1, 0)),
    "triangle-left": ((0.5, -1.155), (0.5, 1.155), (-1, 0)),
    "line-ns": ((0, -1.4), (0, 1.4)),
    "line-ew": ((-1.4, 0), (1.4, 0)),
}
SIDES = {"left": (-1, "end"), "center": (0, "middle"), "right": (1, "start")}
HEIGHTS = {"top": -1, "middle": 0, "bottom": 1}


def scatter(trace: Trace, x: Axis, y: Axis, previous: list[Point], font: dict[str, Any]) -> str:
    """The SVG of a scatter trace; `previous` are the points to which tonexty fills."""
    check("A scatter trace", trace, SCATTER, UNSEEN)
    if "mode" not in trace:
        raise BrokenLab(
            "A scatter trace has no mode.",
            "Plotly then chooses one by the number of points.",
            "Set its mode: lines, markers, text, or several joined by +.",
        )
    modes = [
        one_of("A part of a mode", part, "lines", "markers", "text", "none")
        for part in trace["mode"].split("+")
    ]
    runs = _runs(points(trace, x, y), trace)
    drawn = []
    if runs and trace.get("fill", "none") != "none":
        drawn.append(_area(trace, runs, y, previous))
    path = "".join("M" + _through(run) for run in runs if len(run) > 1)
    if "lines" in modes and path:
        drawn.append(f'<path d="{path}" fill="none" {stroke(trace["line"])}/>')
    if "markers" in modes:
        drawn.append(_markers(trace["marker"], points(trace, x, y)))
    if "text" in modes:
        drawn.append(_texts(trace, points(trace, x, y), font, "markers" in modes))
    return faded("".join(drawn), trace)


def points(trace: Trace, x: Axis, y: Axis) -> list[Point | None]:
    """The pixels of a trace's points; None where one has no value."""
    return [
        None if east is None or north is None else (x.at(east), y.at(north))
        for east, north in zip(trace["x"], trace["y"], strict=True)
    ]


def faded(drawn: str, look: dict[str, Any]) -> str:
    """`drawn` with the opacity that `look` gives it, if any."""
    opacity = look.get("opacity", 1)
    return drawn if opacity == 1 else f'<g opacity="{num(opacity)}">{drawn}</g>'


def at(value: Any, index: int) -> Any:
    """The value for one point: plotly takes one for all, or a list."""
    return value[index] if isinstance(value, (list, tuple)) else value


def _runs(places: list[Point | None], trace: Trace) -> list[list[Point]]:
    """The unbroken runs of points, with the corners that a stepped line adds."""
    shape = one_of(
        "A line's shape", trace.get("line", {}).get("shape", "linear"), "linear", "hv", "vh"
    )
    gaps = not trace.get("connectgaps", False)
    runs: list[list[Point]] = [[]]
    for place in places:
        if place is None:
            if gaps and runs[-1]:
                runs.append([])
            continue
        if runs[-1] and shape != "linear":
            last = runs[-1][-1]
            runs[-1].append((place[0], last[1]) if shape == "hv" else (last[0], place[1]))
        runs[-1].append(place)
    return [run for run in runs if run]


def _through(run: list[Point]) -> str:
    return "L".join(f"{num(x)},{num(y)}" for x, y in run)


def _area(trace: Trace, runs: list[list[Point]], y: Axis, previous: list[Point]) -> str:
    fill = one_of("A fill", trace["fill"], "tozeroy", "tonexty", "toself")
    floor = y.start if y.is_log else y.at(0)
    path = ""
    for run in runs:
        outline = list(run)
        if fill == "tozeroy":
            outline += [(run[-1][0], floor), (run[0][0], floor)]
        elif fill == "tonexty":
            outline += previous[::-1]
        path += f"M{_through(outline)}Z"
    return f'<path d="{path}" fill="{paint(trace["fillcolor"])}"/>'


def _markers(marker: dict[str, Any], places: list[Point | None]) -> str:
    """One path for each run of markers that look the same, so that a later one lies on top."""
    check("A marker", marker, "symbol size color opacity line")
    drawn: list[list[str]] = []
    for index, place in enumerate(places):
        if place is None:
            continue
        symbol, size = at(marker.get("symbol", "circle"), index), at(marker.get("size", 6), index)
        look = _marker_look(marker, symbol, index)
        if not drawn or drawn[-1][0] != look:
            drawn.append([look, ""])
        drawn[-1][1] += _outline(symbol.replace("-open", ""), place, size / 2)
    return faded("".join(f'<path d="{path}" {look}/>' for look, path in drawn), marker)


def _marker_look(marker: dict[str, Any], symbol: str, index: int) -> str:
    colour = paint(at(marker["color"], index))
    line = marker.get("line", {})
    check("A marker's line", line, "color width")
    width = at(line.get("width", 0), index)
    if "line-" in symbol or symbol.endswith("-open"):
        return f'fill="none" stroke="{colour}" stroke-width="{num(width or 1)}"'
    edge = paint(at(line["color"], index)) if width else ""
    return f'fill="{colour}"' + (f' stroke="{edge}" stroke-width="{num(width)}"' if width else "")


def _outline(symbol: str, place: Point, radius: float) -> str:
    corners = CORNERS[one_of("A marker's symbol", symbol, *CORNERS)]
    x, y = place
    if not corners:
        r, d = num(radius), num(2 * radius)
        return f"M{num(x - radius)},{num(y)}a{r},{r} 0 1,0 {d},0a{r},{r} 0 1,0 -{d},0z"
    return (
        "M" + _through([(x + radius * right, y + radius * down) for right, down in corners]) + "z"
    )


def _texts(
    trace: Trace, places: list[Point | None], font: dict[str, Any], with_markers: bool
) -> str:
    font = over(font, trace.get("textfont", {}))
    drawn = []
    for index, place in enumerate(places):
        text = at(trace["text"], index)
        if place is None or not text:
            continue
        height, side = at(trace.get("textposition", "middle center"), index).split()
        sign, anchor = SIDES[side]
        away = at(trace["marker"].get("size", 6), index) / 1.6 + 1 if with_markers else 0
        size = at(font["size"], index)
        one = over(font, {"size": size, "color": at(font["color"], index)})
        more_lines = (len(lines_of(text)) - 1) * LINE_SPACING * size
        down = HEIGHTS[height] * (away + size * 0.65 + more_lines / 2)
        drawn.append(write(text, place[0] + sign * away, place[1] + down, one, anchor=anchor))
    return "".join(drawn)
