"""The lower part of the figure: what the size of a receipt does to each of the three ways.

Its two logarithmic scales are drawn here, in the coordinates of the stage above: a second pair of
plotly's axes would take a fifth of each redraw.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.envelope_encryption.shop import size_text, time_text, traffic, traffic_of
from labkit.explorables.envelope_encryption.stage import (
    CURVE_BOTTOM,
    CURVE_LEFT,
    CURVE_TOP,
    HEADING_Y,
    SMALL,
    TEXT,
)
from labkit.models.envelope_encryption.protocol import (
    CACHED,
    DIRECT,
    ENVELOPE,
    MODES,
    PLAINTEXT_MAX_BYTES,
)

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.envelope_encryption.stage import Path, Point, Sign, Text

SIZE_MIN_BYTES, SIZE_MAX_BYTES = 16, 10**9
BYTES, TIME = "bytes", "time"
POINTS = 16
NAMES = ((DIRECT, "direct"), (ENVELOPE, "envelope"), (CACHED, "envelope, data key cached"))
SIZE_TICKS = ((100, "100 bytes"), (10**4, "10 KB"), (10**6, "1 MB"), (10**8, "100 MB"))
LIFT_PX = 11  # from a curve to its name
ROOM_PX = 20  # a curve that lies lower has its name above


@dataclass(frozen=True)
class Scale:
    """A logarithmic scale: `low` is drawn at `start`, `high` at `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value is drawn; one beyond an end, at that end."""
        value = min(self.high, max(self.low, value))
        part = math.log10(value / self.low) / math.log10(self.high / self.low)
        return round(self.start + (self.end - self.start) * part, 3)


@dataclass(frozen=True)
class Curve:
    """The parts of the drawing, each of which goes into a trace that the stage has already."""

    grid: Path
    others: Path
    chosen: Path
    wall: Path
    here: Sign
    notes: list[Text]
    lefts: list[Text]  # those that end at their place
    ticks: list[Text]  # those that have it in their middle


@dataclass(frozen=True)
class Shown:
    """What is drawn over the size: its name, its range, and its ticks with their labels."""

    id: str
    name: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]


SHOWN = (
    Shown(
        BYTES,
        "Bytes to and from KMS, by the size of a receipt",
        1,
        2e5,
        ((1, "1 byte"), (100, "100"), (10**4, "10 KB")),
    ),
    Shown(
        TIME,
        "Time to encrypt, by the size of a receipt",
        1e-6,
        20,
        ((1e-6, "1 µs"), (1e-3, "1 ms"), (1, "1 s")),
    ),
)
ACROSS = Scale(SIZE_MIN_BYTES, SIZE_MAX_BYTES, CURVE_LEFT, 100)

_kept: list[tuple[dict[str, Any], Curve]] = []


def curve(values: dict[str, Any]) -> Curve:
    """The drawing under these values; made once while only the playhead moves."""
    wanted = dict(values)
    wanted["at"] = 0
    if not _kept or _kept[0][0] != wanted:
        _kept[:] = [(wanted, _drawn(values))]
    return _kept[0][1]


def height(values: dict[str, Any], mode: str, size_bytes: float) -> float:
    """What the curve of a mode shows at a size."""
    stream = traffic_of(values, mode, size_bytes)
    return stream.wire_bytes_per_object if values["curve"] == BYTES else stream.encrypt_s


def _drawn(values: dict[str, Any]) -> Curve:
    shown = next(one for one in SHOWN if one.id == values["curve"])
    up = Scale(shown.low, shown.high, CURVE_BOTTOM, CURVE_TOP)
    mode, size = values["mode"], values["size_bytes"]
    others: Path = []
    for other in MODES:
        if other != mode:
            others += _line(values, up, other)
    grid: Path = []
    for at_bytes, _ in SIZE_TICKS:
        grid += _rule((ACROSS.at(at_bytes), CURVE_BOTTOM), (ACROSS.at(at_bytes), CURVE_TOP))
    for value, _ in shown.ticks:
        grid += _rule((CURVE_LEFT, up.at(value)), (100, up.at(value)))
    refused = traffic(values).is_refused
    level = up.at(height(values, mode, PLAINTEXT_MAX_BYTES if refused else size))
    look = ("x", "@failed") if refused else ("circle", "@accent")
    wall = ACROSS.at(PLAINTEXT_MAX_BYTES)
    notes, lefts = _names(values, up)
    notes.append((0, HEADING_Y, f"<b>{shown.name}</b>", TEXT, "@ink"))
    lefts += [(CURVE_LEFT - 0.5, up.at(value), text, TEXT, "@ink2") for value, text in shown.ticks]
    return Curve(
        grid,
        others,
        _line(values, up, mode),
        _rule((wall, CURVE_BOTTOM), (wall, CURVE_TOP)),
        ((ACROSS.at(size), level), look[0], look[1]),
        notes,
        lefts,
        [(ACROSS.at(value), CURVE_BOTTOM - 10, text, TEXT, "@ink2") for value, text in SIZE_TICKS],
    )


def _rule(start: Point, end: Point) -> Path:
    return [start, end, (None, None)]


def _line(values: dict[str, Any], up: Scale, mode: str) -> Path:
    """The curve of a mode, as far as it takes a receipt."""
    end = PLAINTEXT_MAX_BYTES if mode == DIRECT else SIZE_MAX_BYTES
    count = 1 if mode != DIRECT and values["curve"] == BYTES else POINTS
    points: Path = []
    for i in range(count + 1):
        size = SIZE_MIN_BYTES * (end / SIZE_MIN_BYTES) ** (i / count) if i < count else end
        points.append((ACROSS.at(size), up.at(height(values, mode, size))))
    points.append((None, None))
    return points


def _names(values: dict[str, Any], up: Scale) -> tuple[list[Text], list[Text]]:
    """The name of each curve beside it, and that of the wall: those from, and those up to, x."""
    in_bytes = values["curve"] == BYTES
    beyond = ACROSS.at(PLAINTEXT_MAX_BYTES) + 0.8
    wall = f"Encrypt ends at {number_text(PLAINTEXT_MAX_BYTES)} bytes"
    notes: list[Text] = [(beyond, CURVE_TOP - 8, wall, SMALL, "@failed")]
    lefts: list[Text] = []
    for mode, name in NAMES:
        size = PLAINTEXT_MAX_BYTES if mode == DIRECT else SIZE_MAX_BYTES
        y = up.at(height(values, mode, size if in_bytes else SIZE_MIN_BYTES))
        below = mode == CACHED and y > CURVE_BOTTOM + ROOM_PX
        below = below or (mode == DIRECT and in_bytes)  # its end is high, under the wall's name
        y += -LIFT_PX if below else LIFT_PX
        chosen = mode == values["mode"]
        text = f"<b>{name}: {_value(values)}</b>" if chosen else name
        colour = "@accent" if chosen else "@ink2"
        if in_bytes and mode != DIRECT:
            lefts.append((100, y, text, TEXT, colour))
        else:
            from_the_wall = in_bytes or mode == ENVELOPE
            notes.append((beyond if from_the_wall else CURVE_LEFT + 0.5, y, text, TEXT, colour))
    return notes, lefts


def _value(values: dict[str, Any]) -> str:
    """What the chosen curve shows at the receipts of the controls."""
    if traffic(values).is_refused:
        return "refused"
    value = height(values, values["mode"], values["size_bytes"])
    return size_text(value) if values["curve"] == BYTES else "\u00a0".join(time_text(value))
