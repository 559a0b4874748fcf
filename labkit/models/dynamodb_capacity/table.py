"""A provisioned table under traffic: what is served, what is refused, and by what.

    requests ──▶ the table's bucket ──▶ the bucket of the key's partition ──▶ served
                     │ empty                 │ empty
                     ▼                       ▼
                 refused               refused, whatever the table has left

Reading and writing have buckets of their own. One key may be asked for more than the others (a
hot key): its partition serves so much and no more. All other keys are spread so widely that no
partition of theirs runs out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.facts import fact
from labkit.models.dynamodb_capacity.bucket import Bucket
from labkit.models.dynamodb_capacity.traffic import WAVE, Shape
from labkit.models.limits import within
from labkit.models.sums import ordered_sum

if TYPE_CHECKING:
    from collections.abc import Callable

READ, WRITE = "read", "write"
PARTITION_UNITS = {
    READ: int(fact("dynamodb.partition_read_units")),
    WRITE: int(fact("dynamodb.partition_write_units")),
}
STEADY_SHAPE = Shape()


@dataclass(frozen=True)
class Stream:
    """Requests of one way: `per_s` usually, each of `units`, and `hot_share` of them to one key."""

    way: str
    per_s: float
    units: float
    provisioned: float
    hot_share: float = 0
    shape: Shape = STEADY_SHAPE

    def __post_init__(self) -> None:
        within("per_s", self.per_s, 0, 10**6)
        within("units", self.units, 0.5, 10**4)
        within("provisioned", self.provisioned, 1, 10**6)
        within("hot_share", self.hot_share, 0, 1)

    @property
    def usual(self) -> float:
        """Units asked for in a usual second."""
        return self.per_s * self.units

    @property
    def highest(self) -> float:
        """Units asked for in a second of the peak."""
        return self.usual * self.shape.highest


@dataclass(frozen=True)
class Span:
    """A while in which nothing changes: units a second, and the table's bucket at both ends."""

    start_s: float
    end_s: float
    asked: float
    served: float
    hot_served: float
    refused_by_key: float
    level_start: float
    level_end: float

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.end_s - self.start_s

    @property
    def refused(self) -> float:
        """Units that were asked for in a second, and refused."""
        return self.asked - self.served


@dataclass(frozen=True)
class Course:
    """All that happened to a stream."""

    stream: Stream
    spans: tuple[Span, ...]

    def requests(self, each: Callable[[Span], float]) -> float:
        """How many requests something of a span stands for, over all."""
        return ordered_sum([each(span) * span.seconds for span in self.spans]) / self.stream.units

    @property
    def asked(self) -> float:
        """Requests that came."""
        return self.requests(lambda span: span.asked)

    @property
    def refused(self) -> float:
        """Requests that were throttled."""
        return self.requests(lambda span: span.refused)

    @property
    def refused_by_key(self) -> float:
        """Those of them that the partition of the hot key refused."""
        return self.requests(lambda span: span.refused_by_key)

    @property
    def lowest(self) -> float:
        """The least that was in the bucket once the first second had passed."""
        return min([span.level_end for span in self.spans])

    def at(self, moment_s: float) -> Span:
        """The span of a moment."""
        for span in self.spans:
            if moment_s < span.end_s:
                return span
        return self.spans[-1]

    def level_at(self, moment_s: float) -> float:
        """What was in the bucket."""
        span = self.at(moment_s)
        part = min(1, (moment_s - span.start_s) / span.seconds)
        return span.level_start + (span.level_end - span.level_start) * part

    def refused_from_s(self) -> float | None:
        """When the first request was refused, if any was."""
        for span in self.spans:
            if span.refused > 0:
                return span.start_s
        return None


def run(stream: Stream) -> Course:
    """Let the traffic come to a table that was created a second ago; a wave, day after day."""
    table = Bucket(stream.provisioned, stream.provisioned)
    if stream.shape.name == WAVE:
        before = stream.usual * stream.shape.stretches()[-1].factor  # of the evening
        table.level = table.most if before < stream.provisioned else 0.0
    rate = PARTITION_UNITS[stream.way]
    key = Bucket(rate, rate, kept_s=1)
    spans: list[Span] = []
    for stretch in stream.shape.stretches():
        asked = stream.usual * stretch.factor
        hot = asked * stream.hot_share
        now_s = stretch.start_s
        for key_flow in key.flow(hot, stretch.end_s - stretch.start_s):
            hot_most = key_flow.served_per_s
            before = table.level
            for flow in table.flow(asked - hot + hot_most, key_flow.seconds):
                hot_served, by_key = _hot(asked, hot, hot_most, flow.served_per_s)
                end_s = now_s + flow.seconds
                served, after = flow.served_per_s, flow.level
                spans.append(Span(now_s, end_s, asked, served, hot_served, by_key, before, after))
                now_s, before = end_s, after
    return Course(stream, tuple(spans))


def _hot(asked: float, hot: float, hot_most: float, served: float) -> tuple[float, float]:
    """Of the hot key's units, those that were served and those that its partition refused.

    The table's bucket, once empty, refuses the same part of all that comes; the partition refuses
    what is too much of the rest.
    """
    cold = asked - hot
    passed = 1.0
    if served < cold + hot_most:
        passed = served / asked
        if passed * hot > hot_most:
            passed = (served - hot_most) / cold
    return min(hot_most, passed * hot), max(0.0, passed * hot - hot_most)
