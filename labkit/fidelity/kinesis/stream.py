"""A stream whose states take time, whose records expire, and whose shards part and join.

CREATING ──▶ ACTIVE ⇄ UPDATING (resharding, encryption, mode)        DELETING ──▶ gone
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from moto.kinesis import models as moto_kinesis
from moto.utilities.utils import md5_hash

from labkit.fidelity.kinesis.common import limit
from labkit.fidelity.kinesis.shard import Shard, now
from labkit.sandbox.sandbox import Sandbox
from labkit.units import KIB

# AWS gives no times; these are short ones.
CREATION_S, CHANGE_S, DELETION_S, CONSUMER_S = 10, 10, 10, 5
_LIVE = ("ACTIVE", "UPDATING", "DELETING")


class Consumer(moto_kinesis.Consumer):
    """A consumer for enhanced fan-out, ready after a moment."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.status = "CREATING"
        self.consumer_arn += f":{int(now().timestamp())}"
        if Sandbox.current().quiet:
            self.status = "ACTIVE"
        else:
            Sandbox.current().clock.call_after(CONSUMER_S, self._activate)

    def _activate(self) -> None:
        self.status = "ACTIVE"

    def to_json(self, include_stream_arn: bool = False) -> dict[str, Any]:
        """The consumer as DescribeStreamConsumer has it."""
        return super().to_json(include_stream_arn) | {"ConsumerStatus": self.status}


class Stream(moto_kinesis.Stream):
    """A data stream as AWS has it, in the place of moto's."""

    shards: dict[str, Shard]  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.max_record_bytes = limit("record_default_max_bytes")
        self.reshards: list[datetime] = []  # when UpdateShardCount was called
        if not Sandbox.current().quiet:
            self.status = "CREATING"
            Sandbox.current().clock.call_after(CREATION_S, self._activate)

    # ---- states ----

    @property
    def is_live(self) -> bool:
        """Whether records can be written and read."""
        return self.status in _LIVE

    @property
    def is_on_demand(self) -> bool:
        """Whether AWS manages the shards."""
        return self.stream_mode.get("StreamMode") == "ON_DEMAND"

    def change(self, work: Callable[[], object]) -> None:
        """Be UPDATING for a moment, and then do `work`."""
        if Sandbox.current().quiet:
            work()
            return
        self.status = "UPDATING"

        def finish() -> None:
            if self.status == "UPDATING":
                work()
                self.status = "ACTIVE"

        Sandbox.current().clock.call_after(CHANGE_S, finish)

    def _activate(self) -> None:
        if self.status == "CREATING":
            self.status = "ACTIVE"

    # ---- shards ----

    @property
    def open_shards(self) -> list[Shard]:
        """The shards that take records, in the order of their hash keys."""
        found = [shard for shard in self.shards.values() if shard.is_open]
        return sorted(found, key=lambda shard: shard.starting_hash)

    def children_of(self, shard: Shard) -> list[Shard]:
        """What a closed shard became."""
        return [
            child
            for child in self.shards.values()
            if shard.shard_id in (child.parent, child.adjacent_parent)
        ]

    def get_shard_for_key(self, partition_key: str, explicit_hash_key: str) -> Any:
        """The open shard whose range of hash keys holds the key's."""
        key = (
            int(explicit_hash_key)
            if explicit_hash_key
            else int(md5_hash(partition_key.encode()).hexdigest(), 16)
        )
        for shard in self.open_shards:
            if shard.starting_hash <= key <= shard.ending_hash:
                return shard
        return None

    def split_shard(self, shard_to_split: str, new_starting_hash_key: str) -> None:
        """Two shards in the place of one, which keeps the records that it has."""
        with self._ending(shard_to_split):
            super().split_shard(shard_to_split, new_starting_hash_key)

    def merge_shards(self, shard_to_merge: str, adjacent_shard_to_merge: str) -> None:
        """One shard in the place of two neighbours, whichever is named first."""
        named = [self.shards[shard_to_merge], self.shards[adjacent_shard_to_merge]]
        low, high = sorted(named, key=lambda shard: shard.starting_hash)
        with self._ending(low.shard_id, high.shard_id):
            super().merge_shards(low.shard_id, high.shard_id)
        child = [*self.shards.values()][-1]
        child.parent, child.adjacent_parent = shard_to_merge, adjacent_shard_to_merge

    @contextmanager
    def _ending(self, *ids: str) -> Iterator[None]:
        """Keep the records of shards where they are, though moto would move them."""
        shards = [self.shards[id] for id in ids]
        kept = [shard.records for shard in shards]
        for shard in shards:
            shard.records = OrderedDict()
        try:
            yield
        finally:
            for shard, records in zip(shards, kept, strict=True):
                shard.records = records
        for shard in shards:
            shard.close()
        self.shard_count = len(self.open_shards)

    # ---- retention ----

    def expire(self) -> None:
        """Let go of records that are too old, and of closed shards that hold nothing any more."""
        horizon = now() - timedelta(hours=self.retention_period_hours)
        for shard in list(self.shards.values()):
            shard.expire(horizon)
            if shard.closed_at is not None and shard.closed_at <= horizon:
                del self.shards[shard.shard_id]

    # ---- descriptions ----

    def to_json(self, shard_limit: int | None = None) -> dict[str, Any]:
        """The stream as DescribeStream has it, which shows no shards while it is being created."""
        self.expire()
        most = limit("shards_described_default")
        shown = super().to_json(min(shard_limit or most, most))
        description = shown["StreamDescription"] | {"StreamModeDetails": self.stream_mode}
        if self.status == "CREATING":
            description |= {"Shards": [], "HasMoreShards": False}
        return {"StreamDescription": description}

    def to_json_summary(self) -> dict[str, Any]:
        """The stream as DescribeStreamSummary has it."""
        self.expire()
        summary = super().to_json_summary()["StreamDescriptionSummary"]
        open_now = 0 if self.status == "CREATING" else len(self.open_shards)
        return {
            "StreamDescriptionSummary": summary
            | {
                "OpenShardCount": open_now,
                "ConsumerCount": len(self.consumers),
                "MaxRecordSizeInKiB": self.max_record_bytes // KIB,
            }
        }
