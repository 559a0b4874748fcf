"""What reading and writing costs a table and its indexes, and when there is too little."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from labkit.fidelity.dynamodb import meter
from labkit.fidelity.dynamodb.bucket import Bucket
from labkit.fidelity.dynamodb.common import limit
from labkit.fidelity.dynamodb.meter import GLOBAL, LOCAL, TABLE, Place, Way
from labkit.fidelity.dynamodb.sizes import item_bytes
from labkit.fidelity.dynamodb.throttle import ProvisionedThroughputExceeded
from labkit.models.dynamodb_capacity.units import write_units
from labkit.sandbox.sandbox import Sandbox

Attributes = Mapping[str, Any]
Costs = dict[Place, float]


def write_costs(table: Any, old: Attributes | None, new: Attributes | None) -> Costs:
    """What it costs to put `new` in the place of `old`: the table, and each index it touches."""
    larger = max(item_bytes(old) if old else 0, item_bytes(new) if new else 0)
    costs: Costs = {TABLE: write_units(larger)}
    for place, index in indexes_of(table):
        units = _index_units(index, old, new)
        if units:
            costs[place] = units
    return costs


def indexes_of(table: Any) -> Iterator[tuple[Place, Any]]:
    """Each index of a table, by the place where its use is reported."""
    for index in table.global_indexes:
        yield (GLOBAL, index.name), index
    for index in table.indexes:
        yield (LOCAL, index.name), index


def _index_units(index: Any, old: Attributes | None, new: Attributes | None) -> int:
    """An entry that comes, goes or changes is one write; one that moves is two.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
    """
    before, after = projected(index, old), projected(index, new)
    if before == after:
        return 0
    if before and after:
        keys = index.schema_key_attrs
        if [before[key] for key in keys] == [after[key] for key in keys]:
            return write_units(max(item_bytes(before), item_bytes(after)))
    return sum(write_units(item_bytes(entry)) for entry in (before, after) if entry)


def projected(index: Any, attributes: Attributes | None) -> dict[str, Any]:
    """What an index holds of an item; nothing if the item lacks a key of it."""
    if not attributes or any(key not in attributes for key in index.schema_key_attrs):
        return {}
    projection = index.projection or {}
    names: Any = attributes
    if projection.get("ProjectionType") != "ALL":
        names = {
            *index.schema_key_attrs,
            *index.table_key_attrs,
            *projection.get("NonKeyAttributes", ()),
        }
    return {name: _plain(attributes[name]) for name in names if name in attributes}


def _plain(value: Any) -> Any:
    return value if type(value) is dict else value.to_regular_json()


class Capacity:
    """The buckets of a provisioned table, its partitions and global indexes.

    Mixed into the table. Each value of the partition key has a partition of its own: so far does
    AWS isolate an item that is asked for often.
    """

    name: str
    table_arn: str
    billing_mode: str | None
    throughput: dict[str, int]
    global_indexes: list[Any]
    buckets: dict[tuple[Place, Way], Bucket]
    partitions: dict[tuple[str, Way], Bucket]

    def admit(self, way: Way, costs: Costs, key: object = None) -> None:
        """Let a request pass if there is capacity for it, in the partition of `key` too.

        Raises ProvisionedThroughputExceeded; a local index draws on its table.
        """
        if self.billing_mode != "PROVISIONED" or Sandbox.current().quiet:
            return
        now, factor = Sandbox.current().clock.now, meter.current().factor
        wanted: Costs = {}
        for place, units in costs.items():
            drawn = TABLE if place[0] == LOCAL else place
            wanted[drawn] = wanted.get(drawn, 0) + units * factor
        for place, units in wanted.items():
            if not self._bucket(place, way).holds(units, now):
                raise ProvisionedThroughputExceeded(self.table_arn, place, way)
        if key is not None and not self._partition(key, way).holds(wanted.get(TABLE, 0), now):
            raise ProvisionedThroughputExceeded(self.table_arn, TABLE, way, "KeyRange")

    def charge(self, way: Way, costs: Costs, key: object = None) -> None:
        """Count what a request took, of the partition of `key` too."""
        usage = meter.current()
        provisioned = self.billing_mode == "PROVISIONED" and not Sandbox.current().quiet
        for place, units in costs.items():
            usage.add(self.name, place, way, units * usage.factor)
            if provisioned:
                drawn = TABLE if place[0] == LOCAL else place
                self._bucket(drawn, way).take(units * usage.factor)
                if drawn is TABLE and key is not None:
                    self._partition(key, way).take(units * usage.factor)

    def _partition(self, key: object, way: Way) -> Bucket:
        rate = limit(f"partition_{way}_units")
        new = Bucket(rate, Sandbox.current().clock.now, kept_s=1)
        return self.partitions.setdefault((repr(key), way), new)

    def _bucket(self, place: Place, way: Way) -> Bucket:
        throughput = self.throughput
        if place is not TABLE:
            [index] = [one for one in self.global_indexes if one.name == place[1]]
            throughput = index.throughput
        rate = throughput["ReadCapacityUnits" if way == "read" else "WriteCapacityUnits"]
        now = Sandbox.current().clock.now
        bucket = self.buckets.get((place, way))
        if bucket is None:
            bucket = self.buckets[place, way] = Bucket(rate, now)
        elif bucket.rate_per_s != rate:
            bucket.change(rate, now)
        return bucket

    def fill_buckets(self) -> None:
        """Begin to count: from now on capacity that is not used is kept."""
        if self.billing_mode == "PROVISIONED":
            for place in (TABLE, *((GLOBAL, index.name) for index in self.global_indexes)):
                for way in ("read", "write"):
                    self._bucket(place, way)
