"""What a table may be, and when it can be used or changed."""

from __future__ import annotations

from typing import Any

from labkit.fidelity.dynamodb.backend import in_use
from labkit.fidelity.dynamodb.common import (
    API,
    GUIDE,
    asked_table,
    find_table,
    limit,
    refused,
    wrong,
)
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange
from labkit.sandbox.sandbox import Sandbox

_ITEMS = ("PutItem", "GetItem", "UpdateItem", "DeleteItem", "Query", "Scan")
_SEVERAL = ("BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems")


def _named(exchange: Exchange) -> list[Any]:
    params = exchange.params
    if "TableName" in params:
        return [params["TableName"]]
    if "RequestItems" in params:
        return [*params["RequestItems"]]
    return [next(iter(entry.values()))["TableName"] for entry in params["TransactItems"]]


@rule(
    "dynamodb",
    *_ITEMS,
    *_SEVERAL,
    when="before",
    follows=API + "CreateTable.html",
    corrects="moto's tables can be used at once",
)
def a_table_is_used_once_it_is_active(exchange: Exchange) -> None:
    """A new table is being created for a while; until it is active it cannot be used.

    ResourceNotFoundException: Requested resource not found. You can perform read and write
    operations only on an ACTIVE table.
    """
    for name in _named(exchange):
        table = find_table(exchange, name)
        if table is not None and table.status in ("CREATING", "DELETING"):
            raise AwsError("ResourceNotFoundException", "Requested resource not found")


@rule(
    "dynamodb",
    "UpdateTable",
    "DeleteTable",
    "UpdateTimeToLive",
    when="before",
    follows=API + "UpdateTable.html",
    corrects="moto's tables are never busy",
)
def a_busy_table_cannot_be_changed(exchange: Exchange) -> None:
    """A table that is being created, updated or deleted can be neither changed nor deleted.

    ResourceInUseException: Attempt to change a resource which is still in use.
    """
    table = asked_table(exchange)
    if table is not None and table.status != "ACTIVE" and not Sandbox.current().quiet:
        raise in_use(table)


@rule(
    "dynamodb",
    "DeleteTable",
    when="before",
    follows=API + "DeleteTable.html",
    corrects="moto does not name the table",
)
def a_table_that_is_not_there_is_named(exchange: Exchange) -> None:
    """Who deletes a table that does not exist is told its name.

    ResourceNotFoundException: Requested resource not found: Table: … not found.
    """
    if asked_table(exchange) is None:
        name = exchange.params["TableName"]
        raise AwsError(
            "ResourceNotFoundException", f"Requested resource not found: Table: {name} not found"
        )


@rule(
    "dynamodb",
    "CreateTable",
    when="before",
    follows=API + "CreateTable.html",
    corrects="moto says so in other words",
)
def an_on_demand_table_has_no_provisioned_capacity(exchange: Exchange) -> None:
    """An on-demand table is created without capacity.

    ValidationException: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when
    BillingMode is PAY_PER_REQUEST.
    """
    params = exchange.params
    if params.get("BillingMode") == "PAY_PER_REQUEST" and params.get("ProvisionedThroughput"):
        raise wrong(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode "
            "is PAY_PER_REQUEST"
        )


@rule(
    "dynamodb",
    "CreateTable",
    when="before",
    follows=GUIDE + "ServiceQuotas.html",
    corrects="moto makes any number of indexes",
)
def a_table_has_a_limited_number_of_indexes(exchange: Exchange) -> None:
    """A table has five local and twenty global secondary indexes at most.

    ValidationException; its words are unverified.
    """
    for kind, fact in (("Local", "local_indexes_max"), ("Global", "global_indexes_max")):
        indexes = exchange.params.get(f"{kind}SecondaryIndexes") or ()
        if len(indexes) > limit(fact):
            raise wrong(f"{kind}SecondaryIndex count exceeds the per-table limit of {limit(fact)}")


@rule(
    "dynamodb",
    "CreateTable",
    when="before",
    follows=GUIDE + "LSI.html",
    corrects="moto makes a local index with any key",
)
def a_local_index_has_the_partition_key_of_its_table(exchange: Exchange) -> None:
    """A local index needs a table with a sort key, and has the table's partition key.

    ValidationException: Table KeySchema does not have a range key, or Index KeySchema does not
    have the same leading hash key as table KeySchema.
    """
    schema = exchange.params["KeySchema"]
    hash_key = schema[0]["AttributeName"]
    for index in exchange.params.get("LocalSecondaryIndexes") or ():
        if len(schema) < 2:
            raise wrong(
                "Table KeySchema does not have a range key, which is required when specifying a "
                "LocalSecondaryIndex"
            )
        of_index = index["KeySchema"][0]["AttributeName"]
        if of_index != hash_key:
            raise wrong(
                "Index KeySchema does not have the same leading hash key as table KeySchema for "
                f"index: {index['IndexName']}. index hash key: {of_index}, "
                f"table hash key: {hash_key}"
            )


