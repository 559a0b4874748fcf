"""Exercise 4: a firm that acts for many customers, and a role that must tell them apart.

tally's program (222222222222) ──AssumeRole, ExternalId──▶ tally-reader ──▶ sales-…/reports/*
    shop-7731    for the shop          to be let in
    rival-0042   for a rival           to be refused, as is no ID, and any other account
"""

from __future__ import annotations

import json
from typing import Any

from labkit.exercises.checks.iam_policies.decisions import (
    EVERYTHING,
    Try,
    allowed_by,
    arn,
    refused_document,
)
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

ROLE, BUCKET = "tally-reader", "sales-123456789012"
TALLY, STRANGER, PROGRAM = "222222222222", "333333333333", "administrator"
OURS, RIVALS = "shop-7731", "rival-0042"
EXPECTED = (
    f"`{ROLE}` lets in tally's account with the external ID `{OURS}`, and nobody else in any way."
)
_CHANGES = ("UpdateAssumeRolePolicy", "CreateRole", "DeleteRole")


def check(evidence: Evidence) -> Outcome:
    """The trust policy lets in tally for the shop, and neither tally for others nor others."""
    trust = evidence.client("iam").get_role(RoleName=ROLE)["Role"]["AssumeRolePolicyDocument"]
    return (
        refused_document(evidence, *_CHANGES)
        or _rival(evidence, trust)
        or _another_door(evidence, trust)
        or _shop(evidence, trust)
        or Passed(
            "For tally's program both calls are alike: same role, same caller. The ID says for "
            "whom it acts, the rival cannot choose it, and the role believes only yours. That the "
            "rival knows the ARN, or even your ID, does it no good."
        )
    )


def _lets_in(
    evidence: Evidence, trust: dict[str, Any], external_id: str, account: str = TALLY
) -> bool:
    context = {"sts:ExternalId": external_id} if external_id else {}
    tried = Try("sts:AssumeRole", arn("role", ROLE), "assume the role", context)
    caller = arn("user", PROGRAM, account)
    return allowed_by(evidence, [EVERYTHING], tried, by=caller, resource_policy=json.dumps(trust))


def _rival(evidence: Evidence, trust: dict[str, Any]) -> Outcome | None:
    if not _lets_in(evidence, trust, RIVALS):
        return None
    if not [call for call in evidence.of("iam", *_CHANGES) if not call.error_code]:
        return NotYet(
            f"Acting for the rival, with the external ID `{RIVALS}`, tally is let in.",
            "The trust policy looks at the caller only, and the caller is tally each time. Let it "
            "look at the external ID too.",
        )
    return Incorrect(
        f"Acting for the rival, with the external ID `{RIVALS}`, tally is still let in.",
        EXPECTED,
        "Compare the ID as a whole: with a `*`, or any of several values, other customers' IDs "
        "fit as well.",
    )


def _another_door(evidence: Evidence, trust: dict[str, Any]) -> Outcome | None:
    for external_id, account, found, why in (
        (
            "",
            TALLY,
            "Without any external ID, tally is let in.",
            "A mistake of tally's, or a careless colleague there, is all it takes. A plain "
            "operator fails where the key is missing; a negated one, or one with `IfExists`, "
            "holds.",
        ),
        (
            "rival-0043",
            TALLY,
            "For another customer, `rival-0043`, tally is let in.",
            "You shut out the one that you know. Tally has hundreds of customers, and another one "
            "tomorrow: name the ID that is let in.",
        ),
        (
            OURS,
            STRANGER,
            f"Account {STRANGER} is let in, if it brings your external ID.",
            "The ID is no password: whoever may read the role sees it. It only counts from a "
            "caller whom you trust to send the right one.",
        ),
    ):
        if _lets_in(evidence, trust, external_id, account):
            return Incorrect(found, EXPECTED, why)
    return None


def _shop(evidence: Evidence, trust: dict[str, Any]) -> Outcome | None:
    if _lets_in(evidence, trust, OURS):
        return None
    return Incorrect(
        f"Acting for the shop, with `{OURS}`, tally is refused as well.",
        EXPECTED,
        "The condition must hold for this one: the key is `sts:ExternalId`, its value the whole "
        "ID, and tally's account is still the principal.",
    )
