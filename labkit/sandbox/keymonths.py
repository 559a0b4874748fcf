"""A KMS key costs money while it is there, whether or not anybody uses it.

A customer managed key and each replica of it are billed by the month, pro rata for the hours. A
key that is scheduled for deletion costs nothing from then on; if the deletion is cancelled, it
costs as if it had never been scheduled. https://aws.amazon.com/kms/pricing/

Not modelled: what the first two rotations add; keys that the call log knows nothing of.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

HOURS_PER_MONTH = 730  # a twelfth of a year of 365 days
_HOUR = timedelta(hours=1)
_PLACES = Decimal("0.0001")


def key_months(calls: Iterable[Call], now: datetime) -> Decimal:
    """How many months of a key have come together by `now`, over all keys that calls made."""
    began: dict[tuple[str, str], datetime] = {}  # by Region and id: a replica has its primary's id
    ended: dict[tuple[str, str], datetime] = {}
    for call in calls:
        if call.service != "kms" or call.error_code:
            continue
        key = _key_of(call)
        if call.operation in ("CreateKey", "ReplicateKey"):
            began[key] = call.at
        elif call.operation == "ScheduleKeyDeletion":
            ended[key] = call.at
        elif call.operation == "CancelKeyDeletion":
            ended.pop(key, None)
    hours = sum(-((since - ended.get(key, now)) // _HOUR) for key, since in began.items())
    return (Decimal(hours) / HOURS_PER_MONTH).quantize(_PLACES)


def _key_of(call: Call) -> tuple[str, str]:
    """Region and id of the key that a call made, gave up or kept."""
    if call.operation == "ReplicateKey":
        return str(call.params["ReplicaRegion"]), call.response["ReplicaKeyMetadata"]["KeyId"]
    if call.operation == "CreateKey":
        return call.region, call.response["KeyMetadata"]["KeyId"]
    return call.region, str(call.params.get("KeyId", "")).rsplit("/", 1)[-1]
