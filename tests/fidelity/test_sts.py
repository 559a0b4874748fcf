"""Whose credentials are whose, what they are good for, and when they end."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from labkit.fidelity.authorisation import authoriser, people
from labkit.fidelity.iam import totp
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from tests.fidelity.scene import ACCOUNT, PARTNER, USER, allow, document, put, trust

LEARNER = USER + "learner"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/box-office"
HOUR_S = 3600
Refusal = Callable[..., str]


@pytest.fixture
def sts(sandbox: Sandbox) -> Any:
    return sandbox.client("sts")


@pytest.fixture
def iam(sandbox: Sandbox) -> Any:
    return sandbox.client("iam")


@pytest.fixture
def role(iam: Any) -> str:
    """A role that trusts the account."""
    iam.create_role(RoleName="box-office", AssumeRolePolicyDocument=trust(ACCOUNT))
    put(iam, "box-office", allow("s3:ListAllMyBuckets"), kind="role")
    return ROLE


def session(answer: dict[str, Any]) -> Any:
    """A boto3 session with the credentials of an answer."""
    given = answer["Credentials"]
    keys = given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]
    return boto3.Session(*keys, "us-east-1")


def arn_of(answer: dict[str, Any]) -> str:
    return str(session(answer).client("sts").get_caller_identity()["Arn"])


def lasts_s(answer: dict[str, Any], clock: Clock) -> int:
    return int((answer["Credentials"]["Expiration"] - clock.now).total_seconds())


# --- who --------------------------------------------------------------------------------------


@pytest.mark.mends
def test_the_caller_is_a_user_of_the_account(sts: Any) -> None:
    identity = sts.get_caller_identity()

    assert (identity["Account"], identity["Arn"]) == (ACCOUNT, LEARNER)
    assert identity["UserId"].startswith("AIDA")


def test_every_kind_of_caller_has_its_own_name(sts: Any, iam: Any, role: str) -> None:
    iam.create_user(UserName="ada")
    others = {
        "user": people.as_user("ada"),
        "root": people.as_root(),
        "role": people.as_role("box-office", "till"),
        "federated": session(sts.get_federation_token(Name="guest")),
        "session of a user": session(sts.get_session_token()),
        "another account": people.as_account(PARTNER),
    }

    assert {
        kind: one.client("sts").get_caller_identity()["Arn"] for kind, one in others.items()
    } == {
        "user": USER + "ada",
        "root": f"arn:aws:iam::{ACCOUNT}:root",
        "role": f"arn:aws:sts::{ACCOUNT}:assumed-role/box-office/till",
        "federated": f"arn:aws:sts::{ACCOUNT}:federated-user/guest",
        "session of a user": LEARNER,
        "another account": f"arn:aws:iam::{PARTNER}:user/administrator",
    }


def test_other_credentials_have_their_own_name(sandbox: Sandbox, iam: Any) -> None:
    iam.create_user(UserName="ada")
    key = iam.create_access_key(UserName="ada")["AccessKey"]

    arn = sandbox.session.client(
        "sts",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    ).get_caller_identity()["Arn"]

    assert arn == USER + "ada"


@pytest.mark.mends
def test_an_access_key_tells_its_account(sts: Any, sandbox: Sandbox) -> None:
    other = people.as_account(PARTNER)
    key = other.client("sts").get_session_token()["Credentials"]["AccessKeyId"]

    assert sts.get_access_key_info(AccessKeyId=key)["Account"] == PARTNER


# --- roles ------------------------------------------------------------------------------------


@pytest.mark.mends
def test_a_root_user_assumes_no_role(role: str, refusal: Refusal) -> None:
    sts = people.as_root().client("sts")

    assert refusal(sts.assume_role, RoleArn=role, RoleSessionName="till") == (
        "AccessDenied: Roles may not be assumed by root accounts."
    )


@pytest.mark.mends
def test_a_role_must_trust_who_assumes_it(sts: Any, iam: Any, refusal: Refusal) -> None:
    iam.create_user(UserName="ana")
    iam.create_role(RoleName="box-office", AssumeRolePolicyDocument=trust(USER + "ana"))

    assert refusal(sts.assume_role, RoleArn=ROLE, RoleSessionName="till") == (
        f"AccessDenied: User: {LEARNER} is not authorized to perform: sts:AssumeRole "
        f"on resource: {ROLE}"
    )


def test_a_role_that_does_not_exist_is_refused_in_the_same_words(
    sts: Any, refusal: Refusal
) -> None:
    assert refusal(sts.assume_role, RoleArn=ROLE, RoleSessionName="till").endswith(
        f"is not authorized to perform: sts:AssumeRole on resource: {ROLE}"
    )


def test_the_external_id_must_be_the_one_agreed_on(sts: Any, iam: Any, refusal: Refusal) -> None:
    agreed = {"Condition": {"StringEquals": {"sts:ExternalId": "gala-2026"}}}
    iam.create_role(RoleName="box-office", AssumeRolePolicyDocument=trust(ACCOUNT, **agreed))
    asked = {"RoleArn": ROLE, "RoleSessionName": "till"}

    assert refusal(sts.assume_role, **asked).startswith("AccessDenied")
    assert refusal(sts.assume_role, **asked, ExternalId="gala-2025").startswith("AccessDenied")
    assert "Credentials" in sts.assume_role(**asked, ExternalId="gala-2026")


def test_tags_need_a_trust_policy_that_lets_them_in(sts: Any, role: str, refusal: Refusal) -> None:
    tags = [{"Key": "desk", "Value": "hall"}]

    assert "sts:TagSession" in refusal(
        sts.assume_role, RoleArn=role, RoleSessionName="till", Tags=tags
    )


@pytest.mark.mends
def test_a_role_session_has_a_longest_duration(sts: Any, role: str, refusal: Refusal) -> None:
    asked = {"RoleArn": role, "RoleSessionName": "till"}

    assert refusal(sts.assume_role, **asked, DurationSeconds=HOUR_S + 1) == (
        "ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for "
        "this role."
    )
    assert refusal(sts.assume_role, **asked, DurationSeconds=50_000) == (
        "ValidationError: 1 validation error detected: Value '50000' at 'durationSeconds' failed "
        "to satisfy constraint: Member must have value less than or equal to 43200"
    )


@pytest.mark.mends
def test_a_chained_role_lasts_an_hour_at_most(iam: Any, role: str, refusal: Refusal) -> None:
    put(iam, "box-office", allow("sts:AssumeRole"), kind="role")
    iam.update_role(RoleName="box-office", MaxSessionDuration=4 * HOUR_S)
    first = people.as_role("box-office", DurationSeconds=2 * HOUR_S)

    assert refusal(
        first.client("sts").assume_role,
        RoleArn=role,
        RoleSessionName="again",
        DurationSeconds=2 * HOUR_S,
    ) == (
        "ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles "
        "assumed by role chaining"
    )


@pytest.mark.mends
def test_a_session_policy_is_well_formed(sts: Any, role: str, refusal: Refusal) -> None:
    asked = {"RoleArn": role, "RoleSessionName": "till"}
    long = document(allow(["s3:GetObject"] * 200))

    assert refusal(sts.assume_role, **asked, Policy="{}").startswith("MalformedPolicyDocument")
    assert refusal(sts.assume_role, **asked, Policy=long).endswith(
        "at 'policy' failed to satisfy constraint: Member must have length less than or equal to "
        "2048"
    )


@pytest.mark.mends
def test_a_role_session_is_what_was_asked_for(
    sts: Any, role: str, clock: Clock, refusal: Refusal
) -> None:
    answer = sts.assume_role(RoleArn=role, RoleSessionName="till", DurationSeconds=900)

    assert answer["AssumedRoleUser"]["Arn"] == arn_of(answer)
    assert answer["AssumedRoleUser"]["AssumedRoleId"].endswith(":till")
    assert "PackedPolicySize" not in answer
    assert lasts_s(answer, clock) == 900

    clock.advance(seconds=900)

    assert refusal(session(answer).client("s3").list_buckets) == (
        "ExpiredToken: The provided token has expired."
    )
    assert refusal(session(answer).client("dynamodb").list_tables) == (
        "ExpiredTokenException: The security token included in the request is expired"
    )


def test_a_role_lasts_an_hour_unless_it_is_asked_otherwise(
    sts: Any, role: str, clock: Clock
) -> None:
    assert lasts_s(sts.assume_role(RoleArn=role, RoleSessionName="till"), clock) == HOUR_S


def test_a_wrong_session_token_is_refused(sts: Any, role: str, refusal: Refusal) -> None:
    answer = sts.assume_role(RoleArn=role, RoleSessionName="till")
    answer["Credentials"]["SessionToken"] += "x"

    assert refusal(session(answer).client("sqs").list_queues).startswith("InvalidClientTokenId")
    assert refusal(session(answer).client("s3").list_buckets).startswith("InvalidToken")


def test_a_session_that_was_open_ends_with_its_role(iam: Any, role: str, refusal: Refusal) -> None:
    open_session = people.as_role("box-office")
    iam.delete_role_policy(RoleName="box-office", PolicyName="shop")
    iam.delete_role(RoleName="box-office")
    authoriser.current().enforced = True

    assert "because no identity-based policy" in refusal(open_session.client("s3").list_buckets)


def test_session_tags_and_what_is_handed_on(iam: Any, refusal: Refusal) -> None:
    let_in = {"Principal": {"AWS": ACCOUNT}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    for name in ("first", "second"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(let_in))
        only_hall = {"StringEquals": {"aws:PrincipalTag/desk": "hall"}}
        put(iam, name, allow("sts:AssumeRole"), kind="role")
        statement = allow("s3:ListAllMyBuckets", Condition=only_hall)
        iam.put_role_policy(RoleName=name, PolicyName="hall", PolicyDocument=document(statement))
    authoriser.current().enforced = True
    tags = [{"Key": "desk", "Value": "hall"}]

    first = people.as_role("first", Tags=tags, TransitiveTagKeys=["desk"])
    plain = people.as_role("first", Tags=tags)

    assert "Buckets" in first.client("s3").list_buckets()
    assert "Buckets" in people.as_role("second", by=first).client("s3").list_buckets()
    without = people.as_role("second", by=plain)
    assert refusal(without.client("s3").list_buckets).startswith("AccessDenied")


# --- users and federated users ----------------------------------------------------------------


@pytest.mark.mends
def test_a_session_of_a_user_has_its_range(sts: Any, refusal: Refusal) -> None:
    for call in (
        sts.get_session_token,
        lambda **more: sts.get_federation_token(Name="ivy", **more),
    ):
        assert refusal(call, DurationSeconds=129_601).endswith(
            "Member must have value less than or equal to 129600"
        )


@pytest.mark.mends
def test_a_session_begets_no_session(sts: Any, refusal: Refusal) -> None:
    inner = session(sts.get_session_token()).client("sts")

    assert refusal(inner.get_session_token) == (
        "AccessDenied: Cannot call GetSessionToken with session credentials"
    )


@pytest.mark.mends
def test_a_session_token_is_the_users_own(
    sts: Any, iam: Any, clock: Clock, refusal: Refusal
) -> None:
    answer = sts.get_session_token()

    assert arn_of(answer) == LEARNER
    assert lasts_s(answer, clock) == 12 * HOUR_S
    assert "ResponseMetadata" in session(answer).client("sqs").list_queues()

    clock.advance(hours=12)

    assert refusal(session(answer).client("sqs").list_queues).startswith("ExpiredToken")


@pytest.mark.mends
def test_a_federated_users_policy_is_well_formed(sts: Any, refusal: Refusal) -> None:
    assert refusal(sts.get_federation_token, Name="guest", Policy="{}").startswith(
        "MalformedPolicyDocument"
    )


@pytest.mark.mends
def test_a_federated_user_has_its_own_name(sts: Any, refusal: Refusal) -> None:
    guest = sts.get_federation_token(Name="guest", Policy=document(allow("s3:ListAllMyBuckets")))
    bare = sts.get_federation_token(Name="guest")
    authoriser.current().enforced = True

    assert arn_of(guest) == f"arn:aws:sts::{ACCOUNT}:federated-user/guest"
    assert "Buckets" in session(guest).client("s3").list_buckets()
    assert "no session policy allows" in refusal(session(guest).client("sqs").list_queues)
    assert "no session policy allows" in refusal(session(bare).client("s3").list_buckets)


# --- second factors ---------------------------------------------------------------------------


@pytest.fixture
def device(iam: Any, clock: Clock) -> tuple[str, bytes]:
    """The serial number and the seed of ana's device."""
    iam.create_user(UserName="ana")
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    seed = made["Base32StringSeed"]
    before, now = totp.code(seed, clock.now - timedelta(seconds=30)), totp.code(seed, clock.now)
    iam.enable_mfa_device(
        UserName="ana",
        SerialNumber=made["SerialNumber"],
        AuthenticationCode1=before,
        AuthenticationCode2=now,
    )
    return made["SerialNumber"], seed


