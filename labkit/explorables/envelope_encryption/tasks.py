"""What a reader can bring about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.envelope_encryption.shop import QUOTAS, traffic, traffic_of
from labkit.explorables.parts import Task
from labkit.models.envelope_encryption.protocol import CACHED, DIRECT, ENVELOPE

if TYPE_CHECKING:
    from typing import Any

LEAST_QUOTA = QUOTAS[-1][0]
RATE_PER_S, BILL_USD, EXPOSED = 100, 20, 100
MANY_PER_S = 2 * LEAST_QUOTA


def no_more_than_an_envelope(**values: Any) -> bool:
    """Whether direct encryption sends no more through KMS than an envelope would."""
    now = traffic(values)
    envelope = traffic_of(values, ENVELOPE, now.size_bytes)
    return now.mode == DIRECT and now.wire_bytes_per_object <= envelope.wire_bytes_per_object


def cheap_and_careful(**values: Any) -> bool:
    """Whether a hundred receipts a second, read at least once, cost little under small exposure."""
    now = traffic(values)
    busy = now.objects_per_s >= RATE_PER_S and now.readers >= 1 and not now.is_refused
    return busy and now.usd_per_month < BILL_USD and now.objects_per_key <= EXPOSED


def within_the_least_quota(**values: Any) -> bool:
    """Whether twice the least quota gets through that quota."""
    now = traffic(values)
    if now.quota_per_s != LEAST_QUOTA or now.objects_per_s < MANY_PER_S:
        return False
    return not now.is_refused and not now.throttled_per_s


def cache_in_vain(**values: Any) -> bool:
    """Whether the cache may keep a key for many receipts, and never uses one twice."""
    now = traffic(values)
    return now.mode == CACHED and now.max_messages >= EXPOSED and now.objects_per_key == 1


TASKS = (
    Task(
        "small",
        "Find a receipt so short that encrypting it directly sends no more through KMS than an "
        "envelope does.",
        no_more_than_an_envelope,
    ),
    Task(
        "cheap",
        f"Pay under {BILL_USD} USD a month for {RATE_PER_S} receipts a second, each read once, "
        f"with at most {EXPOSED} under one data key.",
        cheap_and_careful,
    ),
    Task(
        "quota",
        f"Get {MANY_PER_S // 1000},000 receipts a second through the quota of a Region that allows "
        f"{LEAST_QUOTA // 1000},000 calls.",
        within_the_least_quota,
    ),
    Task(
        "vain",
        f"Let a data key serve {EXPOSED} receipts or more, and yet make the cache useless.",
        cache_in_vain,
    ),
)
