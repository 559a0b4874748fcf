"""In a function's process time is the sandbox's: it stands still until somebody moves it.

    time.time, datetime.now, time.monotonic ...    read what the sandbox wrote last
    time.sleep, and a select with a timeout        ask the sandbox to move its clock

So a handler that sleeps for ten seconds has slept ten seconds by every clock it can see, and is
back at once.
"""

from __future__ import annotations

import datetime as real_datetime
import mmap
import selectors
import struct
import time as real_time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_DOUBLE = struct.Struct("d")
_NANOSECONDS = 1_000_000_000


def install(path: str, ask_to_sleep: Callable[[float], object]) -> None:
    """Read the present from the file at `path`, where the sandbox writes it; for good."""
    with open(path, "rb") as file:
        seconds = mmap.mmap(file.fileno(), _DOUBLE.size, access=mmap.ACCESS_READ)

    def now() -> float:
        return float(_DOUBLE.unpack_from(seconds)[0])

    turn(now, ask_to_sleep)


@contextmanager
def turned(now: Callable[[], float], ask_to_sleep: Callable[[float], object]) -> Iterator[None]:
    """The same for a while: where a handler runs in this process, for want of another."""
    modules = (real_time, real_datetime, selectors)
    kept = [dict(vars(module)) for module in modules]
    turn(now, ask_to_sleep)
    try:
        yield
    finally:
        for module, names in zip(modules, kept, strict=True):
            vars(module).update(names)


def turn(now: Callable[[], float], ask_to_sleep: Callable[[float], object]) -> None:
    """Let time be what `now` says, in seconds since 1970, and sleep what `ask_to_sleep` does."""
    _turn_time(now, now(), ask_to_sleep)
    _turn_datetime(now)
    _turn_selectors(ask_to_sleep)


class _Builtin:
    """A function that is no method, even as an attribute of a class, as those of `time` are."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *args: Any) -> Any:
        return self._function(*args)


def _turn_time(now: Callable[[], float], began: float, sleep: Callable[[float], object]) -> None:
    def passed() -> float:
        return now() - began

    def nanoseconds(clock: Callable[[], float]) -> Callable[[], int]:
        return lambda: round(clock() * 1e6) * (_NANOSECONDS // 1_000_000)

    def ask(seconds: float) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        sleep(seconds)

    def of_now(convert: Callable[[float], real_time.struct_time]) -> Callable[..., Any]:
        return lambda seconds=None: convert(now() if seconds is None else seconds)

    gmtime, strftime = real_time.gmtime, real_time.strftime
    turned: dict[str, Callable[..., Any]] = {
        "time": now,
        "time_ns": nanoseconds(now),
        "monotonic": passed,
        "monotonic_ns": nanoseconds(passed),
        "perf_counter": passed,
        "perf_counter_ns": nanoseconds(passed),
        "sleep": ask,
        "gmtime": of_now(gmtime),
        "localtime": of_now(gmtime),  # AWS's machines are in UTC
        "strftime": lambda form, moment=None: strftime(form, moment or gmtime(now())),
    }
    vars(real_time).update({name: _Builtin(function) for name, function in turned.items()})


def _turn_datetime(now: Callable[[], float]) -> None:
    real = real_datetime.datetime
    epoch = real(1970, 1, 1, tzinfo=real_datetime.UTC)

    def present() -> real_datetime.datetime:
        return epoch + real_datetime.timedelta(seconds=round(now(), 6))

    class PassesForReal(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, cls.__mro__[1])

        def __subclasscheck__(cls, subclass: type) -> bool:
            return issubclass(subclass, cls.__mro__[1])

    class Datetime(real, metaclass=PassesForReal):  # type: ignore[misc, valid-type]
        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            return real(*args, **kwargs)

        @classmethod
        def now(cls, tz: real_datetime.tzinfo | None = None) -> Any:
            return present().replace(tzinfo=None) if tz is None else present().astimezone(tz)

        @classmethod
        def utcnow(cls) -> Any:
            return cls.now()

        @classmethod
        def today(cls) -> Any:
            return cls.now()

    class Date(real_datetime.date, metaclass=PassesForReal):
        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            return _REAL_DATE(*args, **kwargs)

        @classmethod
        def today(cls) -> Any:
            return present().date()

    for stand_in, name in ((Datetime, "datetime"), (Date, "date")):
        stand_in.__name__ = stand_in.__qualname__ = name
        stand_in.__module__ = "datetime"
        vars(real_datetime)[name] = stand_in


_REAL_DATE = real_datetime.date


def _turn_selectors(sleep: Callable[[float], object]) -> None:
    """asyncio waits in a selector: with nothing ready, its wait is a sleep."""
    real = selectors.DefaultSelector

    class Selector(real):  # type: ignore[misc, valid-type]
        def select(self, timeout: float | None = None) -> Any:
            if timeout is None or timeout <= 0:
                return super().select(timeout)
            ready = super().select(0)
            if not ready:
                sleep(timeout)
            return ready or super().select(0)

    vars(selectors)["DefaultSelector"] = Selector
