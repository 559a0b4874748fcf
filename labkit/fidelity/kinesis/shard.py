"""A shard: records in order, a rate for writing and one for reading, an end when it is resharded.

open   ── split or merged ──▶ closed ── its last record expired ──▶ gone
writes go to open shards only; what a closed one holds stays there to be read,
and who has read it all is told its children
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from moto.kinesis import models as moto_kinesis

from labkit.fidelity.kinesis.common import limit
from labkit.sandbox.sandbox import Sandbox
from labkit.units import MILLISECONDS_PER_SECOND

# Sequence numbers of today have 56 digits: 2 to the 185, and then the time.
_SEQUENCE_START = 1 << 185
_TIME_SHIFT, _COUNT_SHIFT, _SHARD_SHIFT = 80, 20, 4
_SHARDS = 1 << (_COUNT_SHIFT - _SHARD_SHIFT)


def now() -> datetime:
    """The sandbox's time."""
    return Sandbox.current().clock.now


@dataclass
class Allowance:
    """So much in every second, none of it kept for later."""

    rate_per_s: float
    at: datetime
    level: float

    @classmethod
    def full(cls, rate_per_s: float) -> Allowance:
        """A second's worth."""
        return cls(rate_per_s, now(), rate_per_s)

    def holds(self, amount: float) -> bool:
        """Whether there is so much; more than a second's worth needs the whole second."""
        passed_s = (now() - self.at).total_seconds()
        self.level = min(self.rate_per_s, self.level + self.rate_per_s * passed_s)
        self.at = now()
        return self.level >= min(amount, self.rate_per_s)

    def take(self, amount: float) -> None:
        """Take so much, even more than there is: the next has to wait longer."""
        self.level -= amount


class Shard(moto_kinesis.Shard):
    """A shard that keeps to its rates and remembers where it began and ended."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.write_bytes = Allowance.full(limit("shard_write_max_bytes"))
        self.write_records = Allowance.full(limit("shard_write_records_max"))
        self.reads = Allowance.full(limit("shard_reads_max"))
        self.read_bytes = 0.0
        self.read_since = self.blocked_until = now()
        self._numbered = 0
        self.first_number = self._next_number()
        self.last_number: int | None = None  # once it is closed
        self.closed_at: datetime | None = None

    def _next_number(self) -> int:
        time_part = round(now().timestamp() * MILLISECONDS_PER_SECOND) << _TIME_SHIFT
        count_part = self._numbered << _COUNT_SHIFT
        shard_part = (self._shard_id % _SHARDS) << _SHARD_SHIFT
        self._numbered += 1
        self.latest_number = _SEQUENCE_START + time_part + count_part + shard_part + 2
        return self.latest_number

    # ---- records come in ----

    def admits(self, size_bytes: int) -> bool:
        """Whether there is room in this second for one more record; if so, it is taken."""
        if not (self.write_bytes.holds(size_bytes) and self.write_records.holds(1)):
            return False
        self.write_bytes.take(size_bytes)
        self.write_records.take(1)
        return True

    def put_record(self, partition_key: str, data: str, explicit_hash_key: str) -> str:
        """Keep a record under the next sequence number."""
        number = self._next_number()
        self.records[number] = moto_kinesis.Record(partition_key, data, number, explicit_hash_key)
        return str(number)

    # ---- and go out ----

    def serves(self) -> bool:
        """Whether one more GetRecords is let in; if so, it counts."""
        if now() < self.blocked_until or not self.reads.holds(1):
            return False
        self.reads.take(1)
        return True

    def has_sent(self, size_bytes: int) -> None:
        """Count what an answer held; a second's worth or more keeps others out for that long."""
        rate = limit("shard_read_max_bytes")
        passed_s = (now() - self.read_since).total_seconds()
        self.read_bytes = max(0.0, self.read_bytes - rate * passed_s) + size_bytes
        self.read_since = now()
        if self.read_bytes >= rate:
            self.blocked_until = now() + timedelta(seconds=self.read_bytes / rate)
            self.read_bytes, self.read_since = 0.0, self.blocked_until

    def after(self, number: int) -> list[Any]:
        """The records behind a sequence number, in order."""
        return [record for at, record in self.records.items() if at > number]

    # ---- and end ----

    def close(self) -> None:
        """Take no more records."""
        self.is_open = False
        self.closed_at = now()
        self.last_number = self._next_number()

    def expire(self, horizon: datetime) -> None:
        """Let go of the records that came before `horizon`."""
        old = [at for at, record in self.records.items() if _arrival(record) <= horizon.timestamp()]
        for at in old:
            del self.records[at]

    def to_json(self) -> dict[str, Any]:
        """The shard as ListShards has it."""
        shown = super().to_json()
        numbers = {"StartingSequenceNumber": str(self.first_number)}
        if self.last_number is not None:
            numbers["EndingSequenceNumber"] = str(self.last_number)
        return shown | {"SequenceNumberRange": numbers}


def _arrival(record: Any) -> float:
    return float(record.created_at)


def size_bytes(record: Any) -> int:
    """What a kept record weighs: its data and its partition key."""
    return weight_bytes(record.partition_key, record.data)


def weight_bytes(partition_key: str, data: str) -> int:
    """What a record weighs, its data in base64 as it travels."""
    padding = data[-2:].count("=")
    return len(data) // 4 * 3 - padding + len(partition_key.encode())
