"""What subscribers are handed: the JSON around a message, and the event of a function.

Pure functions of a notification; nothing here knows moto.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

_CERTIFICATE = "SimpleNotificationService-" + hashlib.md5(b"sandbox").hexdigest() + ".pem"


@dataclass(frozen=True)
class Notification:
    """One message on its way to one subscription.

    `attributes` are as SNS shows them: {"price": {"Type": "Number", "Value": "12"}}.
    """

    message_id: str
    topic_arn: str
    subscription_arn: str
    message: str
    timestamp: str
    subject: str | None = None
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    sequence_number: str = ""  # of a FIFO topic

    @property
    def region(self) -> str:
        """The topic's Region."""
        return self.topic_arn.split(":")[3]

    @property
    def signature(self) -> str:
        """Filler of the right length: the same message has the same in every run."""
        digest = hashlib.sha256(f"{self.message_id}{self.message}".encode()).digest()
        return base64.b64encode(digest * 8).decode()

    @property
    def certificate_url(self) -> str:
        """Where the certificate for the signature would be."""
        return f"https://sns.{self.region}.amazonaws.com/{_CERTIFICATE}"

    @property
    def unsubscribe_url(self) -> str:
        """What a reader would open to get no more."""
        return (
            f"https://sns.{self.region}.amazonaws.com/?Action=Unsubscribe"
            f"&SubscriptionArn={self.subscription_arn}"
        )


def envelope(notification: Notification) -> dict[str, Any]:
    """The JSON document that a queue or an HTTP endpoint gets, in AWS's order."""
    optional = {
        "SequenceNumber": notification.sequence_number,
        "Subject": notification.subject,
        "MessageAttributes": notification.attributes,
    }
    whole = {
        "Type": "Notification",
        "MessageId": notification.message_id,
        "SequenceNumber": "",
        "TopicArn": notification.topic_arn,
        "Subject": "",
        "Message": notification.message,
        "Timestamp": notification.timestamp,
        "SignatureVersion": "1",
        "Signature": notification.signature,
        "SigningCertURL": notification.certificate_url,
        "UnsubscribeURL": notification.unsubscribe_url,
        "MessageAttributes": {},
    }
    filled = {name: optional.get(name, value) for name, value in whole.items()}
    return {name: value for name, value in filled.items() if name not in optional or value}


def envelope_text(notification: Notification) -> str:
    """The document as SNS writes it."""
    return json.dumps(envelope(notification), indent=2, separators=(",", " : "), ensure_ascii=False)


def lambda_event(notification: Notification) -> dict[str, Any]:
    """The event that a subscribed function is invoked with."""
    return {
        "Records": [
            {
                "EventSource": "aws:sns",
                "EventVersion": "1.0",
                "EventSubscriptionArn": notification.subscription_arn,
                "Sns": {
                    "Type": "Notification",
                    "MessageId": notification.message_id,
                    "TopicArn": notification.topic_arn,
                    "Subject": notification.subject,
                    "Message": notification.message,
                    "Timestamp": notification.timestamp,
                    "SignatureVersion": "1",
                    "Signature": notification.signature,
                    "SigningCertUrl": notification.certificate_url,
                    "UnsubscribeUrl": notification.unsubscribe_url,
                    "MessageAttributes": notification.attributes,
                },
            }
        ]
    }
