"""Load balancers, listeners, rules and targets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from tests.fidelity.test_ec2_instances import launch

Refusal = Callable[..., str]


@pytest.fixture
def elbv2(sandbox: Sandbox) -> Any:
    return sandbox.client("elbv2")


@pytest.fixture
def ec2(sandbox: Sandbox) -> Any:
    return sandbox.client("ec2")


@pytest.fixture
def subnets(ec2: Any) -> list[str]:
    """The default subnets, each in a zone of its own."""
    there = ec2.describe_subnets()["Subnets"]
    return [one["SubnetId"] for one in sorted(there, key=lambda one: one["AvailabilityZone"])]


@pytest.fixture
def balancer(elbv2: Any, subnets: list[str], clock: Clock) -> str:
    """An Application Load Balancer that is active."""
    made = elbv2.create_load_balancer(Name="shop", Subnets=subnets[:2])["LoadBalancers"][0]
    clock.advance(minutes=5)
    return str(made["LoadBalancerArn"])


@pytest.fixture
def group(elbv2: Any, ec2: Any) -> str:
    """A target group for instances."""
    return make_group(elbv2, ec2, "web")


def make_group(elbv2: Any, ec2: Any, name: str) -> str:
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    made = elbv2.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=vpc)
    return str(made["TargetGroups"][0]["TargetGroupArn"])


def listen(elbv2: Any, balancer: str, group: str, port: int = 80) -> str:
    made = elbv2.create_listener(
        LoadBalancerArn=balancer, Protocol="HTTP", Port=port, DefaultActions=[forward(group)]
    )
    return str(made["Listeners"][0]["ListenerArn"])


def forward(group: str) -> dict[str, str]:
    return {"Type": "forward", "TargetGroupArn": group}


def under(path: str) -> list[dict[str, Any]]:
    return [{"Field": "path-pattern", "Values": [path]}]


# ---- load balancers ----


@pytest.mark.mends
def test_a_name_has_32_characters_at_most(elbv2: Any, subnets: list[str], refusal: Refusal) -> None:
    make, two = elbv2.create_load_balancer, subnets[:2]
    long = "b" * 33

    assert refusal(make, Name=long, Subnets=two) == (
        f"ValidationError: Load balancer name '{long}' cannot be longer than '32' characters"
    )
    for name in ("box_office", "-shop", "shop-", "internal-shop"):
        assert refusal(make, Name=name, Subnets=two).startswith("ValidationError: Load balancer")
    make(Name="b" * 32, Subnets=two)


@pytest.mark.mends
def test_an_application_load_balancer_lies_in_two_zones(
    elbv2: Any, subnets: list[str], refusal: Refusal
) -> None:
    assert refusal(elbv2.create_load_balancer, Name="shop", Subnets=subnets[:1]) == (
        "ValidationError: At least two subnets in two different Availability Zones must be "
        "specified"
    )
    elbv2.create_load_balancer(Name="shop", Type="network", Subnets=subnets[:1])


@pytest.mark.mends
def test_a_load_balancer_has_one_subnet_in_a_zone(
    elbv2: Any, ec2: Any, subnets: list[str], refusal: Refusal
) -> None:
    [first] = ec2.describe_subnets(SubnetIds=subnets[:1])["Subnets"]
    beside = ec2.create_subnet(
        VpcId=first["VpcId"], CidrBlock="172.31.128.0/20", AvailabilityZone="us-east-1a"
    )["Subnet"]["SubnetId"]

    refused = refusal(elbv2.create_load_balancer, Name="shop", Subnets=[*subnets[:2], beside])

    assert refused.startswith("InvalidConfigurationRequest: A load balancer cannot be attached to")


@pytest.mark.mends
def test_a_load_balancer_is_provisioning_first(
    elbv2: Any, subnets: list[str], clock: Clock
) -> None:
    made = elbv2.create_load_balancer(Name="shop", Subnets=subnets[:2])["LoadBalancers"][0]
    assert made["State"]["Code"] == "provisioning"

    def state() -> str:
        [told] = elbv2.describe_load_balancers(Names=["shop"])["LoadBalancers"]
        return str(told["State"]["Code"])

    assert state() == "provisioning"
    elbv2.get_waiter("load_balancer_available").wait(Names=["shop"])
    assert state() == "active"


@pytest.mark.mends
def test_a_load_balancer_is_made_once(
    elbv2: Any, balancer: str, subnets: list[str], refusal: Refusal
) -> None:
    again = elbv2.create_load_balancer(Name="shop", Subnets=subnets[:2])["LoadBalancers"][0]
    assert again["LoadBalancerArn"] == balancer

    assert refusal(elbv2.create_load_balancer, Name="shop", Subnets=subnets[:3]) == (
        "DuplicateLoadBalancerName: A load balancer with the same name 'shop' exists, but with "
        "different settings"
    )
    assert len(elbv2.describe_load_balancers()["LoadBalancers"]) == 1


@pytest.mark.mends
def test_a_load_balancer_that_is_not_there_is_named(elbv2: Any, refusal: Refusal) -> None:
    refused = refusal(elbv2.describe_load_balancers, Names=["shop"])

    assert refused == "LoadBalancerNotFound: Load balancers '[shop]' not found"


@pytest.mark.mends
def test_deletion_protection_is_asked_first_of_a_load_balancer(
    elbv2: Any, balancer: str, refusal: Refusal
) -> None:
    protect = {"Key": "deletion_protection.enabled", "Value": "true"}
    elbv2.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=[protect])

    assert refusal(elbv2.delete_load_balancer, LoadBalancerArn=balancer) == (
        f"OperationNotPermitted: Load balancer '{balancer}' cannot be deleted because deletion "
        "protection is enabled"
    )


@pytest.mark.mends
def test_a_deleted_load_balancer_frees_its_target_groups(
    elbv2: Any, balancer: str, group: str
) -> None:
    listen(elbv2, balancer, group)

    elbv2.delete_load_balancer(LoadBalancerArn=balancer)

    [told] = elbv2.describe_target_groups(TargetGroupArns=[group])["TargetGroups"]
    assert told["LoadBalancerArns"] == []
    elbv2.delete_target_group(TargetGroupArn=group)


# ---- listeners and rules ----


@pytest.mark.mends
def test_a_port_has_one_listener(elbv2: Any, balancer: str, group: str, refusal: Refusal) -> None:
    listen(elbv2, balancer, group)

    refused = refusal(lambda: listen(elbv2, balancer, group))

    assert refused == (
        "DuplicateListener: A listener already exists on this port for this load balancer "
        f"'{balancer}'"
    )
    listen(elbv2, balancer, group, port=8080)


@pytest.mark.right
def test_an_application_load_balancer_speaks_http(
    elbv2: Any, balancer: str, group: str, refusal: Refusal
) -> None:
    asked = {"LoadBalancerArn": balancer, "Port": 80, "DefaultActions": [forward(group)]}

    refused = refusal(elbv2.create_listener, **asked, Protocol="TCP")

    assert refused == "ValidationError: Listener protocol 'TCP' must be one of 'HTTP, HTTPS'"


@pytest.mark.mends
def test_an_https_listener_needs_a_certificate(
    elbv2: Any, balancer: str, group: str, refusal: Refusal
) -> None:
    asked = {"LoadBalancerArn": balancer, "Port": 443, "DefaultActions": [forward(group)]}

    refused = refusal(elbv2.create_listener, **asked, Protocol="HTTPS")

    assert refused == "ValidationError: A certificate must be specified for HTTPS listeners"


@pytest.mark.mends
def test_a_target_group_has_one_load_balancer(
    elbv2: Any, balancer: str, group: str, subnets: list[str], refusal: Refusal
) -> None:
    listen(elbv2, balancer, group)
    other = elbv2.create_load_balancer(Name="till", Subnets=subnets[:2])["LoadBalancers"][0]

    refused = refusal(lambda: listen(elbv2, other["LoadBalancerArn"], group))

    assert refused == (
        "TargetGroupAssociationLimit: The following target groups cannot be associated with more "
        f"than one load balancer: {group}"
    )


@pytest.mark.right
def test_a_priority_is_used_once(elbv2: Any, balancer: str, group: str, refusal: Refusal) -> None:
    asked = {"ListenerArn": listen(elbv2, balancer, group), "Actions": [forward(group)]}
    elbv2.create_rule(**asked, Priority=10, Conditions=under("/seats/*"))

    refused = refusal(elbv2.create_rule, **asked, Priority=10, Conditions=under("/till/*"))

    assert refused == "PriorityInUse: The specified priority is in use."


@pytest.mark.mends
def test_a_priority_has_its_range(elbv2: Any, balancer: str, group: str, refusal: Refusal) -> None:
    asked = {"ListenerArn": listen(elbv2, balancer, group), "Actions": [forward(group)]}

    refused = refusal(elbv2.create_rule, **asked, Priority=50_001, Conditions=under("/a/*"))

    assert refused.startswith("ValidationError: ")
    elbv2.create_rule(**asked, Priority=50_000, Conditions=under("/a/*"))


@pytest.mark.mends
def test_the_default_rule_stays(elbv2: Any, balancer: str, group: str, refusal: Refusal) -> None:
    listener = listen(elbv2, balancer, group)
    [rule] = elbv2.describe_rules(ListenerArn=listener)["Rules"]

    refused = refusal(elbv2.delete_rule, RuleArn=rule["RuleArn"])

    assert refused == (f"OperationNotPermitted: Default rule '{rule['RuleArn']}' cannot be deleted")


# ---- targets ----


@pytest.mark.right
def test_a_target_group_has_a_name_of_its_own(
    elbv2: Any, ec2: Any, group: str, refusal: Refusal
) -> None:
    again = refusal(lambda: make_group(elbv2, ec2, "web"))
    assert again.startswith("DuplicateTargetGroupName: ")

    long = refusal(lambda: make_group(elbv2, ec2, "w" * 33))
    assert long.startswith("ValidationError: Target group name '")


@pytest.mark.right
def test_a_target_group_in_use_stays(
    elbv2: Any, balancer: str, group: str, refusal: Refusal
) -> None:
    listen(elbv2, balancer, group)

    refused = refusal(elbv2.delete_target_group, TargetGroupArn=group)

    assert refused.startswith("ResourceInUse: ")


def health(elbv2: Any, group: str) -> list[str]:
    told = elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    return [one["TargetHealth"]["State"] for one in told]


@pytest.fixture
def machine(ec2: Any, clock: Clock) -> str:
    """An instance that runs."""
    id = launch(ec2)
    clock.advance(minutes=1)
    return id


@pytest.mark.mends
def test_a_target_is_initial_first(
    elbv2: Any, balancer: str, group: str, machine: str, clock: Clock
) -> None:
    listen(elbv2, balancer, group)

    elbv2.register_targets(TargetGroupArn=group, Targets=[{"Id": machine}])

    assert health(elbv2, group) == ["initial"]
    clock.advance(seconds=30)
    assert health(elbv2, group) == ["healthy"]


@pytest.mark.mends
def test_a_group_without_a_listener_is_not_in_use(
    elbv2: Any, balancer: str, group: str, machine: str, clock: Clock
) -> None:
    elbv2.register_targets(TargetGroupArn=group, Targets=[{"Id": machine}])
    clock.advance(minutes=5)

    [told] = elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert (told["TargetHealth"]["State"], told["TargetHealth"]["Reason"]) == (
        "unused",
        "Target.NotInUse",
    )
    listen(elbv2, balancer, group)
    assert health(elbv2, group) == ["healthy"]


@pytest.mark.mends
def test_a_deregistered_target_is_draining_first(
    elbv2: Any, balancer: str, group: str, machine: str, clock: Clock
) -> None:
    listen(elbv2, balancer, group)
    elbv2.register_targets(TargetGroupArn=group, Targets=[{"Id": machine}])
    clock.advance(minutes=5)

    elbv2.deregister_targets(TargetGroupArn=group, Targets=[{"Id": machine}])

    assert health(elbv2, group) == ["draining"]
    clock.advance(seconds=300)
    assert health(elbv2, group) == []


@pytest.mark.right
def test_only_a_running_instance_is_registered(
    elbv2: Any, ec2: Any, group: str, machine: str, clock: Clock, refusal: Refusal
) -> None:
    ec2.stop_instances(InstanceIds=[machine])
    clock.advance(minutes=1)

    refused = refusal(elbv2.register_targets, TargetGroupArn=group, Targets=[{"Id": machine}])

    assert refused == (
        "InvalidTarget: The following targets are not in a running state and cannot be registered: "
        f"'{machine}'"
    )


@pytest.mark.mends
def test_a_target_is_an_instance_that_is_there(elbv2: Any, group: str, refusal: Refusal) -> None:
    absent = [{"Id": "i-0123456789abcdef0"}]

    refused = refusal(elbv2.register_targets, TargetGroupArn=group, Targets=absent)

    assert refused.startswith("InvalidTarget: ")
