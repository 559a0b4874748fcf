"""A shard iterator: a place in a shard, good for five minutes.

moto's own form, base64 of `stream:shard:sequence number`, with the time of issue behind it.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from labkit.fidelity.kinesis.common import invalid, limit
from labkit.fidelity.kinesis.shard import now
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.sandbox import Sandbox
from labkit.units import MILLISECONDS_PER_SECOND


@dataclass(frozen=True)
class Place:
    """Behind which record of which shard to go on."""

    stream_name: str
    shard_id: str
    number: int

    def iterator(self) -> str:
        """An iterator for this place, issued now."""
        issued_ms = round(now().timestamp() * MILLISECONDS_PER_SECOND)
        text = f"{self.stream_name}:{self.shard_id}:{self.number}:{issued_ms}"
        return base64.b64encode(text.encode()).decode()


def place_of(iterator: str) -> Place:
    """The place that an iterator stands for. Raises AwsError for one that is none, or too old."""
    try:
        parts = base64.b64decode(iterator, validate=True).decode().split(":")
        stream_name, shard_id, number, issued_ms = parts
        place, issued = Place(stream_name, shard_id, int(number)), int(issued_ms)
    except (binascii.Error, ValueError) as error:
        raise invalid("Invalid ShardIterator.") from error
    issued_at = datetime.fromtimestamp(issued / MILLISECONDS_PER_SECOND, UTC)
    old = now() - issued_at > timedelta(seconds=limit("iterator_life_s"))
    if old and not Sandbox.current().quiet:  # labkit's own reading is no part of the story
        life_ms = limit("iterator_life_s") * MILLISECONDS_PER_SECOND
        raise AwsError(
            "ExpiredIteratorException",
            f"Iterator expired. The iterator was created at time {_told(issued_at)} while right "
            f"now it is {_told(now())} which is further in the future than the tolerated delay of "
            f"{life_ms} milliseconds.",
        )
    return place


def _told(time: datetime) -> str:
    return time.strftime("%a %b %d %H:%M:%S UTC %Y")
