"""Auto Scaling groups: between their bounds, and not deleted while in use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from tests.fidelity.test_ec2_instances import LINUX

Refusal = Callable[..., str]
WEB = {"AutoScalingGroupName": "web"}


@pytest.fixture
def scaling(sandbox: Sandbox) -> Any:
    return sandbox.client("autoscaling")


@pytest.fixture
def asked(sandbox: Sandbox) -> dict[str, Any]:
    """What a group of one to three instances in two zones is made of."""
    ec2 = sandbox.client("ec2")
    data = {"ImageId": LINUX, "InstanceType": "t3.micro"}
    ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data)
    subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"]]
    bounds = {"MinSize": 1, "MaxSize": 3, "DesiredCapacity": 2}
    template = {"LaunchTemplateName": "web"}
    zones = {"VPCZoneIdentifier": ",".join(subnets[:2])}
    return {**WEB, **bounds, **zones, "LaunchTemplate": template}


def members(scaling: Any) -> list[Any]:
    return list(scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]["Instances"])


@pytest.mark.right
def test_a_group_keeps_its_desired_capacity(
    sandbox: Sandbox, scaling: Any, asked: dict[str, Any], clock: Clock
) -> None:
    scaling.create_auto_scaling_group(**asked)
    clock.advance(minutes=1)
    first = members(scaling)

    sandbox.client("ec2").terminate_instances(InstanceIds=[first[0]["InstanceId"]])
    clock.advance(minutes=5)

    after = members(scaling)
    assert len(after) == 2
    assert first[0]["InstanceId"] not in {one["InstanceId"] for one in after}


@pytest.mark.mends
def test_a_group_spreads_its_instances_over_its_zones(scaling: Any, asked: dict[str, Any]) -> None:
    scaling.create_auto_scaling_group(**asked | {"MaxSize": 4, "DesiredCapacity": 4})

    zones = sorted(one["AvailabilityZone"] for one in members(scaling))

    assert zones == ["us-east-1a", "us-east-1a", "us-east-1b", "us-east-1b"]


@pytest.mark.mends
def test_a_desired_capacity_is_within_the_bounds(
    scaling: Any, asked: dict[str, Any], refusal: Refusal
) -> None:
    scaling.create_auto_scaling_group(**asked)
    value = "ValidationError: New SetDesiredCapacity value "

    assert refusal(scaling.set_desired_capacity, **WEB, DesiredCapacity=5) == (
        value + "5 is above max value 3 for the AutoScalingGroup."
    )
    assert refusal(scaling.set_desired_capacity, **WEB, DesiredCapacity=0) == (
        value + "0 is below min value 1 for the AutoScalingGroup."
    )
    scaling.set_desired_capacity(**WEB, DesiredCapacity=3)
    assert len(members(scaling)) == 3


@pytest.mark.mends
def test_a_group_lies_between_its_bounds(
    scaling: Any, asked: dict[str, Any], refusal: Refusal
) -> None:
    make = scaling.create_auto_scaling_group

    assert refusal(make, **asked | {"DesiredCapacity": 9}) == (
        "ValidationError: Desired capacity:9 must be between the specified min size:1 and max "
        "size:3"
    )
    assert refusal(make, **asked | {"MinSize": 4}) == (
        "ValidationError: Max bound, 3, must be greater than or equal to min bound, 4"
    )
    make(**asked)
    refused = refusal(scaling.update_auto_scaling_group, **WEB, DesiredCapacity=4)
    assert refused.startswith("ValidationError: Desired capacity:4 must be")


@pytest.mark.mends
def test_a_group_is_made_once(scaling: Any, asked: dict[str, Any], refusal: Refusal) -> None:
    scaling.create_auto_scaling_group(**asked)

    assert refusal(scaling.create_auto_scaling_group, **asked) == (
        "AlreadyExists: AutoScalingGroup by this name already exists - A group with the name web "
        "already exists"
    )


@pytest.mark.mends
def test_a_group_that_is_not_there_is_named_when_it_is_changed(
    scaling: Any, refusal: Refusal
) -> None:
    missing = "ValidationError: AutoScalingGroup name not found - AutoScalingGroup 'web' not found"

    assert refusal(scaling.update_auto_scaling_group, **WEB, MaxSize=3) == missing
    assert refusal(scaling.set_desired_capacity, **WEB, DesiredCapacity=3) == missing
    assert refusal(scaling.delete_auto_scaling_group, **WEB) == missing


@pytest.mark.mends
def test_a_group_with_instances_is_deleted_by_force_only(
    sandbox: Sandbox, scaling: Any, asked: dict[str, Any], clock: Clock, refusal: Refusal
) -> None:
    scaling.create_auto_scaling_group(**asked)

    assert refusal(scaling.delete_auto_scaling_group, **WEB) == (
        "ResourceInUse: You cannot delete an AutoScalingGroup while there are instances or pending "
        "Spot instance request(s) still in the group."
    )
    scaling.delete_auto_scaling_group(**WEB, ForceDelete=True)
    clock.advance(minutes=5)
    states = {
        one["State"]["Name"]
        for reservation in sandbox.client("ec2").describe_instances()["Reservations"]
        for one in reservation["Instances"]
    }
    assert states == {"terminated"}
