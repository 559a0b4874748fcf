"""The ways into moto's request handling, each led past the choke point of the open sandbox.

every service but S3    BaseResponse._dispatch       (DynamoDB and Auto Scaling override what
                                                      it calls, not itself)
S3                      _bucket_response, _key_response: it never comes through `_dispatch`
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from labkit.sandbox.choke import Choke, Reply, serialised
from labkit.sandbox.imports import watch

_led_to: list[Choke] = []


def lead_to(choke: Choke) -> None:
    """Let moto's requests pass `choke`; moto is wrapped once, a later choke takes the place."""
    first = not _led_to
    _led_to[:] = [choke]
    if first:
        _wrap_moto()


# Error codes that AWS documents for every service and that no service's model lists; moto warns
# of a code that it does not know.
_COMMON_ERRORS = (
    "AccessDenied",
    "AccessDeniedException",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "MissingParameter",
    "SignatureDoesNotMatch",
    "Throttling",
    "UnrecognizedClientException",
    "NotSimulated",
    "BrokenLab",
)


def _wrap_moto() -> None:
    from moto.core.errors import COMMON_ERROR_CODES
    from moto.core.responses import BaseResponse

    COMMON_ERROR_CODES.extend(_COMMON_ERRORS)

    def dispatch(self: Any, request: Any, full_url: Any = None, headers: Any = None) -> Reply:
        request.get_data()  # keeps the body as it was sent; moto takes a form apart
        self.setup_class(request, full_url, headers)
        return _led_to[0].serve(self, self.call_action)

    setattr(BaseResponse, "_dispatch", dispatch)  # noqa: B010 - mypy minds a plain assignment

    watch("moto.s3.responses", _wrap_s3)
    watch("moto.elb.urls", _wrap_elb)


@contextmanager
def _wrap_elb(module: Any) -> Iterator[None]:
    """Both ELBs share a host, and moto takes the form apart to see which is meant."""
    yield
    for path, original in module.url_paths.items():

        def keep_body(request: Any, *rest: Any, original: Any = original) -> Reply:
            request.get_data()
            return original(request, *rest)  # type: ignore[no-any-return]

        module.url_paths[path] = keep_body


@contextmanager
def _wrap_s3(module: Any) -> Iterator[None]:
    yield
    for name in ("_bucket_response", "_key_response"):
        setattr(module.S3Response, name, _through_choke(module, getattr(module.S3Response, name)))


def _through_choke(module: Any, original: Callable[..., Any]) -> Callable[..., Reply]:
    def serve(self: Any, request: Any, full_url: str) -> Reply:
        def moto_serves() -> Reply:
            try:
                reply = original(self, request, full_url)
            except module.S3ClientError as error:
                return serialised(self, error)
            return (200, {}, reply) if isinstance(reply, str | bytes) else reply

        return _led_to[0].serve(self, moto_serves)

    return serve
