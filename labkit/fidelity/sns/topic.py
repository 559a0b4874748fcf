"""Topics that remember what was published, and subscriptions that wait to be confirmed.

subscribed ──▶ pending ── ConfirmSubscription with the token, or its link ──▶ confirmed
  (queues, functions, telephones: confirmed at once)      two days ──▶ the token is void
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from moto.core.utils import iso_8601_datetime_with_milliseconds
from moto.moto_api._internal import mock_random
from moto.sns import models as moto_sns
from moto.sns.utils import FilterPolicyMatcher

from labkit.fidelity.mailbox import Mail, deliver
from labkit.fidelity.sns import delivery
from labkit.fidelity.sns.common import ASKED, invalid, limit, now
from labkit.fidelity.sns.envelope import Notification, envelope

_SEQUENCE_START = 10**19  # twenty digits
_TOKEN_BYTES = 128


class Topic(moto_sns.Topic):
    """A topic; of a FIFO one the deduplication ids of the last five minutes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.maximum_message_size = str(limit("message_default_max_bytes"))
        self.unsubscribed = 0
        self.asked_for: dict[str, Any] = {}  # the attributes and tags that it was created with
        self.sequence_numbers: dict[str, str] = {}  # by message id
        self._seen: dict[str, datetime] = {}
        self.number = ""  # of the message that is being published
        self._numbered = 0

    @property
    def message_max_bytes(self) -> int:
        """The largest message that can be published."""
        return int(self.maximum_message_size)

    def publish(self, message: str, *args: Any, **details: Any) -> str:
        """Hand a message to every subscriber, unless it repeats one of the last minutes.

        `details` are what moto passes on: subject, message_attributes, group_id,
        deduplication_id, message_structure.
        """
        if self.fifo_topic and not details.get("deduplication_id"):
            details["deduplication_id"] = hashlib.sha256(message.encode()).hexdigest()
        id = str(mock_random.uuid4())
        self.number = self.sequence_numbers[id] = self._next_number()
        if self._repeats(details.get("deduplication_id")):
            return id
        for subscription in self.sns_backend._get_topic_subscriptions(self):
            subscription.publish(message, id, *args, **details)
        kept = (details.get(name) for name in ("subject", "message_attributes", "group_id"))
        self.sent_notifications.append((id, message, *kept))  # type: ignore[arg-type]
        return id

    def _next_number(self) -> str:
        if not self.fifo_topic:
            return ""
        self._numbered += 1
        return str(_SEQUENCE_START + self._numbered * 1000)

    def _repeats(self, deduplication_id: str | None) -> bool:
        if not self.fifo_topic or deduplication_id is None:
            return False
        last = self._seen.get(deduplication_id)
        interval = timedelta(seconds=limit("fifo_dedup_interval_s"))
        if last is not None and now() - last < interval:
            return True
        self._seen[deduplication_id] = now()
        return False


