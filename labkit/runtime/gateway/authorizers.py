"""Lambda authorizers: a function of one's own says who may call.

    identity source missing ──▶ 401          the function fails, or says nonsense ──▶ 500
    kept for its TTL, by its identity sources           its policy does not allow ──▶ 403

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from labkit.facts import fact
from labkit.policy import PolicyError, Request, compile_policy, evaluate
from labkit.policy.decision import EXPLICIT_DENY
from labkit.runtime.gateway import events, lambdas
from labkit.runtime.gateway.cache import Cache
from labkit.runtime.gateway.call import Call
from labkit.runtime.gateway.mapping import of_request
from labkit.runtime.gateway.refusals import Refused

Said = dict[str, Any]


def authorize_rest(call: Call, authorizer: Any, cache: Cache[Said]) -> None:
    """Ask the authorizer of a method of a REST API; Refused unless it lets the request pass."""
    ttl = authorizer.authorizer_result_ttl
    ttl_s = int(fact("apigateway.authorizer_ttl_default_s") if ttl is None else ttl)
    sources = [one.strip() for one in (authorizer.identity_source or "").split(",") if one.strip()]
    values = [of_request(call, source) for source in sources]
    needed = authorizer.type == "TOKEN" or ttl_s > 0
    if needed and not (values and all(values)):
        raise Refused("UNAUTHORIZED", why=f"An identity source is missing: {', '.join(sources)}.")
    if authorizer.type == "TOKEN":
        token, pattern = str(values[0]), authorizer.identity_validation_expression
        if pattern and not re.fullmatch(pattern, token):
            raise Refused("UNAUTHORIZED", why=f"The token does not fit {pattern}.")
        event = events.for_token_authorizer(call, token)
    else:
        event = events.for_request_authorizer(call)
    key = (call.api_id, call.stage, authorizer.id, *values)
    said = cache.get(key, call.at) if ttl_s else None
    if said is None:
        said = _ask(
            call,
            authorizer.id,
            authorizer.authorizer_uri,
            event,
            authorizer.authorizer_credentials or "",
        )
        if ttl_s:
            cache.put(key, said, ttl_s, call.at)
    _must_allow(call, said)
    call.usage_key = str(said.get("usageIdentifierKey") or "")
    call.authorizer = {"principalId": said["principalId"], **_context(said)}


def _ask(call: Call, id: str, uri: str, event: Said, role: str) -> Said:
    """What the function says; Refused with 401 if it raises Unauthorized, with 500 if it fails."""
    said = _answer(call, id, uri, event, role)
    document = said.get("policyDocument") if isinstance(said, dict) else None
    if not isinstance(document, dict) or not said.get("principalId"):
        raise Refused(
            "AUTHORIZER_CONFIGURATION_ERROR",
            why=f"An authorizer returns principalId and policyDocument, not {json.dumps(said)}.",
        )
    return dict(said)


def _answer(call: Call, id: str, uri: str, event: Said, role: str) -> Any:
    arn = lambdas.function_arn(uri or "", call.stage_variables)
    source = f"arn:aws:execute-api:{call.region}:{call.account}:{call.api_id}/authorizers/{id}"
    try:
        outcome = lambdas.run(call, arn or uri, event, source, role)
    except lambdas.NotInvoked as not_invoked:
        raise Refused("AUTHORIZER_CONFIGURATION_ERROR", why=not_invoked.why) from not_invoked
    if outcome.failed:
        told = outcome.json()
        if isinstance(told, dict) and told.get("errorMessage") == "Unauthorized":
            raise Refused("UNAUTHORIZED")
        raise Refused("AUTHORIZER_FAILURE", why=f"The authorizer failed: {json.dumps(told)}")
    return outcome.json()


def _must_allow(call: Call, said: Said) -> None:
    """Refuse unless the policy that an authorizer returned allows this very request."""
    try:
        policy = compile_policy(said["policyDocument"])
    except PolicyError as error:
        raise Refused(
            "AUTHORIZER_CONFIGURATION_ERROR", why=f"The authorizer's policy is none: {error}"
        ) from error
    # Its caller is whoever the authorizer says; a user of the account stands for it.
    who = f"arn:aws:iam::{call.account}:user/authorized"
    decision = evaluate(Request(who, "execute-api:Invoke", call.method_arn), identity=[policy])
    if not decision.allowed:
        outright = " with an explicit deny" if decision.effect == EXPLICIT_DENY else ""
        sentence = f"User is not authorized to access this resource{outright}"
        raise Refused("ACCESS_DENIED", sentence, key="Message")


def _context(said: Said) -> dict[str, str]:
    """What the authorizer adds to the request's context: texts, no objects."""
    found = {}
    for name, value in (said.get("context") or {}).items():
        if isinstance(value, dict | list):
            raise Refused(
                "AUTHORIZER_CONFIGURATION_ERROR",
                why=f"The context of an authorizer holds texts, numbers and booleans; {name} "
                f"is {json.dumps(value)}.",
            )
        found[str(name)] = json.dumps(value) if not isinstance(value, str) else value
    return found


# ---- HTTP APIs ----


def authorize_http(call: Call, route_key: str, authorizer: Any, cache: Cache[Said]) -> None:
    """Ask the Lambda authorizer of a route of an HTTP API."""
    ttl_s = int(authorizer.auth_result_ttl or 0)
    sources = list(authorizer.identity_source or [])
    values = [_identity(call, source, route_key) for source in sources]
    if not all(values):
        raise Refused("UNAUTHORIZED", why=f"An identity source is missing: {', '.join(sources)}.")
    version = str(authorizer.auth_payload_format_version or "1.0")
    event = events.for_http_authorizer(call, route_key, [str(one) for one in values], version)
    key = (call.api_id, call.stage, authorizer.id, *values)
    said = cache.get(key, call.at) if ttl_s and values else None
    if said is None:
        role = authorizer.auth_creds_arn or ""
        said = _answer_http(call, authorizer, event, role)
        if ttl_s and values:
            cache.put(key, said, ttl_s, call.at)
    if "isAuthorized" in said:
        if said["isAuthorized"] is not True:
            raise Refused("ACCESS_DENIED")
        call.authorizer = {"lambda": said.get("context") or None}
        return
    try:
        _must_allow(call, said)
    except Refused as refused:
        raise Refused(refused.kind, why=refused.why) from refused
    call.authorizer = {"lambda": said.get("context") or None}


def _answer_http(call: Call, authorizer: Any, event: Said, role: str) -> Said:
    said = _answer(call, authorizer.id, authorizer.authorizer_uri, event, role)
    simple = bool(authorizer.enable_simple_response)
    wanted = "isAuthorized" if simple else "policyDocument"
    if not isinstance(said, dict) or wanted not in said:
        raise Refused(
            "AUTHORIZER_CONFIGURATION_ERROR",
            why=f"This authorizer returns {wanted}, not {json.dumps(said)}.",
        )
    return said


def _identity(call: Call, source: str, route_key: str) -> str | None:
    """The value of $request.header.NAME, …querystring.NAME, $context.NAME, $stageVariables.NAME."""
    if source == "$context.routeKey":
        return route_key
    plain = source.removeprefix("$").replace("request.", "method.request.", 1)
    if source.startswith(("$context.", "$stageVariables.")):
        plain = source.removeprefix("$")
    return of_request(call, plain)
