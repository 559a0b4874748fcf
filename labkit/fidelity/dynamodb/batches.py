"""Many items in one request: each by itself, and what finds no capacity is handed back."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.responses import validate_put_has_empty_attrs, validate_put_has_empty_keys

from labkit.fidelity.dynamodb.common import API, find_table, limit, refused
from labkit.fidelity.dynamodb.keys import fits_schema, mismatch
from labkit.fidelity.dynamodb.throttle import ProvisionedThroughputExceeded
from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange


@rule(
    "dynamodb",
    "BatchWriteItem",
    when="before",
    follows=API + "BatchWriteItem.html",
    corrects="moto writes any number of items",
)
def a_batch_writes_a_limited_number_of_items(exchange: Exchange) -> None:
    """A batch writes or deletes 25 items at most.

    ValidationException: Too many items requested for the BatchWriteItem call.
    """
    batches = exchange.params.get("RequestItems", {}).values()
    if sum(len(requests) for requests in batches) > limit("batch_write_max_items"):
        raise refused("Too many items requested for the BatchWriteItem call")


@rule(
    "dynamodb",
    "BatchWriteItem",
    when="before",
    follows=API + "BatchWriteItem.html",
    corrects="moto writes the same item twice if it is put and deleted, and other words elsewhere",
)
def a_batch_names_each_item_once_by_its_key(exchange: Exchange) -> None:
    """Each item of a batch has its whole key, and stands in it once.

    ValidationException: The provided key element does not match the schema, or Provided list of
    item keys contains duplicates. Nothing is written then.
    """
    for name, requests in exchange.params.get("RequestItems", {}).items():
        table = find_table(exchange, name)
        if table is None:
            continue
        seen = []
        for request in requests:
            put = request.get("PutRequest")
            item = put["Item"] if put else request["DeleteRequest"]["Key"]
            keys = {key: item.get(key) for key in table.table_key_attrs}
            if not fits_schema(table, keys) or (not put and len(item) != len(keys)):
                raise mismatch()
            if keys in seen:
                raise refused("Provided list of item keys contains duplicates")
            seen.append(keys)


def batch_write(handler: Any) -> ActionResult:
    """Serve BatchWriteItem: all that there is capacity for."""
    backend, batches = handler.dynamodb_backend, handler.body["RequestItems"]
    for name, requests in batches.items():
        table = backend.get_table(name)
        for request in requests:
            if "PutRequest" in request:
                item = request["PutRequest"]["Item"]
                validate_put_has_empty_keys(item, table)
                validate_put_has_empty_attrs(item, table)
    left: dict[str, list[Any]] = {}
    written, full = 0, None
    for name, requests in batches.items():
        for request in requests:
            try:
                if "PutRequest" in request:
                    backend.put_item(name, request["PutRequest"]["Item"])
                else:
                    backend.delete_item(name, request["DeleteRequest"]["Key"])
                written += 1
            except ProvisionedThroughputExceeded as throttled:
                full = throttled
                left.setdefault(name, []).append(request)
    if full is not None and not written:
        raise full
    return ActionResult({"UnprocessedItems": left})
