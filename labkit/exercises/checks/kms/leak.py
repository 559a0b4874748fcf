"""Exercise 5: a data key stood in a log; which remedy takes its worth away?

                     the leaked key opens it     KMS opens it
rotate the KMS key            yes                     yes
ReEncrypt the data key        yes                     yes
disable the KMS key           yes                      no
a new data key                 no                     yes
"""

from __future__ import annotations

import hashlib

from labkit.exercises.checks.kms.sealing import key_arn, opened, stored, unseal
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

BUCKET = "script-vault"
ALIAS = "alias/scripts"
NAME = "premiere"
LOG = "debug.log"
SCRIPT = b"ACT I. A ticket office, at noon. " * 900
LEAKED = hashlib.sha256(b"a data key that stands in a log").digest()
_REMEDIES = (  # (operations, what they did) that leave the data key as it was
    (
        ("RotateKeyOnDemand", "EnableKeyRotation"),
        "Rotation gives the KMS key new material for what it encrypts next. The data key, which "
        "is out, stays the same.",
    ),
    (
        ("ReEncrypt",),
        "ReEncrypt wraps the same data key anew. Whoever has it in plaintext needs no wrapping.",
    ),
    (
        ("DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy"),
        "The thief asks KMS nothing: the data key opens the script at home. So far you have only "
        "locked out your own people.",
    ),
)


def check(evidence: Evidence) -> Outcome:
    """What is stored no longer opens with the leaked key, and still opens through KMS."""
    sealed = stored(evidence, BUCKET, f"{NAME}.enc")
    wrapped = stored(evidence, BUCKET, f"{NAME}.key")
    if sealed is None or wrapped is None:
        gone = "enc" if sealed is None else "key"
        return Incorrect(
            f"`{NAME}.{gone}` is gone.",
            "the script, for those who may read it.",
            '`lab.begin("leak")` lays it again.',
        )
    if sealed.startswith(SCRIPT[:30]):
        return Incorrect(
            f"`{NAME}.enc` is the script in plaintext.",
            "the script encrypted.",
            "Now it takes no key at all. Encrypt it again before you put it back.",
        )
    if unseal(sealed, LEAKED) is not None:
        return _still_open(evidence, changed=bool(_puts(evidence)))
    return _kept(evidence, sealed, wrapped)


def _puts(evidence: Evidence) -> list[object]:
    puts = evidence.of("s3", "PutObject", Bucket=BUCKET, Key=f"{NAME}.enc")
    return [call for call in puts if not call.error_code]


def _still_open(evidence: Evidence, *, changed: bool) -> Outcome:
    if changed:
        return Incorrect(
            f"You stored `{NAME}.enc` anew, and the key from the log opens it.",
            "a script that it does not open.",
            "A new nonce is not a new key. Ask KMS for another data key, and seal with that.",
        )
    for operations, why in _REMEDIES:
        if any(not call.error_code for call in evidence.of("kms", *operations)):
            return Incorrect(
                f"The key from the log still opens `{NAME}.enc`.",
                "a script that it does not open.",
                why,
            )
    return NotYet(
        f"The key from the log opens `{NAME}.enc`.",
        "Change what is stored so that it does not, and KMS still opens it.",
    )


def _kept(evidence: Evidence, sealed: bytes, wrapped: bytes) -> Outcome:
    answer = opened(evidence, wrapped)
    if isinstance(answer, str):
        return Incorrect(
            f"The leaked key is worth nothing, and KMS answers `{answer}` for `{NAME}.key`.",
            "the new data key, encrypted by KMS, beside the script.",
            "The `CiphertextBlob` of the new data key belongs into that object, as it came.",
        )
    if answer["KeyId"] != key_arn(evidence, ALIAS):
        return Incorrect(
            "The new data key is under another KMS key.",
            f"the key behind `{ALIAS}`, whose policy says who reads scripts.",
            "No material of that key was lost. Only the data key was.",
        )
    found = unseal(sealed, answer["Plaintext"])
    if found is None:
        return Incorrect(
            f"`{NAME}.key` does not open `{NAME}.enc`: nobody can read the script now.",
            "the script under the data key that lies beside it.",
            "Store both halves: what the new data key encrypted, and the new data key encrypted.",
        )
    if found != SCRIPT:
        return Incorrect(
            f"`{NAME}.enc` opens, and holds {len(found):,} other bytes.",
            f"the script, {len(SCRIPT):,} bytes.",
            "Open the old ciphertext first, and seal what comes out of it, not the ciphertext.",
        )
    return Passed(
        "The key from the log opens nothing any more. It took the one thing that KMS cannot do "
        "for you: to read the data, and to encrypt it again under another data key. Copies that "
        "were taken before that stay open for ever."
    )
