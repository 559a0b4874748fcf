"""Where a volume can be attached, and when it is let go."""

from __future__ import annotations

from labkit.fidelity.ec2.common import (
    API,
    ERRORS,
    bad_value,
    instances_of,
    limit,
    volume_of,
)
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params


@rule(
    "ec2",
    "AttachVolume",
    when="before",
    follows=API + "AttachVolume.html",
    corrects="moto attaches across zones",
)
def a_volume_is_attached_in_its_own_zone(exchange: Exchange) -> None:
    """A volume and its instance lie in the same Availability Zone.

    InvalidVolume.ZoneMismatch: The volume 'vol-…' is not in the same availability zone as
    instance 'i-…'.
    """
    volume = volume_of(exchange)
    for instance in instances_of(exchange):
        if volume and volume.availability_zone != instance.availability_zone:
            raise AwsError(
                "InvalidVolume.ZoneMismatch",
                f"The volume '{volume.id}' is not in the same availability zone as instance "
                f"'{instance.id}'",
            )


@rule(
    "ec2",
    "AttachVolume",
    when="before",
    follows=ERRORS,
    corrects="moto takes it from one instance and gives it to the other",
)
def a_volume_that_is_in_use_is_not_attached(exchange: Exchange) -> None:
    """A volume is on one instance at a time, unless it has Multi-Attach.

    VolumeInUse: vol-… is already attached to an instance.
    """
    volume = volume_of(exchange)
    if volume is None or not volume.attachments:
        return
    ids = [attachment.instance.id for attachment in volume.attachments]
    full = len(ids) >= limit("ebs.multi_attach_max")
    if not volume.multi_attach_enabled or full or exchange.params.get("InstanceId") in ids:
        raise AwsError("VolumeInUse", f"{volume.id} is already attached to an instance")


@rule(
    "ec2",
    "AttachVolume",
    when="before",
    follows=ERRORS,
    corrects="moto's volumes are there at once",
)
def a_volume_is_attached_once_it_is_available(exchange: Exchange) -> None:
    """A volume that is being created cannot be attached.

    IncorrectState: vol-… is not 'available'.
    """
    volume = volume_of(exchange)
    if volume is not None and volume.status == "creating":
        raise AwsError("IncorrectState", f"{volume.id} is not 'available'.")


@rule(
    "ec2",
    "AttachVolume",
    when="before",
    follows=API + "AttachVolume.html",
    corrects="moto attaches to an instance in any state",
)
def a_volume_is_attached_to_a_running_or_stopped_instance(exchange: Exchange) -> None:
    """An instance that is starting, stopping or gone takes no volume.

    IncorrectState: Instance 'i-…' is not 'running'.
    """
    for instance in instances_of(exchange):
        if instance.state not in ("running", "stopped"):
            raise AwsError("IncorrectState", f"Instance '{instance.id}' is not 'running'.")


@rule(
    "ec2",
    "AttachVolume",
    when="before",
    follows=ERRORS,
    corrects="moto puts the new volume in the place of the old",
)
def a_device_name_is_used_once(exchange: Exchange) -> None:
    """An instance has one volume under each device name.

    InvalidParameterValue: Invalid value '/dev/sdf' for unixDevice. Attachment point /dev/sdf is
    already in use.
    """
    device = exchange.params.get("Device")
    for instance in instances_of(exchange):
        if device in instance.block_device_mapping:
            raise bad_value(
                f"Invalid value '{device}' for unixDevice. Attachment point {device} is already "
                "in use"
            )


@rule(
    "ec2",
    "DetachVolume",
    when="before",
    follows=API + "DetachVolume.html",
    corrects="moto leaves the instance without its root",
)
def the_root_volume_of_a_running_instance_stays(exchange: Exchange) -> None:
    """The root volume is detached only while the instance is stopped.

    OperationNotPermitted: Unable to detach root volume 'vol-…' from instance 'i-…'.
    """
    volume = volume_of(exchange)
    for attachment in volume.attachments if volume else ():
        instance = attachment.instance
        if attachment.device == instance.root_device_name and instance.state != "stopped":
            raise AwsError(
                "OperationNotPermitted",
                f"Unable to detach root volume '{volume.id}' from instance '{instance.id}'",
            )


@rule(
    "ec2",
    "DetachVolume",
    when="before",
    follows=ERRORS,
    corrects="moto has another code",
)
def only_an_attached_volume_is_detached(exchange: Exchange) -> None:
    """A volume that is on no instance cannot be detached.

    IncorrectState: Volume 'vol-…' is in the 'available' state.
    """
    volume = volume_of(exchange)
    if volume is not None and not volume.attachments:
        raise AwsError("IncorrectState", f"Volume '{volume.id}' is in the '{volume.status}' state.")


@rule(
    "ec2",
    "DetachVolume",
    when="after",
    follows=API + "DetachVolume.html",
    corrects="moto has let go of the volume when it answers",
)
def a_detached_volume_is_detaching_first(exchange: Exchange, answer: Params) -> Params:
    """A volume that is let go is detaching for some seconds, and in use until then.

    State: detaching; then the volume is available.
    """
    return answer | {"State": "detaching"}
