"""Event source mappings: who is polled for whom.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
"""

from __future__ import annotations

from typing import Any

from labkit import runtime
from labkit.fidelity.registry import rule
from labkit.runtime.sources.poller import Poller
from labkit.sandbox.choke import Exchange, Params

_API = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html"


@rule(
    "lambda",
    "CreateEventSourceMapping",
    when="after",
    follows=_API,
    corrects="moto runs the function inside the call that sends the message",
)
def a_mapping_polls_its_source(exchange: Exchange, answer: Params) -> None:
    """A mapping looks into its queue or stream when something has come there, as the clock moves.

    Lambda polls all the time; a message is handled in batches, some moments after it was sent.
    """
    mapping = _mapping(exchange, answer["UUID"])
    if mapping is not None and runtime.is_installed():
        runtime.running().pollers[answer["UUID"]] = poller_of(mapping)


@rule(
    "lambda",
    "UpdateEventSourceMapping",
    when="after",
    follows=_API.replace("Create", "Update"),
    corrects="moto goes on sending to a function whose mapping is disabled",
)
def a_disabled_mapping_rests_until_it_is_enabled(exchange: Exchange, _: Params) -> None:
    """A mapping that is disabled hands nothing over; enabled again, it takes what is waiting.

    The same; a stream is read on from where it was left.
    """
    poller = runtime.running().pollers.get(str(exchange.params.get("UUID", "")))
    if poller is not None:
        poller.wake()


@rule(
    "lambda",
    "DeleteEventSourceMapping",
    when="after",
    follows=_API.replace("Create", "Delete"),
    corrects="moto goes on sending to a function whose mapping is gone",
)
def a_deleted_mapping_hands_nothing_over(exchange: Exchange, _: Params) -> None:
    """A mapping that is deleted hands nothing over any more.

    The same, some seconds later: it is Deleting first.
    """
    poller = runtime.running().pollers.pop(str(exchange.params.get("UUID", "")), None)
    if poller is not None:
        poller.stop()


def _mapping(exchange: Exchange, uuid: str) -> Any:
    from moto.awslambda.models import lambda_backends

    return lambda_backends[exchange.account][exchange.region].get_event_source_mapping(uuid)


def poller_of(mapping: Any) -> Poller:
    """What looks into the mapping's source."""
    if ":sqs:" not in mapping.event_source_arn:
        from labkit.runtime.sources.streams import StreamPoller

        return StreamPoller(mapping)
    from moto.sqs.models import sqs_backends

    from labkit.runtime.sources.queues import QueuePoller

    _, _, _, region, account, name = mapping.event_source_arn.split(":")
    queue: Any = sqs_backends[account][region].queues[name]
    return QueuePoller(mapping, queue)
