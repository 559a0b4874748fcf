"""What the rules of S3 share: its limits, its buckets and objects, its way of saying no."""

from __future__ import annotations

from typing import Any

from moto.s3.models import FakeKey, s3_backends

from labkit.facts import fact
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

API = "https://docs.aws.amazon.com/AmazonS3/latest/API/"
GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"

# The operations that make an object, or begin to.
WRITES = ("PutObject", "CopyObject", "CreateMultipartUpload")


def limit(name: str) -> int:
    """The value of the fact `s3.<name>`."""
    return int(fact(f"s3.{name}"))


def bucket_by_name(name: str) -> Any:
    """The bucket of that name in whatever account, or None."""
    known = s3_backends.bucket_accounts.get(name)
    return s3_backends[known[1]][known[0]].buckets.get(name) if known else None


def bucket_of(exchange: Exchange) -> Any:
    """The bucket that the request names, or None; moto itself says that there is none."""
    return bucket_by_name(exchange.handler.bucket_name)


def find_key(exchange: Exchange, name: str | None = None, version_id: str | None = None) -> Any:
    """The object that the request names, in the version that it names, or None.

    A delete marker is no object.
    """
    bucket = bucket_of(exchange)
    if bucket is None:
        return None
    named = exchange.handler.parse_key_name() if name is None else name
    version_id = version_id or exchange.request.args.get("versionId")
    if version_id is None:
        found = bucket.keys.get(named)
    else:
        of_key = bucket.keys.getlist(named, [])
        found = next((key for key in of_key if str(key.version_id) == version_id), None)
    return found if isinstance(found, FakeKey) else None


def header(exchange: Exchange, name: str) -> str:
    """A header of the request, empty if it is not there."""
    return str(exchange.request.headers.get(name, ""))


def set_header(exchange: Exchange, name: str, value: str) -> None:
    """Let moto's handler find a header as if it had been sent so."""
    exchange.source  # noqa: B018 - the log shows the request as it came, which is kept by this
    exchange.request.environ["HTTP_" + name.upper().replace("-", "_")] = value


def body_of(exchange: Exchange) -> bytes:
    """The body of the request, without the chunks that boto3 sends it in."""
    body = exchange.handler.body
    return body.encode() if isinstance(body, str) else bytes(body or b"")


def invalid_argument(sentence: str, name: str, value: object) -> AwsError:
    """S3's words for an argument that it cannot take."""
    return AwsError("InvalidArgument", sentence, 400, ArgumentName=name, ArgumentValue=value)


def refuse_malformed() -> AwsError:
    """S3's words for a document that breaks its schema."""
    return AwsError(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
        400,
    )
