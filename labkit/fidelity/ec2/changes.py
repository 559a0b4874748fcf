"""How a volume may be changed, and how often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from labkit.fidelity.ec2 import rates
from labkit.fidelity.ec2.common import API, bad_value, limit, now, volume_of
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange


@rule(
    "ec2",
    "ModifyVolume",
    when="before",
    follows=API + "ModifyVolume.html",
    corrects="moto shrinks it",
)
def a_volume_never_shrinks(exchange: Exchange) -> None:
    """A volume can be made larger, never smaller.

    InvalidParameterValue: New size cannot be smaller than existing size.
    """
    volume, size = volume_of(exchange), exchange.params.get("Size")
    if volume is not None and size is not None and size < volume.size:
        raise bad_value("New size cannot be smaller than existing size")


@rule(
    "ec2",
    "ModifyVolume",
    when="before",
    follows=API + "ModifyVolume.html",
    corrects="moto changes it to anything",
)
def a_changed_volume_stays_within_its_limits(exchange: Exchange) -> None:
    """What a volume is changed to must be a volume that could be made.

    The same codes as from CreateVolume.
    """
    volume, params = volume_of(exchange), exchange.params
    if volume is None:
        return
    kind = params.get("VolumeType") or volume.volume_type
    size, iops = params.get("Size") or volume.size, params.get("Iops")
    if kind in rates.WITH_IOPS and iops is None:
        iops = volume.iops if kind == volume.volume_type else limit("ebs.gp3_iops_default")
    error = rates.refusal(kind, size, iops, params.get("Throughput"))
    if error is not None:
        raise error


@rule(
    "ec2",
    "ModifyVolume",
    when="before",
    follows=API + "ModifyVolume.html",
    corrects="moto's changes are done at once",
)
def a_volume_is_changed_again_once_the_change_is_completed(exchange: Exchange) -> None:
    """While a change is modifying or optimizing, the next has to wait.

    IncorrectModificationState; its words are unverified.
    """
    volume = volume_of(exchange)
    for change in volume.modifications[-1:] if volume else ():
        if change.modification_state != "completed":
            raise AwsError(
                "IncorrectModificationState",
                f"Cannot modify volume {volume.id}: it is in modification state "
                f"{change.modification_state.upper()}.",
            )


@rule(
    "ec2",
    "ModifyVolume",
    when="before",
    follows=API + "ModifyVolume.html",
    corrects="moto changes it as often as one likes",
)
def a_volume_is_changed_four_times_in_a_day(exchange: Exchange) -> None:
    """A volume is changed four times in a rolling day at most; until January 2026 it had to wait
    six hours after each change.

    VolumeModificationRateExceeded, saying when the next change can be made; its words are
    unverified.
    """
    volume = volume_of(exchange)
    window = timedelta(hours=limit("ebs.modifications_window_hours"))
    recent: list[Any] = [
        change.begun_at
        for change in (volume.modifications if volume else ())
        if change.begun_at > now() - window
    ]
    if len(recent) >= limit("ebs.modifications_max"):
        again = f"{recent[0] + window:%Y-%m-%dT%H:%M:%SZ}"
        raise AwsError(
            "VolumeModificationRateExceeded",
            f"You've reached the maximum modification rate per volume limit: {len(recent)} in "
            f"24 hours. The next modification can be made at {again}.",
        )
