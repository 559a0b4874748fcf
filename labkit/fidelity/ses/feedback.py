"""What a sender is told of a message: delivered, bounced, or complained about.

By email to the sender, and to the topics that the identity has been given.
https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
"""

from __future__ import annotations

import json
from typing import Any

from labkit.fidelity.mailbox import Mail, deliver
from labkit.fidelity.ses.common import SIMULATOR, address_of, domain_of, now

_DAEMON = "MAILER-DAEMON@amazonses.com"


def kind_of(address: str) -> str:
    """What becomes of mail to an address: the simulator's say so in their names."""
    if domain_of(address) != SIMULATOR:
        return "Delivery"
    name = address.split("@", 1)[0].split("+", 1)[0].lower()
    if name in ("bounce", "suppressionlist"):
        return "Bounce"
    return "Complaint" if name == "complaint" else "Delivery"


def tell(backend: Any, id: str, source: str, recipients: list[str]) -> None:
    """Tell the sender what became of a message, by the ways that are set up."""
    sender = address_of(source)
    by_kind: dict[str, list[str]] = {}
    for address in recipients:
        by_kind.setdefault(kind_of(address), []).append(address)
    for kind, addresses in by_kind.items():
        settings = _settings(backend, sender)
        topic = settings.get(kind)
        if topic:
            mail = _mail(backend, id, sender, recipients)
            _publish(topic, document(kind, mail, addresses))
        forwards = settings.get("feedback_forwarding_enabled", True)
        if kind != "Delivery" and forwards:
            text = (
                "An error occurred while trying to deliver the mail to the following recipients:\n"
                if kind == "Bounce"
                else "This is an email abuse report for an email message sent to:\n"
            )
            subject = "Delivery Status Notification (Failure)" if kind == "Bounce" else kind
            deliver(Mail(sender, _DAEMON, subject, text + "\n".join(addresses), now()))


def _settings(backend: Any, sender: str) -> dict[str, Any]:
    """What is set for the sender's identity: the address before its domain."""
    for name in (sender, domain_of(sender)):
        found: dict[str, Any] | None = backend.sns_topics.get(name)
        if found:
            return found
    return {}


def _mail(backend: Any, id: str, sender: str, recipients: list[str]) -> dict[str, Any]:
    arn = f"arn:aws:ses:{backend.region_name}:{backend.account_id}:identity/{sender}"
    return {
        "timestamp": _time(),
        "source": sender,
        "sourceArn": arn,
        "sendingAccountId": backend.account_id,
        "messageId": id,
        "destination": recipients,
    }


def _time() -> str:
    return f"{now():%Y-%m-%dT%H:%M:%S}.000Z"


def document(kind: str, mail: dict[str, Any], concerned: list[str]) -> dict[str, Any]:
    """The notification that a topic gets."""
    details: dict[str, dict[str, Any]] = {
        "Bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [
                {
                    "emailAddress": address,
                    "action": "failed",
                    "status": "5.1.1",
                    "diagnosticCode": "smtp; 550 5.1.1 user unknown",
                }
                for address in concerned
            ],
        },
        "Complaint": {
            "complainedRecipients": [{"emailAddress": address} for address in concerned],
            "complaintFeedbackType": "abuse",
        },
        "Delivery": {"recipients": concerned, "processingTimeMillis": 0},
    }
    return {
        "notificationType": kind,
        kind.lower(): details[kind] | {"timestamp": _time()},
        "mail": mail,
    }


def _publish(topic: str, told: dict[str, Any]) -> None:
    from moto.sns.models import sns_backends

    fields = topic.split(":")
    backend = sns_backends[fields[4]][fields[3]]
    if topic in backend.topics:
        backend.publish(json.dumps(told), arn=topic, subject="Amazon SES Email Event Notification")
