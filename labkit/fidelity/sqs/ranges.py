"""The ranges of the numbers that receiving and changing visibility take."""

from __future__ import annotations

from labkit.fidelity.registry import rule
from labkit.fidelity.sqs.common import API, invalid, limit
from labkit.sandbox.choke import Exchange


def _must_be_within(exchange: Exchange, parameter: str, least: int, most: int, reason: str) -> None:
    value = exchange.params.get(parameter)
    if value is not None and not least <= value <= most:
        raise invalid(value, parameter, reason.format(least=least, most=most))


@rule(
    "sqs",
    "ReceiveMessage",
    when="before",
    follows=API + "ReceiveMessage.html",
    corrects="moto's message begins with boto3's own words",
)
def a_receive_asks_for_a_batch_at_most(exchange: Exchange) -> None:
    """A receive asks for one message at least, and for a batch at most.

    InvalidParameterValue, with the range.
    """
    _must_be_within(
        exchange,
        "MaxNumberOfMessages",
        1,
        limit("receive_max_messages"),
        "Must be between {least} and {most}, if provided.",
    )


@rule(
    "sqs",
    "ReceiveMessage",
    when="before",
    follows=API + "ReceiveMessage.html",
    corrects="moto's message begins with boto3's own words and has its comparisons escaped",
)
def a_long_poll_has_a_longest_wait(exchange: Exchange) -> None:
    """A receive waits no longer than a long poll may.

    InvalidParameterValue, with the range.
    """
    _must_be_within(
        exchange,
        "WaitTimeSeconds",
        0,
        limit("wait_time_max_s"),
        "Must be >= {least} and <= {most}, if provided.",
    )


@rule(
    "sqs",
    "ReceiveMessage",
    "ChangeMessageVisibility",
    when="before",
    follows=API + "ChangeMessageVisibility.html",
    corrects="moto takes a negative timeout",
)
def a_visibility_timeout_is_within_its_range(exchange: Exchange) -> None:
    """A visibility timeout is not negative, and not longer than the longest.

    InvalidParameterValue, with the range (message: unverified).
    """
    _must_be_within(
        exchange,
        "VisibilityTimeout",
        0,
        limit("visibility_timeout_max_s"),
        "Must be between {least} and {most}, if provided.",
    )
