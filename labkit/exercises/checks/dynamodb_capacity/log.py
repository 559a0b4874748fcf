"""What a learner wrote and read, item by item, however the items were batched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer

if TYPE_CHECKING:
    from labkit.exercises.frame import Evidence
    from labkit.sandbox.calllog import Call

_DESERIALIZER = TypeDeserializer()
Item = dict[str, Any]
CHANGES = ("UpdateTable", "DeleteTable", "CreateTable")


@dataclass(frozen=True)
class Write:
    """One item that somebody tried to put, and what became of it."""

    index: int  # of its request
    at: datetime
    operation: str
    item: Item
    refused: str  # the error code, "UnprocessedItems" in a batch, or nothing


def plain(typed: Mapping[str, Any]) -> Item:
    """An item in Python's own types: {"seat": {"S": "A1"}} is {"seat": "A1"}."""
    return {name: _DESERIALIZER.deserialize(value) for name, value in typed.items()}


def writes(evidence: Evidence, table: str) -> list[Write]:
    """Every attempt to put an item into `table`, in order; what boto3 repeats counts again."""
    return [
        Write(call.index, call.at, call.operation, item, refused)
        for call in evidence.of("dynamodb")
        for item, refused in _puts(call, table)
    ]


def _puts(call: Call, table: str) -> Iterator[tuple[Item, str]]:
    params, code = call.params, call.error_code or ""
    if call.operation == "PutItem" and named(params.get("TableName")) == table:
        yield plain(params["Item"]), code
    elif call.operation == "BatchWriteItem":
        requests = _of(params.get("RequestItems"), table)
        left = _of(call.response.get("UnprocessedItems"), table)
        for request in requests:
            if "PutRequest" in request:
                kept_back = "UnprocessedItems" if request in left else ""
                yield plain(request["PutRequest"]["Item"]), code or kept_back
    elif call.operation == "TransactWriteItems":
        for entry in params.get("TransactItems", []):
            put = entry.get("Put")
            if put and named(put["TableName"]) == table:
                yield plain(put["Item"]), code


def _of(requests: Any, table: str) -> list[Any]:
    return [one for name, some in (requests or {}).items() if named(name) == table for one in some]


def named(table: object) -> str:
    """A table's name, from its name or its ARN."""
    return str(table).rsplit("/", 1)[-1]


def items(evidence: Evidence, table: str) -> list[Item]:
    """What lies in `table`."""
    pages = evidence.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    return [plain(item) for page in pages for item in page["Items"]]


def changed(evidence: Evidence, table: str) -> bool:
    """Whether somebody changed the table itself, its capacity or its mode."""
    return any(
        named(call.params.get("TableName")) == table and not call.error_code
        for call in evidence.of("dynamodb", *CHANGES)
    )
