"""Ratios and ceilings are AWS's; the cheapest volume serves the need, and no cheaper one does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.models.ebs.bill import Need, Offer, cheapest
from labkit.models.ebs.limits import (
    IO1,
    IO2,
    IOPS,
    SIZE,
    THROUGHPUT,
    TYPES,
    counted,
    deliver,
    most_iops,
    most_mibps,
    sizes_gib,
)
from labkit.models.ebs.volume import DISKS, GP2, GP3, SC1, ST1

# https://docs.aws.amazon.com/ebs/latest/userguide/provisioned-iops.html and general-purpose.html
RATIOS = [
    (IO1, 100, 5000, False),
    (IO1, 1280, 64_000, False),
    (IO1, 1279, 63_950, False),
    (IO2, 100, 100_000, False),
    (IO2, 256, 256_000, False),
    (IO2, 100, 50_000, True),
    (IO2, 128, 64_000, True),
    (GP3, 32, 16_000, True),
    (GP3, 160, 80_000, False),
    (GP3, 1, 3000, False),
    (GP2, 5334, 16_000, False),
]
THROUGHPUTS = [
    (IO1, 2000, 500, False),
    (IO1, 32_000, 500, False),
    (IO1, 48_000, 750, False),
    (IO1, 64_000, 1000, False),
    (IO2, 16_000, 4000, False),
    (IO2, 1000, 256, False),
    (IO2, 64_000, 1000, True),
    (GP3, 4000, 1000, True),
    (GP3, 8000, 2000, False),
    (GP3, 3000, 750, False),
]


@pytest.mark.parametrize(("kind", "size_gib", "iops", "old"), RATIOS)
def test_the_ratio_of_iops_to_size_is_aws_s(kind: str, size_gib: int, iops: int, old: bool) -> None:
    assert most_iops(kind, size_gib, old) == iops


@pytest.mark.parametrize(("kind", "iops", "mibps", "old"), THROUGHPUTS)
def test_throughput_grows_with_iops_as_aws_says(
    kind: str, iops: int, mibps: int, old: bool
) -> None:
    """AWS rounds 4,096 down to the limit of 4,000."""
    assert most_mibps(kind, 10_000, iops, old) == pytest.approx(mibps)


@pytest.mark.parametrize(
    ("kind", "size_gib", "io_kib", "binds"),
    [
        (GP3, 100, 16, SIZE),
        (GP3, 1000, 16, IOPS),
        (GP3, 1000, 64, THROUGHPUT),
        (GP2, 1000, 16, SIZE),
        (GP2, 1000, 256, THROUGHPUT),
        (IO1, 2000, 16, IOPS),
        (IO1, 2000, 32, THROUGHPUT),
        (ST1, 2048, 1024, SIZE),
        (ST1, 16_384, 1024, THROUGHPUT),
    ],
)
def test_the_limit_that_binds_is_named(kind: str, size_gib: int, io_kib: int, binds: str) -> None:
    assert deliver(kind, size_gib, io_kib).binds == binds


def test_a_larger_io_counts_as_several_on_ssd_and_a_smaller_one_as_a_mib_on_hdd() -> None:
    assert [counted(GP3, kib) for kib in (4, 256, 257, 1024)] == [1, 1, 2, 4]
    assert [counted(ST1, kib) for kib in (4, 1024)] == [1, 1]
    assert counted(ST1, 4, sequential=True) == 4 / 1024


def test_small_random_io_makes_a_disk_slow() -> None:
    assert deliver(ST1, 1024, 16).iops == 40
    assert deliver(ST1, 1024, 16, sequential=True).iops == 40 * 64


@pytest.mark.parametrize(
    ("offer", "usd"),
    [
        # 2,000 GiB × 0.08 + 7,000 × 0.005 + 375 × 0.04
        (Offer(GP3, 2000, 10_000, 500), 160 + 35 + 15),
        (Offer(GP3, 100, 3000, 125), 8),
        (Offer(GP2, 500, 0, 0), 50),
        # 200 × 0.125 + 32,000 × 0.065 + 32,000 × 0.046 + 6,000 × 0.032
        (Offer(IO2, 200, 70_000, 0), 25 + 2080 + 1472 + 192),
        (Offer(IO1, 100, 1000, 0), 12.5 + 65),
        (Offer(SC1, 1000, 0, 0), 15),
    ],
)
def test_a_month_costs_what_it_does_by_hand(offer: Offer, usd: float) -> None:
    assert offer.month_usd == pytest.approx(usd)


def test_twenty_thousand_iops_are_cheapest_on_gp3() -> None:
    need = Need(100, 20_000, 16)

    found = {kind: cheapest(kind, need) for kind in TYPES}
    served = {kind: offer.month_usd for kind, offer in found.items() if offer}

    assert min(served, key=lambda kind: served[kind]) == GP3
    assert found[GP2] is None
    assert found[ST1] is None


def test_as_of_2023_twenty_thousand_iops_took_provisioned_iops() -> None:
    need = Need(100, 20_000, 16)

    assert cheapest(GP3, need, old=True) is None
    assert cheapest(IO2, need, old=True) is not None


needs = st.builds(
    Need,
    st.integers(1, 60_000),
    st.integers(10, 260_000),
    st.sampled_from((4, 8, 16, 32, 64, 128, 256, 512, 1024)),
    st.booleans(),
)


@given(st.sampled_from(TYPES), needs, st.booleans())
def test_an_offer_serves_the_need_within_its_type_s_limits(
    kind: str, need: Need, old: bool
) -> None:
    offer = cheapest(kind, need, old)

    if offer is None:
        return
    least, most = sizes_gib(kind, old)
    assert least <= offer.size_gib <= most
    assert offer.size_gib >= need.data_gib
    if kind in DISKS:
        delivered = deliver(kind, offer.size_gib, need.io_kib, sequential=need.sequential)
        assert delivered.iops >= need.iops * (1 - 1e-9)
        return
    iops = offer.iops or most_iops(kind, offer.size_gib)
    mibps = offer.mibps or most_mibps(kind, offer.size_gib, iops, old)
    assert iops <= most_iops(kind, offer.size_gib, old) + 1e-6
    assert iops / counted(kind, need.io_kib) >= need.iops * (1 - 1e-9)
    assert mibps >= need.mibps * (1 - 1e-9)


@given(st.sampled_from(TYPES), needs)
def test_more_work_never_costs_less(kind: str, need: Need) -> None:
    less = cheapest(kind, Need(need.data_gib, need.iops / 2, need.io_kib, need.sequential))
    more = cheapest(kind, need)

    if more:
        assert less is not None
        assert less.month_usd <= more.month_usd + 1e-9


@given(st.sampled_from(TYPES), st.integers(125, 16_384), st.sampled_from((4, 16, 64, 256, 1024)))
def test_a_larger_volume_never_delivers_less(kind: str, size_gib: int, io_kib: int) -> None:
    larger = deliver(kind, min(16_384, size_gib * 2), io_kib)

    assert larger.iops >= deliver(kind, size_gib, io_kib).iops - 1e-9
