"""The shop's posters: a bucket with one object, and what tests do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

from labkit.sandbox import Sandbox

BUCKET = "posters"
KEY = "hamlet.png"
BODY = b"to be or not to be"


@pytest.fixture
def s3(sandbox: Sandbox) -> Any:
    return sandbox.client("s3")


@pytest.fixture
def posters(s3: Any) -> str:
    """A bucket with one object."""
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=BODY)
    return BUCKET


@pytest.fixture
def opened(s3: Any, posters: str) -> str:
    """The bucket with nothing blocked, and its ACLs on."""
    s3.delete_public_access_block(Bucket=posters)
    s3.put_bucket_ownership_controls(
        Bucket=posters, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    )
    return posters


@pytest.fixture
def s3v4(sandbox: Sandbox) -> Any:
    """A client that presigns by Signature Version 4."""
    return boto3.client("s3", config=Config(signature_version="s3v4"))


@pytest.fixture
def error() -> Callable[..., dict[str, Any]]:
    """Makes a call that AWS refuses, and returns the Error, with its status as `Status`."""

    def error(call: Callable[..., object], **parameters: object) -> dict[str, Any]:
        with pytest.raises(ClientError) as caught:
            call(**parameters)
        response = caught.value.response
        return response["Error"] | {"Status": response["ResponseMetadata"]["HTTPStatusCode"]}

    return error


@pytest.fixture
def said() -> Callable[[requests.Response], dict[str, Any]]:
    """The elements of an error that came as XML, with its status as `Status`."""

    def said(response: requests.Response) -> dict[str, Any]:
        import xmltodict

        assert response.text.startswith("<?xml"), response
        found = dict(xmltodict.parse(response.text))
        return dict(found.get("Error", {})) | {"Status": response.status_code}

    return said
