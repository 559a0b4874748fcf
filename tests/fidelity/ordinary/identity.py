"""Ordinary calls on IAM, STS, Parameter Store and Secrets Manager."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Call = Callable[..., Any]
Wait = Callable[[int], None]

READ = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
    }
)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ec2.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


def iam(call: Call, wait: Wait) -> None:
    """Users, groups, roles, policies, instance profiles."""
    ana = {"UserName": "ana"}
    call("iam", "create_user", **ana)
    call("iam", "get_user", **ana)
    call("iam", "list_users")
    call("iam", "create_group", GroupName="designers")
    call("iam", "add_user_to_group", GroupName="designers", **ana)
    call("iam", "get_group", GroupName="designers")
    call("iam", "list_groups_for_user", **ana)
    made = call("iam", "create_policy", PolicyName="read", PolicyDocument=READ)
    arn = {"PolicyArn": made["Policy"]["Arn"]}
    call("iam", "get_policy", **arn)
    call("iam", "get_policy_version", **arn, VersionId="v1")
    call("iam", "attach_user_policy", **ana, **arn)
    call("iam", "list_attached_user_policies", **ana)
    call("iam", "put_user_policy", **ana, PolicyName="own", PolicyDocument=READ)
    call("iam", "get_user_policy", **ana, PolicyName="own")
    call("iam", "list_user_policies", **ana)
    call("iam", "delete_user", **ana)
    key = call("iam", "create_access_key", **ana)["AccessKey"]["AccessKeyId"]
    call("iam", "list_access_keys", **ana)
    call("iam", "update_access_key", **ana, AccessKeyId=key, Status="Inactive")
    role = {"RoleName": "web"}
    call("iam", "create_role", **role, AssumeRolePolicyDocument=TRUST)
    call("iam", "get_role", **role)
    call("iam", "attach_role_policy", **role, **arn)
    call("iam", "list_attached_role_policies", **role)
    profile = {"InstanceProfileName": "web"}
    call("iam", "create_instance_profile", **profile)
    call("iam", "add_role_to_instance_profile", **profile, **role)
    call("iam", "get_instance_profile", **profile)
    call("iam", "tag_role", **role, Tags=[{"Key": "team", "Value": "front"}])
    call("iam", "list_role_tags", **role)
    call("iam", "get_user", UserName="nobody")
    call("iam", "detach_user_policy", **ana, **arn)
    call("sts", "get_caller_identity")


def parameters(call: Call, wait: Wait) -> None:
    """Settings and secrets."""
    port = {"Name": "/tickets/port"}
    call("ssm", "put_parameter", **port, Value="8080", Type="String")
    call("ssm", "put_parameter", **port, Value="8081", Type="String", Overwrite=True)
    call("ssm", "put_parameter", Name="/tickets/hosts", Value="a,b", Type="StringList")
    call("ssm", "get_parameter", **port)
    call("ssm", "get_parameters", Names=["/tickets/hosts"])
    call("ssm", "get_parameters_by_path", Path="/tickets")
    call("ssm", "get_parameter_history", **port)
    call("ssm", "describe_parameters")
    call("ssm", "get_parameter", Name="/none")
    call("ssm", "delete_parameter", **port)
    call("secretsmanager", "create_secret", Name="database", SecretString="s3same")
    call("secretsmanager", "get_secret_value", SecretId="database")
    call("secretsmanager", "describe_secret", SecretId="database")
    call("secretsmanager", "list_secrets")


ALL = (iam, parameters)
