"""The process of an execution environment: started, listened to, watched, and stopped for certain.

It ends with the sandbox, and by itself when this process does: it reads its standard input, which
this process holds open and never writes to.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock

_START = Path(__file__).parents[1] / "child" / "start.py"
_CHUNK = 65536
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 0
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0


class Process:
    """A Python process that runs a function; its output is read without waiting."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-P", str(_START)],
            env=dict(variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        self._output = self._process.stdout.fileno()
        self._reading = Lock()
        os.set_blocking(self._output, False)

    def read(self) -> bytes:
        """What it has printed since this was last asked."""
        parts = []
        with self._reading:
            while True:
                try:
                    part = os.read(self._output, _CHUNK)
                except (BlockingIOError, OSError):
                    break
                if not part:
                    break
                parts.append(part)
        return b"".join(parts)

    @property
    def status(self) -> int | None:
        """With what it ended, negative for a signal; None while it runs."""
        return self._process.poll()

    def memory_mib(self) -> float | None:
        """How much of the memory is its own; None where the system does not tell."""
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        except (OSError, IndexError):
            return None
        return int(pages) * _PAGE / 2**20

    def busy_s(self) -> float | None:
        """How many seconds it has computed; None where the system does not tell."""
        try:
            line = Path(f"/proc/{self._process.pid}/stat").read_text()
        except OSError:
            return None
        fields = line.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def stop(self) -> None:
        """End it now, and whatever it started."""
        if self._process.poll() is None:
            if hasattr(os, "killpg"):
                with suppress(ProcessLookupError):  # it was quicker
                    os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
