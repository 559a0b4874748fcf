"""Every object is encrypted: by S3's own keys, by a key of KMS, or by a key of the customer's.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html
"""

from __future__ import annotations

from typing import Any

from labkit.fidelity.registry import rule
from labkit.fidelity.s3.common import (
    API,
    GUIDE,
    WRITES,
    bucket_of,
    find_key,
    header,
    invalid_argument,
    set_header,
)
from labkit.fidelity.s3.model import CUSTOMER_KEY
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

_SSE = "x-amz-server-side-encryption"
_KMS_KEY = _SSE + "-aws-kms-key-id"
_SSE_KMS = GUIDE + "UsingKMSEncryption.html"


# ---- keys of KMS ----


def _kms_key(exchange: Exchange, named: str) -> Any:
    """moto's key of an id, an ARN or an alias; AWS's own key for S3 if none is named."""
    from moto.kms.models import kms_backends

    named = named or "alias/aws/s3"
    fields = named.split(":")
    region = fields[3] if named.startswith("arn:") else exchange.region
    account = fields[4] if named.startswith("arn:") else exchange.account
    backend = kms_backends[account][region]
    name = fields[-1] if named.startswith("arn:") else named
    id = backend.get_key_id_from_alias(name) if name.startswith("alias/") else None
    found = backend.keys.get((id or name).removeprefix("key/"))
    if found is None:
        what = "Alias" if name.startswith("alias/") else "Key"
        arn = named if named.startswith("arn:") else f"arn:aws:kms:{region}:{account}:{name}"
        if what == "Key" and ":key/" not in arn:
            arn = f"arn:aws:kms:{region}:{account}:key/{name}"
        raise AwsError("KMS.NotFoundException", f"{what} '{arn}' does not exist", 400)
    return found


def _must_be_usable(key: Any) -> None:
    if key.key_state == "PendingDeletion":
        raise AwsError("KMS.KMSInvalidStateException", f"{key.arn} is pending deletion.", 400)
    if key.key_state != "Enabled":
        raise AwsError("KMS.DisabledException", f"{key.arn} is disabled.", 400)


def _encryption_asked(exchange: Exchange) -> tuple[str, str]:
    """How a new object is to be encrypted, by the request or by the bucket, and with which key."""
    asked, key = header(exchange, _SSE), header(exchange, _KMS_KEY)
    bucket = bucket_of(exchange)
    if asked or bucket is None or not bucket.encryption:
        return asked, key
    default = bucket.encryption["Rule"]["ApplyServerSideEncryptionByDefault"]
    return default["SSEAlgorithm"], default.get("KMSMasterKeyID", "")


@rule(
    "s3",
    *WRITES,
    when="before",
    follows=_SSE_KMS,
    corrects="moto takes any text for a key",
)
def a_new_object_needs_a_usable_key(exchange: Exchange) -> None:
    """An object is encrypted with a key of KMS only if the key exists and is enabled.

    KMS.NotFoundException, KMS.DisabledException, KMS.KMSInvalidStateException.
    """
    asked, named = _encryption_asked(exchange)
    if asked not in ("aws:kms", "aws:kms:dsse"):
        return
    key = _kms_key(exchange, named)
    _must_be_usable(key)
    set_header(exchange, _SSE, asked)
    set_header(exchange, _KMS_KEY, key.arn)


@rule(
    "s3",
    "GetObject",
    when="before",
    follows=_SSE_KMS,
    corrects="moto does not ask for the key when an object is read",
)
def an_object_is_read_with_its_key(exchange: Exchange) -> None:
    """An object that a key of KMS encrypts cannot be read while the key is disabled.

    KMS.DisabledException, or KMS.KMSInvalidStateException for a key that is to be deleted.
    """
    found = find_key(exchange)
    if found is not None and found.encryption in ("aws:kms", "aws:kms:dsse") and found.kms_key_id:
        _must_be_usable(_kms_key(exchange, found.kms_key_id))


@rule(
    "s3",
    "GetObject",
    "PutObject",
    when="before",
    follows=_SSE_KMS,
    corrects="moto takes a signature of Version 2",
)
def kms_asks_for_signature_version_4(exchange: Exchange) -> None:
    """What a key of KMS encrypts is not to be had by an address that Version 2 has presigned.

    InvalidArgument; boto3 presigns for S3 by Version 2 unless told to use s3v4.
    """
    if "AWSAccessKeyId" not in exchange.request.args:
        return
    found = find_key(exchange) if exchange.operation == "GetObject" else None
    used = found.encryption if found is not None else _encryption_asked(exchange)[0]
    if exchange.operation == "GetObject" and found is None:
        return
    if used in ("aws:kms", "aws:kms:dsse"):
        raise invalid_argument(
            "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS "
            "Signature Version 4.",
            "Authorization",
            "null",
        )


@rule(
    "s3",
    *WRITES,
    when="before",
    follows=API + "API_PutObject.html",
    corrects="moto keeps any text as the algorithm",
)
def only_known_encryption_is_asked_for(exchange: Exchange) -> None:
    """The encryption is AES256, aws:kms or aws:kms:dsse, and only a KMS one names a key.

    InvalidArgument.
    """
    asked = header(exchange, _SSE)
    if asked.startswith(CUSTOMER_KEY):
        return
    if asked and asked not in ("AES256", "aws:kms", "aws:kms:dsse", "aws:fsx"):
        raise invalid_argument("The encryption method specified is not supported", _SSE, asked)
    if header(exchange, _KMS_KEY) and asked not in ("aws:kms", "aws:kms:dsse"):
        raise invalid_argument(
            "Server Side Encryption with AWS KMS managed key requires HTTP header "
            "x-amz-server-side-encryption : aws:kms",
            _SSE,
            asked,
        )


# ---- what a bucket or an upload says of it ----


@rule(
    "s3",
    "CreateMultipartUpload",
    when="after",
    follows=API + "API_CreateMultipartUpload.html",
    corrects="moto leaves the bucket's own encryption out",
)
def an_upload_tells_its_encryption(exchange: Exchange, answer: Params) -> Params:
    """The answer to a new multipart upload says how the object will be encrypted.

    ServerSideEncryption, or for SSE-C the algorithm and the MD5 of the key.
    """
    used, key = _encryption_asked(exchange)
    if used.startswith(CUSTOMER_KEY):
        answer.pop("ServerSideEncryption", None)
        return answer | {
            "SSECustomerAlgorithm": "AES256",
            "SSECustomerKeyMD5": used.removeprefix(CUSTOMER_KEY),
        }
    return answer | {"ServerSideEncryption": used} | ({"SSEKMSKeyId": key} if key else {})


@rule(
    "s3",
    "GetBucketEncryption",
    when="after",
    follows=API + "API_BlockedEncryptionTypes.html",
    corrects="moto does not know BlockedEncryptionTypes",
)
def a_bucket_says_what_it_blocks(exchange: Exchange, answer: Params) -> Params:
    """The encryption settings say whether customer keys are blocked.

    BlockedEncryptionTypes, with SSE-C unless it was set to NONE.
    """
    blocked = "SSE-C" if bucket_of(exchange).blocks_customer_keys else "NONE"
    for found in answer["ServerSideEncryptionConfiguration"]["Rules"]:
        found["BlockedEncryptionTypes"] = {"EncryptionType": [blocked]}
    return answer