@pytest.mark.mends
def test_a_second_factor_is_checked(
    device: tuple[str, bytes], clock: Clock, refusal: Refusal
) -> None:
    serial, seed = device
    ana = people.as_user("ana").client("sts")
    clock.advance(minutes=5)
    right, old = totp.code(seed, clock.now), totp.code(seed, clock.now - timedelta(minutes=5))

    assert refusal(ana.get_session_token, SerialNumber=serial, TokenCode=old).startswith(
        "AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code"
    )
    assert refusal(ana.get_session_token, SerialNumber=serial + "x", TokenCode=right).startswith(
        "AccessDenied: MultiFactorAuthentication failed, unable to validate MFA code"
    )
    assert "Credentials" in ana.get_session_token(SerialNumber=serial, TokenCode=right)


@pytest.mark.mends
def test_a_session_of_a_user_needs_a_second_factor_for_iam(
    sts: Any, iam: Any, device: tuple[str, bytes], clock: Clock, refusal: Refusal
) -> None:
    serial, seed = device
    ana = people.as_user("ana").client("sts")
    shown = totp.code(seed, clock.now)
    plain, with_factor = (
        ana.get_session_token(),
        ana.get_session_token(SerialNumber=serial, TokenCode=shown),
    )
    guest = sts.get_federation_token(Name="guest", Policy=document(allow("iam:*")))

    for answer in (plain, guest):
        assert refusal(session(answer).client("iam").list_users).startswith("InvalidClientTokenId")
    assert "Users" in session(with_factor).client("iam").list_users()


