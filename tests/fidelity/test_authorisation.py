"""Who may do what: each kind of policy counts, and bad credentials open nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from labkit.fidelity.authorisation import authoriser, people
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from tests.fidelity.scene import ACCOUNT, PARTNER, USER, allow, deny, document, put, trust, zipped

Refusal = Callable[..., str]
IDENTITY = "because no identity-based policy allows the"


@pytest.fixture
def iam(sandbox: Sandbox) -> Any:
    """IAM with a user ana, who has nothing, and enforcement on."""
    client = sandbox.client("iam")
    client.create_user(UserName="ana")
    return client


@pytest.fixture
def enforced(iam: Any) -> Iterator[None]:
    authoriser.current().enforced = True
    yield
    authoriser.current().enforced = False


@pytest.fixture
def ana(enforced: None) -> Callable[..., Any]:
    """A client of ana's."""
    return people.as_user("ana").client


@pytest.fixture
def posters(sandbox: Sandbox) -> Any:
    """The learner's S3, with a bucket and two objects."""
    s3 = sandbox.client("s3")
    s3.create_bucket(Bucket="posters")
    for key in ("gala.png", "fair & square.png"):
        s3.put_object(Bucket="posters", Key=key, Body=b"x")
    return s3


# --- kinds of policies ------------------------------------------------------------------------


@pytest.mark.mends
def test_the_policies_decide_every_call(iam: Any, ana: Any, refusal: Refusal) -> None:
    assert refusal(ana("sqs").list_queues).startswith("AccessDenied")

    put(iam, "ana", allow("sqs:ListQueues"))

    assert ana("sqs").list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_without_enforcement_everyone_who_exists_may_do_everything(
    iam: Any, refusal: Refusal
) -> None:
    ana = people.as_user("ana").client("sqs")

    assert ana.create_queue(QueueName="orders")["QueueUrl"]


@pytest.mark.mends
def test_a_denial_says_who_what_where_and_why(
    iam: Any, ana: Any, posters: Any, refusal: Refusal
) -> None:
    who = f"User: {USER}ana is not authorized to perform:"

    assert refusal(ana("s3").get_object, Bucket="posters", Key="gala.png") == (
        f'AccessDenied: {who} s3:GetObject on resource: "arn:aws:s3:::posters/gala.png" '
        f"{IDENTITY} s3:GetObject action"
    )
    assert refusal(ana("dynamodb").describe_table, TableName="seats") == (
        f"AccessDeniedException: {who} dynamodb:DescribeTable on resource: "
        f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/seats {IDENTITY} dynamodb:DescribeTable action"
    )
    assert refusal(
        ana("sns").publish, TopicArn=f"arn:aws:sns:us-east-1:{ACCOUNT}:news", Message="x"
    )
    assert refusal(ana("ec2").describe_instances).startswith(
        f"UnauthorizedOperation: You are not authorized to perform this operation. {who} "
        f"ec2:DescribeInstances {IDENTITY} ec2:DescribeInstances action. Encoded authorization "
        "failure message: "
    )


