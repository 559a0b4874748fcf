"""What lies there when an exercise begins: whatever an earlier attempt left goes first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from labkit.exercises.checks.iam_policies import (
    no_escalation,
    own_folder,
    past_the_limit,
    roll_back,
    third_party,
)
from labkit.exercises.checks.iam_policies.decisions import EVERYTHING, arn
from labkit.exercises.ground import (
    remove_bucket,
    remove_group,
    remove_policy,
    remove_queues,
    remove_role,
    remove_user,
)

if TYPE_CHECKING:
    from labkit.exercises.frame import MakeClient


def document(*statements: dict[str, Any]) -> str:
    """The text of a policy with these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": [*statements]})


def says(effect: str, action: str | list[str], resource: str = "*", **more: Any) -> dict[str, Any]:
    """A statement."""
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def managed(iam: Any, name: str, *versions: str) -> str:
    """A managed policy with these versions, the last of them in force; its ARN."""
    remove_policy(iam, arn("policy", name))
    first, *later = versions
    made = iam.create_policy(PolicyName=name, PolicyDocument=first)["Policy"]["Arn"]
    for text in later:
        iam.create_policy_version(PolicyArn=made, PolicyDocument=text, SetAsDefault=True)
    return str(made)


def lay_roll_back(client: MakeClient) -> None:
    """Three policies around `bo`, each with an edit in force."""
    iam, s3 = client("iam"), client("s3")
    remove_user(iam, roll_back.USER)
    remove_group(iam, roll_back.GROUP)
    remove_bucket(s3, roll_back.BUCKET)
    s3.create_bucket(Bucket=roll_back.BUCKET)
    objects = f"arn:aws:s3:::{roll_back.BUCKET}/*"
    published = f"arn:aws:s3:::{roll_back.BUCKET}/published/*"
    work = ["s3:GetObject", "s3:PutObject"]
    see = says("Allow", "s3:ListBucket", f"arn:aws:s3:::{roll_back.BUCKET}")
    managed(
        iam,
        roll_back.WORK,
        document(says("Allow", work, objects)),
        document(says("Allow", [*work, "s3:DeleteObject"], objects)),
    )
    managed(
        iam,
        roll_back.RULES,
        document(see),
        document(see, says("Deny", ["s3:PutObject", "s3:DeleteObject"], published)),
    )
    managed(
        iam,
        roll_back.LIMIT,
        document(says("Allow", ["s3:*", "sqs:*"])),
        document(says("Allow", ["s3:Get*", "s3:List*"])),
    )
    iam.create_group(GroupName=roll_back.GROUP)
    iam.attach_group_policy(GroupName=roll_back.GROUP, PolicyArn=arn("policy", roll_back.RULES))
    limit = arn("policy", roll_back.LIMIT)
    iam.create_user(UserName=roll_back.USER, PermissionsBoundary=limit)
    iam.attach_user_policy(UserName=roll_back.USER, PolicyArn=arn("policy", roll_back.WORK))
    iam.add_user_to_group(GroupName=roll_back.GROUP, UserName=roll_back.USER)


def lay_own_folder(client: MakeClient) -> None:
    """A group of two, without a policy, and a receipt of each."""
    iam, s3 = client("iam"), client("s3")
    for name in (*own_folder.MEMBERS, own_folder.NAMESAKE):
        remove_user(iam, name)
    remove_group(iam, own_folder.GROUP)
    remove_bucket(s3, own_folder.BUCKET)
    s3.create_bucket(Bucket=own_folder.BUCKET)
    iam.create_group(GroupName=own_folder.GROUP)
    for name in own_folder.MEMBERS:
        iam.create_user(UserName=name)
        iam.add_user_to_group(GroupName=own_folder.GROUP, UserName=name)
        s3.put_object(Bucket=own_folder.BUCKET, Key=f"{name}/1041.pdf", Body=name.encode())


def lay_no_escalation(client: MakeClient) -> None:
    """A developer without rights, a boundary, and two roles without one."""
    iam = client("iam")
    remove_user(iam, no_escalation.USER)
    for role in iam.list_roles()["Roles"]:
        if role["RoleName"].startswith("app-") or role["RoleName"] == no_escalation.ADMIN:
            remove_role(iam, role["RoleName"])
    managed(iam, no_escalation.LIMIT, document(says("Allow", ["s3:*", "sqs:*"])))
    serves = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    trust = document(serves | {"Principal": {"Service": "lambda.amazonaws.com"}})
    for name in (no_escalation.LEGACY, no_escalation.ADMIN):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    iam.create_user(UserName=no_escalation.USER)


def lay_third_party(client: MakeClient) -> None:
    """A role that trusts tally's account, whoever tally acts for."""
    from labkit.fidelity.authorisation.people import as_account

    as_account(third_party.TALLY)  # has an administrator from now on
    iam, s3 = client("iam"), client("s3")
    remove_role(iam, third_party.ROLE)
    remove_bucket(s3, third_party.BUCKET)
    s3.create_bucket(Bucket=third_party.BUCKET)
    s3.put_object(Bucket=third_party.BUCKET, Key="reports/january.csv", Body=b"seats,1204")
    trusts = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    trust = document(trusts | {"Principal": {"AWS": third_party.TALLY}})
    iam.create_role(RoleName=third_party.ROLE, AssumeRolePolicyDocument=trust)
    reports = says("Allow", "s3:GetObject", f"arn:aws:s3:::{third_party.BUCKET}/reports/*")
    iam.put_role_policy(
        RoleName=third_party.ROLE, PolicyName="read-reports", PolicyDocument=document(reports)
    )


def lay_past_the_limit(client: MakeClient) -> None:
    """A queue whose policy names everybody of the account."""
    iam, sqs = client("iam"), client("sqs")
    for name in (past_the_limit.STAFF, *past_the_limit.CONTRACTORS):
        remove_user(iam, name)
    remove_queues(sqs, past_the_limit.QUEUE)
    posters = says("Allow", "s3:GetObject", "arn:aws:s3:::posters-123456789012/*")
    limit = managed(iam, past_the_limit.LIMIT, document(posters))
    queue_arn = f"arn:aws:sqs:us-east-1:123456789012:{past_the_limit.QUEUE}"
    ours = {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}
    everyone = says(
        "Allow", "sqs:ReceiveMessage", queue_arn, Principal={"AWS": "*"}, Condition=ours
    )
    queue = sqs.create_queue(
        QueueName=past_the_limit.QUEUE, Attributes={"Policy": document(everyone)}
    )["QueueUrl"]
    for order in ("1041", "1042", "1043"):
        sqs.send_message(QueueUrl=queue, MessageBody=f"order {order}: 40 EUR to IBAN ...")
    iam.create_user(UserName=past_the_limit.STAFF)
    iam.put_user_policy(
        UserName=past_the_limit.STAFF,
        PolicyName="pay-refunds",
        PolicyDocument=document(says("Allow", "sqs:ReceiveMessage", queue_arn)),
    )
    for name in past_the_limit.CONTRACTORS:
        iam.create_user(UserName=name, PermissionsBoundary=limit)
        iam.put_user_policy(UserName=name, PolicyName="everything", PolicyDocument=EVERYTHING)
