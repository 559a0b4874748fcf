"""Databases: what they may be, their states, and how they end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock

Refusal = Callable[..., str]
NAMED = {"DBInstanceIdentifier": "tickets"}
ASKED = {
    **NAMED,
    "Engine": "postgres",
    "DBInstanceClass": "db.t4g.micro",
    "AllocatedStorage": 20,
    "MasterUsername": "ana",
    "MasterUserPassword": "not-a-real-one",
}
ABSENT = {"DBInstanceIdentifier": "seats"}


@pytest.fixture
def rds(sandbox: Sandbox) -> Any:
    return sandbox.client("rds")


@pytest.fixture
def make(rds: Any, clock: Clock) -> Callable[..., Any]:
    """Makes a database and waits until it is available."""

    def make(**asked: Any) -> Any:
        name = rds.create_db_instance(**ASKED | asked)["DBInstance"]["DBInstanceIdentifier"]
        clock.advance(minutes=30)
        return look(rds, name)

    return make


def look(rds: Any, name: str = "tickets") -> Any:
    return rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def status(rds: Any, name: str = "tickets") -> str:
    return str(look(rds, name)["DBInstanceStatus"])


# ---- what a database may be ----


@pytest.mark.mends
def test_a_new_database_is_creating_then_backing_up(rds: Any, clock: Clock) -> None:
    rds.create_db_instance(**ASKED)

    assert status(rds) == "creating"
    assert "Endpoint" not in look(rds)
    clock.advance(seconds=330)
    assert status(rds) == "backing-up"
    rds.get_waiter("db_instance_available").wait(**NAMED)
    assert status(rds) == "available"
    assert look(rds)["Endpoint"]["Port"] == 5432


@pytest.mark.mends
def test_the_retention_has_its_range(rds: Any, make: Callable[..., Any], refusal: Refusal) -> None:
    assert make()["BackupRetentionPeriod"] == 1
    for days in (36, -1):
        other = ASKED | ABSENT | {"BackupRetentionPeriod": days}
        assert refusal(rds.create_db_instance, **other).startswith("InvalidParameterValue: ")
    refused = refusal(rds.modify_db_instance, **NAMED, BackupRetentionPeriod=36)
    assert refused.startswith("InvalidParameterValue: ")
    rds.modify_db_instance(**NAMED, BackupRetentionPeriod=35)


@pytest.mark.mends
def test_a_password_has_its_length_and_its_characters(rds: Any, refusal: Refusal) -> None:
    short = refusal(rds.create_db_instance, **ASKED | {"MasterUserPassword": "secret"})
    assert short == (
        "InvalidParameterValue: The parameter MasterUserPassword is not a valid password because "
        "it is shorter than 8 characters."
    )
    strange = refusal(rds.create_db_instance, **ASKED | {"MasterUserPassword": "box@office"})
    assert strange.startswith("InvalidParameterValue: The parameter MasterUserPassword is not a")


@pytest.mark.mends
def test_a_database_has_a_master_user(rds: Any, refusal: Refusal) -> None:
    nobody = {name: value for name, value in ASKED.items() if name != "MasterUsername"}

    assert refusal(rds.create_db_instance, **nobody) == (
        "InvalidParameterValue: The parameter MasterUsername must be provided and must not be "
        "blank."
    )
    both = refusal(rds.create_db_instance, **ASKED, ManageMasterUserPassword=True)
    assert both.startswith("InvalidParameterCombination: ")


@pytest.mark.mends
def test_a_database_is_of_a_class(rds: Any, refusal: Refusal) -> None:
    refused = refusal(rds.create_db_instance, **ASKED | {"DBInstanceClass": "t4g.micro"})

    assert refused == "InvalidParameterValue: Invalid DB Instance class: t4g.micro"


@pytest.mark.mends
def test_storage_has_its_range(rds: Any, refusal: Refusal) -> None:
    assert refusal(rds.create_db_instance, **ASKED | {"AllocatedStorage": 5}) == (
        "InvalidParameterCombination: Invalid storage size for engine name postgres and storage "
        "type gp3: 5"
    )
    refused = refusal(rds.create_db_instance, **ASKED, StorageType="io2", Iops=3000)
    assert refused.startswith("InvalidParameterCombination: Invalid storage size")


@pytest.mark.mends
def test_a_database_has_gp3_storage_unless_it_is_told(make: Callable[..., Any]) -> None:
    assert make()["StorageType"] == "gp3"


@pytest.mark.mends
def test_storage_never_shrinks(rds: Any, make: Callable[..., Any], refusal: Refusal) -> None:
    make(AllocatedStorage=50)

    refused = refusal(rds.modify_db_instance, **NAMED, AllocatedStorage=40)

    assert refused.startswith("InvalidParameterCombination: ")


@pytest.mark.mends
def test_a_zone_is_not_chosen_for_two(rds: Any, refusal: Refusal) -> None:
    both = {"MultiAZ": True, "AvailabilityZone": "us-east-1a"}

    assert refusal(rds.create_db_instance, **ASKED, **both) == (
        "InvalidParameterCombination: Requesting a specific availability zone is not valid for "
        "Multi-AZ instances."
    )


@pytest.mark.mends
def test_a_key_needs_encryption(rds: Any, refusal: Refusal) -> None:
    refused = refusal(rds.create_db_instance, **ASKED, KmsKeyId="alias/aws/rds")

    assert refused.startswith("InvalidParameterCombination: ")


@pytest.mark.mends
def test_encryption_without_a_key_takes_the_key_of_rds(
    sandbox: Sandbox, make: Callable[..., Any]
) -> None:
    made = make(StorageEncrypted=True)

    aliases = sandbox.client("kms").list_aliases(KeyId=made["KmsKeyId"].rsplit("/")[-1])["Aliases"]
    assert made["StorageEncrypted"]
    assert [alias["AliasName"] for alias in aliases] == ["alias/aws/rds"]


@pytest.mark.right
def test_a_database_has_a_name_of_its_own(
    rds: Any, make: Callable[..., Any], refusal: Refusal
) -> None:
    make()

    again = refusal(rds.create_db_instance, **ASKED)
    assert again == "DBInstanceAlreadyExists: DB instance already exists"
    strange = refusal(rds.create_db_instance, **ASKED | {"DBInstanceIdentifier": "box--office"})
    assert strange.startswith("InvalidParameterValue: The parameter DBInstanceIdentifier is not")


@pytest.mark.right
def test_a_database_that_is_not_there_is_named(rds: Any, refusal: Refusal) -> None:
    missing = "DBInstanceNotFound: DBInstance seats not found."

    assert refusal(rds.describe_db_instances, **ABSENT) == missing
    assert refusal(rds.delete_db_instance, **ABSENT, SkipFinalSnapshot=True) == missing


@pytest.mark.mends
def test_each_database_has_an_identity_of_its_own(make: Callable[..., Any]) -> None:
    ids = {make(DBInstanceIdentifier=name)["DbiResourceId"] for name in ("tickets", "seats")}

    assert len(ids) == 2


# ---- changes ----


@pytest.mark.mends
def test_a_change_that_is_applied_at_once_is_modifying_first(
    rds: Any, make: Callable[..., Any], clock: Clock
) -> None:
    make()

    rds.modify_db_instance(**NAMED, DBInstanceClass="db.t4g.small", ApplyImmediately=True)

    assert status(rds) == "modifying"
    clock.advance(minutes=10)
    assert (status(rds), look(rds)["DBInstanceClass"]) == ("available", "db.t4g.small")


@pytest.mark.mends
def test_a_change_waits_for_the_maintenance_window(
    rds: Any, make: Callable[..., Any], clock: Clock
) -> None:
    make()

    made = rds.modify_db_instance(**NAMED, DBInstanceClass="db.t4g.small")["DBInstance"]

    assert made["PendingModifiedValues"] == {"DBInstanceClass": "db.t4g.small"}
    assert (status(rds), look(rds)["DBInstanceClass"]) == ("available", "db.t4g.micro")
    clock.advance(days=7)
    told = look(rds)
    assert (told["DBInstanceClass"], told["PendingModifiedValues"]) == ("db.t4g.small", {})


@pytest.mark.mends
def test_a_database_is_changed_once_it_is_available(
    rds: Any, clock: Clock, refusal: Refusal
) -> None:
    rds.create_db_instance(**ASKED)
    wrong = "InvalidDBInstanceState: Database instance is not in available state."

    assert refusal(rds.modify_db_instance, **NAMED, BackupRetentionPeriod=7) == wrong
    assert refusal(rds.reboot_db_instance, **NAMED) == wrong
    clock.advance(minutes=30)
    rds.modify_db_instance(**NAMED, BackupRetentionPeriod=7)


@pytest.mark.mends
def test_a_reboot_takes_a_minute(rds: Any, make: Callable[..., Any], clock: Clock) -> None:
    make()

    rds.reboot_db_instance(**NAMED)

    assert status(rds) == "rebooting"
    clock.advance(minutes=2)
    assert status(rds) == "available"


@pytest.mark.mends
def test_a_failover_needs_a_standby(rds: Any, make: Callable[..., Any], refusal: Refusal) -> None:
    make()

    refused = refusal(rds.reboot_db_instance, **NAMED, ForceFailover=True)

    assert refused.startswith("InvalidParameterCombination: ")


@pytest.mark.mends
def test_a_failover_changes_the_zone(rds: Any, make: Callable[..., Any], clock: Clock) -> None:
    before = make(MultiAZ=True)
    zones = before["AvailabilityZone"], before["SecondaryAvailabilityZone"]
    assert zones[0] != zones[1]

    rds.reboot_db_instance(**NAMED, ForceFailover=True)

    clock.advance(minutes=5)
    after = look(rds)
    assert (after["SecondaryAvailabilityZone"], after["AvailabilityZone"]) == zones
    assert after["Endpoint"] == before["Endpoint"]


@pytest.mark.mends
def test_a_stopped_database_starts_by_itself_after_seven_days(
    rds: Any, make: Callable[..., Any], clock: Clock
) -> None:
    make()

    rds.stop_db_instance(**NAMED)
    assert status(rds) == "stopping"
    clock.advance(minutes=10)
    assert status(rds) == "stopped"
    rds.start_db_instance(**NAMED)
    assert status(rds) == "starting"
    clock.advance(minutes=10)
    assert status(rds) == "available"
    rds.stop_db_instance(**NAMED)
    clock.advance(days=6)
    assert status(rds) == "stopped"
    clock.advance(days=2)
    assert status(rds) == "available"


# ---- the end ----


@pytest.mark.right
def test_deletion_protection_is_asked_first(
    rds: Any, make: Callable[..., Any], clock: Clock, refusal: Refusal
) -> None:
    make(DeletionProtection=True)

    assert refusal(rds.delete_db_instance, **NAMED, SkipFinalSnapshot=True) == (
        "InvalidParameterCombination: Cannot delete protected DB Instance, please disable deletion "
        "protection and try again."
    )
    rds.modify_db_instance(**NAMED, DeletionProtection=False)
    clock.advance(minutes=10)
    rds.delete_db_instance(**NAMED, SkipFinalSnapshot=True)


@pytest.mark.mends
def test_a_deletion_says_what_becomes_of_the_data(
    rds: Any, make: Callable[..., Any], refusal: Refusal
) -> None:
    make()

    assert refusal(rds.delete_db_instance, **NAMED) == (
        "InvalidParameterCombination: FinalDBSnapshotIdentifier is required unless "
        "SkipFinalSnapshot is specified."
    )
    both = {"SkipFinalSnapshot": True, "FinalDBSnapshotIdentifier": "last"}
    assert refusal(rds.delete_db_instance, **NAMED, **both).startswith("InvalidParameterCombin")


@pytest.mark.mends
def test_a_database_is_deleting_first(
    rds: Any, make: Callable[..., Any], clock: Clock, refusal: Refusal
) -> None:
    make()

    rds.delete_db_instance(**NAMED, SkipFinalSnapshot=True)

    assert status(rds) == "deleting"
    again = refusal(rds.delete_db_instance, **NAMED, SkipFinalSnapshot=True)
    assert again == "InvalidDBInstanceState: Instance tickets is already being deleted."
    rds.get_waiter("db_instance_deleted").wait(**NAMED)
    assert refusal(rds.describe_db_instances, **NAMED).startswith("DBInstanceNotFound: ")


@pytest.mark.right
def test_automated_backups_go_with_the_database_and_manual_snapshots_stay(
    rds: Any, make: Callable[..., Any], clock: Clock
) -> None:
    make()
    rds.create_db_snapshot(**NAMED, DBSnapshotIdentifier="monday")
    clock.advance(minutes=10)

    rds.delete_db_instance(**NAMED, FinalDBSnapshotIdentifier="last")
    clock.advance(minutes=10)

    left = rds.describe_db_snapshots()["DBSnapshots"]
    assert sorted(one["DBSnapshotIdentifier"] for one in left) == ["last", "monday"]


@pytest.mark.right
def test_automated_backups_can_be_kept(rds: Any, make: Callable[..., Any], clock: Clock) -> None:
    make()

    rds.delete_db_instance(**NAMED, SkipFinalSnapshot=True, DeleteAutomatedBackups=False)
    clock.advance(minutes=10)

    left = rds.describe_db_snapshots(SnapshotType="automated")["DBSnapshots"]
    assert left[0]["DBInstanceIdentifier"] == "tickets"


# ---- backups ----


@pytest.mark.mends
def test_without_retention_there_are_no_backups(rds: Any, make: Callable[..., Any]) -> None:
    made = make(BackupRetentionPeriod=0)

    assert "LatestRestorableTime" not in made
    assert rds.describe_db_snapshots()["DBSnapshots"] == []


@pytest.mark.mends
def test_a_backup_is_made_every_day_and_kept_as_long_as_the_retention_says(
    rds: Any, make: Callable[..., Any], clock: Clock
) -> None:
    make(BackupRetentionPeriod=3)

    clock.advance(days=10)

    kept = rds.describe_db_snapshots(SnapshotType="automated")["DBSnapshots"]
    assert len(kept) == 3
    assert clock.now - min(one["SnapshotCreateTime"] for one in kept) < timedelta(days=3)


@pytest.mark.mends
def test_a_snapshot_is_creating_first(rds: Any, make: Callable[..., Any], clock: Clock) -> None:
    make()
    taken = {"DBSnapshotIdentifier": "monday"}

    made = rds.create_db_snapshot(**NAMED, **taken)["DBSnapshot"]

    assert made["Status"] == "creating"
    rds.get_waiter("db_snapshot_available").wait(**taken)
    [told] = rds.describe_db_snapshots(**taken)["DBSnapshots"]
    assert (told["Status"], told["PercentProgress"]) == ("available", 100)


@pytest.mark.mends
def test_a_snapshot_is_taken_of_an_available_database(rds: Any, refusal: Refusal) -> None:
    rds.create_db_instance(**ASKED)

    assert refusal(rds.create_db_snapshot, **NAMED, DBSnapshotIdentifier="monday") == (
        "InvalidDBInstanceState: Cannot create a snapshot because the database instance tickets is "
        "not currently in the available state."
    )


@pytest.mark.mends
def test_a_snapshot_is_used_once_it_is_available(
    rds: Any, make: Callable[..., Any], clock: Clock, refusal: Refusal
) -> None:
    make()
    rds.create_db_snapshot(**NAMED, DBSnapshotIdentifier="monday")
    restored = {**ABSENT, "DBSnapshotIdentifier": "monday"}

    refused = refusal(rds.restore_db_instance_from_db_snapshot, **restored)

    assert refused.startswith("InvalidDBSnapshotState: ")
    clock.advance(minutes=10)
    rds.restore_db_instance_from_db_snapshot(**restored)


@pytest.mark.mends
def test_an_automated_snapshot_is_not_deleted_by_hand(
    rds: Any, make: Callable[..., Any], refusal: Refusal
) -> None:
    make()
    [own] = rds.describe_db_snapshots(SnapshotType="automated")["DBSnapshots"]
    named = {"DBSnapshotIdentifier": own["DBSnapshotIdentifier"]}

    assert refusal(rds.delete_db_snapshot, **named).startswith("InvalidDBSnapshotState: ")


@pytest.mark.mends
def test_a_database_is_encrypted_through_a_copy_of_a_snapshot(
    sandbox: Sandbox, rds: Any, make: Callable[..., Any], clock: Clock
) -> None:
    key = sandbox.client("kms").create_key()["KeyMetadata"]["Arn"]
    plain = make()
    rds.create_db_snapshot(**NAMED, DBSnapshotIdentifier="plain")
    clock.advance(minutes=10)
    copied = rds.copy_db_snapshot(
        SourceDBSnapshotIdentifier="plain", TargetDBSnapshotIdentifier="sealed", KmsKeyId=key
    )["DBSnapshot"]
    assert (copied["Encrypted"], copied["Status"]) == (True, "creating")
    clock.advance(minutes=10)

    rds.restore_db_instance_from_db_snapshot(**ABSENT, DBSnapshotIdentifier="sealed")
    assert status(rds, "seats") == "creating"
    clock.advance(minutes=30)

    sealed = look(rds, "seats")
    assert (plain["StorageEncrypted"], sealed["StorageEncrypted"]) == (False, True)
    assert sealed["KmsKeyId"] == key
    assert sealed["Endpoint"]["Address"] != plain["Endpoint"]["Address"]


@pytest.mark.mends
def test_only_what_is_backed_up_is_restored_to_a_time(
    rds: Any, make: Callable[..., Any], refusal: Refusal
) -> None:
    make(BackupRetentionPeriod=0)
    ends = {"SourceDBInstanceIdentifier": "tickets", "TargetDBInstanceIdentifier": "seats"}

    refused = refusal(
        rds.restore_db_instance_to_point_in_time, **ends, UseLatestRestorableTime=True
    )

    assert refused.startswith("PointInTimeRestoreNotEnabled: ")


@pytest.mark.mends
def test_a_database_is_restored_to_a_time_that_is_kept(
    rds: Any, make: Callable[..., Any], clock: Clock, refusal: Refusal
) -> None:
    make()
    clock.advance(hours=6)
    restore = rds.restore_db_instance_to_point_in_time
    ends = {"SourceDBInstanceIdentifier": "tickets", "TargetDBInstanceIdentifier": "seats"}
    assert look(rds)["LatestRestorableTime"] == clock.now - timedelta(minutes=5)

    assert refusal(restore, **ends).startswith("InvalidParameterCombination: ")
    for ago in (timedelta(minutes=1), timedelta(days=2)):
        refused = refusal(restore, **ends, RestoreTime=clock.now - ago)
        assert refused.startswith("InvalidParameterValue: ")
    restore(**ends, RestoreTime=clock.now - timedelta(hours=2))
    clock.advance(minutes=30)
    assert {status(rds), status(rds, "seats")} == {"available"}


@pytest.mark.mends
def test_automated_backups_tell_their_window(
    rds: Any, make: Callable[..., Any], clock: Clock
) -> None:
    make()
    clock.advance(hours=6)

    [told] = rds.describe_db_instance_automated_backups()["DBInstanceAutomatedBackups"]

    window = told["RestoreWindow"]
    assert window["LatestTime"] == clock.now - timedelta(minutes=5)
    assert window["EarliestTime"] < window["LatestTime"]
