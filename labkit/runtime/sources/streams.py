"""DynamoDB Streams and Kinesis as event sources: shard by shard, in order, from a position on.

    records ──→ a batch ──→ handled ──→ the position moves on
                   │
              it fails: the same batch again, and nothing behind it until it is handled,
                        has been tried too often or is too old: then the destination is told

https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from labkit import runtime
from labkit.runtime.destinations import send_record
from labkit.runtime.outcome import Outcome
from labkit.runtime.sources.filters import wanted
from labkit.runtime.sources.poller import Poller, fitting

_LONGEST_WAIT_S = 60  # between two tries of a batch; AWS backs off too, and does not say how far
_AT_MOST = 1000  # records that one GetRecords of a stream of DynamoDB may bring


@dataclass
class Reading:
    """How far a shard has been read, and the batch that is being handled."""

    shard_id: str
    iterator: str
    taken: list[dict[str, Any]] = field(default_factory=list)  # read and not handled yet
    batches: list[list[dict[str, Any]]] = field(default_factory=list)  # of a batch cut in two
    tries: int = 0
    again_at: datetime | None = None
    number: str = ""  # of the record that was read last
    read_at: datetime | None = None


class StreamPoller(Poller):
    """Takes the records of a stream to a function."""

    def __init__(self, mapping: Any) -> None:
        super().__init__(mapping)
        self._is_table = ":dynamodb:" in mapping.event_source_arn
        self._service = "dynamodbstreams" if self._is_table else "kinesis"
        self._stream = {"StreamArn" if self._is_table else "StreamARN": mapping.event_source_arn}
        self._shards: dict[str, Reading] = {}
        self._begun = False
        self._follow()
        self.wake()

    def look(self) -> None:
        """Go on with every shard as far as it goes now."""
        self._follow()
        for reading in list(self._shards.values()):
            self._go_on(reading)

    def _follow(self) -> None:
        """Begin to read the shards that are new: with the first at the position asked for."""
        client = self.client(self._service)
        if self._is_table:
            shards = client.describe_stream(**self._stream)["StreamDescription"]["Shards"]
        else:
            shards = client.list_shards(**self._stream)["Shards"]
        for shard in shards:
            name = shard["ShardId"]
            if name in self._shards:
                continue
            kind = self.mapping.starting_position if not self._begun else "TRIM_HORIZON"
            asked = {**self._stream, "ShardId": name, "ShardIteratorType": kind}
            if kind == "AT_TIMESTAMP":
                asked["Timestamp"] = self.mapping.starting_position_timestamp
            iterator = client.get_shard_iterator(**asked)["ShardIterator"]
            self._shards[name] = Reading(name, iterator)
        self._begun = True

    def _go_on(self, reading: Reading) -> None:
        now = runtime.running().sandbox.clock.now
        if reading.again_at is not None and reading.again_at > now:
            self.wake(reading.again_at)
            return
        self._read(reading)
        while batch := self._next_batch(reading):
            outcome = self.hand_over(batch)
            if not self._settled(reading, batch, outcome):
                return
            self._read(reading)

    def _read(self, reading: Reading) -> None:
        if reading.taken or reading.batches or not reading.iterator:
            return
        size = int(self.mapping.batch_size)
        asked = {"ShardIterator": reading.iterator, "Limit": min(size, _AT_MOST)}
        client = self.client(self._service)
        try:
            got = client.get_records(**asked)
        except client.exceptions.ExpiredIteratorException:  # Lambda's never rest that long
            asked["ShardIterator"] = self._taken_up(client, reading)
            got = client.get_records(**asked)
        reading.iterator = got.get("NextShardIterator") or ""
        reading.read_at = runtime.running().sandbox.clock.now
        if got["Records"] and not self._is_table:
            reading.number = got["Records"][-1]["SequenceNumber"]
        make = self._of_table if self._is_table else self._of_kinesis
        records = [make(record, reading.shard_id) for record in got["Records"]]
        reading.taken = [one for one in records if wanted(one, self.mapping.filter_criteria)]
        if records and not reading.taken:
            self._read(reading)

    def _taken_up(self, client: Any, reading: Reading) -> str:
        """An iterator that is good again, for the place that a shard has been read to."""
        if self._is_table:
            return self._renewed(reading.iterator)
        where: dict[str, Any] = {"ShardIteratorType": "TRIM_HORIZON"}
        if reading.number:
            where = {
                "ShardIteratorType": "AFTER_SEQUENCE_NUMBER",
                "StartingSequenceNumber": reading.number,
            }
        elif reading.read_at is not None:
            where = {"ShardIteratorType": "AT_TIMESTAMP", "Timestamp": reading.read_at}
        answer = client.get_shard_iterator(**self._stream, ShardId=reading.shard_id, **where)
        return str(answer["ShardIterator"])

    def _renewed(self, iterator: str) -> str:
        """The iterator of a table's shard, as if it had been used all the time."""
        from moto.dynamodbstreams.models import dynamodbstreams_backends

        _, _, _, region, account, _ = self.mapping.event_source_arn.split(":", 5)
        held: Any = dynamodbstreams_backends[account][region].shard_iterators[iterator]
        held.handed_out_at = runtime.running().sandbox.clock.now
        return iterator

    def _next_batch(self, reading: Reading) -> list[dict[str, Any]]:
        if not reading.batches and reading.taken:
            batch = fitting(reading.taken)
            reading.taken = reading.taken[len(batch) :]
            reading.batches = [batch]
        return reading.batches[0] if reading.batches else []

    def _settled(
        self, reading: Reading, batch: list[dict[str, Any]], outcome: Outcome | None
    ) -> bool:
        """Whether to go on behind this batch; else it is tried again later."""
        failed = None if outcome is None else self.batch_failures(outcome)
        if failed == set():
            self._done(reading)
            return True
        if outcome is not None:
            reading.tries += 1
        if failed:  # go on from the first that failed
            numbers = [_number(record) for record in batch]
            first = min((numbers.index(one) for one in failed if one in numbers), default=0)
            reading.batches[0] = batch = batch[first:]
        if outcome is not None and self._given_up(reading, batch):
            self._tell(reading, batch, outcome)
            self._done(reading)
            return True
        if outcome is not None and self.mapping.bisect_on_error and len(batch) > 1 and not failed:
            half = len(batch) // 2
            reading.batches[:1] = [batch[:half], batch[half:]]
            reading.tries = 0
            return True
        wait = min(2.0 ** max(0, reading.tries - 1), _LONGEST_WAIT_S)
        reading.again_at = runtime.running().sandbox.clock.now + timedelta(seconds=wait)
        self.wake(reading.again_at)
        return False

    def _done(self, reading: Reading) -> None:
        del reading.batches[0]
        reading.tries, reading.again_at = 0, None

    def _given_up(self, reading: Reading, batch: list[dict[str, Any]]) -> bool:
        most, oldest = self.mapping.max_retry_attempts, self.mapping.max_record_age
        if most is not None and most >= 0 and reading.tries > most:
            return not (self.mapping.bisect_on_error and len(batch) > 1)
        age = runtime.running().sandbox.clock.now - _written_at(batch[0])
        return oldest is not None and oldest >= 0 and age > timedelta(seconds=oldest)

    def _tell(self, reading: Reading, batch: list[dict[str, Any]], outcome: Outcome) -> None:
        """Tell the on-failure destination where in the stream the records are."""
        wish = (self.mapping.destination_config or {}).get("OnFailure") or {}
        target = self._target()
        if "Destination" not in wish or target is None:
            return
        now = runtime.running().sandbox.clock.now
        spent = "RetryAttemptsExhausted"
        if self.mapping.max_retry_attempts in (None, -1):
            spent = "RecordAgeExceeded"
        first, last = batch[0], batch[-1]
        info = {
            "shardId": reading.shard_id,
            "startSequenceNumber": _number(first),
            "endSequenceNumber": _number(last),
            "approximateArrivalOfFirstRecord": _stamp(_written_at(first)),
            "approximateArrivalOfLastRecord": _stamp(_written_at(last)),
            "batchSize": len(batch),
            "streamArn": self.mapping.event_source_arn,
        }
        told = {
            "requestContext": {
                "requestId": outcome.request_id,
                "functionArn": target.qualified_arn if target.qualifier else target.arn,
                "condition": spent,
                "approximateInvokeCount": reading.tries,
            },
            "responseContext": {
                "statusCode": 200,
                "executedVersion": outcome.version,
                "functionError": outcome.error,
            },
            "version": "1.0",
            "timestamp": _stamp(now),
            "DDBStreamBatchInfo" if self._is_table else "KinesisBatchInfo": info,
        }
        send_record(wish["Destination"], target, told)

    def _of_table(self, record: dict[str, Any], _: str) -> dict[str, Any]:
        change = dict(record["dynamodb"])
        change["ApproximateCreationDateTime"] = change["ApproximateCreationDateTime"].timestamp()
        kept = {
            name: record[name]
            for name in ("eventID", "eventName", "eventVersion", "eventSource", "awsRegion")
        }
        if "userIdentity" in record:
            who = record["userIdentity"]
            kept["userIdentity"] = {"type": who["Type"], "principalId": who["PrincipalId"]}
        return {**kept, "dynamodb": _plain(change), "eventSourceARN": self.mapping.event_source_arn}

    def _of_kinesis(self, record: dict[str, Any], shard_id: str) -> dict[str, Any]:
        number = record["SequenceNumber"]
        target = self._target()
        return {
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": record["PartitionKey"],
                "sequenceNumber": number,
                "data": base64.b64encode(record["Data"]).decode(),
                "approximateArrivalTimestamp": record["ApproximateArrivalTimestamp"].timestamp(),
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": f"{shard_id}:{number}",
            "eventName": "aws:kinesis:record",
            "invokeIdentityArn": target.function.role if target else "",
            "awsRegion": self.mapping.region,
            "eventSourceARN": self.mapping.event_source_arn,
        }


def _plain(value: Any) -> Any:
    """Attribute values as JSON has them: bytes in base64."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(inner) for inner in value]
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _number(record: dict[str, Any]) -> str:
    kept = record.get("kinesis") or {}
    return str(kept.get("sequenceNumber") or record["dynamodb"]["SequenceNumber"])


def _written_at(record: dict[str, Any]) -> datetime:
    if "kinesis" in record:
        seconds = record["kinesis"]["approximateArrivalTimestamp"]
    else:
        seconds = record["dynamodb"]["ApproximateCreationDateTime"]
    return datetime.fromtimestamp(seconds, UTC)


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
