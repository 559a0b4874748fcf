"""The middle: the chosen type at that size, by the size of an I/O, and which limit binds where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.ebs_curves.scale import logarithmic, steps
from labkit.explorables.ebs_curves.shop import size_of
from labkit.explorables.ebs_curves.stage import (
    LEFT_X,
    LIMITS_CEILING,
    LIMITS_FLOOR,
    LIMITS_TOP,
    LIMITS_Y,
    RIGHT_X,
)
from labkit.explorables.layers import CENTRE, LEFT, RIGHT
from labkit.models.ebs.limits import IOPS, KIB_PER_MIB, SIZE, THROUGHPUT, deliver
from labkit.models.ebs.volume import DISKS
from labkit.models.sums import rounded

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Layers

IO_KIB = (4, 1024)
MARKS_KIB = ((4, "4 KiB"), (16, "16"), (64, "64"), (256, "256"), (1024, "1 MiB"))
POINTS = 24
HEADROOM = 1.15
NEAR_PX = 24
SAYS = {
    IOPS: "the type’s IOPS bind",
    SIZE: "the size binds",
    THROUGHPUT: "throughput binds",
}


def draw_binding(layers: Layers, values: dict[str, Any]) -> None:
    """Draw what is delivered in MiB a second against the size of an I/O."""
    kind, size = values["kind"], size_of(values, values["kind"])
    across = logarithmic(*IO_KIB, LEFT_X, RIGHT_X)
    found = [
        (io, deliver(kind, size, io, values["old"], values["sequential"]).mibps)
        for io in steps(*IO_KIB, POINTS)
    ]
    most = max([mibps for _, mibps in found]) * HEADROOM

    def up(mibps: float) -> float:
        return rounded(LIMITS_FLOOR + min(mibps, most) * (LIMITS_CEILING - LIMITS_FLOOR) / most, 2)

    title = f"<b>{kind}, {number_text(size)} GiB, given all it can be</b>\u2002MiB/s"
    layers.note("x", (0, LIMITS_TOP - 10, title, "@ink", RIGHT))
    layers.add("frame", [(LEFT_X, LIMITS_FLOOR), (RIGHT_X, LIMITS_FLOOR)])
    layers.add("frame", [(LEFT_X, up(most / HEADROOM)), (RIGHT_X, up(most / HEADROOM))])
    highest = number_text(rounded(most / HEADROOM, 1))
    layers.note("x", (LEFT_X - 1, up(most / HEADROOM), highest, "@ink2", LEFT))
    layers.note("x", (LEFT_X - 1, LIMITS_FLOOR, "0", "@ink2", LEFT))
    for io, said in MARKS_KIB:
        layers.note("x", (across(io), LIMITS_Y, said, "@ink2", CENTRE))
    layers.add("chosen", [(across(io), up(mibps)) for io, mibps in found])
    here = deliver(kind, size, values["io_kib"], values["old"], values["sequential"])
    x, y = across(values["io_kib"]), up(here.mibps)
    layers.add("dot", [(x, y)])
    what = "size of the volume binds" if kind in DISKS and here.binds == SIZE else SAYS[here.binds]
    said = f"<b>{number_text(rounded(here.mibps, 1))}</b>: {what}"
    right = x < (LEFT_X + RIGHT_X) / 2
    # The curve rises to the right: there is room below on that side, and above on the other.
    below = y > LIMITS_FLOOR + NEAR_PX if right else y > LIMITS_CEILING - NEAR_PX
    place = y - 15 if below else y + 14
    text = f"\u2002{said}" if right else f"{said}\u2002"
    layers.note("x", (x, place, text, "@accent", RIGHT if right else LEFT))
    need = values["iops"] * values["io_kib"] / KIB_PER_MIB
    if need <= most:
        layers.add("need", [(LEFT_X, up(need)), (RIGHT_X, up(need))])
