"""An execution environment in this very process, where there can be no other: in a browser.

The same client runs the handler, with the sandbox's time, its own variables and modules, and its
role's credentials, for as long as it runs. What needs a process of its own is not there: a
handler that never comes back is not stopped, and memory is not watched.
"""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

from labkit.runtime.child import client, passing
from labkit.runtime.environments.api import Said
from labkit.runtime.environments.code import import_path
from labkit.runtime.environments.environment import Environment

DRIVER = "in this process"
_ELSEWHERE = ("AWS_ENDPOINT_URL",)  # here the sandbox answers AWS's own addresses


class _TimedOut(BaseException):
    """The handler slept past its deadline; no `except Exception` of its own may hold it."""


class _Printing(io.TextIOBase):
    """What is printed, with the time at which it is."""

    def __init__(self, environment: Inside) -> None:
        self._environment = environment

    def write(self, text: str) -> int:
        self._environment.hear(text)
        return len(text)


class Inside(Environment):
    """One copy of a version of a function, in the process of the sandbox."""

    def _open(self, variables: Mapping[str, str], driver: str) -> None:
        own = {name: value for name, value in variables.items() if name not in _ELSEWHERE}
        self._own = {**own, "LAMBDA_TASK_ROOT": str(self._task)}
        self._modules: dict[str, ModuleType] = {}
        self._function: client.Handler | None = None
        self._output = _Printing(self)

    def hear(self, text: str) -> None:
        """Something is printed now."""
        now = self._clock.now
        said = text.encode()
        if self._printed and self._printed[-1][0] == now:
            self._printed[-1] = (now, self._printed[-1][1] + said)
        elif text:
            self._printed.append((now, said))

    def listen(self, now: datetime) -> None:
        """There is nothing to take in: it was heard when it was printed."""

    def close(self) -> None:
        """Forget the function's modules."""
        self.closed = True
        self._modules.clear()

    def _loaded(self, deadline: datetime) -> Said:
        self._deadline = deadline
        return self._run(self._begin)

    def _begin(self) -> Said:
        self._function, wrong = client.begun(self.spec.handler)
        return Said("ready") if self._function is not None else Said("init error", wrong)

    def _handled(self, told: Mapping[str, str], event: bytes, deadline: datetime) -> Said:
        self._deadline = deadline
        function = self._function
        assert function is not None

        def handle() -> Said:
            what, body = client.handled(function, event, told)
            return Said("answer" if what == "response" else what, body)

        return self._run(handle)

    def _run(self, work: Any) -> Said:
        said = Said("timeout")
        with self._inside():
            try:
                said = work()
            except _TimedOut:
                pass
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(end.code is not None)
                said = Said("exit", str(code).encode())
        if said.what == "answer" and self._deadline and self._clock.now > self._deadline:
            said = Said("timeout")
        if said.what in ("timeout", "exit", "init error"):
            self.close()
        return said

    def _sleep(self, seconds: float) -> None:
        until = self._clock.now + timedelta(seconds=seconds)
        if self._deadline is not None and until >= self._deadline:
            self._clock.advance_to(self._deadline)
            raise _TimedOut
        self._clock.advance_to(until)

    @contextmanager
    def _inside(self) -> Iterator[None]:
        """For a while this process is the function's."""
        import boto3

        paths, variables, session = list(sys.path), dict(os.environ), boto3.DEFAULT_SESSION
        known, log = set(sys.modules), client.to_output(self._output)
        with ExitStack() as undo:
            undo.enter_context(redirect_stdout(self._output))
            undo.enter_context(redirect_stderr(self._output))
            undo.enter_context(passing.turned(self._clock_s, self._sleep))
            logging.getLogger().addHandler(log)
            undo.callback(logging.getLogger().removeHandler, log)
            undo.callback(self._give_back, paths, variables, session, known)
            os.environ.clear()
            os.environ.update(self._own)
            sys.path[:0] = import_path(self._task, self._layers)
            sys.modules.update(self._modules)
            boto3.DEFAULT_SESSION = None
            yield

    def _give_back(
        self, paths: list[str], variables: dict[str, str], session: Any, known: set[str]
    ) -> None:
        import boto3

        sys.path[:] = paths
        os.environ.clear()
        os.environ.update(variables)
        boto3.DEFAULT_SESSION = session
        places = (str(self._task), str(self._layers))
        for name in [name for name in sys.modules if name not in known]:
            found = getattr(sys.modules[name], "__file__", None) or ""
            if found.startswith(places):
                self._modules[name] = sys.modules.pop(name)

    def _clock_s(self) -> float:
        return self._clock.now.timestamp()
