"""The key of an item: all of it, nothing besides, and of the right types."""

from __future__ import annotations

from typing import Any

from labkit.fidelity.dynamodb.common import API, GUIDE, asked_table, find_table, refused, wrong
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange


def fits_schema(table: Any, key: dict[str, Any]) -> bool:
    """Whether these are the attributes of the table's key, each of its type."""
    types = {table.hash_key_attr: table.hash_key_type}
    if table.range_key_attr is not None:
        types[table.range_key_attr] = table.range_key_type
    return key.keys() == types.keys() and all(
        type(value) is dict and types[name] in value for name, value in key.items()
    )


def mismatch() -> AwsError:
    """AWS's words for a key that is not one of the table's."""
    return refused("The provided key element does not match the schema")


@rule(
    "dynamodb",
    "GetItem",
    "UpdateItem",
    "DeleteItem",
    when="before",
    follows=API + "GetItem.html",
    corrects="moto finds nothing under a key of the wrong type, and says Validation Exception",
)
def a_key_is_given_as_the_table_has_it(exchange: Exchange) -> None:
    """Who names an item gives its whole key, each part of its type.

    ValidationException: The provided key element does not match the schema.
    """
    table = asked_table(exchange)
    if table is not None and not fits_schema(table, exchange.params["Key"]):
        raise mismatch()


@rule(
    "dynamodb",
    "BatchGetItem",
    "TransactGetItems",
    when="before",
    follows=API + "BatchGetItem.html",
    corrects="moto says Validation Exception",
)
def each_key_of_several_is_as_the_table_has_it(exchange: Exchange) -> None:
    """Who names several items gives the whole key of each.

    ValidationException: The provided key element does not match the schema.
    """
    named = [
        (table, key)
        for table, request in exchange.params.get("RequestItems", {}).items()
        for key in request["Keys"]
    ]
    named += [
        (entry["Get"]["TableName"], entry["Get"]["Key"])
        for entry in exchange.params.get("TransactItems", ())
    ]
    for name, key in named:
        table = find_table(exchange, name)
        if table is not None and not fits_schema(table, key):
            raise mismatch()


@rule(
    "dynamodb",
    "PutItem",
    when="before",
    follows=GUIDE + "GSI.html",
    corrects="moto stores it, and the index never shows it",
)
def an_index_key_has_its_type(exchange: Exchange) -> None:
    """An attribute that is the key of an index has the type that was defined for it.

    ValidationException: Type mismatch for Index Key, with name, expected and actual type.
    """
    table = asked_table(exchange)
    if table is None or not (table.global_indexes or table.indexes):
        return
    types = {one["AttributeName"]: one["AttributeType"] for one in table.attr}
    item = exchange.params["Item"]
    for index in (*table.global_indexes, *table.indexes):
        for name in index.schema_key_attrs:
            if name in item and name not in table.table_key_attrs and types[name] not in item[name]:
                raise wrong(
                    f"Type mismatch for Index Key {name} Expected: {types[name]} "
                    f"Actual: {next(iter(item[name]))} IndexName: {index.name}"
                )
