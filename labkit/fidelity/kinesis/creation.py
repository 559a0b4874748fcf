"""What a new stream may be, and how large its records."""

from __future__ import annotations

import re

from labkit.fidelity.kinesis.common import (
    API,
    asked_name,
    asked_stream,
    backend_of,
    constraint,
    in_use,
    limit,
    missing,
    refused,
    told,
    too_many,
)
from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange, Params
from labkit.units import KIB

_NAME = re.compile("[a-zA-Z0-9_.-]+")
_NAME_MAX_CHARS = 128  # the bound of StreamName in the service model, which has no words for it
_RECORD_LIMITS = ("record_default_max_bytes", "record_limit_max_bytes")


@rule(
    "kinesis",
    "CreateStream",
    when="before",
    follows=API + "CreateStream.html",
    corrects="moto takes any name",
)
def a_stream_name_is_plain(exchange: Exchange) -> None:
    """A stream's name is letters, digits, underscores, dots and hyphens.

    ValidationException: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+.
    """
    name = exchange.params["StreamName"]
    if not _NAME.fullmatch(name):
        raise constraint(
            name, "streamName", f"Member must satisfy regular expression pattern: {_NAME.pattern}"
        )
    if len(name) > _NAME_MAX_CHARS:
        raise constraint(
            name,
            "streamName",
            f"Member must have length less than or equal to {_NAME_MAX_CHARS}",
        )


@rule(
    "kinesis",
    "CreateStream",
    when="before",
    follows=API + "CreateStream.html",
    corrects="moto says no more than the name",
)
def a_stream_that_is_there_is_not_created_again(exchange: Exchange) -> None:
    """Who creates a stream that exists is told so.

    ResourceInUseException: Stream … under account … already exists.
    """
    stream = asked_stream(exchange)
    if stream is not None:
        raise in_use(f"{told(stream)} already exists.")


@rule(
    "kinesis",
    "CreateStream",
    when="before",
    follows=API + "CreateStream.html",
    corrects="moto breaks down without a number, and ignores one on demand",
)
def shards_are_counted_in_provisioned_mode_only(exchange: Exchange) -> None:
    """A provisioned stream is created with a number of shards, an on-demand one without.

    ValidationException; its words are unverified.
    """
    mode = (exchange.params.get("StreamModeDetails") or {}).get("StreamMode")
    count = exchange.params.get("ShardCount")
    if mode == "PROVISIONED" and not count:
        raise refused("ShardCount must be specified for a stream in PROVISIONED mode.")
    if mode == "ON_DEMAND" and count:
        raise refused("ShardCount must not be specified for a stream in ON_DEMAND mode.")


@rule(
    "kinesis",
    "CreateStream",
    when="before",
    follows=API + "CreateStream.html",
    corrects="moto's streams are there at once",
)
def only_so_many_streams_are_in_the_making(exchange: Exchange) -> None:
    """No more than five streams can be in the making at a time.

    LimitExceededException; its words are unverified.
    """
    most = limit("streams_creating_max")
    making = [one for one in backend_of(exchange).streams.values() if one.status == "CREATING"]
    if len(making) >= most:
        raise too_many(f"Cannot have more than {most} streams in the CREATING state.")


@rule(
    "kinesis",
    "CreateStream",
    when="before",
    follows=API + "CreateStream.html",
    corrects="moto ignores it",
)
def a_stream_can_be_set_to_larger_records(exchange: Exchange) -> None:
    """MaxRecordSizeInKiB is between 1,024 and 10,240.

    ValidationException: Member must have value less than or equal to 10240.
    """
    _check_record_size(exchange)


def _check_record_size(exchange: Exchange) -> None:
    wanted = exchange.params.get("MaxRecordSizeInKiB")
    least, most = (limit(name) // KIB for name in _RECORD_LIMITS)
    if wanted is not None and wanted > most:
        rule = f"Member must have value less than or equal to {most}"
        raise constraint(str(wanted), "maxRecordSizeInKiB", rule)
    if wanted is not None and wanted < least:
        rule = f"Member must have value greater than or equal to {least}"
        raise constraint(str(wanted), "maxRecordSizeInKiB", rule)


@rule(
    "kinesis",
    "CreateStream",
    when="after",
    follows=API + "CreateStream.html",
    corrects="moto ignores it",
)
def a_new_stream_takes_records_as_large_as_it_says(exchange: Exchange, answer: Params) -> Params:
    """A stream that is created for larger records takes them.

    MaxRecordSizeInKiB: the largest record that can be written and read.
    """
    wanted = exchange.params.get("MaxRecordSizeInKiB")
    if wanted:
        asked_stream(exchange).max_record_bytes = wanted * KIB
    return answer


@rule(
    "kinesis",
    "UpdateMaxRecordSize",
    when="instead",
    follows=API + "UpdateMaxRecordSize.html",
    corrects="moto does not have the operation",
)
def the_largest_record_can_be_set(exchange: Exchange) -> Params:
    """The largest record of a stream can be raised to 10 MiB.

    Specify a value between 1024 and 10240 KiB (1 to 10 MiB).
    """
    stream, wanted = asked_stream(exchange), exchange.params["MaxRecordSizeInKiB"]
    _check_record_size(exchange)
    if stream is None:
        name = asked_name(exchange)
        raise missing(f"Stream {name} under account {exchange.account} not found.")
    stream.change(lambda: setattr(stream, "max_record_bytes", wanted * KIB))
    return {}
