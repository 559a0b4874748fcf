"""Read replicas: what they need of their source, and how they part from it."""

from __future__ import annotations

from labkit.fidelity.rds.common import API, GUIDE, bad_combination, find, limit, wrong_state
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

_REPLICA = API + "CreateDBInstanceReadReplica.html"
_SOURCE = "SourceDBInstanceIdentifier"


@rule(
    "rds",
    "CreateDBInstanceReadReplica",
    when="before",
    follows=_REPLICA,
    corrects="moto makes a replica of any database",
)
def a_replica_needs_backups_of_its_source(exchange: Exchange) -> None:
    """A database without automated backups cannot have a read replica.

    InvalidDBInstanceState: Automated backups are not enabled for this database instance. To enable
    automated backups, use ModifyDBInstance to set the backup retention period to a non-zero value.
    """
    source = find(exchange, _SOURCE)
    if source is not None and not int(source.backup_retention_period):
        raise wrong_state(
            "Automated backups are not enabled for this database instance. To enable automated "
            "backups, use ModifyDBInstance to set the backup retention period to a non-zero value."
        )


@rule(
    "rds",
    "CreateDBInstanceReadReplica",
    when="before",
    follows=_REPLICA,
    corrects="moto's databases are available at once",
)
def a_replica_needs_a_source_that_is_available(exchange: Exchange) -> None:
    """A database gets a read replica once it is available.

    InvalidDBInstanceState; its words are unverified.
    """
    source = find(exchange, _SOURCE)
    if source is not None and source.status != "available":
        raise wrong_state(
            f"Instance {source.db_instance_identifier} is not in the available state."
        )


@rule(
    "rds",
    "CreateDBInstanceReadReplica",
    when="before",
    follows=_REPLICA,
    corrects="moto makes any number, and takes the place of a database of that name",
)
def a_source_has_fifteen_replicas(exchange: Exchange) -> None:
    """A database of MySQL, MariaDB or PostgreSQL has 15 read replicas at most, each with a name of
    its own.

    DBInstanceAlreadyExists: DB instance already exists; for one too many its code and words are
    unverified.
    """
    source = find(exchange, _SOURCE)
    if find(exchange) is not None:
        raise AwsError("DBInstanceAlreadyExists", "DB instance already exists")
    if source is not None and len(source.replicas) >= limit("replicas_max"):
        raise AwsError(
            "InstanceQuotaExceeded",
            f"{source.db_instance_identifier} has {len(source.replicas)} read replicas already.",
        )


@rule(
    "rds",
    "CreateDBInstanceReadReplica",
    when="before",
    follows=GUIDE + "Overview.Encryption.html",
    corrects="moto does not look",
)
def a_replica_is_encrypted_as_its_source_is(exchange: Exchange) -> None:
    """An unencrypted database has no encrypted replica, in the same Region.

    InvalidParameterCombination; its words are unverified.
    """
    source = find(exchange, _SOURCE)
    if source is not None and exchange.params.get("KmsKeyId") and not source.storage_encrypted:
        raise bad_combination(
            f"{source.db_instance_identifier} is not encrypted, so that its read replica cannot be."
        )


@rule(
    "rds",
    "ModifyDBInstance",
    when="before",
    follows=API + "ModifyDBInstance.html",
    corrects="moto turns them off",
)
def backups_stay_on_while_there_are_replicas(exchange: Exchange) -> None:
    """The source of a read replica keeps its automated backups.

    Can't be set to 0 if the DB instance is a source to read replicas; the words of the
    InvalidParameterCombination are unverified.
    """
    database, days = find(exchange), exchange.params.get("BackupRetentionPeriod")
    if database is not None and database.replicas and days == 0:
        raise bad_combination(
            f"{database.db_instance_identifier} is a source of read replicas: its backup retention "
            "period cannot be 0."
        )


@rule(
    "rds",
    "PromoteReadReplica",
    when="before",
    follows=API + "PromoteReadReplica.html",
    corrects="moto answers as if it had done something",
)
def only_a_replica_is_promoted(exchange: Exchange) -> None:
    """What is no read replica cannot be promoted.

    InvalidDBInstanceState: DB Instance is not a read replica; its words are unverified.
    """
    database = find(exchange)
    if database is not None and not database.is_replica:
        raise wrong_state("DB Instance is not a read replica.")
