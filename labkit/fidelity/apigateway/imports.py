"""APIs that are made, or changed, by a document."""

from __future__ import annotations

import json

from labkit.fidelity.apigateway.common import API, GUIDE, api_of, backend_of
from labkit.fidelity.apigateway.openapi import Builder, read
from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange, Reply


@rule(
    "apigateway",
    "ImportRestApi",
    when="instead",
    follows=GUIDE + "import-edge-optimized-api.html",
    corrects="moto knows OpenAPI 3 alone, and few of API Gateway's extensions",
)
def an_api_is_made_of_a_document(exchange: Exchange) -> Reply:
    """An API is made of a document in OpenAPI 2.0 or 3, with API Gateway's extensions.

    Resources, methods, models, validators, authorizers, integrations, gateway responses, policy.
    """
    document = read(exchange.request.get_data().decode())
    backend, info = backend_of(exchange), document.get("info") or {}
    kinds = (exchange.params.get("parameters") or {}).get("endpointConfigurationTypes")
    api = backend.create_rest_api(
        name=info.get("title") or "Untitled",
        description=info.get("description"),
        endpoint_configuration={"types": [kinds]} if kinds else None,
    )
    api.version = info.get("version")
    Builder(backend, api, document).build()
    return 201, {}, json.dumps(api.to_dict())


@rule(
    "apigateway",
    "PutRestApi",
    when="instead",
    follows=API + "PutRestApi.html",
    corrects="moto knows OpenAPI 3 alone, and few of API Gateway's extensions",
)
def an_api_is_changed_by_a_document(exchange: Exchange) -> Reply:
    """An API takes a document in, beside what it has (merge) or in its place (overwrite).

    What is deployed does not change before the next deployment.
    """
    document = read(exchange.request.get_data().decode())
    api = api_of(exchange)
    if exchange.params.get("mode") == "overwrite":
        root = api.default
        root.resource_methods = {}
        api.resources = {root.id: root}
        for kept in (api.models, api.authorizers, api.request_validators, api.gateway_responses):
            kept.clear()
    Builder(backend_of(exchange), api, document).build()
    return 200, {}, json.dumps(api.to_dict())
