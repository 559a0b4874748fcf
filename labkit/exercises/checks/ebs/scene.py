"""What the exercises lay and the checks read: volumes and instances by their names."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from labkit.exercises.ground import remove_instances

if TYPE_CHECKING:
    from labkit.exercises.frame import Evidence, MakeClient

ZONE, OTHER_ZONE = "us-east-1a", "us-east-1b"
DEVICE = "/dev/sdf"
IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"


def named(name: str, kind: str) -> list[dict[str, Any]]:
    """TagSpecifications that give a resource its name."""
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def lay_volume(ec2: Any, name: str, **settings: Any) -> str:
    """A volume of that name afresh, available; its id."""
    tags = named(name, "volume")
    made = ec2.create_volume(**{"AvailabilityZone": ZONE, **settings}, TagSpecifications=tags)
    ec2.get_waiter("volume_available").wait(VolumeIds=[made["VolumeId"]])
    return str(made["VolumeId"])


def lay_instance(client: MakeClient, name: str, zone: str, **settings: Any) -> str:
    """An instance of that name, running; its id."""
    ec2 = client("ec2")
    made = ec2.run_instances(
        ImageId=client("ssm").get_parameter(Name=IMAGE)["Parameter"]["Value"],
        MinCount=1,
        MaxCount=1,
        InstanceType="t3.micro",
        Placement={"AvailabilityZone": zone},
        TagSpecifications=named(name, "instance"),
        **settings,
    )["Instances"][0]["InstanceId"]
    ec2.get_waiter("instance_running").wait(InstanceIds=[made])
    return str(made)


def clear(ec2: Any, *names: str) -> None:
    """No instance, volume or snapshot of these names is left, nor a snapshot of such a volume."""
    for name in names:
        remove_instances(ec2, name)
    ec2_instances = instances(ec2, *names)
    if ec2_instances:
        ids = [one["InstanceId"] for one in ec2_instances]
        ec2.get_waiter("instance_terminated").wait(InstanceIds=ids)
    for volume in [one for name in names for one in volumes(ec2, name)]:
        for attachment in volume["Attachments"]:
            ec2.detach_volume(VolumeId=volume["VolumeId"], InstanceId=attachment["InstanceId"])
            ec2.get_waiter("volume_available").wait(VolumeIds=[volume["VolumeId"]])
        for snapshot in snapshots_of(ec2, volume["VolumeId"]):
            with suppress(ec2.exceptions.ClientError):  # an image holds on to it
                ec2.delete_snapshot(SnapshotId=snapshot["SnapshotId"])
        ec2.delete_volume(VolumeId=volume["VolumeId"])


def instances(ec2: Any, *names: str) -> list[dict[str, Any]]:
    """The instances of these names that are not gone."""
    wanted = [
        {"Name": "tag:Name", "Values": list(names)},
        {
            "Name": "instance-state-name",
            "Values": ["pending", "running", "stopping", "stopped", "shutting-down"],
        },
    ]
    return [
        instance
        for reservation in ec2.describe_instances(Filters=wanted)["Reservations"]
        for instance in reservation["Instances"]
    ]


def volumes(ec2: Any, name: str) -> list[dict[str, Any]]:
    """The volumes of a name."""
    wanted = [{"Name": "tag:Name", "Values": [name]}]
    return list(ec2.describe_volumes(Filters=wanted)["Volumes"])


def volume(evidence: Evidence, name: str) -> dict[str, Any] | None:
    """The volume of a name, or None."""
    found = volumes(evidence.client("ec2"), name)
    return found[0] if found else None


def all_volumes(evidence: Evidence) -> list[dict[str, Any]]:
    """Every volume there is."""
    return list(evidence.client("ec2").describe_volumes()["Volumes"])


def made_since(evidence: Evidence) -> list[dict[str, Any]]:
    """The volumes that CreateVolume has made since the exercise began, as they are now."""
    calls = evidence.of("ec2", "CreateVolume")
    ids = {call.response["VolumeId"] for call in calls if not call.error_code}
    return [one for one in all_volumes(evidence) if one["VolumeId"] in ids]


def snapshots_of(ec2: Any, volume_id: str) -> list[dict[str, Any]]:
    """The snapshots of a volume."""
    wanted = [{"Name": "volume-id", "Values": [volume_id]}]
    return list(ec2.describe_snapshots(OwnerIds=["self"], Filters=wanted)["Snapshots"])
