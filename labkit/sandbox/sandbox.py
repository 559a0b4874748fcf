"""The one sandbox of the process: AWS as far as boto3 can see, made of moto and labkit's mending.

Sandbox.open(seed) ──→ plain boto3.client("sqs") works, made before or after
    .clock             the virtual clock
    .calls             the log of what was asked
    .endpoint_url      the same state over HTTP, for other processes
Sandbox.open(seed) ──→ everything gone, the clock at its start, the same ids again
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from labkit.errors import ClosedLab
from labkit.sandbox import determinism, entrances, guard, quicker, shelf, standins, transport
from labkit.sandbox.calllog import CallLog
from labkit.sandbox.choke import Choke, Exchange
from labkit.sandbox.clock import Clock
from labkit.sandbox.server import Door, Server


class Sandbox:
    """An AWS account in memory: 123456789012, home in us-east-1, at 2026-01-05 09:00 UTC.

    There is one at a time. `open` closes the earlier one and clears what it held.
    """

    _current: Sandbox | None = None

    def __init__(self, seed: str) -> None:
        """Use `open`."""
        self.seed = seed
        self.clock = Clock()
        self.calls = CallLog()
        self.choke = Choke(lambda: self.clock.now, self._record)
        self.closed = False
        self._quiet = 0
        self._clients: dict[tuple[str, str], Any] = {}
        self.doors: list[Door] = []  # what the HTTP server asks before it asks moto
        self._server: Server | None = None
        self._on_close = ExitStack()

    @classmethod
    def current(cls) -> Sandbox:
        """The open sandbox of this process."""
        if cls._current is None:
            raise ClosedLab(
                "No sandbox is open.",
                "There is one to a process, and it ends with its lab.",
                "labkit.start(...) opens one.",
            )
        return cls._current

    @classmethod
    def open(cls, seed: str) -> Sandbox:
        """A fresh sandbox whose ids follow from `seed`; an earlier one is closed first."""
        guard.arm()
        if cls._current is not None:
            cls._current.close()
        determinism.install()
        standins.install()
        shelf.install()
        sandbox = cls(seed)
        sandbox._take_over()
        cls._current = sandbox
        return sandbox

    def _take_over(self) -> None:
        import boto3

        clear_moto()
        entrances.lead_to(self.choke)
        quicker.install()
        standins.follow(self.clock)
        determinism.seed(self.seed)
        self._on_close.enter_context(guard.answer_with(transport.answer))
        # A default session made before labkit was imported would have its own region and keys.
        if not getattr(boto3.DEFAULT_SESSION, "_of_labkit", False):
            boto3.setup_default_session()
            boto3.DEFAULT_SESSION._of_labkit = True
        self.session = boto3.DEFAULT_SESSION

    def close(self) -> None:
        """Forget everything; from now on the guard refuses AWS's hosts again."""
        if self.closed:
            return
        self.closed = True
        self._on_close.close()
        if self._server is not None:
            self._server.close()
        standins.follow(None)
        determinism.seed(None)
        clear_moto()
        Sandbox._current = None

    def on_close(self, undo: Callable[[], object]) -> None:
        """Call `undo` when this sandbox closes; the last one registered is called first."""
        self._on_close.callback(undo)

    @property
    def endpoint_url(self) -> str:
        """The sandbox over HTTP on this machine; the server starts when this is first read."""
        self._must_be_open()
        if self._server is None:
            self._server = Server(self.clock, self.doors)
        return self._server.url

    def client(self, service: str, region: str = guard.REGION) -> Any:
        """A boto3 client, made once: the first of a service costs up to 130 ms."""
        self._must_be_open()
        if (service, region) not in self._clients:
            self._clients[service, region] = self.session.client(service, region_name=region)
        return self._clients[service, region]

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Calls made meanwhile are labkit's own: not in the learner's log, and not billed."""
        self._quiet += 1
        try:
            yield
        finally:
            self._quiet -= 1

    @property
    def quiet(self) -> bool:
        """Whether the calls being made are labkit's own."""
        return self._quiet > 0

    def _record(self, exchange: Exchange) -> None:
        if not self.quiet:
            self.calls.record(exchange, self.clock.now)

    def _must_be_open(self) -> None:
        if self.closed:
            raise ClosedLab(
                "This sandbox is closed.",
                "What it held is gone.",
                "labkit.start(...) opens a fresh one.",
            )


def clear_moto() -> None:
    """Leave nothing in moto: no backend, no open file, no instance that it keeps track of."""
    from moto.core import base_backend
    from moto.core.model_instances import reset_model_data

    registry: Any = base_backend.BackendDict
    in_use: list[Any] = registry._instances
    for backends in in_use:
        for _, _, backend in backends.iter_backends():
            # Most backends' reset makes them anew, for EC2 in two seconds. Only what has
            # something to put away (files, threads) needs it.
            if type(backend).reset is not base_backend.BaseBackend.reset:
                backend.reset()
        backends.clear()
    in_use.clear()
    reset_model_data()
