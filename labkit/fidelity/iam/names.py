"""How users, groups and roles may be named, and what is said of one that is not there."""

from __future__ import annotations

import re

from labkit.fidelity.iam.common import (
    API,
    QUOTAS,
    asked_group,
    asked_role,
    iam,
    invalid,
    limit,
    missing,
)
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

_CREATES = {
    "CreateUser": ("User", "UserName", "user_name_max_chars"),
    "CreateGroup": ("Group", "GroupName", "group_name_max_chars"),
    "CreateRole": ("Role", "RoleName", "role_name_max_chars"),
}
_PLAIN = re.compile(r"[\w+=,.@-]*", re.ASCII)


@rule(
    "iam",
    *_CREATES,
    when="before",
    follows=QUOTAS,
    corrects="moto takes any name",
)
def a_name_is_short_and_plain(exchange: Exchange) -> None:
    """The name of a user, group or role is short, and has letters, digits and _+=,.@- only.

    ValidationError, which names the parameter and the constraint.
    """
    _, parameter, quota = _CREATES[exchange.operation]
    name = str(exchange.params.get(parameter, ""))
    member = parameter[0].lower() + parameter[1:]
    if len(name) > limit(quota):
        rule = f"Member must have length less than or equal to {limit(quota)}"
        raise invalid(name, member, rule)
    if not _PLAIN.fullmatch(name):
        raise AwsError(
            "ValidationError",
            f"The specified value for {member} is invalid. It must contain only alphanumeric "
            "characters and/or the following: +=,.@_-",
        )


@rule(
    "iam",
    *_CREATES,
    when="before",
    follows=QUOTAS,
    corrects="moto takes ana and ANA for two users",
)
def a_name_is_taken_whatever_its_case(exchange: Exchange) -> None:
    """Names differ by more than their case.

    EntityAlreadyExists: User with name ANA already exists.
    """
    kind, parameter, _ = _CREATES[exchange.operation]
    name = str(exchange.params.get(parameter, ""))
    backend = iam(exchange)
    taken = {"User": backend.users, "Group": backend.groups}.get(kind)
    names = [role.name for role in backend.roles.values()] if taken is None else [*taken]
    if name.lower() in {one.lower() for one in names}:
        raise AwsError("EntityAlreadyExists", f"{kind} with name {name} already exists.")


@rule(
    "iam",
    "AttachRolePolicy",
    "DeleteRole",
    "DetachRolePolicy",
    "GetRole",
    "ListAttachedRolePolicies",
    "ListRolePolicies",
    "PutRolePolicy",
    "UpdateAssumeRolePolicy",
    "PutRolePermissionsBoundary",
    when="before",
    follows=API + "GetRole.html",
    corrects="moto says Role box-office not found",
)
def a_missing_role_is_named(exchange: Exchange) -> None:
    """A role that does not exist is named in the refusal.

    NoSuchEntity: The role with name box-office cannot be found.
    """
    if asked_role(exchange) is None:
        raise missing(f"The role with name {exchange.params.get('RoleName')} cannot be found.")


@rule(
    "iam",
    "AddUserToGroup",
    "AttachGroupPolicy",
    "DetachGroupPolicy",
    "GetGroup",
    "ListAttachedGroupPolicies",
    "ListGroupPolicies",
    "PutGroupPolicy",
    "RemoveUserFromGroup",
    when="before",
    follows=API + "GetGroup.html",
    corrects="moto says Group designers not found",
)
def a_missing_group_is_named(exchange: Exchange) -> None:
    """A group that does not exist is named in the refusal.

    NoSuchEntity: The group with name designers cannot be found.
    """
    if asked_group(exchange) is None:
        raise missing(f"The group with name {exchange.params.get('GroupName')} cannot be found.")
