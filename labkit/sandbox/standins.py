"""moto and botocore read the sandbox's clock and draw from its seed; nobody else does.

Python's own `time`, `datetime` and `random` stay as they are, so that asyncio, Jupyter and the
learner's other libraries live in real time. Instead the names that moto's and botocore's
modules hold are bound to stand-ins: a module that says `import time` or `from datetime import
datetime` gets the stand-in under that name, now or when it is imported. With no sandbox open a
stand-in tells real time.

The sandbox's machine is in UTC, whatever time zone this one is in: moto reads local times as UTC,
and boto3 would print them as local ones.
"""

from __future__ import annotations

import datetime as real_datetime
import random as real_random
import threading as real_threading
import time as real_time
from calendar import timegm
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

from labkit.sandbox import determinism
from labkit.sandbox.clock import Clock
from labkit.sandbox.imports import watch

_clock: Clock | None = None


def follow(clock: Clock | None) -> None:
    """Let the stand-ins read `clock`, or real time again if it is None."""
    global _clock  # noqa: PLW0603 - moto's modules are the process's, and so is their time
    _clock = clock


def install() -> None:
    """Bind the stand-ins in moto, botocore and what sends for it; a second call is harmless."""
    if not _table:
        _table.update(_stand_ins())
        for name in ("moto", "botocore", "boto3", "s3transfer"):
            watch(name, _turned)


# ---- time ----


def _time() -> float:
    return real_time.time() if _clock is None else _clock.now.timestamp()


def _time_ns() -> int:
    return real_time.time_ns() if _clock is None else round(_clock.now.timestamp() * 1e6) * 1000


def _sleep(seconds: float) -> None:
    """A waiter or a retry that sleeps moves the sandbox's clock."""
    if _clock is None:
        real_time.sleep(seconds)  # noqa: TID251 - no sandbox: the caller meant real time
    else:
        _clock.advance(seconds=seconds)


class _Condition(real_threading.Condition):
    """boto3's adaptive retries wait on one for their token, which comes as time goes by."""

    def wait(self, timeout: float | None = None) -> bool:
        """Move the sandbox's clock by `timeout` instead of waiting."""
        if _clock is None or timeout is None:
            return super().wait(timeout)
        _clock.advance(seconds=max(timeout, 0.001))  # a smaller step could be lost in rounding
        return False


def _now_or(seconds: float | None) -> float:
    return _time() if seconds is None else seconds


def _gmtime(seconds: float | None = None) -> real_time.struct_time:
    return real_time.gmtime(_now_or(seconds))


def _strftime(form: str, t: Any = None) -> str:
    return real_time.strftime(form, _gmtime() if t is None else t)


class _PassesForReal(type):
    """Real dates and datetimes are instances of their stand-ins."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.__mro__[1])

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, cls.__mro__[1])


class _Datetime(real_datetime.datetime, metaclass=_PassesForReal):
    """Makes real datetimes; its present is the sandbox's."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        return real_datetime.datetime(*args, **kwargs)

    @classmethod
    def now(cls, tz: real_datetime.tzinfo | None = None) -> Any:
        now = real_datetime.datetime.now(real_datetime.UTC) if _clock is None else _clock.now
        return now.replace(tzinfo=None) if tz is None else now.astimezone(tz)

    @classmethod
    def utcnow(cls) -> Any:
        return cls.now()

    @classmethod
    def today(cls) -> Any:
        return cls.now()


class _Date(real_datetime.date, metaclass=_PassesForReal):
    """Makes real dates; its today is the sandbox's."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        return real_datetime.date(*args, **kwargs)

    @classmethod
    def today(cls) -> Any:
        return _Datetime.now().date()


# ---- the table ----


def _copy(module: ModuleType, **changed: Any) -> ModuleType:
    copy = ModuleType(module.__name__, module.__doc__)
    copy.__dict__.update(vars(module), **changed)
    return copy


_table: dict[int, tuple[Any, Any]] = {}  # id of the original: (the original, its stand-in)


def _stand_ins() -> dict[int, tuple[Any, Any]]:
    zones: Any = import_module("dateutil.tz")  # untyped; botocore loads it
    times = {
        "time": _time,
        "time_ns": _time_ns,
        "sleep": _sleep,
        "gmtime": _gmtime,
        "localtime": _gmtime,
        "mktime": timegm,
        "strftime": _strftime,
    }
    pairs = [
        (real_time, _copy(real_time, **times)),
        *((getattr(real_time, name), stand_in) for name, stand_in in times.items()),
        (real_datetime, _copy(real_datetime, datetime=_Datetime, date=_Date)),
        (real_datetime.datetime, _Datetime),
        (real_datetime.date, _Date),
        (zones.tzlocal, zones.tzutc),
        *determinism.stand_ins(),
    ]
    return {id(original): (original, stand_in) for original, stand_in in pairs}


@contextmanager
def _turned(module: ModuleType) -> Iterator[None]:
    """Load `module` without a draw from the sandbox's seed, then bind the stand-ins in it."""
    with determinism.aside():
        yield
    names = vars(module)
    for name, value in list(names.items()):
        pair = _table.get(id(value))
        if pair is not None and pair[0] is value:
            names[name] = pair[1]
        elif value is real_random and module.__name__.startswith("moto."):
            names[name] = determinism.in_place_of_random()
    if module.__name__ == "botocore.retries.bucket":
        names["threading"] = _copy(real_threading, Condition=_Condition)
    determinism.keep_out_of(module)
