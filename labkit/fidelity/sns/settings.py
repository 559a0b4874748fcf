"""What can be set on a subscription: raw delivery, a filter, a dead-letter queue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from labkit.fidelity.registry import rule
from labkit.fidelity.sns.common import API, GUIDE, backend_of, invalid
from labkit.policy.arn import split_arn
from labkit.sandbox.choke import Exchange

_SCOPES = ("MessageBody", "MessageAttributes")


def settings(exchange: Exchange) -> Iterator[tuple[str, str, str]]:
    """Each attribute that a request sets: name, value, and what AWS puts before its complaint."""
    if exchange.operation == "SetSubscriptionAttributes":
        params = exchange.params
        yield params["AttributeName"], str(params.get("AttributeValue", "")), ""
    else:
        for name, value in (exchange.params.get("Attributes") or {}).items():
            yield name, str(value), "Attributes Reason: "


_KNOWN = (
    "DeliveryPolicy",
    "FilterPolicy",
    "FilterPolicyScope",
    "RawMessageDelivery",
    "RedrivePolicy",
    "ReplayPolicy",
    "SubscriptionRoleArn",
)


@rule(
    "sns",
    "Subscribe",
    "SetSubscriptionAttributes",
    when="before",
    follows=API + "SetSubscriptionAttributes.html",
    corrects="moto subscribes first and refuses then, in fewer words",
)
def only_known_settings_are_taken(exchange: Exchange) -> None:
    """Only attributes that a subscription has can be set.

    InvalidParameter: Invalid parameter: AttributeName; the words of Subscribe are unverified.
    """
    for name, _, before in settings(exchange):
        if name not in _KNOWN:
            raise invalid(f"{before}Unknown: {name}" if before else "AttributeName")


@rule(
    "sns",
    "Subscribe",
    "SetSubscriptionAttributes",
    when="before",
    follows=API + "SetSubscriptionAttributes.html",
    corrects="moto takes any text for no",
)
def raw_delivery_is_true_or_false(exchange: Exchange) -> None:
    """RawMessageDelivery is true or false.

    InvalidParameter: RawMessageDelivery: Invalid value […]. Must be true or false.
    """
    for name, value, before in settings(exchange):
        if name == "RawMessageDelivery" and value.lower() not in ("true", "false"):
            raise invalid(
                f"{before}RawMessageDelivery: Invalid value [{value}]. Must be true or false."
            )


@rule(
    "sns",
    "Subscribe",
    "SetSubscriptionAttributes",
    when="before",
    follows=GUIDE + "sns-message-filtering.html",
    corrects="moto breaks down, and keeps a subscription whose filter policy it refuses",
)
def a_filter_policy_is_refused_before_anything_is_done(exchange: Exchange) -> None:
    """A filter policy that is none leaves no subscription behind.

    InvalidParameter: FilterPolicy: failed to parse JSON, or what is wrong with it.
    """
    asked = {name: (value, before) for name, value, before in settings(exchange)}
    scope, before = asked.get("FilterPolicyScope", (None, ""))
    if scope is not None and scope not in _SCOPES:
        raise invalid(
            f"{before}FilterPolicyScope: Invalid value [{scope}]. Please use either MessageBody or "
            "MessageAttributes"
        )
    text, before = asked.get("FilterPolicy", ("", ""))
    if not text:
        return
    policy = _parsed(text, before, "FilterPolicy")
    if not isinstance(policy, dict):
        raise invalid(f"{before}FilterPolicy: Filter policy must be an object")
    backend = backend_of(exchange)
    if scope is None and exchange.operation == "SetSubscriptionAttributes":
        held = backend.subscriptions.get(exchange.params["SubscriptionArn"])
        scope = held.attributes.get("FilterPolicyScope") if held is not None else None
    backend._validate_filter_policy(policy, scope=scope)


@rule(
    "sns",
    "Subscribe",
    "SetSubscriptionAttributes",
    when="before",
    follows=GUIDE + "sns-dead-letter-queues.html",
    corrects="moto keeps any text",
)
def a_redrive_policy_names_a_queue(exchange: Exchange) -> None:
    """A subscription's redrive policy is JSON that names a queue.

    InvalidParameter: RedrivePolicy: deadLetterTargetArn is an invalid arn, or failed to parse JSON.
    """
    for name, value, before in settings(exchange):
        if name != "RedrivePolicy" or not value:
            continue
        policy = _parsed(value, before, name)
        target = policy.get("deadLetterTargetArn") if isinstance(policy, dict) else None
        fields = split_arn(str(target))
        if fields is None or fields[2] != "sqs":
            raise invalid(f"{before}RedrivePolicy: deadLetterTargetArn is an invalid arn")


def _parsed(text: str, before: str, name: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise invalid(f"{before}{name}: failed to parse JSON. {error}") from error
