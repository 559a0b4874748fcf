"""Parameter Store: names, values, secrets, versions, policies."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from labkit.facts import fact
from labkit.fidelity.authorisation import authoriser, people
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from tests.fidelity.scene import allow, document

Refusal = Callable[..., str]
INVALID = "ValidationException: "
NAME = "/shop/db/password"
ARN = f"arn:aws:ssm:us-east-1:123456789012:parameter{NAME}"


@pytest.fixture
def ssm(sandbox: Sandbox) -> Any:
    return sandbox.client("ssm")


def put(ssm: Any, value: str = "seat", name: str = NAME, kind: str = "String", **more: Any) -> Any:
    if not more.get("Overwrite"):
        more = {"Type": kind} | more
    return ssm.put_parameter(Name=name, Value=value, **more)


def secret(ssm: Any, value: str = "rosebud", **more: Any) -> Any:
    return put(ssm, value, kind="SecureString", **more)


def get(ssm: Any, name: str = NAME, **more: Any) -> Any:
    return ssm.get_parameter(Name=name, **more)["Parameter"]


def described(ssm: Any) -> Any:
    [only] = ssm.describe_parameters()["Parameters"]
    return only


# ---- names ----


@pytest.mark.mends
def test_a_parameter_name_is_plain(ssm: Any, refusal: Refusal) -> None:
    for name in ("shop db", "/shop/d:b", "/shop//db", "/shop/", "prix_été"):
        said = refusal(put, ssm=ssm, name=name)
        assert said.startswith(INVALID + "Parameter name: can't be prefixed with")
    said = refusal(put, ssm=ssm, name="shop/db")
    assert said == INVALID + "Parameter name must be a fully qualified name."
    put(ssm, name="shop.db_-1")


@pytest.mark.mends
def test_a_hierarchy_has_fifteen_levels(ssm: Any, refusal: Refusal) -> None:
    most, long = int(fact("ssm.levels_max")), int(fact("ssm.name_max_chars"))

    said = refusal(put, ssm=ssm, name="/a" * (most + 1))
    assert said.startswith(
        "HierarchyLevelLimitExceededException: A hierarchy can have a maximum of 15 levels."
    )
    put(ssm, name="/a" * most)
    before = len("arn:aws:ssm:us-east-1:123456789012:parameter/")
    assert refusal(put, ssm=ssm, name="x" * (long - before + 1)).startswith(INVALID)
    put(ssm, name="x" * (long - before))


@pytest.mark.right
def test_reserved_names_are_refused(ssm: Any, refusal: Refusal) -> None:
    for name in ("aws-db", "SSM.db", "/ssm/db"):
        assert refusal(put, ssm=ssm, name=name).startswith(INVALID + "Parameter name: can't be")
    assert refusal(put, ssm=ssm, name="/aws/db").startswith("AccessDeniedException: ")


@pytest.mark.right
def test_aws_has_parameters_of_its_own(ssm: Any) -> None:
    name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"

    assert get(ssm, name)["Value"].startswith("ami-")


# ---- values ----


@pytest.mark.right
def test_a_new_parameter_has_a_type(ssm: Any, refusal: Refusal) -> None:
    said = refusal(ssm.put_parameter, Name=NAME, Value="seat")
    assert said == INVALID + "A parameter type is required when you create a parameter."
    put(ssm, kind="StringList", value="a,b")
    put(ssm, "c,d", Overwrite=True)
    assert get(ssm)["Type"] == "StringList"


@pytest.mark.right
def test_a_parameter_is_not_overwritten_by_accident(ssm: Any, refusal: Refusal) -> None:
    put(ssm, "one")

    assert refusal(put, ssm=ssm, value="two") == (
        "ParameterAlreadyExists: The parameter already exists. To overwrite this value, set the "
        "overwrite option in the request to true."
    )
    assert put(ssm, "two", Overwrite=True)["Version"] == 2


@pytest.mark.mends
def test_a_value_has_the_limit_of_its_tier(ssm: Any, refusal: Refusal) -> None:
    standard, advanced = (int(fact(f"ssm.{tier}_max_bytes")) for tier in ("standard", "advanced"))
    put(ssm, "x" * standard)

    said = refusal(put, ssm=ssm, value="x" * (standard + 1), name="/shop/large")
    assert said.startswith(
        INVALID + f"Standard tier parameters support a maximum parameter value of {standard} "
        "characters. To create a larger parameter value, upgrade"
    )
    put(ssm, "x" * advanced, "/shop/large", Tier="Advanced")
    said = refusal(put, ssm=ssm, value="x" * (advanced + 1), name="/shop/larger", Tier="Advanced")
    assert f"maximum parameter value of {advanced}" in said


@pytest.mark.mends
def test_a_tier_is_worked_out(ssm: Any) -> None:
    more = {"Tier": "Intelligent-Tiering"}

    assert put(ssm, "small", **more)["Tier"] == "Standard"
    assert put(ssm, "x" * 5000, Overwrite=True, **more)["Tier"] == "Advanced"
    assert put(ssm, "small again", Overwrite=True, **more)["Tier"] == "Advanced"


@pytest.mark.mends
def test_an_advanced_parameter_stays_so(ssm: Any, refusal: Refusal) -> None:
    put(ssm, Tier="Advanced")

    said = refusal(put, ssm=ssm, Overwrite=True, Tier="Standard")
    assert said.startswith(INVALID + "This parameter uses the advanced-parameter tier. You can't")
    assert put(ssm, Overwrite=True)["Tier"] == "Advanced"


@pytest.mark.mends
def test_a_value_refers_to_no_other(ssm: Any, refusal: Refusal) -> None:
    for value in ("{{ssm:other}}", "host={{ other }}"):
        assert refusal(put, ssm=ssm, value=value).startswith(INVALID)
    put(ssm, "{plain}")


@pytest.mark.mends
def test_a_value_fits_its_pattern(ssm: Any, refusal: Refusal) -> None:
    said = "ParameterPatternMismatchException: Parameter value, cannot be validated against "
    pattern = r"^\d{1,4}$"
    assert refusal(put, ssm=ssm, AllowedPattern=pattern) == f"{said}allowedPattern: {pattern}"

    put(ssm, "1234", AllowedPattern=pattern)
    assert refusal(put, ssm=ssm, value="seat", Overwrite=True).startswith(said)
    put(ssm, "5678", Overwrite=True)
    bad = refusal(put, ssm=ssm, name="/shop/other", AllowedPattern="(")
    assert bad.startswith("InvalidAllowedPatternException: ")


@pytest.mark.mends
def test_a_parameter_keeps_its_type(ssm: Any, refusal: Refusal) -> None:
    put(ssm)

    said = refusal(put, ssm=ssm, Overwrite=True, Type="SecureString")
    assert said.startswith("HierarchyTypeMismatchException: Parameter Store doesn't support")
    put(ssm, Overwrite=True, Type="String")


# ---- secrets ----


@pytest.mark.mends
def test_a_secret_is_shown_encrypted(ssm: Any) -> None:
    secret(ssm)

    for shown in (get(ssm), *ssm.get_parameters_by_path(Path="/shop/db")["Parameters"]):
        assert "rosebud" not in shown["Value"]
        assert b"rosebud" not in base64.b64decode(shown["Value"])
    assert get(ssm, WithDecryption=True)["Value"] == "rosebud"
    [version] = ssm.get_parameter_history(Name=NAME, WithDecryption=True)["Parameters"]
    assert (version["Value"], version["KeyId"]) == ("rosebud", "alias/aws/ssm")


@pytest.mark.mends
def test_a_secret_is_sealed_under_its_arn(ssm: Any, kms: Any, refusal: Refusal) -> None:
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    secret(ssm, KeyId=key)
    shown = get(ssm)["Value"]
    assert "rosebud" not in shown
    blob = base64.b64decode(shown)

    opened = kms.decrypt(CiphertextBlob=blob, EncryptionContext={"PARAMETER_ARN": ARN})
    assert opened["Plaintext"] == b"rosebud"
    assert refusal(kms.decrypt, CiphertextBlob=blob).startswith("InvalidCiphertextException")


@pytest.mark.mends
def test_a_secret_needs_a_usable_key(ssm: Any, kms: Any, refusal: Refusal) -> None:
    here = "arn:aws:kms:us-east-1:123456789012:"
    assert refusal(secret, ssm=ssm, KeyId="alias/till") == (
        f"InvalidKeyId: Alias {here}alias/till is not found."
    )
    key = kms.create_key()["KeyMetadata"]
    kms.disable_key(KeyId=key["KeyId"])
    assert refusal(secret, ssm=ssm, KeyId=key["Arn"]) == f"InvalidKeyId: {key['Arn']} is disabled."
    assert refusal(put, ssm=ssm, KeyId=key["Arn"]).startswith(INVALID)
    kms.enable_key(KeyId=key["KeyId"])
    secret(ssm, KeyId=key["Arn"])


@pytest.mark.mends
def test_a_secret_is_read_with_its_key(ssm: Any, kms: Any, refusal: Refusal) -> None:
    key = kms.create_key()["KeyMetadata"]
    secret(ssm, KeyId=key["KeyId"])
    kms.disable_key(KeyId=key["KeyId"])

    said = f"InvalidKeyId: {key['Arn']} is disabled."
    assert refusal(get, ssm=ssm, WithDecryption=True) == said
    assert refusal(ssm.get_parameters, Names=[NAME], WithDecryption=True) == said
    get(ssm)  # the ciphertext alone needs no key


@pytest.mark.mends
def test_a_secret_needs_the_callers_right_to_its_key(
    ssm: Any, kms: Any, sandbox: Sandbox, refusal: Refusal
) -> None:
    key = kms.create_key()["KeyMetadata"]["Arn"]
    secret(ssm, KeyId=key)
    secret(ssm, name="/shop/db/own")
    iam = sandbox.client("iam")
    iam.create_user(UserName="ana")

    def may(*more: Any) -> Any:
        text = document(allow("ssm:*", "*"), *more)
        iam.put_user_policy(UserName="ana", PolicyName="read", PolicyDocument=text)
        return people.as_user("ana").client("ssm")

    ana = may()
    authoriser.current().enforced = True
    get(ana)
    assert get(ana, "/shop/db/own", WithDecryption=True)["Value"] == "rosebud"
    said = refusal(get, ssm=ana, WithDecryption=True)
    assert said.startswith("AccessDeniedException: ")
    assert f"kms:Decrypt on resource: {key}" in said
    assert "kms:Encrypt" in refusal(secret, ssm=ana, name="/shop/db/new", KeyId=key)

    authoriser.current().enforced = False
    ana = may(allow(["kms:Decrypt", "kms:Encrypt"], key))
    authoriser.current().enforced = True
    assert get(ana, WithDecryption=True)["Value"] == "rosebud"
    secret(ana, name="/shop/db/new", KeyId=key)


def test_a_stack_puts_parameters(ssm: Any, sandbox: Sandbox, refusal: Refusal) -> None:
    stacks = sandbox.client("cloudformation")
    properties = {"Name": NAME, "Type": "String", "Value": "seat"}
    template = {"Resources": {"Db": {"Type": "AWS::SSM::Parameter", "Properties": properties}}}
    stacks.create_stack(StackName="shop", TemplateBody=json.dumps(template))
    assert get(ssm)["Value"] == "seat"
    stacks.delete_stack(StackName="shop")
    assert refusal(get, ssm=ssm) == "ParameterNotFound: "


# ---- versions and labels ----


@pytest.mark.right
def test_every_change_makes_a_version(ssm: Any, refusal: Refusal) -> None:
    put(ssm, "one")
    put(ssm, "two", Overwrite=True)

    assert (get(ssm)["Value"], get(ssm)["Version"]) == ("two", 2)
    assert get(ssm, f"{NAME}:1")["Value"] == "one"
    history = ssm.get_parameter_history(Name=NAME)["Parameters"]
    assert [version["Value"] for version in history] == ["one", "two"]
    assert refusal(get, ssm=ssm, name=f"{NAME}:3").startswith(
        "ParameterVersionNotFound: Systems Manager could not find version 3"
    )


@pytest.mark.mends
def test_a_version_that_was_asked_for_is_told(ssm: Any) -> None:
    put(ssm)
    ssm.label_parameter_version(Name=NAME, Labels=["live"])

    assert get(ssm, f"{NAME}:1")["Selector"] == ":1"
    [found] = ssm.get_parameters(Names=[f"{NAME}:live"])["Parameters"]
    assert (found["Name"], found["Selector"]) == (NAME, ":live")
    assert "Selector" not in get(ssm)


@pytest.mark.mends
def test_a_version_says_who_made_it(ssm: Any) -> None:
    put(ssm)
    me = "arn:aws:iam::123456789012:user/learner"

    assert described(ssm)["LastModifiedUser"] == me
    [version] = ssm.get_parameter_history(Name=NAME)["Parameters"]
    assert version["LastModifiedUser"] == me


@pytest.mark.right
def test_a_hundred_versions_are_kept(ssm: Any) -> None:
    most = int(fact("ssm.versions_kept"))
    put(ssm, "1")
    for i in range(2, most + 2):
        put(ssm, str(i), Overwrite=True)

    pages = ssm.get_paginator("get_parameter_history").paginate(Name=NAME)
    numbers = [one["Version"] for page in pages for one in page["Parameters"]]
    assert (len(numbers), min(numbers), max(numbers)) == (most, 2, most + 1)


@pytest.mark.right
def test_a_labelled_version_is_not_dropped(ssm: Any, refusal: Refusal) -> None:
    put(ssm, "1")
    ssm.label_parameter_version(Name=NAME, ParameterVersion=1, Labels=["live"])
    for i in range(2, int(fact("ssm.versions_kept")) + 1):
        put(ssm, str(i), Overwrite=True)

    said = refusal(put, ssm=ssm, Overwrite=True)
    assert said.startswith(
        "ParameterMaxVersionLimitExceeded: You attempted to create a new version"
    )
    ssm.label_parameter_version(Name=NAME, ParameterVersion=2, Labels=["live"])
    put(ssm, Overwrite=True)


@pytest.mark.right
def test_a_label_moves(ssm: Any) -> None:
    put(ssm, "one")
    put(ssm, "two", Overwrite=True)
    ssm.label_parameter_version(Name=NAME, ParameterVersion=1, Labels=["live"])
    assert get(ssm, f"{NAME}:live")["Value"] == "one"

    ssm.label_parameter_version(Name=NAME, ParameterVersion=2, Labels=["live"])
    assert get(ssm, f"{NAME}:live")["Value"] == "two"
    labels = [one["Labels"] for one in ssm.get_parameter_history(Name=NAME)["Parameters"]]
    assert labels == [[], ["live"]]


@pytest.mark.right
def test_a_version_bears_ten_labels(ssm: Any, refusal: Refusal) -> None:
    put(ssm)
    most = int(fact("ssm.labels_max"))
    ssm.label_parameter_version(Name=NAME, Labels=[f"l{i}" for i in range(most)])

    said = refusal(ssm.label_parameter_version, Name=NAME, Labels=["more"])
    assert said.startswith("ParameterVersionLabelLimitExceeded: ")


@pytest.mark.mends
def test_reserved_labels_are_reserved_in_any_case(ssm: Any) -> None:
    put(ssm)
    labels = ["live", "AWS-1", "Ssm.2", "3rd", "aws-1"]

    answer = ssm.label_parameter_version(Name=NAME, Labels=labels)
    assert answer["InvalidLabels"] == labels[1:]
    [version] = ssm.get_parameter_history(Name=NAME)["Parameters"]
    assert version["Labels"] == ["live"]


@pytest.mark.mends
def test_a_label_that_is_not_there_is_named(ssm: Any, refusal: Refusal) -> None:
    put(ssm)

    said = refusal(get, ssm=ssm, name=f"{NAME}:live")
    assert said.startswith("ParameterVersionNotFound: ")


# ---- reading ----


@pytest.mark.mends
def test_a_parameter_that_is_not_there_is_not_found(ssm: Any, refusal: Refusal) -> None:
    for call, more in (
        (ssm.get_parameter, {}),
        (ssm.get_parameter_history, {}),
        (ssm.delete_parameter, {}),
        (ssm.label_parameter_version, {"Labels": ["live"]}),
    ):
        assert refusal(call, Name=NAME, **more) == "ParameterNotFound: "
    assert refusal(get, ssm=ssm, name="/aws/service/none") == "ParameterNotFound: "
    assert ssm.describe_parameters()["Parameters"] == []


@pytest.mark.mends
def test_parameters_come_in_one_order(ssm: Any) -> None:
    names = [f"/shop/{letter}" for letter in "hcagbfde"]
    for name in names:
        put(ssm, name=name)

    found = ssm.get_parameters(Names=names)["Parameters"]
    assert [one["Name"] for one in found] == sorted(names)


@pytest.mark.right
def test_what_is_not_there_is_listed(ssm: Any, refusal: Refusal) -> None:
    put(ssm)

    answer = ssm.get_parameters(Names=[NAME, "/shop/none"])
    assert [one["Name"] for one in answer["Parameters"]] == [NAME]
    assert answer["InvalidParameters"] == ["/shop/none"]
    many = [f"/shop/{i}" for i in range(11)]
    assert "Member must have length less than or equal to 10" in refusal(
        ssm.get_parameters, Names=many
    )


@pytest.mark.mends
def test_ten_parameters_are_deleted_at_a_time(ssm: Any, refusal: Refusal) -> None:
    put(ssm)
    names = [NAME, *(f"/shop/{i}" for i in range(10))]

    assert "less than or equal to 10" in refusal(ssm.delete_parameters, Names=names)
    answer = ssm.delete_parameters(Names=names[:10])
    assert answer["DeletedParameters"] == [NAME]
    assert answer["InvalidParameters"] == names[1:10]


@pytest.mark.right
def test_a_path_is_read_by_level(ssm: Any, refusal: Refusal) -> None:
    for name in ("/shop/a", "/shop/db/host", "/shop/db/port", "/shopping"):
        put(ssm, name=name)

    def names(**more: Any) -> list[str]:
        found = ssm.get_parameters_by_path(**{"Path": "/shop"} | more)["Parameters"]
        return [one["Name"] for one in found]

    assert names() == ["/shop/a"]
    assert names(Recursive=True) == ["/shop/a", "/shop/db/host", "/shop/db/port"]
    assert names(Path="/shop/db/") == ["/shop/db/host", "/shop/db/port"]
    assert len(names(Recursive=True, MaxResults=2)) == 2
    assert "less than or equal to 10" in refusal(
        ssm.get_parameters_by_path, Path="/shop", MaxResults=11
    )


@pytest.mark.mends
def test_a_path_begins_with_a_slash(ssm: Any, refusal: Refusal) -> None:
    for path in ("shop", "/shop//db", "/sh op"):
        said = refusal(ssm.get_parameters_by_path, Path=path)
        assert said.startswith(
            INVALID + "The parameter doesn't meet the parameter name requirements."
        )
    put(ssm, name="/shop")
    [found] = ssm.get_parameters_by_path(Path="/")["Parameters"]
    assert found["Name"] == "/shop"


@pytest.mark.mends
def test_as_many_are_described_as_asked_for(ssm: Any) -> None:
    for i in range(12):
        put(ssm, name=f"/shop/{i:02d}")

    whole = ssm.describe_parameters(MaxResults=50)
    assert len(whole["Parameters"]) == 12
    assert "NextToken" not in whole
    first = ssm.describe_parameters(MaxResults=5)
    second = ssm.describe_parameters(MaxResults=7, NextToken=first["NextToken"])
    assert first["Parameters"] + second["Parameters"] == whole["Parameters"]
    assert "NextToken" not in second


# ---- policies ----


def expiring(clock: Clock, hours: float) -> dict[str, Any]:
    at = clock.now + timedelta(hours=hours)
    return {
        "Type": "Expiration",
        "Version": "1.0",
        "Attributes": {"Timestamp": f"{at:%Y-%m-%dT%H:%M:%S}.000Z"},
    }


NOTICE = {
    "Type": "NoChangeNotification",
    "Version": "1.0",
    "Attributes": {"After": "20", "Unit": "Days"},
}


def with_policies(ssm: Any, *policies: dict[str, Any], **more: Any) -> Any:
    return put(ssm, **{"Tier": "Advanced", "Policies": json.dumps(policies)} | more)


@pytest.mark.mends
def test_a_parameter_expires(ssm: Any, clock: Clock, refusal: Refusal) -> None:
    with_policies(ssm, expiring(clock, 2))
    clock.advance(hours=1)
    put(ssm, "changed", Overwrite=True)  # which puts nothing off
    clock.advance(minutes=59)
    assert get(ssm)["Value"] == "changed"

    clock.advance(minutes=1)
    assert refusal(get, ssm=ssm).startswith("ParameterNotFound")
    put(ssm, "anew")
    clock.advance(hours=3)
    assert get(ssm)["Value"] == "anew"


@pytest.mark.mends
def test_policies_last_until_others_are_sent(ssm: Any, clock: Clock, refusal: Refusal) -> None:
    with_policies(ssm, expiring(clock, 1))
    with_policies(ssm, expiring(clock, 3), Overwrite=True)
    clock.advance(hours=2)
    assert get(ssm)["Version"] == 2
    with_policies(ssm, Overwrite=True)
    clock.advance(hours=2)
    assert get(ssm)["Version"] == 3
    assert described(ssm).get("Policies", []) == []

    with_policies(ssm, expiring(clock, 1), Overwrite=True)
    clock.advance(hours=1)
    assert refusal(get, ssm=ssm).startswith("ParameterNotFound")


@pytest.mark.mends
def test_policies_are_shown(ssm: Any, clock: Clock) -> None:
    with_policies(ssm, expiring(clock, 1), NOTICE)

    first, second = described(ssm)["Policies"]
    assert (first["PolicyType"], first["PolicyStatus"]) == ("Expiration", "Pending")
    assert json.loads(second["PolicyText"]) == NOTICE


@pytest.mark.mends
def test_policies_are_for_advanced_parameters(ssm: Any, refusal: Refusal) -> None:
    assert refusal(with_policies, ssm=ssm, Tier="Standard", Policies=json.dumps([NOTICE])) == (
        INVALID + "Standard tier parameters can't have policies. To use policies, upgrade the "
        "parameter to the advanced-parameter tier."
    )
    more = {"Tier": "Intelligent-Tiering", "Policies": json.dumps([NOTICE])}
    assert with_policies(ssm, **more)["Tier"] == "Advanced"


@pytest.mark.mends
def test_policies_are_of_three_kinds(ssm: Any, clock: Clock, refusal: Refusal) -> None:
    late = expiring(clock, 1)
    wrong = [
        ("InvalidPolicyTypeException", [{"Type": "Rotation", "Version": "1.0"}]),
        ("InvalidPolicyAttributeException", [NOTICE | {"Attributes": {"After": "20"}}]),
        ("InvalidPolicyAttributeException", [expiring(clock, -1)]),
        ("InvalidPolicyAttributeException", [late | {"Attributes": {"Timestamp": "soon"}}]),
        ("IncompatiblePolicyException", [late, late]),
        ("PoliciesLimitExceededException", [NOTICE] * 11),
    ]
    for code, policies in wrong:
        text = json.dumps(policies)
        assert refusal(put, ssm=ssm, Tier="Advanced", Policies=text).startswith(code)
    bad = refusal(put, ssm=ssm, Tier="Advanced", Policies="[soon")
    assert bad.startswith("InvalidPolicyAttributeException")
