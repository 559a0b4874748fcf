"""Every object is encrypted: by S3's own keys, by a key of KMS, or by a key of the customer's."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import boto3
import pytest
import requests

from labkit.fidelity.authorisation import authoriser, people
from labkit.sandbox import Sandbox

Refusal = Callable[..., str]
Said = Callable[[requests.Response], dict[str, Any]]

HAMLET = {"Bucket": "posters", "Key": "hamlet.png"}
OURS = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": b"k" * 32}
OTHERS = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": b"q" * 32}
NEEDED = (
    "InvalidRequest: The object was stored using a form of Server Side Encryption. The correct "
    "parameters must be provided to retrieve the object."
)


@pytest.fixture
def kms(sandbox: Sandbox) -> Any:
    return sandbox.client("kms")


@pytest.fixture
def key(kms: Any) -> str:
    return str(kms.create_key()["KeyMetadata"]["Arn"])


@pytest.fixture
def customers(s3: Any, posters: str) -> str:
    """The bucket with SSE-C turned on."""
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
        "BlockedEncryptionTypes": {"EncryptionType": ["NONE"]},
    }
    s3.put_bucket_encryption(Bucket=posters, ServerSideEncryptionConfiguration={"Rules": [rule]})
    return posters


def by_default(s3: Any, **how: str) -> None:
    rule = {"ApplyServerSideEncryptionByDefault": how}
    s3.put_bucket_encryption(Bucket="posters", ServerSideEncryptionConfiguration={"Rules": [rule]})


# ---- SSE-S3 ----


@pytest.mark.mends
def test_every_object_is_encrypted_by_default(s3: Any, posters: str) -> None:
    put = s3.put_object(**HAMLET, Body=b"to be")
    copied = s3.copy_object(Bucket=posters, Key="copy.png", CopySource=HAMLET)
    upload = s3.create_multipart_upload(Bucket=posters, Key="film.mp4")

    answers = [put, copied, upload, s3.get_object(**HAMLET), s3.head_object(**HAMLET)]

    assert [answer["ServerSideEncryption"] for answer in answers] == ["AES256"] * 5


@pytest.mark.mends
def test_a_bucket_has_an_encryption_from_the_first(s3: Any, posters: str) -> None:
    rules = s3.get_bucket_encryption(Bucket=posters)["ServerSideEncryptionConfiguration"]["Rules"]

    assert rules[0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


@pytest.mark.mends
def test_deleting_the_encryption_settings_leaves_sse_s3(s3: Any, posters: str) -> None:
    by_default(s3, SSEAlgorithm="aws:kms")

    s3.delete_bucket_encryption(Bucket=posters)

    assert s3.put_object(**HAMLET, Body=b"")["ServerSideEncryption"] == "AES256"


@pytest.mark.mends
def test_only_known_encryption_is_asked_for(s3: Any, posters: str, refusal: Refusal) -> None:
    said = refusal(s3.put_object, **HAMLET, Body=b"", ServerSideEncryption="rot13")

    assert said == "InvalidArgument: The encryption method specified is not supported"


# ---- SSE-KMS ----


@pytest.mark.mends
def test_kms_without_a_key_is_the_key_of_aws(s3: Any, posters: str, kms: Any) -> None:
    used = s3.put_object(**HAMLET, Body=b"", ServerSideEncryption="aws:kms")["SSEKMSKeyId"]

    described = kms.describe_key(KeyId=used)["KeyMetadata"]
    assert used.startswith("arn:aws:kms:us-east-1:123456789012:key/")
    assert described["KeyId"] == kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["KeyId"]


@pytest.mark.mends
def test_a_key_is_named_by_its_arn_in_the_answer(s3: Any, posters: str, kms: Any, key: str) -> None:
    kms.create_alias(AliasName="alias/posters", TargetKeyId=key)

    for named in (key, key.split("/")[1], "alias/posters"):
        put = s3.put_object(**HAMLET, Body=b"", ServerSideEncryption="aws:kms", SSEKMSKeyId=named)
        assert put["SSEKMSKeyId"] == s3.head_object(**HAMLET)["SSEKMSKeyId"] == key


@pytest.mark.mends
def test_a_new_object_needs_a_usable_key(
    s3: Any, posters: str, kms: Any, key: str, refusal: Refusal
) -> None:
    def said(key: str) -> str:
        how = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
        return refusal(s3.put_object, **HAMLET, Body=b"", **how)

    missing = key[:-1] + ("0" if key[-1] != "0" else "1")
    assert said(missing) == f"KMS.NotFoundException: Key '{missing}' does not exist"
    kms.disable_key(KeyId=key.split("/")[1])
    assert said(key) == f"KMS.DisabledException: {key} is disabled."
    kms.schedule_key_deletion(KeyId=key.split("/")[1])
    assert said(key) == f"KMS.KMSInvalidStateException: {key} is pending deletion."


@pytest.mark.mends
def test_the_key_of_a_bucket_must_be_usable_too(
    s3: Any, posters: str, kms: Any, key: str, refusal: Refusal
) -> None:
    by_default(s3, SSEAlgorithm="aws:kms", KMSMasterKeyID=key)
    assert s3.put_object(**HAMLET, Body=b"")["SSEKMSKeyId"] == key

    kms.disable_key(KeyId=key.split("/")[1])

    assert refusal(s3.put_object, **HAMLET, Body=b"").startswith("KMS.DisabledException")


@pytest.mark.mends
def test_an_object_is_read_with_its_key(
    s3: Any, posters: str, kms: Any, key: str, refusal: Refusal
) -> None:
    s3.put_object(**HAMLET, Body=b"", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)

    kms.disable_key(KeyId=key.split("/")[1])
    assert refusal(s3.get_object, **HAMLET) == f"KMS.DisabledException: {key} is disabled."
    kms.enable_key(KeyId=key.split("/")[1])
    assert s3.get_object(**HAMLET)["SSEKMSKeyId"] == key


@pytest.mark.mends
def test_kms_asks_for_signature_version_4(s3: Any, s3v4: Any, posters: str, said: Said) -> None:
    s3.put_object(**HAMLET, Body=b"to be", ServerSideEncryption="aws:kms")

    old = said(requests.get(s3.generate_presigned_url("get_object", Params=HAMLET), timeout=5))
    new = requests.get(s3v4.generate_presigned_url("get_object", Params=HAMLET), timeout=5)

    assert (old["Status"], old["Code"]) == (400, "InvalidArgument")
    assert old["Message"].endswith("AWS KMS managed keys require AWS Signature Version 4.")
    assert new.content == b"to be"


# ---- SSE-C ----


@pytest.mark.mends
def test_a_bucket_takes_no_customer_keys(s3: Any, posters: str, refusal: Refusal) -> None:
    assert refusal(s3.put_object, **HAMLET, Body=b"", **OURS).startswith("AccessDenied: ")
    assert refusal(s3.create_multipart_upload, **HAMLET, **OURS).startswith("AccessDenied: ")


@pytest.mark.mends
def test_a_bucket_says_what_it_blocks(s3: Any, posters: str) -> None:
    def blocked() -> Any:
        settings = s3.get_bucket_encryption(Bucket=posters)["ServerSideEncryptionConfiguration"]
        return settings["Rules"][0]["BlockedEncryptionTypes"]["EncryptionType"]

    assert blocked() == ["SSE-C"]
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
        "BlockedEncryptionTypes": {"EncryptionType": ["NONE"]},
    }
    s3.put_bucket_encryption(Bucket=posters, ServerSideEncryptionConfiguration={"Rules": [rule]})
    assert blocked() == ["NONE"]


@pytest.mark.mends
def test_a_customer_key_is_needed_again(s3: Any, customers: str, refusal: Refusal) -> None:
    put = s3.put_object(**HAMLET, Body=b"to be", **OURS)

    assert put["SSECustomerAlgorithm"] == "AES256"
    assert "ServerSideEncryption" not in put
    assert refusal(s3.get_object, **HAMLET) == NEEDED
    assert refusal(s3.get_object, **HAMLET, **OTHERS) == "AccessDenied: Access Denied"
    assert refusal(s3.head_object, **HAMLET) == "400: Bad Request"
    got = s3.get_object(**HAMLET, **OURS)
    assert got["Body"].read() == b"to be"
    assert got["SSECustomerKeyMD5"] == put["SSECustomerKeyMD5"]


@pytest.mark.mends
def test_an_upload_tells_its_encryption(s3: Any, customers: str, key: str) -> None:
    by_s3 = s3.create_multipart_upload(**HAMLET)
    by_kms = s3.create_multipart_upload(
        **HAMLET, ServerSideEncryption="aws:kms", SSEKMSKeyId=key.split("/")[1]
    )
    by_customer = s3.create_multipart_upload(**HAMLET, **OURS)

    assert by_s3["ServerSideEncryption"] == "AES256"
    assert (by_kms["ServerSideEncryption"], by_kms["SSEKMSKeyId"]) == ("aws:kms", key)
    assert by_customer["SSECustomerAlgorithm"] == "AES256"
    assert "ServerSideEncryption" not in by_customer


@pytest.mark.mends
def test_a_customer_key_does_not_fit_what_has_none(
    s3: Any, customers: str, refusal: Refusal
) -> None:
    assert refusal(s3.get_object, **HAMLET, **OURS) == (
        "InvalidRequest: The encryption parameters are not applicable to this object."
    )


@pytest.mark.mends
def test_a_customer_key_is_256_bits_long(s3: Any, customers: str, refusal: Refusal) -> None:
    short = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": b"k" * 16}

    assert refusal(s3.put_object, **HAMLET, Body=b"", **short) == (
        "InvalidArgument: The secret key was invalid for the specified algorithm."
    )
    wrong = OURS | {"SSECustomerKey": b64encode(b"k" * 32).decode(), "SSECustomerKeyMD5": "x"}
    assert refusal(s3.put_object, **HAMLET, Body=b"", **wrong) == (
        "InvalidArgument: The calculated MD5 hash of the key did not match the hash that was "
        "provided."
    )


@pytest.mark.mends
def test_a_copy_needs_the_key_of_its_source(s3: Any, customers: str, refusal: Refusal) -> None:
    s3.put_object(**HAMLET, Body=b"to be", **OURS)
    copy = {"Bucket": customers, "Key": "copy.png", "CopySource": HAMLET}
    given = {"CopySource" + name: value for name, value in OURS.items()}

    assert refusal(s3.copy_object, **copy) == NEEDED
    assert s3.copy_object(**copy, **given)["ServerSideEncryption"] == "AES256"


@pytest.mark.mends
def test_each_part_comes_with_the_key(s3: Any, customers: str, refusal: Refusal) -> None:
    begun = s3.create_multipart_upload(**HAMLET, **OURS)
    part = {**HAMLET, "UploadId": begun["UploadId"], "PartNumber": 1, "Body": b"to be"}

    assert begun["SSECustomerAlgorithm"] == "AES256"
    assert refusal(s3.upload_part, **part).startswith("InvalidRequest: The multipart upload")
    etag = s3.upload_part(**part, **OURS)["ETag"]
    s3.complete_multipart_upload(
        **HAMLET,
        UploadId=begun["UploadId"],
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": etag}]},
    )
    assert refusal(s3.get_object, **HAMLET) == NEEDED
    assert s3.get_object(**HAMLET, **OURS)["Body"].read() == b"to be"


def test_customer_keys_work_over_plain_http_here(sandbox: Sandbox, customers: str) -> None:
    client = boto3.client("s3", endpoint_url=sandbox.endpoint_url)

    client.put_object(**HAMLET, Body=b"to be", **OURS)

    assert client.get_object(**HAMLET, **OURS)["Body"].read() == b"to be"


# ---- permission for the key ----


@pytest.fixture
def ana(sandbox: Sandbox, posters: str) -> Callable[..., Any]:
    """A client of ana's, who may do everything with S3, and with keys of KMS what is said."""
    iam = sandbox.client("iam")
    iam.create_user(UserName="ana")

    def client(*actions: str, **condition: Any) -> Any:
        statements = [
            {"Effect": "Allow", "Action": action, "Resource": "*", **more}
            for action, more in [("s3:*", {}), *((action, condition) for action in actions)]
        ]
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        iam.put_user_policy(UserName="ana", PolicyName="own", PolicyDocument=document)
        authoriser.current().enforced = True
        return people.as_user("ana").client("s3")

    return client


