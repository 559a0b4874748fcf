"""A volume's baseline, burst and credits are those of AWS's tables; a day keeps its sums."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.errors import UsageError
from labkit.models.ebs.credits import run
from labkit.models.ebs.day import HOURLY, NIGHT, OFFICE, SHAPES, STEADY, Day
from labkit.models.ebs.volume import GP2, GP3, KINDS, SC1, SIZE_GIB, ST1, Volume
from labkit.units import SECONDS_PER_DAY

# General Purpose SSD volumes, the table of burst durations:
# https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
GP2_TABLE = [
    (1, 100, 1862, 54_000),
    (33, 100, 1862, 54_000),
    (100, 300, 2000, 18_000),
    (334, 1002, 2703, 5389),
    (750, 2250, 7200, 2400),
]
# Throughput Optimized HDD and Cold HDD volumes, the tables of base and burst throughput:
# https://docs.aws.amazon.com/ebs/latest/userguide/hdd-vols.html
ST1_TABLE = [
    *((0.125, 5, 31), (0.5, 20, 125), (1, 40, 250), (2, 80, 500), (3, 120, 500), (5, 200, 500)),
    *((8, 320, 500), (12, 480, 500), (12.5, 500, 500), (16, 500, 500)),
]
SC1_TABLE = [
    *((0.125, 1.5, 10), (0.5, 6, 40), (1, 12, 80), (2, 24, 160), (3, 36, 240)),
    *((3.125, 37.5, 250), (4, 48, 250), (8, 96, 250), (16, 192, 250)),
]
# The tables of scan times: a full bucket reads the whole volume in a burst.
SCANS = [(ST1, 1, 1.17), (ST1, 2, 1.17), (ST1, 5, 2.91), (SC1, 1, 3.64), (SC1, 5, 5.83)]


@pytest.mark.parametrize(("size_gib", "base", "lasts_s", "refills_s"), GP2_TABLE)
def test_gp2_bursts_as_long_as_aws_says(
    size_gib: int, base: int, lasts_s: int, refills_s: int
) -> None:
    volume = Volume(GP2, size_gib)

    assert volume.base == base
    assert volume.lasts_s(3000) == pytest.approx(lasts_s, abs=1)
    assert volume.refills_s() == pytest.approx(refills_s, abs=1)


@pytest.mark.parametrize(("size_gib", "base"), [(1000, 3000), (5334, 16_000), (16_384, 16_000)])
def test_gp2_has_no_burst_from_a_thousand_gib_on(size_gib: int, base: int) -> None:
    volume = Volume(GP2, size_gib)

    assert (volume.base, volume.bursts, volume.credits_max) == (base, False, 0)
    assert volume.lasts_s(20_000) == 0


@pytest.mark.parametrize(
    ("kind", "size_tib", "base", "burst"),
    [(ST1, *row) for row in ST1_TABLE] + [(SC1, *row) for row in SC1_TABLE],
)
def test_disks_deliver_what_aws_says(kind: str, size_tib: float, base: float, burst: float) -> None:
    """31 in AWS's table is 31.25, cut off."""
    volume = Volume(kind, 1024 * size_tib)

    assert volume.base == pytest.approx(base)
    assert volume.burst == pytest.approx(burst, abs=0.3)


@pytest.mark.parametrize(("kind", "size_tib", "hours"), SCANS)
def test_a_full_bucket_is_enough_to_read_the_whole_disk(
    kind: str, size_tib: float, hours: float
) -> None:
    volume = Volume(kind, 1024 * size_tib)

    assert volume.credits_max == size_tib * 1024 * 1024
    assert size_tib * 1024 * 1024 / volume.burst / 3600 == pytest.approx(hours, abs=0.01)


def test_gp3_delivers_the_same_for_good() -> None:
    course = run(Volume(GP3, 100), Day(STEADY, 3000, 0))

    assert (course.waiting, course.volume.bursts) == (0, False)


def test_a_size_that_the_type_does_not_have_is_refused() -> None:
    with pytest.raises(UsageError, match="size_gib"):
        Volume(ST1, 100)


def test_a_night_s_work_runs_the_bucket_dry_when_aws_says() -> None:
    course = run(Volume(GP2, 100), Day(NIGHT, 3000, 50, peak_min=60))

    assert course.dry_at_s == 3600 + 2000
    assert course.at(3600).delivered == 3000
    assert course.at(3600 + 2500).delivered == 300
    assert course.waiting == pytest.approx((3000 - 300) * (3600 - 2000))


def test_at_the_baseline_nothing_is_spent() -> None:
    course = run(Volume(GP2, 100), Day(STEADY, 300, 0), start_share=0.5)

    assert course.end == 0.5 * 5_400_000
    assert course.waiting == 0


@pytest.mark.parametrize("shape", SHAPES)
def test_a_day_is_whole(shape: str) -> None:
    stretches = Day(shape, 100, 10, peak_min=600).stretches()

    assert stretches[0].start_s == 0
    assert stretches[-1].end_s == SECONDS_PER_DAY
    assert all(a.end_s == b.start_s for a, b in itertools.pairwise(stretches))


volumes = st.sampled_from(KINDS).flatmap(
    lambda kind: st.integers(*SIZE_GIB[kind]).map(lambda size: Volume(kind, size))
)
days = st.builds(
    Day,
    st.sampled_from((STEADY, NIGHT, OFFICE, HOURLY)),
    st.floats(0, 20_000),
    st.floats(0, 5000),
    st.integers(5, 600),
)


@given(volumes, days, st.floats(0, 1))
def test_credits_are_never_negative_nor_more_than_full(
    volume: Volume, day: Day, share: float
) -> None:
    for span in run(volume, day, share).spans:
        for balance in (span.balance_start, span.balance_end):
            assert -1e-6 <= balance <= volume.credits_max + 1e-6


@given(volumes, days, st.floats(0, 1))
def test_what_is_delivered_is_at_most_what_is_asked_and_at_least_the_baseline(
    volume: Volume, day: Day, share: float
) -> None:
    for span in run(volume, day, share).spans:
        assert span.delivered <= span.asked + 1e-9
        assert span.delivered >= min(span.asked, volume.base) - 1e-9
        assert span.delivered <= volume.burst + 1e-9


@given(volumes, days, st.floats(0, 1))
def test_credits_that_are_spent_were_delivered_above_the_baseline(
    volume: Volume, day: Day, share: float
) -> None:
    for span in run(volume, day, share).spans:
        spent = span.balance_start - span.balance_end
        above = (span.delivered - volume.base) * (span.end_s - span.start_s)
        if spent > 0:
            assert spent == pytest.approx(above, rel=1e-6, abs=1e-3)


@given(volumes, days)
def test_a_fuller_bucket_never_makes_more_wait(volume: Volume, day: Day) -> None:
    empty, full = run(volume, day, 0), run(volume, day, 1)

    assert full.waiting <= empty.waiting + 1e-6 * max(1, empty.waiting)
