"""What can be done with a database in which state, and how it ends."""

from __future__ import annotations

from labkit.fidelity.rds.common import (
    API,
    GUIDE,
    backend_of,
    bad_combination,
    find,
    wrong_state,
)
from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange, Params


@rule(
    "rds",
    "ModifyDBInstance",
    "RebootDBInstance",
    "PromoteReadReplica",
    when="before",
    follows=API + "ModifyDBInstance.html",
    corrects="moto's databases are available at once",
)
def a_database_is_changed_once_it_is_available(exchange: Exchange) -> None:
    """A database that is being created, changed or stopped cannot be changed.

    InvalidDBInstanceState: Database instance is not in available state.
    """
    database = find(exchange)
    if database is not None and database.status != "available":
        raise wrong_state("Database instance is not in available state.")


@rule(
    "rds",
    "DeleteDBInstance",
    when="before",
    follows=API + "DeleteDBInstance.html",
    corrects="moto deletes without",
)
def a_deletion_says_what_becomes_of_the_data(exchange: Exchange) -> None:
    """Who deletes a database names a final snapshot, or says that none is wanted.

    InvalidParameterCombination: FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is
    specified.
    """
    params, database = exchange.params, find(exchange)
    if database is None or database.db_cluster_identifier:
        return
    named, skipped = params.get("FinalDBSnapshotIdentifier"), params.get("SkipFinalSnapshot")
    if named and skipped:
        raise bad_combination(
            "FinalDBSnapshotIdentifier can not be specified when SkipFinalSnapshot is true."
        )
    if not named and not skipped:
        raise bad_combination(
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
        )


@rule(
    "rds",
    "DeleteDBInstance",
    when="before",
    follows=API + "DeleteDBInstance.html",
    corrects="moto has deleted it when it answers",
)
def a_database_is_deleting_first(exchange: Exchange) -> None:
    """A database is deleting for some minutes, and cannot be deleted again meanwhile.

    InvalidDBInstanceState: Instance tickets is already being deleted.
    """
    database = find(exchange)
    if database is not None and database.status == "deleting":
        raise wrong_state(f"Instance {database.db_instance_identifier} is already being deleted.")


@rule(
    "rds",
    "StopDBInstance",
    when="before",
    follows=GUIDE + "USER_StopInstance.html",
    corrects="moto stops a source, and has another code for a replica",
)
def neither_a_source_nor_a_replica_is_stopped(exchange: Exchange) -> None:
    """A database that has a read replica, or is one, cannot be stopped.

    InvalidDBInstanceState; its words are unverified.
    """
    database = find(exchange)
    if database is not None and (database.is_replica or database.replicas):
        raise wrong_state(
            f"Cannot stop {database.db_instance_identifier}: it has a read replica, or is one."
        )


@rule(
    "rds",
    "RebootDBInstance",
    when="before",
    follows=API + "RebootDBInstance.html",
    corrects="moto reboots",
)
def a_failover_needs_a_standby(exchange: Exchange) -> None:
    """Only a Multi-AZ database can be rebooted with a failover.

    InvalidParameterCombination; its words are unverified.
    """
    database = find(exchange)
    if database is not None and exchange.params.get("ForceFailover") and not database.multi_az:
        raise bad_combination(
            f"{database.db_instance_identifier} is not configured for Multi-AZ, so that it cannot "
            "fail over."
        )


@rule(
    "rds",
    "RebootDBInstance",
    when="after",
    follows=GUIDE + "Concepts.MultiAZSingleStandby.html",
    corrects="moto changes nothing",
)
def a_failover_changes_the_zone(exchange: Exchange, answer: Params) -> Params | None:
    """After a reboot with failover the database runs in the zone where its standby was, under the
    same endpoint.

    AvailabilityZone and SecondaryAvailabilityZone have changed places.
    """
    database = find(exchange)
    if not exchange.params.get("ForceFailover"):
        return None
    backend_of(exchange).reboot_db_instance(database.db_instance_identifier, failover=True)
    told = {
        "DBInstanceStatus": database.status,
        "AvailabilityZone": database.availability_zone,
        "SecondaryAvailabilityZone": database.secondary_availability_zone,
    }
    return answer | {"DBInstance": answer["DBInstance"] | told}
