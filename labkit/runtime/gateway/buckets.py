"""Token buckets: how many requests API Gateway lets pass.

    rate tokens a second ──▶ [ at most `burst` tokens ] ──▶ one for each request; none left: 429

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Bucket:
    """A bucket of tokens that fills by the virtual clock; full to begin with."""

    rate: float  # tokens a second
    burst: float  # tokens that it holds
    tokens: float
    filled_at: datetime

    @classmethod
    def full(cls, rate: float, burst: float, now: datetime) -> Bucket:
        """A bucket that nobody has drawn from."""
        return cls(rate, burst, burst, now)

    def fill(self, now: datetime) -> None:
        """Add what has come in since the last look."""
        passed_s = (now - self.filled_at).total_seconds()
        self.tokens = min(self.burst, self.tokens + passed_s * self.rate)
        self.filled_at = now

    def has_one(self, now: datetime) -> bool:
        """Whether there is a token; a rounding error is not held against anybody."""
        self.fill(now)
        return self.tokens >= 1 - 1e-9

    def take(self) -> None:
        """Take a token."""
        self.tokens -= 1


class Buckets:
    """The buckets of one sandbox, by whose they are."""

    def __init__(self) -> None:
        self._all: dict[tuple[str, ...], Bucket] = {}

    def of(self, whose: tuple[str, ...], rate: float, burst: float, now: datetime) -> Bucket:
        """The bucket of somebody; made anew where the limits were changed."""
        found = self._all.get(whose)
        if found is None or (found.rate, found.burst) != (rate, burst):
            found = self._all[whose] = Bucket.full(rate, burst, now)
        return found

    def let_pass(self, wanted: list[tuple[tuple[str, ...], float, float]], now: datetime) -> bool:
        """Take a token from each bucket; from none if one of them is empty."""
        buckets = [self.of(whose, rate, burst, now) for whose, rate, burst in wanted]
        if not all(bucket.has_one(now) for bucket in buckets):
            return False
        for bucket in buckets:
            bucket.take()
        return True
