"""What the policies in the sandbox allow, asked of IAM's simulator and of the policy engine.

A check may ask about callers who never called, as somebody of another account, and so finds what a
policy lets in besides those who were tried.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from labkit.policy import Request, evaluate

if TYPE_CHECKING:
    from labkit.exercises.frame import Evidence

IAM = "arn:aws:iam::123456789012:"
SQS = "arn:aws:sqs:us-east-1:123456789012:"
EC2 = "ec2.amazonaws.com"
STRANGER = "arn:aws:iam::999999999999:user/ana"  # whose own account lets her do everything
_EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def may(evidence: Evidence, who: str, action: str, resource: str, **context: str) -> bool:
    """Whether a user or a role (`user/bo`, `role/printer`) is allowed something by its policies.

    A context key is written with `_` for its `:`.
    """
    return _simulated(evidence, who, action, resource, context=context)


def lets_in(evidence: Evidence, role: str, caller: str, named: str = "") -> bool:
    """Whether the caller may open a session, so `named`, of the role.

    `caller` is a user of the account (`user/bo`), an ARN of another, or a service.
    """
    found = evidence.client("iam").get_role(RoleName=role)["Role"]
    arn, trust = found["Arn"], found["AssumeRolePolicyDocument"]
    context = {"sts_RoleSessionName": named} if named else {}
    if caller.startswith("user/"):
        return _simulated(evidence, caller, "sts:AssumeRole", arn, context=context, trust=trust)
    own = [_EVERYTHING] if caller.startswith("arn:") else []
    request = Request(caller, "sts:AssumeRole", arn, _keys(context))
    return evaluate(request, identity=own, resource=trust).allowed


def _simulated(
    evidence: Evidence,
    who: str,
    action: str,
    resource: str,
    *,
    context: dict[str, str],
    trust: dict[str, Any] | None = None,
) -> bool:
    entries = [
        {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
        for key, value in _keys(context).items()
    ]
    answer: Any = evidence.client("iam").simulate_principal_policy(
        PolicySourceArn=IAM + who,
        ActionNames=[action],
        ResourceArns=[resource],
        ContextEntries=entries,
        **({"ResourcePolicy": json.dumps(trust)} if trust is not None else {}),
    )
    return bool(answer["EvaluationResults"][0]["EvalDecision"] == "allowed")


def _keys(context: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", ":", 1): value for name, value in context.items()}
