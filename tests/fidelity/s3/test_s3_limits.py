"""Names, sizes and numbers, and digests that must fit."""

from __future__ import annotations

import hashlib
import http.client
import io
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest

from labkit.facts import fact
from labkit.sandbox import Sandbox

Refusal = Callable[..., str]
Error = Callable[..., dict[str, Any]]

HAMLET = {"Bucket": "posters", "Key": "hamlet.png"}


def tags(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {"TagSet": [{"Key": key, "Value": value} for key, value in pairs]}


# ---- buckets ----

NO_NAMES = [
    "Posters",
    "po",
    "p" * 64,
    "front_desk",
    "-posters",
    "posters-",
    "posters..shop",
    "192.168.5.4",
    "sthree-posters",
    "amzn-s3-demo-posters",
    "posters-s3alias",
    "posters--ol-s3",
    "posters.mrap",
]


@pytest.mark.mends
def test_a_bucket_is_named_as_a_host(s3: Any, refusal: Refusal) -> None:
    said = {refusal(s3.create_bucket, Bucket=name) for name in NO_NAMES}

    assert said == {"InvalidBucketName: The specified bucket is not valid."}
    for name in ("pos", "p" * 63, "posters.shop-1"):
        s3.create_bucket(Bucket=name)


@pytest.mark.right
def test_a_bucket_can_be_created_again_in_us_east_1(s3: Any, posters: str) -> None:
    s3.create_bucket(Bucket=posters)

    assert s3.list_objects_v2(Bucket=posters)["KeyCount"] == 1


@pytest.mark.right
def test_elsewhere_a_bucket_is_created_once(sandbox: Sandbox, refusal: Refusal) -> None:
    dublin = sandbox.client("s3", region="eu-west-1")
    where = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
    dublin.create_bucket(Bucket="posters", **where)

    assert refusal(dublin.create_bucket, Bucket="posters", **where) == (
        "BucketAlreadyOwnedByYou: Your previous request to create the named bucket succeeded and "
        "you already own it."
    )


@pytest.mark.right
def test_the_region_of_a_bucket_is_that_of_the_endpoint(
    sandbox: Sandbox, s3: Any, refusal: Refusal
) -> None:
    dublin = sandbox.client("s3", region="eu-west-1")
    here = {"CreateBucketConfiguration": {"LocationConstraint": "us-east-1"}}

    assert refusal(dublin.create_bucket, Bucket="posters").startswith(
        "IllegalLocationConstraintException: The unspecified location constraint is incompatible"
    )
    assert refusal(s3.create_bucket, Bucket="posters", **here) == (
        "InvalidLocationConstraint: The specified location-constraint is not valid"
    )


@pytest.mark.right
def test_the_location_of_us_east_1_is_nothing(sandbox: Sandbox, s3: Any, posters: str) -> None:
    sandbox.client("s3", region="eu-west-1").create_bucket(
        Bucket="plakate", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )

    assert s3.get_bucket_location(Bucket=posters)["LocationConstraint"] is None
    assert s3.get_bucket_location(Bucket="plakate")["LocationConstraint"] == "eu-west-1"


@pytest.mark.right
def test_a_bucket_with_objects_is_not_deleted(s3: Any, posters: str, error: Error) -> None:
    said = error(s3.delete_bucket, Bucket=posters)

    assert (said["Status"], said["Code"], said["BucketName"]) == (409, "BucketNotEmpty", posters)
    s3.delete_object(**HAMLET)
    s3.delete_bucket(Bucket=posters)


# ---- what is not there ----


@pytest.mark.right
def test_a_bucket_that_is_not_there_is_named(s3: Any, error: Error) -> None:
    for call, more in (
        (s3.list_objects_v2, {}),
        (s3.get_object, {"Key": "a"}),
        (s3.put_object, {"Key": "a"}),
        (s3.delete_bucket, {}),
    ):
        said = error(call, Bucket="no-such-bucket", **more)

        assert (said["Status"], said["Code"]) == (404, "NoSuchBucket")
        assert said["Message"] == "The specified bucket does not exist"
        assert said["BucketName"] == "no-such-bucket"


@pytest.mark.right
def test_a_key_that_is_not_there_is_named(s3: Any, posters: str, error: Error) -> None:
    said = error(s3.get_object, Bucket=posters, Key="lear.png")

    assert (said["Status"], said["Code"], said["Key"]) == (404, "NoSuchKey", "lear.png")
    assert said["Message"] == "The specified key does not exist."


@pytest.mark.right
def test_a_head_has_no_words(s3: Any, posters: str, refusal: Refusal) -> None:
    assert refusal(s3.head_object, Bucket=posters, Key="lear.png") == "404: Not Found"
    assert refusal(s3.head_bucket, Bucket="no-such-bucket") == "404: Not Found"


@pytest.mark.right
def test_deleting_what_is_not_there_succeeds(s3: Any, posters: str) -> None:
    answer = s3.delete_object(Bucket=posters, Key="lear.png")

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 204


@pytest.mark.right
@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("get_bucket_cors", "NoSuchCORSConfiguration"),
        ("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration"),
        ("get_bucket_tagging", "NoSuchTagSet"),
        ("get_bucket_website", "NoSuchWebsiteConfiguration"),
        ("get_object_lock_configuration", "ObjectLockConfigurationNotFoundError"),
        ("get_bucket_replication", "ReplicationConfigurationNotFoundError"),
    ],
)
def test_settings_that_were_never_made_are_not_found(
    s3: Any, posters: str, error: Error, operation: str, code: str
) -> None:
    said = error(getattr(s3, operation), Bucket=posters)

    assert (said["Status"], said["Code"]) == (404, code)


