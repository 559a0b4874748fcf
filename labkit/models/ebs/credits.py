"""A volume through a day: what is asked for, what is delivered, and the credits meanwhile.

    balance
      │‾‾＼           full: more is not kept
      │    ＼        ／
      │      ＼    ／     asked for less than the baseline: the rest is saved
      │        ＼／       asked for more: the difference is spent, then only the baseline is left
      └────────────────▶ time

https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.models.limits import within
from labkit.models.sums import ordered_sum

if TYPE_CHECKING:
    from labkit.models.ebs.day import Day
    from labkit.models.ebs.volume import Volume


@dataclass(frozen=True)
class Span:
    """A time in which nothing changes but the balance, which goes from one end to the other."""

    start_s: float
    end_s: float
    asked: float
    delivered: float
    balance_start: float
    balance_end: float

    @property
    def waiting(self) -> float:
        """How much of what was asked for in it had to wait."""
        return (self.asked - self.delivered) * (self.end_s - self.start_s)


@dataclass(frozen=True)
class Course:
    """A day of a volume, in order and without a gap."""

    volume: Volume
    spans: tuple[Span, ...]

    @property
    def asked(self) -> float:
        """All that was asked for."""
        return ordered_sum([span.asked * (span.end_s - span.start_s) for span in self.spans])

    @property
    def waiting(self) -> float:
        """All that was not delivered when it was asked for."""
        return ordered_sum([span.waiting for span in self.spans])

    @property
    def dry_at_s(self) -> float | None:
        """When the balance reached nothing for the first time, with more being asked for."""
        for span in self.spans:
            if span.waiting > 0 and span.balance_start <= 0 and self.volume.bursts:
                return span.start_s
        return None

    @property
    def highest(self) -> float:
        """The most that was asked for."""
        return max([span.asked for span in self.spans])

    @property
    def end(self) -> float:
        """The balance at midnight."""
        return self.spans[-1].balance_end

    def at(self, at_s: float) -> Span:
        """The span of a moment; at a change, the new one."""
        found = self.spans[0]
        for span in self.spans:
            if span.start_s > at_s:
                break
            found = span
        return found

    def balance_at(self, at_s: float) -> float:
        """The credits at a moment."""
        span = self.at(at_s)
        long_s = span.end_s - span.start_s
        share = min(1, (at_s - span.start_s) / long_s) if long_s else 1
        return span.balance_start + share * (span.balance_end - span.balance_start)


def run(volume: Volume, day: Day, start_share: float = 1) -> Course:
    """Let a day pass for a volume whose bucket is filled to `start_share`, 0 to 1, at midnight.

    Not modelled: work that waits does not come again, so the peak is not made longer by it; the
    instance's own limits; I/O of other sizes than those that are counted as one.
    """
    within("start_share", start_share, 0, 1)
    balance = start_share * volume.credits_max
    spans: list[Span] = []
    for stretch in day.stretches():
        now_s = stretch.start_s
        while now_s < stretch.end_s:
            span = _next(volume, stretch.asked, now_s, stretch.end_s, balance)
            spans.append(span)
            now_s, balance = span.end_s, span.balance_end
    return Course(volume, tuple(spans))


def _next(volume: Volume, asked: float, now_s: float, end_s: float, balance: float) -> Span:
    """What happens until the bucket is full, or empty, or something else is asked for."""
    within_burst = min(asked, volume.burst)
    if within_burst > volume.base and balance <= 0:
        return Span(now_s, end_s, asked, volume.base, 0, 0)
    gain = volume.base - within_burst if volume.bursts else 0
    if gain > 0 and balance >= volume.credits_max:
        gain = 0
    if not gain:
        return Span(now_s, end_s, asked, within_burst, balance, balance)
    room = volume.credits_max - balance if gain > 0 else balance
    turns_s = now_s + room / abs(gain)
    if turns_s >= end_s:
        return Span(now_s, end_s, asked, within_burst, balance, balance + gain * (end_s - now_s))
    reached = volume.credits_max if gain > 0 else 0
    return Span(now_s, turns_s, asked, within_burst, balance, reached)
