"""What a lab may set about DynamoDB: how far replicas lag behind.

>>> current().replica_lag_s
0.0
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Settings:
    """Of one sandbox; a fresh one begins with these."""

    replica_lag_s: float = 0.0  # how old the answer of an eventually consistent read is


_current = [Settings()]


def current() -> Settings:
    """The settings of the open sandbox."""
    return _current[0]


def forget() -> None:
    """Begin anew."""
    _current[0] = Settings()
