"""A body that no service takes is not read: only how long it would be is passed on.

The largest that S3 takes in one request is 5 GB, and nothing else takes as much. A larger body
would fill the memory before anyone could refuse it.
"""

from __future__ import annotations

import io
from typing import Any

from labkit.facts import fact

_KEY = "labkit.unread_bytes"
_LENGTHS = ("content-length", "x-amz-decoded-content-length")


def announced_bytes(headers: Any) -> int:
    """How long the body will be by the headers, 0 if they do not say."""
    found = [headers.get(name) or headers.get(name.title()) or "" for name in _LENGTHS]
    texts = [text.decode() if isinstance(text, bytes) else str(text) for text in found]
    return max((int(text) for text in texts if text.isdigit()), default=0)


def is_too_long(size: int) -> bool:
    """Whether nothing takes a body of so many bytes."""
    return size > int(fact("s3.put_max_bytes"))


def leave_unread(environ: dict[str, Any], size: int) -> None:
    """Let a request's body be empty, and remember how long it would have been."""
    environ["CONTENT_LENGTH"] = "0"
    environ["wsgi.input"] = io.BytesIO()
    environ[_KEY] = size


def unread_bytes(environ: dict[str, Any]) -> int:
    """How long the body was that has not been read; 0 if it has been."""
    return int(environ.get(_KEY, 0))
