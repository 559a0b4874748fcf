"""The model's token bucket and those of the labs' API Gateway let the same requests pass.

The script is a list of requests, each at a millisecond. Both get the same limits, from the usage
plan's to the account's; after each request both must have said the same, and have as many tokens.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.models.token_bucket import first_empty, full, take_of_all
from labkit.runtime.gateway.buckets import Buckets

OPENED = datetime(2026, 1, 1, tzinfo=UTC)
LIMITS = st.lists(
    st.tuples(st.integers(1, 500).map(float), st.integers(1, 50).map(float)), min_size=1, max_size=3
)
TIMES = st.lists(st.integers(0, 2000), min_size=1, max_size=80).map(sorted)


@given(LIMITS, TIMES)
def test_the_same_requests_pass(limits: list[tuple[float, float]], times_ms: list[int]) -> None:
    names = [("plan",), ("method",), ("account",)]
    gateway = Buckets()
    wanted = [(name, *limit) for name, limit in zip(names, limits, strict=False)]
    for name, rate, burst in wanted:
        gateway.of(name, rate, burst, OPENED)
    buckets = [full(rate, burst) for rate, burst in limits]

    for at_ms in times_ms:
        passes = first_empty(buckets, at_ms / 1000) is None
        now = OPENED + timedelta(milliseconds=at_ms)
        assert gateway.let_pass(wanted, now) == passes
        if passes:
            buckets = take_of_all(buckets, 1, at_ms / 1000)
        for bucket, (name, rate, burst) in zip(buckets, wanted, strict=True):
            theirs = gateway.of(name, rate, burst, now)
            theirs.fill(now)
            assert bucket.filled(at_ms / 1000).tokens == pytest.approx(theirs.tokens, abs=1e-6)
