"""Security groups, their rules, and key pairs."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Any

from labkit.fidelity.ec2.common import API, ERRORS, backend_of, bad_value, limit
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

_RULES = (
    "AuthorizeSecurityGroupIngress",
    "AuthorizeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
    "RevokeSecurityGroupEgress",
)
_NAME = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*")


def _permissions(exchange: Exchange) -> list[dict[str, Any]]:
    """The rules that a request names, as a list; the short form is one of them."""
    params = exchange.params
    if params.get("IpPermissions"):
        return [*params["IpPermissions"]]
    if params.get("CidrIp"):
        return [
            {
                "IpProtocol": params.get("IpProtocol"),
                "FromPort": params.get("FromPort"),
                "ToPort": params.get("ToPort"),
                "IpRanges": [params],
            }
        ]
    return []


@rule(
    "ec2",
    *_RULES,
    when="before",
    follows=ERRORS,
    corrects="moto names it in Python's own words, and keeps the bits behind the mask",
)
def an_address_range_is_a_network(exchange: Exchange) -> None:
    """A rule's range is a network; what stands behind its mask is cut off.

    InvalidParameterValue: CIDR block 10.0.0.0/99 is malformed.
    """
    for permission in _permissions(exchange):
        for range in permission.get("IpRanges") or ():
            named = range.get("CidrIp", "")
            try:
                range["CidrIp"] = str(ip_network(named, strict=False))
            except ValueError:
                raise bad_value(f"CIDR block {named} is malformed") from None


@rule(
    "ec2",
    *_RULES,
    when="before",
    follows=API + "AuthorizeSecurityGroupIngress.html",
    corrects="moto takes any two numbers",
)
def ports_go_from_low_to_high(exchange: Exchange) -> None:
    """A rule of TCP or UDP has its ports from the lower to the higher.

    InvalidParameterValue: Invalid TCP port range (443, 80); where there is none,
    InvalidParameterValue: Invalid value 'Must specify both from and to ports with TCP/UDP.' for
    portRange.
    """
    for permission in _permissions(exchange):
        protocol = str(permission.get("IpProtocol")).lower()
        if protocol not in ("tcp", "udp", "6", "17"):
            continue
        first, last = permission.get("FromPort"), permission.get("ToPort")
        if first is None or last is None:
            raise bad_value(
                "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange."
            )
        if not 0 <= int(first) <= int(last) <= 65535:
            name = "UDP" if protocol in ("udp", "17") else "TCP"
            raise bad_value(f"Invalid {name} port range ({first}, {last})")


@rule(
    "ec2",
    "AuthorizeSecurityGroupIngress",
    when="before",
    follows=ERRORS,
    corrects="moto does not say which",
)
def a_rule_is_there_once(exchange: Exchange) -> None:
    """A rule that a group has already is not added again, and the error says which it is.

    InvalidPermission.Duplicate: the specified rule "peer: 0.0.0.0/0, TCP, from port: 22, to port:
    22, ALLOW" already exists.
    """
    params = exchange.params
    group = backend_of(exchange).get_security_group_from_id(params.get("GroupId") or "")
    if group is None:
        return
    held = {
        (str(rule.ip_protocol), str(rule.from_port), str(rule.to_port), rule.cidr_ipv4)
        for rule in group.ingress_rules
    }
    for permission in _permissions(exchange):
        protocol, ports = str(permission.get("IpProtocol")), ("FromPort", "ToPort")
        first, last = (str(permission.get(name)) for name in ports)
        for range in permission.get("IpRanges") or ():
            if (protocol, first, last, range["CidrIp"]) in held:
                raise AwsError(
                    "InvalidPermission.Duplicate",
                    f'the specified rule "peer: {range["CidrIp"]}, {protocol.upper()}, from port: '
                    f'{first}, to port: {last}, ALLOW" already exists',
                )


@rule(
    "ec2",
    "CreateSecurityGroup",
    when="before",
    follows=API + "CreateSecurityGroup.html",
    corrects="moto takes any name, and does not name the VPC of the other",
)
def a_group_has_a_name_of_its_own(exchange: Exchange) -> None:
    """A group's name is there once in its VPC, and does not begin with sg-.

    InvalidGroup.Duplicate: The security group 'web' already exists for VPC 'vpc-…';
    InvalidParameterValue: invalid value for parameter groupName (its words are unverified).
    """
    params, backend = exchange.params, backend_of(exchange)
    name = params["GroupName"]
    most = limit("ec2.group_name_max_chars")
    if name.startswith("sg-") or len(name) > most or not _NAME.fullmatch(name):
        raise bad_value(
            f"Invalid value '{name}' for groupName. A name has up to {most} characters, from a-z, "
            "A-Z, 0-9, spaces and ._-:/()#,@[]+=&;{}!$*, and does not begin with sg-."
        )
    vpc = params.get("VpcId") or backend.default_vpc.id
    if backend.get_security_group_from_name(name, vpc) is not None:
        raise AwsError(
            "InvalidGroup.Duplicate",
            f"The security group '{name}' already exists for VPC '{vpc}'",
        )


@rule(
    "ec2",
    "DeleteSecurityGroup",
    when="before",
    follows=API + "DeleteSecurityGroup.html",
    corrects="moto deletes it",
)
def the_default_group_stays(exchange: Exchange) -> None:
    """The default security group of a VPC cannot be deleted.

    CannotDelete: the specified group: "sg-…" name: "default" cannot be deleted by a user.
    """
    group = _group(exchange)
    if group is not None and group.name == "default":
        raise AwsError(
            "CannotDelete",
            f'the specified group: "{group.id}" name: "default" cannot be deleted by a user',
        )


@rule(
    "ec2",
    "DeleteSecurityGroup",
    when="before",
    follows=API + "DeleteSecurityGroup.html",
    corrects="moto deletes it",
)
def a_group_in_use_stays(exchange: Exchange) -> None:
    """A group that an instance has, or that another group's rule names, cannot be deleted.

    DependencyViolation: resource sg-… has a dependent object.
    """
    group, backend = _group(exchange), backend_of(exchange)
    if group is None:
        return
    used = any(group.id in {one.id for one in eni.group_set} for eni in backend.enis.values())
    named = any(
        rule.source_group.get("GroupId") == group.id
        for groups in backend.groups.values()
        for other in groups.values()
        if other is not group
        for rule in (*other.ingress_rules, *other.egress_rules)
    )
    if used or named:
        raise AwsError("DependencyViolation", f"resource {group.id} has a dependent object")


def _group(exchange: Exchange) -> Any:
    params, backend = exchange.params, backend_of(exchange)
    if params.get("GroupId"):
        return backend.get_security_group_from_id(params["GroupId"])
    return backend.get_security_group_from_name(params.get("GroupName") or "")


@rule(
    "ec2",
    "CreateKeyPair",
    "ImportKeyPair",
    when="before",
    follows=API + "CreateKeyPair.html",
    corrects="moto has other words, and takes a name of any length",
)
def a_key_pair_has_a_name_of_its_own(exchange: Exchange) -> None:
    """A key pair's name is there once in its Region.

    InvalidKeyPair.Duplicate: The keypair already exists.
    """
    name, most = exchange.params["KeyName"], limit("ec2.key_name_max_chars")
    if not name.isascii() or len(name) > most:
        raise bad_value(
            f"Value ({name}) for parameter KeyName is invalid. Length exceeds maximum of {most}."
        )
    if name in backend_of(exchange).key_pairs:
        raise AwsError("InvalidKeyPair.Duplicate", "The keypair already exists")
