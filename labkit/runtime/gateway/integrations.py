"""What is behind a method of a REST API: a function, an HTTP endpoint, or nothing (MOCK).

          request mapping            response mapping
request ──▶ template ──▶ back end ──▶ selected by regex ──▶ template ──▶ answer
request ──────────────▶ back end ─────────────────────────────────────▶ answer   proxy
"""

from __future__ import annotations

import json
import re
from typing import Any

from labkit.facts import fact
from labkit.fidelity.apigateway.snapshot import Snapshot
from labkit.runtime.gateway import answers, events, lambdas
from labkit.runtime.gateway.backends import ask
from labkit.runtime.gateway.call import Call
from labkit.runtime.gateway.mapping import media_type, of_request, of_response
from labkit.runtime.gateway.messages import Headers, Outgoing
from labkit.runtime.gateway.refusals import Refused
from labkit.runtime.gateway.templates import Overrides, render
from labkit.runtime.outcome import Outcome
from labkit.sandbox.turn import Turn


def integrate(call: Call, method: Any, api: Snapshot, turn: Turn) -> Outgoing:
    """The answer of what is behind a method; Refused where there is none."""
    integration = method.method_integration
    kind = integration.integration_type if integration is not None else ""
    if kind == "AWS_PROXY":
        return _lambda_proxy(call, integration, api)
    if kind == "HTTP_PROXY":
        return _http_proxy(call, integration, turn)
    if kind in ("AWS", "HTTP", "MOCK"):
        return _mapped(call, method, integration, kind, turn)
    raise Refused("API_CONFIGURATION_ERROR", why=f"The integration type {kind!r} is none.")


def _timeout_ms(integration: Any) -> int:
    default = fact("apigateway.integration_timeout_default_ms")
    return int(integration.timeout_in_millis or default)


def in_time(outcome: Outcome, integration: Any) -> Outcome:
    """The outcome, if it came before the integration's timeout."""
    limit_ms = _timeout_ms(integration)
    if outcome.duration_ms > limit_ms:
        raise Refused(
            "INTEGRATION_TIMEOUT",
            why=f"The function took {outcome.duration_ms:.0f} ms, longer than the {limit_ms} ms "
            "that the integration waits. It ran to its end.",
        )
    return outcome


def _function(call: Call, integration: Any) -> str:
    arn = lambdas.function_arn(integration.uri, call.stage_variables)
    if arn is None:
        raise Refused(
            "API_CONFIGURATION_ERROR",
            why=f"{integration.uri} is none of Lambda; labkit has no other service behind a "
            "method. On AWS it could be one.",
        )
    if integration.http_method != "POST":
        raise Refused(
            "API_CONFIGURATION_ERROR",
            why=f"Lambda is invoked with POST; integrationHttpMethod is {integration.http_method}.",
        )
    return arn


def _lambda_proxy(call: Call, integration: Any, api: Snapshot) -> Outgoing:
    arn = _function(call, integration)
    event = events.rest(call, _is_binary(call.incoming.headers.get("Content-Type"), api))
    try:
        outcome = lambdas.run(call, arn, event, call.source_arn, integration.credentials or "")
    except lambdas.NotInvoked as not_invoked:
        raise Refused("API_CONFIGURATION_ERROR", why=not_invoked.why) from not_invoked
    if in_time(outcome, integration).failed:
        raise answers.malformed(f"the function failed: {outcome.payload.decode()}")
    return answers.rest(outcome.payload, decode=_is_binary(_accepted(call), api))


def _accepted(call: Call) -> str:
    """The first media type of Accept, which decides whether an answer may be binary."""
    return (call.incoming.headers.get("Accept") or "").split(",", 1)[0]


def _is_binary(kind: str | None, api: Snapshot) -> bool:
    """Whether the API takes a media type for binary; `*/*` among its types is every one."""
    types = [one.replace("~1", "/") for one in api.binary_media_types]
    return "*/*" in types or (kind or "").split(";", 1)[0].strip().lower() in types


def _http_proxy(call: Call, integration: Any, turn: Turn) -> Outgoing:
    url, headers, query = _request_parameters(call, integration)
    mine = {name.lower() for name, _ in headers}
    passed = [pair for pair in call.headers() if pair[0].lower() not in mine]
    own = {name for name, _ in query}
    query = [*query, *(pair for pair in call.incoming.query_pairs if pair[0] not in own)]
    verb = call.incoming.method if integration.http_method == "ANY" else integration.http_method
    return ask(turn, verb, _with_query(url, query), [*passed, *headers], call.incoming.body)


