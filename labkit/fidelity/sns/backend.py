"""The account's topics and subscriptions in a Region."""

from __future__ import annotations

from typing import Any

from moto.sns import models as moto_sns
from moto.sns import urls

from labkit.fidelity.sns import delivery
from labkit.fidelity.sns.common import ASKED
from labkit.fidelity.sns.publishing import checked_entry
from labkit.fidelity.sns.topic import Subscription, Topic
from labkit.sandbox.awserror import AwsError


class Backend(moto_sns.SNSBackend):
    """The topics of one Region."""

    topics: dict[str, Topic]  # type: ignore[assignment]

    @property
    def _url_module(self) -> Any:
        return urls  # moto would look for it beside this module

    def subscribe(self, topic_arn: str, endpoint: str, protocol: str) -> Any:
        """A subscription; whoever has to be asked is asked, once more if it is still pending."""
        subscription: Any = super().subscribe(topic_arn, endpoint, protocol)
        if protocol in ASKED and not subscription.confirmed:
            subscription.attributes["PendingConfirmation"] = True
            subscription.attributes["ConfirmationWasAuthenticated"] = False
            subscription.ask()
        return subscription

    def unsubscribe(self, subscription_arn: str) -> None:
        """Forget a subscription, and count it."""
        subscription = self.subscriptions.get(subscription_arn)
        if isinstance(subscription, Subscription):
            subscription.topic.unsubscribed += 1
        super().unsubscribe(subscription_arn)

    def publish(self, message: str, arn: str | None, *args: Any, **details: Any) -> str:
        """Publish to a topic or a device, or put a text message into its number's inbox."""
        id = super().publish(message, arn, *args, **details)
        number = details.get("phone_number")
        if number:
            delivery.to_phone(number, self.sms_attributes.get("DefaultSenderID", ""), message)
        return id

    def publish_batch(
        self, topic_arn: str, publish_batch_request_entries: list[dict[str, Any]]
    ) -> Any:
        """Publish each entry that can be; say of each of the others why not."""
        topic: Any = self.get_topic(topic_arn)
        good, failed = [], []
        for entry in publish_batch_request_entries:
            try:
                checked_entry(topic, entry)
                good.append(entry)
            except AwsError as error:
                failed.append(
                    {
                        "Id": entry["Id"],
                        "Code": error.code,
                        "Message": error.message,
                        "SenderFault": True,
                    }
                )
        successful, more = super().publish_batch(topic_arn, good)
        return successful, failed + more
