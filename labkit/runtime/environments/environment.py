"""An execution environment: one process, one event at a time, and its state in between.

    start ──→ the module is loaded ──→ waits ──→ an event ──→ an answer ──→ waits ──→ …
                       │                              │
                  it raises                  raises · exits · takes too long · too much memory

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

from __future__ import annotations

import os
import queue
import struct
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from labkit.facts import fact
from labkit.runtime.environments import report
from labkit.runtime.environments.api import RuntimeApi, Said, Work
from labkit.runtime.environments.code import Shelf, as_on_aws, import_path, packages
from labkit.runtime.environments.process import Process
from labkit.runtime.environments.spec import Spec
from labkit.runtime.outcome import Outcome

if TYPE_CHECKING:
    from labkit.sandbox.sandbox import Sandbox

LOOK_EVERY_S = 0.05
SPINS_S = 5.0  # real seconds of computing after which a handler counts as stuck
LOADS_S = 30.0  # the same for loading its modules
WAITS_S = 60.0  # real seconds without an answer, whatever it does
_TAKES_MS = 1.0  # a handler that does not sleep


@dataclass(frozen=True)
class Host:
    """What an environment has from its sandbox: time, and somewhere to unpack and to write."""

    sandbox: Sandbox
    shelf: Shelf
    clock_file: Path


class Ticking:
    """Writes the sandbox's time where the processes read it; a follower of the clock."""

    def __init__(self, path: Path, now: datetime) -> None:
        self._file = path.open("r+b" if path.exists() else "w+b", buffering=0)
        self.listeners: list[Environment] = []
        self.arrived(now)

    def leaving(self, now: datetime) -> None:
        """What was printed until now was printed now."""
        for listener in list(self.listeners):
            listener.listen(now)

    def arrived(self, now: datetime) -> None:
        """From now on it is `now` in every process."""
        self._file.seek(0)
        self._file.write(struct.pack("d", now.timestamp()))

    def close(self) -> None:
        """Time is written no more."""
        self._file.close()


