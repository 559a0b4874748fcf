"""What SQS answers where moto answers less: batches entry by entry, digests, where it came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.exceptions import ServiceException
from moto.sqs.models import Message as MotoMessage
from moto.sqs.models import sqs_backends
from moto.sqs.utils import validate_message_attributes

from labkit.fidelity.registry import rule
from labkit.fidelity.sqs.common import API, invalid, limit, queue_of
from labkit.fidelity.sqs.messages import CHECKS
from labkit.sandbox.choke import Exchange, Params


def _entry_by_entry(exchange: Exchange, act: Callable[[Params], Params]) -> Params:
    """Act on each entry; those that AWS would refuse are reported as failed."""
    successful: list[Params] = []
    failed: list[Params] = []
    for entry in exchange.params["Entries"]:
        try:
            successful.append({"Id": entry["Id"], **act(entry)})
        except ServiceException as error:
            failed.append(
                {
                    "Id": entry["Id"],
                    "SenderFault": True,
                    "Code": error.code,
                    "Message": error.message,
                }
            )
    return {"Successful": successful, "Failed": failed}


def digest(attributes: Params) -> str:
    """The MD5 of message attributes, as MD5OfMessageAttributes has it."""
    carrier = MotoMessage("", "")
    carrier.message_attributes = attributes
    return carrier.attribute_md5


@rule(
    "sqs",
    "SendMessageBatch",
    when="instead",
    follows=API + "SendMessageBatch.html",
    corrects="moto refuses the whole batch for one bad entry, and drops system attributes",
)
def a_bad_entry_of_a_batch_fails_alone(exchange: Exchange) -> Params | None:
    """A batch can half succeed: an entry that is refused does not stop the others.

    The answer lists what was Successful and what Failed, with code and message.
    """
    queue = queue_of(exchange)
    if queue is None:
        return None
    backend = sqs_backends[exchange.account][exchange.region]

    def send(entry: Params) -> Params:
        validate_message_attributes(entry.get("MessageAttributes") or {})
        for check in CHECKS:
            check(queue, entry)
        system = entry.get("MessageSystemAttributes")
        message = backend.send_message(
            queue.name,
            entry["MessageBody"],
            message_attributes=entry.get("MessageAttributes"),
            delay_seconds=entry.get("DelaySeconds"),
            deduplication_id=entry.get("MessageDeduplicationId"),
            group_id=entry.get("MessageGroupId"),
            system_attributes=system,
        )
        answer = {
            "MessageId": message.id,
            "MD5OfMessageBody": message.body_md5,
            "MD5OfMessageAttributes": message.attribute_md5 if message.message_attributes else None,
            "MD5OfMessageSystemAttributes": digest(system) if system else None,
            "SequenceNumber": message.sequence_number,
        }
        return {name: value for name, value in answer.items() if value is not None}

    return _entry_by_entry(exchange, send)


@rule(
    "sqs",
    "DeleteMessageBatch",
    when="instead",
    follows=API + "DeleteMessageBatch.html",
    corrects="moto refuses the whole batch where two entries have the same receipt handle",
)
def each_entry_is_deleted_for_itself(exchange: Exchange) -> Params | None:
    """Each entry of a batch of deletions succeeds or fails by itself.

    The answer lists what was Successful and what Failed.
    """
    queue = queue_of(exchange)
    if queue is None:
        return None

    def delete(entry: Params) -> Params:
        queue.delete_message(entry["ReceiptHandle"])
        return {}

    return _entry_by_entry(exchange, delete)


@rule(
    "sqs",
    "ChangeMessageVisibilityBatch",
    when="instead",
    follows=API + "ChangeMessageVisibilityBatch.html",
    corrects="moto refuses the whole batch for one timeout that goes beyond the total",
)
def each_timeout_is_changed_for_itself(exchange: Exchange) -> Params | None:
    """Each entry of a batch of timeouts succeeds or fails by itself.

    The answer lists what was Successful and what Failed.
    """
    queue = queue_of(exchange)
    if queue is None:
        return None

    def change(entry: Params) -> Params:
        timeout_s, most = entry.get("VisibilityTimeout", 0), limit("visibility_timeout_max_s")
        if not 0 <= timeout_s <= most:
            raise invalid(
                timeout_s, "VisibilityTimeout", f"Must be between 0 and {most}, if provided."
            )
        queue.change_visibility(entry["ReceiptHandle"], timeout_s)
        return {}

    return _entry_by_entry(exchange, change)


@rule(
    "sqs",
    "SendMessage",
    when="after",
    follows=API + "SendMessage.html",
    corrects="moto leaves the digest out",
)
def system_attributes_have_a_digest(exchange: Exchange, answer: Params) -> Params | None:
    """An answer holds the MD5 of the system attributes, as of the others.

    MD5OfMessageSystemAttributes.
    """
    system: Any = exchange.params.get("MessageSystemAttributes")
    return answer | {"MD5OfMessageSystemAttributes": digest(system)} if system else None


@rule(
    "sqs",
    "ReceiveMessage",
    when="after",
    follows=API + "ReceiveMessage.html",
    corrects="moto does not know DeadLetterQueueSourceArn",
)
def a_dead_letter_says_where_it_comes_from(exchange: Exchange, answer: Params) -> Params | None:
    """A message in a dead-letter queue names the queue that it was moved from.

    The system attribute DeadLetterQueueSourceArn.
    """
    asked = {
        *exchange.params.get("AttributeNames", ()),
        *exchange.params.get("MessageSystemAttributeNames", ()),
    }
    queue = queue_of(exchange)
    if queue is None or not asked & {"All", "DeadLetterQueueSourceArn"}:
        return None
    for message in answer.get("Messages", ()):
        source_arn = queue.source_arn_of(message["ReceiptHandle"])
        if source_arn:
            message.setdefault("Attributes", {})["DeadLetterQueueSourceArn"] = source_arn
    return answer
