"""What stands for a key, and who else may use it: aliases, keys of AWS's, grants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from labkit.fidelity.authorisation import authoriser, people
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock

Refusal = Callable[..., str]
SEAT = b"seat 12, row F"
CLEO = "arn:aws:iam::123456789012:user/cleo"


@pytest.fixture
def key(kms: Any) -> Any:
    """A symmetric key with the alias alias/cards."""
    made = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/cards", TargetKeyId=made["KeyId"])
    return made


# ---- aliases ----


@pytest.mark.right
def test_a_key_has_four_identifiers(kms: Any, key: Any) -> None:
    alias_arn = "arn:aws:kms:us-east-1:123456789012:alias/cards"

    for named in (key["KeyId"], key["Arn"], "alias/cards", alias_arn):
        assert kms.describe_key(KeyId=named)["KeyMetadata"]["KeyId"] == key["KeyId"]


@pytest.mark.right
def test_an_alias_stands_for_its_key(kms: Any, key: Any) -> None:
    sealed = kms.encrypt(KeyId="alias/cards", Plaintext=SEAT)
    opened = kms.decrypt(KeyId="alias/cards", CiphertextBlob=sealed["CiphertextBlob"])

    assert sealed["KeyId"] == opened["KeyId"] == key["Arn"]


@pytest.mark.right
def test_a_moved_alias_leaves_old_ciphertexts_readable(kms: Any, key: Any) -> None:
    old = kms.encrypt(KeyId="alias/cards", Plaintext=SEAT)
    other = kms.create_key()["KeyMetadata"]

    kms.update_alias(AliasName="alias/cards", TargetKeyId=other["KeyId"])

    assert kms.encrypt(KeyId="alias/cards", Plaintext=SEAT)["KeyId"] == other["Arn"]
    assert kms.decrypt(CiphertextBlob=old["CiphertextBlob"])["KeyId"] == key["Arn"]


@pytest.mark.right
def test_an_alias_is_used_once(kms: Any, key: Any, refusal: Refusal) -> None:
    said = refusal(kms.create_alias, AliasName="alias/cards", TargetKeyId=key["KeyId"])

    assert said == (
        "AlreadyExistsException: An alias with the name "
        "arn:aws:kms:us-east-1:123456789012:alias/cards already exists"
    )


@pytest.mark.mends
def test_an_alias_begins_with_alias(kms: Any, key: Any, refusal: Refusal) -> None:
    """As recorded on AWS: test_create_alias."""
    said = refusal(kms.create_alias, AliasName="seats", TargetKeyId=key["KeyId"])

    assert said == (
        'ValidationException: Alias must start with the prefix "alias/". Please see '
        "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html"
    )


@pytest.mark.mends
def test_names_in_alias_aws_are_reserved(kms: Any, key: Any, refusal: Refusal) -> None:
    said = refusal(kms.create_alias, AliasName="alias/aws/shop", TargetKeyId=key["KeyId"])

    assert said.startswith("InvalidAliasNameException: ")


@pytest.mark.mends
def test_an_alias_moves_to_a_key_of_the_same_kind(kms: Any, key: Any, refusal: Refusal) -> None:
    codes = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]

    said = refusal(kms.update_alias, AliasName="alias/cards", TargetKeyId=codes["KeyId"])

    assert said.startswith("ValidationException: ")


@pytest.mark.mends
def test_aliases_are_listed_with_their_dates(kms: Any, key: Any, clock: Clock) -> None:
    made_at = clock.now
    clock.advance(hours=1)
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.update_alias(AliasName="alias/cards", TargetKeyId=other)

    listed = kms.list_aliases()["Aliases"]

    mine = next(entry for entry in listed if entry["AliasName"] == "alias/cards")
    assert mine["TargetKeyId"] == other
    assert mine["CreationDate"] == made_at
    assert mine["LastUpdatedDate"] == made_at + timedelta(hours=1)
    of_aws = next(entry for entry in listed if entry["AliasName"] == "alias/aws/s3")
    assert "TargetKeyId" not in of_aws
    assert kms.list_aliases(KeyId=other)["Aliases"] == [mine]


@pytest.mark.mends
def test_a_key_of_aws_says_so(kms: Any) -> None:
    shown = kms.describe_key(KeyId="alias/aws/dynamodb")["KeyMetadata"]

    assert shown["KeyManager"] == "AWS"
    assert shown["Description"] == (
        "Default key that protects my DynamoDB data when no other key is defined"
    )


# ---- grants ----


def grant(kms: Any, key: Any, **parameters: Any) -> Any:
    whole = {"GranteePrincipal": CLEO, "Operations": ["Decrypt"], **parameters}
    return kms.create_grant(KeyId=key["KeyId"], **whole)


@pytest.mark.mends
def test_a_named_grant_is_made_once(kms: Any, key: Any) -> None:
    first, again = (grant(kms, key, Name="box-office")["GrantId"] for _ in range(2))
    other = grant(kms, key, Name="box-office", Operations=["Encrypt"])["GrantId"]
    unnamed = {grant(kms, key)["GrantId"] for _ in range(2)}

    assert first == again != other
    assert len(unnamed) == 2


@pytest.mark.mends
def test_a_grant_allows_only_what_the_key_can_do(kms: Any, key: Any, refusal: Refusal) -> None:
    for operation in ("Sign", "GenerateMac"):
        said = refusal(
            kms.create_grant, KeyId=key["KeyId"], GranteePrincipal=CLEO, Operations=[operation]
        )
        assert said.startswith("ValidationException: ")


@pytest.mark.mends
def test_grants_are_listed_with_who_made_them(kms: Any, key: Any, clock: Clock) -> None:
    made = grant(kms, key, RetiringPrincipal=CLEO)

    [entry] = kms.list_grants(KeyId=key["KeyId"])["Grants"]

    assert entry["KeyId"] == key["Arn"]
    assert entry["GrantId"] == made["GrantId"]
    assert entry["IssuingAccount"] == "arn:aws:iam::123456789012:root"
    assert entry["CreationDate"] == clock.now
    assert kms.list_retirable_grants(RetiringPrincipal=CLEO)["Grants"] == [entry]


@pytest.mark.mends
def test_only_a_grant_that_is_there_can_be_retired(kms: Any, key: Any, refusal: Refusal) -> None:
    token = grant(kms, key)["GrantToken"]
    kms.retire_grant(GrantToken=token)

    assert refusal(kms.retire_grant, GrantToken=token).startswith("InvalidGrantTokenException")
    said = refusal(kms.retire_grant, KeyId=key["Arn"], GrantId="0" * 64)
    assert said.startswith("NotFoundException")
    assert kms.list_grants(KeyId=key["KeyId"])["Grants"] == []


def test_a_grant_is_honoured_until_it_is_revoked(
    sandbox: Sandbox, kms: Any, key: Any, refusal: Refusal
) -> None:
    sandbox.client("iam").create_user(UserName="cleo")
    cleo = people.as_user("cleo").client("kms")
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=SEAT)["CiphertextBlob"]
    authoriser.current().enforced = True

    assert refusal(cleo.decrypt, CiphertextBlob=blob).startswith("AccessDeniedException")
    id = grant(kms, key)["GrantId"]
    assert cleo.decrypt(CiphertextBlob=blob)["Plaintext"] == SEAT
    kms.revoke_grant(KeyId=key["KeyId"], GrantId=id)
    assert refusal(cleo.decrypt, CiphertextBlob=blob).startswith("AccessDeniedException")
