"""How a notification reaches each kind of subscriber, and what becomes of one that cannot.

sqs      the queue's policy must let sns.amazonaws.com in, or nothing arrives
lambda   the function is invoked                      email, sms   the sandbox's inboxes
http(s)  posted when the clock next moves, to this machine only
undeliverable ──▶ the subscription's dead-letter queue, if it has one ──▶ else gone
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from labkit.fidelity.authorisation import authoriser
from labkit.fidelity.mailbox import Mail, deliver
from labkit.fidelity.sns.common import now
from labkit.fidelity.sns.envelope import Notification, envelope, envelope_text, lambda_event
from labkit.policy.arn import split_arn
from labkit.sandbox.sandbox import Sandbox

_PRINCIPAL = "sns.amazonaws.com"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_TIMEOUT_S = 5
RAW_ATTRIBUTES_MAX = 10  # more, and SQS would not take the message as it is
NO_REPLY = "no-reply@sns.amazonaws.com"
_FOOT = "\n\n--\nIf you wish to stop receiving notifications from this topic, open this link:\n"


def to_queue(arn: str, topic_arn: str, body: str, **message: Any) -> bool:
    """Send to a queue; whether it is there and its policy lets SNS in."""
    from moto.sqs.models import sqs_backends

    fields = split_arn(arn) or [""] * 6
    backend = sqs_backends[fields[4]][fields[3]]
    queue = backend.queues.get(fields[5])
    if queue is None:
        return False
    context = {"aws:SourceArn": topic_arn, "aws:SourceAccount": topic_arn.split(":")[4]}
    if not authoriser.current().decide(_PRINCIPAL, "sqs:SendMessage", arn, context).allowed:
        return False
    if not queue.fifo_queue:
        message["deduplication_id"] = None
    backend.send_message(fields[5], body, validate_group_id=False, **message)
    return True


def to_function(arn: str, notification: Notification) -> bool:
    """Invoke a function; whether it is there."""
    from moto.awslambda.exceptions import UnknownFunctionException
    from moto.awslambda.utils import get_backend

    fields = split_arn(arn) or [""] * 6
    name, _, qualifier = fields[5].removeprefix("function:").partition(":")
    functions: Any = get_backend(fields[4], fields[3])
    try:
        function = functions._lambdas.get_function_by_name_or_arn_with_qualifier(
            name, qualifier or None
        )
    except UnknownFunctionException:
        return False
    function.invoke(json.dumps(lambda_event(notification)), {}, {})
    return True


def to_reader(address: str, sender: str, notification: Notification, as_json: bool) -> None:
    """Send an email, in plain text or as the JSON document."""
    text = (
        json.dumps(envelope(notification))
        if as_json
        else notification.message + _FOOT + notification.unsubscribe_url
    )
    subject = notification.subject or "AWS Notification Message"
    deliver(Mail(address, f"{sender or 'AWS Notifications'} <{NO_REPLY}>", subject, text, now()))


def to_phone(number: str, sender: str, text: str) -> None:
    """Send a text message."""
    deliver(Mail(number, sender or "NOTICE", "", text, now()))


def to_endpoint(url: str, document: dict[str, Any], raw: str | None = None) -> None:
    """Post to an HTTP endpoint of this machine when the clock next moves; no other is asked."""
    if urlsplit(url).hostname not in _LOOPBACK:
        return

    def post() -> None:
        import requests

        headers = {
            "Content-Type": "text/plain; charset=UTF-8",
            "x-amz-sns-message-type": str(document["Type"]),
            "x-amz-sns-message-id": str(document["MessageId"]),
            "x-amz-sns-topic-arn": str(document["TopicArn"]),
            **({"x-amz-sns-rawdelivery": "true"} if raw is not None else {}),
        }
        body = json.dumps(document) if raw is None else raw
        try:
            requests.post(url, data=body.encode(), headers=headers, timeout=_TIMEOUT_S)
        except requests.RequestException:
            return  # nobody answers there; SNS would try again and then give up

    Sandbox.current().clock.call_after(0, post)


def text_of(notification: Notification) -> str:
    """The envelope in the words that a queue gets."""
    return envelope_text(notification)
