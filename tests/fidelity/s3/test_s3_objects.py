"""Objects: parts of them, conditions, copies, versions, multipart uploads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from labkit.facts import fact
from labkit.sandbox.clock import Clock

Refusal = Callable[..., str]
Error = Callable[..., dict[str, Any]]

HAMLET = {"Bucket": "posters", "Key": "hamlet.png"}
FILM = {"Bucket": "posters", "Key": "film.mp4"}
PART = int(fact("s3.part_min_bytes"))


# ---- parts of an object, and conditions ----


@pytest.mark.right
def test_a_range_is_part_of_an_object(s3: Any, posters: str) -> None:
    got = s3.get_object(**HAMLET, Range="bytes=3-4")

    assert got["Body"].read() == b"be"
    assert (got["ContentRange"], got["ContentLength"]) == ("bytes 3-4/18", 2)
    assert got["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert s3.get_object(**HAMLET, Range="bytes=-2")["Body"].read() == b"be"


@pytest.mark.right
def test_a_range_beyond_the_end_is_refused(s3: Any, posters: str, error: Error) -> None:
    said = error(s3.get_object, **HAMLET, Range="bytes=100-200")

    assert (said["Status"], said["Code"]) == (416, "InvalidRange")
    assert said["Message"] == "The requested range is not satisfiable"
    assert (said["ActualObjectSize"], said["RangeRequested"]) == ("18", "bytes=100-200")


@pytest.mark.right
def test_an_object_is_sent_only_if_it_has_changed(s3: Any, posters: str, error: Error) -> None:
    etag = s3.head_object(**HAMLET)["ETag"]

    assert error(s3.get_object, **HAMLET, IfNoneMatch=etag)["Status"] == 304
    assert s3.get_object(**HAMLET, IfMatch=etag)["ETag"] == etag
    said = error(s3.get_object, **HAMLET, IfMatch='"other"')
    assert (said["Status"], said["Code"], said["Condition"]) == (
        412,
        "PreconditionFailed",
        "If-Match",
    )
    assert said["Message"] == "At least one of the pre-conditions you specified did not hold"


@pytest.mark.right
def test_an_object_is_written_only_if_there_is_none(s3: Any, posters: str, error: Error) -> None:
    said = error(s3.put_object, **HAMLET, Body=b"", IfNoneMatch="*")

    assert (said["Status"], said["Code"], said["Condition"]) == (
        412,
        "PreconditionFailed",
        "If-None-Match",
    )
    s3.put_object(Bucket=posters, Key="lear.png", IfNoneMatch="*")


@pytest.mark.right
def test_an_object_is_replaced_only_if_it_is_the_one_that_was_read(
    s3: Any, posters: str, error: Error
) -> None:
    etag = s3.head_object(**HAMLET)["ETag"]
    s3.put_object(**HAMLET, Body=b"second edition", IfMatch=etag)

    assert error(s3.put_object, **HAMLET, Body=b"third", IfMatch=etag)["Status"] == 412


# ---- copies ----


@pytest.mark.right
def test_an_object_is_not_copied_onto_itself(s3: Any, posters: str, refusal: Refusal) -> None:
    assert refusal(s3.copy_object, **HAMLET, CopySource=HAMLET) == (
        "InvalidRequest: This copy request is illegal because it is trying to copy an object to "
        "itself without changing the object's metadata, storage class, website redirect location "
        "or encryption attributes."
    )
    s3.copy_object(**HAMLET, CopySource=HAMLET, StorageClass="STANDARD_IA")
    s3.copy_object(
        **HAMLET, CopySource=HAMLET, MetadataDirective="REPLACE", Metadata={"act": "one"}
    )
    assert s3.head_object(**HAMLET)["Metadata"] == {"act": "one"}


@pytest.mark.right
def test_a_copy_keeps_metadata_unless_they_are_replaced(s3: Any, posters: str) -> None:
    s3.put_object(**HAMLET, Body=b"to be", Metadata={"act": "three"}, ContentType="image/png")

    s3.copy_object(Bucket=posters, Key="copy.png", CopySource=HAMLET)

    copy = s3.get_object(Bucket=posters, Key="copy.png")
    assert (copy["Metadata"], copy["ContentType"]) == ({"act": "three"}, "image/png")


@pytest.mark.right
def test_a_source_that_is_not_there_is_not_copied(s3: Any, posters: str, error: Error) -> None:
    said = error(s3.copy_object, **HAMLET, CopySource="posters/lear.png")

    assert (said["Status"], said["Code"], said["Key"]) == (404, "NoSuchKey", "lear.png")


# ---- versions ----


def version(s3: Any, status: str = "Enabled") -> None:
    s3.put_bucket_versioning(Bucket="posters", VersioningConfiguration={"Status": status})


def ids(s3: Any, kind: str = "Versions") -> list[str]:
    return [entry["VersionId"] for entry in s3.list_object_versions(Bucket="posters").get(kind, [])]


@pytest.mark.right
def test_a_new_bucket_has_no_versions(s3: Any, posters: str) -> None:
    assert "Status" not in s3.get_bucket_versioning(Bucket=posters)
    assert "VersionId" not in s3.put_object(**HAMLET, Body=b"second edition")
    assert ids(s3) == ["null"]


@pytest.mark.right
def test_every_put_makes_a_version(s3: Any, posters: str) -> None:
    version(s3)
    first = s3.put_object(**HAMLET, Body=b"first")["VersionId"]
    second = s3.put_object(**HAMLET, Body=b"second")["VersionId"]

    assert s3.get_object(**HAMLET)["VersionId"] == second
    assert s3.get_object(**HAMLET, VersionId=first)["Body"].read() == b"first"
    assert s3.get_object(**HAMLET, VersionId="null")["Body"].read() == b"to be or not to be"


@pytest.mark.right
def test_a_deleted_object_hides_behind_a_marker(s3: Any, posters: str, refusal: Refusal) -> None:
    version(s3)
    put = s3.put_object(**HAMLET, Body=b"first")["VersionId"]

    deleted = s3.delete_object(**HAMLET)

    assert deleted["DeleteMarker"] is True
    assert refusal(s3.get_object, **HAMLET).startswith("NoSuchKey")
    assert ids(s3, "DeleteMarkers") == [deleted["VersionId"]]
    assert s3.get_object(**HAMLET, VersionId=put)["Body"].read() == b"first"


@pytest.mark.mends
def test_versions_are_listed_from_the_newest_to_the_oldest(s3: Any, posters: str) -> None:
    version(s3)
    second = s3.put_object(**HAMLET, Body=b"second edition")["VersionId"]
    third = s3.put_object(**HAMLET, Body=b"third edition")["VersionId"]

    def latest(kind: str) -> list[bool]:
        return [entry["IsLatest"] for entry in s3.list_object_versions(Bucket=posters)[kind]]

    assert ids(s3) == [third, second, "null"]
    assert latest("Versions") == [True, False, False]
    s3.delete_object(**HAMLET)
    assert (latest("DeleteMarkers"), latest("Versions")) == ([True], [False, False, False])


@pytest.mark.right
def test_without_its_marker_the_object_is_back(s3: Any, posters: str) -> None:
    version(s3)
    s3.put_object(**HAMLET, Body=b"first")
    marker = s3.delete_object(**HAMLET)["VersionId"]

    s3.delete_object(**HAMLET, VersionId=marker)

    assert s3.get_object(**HAMLET)["Body"].read() == b"first"


@pytest.mark.mends
def test_a_delete_marker_is_not_to_be_read(s3: Any, posters: str) -> None:
    version(s3)
    marker = s3.delete_object(**HAMLET)["VersionId"]

    with pytest.raises(ClientError) as current:
        s3.get_object(**HAMLET)
    with pytest.raises(ClientError) as named:
        s3.get_object(**HAMLET, VersionId=marker)

    for caught, status, code in ((current, 404, "NoSuchKey"), (named, 405, "MethodNotAllowed")):
        response = caught.value.response
        assert response["ResponseMetadata"]["HTTPStatusCode"] == status
        assert response["Error"]["Code"] == code
        assert response["ResponseMetadata"]["HTTPHeaders"]["x-amz-delete-marker"] == "true"
    assert named.value.response["ResponseMetadata"]["HTTPHeaders"]["allow"] == "DELETE"
    assert named.value.response["Error"]["ResourceType"] == "DeleteMarker"


@pytest.mark.mends
def test_the_deletion_of_a_marker_says_so(s3: Any, posters: str) -> None:
    version(s3)
    marker = s3.delete_object(**HAMLET)["VersionId"]

    answer = s3.delete_object(**HAMLET, VersionId=marker)

    assert (answer["DeleteMarker"], answer["VersionId"]) == (True, marker)


@pytest.mark.mends
def test_a_marker_is_set_over_nothing_too(s3: Any, posters: str) -> None:
    version(s3)

    answer = s3.delete_object(Bucket=posters, Key="lear.png")

    assert answer["DeleteMarker"] is True
    assert ids(s3, "DeleteMarkers") == [answer["VersionId"]]


@pytest.mark.mends
def test_while_versioning_is_suspended_only_the_null_version_is_replaced(
    s3: Any, posters: str
) -> None:
    version(s3)
    kept = s3.put_object(**HAMLET, Body=b"kept")["VersionId"]
    version(s3, "Suspended")

    first = s3.put_object(**HAMLET, Body=b"null one")
    s3.put_object(**HAMLET, Body=b"null two")

    assert first["VersionId"] == "null"
    assert sorted(ids(s3)) == sorted([kept, "null"])
    assert s3.get_object(**HAMLET)["Body"].read() == b"null two"
    assert s3.get_object(**HAMLET, VersionId=kept)["Body"].read() == b"kept"


@pytest.mark.mends
def test_while_versioning_is_suspended_a_delete_leaves_a_null_marker(s3: Any, posters: str) -> None:
    version(s3)
    kept = s3.put_object(**HAMLET, Body=b"kept")["VersionId"]
    version(s3, "Suspended")

    deleted = s3.delete_object(**HAMLET)

    assert (deleted["DeleteMarker"], deleted["VersionId"]) == (True, "null")
    assert ids(s3) == [kept]
    assert s3.get_object(**HAMLET, VersionId=kept)["Body"].read() == b"kept"


@pytest.mark.mends
def test_a_bucket_with_versions_is_not_empty(s3: Any, posters: str, refusal: Refusal) -> None:
    version(s3)
    s3.delete_object(**HAMLET)

    assert refusal(s3.delete_bucket, Bucket=posters) == (
        "BucketNotEmpty: The bucket you tried to delete is not empty. You must delete all versions "
        "in the bucket."
    )
    for kind in ("Versions", "DeleteMarkers"):
        for id in ids(s3, kind):
            s3.delete_object(**HAMLET, VersionId=id)
    s3.delete_bucket(Bucket=posters)


@pytest.mark.right
def test_a_version_that_is_not_there_is_not_found(s3: Any, posters: str, error: Error) -> None:
    version(s3)
    absent = "00000000-0000-4000-8000-000000000000"

    said = error(s3.get_object, **HAMLET, VersionId=absent)

    assert (said["Status"], said["Code"]) == (404, "NoSuchVersion")


# ---- multipart uploads ----


@pytest.fixture
def upload(s3: Any, posters: str) -> str:
    """A multipart upload that has begun."""
    return str(s3.create_multipart_upload(**FILM)["UploadId"])


def send(s3: Any, upload: str, number: int, body: bytes) -> dict[str, Any]:
    etag = s3.upload_part(**FILM, UploadId=upload, PartNumber=number, Body=body)["ETag"]
    return {"PartNumber": number, "ETag": etag}


def complete(s3: Any, upload: str, *parts: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = s3.complete_multipart_upload(
        **FILM, UploadId=upload, MultipartUpload={"Parts": list(parts)}
    )
    return answer


@pytest.mark.right
def test_parts_make_an_object(s3: Any, upload: str) -> None:
    last = send(s3, upload, 2, b"fin")
    first = send(s3, upload, 1, b"x" * PART)

    answer = complete(s3, upload, first, last)

    assert answer["ETag"].endswith('-2"')
    assert s3.head_object(**FILM)["ContentLength"] == PART + 3
    assert s3.get_object(**FILM, Range=f"bytes={PART}-")["Body"].read() == b"fin"


@pytest.mark.right
def test_until_it_is_complete_there_is_no_object(s3: Any, upload: str, refusal: Refusal) -> None:
    send(s3, upload, 1, b"fin")

    assert refusal(s3.head_object, **FILM) == "404: Not Found"
    s3.abort_multipart_upload(**FILM, UploadId=upload)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket="posters")


@pytest.mark.mends
def test_a_part_has_a_smallest_size_but_for_the_last(s3: Any, upload: str, error: Error) -> None:
    parts = [send(s3, upload, 1, b"x" * (PART - 1)), send(s3, upload, 2, b"fin")]

    said = error(lambda: complete(s3, upload, *parts))

    assert (said["Status"], said["Code"]) == (400, "EntityTooSmall")
    assert said["Message"] == "Your proposed upload is smaller than the minimum allowed size"
    assert (said["ProposedSize"], said["MinSizeAllowed"], said["PartNumber"]) == (
        str(PART - 1),
        str(PART),
        "1",
    )


@pytest.mark.mends
def test_parts_are_listed_in_their_order(s3: Any, upload: str, refusal: Refusal) -> None:
    first, last = send(s3, upload, 1, b"x" * PART), send(s3, upload, 2, b"x" * PART)

    assert refusal(lambda: complete(s3, upload, last, first)) == (
        "InvalidPartOrder: The list of parts was not in ascending order. The parts list must be "
        "specified in order by part number."
    )


@pytest.mark.right
def test_a_part_that_was_not_uploaded_is_not_found(s3: Any, upload: str, refusal: Refusal) -> None:
    part = send(s3, upload, 1, b"x" * PART)
    sentence = (
        "InvalidPart: One or more of the specified parts could not be found. The part might not "
        "have been uploaded, or the specified entity tag might not have matched the part's entity "
        "tag."
    )

    assert refusal(lambda: complete(s3, upload, part, part | {"PartNumber": 7})) == sentence
    assert refusal(lambda: complete(s3, upload, part | {"ETag": '"0"'})) == sentence


@pytest.mark.right
def test_an_upload_without_parts_cannot_be_completed(
    s3: Any, upload: str, refusal: Refusal
) -> None:
    assert refusal(lambda: complete(s3, upload)).startswith("MalformedXML: The XML you provided")


@pytest.mark.mends
def test_an_upload_must_be_under_way(s3: Any, upload: str, refusal: Refusal) -> None:
    sentence = (
        "NoSuchUpload: The specified upload does not exist. The upload ID may be invalid, or the "
        "upload may have been aborted or completed."
    )
    part = send(s3, upload, 1, b"fin")
    s3.abort_multipart_upload(**FILM, UploadId=upload)

    assert refusal(lambda: send(s3, upload, 2, b"fin")) == sentence
    assert refusal(lambda: complete(s3, upload, part)) == sentence
    assert refusal(s3.abort_multipart_upload, **FILM, UploadId=upload) == sentence
    assert refusal(s3.list_parts, **FILM, UploadId=upload) == sentence


@pytest.mark.mends
def test_parts_are_numbered_from_1_to_10000(s3: Any, upload: str, refusal: Refusal) -> None:
    sentence = "InvalidArgument: Part number must be an integer between 1 and 10000, inclusive"

    assert refusal(lambda: send(s3, upload, 0, b"")) == sentence
    assert refusal(lambda: send(s3, upload, 10001, b"")) == sentence
    send(s3, upload, int(fact("s3.parts_max")), b"fin")


@pytest.mark.mends
def test_parts_are_listed_page_by_page(s3: Any, upload: str) -> None:
    for number in (2, 5, 9):
        send(s3, upload, number, b"x")

    first = s3.list_parts(**FILM, UploadId=upload, MaxParts=2)
    rest = s3.list_parts(**FILM, UploadId=upload, PartNumberMarker=first["NextPartNumberMarker"])

    assert [part["PartNumber"] for part in first["Parts"]] == [2, 5]
    assert [part["PartNumber"] for part in rest["Parts"]] == [9]


@pytest.mark.mends
def test_uploads_are_listed_with_their_beginning(s3: Any, upload: str, clock: Clock) -> None:
    clock.advance(days=1)

    uploads = s3.list_multipart_uploads(Bucket="posters")["Uploads"]

    assert [entry["UploadId"] for entry in uploads] == [upload]
    assert uploads[0]["Initiated"] == datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.mark.mends
def test_a_completed_upload_names_a_version_only_if_there_is_one(s3: Any, upload: str) -> None:
    answer = complete(s3, upload, send(s3, upload, 1, b"fin"))

    assert "VersionId" not in answer
    version(s3)
    other = str(s3.create_multipart_upload(**FILM)["UploadId"])
    made = complete(s3, other, send(s3, other, 1, b"fin"))
    assert made["VersionId"] == s3.head_object(**FILM)["VersionId"]


@pytest.mark.right
def test_a_large_file_is_uploaded_in_parts_by_boto3(s3: Any, posters: str, tmp_path: Any) -> None:
    from boto3.s3.transfer import TransferConfig

    film = tmp_path / "film.mp4"
    film.write_bytes(b"x" * (2 * PART + 1))

    config = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, use_threads=False)
    s3.upload_file(str(film), posters, "film.mp4", Config=config)

    assert s3.head_object(**FILM)["ETag"].endswith('-3"')