class Subscription(moto_sns.Subscription):
    """A subscription; of a reader it has to be confirmed first."""

    topic: Topic

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.confirmed = self.protocol not in ASKED
        self.token = ""
        self.token_until = now()

    # ---- confirmation ----

    def ask(self) -> None:
        """Send the endpoint a token, which is good for two days."""
        self.token = mock_random.randbytes(_TOKEN_BYTES).hex()
        self.token_until = now() + timedelta(seconds=limit("confirmation_life_s"))
        region = self.topic.arn.split(":")[3]
        url = f"https://sns.{region}.amazonaws.com/"
        if self.protocol.startswith("email"):
            link = f"{url}confirmation.html?TopicArn={self.topic.arn}&Token={self.token}"
            deliver(
                Mail(
                    self.endpoint,
                    f"AWS Notifications <{delivery.NO_REPLY}>",
                    "AWS Notification - Subscription Confirmation",
                    f"You have chosen to subscribe to the topic:\n{self.topic.arn}\n\nTo confirm "
                    "this subscription, click or visit the link below (if this was in error no "
                    "action is necessary):",
                    now(),
                    link,
                    self.token,
                    self._visit,
                )
            )
            return
        confirm = f"{url}?Action=ConfirmSubscription&TopicArn={self.topic.arn}&Token={self.token}"
        notification = self._notification(
            f"You have chosen to subscribe to the topic {self.topic.arn}.\nTo confirm the "
            "subscription, visit the SubscribeURL included in this message.",
            str(mock_random.uuid4()),
        )
        document = envelope(notification) | {
            "Type": "SubscriptionConfirmation",
            "Token": self.token,
            "SubscribeURL": confirm,
        }
        document.pop("UnsubscribeURL")
        delivery.to_endpoint(self.endpoint, document)

    def _visit(self) -> str:
        if now() > self.token_until:
            return "Sorry, we couldn't confirm your subscription: the token has expired."
        self.confirm(authenticated=False)
        return f"Subscription confirmed! Your subscription's id is: {self.arn}"

    def confirm(self, authenticated: bool) -> None:
        """Deliver from now on."""
        if not self.confirmed:
            self.confirmed = True
            self.attributes["PendingConfirmation"] = False
            self.attributes["ConfirmationWasAuthenticated"] = authenticated

    # ---- delivery ----

    def wants(self, message: str, attributes: dict[str, Any] | None) -> bool:
        """Whether the filter policy lets a message through."""
        policy = self.attributes.get("FilterPolicy")
        if not policy:
            return True
        scope = self.attributes.get("FilterPolicyScope")
        return bool(FilterPolicyMatcher(json.loads(policy), scope).matches(attributes, message))

    def publish(self, message: str, message_id: str, *args: Any, **details: Any) -> None:
        """Deliver a message, or leave it in the dead-letter queue."""
        attributes = details.get("message_attributes")
        if not self.confirmed or not self.wants(message, attributes):
            return
        if details.get("message_structure") == "json":
            message = self._parse_message_structure(message, self.protocol)
        notification = self._notification(message, message_id, details.get("subject"), attributes)
        fifo = {name: details.get(name) for name in ("group_id", "deduplication_id")}
        if not self._deliver(notification, fifo):
            self._bury(notification, fifo)

    def _notification(
        self,
        message: str,
        message_id: str,
        subject: str | None = None,
        attributes: dict[str, Any] | None = None,
    ) -> Notification:
        return Notification(
            message_id,
            self.topic.arn,
            self.arn,
            message,
            iso_8601_datetime_with_milliseconds(),
            subject,
            attributes or {},
            self.topic.number,
        )

    def _deliver(self, notification: Notification, fifo: dict[str, Any]) -> bool:
        raw = bool(self.attributes.get("RawMessageDelivery"))
        if self.protocol == "sqs":
            if raw and len(notification.attributes) > delivery.RAW_ATTRIBUTES_MAX:
                return False
            body = notification.message if raw else delivery.text_of(notification)
            more = {"message_attributes": _as_sqs(notification.attributes)} if raw else {}
            return delivery.to_queue(self.endpoint, self.topic.arn, body, **fifo, **more)
        if self.protocol == "lambda":
            return delivery.to_function(self.endpoint, notification)
        if self.protocol in ("email", "email-json"):
            as_json = self.protocol == "email-json"
            delivery.to_reader(self.endpoint, self.topic.display_name, notification, as_json)
        elif self.protocol == "sms":
            delivery.to_phone(self.endpoint, self.topic.display_name, notification.message)
        elif self.protocol in ("http", "https"):
            text = notification.message if raw else None
            delivery.to_endpoint(self.endpoint, envelope(notification), text)
        elif self.protocol == "application":
            self.topic.sns_backend.get_endpoint(self.endpoint).publish(notification.message)
        return True

    def _bury(self, notification: Notification, fifo: dict[str, Any]) -> None:
        policy = self.attributes.get("RedrivePolicy")
        if policy:
            arn = json.loads(policy)["deadLetterTargetArn"]
            delivery.to_queue(arn, self.topic.arn, delivery.text_of(notification), **fifo)

    def _parse_message_structure(self, message: str, protocol: str) -> str:
        parts = json.loads(message)
        text = parts.get(protocol, parts.get("default"))
        if not isinstance(text, str):
            raise invalid("Message Structure - No default entry in JSON message body")
        return text


def _as_sqs(attributes: dict[str, Any]) -> dict[str, Any]:
    """Message attributes in the words of SQS."""
    return {
        name: {
            "DataType": one["Type"],
            "BinaryValue" if one["Type"].startswith("Binary") else "StringValue": one["Value"],
        }
        for name, one in attributes.items()
    }