class Environment:
    """One running copy of a version of a function, from its cold start until `close`."""

    def __init__(
        self, spec: Spec, host: Host, variables: Mapping[str, str], driver: str, stream: str
    ) -> None:
        self.spec, self.stream = spec, stream
        self.idle_since = host.sandbox.clock.now
        self.closed = False
        self.kept = False  # warm for as long as its version wants it
        self._host = host
        self._clock, self._turn = host.sandbox.clock, host.sandbox.choke.turn
        self._said: queue.SimpleQueue[Said] = queue.SimpleQueue()
        self._gone = threading.Event()
        self._printed: list[tuple[datetime, bytes]] = []
        self._deadline: datetime | None = None
        self._used_mib: float | None = None
        self._task, self._layers = host.shelf.task(spec), host.shelf.layers(spec)
        self._scratch = host.shelf.scratch()
        self._init_ms: float | None = None
        self._failed: Said | None = None
        self._open(variables, driver)

    def _open(self, variables: Mapping[str, str], driver: str) -> None:
        """Start what runs the code."""
        self._api = RuntimeApi(self._said.put, self._sleep)
        self._process = Process(self._variables(variables, driver))

    def _variables(self, own: Mapping[str, str], driver: str) -> dict[str, str]:
        return {
            **own,
            "AWS_LAMBDA_RUNTIME_API": self._api.address,
            "LAMBDA_TASK_ROOT": str(self._task),
            "LABKIT_CLOCK": str(self._host.clock_file),
            "LABKIT_DRIVER": driver,
            "LABKIT_PACKAGES": os.pathsep.join(packages()),
            "LABKIT_PATH": os.pathsep.join(import_path(self._task, self._layers)),
            "LABKIT_SEED": f"{self._host.sandbox.seed}/{self.stream}",
            "LABKIT_TMP": str(self._scratch),
            "PYTHONHASHSEED": "0",
        }

    def start(self) -> None:
        """Wait until the function's module is loaded, or has failed to."""
        began = self._clock.now
        longest = timedelta(seconds=float(fact("lambda.init_max_s")) + self.spec.timeout_s)
        said = self._loaded(began + longest)
        self._init_ms = _milliseconds(self._clock.now - began) + _TAKES_MS
        if said.what != "ready":
            self._failed = said

    def told_of_init(self) -> None:
        """Its start is no business of the first event that it handles."""
        self._init_ms = None

    def invoke(self, request_id: str, event: bytes, headers: Mapping[str, str]) -> Outcome:
        """Let the function handle one event; nobody else may ask meanwhile."""
        init_ms, began = self._init_ms, self._clock.now
        self._init_ms = None  # told once
        deadline = began + timedelta(seconds=self.spec.timeout_s)
        before = self._taken()
        said = self._failed
        if said is None:
            told = {
                "Lambda-Runtime-Aws-Request-Id": request_id,
                "Lambda-Runtime-Deadline-Ms": str(round(deadline.timestamp() * 1000)),
                **headers,
            }
            said = self._handled(told, event, deadline)
        lines = [
            *before,
            (began, report.start(request_id, self.spec.version)),
            *self._taken(),
        ]
        took_ms = _milliseconds(min(self._clock.now, deadline) - began)
        if said.what != "timeout":
            took_ms += _TAKES_MS
        return self._outcome(said, request_id, lines, took_ms, init_ms)

    def _loaded(self, deadline: datetime) -> Said:
        return self._wait("ready", deadline)

    def _handled(self, told: Mapping[str, str], event: bytes, deadline: datetime) -> Said:
        self._api.give(Work(told, event))
        return self._wait("answer", deadline)

    def _outcome(
        self,
        said: Said,
        request_id: str,
        lines: list[tuple[datetime, str]],
        took_ms: float,
        init_ms: float | None,
    ) -> Outcome:
        spec, now, status, payload = self.spec, self._clock.now, "", said.body
        most = int(fact("lambda.response_max_bytes"))
        if said.what == "timeout":
            status, payload = "timeout", report.timed_out(request_id, spec.timeout_s)
            lines.append((now, report.timed_out_line(now, request_id, spec.timeout_s)))
        elif said.what == "exit":
            status, payload = "error", report.exited(request_id, int(said.body))
            lines.append((now, report.exited_line(request_id, int(said.body))))
        elif said.what == "answer" and len(said.body) > most:
            payload = report.too_large(most)
        failed = said.what != "answer" or payload is not said.body
        end = report.end(
            spec,
            request_id,
            duration_ms=took_ms,
            init_ms=init_ms,
            used_mib=self._used_mib,
            status=status,
        )
        lines.append((now, end))
        self.lines = [(at, self._as_on_aws(text)) for at, text in lines]
        return Outcome(
            request_id,
            spec.version,
            self._as_on_aws(payload.decode("utf-8", "replace")).encode(),
            "Unhandled" if failed else None,
            "".join(text for _, text in self.lines),
            took_ms,
            init_ms,
        )

    def listen(self, now: datetime) -> None:
        """Take in what has been printed, as of `now`; a line that was begun before is one line."""
        printed = self._process.read()
        if printed and self._printed and not self._printed[-1][1].endswith(b"\n"):
            now, begun = self._printed.pop()
            printed = begun + printed
        if printed:
            self._printed.append((now, printed))

    def _taken(self) -> list[tuple[datetime, str]]:
        self.listen(self._clock.now)
        printed, self._printed = self._printed, []
        return [(at, text.decode("utf-8", "replace")) for at, text in printed]

    def _sleep(self, seconds: float) -> None:
        """The process sleeps: time passes, but not beyond its timeout."""
        with self._turn:
            until = self._clock.now + timedelta(seconds=seconds)
            over = self._deadline is not None and until >= self._deadline
            self._clock.advance_to(self._deadline if over and self._deadline else until)
        if over:
            self._said.put(Said("timeout"))
            self._gone.wait()

    def _wait(self, what: str, deadline: datetime) -> Said:
        """What the process hands in, or what has become of it.

        A process that is `ready` after its last answer is not asked about that.
        """
        self._deadline = deadline
        busy_s, began = self._process.busy_s(), time.monotonic()
        with self._turn.lent():
            while (said := self._heard(busy_s, began, what)) is None:
                self.listen(self._clock.now)
        if said.what == "stuck":
            with self._turn:
                self._clock.advance_to(deadline)
        if said.what == "stuck" or (said.what == "answer" and self._clock.now > deadline):
            said = Said("timeout")
        self._deadline = None
        if said.what in ("timeout", "exit", "init error"):
            self.listen(self._clock.now)
            self.close()
        return said

    def _heard(self, busy_s: float | None, began: float, what: str) -> Said | None:
        try:
            said = self._said.get(timeout=LOOK_EVERY_S)
        except queue.Empty:
            return self._looked_at(busy_s, began, what)
        self._used_mib = max(
            filter(None, (self._process.memory_mib(), self._used_mib)), default=None
        )
        return None if said.what == "ready" and what != "ready" else said

    def _looked_at(self, busy_s: float | None, began: float, what: str) -> Said | None:
        """What the process does not say itself: it has ended, takes too much, or is stuck."""
        status = self._process.status
        if status is not None:
            return Said("exit", str(status).encode())
        used = self._process.memory_mib()
        if used is not None and used > self.spec.memory_mib:
            self._used_mib = used
            return Said("exit", b"-9")
        waited, computed = time.monotonic() - began, self._process.busy_s()
        spun = waited if computed is None or busy_s is None else computed - busy_s
        longest = SPINS_S if what == "answer" else LOADS_S
        return Said("stuck") if spun > longest or waited > WAITS_S else None

    def _as_on_aws(self, text: str) -> str:
        return as_on_aws(text, self._task, self._layers, self._scratch)

    def close(self) -> None:
        """Stop the process; a second call does nothing."""
        if not self.closed:
            self.closed = True
            self._gone.set()
            self._process.stop()
            self._api.close()


def _milliseconds(span: timedelta) -> float:
    return span / timedelta(milliseconds=1)
