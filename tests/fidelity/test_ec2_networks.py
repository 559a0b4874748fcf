"""Security groups, their rules, and key pairs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from tests.fidelity.test_ec2_instances import launch

Refusal = Callable[..., str]


@pytest.fixture
def ec2(sandbox: Sandbox) -> Any:
    return sandbox.client("ec2")


@pytest.fixture
def web(ec2: Any) -> str:
    """A security group."""
    return str(ec2.create_security_group(GroupName="web", Description="Web")["GroupId"])


def opening(first: int = 443, last: int = 443, range: str = "0.0.0.0/0") -> list[dict[str, Any]]:
    """A rule of TCP."""
    ranges = [{"CidrIp": range}]
    return [{"IpProtocol": "tcp", "FromPort": first, "ToPort": last, "IpRanges": ranges}]


def shown(ec2: Any, id: str) -> Any:
    return ec2.describe_security_groups(GroupIds=[id])["SecurityGroups"][0]


@pytest.mark.right
def test_a_new_group_lets_everything_out_and_nothing_in(ec2: Any, web: str) -> None:
    group = shown(ec2, web)

    assert group["IpPermissions"] == []
    [out] = group["IpPermissionsEgress"]
    assert (out["IpProtocol"], out["IpRanges"]) == ("-1", [{"CidrIp": "0.0.0.0/0"}])


@pytest.mark.right
def test_a_rule_is_added_and_taken_away(ec2: Any, web: str, refusal: Refusal) -> None:
    ec2.authorize_security_group_ingress(GroupId=web, IpPermissions=opening())
    [rule] = shown(ec2, web)["IpPermissions"]
    assert (rule["FromPort"], rule["IpRanges"]) == (443, [{"CidrIp": "0.0.0.0/0"}])

    ec2.revoke_security_group_ingress(GroupId=web, IpPermissions=opening())

    assert shown(ec2, web)["IpPermissions"] == []
    again = refusal(ec2.revoke_security_group_ingress, GroupId=web, IpPermissions=opening())
    assert again.startswith("InvalidPermission.NotFound: The specified rule does not exist in this")


@pytest.mark.right
def test_a_rule_can_name_a_group(ec2: Any, web: str) -> None:
    database = ec2.create_security_group(GroupName="db", Description="d")["GroupId"]
    source = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}
    source["UserIdGroupPairs"] = [{"GroupId": web}]

    ec2.authorize_security_group_ingress(GroupId=database, IpPermissions=[source])

    [rule] = shown(ec2, database)["IpPermissions"]
    assert rule["UserIdGroupPairs"][0]["GroupId"] == web


@pytest.mark.mends
def test_a_rule_is_there_once(ec2: Any, web: str, refusal: Refusal) -> None:
    ec2.authorize_security_group_ingress(GroupId=web, IpPermissions=opening(22, 22))

    refused = refusal(
        ec2.authorize_security_group_ingress, GroupId=web, IpPermissions=opening(22, 22)
    )

    assert refused == (
        'InvalidPermission.Duplicate: the specified rule "peer: 0.0.0.0/0, TCP, from port: 22, to '
        'port: 22, ALLOW" already exists'
    )


@pytest.mark.mends
def test_an_address_range_is_a_network(ec2: Any, web: str, refusal: Refusal) -> None:
    allow = ec2.authorize_security_group_ingress
    malformed = "InvalidParameterValue: CIDR block 10.0.0.0/99 is malformed"
    assert refusal(allow, GroupId=web, IpPermissions=opening(range="10.0.0.0/99")) == malformed

    allow(GroupId=web, IpPermissions=opening(range="10.1.2.3/8"))

    assert shown(ec2, web)["IpPermissions"][0]["IpRanges"] == [{"CidrIp": "10.0.0.0/8"}]


@pytest.mark.mends
def test_ports_go_from_low_to_high(ec2: Any, web: str, refusal: Refusal) -> None:
    allow = ec2.authorize_security_group_ingress
    refused = refusal(allow, GroupId=web, IpPermissions=opening(443, 80))
    assert refused == "InvalidParameterValue: Invalid TCP port range (443, 80)"

    [rule] = opening()
    del rule["ToPort"]
    refused = refusal(allow, GroupId=web, IpPermissions=[rule])
    assert "Must specify both from and to ports with TCP/UDP." in refused


@pytest.mark.mends
def test_a_group_has_a_name_of_its_own(ec2: Any, web: str, refusal: Refusal) -> None:
    vpc = shown(ec2, web)["VpcId"]
    make = ec2.create_security_group
    assert refusal(make, GroupName="web", Description="again") == (
        f"InvalidGroup.Duplicate: The security group 'web' already exists for VPC '{vpc}'"
    )
    refused = refusal(make, GroupName="sg-web", Description="again")
    assert refused.startswith("InvalidParameterValue: ")


@pytest.mark.mends
def test_a_group_that_is_not_there_is_named(ec2: Any, refusal: Refusal) -> None:
    look_at, absent = ec2.describe_security_groups, "sg-0123456789abcdef0"

    assert refusal(look_at, GroupIds=[absent]) == (
        f"InvalidGroup.NotFound: The security group '{absent}' does not exist"
    )
    refused = refusal(look_at, GroupNames=["shop"])
    assert refused.startswith("InvalidGroup.NotFound: The security group 'shop' does not exist in")


@pytest.mark.mends
def test_the_default_group_stays(ec2: Any, refusal: Refusal) -> None:
    groups = ec2.describe_security_groups(GroupNames=["default"])["SecurityGroups"]
    id = groups[0]["GroupId"]

    assert refusal(ec2.delete_security_group, GroupId=id) == (
        f'CannotDelete: the specified group: "{id}" name: "default" cannot be deleted by a user'
    )


@pytest.mark.mends
def test_a_group_in_use_stays(ec2: Any, web: str, clock: Clock, refusal: Refusal) -> None:
    dependent = f"DependencyViolation: resource {web} has a dependent object"
    id = launch(ec2, SecurityGroupIds=[web])
    clock.advance(minutes=1)
    assert refusal(ec2.delete_security_group, GroupId=web) == dependent

    ec2.terminate_instances(InstanceIds=[id])
    clock.advance(minutes=1)
    database = ec2.create_security_group(GroupName="db", Description="d")["GroupId"]
    source = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": web}]}]
    ec2.authorize_security_group_ingress(GroupId=database, IpPermissions=source)
    assert refusal(ec2.delete_security_group, GroupId=web) == dependent

    ec2.delete_security_group(GroupId=database)
    ec2.delete_security_group(GroupId=web)


@pytest.mark.mends
def test_a_key_pair_has_a_name_of_its_own(ec2: Any, refusal: Refusal) -> None:
    ec2.create_key_pair(KeyName="ana")

    duplicate = "InvalidKeyPair.Duplicate: The keypair already exists"
    assert refusal(ec2.create_key_pair, KeyName="ana") == duplicate
    assert refusal(ec2.create_key_pair, KeyName="a" * 256).startswith("InvalidParameterValue: ")


@pytest.mark.right
def test_the_private_key_is_shown_once(ec2: Any) -> None:
    made = ec2.create_key_pair(KeyName="ana", KeyType="ed25519")
    assert "PRIVATE KEY" in made["KeyMaterial"]

    [kept] = ec2.describe_key_pairs(KeyNames=["ana"])["KeyPairs"]

    assert "KeyMaterial" not in kept
    assert kept["KeyFingerprint"] == made["KeyFingerprint"]
    ec2.delete_key_pair(KeyName="bob")  # deleting what is not there succeeds
