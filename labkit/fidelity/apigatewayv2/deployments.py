"""A stage serves a deployment, or the API as it is where it deploys by itself.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
"""

from __future__ import annotations

import json

from labkit.fidelity.apigatewayv2.settings import API, GUIDE, backend_of
from labkit.fidelity.apigatewayv2.snapshot import snapshot_of
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params, Reply


@rule(
    "apigatewayv2",
    "CreateDeployment",
    when="instead",
    follows=API + "apis-apiid-deployments.html",
    corrects="moto has no such operation",
)
def a_stage_without_auto_deploy_waits_for_a_deployment(exchange: Exchange) -> Reply:
    """A stage without AutoDeploy serves its deployment, and 404 before it has one.

    CreateDeployment takes a snapshot; with a StageName the stage leads to it.
    """
    from moto.moto_api._internal import mock_random

    asked = {name[:1].lower() + name[1:]: value for name, value in exchange.params.items()}
    api = backend_of(exchange).get_api(asked["apiId"])
    stage = api.get_stage(asked["stageName"]) if asked.get("stageName") else None
    deployment_id = mock_random.get_random_string(6, lower_case=True)
    if not hasattr(api, "snapshots"):
        api.snapshots = {}
    api.snapshots[deployment_id] = snapshot_of(api)
    if stage is not None:
        stage.deployment_id = deployment_id
    told = {
        "autoDeployed": False,
        "createdDate": f"{exchange.at:%Y-%m-%dT%H:%M:%SZ}",
        "deploymentId": deployment_id,
        "deploymentStatus": "DEPLOYED",
        "description": asked.get("description"),
    }
    return 201, {}, json.dumps(told)


@rule(
    "apigatewayv2",
    "CreateStage",
    "UpdateStage",
    when="after",
    follows=GUIDE + "http-api-stages.html",
    corrects="moto loses the deployment",
)
def a_stage_of_an_http_api_is_led_to_a_deployment(exchange: Exchange, answer: Params) -> Params:
    """A stage of an HTTP API is led to a deployment of its API, also back to an earlier one.

    DeploymentId; NotFoundException for one that does not exist (message: unverified).
    """
    asked = {name[:1].lower() + name[1:]: value for name, value in exchange.params.items()}
    wanted = asked.get("deploymentId")
    if not wanted:
        return answer
    api = backend_of(exchange).get_api(asked["apiId"])
    if wanted not in getattr(api, "snapshots", {}):
        raise AwsError("NotFoundException", f"Invalid Deployment identifier {wanted}", 404)
    api.get_stage(asked["stageName"]).deployment_id = wanted
    return answer | {"DeploymentId": wanted}
