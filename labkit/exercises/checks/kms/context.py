"""Exercise 1: a refund that can be opened for its own order only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.exercises.checks.kms.sealing import key_arn
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

ALIAS = "alias/refunds"
REFUND = b"give back 40 EUR"
CONTEXT = {"order": "1042"}


def check(evidence: Evidence) -> Outcome:
    """The refund was encrypted under the alias's key with its context, and decrypted again."""
    calls = [call for call in evidence.of("kms", "Encrypt") if not call.error_code]
    arn = key_arn(evidence, ALIAS)
    right = [
        call
        for call in calls
        if call.response["KeyId"] == arn
        and call.params["Plaintext"] == REFUND
        and call.params.get("EncryptionContext") == CONTEXT
    ]
    if not calls:
        return NotYet("Nothing has been encrypted yet.", f"Encrypt `refund` under `{ALIAS}`.")
    if not right:
        return _what_is_wrong(calls[-1], arn)
    blobs = [call.response["CiphertextBlob"] for call in right]
    asked = [
        call for call in evidence.of("kms", "Decrypt") if call.params["CiphertextBlob"] in blobs
    ]
    if any(not call.error_code for call in asked):
        return Passed(
            "The refund opens with `order` 1042 and with nothing else. Whoever lays this "
            "ciphertext beside another order gets an error instead of 40 EUR."
        )
    if asked:
        return Incorrect(
            f"Decrypt was refused with `{asked[-1].error_code}`; its context was "
            f"{asked[-1].params.get('EncryptionContext', 'not given')}.",
            f"the context that it was encrypted with, {CONTEXT}.",
            "KMS keeps no context in the ciphertext. The caller must know it, to the letter.",
        )
    return NotYet("The refund is encrypted, and bound to its order.", "Now decrypt it again.")


def _what_is_wrong(call: Call, arn: str) -> Outcome:
    if call.response["KeyId"] != arn:
        return Incorrect(
            f"You encrypted under the key `{call.params['KeyId']}`.",
            f"the key behind `{ALIAS}`.",
            "The alias is the argument `KeyId`.",
        )
    if call.params["Plaintext"] != REFUND:
        return Incorrect(
            f"You encrypted {call.params['Plaintext']!r}.",
            f"{REFUND!r} alone; the order belongs into the context.",
            "What stands inside the plaintext does not keep a ciphertext from being swapped for "
            "another.",
        )
    context = call.params.get("EncryptionContext")
    if not context:
        return Incorrect(
            "The refund was encrypted without an encryption context.",
            f"{CONTEXT}.",
            "Without it the ciphertext opens wherever it is laid, beside order 1043 too. It is "
            "an argument of `encrypt`.",
        )
    return Incorrect(
        f"The encryption context is {context}.",
        f"{CONTEXT}.",
        "Names and values are text, and are compared with case and all: a reader who gives "
        "`order` gets nothing.",
    )
