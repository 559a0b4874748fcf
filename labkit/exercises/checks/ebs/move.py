"""Exercise 2: data that lies in another zone than the machine."""

from __future__ import annotations

from typing import Any

from labkit.exercises.checks.ebs.scene import (
    DEVICE,
    OTHER_ZONE,
    ZONE,
    all_volumes,
    clear,
    instances,
    lay_instance,
    lay_volume,
    snapshots_of,
    volume,
)
from labkit.exercises.frame import Evidence, Incorrect, MakeClient, NotYet, Outcome, Passed

NAME, MACHINE = "posters", "web"


def lay(client: MakeClient) -> None:
    """A volume in one zone, an instance in another."""
    ec2 = client("ec2")
    clear(ec2, NAME, MACHINE)
    lay_volume(ec2, NAME, Size=50, VolumeType="gp3")
    lay_instance(client, MACHINE, OTHER_ZONE)


def check(evidence: Evidence) -> Outcome:
    """A volume with the data is attached to the instance at the device."""
    ec2 = evidence.client("ec2")
    original = volume(evidence, NAME)
    machines = [one for one in instances(ec2, MACHINE) if one["State"]["Name"] == "running"]
    if original is None or not machines:
        return Incorrect(
            f"The volume `{NAME}` or the instance `{MACHINE}` is gone.",
            "both are there; the copy comes besides.",
            '`lab.begin("move")` lays them again.',
        )
    if any(one["Placement"]["AvailabilityZone"] == ZONE for one in machines):
        return Incorrect(
            f"Another instance `{MACHINE}` runs in {ZONE}.",
            f"the one in {OTHER_ZONE}.",
            "Moving the machine would do as well; here it is the data that is to move.",
        )
    snapshots = {one["SnapshotId"] for one in snapshots_of(ec2, original["VolumeId"])}
    copies = [one for one in all_volumes(evidence) if one.get("SnapshotId") in snapshots]
    return _on_the_machine(evidence, machines[0]["InstanceId"], snapshots, copies)


def _on_the_machine(
    evidence: Evidence, machine: str, snapshots: set[str], copies: list[dict[str, Any]]
) -> Outcome:
    attached = [
        (one, attachment)
        for one in all_volumes(evidence)
        for attachment in one["Attachments"]
        if attachment["InstanceId"] == machine and attachment["Device"] != "/dev/xvda"
    ]
    for one, attachment in attached:
        if one.get("SnapshotId") not in snapshots:
            return Incorrect(
                f"A volume at {attachment['Device']} was made without a snapshot of `{NAME}`.",
                "the data is on it.",
                "A new volume is empty. `SnapshotId` says what it begins with.",
            )
        if attachment["Device"] != DEVICE:
            return Incorrect(
                f"It is attached as {attachment['Device']}.",
                f"as {DEVICE}.",
                "What mounts the disk looks for the device by that name.",
            )
        return Passed(
            "A snapshot belongs to the Region, so a volume can be made of it in any zone. What was "
            "written to the first volume since then is not on the second."
        )
    return _before_it(snapshots, copies)


def _before_it(snapshots: set[str], copies: list[dict[str, Any]]) -> Outcome:
    if copies:
        if copies[0]["AvailabilityZone"] != OTHER_ZONE:
            return Incorrect(
                f"The copy lies in {copies[0]['AvailabilityZone']}.",
                f"in {OTHER_ZONE}.",
                "That is where the instance is. A volume is attached within its zone only.",
            )
        return NotYet("The copy is there.", f"Attach it to `{MACHINE}` as {DEVICE}.")
    if snapshots:
        return NotYet("There is a snapshot.", f"Make a volume of it, in {OTHER_ZONE}.")
    return NotYet(
        f"`{NAME}` lies in {ZONE}, and `{MACHINE}` runs in {OTHER_ZONE}.",
        "What of a volume does not belong to a zone?",
    )
