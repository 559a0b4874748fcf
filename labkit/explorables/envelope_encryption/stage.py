"""Where things are drawn, in pixels upwards and hundredths of the width across.

    what happens in this step                      STAGE_PX
    ┌─────┐ ┌───────────┐ ┌─────────┐ BOX_TOP
    │ KMS │ │ your code │ │ storage │
    └─────┘ └───────────┘ └─────────┘ BOX_BOTTOM
    how often KMS was asked, and what it saw
    ─┼─━━━─┼── the whole story ──┼─━━━─            LANE_PX
    what the curve shows                           HEADING_Y
    10 KB ┤   a curve over the size of a receipt   CURVE_TOP
    1 byte┴──┬─────┬────                           CURVE_BOTTOM

Heights are in pixels, so that texts stay as far apart on a phone; only the widths stretch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.models.envelope_encryption.protocol import (
    CODE,
    KMS,
    KMS_KEY,
    OPEN_KEY,
    PLAIN,
    SEALED,
    SEALED_KEY,
    STORAGE,
)

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.envelope_encryption.protocol import Item

    Tree = dict[str, Any]
    Point = tuple[float, float]
    Path = list[tuple[float | None, float | None]]
    Text = tuple[float, float, str, int, str]  # x, y, text, size, colour
    Sign = tuple[Point, str, str]  # where, symbol, colour

STAGE_PX = 554
MARGIN = {"l": 2, "r": 4, "t": 2, "b": 4}

CURVE_TOP, CURVE_BOTTOM = 198, 22
CURVE_LEFT = 13  # room for the labels of its ticks
HEADING_Y = 218
LANE_PX = 254
BOX_TOP, BOX_BOTTOM = 490, 326
BOXES = ((KMS, "KMS", 0, 30.5), (CODE, "Your code", 34, 67), (STORAGE, "Storage", 70.5, 100))
HEADING_PX = 15  # from the top of a box down to its name
ROWS = (BOX_TOP - 46, BOX_TOP - 86, BOX_TOP - 126)
SMALL, TEXT, LARGE = 11, 12, 14

COLUMN = {KMS: 6.6, CODE: 40.2, STORAGE: 77.5}
ENVELOPES_X = 92.6  # the second column of the storage
GAPS = ((KMS, 32.25), (STORAGE, 68.75))  # between your code and each of the others
HALF_WIDTH, HALF_HEIGHT = 5.2, 12  # of an object or an envelope
BESIDE = 6.8  # from the middle of a thing to its label


def place(party: str, item: Item) -> Point:
    """Where a party has an item; the storage has a row for each receipt."""
    if party == STORAGE:
        return COLUMN[STORAGE], ROWS[item.number - 1]
    if party == KMS:
        row = 0 if item.kind == KMS_KEY else 2 if item.kind == SEALED_KEY else 1
        return COLUMN[KMS], ROWS[row]
    row = 0 if item.kind in (PLAIN, SEALED) else 1 if item.kind == OPEN_KEY else 2
    return COLUMN[CODE], ROWS[row]


def between(start: Point, end: Point, part: float) -> Point:
    """The place on the way from one point to another, slow at both ends."""
    eased = part * part * (3 - 2 * part)
    x = start[0] + (end[0] - start[0]) * eased
    return round(x, 3), round(start[1] + (end[1] - start[1]) * eased, 3)


def layout() -> Tree:
    """The layout: one pair of axes, in hundredths of the width and in pixels."""
    return {
        "height": STAGE_PX + MARGIN["t"] + MARGIN["b"],
        "margin": MARGIN,
        "xaxis": {"range": [0, 100], "visible": False},
        "yaxis": {"range": [0, STAGE_PX], "visible": False},
    }


def texts(notes: list[Text], where: str | list[str]) -> Tree:
    """One trace of texts: as annotations they would take most of a redraw."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": [note[0] for note in notes],
        "y": [note[1] for note in notes],
        "text": [note[2] for note in notes],
        "textposition": where,
        "textfont": {
            "size": [note[3] for note in notes],
            "color": [note[4] for note in notes],
        },
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
