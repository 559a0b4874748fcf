"""What a value may be, and where a query may start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from labkit.fidelity.dynamodb.common import API, GUIDE, asked_table, limit, refused, wrong
from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange

_MOST_DIGITS = limit("number_max_digits")


def _values(attributes: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each value, those inside of lists and maps too, with its kind."""
    for value in attributes.values():
        [(kind, content)] = value.items()
        yield kind, content
        if kind == "M":
            yield from _values(content)
        elif kind == "L":
            yield from _values(dict(enumerate(content)))  # type: ignore[arg-type]


def _written(exchange: Exchange) -> dict[str, Any]:
    params = exchange.params
    return params.get("Item") or params.get("ExpressionAttributeValues") or {}


@rule(
    "dynamodb",
    "PutItem",
    "UpdateItem",
    when="before",
    follows=GUIDE + "HowItWorks.NamingRulesDataTypes.html",
    corrects="moto keeps the same element twice",
)
def a_set_holds_each_element_once(exchange: Exchange) -> None:
    """A set holds each of its elements once.

    ValidationException: Input collection contains duplicates.
    """
    for kind, content in _values(_written(exchange)):
        if kind in ("SS", "NS") and len(set(content)) < len(content):
            raise wrong(f"Input collection [{', '.join(content)}] contains duplicates.")


@rule(
    "dynamodb",
    "PutItem",
    "UpdateItem",
    when="before",
    follows=GUIDE + "Constraints.html",
    corrects="moto keeps any number of digits",
)
def a_number_has_a_limited_number_of_digits(exchange: Exchange) -> None:
    """A number has 38 digits at most.

    ValidationException: Attempting to store more than 38 significant digits in a Number.
    """
    for kind, content in _values(_written(exchange)):
        for number in content if kind == "NS" else [content] if kind == "N" else ():
            digits = str(number).lstrip("+-").lower().partition("e")[0].replace(".", "").strip("0")
            if len(digits) > _MOST_DIGITS:
                raise refused(
                    f"Attempting to store more than {_MOST_DIGITS} significant digits in a Number"
                )


@rule(
    "dynamodb",
    "Query",
    when="before",
    follows=API + "Query.html",
    corrects="moto has words of its own",
)
def a_query_needs_a_key_condition(exchange: Exchange) -> None:
    """A query has a condition for the key.

    ValidationException: Either the KeyConditions or KeyConditionExpression parameter must be
    specified in the request.
    """
    params = exchange.params
    if "KeyConditionExpression" not in params and not params.get("KeyConditions"):
        raise refused(
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
            "request."
        )


@rule(
    "dynamodb",
    "Query",
    "Scan",
    when="before",
    follows=API + "Query.html",
    corrects="moto breaks down",
)
def a_page_starts_at_a_whole_key(exchange: Exchange) -> None:
    """ExclusiveStartKey is a whole key, with that of the index if there is one.

    ValidationException: The provided starting key is invalid.
    """
    start, table = exchange.params.get("ExclusiveStartKey"), asked_table(exchange)
    if start is None or table is None:
        return
    keys = {*table.table_key_attrs}
    for index in (*table.global_indexes, *table.indexes):
        if index.name == exchange.params.get("IndexName"):
            keys |= {*index.schema_key_attrs}
    if keys != start.keys():
        raise refused("The provided starting key is invalid")
