"""What a message may be: its body, its attributes, its size, its ids.

Each check is a rule of SendMessage, and a check of every entry of a batch.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

from labkit.fidelity.registry import rule
from labkit.fidelity.sqs.common import API, GUIDE, invalid, limit, queue_of
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

# A check is given the queue and the message's parameters, and raises what AWS answers.
Check = Callable[[Any, Params], None]
CHECKS: list[Check] = []

# https://www.w3.org/TR/REC-xml/#charsets, which SendMessage refers to
_OUTSIDE_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FIFO_ID = re.compile(r"[A-Za-z0-9!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]+")

_ATTRIBUTE_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def message_check(*, follows: str, corrects: str) -> Callable[[Check], Check]:
    """Register a check as a rule of SendMessage and for the entries of batches."""

    def register(check: Check) -> Check:
        @rule("sqs", "SendMessage", when="before", follows=follows, corrects=corrects)
        @functools.wraps(check)
        def before(exchange: Exchange) -> None:
            queue = queue_of(exchange)
            if queue is not None:
                check(queue, exchange.params)

        CHECKS.append(check)
        return check

    return register


def size_bytes(message: Params) -> int:
    """What a message weighs: the body in UTF-8, and each attribute's name, type and value."""
    size = len(message.get("MessageBody", "").encode())
    for name, attribute in (message.get("MessageAttributes") or {}).items():
        value = attribute.get("StringValue") or attribute.get("BinaryValue") or ""
        raw = value if isinstance(value, bytes) else value.encode()
        size += len(name.encode()) + len(attribute.get("DataType", "").encode()) + len(raw)
    return size


@message_check(follows=API + "SendMessage.html", corrects="moto queues an empty body")
def an_empty_body_is_refused(_: Any, message: Params) -> None:
    """An empty message body is refused.

    MissingParameter: the request must contain the parameter MessageBody.
    """
    if not message.get("MessageBody"):
        raise AwsError("MissingParameter", "The request must contain the parameter MessageBody.")


@message_check(
    follows=GUIDE + "quotas-messages.html",
    corrects="moto counts the characters of the body and nothing else",
)
def a_message_is_weighed_in_bytes_with_its_attributes(queue: Any, message: Params) -> None:
    """The size limit counts bytes: the body in UTF-8 and the attributes' names, types and values.

    InvalidParameterValue: message must be shorter than the queue's MaximumMessageSize.
    """
    most = queue.maximum_message_size
    if size_bytes(message) > most:
        raise AwsError(
            "InvalidParameterValue",
            "One or more parameters are invalid. "
            f"Reason: Message must be shorter than {most} bytes.",
        )


@message_check(follows=API + "SendMessage.html", corrects="moto queues any character")
def characters_outside_xml_are_refused(_: Any, message: Params) -> None:
    """A body holds only characters that XML allows; a control character is refused.

    InvalidMessageContents, with the list of what is allowed.
    """
    if _OUTSIDE_XML.search(message.get("MessageBody", "")):
        raise AwsError(
            "InvalidMessageContents",
            "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | "
            "#x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
        )


@message_check(
    follows=GUIDE + "sqs-message-metadata.html", corrects="moto takes any number of attributes"
)
def a_message_has_only_so_many_attributes(_: Any, message: Params) -> None:
    """A message has no more attributes than AWS allows.

    InvalidParameterValue, with how many it has and how many are allowed.
    """
    count, most = len(message.get("MessageAttributes") or {}), limit("attributes_max")
    if count > most:
        raise AwsError(
            "InvalidParameterValue",
            f"Number of message attributes [{count}] exceeds the allowed maximum [{most}].",
        )


@message_check(follows=GUIDE + "sqs-message-metadata.html", corrects="moto takes an empty value")
def an_empty_attribute_is_refused(_: Any, message: Params) -> None:
    """A message attribute has a value.

    InvalidParameterValue, naming the attribute and its type.
    """
    for name, attribute in (message.get("MessageAttributes") or {}).items():
        if not attribute.get("StringValue") and not attribute.get("BinaryValue"):
            raise AwsError(
                "InvalidParameterValue",
                f"Message (user) attribute '{name}' must contain a non-empty value of type "
                f"'{attribute.get('DataType')}'.",
            )


@message_check(
    follows=GUIDE + "sqs-message-metadata.html",
    corrects="moto queues the message and refuses it, or does not mind",
)
def an_attribute_has_a_proper_name(_: Any, message: Params) -> None:
    """An attribute's name is letters, digits, - _ and single inner dots, and none of AWS's own.

    InvalidParameterValue; nothing is sent (message: unverified).
    """
    most = limit("attribute_name_max_chars")
    for name in message.get("MessageAttributes") or {}:
        reserved = name.lower().startswith(("aws.", "amazon."))
        if len(name) > most or reserved or not _ATTRIBUTE_NAME.fullmatch(name):
            raise AwsError(
                "InvalidParameterValue",
                f"The message attribute name '{name}' is invalid. Attribute name can contain "
                "A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters; it cannot "
                f"start with AWS. or Amazon., nor be longer than {most} characters.",
            )


@message_check(follows=GUIDE + "sqs-message-metadata.html", corrects="moto takes any text")
def a_number_is_a_number(_: Any, message: Params) -> None:
    """The value of an attribute of type Number is one.

    InvalidParameterValue: can't cast the value to a number (message: unverified).
    """
    for name, attribute in (message.get("MessageAttributes") or {}).items():
        if attribute.get("DataType", "").split(".")[0] == "Number" and not _NUMBER.fullmatch(
            attribute.get("StringValue") or ""
        ):
            raise AwsError(
                "InvalidParameterValue",
                f"Can't cast the value of message (user) attribute '{name}' to a number.",
            )


@message_check(follows=API + "SendMessage.html", corrects="moto takes a negative delay for none")
def a_negative_delay_is_refused(_: Any, message: Params) -> None:
    """A message's own delay is not negative.

    InvalidParameterValue, with the range.
    """
    delay_s = message.get("DelaySeconds")
    if delay_s is not None and delay_s < 0:
        raise invalid(
            delay_s,
            "DelaySeconds",
            f"DelaySeconds must be >= 0 and <= {limit('delay_max_s')}.",
        )


@message_check(
    follows=API + "SendMessage.html",
    corrects="moto takes one on a standard queue and answers with a SequenceNumber",
)
def a_deduplication_id_belongs_to_fifo_queues(queue: Any, message: Params) -> None:
    """A standard queue refuses a MessageDeduplicationId; a MessageGroupId it takes (fair queues).

    InvalidParameterValue: the parameter is not valid for this queue type (message: unverified).
    """
    dedup_id = message.get("MessageDeduplicationId")
    if dedup_id is not None and not queue.fifo_queue:
        raise invalid(
            dedup_id,
            "MessageDeduplicationId",
            "The request includes a parameter that is not valid for this queue type.",
        )


@message_check(follows=API + "SendMessage.html", corrects="moto takes any text as an id")
def group_and_deduplication_ids_are_plain(_: Any, message: Params) -> None:
    """The ids of a FIFO message are letters, digits and punctuation, and not too long.

    InvalidParameterValue, with what is allowed (message: unverified).
    """
    for name, fact_name in (
        ("MessageDeduplicationId", "dedup_id_max_chars"),
        ("MessageGroupId", "group_id_max_chars"),
    ):
        value, most = message.get(name), limit(fact_name)
        if value is not None and (len(value) > most or not _FIFO_ID.fullmatch(value)):
            raise invalid(
                value,
                name,
                f"{name} can only include alphanumeric and punctuation characters. "
                f"1 to {most} in length.",
            )
