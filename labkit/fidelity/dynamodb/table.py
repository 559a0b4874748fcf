"""A table that meters what is read and written, remembers its past, and reports in its stream."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from inspect import Signature, signature
from typing import Any

from moto.dynamodb.exceptions import ConditionalCheckFailed
from moto.dynamodb.models import table as moto_table
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.moto_api._internal import mock_random

from labkit.fidelity.dynamodb import meter, settings
from labkit.fidelity.dynamodb.bucket import Bucket
from labkit.fidelity.dynamodb.capacity import (
    Capacity,
    indexes_of,
    write_costs,
)
from labkit.fidelity.dynamodb.meter import GLOBAL, LOCAL, TABLE, Place, Way
from labkit.fidelity.dynamodb.projection import beyond, holds
from labkit.fidelity.dynamodb.sizes import item_bytes
from labkit.fidelity.dynamodb.stream import StreamShard
from labkit.models.dynamodb_capacity.units import EVENTUAL, STRONG, read_units, write_units
from labkit.sandbox.sandbox import Sandbox

Found = tuple[list[Item], int, dict[str, Any] | None]
LEAST_READ = 0.5  # a unit that is read at the least; how much it will be shows afterwards
_QUERY, _SCAN = signature(moto_table.Table.query), signature(moto_table.Table.scan)


class Table(Capacity, moto_table.Table):
    """A table as AWS has it, in the place of moto's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.buckets: dict[tuple[Place, Way], Bucket] = {}
        self.partitions: dict[tuple[str, Way], Bucket] = {}
        self.status = "ACTIVE"
        self.is_metered = True
        self._past: list[tuple[datetime, Any, Any, Item | None]] = []
        super().__init__(*args, **kwargs)
        self.id = str(mock_random.uuid4())

    def describe(self, base_key: str = "TableDescription") -> dict[str, Any]:
        """The table as DescribeTable shows it, without what this table does not have."""
        answer = super().describe(base_key)
        shown = answer[base_key]
        shown |= {"TableStatus": self.status, "TableId": self.id}
        shown["TableSizeBytes"] = sum(item_bytes(item.attrs) for item in self.all_items())
        if self.billing_mode == "PROVISIONED":
            del shown["BillingModeSummary"]
        for name, kind in (("GlobalSecondaryIndexes", self.global_indexes),
                           ("LocalSecondaryIndexes", self.indexes)):  # fmt: skip
            if not kind:
                del shown[name]
        return answer

    # ---- items ----

    def held(self, attributes: dict[str, Any]) -> Item | None:
        """The item with these keys; None where there is none, or a key is missing."""
        items: Any = self.items
        try:
            hash_key = DynamoType(attributes[self.hash_key_attr])
            if self.range_key_attr is None:
                found: Item | None = items.get(hash_key)
            else:
                of_partition = items.get(hash_key, {})
                found = of_partition.get(DynamoType(attributes[self.range_key_attr]))
        except (KeyError, AttributeError):
            return None
        return found

    def partition_of(self, attributes: Mapping[str, Any]) -> DynamoType | None:
        """The value of the partition key, or None where it is missing."""
        value = attributes.get(self.hash_key_attr)
        return DynamoType(value) if isinstance(value, dict) else value

    def put_item(self, item_attrs: dict[str, Any], *rest: Any, **more: Any) -> Item:
        """Write an item, at a cost."""
        if not self.is_metered:
            return super().put_item(item_attrs, *rest, **more)
        old = self.held(item_attrs)
        before = old.attrs if old is not None else None
        costs, key = write_costs(self, before, item_attrs), self.partition_of(item_attrs)
        self.admit("write", costs, key)
        try:
            item = super().put_item(item_attrs, *rest, **more)
        except ConditionalCheckFailed:
            self.charge_failed(old)
            raise
        self.charge("write", costs, key)
        self.remember(item, old)
        return item

    def delete_item(self, hash_key: DynamoType, range_key: DynamoType | None) -> Item | None:
        """Delete an item, at a cost."""
        old = self.get_item(hash_key, range_key)
        costs = write_costs(self, old.attrs if old is not None else None, None)
        self.admit("write", costs, hash_key)
        deleted = super().delete_item(hash_key, range_key)
        self.charge("write", costs, hash_key)
        if old is not None:
            self.remember(old, old)
        return deleted

    def charge_failed(self, old: Item | None) -> None:
        """A write whose condition fails costs as much as the item that is there."""
        units = write_units(item_bytes(old.attrs) if old is not None else 0)
        self.charge("write", {TABLE: units})

    @contextmanager
    def unmetered(self) -> Iterator[None]:
        """What is written meanwhile is metered and reported elsewhere."""
        shard, self.stream_shard, self.is_metered = self.stream_shard, None, False
        try:
            yield
        finally:
            self.stream_shard, self.is_metered = shard, True

    # ---- queries and scans ----

    def query(self, *args: Any, **kwargs: Any) -> Found:
        """Read a part of the table; what the filter leaves out has been read, too."""
        return self._read(super().query, _QUERY, args, kwargs)

    def scan(self, *args: Any, **kwargs: Any) -> Found:
        """Read the table; what the filter leaves out has been read, too."""
        return self._read(super().scan, _SCAN, args, kwargs)

    def _read(
        self, read: Any, form: Signature, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Found:
        """Let moto read without filter and projection, weigh what it finds, then apply both."""
        asked = form.bind(self, *args, **kwargs)
        asked.apply_defaults()
        given = asked.arguments
        place = self._place(given["index_name"])
        key = given.get("hash_key") if place[0] != GLOBAL else None  # a scan goes through all
        self.admit("read", {place: LEAST_READ}, key)
        projection = "projection_expressions" if form is _QUERY else "projection_expression"
        wanted, given[projection] = given[projection], None
        kept, given["filter_expression"] = given["filter_expression"], None
        items, scanned, last = read(*asked.args[1:], **asked.kwargs)
        size = sum(item_bytes(item.attrs) for item in items)
        self.charge(
            "read", {place: read_units(size, STRONG if given["consistent_read"] else EVENTUAL)}, key
        )
        if place[0] == LOCAL and self._wants_more(place[1], wanted):
            items = [self._fetch(item, given["consistent_read"], key) for item in items]
        if kept is not None:
            items = [item for item in items if kept.expr(item)]
        if wanted:
            items = [item.project(wanted) for item in items]
        return items, scanned, last

    def _wants_more(self, index_name: str, wanted: Any) -> bool:
        """Whether a request wants attributes that a local index does not hold."""
        [index] = [one for one in self.indexes if one.name == index_name]
        return bool(beyond(index, wanted)) or (meter.current().whole and holds(index) is not None)

    def _fetch(self, entry: Item, strong: bool, key: object) -> Item:
        """The item of a local index's entry, at the cost of reading it."""
        item = copy.deepcopy(self.held(entry.attrs)) or entry
        self.charge(
            "read", {TABLE: read_units(item_bytes(item.attrs), STRONG if strong else EVENTUAL)}, key
        )
        return item

    def _place(self, index_name: str | None) -> Place:
        places = [place for place, index in indexes_of(self) if index.name == index_name]
        return places[0] if places else TABLE

    # ---- streams ----

    def set_stream_specification(self, streams: dict[str, Any] | None) -> None:
        """Turn the stream on or off; what is turned off is gone."""
        super().set_stream_specification(streams)
        self.stream_shard: StreamShard | None = None
        if self.stream_specification and self.stream_specification.get("StreamEnabled"):
            self.stream_shard = StreamShard(self.account_id, self)
        else:
            self.latest_stream_label = None

    # ---- the past ----

    def remember(self, item: Item, old: Item | None) -> None:
        """Keep what was there before, as long as a replica may still show it."""
        if settings.current().replica_lag_s > 0:
            now = Sandbox.current().clock.now
            self._past.append((now, item.hash_key, item.range_key, copy.deepcopy(old)))

    @contextmanager
    def as_a_replica_has_it(self) -> Iterator[None]:
        """Meanwhile the table is as it was a moment ago."""
        lag = timedelta(seconds=settings.current().replica_lag_s)
        then = Sandbox.current().clock.now - lag
        self._past = [entry for entry in self._past if entry[0] > then]
        present = self.items
        if self._past:
            self.items = self._undone()
        try:
            yield
        finally:
            self.items = present

    def _undone(self) -> Any:
        items: Any = type(self.items)(dict)
        for key, held in self.items.items():
            items[key] = dict(held) if self.range_key_attr else held
        for _, hash_key, range_key, old in reversed(self._past):
            place, key = (items[hash_key], range_key) if range_key else (items, hash_key)
            if old is None:
                place.pop(key, None)
            else:
                place[key] = old
        return items
