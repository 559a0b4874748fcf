"""What a volume may be when it is made."""

from __future__ import annotations

from labkit.fidelity.ec2 import rates
from labkit.fidelity.ec2.common import (
    API,
    EBS_GUIDE,
    ERRORS,
    backend_of,
    bad_value,
    limit,
)
from labkit.fidelity.ec2.launch import remember
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

TYPES = EBS_GUIDE + "ebs-volume-types.html"


@rule(
    "ec2",
    "CreateVolume",
    when="before",
    follows=API + "CreateVolume.html",
    corrects="moto makes a volume that is nowhere",
)
def a_volume_lies_in_a_zone_of_the_region(exchange: Exchange) -> None:
    """A volume is made in one of the Region's zones, named by its name or its id.

    InvalidZone.NotFound: The zone 'us-east-9z' does not exist.
    """
    params, backend = exchange.params, backend_of(exchange)
    zones = backend.describe_availability_zones()
    by_id = {zone.zone_id: zone.name for zone in zones}
    if params.get("AvailabilityZoneId") in by_id:
        params["AvailabilityZone"] = by_id[params["AvailabilityZoneId"]]
    named = params.get("AvailabilityZone") or params.get("AvailabilityZoneId")
    if not named:
        raise AwsError(
            "MissingParameter", "The request must contain the parameter AvailabilityZone"
        )
    if named not in {zone.name for zone in zones}:
        raise AwsError("InvalidZone.NotFound", f"The zone '{named}' does not exist.")


def _wanted(exchange: Exchange) -> tuple[str, int | None, int | None, int | None]:
    """The type, size, IOPS and throughput that a CreateVolume asks for."""
    params = exchange.params
    size = params.get("Size")
    if size is None and params.get("SnapshotId"):
        size = backend_of(exchange).get_snapshot(params["SnapshotId"]).volume_size
    return params.get("VolumeType") or "gp2", size, params.get("Iops"), params.get("Throughput")


@rule(
    "ec2",
    "CreateVolume",
    when="before",
    follows=ERRORS,
    corrects="moto makes volumes of any type",
)
def a_volume_is_of_a_type_that_is_there(exchange: Exchange) -> None:
    """A volume is of one of seven types: gp2, gp3, io1, io2, st1, sc1 and standard.

    UnknownVolumeType: Unsupported volume type 'gp9' for volume creation.
    """
    kind, _, _, _ = _wanted(exchange)
    if kind not in rates.TYPES:
        raise rates.unknown(kind)


@rule(
    "ec2",
    "CreateVolume",
    when="before",
    follows=TYPES,
    corrects="moto makes volumes of any size",
)
def a_volume_has_a_size_that_its_type_allows(exchange: Exchange) -> None:
    """Each type has its least and its greatest size.

    InvalidParameterValue: Volume of 20000GiB is too large for volume type gp2; maximum is
    16384GiB.
    """
    kind, size, _, _ = _wanted(exchange)
    sentence = rates.size_refusal(kind, size) if size is not None and kind in rates.TYPES else ""
    if sentence:
        raise bad_value(sentence)


@rule(
    "ec2",
    "CreateVolume",
    when="before",
    follows=API + "CreateVolume.html",
    corrects="moto has another code",
)
def iops_are_for_types_that_take_them(exchange: Exchange) -> None:
    """Only gp3, io1 and io2 take IOPS, and only gp3 takes a throughput.

    InvalidParameterCombination: The parameter iops is not supported for gp2 volumes.
    """
    kind, _, iops, throughput = _wanted(exchange)
    error = rates.unsupported(kind, iops, throughput)
    if error is not None and error.code != "MissingParameter":
        raise error


@rule(
    "ec2",
    "CreateVolume",
    when="before",
    follows=API + "CreateVolume.html",
    corrects="moto has another code",
)
def a_provisioned_volume_says_its_iops(exchange: Exchange) -> None:
    """Who wants an io1 or io2 volume says how many IOPS.

    MissingParameter: The parameter iops must be specified for io2 volumes.
    """
    kind, _, iops, throughput = _wanted(exchange)
    error = rates.unsupported(kind, iops, throughput)
    if error is not None:
        raise error


@rule(
    "ec2",
    "CreateVolume",
    when="before",
    follows=TYPES,
    corrects="moto takes any number",
)
def iops_have_their_range(exchange: Exchange) -> None:
    """The IOPS of a volume lie between the least and the most of its type.

    InvalidParameterValue: Volume iops of 100 is too low; minimum is 3000.
    """
    kind, _, iops, _ = _wanted(exchange)
    if iops is None or kind not in rates.WITH_IOPS:
        return
    sentence = rates.iops_refusal(kind, limit(f"ebs.{kind}_size_max_gib"), iops)
    if sentence:
        raise bad_value(sentence)


@rule(
    "ec2",
    "CreateVolume",
    when="before",
    follows=TYPES,
    corrects="moto takes any number",
)
def iops_have_their_ratio_to_the_size(exchange: Exchange) -> None:
    """A volume has so many IOPS for each GiB at most: 500 as gp3, 50 as io1, 1,000 as io2.

    InvalidParameterValue: Iops to volume size ratio of 750.000000 is too high; maximum is 500.
    """
    kind, size, iops, _ = _wanted(exchange)
    if iops is None or size is None or kind not in rates.WITH_IOPS:
        return
    sentence = rates.iops_refusal(kind, size, iops)
    if sentence:
        raise bad_value(sentence)


@rule(
    "ec2",
    "CreateVolume",
    when="before",
    follows=EBS_GUIDE + "general-purpose.html",
    corrects="moto takes any number",
)
def throughput_has_its_range_and_its_ratio_to_the_iops(exchange: Exchange) -> None:
    """A gp3 volume has 125 to 2,000 MiB/s, and at most a quarter of a MiB/s for each of its IOPS.

    InvalidParameterValue: Throughput (MiBps) to iops ratio of 0.333333 is too high; maximum is
    0.250000 MiBps per iops.
    """
    kind, _, iops, throughput = _wanted(exchange)
    if throughput is None or kind != "gp3":
        return
    sentence = rates.throughput_refusal(throughput, iops or limit("ebs.gp3_iops_default"))
    if sentence:
        raise bad_value(sentence)


@rule(
    "ec2",
    "CreateVolume",
    when="before",
    follows=EBS_GUIDE + "ebs-volumes-multi.html",
    corrects="moto has another code",
)
def only_provisioned_volumes_are_shared(exchange: Exchange) -> None:
    """Multi-Attach is for io1 and io2.

    InvalidParameterCombination; its words are unverified.
    """
    kind = exchange.params.get("VolumeType") or "gp2"
    if exchange.params.get("MultiAttachEnabled") and kind not in rates.PROVISIONED:
        raise AwsError(
            "InvalidParameterCombination",
            f"The parameter MultiAttachEnabled is not supported for {kind} volumes.",
        )


@rule(
    "ec2",
    "CreateVolume",
    when="after",
    follows=EBS_GUIDE + "ebs-volumes-multi.html",
    corrects="moto says available, without IOPS or throughput, and not whether it is shared",
)
def a_new_volume_is_creating_first(exchange: Exchange, answer: Params) -> Params:
    """A new volume is creating for a few seconds, then available.

    State: creating; the waiter volume_available waits for the rest.
    """
    shared = bool(exchange.params.get("MultiAttachEnabled"))
    told = answer | {"State": "creating", "MultiAttachEnabled": shared}
    remember(exchange, told)
    return told
