"""Which policy documents IAM takes, and how long they may be."""

from __future__ import annotations

import json
from typing import Any

from labkit.fidelity.authorisation.strangers import strangers_in
from labkit.fidelity.iam.common import API, GUIDE, QUOTAS, asked_entity, invalid, limit
from labkit.fidelity.registry import rule
from labkit.policy import validate
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

_INLINE = ("PutUserPolicy", "PutGroupPolicy", "PutRolePolicy")
_MANAGED = ("CreatePolicy", "CreatePolicyVersion")
_TRUST = ("CreateRole", "UpdateAssumeRolePolicy")

# AWS's sentences for what moto's own checks let through, by the element that is wrong.
_SENTENCES = {
    "Principal": "Policy document should not specify a principal.",
    "NotPrincipal": "Policy document should not specify a principal.",
    "Sid": (
        "Statement IDs (SID) must be alpha-numeric. "  # codespell:ignore
        "Check that your input satisfies the regular expression [0-9A-Za-z]*"
    ),
}


def malformed(sentence: str) -> AwsError:
    """AWS's refusal of a policy document."""
    return AwsError("MalformedPolicyDocument", sentence)


@rule(
    "iam",
    *_INLINE,
    *_MANAGED,
    when="before",
    follows=GUIDE + "reference_policies_grammar.html",
    corrects="moto takes a Principal in an identity policy, and a Sid of any characters",
)
def an_identity_policy_is_checked_in_full(exchange: Exchange) -> None:
    """An identity policy that IAM could not evaluate is refused when it is put.

    MalformedPolicyDocument, with a sentence on what is wrong.
    """
    from moto.iam.policy_validation import IAMPolicyDocumentValidator

    text = str(exchange.params.get("PolicyDocument", ""))
    IAMPolicyDocumentValidator(text).validate()
    _refuse(text, "identity")


@rule(
    "iam",
    *_TRUST,
    when="before",
    follows=GUIDE + "reference_policies_elements_principal.html",
    corrects="moto takes any text as the trust policy of a new role",
)
def a_trust_policy_is_checked_in_full(exchange: Exchange) -> None:
    """A trust policy names principals that exist, actions of STS, and no resource.

    MalformedPolicyDocument: Has prohibited field Resource, or Invalid principal in policy, with
    the principal.
    """
    from moto.iam.policy_validation import IAMTrustPolicyDocumentValidator

    name = "AssumeRolePolicyDocument" if exchange.operation == "CreateRole" else "PolicyDocument"
    text = str(exchange.params.get(name, ""))
    for statement in _statements(text):
        for element in ("Resource", "NotResource"):
            if element in statement:
                raise malformed(f"Has prohibited field {element}")
    IAMTrustPolicyDocumentValidator(text).validate()
    _refuse(text, "trust")
    for arn in strangers_in(_statements(text)):
        raise malformed(f'Invalid principal in policy: "AWS":"{arn}"')


def _refuse(text: str, kind: str) -> None:
    for finding in validate(text, kind):
        if finding.severity == "error" and not finding.rule.startswith("The policy has at most"):
            element = finding.path.split(".")[-1].split("[")[0]
            raise malformed(_SENTENCES.get(element, "Syntax errors in policy."))


def _statements(text: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(text)["Statement"]
    except (ValueError, KeyError, TypeError):
        return []
    listed = found if isinstance(found, list) else [found]
    return [statement for statement in listed if isinstance(statement, dict)]


@rule(
    "iam",
    *_MANAGED,
    when="before",
    follows=QUOTAS,
    corrects="moto takes a policy of any length",
)
def a_managed_policy_has_a_longest_length(exchange: Exchange) -> None:
    """A managed policy is not too long, white space not counted.

    LimitExceeded: Cannot exceed quota for PolicySize.
    """
    most = limit("managed_policy_max_chars")
    if _length(str(exchange.params.get("PolicyDocument", ""))) > most:
        raise AwsError("LimitExceeded", f"Cannot exceed quota for PolicySize: {most}")


@rule(
    "iam",
    *_INLINE,
    when="before",
    follows=QUOTAS,
    corrects="moto takes policies of any length",
)
def inline_policies_have_a_longest_length_together(exchange: Exchange) -> None:
    """All inline policies of a user, group or role together are not too long.

    LimitExceeded, with the most that they may have, white space not counted.
    """
    kind = exchange.operation.removeprefix("Put").removesuffix("Policy").lower()
    entity = asked_entity(exchange)
    if entity is None:
        return
    most = limit(f"inline_{kind}_policies_max_chars")
    texts = {**entity.policies, exchange.params["PolicyName"]: exchange.params["PolicyDocument"]}
    if sum(_length(str(text)) for text in texts.values()) > most:
        raise AwsError(
            "LimitExceeded",
            f"Maximum policy size of {most} bytes exceeded for {kind} {entity.name}",
        )


@rule(
    "iam",
    *_TRUST,
    when="before",
    follows=QUOTAS,
    corrects="moto takes a trust policy of any length",
)
def a_trust_policy_has_a_longest_length(exchange: Exchange) -> None:
    """A trust policy is not too long.

    LimitExceeded: Cannot exceed quota for ACLSizePerRole.
    """
    name = "AssumeRolePolicyDocument" if exchange.operation == "CreateRole" else "PolicyDocument"
    most = limit("trust_policy_max_chars")
    if _length(str(exchange.params.get(name, ""))) > most:
        raise AwsError("LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {most}")


@rule(
    "iam",
    "CreateRole",
    "UpdateRole",
    when="before",
    follows=API + "CreateRole.html",
    corrects="moto takes any number of seconds",
)
def a_roles_longest_session_has_its_range(exchange: Exchange) -> None:
    """MaxSessionDuration is from one hour to twelve.

    ValidationError, with the end of the range that was passed.
    """
    asked_s = exchange.params.get("MaxSessionDuration")
    most = limit("role_max_session_max_s")
    if asked_s is not None and asked_s > most:
        rule = f"Member must have value less than or equal to {most}"
        raise invalid(asked_s, "maxSessionDuration", rule)


def _length(text: str) -> int:
    return len("".join(text.split()))
