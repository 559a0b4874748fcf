"""Exercise 2: a poster that is too long for KMS, in an envelope in S3.

macbeth.enc   the poster, encrypted at home under a data key
macbeth.key   that data key, encrypted by KMS
"""

from __future__ import annotations

from labkit.exercises.checks.kms.sealing import (
    DATA_KEY_BYTES,
    NONCE_BYTES,
    key_arn,
    opened,
    stored,
    unseal,
)
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

BUCKET = "poster-vault"
ALIAS = "alias/posters"
NAME = "macbeth"
POSTER = b"Tomorrow, and tomorrow, and tomorrow. " * 1500


def check(evidence: Evidence) -> Outcome:
    """Both objects are there, belong together, and were opened once from what is stored."""
    sealed, wrapped = (stored(evidence, BUCKET, f"{NAME}.{end}") for end in ("enc", "key"))
    if sealed is None and wrapped is None:
        return NotYet(f"`{BUCKET}` is empty.", f"Ask KMS for a data key under `{ALIAS}`.")
    if sealed is None or wrapped is None:
        there, missing = ("key", "enc") if sealed is None else ("enc", "key")
        return NotYet(f"`{NAME}.{there}` is there.", f"`{NAME}.{missing}` is missing.")
    return _plain(sealed, wrapped) or _judged(evidence, sealed, wrapped)


def _plain(sealed: bytes, wrapped: bytes) -> Outcome | None:
    if POSTER[:40] in sealed:
        return Incorrect(
            f"`{NAME}.enc` is the poster as it was, for everybody who may read the bucket.",
            "the poster encrypted.",
            "`seal(macbeth, data_key)` encrypts it here, in your own process.",
        )
    if len(wrapped) == DATA_KEY_BYTES:
        return Incorrect(
            f"`{NAME}.key` holds {DATA_KEY_BYTES} bytes: the data key in plaintext, beside what "
            "it opens.",
            "the data key as KMS encrypted it.",
            "The answer has the key twice. `Plaintext` is for now, `CiphertextBlob` for keeping.",
        )
    return None


def _judged(evidence: Evidence, sealed: bytes, wrapped: bytes) -> Outcome:
    answer = opened(evidence, wrapped)
    if isinstance(answer, str):
        return Incorrect(
            f"KMS answers `{answer}` when it is asked to decrypt `{NAME}.key`.",
            "the `CiphertextBlob` of a data key, without a context, as it came.",
            "KMS does not keep data keys. If what is stored cannot be decrypted, the poster is "
            "lost.",
        )
    if answer["KeyId"] != key_arn(evidence, ALIAS):
        return Incorrect(
            f"`{NAME}.key` was encrypted under {answer['KeyId'].rsplit('/', 1)[-1]}.",
            f"the key behind `{ALIAS}`.",
            "The argument `KeyId` of the call that gives the data key says under which.",
        )
    found = unseal(sealed, answer["Plaintext"])
    if found is None:
        return Incorrect(
            f"The data key in `{NAME}.key` does not open `{NAME}.enc`.",
            "a pair: the key that encrypted, and the same key encrypted.",
            "Each call for a data key gives another one. Take both halves from one answer.",
        )
    if found != POSTER:
        return Incorrect(
            f"`{NAME}.enc` opens, and what it holds is {len(found):,} bytes that are not the "
            "poster.",
            f"the {len(POSTER):,} bytes of `macbeth`.",
            f"A sealed poster is {NONCE_BYTES} + 16 bytes longer than it was; give `seal` the "
            "whole of it.",
        )
    return _read_back(evidence, wrapped)


def _read_back(evidence: Evidence, wrapped: bytes) -> Outcome:
    asked = [
        call
        for call in evidence.of("kms", "Decrypt", CiphertextBlob=wrapped)
        if not call.error_code
    ]
    if not asked:
        return NotYet(
            "Both halves are stored, and fit.",
            f"Now read the poster as somebody would who has the bucket only: let KMS decrypt "
            f"`{NAME}.key`.",
        )
    return Passed(
        f"{len(POSTER):,} bytes are encrypted, and KMS saw {DATA_KEY_BYTES} of them: the key. "
        "The bucket alone is worth nothing, and whoever may call Decrypt on the key needs "
        "nothing else."
    )
