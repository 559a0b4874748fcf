"""Managed policies: AWS's own, attaching, versions, and what may not be deleted."""

from __future__ import annotations

from typing import Any

from labkit.fidelity.iam.aws_managed import load_all, load_one
from labkit.fidelity.iam.common import (
    API,
    GUIDE,
    QUOTAS,
    asked_entity,
    conflict,
    iam,
    limit,
    too_many,
)
from labkit.fidelity.iam.common import missing as not_there
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

_ATTACH = ("AttachUserPolicy", "AttachGroupPolicy", "AttachRolePolicy")
_AWS = "arn:aws:iam::aws:"


@rule(
    "iam",
    *_ATTACH,
    "DetachUserPolicy",
    "DetachGroupPolicy",
    "DetachRolePolicy",
    "GetPolicy",
    "GetPolicyVersion",
    "ListPolicyVersions",
    "ListEntitiesForPolicy",
    when="before",
    follows=GUIDE + "access_policies_managed-vs-inline.html",
    corrects="moto has AWS's policies only if all of them are loaded from the start",
)
def a_policy_of_aws_is_there_when_it_is_named(exchange: Exchange) -> None:
    """The policies that AWS manages can be attached and read.

    They are there in every account, under arn:aws:iam::aws:policy/.
    """
    load_one(iam(exchange), str(exchange.params.get("PolicyArn", "")))


@rule(
    "iam",
    "ListPolicies",
    when="before",
    follows=API + "ListPolicies.html",
    corrects="moto has AWS's policies only if all of them are loaded from the start",
)
def policies_of_aws_are_listed(exchange: Exchange) -> None:
    """ListPolicies lists what AWS manages, unless the scope is Local.

    Some 1,500 of them, a page at a time.
    """
    if exchange.params.get("Scope", "All") != "Local" and not exchange.params.get("OnlyAttached"):
        load_all(iam(exchange))


@rule(
    "iam",
    "GetPolicy",
    "DeletePolicy",
    when="before",
    follows=API + "GetPolicy.html",
    corrects="moto says Policy arn:… not found",
)
def a_missing_policy_is_named(exchange: Exchange) -> None:
    """A managed policy that does not exist is named by its ARN in the refusal.

    NoSuchEntity: Policy arn:aws:iam::… was not found.
    """
    arn = str(exchange.params.get("PolicyArn", ""))
    if arn not in iam(exchange).managed_policies:
        raise not_there(f"Policy {arn} was not found.")


@rule(
    "iam",
    "DeletePolicy",
    when="before",
    follows=API + "DeletePolicy.html",
    corrects="moto deletes a policy under those who have it",
)
def a_policy_in_use_is_not_deleted(exchange: Exchange) -> None:
    """A managed policy is deleted when nobody has it, and only its default version is left.

    DeleteConflict. A policy that is someone's permissions boundary counts as in use.
    """
    backend, arn = iam(exchange), str(exchange.params.get("PolicyArn", ""))
    policy = backend.managed_policies.get(arn)
    if policy is None or arn.startswith(_AWS):
        return
    if policy.attachment_count > 0 or _is_boundary(backend, arn):
        raise conflict("Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        raise conflict(
            "This policy has more than one version. Before you delete a policy, you must delete "
            "the policy's versions. The default version is deleted with the policy."
        )


def _is_boundary(backend: Any, arn: str) -> bool:
    entities = [*backend.users.values(), *backend.roles.values()]
    return any(getattr(one, "permissions_boundary_arn", None) == arn for one in entities)


@rule(
    "iam",
    "CreatePolicyVersion",
    "DeletePolicy",
    "DeletePolicyVersion",
    "SetDefaultPolicyVersion",
    when="before",
    follows=GUIDE + "access_policies_managed-vs-inline.html",
    corrects="moto changes AWS's own policies",
)
def a_policy_of_aws_cannot_be_changed(exchange: Exchange) -> None:
    """Nobody but AWS changes the policies that AWS manages.

    AccessDenied: Policy is outside your own account (message: unverified).
    """
    if str(exchange.params.get("PolicyArn", "")).startswith(_AWS):
        raise AwsError("AccessDenied", "Policy is outside your own account.", 403)


@rule(
    "iam",
    *_ATTACH,
    when="before",
    follows=QUOTAS,
    corrects="moto attaches any number of policies",
)
def managed_policies_have_a_greatest_number(exchange: Exchange) -> None:
    """A user, group or role has at most ten managed policies.

    LimitExceeded: Cannot exceed quota for PoliciesPerUser, PoliciesPerGroup or PoliciesPerRole.
    """
    kind = exchange.operation.removeprefix("Attach").removesuffix("Policy")
    fact = {"Group": "managed_policies_per_group_max"}.get(
        kind, f"managed_policies_per_{kind.lower()}"
    )
    entity = asked_entity(exchange)
    if entity is None or exchange.params.get("PolicyArn") in entity.managed_policies:
        return
    if len(entity.managed_policies) >= limit(fact):
        raise too_many(f"PoliciesPer{kind}", limit(fact))