@pytest.mark.mends
def test_reading_what_kms_encrypts_needs_the_key(
    s3: Any, key: str, ana: Callable[..., Any], refusal: Refusal
) -> None:
    under = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
    s3.put_object(**HAMLET, Body=b"to be", **under)
    s3.put_object(Bucket="posters", Key="plain.png", Body=b"or not")
    copy = {"Bucket": "posters", "Key": "copy.png", "CopySource": HAMLET}
    via_s3 = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}

    for call, asked in ((ana().get_object, HAMLET), (ana().copy_object, copy)):
        assert refusal(call, **asked) == (
            "AccessDenied: User: arn:aws:iam::123456789012:user/ana is not authorized to perform: "
            f"kms:Decrypt on resource: {key} because no identity-based policy allows the "
            "kms:Decrypt action"
        )
    assert ana().head_object(**HAMLET)["ContentLength"] == 5
    assert ana().get_object(Bucket="posters", Key="plain.png")["Body"].read() == b"or not"
    allowed = ana("kms:Decrypt", Condition=via_s3)
    assert allowed.get_object(**HAMLET)["Body"].read() == b"to be"


@pytest.mark.mends
def test_writing_under_a_key_of_kms_needs_the_key(
    s3: Any, key: str, ana: Callable[..., Any], refusal: Refusal
) -> None:
    under = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}

    def needs(call: Callable[..., Any], **asked: Any) -> str:
        return refusal(call, Bucket="posters", **asked).partition("perform: ")[2].split()[0]

    assert needs(ana().put_object, Key="lear.png", **under) == "kms:GenerateDataKey"
    by_default(s3, SSEAlgorithm="aws:kms", KMSMasterKeyID=key)
    assert needs(ana().put_object, Key="lear.png") == "kms:GenerateDataKey"
    writer = ana("kms:GenerateDataKey")
    assert writer.put_object(Bucket="posters", Key="lear.png")["SSEKMSKeyId"] == key
    assert needs(writer.create_multipart_upload, Key="lear.mp4") == "kms:Decrypt"