@rule(
    "dynamodb",
    "CreateTable",
    "UpdateTable",
    when="before",
    follows=GUIDE + "GSI.html",
    corrects="moto gives the index none",
)
def a_provisioned_index_has_its_own_capacity(exchange: Exchange) -> None:
    """A global index of a provisioned table has a capacity of its own.

    ValidationException: Both ReadCapacityUnits and WriteCapacityUnits must be specified for index.
    """
    params = exchange.params
    table = asked_table(exchange)
    mode = params.get("BillingMode") or (table.billing_mode if table else "PROVISIONED")
    indexes = [*(params.get("GlobalSecondaryIndexes") or ())]
    changes = params.get("GlobalSecondaryIndexUpdates") or ()
    indexes += [change["Create"] for change in changes if "Create" in change]
    for index in indexes if mode == "PROVISIONED" else ():
        if not index.get("ProvisionedThroughput"):
            raise wrong(
                "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: "
                f"{index['IndexName']}"
            )


@rule(
    "dynamodb",
    "UpdateTable",
    when="before",
    follows=API + "UpdateTable.html",
    corrects="moto makes an index whose key has no type",
)
def the_key_of_a_new_index_is_defined(exchange: Exchange) -> None:
    """The key attributes of an index that is added are in AttributeDefinitions.

    ValidationException: Some index key attributes are not defined in AttributeDefinitions.
    """
    params, table = exchange.params, asked_table(exchange)
    if table is None:
        return
    defined = [one["AttributeName"] for one in params.get("AttributeDefinitions") or ()]
    known = {*defined, *(one["AttributeName"] for one in table.attr)}
    for change in params.get("GlobalSecondaryIndexUpdates") or ():
        keys = [one["AttributeName"] for one in change.get("Create", {}).get("KeySchema", ())]
        if not known.issuperset(keys):
            raise wrong(
                "Some index key attributes are not defined in AttributeDefinitions. "
                f"Keys: [{', '.join(keys)}], AttributeDefinitions: [{', '.join(defined)}]"
            )


@rule(
    "dynamodb",
    "UpdateTable",
    when="before",
    follows=API + "UpdateTable.html",
    corrects="moto changes it to what it is",
)
def a_change_of_capacity_changes_something(exchange: Exchange) -> None:
    """A table's capacity is not changed to what it is.

    ValidationException: The provisioned throughput for the table will not change.
    """
    table, wanted = asked_table(exchange), exchange.params.get("ProvisionedThroughput")
    if table is None or not wanted or table.billing_mode != "PROVISIONED":
        return
    names = ("ReadCapacityUnits", "WriteCapacityUnits")
    if [wanted[name] for name in names] == [table.throughput[name] for name in names]:
        told = " ".join(
            f"Current {name} provisioned for the table: {wanted[name]}. "
            f"Requested {name}: {wanted[name]}."
            for name in names
        )
        raise refused(
            "The provisioned throughput for the table will not change. The requested value equals "
            f"the current value. {told} Refer to the Amazon DynamoDB Developer Guide for current "
            "limits and how to request higher limits."
        )


@rule(
    "dynamodb",
    "Query",
    "Scan",
    when="before",
    follows=GUIDE + "GSI.OnlineOps.html",
    corrects="moto's indexes are there at once",
)
def an_index_is_read_once_it_is_filled(exchange: Exchange) -> None:
    """A new global index is filled for a while; until then it cannot be read.

    ValidationException: Cannot read from backfilling global secondary index.
    """
    table, name = asked_table(exchange), exchange.params.get("IndexName")
    for index in table.global_indexes if table is not None and name else ():
        if index.name == name and index.status == "CREATING":
            raise refused(f"Cannot read from backfilling global secondary index: {name}")


@rule(
    "dynamodb",
    "Query",
    "Scan",
    when="before",
    follows=API + "Query.html",
    corrects="moto has other words and codes",
)
def an_index_that_is_not_there_is_named(exchange: Exchange) -> None:
    """Who reads an index that the table does not have is told its name.

    ValidationException: The table does not have the specified index.
    """
    table, name = asked_table(exchange), exchange.params.get("IndexName")
    if table is None or not name:
        return
    if all(index.name != name for index in (*table.global_indexes, *table.indexes)):
        raise refused(f"The table does not have the specified index: {name}")
