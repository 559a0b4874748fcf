"""Volumes that change, snapshots, copies, and what is encrypted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from tests.fidelity.test_ec2_instances import launch

Refusal = Callable[..., str]
HERE = {"AvailabilityZone": "us-east-1a"}
ABSENT = "snap-0123456789abcdef0"


@pytest.fixture
def ec2(sandbox: Sandbox) -> Any:
    return sandbox.client("ec2")


@pytest.fixture
def make(ec2: Any, clock: Clock) -> Callable[..., str]:
    """Makes a volume that is available, and returns its id."""

    def make(**asked: Any) -> str:
        id = ec2.create_volume(**{**HERE, "Size": 100} | asked)["VolumeId"]
        clock.advance(minutes=1)
        return str(id)

    return make


@pytest.fixture
def snap(ec2: Any, clock: Clock) -> Callable[[str], str]:
    """Takes a snapshot of a volume, and waits for it."""

    def snap(volume: str) -> str:
        id = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
        clock.advance(hours=1)
        return str(id)

    return snap


def volume(ec2: Any, id: str) -> Any:
    return ec2.describe_volumes(VolumeIds=[id])["Volumes"][0]


def snapshot(ec2: Any, id: str) -> Any:
    return ec2.describe_snapshots(SnapshotIds=[id])["Snapshots"][0]


def change(ec2: Any, id: str) -> Any:
    return ec2.describe_volumes_modifications(VolumeIds=[id])["VolumesModifications"][-1]


# ---- changes ----


@pytest.mark.mends
def test_a_volume_never_shrinks(ec2: Any, make: Callable[..., str], refusal: Refusal) -> None:
    id = make()

    refused = refusal(ec2.modify_volume, VolumeId=id, Size=99)

    assert refused == "InvalidParameterValue: New size cannot be smaller than existing size"
    assert volume(ec2, id)["Size"] == 100


@pytest.mark.mends
def test_a_change_is_modifying_then_optimizing_then_completed(
    ec2: Any, make: Callable[..., str], clock: Clock
) -> None:
    id = make()

    made = ec2.modify_volume(VolumeId=id, Size=200)["VolumeModification"]
    assert (made["ModificationState"], made["Progress"]) == ("modifying", 0)
    assert (made["OriginalSize"], made["TargetSize"]) == (100, 200)
    assert change(ec2, id)["ModificationState"] == "modifying"
    clock.advance(minutes=5)
    told = change(ec2, id)
    assert told["ModificationState"] == "optimizing"
    assert 0 < told["Progress"] < 100
    assert "EndTime" not in told
    assert volume(ec2, id)["Size"] == 200
    clock.advance(hours=2)
    told = change(ec2, id)
    assert (told["ModificationState"], told["Progress"]) == ("completed", 100)
    assert told["EndTime"] > told["StartTime"]


@pytest.mark.mends
def test_a_volume_is_changed_again_once_the_change_is_completed(
    ec2: Any, make: Callable[..., str], clock: Clock, refusal: Refusal
) -> None:
    id = make()
    ec2.modify_volume(VolumeId=id, Size=101)

    assert refusal(ec2.modify_volume, VolumeId=id, Size=102).startswith("IncorrectModificationSt")
    clock.advance(minutes=5)
    assert refusal(ec2.modify_volume, VolumeId=id, Size=102).startswith("IncorrectModificationSt")
    clock.advance(hours=1)
    ec2.modify_volume(VolumeId=id, Size=102)


@pytest.mark.mends
def test_a_volume_is_changed_four_times_in_a_day(
    ec2: Any, make: Callable[..., str], clock: Clock, refusal: Refusal
) -> None:
    id = make()
    for size in range(101, 105):
        ec2.modify_volume(VolumeId=id, Size=size)
        clock.advance(hours=1)

    refused = refusal(ec2.modify_volume, VolumeId=id, Size=105)

    assert refused.startswith("VolumeModificationRateExceeded: ")
    assert "2026-01-06T09:01:00Z" in refused
    clock.advance(hours=20)
    ec2.modify_volume(VolumeId=id, Size=105)


@pytest.mark.mends
def test_a_changed_volume_stays_within_its_limits(
    ec2: Any, make: Callable[..., str], refusal: Refusal
) -> None:
    id = make()
    modify = ec2.modify_volume

    assert refusal(modify, VolumeId=id, Size=16_385) == (
        "InvalidParameterValue: Volume of 16385GiB is too large for volume type gp2; maximum is "
        "16384GiB"
    )
    refused = refusal(modify, VolumeId=id, Iops=4000)
    assert refused.startswith("InvalidParameterCombination: The parameter iops is not supported")
    refused = refusal(modify, VolumeId=id, VolumeType="io1", Iops=5001)
    assert refused.startswith("InvalidParameterValue: Iops to volume size ratio of 50.01")
    refused = refusal(modify, VolumeId=id, VolumeType="gp3", Throughput=1000)
    assert refused.startswith("InvalidParameterValue: Throughput (MiBps) to iops ratio of 0.33")


@pytest.mark.mends
def test_a_change_of_type_brings_the_rates_of_the_type(
    ec2: Any, make: Callable[..., str], clock: Clock
) -> None:
    id = make()

    made = ec2.modify_volume(VolumeId=id, VolumeType="gp3")["VolumeModification"]

    assert (made["OriginalVolumeType"], made["OriginalIops"]) == ("gp2", 300)
    assert (made["TargetVolumeType"], made["TargetIops"]) == ("gp3", 3000)
    told = volume(ec2, id)
    assert (told["VolumeType"], told["Iops"], told["Throughput"]) == ("gp3", 3000, 125)
    clock.advance(hours=2)
    ec2.modify_volume(VolumeId=id, VolumeType="gp2")
    told = volume(ec2, id)
    assert (told["Iops"], told.get("Throughput")) == (300, None)


@pytest.mark.right
def test_a_change_changes_something(ec2: Any, make: Callable[..., str], refusal: Refusal) -> None:
    assert refusal(ec2.modify_volume, VolumeId=make()).startswith("InvalidParameterValue: ")


# ---- snapshots ----


@pytest.mark.mends
def test_a_snapshot_is_pending_first(ec2: Any, make: Callable[..., str], clock: Clock) -> None:
    id = ec2.create_snapshot(VolumeId=make(), Description="before the sale")["SnapshotId"]

    told = snapshot(ec2, id)
    assert (told["State"], told["Progress"]) == ("pending", "0%")
    ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[id])
    told = snapshot(ec2, id)
    assert (told["State"], told["Progress"]) == ("completed", "100%")


@pytest.mark.mends
def test_a_snapshot_is_used_once_it_is_completed(
    ec2: Any, make: Callable[..., str], clock: Clock, refusal: Refusal
) -> None:
    id = ec2.create_snapshot(VolumeId=make())["SnapshotId"]

    pending = "IncorrectState: Snapshot is in invalid state - pending"
    assert refusal(ec2.create_volume, **HERE, SnapshotId=id) == pending
    copy = {"SourceRegion": "us-east-1", "SourceSnapshotId": id}
    assert refusal(ec2.copy_snapshot, **copy) == pending
    clock.advance(hours=1)
    ec2.create_volume(**HERE, SnapshotId=id)


@pytest.mark.mends
def test_a_snapshot_keeps_the_size_that_the_volume_had(
    ec2: Any, make: Callable[..., str], snap: Callable[[str], str]
) -> None:
    id = make()
    taken = snap(id)
    ec2.modify_volume(VolumeId=id, Size=200)

    assert snapshot(ec2, taken)["VolumeSize"] == 100
    assert ec2.create_volume(**HERE, SnapshotId=taken)["Size"] == 100


@pytest.mark.right
def test_a_snapshot_outlives_its_volume(
    ec2: Any, make: Callable[..., str], snap: Callable[[str], str]
) -> None:
    id = make()
    taken = snap(id)
    ec2.delete_volume(VolumeId=id)

    assert snapshot(ec2, taken)["VolumeId"] == id
    made = ec2.create_volume(AvailabilityZone="us-east-1b", SnapshotId=taken)
    assert (made["SnapshotId"], made["Size"]) == (taken, 100)
    assert made["AvailabilityZone"] == "us-east-1b"


@pytest.mark.mends
def test_a_volume_is_as_large_as_its_snapshot(
    ec2: Any, make: Callable[..., str], snap: Callable[[str], str], refusal: Refusal
) -> None:
    taken = snap(make())

    refused = refusal(ec2.create_volume, **HERE, SnapshotId=taken, Size=99)

    assert refused.startswith("InvalidParameterValue: ")
    assert ec2.create_volume(**HERE, SnapshotId=taken, Size=150)["Size"] == 150


@pytest.mark.mends
def test_snapshots_are_listed_by_owner(
    ec2: Any, make: Callable[..., str], snap: Callable[[str], str]
) -> None:
    taken = snap(make())

    own = ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]

    assert [one["SnapshotId"] for one in own] == [taken]


@pytest.mark.mends
def test_a_snapshot_that_is_not_there_is_named(ec2: Any, refusal: Refusal) -> None:
    missing = f"InvalidSnapshot.NotFound: The snapshot '{ABSENT}' does not exist."

    assert refusal(ec2.describe_snapshots, SnapshotIds=[ABSENT]) == missing
    assert refusal(ec2.delete_snapshot, SnapshotId=ABSENT) == missing
    assert refusal(ec2.create_volume, **HERE, SnapshotId=ABSENT) == missing


@pytest.mark.right
def test_a_copy_lies_in_the_region_that_asked(
    sandbox: Sandbox, ec2: Any, make: Callable[..., str], snap: Callable[[str], str], clock: Clock
) -> None:
    taken, there = snap(make()), sandbox.client("ec2", region="eu-west-1")

    copied = there.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=taken)["SnapshotId"]

    clock.advance(hours=1)
    assert snapshot(there, copied)["State"] == "completed"
    assert snapshot(ec2, taken)["State"] == "completed"


# ---- encryption ----


@pytest.mark.right
def test_encryption_without_a_key_takes_the_key_of_ebs(
    sandbox: Sandbox, ec2: Any, make: Callable[..., str]
) -> None:
    arn = volume(ec2, make(Encrypted=True))["KmsKeyId"]

    aliases = sandbox.client("kms").list_aliases(KeyId=arn.rsplit("/", 1)[-1])["Aliases"]
    assert [alias["AliasName"] for alias in aliases] == ["alias/aws/ebs"]


@pytest.mark.mends
def test_a_key_is_told_by_its_arn_however_it_is_named(
    sandbox: Sandbox, ec2: Any, make: Callable[..., str]
) -> None:
    key = sandbox.client("kms").create_key()["KeyMetadata"]
    sandbox.client("kms").create_alias(AliasName="alias/disks", TargetKeyId=key["KeyId"])

    for named in (key["KeyId"], "alias/disks", key["Arn"]):
        assert volume(ec2, make(Encrypted=True, KmsKeyId=named))["KmsKeyId"] == key["Arn"]


@pytest.mark.right
def test_a_key_without_encryption_is_refused(ec2: Any, refusal: Refusal) -> None:
    refused = refusal(ec2.create_volume, **HERE, Size=1, KmsKeyId="alias/aws/ebs")

    assert refused == (
        "InvalidParameterDependency: The parameter [KmsKeyId] requires the parameter Encrypted "
        "to be set."
    )


@pytest.mark.mends
def test_a_volume_under_a_key_that_cannot_be_used_does_not_come_to_be(
    sandbox: Sandbox, ec2: Any, clock: Clock, refusal: Refusal
) -> None:
    key = sandbox.client("kms").create_key()["KeyMetadata"]["KeyId"]
    sandbox.client("kms").disable_key(KeyId=key)
    made = ec2.create_volume(**HERE, Size=1, Encrypted=True, KmsKeyId=key)
    assert made["State"] == "creating"

    clock.advance(minutes=1)

    asked = {"VolumeIds": [made["VolumeId"]]}
    assert refusal(ec2.describe_volumes, **asked).startswith("InvalidVolume.NotFound: ")


@pytest.mark.mends
def test_encryption_is_handed_down_with_its_key(
    ec2: Any, make: Callable[..., str], snap: Callable[[str], str]
) -> None:
    id = make(Encrypted=True)
    key = volume(ec2, id)["KmsKeyId"]

    taken = snapshot(ec2, snap(id))
    made = ec2.create_volume(**HERE, SnapshotId=taken["SnapshotId"])

    assert (taken["Encrypted"], taken["KmsKeyId"]) == (True, key)
    assert (made["Encrypted"], made["KmsKeyId"]) == (True, key)


@pytest.mark.right
def test_an_unencrypted_snapshot_makes_either_kind(
    ec2: Any, make: Callable[..., str], snap: Callable[[str], str]
) -> None:
    taken = snap(make())

    assert ec2.create_volume(**HERE, SnapshotId=taken)["Encrypted"] is False
    assert ec2.create_volume(**HERE, SnapshotId=taken, Encrypted=True)["Encrypted"] is True


@pytest.mark.mends
def test_what_is_encrypted_is_never_copied_in_plain(
    ec2: Any, make: Callable[..., str], snap: Callable[[str], str], refusal: Refusal
) -> None:
    taken = snap(make(Encrypted=True))

    copy = {"SourceRegion": "us-east-1", "SourceSnapshotId": taken, "Encrypted": False}
    assert refusal(ec2.copy_snapshot, **copy).startswith("InvalidParameterCombination: ")
    plain = {"SnapshotId": taken, "Encrypted": False}
    assert refusal(ec2.create_volume, **HERE, **plain).startswith("InvalidParameterCombination: ")


@pytest.mark.mends
def test_a_copy_of_a_snapshot_can_be_encrypted(
    sandbox: Sandbox,
    ec2: Any,
    make: Callable[..., str],
    snap: Callable[[str], str],
    refusal: Refusal,
) -> None:
    source = {"SourceRegion": "us-east-1", "SourceSnapshotId": snap(make())}
    key = sandbox.client("kms").create_key()["KeyMetadata"]["Arn"]

    plain = ec2.copy_snapshot(**source)["SnapshotId"]
    sealed = ec2.copy_snapshot(**source, Encrypted=True)["SnapshotId"]
    ours = ec2.copy_snapshot(**source, Encrypted=True, KmsKeyId=key)["SnapshotId"]

    assert [snapshot(ec2, id)["Encrypted"] for id in (plain, sealed, ours)] == [False, True, True]
    assert snapshot(ec2, ours)["KmsKeyId"] == key
    refused = refusal(ec2.copy_snapshot, **source, KmsKeyId=key)
    assert refused.startswith("InvalidParameterDependency: ")


@pytest.mark.mends
def test_encryption_by_default_encrypts_what_is_made_from_then_on(
    ec2: Any, make: Callable[..., str], snap: Callable[[str], str], clock: Clock
) -> None:
    before = make()
    taken = snap(before)
    ec2.enable_ebs_encryption_by_default()
    assert ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] is True

    copy = ec2.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=taken)["SnapshotId"]
    made = ec2.create_volume(**HERE, SnapshotId=taken)["VolumeId"]
    launch(ec2)

    assert snapshot(ec2, copy)["Encrypted"] is True
    sealed = {one["VolumeId"]: one["Encrypted"] for one in ec2.describe_volumes()["Volumes"]}
    assert sealed.pop(before) is False
    assert sealed[made] is True
    assert all(sealed.values())
    ec2.disable_ebs_encryption_by_default()
    assert volume(ec2, make())["Encrypted"] is False


@pytest.mark.mends
def test_the_default_key_of_ebs_can_be_asked_for(
    sandbox: Sandbox, ec2: Any, make: Callable[..., str]
) -> None:
    key = sandbox.client("kms").create_key()["KeyMetadata"]["Arn"]
    assert ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == "alias/aws/ebs"

    ec2.modify_ebs_default_kms_key_id(KmsKeyId=key)
    assert ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == key
    assert volume(ec2, make(Encrypted=True))["KmsKeyId"] == key

    ec2.reset_ebs_default_kms_key_id()
    assert volume(ec2, make(Encrypted=True))["KmsKeyId"] != key
