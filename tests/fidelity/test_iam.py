"""What IAM refuses, and what must go before something can be deleted."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from labkit.fidelity.authorisation import people
from labkit.fidelity.authorisation.callers import iam_of
from labkit.fidelity.iam import totp
from labkit.fidelity.iam.aws_managed import load_all
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from tests.fidelity.scene import ACCOUNT, USER, allow, document, put, trust

Refusal = Callable[..., str]
READ = document(allow("s3:GetObject"))
AWS_POLICY = "arn:aws:iam::aws:policy/"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/"


@pytest.fixture
def iam(sandbox: Sandbox) -> Any:
    return sandbox.client("iam")


@pytest.fixture
def ana(iam: Any) -> str:
    iam.create_user(UserName="ana")
    return "ana"


@pytest.fixture
def box_office(iam: Any) -> str:
    iam.create_role(RoleName="box-office", AssumeRolePolicyDocument=trust(ACCOUNT))
    return "box-office"


@pytest.fixture
def policy(iam: Any) -> str:
    return str(iam.create_policy(PolicyName="Read", PolicyDocument=READ)["Policy"]["Arn"])


# --- who is there -----------------------------------------------------------------------------


@pytest.mark.mends
def test_the_learner_is_a_user_of_the_account(iam: Any) -> None:
    attached = iam.list_attached_user_policies(UserName="learner")["AttachedPolicies"]

    assert iam.get_user()["User"]["Arn"] == USER + "learner"
    assert [one["PolicyName"] for one in attached] == ["AdministratorAccess"]


@pytest.mark.mends
def test_ids_tell_what_they_are_of(iam: Any, ana: str, policy: str) -> None:
    iam.create_group(GroupName="designers")
    profile = iam.create_instance_profile(InstanceProfileName="web")["InstanceProfile"]

    ids = [
        iam.get_user(UserName=ana)["User"]["UserId"],
        iam.get_group(GroupName="designers")["Group"]["GroupId"],
        iam.get_policy(PolicyArn=policy)["Policy"]["PolicyId"],
        profile["InstanceProfileId"],
    ]

    assert [id[:4] for id in ids] == ["AIDA", "AGPA", "ANPA", "AIPA"]
    assert {len(id) for id in ids} == {21}


# --- names ------------------------------------------------------------------------------------


@pytest.mark.mends
def test_a_name_is_short_and_plain(iam: Any, refusal: Refusal) -> None:
    assert refusal(iam.create_user, UserName="a" * 65).endswith(
        "at 'userName' failed to satisfy constraint: Member must have length less than or equal "
        "to 64"
    )
    assert refusal(iam.create_group, GroupName="box office") == (
        "ValidationError: The specified value for groupName is invalid. It must contain only "
        "alphanumeric characters and/or the following: +=,.@_-"
    )


@pytest.mark.mends
def test_a_name_is_taken_whatever_its_case(
    iam: Any, ana: str, box_office: str, refusal: Refusal
) -> None:
    assert refusal(iam.create_user, UserName="ANA") == (
        "EntityAlreadyExists: User with name ANA already exists."
    )
    assert refusal(
        iam.create_role, RoleName="Box-Office", AssumeRolePolicyDocument=trust(ACCOUNT)
    ) == ("EntityAlreadyExists: Role with name Box-Office already exists.")


@pytest.mark.mends
def test_a_missing_role_is_named(iam: Any, refusal: Refusal) -> None:
    assert refusal(iam.get_role, RoleName="box-office") == (
        "NoSuchEntity: The role with name box-office cannot be found."
    )


@pytest.mark.mends
def test_a_missing_group_is_named(iam: Any, ana: str, refusal: Refusal) -> None:
    assert refusal(iam.add_user_to_group, GroupName="designers", UserName=ana) == (
        "NoSuchEntity: The group with name designers cannot be found."
    )


# --- documents --------------------------------------------------------------------------------


@pytest.mark.mends
def test_an_identity_policy_is_checked_in_full(iam: Any, ana: str, refusal: Refusal) -> None:
    def putting(text: str) -> str:
        return refusal(iam.put_user_policy, UserName=ana, PolicyName="shop", PolicyDocument=text)

    assert putting(document(allow("s3:*", Principal="*"))) == (
        "MalformedPolicyDocument: Policy document should not specify a principal."
    )
    assert putting(document(allow("s3:*", Sid="read posters"))).startswith(
        "MalformedPolicyDocument: Statement IDs (SID) must be alpha"
    )
    assert putting("posters") == "MalformedPolicyDocument: Syntax errors in policy."
    assert putting(document({"Action": "s3:*"})) == (
        "MalformedPolicyDocument: Policy statement must contain resources."
    )


@pytest.mark.mends
def test_a_trust_policy_is_checked_in_full(iam: Any, refusal: Refusal) -> None:
    def creating(text: str) -> str:
        return refusal(iam.create_role, RoleName="box-office", AssumeRolePolicyDocument=text)

    assert creating(READ) == "MalformedPolicyDocument: Has prohibited field Resource"
    assert creating(trust(USER + "nobody")) == (
        f'MalformedPolicyDocument: Invalid principal in policy: "AWS":"{USER}nobody"'
    )
    assert creating("{}") == "MalformedPolicyDocument: Syntax errors in policy."


@pytest.mark.mends
def test_a_managed_policy_has_a_longest_length(iam: Any, refusal: Refusal) -> None:
    long = document(allow(["s3:GetObject"] * 500))

    assert refusal(iam.create_policy, PolicyName="Read", PolicyDocument=long) == (
        "LimitExceeded: Cannot exceed quota for PolicySize: 6144"
    )


def test_white_space_does_not_count(iam: Any) -> None:
    spread = json.dumps(json.loads(READ), indent=400)

    assert len(spread) > 6144
    assert iam.create_policy(PolicyName="Read", PolicyDocument=spread)["Policy"]["Arn"]


@pytest.mark.mends
def test_inline_policies_have_a_longest_length_together(
    iam: Any, ana: str, refusal: Refusal
) -> None:
    half = document(allow(["s3:GetObject"] * 80))
    iam.put_user_policy(UserName=ana, PolicyName="one", PolicyDocument=half)

    assert refusal(iam.put_user_policy, UserName=ana, PolicyName="two", PolicyDocument=half) == (
        "LimitExceeded: Maximum policy size of 2048 bytes exceeded for user ana"
    )
    iam.put_user_policy(UserName=ana, PolicyName="one", PolicyDocument=READ)
    iam.put_user_policy(UserName=ana, PolicyName="two", PolicyDocument=half)


@pytest.mark.mends
def test_a_trust_policy_has_a_longest_length(iam: Any, refusal: Refusal) -> None:
    long = trust(*[f"arn:aws:iam::{number:012}:root" for number in range(100)])

    assert refusal(iam.create_role, RoleName="x-ray", AssumeRolePolicyDocument=long) == (
        "LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048"
    )


@pytest.mark.mends
def test_a_roles_longest_session_has_its_range(iam: Any, box_office: str, refusal: Refusal) -> None:
    assert refusal(iam.update_role, RoleName=box_office, MaxSessionDuration=50_000).endswith(
        "at 'maxSessionDuration' failed to satisfy constraint: Member must have value less than or "
        "equal to 43200"
    )


# --- managed policies -------------------------------------------------------------------------


@pytest.mark.mends
def test_a_policy_of_aws_is_there_when_it_is_named(iam: Any, ana: str) -> None:
    arn = AWS_POLICY + "AmazonS3ReadOnlyAccess"

    iam.attach_user_policy(UserName=ana, PolicyArn=arn)

    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    read = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    assert "s3:Get*" in read["Statement"][0]["Action"]


@pytest.mark.mends
def test_policies_of_aws_are_listed(iam: Any) -> None:
    found = iam.get_paginator("list_policies").paginate(Scope="AWS")

    names = {policy["PolicyName"] for page in found for policy in page["Policies"]}
    assert len(names) > 1000
    assert {"AdministratorAccess", "ReadOnlyAccess", "PowerUserAccess"} <= names


@pytest.mark.parametrize("listed", [False, True])
def test_loading_policies_of_aws_does_not_shift_the_ids_that_follow(
    iam: Any, ana: str, listed: bool
) -> None:
    if listed:
        load_all(iam_of(ACCOUNT))

    key = iam.create_access_key(UserName=ana)["AccessKey"]["AccessKeyId"]

    assert seen.setdefault("key", key) == key


seen: dict[str, str] = {}


@pytest.mark.mends
def test_a_missing_policy_is_named(iam: Any, refusal: Refusal) -> None:
    assert refusal(iam.get_policy, PolicyArn=POLICY + "Read") == (
        f"NoSuchEntity: Policy {POLICY}Read was not found."
    )


@pytest.mark.mends
def test_a_policy_in_use_is_not_deleted(iam: Any, ana: str, policy: str, refusal: Refusal) -> None:
    iam.attach_user_policy(UserName=ana, PolicyArn=policy)
    assert refusal(iam.delete_policy, PolicyArn=policy) == (
        "DeleteConflict: Cannot delete a policy attached to entities."
    )
    iam.detach_user_policy(UserName=ana, PolicyArn=policy)
    iam.create_policy_version(PolicyArn=policy, PolicyDocument=READ)
    assert "This policy has more than one version" in refusal(iam.delete_policy, PolicyArn=policy)
    iam.delete_policy_version(PolicyArn=policy, VersionId="v2")

    iam.put_user_permissions_boundary(UserName=ana, PermissionsBoundary=policy)
    assert refusal(iam.delete_policy, PolicyArn=policy).startswith("DeleteConflict")
    iam.delete_user_permissions_boundary(UserName=ana)

    iam.delete_policy(PolicyArn=policy)


@pytest.mark.mends
def test_a_policy_of_aws_cannot_be_changed(iam: Any, ana: str, refusal: Refusal) -> None:
    arn = AWS_POLICY + "ReadOnlyAccess"
    iam.attach_user_policy(UserName=ana, PolicyArn=arn)

    assert refusal(iam.create_policy_version, PolicyArn=arn, PolicyDocument=READ) == (
        "AccessDenied: Policy is outside your own account."
    )


@pytest.mark.mends
def test_managed_policies_have_a_greatest_number(iam: Any, ana: str, refusal: Refusal) -> None:
    arns = [
        iam.create_policy(PolicyName=f"Read{number}", PolicyDocument=READ)["Policy"]["Arn"]
        for number in range(11)
    ]
    for arn in arns[:10]:
        iam.attach_user_policy(UserName=ana, PolicyArn=arn)
    iam.attach_user_policy(UserName=ana, PolicyArn=arns[0])

    assert refusal(iam.attach_user_policy, UserName=ana, PolicyArn=arns[10]) == (
        "LimitExceeded: Cannot exceed quota for PoliciesPerUser: 10"
    )


@pytest.mark.right
def test_a_managed_policy_has_five_versions_at_most(
    iam: Any, policy: str, refusal: Refusal
) -> None:
    for _ in range(4):
        iam.create_policy_version(PolicyArn=policy, PolicyDocument=READ)

    again = refusal(iam.create_policy_version, PolicyArn=policy, PolicyDocument=READ)
    default = refusal(iam.delete_policy_version, PolicyArn=policy, VersionId="v1")

    assert again.startswith("LimitExceeded: A managed policy can have up to 5 versions.")
    assert default == "DeleteConflict: Cannot delete the default version of a policy."


# --- users and groups -------------------------------------------------------------------------


@pytest.mark.mends
def test_a_user_is_deleted_with_nothing_left(iam: Any, ana: str, refusal: Refusal) -> None:
    key = iam.create_access_key(UserName=ana)["AccessKey"]["AccessKeyId"]
    iam.create_login_profile(UserName=ana, Password="Posters-2026")
    iam.create_group(GroupName="designers")
    iam.add_user_to_group(GroupName="designers", UserName=ana)

    def deleting() -> str:
        return refusal(iam.delete_user, UserName=ana).removeprefix("DeleteConflict: ")

    assert deleting() == "Cannot delete entity, must delete access keys first."
    iam.delete_access_key(UserName=ana, AccessKeyId=key)
    assert deleting() == "Cannot delete entity, must delete login profile first."
    iam.delete_login_profile(UserName=ana)
    assert deleting() == "Cannot delete entity, must remove users from group first."
    iam.remove_user_from_group(GroupName="designers", UserName=ana)
    iam.delete_user(UserName=ana)


@pytest.mark.mends
def test_a_group_is_deleted_empty(iam: Any, ana: str, refusal: Refusal) -> None:
    iam.create_group(GroupName="designers")
    iam.add_user_to_group(GroupName="designers", UserName=ana)
    assert refusal(iam.delete_group, GroupName="designers") == (
        "DeleteConflict: Cannot delete entity, must remove users from group first."
    )
    iam.remove_user_from_group(GroupName="designers", UserName=ana)
    put(iam, "designers", allow("s3:*"), kind="group")
    assert refusal(iam.delete_group, GroupName="designers") == (
        "DeleteConflict: Cannot delete entity, must delete policies first."
    )


@pytest.mark.right
def test_policies_are_removed_before_who_has_them(
    iam: Any, box_office: str, refusal: Refusal
) -> None:
    put(iam, box_office, allow("s3:*"), kind="role")
    assert refusal(iam.delete_role, RoleName=box_office) == (
        "DeleteConflict: Cannot delete entity, must delete policies first."
    )
    iam.delete_role_policy(RoleName=box_office, PolicyName="shop")
    iam.create_instance_profile(InstanceProfileName="web")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName=box_office)
    assert refusal(iam.delete_role, RoleName=box_office) == (
        "DeleteConflict: Cannot delete entity, must remove roles from instance profile first."
    )


@pytest.mark.mends
def test_a_user_is_in_ten_groups_at_most(iam: Any, ana: str, refusal: Refusal) -> None:
    for number in range(11):
        iam.create_group(GroupName=f"desk-{number}")
    for number in range(10):
        iam.add_user_to_group(GroupName=f"desk-{number}", UserName=ana)

    assert refusal(iam.add_user_to_group, GroupName="desk-10", UserName=ana) == (
        "LimitExceeded: Cannot exceed quota for GroupsPerUser: 10"
    )


@pytest.mark.mends
def test_a_boundary_is_a_policy_that_exists(iam: Any, box_office: str, refusal: Refusal) -> None:
    assert refusal(
        iam.put_role_permissions_boundary, RoleName=box_office, PermissionsBoundary=POLICY + "No"
    ) == (f"NoSuchEntity: Scope ARN: {POLICY}No does not exist or is not attachable.")


@pytest.mark.mends
def test_a_user_can_have_a_boundary(iam: Any, ana: str, policy: str, refusal: Refusal) -> None:
    iam.put_user_permissions_boundary(UserName=ana, PermissionsBoundary=policy)
    assert iam.get_user(UserName=ana)["User"]["PermissionsBoundary"] == {
        "PermissionsBoundaryType": "PermissionsBoundaryPolicy",
        "PermissionsBoundaryArn": policy,
    }

    iam.delete_user_permissions_boundary(UserName=ana)
    assert "PermissionsBoundary" not in iam.get_user(UserName=ana)["User"]
    assert refusal(iam.delete_user_permissions_boundary, UserName=ana).startswith("NoSuchEntity")


@pytest.mark.mends
def test_a_user_is_created_with_its_boundary(iam: Any, policy: str) -> None:
    made = iam.create_user(UserName="ben", PermissionsBoundary=policy)["User"]

    assert made["PermissionsBoundary"]["PermissionsBoundaryArn"] == policy
    assert "PermissionsBoundary" in iam.get_user(UserName="ben")["User"]


# --- access keys ------------------------------------------------------------------------------


@pytest.mark.right
def test_a_user_has_two_access_keys_at_most(iam: Any, ana: str, refusal: Refusal) -> None:
    for _ in range(2):
        iam.create_access_key(UserName=ana)

    assert refusal(iam.create_access_key, UserName=ana) == (
        "LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2"
    )


@pytest.mark.right
def test_it_is_told_when_an_access_key_was_last_used(iam: Any, ana: str, sandbox: Sandbox) -> None:
    key = iam.create_access_key(UserName=ana)["AccessKey"]

    def used() -> dict[str, Any]:
        answer = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
        return dict(answer["AccessKeyLastUsed"])

    assert used() == {"ServiceName": "N/A", "Region": "N/A"}
    sandbox.session.client(
        "sts",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    ).get_caller_identity()
    assert used() == {
        "LastUsedDate": sandbox.clock.now,
        "ServiceName": "sts",
        "Region": "us-east-1",
    }


def test_an_inactive_or_deleted_access_key_opens_nothing(
    iam: Any, ana: str, sandbox: Sandbox, refusal: Refusal
) -> None:
    key = iam.create_access_key(UserName=ana)["AccessKey"]
    id = key["AccessKeyId"]

    def listing(service: str, method: str) -> str:
        client = sandbox.session.client(
            service, aws_access_key_id=id, aws_secret_access_key=key["SecretAccessKey"]
        )
        return refusal(getattr(client, method))

    iam.update_access_key(UserName=ana, AccessKeyId=id, Status="Inactive")
    assert listing("sts", "get_caller_identity").startswith("InvalidClientTokenId")
    iam.delete_access_key(UserName=ana, AccessKeyId=id)
    assert listing("s3", "list_buckets").startswith("InvalidAccessKeyId")
    assert listing("dynamodb", "list_tables").startswith("UnrecognizedClientException")


def test_a_user_that_is_renamed_keeps_its_keys(iam: Any, ana: str, sandbox: Sandbox) -> None:
    key = iam.create_access_key(UserName=ana)["AccessKey"]
    iam.update_user(UserName=ana, NewUserName="anna")

    identity = sandbox.session.client(
        "sts",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    ).get_caller_identity()

    assert identity["Arn"] == USER + "anna"


# --- passwords and second factors -------------------------------------------------------------


@pytest.mark.right
def test_an_account_without_a_password_policy_has_none_to_show(iam: Any, refusal: Refusal) -> None:
    assert refusal(iam.get_account_password_policy) == (
        f"NoSuchEntity: The Password Policy with domain name {ACCOUNT} cannot be found."
    )


@pytest.mark.mends
def test_a_password_follows_the_policy(iam: Any, ana: str, refusal: Refusal) -> None:
    def setting(password: str) -> str:
        return refusal(iam.create_login_profile, UserName=ana, Password=password)

    assert setting("Seat-1") == (
        "PasswordPolicyViolation: Password should have a minimum length of 8"
    )
    assert setting("postersposters") == (
        "PasswordPolicyViolation: Password does not conform to the account password policy."
    )
    iam.update_account_password_policy(MinimumPasswordLength=14, RequireNumbers=True)
    assert setting("Posters-Posters") == (
        "PasswordPolicyViolation: Password should have at least one number"
    )
    iam.create_login_profile(UserName=ana, Password="Posters-Posters-1")


@pytest.mark.mends
def test_a_user_has_one_password(iam: Any, ana: str, refusal: Refusal) -> None:
    iam.create_login_profile(UserName=ana, Password="Posters-2026")

    assert refusal(iam.create_login_profile, UserName=ana, Password="Posters-2027") == (
        "EntityAlreadyExists: Login Profile for user ana already exists."
    )


@pytest.mark.mends
def test_users_change_their_own_password(iam: Any, ana: str, refusal: Refusal) -> None:
    iam.create_login_profile(UserName=ana, Password="Posters-2026")
    own = people.as_user("ana").client("iam")

    own.change_password(OldPassword="Posters-2026", NewPassword="Posters-2027")

    assert refusal(
        own.change_password, OldPassword="Posters-2026", NewPassword="Posters-2028"
    ).startswith("AccessDenied")


@pytest.mark.mends
def test_a_device_is_enabled_by_two_codes_in_a_row(
    iam: Any, ana: str, clock: Clock, refusal: Refusal
) -> None:
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    seed = made["Base32StringSeed"]
    before, now = totp.code(seed, clock.now - timedelta(seconds=30)), totp.code(seed, clock.now)

    def enabling(first: str, second: str) -> None:
        iam.enable_mfa_device(
            UserName=ana,
            SerialNumber=made["SerialNumber"],
            AuthenticationCode1=first,
            AuthenticationCode2=second,
        )

    assert refusal(enabling, first=now, second=now).startswith("InvalidAuthenticationCode")
    enabling(before, now)
    assert len(iam.list_mfa_devices(UserName=ana)["MFADevices"]) == 1


# --- the credential report --------------------------------------------------------------------


@pytest.mark.mends
def test_a_report_takes_a_while(iam: Any, clock: Clock, refusal: Refusal) -> None:
    assert refusal(iam.get_credential_report).startswith("ReportNotPresent")
    states = [iam.generate_credential_report()["State"] for _ in range(2)]
    assert refusal(iam.get_credential_report).startswith("ReportInProgress")

    clock.advance(seconds=10)

    states.append(iam.generate_credential_report()["State"])
    assert states == ["STARTED", "INPROGRESS", "COMPLETE"]


@pytest.mark.mends
def test_a_report_has_everyone(iam: Any, ana: str, clock: Clock) -> None:
    key = iam.create_access_key(UserName=ana)["AccessKey"]["AccessKeyId"]
    iam.update_access_key(UserName=ana, AccessKeyId=key, Status="Inactive")
    iam.generate_credential_report()
    clock.advance(seconds=10)

    text = iam.get_credential_report()["Content"].decode()
    rows = {row["user"]: row for row in csv.DictReader(text.splitlines())}

    assert [*rows] == ["<root_account>", "learner", "ana"]
    assert rows["<root_account>"]["arn"] == f"arn:aws:iam::{ACCOUNT}:root"
    assert rows["learner"]["access_key_1_last_used_service"] == "iam"
    assert rows["ana"]["access_key_1_active"] == "false"
    assert rows["ana"]["access_key_1_last_used_date"] == "N/A"
