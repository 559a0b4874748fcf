"""The rows of KMS's ledger that no rule writes."""

from __future__ import annotations

from labkit.fidelity.kms.common import API, GUIDE
from labkit.fidelity.registry import as_on_aws, corrected, differs

_CORRECTED = [
    (
        "An encryption context is bound name by name.",
        "The same context, an exact match, must be given to decrypt.",
        "an_encryption_context_is_bound_name_by_name",
        GUIDE + "encrypt_context.html",
    ),
    (
        "A multi-Region key has an id of its own form, and its replica decrypts what it encrypted.",
        "Related multi-Region keys have the same key id and key material.",
        "a_replica_decrypts_what_its_primary_encrypted",
        GUIDE + "multi-region-keys-overview.html",
    ),
    (
        "A replica is ready some seconds after it was asked for.",
        "Its state is Creating first, then Enabled.",
        "a_replica_takes_a_moment",
        API + "ReplicateKey.html",
    ),
    (
        "A key that AWS keeps for a service says so.",
        "KeyManager is AWS.",
        "a_key_of_aws_says_so",
        GUIDE + "concepts.html",
    ),
]
_AS_ON_AWS = [
    (
        "Without its encryption context, or with another, a ciphertext is not decrypted.",
        "InvalidCiphertextException, without words.",
        "another_context_does_not_decrypt",
        API + "Decrypt.html",
    ),
    (
        "A ciphertext that was touched is not decrypted.",
        "InvalidCiphertextException.",
        "a_damaged_ciphertext_is_not_decrypted",
        API + "Decrypt.html",
    ),
    (
        "Encrypt takes up to 4,096 bytes.",
        "ValidationException beyond that.",
        "encrypt_takes_four_kilobytes",
        API + "Encrypt.html",
    ),
    (
        "A symmetric ciphertext names its key, so that Decrypt needs no KeyId.",
        "KMS stores this information in the ciphertext blob.",
        "a_symmetric_ciphertext_names_its_key",
        API + "Decrypt.html",
    ),
    (
        "A data key comes in plain and encrypted, or encrypted only.",
        "GenerateDataKeyWithoutPlaintext returns no plaintext.",
        "a_data_key_comes_in_plain_and_encrypted",
        API + "GenerateDataKey.html",
    ),
    (
        "A data key is of a spec or of a number of bytes, one of both.",
        "ValidationException: Please specify either number of bytes or key spec.",
        "a_data_key_is_of_a_spec_or_a_length",
        API + "GenerateDataKey.html",
    ),
    (
        "An alias can be used only once.",
        "AlreadyExistsException, naming the alias.",
        "an_alias_is_used_once",
        API + "CreateAlias.html",
    ),
    (
        "An alias stands for its key wherever a key is used.",
        "The answer names the key that was used.",
        "an_alias_stands_for_its_key",
        GUIDE + "alias-using.html",
    ),
    (
        "A moved alias encrypts with its new key; what it encrypted before stays readable.",
        "The ciphertext names its key, not the alias.",
        "a_moved_alias_leaves_old_ciphertexts_readable",
        API + "UpdateAlias.html",
    ),
    (
        "A key can be found by id, ARN, alias and the alias's ARN.",
        "All four are key identifiers.",
        "a_key_has_four_identifiers",
        GUIDE + "concepts.html",
    ),
    (
        "The default key policy gives the account full access, and so its IAM policies a say.",
        "Enable IAM User Permissions.",
        "the_default_policy_lets_iam_decide",
        GUIDE + "key-policy-default.html",
    ),
    (
        "Tags of a key can be set, listed and removed.",
        "TagKey and TagValue.",
        "a_key_can_be_tagged",
        API + "TagResource.html",
    ),
    (
        "A code is made with one key and holds for one message.",
        "KMSInvalidMacException for another.",
        "a_code_holds_for_its_message",
        API + "VerifyMac.html",
    ),
]
_DIFFERS = [
    (
        "Key material cannot be imported; a key with Origin EXTERNAL stays pending import.",
        "GetParametersForImport and ImportKeyMaterial bring your own material.",
        GUIDE + "importing-keys.html",
    ),
    (
        "Custom key stores are missing.",
        "A key store is backed by CloudHSM, or by a manager outside AWS.",
        GUIDE + "key-store-overview.html",
    ),
    (
        "A rotation on demand is done at once.",
        "It runs in the background; GetKeyRotationStatus shows when it began.",
        API + "RotateKeyOnDemand.html",
    ),
    (
        "A change of a key, an alias or a grant holds at once.",
        "It can take some seconds, for a grant up to five minutes, to be known everywhere.",
        GUIDE + "accessing-kms.html",
    ),
    (
        "A ciphertext is 64 bytes longer than its plaintext, and its head can be read.",
        "The format of a symmetric ciphertext is not public; it is longer.",
        API + "Encrypt.html",
    ),
    (
        "RSA and elliptic curve keys, and what is made with them, differ from run to run.",
        "Every key is made in a hardware security module, at random.",
        GUIDE + "symmetric-asymmetric.html",
    ),
    (
        "A key whose replicas are not deleted is deleted like any other.",
        "A primary key waits as PendingReplicaDeletion until its last replica is gone.",
        GUIDE + "multi-region-keys-delete.html",
    ),
]
for _behaviour, _aws, _test, _source in _CORRECTED:
    corrected("kms", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _test, _source in _AS_ON_AWS:
    as_on_aws("kms", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _source in _DIFFERS:
    differs("kms", _behaviour, _aws, source=_source)
