"""Kinesis Data Streams as AWS has it: shards with rates, records that expire, slow changes.

creation, states, writing, reading,
resharding                              what is refused, and what is answered more fully
stream, shard, iterators, backend       the model in the place of moto's
ledger                                  what else there is to say
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.kinesis import models as moto_kinesis

from labkit.fidelity.kinesis import creation, ledger, reading, resharding, states, writing
from labkit.fidelity.kinesis.backend import Backend
from labkit.fidelity.kinesis.shard import Shard
from labkit.fidelity.kinesis.stream import Consumer, Stream
from labkit.sandbox.sandbox import Sandbox

__all__ = ["creation", "ledger", "reading", "resharding", "states", "writing"]

_IN_PLACE = {"Consumer": Consumer, "Shard": Shard, "Stream": Stream}


_BY_STACK = ("create_from_cloudformation_json", "delete_from_cloudformation_json")


def _at_once(sandbox: Sandbox, make: Callable[..., Any]) -> Callable[..., Any]:
    """What a stack does to a stream takes no time: the stack's own states tell of the waiting."""

    def done(*args: Any, **kwargs: Any) -> Any:
        with sandbox.quietly():
            return make(*args, **kwargs)

    return done


def replace_models(sandbox: Sandbox) -> None:
    """Let moto make labkit's streams, shards and backends until the sandbox closes."""
    originals = {name: getattr(moto_kinesis, name) for name in _IN_PLACE}
    original_backend = moto_kinesis.kinesis_backends.backend
    by_stack = {name: vars(moto_kinesis.Stream)[name] for name in _BY_STACK}
    motos_stream = moto_kinesis.Stream  # which CloudFormation knows by its own list

    def put_back() -> None:
        vars(moto_kinesis).update(originals)
        moto_kinesis.kinesis_backends.backend = original_backend
        for name, method in by_stack.items():
            setattr(motos_stream, name, method)

    sandbox.on_close(put_back)
    for name, method in by_stack.items():
        setattr(motos_stream, name, classmethod(_at_once(sandbox, method.__func__)))
    vars(moto_kinesis).update(_IN_PLACE)
    moto_kinesis.kinesis_backends.backend = Backend
