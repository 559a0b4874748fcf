"""Who can subscribe, how a subscription is confirmed, and what it says of itself."""

from __future__ import annotations

import re

from labkit.fidelity.registry import rule
from labkit.fidelity.sns.common import (
    API,
    ASKED,
    GUIDE,
    PENDING,
    UNASKED,
    asked_topic,
    backend_of,
    invalid,
    limit,
    now,
)
from labkit.fidelity.sns.settings import settings
from labkit.fidelity.sns.topics import check_arn
from labkit.policy.arn import split_arn
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TOKEN = re.compile("[0-9a-f]{64,}")


@rule(
    "sns",
    "Subscribe",
    when="before",
    follows=API + "Subscribe.html",
    corrects="moto subscribes anything by anything",
)
def a_protocol_is_one_of_nine(exchange: Exchange) -> None:
    """A subscription has one of SNS's protocols.

    InvalidParameter: Amazon SNS does not support this protocol string.
    """
    protocol = exchange.params["Protocol"]
    if protocol not in (*UNASKED, *ASKED):
        raise invalid(f"Amazon SNS does not support this protocol string: {protocol}")


@rule(
    "sns",
    "Subscribe",
    when="before",
    follows=API + "Subscribe.html",
    corrects="moto takes any endpoint",
)
def an_endpoint_fits_its_protocol(exchange: Exchange) -> None:
    """An endpoint is what its protocol delivers to: an address, a URL, an ARN.

    InvalidParameter: Email address, Endpoint must match the specified protocol, or … endpoint ARN.
    """
    protocol, endpoint = exchange.params["Protocol"], exchange.params.get("Endpoint", "")
    if protocol.startswith("email") and not _EMAIL.fullmatch(endpoint):
        raise invalid("Email address")
    if protocol in ("http", "https") and not endpoint.startswith(f"{protocol}://"):
        raise invalid("Endpoint must match the specified protocol")
    fields = split_arn(endpoint)
    for wanted, name in (("sqs", "SQS"), ("lambda", "Lambda"), ("firehose", "Firehose")):
        if protocol == wanted and (fields is None or fields[2] != wanted):
            raise invalid(f"{name} endpoint ARN")


@rule(
    "sns",
    "Subscribe",
    when="before",
    follows=GUIDE + "fifo-message-delivery.html",
    corrects="moto subscribes anything to a FIFO topic",
)
def a_fifo_topic_delivers_to_queues(exchange: Exchange) -> None:
    """Only queues can subscribe to a FIFO topic, FIFO ones and standard ones.

    InvalidParameter; its words are unverified.
    """
    topic, protocol = asked_topic(exchange), exchange.params["Protocol"]
    if topic is not None and topic.fifo_topic and protocol != "sqs":
        raise invalid(f"Invalid protocol type for a FIFO topic: {protocol}")


@rule(
    "sns",
    "Subscribe",
    when="before",
    follows=API + "Subscribe.html",
    corrects="moto changes the subscription that is there",
)
def a_subscription_is_made_again_only_as_it_is(exchange: Exchange) -> None:
    """Subscribing again answers with the same ARN, unless attributes would be others.

    InvalidParameter: Attributes Reason: Subscription already exists with different attributes.
    """
    params = exchange.params
    old = backend_of(exchange)._find_subscription(
        params["TopicArn"], params.get("Endpoint", ""), params["Protocol"]
    )
    for name, value, _ in settings(exchange) if old is not None else ():
        held = old.attributes.get(name)
        if str(held).lower() != value.lower():
            raise invalid(
                "Attributes Reason: Subscription already exists with different attributes"
            )


@rule(
    "sns",
    "Subscribe",
    when="after",
    follows=API + "Subscribe.html",
    corrects="moto confirms every subscription at once",
)
def who_reads_is_asked_first(exchange: Exchange, answer: Params) -> Params | None:
    """An email address or an HTTP endpoint gets nothing before it has confirmed.

    SubscriptionArn: pending confirmation, unless ReturnSubscriptionArn is set.
    """
    subscription = backend_of(exchange).subscriptions[answer["SubscriptionArn"]]
    if subscription.confirmed or exchange.params.get("ReturnSubscriptionArn"):
        return None
    return answer | {"SubscriptionArn": "pending confirmation"}