@pytest.mark.mends
def test_conditions_are_held_against_the_request(
    iam: Any, ana: Any, clock: Clock, refusal: Refusal
) -> None:
    until = (clock.now + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    put(iam, "ana", allow("sqs:ListQueues", Condition={"DateLessThan": {"aws:CurrentTime": until}}))
    assert "ResponseMetadata" in ana("sqs").list_queues()

    clock.advance(hours=1)

    assert refusal(ana("sqs").list_queues).startswith("AccessDenied")


@pytest.mark.mends
def test_a_boundary_limits_what_policies_give(iam: Any, ana: Any, refusal: Refusal) -> None:
    limit = iam.create_policy(PolicyName="Queues", PolicyDocument=document(allow("sqs:*")))
    put(iam, "ana", allow("*"))
    iam.put_user_permissions_boundary(UserName="ana", PermissionsBoundary=limit["Policy"]["Arn"])

    assert "ResponseMetadata" in ana("sqs").list_queues()
    assert "because no permissions boundary allows" in refusal(ana("s3").list_buckets)


@pytest.mark.mends
def test_the_policy_of_a_resource_counts(
    iam: Any, ana: Any, sandbox: Sandbox, refusal: Refusal
) -> None:
    sqs, secrets, ecr = (sandbox.client(name) for name in ("sqs", "secretsmanager", "ecr"))
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    secrets.create_secret(Name="till", SecretString="1234")
    ecr.create_repository(repositoryName="web")
    one = {"Principal": {"AWS": USER + "ana"}}
    queue = document(allow("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders") | one)
    assert refusal(ana("sqs").send_message, QueueUrl=url, MessageBody="2 seats")

    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": queue})
    secrets.put_resource_policy(
        SecretId="till", ResourcePolicy=document(allow("secretsmanager:GetSecretValue") | one)
    )
    ecr.set_repository_policy(
        repositoryName="web", policyText=document({"Action": "ecr:DescribeImages"} | one)
    )

    assert ana("sqs").send_message(QueueUrl=url, MessageBody="2 seats")["MessageId"]
    assert ana("secretsmanager").get_secret_value(SecretId="till")["SecretString"] == "1234"
    assert ana("ecr").describe_images(repositoryName="web")["imageDetails"] == []


def test_a_table_can_have_a_policy(iam: Any, ana: Any, sandbox: Sandbox, refusal: Refusal) -> None:
    dynamodb = sandbox.client("dynamodb")
    arn = dynamodb.create_table(
        TableName="seats",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "seat", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "seat", "AttributeType": "S"}],
    )["TableDescription"]["TableArn"]
    dynamodb.get_waiter("table_exists").wait(TableName="seats")
    one = {"Principal": {"AWS": USER + "ana"}}
    dynamodb.put_resource_policy(
        ResourceArn=arn, Policy=document(allow("dynamodb:GetItem", arn) | one)
    )

    assert "ResponseMetadata" in ana("dynamodb").get_item(
        TableName="seats", Key={"seat": {"S": "A1"}}
    )
    assert refusal(ana("dynamodb").scan, TableName="seats").startswith("AccessDenied")


def test_a_key_policy_must_let_the_account_decide(
    iam: Any, ana: Any, sandbox: Sandbox, refusal: Refusal
) -> None:
    only_learner = {"Principal": {"AWS": USER + "learner"}}
    key = sandbox.client("kms").create_key(Policy=document(allow("kms:*") | only_learner))
    id = key["KeyMetadata"]["KeyId"]
    put(iam, "ana", allow("kms:*"))

    assert refusal(ana("kms").encrypt, KeyId=id, Plaintext=b"x").endswith(
        "because no resource-based policy allows the kms:Encrypt action"
    )
    assert sandbox.client("kms").encrypt(KeyId=id, Plaintext=b"x")["CiphertextBlob"]


def test_a_grant_allows_its_operations(
    iam: Any, ana: Any, sandbox: Sandbox, refusal: Refusal
) -> None:
    kms = sandbox.client("kms")
    id = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_grant(
        KeyId=id,
        GranteePrincipal=USER + "ana",
        Operations=["Encrypt"],
        Constraints={"EncryptionContextSubset": {"desk": "hall"}},
    )
    hall = {"desk": "hall"}

    sealed = ana("kms").encrypt(KeyId=id, Plaintext=b"x", EncryptionContext=hall)["CiphertextBlob"]

    assert refusal(ana("kms").encrypt, KeyId=id, Plaintext=b"x").startswith("AccessDenied")
    assert refusal(ana("kms").decrypt, CiphertextBlob=sealed, EncryptionContext=hall)


