"""A stage of a REST API: what happens to a request, in order.

    resource ─▶ authorization ─▶ API key ─▶ throttling, quota ─▶ validation ─▶ cache ─▶ integration

https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-develop.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labkit.facts import fact
from labkit.fidelity.apigateway.snapshot import Snapshot, frozen
from labkit.fidelity.authorisation.asked import Need
from labkit.runtime.gateway import iam, integrations, refusals
from labkit.runtime.gateway.authorizers import Said, authorize_rest
from labkit.runtime.gateway.cache import Cache
from labkit.runtime.gateway.call import Call
from labkit.runtime.gateway.keys import holder_of
from labkit.runtime.gateway.limits import Limits
from labkit.runtime.gateway.mapping import of_request
from labkit.runtime.gateway.messages import Headers, Outgoing, Pairs
from labkit.runtime.gateway.refusals import Refused
from labkit.runtime.gateway.router import matches
from labkit.runtime.gateway.tokens import authorize_user_pool
from labkit.runtime.gateway.validation import validate
from labkit.sandbox.turn import Turn

_UNAUTHORIZED_REFRESH = (
    "199 Cache-control headers were ignored because the caller was unauthorized."
)


@dataclass
class RestApis:
    """Serves the stages of REST APIs."""

    turn: Turn
    limits: Limits
    answers: Cache[Outgoing]
    opinions: Cache[Said]

    def serve(self, call: Call, backend: Any, api: Any) -> Outgoing:
        """The answer to a request to a stage of moto's API."""
        stage = api.stages.get(call.stage)
        deployed = frozen(api, stage.deployment_id) if stage is not None else None
        if stage is None or deployed is None or api.disableExecuteApiEndpoint:
            return refusals.answer(Refused("DEFAULT_4XX"), {}, lambda _: None)
        call.stage_variables = dict(stage.variables or {})
        call.deployment_id = str(stage.deployment_id)
        call.edge = "EDGE" in (api.endpoint_configuration or {}).get("types", [])
        try:
            answer = self._through(call, backend, stage, deployed)
        except Refused as refused:
            answer = refusals.answer(
                refused,
                deployed.gateway_responses,
                lambda expression: of_request(call, expression),
            )
        answer.headers.set("x-amzn-RequestId", call.request_id)
        answer.headers.set("x-amz-apigw-id", call.extended_id)
        if call.edge:
            answer.headers.pairs += _of_cloudfront(call, answer.status)
        return answer

    def _through(self, call: Call, backend: Any, stage: Any, api: Snapshot) -> Outgoing:
        method = _route(call, api)
        if len(call.incoming.body) > int(fact("apigateway.payload_max_bytes")):
            raise Refused("REQUEST_TOO_LARGE")
        self._authorize(call, method, api)
        holder = holder_of(call, method, backend, api.api_key_source)
        settings, own = method_settings(stage, call.resource_path, call.incoming.method)
        self.limits.check(call, settings, holder)
        validate(call, method, api)
        cacheable = call.incoming.method == "GET" or own  # what is set for all is for GET alone
        ttl_s = _kept_for(stage, settings) if cacheable else 0
        if not ttl_s:
            return self._integrated(call, method, api)
        return self._cached(call, method, api, settings, ttl_s)

    def _integrated(self, call: Call, method: Any, api: Snapshot) -> Outgoing:
        answer = integrations.integrate(call, method, api, self.turn)
        answer.headers.set("X-Amzn-Trace-Id", call.trace_id)
        return answer

    def _authorize(self, call: Call, method: Any, api: Snapshot) -> None:
        kind = method.authorization_type or "NONE"
        policy = iam.whole_policy(call, api.policy)
        if kind == "AWS_IAM":
            iam.may_invoke(call, iam.signer(call), policy)
            return
        if kind == "NONE":
            iam.anybody(call, policy)
            return
        iam.denies(call, policy)
        authorizer = api.authorizers.get(method.authorizer_id or "")
        if authorizer is None:
            raise Refused("AUTHORIZER_CONFIGURATION_ERROR", why="The authorizer is gone.")
        if authorizer.type == "COGNITO_USER_POOLS":
            scopes = list(method.authorization_scopes or [])
            authorize_user_pool(call, authorizer, scopes, self.turn)
        else:
            authorize_rest(call, authorizer, self.opinions)

    # ---- the cache ----

    def _cached(
        self, call: Call, method: Any, api: Snapshot, settings: dict[str, Any], ttl_s: int
    ) -> Outgoing:
        key = _cache_key(call, method)
        warning = ""
        refresh = "max-age=0" in (call.incoming.headers.get("Cache-Control") or "")
        if refresh and settings.get("requireAuthorizationForCacheControl", True):
            refresh, warning = _may_refresh(call, api, settings)
        kept = None if refresh else self.answers.get(key, call.at)
        if kept is None:
            kept = self._integrated(call, method, api)
            fits = len(kept.body) <= int(fact("apigateway.cached_answer_max_bytes"))
            if kept.status < 300 and fits:
                self.answers.put(key, kept, ttl_s, call.at)
        else:
            call.found_in_cache = True
        answer = Outgoing(kept.status, Headers(kept.headers.pairs), kept.body)
        if warning:
            answer.headers.set("Warning", warning)
        return answer


