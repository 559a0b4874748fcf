"""Every object is encrypted: by S3's own keys, by a key of KMS, or by a key of the customer's.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Any
from urllib.parse import unquote

from labkit.fidelity.registry import rule
from labkit.fidelity.s3.common import (
    API,
    GUIDE,
    WRITES,
    bucket_by_name,
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
_CUSTOMER = _SSE + "-customer-"
_SSE_C = GUIDE + "ServerSideEncryptionCustomerKeys.html"
_SSE_KMS = GUIDE + "UsingKMSEncryption.html"
_PARAMETERS = (
    "The object was stored using a form of Server Side Encryption. The correct parameters must be "
    "provided to retrieve the object."
)


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
    if asked and asked not in ("AES256", "aws:kms", "aws:kms:dsse", "aws:fsx"):
        raise invalid_argument("The encryption method specified is not supported", _SSE, asked)
    if header(exchange, _KMS_KEY) and asked not in ("aws:kms", "aws:kms:dsse"):
        raise invalid_argument(
            "Server Side Encryption with AWS KMS managed key requires HTTP header "
            "x-amz-server-side-encryption : aws:kms",
            _SSE,
            asked,
        )


# ---- keys of the customer's ----


def _customer_key(exchange: Exchange, prefix: str = _CUSTOMER) -> str:
    """The MD5 of the customer's key that comes with the request, or nothing; it must be one."""
    algorithm = header(exchange, prefix + "algorithm")
    text, given = header(exchange, prefix + "key"), header(exchange, prefix + "key-md5")
    if not (algorithm or text or given):
        return ""
    if algorithm != "AES256":
        raise AwsError(
            "InvalidEncryptionAlgorithmError",
            "The Encryption request you specified is not valid. Supported value: AES256.",
            400,
            ArgumentName=prefix + "algorithm",
            ArgumentValue=algorithm,
        )
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        raise invalid_argument(
            "The secret key was invalid for the specified algorithm.", prefix + "key", "null"
        )
    md5 = base64.b64encode(hashlib.md5(key, usedforsecurity=False).digest()).decode()
    if not hmac.compare_digest(md5, given):
        raise invalid_argument(
            "The calculated MD5 hash of the key did not match the hash that was provided.",
            prefix + "key-MD5",
            given,
        )
    return md5


@rule(
    "s3",
    *WRITES,
    when="before",
    follows=_SSE_C,
    corrects="moto takes no notice of the key, and keeps the object as it would any other",
)
def a_bucket_takes_no_customer_keys(exchange: Exchange) -> None:
    """SSE-C is off in a new bucket; the bucket's encryption settings can turn it on.

    AccessDenied (message: unverified), since April 2026.
    """
    md5, bucket = _customer_key(exchange), bucket_of(exchange)
    if not md5 or bucket is None:
        return
    if bucket.blocks_customer_keys:
        raise AwsError(
            "AccessDenied",
            "Server-side encryption with customer-provided keys is blocked for this bucket.",
            403,
        )
    set_header(exchange, _SSE, CUSTOMER_KEY + md5)


@rule(
    "s3",
    "GetObject",
    "HeadObject",
    when="before",
    follows=_SSE_C,
    corrects="moto gives the object to whoever asks",
)
def a_customer_key_is_needed_again(exchange: Exchange) -> None:
    """An object that a customer's key encrypts is read with that very key.

    Without it InvalidRequest, with another AccessDenied; a key for an object that has none is
    refused, too.
    """
    found, md5 = find_key(exchange), _customer_key(exchange)
    if found is not None:
        _must_fit(found, md5)


def _must_fit(found: Any, md5: str) -> None:
    if found.customer_key_md5 and not md5:
        raise AwsError("InvalidRequest", _PARAMETERS, 400)
    if md5 and not found.customer_key_md5:
        raise AwsError(
            "InvalidRequest", "The encryption parameters are not applicable to this object.", 400
        )
    if md5 != found.customer_key_md5:
        raise AwsError("AccessDenied", "Access Denied", 403)


@rule(
    "s3",
    "CopyObject",
    "UploadPartCopy",
    when="before",
    follows=_SSE_C,
    corrects="moto copies without the key",
)
def a_copy_needs_the_key_of_its_source(exchange: Exchange) -> None:
    """An object that a customer's key encrypts is copied only with that key.

    InvalidRequest without, AccessDenied with another.
    """
    path = header(exchange, "x-amz-copy-source").split("?")[0]
    name, _, key = unquote(path).lstrip("/").partition("/")
    bucket = bucket_by_name(name)
    found = bucket.keys.get(key) if bucket is not None else None
    md5 = _customer_key(exchange, "x-amz-copy-source-server-side-encryption-customer-")
    if hasattr(found, "customer_key_md5"):
        _must_fit(found, md5)


@rule(
    "s3",
    "UploadPart",
    when="before",
    follows=_SSE_C,
    corrects="moto takes a part without the key",
)
def each_part_comes_with_the_key(exchange: Exchange) -> None:
    """An upload that began with a customer's key needs the key with each part.

    InvalidRequest.
    """
    bucket = bucket_of(exchange)
    upload = bucket.multiparts.get(exchange.request.args.get("uploadId")) if bucket else None
    began = (upload.sse_encryption or "") if upload is not None else ""
    if began.startswith(CUSTOMER_KEY) and _customer_key(exchange) != began[len(CUSTOMER_KEY) :]:
        raise AwsError(
            "InvalidRequest",
            "The multipart upload initiate requested encryption. Subsequent part requests must "
            "include the appropriate encryption parameters.",
            400,
        )


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


# ---- the bucket's settings ----


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
