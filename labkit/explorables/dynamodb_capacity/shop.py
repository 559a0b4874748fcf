"""The values of the controls become the seats' table: two streams of requests, and their course.

A redraw asks for the figure, the reading, the numbers and the tasks, and a moving playhead changes
none of what happened, so the course computed last is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import Slider, number_text, with_unit
from labkit.facts import get
from labkit.models.dynamodb_capacity.bill import bill
from labkit.models.dynamodb_capacity.table import READ, WRITE, Stream, run
from labkit.models.dynamodb_capacity.traffic import WAVE, Shape
from labkit.models.dynamodb_capacity.units import (
    ITEM_MAX_BYTES,
    TRANSACTION_FACTOR,
    WRITE_UNIT_BYTES,
    read_units,
    write_units,
)
from labkit.models.sums import rounded
from labkit.units import KIB, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.dynamodb_capacity.bill import Bill
    from labkit.models.dynamodb_capacity.table import Course

    Values = dict[str, Any]

TICKS = 240  # steps of the playhead, whatever the window
SMALL_BYTES = (100, 200, 300, 400, 600, 800)
BORDERS_KIB = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 32, 48, 64, 100, 128, 200, 256, 300)

_kept: list[tuple[Stream, Course]] = []


class SizeSlider(Slider):
    """A slider in bytes that stops at the borders of the blocks and a byte beyond them."""

    def stops(self, also: float | None = None) -> list[float]:
        """The sizes, from small to large."""
        values: set[float] = {self.maximum, also or self.maximum}
        values |= set(SMALL_BYTES)
        for border in BORDERS_KIB:
            values |= {border * KIB, border * KIB + 1}
        values |= {size * KIB + KIB // 2 for size in range(1, 8)}
        return sorted(values)


SIZE = SizeSlider(
    "size_bytes",
    "Size of an item",
    SMALL_BYTES[0],
    ITEM_MAX_BYTES,
    2 * WRITE_UNIT_BYTES - KIB // 2,
    unit="bytes",
    log=True,
)


def streams(values: Values) -> tuple[Stream, Stream]:
    """Writes and reads, as the model wants them."""
    shape = Shape(values["shape"], values["peak_factor"], values["peak_s"])
    size, hot = int(values["size_bytes"]), values["hot_percent"] / 100
    write = write_units(size) * (TRANSACTION_FACTOR if values["write_in_transaction"] else 1)
    read = read_units(size, values["read_kind"])
    return (
        Stream(WRITE, values["writes_per_s"], write, values["write_units"], hot, shape),
        Stream(READ, values["reads_per_s"], read, values["read_units"], hot, shape),
    )


def courses(values: Values) -> list[Course]:
    """What happens to writes and to reads."""
    found = []
    for stream in streams(values):
        course = next((course for known, course in _kept if known == stream), None)
        if course is None:
            course = run(stream)
            _kept.insert(0, (stream, course))
            del _kept[4:]
        found.append(course)
    return found


def bill_of(values: Values) -> Bill:
    """What a month costs, either way."""
    return bill(streams(values))


def moment_s(values: Values) -> float:
    """The playhead's moment in the time of the window."""
    at: float = values["at"]
    return at * streams(values)[0].shape.window_s / TICKS


def clock_text(values: Values) -> str:
    """The playhead's moment as people say it: minutes and seconds, or a time of day."""
    seconds = moment_s(values)
    if values["shape"] == WAVE:
        return span_text(seconds / SECONDS_PER_MINUTE) + " o'clock"
    return span_text(seconds)


def span_text(seconds: float) -> str:
    """Seconds as minutes and seconds, or minutes as hours and minutes.

    >>> span_text(432.3)
    '7:12'
    """
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def long_text(seconds: float) -> str:
    """How long something takes, in the unit that suits it."""
    if seconds >= SECONDS_PER_HOUR:
        return with_unit(number_text(rounded(seconds / SECONDS_PER_HOUR, 1)), "h")
    if seconds >= 10 * SECONDS_PER_MINUTE:
        return with_unit(number_text(rounded(seconds / SECONDS_PER_MINUTE, 1)), "min")
    return with_unit(number_text(rounded(seconds, 1)), "s")


def usd_text(usd: float) -> str:
    """An amount: whole dollars from a hundred on, cents below."""
    return number_text(usd) if usd >= 100 else f"{usd:.2f}"


def price_note(way: str) -> str:
    """A price that is reckoned with, and when it held."""
    if way == "provisioned":
        price = get("dynamodb.price_wcu_hour_usd")
        other = get("dynamodb.price_rcu_hour_usd")
        what = "a write unit an hour"
    else:
        price = get("dynamodb.price_write_per_million_usd")
        other = get("dynamodb.price_read_per_million_usd")
        what = "a million write units"
    return f"{price.value} USD {what}, {other.value} a read, as of {price.as_of}"
