"""Exercise 1: refunds fail since the last deployment; the stage goes back to the one before."""

from __future__ import annotations

from typing import Any

from labkit.exercises.checks.api_gateway.apis import id_of, stage_of
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

NAME, PATH = "refunds", "/refunds"
AGAIN = '`lab.begin("rollback")` lays the start again.'


def mock(template: str) -> dict[str, Any]:
    """A GET that API Gateway answers by itself, by a template of what its integration gets."""
    return {
        "responses": {"200": {"description": "refunds"}},
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": {"application/json": template},
            "responses": {
                "default": {
                    "statusCode": "200",
                    "responseTemplates": {"application/json": '{"open": 3}'},
                }
            },
        },
    }


GOOD, BAD = mock('{"statusCode": 200}'), mock('{"status": 200}')


def check(evidence: Evidence) -> Outcome:
    """The stage serves the first deployment, and no new one was made."""
    apigateway = evidence.client("apigateway")
    api = id_of(apigateway, NAME)
    stage = stage_of(apigateway, api) if api else None
    if api is None or stage is None:
        return Incorrect(
            f"The {'API' if api is None else 'stage'} is gone, and every caller gets 403 or less.",
            "the stage `prod`, serving its first deployment.",
            f"A stage is moved, not made anew: its address and settings stay. {AGAIN}",
        )
    known = {one["id"]: one for one in apigateway.get_deployments(restApiId=api)["items"]}
    first = next((id for id, one in known.items() if one.get("description") == "1"), "")
    if not first:
        return Incorrect(
            "The deployment that worked was deleted.",
            "both deployments kept, and the stage on the first.",
            f"What is deleted cannot be gone back to. {AGAIN}",
        )
    if stage["deploymentId"] == first:
        return Passed(
            "One patch of the stage, and its address serves what it served before. Both "
            "deployments are kept, so the faulty one can be looked at in peace."
        )
    if known[stage["deploymentId"]].get("description") != "2":
        return Incorrect(
            "The stage serves a deployment that you made just now.",
            "the first deployment, which is known to work.",
            "CreateDeployment takes a picture of the API as it is now, mended or not. To go back "
            "needs no new picture.",
        )
    changed = evidence.of("apigateway", "PutRestApi", "PutIntegration", "UpdateIntegration")
    if [call for call in changed if not call.error_code]:
        return Incorrect(
            "The API was changed, and `prod` serves the faulty deployment as before.",
            "the stage on its first deployment.",
            "A stage serves a picture. Changes to the API do not reach it.",
        )
    return NotYet(
        "`prod` serves the second deployment, which fails.",
        "Ask `get_deployments` for the id of the first, and patch the stage's `/deploymentId`.",
    )
