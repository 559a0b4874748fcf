"""CORS as HTTP APIs and function URLs do it by themselves; a REST API has an OPTIONS method.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
"""

from __future__ import annotations

from typing import Any

from labkit.runtime.gateway.call import Call
from labkit.runtime.gateway.messages import Headers, Outgoing

_START = "Access-Control-"


def settings(given: dict[str, Any] | None) -> dict[str, Any]:
    """A configuration with its members in lower case first."""
    return {name[:1].lower() + name[1:]: value for name, value in (given or {}).items()}


def preflight(call: Call, cors: dict[str, Any]) -> Outgoing | None:
    """The answer to a browser that asks before it sends; None if it is no such question."""
    asked = call.incoming.headers.get("Access-Control-Request-Method")
    if call.incoming.method != "OPTIONS" or not asked or not cors:
        return None
    headers = Headers()
    if _allowed_origin(call, cors) is None:
        return Outgoing(204, headers)
    add(call, cors, headers)
    for name, member in (("Allow-Methods", "allowMethods"), ("Allow-Headers", "allowHeaders")):
        if cors.get(member):
            headers.set(_START + name, ",".join(cors[member]))
    if cors.get("maxAge") is not None:
        headers.set(_START + "Max-Age", str(cors["maxAge"]))
    return Outgoing(204, headers)


def add(call: Call, cors: dict[str, Any], headers: Headers) -> None:
    """Add what a browser needs to let a page of another origin see the answer."""
    origin = _allowed_origin(call, cors)
    if origin is None:
        return
    headers.set(_START + "Allow-Origin", origin)
    if cors.get("allowCredentials"):
        headers.set(_START + "Allow-Credentials", "true")
    if cors.get("exposeHeaders"):
        headers.set(_START + "Expose-Headers", ",".join(cors["exposeHeaders"]))


def _allowed_origin(call: Call, cors: dict[str, Any]) -> str | None:
    origin = call.incoming.headers.get("Origin")
    if not origin:
        return None
    for one in cors.get("allowOrigins") or []:
        if one == "*":
            return "*"
        scheme, star, _ = one.partition("*")
        if one == origin or (star and origin.startswith(scheme)):
            return origin
    return None
