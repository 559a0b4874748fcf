"""What moto leaves out of HTTP APIs: quick create, and changes to a stage."""

from __future__ import annotations

import json
from typing import Any

from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange, Params, Reply

GUIDE = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"
API = "https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/"


def backend_of(exchange: Exchange) -> Any:
    """moto's HTTP APIs in the account and Region of the request."""
    from moto.apigatewayv2.models import apigatewayv2_backends

    return apigatewayv2_backends[exchange.account][exchange.region]


@rule(
    "apigatewayv2",
    "CreateApi",
    when="after",
    follows=GUIDE + "http-api-develop.html",
    corrects="moto makes no route, integration or stage of a Target",
)
def a_target_makes_a_whole_api(exchange: Exchange, answer: Params) -> None:
    """An API that is created with a Target has its integration, route and stage.

    Quick create: the route $default unless RouteKey says otherwise, and the stage $default, which
    deploys changes by itself. For a function the payload format is 2.0.
    """
    asked = exchange.params
    target = asked.get("Target") or asked.get("target")
    if not target:
        return
    api = backend_of(exchange).get_api(answer["ApiId"])
    function = target.startswith("arn:")
    integration = api.create_integration(
        connection_type="INTERNET",
        description=None,
        credentials_arn=asked.get("CredentialsArn"),
        integration_method="POST" if function else "ANY",
        integration_type="AWS_PROXY" if function else "HTTP_PROXY",
        integration_uri=target,
        payload_format_version="2.0" if function else "1.0",
    )
    key = asked.get("RouteKey") or asked.get("routeKey") or "$default"
    api.create_route(
        api_key_required=False,
        authorization_scopes=[],
        route_key=key,
        target=f"integrations/{integration.id}",
    )
    api.create_stage({"stageName": "$default", "autoDeploy": True})


@rule(
    "apigatewayv2",
    "UpdateStage",
    when="instead",
    follows=API + "apis-apiid-stages-stagename.html",
    corrects="moto has no such operation",
)
def a_stage_of_an_http_api_can_be_changed(exchange: Exchange) -> Reply:
    """A stage's limits, variables and description can be changed.

    DefaultRouteSettings, RouteSettings, StageVariables, AutoDeploy, Description.
    """
    asked = {_low(name): value for name, value in exchange.params.items()}
    stage = backend_of(exchange).get_stage(asked["apiId"], asked["stageName"])
    for name, attribute in (
        ("defaultRouteSettings", "default_route_settings"),
        ("routeSettings", "route_settings"),
        ("stageVariables", "stage_variables"),
        ("autoDeploy", "auto_deploy"),
        ("description", "description"),
    ):
        if name in asked:
            setattr(stage, attribute, _lowered(asked[name]))
    return 200, {}, json.dumps(stage.to_json())


def _low(name: str) -> str:
    return name[:1].lower() + name[1:]


def _lowered(value: Any) -> Any:
    """Settings by their names on the wire; route keys and variables keep theirs."""
    if not isinstance(value, dict):
        return value
    if value.keys() & {"ThrottlingRateLimit", "ThrottlingBurstLimit", "DetailedMetricsEnabled"}:
        return {_low(name): inner for name, inner in value.items()}
    return {name: _lowered(inner) for name, inner in value.items()}
