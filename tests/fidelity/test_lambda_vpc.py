"""Functions with a foot in a VPC: what must exist, and what the role must be allowed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from labkit.sandbox import Sandbox
from tests.runtime.conftest import TRUST, package

Refusal = Callable[..., str]
VPC_ACCESS = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"


@pytest.fixture
def client(sandbox: Sandbox) -> Any:
    return sandbox.client("lambda")


@pytest.fixture
def worker(client: Any, sandbox: Sandbox) -> str:
    """A function whose role may do nothing yet."""
    role = sandbox.client("iam").create_role(
        RoleName="worker", AssumeRolePolicyDocument=json.dumps(TRUST)
    )
    client.create_function(
        FunctionName="worker",
        Runtime="python3.13",
        Handler="app.handler",
        Role=role["Role"]["Arn"],
        Code={"ZipFile": package("def handler(event, context):\n    return event\n")},
    )
    return "worker"


@pytest.fixture
def network(sandbox: Sandbox) -> dict[str, str]:
    """A VPC with a subnet and a security group."""
    ec2 = sandbox.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    made = ec2.create_security_group(GroupName="worker", Description="worker", VpcId=vpc)
    return {"vpc": vpc, "subnet": subnet, "group": made["GroupId"]}


def let_in(sandbox: Sandbox) -> None:
    sandbox.client("iam").attach_role_policy(RoleName="worker", PolicyArn=VPC_ACCESS)


def config(subnet: str | None, group: str | None) -> dict[str, list[str]]:
    return {
        "SubnetIds": [subnet] if subnet else [],
        "SecurityGroupIds": [group] if group else [],
    }


@pytest.mark.mends
def test_a_function_joins_subnets_and_groups_that_exist(
    client: Any, worker: str, network: dict[str, str], sandbox: Sandbox, refusal: Refusal
) -> None:
    let_in(sandbox)
    subnet, group = network["subnet"], network["group"]

    def said(**vpc: list[str]) -> str:
        return refusal(client.update_function_configuration, FunctionName=worker, VpcConfig=vpc)

    assert said(**config(subnet, None)) == (
        "InvalidParameterValueException: SubnetIds and SecurityIds must coexist or be both empty "
        "list."
    )
    assert said(**config("subnet-0bad", group)).endswith(
        "EC2 Error Code: InvalidSubnetID.NotFound. EC2 Error Message: The subnet ID "
        "'subnet-0bad' does not exist"
    )
    assert said(**config(subnet, "sg-0bad")) == (
        "InvalidParameterValueException: Error occurred while DescribeSecurityGroups. EC2 Error "
        "Code: InvalidGroup.NotFound. EC2 Error Message: The security group 'sg-0bad' does not "
        "exist"
    )
    client.update_function_configuration(FunctionName=worker, VpcConfig=config(None, None))


@pytest.mark.mends
def test_a_role_may_make_the_network_interfaces(
    client: Any, worker: str, network: dict[str, str], sandbox: Sandbox, refusal: Refusal
) -> None:
    change = {
        "FunctionName": worker,
        "VpcConfig": config(network["subnet"], network["group"]),
    }

    said = refusal(client.update_function_configuration, **change)

    assert said == (
        "InvalidParameterValueException: The provided execution role does not have permissions "
        "to call CreateNetworkInterface on EC2"
    )
    let_in(sandbox)
    client.update_function_configuration(**change)


@pytest.mark.mends
def test_a_function_s_vpc_is_that_of_its_subnets(
    client: Any, worker: str, network: dict[str, str], sandbox: Sandbox
) -> None:
    let_in(sandbox)
    vpc = config(network["subnet"], network["group"])

    changed = client.update_function_configuration(FunctionName=worker, VpcConfig=vpc)

    assert changed["VpcConfig"]["VpcId"] == network["vpc"]
    published = client.publish_version(FunctionName=worker)
    assert published["VpcConfig"]["VpcId"] == network["vpc"]
    found = client.get_function_configuration(FunctionName=worker, Qualifier="1")
    assert found["VpcConfig"] == {**vpc, "VpcId": network["vpc"]}
