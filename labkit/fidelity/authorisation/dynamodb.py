"""What a call of DynamoDB needs, and which items and attributes it names.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
"""

from __future__ import annotations

import re
from typing import Any

from labkit.fidelity.authorisation.asked import Asked, Need

_ITEMS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "Get": "GetItem"}


def needs(asked: Asked) -> list[Need] | None:
    """The tables and indexes of a call, each with its keys; None where nothing is special."""
    params = asked.params
    if asked.operation == "BatchGetItem":
        return [
            Need(
                "dynamodb:BatchGetItem",
                _table(asked, name),
                _keys(asked, name, [*request.get("Keys", [])]) | _attributes(request),
            )
            for name, request in params.get("RequestItems", {}).items()
        ]
    if asked.operation == "BatchWriteItem":
        return [
            Need("dynamodb:BatchWriteItem", _table(asked, name), _keys(asked, name, _items(writes)))
            for name, writes in params.get("RequestItems", {}).items()
        ]
    if asked.operation in ("TransactWriteItems", "TransactGetItems"):
        return [_of_transaction(asked, entry) for entry in params.get("TransactItems", [])]
    if "TableName" in params and asked.operation in _SINGLE:
        return [_single(asked)]
    return None


_SINGLE = ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan")


def _single(asked: Asked) -> Need:
    params, name = asked.params, str(asked.params["TableName"])
    arn = _table(asked, name)
    if params.get("IndexName"):
        arn += f"/index/{params['IndexName']}"
    context = _attributes(params)
    if params.get("Select"):
        context["dynamodb:Select"] = params["Select"]
    elif asked.operation in ("Query", "Scan"):
        specific = "dynamodb:Attributes" in context
        context["dynamodb:Select"] = "SPECIFIC_ATTRIBUTES" if specific else "ALL_ATTRIBUTES"
    for key in ("ReturnValues", "ReturnConsumedCapacity"):
        if params.get(key):
            context["dynamodb:" + key] = params[key]
    if asked.operation == "Query":
        context |= _queried(asked, name)
    elif asked.operation != "Scan":
        context |= _keys(asked, name, [params.get("Key") or params.get("Item") or {}])
    return Need("dynamodb:" + asked.operation, arn, context)


def _of_transaction(asked: Asked, entry: dict[str, Any]) -> Need:
    kind, item = next(iter(entry.items()))
    action = _ITEMS.get(kind, "ConditionCheckItem")
    name = str(item.get("TableName", ""))
    context = _keys(asked, name, [item.get("Key") or item.get("Item") or {}]) | _attributes(item)
    context["dynamodb:EnclosingOperation"] = asked.operation
    return Need("dynamodb:" + action, _table(asked, name), context)


def _items(writes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for write in writes:
        request = write.get("PutRequest") or write.get("DeleteRequest") or {}
        found.append(request.get("Item") or request.get("Key") or {})
    return found


def _table(asked: Asked, name: str) -> str:
    return name if name.startswith("arn:") else asked.arn("dynamodb", f"table/{name}")


def _keys(asked: Asked, table: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    """dynamodb:LeadingKeys, the values of the partition key, of the items that are named."""
    name = _partition_key(asked, table, "")
    if not name:
        return {}
    values = [_plain(item[name]) for item in items if name in item]
    return {"dynamodb:LeadingKeys": values} if values else {}


def _queried(asked: Asked, table: str) -> dict[str, Any]:
    """The one value of the partition key that a Query asks for."""
    params = asked.params
    name = _partition_key(asked, table, str(params.get("IndexName", "")))
    old = params.get("KeyConditions", {}).get(name)
    if old:
        return {"dynamodb:LeadingKeys": [_plain(value) for value in old["AttributeValueList"]]}
    names, values = (
        params.get("ExpressionAttributeNames", {}),
        params.get("ExpressionAttributeValues", {}),
    )
    condition = str(params.get("KeyConditionExpression", ""))
    for left, right in re.findall(r"([\w.#-]+)\s*=\s*(:\w+)", condition):
        if names.get(left, left) == name and right in values:
            return {"dynamodb:LeadingKeys": [_plain(values[right])]}
    return {}


def _partition_key(asked: Asked, table: str, index: str) -> str:
    from moto.dynamodb.models import dynamodb_backends

    account, region, name = asked.account, asked.region, table
    if table.startswith("arn:"):
        _, _, _, region, account, path = table.split(":", 5)
        name = path.removeprefix("table/")
    held = dynamodb_backends[account][region].tables.get(name)
    if held is None:
        return ""
    schema = held.schema
    if index:
        found = [one for one in [*held.indexes, *held.global_indexes] if one.name == index]
        schema = found[0].schema if found else []
    return next((key["AttributeName"] for key in schema if key["KeyType"] == "HASH"), "")


def _plain(value: dict[str, Any]) -> str:
    return str(next(iter(value.values())))


def _attributes(request: dict[str, Any]) -> dict[str, Any]:
    """dynamodb:Attributes: every top-level attribute that a request names."""
    names = request.get("ExpressionAttributeNames", {})
    found: list[str] = [*request.get("AttributesToGet", [])]
    for expression in ("ProjectionExpression",):
        for part in str(request.get(expression) or "").split(","):
            head = re.split(r"[.\[]", part.strip())[0]
            if head:
                found.append(names.get(head, head))
    for parameter in ("Item", "Key", "AttributeUpdates", "Expected"):
        found += request.get(parameter) or {}
    for expression in ("UpdateExpression", "ConditionExpression", "FilterExpression"):
        found += _named_in(str(request.get(expression) or ""), names)
    return {"dynamodb:Attributes": sorted(set(found))} if found else {}


_WORDS = {
    "SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN", "ATTRIBUTE_EXISTS",
    "ATTRIBUTE_NOT_EXISTS", "ATTRIBUTE_TYPE", "BEGINS_WITH", "CONTAINS", "SIZE", "IF_NOT_EXISTS",
    "LIST_APPEND",
}  # fmt: skip


def _named_in(expression: str, names: dict[str, str]) -> list[str]:
    """The top-level attributes in an expression; not what follows a dot or a colon."""
    words = re.findall(r"(?<![\w:.#])#?[A-Za-z_]\w*", expression)
    return [names.get(word, word) for word in words if word.upper() not in _WORDS]
