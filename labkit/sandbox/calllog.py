"""Every call that reached the sandbox is in the log: what was asked, by whom, when, with what end.

Exercises read it where the lesson is how something was done, and the bill is made from it.
What is costly to read (parameters, the parsed response) is parsed when someone asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from labkit.sandbox.operations import KEPT_STREAM_BYTES, Params, Reply, Source


@dataclass(frozen=True)
class Call:
    """One request and its reply; times are virtual.

    A streamed body (an object of S3) above 64 KiB is not kept: its parameter is absent then,
    and `request_bytes` or `response_bytes` says how large it was.
    """

    index: int
    at: datetime
    ended_at: datetime
    service: str
    operation: str
    region: str  # whose endpoint was asked
    principal: str
    status: int
    request_bytes: int
    response_bytes: int
    over_http: bool
    _source: Source = field(repr=False)
    _reply: Reply = field(repr=False)

    @cached_property
    def params(self) -> Params:
        """The parameters as boto3 was given them."""
        return self._source.params()

    @cached_property
    def response(self) -> Params:
        """The response as boto3 returns it, or as its ClientError carries it."""
        return self._source.reply(self._reply)

    @property
    def presigned(self) -> bool:
        """Whether the signature came in the address, so that whoever holds that could call."""
        query = self._source.request["values"]
        return "X-Amz-Signature" in query or "Signature" in query

    @property
    def error_code(self) -> str | None:
        """AWS's error code, or None if the call succeeded."""
        return str(self.response["Error"]["Code"]) if "Error" in self.response else None


class CallLog:
    """The calls of one sandbox in order; labkit's own are left out."""

    def __init__(self) -> None:
        self._calls: list[Call] = []

    def __len__(self) -> int:
        return len(self._calls)

    def mark(self) -> int:
        """A place in the log; `since` returns what came after it."""
        return len(self._calls)

    def since(self, mark: int = 0) -> tuple[Call, ...]:
        """The calls that came after `mark`, in order."""
        return tuple(self._calls[mark:])

    def record(self, exchange: Any, ended_at: datetime) -> None:
        """Add the call of a finished exchange (labkit.sandbox.choke.Exchange)."""
        status, headers, body = exchange.reply or (500, {}, b"")
        size = len(body.encode()) if isinstance(body, str) else len(body or b"")
        self._calls.append(
            Call(
                index=len(self._calls),
                at=exchange.at,
                ended_at=ended_at,
                service=exchange.service,
                operation=exchange.operation,
                region=exchange.region,
                principal=exchange.principal,
                status=status,
                request_bytes=exchange.source.size,
                response_bytes=size,
                over_http=exchange.over_http,
                _source=exchange.source,
                _reply=(
                    status,
                    headers,
                    body if size <= KEPT_STREAM_BYTES else _kept(exchange, body),
                ),
            )
        )


def _kept(exchange: Any, body: Any) -> Any:
    return b"" if exchange.source.streams_out else body
