"""The token bucket: what comes in at a rate, up to a burst, and is taken one by one.

    rate_per_s ──▶ [ tokens, at most `burst` ] ──▶ one for each request; none left: refused

A bucket is a value. Time is an argument, in seconds since any moment that the caller likes; what
time and requests do to a bucket is another bucket. Requests come one by one or together (`can`,
`take`, `whole`), or as a stream so dense that it flows (`flow`).

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

SLACK = 1e-9  # a rounding error is not held against anybody


@dataclass(frozen=True)
class TokenBucket:
    """A bucket that had so many `tokens` at `at_s`."""

    rate_per_s: float
    burst: float
    tokens: float
    at_s: float = 0.0

    def __post_init__(self) -> None:
        if self.rate_per_s < 0 or self.burst < 0:
            raise UsageError(
                f"A bucket has a rate of {self.rate_per_s} a second and holds {self.burst}.",
                "Neither is below 0.",
            )

    def filled(self, at_s: float) -> TokenBucket:
        """The bucket later, if nothing was taken; time does not run backwards."""
        passed_s = at_s - self.at_s
        if passed_s <= 0:
            return self
        tokens = min(self.burst, self.tokens + passed_s * self.rate_per_s)
        return TokenBucket(self.rate_per_s, self.burst, tokens, at_s)

    def can(self, count: float, at_s: float) -> bool:
        """Whether there are so many tokens at that moment."""
        return self.filled(at_s).tokens >= count - SLACK

    def whole(self, at_s: float) -> int:
        """How many requests that come together at that moment can be served.

        >>> full(10_000, 5_000).take(5_000, 0).whole(0.1)
        1000
        """
        return int(self.filled(at_s).tokens + SLACK)

    def take(self, count: float, at_s: float) -> TokenBucket:
        """The bucket once so many are taken; ask `can` before."""
        now = self.filled(at_s)
        tokens = max(0.0, now.tokens - count)
        return TokenBucket(now.rate_per_s, now.burst, tokens, now.at_s)

    def next_s(self, at_s: float) -> float:
        """How long until there is a token; never, at a rate of 0 or with room for none."""
        missing = 1 - self.filled(at_s).tokens
        if missing <= SLACK:
            return 0.0
        if not self.rate_per_s or self.burst < 1:
            return float("inf")
        return missing / self.rate_per_s


def full(rate_per_s: float, burst: float, at_s: float = 0.0) -> TokenBucket:
    """A bucket that nobody has taken from."""
    return TokenBucket(rate_per_s, burst, burst, at_s)


def first_empty(buckets: Sequence[TokenBucket], at_s: float) -> int | None:
    """Which bucket is the first without a token, in the order in which they are asked."""
    for number, bucket in enumerate(buckets):
        if not bucket.can(1, at_s):
            return number
    return None


def take_of_all(buckets: Sequence[TokenBucket], count: int, at_s: float) -> list[TokenBucket]:
    """All buckets once so many requests have passed: each has taken a token of every one."""
    return [bucket.take(count, at_s) for bucket in buckets]


@dataclass(frozen=True)
class Flowed:
    """What became of an even stream: how many passed, who refused the rest, what is left."""

    passed: float
    refused_by: int | None
    buckets: tuple[TokenBucket, ...]


def flow(buckets: Sequence[TokenBucket], asked: float, until_s: float) -> Flowed:
    """Let `asked` requests pass all buckets, spread evenly up to `until_s`.

    Exact however long the span: as long as all have tokens everything passes, and then as much as
    the slowest of the empty ones gains. `refused_by` is the bucket that let the least pass.

    >>> flow([full(100, 50)], 400, 1).passed
    150.0
    """
    passed, refused_by = float(asked), None
    for number, bucket in enumerate(buckets):
        gain = bucket.rate_per_s * max(0.0, until_s - bucket.at_s)
        most = bucket.tokens + gain if bucket.burst else 0.0
        if most < passed - SLACK:
            passed, refused_by = most, number
    left = []
    for bucket in buckets:
        gain = bucket.rate_per_s * max(0.0, until_s - bucket.at_s)
        tokens = min(bucket.burst, max(0.0, bucket.tokens + gain - passed))
        at_s = max(until_s, bucket.at_s)
        left.append(TokenBucket(bucket.rate_per_s, bucket.burst, tokens, at_s))
    return Flowed(passed, refused_by, tuple(left))
