"""What the cheapest volume of a type costs that keeps so much and delivers so much."""

from __future__ import annotations

import math
from dataclasses import dataclass

from labkit.facts import fact
from labkit.models.ebs.limits import (
    GP2_FULL_GIB,
    GP3_INCLUDED,
    GP3_PER_IOPS_MIB,
    IO1,
    IO1_FLAT_MIB,
    IO1_KIB,
    IO2,
    IO2_PER_IOPS_MIB,
    KIB_PER_MIB,
    MOST,
    MOST_2023,
    SSD_IO_KIB,
    counted,
    disk_size_gib,
    most_mibps,
    sizes_gib,
)
from labkit.models.ebs.volume import (
    DISKS,
    GP2,
    GP2_MAX_IOPS,
    GP2_MIN_IOPS,
    GP2_PER_GIB,
    GP3,
    SC1,
    ST1,
)

GIB_USD = {
    GP2: float(fact("ebs.gp2_price_gib_month_usd")),
    GP3: float(fact("ebs.gp3_price_gib_month_usd")),
    IO1: float(fact("ebs.io1_price_gib_month_usd")),
    IO2: float(fact("ebs.io2_price_gib_month_usd")),
    ST1: float(fact("ebs.st1_price_gib_month_usd")),
    SC1: float(fact("ebs.sc1_price_gib_month_usd")),
}
GP3_IOPS_USD = float(fact("ebs.gp3_price_iops_month_usd"))
GP3_MIB_USD = float(fact("ebs.gp3_price_mib_month_usd"))
IO1_IOPS_USD = float(fact("ebs.io1_price_iops_month_usd"))
# Of io2, so many IOPS at this price, then so many at the next.
IO2_TIERS = (
    (32_000, float(fact("ebs.io2_price_iops_month_usd"))),
    (32_000, float(fact("ebs.io2_price_iops_second_month_usd"))),
    (math.inf, float(fact("ebs.io2_price_iops_third_month_usd"))),
)


@dataclass(frozen=True)
class Need:
    """What a volume is for: data to keep, I/O a second, and how large each is."""

    data_gib: float
    iops: float
    io_kib: float
    sequential: bool = False

    @property
    def mibps(self) -> float:
        """The same in MiB a second."""
        return self.iops * self.io_kib / KIB_PER_MIB


@dataclass(frozen=True)
class Offer:
    """A volume with all that is paid for in it."""

    kind: str
    size_gib: int
    iops: int  # provisioned; 0 where none can be
    mibps: int  # provisioned; 0 where none can be

    @property
    def month_usd(self) -> float:
        """What it costs for a month."""
        usd = GIB_USD[self.kind] * self.size_gib
        if self.kind == GP3:
            usd += GP3_IOPS_USD * (self.iops - GP3_INCLUDED[0])
            usd += GP3_MIB_USD * (self.mibps - GP3_INCLUDED[1])
        elif self.kind == IO1:
            usd += IO1_IOPS_USD * self.iops
        elif self.kind == IO2:
            left = float(self.iops)
            for many, price in IO2_TIERS:
                usd += price * min(left, many)
                left = max(0, left - many)
        return usd


def cheapest(kind: str, need: Need, old: bool = False) -> Offer | None:
    """The cheapest volume of a type that serves the need for good; None if none does.

    >>> cheapest(GP3, Need(100, 20_000, 16))
    Offer(kind='gp3', size_gib=100, iops=20000, mibps=313)
    """
    least, most = sizes_gib(kind, old)
    size = max(least, math.ceil(need.data_gib))
    if kind in DISKS:
        wanted = disk_size_gib(kind, need.iops * counted(kind, need.io_kib, need.sequential))
        offer = wanted and Offer(kind, max(size, math.ceil(wanted)), 0, 0)
    elif kind == GP2:
        offer = _gp2(need, size)
    else:
        offer = _provisioned(kind, need, size, old)
    return offer if offer and offer.size_gib <= most else None


def _gp2(need: Need, size: int) -> Offer | None:
    iops = need.iops * counted(GP2, need.io_kib)
    if iops > GP2_MAX_IOPS:
        return None
    if iops > GP2_MIN_IOPS:
        size = max(size, math.ceil(iops / GP2_PER_GIB))
    full = sizes_for_throughput(need.mibps)
    return None if full is None else Offer(GP2, max(size, full), 0, 0)


def sizes_for_throughput(mibps: float) -> int | None:
    """The smallest gp2 volume with so much throughput; None if there is none."""
    for size in (1, GP2_FULL_GIB):
        if most_mibps(GP2, size, 0) >= mibps:
            return size
    return None


def _provisioned(kind: str, need: Need, size: int, old: bool) -> Offer | None:
    per_gib, most_iops, most = (MOST_2023 if old else MOST)[kind]
    iops = need.iops * counted(kind, need.io_kib)
    if need.mibps > most:
        return None
    if kind == GP3:
        mibps = max(GP3_INCLUDED[1], math.ceil(need.mibps))
        iops = max(GP3_INCLUDED[0], iops)
        if mibps > GP3_INCLUDED[1]:
            iops = max(iops, mibps / GP3_PER_IOPS_MIB)
    else:
        mibps = 0
        iops = max(100, iops, _iops_for(kind, need.mibps, old))
    if iops > most_iops:
        return None
    iops = math.ceil(iops)
    if kind != GP3 or iops > GP3_INCLUDED[0]:
        size = max(size, math.ceil(iops / per_gib))
    return Offer(kind, size, iops, mibps)


def _iops_for(kind: str, mibps: float, old: bool) -> float:
    """How many IOPS of io1 or io2 bring that throughput."""
    if kind == IO2 and not old:
        return mibps / IO2_PER_IOPS_MIB
    if mibps > IO1_FLAT_MIB:
        return mibps * KIB_PER_MIB / IO1_KIB
    return mibps * KIB_PER_MIB / SSD_IO_KIB