@pytest.mark.mends
def test_a_role_is_passed_by_whom_it_may_be(iam: Any, ana: Any, refusal: Refusal) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:role/printer"
    lets_in = {"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName="printer", AssumeRolePolicyDocument=document(lets_in))
    put(iam, "ana", allow("lambda:CreateFunction"))
    function = {
        "FunctionName": "print",
        "Runtime": "python3.13",
        "Role": arn,
        "Handler": "print.handler",
        "Code": {"ZipFile": zipped()},
    }
    assert refusal(ana("lambda").create_function, **function).endswith(
        f"iam:PassRole on resource: {arn} {IDENTITY} iam:PassRole action"
    )

    to_lambda = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    put(iam, "ana", allow("lambda:*"), allow("iam:PassRole", arn, Condition=to_lambda))

    assert ana("lambda").create_function(**function)["FunctionName"] == "print"


def test_what_a_caller_may_do_follows_its_tags_and_the_resources(
    iam: Any, ana: Any, sandbox: Sandbox, refusal: Refusal
) -> None:
    iam.tag_user(UserName="ana", Tags=[{"Key": "desk", "Value": "hall"}])
    same = {"StringEquals": {"aws:ResourceTag/desk": "${aws:PrincipalTag/desk}"}}
    put(
        iam,
        "ana",
        allow(["sqs:SendMessage", "ssm:GetParameter", "kms:DescribeKey"], Condition=same),
    )
    sqs, ssm, kms = (sandbox.client(name) for name in ("sqs", "ssm", "kms"))
    own = sqs.create_queue(QueueName="hall", tags={"desk": "hall"})["QueueUrl"]
    other = sqs.create_queue(QueueName="till", tags={"desk": "till"})["QueueUrl"]
    tags = [{"Key": "desk", "Value": "hall"}]
    ssm.put_parameter(Name="/hall/printer", Value="1", Type="String", Tags=tags)
    key = kms.create_key(Tags=[{"TagKey": "desk", "TagValue": "hall"}])["KeyMetadata"]["KeyId"]

    assert ana("sqs").send_message(QueueUrl=own, MessageBody="x")["MessageId"]
    assert refusal(ana("sqs").send_message, QueueUrl=other, MessageBody="x")
    assert ana("ssm").get_parameter(Name="/hall/printer")["Parameter"]["Value"] == "1"
    assert ana("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyId"] == key


def test_tags_in_the_request_can_be_asked_for(iam: Any, ana: Any, refusal: Refusal) -> None:
    wanted = {
        "StringEquals": {"aws:RequestTag/desk": "hall"},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["desk"]},
    }
    put(iam, "ana", allow(["sqs:CreateQueue", "sqs:TagQueue"], Condition=wanted))

    assert refusal(ana("sqs").create_queue, QueueName="orders").startswith("AccessDenied")
    assert refusal(ana("sqs").create_queue, QueueName="orders", tags={"desk": "hall", "x": "y"})
    assert ana("sqs").create_queue(QueueName="orders", tags={"desk": "hall"})["QueueUrl"]


def test_a_change_of_policies_is_in_force_at_once(iam: Any, ana: Any, refusal: Refusal) -> None:
    policy = iam.create_policy(PolicyName="Queues", PolicyDocument=document(allow("sqs:*")))
    arn = policy["Policy"]["Arn"]
    iam.attach_user_policy(UserName="ana", PolicyArn=arn)
    assert "ResponseMetadata" in ana("sqs").list_queues()

    iam.create_policy_version(
        PolicyArn=arn, PolicyDocument=document(deny("sqs:*")), SetAsDefault=True
    )

    assert refusal(ana("sqs").list_queues).endswith(
        f"with an explicit deny in an identity-based policy: {arn}"
    )


# --- across accounts --------------------------------------------------------------------------