@rule(
    "sns",
    "ListSubscriptions",
    "ListSubscriptionsByTopic",
    when="after",
    follows=API + "ListSubscriptions.html",
    corrects="moto lists the ARN",
)
def a_pending_subscription_is_listed_as_such(exchange: Exchange, answer: Params) -> Params:
    """In lists a subscription that is not confirmed has no ARN yet.

    SubscriptionArn: PendingConfirmation.
    """
    held = backend_of(exchange).subscriptions
    listed = [
        one if held[one["SubscriptionArn"]].confirmed else one | {"SubscriptionArn": PENDING}
        for one in answer.get("Subscriptions", ())
    ]
    return answer | {"Subscriptions": listed}


@rule(
    "sns",
    "ConfirmSubscription",
    when="instead",
    follows=API + "ConfirmSubscription.html",
    corrects="moto confirms any token, and answers with the same ARN always",
)
def a_subscription_is_confirmed_with_its_token(exchange: Exchange) -> Params:
    """A subscription is confirmed with the token that was sent to its endpoint, within two days.

    InvalidParameter: Invalid token, or Invalid parameter: Token.
    """
    topic, token = asked_topic(exchange), exchange.params["Token"]
    if topic is None:
        raise AwsError("NotFound", "Topic does not exist")
    if not _TOKEN.fullmatch(token):
        raise AwsError("InvalidParameter", "Invalid token")
    for subscription in topic.sns_backend._get_topic_subscriptions(topic):
        if subscription.token == token and now() <= subscription.token_until:
            wanted = str(exchange.params.get("AuthenticateOnUnsubscribe", "")).lower()
            subscription.confirm(authenticated=wanted == "true")
            return {"SubscriptionArn": subscription.arn}
    raise invalid("Token")


@rule(
    "sns",
    "Unsubscribe",
    when="before",
    follows=API + "Unsubscribe.html",
    corrects="moto does nothing, and says that it did",
)
def what_is_unsubscribed_has_an_arn(exchange: Exchange) -> None:
    """Who unsubscribes names the subscription's ARN, which a pending one does not have.

    InvalidParameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not 1.
    """
    check_arn("SubscriptionArn", exchange.params["SubscriptionArn"])


@rule(
    "sns",
    "SetSubscriptionAttributes",
    when="before",
    follows=API + "SetSubscriptionAttributes.html",
    corrects="moto has other words",
)
def a_subscription_that_is_not_there_is_not_changed(exchange: Exchange) -> None:
    """Who changes a subscription that does not exist is told so.

    NotFound: Subscription does not exist.
    """
    if exchange.params["SubscriptionArn"] not in backend_of(exchange).subscriptions:
        raise AwsError("NotFound", "Subscription does not exist")


@rule(
    "sns",
    "Subscribe",
    when="after",
    follows=API + "GetSubscriptionAttributes.html",
    corrects="moto does not say who subscribed",
)
def a_subscription_knows_who_made_it(exchange: Exchange, answer: Params) -> None:
    """A subscription says who made it.

    SubscriptionPrincipal: the ARN of the user or role.
    """
    params = exchange.params
    subscription = backend_of(exchange)._find_subscription(
        params["TopicArn"], params.get("Endpoint", ""), params["Protocol"]
    )
    assert answer
    subscription.attributes.setdefault("SubscriptionPrincipal", exchange.principal)


@rule(
    "sns",
    "Subscribe",
    "SetTopicAttributes",
    when="before",
    follows=API + "CreateTopic.html",
    corrects="moto knows no such limit",
)
def a_topic_for_large_messages_has_few_subscriptions(exchange: Exchange) -> None:
    """A topic for messages above 256 KiB delivers to a hundred queues and functions at most.

    InvalidParameter; its words are unverified.
    """
    topic = asked_topic(exchange)
    if topic is None:
        return
    held = topic.sns_backend._get_topic_subscriptions(topic)
    size, protocols = topic.message_max_bytes, [one.protocol for one in held]
    params = exchange.params
    if exchange.operation == "Subscribe":
        protocols.append(params["Protocol"])
    elif params["AttributeName"] == "MaximumMessageSize":
        size = int(params["AttributeValue"])
    if size <= limit("message_default_max_bytes"):
        return
    most = limit("large_topic_subscriptions_max")
    if len(protocols) > most or not set(protocols) <= {"sqs", "lambda", "firehose"}:
        raise invalid(
            "MaximumMessageSize Reason: a topic for messages above 256 KiB has no more than "
            f"{most} subscriptions, all of queues, functions or delivery streams"
        )
