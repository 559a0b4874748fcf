"""Items whose time is over are swept away by the service, now and then.

09:00 ── seat held until 10:30 ── 15:00 sweep: the item goes, and the stream tells who did it
                             └─ until then it can still be read
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from labkit.fidelity.dynamodb.common import API, GUIDE, asked_table, backend_of, limit, refused
from labkit.fidelity.dynamodb.stream import StreamShard
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params
from labkit.sandbox.sandbox import Sandbox
from labkit.units import SECONDS_PER_HOUR

SWEEP_S = 6 * SECONDS_PER_HOUR  # AWS promises no time: within a few days


@rule(
    "dynamodb",
    "UpdateTimeToLive",
    "DescribeTimeToLive",
    when="before",
    follows=API + "UpdateTimeToLive.html",
    corrects="moto answers with a code that does not exist",
)
def only_a_table_that_is_there_has_a_time_to_live(exchange: Exchange) -> None:
    """A table that does not exist has no time to live.

    ResourceNotFoundException: Requested resource not found: Table: … not found.
    """
    if asked_table(exchange) is None:
        name = exchange.params["TableName"]
        raise AwsError(
            "ResourceNotFoundException", f"Requested resource not found: Table: {name} not found"
        )


@rule(
    "dynamodb",
    "UpdateTimeToLive",
    when="before",
    follows=API + "UpdateTimeToLive.html",
    corrects="moto turns on what is on",
)
def a_time_to_live_is_turned_on_once(exchange: Exchange) -> None:
    """What is on cannot be turned on again, nor what is off turned off.

    ValidationException: TimeToLive is already enabled.
    """
    table, wanted = asked_table(exchange), exchange.params["TimeToLiveSpecification"]
    if table is not None and (table.ttl["TimeToLiveStatus"] == "ENABLED") == wanted["Enabled"]:
        state = "enabled" if wanted["Enabled"] else "disabled"
        raise refused(f"TimeToLive is already {state}")


@rule(
    "dynamodb",
    "UpdateTimeToLive",
    when="after",
    follows=GUIDE + "howitworks-ttl.html",
    corrects="moto never deletes an item",
)
def an_item_whose_time_is_over_is_swept_away(exchange: Exchange, answer: Params) -> None:
    """Some hours after the time in its attribute, a number of seconds since 1970, an item is gone.

    Within a few days, without using write capacity. What is no number, or lies more than five
    years back, is left alone.
    """
    table, backend = asked_table(exchange), backend_of(exchange)
    if table.ttl["TimeToLiveStatus"] == "ENABLED":
        name, id = table.name, table.id
        clock = Sandbox.current().clock

        def sweep() -> None:
            held = backend.tables.get(name)
            if held is None or held.id != id or held.ttl["TimeToLiveStatus"] != "ENABLED":
                return
            for item in [*_over(held, clock.now)]:
                _delete(held, item)
            clock.call_after(SWEEP_S, sweep)

        clock.call_after(SWEEP_S, sweep)


def _over(table: Any, now: datetime) -> Iterator[Any]:
    """The items whose time is over."""
    oldest = now - timedelta(seconds=limit("ttl_oldest_s"))
    for item in table.all_items():
        value = item.attrs.get(table.ttl["AttributeName"])
        if value is not None and value.type == "N":
            seconds = float(value.value)
            if oldest.timestamp() < seconds <= now.timestamp():
                yield item


def _delete(table: Any, item: Any) -> None:
    shard: StreamShard | None = table.stream_shard
    with table.unmetered():
        if item.range_key is not None:
            table.items[item.hash_key].pop(item.range_key)
        else:
            table.items.pop(item.hash_key)
    if shard is not None:
        shard.by_service = True
        shard.add(item, None)
        shard.by_service = False
