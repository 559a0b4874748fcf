"""What the figure says in words and in large numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.ebs_curves.shop import (
    best_of,
    delivery_of,
    io_text,
    need_of,
    offer_text,
    offers_of,
    price_note,
    size_of,
    usd_text,
)
from labkit.explorables.parts import Big
from labkit.models.ebs.limits import IOPS, SIZE, THROUGHPUT
from labkit.models.ebs.volume import DISKS, GP2, GP3
from labkit.models.sums import rounded

if TYPE_CHECKING:
    from typing import Any

WHY = {
    SIZE: "its size binds: a larger one could be given more",
    IOPS: "the type’s ceiling of IOPS binds",
    THROUGHPUT: "throughput binds, so larger I/O would bring no more data",
}


def numbers(**values: Any) -> tuple[Big, ...]:
    """The numbers that matter: the chosen type, the need, and the bills."""
    kind = values["kind"]
    found, need, best = delivery_of(values, kind), need_of(values), best_of(values)
    name = f"{number_text(size_of(values, kind))} GiB of {kind}"
    return (
        Big("It can deliver", _short(found.iops), "IOPS", name, "@accent"),
        Big("Which is", _short(found.mibps), "MiB/s", WHY[found.binds], "@accent"),
        Big("You ask for", _short(need.mibps), "MiB/s", f"{_short(need.iops)} IOPS", "@flight"),
        _own(values),
        _cheapest(best),
    )


def _short(value: float) -> str:
    return number_text(rounded(value, 1))


def _own(values: Any) -> Big:
    kind = values["kind"]
    [offer] = [offer for each, offer in offers_of(values) if each == kind]
    if offer is None:
        return Big(f"On {kind}", "–", "", "no volume of this type serves it", "@failed")
    return Big(f"On {kind}", usd_text(offer.month_usd), "USD a month", offer_text(offer))


def _cheapest(best: Any) -> Big:
    if best is None:
        return Big("Cheapest", "–", "", "no single volume serves it; several in a RAID 0 may")
    note = f"{offer_text(best)}; {price_note()}"
    return Big(f"Cheapest: {best.kind}", usd_text(best.month_usd), "USD a month", note, "@done")


def reading(**values: Any) -> str:
    """What the figure shows and why, in two to four plain sentences."""
    kind = values["kind"]
    found, need, best = delivery_of(values, kind), need_of(values), best_of(values)
    io = io_text(values["io_kib"])
    article = "a" if kind in (GP2, GP3) else "an"
    began = f"As of 2023, {article}" if values["old"] else "A" + article[1:]
    text = (
        f"{began} {kind} volume of {number_text(size_of(values, kind))} GiB can deliver "
        f"{_short(found.iops)} IOPS of {io} for good, {_short(found.mibps)} MiB/s: "
        f"{WHY[found.binds]}."
    )
    if kind in DISKS and not values["sequential"] and values["io_kib"] < 1024:
        text += " A disk counts each small random I/O as a whole MiB."
    asked = f" For {_short(need.iops)} IOPS on {number_text(values['size_gib'])} GiB"
    if best is None:
        return f"{text}{asked} no single volume is enough."
    return (
        f"{text}{asked} the cheapest is {best.kind}, {offer_text(best)}, at "
        f"{usd_text(best.month_usd)} USD a month."
    )
