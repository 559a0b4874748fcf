"""What came of an invocation, whoever asked for it."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """The end of one invocation.

    `payload` is what the caller gets. `error` is None, or what AWS calls the function error:
    `Unhandled`, since Python's runtime knows no other. `log` is the invocation's part of the log,
    `duration_ms` its virtual time, `init_ms` that of a cold start.
    """

    request_id: str
    version: str
    payload: bytes
    error: str | None
    log: str
    duration_ms: float
    init_ms: float | None = None

    @property
    def failed(self) -> bool:
        """Whether the function did not answer."""
        return self.error is not None

    @property
    def billed_ms(self) -> int:
        """What is paid for: whole milliseconds, a cold start among them."""
        return math.ceil(self.duration_ms + (self.init_ms or 0))

    def json(self) -> Any:
        """The payload, parsed."""
        return json.loads(self.payload)
