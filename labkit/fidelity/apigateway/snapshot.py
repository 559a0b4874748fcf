"""A deployment is a snapshot: what is changed in the API afterwards waits for the next one.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Deployed:
    """A resource of a deployed API with its methods, by name."""

    id: str
    path: str
    methods: dict[str, Any]


@dataclass(frozen=True)
class Snapshot:
    """What a deployment keeps of an API, in moto's words."""

    resources: tuple[Deployed, ...]
    authorizers: dict[str, Any]
    models: dict[str, Any]
    validators: dict[str, Any]
    gateway_responses: dict[str, Any]
    policy: str | None
    binary_media_types: tuple[str, ...]
    api_key_source: str


def snapshot_of(api: Any) -> Snapshot:
    """The API as it is now."""
    return Snapshot(
        resources=tuple(
            Deployed(resource.id, resource.get_path(), deepcopy(resource.resource_methods))
            for resource in api.resources.values()
        ),
        authorizers=deepcopy(api.authorizers),
        models=deepcopy(api.models),
        validators=deepcopy(api.request_validators),
        gateway_responses=deepcopy(api.gateway_responses),
        policy=api.policy or None,
        binary_media_types=tuple(api.binaryMediaTypes),
        api_key_source=str(api.api_key_source),
    )


def freeze(api: Any, deployment: Any) -> None:
    """Let a deployment of moto's keep the API as it is now."""
    deployment.snapshot = snapshot_of(api)


def frozen(api: Any, deployment_id: str) -> Snapshot | None:
    """What a deployment keeps; the API as it is if it was made where no rule saw it."""
    deployment = api.deployments.get(deployment_id)
    if deployment is None:
        return None
    if not hasattr(deployment, "snapshot"):  # by CloudFormation, say: at its first request
        freeze(api, deployment)
    found: Snapshot = deployment.snapshot
    return found
