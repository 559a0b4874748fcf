"""Which policies a queue takes."""

from __future__ import annotations

import json
from typing import Any

from labkit.fidelity.authorisation.callers import iam_of
from labkit.fidelity.authorisation.policies import role_by_arn
from labkit.fidelity.registry import rule
from labkit.fidelity.sqs.common import API
from labkit.policy import validate
from labkit.policy.arn import split_arn
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange


@rule(
    "sqs",
    "CreateQueue",
    "SetQueueAttributes",
    when="before",
    follows=API + "SetQueueAttributes.html",
    corrects="moto breaks down on a text that is no JSON, and keeps any other",
)
def a_queue_takes_a_policy_that_it_can_evaluate(exchange: Exchange) -> None:
    """A queue's policy is well-formed, not too long, and names users and roles that exist.

    InvalidAttributeValue. An empty text takes the policy away.
    """
    text = (exchange.params.get("Attributes") or {}).get("Policy")
    if not text:
        return
    errors = [one for one in validate(text, "resource-sqs") if one.severity == "error"]
    if errors or not all(map(_exists, _named(json.loads(text)))):
        raise AwsError("InvalidAttributeValue", "Invalid value for the parameter Policy.")


def _named(policy: dict[str, Any]) -> list[str]:
    """The ARNs that the statements name as principals."""
    found: list[str] = []
    statements = policy["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        for element in ("Principal", "NotPrincipal"):
            principal = statement.get(element)
            named = principal.get("AWS", []) if isinstance(principal, dict) else []
            found += [named] if isinstance(named, str) else named
    return found


def _exists(principal: str) -> bool:
    """Whether a user or role is there; accounts, sessions and ids are taken as given.

    A group is no principal.
    """
    fields = split_arn(principal)
    kind, _, path = fields[5].partition("/") if fields else ("", "", "")
    if fields is not None and kind == "user":
        user = iam_of(fields[4]).users.get(path.rsplit("/", 1)[-1])
        return user is not None and user.arn == principal
    if kind == "role":
        return role_by_arn(principal) is not None
    return kind != "group"
