"""Exercise 4: a volume that was made without encryption."""

from __future__ import annotations

from typing import Any

from labkit.exercises.checks.ebs.scene import (
    ZONE,
    all_volumes,
    clear,
    lay_volume,
    snapshots_of,
    volume,
)
from labkit.exercises.frame import Evidence, Incorrect, MakeClient, NotYet, Outcome, Passed

NAME, ALIAS = "refunds", "alias/shop"


def lay(client: MakeClient) -> None:
    """A volume in plain, and a key of the shop's."""
    ec2, kms = client("ec2"), client("kms")
    clear(ec2, NAME)
    ec2.disable_ebs_encryption_by_default()
    lay_volume(ec2, NAME, Size=20, VolumeType="gp3")
    if ALIAS not in [one["AliasName"] for one in kms.list_aliases()["Aliases"]]:
        key = kms.create_key(Description="disks of the shop")["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName=ALIAS, TargetKeyId=key)


def check(evidence: Evidence) -> Outcome:
    """A volume with the same data is encrypted under the shop's key."""
    ec2, kms = evidence.client("ec2"), evidence.client("kms")
    original = volume(evidence, NAME)
    if original is None:
        return Incorrect(
            f"`{NAME}` was deleted.", "it is there.", '`lab.begin("sealed")` lays it again.'
        )
    key = kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["Arn"]
    of_it = _family(ec2, original["VolumeId"], evidence)
    others = [one for one in all_volumes(evidence) if one["VolumeId"] != original["VolumeId"]]
    sealed = [one for one in others if one["Encrypted"]]
    made = [one for one in sealed if one.get("SnapshotId") in of_it]
    if made:
        return _right(made[-1], key)
    if sealed and sealed[-1]["CreateTime"] >= evidence.began_at:
        return Incorrect(
            "An encrypted volume was made, and it is empty.",
            f"the data of `{NAME}` is on it.",
            "It needs a snapshot of the volume to begin with.",
        )
    plain = [one for one in others if one.get("SnapshotId") in of_it]
    if plain:
        return Incorrect(
            "A volume was made of the snapshot, in plain.",
            "an encrypted one.",
            "What a snapshot in plain becomes is said when a volume is made of it: `Encrypted` and "
            "`KmsKeyId`.",
        )
    if of_it:
        return NotYet("There is a snapshot.", "Make a volume of it, and say that it is sealed.")
    return NotYet(
        f"`{NAME}` is in plain, and no call encrypts a volume in place.",
        "The way leads over a snapshot.",
    )


def _family(ec2: Any, volume_id: str, evidence: Evidence) -> set[str]:
    """The snapshots of the volume, and copies of these."""
    found = {one["SnapshotId"] for one in snapshots_of(ec2, volume_id)}
    for call in evidence.of("ec2", "CopySnapshot"):
        if not call.error_code and call.params.get("SourceSnapshotId") in found:
            found.add(call.response["SnapshotId"])
    return found


def _right(made: dict[str, Any], key: str) -> Outcome:
    if made["KmsKeyId"] != key:
        return Incorrect(
            "It is encrypted under another key.",
            f"under `{ALIAS}`.",
            "Without `KmsKeyId` it is the account's default key for EBS, whose policy you cannot "
            "change, and which no other account can be let use.",
        )
    if made["AvailabilityZone"] != ZONE:
        return Incorrect(
            f"It lies in {made['AvailabilityZone']}.",
            f"in {ZONE}.",
            "That is where the instances are that use it.",
        )
    return Passed(
        "From here on it is inherited: every snapshot of this volume is encrypted under the same "
        "key, and every volume of those. Back to plain there is no way but copying the files."
    )
