"""The policy simulator: the engine of the sandbox answers what would be allowed.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html
"""

from __future__ import annotations

from typing import Any

from labkit.fidelity.authorisation.callers import iam_of
from labkit.fidelity.authorisation.policies import (
    Named,
    boundary_of,
    default_document,
    role_by_arn,
)
from labkit.fidelity.iam.common import API, missing
from labkit.fidelity.iam.positions import context_keys, statement_positions
from labkit.fidelity.registry import rule
from labkit.policy import Decision, Request, evaluate, validate
from labkit.policy.arn import account_of
from labkit.policy.decision import ALLOW, EXPLICIT_DENY
from labkit.policy.render import failed
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

# A caller whom no policy knows by name, for simulations that name none.
_SOMEONE = "arn:aws:sts::{}:assumed-role/simulated/simulated"
_EFFECTS = {ALLOW: "allowed", EXPLICIT_DENY: "explicitDeny"}
_MISSING = ("condition_key_missing", "condition_holds_without_key")


@rule(
    "iam",
    "SimulateCustomPolicy",
    when="instead",
    follows=API + "SimulateCustomPolicy.html",
    corrects="moto does not have the operation",
)
def policies_can_be_simulated(exchange: Exchange) -> Params:
    """SimulateCustomPolicy says what given policies would allow, and which statement decides.

    Each action and resource comes back as allowed, explicitDeny or implicitDeny, with the
    statements that matched and the condition keys that were missing.
    """
    caller = str(exchange.params.get("CallerArn") or _SOMEONE.format(exchange.account))
    return _simulated(exchange, caller, _given(exchange), None)


@rule(
    "iam",
    "SimulatePrincipalPolicy",
    when="instead",
    follows=API + "SimulatePrincipalPolicy.html",
    corrects="moto does not have the operation",
)
def a_principals_policies_can_be_simulated(exchange: Exchange) -> Params:
    """SimulatePrincipalPolicy says what a user, group or role may do, without doing it.

    A user's groups are asked too, and its permissions boundary holds.
    """
    source = str(exchange.params["PolicySourceArn"])
    caller, given, boundary = _of_principal(exchange, source)
    caller = str(exchange.params.get("CallerArn") or caller)
    return _simulated(exchange, caller, [*given, *_given(exchange)], boundary)


@rule(
    "iam",
    "GetContextKeysForCustomPolicy",
    "GetContextKeysForPrincipalPolicy",
    when="instead",
    follows=API + "GetContextKeysForCustomPolicy.html",
    corrects="moto does not have the operations",
)
def the_context_keys_of_policies_are_listed(exchange: Exchange) -> Params:
    """GetContextKeysFor… lists the condition keys and variables that policies look at.

    Those of the given policies, or of all that a user, group or role has.
    """
    given = _given(exchange)
    if "PolicySourceArn" in exchange.params:
        given = [*_of_principal(exchange, exchange.params["PolicySourceArn"])[1], *given]
    names: dict[str, str] = {}
    for named in given:
        for key in context_keys(named.text):
            names.setdefault(key.lower(), key)
    return {"ContextKeyNames": [*names.values()]}


def _given(exchange: Exchange) -> list[Named]:
    texts = exchange.params.get("PolicyInputList") or []
    return [
        Named(_checked(text, "PolicyInputList"), f"PolicyInputList.{number}")
        for number, text in enumerate(texts, start=1)
    ]


def _checked(text: str, parameter: str) -> str:
    if any(finding.severity == "error" for finding in validate(text)):
        raise AwsError("InvalidInput", f"Syntax errors in a policy of {parameter}.")
    return text


