"""What may be written into the policies of an advanced parameter."""

from __future__ import annotations

import json
from typing import Any

from labkit.fidelity.registry import rule
from labkit.fidelity.ssm.common import API, GUIDE, backend_of, limit, refused
from labkit.fidelity.ssm.parameter import ADVANCED, expiration_of
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

_KINDS = {
    "Expiration": ("Timestamp",),
    "ExpirationNotification": ("Before", "Unit"),
    "NoChangeNotification": ("After", "Unit"),
}
_PAGE = GUIDE + "parameter-store-policies.html"


def _asked(exchange: Exchange) -> list[Any]:
    text = exchange.params.get("Policies")
    if not text:
        return []
    try:
        found = json.loads(text)
    except ValueError as error:
        raise AwsError(
            "InvalidPolicyAttributeException", f"Policies are no JSON: {error}"
        ) from error
    return found if isinstance(found, list) else [found]


@rule(
    "ssm",
    "PutParameter",
    when="before",
    follows=_PAGE,
    corrects="moto keeps them, and shows them wrong or breaks down",
)
def policies_are_for_advanced_parameters(exchange: Exchange) -> None:
    """Only an advanced parameter has policies.

    ValidationException; its words are unverified.
    """
    params = exchange.params
    if not _asked(exchange):
        return
    tier = backend_of(exchange).tier_for(
        params["Name"], params.get("Tier"), params["Value"], params["Policies"]
    )
    if tier != ADVANCED:
        raise refused(
            "Standard tier parameters can't have policies. To use policies, upgrade the parameter "
            "to the advanced-parameter tier."
        )


@rule(
    "ssm",
    "PutParameter",
    when="before",
    follows=API + "PutParameter.html",
    corrects="moto takes any number of anything",
)
def policies_are_of_three_kinds(exchange: Exchange) -> None:
    """A policy is an Expiration, an ExpirationNotification or a NoChangeNotification, complete.

    InvalidPolicyTypeException, InvalidPolicyAttributeException, IncompatiblePolicyException for two
    Expirations, PoliciesLimitExceededException for more than ten; the words are unverified.
    """
    policies = _asked(exchange)
    most = limit("policies_max")
    if len(policies) > most:
        raise AwsError("PoliciesLimitExceededException", f"The maximum is {most}.")
    kinds = [policy.get("Type") if isinstance(policy, dict) else None for policy in policies]
    for policy, kind in zip(policies, kinds, strict=True):
        if kind not in _KINDS:
            raise AwsError(
                "InvalidPolicyTypeException",
                f"The policy type {kind} isn't supported. Parameter Store supports the following "
                f"policy types: {', '.join(_KINDS)}.",
            )
        _check_attributes(exchange, policy)
    if kinds.count("Expiration") > 1:
        raise AwsError("IncompatiblePolicyException", "You can't specify two Expiration policies.")


def _check_attributes(exchange: Exchange, policy: dict[str, Any]) -> None:
    kind, attributes = policy["Type"], policy.get("Attributes") or {}
    missing = [name for name in _KINDS[kind] if name not in attributes]
    if missing:
        raise AwsError(
            "InvalidPolicyAttributeException",
            f"The {kind} policy needs the attributes {', '.join(_KINDS[kind])}.",
        )
    if kind != "Expiration":
        return
    try:
        past = expiration_of(policy) <= exchange.at
    except (ValueError, TypeError) as error:
        raise AwsError(
            "InvalidPolicyAttributeException",
            f"The timestamp {attributes['Timestamp']} is not in ISO 8601 with an offset.",
        ) from error
    if past:
        raise AwsError(
            "InvalidPolicyAttributeException",
            f"The timestamp {attributes['Timestamp']} is in the past.",
        )
