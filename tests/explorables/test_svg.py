"""A figure is drawn as SVG without a browser, in colours that follow the theme, or refused."""

from __future__ import annotations

import copy
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from labkit.errors import BrokenLab
from labkit.explorables.svg import draw

Tree = dict[str, Any]
SVG = "{http://www.w3.org/2000/svg}"
POINTS: Tree = {
    "type": "scatter",
    "mode": "markers",
    "x": [0, 5, 10],
    "y": [0, 50, 100],
    "marker": {"color": "@ready", "size": 10},
}
LINE: Tree = {
    "type": "scatter",
    "mode": "lines",
    "x": [0, 5, 10],
    "y": [0, 50, 100],
    "line": {"color": "@flight", "width": 2},
}
BARS: Tree = {"type": "bar", "x": ["orders", "posters"], "y": [3, 4], "marker": {"color": "@done"}}
# The plot is 100 pixels wide and high, so that a value of x is a tenth of its pixel.
LAYOUT: Tree = {
    "height": 100,
    "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
    "xaxis": {"range": [0, 10]},
    "yaxis": {"range": [0, 100]},
}


def picture(*traces: Tree, **layout: Any) -> ElementTree.Element:
    figure = {"data": list(traces), "layout": {**copy.deepcopy(LAYOUT), **layout}}
    return ElementTree.fromstring(draw(figure, 100, "x", "Orders", "Three orders wait."))


def paths(svg: ElementTree.Element) -> list[str]:
    """What is drawn inside the axes."""
    return [path.get("d", "") for path in svg.iterfind(f".//{SVG}g[@clip-path]//{SVG}path")]


