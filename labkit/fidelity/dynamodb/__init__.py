"""DynamoDB as AWS has it: capacity that is counted and runs out, tables that take time.

keys, values, expressions, tables,     what is refused
projection, batches, transactions, ttl
served, capacity, bucket, sizes       what a request costs, and when it is throttled
table, stream, backend                the model in the place of moto's
settings                              what a lab may set
ledger                                what else there is to say
"""

from __future__ import annotations

from collections.abc import Callable

from moto.dynamodb import models as moto_dynamodb
from moto.dynamodb import responses
from moto.dynamodb.models import dynamo_type
from moto.dynamodb.models import table as moto_table
from moto.dynamodb.responses import DynamoHandler

from labkit.fidelity.dynamodb import (
    batches,
    expressions,
    keys,
    ledger,
    projection,
    served,
    settings,
    tables,
    transactions,
    ttl,
    values,
)
from labkit.fidelity.dynamodb.backend import Backend
from labkit.fidelity.dynamodb.common import limit
from labkit.fidelity.dynamodb.sizes import Attributes
from labkit.fidelity.dynamodb.stream import StreamRecord, StreamShard
from labkit.fidelity.dynamodb.table import Table
from labkit.sandbox.sandbox import Sandbox

__all__ = [
    "batches",
    "expressions",
    "keys",
    "ledger",
    "projection",
    "served",
    "settings",
    "tables",
    "transactions",
    "ttl",
    "values",
]


def replace_models(sandbox: Sandbox) -> None:
    """Let moto make labkit's tables and backends until the sandbox closes."""
    replaced: list[tuple[object, dict[str, object]]] = [
        (moto_dynamodb, {"Table": Table}),
        (moto_dynamodb.dynamodb_backends, {"backend": Backend}),
        (moto_table, {"StreamRecord": StreamRecord, "StreamShard": StreamShard}),
        (moto_table, {"RESULT_SIZE_LIMIT": limit("page_max_bytes")}),
        (dynamo_type, {"LimitedSizeDict": Attributes}),
        (responses, {"TRANSACTION_MAX_ITEMS": limit("transaction_max_items")}),
        (DynamoHandler, {name: served.metered(name) for name in served.HANDLERS}),
    ]
    for holder, names in replaced:
        for name, ours in names.items():
            sandbox.on_close(_putting_back(holder, name))
            setattr(holder, name, ours)
    sandbox.on_close(settings.forget)


def _putting_back(holder: object, name: str) -> Callable[[], None]:
    original = getattr(holder, name)
    return lambda: setattr(holder, name, original)