def _of_principal(exchange: Exchange, source: str) -> tuple[str, list[Named], Named | None]:
    """The caller, the policies and the boundary of a user, group or role."""
    account = account_of(source) or exchange.account
    kind, name = source.rsplit(":", 1)[-1].split("/", maxsplit=1)[0], source.rsplit("/", 1)[-1]
    backend = iam_of(account)
    if kind == "user" and name in backend.users:
        user = backend.users[name]
        given = _of_entity(user, "user")
        for group in backend.get_groups_for_user(name):
            given += _of_entity(group, "group")
        return user.arn, given, boundary_of(backend, user)
    if kind == "group" and name in backend.groups:
        return _SOMEONE.format(account), _of_entity(backend.groups[name], "group"), None
    role = role_by_arn(source)
    if role is None:
        raise missing(f"{source} cannot be found.")
    session = f"arn:aws:sts::{account}:assumed-role/{role.name}/simulated"
    return session, _of_entity(role, "role"), boundary_of(backend, role)


def _of_entity(entity: Any, kind: str) -> list[Named]:
    """Its policies by the ids that the simulator has for them."""
    inline = [Named(text, f"{kind}_{entity.name}_{name}") for name, text in entity.policies.items()]
    attached = entity.managed_policies.values()
    return [*inline, *(Named(default_document(one), one.name, one.arn) for one in attached)]


def _simulated(
    exchange: Exchange, caller: str, given: list[Named], boundary: Named | None
) -> Params:
    params = exchange.params
    limits = params.get("PermissionsBoundaryPolicyInputList")
    if limits:
        boundary = Named(_checked(limits[0], "PermissionsBoundaryPolicyInputList"), "boundary")
    context = {
        entry["ContextKeyName"]: entry.get("ContextKeyValues", [])
        for entry in params.get("ContextEntries") or []
    }
    context = {name: values[0] if len(values) == 1 else values for name, values in context.items()}
    resource = params.get("ResourcePolicy")
    policy = Named(_checked(resource, "ResourcePolicy"), "ResourcePolicy") if resource else None
    owner = params.get("ResourceOwner")
    results = []
    for action in params.get("ActionNames") or []:
        for arn in params.get("ResourceArns") or ["*"]:
            decision = evaluate(
                Request(caller, action, arn, context, account_of(owner) if owner else None),
                identity=[named.policy for named in given],
                resource=policy.policy if policy else None,
                boundary=boundary.policy if boundary else None,
            )
            results.append(_result(decision, given, policy, boundary))
    return {"EvaluationResults": results, "IsTruncated": False}


def _result(
    decision: Decision, given: list[Named], policy: Named | None, boundary: Named | None
) -> Params:
    request = decision.request
    result: Params = {
        "EvalActionName": request.action,
        "EvalResourceName": request.resource,
        "EvalDecision": _EFFECTS.get(decision.effect, "implicitDeny"),
        "MatchedStatements": _matched(decision, given, policy),
        "MissingContextValues": _missing(decision),
    }
    if boundary is not None:
        allowed = evaluate(request, identity=[boundary.policy]).allowed
        result["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": allowed}
    return result


def _matched(decision: Decision, given: list[Named], policy: Named | None) -> list[Params]:
    """The statements that brought about the outcome, with their places in their policies."""
    wanted = "Deny" if decision.effect == EXPLICIT_DENY else "Allow"
    found = []
    for step in decision.steps:
        if not step.matched or decision.statement(step).effect != wanted:
            continue
        if step.policy_kind == "identity":
            named, kind = given[step.policy_index], "IAM Policy"
        elif step.policy_kind == "resource" and policy is not None:
            named, kind = policy, "Resource Policy"
        else:
            continue
        start, end = statement_positions(named.text)[step.statement_index]
        found.append(
            {
                "SourcePolicyId": named.name,
                "SourcePolicyType": kind,
                "StartPosition": {"Line": start[0], "Column": start[1]},
                "EndPosition": {"Line": end[0], "Column": end[1]},
            }
        )
    return found


def _missing(decision: Decision) -> list[str]:
    """Condition keys that the request lacks, of statements for its action and resource."""
    names: dict[str, None] = {}
    for step in decision.steps:
        others = [reason for reason in step.reasons if not reason.code.startswith("condition_")]
        if any(failed(reason) for reason in others):
            continue
        for reason in step.reasons:
            if reason.code in _MISSING:
                names.setdefault(reason.key.split(" ", 1)[-1])
    return [*names]