def texts(svg: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


def boxes(svg: ElementTree.Element) -> list[tuple[float, ...]]:
    """x, y, width and height of every bar."""
    keys = ("x", "y", "width", "height")
    rects = svg.iterfind(f".//{SVG}g[@clip-path]//{SVG}rect")
    return [tuple(float(rect.get(key, "")) for key in keys) for rect in rects]


def test_the_picture_has_a_name_and_a_text_alternative() -> None:
    svg = picture(POINTS)

    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "x-t x-d"
    assert svg.findtext(f"{SVG}title") == "Orders"
    assert svg.findtext(f"{SVG}desc") == "Three orders wait."


def test_colours_follow_the_theme_and_fall_back_to_the_light_one() -> None:
    marker = picture(POINTS).find(f".//{SVG}g[@clip-path]/{SVG}path")

    assert marker is not None
    assert marker.get("fill") == "var(--lk-ready,#6941c6)"


def test_a_line_goes_through_its_points() -> None:
    assert paths(picture(LINE)) == ["M0,100L50,50L100,0"]


def test_a_line_breaks_where_a_value_is_missing() -> None:
    line = {**LINE, "x": [0, 5, None, 5, 10], "y": [0, 50, None, 20, 20]}

    assert paths(picture(line)) == ["M0,100L50,50M50,80L100,80"]


def test_a_stepped_line_holds_its_value_until_the_next() -> None:
    line = {**LINE, "line": {"color": "@flight", "shape": "hv"}}

    assert paths(picture(line)) == ["M0,100L50,100L50,50L100,50L100,0"]


def test_an_area_is_closed_down_to_zero() -> None:
    area = {**LINE, "fill": "tozeroy", "fillcolor": "@panel"}

    assert paths(picture(area))[0] == "M0,100L50,50L100,0L100,100L0,100Z"


def test_a_band_is_closed_along_the_line_before_it() -> None:
    floor = {**LINE, "y": [0, 0, 0]}
    band = {**LINE, "fill": "tonexty", "fillcolor": "@panel"}

    assert paths(picture(floor, band))[1] == "M0,100L50,50L100,0L100,100L50,100L0,100Z"


@pytest.mark.parametrize(
    ("symbol", "corners"),
    [("circle", 0), ("triangle-right", 3), ("square", 4), ("diamond", 4), ("x", 12)],
)
def test_every_state_has_its_own_shape(symbol: str, corners: int) -> None:
    points = {**POINTS, "x": [5], "y": [50], "marker": {**POINTS["marker"], "symbol": symbol}}

    (path,) = paths(picture(points))

    assert len(re.findall("[ML]", path)) == max(corners, 1)
    assert ("a" in path) == (symbol == "circle")


def test_a_later_point_lies_on_top_of_an_earlier_one() -> None:
    marker = {"color": ["@ready", "@done", "@ready"], "size": 10}
    svg = picture({**POINTS, "marker": marker})

    fills = [path.get("fill") for path in svg.iterfind(f".//{SVG}g[@clip-path]/{SVG}path")]

    assert [str(fill)[4:14] for fill in fills] == ["--lk-ready", "--lk-done,", "--lk-ready"]


def test_stacked_bars_stand_on_each_other() -> None:
    svg = picture(BARS, BARS, barmode="stack", xaxis={}, yaxis={"range": [0, 10]})

    assert boxes(svg) == [
        (5, 70, 40, 30), (55, 60, 40, 40), (5, 40, 40, 30), (55, 20, 40, 40)
    ]  # fmt: skip


def test_grouped_bars_stand_beside_each_other() -> None:
    other = {**BARS, "y": [5, 5]}
    svg = picture(BARS, other, xaxis={}, yaxis={"range": [0, 10]})

    assert [box[0] for box in boxes(svg)] == [5, 55, 25, 75]
    assert {box[2] for box in boxes(svg)} == {20}


def test_horizontal_bars_can_begin_anywhere() -> None:
    lane = {
        "type": "bar",
        "orientation": "h",
        "x": [3, 2],
        "base": [1, 6],
        "y": [50, 50],
        "width": 20,
        "marker": {"color": "@flight"},
    }

    assert boxes(picture(lane)) == [(10, 40, 30, 20), (60, 40, 20, 20)]


def test_a_log_axis_gives_every_factor_of_ten_the_same_room() -> None:
    line = {**LINE, "x": [1, 10, 100]}
    ticks = {"tickvals": [1, 10, 100], "ticktext": ["1", "10", "100"]}
    svg = picture(line, xaxis={"type": "log", "range": [0, 2], **ticks})

    assert paths(svg) == ["M0,100L50,50L100,0"]
    assert texts(svg)[:3] == ["1", "10", "100"]


@pytest.mark.parametrize(
    ("span", "labels"),
    [
        pytest.param([0, 10], ["0", "2", "4", "6", "8", "10"], id="units"),
        pytest.param([0, 0.4], ["0", "0.1", "0.2", "0.3", "0.4"], id="fractions"),
        pytest.param([0, 16000], ["0", "5k", "10k", "15k"], id="thousands"),
        pytest.param([-1, 1], ["\u22121", "\u22120.5", "0", "0.5", "1"], id="below zero"),
    ],
)
def test_ticks_are_round_numbers(span: list[float], labels: list[str]) -> None:
    svg = picture(xaxis={"range": span}, yaxis={"range": [0, 1], "visible": False})

    assert texts(svg) == labels


def test_axes_share_the_figure_by_their_domains() -> None:
    right = {**LINE, "xaxis": "x2"}
    svg = picture(
        LINE, right, xaxis={"range": [0, 10], "domain": [0, 0.5]},
        xaxis2={"range": [0, 10], "domain": [0.5, 1]},
    )  # fmt: skip

    assert paths(svg) == ["M0,100L25,50L50,0", "M50,100L75,50L100,0"]
    assert {clip.get("id") for clip in svg.iter(f"{SVG}clipPath")} == {"x-xy", "x-x2y"}


def test_a_shape_on_the_paper_and_one_on_the_axes_meet() -> None:
    now = {"type": "line", "x0": 3, "x1": 3, "y0": 0, "y1": 1, "yref": "paper",
           "line": {"color": "@accent", "width": 2}}  # fmt: skip
    svg = picture(POINTS, shapes=[now])

    line = svg.find(f"{SVG}line")

    assert line is not None
    assert [line.get(key) for key in ("x1", "y1", "x2", "y2")] == ["30", "100", "30", "0"]


def test_an_annotation_begins_at_the_side_that_holds_it() -> None:
    note = {"text": "a <b>second</b> time", "x": 3, "y": 50, "showarrow": False, "xanchor": "left"}
    text = picture(POINTS, annotations=[note]).findall(f"{SVG}text")[-1]

    assert "".join(text.itertext()) == "a second time"
    assert text.get("text-anchor") == "start"
    assert text[0].get("x") == "31"  # one pixel of padding, as in plotly


def test_an_arrow_ends_at_its_point() -> None:
    note = {"text": "here", "x": 5, "y": 50, "ax": 0, "ay": -30, "arrowhead": 0}
    arrow = picture(POINTS, annotations=[note]).findall(f"{SVG}path")[-1]

    assert arrow.get("d", "").endswith("L50,50")


@pytest.mark.parametrize("lines", [1, 3])
@pytest.mark.parametrize(("side", "sign"), [("top", -1), ("bottom", 1)])
def test_all_lines_of_a_text_lie_on_its_side_of_the_point(side: str, sign: int, lines: int) -> None:
    trace = {
        "type": "scatter",
        "mode": "text",
        "x": [5],
        "y": [50],  # 50 pixels down
        "text": ["<br>".join(["order"] * lines)],
        "textposition": f"{side} center",
        "textfont": {"size": 10, "color": "@ink"},
    }

    svg = picture(trace)

    words = [one for one in svg.iter(f"{SVG}text") if "order" in "".join(one.itertext())]
    downs = [float(line.get("y", "")) for one in words for line in one]
    assert len(downs) == lines
    middles = [down - 3.5 for down in downs]
    assert all(sign * (middle - 50) > 0 for middle in middles)


def test_words_are_escaped() -> None:
    note = {"text": "q & a", "x": 5, "y": 50, "showarrow": False}

    assert texts(picture(POINTS, annotations=[note]))[-1] == "q & a"


def test_an_invisible_trace_is_not_drawn() -> None:
    assert paths(picture({**LINE, "visible": False})) == []


@pytest.mark.parametrize(
    ("traces", "layout", "words"),
    [
        pytest.param([{"type": "pie"}], {}, "'pie'", id="unknown trace"),
        pytest.param([{**LINE, "stackgroup": "a"}], {}, "'stackgroup'", id="unknown attribute"),
        pytest.param([{**LINE, "line": {"color": "red"}}], {}, "'red'", id="colour without token"),
        pytest.param([{**LINE, "mode": "lines+stars"}], {}, "'stars'", id="unknown mode"),
        pytest.param(
            [{key: LINE[key] for key in LINE if key != "mode"}], {}, "no mode", id="no mode"
        ),
        pytest.param(
            [{**POINTS, "marker": {"color": "@ready", "symbol": "star"}}], {}, "'star'",
            id="unknown symbol",
        ),
        pytest.param([LINE], {"legend": {}}, "'legend'", id="unknown part of the layout"),
        pytest.param([LINE], {"showlegend": True}, "showlegend", id="legend"),
        pytest.param([LINE], {"xaxis": {}}, "no range", id="axis without range"),
        pytest.param(
            [LINE], {"xaxis": {"range": [0, 1], "type": "date"}}, "'date'", id="axis of dates"
        ),
        pytest.param(
            [LINE], {"xaxis": {"range": [0, 1], "type": "log"}}, "tickvals", id="log without ticks"
        ),
        pytest.param([{**LINE, "yaxis": "y3"}], {}, "yaxis3", id="axis that is not there"),
        pytest.param(
            [LINE], {"annotations": [{"text": "<a>x</a>", "x": 1, "y": 1}]}, "<a>", id="a tag"
        ),
        pytest.param(
            [{**BARS, "x": [1, 2]}], {}, "no width", id="bars of unknown width"
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_faithfully_is_refused(
    traces: list[Tree], layout: Tree, words: str
) -> None:
    with pytest.raises(BrokenLab, match=re.escape(words)):
        picture(*traces, **layout)
