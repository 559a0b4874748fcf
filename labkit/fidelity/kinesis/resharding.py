"""Which shards can be split and merged, and how far a stream is scaled at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from labkit.fidelity.kinesis.common import (
    API,
    asked_stream,
    invalid,
    missing,
    refused,
    told,
    too_many,
)
from labkit.fidelity.kinesis.shard import now
from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange

_SCALINGS_A_DAY = 10  # "Scale more than ten times per rolling 24-hour period per stream"


@rule(
    "kinesis",
    "SplitShard",
    "MergeShards",
    "UpdateShardCount",
    when="before",
    follows=API + "SplitShard.html",
    corrects="moto splits and merges the shards of an on-demand stream",
)
def an_on_demand_stream_is_not_resharded(exchange: Exchange) -> None:
    """The shards of an on-demand stream are AWS's business.

    ValidationException: Request is invalid. Stream … is in On-Demand mode.
    """
    stream = asked_stream(exchange)
    if stream is not None and stream.is_on_demand:
        raise refused(f"Request is invalid. {told(stream)} is in On-Demand mode.")


def _named(exchange: Exchange, *parameters: str) -> list[Any]:
    """The shards that a request names. Raises AwsError for one that is not there or is closed."""
    stream = asked_stream(exchange)
    found = []
    for parameter in parameters if stream is not None else ():
        id = exchange.params[parameter]
        if id not in stream.shards:
            raise missing(
                f"Could not find shard {id} in stream {stream.stream_name} under account "
                f"{stream.account_id}."
            )
        shard = stream.shards[id]
        if not shard.is_open:
            raise invalid(
                f"Shard {id} in stream {stream.stream_name} under account {stream.account_id} has "
                "already been merged or split, and thus is not eligible for merging or splitting."
            )
        found.append(shard)
    return found


@rule(
    "kinesis",
    "SplitShard",
    when="before",
    follows=API + "SplitShard.html",
    corrects="moto compares the new key with the range first, and words the rest its own way",
)
def a_closed_shard_is_not_split_again(exchange: Exchange) -> None:
    """A shard is split once, at a hash key inside its range.

    InvalidArgumentException: the shard has already been merged or split, or NewStartingHashKey is
    not both greater than one plus the shard's StartingHashKey and less than its EndingHashKey.
    """
    for shard in _named(exchange, "ShardToSplit"):
        stream, key = asked_stream(exchange), int(exchange.params["NewStartingHashKey"])
        if not shard.starting_hash + 1 < key < shard.ending_hash:
            raise invalid(
                f"NewStartingHashKey {key} used in SplitShard() on shard {shard.shard_id} in "
                f"stream {stream.stream_name} under account {stream.account_id} is not both "
                f"greater than one plus the shard's StartingHashKey {shard.starting_hash} and "
                f"less than the shard's EndingHashKey {shard.ending_hash}."
            )


@rule(
    "kinesis",
    "MergeShards",
    when="before",
    follows=API + "MergeShards.html",
    corrects="moto merges closed shards, refuses some neighbours, and says no more than an id",
)
def only_open_neighbours_are_merged(exchange: Exchange) -> None:
    """Two open shards are merged if their ranges of hash keys touch, in whichever order.

    InvalidArgumentException: the shards are not an adjacent pair of shards eligible for merging.
    """
    shards = _named(exchange, "ShardToMerge", "AdjacentShardToMerge")
    if len(shards) < 2:
        return
    low, high = sorted(shards, key=lambda shard: shard.starting_hash)
    if low.ending_hash + 1 != high.starting_hash:
        stream = asked_stream(exchange)
        raise invalid(
            f"Shards {shards[0].shard_id} and {shards[1].shard_id} in stream {stream.stream_name} "
            f"under account {stream.account_id} are not an adjacent pair of shards eligible for "
            "merging"
        )


@rule(
    "kinesis",
    "UpdateShardCount",
    when="before",
    follows=API + "UpdateShardCount.html",
    corrects="moto scales to any number",
)
def a_stream_is_doubled_or_halved_at_most(exchange: Exchange) -> None:
    """One call scales a stream to double or half its open shards at most.

    LimitExceededException: UpdateShardCount cannot scale up over double your current open shard
    count.
    """
    stream, target = asked_stream(exchange), exchange.params["TargetShardCount"]
    if stream is None:
        return
    open_now = len(stream.open_shards)
    counts = f"Current open shard count: {open_now} Target shard count: {target}"
    if target > 2 * open_now:
        raise too_many(
            f"UpdateShardCount cannot scale up over double your current open shard count. {counts}"
        )
    if 2 * target < open_now:
        raise too_many(
            f"UpdateShardCount cannot scale down below half your current open shard count. {counts}"
        )


@rule(
    "kinesis",
    "UpdateShardCount",
    when="before",
    follows=API + "UpdateShardCount.html",
    corrects="moto scales as often as it is asked to",
)
def a_stream_is_scaled_ten_times_a_day(exchange: Exchange) -> None:
    """A stream is scaled ten times in any 24 hours at most.

    LimitExceededException; its words are unverified.
    """
    stream = asked_stream(exchange)
    if stream is None:
        return
    recent = [at for at in stream.reshards if now() - at < timedelta(days=1)]
    if len(recent) >= _SCALINGS_A_DAY:
        raise too_many(
            f"{told(stream)} has been scaled {_SCALINGS_A_DAY} times in the last 24 hours."
        )
