"""The items of a table and the learner's calls on it, in plain values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from labkit.exercises.frame import Incorrect, Outcome

if TYPE_CHECKING:
    from labkit.exercises.frame import Evidence
    from labkit.sandbox.calllog import Call

Item = dict[str, str]


def plain(attributes: dict[str, Any]) -> Item:
    """Attributes without their types: {"seat": {"S": "F7"}} is {"seat": "F7"}."""
    return {name: str(next(iter(typed.values()))) for name, typed in attributes.items()}


def typed(item: dict[str, str | int]) -> dict[str, Any]:
    """Attributes as DynamoDB writes them: text, or numbers."""
    return {
        name: {"N": str(value)} if isinstance(value, int) else {"S": value}
        for name, value in item.items()
    }


def on(evidence: Evidence, table: str, *operations: str) -> list[Call]:
    """The learner's calls of these operations on that table, in order."""
    return [
        call
        for call in evidence.of("dynamodb", *operations)
        if str(call.params.get("TableName", "")).rsplit("/", 1)[-1] == table
    ]


def returned(call: Call) -> list[Item]:
    """The items that a Query or Scan came back with."""
    return [plain(item) for item in call.response.get("Items", [])]


def all_items(evidence: Evidence, table: str) -> list[Item]:
    """What lies in the table now."""
    pages = (
        evidence.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=table, ConsistentRead=True)
    )
    return [plain(item) for page in pages for item in page["Items"]]


def held(evidence: Evidence, table: str, key: dict[str, str | int]) -> Item:
    """The item of that key, as it is now; empty if there is none."""
    found = evidence.client("dynamodb").get_item(
        TableName=table, Key=typed(key), ConsistentRead=True
    )
    return plain(found.get("Item", {}))


def refused(call: Call, expected: str, hint: str) -> Outcome:
    """AWS's own words on a call that it did not take."""
    message = str(call.response["Error"]["Message"]).rstrip(".")
    return Incorrect(
        f"DynamoDB refused `{call.operation}`: {message}.",
        expected,
        hint,
    )


def listed(names: Iterable[str]) -> str:
    """Names in backticks, separated by commas."""
    return ", ".join(f"`{name}`" for name in names)
