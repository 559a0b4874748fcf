"""moto's handlers of items, each with a meter around it, and stale where a read may be.

request ──▶ meter at zero ──▶ (a replica's view) ──▶ moto's handler ──▶ ConsumedCapacity
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import wraps
from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.responses import DynamoHandler

from labkit.fidelity.dynamodb import meter, settings
from labkit.fidelity.dynamodb.batches import batch_write
from labkit.fidelity.dynamodb.meter import TABLE
from labkit.fidelity.dynamodb.sizes import item_bytes
from labkit.fidelity.dynamodb.throttle import ProvisionedThroughputExceeded
from labkit.models.dynamodb_capacity.units import EVENTUAL, STRONG, TRANSACTION_FACTOR, read_units
from labkit.sandbox.awserror import AwsError

Serve = Callable[[Any], ActionResult]
_SINGLE = ("put_item", "get_item", "update_item", "delete_item", "query", "scan")
_SEVERAL = (
    "batch_get_item",
    "batch_write_item",
    "transact_get_items",
    "transact_write_items",
)


def metered(name: str) -> Serve:
    """moto's handler `name` with what it costs."""
    original: Serve = batch_write if name == "batch_write_item" else getattr(DynamoHandler, name)
    prepare: Any = {
        "get_item": _get,
        "batch_get_item": _batch_get,
        "transact_get_items": _transact_get,
    }.get(name)
    single = name in _SINGLE

    @wraps(getattr(DynamoHandler, name))
    def serve(handler: Any) -> ActionResult:
        usage = meter.begin(TRANSACTION_FACTOR if name.startswith("transact") else 1)
        usage.whole = handler.body.get("Select") == "ALL_ATTRIBUTES"
        with ExitStack() as stale:
            for table in _eventually_read(handler, name):
                stale.enter_context(table.as_a_replica_has_it())
            finish = prepare(handler) if prepare else None
            answer = original(handler)
        body: Any = answer.result
        if finish is not None:
            finish(body)
        body.pop("ConsumedCapacity", None)
        body.pop("ConsumedCapacityUnits", None)
        body.pop("ItemCollectionMetrics", None)
        report = usage.report(handler.body.get("ReturnConsumedCapacity"))
        if report:
            body["ConsumedCapacity"] = report[0] if single else report
        return answer

    return serve


HANDLERS = (*_SINGLE, *_SEVERAL)


def _eventually_read(handler: Any, name: str) -> Iterator[Any]:
    """The tables that a request reads as a replica has them."""
    if not settings.current().replica_lag_s:
        return
    body, tables = handler.body, handler.dynamodb_backend.tables
    if name == "batch_get_item":
        for table, request in body["RequestItems"].items():
            if not request.get("ConsistentRead") and table in tables:
                yield tables[table]
        return
    may_be_stale = name in ("get_item", "query", "scan") and not body.get("ConsistentRead")
    if may_be_stale and body["TableName"] in tables:
        yield tables[body["TableName"]]


def _cost_of(table: Any, key: dict[str, Any], *, strong: bool) -> dict[Any, float]:
    item = table.held(key)
    size = item_bytes(item.attrs) if item is not None else 0
    return {TABLE: read_units(size, STRONG if strong else EVENTUAL)}


def _get(handler: Any) -> None:
    body = handler.body
    table = handler.dynamodb_backend.get_table(body["TableName"])
    costs = _cost_of(table, body["Key"], strong=bool(body.get("ConsistentRead")))
    key = table.partition_of(body["Key"])
    table.admit("read", costs, key)
    table.charge("read", costs, key)


def _transact_get(handler: Any) -> None:
    gets = [entry["Get"] for entry in handler.body["TransactItems"]]
    tables = [handler.dynamodb_backend.get_table(get["TableName"]) for get in gets]
    reasons = []
    for get, table in zip(gets, tables, strict=True):
        costs, key = _cost_of(table, get["Key"], strong=True), table.partition_of(get["Key"])
        try:
            table.admit("read", costs, key)
        except ProvisionedThroughputExceeded as full:
            reasons.append(type(full).__name__)
        else:
            reasons.append("None")
            table.charge("read", costs, key)
    if set(reasons) != {"None"}:
        raise AwsError(
            "TransactionCanceledException",
            "Transaction cancelled, please refer cancellation reasons for specific reasons "
            f"[{', '.join(reasons)}]",
        )


def _batch_get(handler: Any) -> Callable[[Any], None]:
    """Leave for later what there is no capacity for; nothing at all is an error."""
    left: dict[str, Any] = {}
    requests = handler.body["RequestItems"]
    served, full = 0, None
    for name, request in requests.items():
        table = handler.dynamodb_backend.get_table(name)
        kept = []
        for key in request["Keys"]:
            costs = _cost_of(table, key, strong=bool(request.get("ConsistentRead")))
            try:
                table.admit("read", costs, table.partition_of(key))
            except ProvisionedThroughputExceeded as throttled:
                full = throttled
                left.setdefault(name, {**request, "Keys": []})["Keys"].append(key)
            else:
                table.charge("read", costs, table.partition_of(key))
                kept.append(key)
                served += 1
        request["Keys"] = kept
    if full is not None and not served:
        raise full

    def finish(body: Any) -> None:
        for name, request in left.items():
            body["UnprocessedKeys"].setdefault(name, {**request, "Keys": []})["Keys"] += request[
                "Keys"
            ]

    return finish
