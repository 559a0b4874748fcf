"""What a lab may set about DynamoDB: how far replicas lag behind.

>>> current().replica_lag_s
0.0
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labkit.errors import UsageError


@dataclass
class Settings:
    """Of one sandbox; a fresh one begins with these."""

    replica_lag_s: float = 0.0  # how old the answer of an eventually consistent read is

    def __setattr__(self, name: str, value: Any) -> None:
        if name != "replica_lag_s":
            raise UsageError(
                f"DynamoDB has no setting {name!r} in a lab.",
                "A lab sets how far replicas lag behind.",
                "For example: lab.dynamodb.replica_lag_s = 1.",
            )
        if not 0 <= value < float("inf"):
            raise UsageError(
                f"replica_lag_s must be 0 or more, got {value}.",
                "It is the age in seconds of what an eventually consistent read shows.",
                "For example: lab.dynamodb.replica_lag_s = 1.",
            )
        object.__setattr__(self, name, value)


_current = [Settings()]


def current() -> Settings:
    """The settings of the open sandbox."""
    return _current[0]


def forget() -> None:
    """Begin anew."""
    _current[0] = Settings()
