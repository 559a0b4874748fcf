"""What a call needs: which actions, on which resources, and with which condition keys."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from labkit import fidelity
from labkit.errors import LabError
from labkit.fidelity.authorisation import authoriser, s3
from labkit.fidelity.authorisation.asked import Need
from labkit.fidelity.authorisation.needs import action_name, needs_of
from labkit.fidelity.authorisation.tags import written
from labkit.policy.actions import action
from labkit.sandbox import Sandbox
from tests.fidelity.scene import ACCOUNT, trust

HERE = f"us-east-1:{ACCOUNT}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/shop/printer"

# Operations of botocore's that are younger than the tables, or need no action of their own.
UNKNOWN = {
    "dynamodb": {
        "CancelBulkOperation",
        "DescribeBulkOperation",
        "ListBulkOperations",
        "SearchVectors",
        "StartBulkPutItems",
        "TransactGetItems",
        "TransactWriteItems",
    },
    "iam": {
        "AcquireRole",
        "GetAccountProperties",
        "GetRoleTemplateVersion",
        "PutAccountProperties",
        "UpdateDelegationRequest",
        "UpdateOpenIDConnectProvider",
    },
    "kms": {"Decapsulate", "Encapsulate", "GetKeyLastUsage", "ReEncrypt"},
    "lambda": {
        "DeleteDurableExecution",
        "DeleteResourcePolicy",
        "GetResourcePolicy",
        "PauseDurableExecution",
        "PutResourcePolicy",
        "ResumeDurableExecution",
    },
    "s3": {
        "CopyObject",
        "CreateSession",
        "DeleteObjectAnnotation",
        "DeleteObjects",
        "GetObjectAnnotation",
        "ListDirectoryBuckets",
        "ListObjectAnnotations",
        "PutObjectAnnotation",
        "RenameObject",
        "UpdateBucketMetadataAnnotationTableConfiguration",
        "UploadPartCopy",
        "WriteGetObjectResponse",
    },
    "secretsmanager": {
        "AssociateCrossAccountReplica",
        "DisassociateCrossAccountReplica",
        "ListResourcePolicies",
    },
    "sns": set(),
    "sqs": set(),
    "sts": {"GetScopedCredentials"},
}


@pytest.mark.parametrize("service", UNKNOWN)
def test_every_operation_has_an_action_that_aws_lists(service: str) -> None:
    operations = botocore.session.get_session().get_service_model(service).operation_names

    unknown = {name for name in operations if action(action_name(service, name)) is None}

    assert unknown == UNKNOWN[service]


def test_no_exception_of_s3_is_for_an_operation_that_does_not_exist() -> None:
    operations = botocore.session.get_session().get_service_model("s3").operation_names

    assert set(s3.ACTIONS) - set(operations) <= {"PostObject"}  # a form, which boto3 does not send


@pytest.fixture(scope="module")
def shop() -> Iterator[Sandbox]:
    """A sandbox with a few things that are named by more than one name."""
    sandbox = fidelity.open_sandbox("tests")
    iam, kms, sm = (sandbox.client(name) for name in ("iam", "kms", "secretsmanager"))
    iam.create_user(UserName="ana", Path="/shop/")
    iam.create_role(RoleName="printer", Path="/shop/", AssumeRolePolicyDocument=trust(ACCOUNT))
    iam.create_instance_profile(InstanceProfileName="web")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="printer")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/till", TargetKeyId=key)
    sm.create_secret(Name="till", SecretString="1234")
    sandbox.client("s3").create_bucket(Bucket="posters")
    sandbox.client("dynamodb").create_table(
        TableName="seats",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "show", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "show", "AttributeType": "S"},
            {"AttributeName": "row", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-row",
                "KeySchema": [{"AttributeName": "row", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    authoriser.current().enforced = True
    yield sandbox
    sandbox.close()


@pytest.fixture
def needs(shop: Sandbox) -> Callable[..., list[Any]]:
    """Makes a call as the learner, whatever comes of it, and returns the verdicts on it."""

    def needs(service: str, operation: str, **params: Any) -> list[Any]:
        before = len(authoriser.current().judgements)
        with contextlib.suppress(ClientError, LabError):
            getattr(shop.client(service), operation)(**params)
        return [*authoriser.current().judgements[before].verdicts]

    return needs


def told(verdicts: list[Any]) -> list[tuple[str, str]]:
    return [(one.need.action, one.need.resource) for one in verdicts]


def case(service: str, operation: str, *expected: str, **params: Any) -> Any:
    """A call, and each of its needs as `action resource`."""
    pairs = [tuple(text.split(" ", 1)) for text in expected]
    return pytest.param(service, operation, params, pairs, id=f"{service}-{operation}")


KEY = {"show": {"S": "gala"}}
BUCKET, POSTER = "arn:aws:s3:::posters", "arn:aws:s3:::posters/gala.png"
TABLE = f"arn:aws:dynamodb:{HERE}:table/seats"
STREAM, FUNCTION = f"arn:aws:kinesis:{HERE}:stream/sales", f"arn:aws:lambda:{HERE}:function:print"
LOGS, ALARM = f"arn:aws:logs:{HERE}:log-group", f"arn:aws:cloudwatch:{HERE}:alarm"
PARAMETER = f"arn:aws:ssm:{HERE}:parameter"
MACHINE = f"arn:aws:states:{HERE}:stateMachine:sale"

CALLS = [
    case("s3", "list_buckets", "s3:ListAllMyBuckets arn:aws:s3:::*"),
    case("s3", "head_bucket", f"s3:ListBucket {BUCKET}", Bucket="posters"),
    case("s3", "put_bucket_lifecycle_configuration", f"s3:PutLifecycleConfiguration {BUCKET}",
         Bucket="posters", LifecycleConfiguration={"Rules": []}),
    case("s3", "get_object", f"s3:GetObjectVersion {POSTER}",
         Bucket="posters", Key="gala.png", VersionId="1"),
    case("s3", "delete_object", f"s3:DeleteObject {POSTER}", Bucket="posters", Key="gala.png"),
    case("s3", "put_object", f"s3:PutObject {POSTER}", f"s3:PutObjectAcl {POSTER}",
         f"s3:PutObjectTagging {POSTER}",
         Bucket="posters", Key="gala.png", ACL="public-read", Tagging="stage=new"),
    case("s3", "create_multipart_upload", f"s3:PutObject {POSTER}",
         Bucket="posters", Key="gala.png"),
    case("s3", "copy_object", f"s3:GetObject {BUCKET}/a b.png", f"s3:PutObject {POSTER}",
         Bucket="posters", Key="gala.png", CopySource={"Bucket": "posters", "Key": "a b.png"}),
    case("s3", "delete_objects", f"s3:DeleteObject {POSTER}", f"s3:DeleteObject {BUCKET}/b.png",
         Bucket="posters", Delete={"Objects": [{"Key": "gala.png"}, {"Key": "b.png"}]}),
    case("sqs", "create_queue", f"sqs:CreateQueue arn:aws:sqs:{HERE}:orders", QueueName="orders"),
    case("sqs", "delete_message_batch", f"sqs:DeleteMessage arn:aws:sqs:{HERE}:orders",
         QueueUrl=f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/orders",
         Entries=[{"Id": "1", "ReceiptHandle": "x"}]),
    case("sns", "create_topic", f"sns:CreateTopic arn:aws:sns:{HERE}:news", Name="news"),
    case("sns", "publish_batch", f"sns:Publish arn:aws:sns:{HERE}:news",
         TopicArn=f"arn:aws:sns:{HERE}:news",
         PublishBatchRequestEntries=[{"Id": "1", "Message": "x"}]),
    case("sns", "list_topics", f"sns:ListTopics arn:aws:sns:{HERE}:*"),
    case("dynamodb", "query", f"dynamodb:Query {TABLE}/index/by-row", TableName="seats",
         IndexName="by-row", KeyConditionExpression="#r = :r",
         ExpressionAttributeNames={"#r": "row"}, ExpressionAttributeValues={":r": {"S": "A"}}),
    case("dynamodb", "get_item", f"dynamodb:GetItem {TABLE}", TableName=TABLE, Key=KEY),
    case("dynamodb", "describe_table", f"dynamodb:DescribeTable {TABLE}", TableName="seats"),
    case("dynamodb", "transact_write_items", f"dynamodb:PutItem {TABLE}",
         f"dynamodb:ConditionCheckItem {TABLE}",
         TransactItems=[
             {"Put": {"TableName": "seats", "Item": KEY}},
             {"ConditionCheck": {"TableName": "seats", "Key": KEY,
                                 "ConditionExpression": "attribute_exists(show)"}}]),
    case("kms", "create_key", "kms:CreateKey *"),
    case("kms", "list_keys", "kms:ListKeys *"),
    case("ssm", "get_parameters_by_path", f"ssm:GetParametersByPath {PARAMETER}/shop",
         Path="/shop"),
    case("ssm", "get_parameters", f"ssm:GetParameters {PARAMETER}/a",
         f"ssm:GetParameters {PARAMETER}/shop/b", Names=["a", "/shop/b:3"]),
    case("lambda", "invoke", f"lambda:InvokeFunction {FUNCTION}:live",
         FunctionName="print", Qualifier="live"),
    case("lambda", "get_function", f"lambda:GetFunction {FUNCTION}",
         FunctionName=f"{ACCOUNT}:function:print"),
    case("lambda", "update_function_configuration",
         f"lambda:UpdateFunctionConfiguration {FUNCTION}", f"iam:PassRole {ROLE}",
         FunctionName=FUNCTION, Role=ROLE),
    case("iam", "get_user", f"iam:GetUser arn:aws:iam::{ACCOUNT}:user/learner"),
    case("iam", "attach_user_policy", f"iam:AttachUserPolicy arn:aws:iam::{ACCOUNT}:user/shop/ana",
         UserName="ana", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess"),
    case("iam", "create_role", f"iam:CreateRole arn:aws:iam::{ACCOUNT}:role/desk/till",
         RoleName="till", Path="/desk/", AssumeRolePolicyDocument="{}"),
    case("iam", "create_policy", f"iam:CreatePolicy arn:aws:iam::{ACCOUNT}:policy/Read",
         PolicyName="Read", PolicyDocument="{}"),
    case("iam", "add_role_to_instance_profile",
         f"iam:AddRoleToInstanceProfile arn:aws:iam::{ACCOUNT}:instance-profile/web",
         f"iam:PassRole {ROLE}", InstanceProfileName="web", RoleName="printer"),
    case("sts", "assume_role", f"sts:AssumeRole {ROLE}", f"sts:TagSession {ROLE}",
         RoleArn=ROLE, RoleSessionName="till", Tags=[{"Key": "desk", "Value": "hall"}]),
    case("kinesis", "put_record", f"kinesis:PutRecord {STREAM}",
         StreamName="sales", Data=b"x", PartitionKey="1"),
    case("stepfunctions", "start_execution", f"states:StartExecution {MACHINE}",
         stateMachineArn=MACHINE),
    case("stepfunctions", "create_state_machine", f"states:CreateStateMachine {MACHINE}",
         f"iam:PassRole {ROLE}", name="sale", definition="{}", roleArn=ROLE),
    case("logs", "create_log_group", f"logs:CreateLogGroup {LOGS}:/shop:log-stream:",
         logGroupName="/shop"),
    case("logs", "create_log_stream", f"logs:CreateLogStream {LOGS}:/shop:log-stream:today",
         logGroupName="/shop", logStreamName="today"),
    case("logs", "describe_log_groups", f"logs:DescribeLogGroups {LOGS}::log-stream:"),
    case("logs", "tag_log_group", f"logs:TagLogGroup {LOGS}:/shop",
         logGroupName="/shop", tags={"desk": "hall"}),
    case("cloudwatch", "delete_alarms", f"cloudwatch:DeleteAlarms {ALARM}:a",
         f"cloudwatch:DeleteAlarms {ALARM}:b", AlarmNames=["a", "b"]),
    case("ec2", "describe_instances", "ec2:DescribeInstances *"),
    case("ec2", "terminate_instances",
         f"ec2:TerminateInstances arn:aws:ec2:{HERE}:instance/i-0abc12340abc12345",
         InstanceIds=["i-0abc12340abc12345"]),
]  # fmt: skip


@pytest.mark.parametrize(("service", "operation", "params", "expected"), CALLS)
def test_a_call_needs(
    needs: Any,
    service: str,
    operation: str,
    params: dict[str, Any],
    expected: list[tuple[str, str]],
) -> None:
    assert told(needs(service, operation, **params)) == expected


def test_api_gateway_is_managed_by_verbs_on_paths() -> None:
    request = SimpleNamespace(method="POST", path="/restapis")
    asked: Any = SimpleNamespace(
        service="apigateway",
        prefix="apigateway",
        operation="CreateRestApi",
        region="us-east-1",
        params={"name": "shop"},
        exchange=SimpleNamespace(request=request),
    )

    assert needs_of(asked) == [Need("apigateway:POST", "arn:aws:apigateway:us-east-1::/restapis")]


def test_a_key_is_known_by_its_id_whatever_it_is_called(needs: Any) -> None:
    [verdict] = needs("kms", "describe_key", KeyId="alias/till")

    assert verdict.need.resource.startswith(f"arn:aws:kms:{HERE}:key/")
    assert verdict.need.context["kms:RequestAlias"] == "alias/till"


def test_a_secret_is_known_by_its_arn(needs: Any) -> None:
    [verdict] = needs("secretsmanager", "get_secret_value", SecretId="till")

    assert verdict.need.resource.startswith(f"arn:aws:secretsmanager:{HERE}:secret:till-")


def test_an_instance_is_many_things_and_passes_its_role(needs: Any) -> None:
    found = told(
        needs(
            "ec2",
            "run_instances",
            ImageId="ami-0abc12340abc12345",
            MinCount=1,
            MaxCount=1,
            IamInstanceProfile={"Name": "web"},
        )
    )

    assert ("ec2:RunInstances", "arn:aws:ec2:us-east-1::image/ami-0abc12340abc12345") in found
    assert ("ec2:RunInstances", f"arn:aws:ec2:{HERE}:instance/*") in found
    assert ("iam:PassRole", ROLE) in found


def context(needs: Any, service: str, operation: str, **params: Any) -> dict[str, Any]:
    found: dict[str, Any] = needs(service, operation, **params)[0].decision.request.context
    return found


def test_every_request_tells_the_time_the_region_and_the_caller(needs: Any) -> None:
    found = context(needs, "sqs", "list_queues")

    assert found["aws:CurrentTime"] == "2026-01-05T09:00:00Z"
    assert found["aws:EpochTime"] == "1767603600"
    assert found["aws:SourceIp"] == "203.0.113.25"
    assert found["aws:SecureTransport"] is True
    assert found["aws:RequestedRegion"] == "us-east-1"
    assert found["aws:userid"] == "AIDACKCEVSQ6C2EXAMPLE"
    assert "boto" in found["aws:UserAgent"].lower()


def test_long_term_credentials_say_nothing_of_a_second_factor(needs: Any) -> None:
    found = context(needs, "sqs", "list_queues")

    assert not {"aws:MultiFactorAuthPresent", "aws:TokenIssueTime"} & set(found)


def test_a_key_goes_only_with_actions_that_have_it(needs: Any) -> None:
    listing = context(needs, "s3", "list_objects_v2", Bucket="posters", Prefix="a", MaxKeys=5)
    getting = context(needs, "s3", "get_object", Bucket="posters", Key="a")

    assert (listing["s3:prefix"], listing["s3:max-keys"]) == ("a", 5)
    assert "s3:prefix" not in getting


def test_headers_of_s3_are_keys(needs: Any) -> None:
    found = context(
        needs,
        "s3",
        "put_object",
        Bucket="posters",
        Key="a",
        ACL="public-read",
        ServerSideEncryption="aws:kms",
        SSEKMSKeyId="alias/till",
        Tagging="stage=new&row=a",
    )

    assert found["s3:x-amz-acl"] == "public-read"
    assert found["s3:x-amz-server-side-encryption"] == "aws:kms"
    assert found["s3:x-amz-server-side-encryption-aws-kms-key-id"] == "alias/till"
    assert found["s3:RequestObjectTag/stage"] == "new"
    assert found["s3:RequestObjectTagKeys"] == ["row", "stage"]


@pytest.mark.parametrize(
    ("operation", "params", "keys", "attributes"),
    [
        ("get_item", {"Key": KEY, "ProjectionExpression": "#p, price"}, ["gala"],
         ["paid", "price", "show"]),
        ("put_item", {"Item": KEY | {"price": {"N": "9"}}}, ["gala"], ["price", "show"]),
        ("update_item", {"Key": KEY, "UpdateExpression": "SET #p = :p, seat.row = :p REMOVE note",
                         "ExpressionAttributeValues": {":p": {"S": "x"}}}, ["gala"],
         ["note", "paid", "seat", "show"]),
    ],
    ids=["get", "put", "update"],
)  # fmt: skip
def test_dynamodb_tells_the_items_and_attributes_that_are_named(
    needs: Any, operation: str, params: dict[str, Any], keys: list[str], attributes: list[str]
) -> None:
    if "#p" in str(params):
        params = params | {"ExpressionAttributeNames": {"#p": "paid"}}
    found = context(needs, "dynamodb", operation, TableName="seats", **params)

    assert found["dynamodb:LeadingKeys"] == keys
    assert found["dynamodb:Attributes"] == attributes


def test_a_query_of_an_index_tells_the_index_key(needs: Any) -> None:
    found = context(
        needs,
        "dynamodb",
        "query",
        TableName="seats",
        IndexName="by-row",
        KeyConditionExpression="#r = :r",
        ExpressionAttributeNames={"#r": "row"},
        ExpressionAttributeValues={":r": {"S": "A"}},
        Select="COUNT",
    )

    assert found["dynamodb:LeadingKeys"] == ["A"]
    assert found["dynamodb:Select"] == "COUNT"


def test_iam_tells_the_policy_and_the_service_it_is_for(needs: Any) -> None:
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"

    attaching = context(needs, "iam", "attach_user_policy", UserName="ana", PolicyArn=arn)
    passing = needs("lambda", "update_function_configuration", FunctionName="print", Role=ROLE)[
        1
    ].decision.request.context

    assert attaching["iam:PolicyARN"] == arn
    assert passing["iam:PassedToService"] == "lambda.amazonaws.com"


@pytest.mark.parametrize(
    "form",
    [
        {"desk": "hall"},
        [{"Key": "desk", "Value": "hall"}],
        [{"TagKey": "desk", "TagValue": "hall"}],
        [{"key": "desk", "value": "hall"}],
    ],
    ids=["a map", "Key and Value", "TagKey and TagValue", "key and value"],
)
def test_tags_are_read_in_each_of_awss_forms(form: Any) -> None:
    assert written(form) == {"desk": "hall"}
