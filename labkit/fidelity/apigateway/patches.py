"""The updates that moto does not have: patch operations on a method and on its integration.

https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from labkit.fidelity.apigateway.common import API, bad_request, method_of
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Reply

_Kinds = dict[str, tuple[str, Callable[[str], Any]]]


def _truth(text: str) -> bool:
    return text.lower() == "true"


# For each path: the attribute of moto's, and how its values are read.
_OF_A_METHOD: _Kinds = {
    "authorizationType": ("authorization_type", str),
    "authorizerId": ("authorizer_id", str),
    "apiKeyRequired": ("api_key_required", _truth),
    "requestValidatorId": ("request_validator_id", str),
    "operationName": ("operation_name", str),
    "requestParameters": ("request_parameters", _truth),
    "requestModels": ("request_models", str),
}
_OF_AN_INTEGRATION: _Kinds = {
    "uri": ("uri", str),
    "httpMethod": ("http_method", str),
    "credentials": ("credentials", str),
    "timeoutInMillis": ("timeout_in_millis", int),
    "passthroughBehavior": ("passthrough_behaviour", str),
    "cacheNamespace": ("cache_namespace", str),
    "contentHandling": ("content_handling", str),
    "cacheKeyParameters": ("cache_key_parameters", str),
    "requestTemplates": ("request_templates", str),
    "requestParameters": ("request_parameters", str),
}
_OF_A_RESPONSE: _Kinds = {
    "selectionPattern": ("selection_pattern", str),
    "contentHandling": ("content_handling", str),
    "responseTemplates": ("response_templates", str),
    "responseParameters": ("response_parameters", str),
}


@rule(
    "apigateway",
    "UpdateMethod",
    when="instead",
    follows=API + "UpdateMethod.html",
    corrects="moto has no such operation",
)
def a_method_can_be_changed(exchange: Exchange) -> Reply:
    """A method is changed by patch operations.

    /authorizationType, /apiKeyRequired, /requestValidatorId, /requestParameters/… and the like.
    """
    method = method_of(exchange)
    _apply(method, exchange, _OF_A_METHOD)
    return 200, {}, json.dumps(method.to_json())


@rule(
    "apigateway",
    "UpdateIntegration",
    when="instead",
    follows=API + "UpdateIntegration.html",
    corrects="moto has no such operation",
)
def an_integration_can_be_changed(exchange: Exchange) -> Reply:
    """An integration is changed by patch operations.

    /uri, /timeoutInMillis, /requestTemplates/…, /cacheKeyParameters/… and the like.
    """
    integration = method_of(exchange).method_integration
    if integration is None:
        raise AwsError("NotFoundException", "Invalid Integration identifier specified", 404)
    _apply(integration, exchange, _OF_AN_INTEGRATION)
    return 200, {}, json.dumps(integration.to_json())


@rule(
    "apigateway",
    "UpdateIntegrationResponse",
    when="instead",
    follows=API + "UpdateIntegrationResponse.html",
    corrects="moto has no such operation",
)
def an_integration_response_can_be_changed(exchange: Exchange) -> Reply:
    """An integration response is changed by patch operations.

    /selectionPattern, /responseTemplates/…, /responseParameters/….
    """
    integration = method_of(exchange).method_integration
    response = integration.get_integration_response(exchange.params["statusCode"])
    _apply(response, exchange, _OF_A_RESPONSE)
    return 200, {}, json.dumps(response.to_json())


def _apply(thing: Any, exchange: Exchange, kinds: _Kinds) -> None:
    for change in exchange.params.get("patchOperations") or []:
        member, _, key = change["path"].lstrip("/").partition("/")
        if member not in kinds:
            allowed = ", ".join(f"/{name}" for name in kinds)
            raise bad_request(
                f"Invalid patch path '{change['path']}' specified for op '{change['op']}'. "
                f"Must be one of: [{allowed}]"
            )
        attribute, read = kinds[member]
        key = key.replace("~1", "/")
        if not key:
            removed = change["op"] == "remove"
            setattr(thing, attribute, None if removed else read(change["value"]))
        elif attribute == "cache_key_parameters":
            kept = [one for one in thing.cache_key_parameters if one != key]
            thing.cache_key_parameters = kept + ([key] if change["op"] != "remove" else [])
        else:
            entries = dict(getattr(thing, attribute) or {})
            entries.pop(key, None)
            if change["op"] != "remove":
                entries[key] = read(change.get("value") or "")
            setattr(thing, attribute, entries)
