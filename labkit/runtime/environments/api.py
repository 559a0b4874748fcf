"""The Runtime API of one execution environment: where its process asks for work and hands it in.

    GET  /2018-06-01/runtime/invocation/next              waits for an event
    POST /2018-06-01/runtime/invocation/ID/response       its answer
    POST /2018-06-01/runtime/invocation/ID/error          what it raised
    POST /2018-06-01/runtime/init/error                   it never got ready
    POST /labkit/sleep                                    let so many seconds pass

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

_RUNTIME = "/2018-06-01/runtime"


@dataclass(frozen=True)
class Work:
    """An event on its way to the process, with what goes in the headers beside it."""

    headers: Mapping[str, str]
    event: bytes


@dataclass(frozen=True)
class Said:
    """What the process handed in: it is `ready`, or an `answer`, an `error`, an `init error`."""

    what: str
    body: bytes = b""


class RuntimeApi:
    """A server on a port of the loopback interface, for one process.

    `hear` is called, from a thread of its own, with whatever the process hands in; `sleep` with
    the seconds that it wants to sleep.
    """

    def __init__(self, hear: Callable[[Said], None], sleep: Callable[[float], None]) -> None:
        self._hear, self._sleep = hear, sleep
        self._work: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._accept, name="labkit-runtime-api", daemon=True).start()

    def give(self, work: Work) -> None:
        """Let the process have an event when it next asks."""
        self._work.put(work)

    def close(self) -> None:
        """Stop listening, and let go of whoever waits."""
        self._work.put(None)
        with suppress(OSError):  # not on every system; closing does it there
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(
                target=self._serve, args=(connection,), name="labkit-runtime-api", daemon=True
            ).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as incoming:
            try:
                while request := incoming.readline():
                    path = request.split()[1].decode()
                    length = _length(incoming)
                    reply = self._reply(path, incoming.read(length))
                    if reply is None:
                        return
                    connection.sendall(reply)
            except OSError:
                return  # the process is gone

    def _reply(self, path: str, body: bytes) -> bytes | None:
        if path == f"{_RUNTIME}/invocation/next":
            self._hear(Said("ready"))
            work = self._work.get()
            return None if work is None else _http("200 OK", work.event, work.headers)
        if path == "/labkit/sleep":
            self._sleep(float(body))
            return _http("200 OK", b"")
        kind = path.removeprefix(_RUNTIME)
        said = {"/init/error": "init error"}.get(kind) or {
            "response": "answer",
            "error": "error",
        }.get(kind.rsplit("/", 1)[-1])
        if said is None:
            return _http("404 Not Found", b"")
        self._hear(Said(said, body))
        return _http("202 Accepted", b'{"status":"OK"}')


def _length(incoming: object) -> int:
    """The length that the headers tell; they are read past."""
    length = 0
    while line := incoming.readline().strip():  # type: ignore[attr-defined]
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return length


def _http(status: str, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    lines = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    lines.update(headers or {})
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body