# ---- objects ----


@pytest.mark.mends
def test_a_key_has_a_longest_length(s3: Any, posters: str, error: Error) -> None:
    most = int(fact("s3.key_max_bytes"))
    s3.put_object(Bucket=posters, Key="é" * (most // 2))

    said = error(s3.put_object, Bucket=posters, Key="é" * (most // 2) + "!")

    assert (said["Code"], said["Message"]) == ("KeyTooLongError", "Your key is too long")
    assert (said["Size"], said["MaxSizeAllowed"]) == (str(most + 1), str(most))


@pytest.mark.mends
def test_metadata_have_a_largest_size(s3: Any, posters: str, error: Error) -> None:
    most = int(fact("s3.metadata_max_bytes"))
    s3.put_object(**HAMLET, Metadata={"act": "x" * (most - 3)})

    said = error(s3.put_object, **HAMLET, Metadata={"act": "x" * (most - 2)})

    assert said["Code"] == "MetadataTooLarge"
    assert said["Message"] == "Your metadata headers exceed the maximum allowed metadata size"
    assert (said["Size"], said["MaxSizeAllowed"]) == (str(most + 1), str(most))


class Endless(io.RawIOBase):
    """A file of many gigabytes that fails when anyone reads it."""

    def __init__(self, size: int) -> None:
        self._size, self._at = size, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset if whence == 0 else self._size
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("the body was read")


@pytest.mark.mends
def test_one_put_uploads_5_gb_at_most(s3: Any, posters: str, error: Error) -> None:
    most = int(fact("s3.put_max_bytes"))
    upload = s3.create_multipart_upload(**HAMLET)["UploadId"]

    put = error(s3.put_object, **HAMLET, Body=Endless(most + 1))
    part = error(s3.upload_part, **HAMLET, UploadId=upload, PartNumber=1, Body=Endless(most + 1))

    for said in (put, part):
        assert (said["Status"], said["Code"]) == (400, "EntityTooLarge")
        assert said["Message"] == "Your proposed upload exceeds the maximum allowed size"
        assert (said["ProposedSize"], said["MaxSizeAllowed"]) == (str(most + 1), str(most))


def test_over_http_a_body_beyond_5_gb_is_not_asked_for(sandbox: Sandbox, posters: str) -> None:
    client = boto3.client("s3", endpoint_url=sandbox.endpoint_url)
    url = urlsplit(client.generate_presigned_url("put_object", Params=HAMLET))
    connection = http.client.HTTPConnection(url.netloc, timeout=10)
    connection.putrequest("PUT", f"{url.path}?{url.query}", skip_accept_encoding=True)
    connection.putheader("Content-Length", str(int(fact("s3.put_max_bytes")) + 1))
    connection.putheader("Expect", "100-continue")
    connection.endheaders()

    response = connection.getresponse()

    assert response.status == 400
    assert b"<Code>EntityTooLarge</Code>" in response.read()
    connection.close()


# ---- digests ----


@pytest.mark.mends
def test_the_md5_of_a_body_must_fit(s3: Any, posters: str, error: Error) -> None:
    right = b64encode(hashlib.md5(b"to be", usedforsecurity=False).digest()).decode()
    s3.put_object(**HAMLET, Body=b"to be", ContentMD5=right)

    wrong = error(s3.put_object, **HAMLET, Body=b"not to be", ContentMD5=right)
    none = error(s3.put_object, **HAMLET, Body=b"not to be", ContentMD5="hamlet")

    assert wrong["Code"] == "BadDigest"
    assert wrong["Message"] == "The Content-MD5 you specified did not match what we received."
    assert wrong["ExpectedDigest"] == right
    assert (none["Code"], none["Message"]) == (
        "InvalidDigest",
        "The Content-MD5 you specified was invalid.",
    )
    assert s3.get_object(**HAMLET)["Body"].read() == b"to be"


@pytest.mark.mends
def test_a_checksum_must_fit(s3: Any, posters: str, refusal: Refusal) -> None:
    right = b64encode(hashlib.sha256(b"to be").digest()).decode()
    s3.put_object(**HAMLET, Body=b"to be", ChecksumSHA256=right)

    assert s3.head_object(**HAMLET, ChecksumMode="ENABLED")["ChecksumSHA256"] == right
    assert refusal(s3.put_object, **HAMLET, Body=b"not to be", ChecksumSHA256=right) == (
        "BadDigest: The SHA256 you specified did not match the calculated checksum."
    )
    assert refusal(s3.put_object, **HAMLET, Body=b"", ChecksumSHA256="hamlet") == (
        "InvalidRequest: Value for x-amz-checksum-sha256 header is invalid."
    )


# ---- tags ----


@pytest.mark.mends
def test_tags_differ_and_are_short(s3: Any, posters: str, refusal: Refusal) -> None:
    key, value = int(fact("s3.tag_key_max_chars")), int(fact("s3.tag_value_max_chars"))

    def said(*pairs: tuple[str, str]) -> str:
        return refusal(s3.put_object_tagging, **HAMLET, Tagging=tags(*pairs))

    assert said(("act", "1"), ("act", "2")) == (
        "InvalidTag: Cannot provide multiple Tags with the same key"
    )
    assert said(("k" * (key + 1), "")) == "InvalidTag: The TagKey you have provided is invalid"
    assert said(("act", "v" * (value + 1))) == (
        "InvalidTag: The TagValue you have provided is invalid"
    )
    s3.put_object_tagging(**HAMLET, Tagging=tags(("k" * key, "v" * value)))


@pytest.mark.right
def test_an_object_has_ten_tags_at_most(s3: Any, posters: str, refusal: Refusal) -> None:
    many = [(f"act-{number}", "") for number in range(int(fact("s3.object_tags_max")) + 1)]

    s3.put_object_tagging(**HAMLET, Tagging=tags(*many[1:]))
    assert refusal(s3.put_object_tagging, **HAMLET, Tagging=tags(*many)) == (
        "BadRequest: Object tags cannot be greater than 10"
    )


@pytest.mark.mends
def test_a_bucket_has_fifty_tags_at_most(s3: Any, posters: str, refusal: Refusal) -> None:
    many = [(f"hall-{number}", "") for number in range(int(fact("s3.bucket_tags_max")) + 1)]

    s3.put_bucket_tagging(Bucket=posters, Tagging=tags(*many[1:]))
    assert refusal(s3.put_bucket_tagging, Bucket=posters, Tagging=tags(*many)) == (
        "BadRequest: Bucket tag count cannot be greater than 50"
    )


@pytest.mark.right
def test_tags_of_aws_are_not_set(s3: Any, posters: str, refusal: Refusal) -> None:
    said = refusal(s3.put_bucket_tagging, Bucket=posters, Tagging=tags(("aws:hall", "1")))

    assert said == "InvalidTag: System tags cannot be added/updated by requester"


# ---- many ----


@pytest.mark.mends
def test_one_call_deletes_a_thousand_objects(s3: Any, posters: str, refusal: Refusal) -> None:
    keys = [{"Key": f"{number}.png"} for number in range(int(fact("s3.delete_objects_max")) + 1)]

    assert refusal(s3.delete_objects, Bucket=posters, Delete={"Objects": keys}).startswith(
        "MalformedXML"
    )
    assert len(s3.delete_objects(Bucket=posters, Delete={"Objects": keys[1:]})["Deleted"]) == 1000


@pytest.mark.mends
def test_a_page_holds_a_thousand_keys(s3: Any, posters: str, refusal: Refusal) -> None:
    assert s3.list_objects_v2(Bucket=posters, MaxKeys=5000)["MaxKeys"] == 1000
    assert refusal(s3.list_objects_v2, Bucket=posters, MaxKeys=-1) == (
        "InvalidArgument: Argument maxKeys must be an integer between 0 and 2147483647"
    )


@pytest.mark.right
def test_a_listing_goes_on_where_it_stopped(s3: Any, posters: str) -> None:
    for number in range(4):
        s3.put_object(Bucket=posters, Key=f"lear/{number}.png")
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=posters, PaginationConfig={"PageSize": 2}
    )

    assert [len(page["Contents"]) for page in pages] == [2, 2, 1]


@pytest.mark.right
def test_a_delimiter_groups_keys(s3: Any, posters: str) -> None:
    for key in ("lear/1.png", "lear/2.png", "otello/1.png"):
        s3.put_object(Bucket=posters, Key=key)

    top = s3.list_objects_v2(Bucket=posters, Delimiter="/")
    lear = s3.list_objects_v2(Bucket=posters, Delimiter="/", Prefix="lear/")

    assert [entry["Prefix"] for entry in top["CommonPrefixes"]] == ["lear/", "otello/"]
    assert [entry["Key"] for entry in top["Contents"]] == ["hamlet.png"]
    assert top["KeyCount"] == 3
    assert [entry["Key"] for entry in lear["Contents"]] == ["lear/1.png", "lear/2.png"]


@pytest.mark.mends
def test_a_continuation_token_is_one_that_was_given(
    s3: Any, posters: str, refusal: Refusal
) -> None:
    assert refusal(s3.list_objects_v2, Bucket=posters, ContinuationToken="page-2") == (
        "InvalidArgument: The continuation token provided is incorrect"
    )


@pytest.mark.right
def test_a_storage_class_is_one_that_exists(s3: Any, posters: str, refusal: Refusal) -> None:
    assert refusal(s3.put_object, **HAMLET, StorageClass="COLD") == (
        "InvalidStorageClass: The storage class you specified is not valid"
    )
    s3.put_object(**HAMLET, StorageClass="STANDARD_IA")
    assert s3.head_object(**HAMLET)["StorageClass"] == "STANDARD_IA"


@pytest.mark.mends
def test_a_name_of_another_account_is_taken(sandbox: Sandbox, s3: Any, refusal: Refusal) -> None:
    from moto.s3.models import s3_backends

    s3.list_buckets()
    theirs = s3_backends["210987654321"]["aws"]
    theirs.create_bucket("posters", "us-east-1")

    assert refusal(s3.create_bucket, Bucket="posters") == (
        "BucketAlreadyExists: The requested bucket name is not available. The bucket namespace is "
        "shared by all users of the system. Please select a different name and try again."
    )
