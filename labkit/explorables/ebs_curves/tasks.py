"""What the reader may bring about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.ebs_curves.shop import best_of, delivery_of, offers_of
from labkit.explorables.parts import Task
from labkit.models.ebs.limits import IO2, THROUGHPUT
from labkit.models.ebs.volume import DISKS, GP3

if TYPE_CHECKING:
    from typing import Any


def cheapest_found(**values: Any) -> bool:
    """Whether the chosen type is the cheapest for 20,000 IOPS or more of 16 KiB."""
    best = best_of(values)
    right = values["iops"] >= 20_000 and values["io_kib"] == 16 and not values["old"]
    return right and best is not None and best.kind == values["kind"]


def throughput_binds(**values: Any) -> bool:
    """Whether a gp3 volume's throughput binds before its IOPS do."""
    return values["kind"] == GP3 and delivery_of(values, GP3).binds == THROUGHPUT


def only_io2(**values: Any) -> bool:
    """Whether io2 is the only type that serves the need, as things are today."""
    served = [kind for kind, offer in offers_of(values) if offer]
    return served == [IO2] and not values["old"]


def disk_is_cheapest(**values: Any) -> bool:
    """Whether a disk that turns is the cheapest for 100 MiB a second or more."""
    best = best_of(values)
    fast = values["iops"] * values["io_kib"] / 1024 >= 100
    return fast and best is not None and best.kind in DISKS


TASKS = (
    Task("cheapest", "Choose the cheapest type for 20,000 IOPS at 16 KiB.", cheapest_found),
    Task("throughput", "Let throughput bind on gp3, rather than IOPS.", throughput_binds),
    Task("only", "Ask for something that io2 alone can deliver.", only_io2),
    Task(
        "disk",
        "Find 100 MiB/s or more for which a disk that turns is the cheapest.",
        disk_is_cheapest,
    ),
)
