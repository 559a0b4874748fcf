"""What a topic may be, and what it says of itself."""

from __future__ import annotations

import json
import re
from typing import Any

from labkit.fidelity.registry import rule
from labkit.fidelity.sns.common import API, asked_topic, backend_of, invalid, limit
from labkit.policy import PolicyError, compile_policy
from labkit.sandbox.choke import Exchange, Params

_NAME = re.compile("[A-Za-z0-9_-]+")
_FIFO_RULE = (
    "Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase "
    "ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters "
    "long."
)
_ARN_FIELDS = 6
_SETTABLE = (
    "Policy",
    "DisplayName",
    "DeliveryPolicy",
    "TracingConfig",
    "KmsMasterKeyId",
    "SignatureVersion",
    "ArchivePolicy",
    "ContentBasedDeduplication",
    "FifoThroughputScope",
    "MaximumMessageSize",
    "DataProtectionPolicy",
)
_FEEDBACK = re.compile(
    "(HTTP|Firehose|Lambda|Application|SQS)"
    "(SuccessFeedbackRoleArn|SuccessFeedbackSampleRate|FailureFeedbackRoleArn)"
)


@rule(
    "sns",
    "Publish",
    "PublishBatch",
    "Subscribe",
    "ConfirmSubscription",
    "GetTopicAttributes",
    "SetTopicAttributes",
    "ListSubscriptionsByTopic",
    "DeleteTopic",
    when="before",
    follows=API + "Publish.html",
    corrects="moto breaks down",
)
def a_topic_is_named_by_an_arn(exchange: Exchange) -> None:
    """A topic is named by its ARN, not by its name.

    InvalidParameter: TopicArn Reason: An ARN must have at least 6 elements, not 1.
    """
    arn = exchange.params.get("TopicArn")
    if arn is not None:
        check_arn("TopicArn", arn)


def check_arn(parameter: str, arn: str) -> None:
    """Raise AwsError for a text that cannot be an ARN."""
    count = len(arn.split(":"))
    if count < _ARN_FIELDS:
        raise invalid(
            f"{parameter} Reason: An ARN must have at least {_ARN_FIELDS} elements, not {count}"
        )


@rule(
    "sns",
    "CreateTopic",
    when="before",
    follows=API + "CreateTopic.html",
    corrects="moto has other words, and does not count the suffix",
)
def a_topic_name_is_plain(exchange: Exchange) -> None:
    """A topic's name is letters, digits, hyphens and underscores; that of a FIFO topic ends in
    .fifo.

    InvalidParameter: Invalid parameter: Topic Name.
    """
    name = exchange.params["Name"]
    fifo = str((exchange.params.get("Attributes") or {}).get("FifoTopic", "")).lower() == "true"
    stem = name.removesuffix(".fifo") if fifo else name
    if fifo and not name.endswith(".fifo"):
        raise invalid(_FIFO_RULE)
    if not _NAME.fullmatch(stem) or len(name) > limit("topic_name_max_chars"):
        raise invalid("Topic Name")


def _asked_for(exchange: Exchange) -> dict[str, Any]:
    tags = exchange.params.get("Tags") or []
    return {
        "attributes": dict(exchange.params.get("Attributes") or {}),
        "tags": {tag["Key"]: tag["Value"] for tag in tags},
    }


def _existing(exchange: Exchange) -> Any:
    suffix = ":" + exchange.params["Name"]
    found = [topic for arn, topic in backend_of(exchange).topics.items() if arn.endswith(suffix)]
    return found[0] if found else None


@rule(
    "sns",
    "CreateTopic",
    when="before",
    follows=API + "CreateTopic.html",
    corrects="moto answers with the topic as it is",
)
def a_topic_is_created_again_only_as_it_is(exchange: Exchange) -> None:
    """Creating a topic again answers with its ARN, unless attributes or tags would be others.

    InvalidParameter: Attributes Reason: Topic already exists with different attributes; Tags
    Reason: Topic already exists with different tags.
    """
    topic, asked = _existing(exchange), _asked_for(exchange)
    if topic is None:
        return
    for name, value in asked["attributes"].items():
        if not _same(_shown(topic).get(name), value):
            raise invalid("Attributes Reason: Topic already exists with different attributes")
    if asked["tags"] and asked["tags"] != topic._tags:
        raise invalid("Tags Reason: Topic already exists with different tags")


def _same(held: Any, asked: str) -> bool:
    """Whether an attribute is as it was; JSON may be written in another way."""
    if held == asked:
        return True
    try:
        return bool(json.loads(held) == json.loads(asked))
    except (TypeError, ValueError):
        return False


def _shown(topic: Any) -> dict[str, Any]:
    return {
        "DisplayName": topic.display_name,
        "Policy": topic.policy,
        "DeliveryPolicy": topic.delivery_policy,
        "KmsMasterKeyId": topic.kms_master_key_id,
        "FifoTopic": str(topic.fifo_topic).lower(),
        "ContentBasedDeduplication": str(topic.content_based_deduplication).lower(),
        "MaximumMessageSize": topic.maximum_message_size,
    } | {name: value for name, value in topic.asked_for.items() if name not in _KEPT}


_KEPT = (
    "DisplayName",
    "Policy",
    "DeliveryPolicy",
    "KmsMasterKeyId",
    "FifoTopic",
    "ContentBasedDeduplication",
    "MaximumMessageSize",
)


