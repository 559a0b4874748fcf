"""The life of a key: made, disabled, rotated, copied to another Region, deleted."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from labkit.facts import fact
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from labkit.units import SECONDS_PER_DAY

Refusal = Callable[..., str]
ROOT = "arn:aws:iam::123456789012:root"
SEAT = b"seat 12, row F"


def days(name: str) -> int:
    return int(fact(f"kms.{name}_s")) // SECONDS_PER_DAY


def new_key(kms: Any, **parameters: Any) -> Any:
    return kms.create_key(**parameters)["KeyMetadata"]


def policy(**statement: Any) -> str:
    whole = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [whole | statement]})


# ---- a new key ----


@pytest.mark.mends
def test_a_key_shows_what_it_has(kms: Any) -> None:
    symmetric = new_key(kms, Description="card numbers")
    signing = new_key(kms, KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    codes = new_key(kms, KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")

    assert symmetric["KeyUsage"] == "ENCRYPT_DECRYPT"
    assert symmetric["EncryptionAlgorithms"] == ["SYMMETRIC_DEFAULT"]
    assert symmetric["Description"] == "card numbers"
    assert len(symmetric["CurrentKeyMaterialId"]) == 64
    assert (symmetric["KeyState"], symmetric["Enabled"]) == ("Enabled", True)
    assert (symmetric["KeyManager"], symmetric["Origin"]) == ("CUSTOMER", "AWS_KMS")
    assert symmetric["MultiRegion"] is False
    assert "SigningAlgorithms" not in symmetric
    assert signing["SigningAlgorithms"] == ["ECDSA_SHA_256"]
    assert "EncryptionAlgorithms" not in signing
    assert codes["MacAlgorithms"] == ["HMAC_SHA_256"]
    assert kms.describe_key(KeyId=codes["KeyId"])["KeyMetadata"] == codes


@pytest.mark.mends
def test_the_usage_of_a_special_key_must_be_said(kms: Any, refusal: Refusal) -> None:
    assert refusal(kms.create_key, KeySpec="HMAC_256") == (
        "ValidationException: You must specify a KeyUsage value for all KMS keys except for "
        "symmetric encryption keys."
    )


@pytest.mark.mends
def test_usage_and_spec_of_a_key_go_together(kms: Any, refusal: Refusal) -> None:
    for spec, usage in (
        ("ECC_NIST_P256", "ENCRYPT_DECRYPT"),
        ("SYMMETRIC_DEFAULT", "SIGN_VERIFY"),
        ("RSA_2048", "GENERATE_VERIFY_MAC"),
    ):
        said = refusal(kms.create_key, KeySpec=spec, KeyUsage=usage)
        assert said.startswith("ValidationException: ")


@pytest.mark.mends
def test_a_key_policy_must_be_one(kms: Any, refusal: Refusal) -> None:
    id = new_key(kms)["KeyId"]

    for text in ("let me in", "{}", policy(Effect="Maybe")):
        said = refusal(kms.put_key_policy, KeyId=id, PolicyName="default", Policy=text)
        assert said.startswith("MalformedPolicyDocumentException: ")
        assert refusal(kms.create_key, Policy=text).startswith("MalformedPolicyDocument")


@pytest.mark.mends
def test_a_key_policy_has_its_limit(kms: Any, refusal: Refusal) -> None:
    most = int(fact("kms.key_policy_max_bytes"))
    text = policy()

    said = refusal(kms.create_key, Policy=text + " " * (most - len(text) + 1))

    assert said.startswith("LimitExceededException: ")
    kms.create_key(Policy=text + " " * (most - len(text)))


@pytest.mark.mends
def test_nobody_locks_themselves_out_of_a_key(kms: Any, refusal: Refusal) -> None:
    locked = policy(Action="kms:Decrypt")

    assert refusal(kms.create_key, Policy=locked) == (
        "MalformedPolicyDocumentException: The new key policy will not allow you to update the "
        "key policy in the future."
    )
    id = new_key(kms, Policy=policy())["KeyId"]
    assert refusal(kms.put_key_policy, KeyId=id, Policy=locked).startswith("Malformed")
    kms.put_key_policy(KeyId=id, Policy=locked, BypassPolicyLockoutSafetyCheck=True)


@pytest.mark.mends
def test_a_keys_only_policy_needs_no_name(kms: Any) -> None:
    id = new_key(kms)["KeyId"]
    text = policy(Sid="the shop")

    kms.put_key_policy(KeyId=id, Policy=text)

    answer = kms.get_key_policy(KeyId=id)
    assert (answer["Policy"], answer["PolicyName"]) == (text, "default")


@pytest.mark.right
def test_the_default_policy_lets_iam_decide(kms: Any) -> None:
    id = new_key(kms)["KeyId"]

    text = kms.get_key_policy(KeyId=id, PolicyName="default")["Policy"]

    statement = json.loads(text)["Statement"][0]
    assert statement["Sid"] == "Enable IAM User Permissions"
    assert statement["Principal"] == {"AWS": ROOT}
    assert (statement["Action"], statement["Resource"]) == ("kms:*", "*")
    assert kms.list_key_policies(KeyId=id)["PolicyNames"] == ["default"]


@pytest.mark.right
def test_a_key_can_be_tagged(kms: Any) -> None:
    id = new_key(kms, Tags=[{"TagKey": "shop", "TagValue": "tickets"}])["KeyId"]
    kms.tag_resource(KeyId=id, Tags=[{"TagKey": "team", "TagValue": "box office"}])
    kms.untag_resource(KeyId=id, TagKeys=["shop"])

    tags = kms.list_resource_tags(KeyId=id)["Tags"]

    assert tags == [{"TagKey": "team", "TagValue": "box office"}]


# ---- states ----


@pytest.mark.mends
def test_a_key_that_is_not_there_is_named(kms: Any, refusal: Refusal) -> None:
    id = "1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d"
    arn = f"arn:aws:kms:us-east-1:123456789012:key/{id}"
    gone = f"NotFoundException: Key '{arn}' does not exist"

    assert refusal(kms.describe_key, KeyId=id) == gone
    assert refusal(kms.describe_key, KeyId=arn) == gone
    assert refusal(kms.list_grants, KeyId=id) == gone
    assert refusal(kms.encrypt, KeyId="front-desk", Plaintext=SEAT) == (
        "NotFoundException: Invalid keyId 'front-desk'"
    )
    assert refusal(kms.describe_key, KeyId="alias/front-desk") == (
        "NotFoundException: Alias arn:aws:kms:us-east-1:123456789012:alias/front-desk is not found."
    )
    assert refusal(kms.describe_key, KeyId=arn.replace("us-east-1", "eu-west-1")) == (
        "NotFoundException: Invalid arn eu-west-1"
    )
    multi = "mrk-d3b95762d3b95762d3b95762d3b95762"
    assert refusal(kms.describe_key, KeyId=multi).endswith(f"key/{multi}' does not exist")


@pytest.mark.mends
def test_a_disabled_key_refuses_to_work(kms: Any, refusal: Refusal) -> None:
    key = new_key(kms)
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=SEAT)["CiphertextBlob"]
    kms.disable_key(KeyId=key["KeyId"])
    disabled = f"DisabledException: {key['Arn']} is disabled."

    assert refusal(kms.encrypt, KeyId=key["KeyId"], Plaintext=SEAT) == disabled
    assert refusal(kms.decrypt, CiphertextBlob=blob) == disabled
    assert refusal(kms.generate_data_key, KeyId=key["Arn"], KeySpec="AES_256") == disabled
    assert refusal(kms.enable_key_rotation, KeyId=key["KeyId"]) == disabled
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "Disabled"
    kms.enable_key(KeyId=key["KeyId"])
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == SEAT


@pytest.mark.mends
def test_a_key_that_is_pending_deletion_refuses_to_work(kms: Any, refusal: Refusal) -> None:
    key = new_key(kms)
    id = key["KeyId"]
    blob = kms.encrypt(KeyId=id, Plaintext=SEAT)["CiphertextBlob"]
    kms.schedule_key_deletion(KeyId=id)
    pending = f"KMSInvalidStateException: {key['Arn']} is pending deletion."

    assert refusal(kms.decrypt, CiphertextBlob=blob) == pending
    assert refusal(kms.encrypt, KeyId=id, Plaintext=SEAT) == pending
    assert refusal(kms.enable_key, KeyId=id) == pending
    assert refusal(kms.create_alias, AliasName="alias/cards", TargetKeyId=id) == pending
    assert refusal(kms.schedule_key_deletion, KeyId=id) == pending
    assert kms.describe_key(KeyId=id)["KeyMetadata"]["KeyState"] == "PendingDeletion"


@pytest.mark.mends
def test_a_key_without_material_refuses_to_work(kms: Any, refusal: Refusal) -> None:
    """As recorded on AWS: test_import_key_symmetric."""
    key = new_key(kms, Origin="EXTERNAL")

    said = refusal(kms.encrypt, KeyId=key["KeyId"], Plaintext=SEAT)

    assert said == f"KMSInvalidStateException: {key['Arn']} is pending import."
    assert (key["KeyState"], key["Enabled"]) == ("PendingImport", False)


# ---- the end ----


@pytest.mark.mends
def test_the_waiting_period_has_its_range(kms: Any, refusal: Refusal) -> None:
    id = new_key(kms)["KeyId"]
    least, most = days("deletion_wait_min"), days("deletion_wait_max")

    for wrong in (least - 1, most + 1):
        said = refusal(kms.schedule_key_deletion, KeyId=id, PendingWindowInDays=wrong)
        assert said.startswith("ValidationException: ")
    for right in (least, most):
        kms.schedule_key_deletion(KeyId=id, PendingWindowInDays=right)
        kms.cancel_key_deletion(KeyId=id)


@pytest.mark.mends
def test_a_key_is_gone_when_its_waiting_period_is_over(
    kms: Any, clock: Clock, refusal: Refusal
) -> None:
    key = new_key(kms)
    kms.create_alias(AliasName="alias/cards", TargetKeyId=key["KeyId"])
    blob = kms.encrypt(KeyId="alias/cards", Plaintext=SEAT)["CiphertextBlob"]

    answer = kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)

    assert answer["KeyId"] == key["Arn"]
    assert (answer["KeyState"], answer["PendingWindowInDays"]) == ("PendingDeletion", 7)
    assert (answer["DeletionDate"] - clock.now).days == 7
    clock.advance(days=6, hours=23)
    shown = kms.describe_key(KeyId="alias/cards")["KeyMetadata"]
    assert shown["DeletionDate"] == answer["DeletionDate"]
    clock.advance(hours=1)
    assert "does not exist" in refusal(kms.describe_key, KeyId=key["KeyId"])
    assert refusal(kms.describe_key, KeyId="alias/cards").startswith("NotFoundException")
    assert refusal(kms.decrypt, CiphertextBlob=blob) == (
        "AccessDeniedException: The ciphertext refers to a customer master key that does not "
        "exist, does not exist in this region, or you are not allowed to access."
    )


@pytest.mark.mends
def test_only_a_scheduled_deletion_can_be_cancelled(kms: Any, refusal: Refusal) -> None:
    id = new_key(kms)["KeyId"]

    said = refusal(kms.cancel_key_deletion, KeyId=id)

    assert said.startswith("KMSInvalidStateException: ")
    assert kms.describe_key(KeyId=id)["KeyMetadata"]["KeyState"] == "Enabled"


@pytest.mark.mends
def test_a_key_that_is_kept_stays_disabled(kms: Any, clock: Clock, refusal: Refusal) -> None:
    key = new_key(kms)
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)

    answer = kms.cancel_key_deletion(KeyId=key["KeyId"])

    assert answer["KeyId"] == key["Arn"]
    clock.advance(days=8)
    shown = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert shown["KeyState"] == "Disabled"
    assert "DeletionDate" not in shown
    assert refusal(kms.encrypt, KeyId=key["KeyId"], Plaintext=SEAT).startswith("Disabled")
    kms.enable_key(KeyId=key["KeyId"])
    kms.encrypt(KeyId=key["KeyId"], Plaintext=SEAT)


# ---- rotation ----


def rotations(kms: Any, id: str, **parameters: Any) -> list[str]:
    listed = kms.list_key_rotations(KeyId=id, **parameters)["Rotations"]
    return [entry.get("RotationType", "first") for entry in listed]


@pytest.mark.mends
def test_a_key_is_rotated_by_the_clock(kms: Any, clock: Clock) -> None:
    id = new_key(kms)["KeyId"]
    period = days("rotation_period_default")
    before = kms.encrypt(KeyId=id, Plaintext=SEAT)["CiphertextBlob"]
    first = kms.decrypt(CiphertextBlob=before)["KeyMaterialId"]
    kms.enable_key_rotation(KeyId=id)

    clock.advance(days=period - 1)
    assert rotations(kms, id) == []
    clock.advance(days=1)
    assert rotations(kms, id) == ["AUTOMATIC"]
    clock.advance(days=period)
    assert rotations(kms, id) == ["AUTOMATIC", "AUTOMATIC"]
    old = kms.decrypt(CiphertextBlob=before)
    new = kms.decrypt(CiphertextBlob=kms.encrypt(KeyId=id, Plaintext=SEAT)["CiphertextBlob"])
    assert old["Plaintext"] == new["Plaintext"] == SEAT
    assert old["KeyMaterialId"] == first != new["KeyMaterialId"]


@pytest.mark.mends
def test_a_rotation_period_has_its_range(kms: Any, refusal: Refusal) -> None:
    id = new_key(kms)["KeyId"]
    most = days("rotation_period_max")

    said = refusal(kms.enable_key_rotation, KeyId=id, RotationPeriodInDays=most + 1)

    assert said.endswith(f"Member must have value less than or equal to {most}")
    kms.enable_key_rotation(KeyId=id, RotationPeriodInDays=most)
    kms.enable_key_rotation(KeyId=id, RotationPeriodInDays=days("rotation_period_min"))


@pytest.mark.mends
def test_rotation_can_be_turned_off(kms: Any, clock: Clock) -> None:
    id = new_key(kms)["KeyId"]
    kms.enable_key_rotation(KeyId=id, RotationPeriodInDays=90)
    clock.advance(days=90)
    kms.disable_key_rotation(KeyId=id)

    clock.advance(days=90)

    assert rotations(kms, id) == ["AUTOMATIC"]
    assert kms.get_key_rotation_status(KeyId=id)["KeyRotationEnabled"] is False


@pytest.mark.mends
def test_a_disabled_key_is_rotated_once_it_is_enabled(kms: Any, clock: Clock) -> None:
    id = new_key(kms)["KeyId"]
    kms.enable_key_rotation(KeyId=id, RotationPeriodInDays=90)
    kms.disable_key(KeyId=id)
    clock.advance(days=100)
    assert rotations(kms, id) == []

    kms.enable_key(KeyId=id)

    assert rotations(kms, id) == ["AUTOMATIC"]


@pytest.mark.mends
def test_the_next_rotation_is_announced(kms: Any, clock: Clock) -> None:
    id = new_key(kms)["KeyId"]
    kms.enable_key_rotation(KeyId=id, RotationPeriodInDays=90)

    status = kms.get_key_rotation_status(KeyId=id)

    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 90)
    assert (status["NextRotationDate"] - clock.now).days == 90
    assert status["KeyId"] == id


@pytest.mark.mends
def test_a_key_is_rotated_on_demand(kms: Any) -> None:
    id = new_key(kms)["KeyId"]
    before = kms.encrypt(KeyId=id, Plaintext=SEAT)["CiphertextBlob"]

    kms.rotate_key_on_demand(KeyId=id)

    after = kms.encrypt(KeyId=id, Plaintext=SEAT)["CiphertextBlob"]
    materials = [kms.decrypt(CiphertextBlob=blob)["KeyMaterialId"] for blob in (before, after)]
    assert materials[0] != materials[1]
    shown = kms.describe_key(KeyId=id)["KeyMetadata"]
    assert shown["CurrentKeyMaterialId"] == materials[1]


@pytest.mark.mends
def test_a_key_is_rotated_on_demand_a_limited_number_of_times(kms: Any, refusal: Refusal) -> None:
    id = new_key(kms)["KeyId"]
    for _ in range(int(fact("kms.on_demand_rotations_max"))):
        kms.rotate_key_on_demand(KeyId=id)

    assert refusal(kms.rotate_key_on_demand, KeyId=id).startswith("LimitExceededException")


@pytest.mark.mends
def test_only_symmetric_keys_are_rotated(kms: Any, refusal: Refusal) -> None:
    id = new_key(kms, KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyId"]

    for call in (kms.enable_key_rotation, kms.rotate_key_on_demand):
        assert refusal(call, KeyId=id).startswith("UnsupportedOperationException: ")


@pytest.mark.mends
def test_rotations_are_listed_with_their_material(kms: Any, clock: Clock) -> None:
    id = new_key(kms)["KeyId"]
    kms.enable_key_rotation(KeyId=id, RotationPeriodInDays=90)
    clock.advance(days=90)
    kms.rotate_key_on_demand(KeyId=id)

    listed = kms.list_key_rotations(KeyId=id)["Rotations"]

    assert [entry["RotationType"] for entry in listed] == ["AUTOMATIC", "ON_DEMAND"]
    assert [entry["KeyMaterialState"] for entry in listed] == ["NON_CURRENT", "CURRENT"]
    assert listed[0]["RotationDate"] == clock.now
    everything = rotations(kms, id, IncludeKeyMaterial="ALL_KEY_MATERIAL")
    assert everything == ["first", "AUTOMATIC", "ON_DEMAND"]
    page = kms.list_key_rotations(KeyId=id, Limit=1)
    assert page["Truncated"]
    assert rotations(kms, id, Limit=1, Marker=page["NextMarker"]) == ["ON_DEMAND"]


# ---- other Regions ----


def replicate(kms: Any, sandbox: Sandbox) -> tuple[Any, Any]:
    """A multi-Region key and the client of the Region of its replica."""
    key = new_key(kms, MultiRegion=True)
    kms.replicate_key(KeyId=key["KeyId"], ReplicaRegion="eu-west-1")
    return key, sandbox.client("kms", "eu-west-1")


@pytest.mark.mends
def test_a_replica_decrypts_what_its_primary_encrypted(
    kms: Any, sandbox: Sandbox, clock: Clock
) -> None:
    key, there = replicate(kms, sandbox)
    clock.advance(seconds=30)
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=SEAT)["CiphertextBlob"]

    answer = there.decrypt(CiphertextBlob=blob)

    assert answer["Plaintext"] == SEAT
    assert answer["KeyId"] == key["Arn"].replace("us-east-1", "eu-west-1")
    assert key["KeyId"].startswith("mrk-")
    assert len(key["KeyId"]) == 36


@pytest.mark.mends
def test_a_replica_takes_a_moment(kms: Any, sandbox: Sandbox, clock: Clock) -> None:
    """As recorded on AWS: test_replicate_key."""
    key, there = replicate(kms, sandbox)

    def state(client: Any) -> tuple[str, bool, str]:
        shown = client.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        kind = shown["MultiRegionConfiguration"]["MultiRegionKeyType"]
        return shown["KeyState"], shown["Enabled"], kind

    assert state(there) == ("Creating", False, "REPLICA")
    assert state(kms) == ("Enabled", True, "PRIMARY")
    clock.advance(seconds=30)
    assert state(there) == ("Enabled", True, "REPLICA")


def test_a_key_is_replicated_by_its_arn(kms: Any, sandbox: Sandbox) -> None:
    key = new_key(kms, MultiRegion=True)

    kms.replicate_key(KeyId=key["Arn"], ReplicaRegion="eu-west-1")

    there = sandbox.client("kms", "eu-west-1").describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert there["Arn"] == key["Arn"].replace("us-east-1", "eu-west-1")


@pytest.mark.mends
def test_only_a_multi_region_key_is_replicated(kms: Any, refusal: Refusal) -> None:
    single = new_key(kms)["KeyId"]
    multi = new_key(kms, MultiRegion=True)["KeyId"]
    kms.replicate_key(KeyId=multi, ReplicaRegion="eu-west-1")

    def said(id: str) -> str:
        return refusal(kms.replicate_key, KeyId=id, ReplicaRegion="eu-west-1")

    assert said(single).startswith("UnsupportedOperationException: ")
    assert said(multi).startswith("AlreadyExistsException: ")


# ---- what moto's own checks got wrong ----


@pytest.mark.mends
def test_a_key_is_switched_off_by_id_or_arn(kms: Any, refusal: Refusal) -> None:
    key = new_key(kms)

    kms.disable_key(KeyId=key["Arn"])
    refused = refusal(kms.encrypt, KeyId=key["KeyId"], Plaintext=SEAT)
    kms.enable_key(KeyId=key["Arn"])

    assert refused == f"DisabledException: {key['Arn']} is disabled."
    assert kms.encrypt(KeyId=key["KeyId"], Plaintext=SEAT)["KeyId"] == key["Arn"]
    assert refusal(kms.disable_key, KeyId="alias/seats").startswith("NotFoundException: Invalid")


@pytest.mark.mends
def test_a_denial_in_a_key_policy_is_for_those_whom_it_names(kms: Any) -> None:
    key = new_key(kms)
    policy = json.loads(kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"])
    denied = {"AWS": "arn:aws:iam::123456789012:user/mia"}
    deny = {"Effect": "Deny", "Principal": denied, "Action": "kms:*", "Resource": "*"}
    policy["Statement"].append(deny)
    kms.put_key_policy(KeyId=key["KeyId"], PolicyName="default", Policy=json.dumps(policy))

    shown = kms.describe_key(KeyId=key["Arn"])["KeyMetadata"]

    assert shown["KeyState"] == "Enabled"
