"""What a database may be when it is made or changed."""

from __future__ import annotations

import re

from labkit.fidelity.rds.common import (
    API,
    GUIDE,
    bad_combination,
    bad_value,
    find,
    limit,
)
from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange

_CREATE = API + "CreateDBInstance.html"
_OPEN = ("mariadb", "mysql", "postgres")
_CLASS = re.compile(r"db\.[a-z0-9-]+\.(micro|small|medium|large|\d*xlarge)")


@rule(
    "rds",
    "CreateDBInstance",
    "ModifyDBInstance",
    "PromoteReadReplica",
    when="before",
    follows=_CREATE,
    corrects="moto keeps backups for any number of days",
)
def the_retention_has_its_range(exchange: Exchange) -> None:
    """Automated backups are kept for 0 to 35 days; with 0 none are made.

    InvalidParameterValue; its words are unverified.
    """
    days = exchange.params.get("BackupRetentionPeriod")
    least, most = limit("retention_min_days"), limit("retention_max_days")
    if days is not None and not least <= days <= most:
        raise bad_value(
            f"Invalid backup retention period: {days}. The retention period must be between "
            f"{least} and {most}."
        )


@rule(
    "rds",
    "CreateDBInstance",
    "ModifyDBInstance",
    when="before",
    follows=_CREATE,
    corrects="moto takes any password",
)
def a_password_has_its_length_and_its_characters(exchange: Exchange) -> None:
    """A password has eight characters or more, and none of / " @ and the space.

    InvalidParameterValue: The parameter MasterUserPassword is not a valid password because it is
    shorter than 8 characters.
    """
    password = exchange.params.get("MasterUserPassword")
    least = limit("password_min_chars")
    if password is None:
        return
    if len(password) < least:
        raise bad_value(
            "The parameter MasterUserPassword is not a valid password because it is shorter than "
            f"{least} characters."
        )
    if not password.isascii() or not password.isprintable() or set(password) & set('/"@ '):
        raise bad_value(
            "The parameter MasterUserPassword is not a valid password. Only printable ASCII "
            "characters besides '/', '@', '\"', ' ' may be used."
        )


@rule(
    "rds",
    "CreateDBInstance",
    when="before",
    follows=_CREATE,
    corrects="moto makes a database without a master user",
)
def a_database_has_a_master_user(exchange: Exchange) -> None:
    """A database needs the name and the password of its master user, or to let Secrets Manager
    keep the password.

    InvalidParameterValue: The parameter MasterUsername must be provided and must not be blank.
    """
    params = exchange.params
    if params.get("DBClusterIdentifier") or params["Engine"].startswith("aurora"):
        return
    managed = params.get("ManageMasterUserPassword")
    for name in ("MasterUsername", *(() if managed else ("MasterUserPassword",))):
        if not params.get(name):
            raise bad_value(f"The parameter {name} must be provided and must not be blank.")
    if managed and params.get("MasterUserPassword"):
        raise bad_combination(
            "You can't specify MasterUserPassword when ManageMasterUserPassword is enabled."
        )


@rule(
    "rds",
    "CreateDBInstance",
    "ModifyDBInstance",
    when="before",
    follows=GUIDE + "Concepts.DBInstanceClass.html",
    corrects="moto takes any class",
)
def a_database_is_of_a_class(exchange: Exchange) -> None:
    """A class of databases is named like db.t4g.micro.

    InvalidParameterValue: Invalid DB Instance class: t4g.micro.
    """
    kind = exchange.params.get("DBInstanceClass")
    if kind and kind != "db.serverless" and not _CLASS.fullmatch(kind):
        raise bad_value(f"Invalid DB Instance class: {kind}")


@rule(
    "rds",
    "CreateDBInstance",
    when="before",
    follows=GUIDE + "CHAP_Storage.html",
    corrects="moto takes any size",
)
def storage_has_its_range(exchange: Exchange) -> None:
    """General Purpose storage begins at 20 GiB, provisioned IOPS at 100 GiB.

    InvalidParameterCombination: Invalid storage size for engine name postgres and storage type
    gp3: 5.
    """
    params = exchange.params
    size = params.get("AllocatedStorage")
    kind = params.get("StorageType") or ("io1" if params.get("Iops") else "gp3")
    least = limit("provisioned_storage_min_gib" if kind.startswith("io") else "gp_storage_min_gib")
    most = limit("gp_storage_max_gib")
    known = params["Engine"] in _OPEN and kind != "standard"
    if size is not None and known and not least <= size <= most:
        raise bad_combination(
            f"Invalid storage size for engine name {params['Engine']} and storage type {kind}: "
            f"{size}"
        )


@rule(
    "rds",
    "ModifyDBInstance",
    when="before",
    follows=API + "ModifyDBInstance.html",
    corrects="moto shrinks it",
)
def storage_never_shrinks(exchange: Exchange) -> None:
    """The storage of a database can grow, not shrink.

    InvalidParameterCombination; its words are unverified.
    """
    database, size = find(exchange), exchange.params.get("AllocatedStorage")
    if database is not None and size is not None and size < int(database.allocated_storage):
        raise bad_combination(
            f"The requested storage size of {size} GiB is less than the current "
            f"{database.allocated_storage} GiB."
        )


@rule(
    "rds",
    "CreateDBInstance",
    when="before",
    follows=_CREATE,
    corrects="moto takes both",
)
def a_zone_is_not_chosen_for_two(exchange: Exchange) -> None:
    """Who wants a standby in another zone does not name one zone.

    InvalidParameterCombination: Requesting a specific availability zone is not valid for Multi-AZ
    instances.
    """
    params = exchange.params
    if params.get("MultiAZ") and params.get("AvailabilityZone"):
        raise bad_combination(
            "Requesting a specific availability zone is not valid for Multi-AZ instances."
        )


@rule(
    "rds",
    "CreateDBInstance",
    when="before",
    follows=GUIDE + "Overview.Encryption.html",
    corrects="moto makes an unencrypted database and keeps the key's name",
)
def a_key_needs_encryption(exchange: Exchange) -> None:
    """Who names a key asks for encryption; it can be had only when the database is made.

    InvalidParameterCombination; its words are unverified. ModifyDBInstance has no such parameter.
    """
    params = exchange.params
    if params.get("KmsKeyId") and not params.get("StorageEncrypted"):
        raise bad_combination("A KmsKeyId needs StorageEncrypted to be true.")
