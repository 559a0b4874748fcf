"""What a volume can be given, what that delivers at an I/O size, and which limit binds.

    delivered MiB/s
      │            ┌──────────── throughput binds
      │          ／
      │        ／   IOPS bind: twice as large I/O, twice as much
      │      ／     (or the size does, which allows no more IOPS)
      └────────────────────▶ size of an I/O

https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from labkit.facts import fact
from labkit.models.ebs.volume import DISKS, GIB_PER_TIB, GP2, GP3, SC1, ST1, Volume

IO1, IO2 = "io1", "io2"
TYPES = (GP2, GP3, IO1, IO2, ST1, SC1)
SIZE, IOPS, THROUGHPUT = "size", "IOPS", "throughput"
KIB_PER_MIB = 1024
SSD_IO_KIB, DISK_IO_KIB = int(fact("ebs.ssd_io_max_kib")), int(fact("ebs.hdd_io_kib"))
SIZES_GIB = {
    GP2: (int(fact("ebs.gp2_size_min_gib")), int(fact("ebs.gp2_size_max_gib"))),
    GP3: (int(fact("ebs.gp3_size_min_gib")), int(fact("ebs.gp3_size_max_gib"))),
    IO1: (int(fact("ebs.io1_size_min_gib")), int(fact("ebs.io1_size_max_gib"))),
    IO2: (int(fact("ebs.io2_size_min_gib")), int(fact("ebs.io2_size_max_gib"))),
    ST1: (int(fact("ebs.st1_size_min_gib")), int(fact("ebs.st1_size_max_gib"))),
    SC1: (int(fact("ebs.sc1_size_min_gib")), int(fact("ebs.sc1_size_max_gib"))),
}
SIZE_MAX_2023_GIB = int(fact("ebs.size_max_2023_gib"))
GP2_SMALL_MIB = int(fact("ebs.gp2_throughput_small_mib"))
GP2_MOST_MIB, GP2_FULL_GIB = (
    int(fact("ebs.gp2_throughput_max_mib")),
    int(fact("ebs.gp2_throughput_full_gib")),
)
GP3_INCLUDED = (int(fact("ebs.gp3_iops_default")), int(fact("ebs.gp3_throughput_default_mib")))
GP3_PER_IOPS_MIB = float(fact("ebs.gp3_throughput_per_iops_max_mib"))
IO1_FLAT_MIB = int(fact("ebs.io1_throughput_flat_mib"))
IO1_FLAT_IOPS = int(fact("ebs.io1_throughput_flat_iops"))
IO1_KIB = int(fact("ebs.io1_kib_per_iops"))
IO1_MOST_MIB = int(fact("ebs.io1_throughput_max_mib"))
IO2_PER_IOPS_MIB = float(fact("ebs.io2_throughput_per_iops_mib"))
# The most IOPS that can be provisioned, for each GiB and at all, and the most MiB a second.
MOST = {
    GP3: (
        int(fact("ebs.gp3_iops_per_gib_max")),
        int(fact("ebs.gp3_iops_max")),
        int(fact("ebs.gp3_throughput_max_mib")),
    ),
    IO1: (
        int(fact("ebs.io1_iops_per_gib_max")),
        int(fact("ebs.io1_iops_max")),
        IO1_MOST_MIB,
    ),
    IO2: (
        int(fact("ebs.io2_iops_per_gib_max")),
        int(fact("ebs.io2_iops_max")),
        int(fact("ebs.io2_throughput_max_mib")),
    ),
}
MOST_2023 = {
    GP3: (
        int(fact("ebs.gp3_iops_per_gib_max")),
        int(fact("ebs.gp3_iops_max_2023")),
        int(fact("ebs.gp3_throughput_max_2023_mib")),
    ),
    IO1: MOST[IO1],
    IO2: (
        int(fact("ebs.io2_iops_per_gib_2023")),
        int(fact("ebs.io2_iops_max_2023")),
        int(fact("ebs.io2_throughput_max_2023_mib")),
    ),
}


@dataclass(frozen=True)
class Delivery:
    """What comes of a volume at one I/O size, each a second, and which limit is met first."""

    iops: float
    mibps: float
    binds: str


def sizes_gib(kind: str, old: bool = False) -> tuple[int, int]:
    """The smallest and the largest volume of a type; `old` is as of 2023."""
    least, most = SIZES_GIB[kind]
    return least, min(most, SIZE_MAX_2023_GIB) if old else most


def most_iops(kind: str, size_gib: float, old: bool = False) -> float:
    """The most IOPS that an SSD volume of that size has, or can be given.

    >>> most_iops(GP3, 100), most_iops(GP3, 200), most_iops(IO1, 100), most_iops(GP2, 100)
    (50000, 80000, 5000, 300)
    """
    if kind == GP2:
        return Volume(GP2, size_gib).base
    per_gib, most, _ = (MOST_2023 if old else MOST)[kind]
    iops = min(most, per_gib * size_gib)
    return max(GP3_INCLUDED[0], iops) if kind == GP3 else iops


def most_mibps(kind: str, size_gib: float, iops: float, old: bool = False) -> float:
    """The most throughput of a volume with so many IOPS, in MiB a second."""
    if kind in DISKS:
        return Volume(kind, size_gib).base
    if kind == GP2:
        return GP2_MOST_MIB if size_gib >= GP2_FULL_GIB else GP2_SMALL_MIB
    most = (MOST_2023 if old else MOST)[kind][2]
    if kind == GP3:
        return max(GP3_INCLUDED[1], min(most, GP3_PER_IOPS_MIB * iops))
    if kind == IO2 and not old:
        return min(most, IO2_PER_IOPS_MIB * iops)
    if iops > IO1_FLAT_IOPS:
        return min(most, IO1_KIB * iops / KIB_PER_MIB)
    return min(IO1_FLAT_MIB, SSD_IO_KIB * iops / KIB_PER_MIB)


def counted(kind: str, io_kib: float, sequential: bool = False) -> float:
    """As how many I/O of its kind a volume counts one of that size.

    SSD count up to 256 KiB as one. HDD count a MiB, and a smaller one as a whole MiB unless it is
    merged with its neighbours.
    """
    if kind not in DISKS:
        return math.ceil(io_kib / SSD_IO_KIB)
    return io_kib / DISK_IO_KIB if sequential else max(1.0, io_kib / DISK_IO_KIB)


def deliver(
    kind: str, size_gib: float, io_kib: float, old: bool = False, sequential: bool = False
) -> Delivery:
    """What a volume delivers for good if it is given all that its size allows."""
    if kind in DISKS:
        base = most_mibps(kind, size_gib, 0)
        iops = base / counted(kind, io_kib, sequential)
        full = base >= DISKS[kind][2]
        return Delivery(iops, iops * io_kib / KIB_PER_MIB, THROUGHPUT if full else SIZE)
    iops = most_iops(kind, size_gib, old)
    by_iops = iops / counted(kind, io_kib)
    by_throughput = most_mibps(kind, size_gib, iops, old) * KIB_PER_MIB / io_kib
    found = min(by_iops, by_throughput)
    binds = IOPS if iops >= ceiling(kind, old) else SIZE
    if by_throughput < by_iops:
        binds = THROUGHPUT
    return Delivery(found, found * io_kib / KIB_PER_MIB, binds)


def ceiling(kind: str, old: bool = False) -> float:
    """The most IOPS of an SSD type at any size."""
    return most_iops(kind, sizes_gib(kind, old)[1], old)


def disk_size_gib(kind: str, mibps: float) -> float | None:
    """How large an HDD volume has to be to deliver so much for good; None if none is."""
    per_tib, _, most = DISKS[kind]
    size = GIB_PER_TIB * mibps / per_tib
    return size if mibps <= most and size <= SIZES_GIB[kind][1] else None
