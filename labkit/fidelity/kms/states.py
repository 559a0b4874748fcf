"""What a key refuses to do while it is disabled, waits for its end, or has no material yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from labkit.fidelity.kms.common import (
    ALIAS_WELCOME,
    API,
    CRYPTOGRAPHIC,
    GUIDE,
    asked_key,
    key_behind,
)
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

_STATES = GUIDE + "key-state.html"
_WORK = (*CRYPTOGRAPHIC, "CreateGrant", "GetPublicKey", "ReplicateKey")
_ROTATION = ("EnableKeyRotation", "DisableKeyRotation", "RotateKeyOnDemand")
_CHANGES = (
    "CreateAlias",
    "UpdateAlias",
    "EnableKey",
    "DisableKey",
    "TagResource",
    "UntagResource",
    "UpdateKeyDescription",
    "ScheduleKeyDeletion",
)
_NAMED = (
    *dict.fromkeys((*ALIAS_WELCOME, *_WORK, *_ROTATION, *_CHANGES)),
    "CancelKeyDeletion",
    "GetKeyPolicy",
    "GetKeyRotationStatus",
    "ListAliases",
    "ListGrants",
    "ListKeyPolicies",
    "ListKeyRotations",
    "ListResourceTags",
    "PutKeyPolicy",
    "RevokeGrant",
)


def _named(exchange: Exchange) -> Iterator[Any]:
    """The keys that a request names, or that its ciphertext does."""
    for parameter in ("KeyId", "TargetKeyId", "SourceKeyId", "DestinationKeyId"):
        key = asked_key(exchange, parameter)
        if key is not None:
            yield key
    if exchange.operation in ("Decrypt", "ReEncrypt"):
        behind = key_behind(exchange)
        if behind is not None:
            yield behind


@rule(
    "kms",
    *_NAMED,
    when="before",
    follows=API + "DescribeKey.html",
    corrects="moto breaks down at grants of a key that is not there, and has other words",
)
def a_key_that_is_not_there_is_named(exchange: Exchange) -> None:
    """A key that does not exist in this Region is named in the refusal.

    NotFoundException: Key … does not exist, Invalid keyId, Invalid arn, or Alias … is not found.
    """
    for _ in _named(exchange):
        pass


def _invalid(key: Any, state: str) -> AwsError:
    return AwsError("KMSInvalidStateException", f"{key.arn} is {state}.")


@rule(
    "kms",
    *_WORK,
    *_ROTATION,
    *_CHANGES,
    when="before",
    follows=_STATES,
    corrects="moto lets a key work that is about to be deleted",
)
def a_key_that_is_pending_deletion_refuses_to_work(exchange: Exchange) -> None:
    """A key that waits for its deletion can neither be used nor changed.

    KMSInvalidStateException: the key is pending deletion.
    """
    for key in _named(exchange):
        if key.key_state == "PendingDeletion":
            raise _invalid(key, "pending deletion")


@rule(
    "kms",
    *_WORK,
    *_ROTATION,
    "EnableKey",
    "DisableKey",
    when="before",
    follows=_STATES,
    corrects="moto gives a key of imported material one of its own at once",
)
def a_key_without_material_refuses_to_work(exchange: Exchange) -> None:
    """A key whose material is to be imported cannot be used before that.

    KMSInvalidStateException: the key is pending import.
    """
    for key in _named(exchange):
        if key.key_state == "PendingImport":
            raise _invalid(key, "pending import")
        if key.key_state == "Creating":
            raise _invalid(key, "creating")


@rule(
    "kms",
    *_WORK,
    *_ROTATION,
    when="before",
    follows=_STATES,
    corrects="moto lets a disabled key work",
)
def a_disabled_key_refuses_to_work(exchange: Exchange) -> None:
    """A disabled key does nothing, not even decrypt.

    DisabledException: the key is disabled.
    """
    for key in _named(exchange):
        if not key.enabled:
            raise AwsError("DisabledException", f"{key.arn} is disabled.")


@rule(
    "kms",
    "EnableKey",
    "DisableKey",
    when="instead",
    follows=API + "DisableKey.html",
    corrects="moto breaks down at the ARN of a key",
)
def a_key_is_switched_off_by_id_or_arn(exchange: Exchange) -> Params:
    """A key is switched off and on by its id or its ARN.

    KeyId: the key ID or key ARN of the KMS key; an alias is not taken.
    """
    key, on = asked_key(exchange), exchange.operation == "EnableKey"
    key.enabled, key.key_state = on, "Enabled" if on else "Disabled"
    return {}
