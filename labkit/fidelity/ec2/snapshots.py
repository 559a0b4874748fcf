"""Snapshots, their copies, and what is encrypted without being asked."""

from __future__ import annotations

from labkit.fidelity.ec2.common import (
    API,
    EBS_GUIDE,
    ERRORS,
    backend_of,
    bad_value,
)
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params


@rule(
    "ec2",
    "DescribeSnapshots",
    when="before",
    follows=API + "DescribeSnapshots.html",
    corrects="moto lists everybody's",
)
def snapshots_are_listed_by_owner(exchange: Exchange) -> None:
    """With OwnerIds=["self"], only the account's own snapshots are listed.

    Without it also those that others let everybody use.
    """
    owners = exchange.params.get("OwnerIds")
    if owners:
        ids = [exchange.account if owner == "self" else owner for owner in owners]
        filters = [*(exchange.params.get("Filters") or ()), {"Name": "owner-id", "Values": ids}]
        exchange.params["Filters"] = filters


@rule(
    "ec2",
    "CreateVolume",
    "CopySnapshot",
    when="before",
    follows=ERRORS,
    corrects="moto's snapshots are completed at once",
)
def a_snapshot_is_used_once_it_is_completed(exchange: Exchange) -> None:
    """A snapshot that is pending makes neither a volume nor a copy.

    IncorrectState: Snapshot is in invalid state - pending.
    """
    params, backend = exchange.params, backend_of(exchange)
    id = params.get("SnapshotId") or params.get("SourceSnapshotId")
    snapshot = backend.snapshots.get(id)
    if snapshot is not None and snapshot.status == "pending":
        raise AwsError("IncorrectState", "Snapshot is in invalid state - pending")


@rule(
    "ec2",
    "CreateVolume",
    when="before",
    follows=API + "CreateVolume.html",
    corrects="moto cuts off the end",
)
def a_volume_is_as_large_as_its_snapshot(exchange: Exchange) -> None:
    """A volume from a snapshot is as large as the snapshot, or larger.

    InvalidParameterValue; its words are unverified.
    """
    params = exchange.params
    snapshot = backend_of(exchange).snapshots.get(params.get("SnapshotId"))
    size = params.get("Size")
    if snapshot is not None and size is not None and size < snapshot.volume_size:
        raise bad_value(
            f"Volume of size {size}GB is smaller than snapshot '{snapshot.id}', expect size >= "
            f"{snapshot.volume_size}GB"
        )


@rule(
    "ec2",
    "CopySnapshot",
    when="before",
    follows=API + "CopySnapshot.html",
    corrects="moto takes no notice of Encrypted",
)
def a_copy_of_a_snapshot_can_be_encrypted(exchange: Exchange) -> None:
    """An unencrypted snapshot is encrypted by copying it, under the key named or the default key.

    Encryption by default does it too; without either, the copy stays as the source is.
    """
    from moto.ec2.models import ec2_backends

    params, backend = exchange.params, backend_of(exchange)
    source = ec2_backends[exchange.account][params["SourceRegion"]].snapshots.get(
        params["SourceSnapshotId"]
    )
    if source is None:
        raise AwsError(
            "InvalidSnapshot.NotFound",
            f"The snapshot '{params['SourceSnapshotId']}' does not exist.",
        )
    named = params.get("KmsKeyId")
    if named and not params.get("Encrypted") and not source.encrypted:
        raise AwsError(
            "InvalidParameterDependency",
            "The parameter [KmsKeyId] requires the parameter Encrypted to be set.",
        )
    sealed = params.get("Encrypted") or source.encrypted or backend.ebs_encryption_by_default
    if sealed:
        params["KmsKeyId"] = backend.key_arn(named) if named else backend.default_key()


@rule(
    "ec2",
    "CopySnapshot",
    "CreateVolume",
    when="before",
    follows=EBS_GUIDE + "ebs-encryption.html",
    corrects="moto takes no notice of Encrypted",
)
def what_is_encrypted_is_never_copied_in_plain(exchange: Exchange) -> None:
    """Neither a copy nor a volume of an encrypted snapshot can be unencrypted.

    You cannot set this parameter to false; the words of the InvalidParameterCombination are
    unverified.
    """
    from moto.ec2.models import ec2_backends

    params = exchange.params
    id = str(params.get("SourceSnapshotId") or params.get("SnapshotId"))
    region = params.get("SourceRegion") or exchange.region
    source = ec2_backends[exchange.account][region].snapshots.get(id)
    if params.get("Encrypted") is False and source is not None and source.encrypted:
        raise AwsError(
            "InvalidParameterCombination",
            f"The snapshot {source.id} is encrypted: the parameter Encrypted cannot be false.",
        )


@rule(
    "ec2",
    "GetEbsDefaultKmsKeyId",
    "ResetEbsDefaultKmsKeyId",
    when="instead",
    follows=API + "GetEbsDefaultKmsKeyId.html",
    corrects="moto does not have the operations",
)
def the_default_key_of_ebs_can_be_asked_for(exchange: Exchange) -> Params:
    """The key that encrypts where none is named can be asked for, and set back to aws/ebs.

    KmsKeyId: alias/aws/ebs, or the ARN of the key that was set.
    """
    backend = backend_of(exchange)
    if exchange.operation == "ResetEbsDefaultKmsKeyId":
        backend.default_kms_key_id = ""
    kept = backend.default_kms_key_id
    return {"KmsKeyId": kept if kept and kept != backend.own_key() else "alias/aws/ebs"}
