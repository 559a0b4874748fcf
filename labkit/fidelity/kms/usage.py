"""What a key is for: encrypting, signing or codes, each with its algorithms."""

from __future__ import annotations

from labkit.fidelity.kms.backend import fits
from labkit.fidelity.kms.common import (
    API,
    DATA_KEYS,
    GUIDE,
    MACS,
    SIGNATURES,
    asked_key,
    constraint,
    key_behind,
    limit,
    refused,
    unfit,
)
from labkit.fidelity.kms.crypto import digest_bytes
from labkit.fidelity.kms.key import SYMMETRIC
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

_USAGE = {
    **dict.fromkeys(("Encrypt", "ReEncrypt", *DATA_KEYS), "ENCRYPT_DECRYPT"),
    **dict.fromkeys(SIGNATURES, "SIGN_VERIFY"),
    **dict.fromkeys(MACS, "GENERATE_VERIFY_MAC"),
}


@rule(
    "kms",
    *_USAGE,
    when="before",
    follows=API + "CreateKey.html",
    corrects="moto encrypts with a key for signing, and words the other refusals differently",
)
def a_key_does_only_what_it_is_for(exchange: Exchange) -> None:
    """A key for signing does not encrypt, nor the other way round.

    InvalidKeyUsageException: key usage is SIGN_VERIFY which is not valid for Encrypt.
    """
    parameter = "DestinationKeyId" if exchange.operation == "ReEncrypt" else "KeyId"
    key = asked_key(exchange, parameter)
    if key.key_usage != _USAGE[exchange.operation]:
        raise unfit(
            f"{key.arn} key usage is {key.key_usage} which is not valid for {exchange.operation}."
        )


@rule(
    "kms",
    "Decrypt",
    "ReEncrypt",
    when="before",
    follows=API + "Decrypt.html",
    corrects="moto says AccessDenied, and decrypts with a key for signing",
)
def a_ciphertext_is_not_decrypted_with_another_key(exchange: Exchange) -> None:
    """Who names the wrong key cannot decrypt.

    IncorrectKeyException: the key ID does not identify a CMK that can perform this operation.
    """
    named = asked_key(exchange, "SourceKeyId" if exchange.operation == "ReEncrypt" else "KeyId")
    if named is None:
        return
    behind = key_behind(exchange)
    same = behind is not None and behind.id == named.id
    if named.key_usage != "ENCRYPT_DECRYPT" or (named.is_symmetric and behind and not same):
        raise AwsError(
            "IncorrectKeyException",
            "The key ID in the request does not identify a CMK that can perform this operation.",
        )


@rule(
    "kms",
    "Encrypt",
    *SIGNATURES,
    *MACS,
    when="before",
    follows=GUIDE + "symm-asymm-choose-key-spec.html",
    corrects="moto ignores the algorithm of Encrypt, and takes any of a code",
)
def an_algorithm_fits_the_key(exchange: Exchange) -> None:
    """Each kind of key has its own algorithms, and an RSA key needs to be told one.

    InvalidKeyUsageException: the algorithm is incompatible with the key spec.
    """
    key, params = asked_key(exchange), exchange.params
    if exchange.operation == "Encrypt":
        fits(key, params.get("EncryptionAlgorithm") or SYMMETRIC, key.encryption_algorithms)
    elif exchange.operation in SIGNATURES:
        fits(key, params["SigningAlgorithm"], key.signing_algorithms)
    elif params["MacAlgorithm"] in _MAC_ALGORITHMS:
        fits(key, params["MacAlgorithm"], key.mac_algorithms)
    else:
        raise constraint(
            params["MacAlgorithm"],
            "macAlgorithm",
            f"Member must satisfy enum value set: [{', '.join(_MAC_ALGORITHMS)}]",
        )


_MAC_ALGORITHMS = ("HMAC_SHA_384", "HMAC_SHA_256", "HMAC_SHA_224", "HMAC_SHA_512")


@rule(
    "kms",
    "Encrypt",
    when="before",
    follows=API + "Encrypt.html",
    corrects="moto allows 4,096 bytes for every key",
)
def an_rsa_key_encrypts_less_than_its_own_length(exchange: Exchange) -> None:
    """An RSA key encrypts no more than its length leaves after the padding.

    ValidationException: the algorithm and key spec cannot encrypt data larger than that.
    """
    key, algorithm = asked_key(exchange), exchange.params.get("EncryptionAlgorithm", "")
    if key.is_symmetric or not algorithm:
        return
    hash = algorithm.rsplit("_", 1)[-1]
    most = limit(f"rsa_{key.key_spec.removeprefix('RSA_')}_sha_{hash}_max_bytes")
    if len(exchange.params["Plaintext"]) > most:
        raise refused(
            f"Algorithm {algorithm} and key spec {key.key_spec} cannot encrypt data larger than "
            f"{most} bytes."
        )


@rule(
    "kms",
    *DATA_KEYS,
    when="before",
    follows=API + "GenerateDataKey.html",
    corrects="moto makes data keys with an RSA key",
)
def data_keys_come_from_symmetric_keys(exchange: Exchange) -> None:
    """Only a symmetric encryption key makes data keys.

    InvalidKeyUsageException; its words are unverified.
    """
    key = asked_key(exchange)
    if not key.is_symmetric:
        raise unfit(f"{key.arn} key spec is {key.key_spec} which is not valid for a data key.")


@rule(
    "kms",
    *SIGNATURES,
    when="before",
    follows=API + "Sign.html",
    corrects="moto signs a message of any length, and hashes a digest again",
)
def what_is_signed_has_its_length(exchange: Exchange) -> None:
    """A message to be signed is at most 4,096 bytes long, a digest as long as its algorithm says.

    ValidationException: Digest is invalid length for algorithm.
    """
    message, algorithm = exchange.params["Message"], exchange.params["SigningAlgorithm"]
    most = limit("message_max_bytes")
    if exchange.params.get("MessageType") == "DIGEST":
        if len(message) != digest_bytes(algorithm):
            raise refused(f"Digest is invalid length for algorithm {algorithm}.")
    elif len(message) > most:
        raise constraint("", "message", f"Member must have length less than or equal to {most}")