def test_a_policy_can_ask_for_a_second_factor(
    iam: Any, device: tuple[str, bytes], clock: Clock, refusal: Refusal
) -> None:
    serial, seed = device
    present = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    put(iam, "ana", allow("s3:ListAllMyBuckets", Condition=present))
    ana = people.as_user("ana")
    with_factor = ana.client("sts").get_session_token(
        SerialNumber=serial, TokenCode=totp.code(seed, clock.now)
    )
    without = ana.client("sts").get_session_token()
    authoriser.current().enforced = True

    assert "Buckets" in session(with_factor).client("s3").list_buckets()
    assert refusal(session(without).client("s3").list_buckets).startswith("AccessDenied")
    assert refusal(ana.client("s3").list_buckets).startswith("AccessDenied")


def test_a_role_can_ask_for_a_second_factor(
    iam: Any, device: tuple[str, bytes], clock: Clock
) -> None:
    serial, seed = device
    present = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
    iam.create_role(RoleName="safe", AssumeRolePolicyDocument=trust(ACCOUNT, **present))
    put(iam, "ana", allow("sts:AssumeRole"))
    ana = people.as_user("ana")
    authoriser.current().enforced = True

    with pytest.raises(ClientError, match="AccessDenied"):
        people.as_role("safe", by=ana)
    shown = totp.code(seed, clock.now)
    assert people.as_role("safe", by=ana, SerialNumber=serial, TokenCode=shown) is not None


