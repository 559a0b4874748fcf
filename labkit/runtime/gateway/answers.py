"""From what a function behind a proxy integration returns to an answer over HTTP.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from labkit.runtime.gateway.messages import Headers, Outgoing, json_answer
from labkit.runtime.gateway.refusals import Refused

_MEMBERS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
# API Gateway writes these itself, and renames what a function says.
_REMAPPED = {
    "connection",
    "content-length",
    "date",
    "host",
    "server",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "www-authenticate",
}


def malformed(why: str) -> Refused:
    """502, for an answer that is not in the format."""
    return Refused(
        "DEFAULT_5XX", status=502, why=f"Malformed Lambda proxy response: {why}", word=""
    )


def rest(payload: bytes, decode: bool) -> Outgoing:
    """The answer of a REST API; `decode` if a body in Base64 may be turned into bytes."""
    told = _parsed(payload)
    if not isinstance(told, dict) or not told:
        raise malformed("it is no object with statusCode, headers and body.")
    strange = sorted(told.keys() - _MEMBERS)
    if strange:
        raise malformed(f"it has the member {strange[0]}, which the format does not know.")
    status = _status(told.get("statusCode", 200))
    headers = _headers(told)
    body = _body(told, decode)
    if "Content-Type" not in headers:
        headers.set("Content-Type", "application/json")
    return Outgoing(status, headers, body)


def http(payload: bytes, second: bool) -> Outgoing:
    """The answer of an HTTP API or a function URL; in format 2.0 it may be inferred.

    Raises Refused if it cannot be understood.
    """
    told = _parsed(payload)
    if second and not (isinstance(told, dict) and "statusCode" in told):
        if isinstance(told, str):
            return Outgoing(200, Headers([("Content-Type", "application/json")]), told.encode())
        return json_answer(200, told)
    if not isinstance(told, dict):
        raise malformed("it is no object with statusCode, headers and body.")
    headers = _headers(told)
    for cookie in told.get("cookies") or []:
        headers.add("Set-Cookie", str(cookie))
    body = _body(told, decode=True)
    if "Content-Type" not in headers:
        headers.set("Content-Type", "text/plain;charset=UTF-8")
    return Outgoing(_status(told.get("statusCode", 200)), headers, body)


def _parsed(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except ValueError as error:
        raise malformed("it is no JSON.") from error


def _status(value: Any) -> int:
    try:
        status = int(value)
    except (TypeError, ValueError) as error:
        raise malformed(f"its statusCode is {value!r}.") from error
    if not 100 <= status <= 599:
        raise malformed(f"its statusCode is {value!r}.")
    return status


def _headers(told: dict[str, Any]) -> Headers:
    """The headers; a name in both forms has the values of both, under the spelling of the first."""
    found: dict[str, tuple[str, list[str]]] = {}
    many = told.get("multiValueHeaders") or {}
    if not isinstance(many, dict) or not all(isinstance(value, list) for value in many.values()):
        raise malformed("a value in its multiValueHeaders is no list.")
    once = told.get("headers") or {}
    if not isinstance(once, dict):
        raise malformed("its headers are no object.")
    every = [*many.items(), *((name, [value]) for name, value in once.items())]
    for name, values in every:
        spelled = f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name
        found.setdefault(name.lower(), (spelled, []))[1].extend(_text(value) for value in values)
    return Headers((name, value) for name, values in found.values() for value in values)


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _body(told: dict[str, Any], decode: bool) -> bytes:
    body = told.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise malformed("its body is no string.")
    if told.get("isBase64Encoded") and decode:
        try:
            return base64.b64decode(body, validate=True)
        except binascii.Error as error:
            raise malformed("its body is no Base64.") from error
    return body.encode()
