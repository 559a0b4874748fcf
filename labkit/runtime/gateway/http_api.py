"""A stage of an HTTP API: routes, payload formats, answers that are inferred.

    CORS ─▶ route ─▶ authorization ─▶ throttling ─▶ integration

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labkit.facts import fact
from labkit.fidelity.apigatewayv2.snapshot import served_by
from labkit.runtime.gateway import answers, cors, events, iam, lambdas
from labkit.runtime.gateway.authorizers import Said, authorize_http
from labkit.runtime.gateway.backends import ask
from labkit.runtime.gateway.cache import Cache
from labkit.runtime.gateway.call import Call
from labkit.runtime.gateway.limits import Limits
from labkit.runtime.gateway.messages import Outgoing, json_answer
from labkit.runtime.gateway.refusals import WHY, Refused
from labkit.runtime.gateway.router import matches
from labkit.runtime.gateway.tokens import authorize_jwt
from labkit.sandbox.turn import Turn

# An HTTP API has no gateway responses: a status, and its name.
_SENTENCES = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Internal Server Error",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass
class HttpApis:
    """Serves the stages of HTTP APIs."""

    turn: Turn
    limits: Limits
    opinions: Cache[Said]

    def serve(self, call: Call, api: Any) -> Outgoing:
        """The answer to a request to a stage of moto's API."""
        stage = api.stages.get(call.stage)
        deployed = served_by(api, stage) if stage is not None else None
        if stage is None or deployed is None or api.disable_execute_api_endpoint:
            return json_answer(404, {"message": "Not Found"})
        call.stage_variables = dict(stage.stage_variables or {})
        shared = cors.settings(api.cors_configuration)
        answer = cors.preflight(call, shared)
        if answer is None:
            try:
                answer = self._through(call, deployed, stage)
            except Refused as refused:
                answer = _refusal(refused)
        cors.add(call, shared, answer.headers)
        answer.headers.set("Apigw-Requestid", call.extended_id)
        return answer

    def _through(self, call: Call, api: Any, stage: Any) -> Outgoing:
        route = _route(call, api)
        if len(call.incoming.body) > int(fact("apigateway.payload_max_bytes")):
            raise Refused("REQUEST_TOO_LARGE")
        self._authorize(call, api, route)
        defaults = _settings(stage.default_route_settings)
        own = _settings((stage.route_settings or {}).get(route.route_key))
        self.limits.check(call, {**defaults, **own})
        integration = api.integrations.get((route.target or "").rsplit("/", 1)[-1])
        if integration is None:
            raise Refused("API_CONFIGURATION_ERROR", why=f"{route.route_key} has no integration.")
        if integration.integration_type == "HTTP_PROXY":
            return self._endpoint(call, integration)
        return _function(call, route, integration)

    def _authorize(self, call: Call, api: Any, route: Any) -> None:
        kind = route.authorization_type or "NONE"
        if kind == "NONE":
            return
        if kind == "AWS_IAM":
            try:
                caller = iam.signer(call)
                iam.may_invoke(call, caller, None)
            except Refused as refused:
                raise Refused("ACCESS_DENIED", why=str(refused)) from refused
            call.authorizer = {"iam": _signer(call)}
            return
        authorizer = api.authorizers.get(route.authorizer_id or "")
        if authorizer is None:
            raise Refused("AUTHORIZER_CONFIGURATION_ERROR", why="The authorizer is gone.")
        if kind == "JWT":
            authorize_jwt(call, authorizer, list(route.authorization_scopes or []), self.turn)
        else:
            authorize_http(call, route.route_key, authorizer, self.opinions)

    def _endpoint(self, call: Call, integration: Any) -> Outgoing:
        url = lambdas.fill(integration.integration_uri, call.stage_variables)
        for name, value in call.path_parameters.items():
            url = url.replace("{" + name + "}", value).replace("{" + name + "+}", value)
        if call.incoming.query:
            url += f"{'&' if '?' in url else '?'}{call.incoming.query}"
        verb = integration.integration_method
        verb = call.incoming.method if verb in (None, "ANY") else verb
        return ask(self.turn, verb, url, call.headers(), call.incoming.body)


