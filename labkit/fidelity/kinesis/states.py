"""When a stream can be used, changed and deleted; its consumers, its tags, its place in a list."""

from __future__ import annotations

from labkit.fidelity.kinesis.common import (
    API,
    asked_name,
    asked_stream,
    backend_of,
    in_use,
    limit,
    missing,
    told,
    too_many,
)
from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange, Params

_CHANGES = (
    "SplitShard",
    "MergeShards",
    "UpdateShardCount",
    "UpdateStreamMode",
    "UpdateMaxRecordSize",
    "StartStreamEncryption",
    "StopStreamEncryption",
)


@rule(
    "kinesis",
    "PutRecord",
    "PutRecords",
    "GetShardIterator",
    when="before",
    follows=API + "CreateStream.html",
    corrects="moto's streams can be used at once",
)
def a_stream_is_used_once_it_is_active(exchange: Exchange) -> None:
    """A new stream is being created for a while; until then there is nothing to write to.

    ResourceNotFoundException: Stream … under account … not found.
    """
    stream = asked_stream(exchange)
    if stream is not None and not stream.is_live:
        raise missing(f"{told(stream)} not found.")


@rule(
    "kinesis",
    *_CHANGES,
    "DeleteStream",
    when="before",
    follows=API + "SplitShard.html",
    corrects="moto's streams are never busy",
)
def a_busy_stream_is_not_changed(exchange: Exchange) -> None:
    """A stream that is being created or changed can be neither changed again nor deleted.

    ResourceInUseException: Stream … not ACTIVE, instead in state UPDATING.
    """
    stream = asked_stream(exchange)
    if stream is not None and stream.status != "ACTIVE":
        raise in_use(f"{told(stream)} not ACTIVE, instead in state {stream.status}")


@rule(
    "kinesis",
    "DeleteStream",
    when="before",
    follows=API + "DeleteStream.html",
    corrects="moto deletes the stream under its consumers",
)
def a_stream_with_consumers_is_not_deleted(exchange: Exchange) -> None:
    """A stream that has registered consumers is deleted with EnforceConsumerDeletion only.

    ResourceInUseException; its words are unverified.
    """
    stream = asked_stream(exchange)
    if stream is None or exchange.params.get("EnforceConsumerDeletion"):
        return
    if stream.consumers:
        raise in_use(
            f"{told(stream)} cannot be deleted because it has {len(stream.consumers)} consumers "
            "registered with it. Deregister them, or specify EnforceConsumerDeletion."
        )


@rule(
    "kinesis",
    "AddTagsToStream",
    when="before",
    follows=API + "AddTagsToStream.html",
    corrects="moto takes any number of tags",
)
def a_stream_has_a_limited_number_of_tags(exchange: Exchange) -> None:
    """A stream has no more than fifty tags.

    LimitExceededException; its words are unverified.
    """
    stream, most = asked_stream(exchange), limit("tags_max")
    if stream is None:
        return
    if len(stream.tags | exchange.params["Tags"]) > most:
        raise too_many(f"Failed to add tags to stream {stream.stream_name}: more than {most} tags.")


@rule(
    "kinesis",
    "RegisterStreamConsumer",
    when="before",
    follows=API + "RegisterStreamConsumer.html",
    corrects="moto registers the same name twice, and any number",
)
def a_consumer_is_registered_once(exchange: Exchange) -> None:
    """A stream's consumers have names of their own, and there are twenty at most.

    ResourceInUseException and LimitExceededException; their words are unverified.
    """
    stream, name = asked_stream(exchange), exchange.params["ConsumerName"]
    if stream is None:
        raise missing(f"Stream {asked_name(exchange)} under account {exchange.account} not found.")
    if any(consumer.consumer_name == name for consumer in stream.consumers):
        raise in_use(
            f"Consumer {name} under stream {stream.stream_name} already exists for account "
            f"{stream.account_id}."
        )
    most, at_once = limit("consumers_max"), limit("consumers_creating_max")
    making = [consumer for consumer in stream.consumers if consumer.status == "CREATING"]
    if len(stream.consumers) >= most or len(making) >= at_once:
        raise too_many(
            f"A stream has {most} registered consumers at most, {at_once} of them in the CREATING "
            "state."
        )


@rule(
    "kinesis",
    "ListStreams",
    when="instead",
    follows=API + "ListStreams.html",
    corrects="moto lists ten, and summaries of all",
)
def a_hundred_streams_are_listed_at_a_time(exchange: Exchange) -> Params:
    """One answer lists up to a hundred streams by name, with a summary of each.

    HasMoreStreams and NextToken lead to the rest.
    """
    params, page = exchange.params, limit("streams_listed_default")
    streams = backend_of(exchange).streams
    start = params.get("ExclusiveStartStreamName") or params.get("NextToken") or ""
    names = sorted(name for name in streams if name > start)
    shown = names[: min(params.get("Limit") or page, page)]
    more = len(shown) < len(names)
    answer = {
        "StreamNames": shown,
        "HasMoreStreams": more,
        "StreamSummaries": [_summary(streams[name]) for name in shown],
    }
    return answer | ({"NextToken": shown[-1]} if more else {})


def _summary(stream: object) -> Params:
    whole = stream.to_json_summary()["StreamDescriptionSummary"]  # type: ignore[attr-defined]
    names = (
        "StreamName",
        "StreamARN",
        "StreamStatus",
        "StreamModeDetails",
        "StreamCreationTimestamp",
    )
    return {name: whole[name] for name in names}
