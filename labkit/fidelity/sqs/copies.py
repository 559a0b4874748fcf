"""A standard queue delivers at least once: a copy of a message can outlive its receive.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
"""

from __future__ import annotations

from typing import Any

from moto.sqs.models import sqs_backends

from labkit.sandbox.choke import Exchange, result_of


def leave_copies(exchange: Exchange) -> None:
    """Whatever this ReceiveMessage returned can be received once more, from another server.

    A FIFO queue delivers once, and is left as it is.
    """
    name = str(exchange.params["QueueUrl"]).rsplit("/", 1)[-1]
    queue: Any = sqs_backends[exchange.account][exchange.region].queues[name]
    if queue.fifo_queue:
        return
    for message in result_of(exchange).get("Messages", []):
        queue.leave_copy(message["ReceiptHandle"])
