"""New material for a key, by the calendar or on demand; the old stays for what it encrypted."""

from __future__ import annotations

from typing import Any

from labkit.fidelity.kms.common import API, GUIDE, asked_key, days, limit
from labkit.fidelity.kms.common import constraint as constrained
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params


@rule(
    "kms",
    "EnableKeyRotation",
    "DisableKeyRotation",
    "RotateKeyOnDemand",
    when="before",
    follows=GUIDE + "rotate-keys.html",
    corrects="moto rotates keys of any kind",
)
def only_symmetric_keys_are_rotated(exchange: Exchange) -> None:
    """Only a symmetric encryption key is rotated.

    UnsupportedOperationException; its words are unverified.
    """
    key = asked_key(exchange)
    if not key.is_symmetric:
        raise AwsError(
            "UnsupportedOperationException",
            f"{key.arn} key spec is {key.key_spec} which is not valid for this operation.",
        )


@rule(
    "kms",
    "EnableKeyRotation",
    when="before",
    follows=API + "EnableKeyRotation.html",
    corrects="moto ignores the period",
)
def a_rotation_period_has_its_range(exchange: Exchange) -> None:
    """A key is rotated every 90 to 2,560 days.

    ValidationException: Member must have value less than or equal to 2560.
    """
    wanted, most = exchange.params.get("RotationPeriodInDays"), days("rotation_period_max")
    if wanted is not None and wanted > most:
        rule = f"Member must have value less than or equal to {most}"
        raise constrained(str(wanted), "rotationPeriodInDays", rule)


@rule(
    "kms",
    "EnableKeyRotation",
    when="instead",
    follows=GUIDE + "rotating-keys-enable.html",
    corrects="moto never rotates a key",
)
def a_key_is_rotated_by_the_clock(exchange: Exchange) -> Params:
    """A key is rotated a period after rotation was turned on, and a period after that; what was
    encrypted before stays readable.

    Every year unless another period is set. KMS keeps all earlier versions of the material.
    """
    wanted = exchange.params.get("RotationPeriodInDays") or days("rotation_period_default")
    asked_key(exchange).rotate_every(wanted)
    return {}


@rule(
    "kms",
    "DisableKeyRotation",
    when="instead",
    follows=API + "DisableKeyRotation.html",
    corrects="moto has nothing to stop",
)
def rotation_can_be_turned_off(exchange: Exchange) -> Params:
    """Once automatic rotation is off, the key keeps its material.

    You can enable it again; the date of the next rotation then counts from that day.
    """
    asked_key(exchange).rotate_every(0)
    return {}


@rule(
    "kms",
    "EnableKey",
    when="after",
    follows=GUIDE + "rotate-keys.html",
    corrects="moto never rotates a key",
)
def a_disabled_key_is_rotated_once_it_is_enabled(exchange: Exchange, answer: Params) -> None:
    """A rotation that comes due while the key is disabled is made up for when it is enabled.

    While a key is disabled, KMS does not rotate it; if a rotation is overdue then, it is done at
    once.
    """
    asked_key(exchange).catch_up()


@rule(
    "kms",
    "GetKeyRotationStatus",
    when="after",
    follows=API + "GetKeyRotationStatus.html",
    corrects="moto says only whether rotation is on",
)
def the_next_rotation_is_announced(exchange: Exchange, answer: Params) -> Params:
    """The rotation status tells the period and the date of the next rotation.

    KeyId, RotationPeriodInDays and NextRotationDate.
    """
    key = asked_key(exchange)
    if key.next_rotation is None:
        return answer | {"KeyId": key.id}
    return {
        "KeyRotationEnabled": key.key_state != "PendingDeletion",
        "KeyId": key.id,
        "RotationPeriodInDays": key.rotation_period_days,
        "NextRotationDate": key.next_rotation.at,
    }


@rule(
    "kms",
    "RotateKeyOnDemand",
    when="before",
    follows=API + "RotateKeyOnDemand.html",
    corrects="moto rotates as often as it is asked",
)
def a_key_is_rotated_on_demand_a_limited_number_of_times(exchange: Exchange) -> None:
    """A key is rotated on demand 25 times in its life at most.

    LimitExceededException; its words are unverified.
    """
    most = limit("on_demand_rotations_max")
    done = [one for one in asked_key(exchange).rotated if one.rotation == "ON_DEMAND"]
    if len(done) >= most:
        raise AwsError(
            "LimitExceededException", f"The key was rotated on demand {most} times already."
        )


@rule(
    "kms",
    "RotateKeyOnDemand",
    when="instead",
    follows=API + "RotateKeyOnDemand.html",
    corrects="moto notes a date and keeps the material",
)
def a_key_is_rotated_on_demand(exchange: Exchange) -> Params:
    """A rotation on demand takes new material at once, and leaves the calendar as it is.

    On-demand rotations do not change existing automatic rotation schedules.
    """
    key = asked_key(exchange)
    key.rotate("ON_DEMAND")
    return {"KeyId": key.id}


@rule(
    "kms",
    "ListKeyRotations",
    when="instead",
    follows=API + "ListKeyRotations.html",
    corrects="moto lists only what was rotated on demand",
)
def rotations_are_listed_with_their_material(exchange: Exchange) -> Params:
    """A key's rotations are listed with date, type and material, the first material on demand.

    IncludeKeyMaterial=ALL_KEY_MATERIAL adds the first one, which no rotation brought.
    """
    key = asked_key(exchange)
    everything = exchange.params.get("IncludeKeyMaterial") == "ALL_KEY_MATERIAL"
    listed = key.materials if everything else key.rotated
    start = int(exchange.params.get("Marker") or 0)
    end = start + (exchange.params.get("Limit") or limit("rotations_listed_default"))
    answer: Params = {"Rotations": [_entry(key, one) for one in listed[start:end]]}
    more = end < len(listed)
    return answer | {"Truncated": more} | ({"NextMarker": str(end)} if more else {})


def _entry(key: Any, material: Any) -> Params:
    entry = {
        "KeyId": key.id,
        "KeyMaterialId": material.id,
        "KeyMaterialState": "CURRENT" if material is key.materials[-1] else "NON_CURRENT",
    }
    if material.rotation:
        entry |= {"RotationDate": material.since, "RotationType": material.rotation}
    return entry
