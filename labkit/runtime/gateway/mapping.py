"""Parameters that are carried over: of a request into its integration, of a response out of it.

https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
"""

from __future__ import annotations

import json
from typing import Any

from labkit.runtime.gateway.call import Call
from labkit.runtime.gateway.jsonpath import look_up
from labkit.runtime.gateway.messages import Headers
from labkit.runtime.gateway.velocity import as_json


def of_request(call: Call, expression: str) -> str | None:
    """What an expression means for a request; None if the request lacks it.

    'text', method.request.header.NAME, …querystring.NAME, …path.NAME, …body.JSONPATH,
    context.NAME, stageVariables.NAME.
    """
    if expression.startswith("'"):
        return expression.strip("'")
    if expression.startswith("method.request.multivalue"):
        expression = expression.replace("multivalue", "", 1)
    for kind, values in (
        ("header", {name.lower(): value for name, value in call.headers()}),
        ("querystring", dict(call.incoming.query_pairs)),
        ("path", call.path_parameters),
    ):
        start = f"method.request.{kind}."
        if expression.startswith(start):
            name = expression.removeprefix(start)
            return values.get(name.lower() if kind == "header" else name)
    if expression.startswith("method.request.body"):
        return _in_body(call.text(), expression.removeprefix("method.request.body"))
    if expression.startswith("stageVariables."):
        return call.stage_variables.get(expression.removeprefix("stageVariables."))
    return in_context(call, expression)


def in_context(call: Call, expression: str) -> str | None:
    """The value of `context.identity.sourceIp` and the like."""
    if not expression.startswith("context."):
        return None
    found: Any = call.context()
    for part in expression.split(".")[1:]:
        found = found.get(part) if isinstance(found, dict) else None
    return None if found is None else str(found)


def of_response(call: Call, expression: str, headers: Headers, body: str) -> str | None:
    """What an expression means for what an integration answered.

    'text', integration.response.header.NAME, integration.response.body.JSONPATH, and what can be
    said of the request.
    """
    if expression.startswith("'"):
        return expression.strip("'")
    if expression.startswith("integration.response.multivalueheader."):
        name = expression.removeprefix("integration.response.multivalueheader.")
        return ",".join(headers.all(name)) or None
    if expression.startswith("integration.response.header."):
        return headers.get(expression.removeprefix("integration.response.header."))
    if expression.startswith("integration.response.body"):
        return _in_body(body, expression.removeprefix("integration.response.body"))
    return of_request(call, expression)


def _in_body(body: str, path: str) -> str | None:
    if not path:
        return body
    try:
        found = look_up(json.loads(body), "$" + path)
    except ValueError:
        return None
    if found is None or isinstance(found, str):
        return found
    return as_json(found)


def media_type(headers: Headers) -> str:
    """The media type of a body, without parameters; JSON unless something is said."""
    given = headers.get("Content-Type") or "application/json"
    return given.split(";", 1)[0].strip().lower()
