"""Keys at work: the answers of the cryptographic operations."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives import serialization

from labkit.fidelity.kms import crypto
from labkit.fidelity.kms.backend import fits, gone, sealed, unsealed
from labkit.fidelity.kms.common import (
    API,
    GUIDE,
    asked_key,
    constraint,
    find_key,
    key_behind,
    limit,
    refused,
)
from labkit.fidelity.kms.key import SYMMETRIC, Key, Material, new_private_key
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params


@rule(
    "kms",
    "Encrypt",
    when="instead",
    follows=API + "Encrypt.html",
    corrects="moto makes the same small envelope for every kind of key, and names no algorithm",
)
def a_ciphertext_of_rsa_is_as_long_as_the_key(exchange: Exchange) -> Params:
    """An RSA key's ciphertext is as long as the key, and the answer names the algorithm.

    The ciphertext of an asymmetric key has a standard format without room for metadata.
    """
    params = exchange.params
    key, algorithm = asked_key(exchange), params.get("EncryptionAlgorithm") or SYMMETRIC
    most = limit("plaintext_max_bytes")
    if len(params["Plaintext"]) > most:
        raise constraint("", "plaintext", f"Member must have length less than or equal to {most}")
    blob = sealed(key, params["Plaintext"], params.get("EncryptionContext") or {}, algorithm)
    return {"CiphertextBlob": blob, "KeyId": key.arn, "EncryptionAlgorithm": algorithm}


def _opened(
    exchange: Exchange, key_id: str, context: str, algorithm: str
) -> tuple[Key, bytes, Material | None, str]:
    """The key, the plaintext and the material of the ciphertext in a request."""
    params = exchange.params
    named = params.get(key_id)
    key: Any = find_key(exchange, named) if named else key_behind(exchange)
    blob = bytes(params["CiphertextBlob"])
    if key is None:
        raise gone() if _names_a_key(blob) else AwsError("InvalidCiphertextException", "")
    chosen = params.get(algorithm) or SYMMETRIC
    fits(key, chosen, key.encryption_algorithms)
    plain, material = unsealed(key, blob, params.get(context) or {}, chosen)
    return key, plain, material, chosen


def _names_a_key(blob: bytes) -> bool:
    head = blob[:36].decode("ascii", "replace")
    return head.startswith("mrk-") or head.count("-") == 4


@rule(
    "kms",
    "Decrypt",
    when="instead",
    follows=API + "Decrypt.html",
    corrects="moto names neither algorithm nor material, and says nothing of a key that is gone",
)
def an_answer_says_what_decrypted(exchange: Exchange) -> Params:
    """A decryption names the key, the algorithm and the key material that it took.

    KeyMaterialId is there for symmetric encryption keys.
    """
    key, plain, material, algorithm = _opened(
        exchange, "KeyId", "EncryptionContext", "EncryptionAlgorithm"
    )
    answer = {"KeyId": key.arn, "Plaintext": plain, "EncryptionAlgorithm": algorithm}
    return answer | ({"KeyMaterialId": material.id} if material else {})


@rule(
    "kms",
    "ReEncrypt",
    when="instead",
    follows=API + "ReEncrypt.html",
    corrects="moto names neither algorithm nor material",
)
def a_reencryption_says_from_what_to_what(exchange: Exchange) -> Params:
    """A ciphertext changes its key and its context without being seen in between.

    The answer names both keys, both algorithms and both key materials.
    """
    params = exchange.params
    source, plain, material, algorithm = _opened(
        exchange, "SourceKeyId", "SourceEncryptionContext", "SourceEncryptionAlgorithm"
    )
    target = asked_key(exchange, "DestinationKeyId")
    chosen = params.get("DestinationEncryptionAlgorithm") or SYMMETRIC
    fits(target, chosen, target.encryption_algorithms)
    blob = sealed(target, plain, params.get("DestinationEncryptionContext") or {}, chosen)
    answer = {
        "CiphertextBlob": blob,
        "SourceKeyId": source.arn,
        "KeyId": target.arn,
        "SourceEncryptionAlgorithm": algorithm,
        "DestinationEncryptionAlgorithm": chosen,
    }
    if material:
        answer["SourceKeyMaterialId"] = material.id
    if target.is_symmetric:
        answer["DestinationKeyMaterialId"] = target.materials[-1].id
    return answer


@rule(
    "kms",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    when="after",
    follows=API + "GenerateDataKey.html",
    corrects="moto does not name the material",
)
def a_data_key_says_what_encrypted_it(exchange: Exchange, answer: Params) -> Params:
    """The answer to a request for a data key names the key material that encrypted it.

    KeyMaterialId.
    """
    return answer | {"KeyMaterialId": asked_key(exchange).materials[-1].id}


_PAIRS = ("RSA_2048", "RSA_3072", "RSA_4096", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521")


@rule(
    "kms",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    when="instead",
    follows=API + "GenerateDataKeyPair.html",
    corrects="moto does not have the operation",
)
def a_pair_of_data_keys_comes_with_its_private_key_encrypted(exchange: Exchange) -> Params:
    """A pair for use outside KMS has its private key encrypted, and in plain only where asked for.

    PrivateKeyCiphertextBlob, PublicKey and, from GenerateDataKeyPair, PrivateKeyPlaintext.
    """
    params, key = exchange.params, asked_key(exchange)
    spec = params["KeyPairSpec"]
    if spec not in (*_PAIRS, "ECC_SECG_P256K1"):
        raise constraint(
            spec, "keyPairSpec", f"Member must satisfy enum value set: [{', '.join(_PAIRS)}]"
        )
    pair = new_private_key(spec)
    plain = pair.private_key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    answer = {
        "KeyId": key.arn,
        "KeyPairSpec": spec,
        "PublicKey": pair.public_key(),
        "PrivateKeyCiphertextBlob": sealed(key, plain, params.get("EncryptionContext") or {}),
        "KeyMaterialId": key.materials[-1].id,
    }
    in_plain = exchange.operation == "GenerateDataKeyPair"
    return answer | ({"PrivateKeyPlaintext": plain} if in_plain else {})


@rule(
    "kms",
    "Sign",
    when="instead",
    follows=GUIDE + "asymmetric-key-specs.html",
    corrects="moto hashes a digest again, and salts PSS beyond the length of the digest",
)
def a_signature_holds_outside_kms(exchange: Exchange) -> Params:
    """A signature can be verified with the public key alone, of a message or of its digest.

    RSASSA-PSS has a salt as long as the digest; MessageType=DIGEST is not hashed again.
    """
    key, params = asked_key(exchange), exchange.params
    algorithm = params["SigningAlgorithm"]
    digest = params.get("MessageType") == "DIGEST"
    signature = crypto.sign(
        key.private_key.private_key, algorithm, params["Message"], digest=digest
    )
    return {"KeyId": key.arn, "Signature": signature, "SigningAlgorithm": algorithm}


@rule(
    "kms",
    "Verify",
    when="instead",
    follows=API + "Verify.html",
    corrects="moto answers SignatureValid: false",
)
def a_wrong_signature_is_an_error(exchange: Exchange) -> Params:
    """A signature that does not verify is not answered with no, but refused.

    KMSInvalidSignatureException, without words.
    """
    key, params = asked_key(exchange), exchange.params
    algorithm = params["SigningAlgorithm"]
    digest = params.get("MessageType") == "DIGEST"
    private_key = key.private_key.private_key
    if not crypto.verifies(
        private_key, algorithm, params["Message"], params["Signature"], digest=digest
    ):
        raise AwsError("KMSInvalidSignatureException", "")
    return {"KeyId": key.arn, "SignatureValid": True, "SigningAlgorithm": algorithm}


@rule(
    "kms",
    "GenerateMac",
    "VerifyMac",
    "GetPublicKey",
    when="after",
    follows=API + "GenerateMac.html",
    corrects="moto answers with the id, or with whatever named the key",
)
def an_answer_names_the_key_by_its_arn(exchange: Exchange, answer: Params) -> Params:
    """The answer names the key by its ARN, however the request named it.

    KeyId: the key ARN of the key that was used.
    """
    key = asked_key(exchange)
    spec = {"KeySpec": key.key_spec} if exchange.operation == "GetPublicKey" else {}
    return answer | {"KeyId": key.arn} | spec


@rule(
    "kms",
    "GetPublicKey",
    when="before",
    follows=API + "GetPublicKey.html",
    corrects="moto gives every key a public key",
)
def a_symmetric_key_has_no_public_key(exchange: Exchange) -> None:
    """Only an asymmetric key has a public key.

    UnsupportedOperationException; its words are unverified.
    """
    key = asked_key(exchange)
    if key.private_key is None:
        raise AwsError(
            "UnsupportedOperationException",
            f"{key.arn} key spec is {key.key_spec} which is not valid for this operation.",
        )


@rule(
    "kms",
    "GenerateRandom",
    when="before",
    follows=API + "GenerateRandom.html",
    corrects="moto breaks down",
)
def how_many_random_bytes_must_be_said(exchange: Exchange) -> None:
    """Who asks for random bytes says how many.

    ValidationException: NumberOfBytes is required.
    """
    if exchange.params.get("NumberOfBytes") is None:
        raise refused("NumberOfBytes is required.")
