"""Keys at work: what is sealed, signed and told apart, with what goes into it.

symmetric   AES-GCM; the ciphertext begins with the id of the key, and holds only together
            with the encryption context that it was made with
RSA         OAEP; the ciphertext is as long as the key and names nothing
signatures  PSS with a salt as long as the digest, PKCS #1 v1.5, ECDSA
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from moto.moto_api._internal import mock_random

_IV_BYTES = 12
_HEAD_BYTES = 36
_HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "1": hashes.SHA1,
    "256": hashes.SHA256,
    "384": hashes.SHA384,
    "512": hashes.SHA512,
}


def seal(key_id: str, secret: bytes, plaintext: bytes, context: dict[str, str]) -> bytes:
    """The ciphertext of some bytes, bound to an encryption context."""
    iv = mock_random.randbytes(_IV_BYTES)
    return key_id.encode() + iv + AESGCM(secret).encrypt(iv, plaintext, _bound(context))


def unseal(secret: bytes, blob: bytes, context: dict[str, str]) -> bytes | None:
    """The plaintext; None if this secret or this context did not make the ciphertext."""
    iv, sealed = blob[_HEAD_BYTES:][:_IV_BYTES], blob[_HEAD_BYTES + _IV_BYTES :]
    try:
        return AESGCM(secret).decrypt(iv, sealed, _bound(context))
    except (InvalidTag, ValueError):
        return None


def _bound(context: dict[str, str]) -> bytes:
    return json.dumps(context, sort_keys=True).encode()


def rsa_encrypt(private_key: Any, algorithm: str, plaintext: bytes) -> bytes:
    """The ciphertext under the public key, as long as the key."""
    return bytes(private_key.public_key().encrypt(plaintext, _oaep(algorithm)))


def rsa_decrypt(private_key: Any, algorithm: str, blob: bytes) -> bytes | None:
    """The plaintext; None if another key or algorithm made the ciphertext."""
    try:
        return bytes(private_key.decrypt(blob, _oaep(algorithm)))
    except ValueError:
        return None


def sign(private_key: Any, algorithm: str, message: bytes, *, digest: bool) -> bytes:
    """The signature of a message, or of what is its digest already."""
    return bytes(private_key.sign(message, *_scheme(algorithm, digest=digest)))


def verifies(
    private_key: Any, algorithm: str, message: bytes, signature: bytes, *, digest: bool
) -> bool:
    """Whether the signature is this key's of this message."""
    try:
        private_key.public_key().verify(signature, message, *_scheme(algorithm, digest=digest))
    except InvalidSignature:
        return False
    return True


def digest_bytes(algorithm: str) -> int:
    """How long a digest is that this algorithm signs."""
    return int(algorithm.rsplit("_", 1)[-1]) // 8


def _hash(algorithm: str) -> hashes.HashAlgorithm:
    return _HASHES[algorithm.rsplit("_", 1)[-1]]()


def _oaep(algorithm: str) -> padding.OAEP:
    return padding.OAEP(padding.MGF1(_hash(algorithm)), _hash(algorithm), None)


def _scheme(algorithm: str, *, digest: bool) -> tuple[Any, ...]:
    hash = _hash(algorithm)
    hashed: Any = utils.Prehashed(hash) if digest else hash
    if algorithm.startswith("ECDSA"):
        return (ec.ECDSA(hashed),)
    if "PSS" in algorithm:
        return padding.PSS(padding.MGF1(hash), hash.digest_size), hashed
    return padding.PKCS1v15(), hashed
