"""What a launch asks for, and what it gets where it does not ask."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from tests.fidelity.test_ec2_instances import LINUX, launch, look

Refusal = Callable[..., str]
ONE = {"MinCount": 1, "MaxCount": 1}
OLD = "ami-04681a1dbd79675a5"  # Amazon Linux 2


@pytest.fixture
def ec2(sandbox: Sandbox) -> Any:
    return sandbox.client("ec2")


def volumes(ec2: Any, id: str) -> dict[str, Any]:
    """The volumes of an instance by device."""
    return {
        mapping["DeviceName"]: ec2.describe_volumes(VolumeIds=[mapping["Ebs"]["VolumeId"]])[
            "Volumes"
        ][0]
        for mapping in look(ec2, id)["BlockDeviceMappings"]
    }


@pytest.mark.mends
def test_an_image_must_be_there(ec2: Any, refusal: Refusal) -> None:
    assert refusal(ec2.run_instances, ImageId="ami-0123456789abcdef0", **ONE) == (
        "InvalidAMIID.NotFound: The image id '[ami-0123456789abcdef0]' does not exist"
    )
    refused = refusal(ec2.run_instances, ImageId="linux", **ONE)
    assert refused.startswith('InvalidAMIID.Malformed: Invalid id: "linux"')
    missing = "MissingParameter: The request must contain the parameter ImageId"
    assert refusal(ec2.run_instances, **ONE) == missing


@pytest.mark.mends
def test_an_instance_type_must_be_there(ec2: Any, refusal: Refusal) -> None:
    refused = refusal(ec2.run_instances, ImageId=LINUX, InstanceType="t9.huge", **ONE)

    assert refused == "InvalidParameterValue: Invalid value 't9.huge' for InstanceType."


@pytest.mark.mends
def test_a_type_has_the_processor_of_its_image(ec2: Any, refusal: Refusal) -> None:
    refused = refusal(ec2.run_instances, ImageId=LINUX, InstanceType="t4g.micro", **ONE)

    assert refused.startswith(
        "InvalidParameterValue: The architecture 'arm64' of the specified instance type does not "
        "match the architecture 'x86_64' of the specified AMI."
    )
    assert look(ec2, launch(ec2, InstanceType="t3.micro"))["Architecture"] == "x86_64"


@pytest.mark.mends
def test_user_data_is_changed_as_boto3_sends_it(ec2: Any) -> None:
    id = launch(ec2)
    ec2.get_waiter("instance_running").wait(InstanceIds=[id])
    ec2.stop_instances(InstanceIds=[id])
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[id])

    ec2.modify_instance_attribute(InstanceId=id, UserData={"Value": b"#!/bin/sh"})

    kept = ec2.describe_instance_attribute(InstanceId=id, Attribute="userData")["UserData"]
    assert b64decode(kept["Value"]) == b"#!/bin/sh"


@pytest.mark.mends
def test_a_key_pair_that_is_not_there_is_named(ec2: Any, refusal: Refusal) -> None:
    missing = "InvalidKeyPair.NotFound: The key pair 'ana' does not exist"

    assert refusal(ec2.run_instances, ImageId=LINUX, KeyName="ana", **ONE) == missing
    assert refusal(ec2.describe_key_pairs, KeyNames=["ana"]) == missing
    ec2.create_key_pair(KeyName="ana")
    assert look(ec2, launch(ec2, KeyName="ana"))["KeyName"] == "ana"


@pytest.mark.right
def test_a_launch_needs_a_group_and_a_subnet_that_are_there(ec2: Any, refusal: Refusal) -> None:
    absent = {"SecurityGroupIds": ["sg-0123456789abcdef0"]}
    refused = refusal(ec2.run_instances, ImageId=LINUX, **absent, **ONE)
    assert refused.startswith("InvalidGroup.NotFound: The security group 'sg-0123456789abcdef0'")

    refused = refusal(ec2.run_instances, ImageId=LINUX, SubnetId="subnet-0123456789abcdef0", **ONE)
    assert refused.startswith("InvalidSubnetID.NotFound: The subnet ID 'subnet-0123456789abcdef0'")


@pytest.mark.mends
def test_user_data_is_short(ec2: Any, refusal: Refusal) -> None:
    launch(ec2, UserData="x" * 16_384)

    refused = refusal(ec2.run_instances, ImageId=LINUX, UserData="x" * 16_385, **ONE)

    assert refused == "InvalidParameterValue: User data is limited to 16384 bytes"


@pytest.mark.right
def test_user_data_is_kept_encoded(ec2: Any) -> None:
    id = launch(ec2, UserData="#!/bin/sh")

    told = ec2.describe_instance_attribute(InstanceId=id, Attribute="userData")

    assert told["UserData"]["Value"] == "IyEvYmluL3No"


@pytest.mark.mends
def test_as_many_instances_are_launched_as_can_be(ec2: Any, refusal: Refusal) -> None:
    launched = ec2.run_instances(ImageId=LINUX, MinCount=1, MaxCount=3)["Instances"]

    assert [one["AmiLaunchIndex"] for one in launched] == [0, 1, 2]
    refused = refusal(ec2.run_instances, ImageId=LINUX, MinCount=2, MaxCount=1)
    assert refused.startswith("InvalidParameterValue: ")


@pytest.mark.mends
def test_the_hop_limit_has_its_range(ec2: Any, refusal: Refusal) -> None:
    options = {"MetadataOptions": {"HttpPutResponseHopLimit": 65}}
    refused = refusal(ec2.run_instances, ImageId=LINUX, **options, **ONE)
    assert refused.startswith("InvalidParameterValue: ")

    hops = {"InstanceId": launch(ec2), "HttpPutResponseHopLimit": 65}
    refused = refusal(ec2.modify_instance_metadata_options, **hops)
    assert refused.startswith("InvalidParameterValue: ")


@pytest.mark.mends
def test_a_modern_image_demands_imdsv2(ec2: Any) -> None:
    modern = look(ec2, launch(ec2))["MetadataOptions"]
    assert (modern["HttpTokens"], modern["HttpPutResponseHopLimit"]) == ("required", 2)
    [image] = ec2.describe_images(ImageIds=[LINUX])["Images"]
    assert image["ImdsSupport"] == "v2.0"

    old = look(ec2, launch(ec2, ImageId=OLD))["MetadataOptions"]
    assert (old["HttpTokens"], old["HttpPutResponseHopLimit"]) == ("optional", 1)
    asked = launch(ec2, MetadataOptions={"HttpTokens": "optional"})
    assert look(ec2, asked)["MetadataOptions"]["HttpTokens"] == "optional"


@pytest.mark.mends
def test_an_instance_lies_in_a_subnet(ec2: Any) -> None:
    made = look(ec2, launch(ec2))

    [subnet] = ec2.describe_subnets(SubnetIds=[made["SubnetId"]])["Subnets"]
    assert subnet["DefaultForAz"]
    assert ip_address(made["PrivateIpAddress"]) in ip_network(subnet["CidrBlock"])
    assert made["PublicIpAddress"]
    there = look(ec2, launch(ec2, Placement={"AvailabilityZone": "us-east-1b"}))
    [subnet] = ec2.describe_subnets(SubnetIds=[there["SubnetId"]])["Subnets"]
    assert subnet["AvailabilityZone"] == there["Placement"]["AvailabilityZone"] == "us-east-1b"


@pytest.mark.right
def test_every_zone_has_its_default_subnet(ec2: Any) -> None:
    zones = {zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]}
    subnets = ec2.describe_subnets()["Subnets"]
    [vpc] = ec2.describe_vpcs()["Vpcs"]

    assert {subnet["AvailabilityZone"] for subnet in subnets} == zones
    assert all(subnet["MapPublicIpOnLaunch"] for subnet in subnets)
    assert (vpc["IsDefault"], vpc["CidrBlock"]) == (True, "172.31.0.0/16")


@pytest.mark.mends
def test_an_instance_has_the_default_group(ec2: Any) -> None:
    groups = look(ec2, launch(ec2))["SecurityGroups"]

    assert [group["GroupName"] for group in groups] == ["default"]


# ---- volumes ----


@pytest.mark.mends
def test_the_root_volume_comes_from_the_image(ec2: Any) -> None:
    data = {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 5}}

    made = volumes(ec2, launch(ec2, BlockDeviceMappings=[data]))

    assert {device: volume["Size"] for device, volume in made.items()} == {
        "/dev/xvda": 8,
        "/dev/sdf": 5,
    }
    assert made["/dev/xvda"]["VolumeType"] == "gp3"
    larger = {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20}}
    made = volumes(ec2, launch(ec2, BlockDeviceMappings=[larger]))
    assert [(device, one["Size"]) for device, one in made.items()] == [("/dev/xvda", 20)]


@pytest.mark.mends
def test_volumes_of_a_launch_go_with_the_instance(ec2: Any, clock: Clock) -> None:
    sizes = {"/dev/sdf": {"VolumeSize": 5}, "/dev/sdg": {"VolumeSize": 6}}
    sizes["/dev/sdg"] |= {"DeleteOnTermination": False}
    asked = [{"DeviceName": device, "Ebs": ebs} for device, ebs in sizes.items()]
    id = launch(ec2, BlockDeviceMappings=asked)
    clock.advance(minutes=1)
    later = ec2.create_volume(AvailabilityZone="us-east-1a", Size=7)["VolumeId"]
    clock.advance(minutes=1)
    ec2.attach_volume(VolumeId=later, InstanceId=id, Device="/dev/sdh")
    clock.advance(minutes=1)

    ec2.terminate_instances(InstanceIds=[id])
    clock.advance(minutes=1)

    left = ec2.describe_volumes()["Volumes"]
    assert sorted(volume["Size"] for volume in left) == [6, 7]
    assert {volume["State"] for volume in left} == {"available"}


@pytest.mark.right
def test_what_goes_with_an_instance_can_be_changed(ec2: Any, clock: Clock) -> None:
    id = launch(ec2)
    clock.advance(minutes=1)
    [root] = look(ec2, id)["BlockDeviceMappings"]
    keep = {"DeviceName": root["DeviceName"], "Ebs": {"DeleteOnTermination": False}}
    ec2.modify_instance_attribute(InstanceId=id, BlockDeviceMappings=[keep])

    ec2.terminate_instances(InstanceIds=[id])
    clock.advance(minutes=1)

    [left] = ec2.describe_volumes()["Volumes"]
    assert left["VolumeId"] == root["Ebs"]["VolumeId"]


@pytest.mark.mends
def test_volumes_of_a_launch_are_volumes_like_others(ec2: Any, refusal: Refusal) -> None:
    def asking(**ebs: Any) -> dict[str, Any]:
        return {"ImageId": LINUX, "BlockDeviceMappings": [{"DeviceName": "/dev/sdf", "Ebs": ebs}]}

    fast = asking(VolumeSize=100, VolumeType="gp3", Iops=6000, Throughput=500)
    made = volumes(ec2, launch(ec2, **fast))["/dev/sdf"]
    assert (made["Iops"], made["Throughput"]) == (6000, 500)
    refused = refusal(ec2.run_instances, **asking(VolumeSize=5, VolumeType="st1"), **ONE)
    assert refused.startswith("InvalidParameterValue: Volume of 5GiB is too small")
    refused = refusal(ec2.run_instances, **asking(VolumeSize=5, Iops=3000), **ONE)
    assert refused.startswith("InvalidParameterCombination: The parameter iops is not supported")


@pytest.mark.mends
def test_the_network_interface_of_a_launch_goes_with_it(ec2: Any, clock: Clock) -> None:
    id = launch(ec2)
    clock.advance(minutes=1)

    ec2.terminate_instances(InstanceIds=[id])
    clock.advance(minutes=1)

    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []


@pytest.mark.mends
def test_groups_are_named_once(ec2: Any, refusal: Refusal) -> None:
    [vpc] = ec2.describe_vpcs()["Vpcs"]
    group = ec2.create_security_group(GroupName="web", Description="w", VpcId=vpc["VpcId"])
    refused = refusal(
        ec2.run_instances,
        ImageId=LINUX,
        SecurityGroupIds=[group["GroupId"]],
        NetworkInterfaces=[{"DeviceIndex": 0}],
        **ONE,
    )

    assert refused.startswith("InvalidParameterCombination: Network interfaces and an instance-")


# ---- once ----


@pytest.mark.mends
def test_a_client_token_makes_a_launch_happen_once(
    ec2: Any, clock: Clock, refusal: Refusal
) -> None:
    asked = {"ImageId": LINUX, "ClientToken": "order-7", "InstanceType": "t3.micro"}
    first = ec2.run_instances(**asked, **ONE)
    clock.advance(minutes=1)

    again = ec2.run_instances(**asked, **ONE)

    assert again["ReservationId"] == first["ReservationId"]
    assert len(ec2.describe_instances()["Reservations"]) == 1
    other = refusal(ec2.run_instances, **asked | {"InstanceType": "t3.small"}, **ONE)
    assert other.startswith("IdempotentParameterMismatch: ")


@pytest.mark.right
def test_a_launch_answers_with_pending_instances(ec2: Any) -> None:
    launched = ec2.run_instances(ImageId=LINUX, **ONE)["Instances"]

    assert [one["State"] for one in launched] == [{"Code": 0, "Name": "pending"}]


# ---- images ----


@pytest.mark.mends
def test_an_image_of_an_instance_has_its_volumes(ec2: Any, clock: Clock) -> None:
    data = {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 5, "Encrypted": True}}
    id = launch(ec2, BlockDeviceMappings=[data])
    clock.advance(minutes=1)

    image = ec2.create_image(InstanceId=id, Name="box-office")["ImageId"]
    clock.advance(hours=1)

    [shown] = ec2.describe_images(ImageIds=[image])["Images"]
    held = {one["DeviceName"]: one["Ebs"] for one in shown["BlockDeviceMappings"]}
    assert {device: ebs["VolumeSize"] for device, ebs in held.items()} == {
        "/dev/xvda": 8,
        "/dev/sdf": 5,
    }
    assert held["/dev/sdf"]["Encrypted"]
    made = volumes(ec2, launch(ec2, ImageId=image))
    assert {device: (one["Size"], one["Encrypted"]) for device, one in made.items()} == {
        "/dev/xvda": (8, False),
        "/dev/sdf": (5, True),
    }


@pytest.mark.right
def test_a_snapshot_of_an_image_stays_while_the_image_does(
    ec2: Any, clock: Clock, refusal: Refusal
) -> None:
    id = launch(ec2)
    clock.advance(minutes=1)
    image = ec2.create_image(InstanceId=id, Name="box-office")["ImageId"]
    clock.advance(hours=1)
    [shown] = ec2.describe_images(ImageIds=[image])["Images"]
    snapshot = shown["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]

    assert refusal(ec2.delete_snapshot, SnapshotId=snapshot) == (
        f"InvalidSnapshot.InUse: The snapshot {snapshot} is currently in use by {image}"
    )
    ec2.deregister_image(ImageId=image)
    ec2.delete_snapshot(SnapshotId=snapshot)
