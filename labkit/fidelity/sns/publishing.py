"""What a message may be. Each check is a rule of Publish, and a check of every entry of a batch."""

from __future__ import annotations

import base64
import functools
import json
import re
from collections.abc import Callable
from typing import Any

from labkit.fidelity.registry import rule
from labkit.fidelity.sns.common import (
    API,
    GUIDE,
    asked_topic,
    backend_of,
    invalid,
    limit,
    topic_of,
)
from labkit.fidelity.sns.topics import check_arn
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

# A check is given the topic (None for a telephone or a device) and the message's parameters.
Check = Callable[[Any, Params], None]
_CHECKS: list[Check] = []

_FIFO_ID = re.compile(r"[A-Za-z0-9!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]+")
_PHONE = re.compile(r"\+[1-9]\d{1,14}")


def message_check(*, follows: str, corrects: str) -> Callable[[Check], Check]:
    """Register a check as a rule of Publish and for the entries of batches."""

    def register(check: Check) -> Check:
        @rule("sns", "Publish", when="before", follows=follows, corrects=corrects)
        @functools.wraps(check)
        def before(exchange: Exchange) -> None:
            params = exchange.params
            check(asked_topic(exchange) or _target(exchange), params)

        _CHECKS.append(check)
        return check

    return register


def _target(exchange: Exchange) -> Any:
    return topic_of(str(exchange.params.get("TargetArn") or ""))


def checked_entry(topic: Any, entry: Params) -> None:
    """Raise AwsError for an entry of a batch that would be refused by itself.

    moto has turned its attributes into {"Type", "Value"} by now, binary ones into base64.
    """
    attributes = {
        name: {
            "DataType": one["Type"],
            **(
                {"BinaryValue": base64.b64decode(one["Value"])}
                if one["Type"].startswith("Binary")
                else {"StringValue": one["Value"]}
            ),
        }
        for name, one in (entry.get("MessageAttributes") or {}).items()
    }
    for check in _CHECKS:
        check(topic, entry | {"MessageAttributes": attributes})


def size_bytes(message: Params) -> int:
    """What a message weighs: the body in UTF-8, and each attribute's name, type and value."""
    size = len(message["Message"].encode())
    for name, attribute in (message.get("MessageAttributes") or {}).items():
        value = attribute.get("StringValue") or attribute.get("BinaryValue") or b""
        raw = value if isinstance(value, bytes) else value.encode()
        size += len(name.encode()) + len(attribute.get("DataType", "").encode()) + len(raw)
    return size


@message_check(follows=API + "Publish.html", corrects="moto publishes nothing")
def an_empty_message_is_refused(_: Any, message: Params) -> None:
    """A message has a body.

    InvalidParameter: Invalid parameter: Empty message.
    """
    if not message.get("Message"):
        raise invalid("Empty message")


@message_check(
    follows=API + "Publish.html",
    corrects="moto counts the characters of the body and nothing else",
)
def a_message_is_weighed_with_its_attributes(topic: Any, message: Params) -> None:
    """The limit counts bytes: the body in UTF-8 and the attributes' names, types and values.

    InvalidParameter: Invalid parameter: Message too long; a topic takes 256 KiB unless its
    MaximumMessageSize says otherwise.
    """
    most = topic.message_max_bytes if topic is not None else limit("message_default_max_bytes")
    if size_bytes(message) > most:
        raise invalid("Message too long")


@message_check(
    follows=API + "Publish.html",
    corrects="moto takes line breaks, an empty subject, and words a long one differently",
)
def a_subject_is_a_short_line(_: Any, message: Params) -> None:
    """A subject is one line of text of no more than a hundred characters.

    InvalidParameter: Invalid parameter: Subject. The page says less than 100; 100 are taken.
    """
    subject = message.get("Subject")
    if subject is None:
        return
    if not 0 < len(subject) <= limit("subject_max_chars") or not subject.isprintable():
        raise invalid("Subject")


@message_check(
    follows=API + "Publish.html",
    corrects="moto has other words, and none where nobody is subscribed",
)
def a_message_by_protocol_has_a_default(_: Any, message: Params) -> None:
    """With MessageStructure=json the message is a JSON object with a text for `default`.

    InvalidParameter: Message Structure - No default entry in JSON message body, or - JSON message
    body failed to parse.
    """
    if message.get("MessageStructure") != "json":
        return
    try:
        parts = json.loads(message["Message"])
    except ValueError as error:
        raise invalid("Message Structure - JSON message body failed to parse") from error
    if not isinstance(parts, dict) or not isinstance(parts.get("default"), str):
        raise invalid("Message Structure - No default entry in JSON message body")


@message_check(
    follows=GUIDE + "sns-message-attributes.html",
    corrects="moto says InvalidParameter, and one letter of the type",
)
def an_attribute_has_a_type_and_a_value(_: Any, message: Params) -> None:
    """A message attribute is a String, a Number or Binary, and has a value.

    ParameterValueInvalid: invalid message attribute type, or must contain non-empty message
    attribute value.
    """
    for name, attribute in (message.get("MessageAttributes") or {}).items():
        kind = attribute.get("DataType", "")
        if kind.split(".")[0] not in ("String", "Number", "Binary"):
            raise AwsError(
                "ParameterValueInvalid",
                f"The message attribute '{name}' has an invalid message attribute type, the set "
                "of supported type prefixes is Binary, Number, and String.",
            )
        if not attribute.get("StringValue") and not attribute.get("BinaryValue"):
            raise AwsError(
                "ParameterValueInvalid",
                f"The message attribute '{name}' must contain non-empty message attribute value "
                f"for message attribute type '{kind}'.",
            )


