"""Who the caller is."""

from __future__ import annotations

from typing import Any

import pytest

from labkit.sandbox import Sandbox

LEARNER = "arn:aws:iam::123456789012:user/learner"


@pytest.mark.mends
def test_the_caller_is_a_user_of_the_account(sandbox: Sandbox) -> None:
    identity: dict[str, Any] = sandbox.client("sts").get_caller_identity()

    assert (identity["Account"], identity["Arn"]) == ("123456789012", LEARNER)
    assert identity["UserId"].startswith("AIDA")


def test_other_credentials_have_their_own_name(sandbox: Sandbox) -> None:
    iam = sandbox.client("iam")
    iam.create_user(UserName="ada")
    key = iam.create_access_key(UserName="ada")["AccessKey"]

    arn = sandbox.session.client(
        "sts",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    ).get_caller_identity()["Arn"]

    assert arn == "arn:aws:iam::123456789012:user/ada"
