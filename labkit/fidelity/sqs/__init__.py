"""SQS as AWS has it: rules on requests, and a queue of labkit's own in the place of moto's.

accounts                                           whose queue is meant
batches, messages, ranges, attributes, policies    what is refused
answers                                            what is answered more fully
queue, backend                                     how messages live: the model in place of moto's
redrive                                            message move tasks, which moto does not have
ledger                                             what else there is to say
"""

from __future__ import annotations

from moto.sqs import models as moto_sqs

from labkit.fidelity.sqs import (
    accounts,
    answers,
    attributes,
    batches,
    ledger,
    messages,
    policies,
    ranges,
    redrive,
)
from labkit.fidelity.sqs.backend import Backend
from labkit.fidelity.sqs.queue import Message, Queue
from labkit.sandbox.sandbox import Sandbox

__all__ = [
    "accounts",
    "answers",
    "attributes",
    "batches",
    "ledger",
    "messages",
    "policies",
    "ranges",
    "redrive",
]


def replace_models(sandbox: Sandbox) -> None:
    """Let moto make labkit's messages, queues and backends until the sandbox closes."""
    originals = {name: getattr(moto_sqs, name) for name in ("Message", "Queue")}
    original_backend = moto_sqs.sqs_backends.backend

    def put_back() -> None:
        vars(moto_sqs).update(originals)
        moto_sqs.sqs_backends.backend = original_backend

    sandbox.on_close(put_back)
    vars(moto_sqs).update(Message=Message, Queue=Queue)
    moto_sqs.sqs_backends.backend = Backend
