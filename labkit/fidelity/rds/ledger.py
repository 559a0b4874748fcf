"""The rows of RDS's ledger that no rule writes."""

from __future__ import annotations

from labkit.fidelity.rds.common import API, GUIDE
from labkit.fidelity.registry import as_on_aws, corrected, differs

_CORRECTED = [
    (
        "A new database is creating for five minutes, then backing up, then available, and has an "
        "endpoint from then on.",
        "DBInstanceStatus; the waiter is db_instance_available.",
        "a_new_database_is_creating_then_backing_up",
        GUIDE + "accessing-monitoring.html",
    ),
    (
        "A database has gp3 storage unless it is told another type.",
        "StorageType: io1 if Iops is given, otherwise gp3.",
        "a_database_has_gp3_storage_unless_it_is_told",
        API + "CreateDBInstance.html",
    ),
    (
        "Encryption without a named key takes the account's key alias/aws/rds.",
        "The default KMS key of the account in the Region.",
        "encryption_without_a_key_takes_the_key_of_rds",
        GUIDE + "Overview.Encryption.html",
    ),
    (
        "Each database has a resource id of its own.",
        "DbiResourceId never changes.",
        "each_database_has_an_identity_of_its_own",
        API + "DBInstance.html",
    ),
    (
        "A change with ApplyImmediately is modifying for some minutes.",
        "The waiter db_instance_available waits for it.",
        "a_change_that_is_applied_at_once_is_modifying_first",
        API + "ModifyDBInstance.html",
    ),
    (
        "Class, storage, engine version and Multi-AZ change in the next maintenance window unless "
        "ApplyImmediately is set.",
        "Until then PendingModifiedValues tells of it.",
        "a_change_waits_for_the_maintenance_window",
        API + "ModifyDBInstance.html",
    ),
    (
        "A reboot takes a minute.",
        "DBInstanceStatus: rebooting.",
        "a_reboot_takes_a_minute",
        API + "RebootDBInstance.html",
    ),
    (
        "A database is stopping, then stopped, and starts by itself after seven days.",
        "The instance restarts automatically after 7 days.",
        "a_stopped_database_starts_by_itself_after_seven_days",
        API + "StopDBInstance.html",
    ),
    (
        "Without retention there are no automated backups, nor anything to restore to.",
        "Setting it to 0 disables automated backups.",
        "without_retention_there_are_no_backups",
        API + "CreateDBInstance.html",
    ),
    (
        "An automated snapshot is made in the backup window of each day, and deleted when it is "
        "older than the retention.",
        "The same, with transaction logs between.",
        "a_backup_is_made_every_day_and_kept_as_long_as_the_retention_says",
        GUIDE + "USER_WorkingWithAutomatedBackups.html",
    ),
    (
        "A snapshot is creating for two minutes, then available.",
        "Status and PercentProgress; the waiter is db_snapshot_available.",
        "a_snapshot_is_creating_first",
        API + "CreateDBSnapshot.html",
    ),
    (
        "An unencrypted database becomes an encrypted one by copying its snapshot with a key and "
        "restoring the copy, at a new endpoint.",
        "A KmsKeyId for a copy of an unencrypted snapshot encrypts the copy.",
        "a_database_is_encrypted_through_a_copy_of_a_snapshot",
        GUIDE + "Overview.Encryption.html",
    ),
    (
        "A read replica is creating first, replicates then, and has no backups of its own.",
        "RDS creates read replicas with backups disabled.",
        "a_replica_is_creating_first_and_has_no_backups_of_its_own",
        API + "CreateDBInstanceReadReplica.html",
    ),
    (
        "A promoted replica is modified and rebooted; then neither it nor its source knows of the "
        "other, and its endpoint stays.",
        "It is a standalone DB instance, with backups kept for a day unless it is told.",
        "a_promoted_replica_stands_alone",
        API + "PromoteReadReplica.html",
    ),
    (
        "When a source is deleted, its replicas in the Region become databases of their own.",
        "Each read replica is promoted to a standalone DB instance.",
        "replicas_of_a_deleted_source_stand_alone",
        GUIDE + "USER_ReadRepl.html",
    ),
    (
        "A replica in another Region is cut off by its promotion too.",
        "The source names it by its ARN until then.",
        "a_replica_in_another_region_is_cut_off_too",
        GUIDE + "USER_ReadRepl.XRgn.html",
    ),
]
_AS_ON_AWS = [
    (
        "A database has an identifier of its own, of letters, digits and single hyphens.",
        "DBInstanceAlreadyExists; InvalidParameterValue.",
        "a_database_has_a_name_of_its_own",
        API + "CreateDBInstance.html",
    ),
    (
        "A database that does not exist is named in the error.",
        "DBInstanceNotFound: DBInstance seats not found.",
        "a_database_that_is_not_there_is_named",
        API + "DescribeDBInstances.html",
    ),
    (
        "A database with deletion protection is not deleted.",
        "InvalidParameterCombination: Cannot delete protected DB Instance.",
        "deletion_protection_is_asked_first",
        GUIDE + "USER_DeleteInstance.html",
    ),
    (
        "Automated backups go with the database; manual snapshots and the final one stay.",
        "All automated backups are deleted; manual DB snapshots aren't.",
        "automated_backups_go_with_the_database_and_manual_snapshots_stay",
        API + "DeleteDBInstance.html",
    ),
    (
        "With DeleteAutomatedBackups=False the automated backups are kept.",
        "They are retained until the retention is over.",
        "automated_backups_can_be_kept",
        API + "DeleteDBInstance.html",
    ),
    (
        "A replica and its source name each other.",
        "ReadReplicaSourceDBInstanceIdentifier, ReadReplicaDBInstanceIdentifiers.",
        "a_replica_and_its_source_name_each_other",
        API + "DBInstance.html",
    ),
    (
        "A replica needs a source that exists.",
        "DBInstanceNotFound.",
        "a_replica_needs_a_source_that_is_there",
        API + "CreateDBInstanceReadReplica.html",
    ),
    (
        "A deleted replica leaves its source as it was.",
        "The source no longer lists it.",
        "a_deleted_replica_leaves_its_source",
        API + "DeleteDBInstance.html",
    ),
]
_DIFFERS = [
    (
        "There is no database engine: an endpoint is a name that nothing answers at, and a "
        "snapshot holds no data.",
        "One connects with the engine's own client, through the security group.",
        GUIDE + "CHAP_CommonTasks.Connect.html",
    ),
    (
        "Nothing is written, so that a replica has no lag and a standby loses nothing.",
        "A standby is written to synchronously, a read replica asynchronously.",
        GUIDE + "Concepts.MultiAZSingleStandby.html",
    ),
    (
        "A restore to a point in time takes five minutes, whatever there is to be done.",
        "The last snapshot is restored and the logs since are applied: it can take hours.",
        GUIDE + "USER_PIT.html",
    ),
    (
        "Every database has the same maintenance and backup windows unless it is told.",
        "They are chosen at random from an eight-hour block of the Region.",
        API + "CreateDBInstance.html",
    ),
    (
        "The engine's version is an old one unless it is named, and any version is taken.",
        "DescribeDBEngineVersions lists what there is; the default is a current one.",
        API + "DescribeDBEngineVersions.html",
    ),
    (
        "A standby fails over only when it is asked to.",
        "It takes over by itself when the zone, the host or the storage fails.",
        GUIDE + "Concepts.MultiAZSingleStandby.html",
    ),
    (
        "Aurora's and other clusters answer as moto has them, without states or replication.",
        "A Multi-AZ DB cluster has two readable standbys; Aurora has up to 15 readers.",
        GUIDE + "multi-az-db-clusters-concepts.html",
    ),
    (
        "Storage does not grow by itself, nor does it go through storage-optimization.",
        "MaxAllocatedStorage lets it grow; it cannot be changed again for six hours.",
        GUIDE + "USER_PIOPS.Autoscaling.html",
    ),
]
for _behaviour, _aws, _test, _source in _CORRECTED:
    corrected("rds", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _test, _source in _AS_ON_AWS:
    as_on_aws("rds", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _source in _DIFFERS:
    differs("rds", _behaviour, _aws, source=_source)
