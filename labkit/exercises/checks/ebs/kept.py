"""Exercise 5: a root volume that shall outlive its instance."""

from __future__ import annotations

from typing import Any

from labkit.exercises.checks.ebs.scene import ZONE, all_volumes, clear, lay_instance
from labkit.exercises.frame import Evidence, Incorrect, MakeClient, NotYet, Outcome, Passed
from labkit.exercises.ground import remove_instances

NAME, ROOT = "ledger", "/dev/xvda"


def lay(client: MakeClient) -> None:
    """An instance with its root volume."""
    ec2 = client("ec2")
    remove_instances(ec2, NAME)
    clear(ec2, NAME)
    lay_instance(client, NAME, ZONE)


def check(evidence: Evidence) -> Outcome:
    """The instance is terminated, and the volume that it ran from is there."""
    ec2 = evidence.client("ec2")
    found = ec2.describe_instances(Filters=[{"Name": "tag:Name", "Values": [NAME]}])
    machines = [one for each in found["Reservations"] for one in each["Instances"]]
    laid = max(machines, key=lambda one: one["LaunchTime"], default=None)
    if laid is None:
        return Incorrect(
            f"`{NAME}` is forgotten.",
            "it was terminated a while ago at most.",
            '`lab.begin("kept")` lays it again.',
        )
    root = _root_of(evidence, laid["InstanceId"])
    if laid["State"]["Name"] in ("terminated", "shutting-down"):
        return _terminated(evidence, laid, root)
    if laid["State"]["Name"] in ("stopped", "stopping"):
        return NotYet(
            f"`{NAME}` is {laid['State']['Name']}, and with it everything is kept.",
            "It shall go for good: terminate it, once its root volume would stay.",
        )
    flag = [
        device["Ebs"]["DeleteOnTermination"]
        for device in laid["BlockDeviceMappings"]
        if device["DeviceName"] == ROOT
    ]
    if flag == [False]:
        return NotYet("The root volume would stay.", f"Terminate `{NAME}`.")
    return NotYet(
        f"`{NAME}` runs, and its root volume goes with it: `DeleteOnTermination` is true.",
        "That can be changed while it runs.",
    )


def _root_of(evidence: Evidence, instance: str) -> str:
    """The id of the volume at the root device, from what the learner's own calls were told."""
    for call in evidence.of("ec2", "DescribeInstances", "ModifyInstanceAttribute"):
        for each in call.response.get("Reservations", ()):
            for one in each["Instances"]:
                for device in one.get("BlockDeviceMappings", ()):
                    if one["InstanceId"] == instance and device["DeviceName"] == ROOT:
                        return str(device["Ebs"]["VolumeId"])
    return ""


def _terminated(evidence: Evidence, laid: dict[str, Any], root: str) -> Outcome:
    there = [one for one in all_volumes(evidence) if one["AvailabilityZone"] == ZONE]
    mine = [
        one
        for one in there
        if one["VolumeId"] == root
        or (one["CreateTime"] >= laid["LaunchTime"] and one.get("SnapshotId") and not root)
    ]
    image = [one for one in mine if one["Size"] == IMAGE_GIB]
    if not image:
        copies = evidence.of("ec2", "CreateSnapshot", "CreateImage")
        if any(not call.error_code for call in copies):
            return Incorrect(
                "The root volume is gone; a snapshot of it is left.",
                "the volume itself is left.",
                "A snapshot keeps the data too, and cheaper. Asked for was the disk, which can be "
                'attached at once. `lab.begin("kept")` lays it again.',
            )
        return Incorrect(
            "The root volume is gone.",
            "it is left, and available.",
            "By default a root volume ends with its instance, and a volume that was attached later "
            'does not. `lab.begin("kept")` lays it again.',
        )
    if image[0]["State"] != "available":
        return NotYet("It is shutting down.", "Let a minute pass.")
    return Passed(
        "The instance is gone and its disk is left, available, and paid for by the month until "
        "somebody deletes it."
    )


IMAGE_GIB = 8
