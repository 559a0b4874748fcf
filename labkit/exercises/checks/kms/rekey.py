"""Exercise 3: data keys move under another KMS key, and nobody sees them on the way.

hamlet.key ──ReEncrypt: posters-2025 ▶ posters-2026──▶ hamlet.key      hamlet.enc stays
"""

from __future__ import annotations

from typing import Any

from labkit.exercises.checks.kms.sealing import key_arn, opened, stored, unseal
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

BUCKET = "poster-archive"
OLD, NEW = "alias/posters-2025", "alias/posters-2026"
POSTERS = {name: f"{name}, five acts. ".encode() * 400 for name in ("hamlet", "lear", "othello")}
OLD_DESCRIPTION = "posters of 2025"  # an alias can be moved, this stays with its key

# What KMS answers when the ciphertext is another key's, whether that one works or not.
_ELSEWHERE = ("IncorrectKeyException", "DisabledException", "KMSInvalidStateException")


def check(evidence: Evidence) -> Outcome:
    """Every data key is under the new key and opens its poster; the old KMS key is disabled."""
    new = key_arn(evidence, NEW)
    old = _old_key(evidence)
    under = {name: _under(evidence, name, new) for name in POSTERS}
    moved = [name for name, right in under.items() if right]
    disabled = not old["Enabled"]
    return (
        _seen(evidence)
        or _lost(evidence, under)
        or _nothing_moved(evidence, moved, disabled=disabled)
        or _some_left(moved, disabled=disabled)
        or _does_not_open(evidence)
        or _still_enabled(disabled=disabled)
        or Passed(
            "Three calls moved three data keys, and not one byte of a poster: ReEncrypt opens "
            "and closes inside KMS. The key of 2025 is disabled, and nobody misses it."
        )
    )


def _old_key(evidence: Evidence) -> dict[str, Any]:
    """What KMS says of the key that was laid as the old one, whatever its alias is now."""
    kms = evidence.client("kms")
    for one in kms.list_keys()["Keys"]:
        found: dict[str, Any] = kms.describe_key(KeyId=one["KeyId"])["KeyMetadata"]
        if found["Description"] == OLD_DESCRIPTION and found["KeyState"] != "PendingDeletion":
            return found
    return {"Enabled": False}


def _under(evidence: Evidence, name: str, arn: str) -> bool | None:
    """Whether the poster's data key is under this key; None if KMS finds no ciphertext in it."""
    wrapped = stored(evidence, BUCKET, f"{name}.key")
    if wrapped is None:
        return None
    answer = opened(evidence, wrapped, KeyId=arn)
    if isinstance(answer, str):
        return False if answer in _ELSEWHERE else None
    return True


def _seen(evidence: Evidence) -> Outcome | None:
    seen = [call for call in evidence.of("kms", "Decrypt") if not call.error_code]
    made = [call for call in evidence.of("kms", "GenerateDataKey") if not call.error_code]
    if not seen and not made:
        return None
    if made:
        return Incorrect(
            "You asked for new data keys.",
            "the old ones, under another KMS key.",
            "A new data key means to encrypt the poster anew. These posters need not move at all. "
            '`lab.begin("rekey")` starts again.',
        )
    return Incorrect(
        f"`Decrypt` brought {len(seen)} data key{'s' * (len(seen) > 1)} into your program in "
        "plaintext.",
        "nobody sees them.",
        "One call decrypts under the one key and encrypts under the other inside KMS, and gives "
        'you the ciphertext only. `lab.begin("rekey")` starts again.',
    )


def _lost(evidence: Evidence, under: dict[str, bool | None]) -> Outcome | None:
    for name, right in under.items():
        if right is None:
            return Incorrect(
                f"KMS can make nothing of `{name}.key`.",
                "the `CiphertextBlob` of its data key.",
                'Without it the poster is lost. `lab.begin("rekey")` lays it again.',
            )
    return None


def _nothing_moved(evidence: Evidence, moved: list[str], *, disabled: bool) -> Outcome | None:
    if moved:
        return None
    if evidence.of("kms", "UpdateAlias", "DeleteAlias"):
        return Incorrect(
            "The alias points elsewhere, and all three data keys are under the key of 2025 still.",
            "data keys that the key of 2026 opens.",
            "An alias says which key the next Encrypt takes. A ciphertext names its key by itself.",
        )
    if evidence.of("kms", "RotateKeyOnDemand", "EnableKeyRotation"):
        return Incorrect(
            "A rotation gave a key new material, and every data key is where it was.",
            "data keys under another key.",
            "Rotation is for what is encrypted from then on; it touches no ciphertext.",
        )
    if disabled:
        return Incorrect(
            "The key of 2025 is disabled, and all three data keys are under it.",
            "the data keys moved first.",
            "A disabled key decrypts nothing, for ReEncrypt neither. `enable_key` brings it back.",
        )
    return NotYet(
        "All three data keys are under the key of 2025.",
        f"Move them under `{NEW}`, one by one.",
    )


def _some_left(moved: list[str], *, disabled: bool) -> Outcome | None:
    left = [name for name in POSTERS if name not in moved]
    if not left:
        return None
    names = " and ".join(f"`{name}.key`" for name in left)
    if disabled:
        return Incorrect(
            f"{names} {'is' if len(left) == 1 else 'are'} still under the disabled key.",
            "every data key moved before that.",
            "`enable_key`, move the rest, disable again.",
        )
    return NotYet(f"{len(moved)} of 3 data keys have moved.", f"Still there: {names}.")


def _does_not_open(evidence: Evidence) -> Outcome | None:
    for name, text in POSTERS.items():
        wrapped = stored(evidence, BUCKET, f"{name}.key") or b""
        sealed = stored(evidence, BUCKET, f"{name}.enc") or b""
        answer = opened(evidence, wrapped)
        if isinstance(answer, str) or unseal(sealed, answer["Plaintext"]) != text:
            return Incorrect(
                f"`{name}.key` does not open `{name}.enc`.",
                "each poster beside its own data key, untouched.",
                'A data key opens what it encrypted. `lab.begin("rekey")` lays them again.',
            )
    return None


def _still_enabled(*, disabled: bool) -> Outcome | None:
    if disabled:
        return None
    return NotYet(
        "All three data keys are under the key of 2026.",
        "Now disable the key of 2025, and see that nobody misses it.",
    )
