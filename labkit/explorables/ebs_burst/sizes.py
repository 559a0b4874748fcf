"""The lower part: by the volume's size, how long a full bucket lasts and how long it takes to fill.

Both for the work of the peaks, and for rest: from that comes how much a larger volume helps.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.ebs_burst.shop import long_text
from labkit.explorables.ebs_burst.stage import SIZES_CEILING, SIZES_FLOOR, SIZES_TOP, SIZES_Y
from labkit.explorables.layers import LEFT, RIGHT
from labkit.models.ebs.volume import SIZE_GIB, Volume
from labkit.models.sums import rounded
from labkit.units import SECONDS_PER_DAY

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Layers
    from labkit.models.ebs.credits import Course

POINTS = 60
BESIDE_PX = 11  # from a mark to its number
LEAST_S, MOST_S = 60, SECONDS_PER_DAY  # of the logarithmic axis upwards
MARKS = ((60, "1 min"), (3600, "1 h"), (SECONDS_PER_DAY, "1 day"))


def draw_sizes(layers: Layers, course: Course) -> None:
    """Draw both durations against the size, and where this volume stands."""
    volume = course.volume
    title = "<b>A full bucket</b>\u2002by size"
    layers.note("x2", (0, SIZES_TOP - 10, title, "@ink", RIGHT))
    if not _has_bucket(volume.kind):
        said = "this type has no bucket, whatever its size"
        layers.note("x", (0, (SIZES_CEILING + SIZES_FLOOR) / 2, f"\u2002{said}", "@ink2", RIGHT))
        return
    least, most = SIZE_GIB[volume.kind]
    across = _across(least, most)
    for mark_s, said in MARKS:
        layers.add("frame", [(0, _up(mark_s)), (SECONDS_PER_DAY, _up(mark_s))])
        layers.note("x2", (18, _up(mark_s), said, "@ink2", LEFT))
    layers.note("x", (0, SIZES_Y, f"{number_text(least)} GiB", "@ink2", RIGHT))
    layers.note("x", (SECONDS_PER_DAY, SIZES_Y, f"{number_text(most)} GiB", "@ink2", LEFT))
    end = most * 1.0
    sizes = [least * (most / least) ** (number / POINTS) for number in range(POINTS + 1)]
    for name, asked in (("lasts", course.highest), ("refills", 0.0)):
        points = []
        for size in sizes:
            seconds = _seconds(Volume(volume.kind, min(most, size)), name, asked)
            if seconds is not None:
                points.append((across(size), _up(seconds)))
        if len(points) > 1:
            layers.add(name, points)
        end = sizes[-1] if len(points) > POINTS else sizes[len(points)]
        _mark(layers, volume, name, asked, across)
    if across(end) < SECONDS_PER_DAY / 1.2:
        y = (SIZES_CEILING + SIZES_FLOOR) / 2
        layers.note("x", (SECONDS_PER_DAY, y, "no burst\u2002", "@ink2", LEFT))


def _mark(layers: Layers, volume: Volume, name: str, asked: float, across: Any) -> None:
    """Where this volume stands on a line, and its number."""
    seconds = _seconds(volume, name, asked)
    if seconds is None:
        return
    x = across(volume.size_gib)
    layers.add(f"{name} dot", [(x, _up(seconds))])
    said = f"lasts {long_text(seconds)}" if name == "lasts" else f"refills in {long_text(seconds)}"
    tone = "@flight" if name == "lasts" else "@accent"
    right = x < SECONDS_PER_DAY * 0.6
    text = f"\u2002{said}" if right else f"{said}\u2002"
    y = _up(seconds) + (-BESIDE_PX if name == "lasts" else BESIDE_PX)
    layers.note("x", (x, y, text, tone, RIGHT if right else LEFT))


def _seconds(volume: Volume, name: str, asked: float) -> float | None:
    if not volume.bursts:
        return None
    return volume.lasts_s(asked) if name == "lasts" else volume.refills_s()


def _has_bucket(kind: str) -> bool:
    return Volume(kind, SIZE_GIB[kind][0]).bursts


def _across(least: float, most: float) -> Any:
    """From a size in GiB to its place on a logarithmic axis."""

    def across(size_gib: float) -> float:
        share = math.log(size_gib / least) / math.log(most / least)
        return rounded(SECONDS_PER_DAY * min(1, max(0, share)), 1)

    return across


def _up(seconds: float) -> float:
    """The height of so many seconds on a logarithmic axis."""
    share = math.log(min(MOST_S, max(LEAST_S, seconds)) / LEAST_S) / math.log(MOST_S / LEAST_S)
    return rounded(SIZES_FLOOR + share * (SIZES_CEILING - SIZES_FLOOR), 2)
