"""Keys at work: what encrypts, decrypts, signs and makes codes, and what does not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from labkit.facts import fact

Refusal = Callable[..., str]
SEAT = b"seat 12, row F"
SHOW = {"show": "gala"}


@pytest.fixture
def key(kms: Any) -> Any:
    """A symmetric key."""
    return kms.create_key()["KeyMetadata"]


@pytest.fixture
def rsa(kms: Any) -> Any:
    """An RSA key for encryption."""
    return kms.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]


@pytest.fixture
def signing(kms: Any) -> Any:
    """An RSA key for signatures."""
    return kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]


# ---- encryption ----


@pytest.mark.right
def test_another_context_does_not_decrypt(kms: Any, key: Any, refusal: Refusal) -> None:
    """As recorded on AWS: test_encrypt_decrypt_encryption_context."""
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=SEAT, EncryptionContext=SHOW)

    wrong = [{}, {"show": "Gala"}, SHOW | {"row": "F"}]

    for context in wrong:
        said = refusal(
            kms.decrypt, CiphertextBlob=blob["CiphertextBlob"], EncryptionContext=context
        )
        assert said == "InvalidCiphertextException: "
    right = kms.decrypt(CiphertextBlob=blob["CiphertextBlob"], EncryptionContext=SHOW)
    assert right["Plaintext"] == SEAT


@pytest.mark.mends
def test_an_encryption_context_is_bound_name_by_name(kms: Any, key: Any, refusal: Refusal) -> None:
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=SEAT, EncryptionContext={"row": "F12"})

    said = refusal(
        kms.decrypt, CiphertextBlob=blob["CiphertextBlob"], EncryptionContext={"rowF": "12"}
    )

    assert said == "InvalidCiphertextException: "


@pytest.mark.right
def test_a_damaged_ciphertext_is_not_decrypted(kms: Any, key: Any, refusal: Refusal) -> None:
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=SEAT)["CiphertextBlob"]

    said = refusal(kms.decrypt, CiphertextBlob=blob[:-1] + bytes([blob[-1] ^ 1]))

    assert said == "InvalidCiphertextException: "
    assert refusal(kms.decrypt, CiphertextBlob=b"a ticket") == "InvalidCiphertextException: "


@pytest.mark.right
def test_encrypt_takes_four_kilobytes(kms: Any, key: Any, refusal: Refusal) -> None:
    most = int(fact("kms.plaintext_max_bytes"))

    said = refusal(kms.encrypt, KeyId=key["KeyId"], Plaintext=b"x" * (most + 1))

    assert said == (
        "ValidationException: 1 validation error detected: Value at 'plaintext' failed to satisfy "
        f"constraint: Member must have length less than or equal to {most}"
    )
    kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x" * most)


@pytest.mark.right
def test_a_symmetric_ciphertext_names_its_key(kms: Any, key: Any) -> None:
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=SEAT)["CiphertextBlob"]

    answer = kms.decrypt(CiphertextBlob=blob)

    assert (answer["Plaintext"], answer["KeyId"]) == (SEAT, key["Arn"])


@pytest.mark.mends
def test_an_answer_says_what_decrypted(kms: Any, key: Any) -> None:
    """As recorded on AWS: test_encrypt_decrypt_encryption_context."""
    sealed = kms.encrypt(KeyId=key["KeyId"], Plaintext=SEAT)

    opened = kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"])

    assert sealed["EncryptionAlgorithm"] == opened["EncryptionAlgorithm"] == "SYMMETRIC_DEFAULT"
    assert opened["KeyMaterialId"] == key["CurrentKeyMaterialId"]


@pytest.mark.mends
def test_a_ciphertext_of_rsa_is_as_long_as_the_key(kms: Any, rsa: Any, refusal: Refusal) -> None:
    def encrypted(algorithm: str) -> bytes:
        answer = kms.encrypt(KeyId=rsa["KeyId"], Plaintext=SEAT, EncryptionAlgorithm=algorithm)
        assert answer["EncryptionAlgorithm"] == algorithm
        return bytes(answer["CiphertextBlob"])

    blob = encrypted("RSAES_OAEP_SHA_256")

    assert len(blob) == len(encrypted("RSAES_OAEP_SHA_1")) == 2048 // 8
    named: dict[str, Any] = {"KeyId": rsa["KeyId"], "CiphertextBlob": blob}
    right = kms.decrypt(EncryptionAlgorithm="RSAES_OAEP_SHA_256", **named)
    assert right["Plaintext"] == SEAT
    assert "KeyMaterialId" not in right
    said = refusal(kms.decrypt, EncryptionAlgorithm="RSAES_OAEP_SHA_1", **named)
    assert said == "InvalidCiphertextException: "
    assert refusal(kms.decrypt, CiphertextBlob=blob).startswith("InvalidCiphertextException")


@pytest.mark.mends
def test_an_rsa_key_encrypts_less_than_its_own_length(kms: Any, rsa: Any, refusal: Refusal) -> None:
    """As recorded on AWS: test_encrypt_validate_plaintext_size_per_key_type."""
    for hash, name in (("1", "RSAES_OAEP_SHA_1"), ("256", "RSAES_OAEP_SHA_256")):
        most = int(fact(f"kms.rsa_2048_sha_{hash}_max_bytes"))
        asked: dict[str, Any] = {"KeyId": rsa["KeyId"], "EncryptionAlgorithm": name}

        said = refusal(kms.encrypt, Plaintext=b"x" * (most + 1), **asked)

        assert said == (
            f"ValidationException: Algorithm {name} and key spec RSA_2048 cannot encrypt data "
            f"larger than {most} bytes."
        )
        kms.encrypt(Plaintext=b"x" * most, **asked)


@pytest.mark.mends
def test_a_ciphertext_is_not_decrypted_with_another_key(
    kms: Any, key: Any, signing: Any, refusal: Refusal
) -> None:
    """As recorded on AWS: test_error_messaging_for_invalid_keys."""
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=SEAT)["CiphertextBlob"]

    for wrong in (other, signing["KeyId"]):
        assert refusal(kms.decrypt, KeyId=wrong, CiphertextBlob=blob) == (
            "IncorrectKeyException: The key ID in the request does not identify a CMK that can "
            "perform this operation."
        )


@pytest.mark.mends
def test_a_reencryption_says_from_what_to_what(kms: Any, key: Any) -> None:
    other = kms.create_key()["KeyMetadata"]
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=SEAT, EncryptionContext=SHOW)

    answer = kms.re_encrypt(
        CiphertextBlob=blob["CiphertextBlob"],
        SourceEncryptionContext=SHOW,
        DestinationKeyId=other["KeyId"],
        DestinationEncryptionContext={"show": "revue"},
    )

    assert (answer["SourceKeyId"], answer["KeyId"]) == (key["Arn"], other["Arn"])
    assert answer["SourceEncryptionAlgorithm"] == "SYMMETRIC_DEFAULT"
    assert answer["DestinationEncryptionAlgorithm"] == "SYMMETRIC_DEFAULT"
    assert answer["SourceKeyMaterialId"] == key["CurrentKeyMaterialId"]
    assert answer["DestinationKeyMaterialId"] == other["CurrentKeyMaterialId"]
    opened = kms.decrypt(
        CiphertextBlob=answer["CiphertextBlob"], EncryptionContext={"show": "revue"}
    )
    assert opened["Plaintext"] == SEAT


# ---- data keys ----


@pytest.mark.right
def test_a_data_key_comes_in_plain_and_encrypted(kms: Any, key: Any) -> None:
    made = kms.generate_data_key(KeyId=key["KeyId"], KeySpec="AES_256", EncryptionContext=SHOW)
    hidden = kms.generate_data_key_without_plaintext(KeyId=key["KeyId"], KeySpec="AES_128")

    opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext=SHOW)

    assert opened["Plaintext"] == made["Plaintext"]
    assert len(made["Plaintext"]) == 32
    assert made["KeyId"] == key["Arn"]
    assert "Plaintext" not in hidden
    assert len(kms.decrypt(CiphertextBlob=hidden["CiphertextBlob"])["Plaintext"]) == 16


@pytest.mark.right
def test_a_data_key_is_of_a_spec_or_a_length(kms: Any, key: Any, refusal: Refusal) -> None:
    either = "ValidationException: Please specify either number of bytes or key spec."
    most = int(fact("kms.data_key_max_bytes"))

    def said(**parameters: Any) -> str:
        return refusal(kms.generate_data_key, KeyId=key["KeyId"], **parameters)

    assert said() == said(KeySpec="AES_256", NumberOfBytes=32) == either
    assert said(NumberOfBytes=most + 1).endswith(f"less than or equal to {most}")
    kms.generate_data_key(KeyId=key["KeyId"], NumberOfBytes=most)


@pytest.mark.mends
def test_a_data_key_says_what_encrypted_it(kms: Any, key: Any) -> None:
    made = kms.generate_data_key(KeyId=key["KeyId"], KeySpec="AES_256")

    assert made["KeyMaterialId"] == key["CurrentKeyMaterialId"]


@pytest.mark.mends
def test_data_keys_come_from_symmetric_keys(kms: Any, rsa: Any, refusal: Refusal) -> None:
    said = refusal(kms.generate_data_key, KeyId=rsa["KeyId"], KeySpec="AES_256")

    assert said.startswith("InvalidKeyUsageException: ")


@pytest.mark.mends
def test_a_pair_of_data_keys_comes_with_its_private_key_encrypted(kms: Any, key: Any) -> None:
    asked: dict[str, Any] = {"KeyId": key["KeyId"], "KeyPairSpec": "ECC_NIST_P256"}
    made = kms.generate_data_key_pair(EncryptionContext=SHOW, **asked)
    hidden = kms.generate_data_key_pair_without_plaintext(**asked)

    opened = kms.decrypt(CiphertextBlob=made["PrivateKeyCiphertextBlob"], EncryptionContext=SHOW)

    assert opened["Plaintext"] == made["PrivateKeyPlaintext"]
    private: Any = serialization.load_der_private_key(made["PrivateKeyPlaintext"], None)
    assert made["PublicKey"] == private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert (made["KeyId"], made["KeyPairSpec"]) == (key["Arn"], "ECC_NIST_P256")
    assert "PrivateKeyPlaintext" not in hidden
    assert hidden["PublicKey"]


@pytest.mark.mends
def test_how_many_random_bytes_must_be_said(kms: Any, refusal: Refusal) -> None:
    """As recorded on AWS: test_generate_random_invalid_number_of_bytes."""
    assert refusal(kms.generate_random) == "ValidationException: NumberOfBytes is required."
    assert refusal(kms.generate_random, NumberOfBytes=1025).endswith("less than or equal to 1024")
    assert len(kms.generate_random(NumberOfBytes=44)["Plaintext"]) == 44


# ---- what a key is for ----


@pytest.mark.mends
def test_a_key_does_only_what_it_is_for(kms: Any, key: Any, signing: Any, refusal: Refusal) -> None:
    """As recorded on AWS: test_error_messaging_for_invalid_keys."""
    signs = {"Message": SEAT, "SigningAlgorithm": "RSASSA_PSS_SHA_256"}

    def unfit(key: Any, operation: str) -> str:
        usage = f"key usage is {key['KeyUsage']} which is not valid for {operation}."
        return f"InvalidKeyUsageException: {key['Arn']} {usage}"

    said = refusal(kms.encrypt, KeyId=signing["KeyId"], Plaintext=SEAT)
    assert said == unfit(signing, "Encrypt")
    assert refusal(kms.sign, KeyId=key["KeyId"], **signs) == unfit(key, "Sign")
    said = refusal(kms.verify, KeyId=key["KeyId"], Signature=b"x", **signs)
    assert said == unfit(key, "Verify")
    said = refusal(kms.generate_mac, KeyId=key["KeyId"], Message=SEAT, MacAlgorithm="HMAC_SHA_256")
    assert said == unfit(key, "GenerateMac")


@pytest.mark.mends
def test_an_algorithm_fits_the_key(kms: Any, rsa: Any, signing: Any, refusal: Refusal) -> None:
    """As recorded on AWS: test_invalid_generate_mac."""
    codes = kms.create_key(KeySpec="HMAC_224", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]

    def mac(algorithm: str) -> str:
        return refusal(kms.generate_mac, KeyId=codes["KeyId"], Message=SEAT, MacAlgorithm=algorithm)

    assert refusal(kms.encrypt, KeyId=rsa["KeyId"], Plaintext=SEAT) == (
        "InvalidKeyUsageException: Algorithm SYMMETRIC_DEFAULT is incompatible with key spec "
        "RSA_2048."
    )
    said = refusal(kms.sign, KeyId=signing["KeyId"], Message=SEAT, SigningAlgorithm="ECDSA_SHA_256")
    assert said.endswith("Algorithm ECDSA_SHA_256 is incompatible with key spec RSA_2048.")
    assert mac("HMAC_SHA_256") == (
        "InvalidKeyUsageException: Algorithm HMAC_SHA_256 is incompatible with key spec HMAC_224."
    )
    assert mac("INVALID") == (
        "ValidationException: 1 validation error detected: Value 'INVALID' at 'macAlgorithm' "
        "failed to satisfy constraint: Member must satisfy enum value set: [HMAC_SHA_384, "
        "HMAC_SHA_256, HMAC_SHA_224, HMAC_SHA_512]"
    )


# ---- signatures and codes ----


@pytest.mark.mends
def test_a_signature_holds_outside_kms(kms: Any, signing: Any) -> None:
    algorithm = "RSASSA_PSS_SHA_256"
    digest = hashlib.sha256(SEAT).digest()
    of_message = kms.sign(KeyId=signing["KeyId"], Message=SEAT, SigningAlgorithm=algorithm)
    of_digest = kms.sign(
        KeyId=signing["KeyId"], Message=digest, MessageType="DIGEST", SigningAlgorithm=algorithm
    )
    der = kms.get_public_key(KeyId=signing["KeyId"])["PublicKey"]
    public: Any = serialization.load_der_public_key(der)

    def holds(signature: bytes) -> bool:
        salted = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size)
        try:
            public.verify(signature, SEAT, salted, hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    for answer in (of_message, of_digest):
        assert holds(answer["Signature"])
        valid = kms.verify(
            KeyId=signing["KeyId"],
            Message=SEAT,
            Signature=answer["Signature"],
            SigningAlgorithm=algorithm,
        )
        assert valid["SignatureValid"] is True


@pytest.mark.mends
def test_a_wrong_signature_is_an_error(kms: Any, refusal: Refusal) -> None:
    """As recorded on AWS: test_sign_verify."""
    id = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    signed = kms.sign(KeyId=id, Message=SEAT, SigningAlgorithm="ECDSA_SHA_256")

    said = refusal(
        kms.verify,
        KeyId=id,
        Message=b"seat 1, row A",
        Signature=signed["Signature"],
        SigningAlgorithm="ECDSA_SHA_256",
    )

    assert said == "KMSInvalidSignatureException: "


@pytest.mark.mends
def test_what_is_signed_has_its_length(kms: Any, signing: Any, refusal: Refusal) -> None:
    """As recorded on AWS: test_sign_verify."""
    most = int(fact("kms.message_max_bytes"))

    def said(**parameters: Any) -> str:
        return refusal(
            kms.sign,
            KeyId=signing["KeyId"],
            SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_512",
            **parameters,
        )

    assert said(Message=SEAT, MessageType="DIGEST") == (
        "ValidationException: Digest is invalid length for algorithm RSASSA_PKCS1_V1_5_SHA_512."
    )
    assert said(Message=b"x" * (most + 1)).endswith(f"less than or equal to {most}")


@pytest.mark.right
def test_a_code_holds_for_its_message(kms: Any, refusal: Refusal) -> None:
    """As recorded on AWS: test_invalid_verify_mac."""
    made = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]
    asked: dict[str, Any] = {"KeyId": made["KeyId"], "MacAlgorithm": "HMAC_SHA_256"}
    code = kms.generate_mac(Message=SEAT, **asked)["Mac"]

    assert kms.verify_mac(Message=SEAT, Mac=code, **asked)["MacValid"] is True
    said = refusal(kms.verify_mac, Message=b"seat 1, row A", Mac=code, **asked)
    assert said == "KMSInvalidMacException: "


@pytest.mark.mends
def test_an_answer_names_the_key_by_its_arn(kms: Any, signing: Any) -> None:
    made = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]
    asked: dict[str, Any] = {"KeyId": made["KeyId"], "MacAlgorithm": "HMAC_SHA_256"}

    code = kms.generate_mac(Message=SEAT, **asked)
    verified = kms.verify_mac(Message=SEAT, Mac=code["Mac"], **asked)
    public = kms.get_public_key(KeyId=signing["KeyId"])

    assert code["KeyId"] == verified["KeyId"] == made["Arn"]
    assert (public["KeyId"], public["KeySpec"]) == (signing["Arn"], "RSA_2048")


@pytest.mark.mends
def test_a_symmetric_key_has_no_public_key(kms: Any, key: Any, refusal: Refusal) -> None:
    said = refusal(kms.get_public_key, KeyId=key["KeyId"])

    assert said.startswith("UnsupportedOperationException: ")


@pytest.mark.mends
def test_a_dry_run_does_nothing(kms: Any, key: Any, refusal: Refusal) -> None:
    said = refusal(kms.encrypt, KeyId=key["KeyId"], Plaintext=SEAT, DryRun=True)

    assert said == (
        "DryRunOperationException: The request would have succeeded, but the DryRun option is set."
    )
    kms.disable_key(KeyId=key["KeyId"])
    said = refusal(kms.encrypt, KeyId=key["KeyId"], Plaintext=SEAT, DryRun=True)
    assert said.startswith("DisabledException")
