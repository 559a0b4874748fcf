"""Every id of the sandbox follows from its seed, whoever else draws random numbers.

Three streams, so that none shifts another:

    moto        ids that AWS would make: message ids, receipt handles, request ids
    the client  what botocore draws: idempotency tokens, invocation ids
    the learner uuid4 and os.urandom called from a notebook or from labkit

Jupyter and its widgets draw uuids too. They get real ones: a widget that was shown must not
shift the learner's ids, and two runs in one kernel must not hand out the same comm ids. Hence
`uuid.uuid4`, `uuid.uuid1` and `os.urandom` look at who calls them.

`random` itself is seeded when the sandbox opens: a notebook's `random.choice` then says the same
thing in every run.

Not covered: C code that draws by itself (the cryptography package's keys) and `secrets`.
"""

from __future__ import annotations

import os
import random as real_random
import sys
import threading
import uuid as real_uuid
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_uuid1, _uuid4, _urandom = real_uuid.uuid1, real_uuid.uuid4, os.urandom

_STREAM_OF = {
    "moto": "moto",
    **dict.fromkeys(("botocore", "boto3", "s3transfer"), "client"),
    **dict.fromkeys(("__main__", "labkit"), "learner"),
}
_streams: dict[str, real_random.Random] = {}  # empty while no sandbox is open
_here = threading.local()


def seed(value: str | None) -> None:
    """Start every stream anew from `value`; None gives everyone real randomness again."""
    _streams.clear()
    # `random`'s own stream is everybody's: seeded with a sandbox, left to chance after it.
    real_random.seed(value)
    if value is None:
        return
    _moto_random().seed(value)
    _streams["moto"] = _moto_random()
    for name in ("client", "learner"):
        _streams[name] = real_random.Random(f"{value}/{name}")


@contextmanager
def dispatching() -> Iterator[None]:
    """Whatever is drawn by this thread meanwhile is drawn on AWS's side."""
    before = getattr(_here, "stream", None)
    _here.stream = "moto"
    try:
        yield
    finally:
        _here.stream = before


@contextmanager
def aside() -> Iterator[None]:
    """Whatever is drawn meanwhile leaves the streams as they were.

    A service's module draws ids when it is first imported. The second sandbox of a process
    does not import it again, and must hand out the same ids as the first.
    """
    before = getattr(_here, "stream", None)
    _here.stream = "aside"
    drawn = _streams.get("moto")
    state = drawn.getstate() if drawn else None
    try:
        yield
    finally:
        _here.stream = before
        if drawn and state:
            drawn.setstate(state)


def _moto_random() -> Any:
    from moto.moto_api._internal import mock_random

    return mock_random


def _stream() -> real_random.Random | None:
    """The stream of whoever called the function that called this one; None for real randomness."""
    if not _streams:
        return None
    side = getattr(_here, "stream", None)
    if side is not None:
        return _streams.get(side)
    caller = sys._getframe(2).f_globals.get("__name__", "")
    package = caller.split(".", 1)[0]
    return _streams.get(_STREAM_OF.get(package, ""))


def _seeded_uuid4() -> real_uuid.UUID:
    stream = _stream()
    return _uuid4() if stream is None else real_uuid.UUID(int=stream.getrandbits(128), version=4)


def _seeded_uuid1(node: int | None = None, clock_seq: int | None = None) -> real_uuid.UUID:
    stream = _stream()
    if stream is None:
        return _uuid1(node, clock_seq)
    return real_uuid.UUID(int=stream.getrandbits(128), version=1)


def _seeded_urandom(size: int) -> bytes:
    stream = _stream()
    return _urandom(size) if stream is None else stream.randbytes(size)


def install() -> None:
    """Let uuid and os ask who calls; a second call is harmless."""
    real_uuid.uuid1 = _seeded_uuid1
    real_uuid.uuid4 = _seeded_uuid4
    os.urandom = _seeded_urandom


def stand_ins() -> list[tuple[Any, Any]]:
    """What a module that was loaded before `install` must hold instead."""
    return [(_uuid1, _seeded_uuid1), (_uuid4, _seeded_uuid4), (_urandom, _seeded_urandom)]


def in_place_of_random() -> Any:
    """What moto's modules hold under the name `random`."""
    return _moto_random()


def keep_out_of(module: ModuleType) -> None:
    """Give `module` back the real uuid4 where its ids are bookkeeping that nobody sees.

    moto keys its own tables of backends by uuid; which of them exist depends on what ran before.
    """
    if module.__name__ == "moto.core.base_backend":
        vars(module)["uuid4"] = _uuid4
