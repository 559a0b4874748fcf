"""A key's end: announced a week or more ahead, and final."""

from __future__ import annotations

from labkit.fidelity.kms.common import API, GUIDE, asked_key, days, refused
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params


@rule(
    "kms",
    "ScheduleKeyDeletion",
    when="before",
    follows=API + "ScheduleKeyDeletion.html",
    corrects="moto takes any number of days, and then does nothing",
)
def the_waiting_period_has_its_range(exchange: Exchange) -> None:
    """A key is deleted seven days from now at the earliest, thirty at the latest.

    ValidationException; its words are unverified.
    """
    wanted = exchange.params.get("PendingWindowInDays")
    least, most = days("deletion_wait_min"), days("deletion_wait_max")
    if wanted is not None and not least <= wanted <= most:
        raise refused(f"PendingWindowInDays must be between {least} and {most} days (inclusive).")


@rule(
    "kms",
    "ScheduleKeyDeletion",
    when="instead",
    follows=API + "ScheduleKeyDeletion.html",
    corrects="moto never deletes the key",
)
def a_key_is_gone_when_its_waiting_period_is_over(exchange: Exchange) -> Params:
    """When the waiting period is over, the key is gone with its aliases, and nothing brings back
    what was encrypted with it.

    KMS deletes the key, its material, and all aliases that refer to it; the wait is 30 days unless
    it is set.
    """
    key = asked_key(exchange)
    wanted = exchange.params.get("PendingWindowInDays") or days("deletion_wait_default")
    key.delete_after(wanted)
    return {
        "KeyId": key.arn,
        "DeletionDate": key.deletion.at,
        "KeyState": key.key_state,
        "PendingWindowInDays": wanted,
    }


@rule(
    "kms",
    "CancelKeyDeletion",
    when="before",
    follows=GUIDE + "key-state.html",
    corrects="moto disables a key that nobody wanted to delete",
)
def only_a_scheduled_deletion_can_be_cancelled(exchange: Exchange) -> None:
    """There is nothing to cancel at a key that is not pending deletion.

    KMSInvalidStateException; its words are unverified.
    """
    key = asked_key(exchange)
    if key.key_state != "PendingDeletion":
        raise AwsError("KMSInvalidStateException", f"{key.arn} is not pending deletion.")


@rule(
    "kms",
    "CancelKeyDeletion",
    when="instead",
    follows=API + "CancelKeyDeletion.html",
    corrects="moto answers with whatever named the key",
)
def a_key_that_is_kept_stays_disabled(exchange: Exchange) -> Params:
    """A key whose deletion is cancelled stays, disabled, and the answer is its ARN.

    When the operation succeeds the key state is Disabled; EnableKey enables it.
    """
    key = asked_key(exchange)
    key.keep()
    return {"KeyId": key.arn}
