"""What things look like: an object in the open or sealed, a key in the open or in an envelope.

Open is an outline in the colour of what is under way, sealed is the colour of what is done; the
shapes differ too. All of one kind make one trace, since each trace costs time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.envelope_encryption.stage import (
    BESIDE,
    BOX_BOTTOM,
    BOX_TOP,
    BOXES,
    HALF_HEIGHT,
    HALF_WIDTH,
    HEADING_PX,
    SMALL,
    TEXT,
    texts,
)
from labkit.models.envelope_encryption.protocol import (
    KMS_KEY,
    OPEN_KEY,
    PLAIN,
    SEALED,
    SEALED_KEY,
)

if TYPE_CHECKING:
    from labkit.explorables.envelope_encryption.curve import Curve
    from labkit.explorables.envelope_encryption.stage import Path, Point, Text, Tree
    from labkit.models.envelope_encryption.protocol import Item

OPEN, SHUT, GONE, ROOT = "@flight", "@done", "@old", "@accent"
RING_PX, KEY_PX = 13, 2.5
SHAFT, BIT_PX = 5.6, 7  # across in hundredths of the width, down in pixels

LABELS = (
    (PLAIN, "receipt", "plaintext"),
    (SEALED, "receipt", "ciphertext"),
    (OPEN_KEY, "data key", "plaintext"),
    (SEALED_KEY, "data key", "encrypted"),
)


class Glyphs:
    """The things of one picture, by what they look like."""

    def __init__(self) -> None:
        self.boxes: Path = []
        self.open: Path = []
        self.shut: Path = []
        self.envelopes: Path = []
        self.keys: dict[str, Path] = {OPEN: [], GONE: [], ROOT: []}
        self.rings: list[tuple[float, float, str]] = []
        self.numbers: list[Text] = []
        self.labels: list[Text] = []
        self.lefts: list[Text] = []
        self.wall: Path = []

    def add_boxes(self) -> None:
        """The three parties, and their names."""
        for _, name, left, right in BOXES:
            corners = ((left, BOX_BOTTOM), (right, BOX_BOTTOM), (right, BOX_TOP), (left, BOX_TOP))
            self.boxes += corners
            self.boxes += [corners[0], (None, None)]
            y = BOX_TOP - HEADING_PX
            self.labels.append((left + 0.6, y, f"\u2002<b>{name}</b>", TEXT, "@ink"))

    def add(self, item: Item, at: Point, labelled: bool = False, gone: bool = False) -> None:
        """Put an item with its middle at a place; one that is `gone` has lost its colour."""
        x, y = at
        colour = GONE if gone else SHUT if item.kind in (SEALED, SEALED_KEY) else OPEN
        if item.kind == KMS_KEY:
            colour = ROOT
        if item.kind in (KMS_KEY, OPEN_KEY):
            self.add_key(x, y, colour)
        elif item.kind == SEALED_KEY:
            box = _box(x, y)
            left_top, right_top = box[3], box[2]
            self.envelopes += box[:4]
            self.envelopes += [(x, y + 2), right_top, left_top]  # the flap
            self.envelopes += box[4:]
            self.numbers.append((x, y - 5, f"<b>{item.number}</b>", 10, SHUT))
        elif item.kind == PLAIN:
            self.open += _box(x, y)
            self.numbers.append((x, y, f"<b>{item.number}</b>", TEXT, OPEN))
        else:
            self.shut += _box(x, y)
            self.numbers.append((x, y, f"<b>{item.number}</b>", TEXT, "@paper"))
        if labelled:
            self.label(item, x, y, colour)

    def add_key(self, x: float, y: float, colour: str) -> None:
        """A ring, a shaft and two bits."""
        left, right = x - HALF_WIDTH + 1, x - HALF_WIDTH + 1 + 2 * SHAFT
        path = self.keys[colour]
        path += [(left, y), (right - 1.6, y), (right - 1.6, y - BIT_PX), (None, None)]
        path += [(right - 4, y), (right - 4, y - BIT_PX + 1), (None, None)]
        self.rings.append((left, y, colour))

    def label(self, item: Item, x: float, y: float, colour: str) -> None:
        """What a thing is, beside it."""
        if item.kind == KMS_KEY:
            self.labels.append((x + BESIDE, y + 7, "KMS key", SMALL, colour))
            self.labels.append((x + BESIDE, y - 7, "stays here", SMALL, "@ink2"))
        for kind, name, state in LABELS:
            if kind == item.kind:
                self.labels.append((x + BESIDE, y + 7, f"{name} {item.number}", SMALL, "@ink"))
                self.labels.append((x + BESIDE, y - 7, state, SMALL, colour))

    def size(self, at: Point, says: str) -> None:
        """How long a thing is that is on its way, below it."""
        self.numbers.append((at[0], at[1] - HALF_HEIGHT - 8, says, SMALL, "@ink"))

    def add_curve(self, drawn: Curve) -> None:
        """Put the curve into the strokes that there are."""
        self.boxes += drawn.grid
        self.keys[GONE] += drawn.others
        self.keys[ROOT] += drawn.chosen
        self.wall = drawn.wall
        self.labels += drawn.notes
        self.lefts += drawn.lefts
        self.numbers += drawn.ticks

    def traces(self) -> list[Tree]:
        """The traces, lowest first; things pass over what is written."""
        sides = ["middle right"] * len(self.labels) + ["middle left"] * len(self.lefts)
        made = [
            _area(self.boxes, "@panel", "@line", 1),
            _lines(self.wall, "@failed", 1.5, "dot"),
            texts(self.labels + self.lefts, sides),
            _area(self.open, "@paper", OPEN),
            _area(self.shut, SHUT, SHUT),
            _area(self.envelopes, "@paper", SHUT),
        ]
        made.append(_lines(self.keys[GONE], GONE, 1.5))
        made += [_lines(self.keys[colour], colour, KEY_PX) for colour in (OPEN, ROOT)]
        made.append(_rings(self.rings))
        made.append(texts(self.numbers, "middle center"))
        return made


def _box(x: float, y: float) -> Path:
    left, right = round(x - HALF_WIDTH, 3), round(x + HALF_WIDTH, 3)
    low, high = round(y - HALF_HEIGHT, 3), round(y + HALF_HEIGHT, 3)
    return [(left, low), (right, low), (right, high), (left, high), (left, low), (None, None)]


def _area(path: Path, fill: str, edge: str, width: float = 1.5) -> Tree:
    made = _lines(path, edge, width)
    made["fill"], made["fillcolor"] = "toself", fill
    return made


def _lines(path: Path, colour: str, width: float, dash: str = "solid") -> Tree:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for x, _ in path],
        "y": [y for _, y in path],
        "line": {"color": colour, "width": width, "dash": dash},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _rings(rings: list[tuple[float, float, str]]) -> Tree:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x for x, _, _ in rings],
        "y": [y for _, y, _ in rings],
        "marker": {
            "symbol": "circle",
            "size": RING_PX,
            "color": "@panel",
            "opacity": 1,
            "line": {"color": [colour for _, _, colour in rings], "width": KEY_PX},
        },
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
