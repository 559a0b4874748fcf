"""Users and groups: what a user may have, who may be deleted, and permissions boundaries."""

from __future__ import annotations

from typing import Any

from labkit.fidelity.authorisation.policies import managed_by_arn
from labkit.fidelity.iam.common import (
    API,
    GUIDE,
    QUOTAS,
    asked_group,
    asked_user,
    conflict,
    iam,
    limit,
    missing,
    too_many,
)
from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange, Params


@rule(
    "iam",
    "DeleteUser",
    when="before",
    follows=API + "DeleteUser.html",
    corrects="moto deletes a user with its keys, password, groups and devices",
)
def a_user_is_deleted_with_nothing_left(exchange: Exchange) -> None:
    """A user is deleted once its keys, password, groups, devices and policies are gone.

    DeleteConflict, which names what must be removed first.
    """
    user = asked_user(exchange)
    if user is None:
        return
    for left, what in (
        (user.access_keys, "delete access keys"),
        (user.password, "delete login profile"),
        (user.mfa_devices, "delete MFA device"),
        (iam(exchange).get_groups_for_user(user.name), "remove users from group"),
    ):
        if left:
            raise conflict(f"Cannot delete entity, must {what} first.")


@rule(
    "iam",
    "DeleteGroup",
    when="before",
    follows=API + "DeleteGroup.html",
    corrects="moto deletes a group with its members and policies",
)
def a_group_is_deleted_empty(exchange: Exchange) -> None:
    """A group is deleted once its members and its policies are gone.

    DeleteConflict, which names what must be removed first.
    """
    group = asked_group(exchange)
    if group is None:
        return
    for left, what in (
        (group.users, "remove users from group"),
        (group.managed_policies, "detach all policies"),
        (group.policies, "delete policies"),
    ):
        if left:
            raise conflict(f"Cannot delete entity, must {what} first.")


@rule(
    "iam",
    "AddUserToGroup",
    when="before",
    follows=QUOTAS,
    corrects="moto puts a user into any number of groups",
)
def a_user_is_in_ten_groups_at_most(exchange: Exchange) -> None:
    """A user is a member of ten groups at most.

    LimitExceeded: Cannot exceed quota for GroupsPerUser.
    """
    user, group = asked_user(exchange), asked_group(exchange)
    if user is None or group is None or user in group.users:
        return
    if len(iam(exchange).get_groups_for_user(user.name)) >= limit("groups_per_user_max"):
        raise too_many("GroupsPerUser", limit("groups_per_user_max"))


# ---- permissions boundaries ----


@rule(
    "iam",
    "CreateUser",
    "CreateRole",
    "PutUserPermissionsBoundary",
    "PutRolePermissionsBoundary",
    when="before",
    follows=GUIDE + "access_policies_boundaries.html",
    corrects="moto takes a boundary that does not exist",
)
def a_boundary_is_a_policy_that_exists(exchange: Exchange) -> None:
    """A permissions boundary is a managed policy that exists.

    NoSuchEntity: Scope ARN … does not exist or is not attachable (message: unverified).
    """
    arn = exchange.params.get("PermissionsBoundary")
    if arn is not None and managed_by_arn(iam(exchange), arn) is None:
        raise missing(f"Scope ARN: {arn} does not exist or is not attachable.")


@rule(
    "iam",
    "PutUserPermissionsBoundary",
    "DeleteUserPermissionsBoundary",
    when="instead",
    follows=API + "PutUserPermissionsBoundary.html",
    corrects="moto does not have the operations",
)
def a_user_can_have_a_boundary(exchange: Exchange) -> Params:
    """A user has one permissions boundary, which is put, replaced and deleted.

    It limits what the user's policies give, and is named in the answer of GetUser.
    """
    user = asked_user(exchange)
    name = exchange.params.get("UserName")
    if user is None:
        raise missing(f"The user with name {name} cannot be found.")
    if exchange.operation.startswith("Put"):
        user.permissions_boundary_arn = exchange.params["PermissionsBoundary"]
    elif not user.permissions_boundary_arn:
        raise missing(f"Permissions boundary for user {name} cannot be found.")
    else:
        user.permissions_boundary_arn = None
    return {}


@rule(
    "iam",
    "CreateUser",
    when="after",
    follows=API + "CreateUser.html",
    corrects="moto forgets the boundary that a user is created with",
)
def a_user_is_created_with_its_boundary(
    exchange: Exchange, answer: dict[str, Any]
) -> Params | None:
    """CreateUser keeps the permissions boundary that it is given.

    The answer names it.
    """
    arn = exchange.params.get("PermissionsBoundary")
    user = asked_user(exchange)
    if arn is None or user is None:
        return None
    user.permissions_boundary_arn = arn
    answer["User"]["PermissionsBoundary"] = user.permissions_boundary
    return answer
