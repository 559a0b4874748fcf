"""Snapshots, and a database as it was at some time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from labkit.fidelity.rds.common import (
    API,
    GUIDE,
    backend_of,
    bad_combination,
    bad_value,
    find,
    now,
    wrong_state,
)
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params


@rule(
    "rds",
    "CreateDBSnapshot",
    when="before",
    follows=API + "CreateDBSnapshot.html",
    corrects="moto's databases are available at once",
)
def a_snapshot_is_taken_of_an_available_database(exchange: Exchange) -> None:
    """A database that is being created, changed or backed up has to be waited for.

    InvalidDBInstanceState: Cannot create a snapshot because the database instance tickets is not
    currently in the available state.
    """
    database = find(exchange)
    if database is not None and database.status != "available":
        raise wrong_state(
            "Cannot create a snapshot because the database instance "
            f"{database.db_instance_identifier} is not currently in the available state."
        )


def _snapshot(exchange: Exchange) -> Any:
    params = exchange.params
    named = params.get("DBSnapshotIdentifier") or params.get("SourceDBSnapshotIdentifier") or ""
    name = named.split(":snapshot:")[-1]
    return backend_of(exchange).database_snapshots.get(name)


@rule(
    "rds",
    "CopyDBSnapshot",
    "RestoreDBInstanceFromDBSnapshot",
    when="before",
    follows=API + "RestoreDBInstanceFromDBSnapshot.html",
    corrects="moto's snapshots are available at once",
)
def a_snapshot_is_used_once_it_is_available(exchange: Exchange) -> None:
    """A snapshot that is being created can be neither copied nor restored.

    InvalidDBSnapshotState; its words are unverified.
    """
    snapshot = _snapshot(exchange)
    if snapshot is not None and snapshot.status != "available":
        raise AwsError(
            "InvalidDBSnapshotState",
            f"The snapshot {snapshot.db_snapshot_identifier} is not in the available state.",
        )


@rule(
    "rds",
    "DeleteDBSnapshot",
    when="before",
    follows=API + "DeleteDBSnapshot.html",
    corrects="moto deletes it",
)
def an_automated_snapshot_is_not_deleted_by_hand(exchange: Exchange) -> None:
    """Automated snapshots go with the retention, not by request.

    InvalidDBSnapshotState; its words are unverified.
    """
    snapshot = _snapshot(exchange)
    if snapshot is not None and snapshot.snapshot_type == "automated":
        raise AwsError(
            "InvalidDBSnapshotState",
            f"{snapshot.db_snapshot_identifier} is an automated snapshot; only manual snapshots "
            "may be deleted.",
        )


_TO_A_TIME = "RestoreDBInstanceToPointInTime"


@rule(
    "rds",
    _TO_A_TIME,
    when="before",
    follows=API + "RestoreDBInstanceToPointInTime.html",
    corrects="moto restores what was never backed up",
)
def only_what_is_backed_up_is_restored_to_a_time(exchange: Exchange) -> None:
    """A database without automated backups cannot be restored to a point in time.

    PointInTimeRestoreNotEnabled; its words are unverified.
    """
    database = find(exchange, "SourceDBInstanceIdentifier")
    if database is not None and not database.backed_up:
        raise AwsError(
            "PointInTimeRestoreNotEnabled",
            f"Point in time restore is not enabled for {database.db_instance_identifier}: it has "
            "no automated backups.",
        )


@rule(
    "rds",
    _TO_A_TIME,
    when="before",
    follows=GUIDE + "USER_PIT.html",
    corrects="moto takes any time, or none",
)
def a_database_is_restored_to_a_time_that_is_kept(exchange: Exchange) -> None:
    """The time lies within the retention, and at least some five minutes back; it is named, or the
    latest is asked for.

    InvalidParameterCombination and InvalidParameterValue; their words are unverified.
    """
    params = exchange.params
    database = find(exchange, "SourceDBInstanceIdentifier")
    asked, latest = params.get("RestoreTime"), params.get("UseLatestRestorableTime")
    if bool(asked) == bool(latest):
        raise bad_combination("Either RestoreTime or UseLatestRestorableTime must be given.")
    if database is None or asked is None:
        return
    wanted: datetime = asked if isinstance(asked, datetime) else datetime.fromisoformat(asked)
    if wanted.tzinfo is None:
        wanted = wanted.replace(tzinfo=now().tzinfo)
    first, last = database.earliest_restorable_time, database.latest_restorable_time
    if not first <= wanted <= last:
        raise bad_value(
            f"The specified time {wanted:%Y-%m-%dT%H:%M:%SZ} is not between the earliest and the "
            f"latest restorable time, {first:%Y-%m-%dT%H:%M:%SZ} and {last:%Y-%m-%dT%H:%M:%SZ}."
        )


@rule(
    "rds",
    "DescribeDBInstanceAutomatedBackups",
    when="after",
    follows=API + "DBInstanceAutomatedBackup.html",
    corrects="moto does not say from when on",
)
def automated_backups_tell_their_window(exchange: Exchange, answer: Params) -> Params:
    """The automated backups of a database say from when until when it can be restored.

    RestoreWindow: EarliestTime and LatestTime.
    """
    databases = backend_of(exchange).databases
    told = []
    for entry in answer["DBInstanceAutomatedBackups"]:
        database = databases.get(entry["DBInstanceIdentifier"])
        if database is not None and database.backed_up:
            window = {
                "EarliestTime": database.earliest_restorable_time,
                "LatestTime": database.latest_restorable_time,
            }
            told.append(entry | {"RestoreWindow": window})
        else:
            told.append(entry)
    return answer | {"DBInstanceAutomatedBackups": told}