def _request_parameters(
    call: Call, integration: Any
) -> tuple[str, list[tuple[str, str]], list[tuple[str, str]]]:
    """The integration's address, headers and query, by its requestParameters."""
    url = lambdas.fill(integration.uri or "", call.stage_variables)
    headers: list[tuple[str, str]] = []
    query: list[tuple[str, str]] = []
    for name, expression in (integration.request_parameters or {}).items():
        value = of_request(call, str(expression))
        if value is None:
            continue
        kind, _, key = name.removeprefix("integration.request.").partition(".")
        if kind == "header":
            headers.append((key, value))
        elif kind == "querystring":
            query.append((key, value))
        elif kind == "path":
            url = url.replace("{" + key + "}", value).replace("{" + key + "+}", value)
    return url, headers, query


def _with_query(url: str, query: list[tuple[str, str]]) -> str:
    from urllib.parse import urlencode

    if not query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"


# ---- with mapping ----


def _mapped(call: Call, method: Any, integration: Any, kind: str, turn: Turn) -> Outgoing:
    body = _request_body(call, integration)
    if kind == "MOCK":
        return _respond(call, method, integration, str(_mock_status(body)), Outgoing(200))
    url, headers, query = _request_parameters(call, integration)
    if kind == "HTTP":
        typed = [("Content-Type", "application/json"), *headers]
        got = ask(turn, integration.http_method, _with_query(url, query), typed, body.encode())
        return _respond(call, method, integration, str(got.status), got)
    return _lambda(call, method, integration, body, Headers(headers))


def _lambda(call: Call, method: Any, integration: Any, body: str, headers: Headers) -> Outgoing:
    arn, role = _function(call, integration), integration.credentials or ""
    try:
        event = json.dumps(json.loads(body or "{}")).encode()
    except ValueError as error:
        raise Refused("DEFAULT_5XX", why=f"The event is no JSON: {body!r}, {error}") from error
    try:
        if headers.get("X-Amz-Invocation-Type") == "Event":
            lambdas.hand_over(call, arn, event, call.source_arn, role)
            return _respond(call, method, integration, "", Outgoing(202))
        outcome = lambdas.run(call, arn, event, call.source_arn, role)
    except lambdas.NotInvoked as not_invoked:
        raise Refused("API_CONFIGURATION_ERROR", why=not_invoked.why) from not_invoked
    told = in_time(outcome, integration).payload
    said = str(outcome.json().get("errorMessage", "")) if outcome.failed else ""
    return _respond(call, method, integration, said, Outgoing(200, body=told))


def _request_body(call: Call, integration: Any) -> str:
    """The body for what is behind: by the template of its media type, or as it came.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
    """
    templates = integration.request_templates or {}
    kind = media_type(call.incoming.headers)
    template = templates.get(kind)
    if template is not None:
        return render(template, call, call.text())
    behaviour = integration.passthrough_behaviour or "WHEN_NO_MATCH"
    if behaviour == "NEVER" or (behaviour == "WHEN_NO_TEMPLATES" and templates):
        raise Refused("UNSUPPORTED_MEDIA_TYPE", why=f"There is no template for {kind}.")
    return call.text()


def _mock_status(body: str) -> int:
    """The status that a MOCK's request template names: {"statusCode": 200}."""
    try:
        return int(json.loads(body)["statusCode"])
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(
            "DEFAULT_5XX",
            why=f'A MOCK needs a request template that comes to {{"statusCode": 200}}, '
            f"not to {body!r}.",
        ) from error


def _respond(call: Call, method: Any, integration: Any, told: str, got: Outgoing) -> Outgoing:
    """The integration response whose pattern fits what was told, made into an answer."""
    chosen = _select(integration.integration_responses or {}, told)
    body = got.body.decode("utf-8", "replace")
    headers, overrides = Headers(), Overrides()
    templates = chosen.response_templates or {}
    kind = media_type(Headers([("Content-Type", _accepted(call))])) if _accepted(call) else ""
    template = templates.get(kind) or next((one for one in templates.values() if one), None)
    content_type = kind if templates.get(kind) else next(iter(templates), "application/json")
    shown = render(template, call, body, overrides) if template else body
    headers.set("Content-Type", content_type)
    allowed = _declared(method, str(chosen.status_code))
    for name, expression in (chosen.response_parameters or {}).items():
        value = of_response(call, str(expression), got.headers, body)
        if value is not None and (allowed is None or name in allowed):
            headers.set(name.removeprefix("method.response.header."), value)
    for name, value in overrides.headers.items():
        headers.set(name, value)
    return Outgoing(overrides.status or int(chosen.status_code), headers, shown.encode())


def _select(responses: dict[str, Any], told: str) -> Any:
    """The integration response whose regex fits; the one without a pattern for all others."""
    for one in responses.values():
        if one.selection_pattern and re.fullmatch(one.selection_pattern, told):
            return one
    for one in responses.values():
        if not one.selection_pattern:
            return one
    raise Refused(
        "API_CONFIGURATION_ERROR",
        why=f"No integration response fits {told!r}, and none is the default.",
    )


def _declared(method: Any, status: str) -> set[str] | None:
    """The headers that the method response of a status declares."""
    response = method.method_responses.get(status)
    return None if response is None else set(response.response_parameters or {})
