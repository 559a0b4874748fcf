"""How a fact's value reads in a sentence, the same in the chapters and in the explorables.

>>> from labkit.facts import get
>>> spell(get("sqs.visibility_timeout_max_s")), spell(get("sqs.visibility_timeout_max_s"), "s")
('12 hours', '43,200 seconds')
>>> spell(get("sqs.message_max_bytes")), spell(get("sqs.inflight_fifo_max"))
('1 MiB', '120,000')

Time, size and money carry their unit. What is counted does not, for there the noun belongs to the
sentence: "up to {fact}`sqs.receive_max_messages` messages". Runs in the page, under MicroPython.
"""

from __future__ import annotations

from labkit.facts import Fact

_TIME = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_SIZE = ((1_073_741_824, "GiB"), (1_048_576, "MiB"), (1_024, "KiB"))


def spell(fact: Fact, unit: str = "") -> str:
    """The value for people, in the largest unit that takes no fraction.

    With `unit` "s" or "bytes" it stays in that unit, as an API's parameter takes it.
    """
    value = fact.value
    if value is True or value is False or isinstance(value, str):
        return str(value).lower() if value is True or value is False else str(value)
    if fact.unit == "USD":
        return _dollars(value)
    if fact.unit == "s":
        return _time(value, unit)
    if fact.unit == "bytes":
        return _size(value, unit)
    if fact.unit == "GB":
        return number(value) + " GB"
    return number(value)


def number(value: float) -> str:
    """A number with its thousands set apart, and without a fraction of nought.

    >>> number(120000), number(2.5)
    ('120,000', '2.5')
    """
    return f"{int(value):,}" if value == int(value) else str(value)


def _time(seconds: float, unit: str) -> str:
    for size, name in _TIME:
        if size == 1 or (unit != "s" and seconds and seconds % size == 0):
            count = seconds / size
            return f"{number(count)} {name}" + ("" if count == 1 else "s")
    raise AssertionError("every span is a number of seconds")


def _size(count: float, unit: str) -> str:
    for size, name in _SIZE:
        if unit != "bytes" and count and count % size == 0:
            return f"{number(count / size)} {name}"
    return number(count) + (" byte" if count == 1 else " bytes")


def _dollars(value: float) -> str:
    whole, _, fraction = f"{value:.10f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"${int(whole):,}.{fraction}" + "0" * (2 - len(fraction))