def _route(call: Call, api: Any) -> Any:
    """The route for a request: the closest path, a method before ANY, $default for what is left."""
    routes = {route.route_key: route for route in api.routes.values()}
    verbs = (call.incoming.method, "ANY")
    candidates = [
        (path, route)
        for verb, path, route in (
            (*key.split(" ", 1), route) for key, route in routes.items() if " " in key
        )
        if verb in verbs
    ]
    fitting = matches(candidates, call.path)
    if fitting:
        best = [match for match in fitting if match.rank == fitting[0].rank]
        chosen = min(best, key=lambda match: match.found.route_key.startswith("ANY "))
        return _taken(call, chosen.found, chosen.path_parameters)
    if "$default" in routes:
        return _taken(call, routes["$default"], {})
    raise Refused("RESOURCE_NOT_FOUND")


def _taken(call: Call, route: Any, parameters: dict[str, str]) -> Any:
    call.resource_path = call.resource_id = route.route_key
    call.path_parameters = parameters
    return route


def _settings(given: dict[str, Any] | None) -> dict[str, Any]:
    """A route's limits, with their names in lower case first."""
    named = cors.settings(given)
    return {name: value for name, value in named.items() if value is not None}


def _function(call: Call, route: Any, integration: Any) -> Outgoing:
    arn = lambdas.function_arn(integration.integration_uri or "", call.stage_variables)
    if arn is None or integration.integration_type != "AWS_PROXY":
        raise Refused(
            "API_CONFIGURATION_ERROR",
            why=f"{integration.integration_uri} is no function; labkit has no other service "
            "behind a route.",
        )
    second = str(integration.payload_format_version or "1.0") == "2.0"
    event = events.second_format(call, route.route_key) if second else events.first_format(call)
    try:
        outcome = lambdas.run(
            call, arn, event, _source_arn(call, route), integration.credentials_arn or ""
        )
    except lambdas.NotInvoked as not_invoked:
        status = 503 if not_invoked.throttled else 500
        raise Refused("DEFAULT_5XX", why=not_invoked.why, status=status) from not_invoked
    limit_ms = int(
        integration.timeout_in_millis or fact("apigateway.http_integration_timeout_default_ms")
    )
    if outcome.duration_ms > limit_ms:
        why = f"The function took {outcome.duration_ms:.0f} ms, longer than {limit_ms} ms."
        raise Refused("DEFAULT_5XX", why=why, status=503)
    if outcome.failed:
        raise Refused("DEFAULT_5XX", why=f"The function failed: {outcome.payload.decode()}")
    try:
        return answers.http(outcome.payload, second)
    except Refused as refused:
        raise Refused("DEFAULT_5XX", why=refused.why) from refused


def _source_arn(call: Call, route: Any) -> str:
    """The ARN under which a route invokes: API/STAGE/METHOD/PATH, or API/STAGE/$default."""
    start = f"arn:aws:execute-api:{call.region}:{call.account}:{call.api_id}/{call.stage}"
    verb, _, path = route.route_key.partition(" ")
    if not path:
        return f"{start}/$default"
    return f"{start}/{'*' if verb == 'ANY' else verb}{path}"


def _signer(call: Call) -> dict[str, Any]:
    """Who signed, as an event has it."""
    known = call.identity
    return {
        "accessKey": known["accessKey"],
        "accountId": known["accountId"],
        "callerId": known["caller"],
        "cognitoIdentity": None,
        "principalOrgId": None,
        "userArn": known["userArn"],
        "userId": known["user"],
    }


def _refusal(refused: Refused) -> Outgoing:
    status = 404 if refused.kind == "RESOURCE_NOT_FOUND" else refused.status
    answer = json_answer(status, {"message": _SENTENCES.get(status, "Bad Request")})
    if refused.kind == "UNAUTHORIZED":
        answer.headers.set("www-authenticate", "Bearer")
    answer.why = refused.why
    if refused.why and status >= 500:
        answer.headers.set(WHY, refused.why)
    return answer
