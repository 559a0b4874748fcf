"""A value reads as a person would write it."""

from __future__ import annotations

import dataclasses

import pytest

from labkit.facts import get
from labkit.facts.spell import number, spell


def made(value: float | str | bool, unit: str) -> str:
    return spell(dataclasses.replace(get("sqs.delay_max_s"), value=value, unit=unit))


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0, "s", "0 seconds"),
        (1, "s", "1 second"),
        (59, "s", "59 seconds"),
        (60, "s", "1 minute"),
        (90, "s", "90 seconds"),
        (900, "s", "15 minutes"),
        (5_400, "s", "90 minutes"),
        (43_200, "s", "12 hours"),
        (86_400, "s", "1 day"),
        (1_209_600, "s", "14 days"),
        (2.5, "s", "2.5 seconds"),
        (0, "bytes", "0 bytes"),
        (1, "bytes", "1 byte"),
        (1_000, "bytes", "1,000 bytes"),
        (1_024, "bytes", "1 KiB"),
        (65_536, "bytes", "64 KiB"),
        (1_048_576, "bytes", "1 MiB"),
        (1_048_577, "bytes", "1,048,577 bytes"),
        (5 * 1_073_741_824, "bytes", "5 GiB"),
        (2, "GB", "2 GB"),
        (0.0, "USD", "$0.00"),
        (0.4, "USD", "$0.40"),
        (0.625, "USD", "$0.625"),
        (0.0004, "USD", "$0.0004"),
        (1_234.5, "USD", "$1,234.50"),
        (120_000, "messages", "120,000"),
        (300, "requests/s", "300"),
        (0.5, "units", "0.5"),
        ("us-east-1", "Region", "us-east-1"),
        (True, "", "true"),
        (False, "", "false"),
    ],
)
def test_a_value_reads_in_the_largest_unit_that_takes_no_fraction(
    value: float | str | bool, unit: str, words: str
) -> None:
    assert made(value, unit) == words


@pytest.mark.parametrize(
    ("id", "unit", "words"),
    [
        ("sqs.visibility_timeout_max_s", "s", "43,200 seconds"),
        ("sqs.retention_min_s", "s", "60 seconds"),
        ("sqs.message_max_bytes", "bytes", "1,048,576 bytes"),
        ("sqs.inflight_fifo_max", "s", "120,000"),
    ],
)
def test_a_value_can_stay_in_the_unit_of_the_api(id: str, unit: str, words: str) -> None:
    assert spell(get(id), unit) == words


def test_a_number_has_its_thousands_set_apart() -> None:
    assert [number(n) for n in (0, 999, 1_000, 1_000_000, 3.0, 0.25)] == [
        "0", "999", "1,000", "1,000,000", "3", "0.25",
    ]  # fmt: skip
