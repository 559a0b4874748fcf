"""SSE-C: the customer sends the key with every request, and S3 forgets it.

    put with a key ─▶ object, encrypted ─▶ get without it: refused
                                        ─▶ get with another: refused
                                        ─▶ get with that key: the object

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
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
from labkit.sandbox.choke import Exchange

_SSE = "x-amz-server-side-encryption"
_CUSTOMER = _SSE + "-customer-"
_SSE_C = GUIDE + "ServerSideEncryptionCustomerKeys.html"
_PARAMETERS = (
    "The object was stored using a form of Server Side Encryption. The correct parameters must be "
    "provided to retrieve the object."
)


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
