"""Requests take turns, whatever thread they come from."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turn:
    """Requests are served one at a time, so that two runs serve them in the same order.

    A request that waits for another process (a Lambda function that itself calls AWS) lends
    its turn meanwhile.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._owner = 0
        self._depth = 0

    def __enter__(self) -> None:
        self._lock.acquire()
        self._owner = threading.get_ident()
        self._depth += 1

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        self._lock.release()

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let other threads be served while this one waits, if it is this one's turn."""
        depth = self._depth if self._owner == threading.get_ident() else 0
        self._depth -= depth
        for _ in range(depth):
            self._lock.release()
        try:
            yield
        finally:
            for _ in range(depth):
                self.__enter__()
