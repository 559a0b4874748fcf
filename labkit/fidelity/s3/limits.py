"""How things may be called, how many there may be, and how large.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from __future__ import annotations

import re

from labkit.fidelity.registry import rule
from labkit.fidelity.s3.common import (
    API,
    GUIDE,
    WRITES,
    body_of,
    bucket_by_name,
    limit,
    refuse_malformed,
)
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange
from labkit.sandbox.unread import unread_bytes

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*[a-z0-9]")
_ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
_ERRORS = API + "ErrorResponses.html"


@rule(
    "s3",
    "CreateBucket",
    when="before",
    follows=GUIDE + "bucketnamingrules.html",
    corrects="moto looks at the length of a name only",
)
def a_bucket_is_named_as_a_host(exchange: Exchange) -> None:
    """A bucket's name is made of lowercase letters, digits, dots and hyphens.

    InvalidBucketName, also for what looks like an IP address and for reserved prefixes and
    suffixes.
    """
    name = exchange.handler.bucket_name
    least, most = limit("bucket_name_min_chars"), limit("bucket_name_max_chars")
    good = (
        least <= len(name) <= most
        and _NAME.fullmatch(name)
        and ".." not in name
        and not _ADDRESS.fullmatch(name)
        and not name.startswith(_PREFIXES)
        and not name.endswith(_SUFFIXES)
    )
    if not good:
        sentence = "The specified bucket is not valid."
        raise AwsError("InvalidBucketName", sentence, 400, BucketName=name)


@rule(
    "s3",
    "CreateBucket",
    when="before",
    follows=API + "API_CreateBucket.html",
    corrects="moto tells whose a name is only within one account",
)
def a_name_of_another_account_is_taken(exchange: Exchange) -> None:
    """A name that another account has given to a bucket is taken.

    BucketAlreadyExists: names are shared by all accounts of a partition.
    """
    bucket = bucket_by_name(exchange.handler.bucket_name)
    if bucket is not None and bucket.account_id != exchange.account:
        raise AwsError(
            "BucketAlreadyExists",
            "The requested bucket name is not available. The bucket namespace is shared by all "
            "users of the system. Please select a different name and try again.",
            409,
            BucketName=bucket.name,
        )


@rule(
    "s3",
    *WRITES,
    when="before",
    follows=GUIDE + "object-keys.html",
    corrects="moto takes keys of any length",
)
def a_key_has_a_longest_length(exchange: Exchange) -> None:
    """A key is at most 1,024 bytes long in UTF-8.

    KeyTooLongError, with Size and MaxSizeAllowed.
    """
    size, most = len(exchange.handler.parse_key_name().encode()), limit("key_max_bytes")
    if size > most:
        raise AwsError(
            "KeyTooLongError", "Your key is too long", 400, Size=size, MaxSizeAllowed=most
        )


@rule(
    "s3",
    *WRITES,
    when="before",
    follows=GUIDE + "UsingMetadata.html",
    corrects="moto keeps metadata of any size",
)
def metadata_have_a_largest_size(exchange: Exchange) -> None:
    """The user-defined metadata of an object are 2 KB at most, names and values together.

    MetadataTooLarge, with Size and MaxSizeAllowed.
    """
    prefix, most = "x-amz-meta-", limit("metadata_max_bytes")
    size = sum(
        len(name) - len(prefix) + len(str(value).encode("latin-1", "replace"))
        for name, value in exchange.request.headers.items()
        if str(name).lower().startswith(prefix)
    )
    if size > most:
        raise AwsError(
            "MetadataTooLarge",
            "Your metadata headers exceed the maximum allowed metadata size",
            400,
            Size=size,
            MaxSizeAllowed=most,
        )


@rule(
    "s3",
    "PutObject",
    "UploadPart",
    when="before",
    follows=GUIDE + "upload-objects.html",
    corrects="moto takes a body of any size",
)
def one_put_uploads_5_gb_at_most(exchange: Exchange) -> None:
    """A single PUT, also of a part, uploads 5 GB at most; a larger body is not even read.

    EntityTooLarge, with ProposedSize and MaxSizeAllowed.
    """
    most = limit("put_max_bytes")
    size = unread_bytes(exchange.request.environ)
    if size > most:
        raise AwsError(
            "EntityTooLarge",
            "Your proposed upload exceeds the maximum allowed size",
            400,
            ProposedSize=size,
            MaxSizeAllowed=most,
        )


@rule(
    "s3",
    "DeleteObjects",
    when="before",
    follows=API + "API_DeleteObjects.html",
    corrects="moto deletes any number",
)
def one_call_deletes_a_thousand_objects(exchange: Exchange) -> None:
    """DeleteObjects deletes 1,000 objects at most.

    MalformedXML.
    """
    if body_of(exchange).count(b"<Object>") > limit("delete_objects_max"):
        raise refuse_malformed()


# ---- tags ----


def _tags_of(exchange: Exchange) -> list[tuple[str, str]]:
    tags = (exchange.params.get("Tagging") or {}).get("TagSet") or []
    return [(str(tag.get("Key") or ""), str(tag.get("Value") or "")) for tag in tags]


@rule(
    "s3",
    "PutObjectTagging",
    "PutBucketTagging",
    when="before",
    follows=GUIDE + "object-tagging.html",
    corrects="moto lets the last of two tags win, and says of long ones what IAM would say",
)
def tags_differ_and_are_short(exchange: Exchange) -> None:
    """The keys of tags differ; a key has 128 characters at most, a value 256.

    InvalidTag.
    """
    tags = _tags_of(exchange)
    for key, value in tags:
        if not 1 <= len(key) <= limit("tag_key_max_chars"):
            raise AwsError("InvalidTag", "The TagKey you have provided is invalid", 400, TagKey=key)
        if len(value) > limit("tag_value_max_chars"):
            raise AwsError(
                "InvalidTag",
                "The TagValue you have provided is invalid",
                400,
                TagKey=key,
                TagValue=value,
            )
    if len({key for key, _ in tags}) < len(tags):
        raise AwsError("InvalidTag", "Cannot provide multiple Tags with the same key", 400)


@rule(
    "s3",
    "PutBucketTagging",
    when="before",
    follows=GUIDE + "CostAllocTagging.html",
    corrects="moto keeps any number",
)
def a_bucket_has_fifty_tags_at_most(exchange: Exchange) -> None:
    """A bucket has 50 tags at most.

    BadRequest.
    """
    most = limit("bucket_tags_max")
    if len(_tags_of(exchange)) > most:
        raise AwsError("BadRequest", f"Bucket tag count cannot be greater than {most}", 400)


@rule(
    "s3",
    "ListObjectsV2",
    when="before",
    follows=API + "API_ListObjectsV2.html",
    corrects="moto breaks down",
)
def a_continuation_token_is_one_that_was_given(exchange: Exchange) -> None:
    """A listing goes on only with a token that an earlier answer gave.

    InvalidArgument: The continuation token provided is incorrect.
    """
    token = exchange.request.args.get("continuation-token")
    known = exchange.handler.backend._pagination_tokens
    if token is not None and token not in known:
        raise AwsError("InvalidArgument", "The continuation token provided is incorrect", 400)


@rule(
    "s3",
    "ListObjects",
    "ListObjectsV2",
    "ListObjectVersions",
    when="before",
    follows=API + "API_ListObjectsV2.html",
    corrects="moto gives as many as are asked for",
)
def a_page_holds_a_thousand_keys(exchange: Exchange) -> None:
    """A page of a listing holds 1,000 keys at most, however many are asked for.

    More come with the next page; a negative number is an InvalidArgument.
    """
    asked, most = exchange.request.args.get("max-keys"), limit("list_max_keys")
    if asked is None:
        return
    if not asked.isdigit():
        raise AwsError(
            "InvalidArgument",
            "Argument maxKeys must be an integer between 0 and 2147483647",
            400,
            ArgumentName="maxKeys",
            ArgumentValue=asked,
        )
    if int(asked) > most:
        exchange.handler.querystring["max-keys"] = [str(most)]
