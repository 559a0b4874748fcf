"""What arrives must be what was sent: digests in headers are held against the body.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Callable

from labkit.fidelity.registry import rule
from labkit.fidelity.s3.common import GUIDE, body_of, header, set_header
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

_PAGE = GUIDE + "checking-object-integrity.html"

# Those that the standard library computes; CRC32C and CRC64NVME need packages of their own.
_DIGESTS: dict[str, Callable[[bytes], bytes]] = {
    "CRC32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
    "SHA1": lambda body: hashlib.sha1(body, usedforsecurity=False).digest(),
    "SHA256": lambda body: hashlib.sha256(body).digest(),
}


@rule(
    "s3",
    "PutObject",
    "UploadPart",
    when="before",
    follows=_PAGE,
    corrects="moto does not look at the digest",
)
def the_md5_of_a_body_must_fit(exchange: Exchange) -> None:
    """A Content-MD5 that does not fit the body stops the upload.

    BadDigest, or InvalidDigest for what is no MD5.
    """
    given = header(exchange, "Content-MD5")
    if not given:
        return
    try:
        expected = base64.b64decode(given, validate=True)
    except binascii.Error:
        expected = b""
    if len(expected) != 16:
        raise AwsError(
            "InvalidDigest",
            "The Content-MD5 you specified was invalid.",
            400,
            **{"Content-MD5": given},
        )
    found = hashlib.md5(body_of(exchange), usedforsecurity=False).digest()
    if found != expected:
        raise AwsError(
            "BadDigest",
            "The Content-MD5 you specified did not match what we received.",
            400,
            ExpectedDigest=given,
            CalculatedDigest=base64.b64encode(found).decode(),
        )


@rule(
    "s3",
    "PutObject",
    "UploadPart",
    when="before",
    follows=_PAGE,
    corrects="moto does not look at the checksum, and forgets it",
)
def a_checksum_must_fit(exchange: Exchange) -> None:
    """A checksum that does not fit the body stops the upload; one that fits is kept.

    BadDigest, or InvalidRequest for what is no such checksum.
    """
    for algorithm, digest in _DIGESTS.items():
        name = f"x-amz-checksum-{algorithm.lower()}"
        given = header(exchange, name)
        if not given:
            continue
        found = digest(body_of(exchange))
        try:
            expected = base64.b64decode(given, validate=True)
        except binascii.Error:
            expected = b""
        if len(expected) != len(found):
            raise AwsError("InvalidRequest", f"Value for {name} header is invalid.", 400)
        if found != expected:
            raise AwsError(
                "BadDigest",
                f"The {algorithm} you specified did not match the calculated checksum.",
                400,
            )
        set_header(exchange, "x-amz-sdk-checksum-algorithm", algorithm)
