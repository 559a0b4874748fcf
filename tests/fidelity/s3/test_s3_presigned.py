"""A presigned address is good for what was signed, until it expires; so is a signed form."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config

from labkit.facts import fact
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock

Said = Callable[[requests.Response], dict[str, Any]]

BODY = b"to be or not to be"
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your "
    "key and signing method."
)
OLD_OR_NEW = pytest.mark.parametrize("version", ["s3", "s3v4"])


def presigned(operation: str = "get_object", version: str = "s3v4", **more: Any) -> str:
    seconds = more.pop("ExpiresIn", 60)
    client = boto3.client("s3", config=Config(signature_version=version))
    params = {"Bucket": "posters", "Key": "hamlet.png", **more}
    return str(client.generate_presigned_url(operation, Params=params, ExpiresIn=seconds))


# ---- addresses ----


@pytest.mark.right
@OLD_OR_NEW
def test_a_presigned_get_needs_no_credentials(posters: str, version: str) -> None:
    response = requests.get(presigned(version=version), timeout=5)

    assert (response.status_code, response.content) == (200, BODY)


@pytest.mark.right
@OLD_OR_NEW
def test_a_presigned_put_uploads(s3: Any, posters: str, version: str) -> None:
    url = presigned("put_object", version, Key="otello.png")

    assert requests.put(url, data=b"handkerchief", timeout=5).status_code == 200
    assert s3.get_object(Bucket=posters, Key="otello.png")["Body"].read() == b"handkerchief"


@pytest.mark.right
def test_a_presigned_get_may_change_the_headers_of_the_answer(posters: str) -> None:
    url = presigned(ResponseContentType="text/plain", ResponseContentDisposition="attachment")

    headers = requests.get(url, timeout=5).headers

    assert headers["Content-Type"] == "text/plain"
    assert headers["Content-Disposition"] == "attachment"


@pytest.mark.mends
@OLD_OR_NEW
def test_a_presigned_address_expires(posters: str, clock: Clock, said: Said, version: str) -> None:
    url = presigned(version=version, ExpiresIn=60)

    clock.advance(seconds=60)
    assert requests.get(url, timeout=5).status_code == 200
    clock.advance(seconds=1)
    error = said(requests.get(url, timeout=5))

    assert (error["Status"], error["Code"], error["Message"]) == (
        403,
        "AccessDenied",
        "Request has expired",
    )
    assert (error["Expires"], error["ServerTime"]) == (
        "2026-01-05T09:01:00Z",
        "2026-01-05T09:01:01Z",
    )
    assert error.get("X-Amz-Expires") == ("60" if version == "s3v4" else None)


@pytest.mark.mends
def test_a_presigned_address_lasts_a_week_at_most(posters: str, said: Said) -> None:
    longest_s = int(fact("s3.presign_max_s"))

    assert requests.get(presigned(ExpiresIn=longest_s), timeout=5).status_code == 200
    error = said(requests.get(presigned(ExpiresIn=longest_s + 1), timeout=5))

    assert (error["Status"], error["Code"]) == (400, "AuthorizationQueryParametersError")
    assert "must be less than a week" in error["Message"]


@pytest.mark.mends
@OLD_OR_NEW
def test_a_presigned_address_is_for_one_object(posters: str, said: Said, version: str) -> None:
    url = presigned(version=version).replace("hamlet", "otello")

    error = said(requests.get(url, timeout=5))

    assert (error["Status"], error["Code"], error["Message"]) == (
        403,
        "SignatureDoesNotMatch",
        MISMATCH,
    )
    assert error["AWSAccessKeyId"] == "AKIAIOSFODNN7EXAMPLE"
    assert {"SignatureProvided", "StringToSign", "StringToSignBytes"} <= error.keys()
    assert ("CanonicalRequest" in error) == (version == "s3v4")


@pytest.mark.mends
@OLD_OR_NEW
def test_a_presigned_address_is_for_one_method(posters: str, said: Said, version: str) -> None:
    error = said(requests.put(presigned(version=version), data=b"", timeout=5))

    assert (error["Status"], error["Code"]) == (403, "SignatureDoesNotMatch")


@pytest.mark.mends
def test_a_presigned_address_signs_its_query(posters: str, said: Said) -> None:
    url = presigned() + "&response-content-type=text/html"

    assert said(requests.get(url, timeout=5))["Code"] == "SignatureDoesNotMatch"


MISSING = {
    "s3": (
        403,
        "AccessDenied",
        "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
    ),
    "s3v4": (
        400,
        "AuthorizationQueryParametersError",
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
        "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
    ),
}


@pytest.mark.mends
@OLD_OR_NEW
def test_a_presigned_address_is_complete(posters: str, said: Said, version: str) -> None:
    url = presigned("put_object", version)
    name = "X-Amz-Signature" if version == "s3v4" else "Signature"
    head, _, query = url.partition("?")
    rest = [pair for pair in query.split("&") if not pair.startswith(f"{name}=")]

    error = said(requests.put(f"{head}?{'&'.join(rest)}", data=b"", timeout=5))

    assert (error["Status"], error["Code"], error["Message"]) == MISSING[version]


@pytest.mark.mends
def test_a_credential_that_was_encoded_twice_is_not_read(posters: str, said: Said) -> None:
    error = said(requests.get(presigned().replace("%2F", "%252F"), timeout=5))

    assert (error["Status"], error["Code"]) == (400, "AuthorizationQueryParametersError")
    assert error["Message"] == (
        "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "
        '"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'
    )


@pytest.mark.mends
def test_headers_of_amazons_must_be_signed(posters: str, said: Said) -> None:
    url = presigned("put_object")

    error = said(requests.put(url, data=b"", headers={"x-amz-expires": "20"}, timeout=5))

    assert (error["Status"], error["Code"], error["HeadersNotSigned"]) == (
        403,
        "AccessDenied",
        "x-amz-expires",
    )
    assert error["Message"] == "There were headers present in the request which were not signed"


@pytest.mark.mends
def test_the_old_signature_covers_the_content_type(posters: str, said: Said) -> None:
    text = {"Content-Type": "text/plain"}

    old = said(requests.put(presigned("put_object", "s3"), data=b"", headers=text, timeout=5))
    new = requests.put(presigned("put_object", "s3v4"), data=b"", headers=text, timeout=5)

    assert (old["Status"], old["Code"]) == (403, "SignatureDoesNotMatch")
    assert new.status_code == 200


@pytest.mark.mends
def test_a_header_that_was_signed_must_come(posters: str, said: Said) -> None:
    url = presigned("put_object", ContentType="image/png")

    assert said(requests.put(url, data=b"", timeout=5))["Code"] == "SignatureDoesNotMatch"
    png = {"Content-Type": "image/png"}
    assert requests.put(url, data=b"", headers=png, timeout=5).status_code == 200


@pytest.mark.mends
def test_one_way_of_signing_is_enough(posters: str, said: Said) -> None:
    both = {"Authorization": "AWS4-HMAC-SHA256 Credential=…".replace("…", "x/y/z/s3/aws4_request")}

    error = said(requests.get(presigned(), headers=both, timeout=5))

    assert (error["Status"], error["Code"], error["ArgumentName"]) == (
        400,
        "InvalidArgument",
        "Authorization",
    )


@pytest.mark.mends
def test_a_presigned_address_is_good_over_http_too(
    sandbox: Sandbox, posters: str, clock: Clock, said: Said
) -> None:
    client = boto3.client("s3", endpoint_url=sandbox.endpoint_url)
    where = {"Bucket": posters, "Key": "hamlet.png"}
    url = client.generate_presigned_url("get_object", Params=where, ExpiresIn=60)

    assert requests.get(url, timeout=5).content == BODY
    assert said(requests.get(url + "&partNumber=1", timeout=5))["Code"] == "SignatureDoesNotMatch"
    clock.advance(minutes=2)
    assert said(requests.get(url, timeout=5))["Message"] == "Request has expired"


@pytest.mark.mends
def test_an_address_ends_with_the_credentials_that_signed_it(
    sandbox: Sandbox, posters: str, clock: Clock, said: Said
) -> None:
    given = sandbox.client("sts").get_session_token(DurationSeconds=900)["Credentials"]
    client = boto3.client(
        "s3",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
    where = {"Bucket": posters, "Key": "hamlet.png"}
    url = client.generate_presigned_url("get_object", Params=where, ExpiresIn=3600)

    assert requests.get(url, timeout=5).status_code == 200
    clock.advance(minutes=16)
    assert said(requests.get(url, timeout=5))["Code"] == "ExpiredToken"


@pytest.mark.right
def test_metadata_may_travel_in_a_signed_query(s3: Any, posters: str) -> None:
    url = presigned("put_object", "s3", Key="lear.png", Metadata={"act": "five"})

    assert requests.put(url, data=b"storm", timeout=5).status_code == 200
    assert s3.head_object(Bucket=posters, Key="lear.png")["Metadata"] == {"act": "five"}


# ---- forms ----


def form(version: str = "s3", key: str = "fans/${filename}", **more: Any) -> dict[str, Any]:
    client = boto3.client("s3", config=Config(signature_version=version))
    made: dict[str, Any] = client.generate_presigned_post("posters", key, **more)
    return made


def post(form: dict[str, Any], body: bytes = b"bravo", **fields: str) -> requests.Response:
    files = {"file": ("ada.txt", body)}
    return requests.post(form["url"], data=form["fields"] | fields, files=files, timeout=5)


@pytest.mark.right
@OLD_OR_NEW
def test_a_signed_form_uploads_a_file(s3: Any, posters: str, version: str) -> None:
    assert post(form(version)).status_code == 204
    assert s3.get_object(Bucket=posters, Key="fans/ada.txt")["Body"].read() == b"bravo"


@pytest.mark.mends
def test_a_form_is_answered_as_it_asks(posters: str) -> None:
    created = form(
        Fields={"success_action_status": "201"}, Conditions=[{"success_action_status": "201"}]
    )
    place = "https://tickets.example/thanks"
    redirected = form(
        Fields={"success_action_redirect": place}, Conditions=[{"success_action_redirect": place}]
    )

    plain, answer = post(form()), post(created)
    moved = requests.post(
        redirected["url"],
        data=redirected["fields"],
        files={"file": ("ada.txt", b"bravo")},
        timeout=5,
        allow_redirects=False,
    )

    assert (plain.status_code, plain.headers["ETag"]) == (204, answer.headers["ETag"])
    assert answer.status_code == 201
    assert "<Key>fans/ada.txt</Key>" in answer.text
    assert moved.status_code == 303
    assert moved.headers["Location"].startswith(place + "?bucket=posters&key=fans/ada.txt&etag=")


@pytest.mark.mends
@OLD_OR_NEW
def test_a_form_expires(posters: str, clock: Clock, said: Said, version: str) -> None:
    made = form(version, ExpiresIn=60)

    clock.advance(seconds=61)
    error = said(post(made))

    assert (error["Status"], error["Code"], error["Message"]) == (
        403,
        "AccessDenied",
        "Invalid according to Policy: Policy expired.",
    )


@pytest.mark.mends
def test_a_form_may_be_no_larger_than_its_policy_says(posters: str, said: Said) -> None:
    made = form(Conditions=[["content-length-range", 2, 5]])

    large, small = said(post(made, b"bravissimo")), said(post(made, b"!"))

    assert (large["Code"], large["ProposedSize"], large["MaxSizeAllowed"]) == (
        "EntityTooLarge",
        "10",
        "5",
    )
    assert (small["Code"], small["ProposedSize"], small["MinSizeAllowed"]) == (
        "EntityTooSmall",
        "1",
        "2",
    )
    assert post(made, b"bravo").status_code == 204


@pytest.mark.mends
def test_a_form_keeps_to_the_conditions_of_its_policy(posters: str, said: Said) -> None:
    def message(**fields: str) -> str:
        return str(said(post(form(), b"bravo", **fields))["Message"])

    assert message(key="staff/${filename}") == (
        'Invalid according to Policy: Policy Condition failed: ["starts-with", "$key", "fans/"]'
    )
    assert message(**{"x-amz-meta-seat": "A1"}) == (
        "Invalid according to Policy: Extra input fields: x-amz-meta-seat"
    )


@pytest.mark.mends
@OLD_OR_NEW
def test_a_form_whose_policy_was_changed_is_refused(posters: str, said: Said, version: str) -> None:
    made = form(version)
    policy = json.loads(base64.b64decode(made["fields"]["policy"]))
    policy["expiration"] = "2036-01-05T09:00:00Z"
    made["fields"]["policy"] = base64.b64encode(json.dumps(policy).encode()).decode()

    error = said(post(made))

    assert (error["Status"], error["Code"]) == (403, "SignatureDoesNotMatch")


@pytest.mark.mends
def test_a_form_needs_a_key(posters: str, said: Said) -> None:
    made = form()
    del made["fields"]["key"]

    error = said(post(made))

    assert (error["Status"], error["Code"], error["ArgumentName"]) == (
        400,
        "InvalidArgument",
        "key",
    )


@pytest.mark.mends
def test_a_form_is_looked_at_over_http_too(sandbox: Sandbox, posters: str, said: Said) -> None:
    client = boto3.client("s3", endpoint_url=sandbox.endpoint_url)
    made = client.generate_presigned_post(
        posters, "fans/${filename}", Conditions=[["content-length-range", 1, 5]]
    )

    assert post(made, b"bravo").status_code == 204
    assert said(post(made, b"bravissimo"))["Code"] == "EntityTooLarge"
