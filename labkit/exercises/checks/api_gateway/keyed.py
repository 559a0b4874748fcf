"""Exercise 3: visitors see other people's rows; the cache has to tell requests apart."""

from __future__ import annotations

from typing import Any

from labkit.exercises.checks.api_gateway.apis import id_of, stage_of
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

NAME, PATH = "seats", "/seats"
PARAMETER = "method.request.querystring.row"
SOURCE = """\
import json

def handler(event, context):
    row = event["queryStringParameters"]["row"]
    return {"statusCode": 200, "body": json.dumps({"row": row, "free": 4})}
"""
CACHED = [
    {"op": "replace", "path": "/cacheClusterEnabled", "value": "true"},
    {"op": "replace", "path": "/cacheClusterSize", "value": "0.5"},
    {"op": "replace", "path": "/*/*/caching/enabled", "value": "true"},
]


def check(evidence: Evidence) -> Outcome:
    """The cache is on and tells rows apart, and that is deployed."""
    apigateway = evidence.client("apigateway")
    api = id_of(apigateway, NAME)
    stage = stage_of(apigateway, api) if api else None
    if api is None or stage is None:
        return Incorrect(
            f"The {'API' if api is None else 'stage'} is gone.",
            "the API as it was, with a cache that tells rows apart.",
            '`lab.begin("keyed")` lays the start again.',
        )
    settings = stage.get("methodSettings") or {}
    kept = [one for one in settings.values() if one.get("cachingEnabled")]
    if not stage.get("cacheClusterEnabled") or not kept:
        return Incorrect(
            "Nothing is cached any more.",
            "a cache that tells rows apart.",
            "That is right, and slow: each visitor's request is the back end's again.",
        )
    if any(one.get("cacheTtlInSeconds") == 0 for one in kept):
        return Incorrect(
            "The TTL is 0, so that no answer is kept.",
            "the TTL as it was.",
            "The fault is not how long an answer is kept, but for whom.",
        )
    return _of_the_key(evidence, _parameters(apigateway, api))


def _of_the_key(evidence: Evidence, parameters: list[str]) -> Outcome:
    if PARAMETER not in parameters:
        if evidence.of("apigateway", "FlushStageCache"):
            return Incorrect(
                "The cache was emptied, and will hold the first visitor's row again.",
                f"`{PARAMETER}` among the integration's `cacheKeyParameters`.",
                "Flushing throws answers away. What an answer is filed under stays as it was.",
            )
        return NotYet(
            "The cache files every answer of `/seats` under the same key.",
            "Add the parameter `row` to the integration's `cacheKeyParameters`.",
        )
    if not _deployed_since(evidence):
        return NotYet(
            "The parameter is part of the key in the API, and `prod` does not know yet.",
            "Deploy.",
        )
    return Passed(
        "Each row has an answer of its own in the cache. Whatever the answer depends on belongs "
        "in the key, and nothing else, or the cache is never hit."
    )


def _parameters(apigateway: Any, api: str) -> list[str]:
    items = apigateway.get_resources(restApiId=api)["items"]
    resource = next((one["id"] for one in items if one["path"] == PATH), None)
    if resource is None:
        return []
    found = apigateway.get_integration(restApiId=api, resourceId=resource, httpMethod="GET")
    return list(found.get("cacheKeyParameters") or [])


def _deployed_since(evidence: Evidence) -> bool:
    steps = evidence.of(
        "apigateway", "UpdateIntegration", "PutIntegration", "PutRestApi", "CreateDeployment"
    )
    done = [call.operation for call in steps if not call.error_code]
    return bool(done) and done[-1] == "CreateDeployment"
