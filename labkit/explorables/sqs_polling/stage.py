"""Where things are drawn: the plot area is measured in pixels upwards and in seconds across.

    ┌─────────┬───────────┬────────┐ NOW_TOP
    │ ready   │ in flight │ done   │    the queue at the playhead's moment
    └─────────┴───────────┴────────┘ NOW_BOTTOM
    ┌──────────────────────────────┐ LANES_TOP
    │ a lane for each consumer     │
    ├──────────────────────────────┤ as far down as there are consumers
    │ a line for each order        │
    └ 0 s ─────────────────── 120 s┘ 0

One y axis in pixels serves all three parts, so a lane is as thick on a phone as on a wide screen;
only the widths stretch. `x` runs in seconds, `x2` in hundredths of the width.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.sqs_polling.shop import WINDOW_S

if TYPE_CHECKING:
    from typing import Any

    Tree = dict[str, Any]
    Place = tuple[float, float]
    Piece = tuple[float, float, float]
    Key = tuple[str, str]
    Row = tuple[float, str, str]  # height, text, colour
    Text = tuple[float, float, str]

NOW_TOP = 542
NOW_BOTTOM = 436
LANES_TOP = 360
LANES_PX = 112  # what all lanes together may take
LANE_MAX_PX = 24
HEADING_PX = 34  # between two parts, with the heading of the lower one
HEIGHT = 566
MARGIN = {"l": 30, "r": 16, "t": 4, "b": 50}
GRID_S = 20

SMALL = 11
TEXT = 12
LARGE = 16
LETTER_PX = 6.4  # the width of a letter of size TEXT, in a font that is rather wide
BOLD_LETTER_PX = 8
NUMBER_NEEDS_PX = 11  # thinner lanes and lines have no room for an order's number


def lane_pitch(consumers: int) -> float:
    """From the middle of one consumer's lane to the next one's, in pixels."""
    return min(LANE_MAX_PX, LANES_PX / max(1, consumers))


def orders_top(consumers: int) -> float:
    """Where the lines of the orders begin, below the lanes of so many consumers."""
    return LANES_TOP - consumers * lane_pitch(consumers) - HEADING_PX


def layout(shapes: list[Tree], annotations: list[Tree]) -> Tree:
    """The layout around the parts' own shapes and annotations."""
    return {
        "height": HEIGHT + MARGIN["t"] + MARGIN["b"],
        "margin": MARGIN,
        "xaxis": {
            "range": [0, WINDOW_S],
            "dtick": GRID_S,
            "showgrid": False,
            "title": "seconds since the shop opened",
        },
        "xaxis2": {"range": [0, 100], "overlaying": "x", "visible": False},
        "yaxis": {"range": [0, HEIGHT], "visible": False},
        "shapes": shapes,
        "annotations": annotations,
    }


def segments(pieces: list[Piece], colour: str, width: float) -> Tree:
    """Level lines, each from its first number to its second, at the height of its third."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for start_s, end_s, y in pieces:
        xs += [start_s, min(end_s, WINDOW_S), None]
        ys += [y, y, None]
    return _strokes(xs, ys, colour, width)


def ticks(places: list[Place], height: float, colour: str) -> Tree:
    """Short upright lines with their middles at the places: one path, however many there are."""
    half = round(height / 2, 1)
    xs: list[float | None] = []
    ys: list[float | None] = []
    for x, y in places:
        xs += [x, x, None]
        ys += [y - half, y + half, None]
    return _strokes(xs, ys, colour, 1.5)


def _strokes(xs: list[float | None], ys: list[float | None], colour: str, width: float) -> Tree:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "line": {"color": colour, "width": width},
        "hoverinfo": "skip",
    }


def marks(places: list[Place], symbol: str, colour: str, size: float) -> Tree:
    """A marker at each place, edged with paper so that neighbours stay apart."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x for x, _ in places],
        "y": [y for _, y in places],
        "marker": {
            "symbol": symbol,
            "size": size,
            "color": colour,
            "line": {"color": "@paper", "width": 1},
        },
        "hoverinfo": "skip",
    }


def words(places: list[Text], colour: str) -> Tree:
    """A short text to the right of each place."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": [x for x, _, _ in places],
        "y": [y for _, y, _ in places],
        "text": [text for _, _, text in places],
        "textposition": "middle right",
        "textfont": {"size": SMALL, "color": colour},
        "hoverinfo": "skip",
    }


def note(text: str, x: float, y: float, colour: str, **more: Any) -> Tree:
    """A text that begins at `x`, in seconds, with its middle at `y`."""
    made: Tree = {
        "text": text,
        "x": x,
        "y": y,
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "middle",
        "font": {"size": TEXT, "color": colour},
    }
    made.update(more)
    return made


def row_labels(rows: list[Row]) -> Tree:
    """The numbers of lanes or lines, left of the plot.

    One trace of texts: so many annotations would take plotly half of each redraw.
    """
    labels = words([(0, y, f"{text}\u2002") for y, text, _ in rows], "@ink2")
    labels["textposition"] = "middle left"
    labels["textfont"]["color"] = [colour for _, _, colour in rows]
    labels["cliponaxis"] = False
    return labels


def grid() -> list[Tree]:
    """Faint upright lines every so many seconds, behind the lanes and lines."""
    return [
        {
            "type": "line",
            "x0": at_s,
            "x1": at_s,
            "y0": 0,
            "y1": LANES_TOP,
            "line": {"color": "@line", "width": 1},
            "layer": "below",
        }
        for at_s in range(0, WINDOW_S + 1, GRID_S)
    ]


def heading(name: str, keys: list[Key], top: float) -> list[Tree]:
    """The name of a part above it, and after it what its marks mean, each in its own colour."""
    notes = [note(f"<b>{name}</b>", 0, top + 14, "@ink", bgcolor="@paper")]
    right = len(name) * BOLD_LETTER_PX + 2 * LETTER_PX
    for text, colour in keys:
        notes.append(note(text, 0, top + 14, colour, xshift=right, bgcolor="@paper"))
        right += (len(text) + 2) * LETTER_PX
    return notes
