"""What a batch of messages may be, and what it is answered."""

from __future__ import annotations

import re

from labkit.fidelity.registry import rule
from labkit.fidelity.sns.common import API, asked_topic, limit
from labkit.fidelity.sns.publishing import size_bytes
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

_BATCH_ID = re.compile("[A-Za-z0-9_-]+")


@rule(
    "sns",
    "PublishBatch",
    when="before",
    follows=API + "PublishBatch.html",
    corrects="moto takes an empty batch and any id, and does not weigh them together",
)
def a_batch_has_its_form(exchange: Exchange) -> None:
    """A batch has entries, with plain ids, that weigh no more together than one message may.

    EmptyBatchRequest, InvalidBatchEntryId or BatchRequestTooLong.
    """
    entries, topic = exchange.params.get("PublishBatchRequestEntries") or [], asked_topic(exchange)
    if not entries:
        raise AwsError("EmptyBatchRequest", "The batch request doesn't contain any entries.")
    for entry in entries:
        id = entry["Id"]
        if not _BATCH_ID.fullmatch(id) or len(id) > limit("batch_id_max_chars"):
            raise AwsError(
                "InvalidBatchEntryId",
                "The Id of a batch entry in a batch request doesn't abide by the specification.",
            )
    if topic is not None and sum(map(size_bytes, entries)) > topic.message_max_bytes:
        raise AwsError(
            "BatchRequestTooLong",
            "The length of all the messages put together is more than the limit.",
        )


@rule(
    "sns",
    "PublishBatch",
    when="after",
    follows=API + "PublishBatch.html",
    corrects="moto gives no sequence numbers",
)
def messages_of_a_fifo_batch_are_numbered(exchange: Exchange, answer: Params) -> Params | None:
    """Each message of a batch to a FIFO topic has its sequence number.

    SequenceNumber in each entry of Successful.
    """
    topic = asked_topic(exchange)
    if topic is None or not topic.fifo_topic:
        return None
    numbered = [
        one | {"SequenceNumber": topic.sequence_numbers[one["MessageId"]]}
        for one in answer.get("Successful", ())
    ]
    return answer | {"Successful": numbered}