def test_across_accounts_both_sides_must_allow(
    iam: Any, ana: Any, posters: Any, refusal: Refusal
) -> None:
    partner = people.as_account(PARTNER)
    theirs = partner.client("s3")
    theirs.create_bucket(Bucket="partner-posters")
    theirs.put_object(Bucket="partner-posters", Key="gala.png", Body=b"x")
    asked = {"Bucket": "partner-posters", "Key": "gala.png"}
    whole = "arn:aws:s3:::partner-posters/*"
    put(iam, "ana", allow("s3:GetObject", whole))
    assert refusal(ana("s3").get_object, **asked) == "AccessDenied: Access Denied"

    account = {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
    theirs.put_bucket_policy(
        Bucket="partner-posters", Policy=document(allow("s3:GetObject", whole) | account)
    )
    assert ana("s3").get_object(**asked)["Body"].read() == b"x"

    put(iam, "ana", allow("sqs:*"))
    assert refusal(ana("s3").get_object, **asked) == "AccessDenied: Access Denied"


# --- S3's own ways ----------------------------------------------------------------------------


@pytest.mark.mends
def test_who_may_not_list_is_not_told_what_is_missing(
    iam: Any, ana: Any, posters: Any, refusal: Refusal
) -> None:
    put(iam, "ana", allow("s3:GetObject"))
    missing = {"Bucket": "posters", "Key": "missing.png"}
    assert "s3:ListBucket" in refusal(ana("s3").get_object, **missing)

    put(iam, "ana", allow(["s3:GetObject", "s3:ListBucket"]))

    assert refusal(ana("s3").get_object, **missing).startswith("NoSuchKey")


@pytest.mark.mends
def test_objects_are_deleted_one_by_one(iam: Any, ana: Any, posters: Any) -> None:
    put(iam, "ana", allow("s3:DeleteObject", "arn:aws:s3:::posters/fair*"))
    both = {"Objects": [{"Key": "gala.png"}, {"Key": "fair & square.png"}]}

    answer = ana("s3").delete_objects(Bucket="posters", Delete=both)

    assert [one["Key"] for one in answer["Deleted"]] == ["fair & square.png"]
    assert [(one["Key"], one["Code"]) for one in answer["Errors"]] == [("gala.png", "AccessDenied")]
    left = posters.list_objects_v2(Bucket="posters")["Contents"]
    assert [one["Key"] for one in left] == ["gala.png"]


def test_a_bucket_that_does_not_exist_is_told_to_everyone(ana: Any, refusal: Refusal) -> None:
    assert refusal(ana("s3").list_objects_v2, Bucket="nowhere").startswith("NoSuchBucket")


def test_a_copy_needs_both_its_ends(iam: Any, ana: Any, posters: Any, refusal: Refusal) -> None:
    copy = {"Bucket": "posters", "Key": "copy.png", "CopySource": "posters/gala.png"}
    put(iam, "ana", allow("s3:PutObject"))
    assert 's3:GetObject on resource: "arn:aws:s3:::posters/gala.png"' in refusal(
        ana("s3").copy_object, **copy
    )
    put(iam, "ana", allow("s3:GetObject"))
    assert 's3:PutObject on resource: "arn:aws:s3:::posters/copy.png"' in refusal(
        ana("s3").copy_object, **copy
    )


# --- credentials ------------------------------------------------------------------------------


@pytest.mark.mends
def test_an_inactive_access_key_is_refused(iam: Any, sandbox: Sandbox, refusal: Refusal) -> None:
    key = iam.create_access_key(UserName="ana")["AccessKey"]
    iam.update_access_key(UserName="ana", AccessKeyId=key["AccessKeyId"], Status="Inactive")

    def call(service: str, method: str) -> str:
        client = sandbox.session.client(
            service,
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
        )
        return refusal(getattr(client, method))

    assert call("iam", "list_users") == (
        "InvalidClientTokenId: The security token included in the request is invalid."
    )
    assert call("s3", "list_buckets") == (
        "InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records."
    )
    assert call("dynamodb", "list_tables") == (
        "UnrecognizedClientException: The security token included in the request is invalid."
    )
    assert call("ec2", "describe_instances") == (
        "AuthFailure: AWS was not able to validate the provided access credentials"
    )


@pytest.mark.mends
def test_a_request_that_nobody_signed_is_refused(sandbox: Sandbox) -> None:
    form = {"Action": "ListQueues", "Version": "2012-11-05"}
    answer = requests.post("https://sqs.us-east-1.amazonaws.com/", data=form, timeout=5)

    assert answer.status_code == 403
    assert "<Code>MissingAuthenticationToken</Code>" in answer.text


def test_a_call_that_nobody_need_sign_is_not_held_up(enforced: None, sandbox: Sandbox) -> None:
    cognito = sandbox.client("cognito-identity")
    pool = cognito.create_identity_pool(
        IdentityPoolName="visitors", AllowUnauthenticatedIdentities=True
    )["IdentityPoolId"]

    assert cognito.get_id(IdentityPoolId=pool)["IdentityId"]


def test_a_condition_can_ask_for_a_secure_transport(
    iam: Any, ana: Any, sandbox: Sandbox, refusal: Refusal
) -> None:
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    put(iam, "ana", allow("sqs:ListQueues"), deny("*", Condition=plain))

    assert "ResponseMetadata" in ana("sqs").list_queues()
    over_http = ana("sqs", endpoint_url=sandbox.endpoint_url)
    assert refusal(over_http.list_queues).endswith(
        "with an explicit deny in an identity-based policy"
    )


def test_what_labkit_does_by_itself_is_not_held_up(
    sandbox: Sandbox, iam: Any, enforced: None, refusal: Refusal
) -> None:
    put(iam, "learner", deny("sqs:*"))
    assert refusal(sandbox.client("sqs").list_queues).endswith(
        "with an explicit deny in an identity-based policy"
    )

    with sandbox.quietly():
        assert sandbox.client("sqs").create_queue(QueueName="orders")["QueueUrl"]


def test_a_service_is_let_in_by_the_resources_policy(sandbox: Sandbox) -> None:
    sqs = sandbox.client("sqs")
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders"
    topic = f"arn:aws:sns:us-east-1:{ACCOUNT}:news"
    from_topic = {"ArnEquals": {"aws:SourceArn": topic}}
    lets_in = allow("sqs:SendMessage", arn, Condition=from_topic)
    url = sqs.create_queue(
        QueueName="orders",
        Attributes={"Policy": document(lets_in | {"Principal": {"Service": "sns.amazonaws.com"}})},
    )["QueueUrl"]

    def may(source: str) -> bool:
        asked = ("sns.amazonaws.com", "sqs:SendMessage", arn, {"aws:SourceArn": source})
        return authoriser.current().decide(*asked).allowed

    assert may(topic)
    assert not may(topic + "-old")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    assert not may(topic)


def test_a_service_has_the_role_that_trusts_it(sandbox: Sandbox, iam: Any) -> None:
    import boto3

    lets_in = {"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName="printer", AssumeRolePolicyDocument=document(lets_in))
    arn = f"arn:aws:iam::{ACCOUNT}:role/printer"

    given = people.session_for_service(arn, "lambda.amazonaws.com", "print")

    keys = (given.access_key, given.secret_key, given.token)
    identity = boto3.Session(*keys, "us-east-1").client("sts").get_caller_identity()
    assert identity["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/printer/print"
    with pytest.raises(Exception, match="does not trust ec2"):
        people.session_for_service(arn, "ec2.amazonaws.com", "print")


# --- over HTTP --------------------------------------------------------------------------------


def test_the_same_holds_over_http(iam: Any, ana: Any, sandbox: Sandbox, refusal: Refusal) -> None:
    put(iam, "ana", allow("sqs:ListQueues"))
    there = {"endpoint_url": sandbox.endpoint_url}

    assert "ResponseMetadata" in ana("sqs", **there).list_queues()
    assert refusal(ana("sqs", **there).create_queue, QueueName="orders").endswith(
        f"sqs:createqueue on resource: arn:aws:sqs:us-east-1:{ACCOUNT}:orders "
        f"{IDENTITY} sqs:createqueue action"
    )
    assert refusal(ana("dynamodb", **there).list_tables).startswith("AccessDeniedException")
    assert refusal(ana("iam", **there).list_users).startswith("AccessDenied")


def test_the_aws_command_is_held_to_the_policies(
    iam: Any, enforced: None, sandbox: Sandbox
) -> None:
    import os
    import subprocess
    import sys

    put(iam, "ana", allow("sqs:ListQueues"))
    credentials = people.as_user("ana").get_credentials()
    environment = os.environ | {
        "AWS_ACCESS_KEY_ID": credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
    }

    def aws(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "awscli", "--endpoint-url", sandbox.endpoint_url, *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert aws("sqs", "list-queues").returncode == 0
    denied = aws("sqs", "create-queue", "--queue-name", "orders")
    assert denied.returncode != 0
    assert f"User: {USER}ana is not authorized to perform: sqs:createqueue" in denied.stderr


def test_two_sandboxes_give_the_same_credentials_to_the_same_people() -> None:
    from labkit import fidelity

    def keys() -> list[str]:
        with_user = fidelity.open_sandbox("tests").client("iam")
        with_user.create_user(UserName="ana")
        with_user.create_role(RoleName="till", AssumeRolePolicyDocument=trust(ACCOUNT))
        sessions = [people.as_user("ana"), people.as_role("till"), people.as_root()]
        sessions.append(people.as_account(PARTNER))
        return [one.get_credentials().access_key for one in sessions]

    first, second = keys(), keys()

    Sandbox.current().close()
    assert first == second
    assert len(set(first)) == 4
