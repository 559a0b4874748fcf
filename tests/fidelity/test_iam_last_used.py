"""When an access key counts as used."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from labkit.sandbox import Sandbox


@pytest.mark.mends
def test_a_refused_key_is_not_used_and_a_use_has_its_region(sandbox: Sandbox) -> None:
    iam, s3 = sandbox.client("iam"), sandbox.client("s3")
    s3.create_bucket(Bucket="posters-123456789012")
    iam.create_user(UserName="printer")
    key = iam.create_access_key(UserName="printer")["AccessKey"]
    id = key["AccessKeyId"]
    signed: Any = sandbox.session.client(
        "s3", aws_access_key_id=id, aws_secret_access_key=key["SecretAccessKey"]
    )
    signed.list_objects_v2(Bucket="posters-123456789012")
    used_at = sandbox.clock.now
    iam.update_access_key(UserName="printer", AccessKeyId=id, Status="Inactive")
    sandbox.clock.advance(hours=1)
    with pytest.raises(ClientError):
        signed.list_objects_v2(Bucket="posters-123456789012")

    assert iam.get_access_key_last_used(AccessKeyId=id)["AccessKeyLastUsed"] == {
        "LastUsedDate": used_at,
        "ServiceName": "s3",
        "Region": "us-east-1",
    }
