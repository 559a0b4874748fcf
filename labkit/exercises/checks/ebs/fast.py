"""Exercise 1: a disk by its numbers."""

from __future__ import annotations

from typing import Any

from labkit.exercises.checks.ebs.scene import ZONE, clear, made_since, volume
from labkit.exercises.frame import Evidence, Incorrect, MakeClient, NotYet, Outcome, Passed

NAME, SIZE, IOPS, MIBPS = "orders-db", 200, 8000, 300


def lay(client: MakeClient) -> None:
    """No volume of that name."""
    clear(client("ec2"), NAME)


def check(evidence: Evidence) -> Outcome:
    """One volume of that name has the size, the IOPS and the throughput, at the lowest price."""
    found = volume(evidence, NAME)
    if found is None:
        made = made_since(evidence)
        if made:
            return NotYet(
                f"A volume was made, and it is not named `{NAME}`.",
                "A name is a tag: `TagSpecifications` in the same call, or `create_tags`.",
            )
        return NotYet("There is no such volume.", "Which type has IOPS apart from its size?")
    return _type(found) or _numbers(found)


def _type(found: dict[str, Any]) -> Outcome | None:
    kind = found["VolumeType"]
    if kind == "gp2":
        return Incorrect(
            f"It is of type gp2, with {found['Iops']:,} IOPS.",
            f"{IOPS:,} IOPS at {SIZE} GiB.",
            "gp2 is what you get if you name no type. It has three IOPS for each GiB, and no "
            "setting for more.",
        )
    if kind in ("io1", "io2"):
        return Incorrect(
            f"It is of type {kind}.",
            "the cheapest type that serves.",
            "It serves, at several times the price. Types with provisioned IOPS are for what gp3 "
            "does not reach, or for their latency and durability.",
        )
    if kind in ("st1", "sc1"):
        return Incorrect(
            f"It is of type {kind}, a disk that turns.",
            f"{IOPS:,} IOPS.",
            "Such disks read long stretches at once. A database asks for many small pieces.",
        )
    return None


def _numbers(found: dict[str, Any]) -> Outcome:
    if found["AvailabilityZone"] != ZONE:
        return Incorrect(
            f"It lies in {found['AvailabilityZone']}.",
            f"in {ZONE}.",
            "A volume lives in one zone, and serves the instances there.",
        )
    if found["Size"] != SIZE:
        return Incorrect(
            f"It has {found['Size']} GiB.", f"{SIZE} GiB.", "Size is in GiB, and is paid for whole."
        )
    asked = (found["Iops"], found["Throughput"])
    if asked != (IOPS, MIBPS):
        return Incorrect(
            f"It has {asked[0]:,} IOPS and {asked[1]} MiB/s.",
            f"{IOPS:,} IOPS and {MIBPS} MiB/s.",
            "What is not named stays at what comes with every gp3: 3,000 and 125. More than needed "
            "is paid for by the month.",
        )
    return Passed(
        "Size, operations and throughput are three settings with a price each. gp2 would have "
        "needed 2,667 GiB for as many IOPS."
    )
