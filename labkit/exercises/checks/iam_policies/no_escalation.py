"""Exercise 3: a developer may make roles, and never more than the boundary allows.

app-…       made by noa, under app-boundary      to be created and written on
app-legacy  older, without a boundary            out of reach, though its name fits
shop-admin  without a boundary                   out of reach
"""

from __future__ import annotations

from labkit.exercises.checks.iam_policies.decisions import (
    Try,
    allowed,
    arn,
    first_open,
    refused_document,
)
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

USER, LIMIT = "noa", "app-boundary"
LEGACY, ADMIN = "app-legacy", "shop-admin"
EXPECTED = (
    f"`{USER}` creates roles named `app-…` under `{LIMIT}` and writes inline policies on them, "
    "and whatever she does, no rights beyond that boundary come of it."
)
_KEY = "iam:PermissionsBoundary"
_UNDER = {_KEY: arn("policy", LIMIT)}
_OTHER = {_KEY: "arn:aws:iam::aws:policy/AdministratorAccess"}
_WRITES = ("PutUserPolicy", "CreatePolicy", "CreatePolicyVersion")
_CHANGES = (*_WRITES, "AttachUserPolicy", "PutUserPermissionsBoundary", "AddUserToGroup")

_WORK = (
    Try("iam:CreateRole", arn("role", "app-refunds"), "create `app-refunds`", _UNDER),
    Try("iam:PutRolePolicy", arn("role", "app-refunds"), "write a policy on it", _UNDER),
)
_HOLES = (
    (
        (
            Try("iam:CreateRole", arn("role", "app-open"), "create a role without a boundary"),
            Try("iam:CreateRole", arn("role", "app-open"), "create one under another", _OTHER),
        ),
        f"The condition on `{_KEY}` must hold for the boundary that the call asks for. A call "
        "that asks for none lacks the key, and with `IfExists` that is as good as the right one.",
    ),
    (
        (
            Try(
                "iam:DeleteRolePermissionsBoundary",
                arn("role", "app-refunds"),
                "take the boundary off a role of hers",
                _UNDER,
            ),
        ),
        "For this call the key holds the boundary that the role *has*, so the condition is met by "
        "every role of hers. It must not be among the actions; a wildcard takes it in.",
    ),
    (
        (
            Try(
                "iam:PutRolePermissionsBoundary",
                arn("role", "app-refunds"),
                "put another boundary in its place",
                _OTHER,
            ),
        ),
        f"For this call the key holds the boundary that is to come. Only `{LIMIT}` may.",
    ),
    (
        (
            Try("iam:PutRolePolicy", arn("role", LEGACY), f"write a policy on `{LEGACY}`"),
            Try("iam:AttachRolePolicy", arn("role", LEGACY), f"attach policies to `{LEGACY}`"),
            Try("iam:UpdateAssumeRolePolicy", arn("role", LEGACY), f"let herself into `{LEGACY}`"),
        ),
        f"`{LEGACY}` is older and has no boundary: what is written on it holds in full. The "
        "condition belongs to the writing as much as to the creating.",
    ),
    (
        (
            Try("iam:CreateRole", arn("role", "shop-refunds"), "create `shop-refunds`", _UNDER),
            Try("iam:PutRolePolicy", arn("role", ADMIN), f"write a policy on `{ADMIN}`"),
            Try("iam:UpdateAssumeRolePolicy", arn("role", ADMIN), f"let herself into `{ADMIN}`"),
            Try("iam:PassRole", arn("role", ADMIN), f"hand `{ADMIN}` to a service"),
            Try("sts:AssumeRole", arn("role", ADMIN), f"assume `{ADMIN}`"),
        ),
        "Her roles are those named `app-…`. Say so in `Resource`.",
    ),
    (
        (
            Try("iam:CreatePolicyVersion", arn("policy", LIMIT), f"edit `{LIMIT}`"),
            Try("iam:SetDefaultPolicyVersion", arn("policy", LIMIT), f"turn `{LIMIT}` back"),
        ),
        "Who writes the policy that serves as boundary draws her own ceiling, and that of "
        "everybody under it.",
    ),
    (
        (
            Try("iam:PutUserPolicy", arn("user", USER), "write policies on herself"),
            Try("iam:AttachUserPolicy", arn("user", USER), "attach policies to herself"),
            Try("iam:DeleteUserPermissionsBoundary", arn("user", USER), "free herself of limits"),
            Try("iam:CreateAccessKey", arn("user", "learner"), "make a key of an administrator"),
            Try("iam:CreateUser", arn("user", "eve"), "create users"),
        ),
        "Then she needs no role to become an administrator.",
    ),
)


def check(evidence: Evidence) -> Outcome:
    """noa's work passes, and none of the ways past the boundary does."""
    return (
        refused_document(evidence, *_WRITES)
        or _hole(evidence)
        or _cannot_work(evidence)
        or Passed(
            f'`{USER}` can write `"Action": "*"` on her roles and gains S3 and SQS, since that '
            f"is what `{LIMIT}` lets pass. She cannot take it off, swap it or edit it, and roles "
            "without it are out of her reach."
        )
    )


def _hole(evidence: Evidence) -> Outcome | None:
    for tries, why in _HOLES:
        found = first_open(evidence, arn("user", USER), tries)
        if found is not None:
            return Incorrect(f"`{USER}` may {found.words}.", EXPECTED, why)
    return None


def _cannot_work(evidence: Evidence) -> Outcome | None:
    missing = [one for one in _WORK if not allowed(evidence, arn("user", USER), one)]
    if not missing:
        return None
    if not [call for call in evidence.of("iam", *_CHANGES) if not call.error_code]:
        return NotYet(
            f"`{USER}` has no rights yet.",
            "Begin with the two calls that she needs. Then think of every way past the boundary, "
            "and see that none of them passes.",
        )
    return Incorrect(
        f"`{USER}` may not {missing[0].words}.",
        EXPECTED,
        f"Her call brings `{_KEY}` with the ARN of `{LIMIT}`. Two actions are needed, on the ARNs "
        "of roles; a boundary of her own grants nothing.",
    )
