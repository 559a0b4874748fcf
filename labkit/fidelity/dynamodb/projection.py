"""What an index holds of an item, and what becomes of a request for more.

global index    lies elsewhere: it refuses
local index     lies beside its items: it fetches them, and the table pays for each
"""

from __future__ import annotations

from typing import Any

from labkit.fidelity.dynamodb.common import API, asked_table, wrong
from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange


def holds(index: Any) -> set[str] | None:
    """The names of the attributes that an index projects; None if it projects all."""
    projection = index.projection or {}
    if projection.get("ProjectionType", "ALL") == "ALL":
        return None
    return {
        *index.schema_key_attrs,
        *index.table_key_attrs,
        *projection.get("NonKeyAttributes", ()),
    }


def beyond(index: Any, wanted: list[list[str]] | None) -> list[str]:
    """Those of the wanted paths' attributes that an index does not hold, in their order."""
    held = holds(index)
    names = dict.fromkeys(path[0] for path in wanted or ())
    return [] if held is None else [name for name in names if name not in held]


@rule(
    "dynamodb",
    "Query",
    "Scan",
    when="before",
    follows=API + "Query.html",
    corrects="moto answers with empty items",
)
def a_global_index_gives_what_it_projects(exchange: Exchange) -> None:
    """A global index cannot be asked for attributes that it does not project.

    ValidationException: Global secondary index … does not project [note].
    """
    params, table = exchange.params, asked_table(exchange)
    expression = params.get("ProjectionExpression")
    if table is None or not expression:
        return
    names = params.get("ExpressionAttributeNames") or {}
    for index in table.global_indexes:
        if index.name != params.get("IndexName"):
            continue
        asked = [[names.get(part, part)] for part in _attributes(expression)]
        missing = beyond(index, asked)
        if missing:
            raise wrong(
                f"Global secondary index {index.name} does not project [{', '.join(missing)}]"
            )


def _attributes(expression: str) -> list[str]:
    """The attributes at the head of the paths, as `seats` of `seats[0].row`."""
    return [path.strip().split(".")[0].split("[")[0] for path in expression.split(",")]
