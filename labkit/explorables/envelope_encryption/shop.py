"""The values of the controls become the shop's stream of receipts, and the story of three of them.

A redraw asks for the figure, the reading, the numbers and the tasks, and a moving playhead changes
none of what happened, so the story told last is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import Slider, number_text, with_unit
from labkit.facts import fact, get
from labkit.models.envelope_encryption.protocol import PLAINTEXT_MAX_BYTES, Step, story
from labkit.models.envelope_encryption.traffic import Traffic
from labkit.units import MILLISECONDS_PER_SECOND

if TYPE_CHECKING:
    from typing import Any

    Values = dict[str, Any]
    Story = tuple[Step, ...]

RECEIPTS = 3  # in the story
BITS_PER_BYTE = 8
ROUND_SIZES = (100, 130, 160, 200, 250, 320, 400, 500, 640, 800)
QUOTAS = (
    (int(fact("kms.symmetric_requests_per_s_largest")), "us-east-1 and 2 more"),
    (int(fact("kms.symmetric_requests_per_s_larger")), "us-east-2 and 5 more"),
    (int(fact("kms.symmetric_requests_per_s")), "all others"),
)

_kept: list[tuple[tuple[str, float, int], Story]] = []


class SizeSlider(Slider):
    """A slider in bytes that says thousands and millions of them in KB and MB."""

    def text(self, value: float) -> str:
        """`value` as people say it."""
        return size_text(value)

    def stops(self, also: float | None = None) -> list[float]:
        """Ten round sizes from one power of ten to the next, and where Encrypt ends."""
        values = {self.minimum, self.maximum, PLAINTEXT_MAX_BYTES, also or self.minimum}
        for power in range(10):
            values |= {size * 10**power // 10 for size in ROUND_SIZES}
        return sorted(value for value in values if self.minimum <= value <= self.maximum)


def size_text(size_bytes: float) -> str:
    """A length as people say it; in bytes below 10,000, since there each one may count.

    >>> size_text(4096), size_text(13000), size_text(1e9)
    ('4,096\\u00a0bytes', '13\\u00a0KB', '1\\u00a0GB')
    """
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if size_bytes >= scale and size_bytes >= 10000:
            return with_unit(number_text(size_bytes / scale), unit)
    return with_unit(number_text(size_bytes), "bytes")


def time_text(seconds: float) -> tuple[str, str]:
    """A duration and its unit.

    >>> time_text(0.0104), time_text(2e-05)
    (('10.4', 'ms'), ('20', 'µs'))
    """
    for unit, scale in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= scale:
            return number_text(seconds / scale), unit
    return number_text(seconds / 1e-6), "µs"


def traffic(values: Values) -> Traffic:
    """The stream that the model reckons with, from the values of the controls."""
    return traffic_of(values, values["mode"], values["size_bytes"])


def traffic_of(values: Values, mode: str, size_bytes: float) -> Traffic:
    """The same stream in another mode, or of receipts of another size."""
    return Traffic(
        mode=mode,
        size_bytes=size_bytes,
        objects_per_s=values["objects_per_s"],
        processes=int(values["processes"]),
        readers=int(values["readers"]),
        max_messages=int(values["max_messages"]),
        max_age_s=values["max_age_s"],
        quota_per_s=values["quota_per_s"],
        round_trip_s=values["round_trip_ms"] / MILLISECONDS_PER_SECOND,
        bytes_per_s=values["speed_mbit_per_s"] * 1e6 / BITS_PER_BYTE,
    )


def told(values: Values) -> Story:
    """The story of three receipts under `values`."""
    now = traffic(values)
    wanted = (now.mode, now.size_bytes, now.objects_per_key)
    if not _kept or _kept[0][0] != wanted:
        _kept[:] = [(wanted, story(now.mode, now.size_bytes, RECEIPTS, now.objects_per_key))]
    return _kept[0][1]


def price_note() -> str:
    """The prices that are reckoned with, and when they held."""
    price = get("kms.price_per_10000_requests_usd")
    key = float(fact("kms.price_key_per_month_usd"))
    free = number_text(float(fact("kms.free_requests_per_month")))
    return (
        f"{float(price.value):.2f} USD for 10,000 requests, {key:.0f} USD for the KMS key, as of "
        f"{price.as_of}; the free {free} are not taken off"
    )
