"""Requests to AWS's hosts that leave boto3 or `requests` in this process are served by moto.

moto's own way in hangs on each client's events, which clients made before moto was imported do
not have, and looks the service up anew for every request. The guard has every request anyway.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from labkit.sandbox.choke import not_simulated
from labkit.sandbox.unread import announced_bytes, is_too_long, leave_unread

_REGION = re.compile(r"\.([a-z]{2,4}(?:-[a-z]+)+-\d)\.amazonaws\.")  # a bucket may look like one

_Serve = Callable[[Any, str, Any], tuple[int, dict[str, Any], Any]]


class _Body(BytesIO):
    """A response body that can be read as urllib3's can."""

    def stream(self, amt: int = 65536, **_: Any) -> Any:
        while chunk := self.read(amt):
            yield chunk


def answer(request: Any) -> Any:
    """botocore's response to `request`, or None if its host is none of AWS's.

    Raises NotSimulated for a service that moto lacks, and botocore's EndpointConnectionError for
    a Region that does not exist: no name server knows its hosts.
    """
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from botocore.exceptions import EndpointConnectionError
    from moto.core.request import normalize_request
    from werkzeug.exceptions import HTTPException

    url = urlsplit(request.url)
    if url.hostname is None:
        return None
    serve = _find(url.scheme, url.netloc, url.path)
    if serve is None:
        return None
    if _is_nowhere(url.hostname):
        raise EndpointConnectionError(endpoint_url=request.url)
    if not isinstance(request, AWSPreparedRequest):
        request = _as_botocore(request)
    size = announced_bytes(request.headers)
    if is_too_long(size):
        request.body = b""
    normalised = normalize_request(request)
    if is_too_long(size):
        leave_unread(normalised.environ, size)
    try:
        status, headers, body = serve(normalised, normalised.raw_url, normalised.headers)
    except HTTPException as error:
        status, headers, body = error.code or 500, dict(error.get_headers()), error.get_body()
    content = body.encode() if isinstance(body, str) else body
    return AWSResponse(request.url, status, headers, _Body(content))


@lru_cache(maxsize=256)
def _is_nowhere(host: str) -> bool:
    """Whether the host names a Region that AWS does not have."""
    named = _REGION.search(host)
    return named is not None and named[1] not in _regions()


@cache
def _regions() -> frozenset[str]:
    from botocore.loaders import Loader

    partitions = Loader().load_data("partitions")["partitions"]
    return frozenset(region for partition in partitions for region in partition["regions"])


def _as_botocore(request: Any) -> Any:
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.compat import HTTPHeaders

    headers = HTTPHeaders()
    for name, value in request.headers.items():
        headers[name] = value
    return AWSPreparedRequest(request.method, request.url, headers, request.body, False)


def forget_entrances() -> None:
    """Look up anew what moto serves where: there is more of it now."""
    _entrances.cache_clear()
    _entrances_of.cache_clear()


def _find(scheme: str, netloc: str, path: str) -> _Serve | None:
    address = f"{scheme}://{netloc}{path}"
    for pattern, serve in _entrances(scheme, netloc):
        if pattern.match(address):
            return serve
    if netloc.split(":", maxsplit=1)[0].endswith(".amazonaws.com"):
        raise not_simulated(netloc)
    return None


@lru_cache(maxsize=256)
def _entrances(scheme: str, netloc: str) -> list[tuple[re.Pattern[str], _Serve]]:
    """The addresses at this host that moto serves, and what serves them."""
    from moto.backend_index import backend_url_patterns

    host = f"{scheme}://{netloc}/"
    return [
        entrance
        for service, pattern in backend_url_patterns
        if pattern.match(host)
        for entrance in _entrances_of(service)
    ]


@cache
def _entrances_of(service: str) -> list[tuple[re.Pattern[str], _Serve]]:
    from moto import backends as moto_backends
    from moto.core.base_backend import BackendDict

    get_backend: Any = moto_backends.get_backend
    try:
        backends = get_backend(service)
    except ImportError as missing:
        raise not_simulated(service) from missing  # its own package is not in the lock
    if isinstance(backends, BackendDict):
        # The addresses belong to the class. To make a backend would leave a trace in the state,
        # and draw ids in the first sandbox of the process but not in the second.
        backend = object.__new__(backends.backend)
    else:
        backend = backends["global"]
    return [(re.compile(url), serve) for url, serve in backend.urls.items()]
