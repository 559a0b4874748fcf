"""The ticket shop's people, policies and things, for the tests of who may do what.

ana    a designer: reads posters, lists those of the gala, and nothing from the archive
ben    a developer: may do anything with S3 and SQS, but has a boundary that lets SQS through
cleo   a clerk: her own seats, one key with one context, her parameters, one function
dora   has nothing of her own; some things' own policies let her in
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from labkit.fidelity.authorisation import authoriser, people
from labkit.sandbox import Sandbox

ACCOUNT = "123456789012"
PARTNER = "210987654321"
USER = f"arn:aws:iam::{ACCOUNT}:user/"


def document(*statements: dict[str, Any]) -> str:
    """A policy of some statements; each allows unless it says otherwise."""
    whole = [{"Effect": "Allow"} | statement for statement in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": whole})


def allow(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    """A statement that allows."""
    return {"Action": action, "Resource": resource, **more}


def deny(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    """A statement that denies."""
    return allow(action, resource, **more) | {"Effect": "Deny"}


def trust(*principals: str, **condition: Any) -> str:
    """A trust policy for users, roles or accounts."""
    return document({"Principal": {"AWS": [*principals]}, "Action": "sts:AssumeRole", **condition})


class Scene:
    """The shop laid out in a sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.ids: dict[str, str] = {}
        self._people()
        self._things()
        self._policies()
        self._sessions()
        authoriser.current().enforced = True

    def _client(self, service: str) -> Any:
        return self.sandbox.client(service)

    def _people(self) -> None:
        iam = self._client("iam")
        for name in ("ana", "ben", "cleo", "dora"):
            iam.create_user(UserName=name, Tags=[{"Key": "desk", "Value": name}])
        iam.create_group(GroupName="designers")
        iam.add_user_to_group(GroupName="designers", UserName="ana")
        iam.create_role(RoleName="box-office", AssumeRolePolicyDocument=trust(USER + "ana"))
        iam.create_role(
            RoleName="partner",
            AssumeRolePolicyDocument=trust(
                f"arn:aws:iam::{PARTNER}:root",
                Condition={"StringEquals": {"sts:ExternalId": "gala-2026"}},
            ),
        )
        iam.create_role(
            RoleName="printer",
            AssumeRolePolicyDocument=document(
                {"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ),
        )

    def _things(self) -> None:
        s3, sqs, sns = self._client("s3"), self._client("sqs"), self._client("sns")
        s3.create_bucket(Bucket="posters")
        for key in ("gala.png", "archive/1999.png"):
            s3.put_object(Bucket="posters", Key=key, Body=b"poster")
        s3.put_object(Bucket="posters", Key="draft.png", Body=b"x", Tagging="stage=draft")
        s3.create_bucket(Bucket="tickets")
        s3.delete_public_access_block(Bucket="tickets")  # its policy names everybody
        s3.put_object(Bucket="tickets", Key="a1.pdf", Body=b"ticket")
        for name in ("orders", "refunds", "returns"):
            url = sqs.create_queue(QueueName=name, tags={"desk": "cleo"})["QueueUrl"]
            self.ids[name] = url
        self.ids["news"] = sns.create_topic(Name="news")["TopicArn"]
        self._client("dynamodb").create_table(
            TableName="seats",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "owner", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "owner", "AttributeType": "S"}],
        )
        self._client("dynamodb").get_waiter("table_exists").wait(TableName="seats")
        kms, ssm = self._client("kms"), self._client("ssm")
        self.ids["key"] = kms.create_key(Description="tills")["KeyMetadata"]["Arn"]
        kms.create_alias(AliasName="alias/till", TargetKeyId=self.ids["key"])
        ssm.put_parameter(Name="/cleo/printer", Value="hall", Type="String")
        ssm.put_parameter(Name="/shop/secret", Value="x", Type="SecureString")
        self._client("lambda").create_function(
            FunctionName="print",
            Runtime="python3.13",
            Role=f"arn:aws:iam::{ACCOUNT}:role/printer",
            Handler="print.handler",
            Code={"ZipFile": zipped()},
        )

    def _policies(self) -> None:
        iam = self._client("iam")
        posters = "arn:aws:s3:::posters"
        reading = iam.create_policy(
            PolicyName="ReadPosters",
            PolicyDocument=document(
                allow(["s3:GetObject", "s3:GetObjectTagging"], posters + "/*"),
                allow("s3:ListBucket", posters, Condition=like("s3:prefix", "gala*")),
                deny("s3:GetObject", posters + "/archive/*"),
                deny("s3:GetObject", Condition=equals("s3:ExistingObjectTag/stage", "draft")),
            ),
        )["Policy"]["Arn"]
        iam.attach_group_policy(GroupName="designers", PolicyArn=reading)
        limit = iam.create_policy(
            PolicyName="OnlyQueues", PolicyDocument=document(allow("sqs:*"), deny("sqs:PurgeQueue"))
        )["Policy"]["Arn"]
        put(iam, "ben", allow(["s3:*", "sqs:*", "iam:*"]))
        iam.put_user_permissions_boundary(UserName="ben", PermissionsBoundary=limit)
        own = "${aws:username}"
        put(
            iam,
            "cleo",
            allow(
                ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:BatchGetItem"],
                Condition={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [own]}},
            ),
            allow(
                ["kms:Encrypt", "kms:Decrypt"],
                Condition=equals("kms:EncryptionContext:desk", own),
            ),
            allow("ssm:GetParameter*", f"arn:aws:ssm:*:*:parameter/{own}/*"),
            allow("lambda:InvokeFunction", "arn:aws:lambda:*:*:function:print"),
            allow("sns:Publish", self.ids["news"]),
            allow(
                "sqs:*Message*",
                Condition={"StringEquals": {"aws:ResourceTag/desk": "${aws:PrincipalTag/desk}"}},
            ),
            deny("sqs:SendMessage", "arn:aws:sqs:*:*:refunds"),
            allow("iam:PassRole", Condition=equals("iam:PassedToService", "ec2.amazonaws.com")),
            allow("lambda:CreateFunction"),
            allow("s3:PutObject", "arn:aws:s3:::tickets/*", Condition=SEALED),
        )
        put(iam, "box-office", allow(["s3:GetObject", "s3:ListAllMyBuckets"]), kind="role")
        put(iam, "partner", allow("s3:GetObject", "arn:aws:s3:::tickets/*"), kind="role")
        self._of_things()

    def _of_things(self) -> None:
        dora = {"Principal": {"AWS": USER + "dora"}}
        everyone = {"Principal": "*"}
        self._client("s3").put_bucket_policy(
            Bucket="tickets",
            Policy=document(
                allow("s3:GetObject", "arn:aws:s3:::tickets/*") | dora,
                deny("s3:DeleteObject", "arn:aws:s3:::tickets/*") | everyone,
                allow("s3:GetObject", "arn:aws:s3:::tickets/public/*") | everyone,
            ),
        )
        arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:returns"
        self._client("sqs").set_queue_attributes(
            QueueUrl=self.ids["returns"],
            Attributes={
                "Policy": document(
                    allow("sqs:SendMessage", arn) | dora, deny("sqs:ReceiveMessage", arn) | everyone
                )
            },
        )
        self._client("sns").set_topic_attributes(
            TopicArn=self.ids["news"],
            AttributeName="Policy",
            AttributeValue=document(allow("sns:Publish", self.ids["news"]) | dora),
        )
        self._client("lambda").add_permission(
            FunctionName="print",
            StatementId="dora",
            Action="lambda:InvokeFunction",
            Principal=USER + "dora",
        )

    def _sessions(self) -> None:
        self.who = {name: people.as_user(name) for name in ("ana", "ben", "cleo", "dora")}
        self.who["learner"] = self.sandbox.session
        self.who["root"] = people.as_root()
        self.who["box-office"] = people.as_role("box-office", "till", by=self.who["ana"])
        self.who["small box-office"] = people.as_role(
            "box-office",
            "small",
            by=self.who["ana"],
            Policy=document(allow("s3:GetObject", "arn:aws:s3:::posters/*")),
        )
        self.who["partner"] = people.as_account(PARTNER)

    def call(self, who: str, service: str, operation: str, **params: Any) -> Any:
        """Make a call as one of them."""
        filled = {
            name: self.ids.get(value[1:], value)
            if isinstance(value, str) and value.startswith("@")
            else value
            for name, value in params.items()
        }
        return getattr(self.who[who].client(service), operation)(**filled)


SEALED = {"StringEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}


def equals(key: str, value: str) -> dict[str, Any]:
    """A condition."""
    return {"StringEquals": {key: value}}


def like(key: str, value: str) -> dict[str, Any]:
    """A condition."""
    return {"StringLike": {key: value}}


def put(iam: Any, name: str, *statements: dict[str, Any], kind: str = "user") -> None:
    """Put an inline policy."""
    method = getattr(iam, f"put_{kind}_policy")
    owner = {"user": "UserName", "role": "RoleName", "group": "GroupName"}[kind]
    method(**{owner: name}, PolicyName="shop", PolicyDocument=document(*statements))


def zipped() -> bytes:
    """The code of a function."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("print.py", "def handler(event, context):\n    return event\n")
    return held.getvalue()
