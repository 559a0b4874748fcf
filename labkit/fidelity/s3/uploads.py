"""A multipart upload: begun, filled with numbered parts, completed or aborted.

CreateMultipartUpload ─▶ UploadPart 1 … 10,000, in any order ─▶ CompleteMultipartUpload ─▶ object
                                                             └▶ AbortMultipartUpload ─▶ nothing
"""

from __future__ import annotations

from labkit.fidelity.registry import rule
from labkit.fidelity.s3.common import API, bucket_of, find_key, invalid_argument, limit
from labkit.sandbox.choke import Exchange, Params


@rule(
    "s3",
    "UploadPart",
    "UploadPartCopy",
    when="before",
    follows=API + "API_UploadPart.html",
    corrects="moto says of part 0 that there is no such upload",
)
def parts_are_numbered_from_1_to_10000(exchange: Exchange) -> None:
    """The number of a part is from 1 to 10,000.

    InvalidArgument: Part number must be an integer between 1 and 10000, inclusive.
    """
    number, most = exchange.request.args.get("partNumber", ""), limit("parts_max")
    if not number.isdigit() or not 1 <= int(number) <= most:
        raise invalid_argument(
            f"Part number must be an integer between 1 and {most}, inclusive",
            "partNumber",
            number,
        )


@rule(
    "s3",
    "ListMultipartUploads",
    when="after",
    follows=API + "API_ListMultipartUploads.html",
    corrects="moto says of each that it began in 2010",
)
def uploads_are_listed_with_their_beginning(exchange: Exchange, answer: Params) -> Params:
    """A listing of the uploads under way says when each began.

    Initiated.
    """
    known = bucket_of(exchange).multiparts
    for upload in answer.get("Uploads", []):
        upload["Initiated"] = known[upload["UploadId"]].initiated_at
    return answer


@rule(
    "s3",
    "CompleteMultipartUpload",
    when="after",
    follows=API + "API_CompleteMultipartUpload.html",
    corrects="moto names the version null, and no checksum",
)
def a_completed_upload_names_a_version_only_if_there_is_one(
    exchange: Exchange, answer: Params
) -> Params:
    """A completed upload names a version only in a bucket that has versions.

    VersionId is absent where versioning was never enabled.
    """
    key = find_key(exchange)
    if key is not None and key.version_id == "null" and not bucket_of(exchange).versioning_status:
        answer.pop("VersionId", None)
    return answer | {"Location": str(answer["Location"]).replace("http://", "https://")}
