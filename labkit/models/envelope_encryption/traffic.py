"""What a steady stream of objects asks of KMS in a second, and what that costs in a month.

Some processes of yours write objects, each its share; some readers read every object once, in the
order of writing. With a cache, each process keeps its data key for a number of objects and for a
time, whichever is over first, and each reader asks KMS once for each data key.
"""

from __future__ import annotations

from dataclasses import dataclass

from labkit.facts import fact
from labkit.models.envelope_encryption.protocol import (
    CACHED,
    DATA_KEY_BYTES,
    DIRECT,
    ENVELOPE,
    OVERHEAD_BYTES,
    PLAINTEXT_MAX_BYTES,
    SEALED_KEY_BYTES,
    check_mode,
    wire_bytes,
)
from labkit.models.limits import within
from labkit.units import SECONDS_PER_MONTH

MESSAGES_MAX = int(fact("kms.cached_key_messages_max"))
QUOTA_PER_S = int(fact("kms.symmetric_requests_per_s"))
USD_PER_REQUEST = float(fact("kms.price_per_10000_requests_usd")) / 10000
USD_PER_KEY_MONTH = float(fact("kms.price_key_per_month_usd"))
LOCAL_BYTES_PER_S = 1e9  # AES-256-GCM on one core with instructions for AES, about


@dataclass(frozen=True)
class Traffic:
    """The stream, and the way to KMS.

    `objects_per_s` are written by `processes` in all, and read by each of `readers`.
    """

    mode: str = ENVELOPE
    size_bytes: float = 20000
    objects_per_s: float = 100
    processes: int = 1
    readers: int = 1
    max_messages: int = 100
    max_age_s: float = 300
    quota_per_s: float = QUOTA_PER_S
    round_trip_s: float = 0.01
    bytes_per_s: float = 125e6

    def __post_init__(self) -> None:
        check_mode(self.mode)
        within("size_bytes", self.size_bytes, 1, 10**12)
        within("objects_per_s", self.objects_per_s, 1e-6, 10**9)
        within("processes", self.processes, 1, 10**6)
        within("readers", self.readers, 0, 1000)
        within("max_messages", self.max_messages, 1, MESSAGES_MAX)
        within("max_age_s", self.max_age_s, 0.001, 10**9)
        within("round_trip_s", self.round_trip_s, 0, 3600)
        within("bytes_per_s", self.bytes_per_s, 1, 10**12)

    @property
    def is_refused(self) -> bool:
        """Whether KMS refuses each object for its length."""
        return self.mode == DIRECT and self.size_bytes > PLAINTEXT_MAX_BYTES

    @property
    def objects_per_key(self) -> int:
        """How many objects a data key encrypts: the first, and those within both limits."""
        if self.mode != CACHED:
            return 1
        # Later objects come every processes/objects_per_s seconds; a hair against rounding.
        in_time = int(self.max_age_s * self.objects_per_s / self.processes + 1e-9)
        return min(self.max_messages, 1 + in_time)

    @property
    def ages_out(self) -> bool:
        """Whether the maximum age ends a data key's use before its number of objects does."""
        return self.mode == CACHED and self.objects_per_key < self.max_messages

    @property
    def calls_per_object(self) -> float:
        """Requests to KMS for an object that is written, and read by every reader."""
        return (1 + self.readers) / self.objects_per_key

    @property
    def calls_per_s(self) -> float:
        """Requests to KMS in a second: Encrypt or GenerateDataKey, and Decrypt."""
        return self.objects_per_s * self.calls_per_object

    @property
    def throttled_per_s(self) -> float:
        """Requests that go beyond the quota in each second."""
        return max(0, self.calls_per_s - self.quota_per_s)

    @property
    def wire_bytes_per_call(self) -> float:
        """Bytes of objects and keys in a request and its answer, to encrypt or to decrypt."""
        if self.mode == DIRECT:
            return wire_bytes(self.size_bytes) + wire_bytes(self.size_bytes + OVERHEAD_BYTES)
        return wire_bytes(DATA_KEY_BYTES) + wire_bytes(SEALED_KEY_BYTES)

    @property
    def wire_bytes_per_object(self) -> float:
        """Bytes that pass to and from KMS for an object, when written and when read."""
        return self.wire_bytes_per_call * self.calls_per_object

    @property
    def encrypt_s(self) -> float:
        """How long it takes on average to encrypt an object, storing it left aside."""
        call_s = self.round_trip_s + self.wire_bytes_per_call / self.bytes_per_s
        local_s = 0 if self.mode == DIRECT else self.size_bytes / LOCAL_BYTES_PER_S
        return call_s / self.objects_per_key + local_s

    @property
    def usd_per_month(self) -> float:
        """The KMS key and its requests for a month, the free requests not taken off."""
        return USD_PER_KEY_MONTH + self.calls_per_s * SECONDS_PER_MONTH * USD_PER_REQUEST
