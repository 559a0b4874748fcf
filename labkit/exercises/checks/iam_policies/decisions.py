"""What the policies of the sandbox come to, as IAM's own simulator decides it.

A try is a call that nobody makes: an action on a resource, in words, with the condition keys that
it would carry. The simulator knows a user's groups and boundary; the policy of a resource is
given to it, since it does not look for one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from labkit.exercises.frame import Incorrect, Outcome

if TYPE_CHECKING:
    from labkit.exercises.frame import Evidence

ACCOUNT = "123456789012"
EVERYTHING = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    }
)


@dataclass(frozen=True)
class Try:
    """An action on a resource, what it is to people, as `read a draft`, and what it carries."""

    action: str
    resource: str
    words: str
    context: dict[str, str] = field(default_factory=dict)


def arn(kind: str, name: str, account: str = ACCOUNT) -> str:
    """The ARN of a user, group, role or policy."""
    return f"arn:aws:iam::{account}:{kind}/{name}"


def allowed(
    evidence: Evidence, source: str, tried: Try, *, by: str = "", resource_policy: str = ""
) -> bool:
    """Whether the policies of `source`, a user, group or role by its ARN, let the call pass.

    `by` is who calls, where that is not `source` itself: a member of a group.
    """
    return _passes(
        evidence.client("iam").simulate_principal_policy(
            PolicySourceArn=source, **_asked(tried, by, resource_policy)
        )
    )


def allowed_by(
    evidence: Evidence,
    policies: list[str],
    tried: Try,
    *,
    by: str,
    boundary: str = "",
    resource_policy: str = "",
) -> bool:
    """Whether these policies, given as text, would let a caller's call pass."""
    limits = {"PermissionsBoundaryPolicyInputList": [boundary]} if boundary else {}
    return _passes(
        evidence.client("iam").simulate_custom_policy(
            PolicyInputList=policies, **limits, **_asked(tried, by, resource_policy)
        )
    )


def first_open(evidence: Evidence, source: str, tries: Iterable[Try], **more: Any) -> Try | None:
    """The first of these calls that would pass."""
    return next((one for one in tries if allowed(evidence, source, one, **more)), None)


def text_of(evidence: Evidence, policy_arn: str) -> str:
    """The text of a managed policy's version that is in force."""
    iam = evidence.client("iam")
    version = iam.get_policy(PolicyArn=policy_arn)["Policy"]["DefaultVersionId"]
    found = iam.get_policy_version(PolicyArn=policy_arn, VersionId=version)
    return json.dumps(found["PolicyVersion"]["Document"])


def refused_document(evidence: Evidence, *operations: str) -> Outcome | None:
    """What AWS found wrong with the document that was written last, if it took none since."""
    written = evidence.of("iam", *operations) or evidence.of("sqs", *operations)
    last = written[-1] if written else None
    if last is None or last.error_code not in ("MalformedPolicyDocument", "InvalidAttributeValue"):
        return None
    message = str(last.response["Error"]["Message"]).rstrip(".")
    return Incorrect(
        f"AWS did not take the policy: {message}.",
        "a policy document that AWS takes, as JSON text.",
        "What was in force before still is. `policy(…)` makes the text of statements; look at the "
        "elements of each.",
    )


def _asked(tried: Try, by: str, resource_policy: str) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "ActionNames": [tried.action],
        "ResourceArns": [tried.resource],
        "ContextEntries": [
            {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
            for key, value in tried.context.items()
        ],
    }
    if by:
        asked["CallerArn"] = by
    if resource_policy:
        asked["ResourcePolicy"] = resource_policy
    return asked


def _passes(answer: dict[str, Any]) -> bool:
    return bool(answer["EvaluationResults"][0]["EvalDecision"] == "allowed")
