"""What is looked at in an expression before anything is done: words, names, values, brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

from labkit.fidelity.dynamodb.common import GUIDE, asked_table, refused
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

_EXPRESSIONS = (
    "KeyConditionExpression",
    "UpdateExpression",
    "ConditionExpression",
    "FilterExpression",
    "ProjectionExpression",
)
_TOKEN = re.compile(r"[:#]?\w+|<>|<=|>=|[=<>(),.\[\]+-]|\S")
_WORDS = {
    "UpdateExpression": {"SET", "REMOVE", "ADD", "DELETE"},
    "ProjectionExpression": set(),
}
_LOGIC = {"AND", "OR", "NOT", "BETWEEN", "IN"}
_FUNCTIONS = {
    "UpdateExpression": {"if_not_exists", "list_append"},
    "KeyConditionExpression": {"begins_with"},
}
_CONDITIONS = {
    "attribute_exists",
    "attribute_not_exists",
    "attribute_type",
    "begins_with",
    "contains",
    "size",
}
_ITEMS = ("PutItem", "GetItem", "UpdateItem", "DeleteItem", "Query", "Scan")


class Read(NamedTuple):
    """An expression and what it names."""

    kind: str
    tokens: list[str]

    def refuse(self, what: str) -> AwsError:
        """AWS's refusal of an expression of this kind."""
        return refused(f"Invalid {self.kind}: {what}")

    def placeholders(self, sign: str) -> set[str]:
        """The names (#) or values (:) that it uses."""
        return {token for token in self.tokens if token.startswith(sign)}


def _expressions(params: Params) -> list[Read]:
    return [
        Read(kind, _TOKEN.findall(params[kind]))
        for kind in _EXPRESSIONS
        if params.get(kind) is not None
    ]


def _requests(exchange: Exchange) -> Iterator[Params]:
    """The parts of a request that have expressions of their own."""
    if exchange.operation.startswith("Transact"):
        for entry in exchange.params["TransactItems"]:
            yield from entry.values()
    else:
        yield exchange.params


@rule(
    "dynamodb",
    *_ITEMS,
    "TransactWriteItems",
    "TransactGetItems",
    when="before",
    follows=GUIDE + "Expressions.html",
    corrects="moto takes an empty condition, and breaks down at a bracket that is not closed",
)
def an_expression_has_its_form(exchange: Exchange) -> None:
    """An expression is not empty, closes its brackets, and calls functions that exist.

    ValidationException: The expression can not be empty, Syntax error, or Invalid function name.
    """
    for params in _requests(exchange):
        for read in _expressions(params):
            if not read.tokens:
                raise read.refuse("The expression can not be empty;")
            _refuse_brackets(read)
            known = _FUNCTIONS.get(read.kind, _CONDITIONS)
            for token, following in zip(read.tokens, read.tokens[1:], strict=False):
                called = following == "(" and token[0].isalpha() and token.upper() not in _LOGIC
                if called and token not in known:
                    raise read.refuse(f"Invalid function name; function: {token}")


def _refuse_brackets(read: Read) -> None:
    depth = 0
    for position, token in enumerate(read.tokens):
        depth += (token == "(") - (token == ")")
        if depth < 0:
            near = " ".join(read.tokens[max(0, position - 1) : position + 2])
            raise read.refuse(f'Syntax error; token: "{token}", near: "{near}"')
    if depth:
        raise read.refuse(f'Syntax error; token: "<EOF>", near: "{read.tokens[-1]}"')


@rule(
    "dynamodb",
    *_ITEMS,
    "TransactWriteItems",
    "TransactGetItems",
    when="before",
    follows=GUIDE + "ReservedWords.html",
    corrects="moto names the wrong kind of expression, and overlooks key conditions and paths",
)
def a_reserved_word_needs_a_placeholder(exchange: Exchange) -> None:
    """An attribute whose name is a reserved word is named by a placeholder.

    ValidationException: Attribute name is a reserved keyword; reserved keyword: status.
    """
    for params in _requests(exchange):
        for read in _expressions(params):
            keywords = _WORDS.get(read.kind, _LOGIC)
            for token, following in zip(read.tokens, [*read.tokens[1:], ""], strict=True):
                word = token.upper()
                if following == "(" or word in keywords or not token[0].isalpha():
                    continue
                if word in ReservedKeywords.get_reserved_keywords():
                    raise read.refuse(
                        f"Attribute name is a reserved keyword; reserved keyword: {token}"
                    )


