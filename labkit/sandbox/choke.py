"""Every request that moto serves passes here once, whoever sent it and by whichever road.

    boto3 in this process ──┐                         hooks, in order   moto's own   hooks, in
    requests                ├─→ moto's response class ──→ before ─────→ handler ───→ after
    Lambda children, aws,   │   (service, operation,        │                          │
    curl, over HTTP ────────┘    caller are known)          └── or an answer, or an error

A hook knows what moto does not: rules of fidelity, and who may do what. This module knows no
rule; it only lets the hooks see each exchange, answer in moto's stead, or raise a
`ServiceException`, which goes out in the protocol of the service.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol
from xml.sax.saxutils import escape

from labkit.errors import BrokenLab, LabError, NotSimulated
from labkit.sandbox import determinism, operations
from labkit.sandbox.principals import principal_of
from labkit.sandbox.turn import Turn

Reply = tuple[int, dict[str, Any], Any]  # status, headers, body: what moto's handlers return
Params = dict[str, Any]
Answer = Params | Reply  # a reply where boto3 has no word for it: a web page, a redirection


class Exchange:
    """One request and, once it is served, its reply.

    `service` and `operation` are named as boto3 and AWS name them; `handler` is moto's response
    object, for rules that need its backend.
    """

    def __init__(self, handler: Any, at: datetime) -> None:
        self.handler = handler
        self.request = handler.normalized_request
        self.service: str = handler.boto3_service_name
        self.operation, self._url_params = operations.identify(handler)
        self.access_key: str = handler.access_key
        self.account: str = handler.current_account
        self.region: str = handler.region
        self.over_http: bool = self.request.from_wsgi_server
        self.at = at
        self.caller: Any = None  # who signed it, once labkit.fidelity has looked
        self.reply: Reply | None = None

    @cached_property
    def source(self) -> operations.Source:
        """The request as it was sent, whatever a handler does to it."""
        return operations.Source.of(self.handler, self.operation, self._url_params)

    @cached_property
    def params(self) -> Params:
        """The parameters as boto3 was given them; moto's own copy where it has parsed them.

        What a rule changes here, moto's handler sees changed.
        """
        parsed = getattr(self.handler, "params", None)
        return parsed if type(parsed) is dict else self.source.params()

    @cached_property
    def principal(self) -> str:
        """The ARN of whoever signed the request."""
        return principal_of(self.access_key, self.account)

    def serve_in(self, account: str) -> None:
        """Let moto serve the request in another account than the caller's."""
        assert self.principal  # told by the caller's account, so before that changes
        self.account = self.handler.current_account = account


class Hook(Protocol):
    """Something that wants to see every exchange."""

    def before(self, exchange: Exchange) -> Answer | None:
        """Before moto's handler: an answer in its stead, or None to let it serve."""

    def after(self, exchange: Exchange, result: Callable[[], Params]) -> Answer | None:
        """After a success: an answer instead of `result()`, or None to let it be."""


class Choke:
    """The hooks of one sandbox, and the turn that its requests wait for.

    `now` tells its time; `record` is called with each exchange when it is over.
    """

    def __init__(self, now: Callable[[], datetime], record: Callable[[Exchange], None]) -> None:
        self.hooks: list[Hook] = []
        self.turn = Turn()
        self._now = now
        self._record = record

    def serve(self, handler: Any, moto_serves: Callable[[], Reply]) -> Reply:
        """Take one request, already unpacked by `handler`, past the hooks and to moto."""
        from moto.core.exceptions import ServiceException

        from labkit.sandbox.awserror import AwsError

        with self.turn, determinism.dispatching():
            exchange = Exchange(handler, self._now())
            try:
                exchange.reply = self._answered(exchange) or _served(exchange, moto_serves)
                self._better(exchange)
            except ServiceException as error:
                exchange.reply = serialised(handler, error)
            except (NotSimulated, BrokenLab) as fault:
                as_error = AwsError(type(fault).__name__, str(fault))
                _, headers, body = serialised(handler, as_error)
                exchange.reply = 501, headers, body  # no status that a client tries again
                if not exchange.over_http:
                    raise
            finally:
                self._record(exchange)
            return exchange.reply

    def _answered(self, exchange: Exchange) -> Reply | None:
        for hook in self.hooks:
            answer = hook.before(exchange)
            if answer is not None:
                return _replied(exchange, answer)
        return None

    def _better(self, exchange: Exchange) -> None:
        for hook in self.hooks:
            if exchange.reply is None or exchange.reply[0] >= 300:
                return
            answer = hook.after(exchange, lambda: result_of(exchange))
            if answer is not None:
                exchange.reply = _replied(exchange, answer)


def _replied(exchange: Exchange, answer: Answer) -> Reply:
    if isinstance(answer, tuple):
        return answer
    if exchange.service == "s3":  # where moto's handler keeps the name of IAM's action
        exchange.handler.data["Action"] = exchange.operation
    return serialised(exchange.handler, answer)


def _served(exchange: Exchange, moto_serves: Callable[[], Reply]) -> Reply:
    from moto.core.exceptions import ServiceException
    from werkzeug.exceptions import HTTPException

    try:
        status, headers, body = moto_serves()
    except (ServiceException, LabError):
        raise
    except HTTPException as error:
        return error.code or 500, dict(error.get_headers()), error.get_body()
    except NotImplementedError as missing:
        raise not_simulated(exchange.service, exchange.operation) from missing
    except Exception as crash:
        raise BrokenLab(
            f"The sandbox broke down at {exchange.service}'s {exchange.operation}: {crash!r}.",
            "That is a fault of the simulation; AWS would have answered.",
            "Check the parameters; if they are right, leave this call out.",
        ) from crash
    return int(status), headers, body


def not_simulated(service: str, operation: str = "") -> NotSimulated:
    """What a call of an operation, or a whole service, that the sandbox lacks comes to."""
    what = f"{service}'s {operation}" if operation else f"the service behind {service}"
    return NotSimulated(
        f"The sandbox does not have {what}.",
        "It answers what moto implements; the rest exists on AWS only.",
        "lab.ledger() says what differs from AWS.",
    )


def serialised(handler: Any, answer: Params | Exception) -> Reply:
    """`answer` in the protocol that the request came in, with a request id."""
    from moto.core.responses import ActionResult

    from labkit.sandbox.awserror import AwsError

    status, headers, body = handler.serialized(ActionResult(answer))
    headers, body = handler._enrich_response(dict(headers), body)
    if isinstance(answer, AwsError):
        status = answer.status or status
        body = _with_details(body, answer.details)
    if handler.normalized_request.method == "HEAD":
        body = ""
    return int(status), headers, body


def _with_details(body: Any, details: dict[str, object]) -> Any:
    """The XML of an error with further elements, before the request id that ends it."""
    if not details or not isinstance(body, str):
        return body
    more = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in details.items())
    return body.replace("<RequestId>", more + "<RequestId>", 1)


def result_of(exchange: Exchange) -> Params:
    """The reply as boto3 would parse it."""
    if exchange.reply is None:
        return {}
    return exchange.source.reply(exchange.reply)
