"""The volumes of a launch: those of its image, and those that it asks for."""

from __future__ import annotations

from labkit.fidelity.ec2 import rates
from labkit.fidelity.ec2.common import EBS_GUIDE, GUIDE, backend_of, image_of
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange


@rule(
    "ec2",
    "RunInstances",
    when="before",
    follows=GUIDE + "block-device-mapping-concepts.html",
    corrects="moto makes no root volume where other volumes are asked for, and names it otherwise",
)
def the_root_volume_comes_from_the_image(exchange: Exchange) -> None:
    """An instance has the root volume of its image, under the image's device name, whatever other
    volumes are asked for; what is said of that device changes it.

    The block device mapping of the launch is laid over that of the AMI.
    """
    params, image = exchange.params, image_of(exchange)
    given = params.get("BlockDeviceMappings") or []
    if image is None or (params.get("LaunchTemplate") and not given):
        return
    asked = {mapping.get("DeviceName"): dict(mapping.get("Ebs") or {}) for mapping in given}
    laid = []
    for mapping in image.block_device_mappings:
        device, own = mapping["DeviceName"], mapping["Ebs"]
        ebs = {"VolumeSize": own["VolumeSize"], "VolumeType": own["VolumeType"]}
        if image.owner_id == exchange.account:
            ebs["SnapshotId"] = own["SnapshotId"]
        ebs |= {"DeleteOnTermination": own["DeleteOnTermination"]} | asked.pop(device, {})
        laid.append({"DeviceName": device, "Ebs": ebs})
    laid += [mapping for mapping in given if mapping.get("DeviceName") in asked]
    params["BlockDeviceMappings"] = laid


@rule(
    "ec2",
    "RunInstances",
    when="before",
    follows=GUIDE + "preserving-volumes-on-termination.html",
    corrects="moto keeps them",
)
def volumes_of_a_launch_go_with_the_instance(exchange: Exchange) -> None:
    """A volume that was made by the launch is deleted with the instance unless the launch says
    otherwise; one that was attached later is kept.

    DeleteOnTermination is true at launch through the API, and false for what is attached later.
    """
    for mapping in exchange.params.get("BlockDeviceMappings") or ():
        ebs = mapping.get("Ebs")
        if ebs is not None and ebs.get("DeleteOnTermination") is None:
            ebs["DeleteOnTermination"] = True


@rule(
    "ec2",
    "RunInstances",
    when="before",
    follows=EBS_GUIDE + "ebs-volume-types.html",
    corrects="moto takes any size, and forgets IOPS and throughput",
)
def volumes_of_a_launch_are_volumes_like_others(exchange: Exchange) -> None:
    """The volumes of a launch have the limits of their types, and the IOPS and throughput asked.

    InvalidParameterValue, InvalidParameterCombination and MissingParameter, as from CreateVolume.
    """
    asked = {}
    backend = backend_of(exchange)
    for mapping in exchange.params.get("BlockDeviceMappings") or ():
        ebs = mapping.get("Ebs")
        if ebs is None:
            continue
        snapshot = backend.snapshots.get(ebs.get("SnapshotId"))
        size = ebs.get("VolumeSize") or (snapshot.volume_size if snapshot else None)
        kind = ebs.get("VolumeType") or "gp2"
        if size is not None:
            error = rates.refusal(kind, size, ebs.get("Iops"), ebs.get("Throughput"))
            if error is not None:
                raise error
        if snapshot is not None and size is not None and size < snapshot.volume_size:
            raise AwsError(
                "InvalidBlockDeviceMapping",
                f"Volume of size {size}GB is smaller than snapshot '{snapshot.id}', expect size "
                f">= {snapshot.volume_size}GB",
            )
        asked[mapping.get("DeviceName")] = ebs
    backend.launching = asked
