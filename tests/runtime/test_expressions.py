"""A schedule says when it is due."""

from __future__ import annotations

import doctest
from datetime import UTC, datetime

import pytest

from labkit.runtime.sources import expressions
from labkit.runtime.sources.expressions import next_time

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

CASES = {
    "rate(1 minute)": "2026-01-05T09:01:00",
    "rate(5 minutes)": "2026-01-05T09:05:00",
    "rate(12 hours)": "2026-01-05T21:00:00",
    "rate(7 days)": "2026-01-12T09:00:00",
    "at(2026-01-05T10:00:00)": "2026-01-05T10:00:00",
    "cron(0 10 * * ? *)": "2026-01-05T10:00:00",
    "cron(0 9 * * ? *)": "2026-01-06T09:00:00",
    "cron(15 12 * * ? *)": "2026-01-05T12:15:00",
    "cron(0 18 ? * MON-FRI *)": "2026-01-05T18:00:00",
    "cron(0 8 1 * ? *)": "2026-02-01T08:00:00",
    "cron(0/15 * * * ? *)": "2026-01-05T09:15:00",
    "cron(0/10 * ? * TUE *)": "2026-01-06T00:00:00",
    "cron(0 0 29 2 ? *)": "2028-02-29T00:00:00",
    "cron(0 9 ? MAR SUN,SAT 2027)": "2027-03-06T09:00:00",
    "cron(0 9 ? * 1 *)": "2026-01-11T09:00:00",
}


@pytest.mark.parametrize("expression", CASES)
def test_a_schedule_is_next_due(expression: str) -> None:
    due = next_time(expression, MONDAY)

    assert due is not None
    assert due.isoformat() == CASES[expression] + "+00:00"


@pytest.mark.parametrize(
    "expression",
    ["at(2026-01-05T09:00:00)", "cron(0 9 * * ? 2025)", "cron(0 9 L * ? *)", "every day", "cron()"],
)
def test_some_are_never_due(expression: str) -> None:
    assert next_time(expression, MONDAY) is None


def test_the_examples_hold() -> None:
    assert doctest.testmod(expressions).failed == 0
