"""Kinesis Data Streams as AWS has it: shards with rates, records that expire, slow changes.

creation, states, writing, reading,
resharding                              what is refused, and what is answered more fully
stream, shard, iterators, backend       the model in the place of moto's
ledger                                  what else there is to say
"""

from __future__ import annotations

from moto.kinesis import models as moto_kinesis

from labkit.fidelity.kinesis import creation, ledger, reading, resharding, states, writing
from labkit.fidelity.kinesis.backend import Backend
from labkit.fidelity.kinesis.shard import Shard
from labkit.fidelity.kinesis.stream import Consumer, Stream
from labkit.sandbox.sandbox import Sandbox

__all__ = ["creation", "ledger", "reading", "resharding", "states", "writing"]

_IN_PLACE = {"Consumer": Consumer, "Shard": Shard, "Stream": Stream}


def replace_models(sandbox: Sandbox) -> None:
    """Let moto make labkit's streams, shards and backends until the sandbox closes."""
    originals = {name: getattr(moto_kinesis, name) for name in _IN_PLACE}
    original_backend = moto_kinesis.kinesis_backends.backend

    def put_back() -> None:
        vars(moto_kinesis).update(originals)
        moto_kinesis.kinesis_backends.backend = original_backend

    sandbox.on_close(put_back)
    vars(moto_kinesis).update(_IN_PLACE)
    moto_kinesis.kinesis_backends.backend = Backend
