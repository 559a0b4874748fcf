"""What a call of S3 needs of KMS: S3 asks for the object's key in the caller's name.

    GetObject ──▶ s3:GetObject ──▶ kms:Decrypt ──▶ the object
    PutObject ──▶ s3:PutObject ──▶ kms:GenerateDataKey ──▶ the object, encrypted

The policy of AWS's own key for S3 lets everybody of its account use it through S3, so nothing is
asked of them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
"""

from __future__ import annotations

from typing import Any

from labkit.fidelity.authorisation.asked import Asked, Need
from labkit.fidelity.authorisation.kms import find_key

_KMS = ("aws:kms", "aws:kms:dsse")
_WRITES = {
    "PutObject": ("kms:GenerateDataKey",),
    "PostObject": ("kms:GenerateDataKey",),
    "CopyObject": ("kms:GenerateDataKey",),
    # S3 reads the parts again when it makes the object of them.
    "CreateMultipartUpload": ("kms:GenerateDataKey", "kms:Decrypt"),
}


def to_read(asked: Asked, key: Any) -> list[Need]:
    """Decrypting with the key of a stored object; nothing if KMS has no part in it."""
    encrypted = getattr(key, "encryption", None) in _KMS
    return _uses(asked, str(key.kms_key_id or ""), "kms:Decrypt") if encrypted else []


def to_write(asked: Asked, bucket: Any) -> list[Need]:
    """Making a data key for a new object, where the request or its bucket names a key of KMS."""
    how = str(asked.params.get("ServerSideEncryption") or "")
    named = str(asked.params.get("SSEKMSKeyId") or "")
    settings = getattr(bucket, "encryption", None)
    if not how and settings:
        default = settings["Rule"]["ApplyServerSideEncryptionByDefault"]
        how, named = default["SSEAlgorithm"], default.get("KMSMasterKeyID") or ""
    return _uses(asked, named, *_WRITES.get(asked.operation, ())) if how in _KMS else []


def _uses(asked: Asked, named: str, *actions: str) -> list[Need]:
    arn, key = find_key(asked, named or "alias/aws/s3")
    if key is None:
        return []  # the rule on keys that are not there has the word
    ours = arn.split(":")[4] == asked.caller.account  # nobody in particular has no account
    if ours and any(alias.startswith("alias/aws/") for alias in key.aliases):
        return []
    via = {
        "kms:CallerAccount": asked.account,
        "kms:ViaService": f"s3.{asked.region}.amazonaws.com",
    }
    return [Need(action, arn, via) for action in actions]