# --- encoded messages -------------------------------------------------------------------------


@pytest.mark.mends
def test_an_encoded_message_is_decoded(sts: Any, iam: Any) -> None:
    iam.create_user(UserName="ana")
    put(iam, "ana", allow("ec2:*") | {"Effect": "Deny", "Sid": "NoServers"})
    authoriser.current().enforced = True
    with pytest.raises(ClientError) as denied:
        people.as_user("ana").client("ec2").describe_instances()
    error = denied.value.response["Error"]
    head, _, encoded = error["Message"].partition(" Encoded authorization failure message: ")

    told = json.loads(sts.decode_authorization_message(EncodedMessage=encoded)["DecodedMessage"])

    assert error["Code"] == "UnauthorizedOperation"
    assert head == (
        f"You are not authorized to perform this operation. User: {USER}ana is not authorized to "
        "perform: ec2:DescribeInstances with an explicit deny in an identity-based policy."
    )
    assert told["explicitDeny"] is True
    assert told["matchedStatements"]["items"][0]["statementId"] == "NoServers"
    assert told["context"]["action"] == "ec2:DescribeInstances"


def test_a_message_that_ec2_did_not_send_is_refused(sts: Any, refusal: Refusal) -> None:
    assert refusal(sts.decode_authorization_message, EncodedMessage="tickets").startswith(
        "InvalidAuthorizationMessageException"
    )


