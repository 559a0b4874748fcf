"""Exercise 3: a volume that slows down after half an hour."""

from __future__ import annotations

from typing import Any

from labkit.exercises.checks.ebs.scene import clear, lay_volume, made_since, volume
from labkit.exercises.frame import Evidence, Incorrect, MakeClient, NotYet, Outcome, Passed

NAME, SIZE, IOPS = "receipts-db", 100, 6000


def lay(client: MakeClient) -> None:
    """A gp2 volume of 100 GiB."""
    ec2 = client("ec2")
    clear(ec2, NAME)
    lay_volume(ec2, NAME, Size=SIZE, VolumeType="gp2")


def check(evidence: Evidence) -> Outcome:
    """The same volume delivers 6,000 IOPS for good, and is no larger."""
    found = volume(evidence, NAME)
    if found is None:
        return Incorrect(
            f"`{NAME}` was deleted.", "it was changed.", '`lab.begin("slow")` lays it again.'
        )
    if made_since(evidence):
        return Incorrect(
            "Another volume was made.",
            "the same volume, changed while it is in use.",
            "It would have to be filled from a snapshot and put in the place of this one, with the "
            "database down. `ModifyVolume` needs none of that.",
        )
    return _of_a_type(found) or _of_gp3(found) or _under_way(evidence, found)


def _of_a_type(found: dict[str, Any]) -> Outcome | None:
    kind, size, iops = found["VolumeType"], found["Size"], found.get("Iops", 0)
    if kind == "gp2" and size == SIZE:
        return NotYet(
            f"`{NAME}` is gp2, with {iops} IOPS and credits for more, which last half an hour.",
            "Another type delivers more at the same size, without credits.",
        )
    if kind == "gp2":
        return Incorrect(
            f"It has {size:,} GiB now, and with them {iops:,} IOPS.",
            f"{SIZE} GiB.",
            "That is what one did before gp3. The space is paid for, and cannot be given back: a "
            'volume never shrinks. `lab.begin("slow")` lays it again.',
        )
    if kind in ("io1", "io2"):
        return Incorrect(
            f"It is {kind} now.",
            "the cheapest type that serves.",
            "It delivers, at several times the price.",
        )
    if kind != "gp3":
        return Incorrect(
            f"It is {kind} now.", "gp3.", "A database asks for many small pieces, at any place."
        )
    return None


def _of_gp3(found: dict[str, Any]) -> Outcome | None:
    size, iops = found["Size"], found["Iops"]
    if size != SIZE:
        return Incorrect(
            f"It has {size:,} GiB.", f"{SIZE} GiB.", "With gp3, size has nothing to do with it."
        )
    if iops != IOPS:
        return Incorrect(
            f"It is gp3 with {iops:,} IOPS.",
            f"{IOPS:,}.",
            "3,000 come with every gp3; more is a setting, and has a price.",
        )
    return None


def _under_way(evidence: Evidence, found: dict[str, Any]) -> Outcome:
    [change] = evidence.client("ec2").describe_volumes_modifications(VolumeIds=[found["VolumeId"]])[
        "VolumesModifications"
    ][-1:]
    if change["ModificationState"] == "modifying":
        return NotYet(
            "The change is modifying.",
            "From `optimizing` on the new settings hold: let a minute pass.",
        )
    return Passed(
        f"gp3 with {IOPS:,} IOPS, for good, and the volume was in use all the time. The state is "
        f"{change['ModificationState']}: while blocks move, it delivers something between the old "
        "and the new."
    )
