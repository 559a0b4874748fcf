"""What a deployment keeps, and the stages that lead to it."""

from __future__ import annotations

import json
from typing import Any

from labkit.fidelity.apigateway.common import API, GUIDE, api_of, backend_of, bad_request
from labkit.fidelity.apigateway.snapshot import freeze
from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange, Reply


@rule(
    "apigateway",
    "CreateDeployment",
    when="before",
    follows=API + "CreateDeployment.html",
    corrects="moto deploys an API if one of its methods has an integration",
)
def every_method_needs_an_integration_to_be_deployed(exchange: Exchange) -> None:
    """An API is deployed when each of its methods has an integration.

    BadRequestException: No integration defined for method.
    """
    api = api_of(exchange)
    methods = [
        method
        for resource in api.resources.values()
        for method in resource.resource_methods.values()
    ]
    if methods and not all(method.method_integration for method in methods):
        raise bad_request("No integration defined for method")


@rule(
    "apigateway",
    "CreateDeployment",
    when="instead",
    follows=GUIDE + "how-to-deploy-api.html",
    corrects="moto makes the stage anew, without the settings and variables that it had",
)
def a_deployment_leaves_the_settings_of_its_stage(exchange: Exchange) -> Reply:
    """A stage that is deployed to keeps its settings, and its variables but for those given.

    CreateDeployment with a stageName creates the stage, or leads the one that is there to the
    new deployment.
    """
    asked, backend, api = exchange.params, backend_of(exchange), api_of(exchange)
    name, variables = asked.get("stageName"), asked.get("variables") or {}
    deployment = backend.create_deployment(api.id, "", asked.get("description") or "")
    freeze(api, deployment)
    if name and name in api.stages:
        api.stages[name].deployment_id = deployment.id
        api.stages[name].variables.update(variables)
    elif name:
        api.create_stage(
            name,
            deployment.id,
            variables,
            asked.get("stageDescription") or "",
            asked.get("cacheClusterEnabled") or False,
            asked.get("cacheClusterSize"),
            None,
            asked.get("tracingEnabled"),
        )
    told = {name: value for name, value in deployment.to_json().items() if name != "stageName"}
    return 201, {}, json.dumps(told)


@rule(
    "apigateway",
    "DeleteDeployment",
    when="instead",
    follows=API + "DeleteDeployment.html",
    corrects="moto minds the stage that a deployment was made for, wherever that leads now",
)
def a_deployment_that_a_stage_serves_stays(exchange: Exchange) -> Reply | None:
    """A deployment is not deleted while a stage leads to it, and is when none does.

    BadRequestException: Active stages pointing to this deployment must be moved or deleted.
    """
    api, deployment_id = api_of(exchange), str(exchange.params["deploymentId"])
    if any(stage.deployment_id == deployment_id for stage in api.stages.values()):
        raise bad_request("Active stages pointing to this deployment must be moved or deleted")
    if api.deployments.pop(deployment_id, None) is None:
        return None  # moto says that it is not there
    return 202, {}, "{}"


@rule(
    "apigateway",
    "CreateStage",
    "UpdateStage",
    when="before",
    follows=API + "CreateStage.html",
    corrects="moto lets a stage lead to a deployment that does not exist",
)
def a_stage_leads_to_a_deployment_that_exists(exchange: Exchange) -> None:
    """A stage leads to a deployment of its own API.

    BadRequestException (message: unverified).
    """
    api = api_of(exchange)
    for deployment_id in _named(exchange.params):
        if deployment_id not in api.deployments:
            raise bad_request("Deployment id does not exist")


def _named(asked: dict[str, Any]) -> list[str]:
    if "patchOperations" not in asked:
        return [str(asked.get("deploymentId"))]
    changes = asked["patchOperations"] or []
    return [str(one.get("value")) for one in changes if one.get("path") == "/deploymentId"]
