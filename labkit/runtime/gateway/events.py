"""The events that functions get: format 1.0 of REST APIs, 2.0 of HTTP APIs and function URLs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from labkit.runtime.gateway.call import Call
from labkit.runtime.gateway.messages import multi, single

_TEXT = ("application/json", "application/javascript", "application/xml", "text/")


def rest(call: Call, binary: bool = False) -> dict[str, Any]:
    """The event of a REST API's proxy integration."""
    headers, query = call.headers(), call.incoming.query_pairs
    body, encoded = call.body_told(binary)
    return {
        "resource": call.resource_path,
        "path": _path(call),
        "httpMethod": call.incoming.method,
        "headers": single(headers) or None,
        "multiValueHeaders": multi(headers) or None,
        "queryStringParameters": single(query) or None,
        "multiValueQueryStringParameters": multi(query) or None,
        "pathParameters": call.path_parameters or None,
        "stageVariables": call.stage_variables or None,
        "requestContext": call.context(),
        "body": body,
        "isBase64Encoded": encoded,
    }


def _path(call: Call) -> str:
    """The path below the stage; of several slashes at its beginning one is left."""
    return "/" + call.path.lstrip("/")


def first_format(call: Call) -> dict[str, Any]:
    """The event of an HTTP API's integration with payload format 1.0."""
    binary = not _is_text(call)
    event = rest(call, binary)
    path = call.resource_path.split(" ", 1)[-1]  # of a route's key
    event["resource"] = event["requestContext"]["resourcePath"] = path
    event["pathParameters"] = _decoded(call.path_parameters) or None
    return {"version": "1.0", **event}


def second_format(call: Call, route_key: str) -> dict[str, Any]:
    """The event with payload format 2.0, of HTTP APIs and function URLs."""
    body, encoded = call.body_told(not _is_text(call))
    event: dict[str, Any] = {**_second_head(call, route_key), "isBase64Encoded": encoded}
    if body is not None:
        event["body"] = body
    return event


def _second_head(call: Call, route_key: str) -> dict[str, Any]:
    fields = [(name.lower(), value) for name, value in call.headers() if name.lower() != "cookie"]
    path = unquote(call.path) or "/"
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path if call.stage == "$default" else f"/{call.stage}{path}",
        "rawQueryString": call.incoming.query,
        "headers": _joined(fields),
    }
    cookies = [one for value in call.incoming.headers.all("Cookie") for one in value.split("; ")]
    if cookies:
        event["cookies"] = cookies
    if call.incoming.query_pairs:
        event["queryStringParameters"] = _joined(call.incoming.query_pairs)
    context: dict[str, Any] = {
        "accountId": call.account,
        "apiId": call.api_id,
        "domainName": call.incoming.host,
        "domainPrefix": call.incoming.host.split(".", 1)[0],
        "http": {
            "method": call.incoming.method,
            "path": event["rawPath"],
            "protocol": "HTTP/1.1",
            "sourceIp": call.source_ip,
            "userAgent": call.incoming.headers.get("User-Agent") or "",
        },
        "requestId": call.request_id,
        "routeKey": route_key,
        "stage": call.stage,
        "time": call.request_time,
        "timeEpoch": call.epoch_ms,
    }
    if call.authorizer:
        context["authorizer"] = dict(call.authorizer)
    event["requestContext"] = context
    if call.path_parameters:
        event["pathParameters"] = _decoded(call.path_parameters)
    if call.stage_variables:
        event["stageVariables"] = call.stage_variables
    return event


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    return {name: ",".join(values) for name, values in multi(pairs).items()}


def _decoded(parameters: dict[str, str]) -> dict[str, str]:
    return {name: unquote(value) for name, value in parameters.items()}


def _is_text(call: Call) -> bool:
    """Whether a body is text by its media type; without one it is taken for text."""
    kind = (call.incoming.headers.get("Content-Type") or "text/plain").lower()
    return kind.startswith(_TEXT) or "+json" in kind or "+xml" in kind or "urlencoded" in kind


# ---- what authorizers get ----


def for_token_authorizer(call: Call, token: str) -> dict[str, Any]:
    """The event of a TOKEN authorizer."""
    return {"type": "TOKEN", "methodArn": call.method_arn, "authorizationToken": token}


def for_request_authorizer(call: Call) -> dict[str, Any]:
    """The event of a REQUEST authorizer of a REST API."""
    event = rest(call)
    del event["body"], event["isBase64Encoded"]
    for name in ("headers", "multiValueHeaders"):
        event[name] = event[name] or {}
    for name in (
        "queryStringParameters",
        "multiValueQueryStringParameters",
        "pathParameters",
        "stageVariables",
    ):
        event[name] = event[name] or {}
    return {"type": "REQUEST", "methodArn": call.method_arn, **event}


def for_http_authorizer(
    call: Call, route_key: str, identity: list[str], version: str
) -> dict[str, Any]:
    """The event of a Lambda authorizer of an HTTP API, in either format."""
    if version == "1.0":
        joined = ",".join(identity)
        told = {"identitySource": joined, "authorizationToken": joined}
        return {"version": "1.0", **for_request_authorizer(call), **told}
    head = _second_head(call, route_key)
    return {
        **head,
        "type": "REQUEST",
        "routeArn": call.method_arn,
        "identitySource": identity,
    }
