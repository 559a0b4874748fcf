"""What a lab offers on identities: enforcement, others' sessions, and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

import labkit
from labkit.errors import LabError, UsageError
from labkit.lab import Lab
from tests.fidelity.scene import ACCOUNT, USER, allow, deny, document, put, trust


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    monkeypatch.setenv("LABKIT_DATA_DIR", str(tmp_path))
    with labkit.start("sqs") as opened:
        yield opened


@pytest.fixture
def iam(lab: Lab) -> Any:
    client = boto3.client("iam")
    client.create_user(UserName="ana")
    return client


def is_denied(session: Any) -> bool:
    try:
        session.client("sqs").list_queues()
    except ClientError as error:
        return bool(error.response["Error"]["Code"] == "AccessDenied")
    return False


def test_enforcement_is_turned_on_and_off(lab: Lab, iam: Any) -> None:
    ana = lab.as_user("ana")
    assert not is_denied(ana)

    assert repr(lab.enforce_iam(True)) == (
        "IAM is enforced: the policies decide every call from now on."
    )
    assert is_denied(ana)

    assert repr(lab.enforce_iam(False)).startswith("IAM is not enforced")
    assert not is_denied(ana)


def test_enforcement_holds_for_a_block_and_is_then_as_before(lab: Lab, iam: Any) -> None:
    ana = lab.as_user("ana")

    with lab.enforce_iam():
        assert is_denied(ana)
        with lab.enforce_iam(False):
            assert not is_denied(ana)
        assert is_denied(ana)

    assert not is_denied(ana)


def test_enforcement_ends_with_the_lab(lab: Lab) -> None:
    lab.enforce_iam()

    with labkit.start("sqs") as fresh:
        boto3.client("iam").create_user(UserName="ana")

        assert not is_denied(fresh.as_user("ana"))


def test_the_learner_stays_an_administrator(lab: Lab) -> None:
    lab.enforce_iam()

    assert boto3.client("sqs").create_queue(QueueName="orders")["QueueUrl"]


def test_an_exercise_is_laid_out_whatever_the_learner_may_do(lab: Lab, iam: Any) -> None:
    put(iam, "learner", deny("*"))
    lab.enforce_iam()

    lab.begin("long-polling")


def test_a_user_that_does_not_exist_is_told_the_nearest(lab: Lab, iam: Any) -> None:
    with pytest.raises(UsageError, match=r"There is no user 'anna'.*Did you mean 'ana'"):
        lab.as_user("anna")
    with pytest.raises(UsageError, match=r"iam\.create_user"):
        lab.as_user("zoë")


def test_a_users_session_leaves_its_two_access_keys_free(lab: Lab, iam: Any) -> None:
    lab.as_user("ana")

    for _ in range(2):
        iam.create_access_key(UserName="ana")


def test_a_session_of_a_role_is_opened_as_the_learner_or_as_another(lab: Lab, iam: Any) -> None:
    iam.create_role(RoleName="till", AssumeRolePolicyDocument=trust(USER + "ana"))

    with pytest.raises(ClientError, match="learner is not authorized to perform: sts:AssumeRole"):
        lab.as_role("till")
    session = lab.as_role("till", "hall", by=lab.as_user("ana"))

    arn = session.client("sts").get_caller_identity()["Arn"]
    assert arn == f"arn:aws:sts::{ACCOUNT}:assumed-role/till/hall"
    with pytest.raises(UsageError, match="There is no role 'till-2'"):
        lab.as_role("till-2")


def test_another_account_has_an_administrator(lab: Lab) -> None:
    there = lab.as_account("210987654321")

    assert there.client("sts").get_caller_identity()["Account"] == "210987654321"
    with pytest.raises(UsageError, match="An account id has 12 digits"):
        lab.as_account("partner")


def test_the_root_user_needs_no_policy(lab: Lab) -> None:
    lab.enforce_iam()

    assert lab.as_root().client("s3").list_buckets()["Buckets"] == []
    assert repr(lab.why()).startswith("Allowed: the root user needs no policy in its own account.")


def test_an_authenticator_shows_the_code_of_now(lab: Lab) -> None:
    seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    first = lab.mfa_code(seed)

    lab.clock.advance(seconds=30)

    assert len(first) == 6
    assert lab.mfa_code(seed.encode()) != first


# --- why --------------------------------------------------------------------------------------


def test_why_shows_the_path_to_the_last_denial(lab: Lab, iam: Any) -> None:
    put(iam, "ana", allow("sqs:SendMessage", Sid="Sells"), allow("s3:*"))
    lab.enforce_iam()
    assert is_denied(lab.as_user("ana"))

    shown = lab.why()

    assert not shown.allowed
    assert repr(shown) == (
        "Denied: no policy allows it.\n"
        f"  who   {USER}ana\n"
        "  what  sqs:ListQueues\n"
        f"  on    arn:aws:sqs:us-east-1:{ACCOUNT}:\n"
        " - identity policy 1, statement 1 (Sells): Allow does not apply; its Action "
        "(sqs:SendMessage) does not cover sqs:ListQueues.\n"
        " - identity policy 1, statement 2: Allow does not apply; its Action (s3:*) does not cover "
        "sqs:ListQueues.\n"
        "    identity policy 1 is the inline policy shop of user ana."
    )


def test_why_tells_of_an_allow_too(lab: Lab, iam: Any) -> None:
    put(iam, "ana", allow("sqs:*"))
    lab.enforce_iam()
    lab.as_user("ana").client("sqs").list_queues()

    assert lab.why().allowed
    assert "Allow applies and decides" in repr(lab.why())


def test_why_names_each_policy_by_where_it_hangs(lab: Lab, iam: Any) -> None:
    iam.create_group(GroupName="designers")
    iam.add_user_to_group(GroupName="designers", UserName="ana")
    put(iam, "designers", allow("s3:*"), kind="group")
    arn = "arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess"
    iam.attach_user_policy(UserName="ana", PolicyArn=arn)
    limit = iam.create_policy(PolicyName="Limit", PolicyDocument=document(allow("s3:*")))
    iam.put_user_permissions_boundary(UserName="ana", PermissionsBoundary=limit["Policy"]["Arn"])
    lab.enforce_iam()
    assert is_denied(lab.as_user("ana"))

    text = repr(lab.why())

    assert "identity policy 1 is the managed policy AmazonSQSReadOnlyAccess of user ana." in text
    assert "identity policy 2 is the inline policy shop of group designers." in text
    assert "permissions boundary 1 is the managed policy Limit." in text


def test_why_is_html_with_what_the_learner_wrote_made_safe(lab: Lab, iam: Any) -> None:
    put(iam, "ana", allow("sqs:*", Condition={"StringEquals": {"aws:UserAgent": "<x>"}}))
    lab.enforce_iam()
    assert is_denied(lab.as_user("ana"))

    shown = lab.why()._repr_html_()

    assert shown.startswith('<div class="lk-why" style="border-left:4px solid var(--lk-failed,')
    assert '<div class="lk-decision lk-failed">' in shown
    assert "<x>" not in shown
    assert "&lt;x&gt;" in shown
    assert "inline policy shop of user ana" in shown


def test_why_can_be_asked_of_any_call_of_the_log(lab: Lab, iam: Any) -> None:
    from labkit.sandbox import Sandbox

    lab.enforce_iam()
    assert is_denied(lab.as_user("ana"))
    boto3.client("sqs").create_queue(QueueName="orders")

    denied, created = Sandbox.current().calls.since(0)[-2:]

    assert repr(lab.why(denied)).startswith("Denied")
    assert lab.why(created).decision.request.action == "sqs:CreateQueue"


def test_a_call_with_several_needs_shows_the_one_that_failed_and_lists_the_others(
    lab: Lab, iam: Any
) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="posters")
    put(iam, "ana", allow("s3:PutObject"))
    lab.enforce_iam()
    with pytest.raises(ClientError):
        lab.as_user("ana").client("s3").put_object(
            Bucket="posters", Key="gala.png", Body=b"x", Tagging="stage=new"
        )

    text = repr(lab.why())

    assert "  what  s3:PutObjectTagging" in text
    assert "The call needs s3:PutObject on arn:aws:s3:::posters/gala.png too: allowed." in text


def test_why_says_so_where_nothing_was_decided(lab: Lab) -> None:
    boto3.client("sqs").list_queues()

    with pytest.raises(LabError, match=r"no decision on a call yet.*lab\.enforce_iam\(True\)"):
        lab.why()
    from labkit.sandbox import Sandbox

    with pytest.raises(LabError, match="no decision on call 0, ListQueues"):
        lab.why(Sandbox.current().calls.since(0)[0])
