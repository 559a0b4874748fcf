"""The lower part of the figure: what the size of a receipt does to each of the three ways."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.envelope_encryption.shop import size_text, time_text, traffic, traffic_of
from labkit.explorables.envelope_encryption.stage import (
    CURVE_LEFT,
    CURVE_PX,
    HEADING_Y,
    PLOT_PX,
    SMALL,
    TEXT,
    texts,
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

    from labkit.explorables.envelope_encryption.stage import Point, Text, Tree

SIZE_MIN_BYTES, SIZE_MAX_BYTES = 16, 10**9
BYTES, TIME = "bytes", "time"
POINTS = 16
NAMES = ((DIRECT, "direct"), (ENVELOPE, "envelope"), (CACHED, "envelope, data key cached"))
HEADINGS = (
    (BYTES, "Bytes to and from KMS, by the size of a receipt"),
    (TIME, "Time to encrypt, by the size of a receipt"),
)
# What is shown → log10 of its range, ticks and their labels.
SCALES = (
    (BYTES, (0, 5.3), (1, 100, 10**4), ("1 byte", "100", "10 KB")),
    (TIME, (-6, 1.3), (1e-6, 1e-3, 1.0), ("1 µs", "1 ms", "1 s")),
)
X_TICKS = (100, 10**4, 10**6, 10**8)
X_LABELS = ("100 bytes", "10 KB", "1 MB", "100 MB")
LIFT_PX = 11  # from a curve to its name
LEFT, RIGHT = "middle left", "middle right"


_kept: list[tuple[dict[str, Any], tuple[list[Tree], Tree]]] = []


def curve(values: dict[str, Any]) -> tuple[list[Tree], Tree]:
    """The traces, and the axes; drawn once while only the playhead moves."""
    wanted = dict(values)
    wanted["at"] = 0
    if not _kept or _kept[0][0] != wanted:
        _kept[:] = [(wanted, _drawn(values))]
    return _kept[0][1]


def _drawn(values: dict[str, Any]) -> tuple[list[Tree], Tree]:
    _, span, ticks, labels = next(scale for scale in SCALES if scale[0] == values["curve"])
    floor = 10.0 ** span[0]
    others: list[Any] = []
    for mode in MODES:
        if mode != values["mode"]:
            others += _line(values, mode, floor)
            others.append((None, None))
    data = [_path(others, "@old", 1.5)]
    data.append(_path(_line(values, values["mode"], floor), "@accent", 3))  # on top
    top = 10.0 ** span[1]
    wall: list[Point] = [(PLAINTEXT_MAX_BYTES, floor), (PLAINTEXT_MAX_BYTES, top)]
    data.append(_path(wall, "@failed", 1.5, "dot"))
    data.append(_here(values, floor))
    names, sides = _names(values, span)
    data.append(texts(names, sides, "2"))
    return data, _axes(span, ticks, labels)


def height(values: dict[str, Any], mode: str, size_bytes: float) -> float:
    """What the curve of a mode shows at a size."""
    stream = traffic_of(values, mode, size_bytes)
    return stream.wire_bytes_per_object if values["curve"] == BYTES else stream.encrypt_s


def _line(values: dict[str, Any], mode: str, floor: float) -> list[Point]:
    end = PLAINTEXT_MAX_BYTES if mode == DIRECT else SIZE_MAX_BYTES
    count = 1 if mode != DIRECT and values["curve"] == BYTES else POINTS
    points = []
    for i in range(count + 1):
        size = SIZE_MIN_BYTES * (end / SIZE_MIN_BYTES) ** (i / count)
        size = end if i == count else size
        points.append((_rounded(size), max(floor, _rounded(height(values, mode, size)))))
    return points


def _rounded(value: float) -> float:
    """To six digits: a pixel needs no more, and interpreters agree on them."""
    return float(f"{value:.6g}")


def _path(points: list[Point], colour: str, width: float, dash: str = "solid") -> Tree:
    return {
        "type": "scatter",
        "mode": "lines",
        "xaxis": "x2",
        "yaxis": "y2",
        "x": [x for x, _ in points],
        "y": [y for _, y in points],
        "line": {"color": colour, "width": width, "dash": dash},
        "hoverinfo": "skip",
    }


def _here(values: dict[str, Any], floor: float) -> Tree:
    """The receipts of the controls, on the chosen curve; a cross beyond the wall."""
    mode, size = values["mode"], values["size_bytes"]
    stream = traffic_of(values, mode, size)
    value = height(values, mode, min(size, PLAINTEXT_MAX_BYTES) if mode == DIRECT else size)
    return {
        "type": "scatter",
        "mode": "markers",
        "xaxis": "x2",
        "yaxis": "y2",
        "x": [size],
        "y": [max(floor, _rounded(value))],
        "marker": {
            "symbol": "x" if stream.is_refused else "circle",
            "size": 13,
            "color": "@failed" if stream.is_refused else "@accent",
            "line": {"color": "@paper", "width": 1.5},
        },
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _names(values: dict[str, Any], span: tuple[float, float]) -> tuple[list[Text], list[str]]:
    """The name of each curve beside it, and that of the wall; and to which side each goes."""
    lift = 10.0 ** ((span[1] - span[0]) * LIFT_PX / CURVE_PX)
    floor, top = 10.0 ** span[0], 10.0 ** span[1]
    in_bytes = values["curve"] == BYTES
    wall = f"Encrypt ends at {number_text(PLAINTEXT_MAX_BYTES)} bytes"
    made: list[Text] = [(PLAINTEXT_MAX_BYTES * 1.2, top / lift, wall, SMALL, "@failed")]
    sides = [RIGHT]
    for mode, name in NAMES:
        chosen = mode == values["mode"]
        x, side = _side(mode, in_bytes)
        y = max(floor, height(values, mode, x))
        y = y / lift if mode == CACHED and y > floor * lift * 2 else y * lift
        if mode == DIRECT and in_bytes:
            x, y = x * 1.2, y / lift**2  # right of its end, and below
        text = f"<b>{name}: {_value(values)}</b>" if chosen else name
        made.append((x, y, text, TEXT, "@accent" if chosen else "@ink2"))
        sides.append(side)
    return made, sides


def _side(mode: str, in_bytes: bool) -> tuple[float, str]:
    """The size at which the name of a curve stands, and to which side it goes from there."""
    if in_bytes:
        return (PLAINTEXT_MAX_BYTES, RIGHT) if mode == DIRECT else (SIZE_MAX_BYTES, LEFT)
    return (PLAINTEXT_MAX_BYTES * 1.4 if mode == ENVELOPE else SIZE_MIN_BYTES * 1.1), RIGHT


def _value(values: dict[str, Any]) -> str:
    """What the chosen curve shows at the receipts of the controls."""
    if traffic(values).is_refused:
        return "refused"
    value = height(values, values["mode"], values["size_bytes"])
    return size_text(value) if values["curve"] == BYTES else "\u00a0".join(time_text(value))


def heading(values: dict[str, Any]) -> Text:
    """What the curve shows, at the foot of the stage above it."""
    title = next(said for known, said in HEADINGS if known == values["curve"])
    return (0, HEADING_Y, f"<b>{title}</b>", TEXT, "@ink")


def _axes(span: tuple[float, float], ticks: tuple[float, ...], labels: tuple[str, ...]) -> Tree:
    return {
        "xaxis2": {
            "type": "log",
            "range": [math.log10(SIZE_MIN_BYTES), math.log10(SIZE_MAX_BYTES)],
            "domain": [CURVE_LEFT, 1],
            "anchor": "y2",
            "tickvals": list(X_TICKS),
            "ticktext": list(X_LABELS),
        },
        "yaxis2": {
            "type": "log",
            "range": list(span),
            "domain": [0, CURVE_PX / PLOT_PX],
            "anchor": "x2",
            "tickvals": list(ticks),
            "ticktext": list(labels),
        },
    }