@rule(
    "sns",
    "CreateTopic",
    "SetTopicAttributes",
    when="after",
    follows=API + "CreateTopic.html",
    corrects="moto forgets what it does not know",
)
def a_topic_keeps_its_further_attributes(exchange: Exchange, answer: Params) -> Params:
    """Attributes that moto has no use for, as SignatureVersion, are kept and shown.

    GetTopicAttributes returns them.
    """
    if exchange.operation == "CreateTopic":
        _existing(exchange).asked_for |= _asked_for(exchange)["attributes"]
    else:
        params = exchange.params
        asked_topic(exchange).asked_for[params["AttributeName"]] = params.get("AttributeValue", "")
    return answer


@rule(
    "sns",
    "CreateTopic",
    "TagResource",
    when="before",
    follows=API + "TagResource.html",
    corrects="moto keeps the last",
)
def a_tag_is_given_once(exchange: Exchange) -> None:
    """No key stands twice among the tags of one request.

    InvalidParameter: Duplicated keys are not allowed.
    """
    keys = [tag["Key"] for tag in exchange.params.get("Tags") or ()]
    if len(set(keys)) < len(keys):
        raise invalid("Duplicated keys are not allowed.")


@rule(
    "sns",
    "CreateTopic",
    "SetTopicAttributes",
    when="before",
    follows=API + "SetTopicAttributes.html",
    corrects="moto sets anything",
)
def only_known_attributes_are_set(exchange: Exchange) -> None:
    """Only attributes that a topic has can be set, FifoTopic only when it is created.

    InvalidParameter: Invalid parameter: AttributeName; the words at creation are unverified.
    """
    if exchange.operation == "CreateTopic":
        names = [name for name in exchange.params.get("Attributes") or () if name != "FifoTopic"]
    else:
        names = [exchange.params["AttributeName"]]
    for name in names:
        if name not in _SETTABLE and not _FEEDBACK.fullmatch(name):
            creating = exchange.operation == "CreateTopic"
            raise invalid(f"Attributes Reason: Unknown: {name}" if creating else "AttributeName")


def _set(exchange: Exchange, name: str) -> str | None:
    """The value that a request gives an attribute, if it does."""
    if exchange.operation == "SetTopicAttributes":
        params = exchange.params
        return params.get("AttributeValue", "") if params["AttributeName"] == name else None
    value = (exchange.params.get("Attributes") or {}).get(name)
    return None if value is None else str(value)


@rule(
    "sns",
    "CreateTopic",
    "SetTopicAttributes",
    when="before",
    follows=API + "SetTopicAttributes.html",
    corrects="moto breaks down, or keeps what is none",
)
def a_topic_policy_must_be_one(exchange: Exchange) -> None:
    """A topic's policy is a policy.

    InvalidParameter: Policy Error; what follows is unverified.
    """
    text = _set(exchange, "Policy")
    if not text:
        return
    try:
        compile_policy(text)
    except PolicyError as error:
        raise invalid("Policy Error: null") from error


@rule(
    "sns",
    "CreateTopic",
    "SetTopicAttributes",
    when="before",
    follows=API + "SetTopicAttributes.html",
    corrects="moto keeps any number, and goes by 256 KiB",
)
def the_largest_message_has_its_range(exchange: Exchange) -> None:
    """MaximumMessageSize is between 1 KiB and 1 MiB.

    InvalidParameter; its words are unverified.
    """
    text = _set(exchange, "MaximumMessageSize")
    if text is None:
        return
    least, most = limit("message_limit_min_bytes"), limit("message_limit_max_bytes")
    if not text.isdigit() or not least <= int(text) <= most:
        raise invalid(f"MaximumMessageSize Reason: the value must be from {least} to {most}")


@rule(
    "sns",
    "GetTopicAttributes",
    when="after",
    follows=API + "GetTopicAttributes.html",
    corrects="moto counts none",
)
def a_topic_counts_its_subscriptions(exchange: Exchange, answer: Params) -> Params:
    """A topic says how many subscriptions are confirmed, pending and deleted.

    SubscriptionsConfirmed, SubscriptionsPending, SubscriptionsDeleted.
    """
    topic = asked_topic(exchange)
    held = topic.sns_backend._get_topic_subscriptions(topic)
    confirmed = sum(subscription.confirmed for subscription in held)
    counts = {
        "SubscriptionsConfirmed": str(confirmed),
        "SubscriptionsPending": str(len(held) - confirmed),
        "SubscriptionsDeleted": str(topic.unsubscribed),
    }
    return answer | {"Attributes": answer["Attributes"] | counts}


@rule(
    "sns",
    "GetTopicAttributes",
    when="after",
    follows=API + "GetTopicAttributes.html",
    corrects="moto shows an empty delivery policy, and the effective one in another form",
)
def a_topic_shows_what_is_set(exchange: Exchange, answer: Params) -> Params:
    """A topic shows what is set on it, and how it delivers over HTTP.

    EffectiveDeliveryPolicy is that of HTTP; DeliveryPolicy is there once it is set.
    """
    topic, attributes = asked_topic(exchange), dict(answer["Attributes"])
    if not attributes.get("DeliveryPolicy"):
        attributes.pop("DeliveryPolicy", None)
    retries = json.loads(attributes["EffectiveDeliveryPolicy"])["defaultHealthyRetryPolicy"]
    attributes["EffectiveDeliveryPolicy"] = json.dumps(
        {
            "http": {
                "defaultHealthyRetryPolicy": retries,
                "disableSubscriptionOverrides": False,
                "defaultRequestPolicy": {"headerContentType": "text/plain; charset=UTF-8"},
            }
        },
        separators=(",", ":"),
    )
    more = {name: str(value) for name, value in topic.asked_for.items() if name not in _KEPT}
    if topic.message_max_bytes != limit("message_default_max_bytes"):
        more["MaximumMessageSize"] = topic.maximum_message_size
    return answer | {"Attributes": attributes | more}
