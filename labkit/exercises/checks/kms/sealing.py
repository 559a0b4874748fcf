"""How the KMS lab encrypts at home, as the notebook's own `seal` and `unseal` do it.

nonce (12 bytes) ‖ AES-GCM ciphertext with its tag
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from labkit.exercises.frame import Evidence

NONCE_BYTES = 12
DATA_KEY_BYTES = 32


def seal(data: bytes, data_key: bytes) -> bytes:
    """What the notebook's `seal` makes of data and a data key."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(data_key).encrypt(nonce, data, None)


def unseal(sealed: bytes, data_key: bytes) -> bytes | None:
    """The data; None if the key did not make this, or it was touched."""
    try:
        return AESGCM(data_key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
    except (InvalidTag, ValueError):
        return None


def stored(evidence: Evidence, bucket: str, name: str) -> bytes | None:
    """What an object holds; None if there is none of that name."""
    s3 = evidence.client("s3")
    try:
        return bytes(s3.get_object(Bucket=bucket, Key=name)["Body"].read())
    except s3.exceptions.NoSuchKey:
        return None


def key_arn(evidence: Evidence, alias: str) -> str:
    """The ARN of the key behind an alias."""
    found = evidence.client("kms").describe_key(KeyId=alias)["KeyMetadata"]
    return str(found["Arn"])


def opened(evidence: Evidence, blob: bytes, **named: Any) -> dict[str, Any] | str:
    """KMS's answer to Decrypt, or the code of its refusal."""
    try:
        answer: dict[str, Any] = evidence.client("kms").decrypt(CiphertextBlob=blob, **named)
    except ClientError as refusal:
        return str(refusal.response["Error"]["Code"])
    return answer
