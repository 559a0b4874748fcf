"""What a script of ordinary calls was answered, without what chance drew."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

_DRAWN = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"  # UUIDs
    r"|\b[0-9a-f]{24,}\b|\b\d{24,}\b"  # digests and other long numbers
    r"|(?<=[-/])[0-9a-f]{8,17}\b"  # the end of EC2's ids, and of a target group's
    r"|\b[A-Z0-9]{16,22}\b"  # IAM's ids and access keys, a hosted zone's
    r"|\b\d{1,3}[.-]\d{1,3}[.-]\d{1,3}[.-]\d{1,3}\b|\b(?:[0-9a-f]{2}:){5,}[0-9a-f]{2}\b"
    r"|(?<=secret:database-)\w{6}"
)
_OPAQUE = (  # whole values that are chance, or ciphers
    "CiphertextBlob",
    "ClientToken",
    "KeyFingerprint",
    "KeyMaterial",
    "NextToken",
    "Plaintext",
    "ReceiptHandle",
    "SecretAccessKey",
    "SequenceNumber",
    "ShardIterator",
    "UploadId",
    "VersionId",
)


class Record:
    """The answers to calls, in order, each under `service.method`."""

    def __init__(self, client: Callable[[str], Any]) -> None:
        self._client = client
        self._clients: dict[str, Any] = {}
        self.answers: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, service: str, method: str, **parameters: Any) -> Any:
        """Make the call and keep what came back; a refusal is kept as its code and status."""
        if service not in self._clients:
            self._clients[service] = self._client(service)
        name = f"{service}.{method}"
        try:
            answer = getattr(self._clients[service], method)(**parameters)
        except ClientError as refusal:
            found = refusal.response
            status = found["ResponseMetadata"]["HTTPStatusCode"]
            self.answers.append((name, {"Code": found["Error"]["Code"], "Status": status}))
            return None
        kept = {key: value for key, value in answer.items() if key != "ResponseMetadata"}
        kept["Status"] = answer["ResponseMetadata"]["HTTPStatusCode"]
        self.answers.append((name, fields(kept)))
        return answer


def fields(answer: Any, prefix: str = "") -> dict[str, Any]:
    """Each leaf of an answer under its path, list positions left out: `Items[].seat.S`."""
    if isinstance(answer, dict) and answer:
        return {
            path: leaf
            for key, inner in answer.items()
            for path, leaf in fields(
                "…" if key in _OPAQUE else inner, f"{prefix}.{plain(key)}".lstrip(".")
            ).items()
        }
    if isinstance(answer, list) and answer:
        found: dict[str, Any] = {}
        for inner in answer:
            for path, leaf in fields(inner, prefix + "[]").items():
                found.setdefault(path, []).append(leaf)
        return found
    return {prefix: plain(answer)}


def plain(leaf: Any) -> Any:
    """A leaf without what chance drew."""
    if hasattr(leaf, "read"):
        return leaf.read()
    return _DRAWN.sub("<id>", leaf) if isinstance(leaf, str) else leaf
