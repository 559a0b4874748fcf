"""The values of the controls become a need for a disk, and what each type of volume offers.

A redraw asks for the figure, the reading, the numbers and the tasks, so the offers found last are
kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.facts import get
from labkit.models.ebs.bill import Need, cheapest
from labkit.models.ebs.limits import GP3_INCLUDED, KIB_PER_MIB, TYPES, deliver, sizes_gib

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.ebs.bill import Offer
    from labkit.models.ebs.limits import Delivery

    Values = dict[str, Any]


_kept: list[tuple[Need, bool, list[tuple[str, Offer | None]]]] = []


def need_of(values: Values) -> Need:
    """What the volume is for."""
    return Need(values["size_gib"], values["iops"], values["io_kib"], values["sequential"])


def offers_of(values: Values) -> list[tuple[str, Offer | None]]:
    """The cheapest volume of each type that serves the need, in the order of the types."""
    need, old = need_of(values), values["old"]
    for known, then, offers in _kept:
        if known == need and then == old:
            return offers
    offers = [(kind, cheapest(kind, need, old)) for kind in TYPES]
    _kept.insert(0, (need, old, offers))
    del _kept[2:]
    return offers


def best_of(values: Values) -> Offer | None:
    """The cheapest of all."""
    offers = [offer for _, offer in offers_of(values) if offer]
    best = None
    for offer in offers:
        if best is None or offer.month_usd < best.month_usd:
            best = offer
    return best


def size_of(values: Values, kind: str) -> float:
    """The size that is looked at, or the nearest that the type has."""
    least, most = sizes_gib(kind, values["old"])
    size: float = min(most, max(least, values["size_gib"]))
    return size


def delivery_of(values: Values, kind: str, size_gib: float | None = None) -> Delivery:
    """What a volume of that type and size delivers at most."""
    size = size_of(values, kind) if size_gib is None else size_gib
    return deliver(kind, size, values["io_kib"], values["old"], values["sequential"])


def usd_text(usd: float) -> str:
    """An amount: whole dollars from a hundred on, cents below."""
    return number_text(usd) if usd >= 100 else f"{usd:.2f}"


def offer_text(offer: Offer) -> str:
    """A volume in a few words."""
    text = f"{number_text(offer.size_gib)} GiB"
    if offer.iops:
        text += f", {number_text(offer.iops)} IOPS"
    if offer.mibps > GP3_INCLUDED[1]:
        text += f", {number_text(offer.mibps)} MiB/s"
    return text


def io_text(io_kib: float) -> str:
    """The size of an I/O."""
    return "1 MiB" if io_kib == KIB_PER_MIB else f"{number_text(io_kib)} KiB"


def price_note() -> str:
    """The price that is reckoned with, and when it held."""
    price = get("ebs.gp3_price_gib_month_usd")
    return f"US East, as of {price.as_of}, from public copies of AWS’s page"
