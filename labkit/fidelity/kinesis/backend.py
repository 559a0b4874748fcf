"""The account's streams in a Region: writes and reads within their rates, changes over time."""

from __future__ import annotations

from typing import Any

from moto.kinesis import models as moto_kinesis
from moto.kinesis import urls
from moto.kinesis.exceptions import TooManyRecords

from labkit.fidelity.kinesis.common import limit, missing, throttled, too_fast
from labkit.fidelity.kinesis.iterators import Place, place_of
from labkit.fidelity.kinesis.shard import now, size_bytes, weight_bytes
from labkit.fidelity.kinesis.stream import DELETION_S, Stream
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.sandbox import Sandbox
from labkit.units import MILLISECONDS_PER_SECOND

_ON_DEMAND = {"StreamMode": "ON_DEMAND"}


class Backend(moto_kinesis.KinesisBackend):
    """The streams of one Region."""

    streams: dict[str, Stream]  # type: ignore[assignment]

    @property
    def _url_module(self) -> Any:
        return urls  # moto would look for it beside this module

    # ---- streams take time ----

    def create_stream(
        self,
        stream_name: str,
        shard_count: int | None,
        stream_mode: dict[str, str] | None = None,
        retention_period_hours: int | None = None,
    ) -> Any:
        """A stream that will be ready in a moment; on demand if nothing is said of shards."""
        mode = stream_mode or ({} if shard_count else _ON_DEMAND)
        return super().create_stream(
            stream_name, shard_count or 1, mode or None, retention_period_hours
        )

    def delete_stream(self, stream_arn: str | None, stream_name: str | None) -> Any:
        """A stream that will be gone in a moment; one of labkit's own is so at once."""
        if Sandbox.current().quiet:
            return super().delete_stream(stream_arn, stream_name)
        stream: Any = self.describe_stream(stream_arn, stream_name)
        stream.status, name = "DELETING", stream.stream_name

        def remove() -> None:
            if self.streams.get(name) is stream:
                del self.streams[name]

        Sandbox.current().clock.call_after(DELETION_S, remove)
        return stream

    def split_shard(
        self, stream_arn: str, stream_name: str, shard_to_split: str, new_starting_hash_key: str
    ) -> None:
        """Split a shard, in a moment."""
        stream: Any = self.describe_stream(stream_arn, stream_name)
        stream.change(lambda: stream.split_shard(shard_to_split, new_starting_hash_key))

    def merge_shards(
        self, stream_arn: str, stream_name: str, shard_to_merge: str, adjacent_shard_to_merge: str
    ) -> None:
        """Merge two shards, in a moment."""
        stream: Any = self.describe_stream(stream_arn, stream_name)
        stream.change(lambda: stream.merge_shards(shard_to_merge, adjacent_shard_to_merge))

    def update_shard_count(self, stream_arn: str, stream_name: str, target_shard_count: int) -> int:
        """Split or merge until there are so many, in a moment."""
        stream: Any = self.describe_stream(stream_arn, stream_name)
        stream.reshards.append(now())
        stream.change(lambda: stream.update_shard_count(target_shard_count))
        return len(stream.open_shards)

    def update_stream_mode(self, stream_arn: str, stream_mode: dict[str, str]) -> None:
        """Another mode, in a moment; the shards stay."""
        stream: Any = self.describe_stream(stream_arn, None)
        stream.change(lambda: setattr(stream, "stream_mode", stream_mode))

    def start_stream_encryption(
        self, stream_arn: str, stream_name: str, encryption_type: str, key_id: str
    ) -> None:
        """Encrypt what is written from now on, once the stream is active again."""
        super().start_stream_encryption(stream_arn, stream_name, encryption_type, key_id)
        stream: Any = self.describe_stream(stream_arn, stream_name)
        stream.change(lambda: None)

    def stop_stream_encryption(self, stream_arn: str, stream_name: str) -> None:
        """Write in plain again."""
        super().stop_stream_encryption(stream_arn, stream_name)
        stream: Any = self.describe_stream(stream_arn, stream_name)
        stream.change(lambda: None)

    def increase_stream_retention_period(
        self, stream_arn: str | None, stream_name: str | None, retention_period_hours: int
    ) -> None:
        """Keep records longer; what has expired does not come back."""
        self._expire(stream_arn, stream_name)
        super().increase_stream_retention_period(stream_arn, stream_name, retention_period_hours)

    def _expire(self, stream_arn: str | None, stream_name: str | None) -> None:
        stream: Any = self.describe_stream(stream_arn, stream_name)
        stream.expire()

    def list_shards(self, *args: Any, **kwargs: Any) -> Any:
        """The shards that are still there, the closed ones included."""
        self._expire(kwargs.get("stream_arn"), kwargs.get("stream_name"))
        return super().list_shards(*args, **kwargs)

    def deregister_stream_consumer(
        self, stream_arn: str, consumer_name: str, consumer_arn: str
    ) -> None:
        """Forget one consumer, and keep the others."""
        consumer = self.describe_stream_consumer(stream_arn, consumer_name, consumer_arn)
        stream: Any = self.describe_stream(consumer.stream_arn, None)
        stream.delete_consumer(consumer.consumer_arn)

    def describe_limits(self) -> dict[str, int]:
        """What the account may have of shards and streams, and has."""
        streams = list(self.streams.values())
        return super().describe_limits() | {
            "OpenShardCount": sum(len(stream.open_shards) for stream in streams),
            "OnDemandStreamCount": sum(stream.is_on_demand for stream in streams),
        }

    # ---- records ----

    def put_record(
        self,
        stream_arn: str,
        stream_name: str,
        partition_key: str,
        explicit_hash_key: str,
        data: str,
    ) -> tuple[str, str]:
        """Write a record if its shard has room for it in this second."""
        stream: Any = self.describe_stream(stream_arn, stream_name)
        shard = stream.get_shard_for_key(partition_key, explicit_hash_key)
        if not shard.admits(weight_bytes(partition_key, data)):
            raise throttled(stream, shard.shard_id)
        return super().put_record(stream_arn, stream_name, partition_key, explicit_hash_key, data)

    def put_records(
        self, stream_arn: str, stream_name: str, records: list[dict[str, Any]]
    ) -> dict[str, Any]:
        """Write each record that its shard has room for; the others are told apart."""
        stream: Any = self.describe_stream(stream_arn, stream_name)
        if len(records) > limit("put_records_max"):
            raise TooManyRecords
        answers, failed = [], 0
        sent_bytes = 0
        for record in records:
            key, data = record["PartitionKey"], record["Data"]
            hash_key = record.get("ExplicitHashKey") or ""
            shard = stream.get_shard_for_key(key, hash_key)
            if shard.admits(weight_bytes(key, data)):
                number, shard_id = stream.put_record(key, hash_key, data)
                sent_bytes += weight_bytes(key, data)
                answers.append({"SequenceNumber": number, "ShardId": shard_id})
            else:
                failed += 1
                answers.append(
                    {
                        "ErrorCode": "ProvisionedThroughputExceededException",
                        "ErrorMessage": too_fast(stream, shard.shard_id),
                    }
                )
        self._send_stream_metrics(stream.stream_name, sent_bytes, len(records) - failed)
        return {"FailedRecordCount": failed, "Records": answers}

    def get_shard_iterator(
        self,
        stream_arn: str | None,
        stream_name: str | None,
        shard_id: str,
        shard_iterator_type: str,
        *start: Any,
    ) -> str:
        """An iterator, good from now for five minutes."""
        stream: Any = self.describe_stream(stream_arn, stream_name)
        stream.expire()
        starting_sequence_number, at_timestamp = start
        shard = stream.shards.get(shard_id)
        if shard is None:
            raise _no_shard(stream, shard_id)
        if shard_iterator_type == "AT_TIMESTAMP":
            number = shard.get_sequence_number_at(at_timestamp)
        else:
            number = {
                "AT_SEQUENCE_NUMBER": int(starting_sequence_number or 0) - 1,
                "AFTER_SEQUENCE_NUMBER": int(starting_sequence_number or 0),
                "TRIM_HORIZON": 0,
                "LATEST": shard.get_max_sequence_number(),
            }[shard_iterator_type]
        return Place(stream.stream_name, shard_id, number).iterator()

    def get_records(
        self, stream_arn: str | None, shard_iterator: str, count: int | None
    ) -> tuple[Any, list[Any], int]:
        """Read on from an iterator, within the rates of the shard."""
        place = place_of(shard_iterator)
        stream: Any = self.describe_stream(None, place.stream_name)
        stream.expire()
        shard = stream.shards.get(place.shard_id)
        if shard is None:
            raise _no_shard(stream, place.shard_id)
        counts = not Sandbox.current().quiet
        if counts and not shard.serves():
            raise throttled(stream, place.shard_id)
        waiting = shard.after(place.number)
        records = _as_many_as_fit(waiting, count)
        if counts:
            shard.has_sent(sum(size_bytes(record) for record in records))
        behind_ms = 0
        if len(records) < len(waiting):
            read_until = records[-1].created_at if records else waiting[0].created_at
            behind_ms = round((now().timestamp() - read_until) * MILLISECONDS_PER_SECOND)
        number = records[-1].sequence_number if records else place.number
        at_end = not shard.is_open and len(records) == len(waiting)
        following = None if at_end else Place(stream.stream_name, shard.shard_id, number).iterator()
        return following, records, behind_ms


def _as_many_as_fit(waiting: list[Any], wanted: int | None) -> list[Any]:
    """The first records that go into one answer."""
    most = min(wanted or limit("get_records_max"), limit("get_records_max"))
    found: list[Any] = []
    room = limit("get_records_max_bytes")
    for record in waiting[:most]:
        room -= size_bytes(record)
        if room < 0:
            break
        found.append(record)
    return found


def _no_shard(stream: Any, shard_id: str) -> AwsError:
    return missing(
        f"Shard {shard_id} in stream {stream.stream_name} under account {stream.account_id} "
        "does not exist"
    )
