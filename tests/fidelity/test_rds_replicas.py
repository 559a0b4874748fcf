"""Read replicas: what they need of their source, and how they part from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from tests.fidelity.test_rds import ASKED, NAMED, look, status

Refusal = Callable[..., str]
COPY = {"DBInstanceIdentifier": "readers"}
FROM = {"SourceDBInstanceIdentifier": "tickets"}


@pytest.fixture
def rds(sandbox: Sandbox) -> Any:
    return sandbox.client("rds")


@pytest.fixture
def source(rds: Any, clock: Clock) -> Any:
    """A database that is available."""
    rds.create_db_instance(**ASKED)
    clock.advance(minutes=30)
    return look(rds)


@pytest.fixture
def replica(rds: Any, source: Any, clock: Clock) -> Any:
    """Its replica."""
    rds.create_db_instance_read_replica(**COPY, **FROM)
    clock.advance(minutes=30)
    return look(rds, "readers")


@pytest.mark.right
def test_a_replica_and_its_source_name_each_other(rds: Any, replica: Any) -> None:
    assert replica["ReadReplicaSourceDBInstanceIdentifier"] == "tickets"
    assert look(rds)["ReadReplicaDBInstanceIdentifiers"] == ["readers"]
    assert replica["Engine"] == "postgres"


@pytest.mark.mends
def test_a_replica_is_creating_first_and_has_no_backups_of_its_own(
    rds: Any, source: Any, clock: Clock
) -> None:
    rds.create_db_instance_read_replica(**COPY, **FROM)

    assert status(rds, "readers") == "creating"
    clock.advance(minutes=30)
    made = look(rds, "readers")
    assert (made["DBInstanceStatus"], made["BackupRetentionPeriod"]) == ("available", 0)
    assert made["StatusInfos"][0]["Status"] == "replicating"
    assert made["DbiResourceId"] != source["DbiResourceId"]


@pytest.mark.mends
def test_a_replica_needs_backups_of_its_source(rds: Any, clock: Clock, refusal: Refusal) -> None:
    rds.create_db_instance(**ASKED, BackupRetentionPeriod=0)
    clock.advance(minutes=30)

    assert refusal(rds.create_db_instance_read_replica, **COPY, **FROM) == (
        "InvalidDBInstanceState: Automated backups are not enabled for this database instance. To "
        "enable automated backups, use ModifyDBInstance to set the backup retention period to a "
        "non-zero value."
    )
    rds.modify_db_instance(**NAMED, BackupRetentionPeriod=1)
    clock.advance(minutes=10)
    rds.create_db_instance_read_replica(**COPY, **FROM)


@pytest.mark.mends
def test_a_replica_needs_a_source_that_is_available(rds: Any, refusal: Refusal) -> None:
    rds.create_db_instance(**ASKED)

    refused = refusal(rds.create_db_instance_read_replica, **COPY, **FROM)

    assert refused.startswith("InvalidDBInstanceState: ")


@pytest.mark.right
def test_a_replica_needs_a_source_that_is_there(rds: Any, refusal: Refusal) -> None:
    refused = refusal(rds.create_db_instance_read_replica, **COPY, **FROM)

    assert refused == "DBInstanceNotFound: DBInstance tickets not found."


@pytest.mark.mends
def test_a_source_has_fifteen_replicas(rds: Any, source: Any, refusal: Refusal) -> None:
    for number in range(15):
        rds.create_db_instance_read_replica(DBInstanceIdentifier=f"readers-{number}", **FROM)

    refused = refusal(rds.create_db_instance_read_replica, **COPY, **FROM)
    assert refused.startswith("InstanceQuotaExceeded: ")
    again = {"DBInstanceIdentifier": "readers-0"}
    refused = refusal(rds.create_db_instance_read_replica, **again, **FROM)
    assert refused == "DBInstanceAlreadyExists: DB instance already exists"


@pytest.mark.mends
def test_a_replica_is_encrypted_as_its_source_is(
    sandbox: Sandbox, rds: Any, source: Any, refusal: Refusal
) -> None:
    key = sandbox.client("kms").create_key()["KeyMetadata"]["Arn"]

    refused = refusal(rds.create_db_instance_read_replica, **COPY, **FROM, KmsKeyId=key)

    assert refused.startswith("InvalidParameterCombination: ")


@pytest.mark.mends
def test_backups_stay_on_while_there_are_replicas(rds: Any, replica: Any, refusal: Refusal) -> None:
    refused = refusal(rds.modify_db_instance, **NAMED, BackupRetentionPeriod=0)

    assert refused.startswith("InvalidParameterCombination: ")


@pytest.mark.mends
def test_neither_a_source_nor_a_replica_is_stopped(
    rds: Any, replica: Any, refusal: Refusal
) -> None:
    for named in (NAMED, COPY):
        assert refusal(rds.stop_db_instance, **named).startswith("InvalidDBInstanceState: ")


@pytest.mark.mends
def test_a_promoted_replica_stands_alone(rds: Any, replica: Any, clock: Clock) -> None:
    rds.promote_read_replica(**COPY, BackupRetentionPeriod=7)

    assert status(rds, "readers") == "modifying"
    clock.advance(minutes=10)
    promoted = look(rds, "readers")
    assert (promoted["DBInstanceStatus"], promoted["BackupRetentionPeriod"]) == ("available", 7)
    assert "ReadReplicaSourceDBInstanceIdentifier" not in promoted
    assert look(rds)["ReadReplicaDBInstanceIdentifiers"] == []
    assert promoted["Endpoint"] == replica["Endpoint"]
    rds.delete_db_instance(**COPY, SkipFinalSnapshot=True)


@pytest.mark.mends
def test_only_a_replica_is_promoted(rds: Any, source: Any, refusal: Refusal) -> None:
    assert refusal(rds.promote_read_replica, **NAMED).startswith("InvalidDBInstanceState: ")


@pytest.mark.mends
def test_replicas_of_a_deleted_source_stand_alone(rds: Any, replica: Any, clock: Clock) -> None:
    rds.delete_db_instance(**NAMED, SkipFinalSnapshot=True)
    clock.advance(minutes=30)

    left = look(rds, "readers")

    assert left["DBInstanceStatus"] == "available"
    assert "ReadReplicaSourceDBInstanceIdentifier" not in left


@pytest.mark.right
def test_a_deleted_replica_leaves_its_source(rds: Any, replica: Any, clock: Clock) -> None:
    rds.delete_db_instance(**COPY, SkipFinalSnapshot=True)
    clock.advance(minutes=30)

    assert look(rds)["ReadReplicaDBInstanceIdentifiers"] == []


@pytest.mark.mends
def test_a_replica_in_another_region_is_cut_off_too(
    sandbox: Sandbox, rds: Any, source: Any, clock: Clock
) -> None:
    there = sandbox.client("rds", region="eu-west-1")
    made = there.create_db_instance_read_replica(
        **COPY, SourceDBInstanceIdentifier=source["DBInstanceArn"]
    )["DBInstance"]
    clock.advance(minutes=30)
    assert look(rds)["ReadReplicaDBInstanceIdentifiers"] == [made["DBInstanceArn"]]

    there.promote_read_replica(**COPY)

    assert look(rds)["ReadReplicaDBInstanceIdentifiers"] == []
