"""The upper part: what one volume of each type can deliver, by its size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.ebs_curves.scale import logarithmic, steps
from labkit.explorables.ebs_curves.shop import delivery_of, io_text, size_of
from labkit.explorables.ebs_curves.stage import (
    CURVES_CEILING,
    CURVES_FLOOR,
    CURVES_Y,
    LEFT_X,
    RIGHT_X,
    TOP,
)
from labkit.explorables.layers import CENTRE, LEFT, RIGHT
from labkit.models.ebs.limits import TYPES, sizes_gib

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Layers

LEAST_GIB, MOST_GIB = 1, 65_536
LEAST_IOPS, MOST_IOPS = 1, 300_000
MARKS_IOPS = (
    (1, "1"),
    (10, "10"),
    (100, "100"),
    (1000, "1 k"),
    (10_000, "10 k"),
    (100_000, "100 k"),
)
MARKS_GIB = ((1, "1 GiB"), (32, "32"), (1024, "1 TiB"), (65_536, "64 TiB"))
POINTS = 32
APART_PX = 14


def draw_curves(layers: Layers, values: dict[str, Any]) -> None:
    """Draw a curve for each type, the chosen one on top, and the need across them."""
    across = logarithmic(LEAST_GIB, MOST_GIB, LEFT_X, RIGHT_X)
    up = logarithmic(LEAST_IOPS, MOST_IOPS, CURVES_FLOOR, CURVES_CEILING)
    io = io_text(values["io_kib"])
    title = f"<b>What one volume can deliver</b>\u2002IOPS of {io}, by size"
    layers.note("x", (0, TOP - 10, title, "@ink", RIGHT))
    for iops, said in MARKS_IOPS:
        layers.add("frame", [(LEFT_X, up(iops)), (RIGHT_X, up(iops))])
        layers.note("x", (LEFT_X - 1, up(iops), said, "@ink2", LEFT))
    for size, said in MARKS_GIB:
        layers.note("x", (across(size), CURVES_Y, said, "@ink2", CENTRE))
    ends = []
    for kind in TYPES:
        least, most = sizes_gib(kind, values["old"])
        points = [
            (across(size), up(delivery_of(values, kind, min(most, max(least, size))).iops))
            for size in steps(least, most, POINTS)
        ]
        layers.add("chosen" if kind == values["kind"] else "other", points)
        ends.append((points[-1][1], kind))
    _name(layers, ends, values["kind"])
    layers.add("need", [(LEFT_X, up(values["iops"])), (RIGHT_X, up(values["iops"]))])
    x = across(values["size_gib"])
    layers.add("size", [(x, CURVES_FLOOR), (x, CURVES_CEILING)])
    kind = values["kind"]
    found = delivery_of(values, kind).iops
    enough = found >= values["iops"]
    layers.add("dot" if enough else "short", [(across(size_of(values, kind)), up(found))])


def _name(layers: Layers, ends: list[tuple[float, str]], chosen: str) -> None:
    """Name the curves where they end, the names apart from one another."""
    least = float(CURVES_FLOOR)
    for y, kind in sorted(ends):
        y = max(y, least)  # noqa: PLW2901
        least = y + APART_PX
        text = f"<b>{kind}</b>" if kind == chosen else kind
        layers.note("x", (RIGHT_X + 1, y, text, "@accent" if kind == chosen else "@ink2", RIGHT))