def test_the_key_of_aws_for_s3_is_for_everybody_of_its_account(
    s3: Any, ana: Callable[..., Any]
) -> None:
    s3.put_object(**HAMLET, Body=b"to be", ServerSideEncryption="aws:kms")

    assert ana().get_object(**HAMLET)["Body"].read() == b"to be"


def test_a_version_is_read_with_the_key_that_it_was_written_with(
    s3: Any, key: str, ana: Callable[..., Any], refusal: Refusal
) -> None:
    s3.put_bucket_versioning(Bucket="posters", VersioningConfiguration={"Status": "Enabled"})
    under = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
    old = s3.put_object(**HAMLET, Body=b"to be", **under)["VersionId"]
    s3.put_object(**HAMLET, Body=b"or not")

    assert ana().get_object(**HAMLET)["Body"].read() == b"or not"
    assert "kms:Decrypt" in refusal(ana().get_object, **HAMLET, VersionId=old)


@pytest.mark.mends
@pytest.mark.parametrize("named", ["", "own"], ids=["the key of AWS", "a key of one's own"])
def test_what_kms_encrypts_is_never_public(s3: Any, posters: str, key: str, named: str) -> None:
    under = {"SSEKMSKeyId": key} if named else {}
    s3.put_object(**HAMLET, Body=b"to be", ServerSideEncryption="aws:kms", **under)
    s3.put_object(Bucket=posters, Key="plain.png", Body=b"or not")
    s3.put_bucket_website(
        Bucket=posters, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}}
    )
    s3.delete_public_access_block(Bucket=posters)
    read = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    everything = {**read, "Resource": f"arn:aws:s3:::{posters}/*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
    s3.put_bucket_policy(Bucket=posters, Policy=document)
    api = f"https://{posters}.s3.us-east-1.amazonaws.com"
    site = f"http://{posters}.s3-website-us-east-1.amazonaws.com"

    def status(address: str) -> int:
        return requests.get(address, timeout=5).status_code

    assert [status(f"{at}/plain.png") for at in (api, site)] == [200, 200]
    assert [status(f"{at}/hamlet.png") for at in (api, site)] == [403, 403]