@message_check(follows=GUIDE + "sns-message-attributes.html", corrects="moto says InvalidParameter")
def a_number_is_a_number(_: Any, message: Params) -> None:
    """The value of an attribute of type Number is one.

    ParameterValueInvalid: Could not cast message attribute value to number.
    """
    for name, attribute in (message.get("MessageAttributes") or {}).items():
        if attribute.get("DataType", "").split(".")[0] != "Number":
            continue
        try:
            float(attribute.get("StringValue") or "")
        except ValueError as error:
            raise AwsError(
                "ParameterValueInvalid",
                f"Could not cast message attribute '{name}' value to number.",
            ) from error


@message_check(follows=API + "Publish.html", corrects="moto publishes without, or says otherwise")
def a_fifo_message_has_a_group(topic: Any, message: Params) -> None:
    """A message to a FIFO topic belongs to a group.

    InvalidParameter: The MessageGroupId parameter is required for FIFO topics.
    """
    if topic is not None and topic.fifo_topic and not message.get("MessageGroupId"):
        raise invalid("The MessageGroupId parameter is required for FIFO topics")


@message_check(follows=API + "Publish.html", corrects="moto has other words")
def a_fifo_message_can_be_told_from_others(topic: Any, message: Params) -> None:
    """A message to a FIFO topic has a deduplication id, or the topic makes one of its content.

    InvalidParameter: The topic should either have ContentBasedDeduplication enabled or
    MessageDeduplicationId provided explicitly.
    """
    if topic is None or not topic.fifo_topic or topic.content_based_deduplication:
        return
    if not message.get("MessageDeduplicationId"):
        raise invalid(
            "The topic should either have ContentBasedDeduplication enabled or "
            "MessageDeduplicationId provided explicitly"
        )


@message_check(follows=API + "Publish.html", corrects="moto takes any text as an id")
def group_and_deduplication_ids_are_plain(_: Any, message: Params) -> None:
    """The ids of a message are up to 128 letters, digits and punctuation.

    InvalidParameter; its words are unverified.
    """
    for name, fact_name in (
        ("MessageDeduplicationId", "dedup_id_max_chars"),
        ("MessageGroupId", "group_id_max_chars"),
    ):
        value, most = message.get(name), limit(fact_name)
        if value is not None and (len(value) > most or not _FIFO_ID.fullmatch(value)):
            raise invalid(
                f"{name} Reason: {name} can only include alphanumeric and punctuation characters. "
                f"1 to {most} in length."
            )


@rule(
    "sns",
    "Publish",
    when="before",
    follows=API + "Publish.html",
    corrects="moto breaks down, or does not find what is not there",
)
def a_message_has_one_target(exchange: Exchange) -> None:
    """A message is published to a topic, a device or a telephone, of which one is named.

    InvalidParameter: TopicArn or TargetArn Reason: no value for required parameter; for a device
    that is not there, No endpoint found for the target arn specified.
    """
    params = exchange.params
    target = str(params.get("TargetArn") or "")
    if not any(params.get(name) for name in ("TopicArn", "TargetArn", "PhoneNumber")):
        raise invalid("TopicArn or TargetArn Reason: no value for required parameter")
    if ":endpoint/" in target and target not in backend_of(exchange).platform_endpoints:
        raise invalid("TargetArn Reason: No endpoint found for the target arn specified")


@rule(
    "sns",
    "Publish",
    when="before",
    follows=API + "Publish.html",
    corrects="moto says that an endpoint does not exist",
)
def a_topic_that_is_not_there_is_not_published_to(exchange: Exchange) -> None:
    """Publishing to a topic that does not exist is refused.

    NotFound: Topic does not exist.
    """
    arn = exchange.params.get("TopicArn")
    if arn is None:
        return
    check_arn("TopicArn", arn)
    if asked_topic(exchange) is None:
        raise AwsError("NotFound", "Topic does not exist")


@rule(
    "sns",
    "Publish",
    when="before",
    follows=GUIDE + "sms_publish-to-phone.html",
    corrects="moto has other words, and takes a number without a plus",
)
def a_telephone_number_is_complete(exchange: Exchange) -> None:
    """A text message goes to a number in E.164 form: a plus, then the country.

    InvalidParameter: PhoneNumber Reason: … is not valid to publish to.
    """
    number = exchange.params.get("PhoneNumber")
    if number and not _PHONE.fullmatch(number):
        raise invalid(f"PhoneNumber Reason: {number} is not valid to publish to")


@rule(
    "sns",
    "Publish",
    when="after",
    follows=API + "Publish.html",
    corrects="moto gives no sequence number",
)
def a_fifo_message_is_numbered(exchange: Exchange, answer: Params) -> Params | None:
    """A message to a FIFO topic is answered with a sequence number of twenty digits.

    SequenceNumber: a large, non-consecutive number, increasing within each message group.
    """
    topic = asked_topic(exchange)
    if topic is None or not topic.fifo_topic:
        return None
    return answer | {"SequenceNumber": topic.sequence_numbers[answer["MessageId"]]}