def _route(call: Call, api: Snapshot) -> Any:
    """The method for a request; without one AWS says that a token is missing."""
    candidates = [(resource.path, resource) for resource in api.resources]
    for match in matches(candidates, call.path):
        methods = match.found.methods
        method = methods.get(call.incoming.method) or methods.get("ANY")
        if method is not None:
            call.resource_path, call.resource_id = match.found.path, match.found.id
            call.path_parameters = match.path_parameters
            return method
    raise Refused(
        "MISSING_AUTHENTICATION_TOKEN",
        why=f"The stage has no {call.incoming.method} {call.path or '/'}.",
    )


def _of_cloudfront(call: Call, status: int) -> Pairs:
    """What CloudFront adds to the answer of an edge-optimised API."""
    added = {name: value for name, value in call.headers() if name in ("Via", "X-Amz-Cf-Id")}
    missed = "Miss from cloudfront" if status < 400 else "Error from cloudfront"
    return [*added.items(), ("X-Amz-Cf-Pop", "IAD89-C1"), ("X-Cache", missed)]


def method_settings(stage: Any, path: str, method: str) -> tuple[dict[str, Any], bool]:
    """The stage's settings for a method, and whether it has some of its own over those of all."""
    name = f"~1{path.strip('/').replace('/', '~1')}/{method}"
    settings = stage.method_settings
    own = settings.get(name) or settings.get(name.removeprefix("~1")) or {}
    return {**(settings.get("*/*") or {}), **own}, bool(own)


def _kept_for(stage: Any, settings: dict[str, Any]) -> int:
    """For how many seconds an answer is kept; 0 if it is not."""
    if not stage.cache_cluster_enabled or not settings.get("cachingEnabled"):
        return 0
    ttl = settings.get("cacheTtlInSeconds")
    return int(fact("apigateway.cache_ttl_default_s") if ttl is None else ttl)


def _cache_key(call: Call, method: Any) -> tuple[object, ...]:
    """Requests of one key get one answer: only the parameters that were chosen tell them apart."""
    integration = method.method_integration
    namespace = integration.cache_namespace or call.resource_id
    values = [of_request(call, name) for name in integration.cache_key_parameters or []]
    return (call.api_id, call.stage, namespace, call.incoming.method, *values)


def _may_refresh(call: Call, api: Snapshot, settings: dict[str, Any]) -> tuple[bool, str]:
    """Whether a caller may have an answer made anew, and the warning if not."""
    try:
        caller = iam.signer(call)
        policy = iam.whole_policy(call, api.policy)
        need = Need("execute-api:InvalidateCache", call.method_arn)
        if iam.verdict(call, caller, need, policy).decision.allowed:
            return True, ""
    except Refused:
        pass  # nobody signed it, or not well
    strategy = settings.get("unauthorizedCacheControlHeaderStrategy")
    if strategy == "FAIL_WITH_403":
        raise Refused("ACCESS_DENIED", "User is not authorized to invalidate the cache")
    quietly = strategy == "SUCCEED_WITHOUT_RESPONSE_HEADER"
    return False, "" if quietly else _UNAUTHORIZED_REFRESH
