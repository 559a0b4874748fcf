"""Laying a start state afresh: what an earlier attempt left behind goes, then the new comes."""

from __future__ import annotations

from contextlib import suppress
from typing import Any


def remove_queues(sqs: Any, *names: str) -> None:
    """None of these queues is there, whether or not they were."""
    for name in names:
        try:
            url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        except sqs.exceptions.QueueDoesNotExist:
            continue
        sqs.delete_queue(QueueUrl=url)


def remove_bucket(s3: Any, name: str) -> None:
    """The bucket is not there, nor is anything that lay in it."""
    try:
        listed = s3.list_objects_v2(Bucket=name)
    except s3.exceptions.NoSuchBucket:
        return
    for item in listed.get("Contents", []):
        s3.delete_object(Bucket=name, Key=item["Key"])
    s3.delete_bucket(Bucket=name)


def remove_table(dynamodb: Any, name: str) -> None:
    """The table is not there, nor are its items, indexes and stream."""
    with suppress(dynamodb.exceptions.ResourceNotFoundException):
        dynamodb.delete_table(TableName=name)


def remove_user(iam: Any, name: str) -> None:
    """The user is not there, nor its keys, password, policies and place in groups."""
    user = {"UserName": name}
    try:
        iam.get_user(**user)
    except iam.exceptions.NoSuchEntityException:
        return
    for key in iam.list_access_keys(**user)["AccessKeyMetadata"]:
        iam.delete_access_key(**user, AccessKeyId=key["AccessKeyId"])
    for policy in iam.list_user_policies(**user)["PolicyNames"]:
        iam.delete_user_policy(**user, PolicyName=policy)
    for policy in iam.list_attached_user_policies(**user)["AttachedPolicies"]:
        iam.detach_user_policy(**user, PolicyArn=policy["PolicyArn"])
    for group in iam.list_groups_for_user(**user)["Groups"]:
        iam.remove_user_from_group(**user, GroupName=group["GroupName"])
    with suppress(iam.exceptions.NoSuchEntityException):
        iam.delete_login_profile(**user)
    iam.delete_user(**user)


def remove_role(iam: Any, name: str) -> None:
    """The role is not there, nor its policies, nor the instance profiles that it lay in."""
    role = {"RoleName": name}
    try:
        iam.get_role(**role)
    except iam.exceptions.NoSuchEntityException:
        return
    for profile in iam.list_instance_profiles_for_role(**role)["InstanceProfiles"]:
        case = {"InstanceProfileName": profile["InstanceProfileName"]}
        iam.remove_role_from_instance_profile(**case, **role)
        iam.delete_instance_profile(**case)
    for policy in iam.list_role_policies(**role)["PolicyNames"]:
        iam.delete_role_policy(**role, PolicyName=policy)
    for policy in iam.list_attached_role_policies(**role)["AttachedPolicies"]:
        iam.detach_role_policy(**role, PolicyArn=policy["PolicyArn"])
    iam.delete_role(**role)


def remove_instance_profile(iam: Any, name: str) -> None:
    """The instance profile is not there; the role that lay in it stays."""
    case = {"InstanceProfileName": name}
    try:
        profile = iam.get_instance_profile(**case)["InstanceProfile"]
    except iam.exceptions.NoSuchEntityException:
        return
    for role in profile["Roles"]:
        iam.remove_role_from_instance_profile(**case, RoleName=role["RoleName"])
    iam.delete_instance_profile(**case)


def remove_instances(ec2: Any, name: str) -> None:
    """No instance of that name (its tag `Name`) is left."""
    wanted = [
        {"Name": "tag:Name", "Values": [name]},
        {"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]},
    ]
    for reservation in ec2.describe_instances(Filters=wanted)["Reservations"]:
        ids = [instance["InstanceId"] for instance in reservation["Instances"]]
        ec2.terminate_instances(InstanceIds=ids)


def remove_group(iam: Any, name: str) -> None:
    """The group is not there; those who were in it are."""
    try:
        users = iam.get_group(GroupName=name)["Users"]
    except iam.exceptions.NoSuchEntityException:
        return
    for user in users:
        iam.remove_user_from_group(GroupName=name, UserName=user["UserName"])
    for policy in iam.list_attached_group_policies(GroupName=name)["AttachedPolicies"]:
        iam.detach_group_policy(GroupName=name, PolicyArn=policy["PolicyArn"])
    for inline in iam.list_group_policies(GroupName=name)["PolicyNames"]:
        iam.delete_group_policy(GroupName=name, PolicyName=inline)
    iam.delete_group(GroupName=name)


def remove_policy(iam: Any, arn: str) -> None:
    """The managed policy is not there, and nobody has it, as a boundary neither."""
    try:
        versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    except iam.exceptions.NoSuchEntityException:
        return
    holders = iam.list_entities_for_policy(PolicyArn=arn)
    for user in holders["PolicyUsers"]:
        iam.detach_user_policy(UserName=user["UserName"], PolicyArn=arn)
    for group in holders["PolicyGroups"]:
        iam.detach_group_policy(GroupName=group["GroupName"], PolicyArn=arn)
    for role in holders["PolicyRoles"]:
        iam.detach_role_policy(RoleName=role["RoleName"], PolicyArn=arn)
    for one in iam.list_users()["Users"]:
        if _boundary(iam.get_user(UserName=one["UserName"])["User"]) == arn:
            iam.delete_user_permissions_boundary(UserName=one["UserName"])
    for one in iam.list_roles()["Roles"]:
        if _boundary(iam.get_role(RoleName=one["RoleName"])["Role"]) == arn:
            iam.delete_role_permissions_boundary(RoleName=one["RoleName"])
    for version in versions:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
    iam.delete_policy(PolicyArn=arn)


def _boundary(identity: Any) -> str:
    return str(identity.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""))
