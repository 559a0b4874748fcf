"""Which API, stage or function an address means, and where they listen.

https://API.execute-api.REGION.amazonaws.com/STAGE/path     on AWS, and for requests in the process
https://URL-ID.lambda-url.REGION.on.aws/path
http://127.0.0.1:PORT/execute-api/API/STAGE/path            for a browser or curl
http://127.0.0.1:PORT/lambda-url/URL-ID/path
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_API_HOST = re.compile(r"^([a-z0-9]+)\.execute-api\.([a-z0-9-]+)\.amazonaws\.com$")
_URL_HOST = re.compile(r"^([a-z0-9]+)\.lambda-url\.([a-z0-9-]+)\.on\.aws$")
_PREFIX = re.compile(r"^/+(execute-api|lambda-url)/([A-Za-z0-9]+)(/.*|$)")


@dataclass(frozen=True)
class Place:
    """An API or a function's address: its id, and the path below its host.

    `region` is empty where the address does not say it.
    """

    kind: str  # "execute-api" or "lambda-url"
    id: str
    region: str
    path: str


def read(host: str, path: str, prefixed: bool = False) -> Place | None:
    """The place that an address means; None if it is none. `prefixed` for the sandbox's server."""
    name = host.split(":", 1)[0].lower()
    for kind, pattern in (("execute-api", _API_HOST), ("lambda-url", _URL_HOST)):
        found = pattern.match(name)
        if found and "/@connections" not in path:  # where a WebSocket API is answered
            return Place(kind, found[1], found[2], path)
    inside = _PREFIX.match(path) if prefixed else None
    return Place(inside[1], inside[2], "", inside[3]) if inside else None


def host_of(place: Place, region: str) -> str:
    """The name of the host on AWS."""
    end = "amazonaws.com" if place.kind == "execute-api" else "on.aws"
    return f"{place.id}.{place.kind}.{region}.{end}"


def split_stage(path: str) -> tuple[str, str]:
    """The stage that a path begins with, and the rest.

    >>> split_stage("//prod/orders/7")
    ('prod', '/orders/7')
    """
    stage, slash, rest = path.lstrip("/").partition("/")
    return stage, f"{slash}{rest}"


def find_rest(place: Place) -> tuple[Any, Any] | None:
    """moto's backend and REST API of a place."""
    from moto.apigateway.models import apigateway_backends

    backends: Any = apigateway_backends
    for _, region, backend in backends.iter_backends():
        if place.region in ("", region) and place.id in backend.apis:
            return backend, backend.apis[place.id]
    return None


def find_http(place: Place) -> tuple[Any, Any] | None:
    """moto's backend and HTTP API of a place."""
    from moto.apigatewayv2.models import apigatewayv2_backends

    backends: Any = apigatewayv2_backends
    for _, region, backend in backends.iter_backends():
        if place.region in ("", region) and place.id in backend.apis:
            return backend, backend.apis[place.id]
    return None


def find_function(place: Place) -> Any:
    """moto's function whose own address a place is; None if there is none."""
    from moto.awslambda.models import lambda_backends

    backends: Any = lambda_backends
    for _, region, backend in backends.iter_backends():
        for function in backend.list_functions():
            config = function.url_config
            if config is not None and f"//{place.id}.lambda-url.{region}." in config.url:
                return function
    return None
