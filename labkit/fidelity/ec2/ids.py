"""What a request names has the form of an id, and is there."""

from __future__ import annotations

import re

from labkit.fidelity.ec2.backend import not_found
from labkit.fidelity.ec2.common import API, ERRORS, backend_of, bad_value
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

_OF_INSTANCES = (
    "AttachVolume",
    "CreateImage",
    "DescribeInstances",
    "DescribeInstanceAttribute",
    "DescribeInstanceStatus",
    "ModifyInstanceAttribute",
    "ModifyInstanceMetadataOptions",
    "RebootInstances",
    "StartInstances",
    "StopInstances",
    "TerminateInstances",
)
_OF_VOLUMES = (
    "AttachVolume",
    "CreateSnapshot",
    "DeleteVolume",
    "DescribeVolumes",
    "DescribeVolumesModifications",
    "DetachVolume",
    "ModifyVolume",
)
_OF_SNAPSHOTS = ("CreateVolume", "DeleteSnapshot", "DescribeSnapshots")


def _named(exchange: Exchange, name: str) -> list[str]:
    """The ids that a parameter holds, be it one or a list."""
    params = exchange.params
    return [*(params.get(name + "s") or ()), *([params[name]] if params.get(name) else ())]


def _formed(id: str, prefix: str) -> bool:
    return re.fullmatch(prefix + "-([0-9a-f]{8}|[0-9a-f]{17})", id) is not None


@rule(
    "ec2",
    *_OF_INSTANCES,
    when="before",
    follows=ERRORS,
    corrects="moto says that there is no such instance",
)
def an_instance_id_has_its_form(exchange: Exchange) -> None:
    """What is no id of an instance is refused as malformed.

    InvalidInstanceID.Malformed: Invalid id: "web-1".
    """
    for id in _named(exchange, "InstanceId"):
        if not _formed(id, "i"):
            raise AwsError("InvalidInstanceID.Malformed", f'Invalid id: "{id}"')


@rule(
    "ec2",
    *_OF_VOLUMES,
    *_OF_SNAPSHOTS,
    when="before",
    follows=ERRORS,
    corrects="moto says that there is no such volume",
)
def an_id_of_a_volume_or_snapshot_has_its_form(exchange: Exchange) -> None:
    """What is no id of a volume, or of a snapshot, is refused as malformed.

    InvalidParameterValue: Value (disk) for parameter volumeId is invalid. Expected: 'vol-...'.
    """
    for name, prefix in (("VolumeId", "vol"), ("SnapshotId", "snap")):
        for id in _named(exchange, name):
            if not _formed(id, prefix):
                told = name[0].lower() + name[1:]
                raise bad_value(
                    f"Value ({id}) for parameter {told} is invalid. Expected: '{prefix}-...'."
                )


@rule(
    "ec2",
    *_OF_VOLUMES,
    when="before",
    follows=ERRORS,
    corrects="moto names it in Python's own words where several can be asked for",
)
def a_volume_that_is_not_there_is_named(exchange: Exchange) -> None:
    """Who asks for a volume that does not exist is told its id.

    InvalidVolume.NotFound: The volume 'vol-…' does not exist.
    """
    for id in _named(exchange, "VolumeId"):
        if id not in backend_of(exchange).volumes:
            raise not_found("InvalidVolume", f"The volume '{id}' does not exist.")


@rule(
    "ec2",
    *_OF_SNAPSHOTS,
    when="before",
    follows=ERRORS,
    corrects="moto says nothing but the code",
)
def a_snapshot_that_is_not_there_is_named(exchange: Exchange) -> None:
    """Who asks for a snapshot that does not exist is told its id.

    InvalidSnapshot.NotFound: The snapshot 'snap-…' does not exist.
    """
    for id in _named(exchange, "SnapshotId"):
        if id not in backend_of(exchange).snapshots:
            raise not_found("InvalidSnapshot", f"The snapshot '{id}' does not exist.")


@rule(
    "ec2",
    "DescribeKeyPairs",
    "RunInstances",
    when="before",
    follows=API + "DescribeKeyPairs.html",
    corrects="moto launches with any name, and lists missing ones in Python's own words",
)
def a_key_pair_that_is_not_there_is_named(exchange: Exchange) -> None:
    """A launch, like a look, needs a key pair that exists.

    InvalidKeyPair.NotFound: The key pair 'ana' does not exist.
    """
    for name in _named(exchange, "KeyName"):
        if name not in backend_of(exchange).key_pairs:
            raise not_found("InvalidKeyPair", f"The key pair '{name}' does not exist")


@rule(
    "ec2",
    "DescribeSecurityGroups",
    when="before",
    follows=API + "DescribeSecurityGroups.html",
    corrects="moto names it in Python's own words",
)
def a_group_that_is_not_there_is_named(exchange: Exchange) -> None:
    """Who asks for a security group that does not exist is told its id or its name.

    InvalidGroup.NotFound: The security group 'sg-…' does not exist.
    """
    backend = backend_of(exchange)
    for id in exchange.params.get("GroupIds") or ():
        if backend.get_security_group_from_id(id) is None:
            raise not_found("InvalidGroup", f"The security group '{id}' does not exist")
    for name in exchange.params.get("GroupNames") or ():
        vpc = backend.default_vpc.id
        if backend.get_security_group_from_name(name, vpc) is None:
            raise not_found(
                "InvalidGroup",
                f"The security group '{name}' does not exist in default VPC '{vpc}'",
            )
