"""Volumes: what each type may be, and where it can be attached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.facts import fact
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from tests.fidelity.test_ec2_instances import launch

Refusal = Callable[..., str]
HERE = {"AvailabilityZone": "us-east-1a"}
ABSENT = "vol-0123456789abcdef0"


@pytest.fixture
def ec2(sandbox: Sandbox) -> Any:
    return sandbox.client("ec2")


@pytest.fixture
def make(ec2: Any, clock: Clock) -> Callable[..., str]:
    """Makes a volume that is available, and returns its id."""

    def make(**asked: Any) -> str:
        id = ec2.create_volume(**{**HERE, "Size": 100} | asked)["VolumeId"]
        clock.advance(minutes=1)
        return str(id)

    return make


@pytest.fixture
def machine(ec2: Any, clock: Clock) -> str:
    """An instance that runs, in us-east-1a."""
    id = launch(ec2)
    clock.advance(minutes=1)
    return id


def shown(ec2: Any, id: str) -> Any:
    return ec2.describe_volumes(VolumeIds=[id])["Volumes"][0]


# ---- what a volume may be ----


@pytest.mark.mends
def test_a_new_volume_is_creating_first(ec2: Any) -> None:
    made = ec2.create_volume(**HERE, Size=1)
    assert made["State"] == "creating"
    assert shown(ec2, made["VolumeId"])["State"] == "creating"

    ec2.get_waiter("volume_available").wait(VolumeIds=[made["VolumeId"]])

    assert shown(ec2, made["VolumeId"])["State"] == "available"


@pytest.mark.right
def test_a_volume_is_gp2_unless_it_is_told(ec2: Any) -> None:
    assert ec2.create_volume(**HERE, Size=1)["VolumeType"] == "gp2"


@pytest.mark.mends
def test_a_gp2_volume_has_three_iops_for_each_gib(ec2: Any, make: Callable[..., str]) -> None:
    sizes = (10, 100, 1000, 6000)

    assert [shown(ec2, make(Size=size))["Iops"] for size in sizes] == [100, 300, 3000, 16_000]


@pytest.mark.mends
def test_a_gp3_volume_brings_iops_and_throughput(ec2: Any, make: Callable[..., str]) -> None:
    made = shown(ec2, make(VolumeType="gp3"))

    assert made["Iops"] == fact("ebs.gp3_iops_default")
    assert made["Throughput"] == fact("ebs.gp3_throughput_default_mib")


@pytest.mark.mends
@pytest.mark.parametrize("kind", ["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"])
def test_a_volume_has_a_size_that_its_type_allows(ec2: Any, refusal: Refusal, kind: str) -> None:
    least, most = (fact(f"ebs.{kind}_size_{end}_gib") for end in ("min", "max"))
    asked = {**HERE, "VolumeType": kind} | ({"Iops": 100} if kind in ("io1", "io2") else {})
    for size in (least, most):
        assert ec2.create_volume(**asked, Size=size)["Size"] == size

    large = refusal(ec2.create_volume, **asked, Size=most + 1)
    assert large == (
        f"InvalidParameterValue: Volume of {most + 1}GiB is too large for volume type {kind}; "
        f"maximum is {most}GiB"
    )
    small = refusal(ec2.create_volume, **asked, Size=least - 1)
    assert small.startswith(f"InvalidParameterValue: Volume of {least - 1}GiB is too small for")


@pytest.mark.mends
def test_a_volume_is_of_a_type_that_is_there(ec2: Any, refusal: Refusal) -> None:
    refused = refusal(ec2.create_volume, **HERE, Size=10, VolumeType="gp9")

    assert refused == "UnknownVolumeType: Unsupported volume type 'gp9' for volume creation."


@pytest.mark.right
def test_a_volume_needs_a_size_or_a_snapshot(ec2: Any, refusal: Refusal) -> None:
    refused = refusal(ec2.create_volume, **HERE)

    assert refused == "MissingParameter: The request must contain the parameter size/snapshot"


@pytest.mark.mends
def test_a_volume_lies_in_a_zone_of_the_region(ec2: Any, refusal: Refusal) -> None:
    refused = refusal(ec2.create_volume, AvailabilityZone="us-east-9z", Size=1)
    assert refused == "InvalidZone.NotFound: The zone 'us-east-9z' does not exist."
    assert refusal(ec2.create_volume, Size=1).startswith("MissingParameter: ")

    [zone] = ec2.describe_availability_zones(ZoneNames=["us-east-1b"])["AvailabilityZones"]
    made = ec2.create_volume(AvailabilityZoneId=zone["ZoneId"], Size=1)
    assert made["AvailabilityZone"] == "us-east-1b"


@pytest.mark.mends
@pytest.mark.parametrize("kind", ["gp2", "st1", "sc1", "standard"])
def test_iops_are_for_types_that_take_them(ec2: Any, refusal: Refusal, kind: str) -> None:
    asked = {**HERE, "Size": 500, "VolumeType": kind}

    assert refusal(ec2.create_volume, **asked, Iops=3000) == (
        f"InvalidParameterCombination: The parameter iops is not supported for {kind} volumes."
    )
    refused = refusal(ec2.create_volume, **asked, Throughput=125)
    assert refused.startswith("InvalidParameterCombination: The parameter throughput is not")


@pytest.mark.mends
def test_a_provisioned_volume_says_its_iops(ec2: Any, refusal: Refusal) -> None:
    for kind in ("io1", "io2"):
        assert refusal(ec2.create_volume, **HERE, Size=100, VolumeType=kind) == (
            f"MissingParameter: The parameter iops must be specified for {kind} volumes."
        )


@pytest.mark.mends
@pytest.mark.parametrize("kind", ["gp3", "io1", "io2"])
def test_iops_have_their_range(ec2: Any, refusal: Refusal, kind: str) -> None:
    least, most = (fact(f"ebs.{kind}_iops_{end}") for end in ("min", "max"))
    asked = {**HERE, "VolumeType": kind, "Size": 10_000}

    for iops in (least, most):
        assert ec2.create_volume(**asked, Iops=iops)["Iops"] == iops
    low = f"InvalidParameterValue: Volume iops of {least - 1} is too low; minimum is {least}."
    assert refusal(ec2.create_volume, **asked, Iops=least - 1) == low
    high = f"InvalidParameterValue: Volume iops of {most + 1} is too high; maximum is {most}."
    assert refusal(ec2.create_volume, **asked, Iops=most + 1) == high


@pytest.mark.mends
@pytest.mark.parametrize(("kind", "ratio"), [("gp3", 500), ("io1", 50), ("io2", 1000)])
def test_iops_have_their_ratio_to_the_size(
    ec2: Any, refusal: Refusal, kind: str, ratio: int
) -> None:
    asked = {**HERE, "VolumeType": kind, "Size": 20}
    assert ec2.create_volume(**asked, Iops=20 * ratio)["Iops"] == 20 * ratio

    refused = refusal(ec2.create_volume, **asked, Iops=30 * ratio)

    assert refused == (
        f"InvalidParameterValue: Iops to volume size ratio of {1.5 * ratio:.6f} is too high; "
        f"maximum is {ratio}"
    )


@pytest.mark.mends
def test_throughput_has_its_range_and_its_ratio_to_the_iops(ec2: Any, refusal: Refusal) -> None:
    asked = {**HERE, "VolumeType": "gp3", "Size": 1000}
    assert ec2.create_volume(**asked, Iops=8000, Throughput=2000)["Throughput"] == 2000

    assert refusal(ec2.create_volume, **asked, Throughput=1000) == (
        "InvalidParameterValue: Throughput (MiBps) to iops ratio of 0.333333 is too high; "
        "maximum is 0.250000 MiBps per iops."
    )
    for throughput in (124, 2001):
        refused = refusal(ec2.create_volume, **asked, Iops=80_000, Throughput=throughput)
        assert refused.startswith(f"InvalidParameterValue: Throughput of {throughput} MiB/s is too")


@pytest.mark.mends
def test_only_provisioned_volumes_are_shared(ec2: Any, refusal: Refusal) -> None:
    asked = {**HERE, "Size": 100, "MultiAttachEnabled": True}

    refused = refusal(ec2.create_volume, **asked, VolumeType="gp3")

    assert refused.startswith("InvalidParameterCombination: ")
    assert ec2.create_volume(**asked, VolumeType="io2", Iops=100)["MultiAttachEnabled"]


# ---- attaching ----


@pytest.mark.mends
def test_a_volume_is_attached_in_its_own_zone(
    ec2: Any, make: Callable[..., str], machine: str, refusal: Refusal
) -> None:
    there = make(AvailabilityZone="us-east-1b")

    refused = refusal(ec2.attach_volume, VolumeId=there, InstanceId=machine, Device="/dev/sdf")

    assert refused == (
        f"InvalidVolume.ZoneMismatch: The volume '{there}' is not in the same availability zone "
        f"as instance '{machine}'"
    )


@pytest.mark.mends
def test_a_volume_is_attached_once_it_is_available(
    ec2: Any, machine: str, clock: Clock, refusal: Refusal
) -> None:
    asked = {"InstanceId": machine, "Device": "/dev/sdf"}
    asked["VolumeId"] = id = ec2.create_volume(**HERE, Size=1)["VolumeId"]

    assert refusal(ec2.attach_volume, **asked) == f"IncorrectState: {id} is not 'available'."
    clock.advance(minutes=1)
    ec2.attach_volume(**asked)


@pytest.mark.mends
def test_a_volume_is_attached_to_a_running_or_stopped_instance(
    ec2: Any, make: Callable[..., str], machine: str, clock: Clock, refusal: Refusal
) -> None:
    volume = make()
    fresh = launch(ec2)
    asked = {"VolumeId": volume, "InstanceId": fresh, "Device": "/dev/sdf"}
    refused = refusal(ec2.attach_volume, **asked)
    assert refused == f"IncorrectState: Instance '{fresh}' is not 'running'."

    ec2.stop_instances(InstanceIds=[machine])
    clock.advance(minutes=1)
    ec2.attach_volume(**asked | {"InstanceId": machine})


@pytest.mark.mends
def test_an_attachment_is_attaching_and_detaching_for_some_seconds(
    ec2: Any, make: Callable[..., str], machine: str, clock: Clock
) -> None:
    volume = make()

    def states() -> list[str]:
        told = shown(ec2, volume)
        return [told["State"], *(one["State"] for one in told["Attachments"])]

    ec2.attach_volume(VolumeId=volume, InstanceId=machine, Device="/dev/sdf")
    assert states() == ["in-use", "attaching"]
    clock.advance(minutes=1)
    assert states() == ["in-use", "attached"]
    assert shown(ec2, volume)["Attachments"][0]["DeleteOnTermination"] is False
    ec2.detach_volume(VolumeId=volume)
    assert states() == ["in-use", "detaching"]
    ec2.get_waiter("volume_available").wait(VolumeIds=[volume])
    assert states() == ["available"]


@pytest.mark.mends
def test_a_detached_volume_is_detaching_first(
    ec2: Any, make: Callable[..., str], machine: str, clock: Clock
) -> None:
    volume = make()
    ec2.attach_volume(VolumeId=volume, InstanceId=machine, Device="/dev/sdf")
    clock.advance(minutes=1)

    assert ec2.detach_volume(VolumeId=volume)["State"] == "detaching"
    assert shown(ec2, volume)["State"] == "in-use"
    clock.advance(minutes=1)
    assert shown(ec2, volume)["State"] == "available"


@pytest.mark.mends
def test_a_volume_that_is_in_use_is_not_attached(
    ec2: Any, make: Callable[..., str], machine: str, clock: Clock, refusal: Refusal
) -> None:
    volume, other = make(), launch(ec2)
    clock.advance(minutes=1)
    ec2.attach_volume(VolumeId=volume, InstanceId=machine, Device="/dev/sdf")

    refused = refusal(ec2.attach_volume, VolumeId=volume, InstanceId=other, Device="/dev/sdf")

    assert refused == f"VolumeInUse: {volume} is already attached to an instance"


@pytest.mark.mends
def test_a_volume_with_multi_attach_is_on_several_instances(
    ec2: Any, make: Callable[..., str], machine: str, clock: Clock
) -> None:
    volume = make(VolumeType="io2", Iops=100, MultiAttachEnabled=True)
    machines = [machine, launch(ec2)]
    clock.advance(minutes=1)

    def holders() -> list[str]:
        return [one["InstanceId"] for one in shown(ec2, volume)["Attachments"]]

    for id in machines:
        ec2.attach_volume(VolumeId=volume, InstanceId=id, Device="/dev/sdf")
    assert holders() == machines
    ec2.detach_volume(VolumeId=volume, InstanceId=machine)
    clock.advance(minutes=1)
    assert holders() == machines[1:]
    ec2.terminate_instances(InstanceIds=machines[1:])
    clock.advance(minutes=1)
    assert shown(ec2, volume)["State"] == "available"


@pytest.mark.mends
def test_a_device_name_is_used_once(
    ec2: Any, make: Callable[..., str], machine: str, refusal: Refusal
) -> None:
    ec2.attach_volume(VolumeId=make(), InstanceId=machine, Device="/dev/sdf")

    refused = refusal(ec2.attach_volume, VolumeId=make(), InstanceId=machine, Device="/dev/sdf")

    assert refused == (
        "InvalidParameterValue: Invalid value '/dev/sdf' for unixDevice. Attachment point "
        "/dev/sdf is already in use"
    )


@pytest.mark.mends
def test_the_root_volume_of_a_running_instance_stays(
    ec2: Any, machine: str, clock: Clock, refusal: Refusal
) -> None:
    [root] = ec2.describe_volumes()["Volumes"]
    id = root["VolumeId"]

    assert refusal(ec2.detach_volume, VolumeId=id) == (
        f"OperationNotPermitted: Unable to detach root volume '{id}' from instance '{machine}'"
    )
    ec2.stop_instances(InstanceIds=[machine])
    clock.advance(minutes=1)
    ec2.detach_volume(VolumeId=id)
    clock.advance(minutes=1)
    assert shown(ec2, id)["State"] == "available"


@pytest.mark.mends
def test_only_an_attached_volume_is_detached(
    ec2: Any, make: Callable[..., str], refusal: Refusal
) -> None:
    volume = make()

    refused = refusal(ec2.detach_volume, VolumeId=volume)

    assert refused == f"IncorrectState: Volume '{volume}' is in the 'available' state."


@pytest.mark.right
def test_an_attached_volume_is_not_deleted(
    ec2: Any, make: Callable[..., str], machine: str, refusal: Refusal
) -> None:
    volume = make()
    ec2.attach_volume(VolumeId=volume, InstanceId=machine, Device="/dev/sdf")

    refused = refusal(ec2.delete_volume, VolumeId=volume)

    assert refused == f"VolumeInUse: Volume {volume} is currently attached to {machine}"


# ---- what is not there ----


@pytest.mark.mends
def test_an_id_of_a_volume_or_snapshot_has_its_form(ec2: Any, refusal: Refusal) -> None:
    assert refusal(ec2.delete_volume, VolumeId="disk") == (
        "InvalidParameterValue: Value (disk) for parameter volumeId is invalid. Expected: "
        "'vol-...'."
    )
    refused = refusal(ec2.describe_snapshots, SnapshotIds=["copy"])
    assert refused.endswith("for parameter snapshotId is invalid. Expected: 'snap-...'.")


@pytest.mark.mends
def test_a_volume_that_is_not_there_is_named(ec2: Any, refusal: Refusal) -> None:
    missing = f"InvalidVolume.NotFound: The volume '{ABSENT}' does not exist."

    assert refusal(ec2.describe_volumes, VolumeIds=[ABSENT]) == missing
    assert refusal(ec2.delete_volume, VolumeId=ABSENT) == missing
    assert refusal(ec2.modify_volume, VolumeId=ABSENT, Size=10) == missing


@pytest.mark.right
def test_a_deleted_volume_is_gone(ec2: Any, make: Callable[..., str], refusal: Refusal) -> None:
    volume = make()
    ec2.delete_volume(VolumeId=volume)

    assert refusal(ec2.delete_volume, VolumeId=volume).startswith("InvalidVolume.NotFound: ")
    assert ec2.describe_volumes()["Volumes"] == []
