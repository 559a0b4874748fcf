"""How requests come to the front door: from this process, and from the sandbox's HTTP server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from labkit.errors import UsageError
from labkit.runtime.gateway import addresses

if TYPE_CHECKING:
    from labkit.runtime.gateway.messages import Incoming, Outgoing
    from labkit.sandbox.sandbox import Sandbox


def open_for(sandbox: Sandbox) -> None:
    """Let requests in until the sandbox closes."""
    from labkit.sandbox import guard

    answering = guard.answer_with(answer)
    answering.__enter__()
    sandbox.on_close(lambda: answering.__exit__(None, None, None))
    sandbox.doors.append(at_the_server)


def _serve(place: addresses.Place, incoming: Incoming) -> Outgoing | None:
    from labkit import runtime

    return runtime.running().gateway.serve(place, incoming)


# ---- from this process ----


def answer(request: Any) -> Any:
    """The response to a request that requests or urllib3 is about to send; None if not for us."""
    url = urlsplit(request.url)
    place = addresses.read(url.netloc, url.path)
    if place is None:
        return None
    from labkit.runtime.gateway.messages import Incoming, headers_of

    incoming = Incoming(
        method=str(request.method).upper(),
        host=url.netloc,
        path=url.path,
        query=url.query,
        headers=headers_of(request.headers.items()),
        body=body_of(request.body),
        scheme=url.scheme,
    )
    found = _serve(place, incoming)
    if found is None:
        raise _nobody_there(place)
    return as_response(request.url, found.status, found.headers.pairs, found.body)


def _nobody_there(place: addresses.Place) -> UsageError:
    what = "API" if place.kind == "execute-api" else "function URL"
    return UsageError(
        f"There is no {what} {place.id!r} in {place.region}.",
        "Its host answers when it was made, in the Region that made it.",
        "apigateway.get_rest_apis(), apigatewayv2.get_apis() and lambda.get_function_url_config() "
        "tell what there is.",
    )


def body_of(body: Any) -> bytes:
    """What requests or urllib3 would send as a body."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes | bytearray):
        return bytes(body)
    read = body.read() if hasattr(body, "read") else b"".join(body)
    return read.encode() if isinstance(read, str) else bytes(read)


class _Body(BytesIO):
    """A response body that can be read as urllib3's can."""

    def stream(self, amt: int = 65536, **_: Any) -> Any:
        while chunk := self.read(amt):
            yield chunk


def as_response(url: str, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> Any:
    """An answer as requests and urllib3 read it."""
    from botocore.awsrequest import AWSResponse
    from urllib3 import HTTPHeaderDict

    response = AWSResponse(url, status, {}, _Body(body))
    response.headers = HTTPHeaderDict()
    for name, value in headers:
        response.headers.add(name, value)
    return response


# ---- from the sandbox's HTTP server ----


def at_the_server(
    environ: dict[str, Any], start_response: Callable[..., Any]
) -> Iterable[bytes] | None:
    """The WSGI response to a request for a stage or a function; None if it is for moto."""
    whole = str(environ.get("REQUEST_URI") or environ.get("RAW_URI") or environ["PATH_INFO"])
    path, _, query = whole.partition("?")
    place = addresses.read(str(environ.get("HTTP_HOST", "")), path, prefixed=True)
    if place is None:
        return None
    from http import HTTPStatus

    from werkzeug.wrappers import Request

    from labkit.runtime.gateway.messages import Incoming, headers_of, json_answer

    request = Request(environ)
    incoming = Incoming(
        method=request.method.upper(),
        host=str(environ.get("HTTP_HOST", "")),
        path=place.path,
        query=query,
        headers=headers_of(environ.get("labkit.headers") or request.headers.items()),
        body=request.get_data(),
        scheme="http",
        over_http=True,
        signed_path=path,
    )
    found = _serve(place, incoming)
    if found is None:
        found = json_answer(404, {"message": f"There is no {place.kind} {place.id}."})
    known = {status.value: status.phrase for status in HTTPStatus}
    left_out = {"connection", "date", "transfer-encoding"}  # the server says these
    fields = [pair for pair in found.headers.pairs if pair[0].lower() not in left_out]
    start_response(f"{found.status} {known.get(found.status, 'Unknown')}", fields)
    return [found.body]
