"""Chance and sums are the same on every interpreter, and chance looks like chance."""

from __future__ import annotations

import doctest

import pytest

from labkit.errors import UsageError
from labkit.models import sums
from labkit.models.rng import Rng
from labkit.models.sums import ordered_sum, percentile


def chi_squared(units: list[float], bins: int = 20) -> float:
    """How unevenly numbers from 0 to 1 fall into bins; about `bins` - 1 when they are even."""
    counts = [0] * bins
    for unit in units:
        counts[int(unit * bins)] += 1
    expected = len(units) / bins
    return sum((count - expected) ** 2 / expected for count in counts)


# One run in ten thousand of even chance with 19 degrees of freedom is above this.
UNEVEN = 51.0


def test_the_words_are_those_of_the_published_generator() -> None:
    # Worked out step by step with Python's whole numbers from the constants of PCG-RXS-M-XS.
    def published(state: int, increment: int, count: int) -> list[int]:
        words = []
        for _ in range(count):
            word = ((state >> ((state >> 28) + 4)) ^ state) * 277803737 % 2**32
            words.append((word >> 22) ^ word)
            state = (state * 747796405 + increment) % 2**32
        return words

    increment = 2891336453
    state = ((42 + increment) * 747796405 + increment) % 2**32
    rng = Rng(42)

    assert [rng.word() for _ in range(5)] == published(state, increment, 5)


def test_a_seed_gives_these_numbers_for_good() -> None:
    rng = Rng(1)

    assert [rng.word() for _ in range(3)] == [2325698533, 1254902764, 3285510807]


def test_the_same_seed_and_stream_give_the_same_numbers() -> None:
    one, other = Rng(7, 3), Rng(7, 3)

    assert [one.unit() for _ in range(50)] == [other.unit() for _ in range(50)]


@pytest.mark.parametrize("seed", [1, 2, 3, 99])
def test_numbers_of_one_sequence_are_even(seed: int) -> None:
    rng = Rng(seed)

    assert chi_squared([rng.unit() for _ in range(4000)]) < UNEVEN


@pytest.mark.parametrize("seed", [1, 2, 3, 99])
def test_the_first_numbers_of_neighbouring_streams_are_even(seed: int) -> None:
    assert chi_squared([Rng(seed, stream).unit() for stream in range(4000)]) < UNEVEN


def test_the_first_numbers_of_neighbouring_seeds_are_even() -> None:
    assert chi_squared([Rng(seed).unit() for seed in range(4000)]) < UNEVEN


def test_neighbouring_streams_do_not_move_together() -> None:
    one, other = Rng(5, 1), Rng(5, 2)

    agree = sum((one.unit() < 0.5) == (other.unit() < 0.5) for _ in range(4000))

    assert 1850 < agree < 2150


def test_chance_never_happens_at_0_and_always_at_1() -> None:
    rng = Rng(1)

    assert not any(rng.chance(0) for _ in range(1000))
    assert all(rng.chance(1) for _ in range(1000))


def test_waiting_times_have_their_mean_and_are_never_negative() -> None:
    rng = Rng(3)

    waits = [rng.exponential(10.0) for _ in range(20_000)]

    assert min(waits) >= 0
    assert sum(waits) / len(waits) == pytest.approx(10, rel=0.03)


def test_an_ordered_sum_keeps_the_rounding_of_plain_addition() -> None:
    assert ordered_sum([0.1] * 10) == 0.9999999999999999
    assert ordered_sum([1e100, 1.0, -1e100]) == 0.0
    assert ordered_sum([]) == 0


@pytest.mark.parametrize(
    ("percent", "value"),
    [(1, 10), (20, 10), (21, 20), (50, 30), (95, 50), (100, 50)],
)
def test_a_percentile_is_the_nearest_rank(percent: float, value: float) -> None:
    assert percentile([10, 20, 30, 40, 50], percent) == value


def test_a_percentile_of_nothing_or_beyond_a_hundred_is_refused() -> None:
    with pytest.raises(UsageError, match="no values"):
        percentile([], 50)
    with pytest.raises(UsageError, match="got 101"):
        percentile([1], 101)


def test_the_examples_in_the_docstrings_hold() -> None:
    result = doctest.testmod(sums)

    assert result.attempted > 0
    assert result.failed == 0
