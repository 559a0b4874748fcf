"""What the exercises lay and the checks read: APIs by their name, a stage, its settings."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from labkit.exercises.checks.lambda_versions.deploying import lay_function

STAGE = "prod"
_FUNCTIONS = "arn:aws:lambda:us-east-1:123456789012:function:"
_DOOR = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"


def uri_of(function: str) -> str:
    """The URI by which an integration names a function."""
    return f"{_DOOR}{_FUNCTIONS}{function}/invocations"


def id_of(apigateway: Any, name: str) -> str | None:
    """The id of the newest REST API of this name; None if there is none."""
    found = [one["id"] for one in apigateway.get_rest_apis()["items"] if one["name"] == name]
    return found[-1] if found else None


def document(name: str, path: str, method: dict[str, Any]) -> bytes:
    """An OpenAPI document of one GET."""
    info = {"title": name, "version": "1"}
    return json.dumps({"openapi": "3.0.1", "info": info, "paths": {path: {"get": method}}}).encode()


def lay_api(client: Any, name: str, path: str, method: dict[str, Any]) -> tuple[Any, str]:
    """A REST API afresh, imported and deployed to `prod`; API Gateway's client, and its id."""
    apigateway = client("apigateway")
    while old := id_of(apigateway, name):
        apigateway.delete_rest_api(restApiId=old)
    made = str(apigateway.import_rest_api(body=document(name, path, method))["id"])
    apigateway.create_deployment(restApiId=made, stageName=STAGE, description="1")
    return apigateway, made


def lay_backend(client: Any, name: str, source: str) -> None:
    """A function afresh that API Gateway may invoke."""
    lam = lay_function(client, name, source)
    lam.add_permission(
        FunctionName=name,
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )


def stage_of(apigateway: Any, api: str) -> dict[str, Any] | None:
    """The stage `prod` of an API; None if it is gone."""
    with suppress(apigateway.exceptions.NotFoundException):
        return dict(apigateway.get_stage(restApiId=api, stageName=STAGE))
    return None


def url_of(api: str, path: str) -> str:
    """The address of a path at the stage `prod`, as clients on AWS know it."""
    return f"https://{api}.execute-api.us-east-1.amazonaws.com/{STAGE}/{path}"
