"""What a stage of an HTTP API serves: a snapshot, or the API as it is.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Snapshot:
    """What a deployment keeps of an HTTP API, in moto's words."""

    routes: dict[str, Any]
    integrations: dict[str, Any]
    authorizers: dict[str, Any]


def snapshot_of(api: Any) -> Snapshot:
    """The API as it is now."""
    return Snapshot(deepcopy(api.routes), deepcopy(api.integrations), deepcopy(api.authorizers))


def served_by(api: Any, stage: Any) -> Any:
    """What a stage of moto's serves: the API, a snapshot of it, or None before it is deployed."""
    if stage.auto_deploy:
        return api
    return getattr(api, "snapshots", {}).get(getattr(stage, "deployment_id", None))
