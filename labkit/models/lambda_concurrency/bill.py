"""What a function costs in a month: requests, gigabyte-seconds, provisioned concurrency.

https://aws.amazon.com/lambda/pricing/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.facts import fact
from labkit.models.lambda_concurrency.traffic import WINDOW_S
from labkit.units import DAYS_PER_MONTH, SECONDS_PER_MINUTE, SECONDS_PER_MONTH

if TYPE_CHECKING:
    from labkit.models.lambda_concurrency.function import Trace

MIB_PER_GB = 1024  # Lambda's gigabyte has 1,024 of the megabytes that a function is given
PER_REQUEST_USD = float(fact("lambda.price_requests_per_million_usd")) / 1e6
PER_GB_S_USD = float(fact("lambda.price_gb_s_usd"))
PER_PROVISIONED_GB_S_USD = float(fact("lambda.price_provisioned_gb_s_usd"))
PER_PROVISIONED_WORK_GB_S_USD = float(fact("lambda.price_provisioned_duration_gb_s_usd"))
FREE_REQUESTS = int(fact("lambda.free_requests_per_month"))
FREE_GB_S = int(fact("lambda.free_gb_s_per_month"))


@dataclass(frozen=True)
class Bill:
    """A month's bill, by what it is for; the free tier is taken off already."""

    requests: float
    on_demand_gb_s: float
    provisioned_work_gb_s: float
    provisioned_gb_s: float
    requests_usd: float
    on_demand_usd: float
    provisioned_work_usd: float
    provisioned_usd: float

    @property
    def usd(self) -> float:
        """All of it."""
        work = self.on_demand_usd + self.provisioned_work_usd
        return self.requests_usd + work + self.provisioned_usd


def month(
    requests: float,
    on_demand_s: float,
    memory_mib: float,
    provisioned_work_s: float = 0,
    provisioned: float = 0,
) -> Bill:
    """A month of so many requests, seconds of work, and environments provisioned throughout.

    >>> round(month(3e6, 3e6, 512).usd, 2)
    18.73
    """
    gb = memory_mib / MIB_PER_GB
    on_demand_gb_s, work_gb_s = on_demand_s * gb, provisioned_work_s * gb
    provisioned_gb_s = provisioned * SECONDS_PER_MONTH * gb
    return Bill(
        requests,
        on_demand_gb_s,
        work_gb_s,
        provisioned_gb_s,
        max(0, requests - FREE_REQUESTS) * PER_REQUEST_USD,
        max(0, on_demand_gb_s - FREE_GB_S) * PER_GB_S_USD,
        work_gb_s * PER_PROVISIONED_WORK_GB_S_USD,
        provisioned_gb_s * PER_PROVISIONED_GB_S_USD,
    )


def bill(trace: Trace, memory_mib: float, minutes_per_day: float) -> Bill:
    """A month with so many such minutes a day, and nothing in between.

    The start of an environment is billed as work is, each time the minute has one.
    """
    params = trace.params
    times = minutes_per_day * DAYS_PER_MONTH * SECONDS_PER_MINUTE / WINDOW_S
    provisioned = trace.total("provisioned")
    others = trace.handled - provisioned
    on_demand_s = others * params.duration_s + trace.total("cold") * params.init_s
    return month(
        trace.handled * times,
        on_demand_s * times,
        memory_mib,
        provisioned * params.duration_s * times,
        params.provisioned,
    )
