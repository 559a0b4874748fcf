"""moto runs functions inside the call that sets them off; here it says only that there is work.

S3, SNS, EventBridge, logs    an event is accepted, as from a caller who does not wait
SQS, DynamoDB, Kinesis        the mapping's poller is woken
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from labkit import runtime
from labkit.runtime.asynchronous import accept
from labkit.runtime.targets import find
from labkit.sandbox.imports import watch


def _push(function: Any, body: Any, *_: Any) -> str:
    """In the place of `LambdaFunction.invoke`, which ends every push."""
    text = body if isinstance(body, str | bytes) else ""
    payload = text.encode() if isinstance(text, str) else text
    version = str(function.version)
    name = function.function_name if version == "$LATEST" else f"{function.function_name}:{version}"
    accept(find(function.account_id, function.region, name), payload or b"{}")
    return ""


def _wake_for(source_arn: str, account: str = "", region: str = "") -> None:
    for poller in runtime.running().pollers.values():
        if poller.mapping.event_source_arn == source_arn:
            poller.wake()


def _changed(backend: Any, function_arn: str, items: Any, source: str) -> bool:
    """In the place of `send_dynamodb_items`; the items stay in the stream."""
    _wake_for(source)
    return False


def _put(backend: Any, *, kinesis_stream: str, **_: Any) -> None:
    """In the place of `send_kinesis_message`."""
    _wake_for(kinesis_stream)


@contextmanager
def _led(module: ModuleType) -> Iterator[None]:
    yield
    if module.__name__ != "moto.awslambda.models":
        return
    originals = {
        (module.LambdaFunction, "invoke"): _push,
        (module.LambdaBackend, "send_dynamodb_items"): _changed,
        (module.LambdaBackend, "send_kinesis_message"): _put,
    }
    for (owner, name), ours in originals.items():
        _lead(owner, name, ours)


def _lead(owner: Any, name: str, ours: Any) -> None:
    moto_s = getattr(owner, name)

    def led(self: Any, *args: Any, **kwargs: Any) -> Any:
        return (ours if runtime.is_installed() else moto_s)(self, *args, **kwargs)

    setattr(owner, name, led)


watch("moto.awslambda.models", _led)
