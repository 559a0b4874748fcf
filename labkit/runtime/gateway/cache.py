"""Answers that a stage keeps for a while, and authorizers' too, on the virtual clock.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Generic, TypeVar

Kept = TypeVar("Kept")
Key = tuple[object, ...]


class Cache(Generic[Kept]):
    """What is kept until its time is over."""

    def __init__(self) -> None:
        self._kept: dict[Key, tuple[datetime, Kept]] = {}

    def get(self, key: Key, now: datetime) -> Kept | None:
        """What is kept under a key; None if nothing is, or its time is over."""
        until, kept = self._kept.get(key, (now, None))
        return kept if until > now else None

    def put(self, key: Key, kept: Kept, seconds: float, now: datetime) -> None:
        """Keep something under a key for some seconds."""
        self._kept[key] = (now + timedelta(seconds=seconds), kept)

    def forget(self, *beginning: object) -> None:
        """Forget what is kept under the keys that begin so."""
        for key in [key for key in self._kept if key[: len(beginning)] == beginning]:
            del self._kept[key]
