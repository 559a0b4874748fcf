"""What a volume delivers for good, what it delivers for a while, and what it keeps for that.

gp2 counts I/O: a credit is one I/O operation. st1 and sc1 count data: a credit is a MiB. gp3 is
here as the type that needs no credits: what it delivers, it delivers for good.

https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
https://docs.aws.amazon.com/ebs/latest/userguide/hdd-vols.html
"""

from __future__ import annotations

from dataclasses import dataclass

from labkit.facts import fact
from labkit.models.limits import within

GP2, GP3, ST1, SC1 = "gp2", "gp3", "st1", "sc1"
KINDS = (GP2, GP3, ST1, SC1)
SIZE_GIB = {
    GP2: (int(fact("ebs.gp2_size_min_gib")), int(fact("ebs.gp2_size_max_gib"))),
    GP3: (int(fact("ebs.gp3_size_min_gib")), int(fact("ebs.gp3_size_max_gib"))),
    ST1: (int(fact("ebs.st1_size_min_gib")), int(fact("ebs.st1_size_max_gib"))),
    SC1: (int(fact("ebs.sc1_size_min_gib")), int(fact("ebs.sc1_size_max_gib"))),
}
GP2_PER_GIB = int(fact("ebs.gp2_iops_per_gib"))
GP2_MIN_IOPS, GP2_MAX_IOPS = int(fact("ebs.gp2_iops_min")), int(fact("ebs.gp2_iops_max"))
GP2_BURST_IOPS = int(fact("ebs.gp2_burst_iops"))
GP2_CREDITS = int(fact("ebs.gp2_credits_max"))
GP3_IOPS = int(fact("ebs.gp3_iops_default"))
# MiB a second for each TiB, for good and in a burst, and the most that a volume delivers.
DISKS = {
    ST1: (
        int(fact("ebs.st1_base_mib_per_tib")),
        int(fact("ebs.st1_burst_mib_per_tib")),
        int(fact("ebs.st1_throughput_max_mib")),
    ),
    SC1: (
        int(fact("ebs.sc1_base_mib_per_tib")),
        int(fact("ebs.sc1_burst_mib_per_tib")),
        int(fact("ebs.sc1_throughput_max_mib")),
    ),
}
CREDITS_TIB_PER_TIB = int(fact("ebs.hdd_credits_tib_per_tib"))
GIB_PER_TIB = MIB_PER_GIB = 1024


@dataclass(frozen=True)
class Volume:
    """A volume of one of `KINDS`, `size_gib` large; gp3 as it is without provisioning more.

    Rates are I/O operations a second for SSD, MiB a second for HDD; credits the same without the
    second. Raises UsageError for a size that the type does not have.
    """

    kind: str
    size_gib: float

    def __post_init__(self) -> None:
        within("size_gib", self.size_gib, *SIZE_GIB[self.kind])

    @property
    def counts_data(self) -> bool:
        """Whether it is measured in MiB a second rather than in IOPS."""
        return self.kind in DISKS

    @property
    def base(self) -> float:
        """What it delivers for good.

        >>> Volume(GP2, 100).base, Volume(GP2, 20).base, Volume(ST1, 2048).base
        (300, 100, 80.0)
        """
        if self.kind == GP2:
            return min(GP2_MAX_IOPS, max(GP2_MIN_IOPS, GP2_PER_GIB * self.size_gib))
        if self.kind == GP3:
            return GP3_IOPS
        per_tib, _, most = DISKS[self.kind]
        return min(most, per_tib * self.size_gib / GIB_PER_TIB)

    @property
    def burst(self) -> float:
        """What it delivers while it has credits; its baseline, where it has no need of them."""
        if self.kind == GP2:
            return max(self.base, GP2_BURST_IOPS)
        if self.kind == GP3:
            return GP3_IOPS
        _, per_tib, most = DISKS[self.kind]
        return min(most, per_tib * self.size_gib / GIB_PER_TIB)

    @property
    def bursts(self) -> bool:
        """Whether credits make a difference."""
        return self.burst > self.base

    @property
    def credits_max(self) -> float:
        """The most credits that it keeps, and what a new volume begins with; 0 without a burst."""
        if not self.bursts:
            return 0
        if self.kind == GP2:
            return GP2_CREDITS
        return CREDITS_TIB_PER_TIB * self.size_gib * MIB_PER_GIB

    def lasts_s(self, asked: float) -> float | None:
        """How many seconds a full bucket carries work that asks for so much; None is for ever.

        Without a burst it is no time at all, once more than the baseline is asked for.

        >>> Volume(GP2, 100).lasts_s(3000)
        2000.0
        """
        spent = (min(asked, self.burst) if self.bursts else asked) - self.base
        return self.credits_max / spent if spent > 0 else None

    def refills_s(self, asked: float = 0) -> float | None:
        """How many seconds an empty bucket takes to be full; None if it never will be."""
        gained = self.base - asked
        return self.credits_max / gained if gained > 0 else None
