"""What Lambda itself says: lines in the log, and payloads where no handler could answer."""

from __future__ import annotations

import json
import math
from datetime import datetime

from labkit.runtime.environments.spec import Spec

_STEP_MIB = 64


def start(request_id: str, version: str) -> str:
    """The first line of an invocation."""
    return f"START RequestId: {request_id} Version: {version}\n"


def end(
    spec: Spec,
    request_id: str,
    *,
    duration_ms: float,
    init_ms: float | None,
    used_mib: float | None,
    status: str = "",
) -> str:
    """The last two lines of an invocation; since August 2025 the start is billed too.

    The memory that was used is rounded up to 64 MB, since two runs never use quite the same.
    """
    steps = math.ceil((used_mib or 1) / _STEP_MIB)
    parts = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {duration_ms:.2f} ms",
        f"Billed Duration: {math.ceil(duration_ms + (init_ms or 0))} ms",
        f"Memory Size: {spec.memory_mib} MB",
        f"Max Memory Used: {min(steps * _STEP_MIB, spec.memory_mib)} MB",
    ]
    if init_ms is not None:
        parts.append(f"Init Duration: {init_ms:.2f} ms")
    if status:
        parts.append(f"Status: {status}")
    return f"END RequestId: {request_id}\n" + "\t".join(parts) + "\t\n"


def timed_out(request_id: str, timeout_s: float) -> bytes:
    """The payload of an invocation that took too long."""
    sentence = f"RequestId: {request_id} Error: Task timed out after {timeout_s:.2f} seconds"
    return _payload("Sandbox.Timedout", sentence)


def timed_out_line(at: datetime, request_id: str, timeout_s: float) -> str:
    """What the log says of it."""
    stamp = f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
    return f"{stamp} {request_id} Task timed out after {timeout_s:.2f} seconds\n\n"


def exited(request_id: str, status: int) -> bytes:
    """The payload of an invocation whose process ended, negative `status` for a signal."""
    return _payload("Runtime.ExitError", f"RequestId: {request_id} Error: {_reason(status)}")


def exited_line(request_id: str, status: int) -> str:
    """What the log says of it."""
    return f"RequestId: {request_id} Error: {_reason(status)}\nRuntime.ExitError\n"


def _reason(status: int) -> str:
    if status == 0:
        return "Runtime exited without providing a reason"
    how = f"signal: {'killed' if status == -9 else -status}" if status < 0 else ""
    return f"Runtime exited with error: {how or f'exit status {status}'}"


def too_large(most: int) -> bytes:
    """The payload where the answer is larger than Lambda passes on (message: unverified)."""
    sentence = f"Response payload size exceeded maximum allowed payload size ({most} bytes)."
    told = {"errorMessage": sentence, "errorType": "Function.ResponseSizeTooLarge"}
    return json.dumps(told).encode()


def _payload(kind: str, sentence: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": sentence}, separators=(",", ":")).encode()
