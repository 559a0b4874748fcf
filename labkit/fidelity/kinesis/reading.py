"""Where reading starts, and what an answer says of its shard."""

from __future__ import annotations

from labkit.fidelity.kinesis.common import API, asked_stream, backend_of, invalid
from labkit.fidelity.kinesis.iterators import place_of
from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange, Params

_NEEDS = {
    "AT_SEQUENCE_NUMBER": "StartingSequenceNumber",
    "AFTER_SEQUENCE_NUMBER": "StartingSequenceNumber",
    "AT_TIMESTAMP": "Timestamp",
}


@rule(
    "kinesis",
    "GetShardIterator",
    when="before",
    follows=API + "GetShardIterator.html",
    corrects="moto breaks down",
)
def an_iterator_is_told_where_to_start(exchange: Exchange) -> None:
    """An iterator at a sequence number or a time is asked for with one.

    InvalidArgumentException; its words are unverified.
    """
    kind = exchange.params["ShardIteratorType"]
    needed = _NEEDS.get(kind)
    if needed is None:
        return
    given = exchange.params.get(needed)
    if given is None:
        raise invalid(f"Must specify {needed} for a ShardIterator of type {kind}.")
    if needed == "StartingSequenceNumber" and not str(given).isdigit():
        raise invalid(f"Invalid StartingSequenceNumber {given}.")


@rule(
    "kinesis",
    "GetShardIterator",
    when="before",
    follows=API + "GetShardIterator.html",
    corrects="moto reads on from any number",
)
def a_sequence_number_is_of_its_shard(exchange: Exchange) -> None:
    """Reading starts at a sequence number of the same shard.

    InvalidArgumentException: StartingSequenceNumber … used in GetShardIterator is invalid because
    it did not come from this stream. Its words are unverified.
    """
    stream, given = asked_stream(exchange), str(exchange.params.get("StartingSequenceNumber", ""))
    shard = stream.shards.get(exchange.params["ShardId"]) if stream is not None else None
    if shard is None or not given.isdigit():
        return
    if not shard.first_number <= int(given) <= shard.latest_number:
        raise invalid(
            f"StartingSequenceNumber {given} used in GetShardIterator on shard {shard.shard_id} "
            f"in stream {stream.stream_name} under account {stream.account_id} is invalid because "
            "it did not come from this stream."
        )


@rule(
    "kinesis",
    "GetRecords",
    when="after",
    follows=API + "GetRecords.html",
    corrects="moto goes on with an empty shard for ever",
)
def the_end_of_a_shard_names_its_children(exchange: Exchange, answer: Params) -> Params | None:
    """Who has read a closed shard to its end gets no further iterator, but its child shards.

    NextShardIterator is null; ChildShards: the list of the current shard's child shards.
    """
    if answer.get("NextShardIterator"):
        return None
    place = place_of(exchange.params["ShardIterator"])
    stream = backend_of(exchange).streams[place.stream_name]
    shard = stream.shards[place.shard_id]
    children = [
        {
            "ShardId": child.shard_id,
            "ParentShards": [one for one in (child.parent, child.adjacent_parent) if one],
            "HashKeyRange": {
                "StartingHashKey": str(child.starting_hash),
                "EndingHashKey": str(child.ending_hash),
            },
        }
        for child in stream.children_of(shard)
    ]
    return answer | {"ChildShards": children}