@rule(
    "dynamodb",
    *_ITEMS,
    "TransactWriteItems",
    "TransactGetItems",
    when="before",
    follows=GUIDE + "Expressions.ExpressionAttributeNames.html",
    corrects="moto breaks down",
)
def a_placeholder_must_be_defined(exchange: Exchange) -> None:
    """Each placeholder in an expression stands in ExpressionAttributeNames or …Values.

    ValidationException: An expression attribute value used in expression is not defined;
    attribute value: :seat.
    """
    for params in _requests(exchange):
        names = params.get("ExpressionAttributeNames") or {}
        values = params.get("ExpressionAttributeValues") or {}
        for read in _expressions(params):
            for name in sorted(read.placeholders("#") - names.keys()):
                raise read.refuse(
                    "An expression attribute name used in the document path is not defined; "
                    f"attribute name: {name}"
                )
            for value in sorted(read.placeholders(":") - values.keys()):
                raise read.refuse(
                    "An expression attribute value used in expression is not defined; "
                    f"attribute value: {value}"
                )


@rule(
    "dynamodb",
    *_ITEMS,
    "TransactWriteItems",
    when="before",
    follows=GUIDE + "Expressions.ExpressionAttributeValues.html",
    corrects="moto overlooks values that no condition or query uses",
)
def a_placeholder_must_be_used(exchange: Exchange) -> None:
    """Every name and value that is defined is used in an expression.

    ValidationException: Value provided in ExpressionAttributeValues unused in expressions.
    """
    for params in _requests(exchange):
        if "ExpressionAttributeNames" not in params and "ExpressionAttributeValues" not in params:
            continue
        read = _expressions(params)
        for kind, sign in (("Names", "#"), ("Values", ":")):
            defined: dict[str, Any] = params.get(f"ExpressionAttribute{kind}") or {}
            used = {token for one in read for token in one.placeholders(sign)}
            unused = [name for name in defined if name not in used]
            if unused and not read:
                raise refused(
                    f"ExpressionAttribute{kind} can only be specified when using expressions"
                )
            if unused:
                raise refused(
                    f"Value provided in ExpressionAttribute{kind} unused in expressions: "
                    f"keys: {{{', '.join(unused)}}}"
                )


@rule(
    "dynamodb",
    "Query",
    when="before",
    follows=GUIDE + "Query.FilterExpression.html",
    corrects="moto filters by the key",
)
def a_filter_cannot_look_at_the_key(exchange: Exchange) -> None:
    """The filter of a query looks at what is not part of the key.

    ValidationException: Filter Expression can only contain non-primary key attributes.
    """
    params, table = exchange.params, asked_table(exchange)
    if table is None or not params.get("FilterExpression"):
        return
    schema = table.schema
    for index in (*table.global_indexes, *table.indexes):
        if index.name == params.get("IndexName"):
            schema = index.schema
    names = params.get("ExpressionAttributeNames") or {}
    tokens = {names.get(token, token) for token in _TOKEN.findall(params["FilterExpression"])}
    for key in schema:
        if key["AttributeName"] in tokens:
            raise refused(
                "Filter Expression can only contain non-primary key attributes: "
                f"Primary key attribute: {key['AttributeName']}"
            )


@rule(
    "dynamodb",
    "Query",
    when="before",
    follows=GUIDE + "Query.KeyConditionExpressions.html",
    corrects="moto says nothing of a value of the wrong type",
)
def a_key_condition_has_the_type_of_the_key(exchange: Exchange) -> None:
    """The value that a key is compared with has the key's type.

    ValidationException: Condition parameter type does not match schema type.
    """
    params, table = exchange.params, asked_table(exchange)
    if table is None or not params.get("KeyConditionExpression"):
        return
    types = {one["AttributeName"]: one["AttributeType"] for one in table.attr}
    names = params.get("ExpressionAttributeNames") or {}
    values = params.get("ExpressionAttributeValues") or {}
    tokens = _TOKEN.findall(params["KeyConditionExpression"])
    for left, _, right in zip(tokens, tokens[1:], tokens[2:], strict=False):
        wanted, value = types.get(names.get(left, left)), values.get(right)
        if wanted and value and wanted not in value:
            raise refused(
                "One or more parameter values were invalid: Condition parameter type does not "
                "match schema type"
            )
