"""Who may do what, in AWS's own words: calls through boto3, allowed and denied.

Each line is one call by one of the people in tests/fidelity/scene.py. A denial is compared in
full: code, and the sentence that names the caller, the action, the resource and the kind of
policy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from labkit import fidelity
from tests.fidelity.scene import ACCOUNT, PARTNER, USER, Scene, zipped

IDENTITY = "because no identity-based policy allows the {} action"
RESOURCE = "because no resource-based policy allows the {} action"
BOUNDARY = "because no permissions boundary allows the {} action"
SESSION = "because no session policy allows the {} action"
DENY_RESOURCE = "with an explicit deny in a resource-based policy"
DENY_IDENTITY = "with an explicit deny in an identity-based policy"
READ_POSTERS = f"{DENY_IDENTITY}: arn:aws:iam::{ACCOUNT}:policy/ReadPosters"
DENY_BOUNDARY = (
    f"with an explicit deny in a permissions boundary: arn:aws:iam::{ACCOUNT}:policy/OnlyQueues"
)

ARNS = {
    "box-office": f"arn:aws:sts::{ACCOUNT}:assumed-role/box-office/till",
    "small box-office": f"arn:aws:sts::{ACCOUNT}:assumed-role/box-office/small",
    "partner": f"arn:aws:iam::{PARTNER}:user/administrator",
    "root": f"arn:aws:iam::{ACCOUNT}:root",
}


@dataclass(frozen=True)
class Case:
    """A call and what comes of it: nothing for an allowed one, or a code and a message."""

    who: str
    service: str
    operation: str
    params: dict[str, Any] = field(repr=False)
    code: str = ""
    message: str = ""

    @property
    def id(self) -> str:
        """As `ana-s3-get_object-gala.png`."""
        told = [str(value)[:24] for value in self.params.values() if isinstance(value, str)]
        end = "denied" if self.code else "allowed"
        return "-".join([self.who, self.service, self.operation, *told[:2], end])


def yes(who: str, service: str, operation: str, **params: Any) -> Case:
    """A call that is allowed."""
    return Case(who, service, operation, params)


def no(code: str, what: str, why: str, case: Case) -> Case:
    """A call that is denied: `what` is the action and where, `why` the kind of policy."""
    arn = ARNS.get(case.who, USER + case.who)
    action = what.split(" ", 1)[0]
    sentence = f"User: {arn} is not authorized to perform: {what} {why.format(action)}".strip()
    return Case(case.who, case.service, case.operation, case.params, code, sentence)


def s3(action: str, resource: str) -> str:
    return f's3:{action} on resource: "arn:aws:s3:::{resource}"'


def on(action: str, resource: str) -> str:
    service, _, rest = resource.partition(":")
    return f"{action} on resource: arn:aws:{service}:us-east-1:{ACCOUNT}:{rest}"


def iam(action: str, resource: str) -> str:
    return f"{action} on resource: arn:aws:iam::{ACCOUNT}:{resource}"


ROLE = f"arn:aws:iam::{ACCOUNT}:role/"
DENIED, JSON_DENIED = "AccessDenied", "AccessDeniedException"
OWNER = {"S": "cleo"}
TILL = {"desk": "cleo"}

CALLS = [
    # S3: identity policies, conditions on the prefix, tags, encryption, and Deny
    yes("ana", "s3", "get_object", Bucket="posters", Key="gala.png"),
    yes("ana", "s3", "head_object", Bucket="posters", Key="gala.png"),
    yes("ana", "s3", "list_objects_v2", Bucket="posters", Prefix="gala"),
    yes("ana", "s3", "get_object_tagging", Bucket="posters", Key="gala.png"),
    no(DENIED, s3("ListBucket", "posters"), IDENTITY,
       yes("ana", "s3", "list_objects_v2", Bucket="posters")),
    no(DENIED, s3("PutObject", "posters/new.png"), IDENTITY,
       yes("ana", "s3", "put_object", Bucket="posters", Key="new.png", Body=b"x")),
    no(DENIED, s3("GetObject", "posters/archive/1999.png"), READ_POSTERS,
       yes("ana", "s3", "get_object", Bucket="posters", Key="archive/1999.png")),
    no(DENIED, s3("GetObject", "posters/draft.png"), READ_POSTERS,
       yes("ana", "s3", "get_object", Bucket="posters", Key="draft.png")),
    no(DENIED, s3("ListBucket", "posters"), IDENTITY,
       yes("ana", "s3", "get_object", Bucket="posters", Key="missing.png")),
    no(DENIED, s3("GetObject", "tickets/a1.pdf"), IDENTITY,
       yes("ana", "s3", "get_object", Bucket="tickets", Key="a1.pdf")),
    no(DENIED, "s3:ListAllMyBuckets", IDENTITY, yes("ana", "s3", "list_buckets")),
    no(DENIED, s3("DeleteObject", "posters/gala.png"), IDENTITY,
       yes("ana", "s3", "delete_object", Bucket="posters", Key="gala.png")),
    no(DENIED, s3("GetBucketPolicy", "tickets"), IDENTITY,
       yes("ana", "s3", "get_bucket_policy", Bucket="tickets")),
    yes("cleo", "s3", "put_object", Bucket="tickets", Key="b2.pdf", Body=b"x",
        ServerSideEncryption="aws:kms"),
    no(DENIED, s3("PutObject", "tickets/b2.pdf"), IDENTITY,
       yes("cleo", "s3", "put_object", Bucket="tickets", Key="b2.pdf", Body=b"x")),
    no(DENIED, s3("PutObjectTagging", "tickets/b3.pdf"), IDENTITY,
       yes("cleo", "s3", "put_object", Bucket="tickets", Key="b3.pdf", Body=b"x",
           ServerSideEncryption="aws:kms", Tagging="row=b")),
    # S3: the bucket's policy
    yes("dora", "s3", "get_object", Bucket="tickets", Key="a1.pdf"),
    no(DENIED, s3("GetObject", "posters/gala.png"), IDENTITY,
       yes("dora", "s3", "get_object", Bucket="posters", Key="gala.png")),
    no(DENIED, s3("DeleteObject", "tickets/a1.pdf"), DENY_RESOURCE,
       yes("learner", "s3", "delete_object", Bucket="tickets", Key="a1.pdf")),
    yes("learner", "s3", "list_objects_v2", Bucket="tickets"),
    yes("root", "s3", "list_buckets"),
    no(DENIED, s3("DeleteObject", "tickets/a1.pdf"), DENY_RESOURCE,
       yes("root", "s3", "delete_object", Bucket="tickets", Key="a1.pdf")),
    # S3: across accounts the sentence is short
    Case("partner", "s3", "get_object", {"Bucket": "posters", "Key": "gala.png"}, DENIED,
         "Access Denied"),
    # boundary
    yes("ben", "sqs", "send_message", QueueUrl="@orders", MessageBody="2 seats"),
    no(DENIED, "s3:ListAllMyBuckets", BOUNDARY, yes("ben", "s3", "list_buckets")),
    no(DENIED, on("sqs:purgequeue", "sqs:orders"), DENY_BOUNDARY,
       yes("ben", "sqs", "purge_queue", QueueUrl="@orders")),
    no(DENIED, iam("iam:ListUsers", "user/*"), BOUNDARY, yes("ben", "iam", "list_users")),
    no(JSON_DENIED, on("dynamodb:ListTables", "dynamodb:table/*"), IDENTITY,
       yes("ben", "dynamodb", "list_tables")),
    # role and session policy
    yes("box-office", "s3", "get_object", Bucket="posters", Key="gala.png"),
    yes("box-office", "s3", "list_buckets"),
    no(DENIED, on("sqs:sendmessage", "sqs:orders"), IDENTITY,
       yes("box-office", "sqs", "send_message", QueueUrl="@orders", MessageBody="x")),
    yes("small box-office", "s3", "get_object", Bucket="posters", Key="gala.png"),
    no(DENIED, "s3:ListAllMyBuckets", SESSION, yes("small box-office", "s3", "list_buckets")),
    no(DENIED, s3("GetObject", "tickets/a1.pdf"), SESSION,
       yes("small box-office", "s3", "get_object", Bucket="tickets", Key="a1.pdf")),
    # SQS
    yes("cleo", "sqs", "send_message", QueueUrl="@orders", MessageBody="2 seats"),
    yes("cleo", "sqs", "receive_message", QueueUrl="@orders"),
    yes("cleo", "sqs", "send_message_batch", QueueUrl="@orders",
        Entries=[{"Id": "1", "MessageBody": "2 seats"}]),
    no(DENIED, on("sqs:sendmessage", "sqs:refunds"), DENY_IDENTITY,
       yes("cleo", "sqs", "send_message", QueueUrl="@refunds", MessageBody="x")),
    no(DENIED, on("sqs:getqueueattributes", "sqs:orders"), IDENTITY,
       yes("cleo", "sqs", "get_queue_attributes", QueueUrl="@orders", AttributeNames=["All"])),
    yes("dora", "sqs", "send_message", QueueUrl="@returns", MessageBody="x"),
    no(DENIED, on("sqs:sendmessage", "sqs:orders"), IDENTITY,
       yes("dora", "sqs", "send_message", QueueUrl="@orders", MessageBody="x")),
    no(DENIED, on("sqs:receivemessage", "sqs:returns"), DENY_RESOURCE,
       yes("learner", "sqs", "receive_message", QueueUrl="@returns")),
    no(DENIED, on("sqs:listqueues", "sqs:"), IDENTITY, yes("dora", "sqs", "list_queues")),
    # SNS
    yes("cleo", "sns", "publish", TopicArn="@news", Message="gala"),
    yes("dora", "sns", "publish", TopicArn="@news", Message="gala"),
    no("AuthorizationError", on("SNS:Publish", "sns:news"), IDENTITY,
       yes("ana", "sns", "publish", TopicArn="@news", Message="gala")),
    no("AuthorizationError", on("SNS:DeleteTopic", "sns:news"), IDENTITY,
       yes("cleo", "sns", "delete_topic", TopicArn="@news")),
    # DynamoDB: the items whose key is the caller's name
    yes("cleo", "dynamodb", "get_item", TableName="seats", Key={"owner": OWNER}),
    yes("cleo", "dynamodb", "query", TableName="seats", KeyConditionExpression="#o = :o",
        ExpressionAttributeNames={"#o": "owner"}, ExpressionAttributeValues={":o": OWNER}),
    no(JSON_DENIED, on("dynamodb:GetItem", "dynamodb:table/seats"), IDENTITY,
       yes("cleo", "dynamodb", "get_item", TableName="seats", Key={"owner": {"S": "ana"}})),
    no(JSON_DENIED, on("dynamodb:Query", "dynamodb:table/seats"), IDENTITY,
       yes("cleo", "dynamodb", "query", TableName="seats", KeyConditionExpression="#o = :o",
           ExpressionAttributeNames={"#o": "owner"},
           ExpressionAttributeValues={":o": {"S": "ana"}})),
    no(JSON_DENIED, on("dynamodb:BatchGetItem", "dynamodb:table/seats"), IDENTITY,
       yes("cleo", "dynamodb", "batch_get_item",
           RequestItems={"seats": {"Keys": [{"owner": OWNER}, {"owner": {"S": "ana"}}]}})),
    no(JSON_DENIED, on("dynamodb:Scan", "dynamodb:table/seats"), IDENTITY,
       yes("cleo", "dynamodb", "scan", TableName="seats")),
    no(JSON_DENIED, on("dynamodb:PutItem", "dynamodb:table/seats"), IDENTITY,
       yes("cleo", "dynamodb", "put_item", TableName="seats", Item={"owner": OWNER})),
    # KMS: with an encryption context
    yes("cleo", "kms", "encrypt", KeyId="alias/till", Plaintext=b"x", EncryptionContext=TILL),
    no(JSON_DENIED, "kms:Encrypt on resource: @key", IDENTITY,
       yes("cleo", "kms", "encrypt", KeyId="alias/till", Plaintext=b"x")),
    no(JSON_DENIED, "kms:ScheduleKeyDeletion on resource: @key", IDENTITY,
       yes("cleo", "kms", "schedule_key_deletion", KeyId="@key")),
    no(JSON_DENIED, "kms:CreateKey on resource: *", IDENTITY, yes("cleo", "kms", "create_key")),
    # SSM: parameters under the caller's name
    yes("cleo", "ssm", "get_parameter", Name="/cleo/printer"),
    yes("cleo", "ssm", "get_parameters", Names=["/cleo/printer"]),
    no(JSON_DENIED, on("ssm:GetParameter", "ssm:parameter/shop/secret"), IDENTITY,
       yes("cleo", "ssm", "get_parameter", Name="/shop/secret")),
    no(JSON_DENIED, on("ssm:GetParameters", "ssm:parameter/shop/secret"), IDENTITY,
       yes("cleo", "ssm", "get_parameters", Names=["/cleo/printer", "/shop/secret"])),
    no(JSON_DENIED, on("ssm:PutParameter", "ssm:parameter/cleo/printer"), IDENTITY,
       yes("cleo", "ssm", "put_parameter", Name="/cleo/printer", Value="x", Overwrite=True)),
    # Lambda, and passing a role to it
    no(JSON_DENIED, on("lambda:InvokeFunction", "lambda:function:print"), IDENTITY,
       yes("ana", "lambda", "invoke", FunctionName="print")),
    no(JSON_DENIED, "lambda:ListFunctions on resource: *", IDENTITY,
       yes("cleo", "lambda", "list_functions")),
    no(JSON_DENIED, iam("iam:PassRole", "role/printer"), IDENTITY,
       yes("cleo", "lambda", "create_function", FunctionName="copy", Runtime="python3.13",
           Role=ROLE + "printer", Handler="print.handler", Code={"ZipFile": zipped()})),
    no(JSON_DENIED, on("lambda:DeleteFunction", "lambda:function:print"), IDENTITY,
       yes("dora", "lambda", "delete_function", FunctionName="print")),
    # IAM
    no(DENIED, iam("iam:CreateUser", "user/eve"), IDENTITY,
       yes("ana", "iam", "create_user", UserName="eve")),
    no(DENIED, iam("iam:GetUser", "user/ana"), IDENTITY, yes("ana", "iam", "get_user")),
    no(DENIED, iam("iam:AttachUserPolicy", "user/ana"), IDENTITY,
       yes("ana", "iam", "attach_user_policy", UserName="ana",
           PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")),
    yes("learner", "iam", "list_users"),
    # STS
    yes("dora", "sts", "get_caller_identity"),
    yes("dora", "sts", "get_session_token"),
    yes("ana", "sts", "assume_role", RoleArn=ROLE + "box-office", RoleSessionName="till"),
    no(DENIED, iam("sts:AssumeRole", "role/box-office"), "",
       yes("dora", "sts", "assume_role", RoleArn=ROLE + "box-office", RoleSessionName="till")),
    no(DENIED, iam("sts:AssumeRole", "role/printer"), "",
       yes("learner", "sts", "assume_role", RoleArn=ROLE + "printer", RoleSessionName="till")),
    no(DENIED, iam("sts:AssumeRole", "role/nobody"), "",
       yes("learner", "sts", "assume_role", RoleArn=ROLE + "nobody", RoleSessionName="till")),
    yes("partner", "sts", "assume_role", RoleArn=ROLE + "partner", RoleSessionName="hall",
        ExternalId="gala-2026"),
    no(DENIED, iam("sts:AssumeRole", "role/partner"), "",
       yes("partner", "sts", "assume_role", RoleArn=ROLE + "partner", RoleSessionName="hall")),
    no(DENIED, "sts:GetFederationToken on resource: "
       f"arn:aws:sts::{ACCOUNT}:federated-user/guest", IDENTITY,
       yes("dora", "sts", "get_federation_token", Name="guest")),
]  # fmt: skip


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    sandbox = fidelity.open_sandbox("tests")
    yield Scene(sandbox)
    sandbox.close()


@pytest.mark.parametrize("case", CALLS, ids=lambda case: case.id)
def test_the_policies_decide_the_call(scene: Scene, case: Case) -> None:
    if not case.code:
        scene.call(case.who, case.service, case.operation, **case.params)
        return

    with pytest.raises(ClientError) as denied:
        scene.call(case.who, case.service, case.operation, **case.params)

    error = denied.value.response["Error"]
    expected = case.message.replace("@key", scene.ids["key"])
    assert (error["Code"], error["Message"]) == (case.code, expected)


def test_a_head_that_is_denied_has_no_words(scene: Scene) -> None:
    with pytest.raises(ClientError) as denied:
        scene.call("dora", "s3", "head_object", Bucket="posters", Key="gala.png")

    assert denied.value.response["Error"] == {"Code": "403", "Message": "Forbidden"}


def test_there_are_enough_calls_of_each_service() -> None:
    counts = Counter(case.service for case in CALLS)

    assert len(CALLS) >= 60
    assert set(counts) == {"iam", "s3", "sqs", "sns", "dynamodb", "kms", "lambda", "sts", "ssm"}
    assert {bool(case.code) for case in CALLS if case.service == "kms"} == {True, False}