# --- web identities ---------------------------------------------------------------------------


ISSUER = "login.example.com"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"


def token(clock: Clock, **claims: Any) -> str:
    """A token that nobody signed."""
    says = {
        "iss": f"https://{ISSUER}",
        "aud": "ticket-shop",
        "sub": "ana",
        "exp": clock.now.timestamp() + HOUR_S,
    } | claims
    parts = [{"alg": "none"}, says]
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts]
    return ".".join([*(text.rstrip("=") for text in texts), ""])


@pytest.fixture
def web(sts: Any, iam: Any) -> Callable[[str], dict[str, Any]]:
    """Assumes a role that lets ana of the shop's own login in."""
    iam.create_open_id_connect_provider(
        Url=f"https://{ISSUER}", ClientIDList=["ticket-shop"], ThumbprintList=["a" * 40]
    )
    claims = {f"{ISSUER}:aud": "ticket-shop", f"{ISSUER}:sub": "ana"}
    iam.create_role(
        RoleName="visitor",
        AssumeRolePolicyDocument=document(
            {
                "Principal": {"Federated": PROVIDER},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": claims},
            }
        ),
    )

    def assume(token: str) -> dict[str, Any]:
        answer: dict[str, Any] = sts.assume_role_with_web_identity(
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/visitor",
            RoleSessionName="ana",
            WebIdentityToken=token,
        )
        return answer

    return assume


@pytest.mark.mends
def test_a_token_is_of_a_provider_that_the_account_knows(
    web: Any, clock: Clock, refusal: Refusal
) -> None:
    stranger = token(clock, iss="https://login.example.org")

    assert refusal(web, token=stranger) == (
        "InvalidIdentityToken: No OpenIDConnect provider found in your account for "
        "https://login.example.org"
    )
    assert refusal(web, token=token(clock, aud="another-shop")) == (
        "InvalidIdentityToken: Incorrect token audience"
    )
    assert refusal(web, token=token(clock, exp=0)).startswith("ExpiredTokenException")
    assert refusal(web, token="x" * 20).startswith("InvalidIdentityToken")


@pytest.mark.mends
def test_a_role_must_trust_the_token(web: Any, clock: Clock, refusal: Refusal) -> None:
    assert refusal(web, token=token(clock, sub="eve")) == (
        "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"
    )


@pytest.mark.mends
def test_a_web_identity_has_a_session_of_the_role(web: Any, clock: Clock) -> None:
    answer = web(token(clock))

    assert (answer["SubjectFromWebIdentityToken"], answer["Audience"]) == ("ana", "ticket-shop")
    assert answer["Provider"] == PROVIDER
    assert arn_of(answer) == f"arn:aws:sts::{ACCOUNT}:assumed-role/visitor/ana"


def test_a_token_of_cognito_needs_no_provider_in_iam(
    sts: Any, iam: Any, clock: Clock, refusal: Refusal
) -> None:
    known = "cognito-identity.amazonaws.com"
    iam.create_role(
        RoleName="visitor",
        AssumeRolePolicyDocument=document(
            {
                "Principal": {"Federated": known},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": {f"{known}:aud": "us-east-1:pool"}},
            }
        ),
    )
    asked = {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/visitor", "RoleSessionName": "guest"}

    def web(audience: str) -> Any:
        made = token(clock, iss=f"https://{known}", aud=audience)
        return sts.assume_role_with_web_identity(**asked, WebIdentityToken=made)

    assert web("us-east-1:pool")["Provider"] == known
    assert refusal(web, audience="us-east-1:other").startswith("AccessDenied")
