"""What a batch may be, for the three operations that take one."""

from __future__ import annotations

import re

from labkit.fidelity.registry import rule
from labkit.fidelity.sqs.common import API, GUIDE, limit, queue_of
from labkit.fidelity.sqs.messages import size_bytes
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

_BATCHES = ("SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch")
_PREFIX = "AWS.SimpleQueueService."


@rule(
    "sqs",
    *_BATCHES,
    when="before",
    follows=API + "ChangeMessageVisibilityBatch.html",
    corrects="moto answers an empty ChangeMessageVisibilityBatch with success",
)
def an_empty_batch_is_refused(exchange: Exchange) -> None:
    """A batch has at least one entry.

    EmptyBatchRequest.
    """
    if not exchange.params.get("Entries"):
        raise AwsError(
            _PREFIX + "EmptyBatchRequest",
            f"There should be at least one {exchange.operation}RequestEntry in the request.",
        )


@rule(
    "sqs",
    *_BATCHES,
    when="before",
    follows=API + "DeleteMessageBatch.html",
    corrects="moto deletes and changes any number, and looks for repeated ids first",
)
def a_batch_has_only_so_many_entries(exchange: Exchange) -> None:
    """A batch with too many entries is refused, whatever else is wrong with it.

    TooManyEntriesInBatchRequest, with the number sent.
    """
    count, most = len(exchange.params["Entries"]), limit("batch_max_entries")
    if count > most:
        raise AwsError(
            _PREFIX + "TooManyEntriesInBatchRequest",
            f"Maximum number of entries per request are {most}. You have sent {count}.",
        )


@rule(
    "sqs",
    *_BATCHES,
    when="before",
    follows=API + "DeleteMessageBatch.html",
    corrects="moto looks at the ids of SendMessageBatch only",
)
def the_ids_of_a_batch_are_short_and_plain(exchange: Exchange) -> None:
    """An entry's id is letters, digits, hyphens and underscores, and not too long.

    InvalidBatchEntryId.
    """
    most = limit("batch_id_max_chars")
    for entry in exchange.params["Entries"]:
        if not re.fullmatch(rf"[A-Za-z0-9_-]{{1,{most}}}", entry["Id"]):
            raise AwsError(
                _PREFIX + "InvalidBatchEntryId",
                "A batch entry id can only contain alphanumeric characters, hyphens and "
                f"underscores. It can be at most {most} letters long.",
            )


@rule(
    "sqs",
    *_BATCHES,
    when="before",
    follows=API + "DeleteMessageBatch.html",
    corrects="moto compares receipt handles where AWS compares the entries' ids",
)
def the_ids_of_a_batch_are_distinct(exchange: Exchange) -> None:
    """No two entries of a batch have the same id.

    BatchEntryIdsNotDistinct, naming the id.
    """
    seen: set[str] = set()
    for entry in exchange.params["Entries"]:
        if entry["Id"] in seen:
            raise AwsError(_PREFIX + "BatchEntryIdsNotDistinct", f"Id {entry['Id']} repeated.")
        seen.add(entry["Id"])


@rule(
    "sqs",
    "SendMessageBatch",
    when="before",
    follows=GUIDE + "quotas-messages.html",
    corrects="moto adds up the characters of the bodies",
)
def a_batch_is_weighed_as_a_whole(exchange: Exchange) -> None:
    """The messages of a batch together are no heavier than one message may be.

    BatchRequestTooLong, with the bytes sent.
    """
    size, most = sum(map(size_bytes, exchange.params["Entries"])), limit("message_max_bytes")
    if size > most:
        raise AwsError(
            _PREFIX + "BatchRequestTooLong",
            f"Batch requests cannot be longer than {most} bytes. You have sent {size} bytes.",
        )


@rule(
    "sqs",
    "SendMessageBatch",
    when="before",
    follows=API + "SendMessageBatch.html",
    corrects="moto answers MissingParameter, as for a single message",
)
def a_fifo_batch_without_group_is_refused_whole(exchange: Exchange) -> None:
    """A batch to a FIFO queue is refused whole if one entry has no MessageGroupId.

    InvalidParameterValue: the request must contain the parameter MessageGroupId.
    """
    queue = queue_of(exchange)
    if queue is None or not queue.fifo_queue:
        return
    for entry in exchange.params["Entries"]:
        if not entry.get("MessageDeduplicationId") and not queue.content_based_deduplication:
            raise AwsError(
                "InvalidParameterValue",
                "The queue should either have ContentBasedDeduplication enabled or "
                "MessageDeduplicationId provided explicitly",
            )
        if not entry.get("MessageGroupId"):
            raise AwsError(
                "InvalidParameterValue", "The request must contain the parameter MessageGroupId."
            )
