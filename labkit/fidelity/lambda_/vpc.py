"""Functions with a foot in a VPC: subnets and security groups that exist, a role that may.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from __future__ import annotations

from typing import Any

from labkit.fidelity.lambda_.common import GUIDE, backend, invalid, role_may
from labkit.fidelity.registry import differs, rule
from labkit.sandbox.choke import Exchange, Params

_SETTINGS = ("CreateFunction", "UpdateFunctionConfiguration")
_VPC = GUIDE + "configuration-vpc.html"
_NEEDED = "CreateNetworkInterface"


@rule(
    "lambda",
    *_SETTINGS,
    when="before",
    follows=_VPC,
    corrects="moto takes subnets and security groups that do not exist, and one without the other",
)
def a_function_joins_subnets_and_groups_that_exist(exchange: Exchange) -> None:
    """A VPC configuration names subnets and security groups, and all of them exist.

    InvalidParameterValueException: SubnetIds and SecurityIds must coexist, or the error that EC2
    gave (messages: as seen in 2023 and 2016).
    """
    wish = exchange.params.get("VpcConfig") or {}
    subnets, groups = wish.get("SubnetIds") or [], wish.get("SecurityGroupIds") or []
    if bool(subnets) != bool(groups):
        raise invalid("SubnetIds and SecurityIds must coexist or be both empty list.")
    ec2 = _ec2(exchange)
    for subnet in subnets:
        if _subnet(ec2, subnet) is None:
            raise _refused_by_ec2(
                "DescribeSubnets",
                "InvalidSubnetID.NotFound",
                f"The subnet ID '{subnet}' does not exist",
            )
    for group in groups:
        if ec2.get_security_group_from_id(group) is None:
            raise _refused_by_ec2(
                "DescribeSecurityGroups",
                "InvalidGroup.NotFound",
                f"The security group '{group}' does not exist",
            )


@rule(
    "lambda",
    *_SETTINGS,
    when="before",
    follows=_VPC,
    corrects="moto does not ask the role",
)
def a_role_may_make_the_network_interfaces(exchange: Exchange) -> None:
    """A function joins a VPC only if its role may create network interfaces.

    InvalidParameterValueException: the execution role does not have permissions to call
    CreateNetworkInterface on EC2; the policy AWSLambdaVPCAccessExecutionRole gives them.
    """
    asked = exchange.params
    if not (asked.get("VpcConfig") or {}).get("SubnetIds"):
        return
    role = asked.get("Role")
    if role is None:
        role = backend(exchange).get_function(str(asked["FunctionName"])).role
    place = f"arn:aws:ec2:{exchange.region}:{exchange.account}:network-interface/*"
    if not role_may(str(role), f"ec2:{_NEEDED}", place):
        raise invalid(
            f"The provided execution role does not have permissions to call {_NEEDED} on EC2"
        )


@rule(
    "lambda",
    *_SETTINGS,
    "GetFunctionConfiguration",
    "PublishVersion",
    when="after",
    follows=_VPC,
    corrects="moto says vpc-123abc, whatever the subnets",
)
def a_function_s_vpc_is_that_of_its_subnets(exchange: Exchange, answer: Params) -> Params | None:
    """A function's configuration names the VPC of its subnets.

    VpcConfig with VpcId, found by the first subnet.
    """
    shown = answer.get("VpcConfig") or {}
    if not shown.get("SubnetIds"):
        return None
    subnet = _subnet(_ec2(exchange), shown["SubnetIds"][0])
    if subnet is None:  # deleted since
        return None
    kept = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    return {**kept, "VpcConfig": {**shown, "VpcId": subnet.vpc_id}}


differs(
    "lambda",
    "A function in a VPC gets no network interface and needs none: its network is not simulated.",
    "Lambda makes one for each subnet with its security groups, which takes a minute or more; what "
    "the function reaches depends on routes, NAT gateways and endpoints.",
    source=GUIDE + "foundation-networking.html",
)


def _ec2(exchange: Exchange) -> Any:
    from moto.ec2.models import ec2_backends

    return ec2_backends[exchange.account][exchange.region]


def _subnet(ec2: Any, subnet_id: str) -> Any:
    for of_zone in ec2.subnets.values():
        if subnet_id in of_zone:
            return of_zone[subnet_id]
    return None


def _refused_by_ec2(operation: str, code: str, sentence: str) -> Exception:
    return invalid(
        f"Error occurred while {operation}. EC2 Error Code: {code}. EC2 Error Message: {sentence}"
    )
