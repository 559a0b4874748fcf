"""What API Gateway refuses, and what moto loses of what it is given."""

from __future__ import annotations

import json

from labkit.facts import fact
from labkit.fidelity.apigateway.common import (
    API,
    GUIDE,
    api_of,
    backend_of,
    bad_request,
    method_of,
)
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params, Reply


@rule(
    "apigateway",
    "CreateResource",
    when="before",
    follows=API + "CreateResource.html",
    corrects="moto makes a second resource of the same path",
)
def a_resource_is_there_once(exchange: Exchange) -> None:
    """A path part is there once below a parent.

    ConflictException: Another resource with the same parent already has this name.
    """
    asked, api = exchange.params, api_of(exchange)
    for resource in api.resources.values():
        if resource.parent_id == asked["parentId"] and resource.path_part == asked.get("pathPart"):
            sentence = "Another resource with the same parent already has this name: "
            raise AwsError("ConflictException", sentence + resource.path_part, 409)


@rule(
    "apigateway",
    "PutMethod",
    when="before",
    follows=API + "PutMethod.html",
    corrects="moto takes a method whose authorizer is not there",
)
def a_method_names_an_authorizer_that_exists(exchange: Exchange) -> None:
    """A method of type CUSTOM or COGNITO_USER_POOLS names an authorizer of its API.

    BadRequestException: Invalid authorizer ID specified.
    """
    asked = exchange.params
    if asked.get("authorizationType") not in ("CUSTOM", "COGNITO_USER_POOLS"):
        return
    if asked.get("authorizerId") not in api_of(exchange).authorizers:
        raise bad_request(
            "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or "
            "COGNITO_USER_POOLS requires a valid authorizer."
        )


@rule(
    "apigateway",
    "PutIntegration",
    when="before",
    follows=API + "PutIntegration.html",
    corrects="moto takes a timeout of any length",
)
def an_integration_waits_no_longer_than_its_limit(exchange: Exchange) -> None:
    """An integration waits between 50 ms and 29 s.

    BadRequestException: Timeout should be between 50 ms and 29000 ms. AWS raises the upper end
    for Regional and private APIs when asked.
    """
    wish = exchange.params.get("timeoutInMillis")
    least = int(fact("apigateway.integration_timeout_min_ms"))
    most = int(fact("apigateway.integration_timeout_default_ms"))
    if wish is not None and not least <= int(wish) <= most:
        raise bad_request(f"Timeout should be between {least} ms and {most} ms")


@rule(
    "apigateway",
    "PutIntegration",
    when="after",
    follows=API + "PutIntegration.html",
    corrects="moto loses the cache key, and leaves out the defaults",
)
def an_integration_keeps_its_cache_key_and_says_its_defaults(
    exchange: Exchange, answer: Params
) -> Params:
    """An integration keeps its cacheKeyParameters, and says its defaults.

    timeoutInMillis 29,000, passthroughBehavior WHEN_NO_MATCH, the resource's id as cacheNamespace.
    """
    asked, integration = exchange.params, method_of(exchange).method_integration
    integration.cache_key_parameters = list(asked.get("cacheKeyParameters") or [])
    integration.timeout_in_millis = int(
        asked.get("timeoutInMillis") or fact("apigateway.integration_timeout_default_ms")
    )
    integration.passthrough_behaviour = asked.get("passthroughBehavior") or "WHEN_NO_MATCH"
    integration.cache_namespace = asked.get("cacheNamespace") or asked["resourceId"]
    return answer | {
        "cacheKeyParameters": integration.cache_key_parameters,
        "timeoutInMillis": integration.timeout_in_millis,
        "passthroughBehavior": integration.passthrough_behaviour,
        "cacheNamespace": integration.cache_namespace,
    }


@rule(
    "apigateway",
    "CreateAuthorizer",
    when="after",
    follows=API + "CreateAuthorizer.html",
    corrects="moto loses the expression",
)
def an_authorizer_keeps_its_validation_expression(exchange: Exchange, answer: Params) -> Params:
    """An authorizer keeps the expression that a token must fit.

    identityValidationExpression, in the answer too.
    """
    expression = exchange.params.get("identityValidationExpression")
    if not expression:
        return answer
    api_of(exchange).authorizers[answer["id"]].identity_validation_expression = expression
    return answer | {"identityValidationExpression": expression}


@rule(
    "apigateway",
    "CreateRestApi",
    when="after",
    follows=GUIDE + "api-gateway-payload-encodings.html",
    corrects="moto loses them",
)
def an_api_keeps_its_binary_media_types(exchange: Exchange, answer: Params) -> Params:
    """An API keeps the media types whose bodies are binary.

    binaryMediaTypes, in the answer too.
    """
    types = exchange.params.get("binaryMediaTypes")
    if not types:
        return answer
    backend_of(exchange).get_rest_api(answer["id"]).binaryMediaTypes = list(types)
    return answer | {"binaryMediaTypes": list(types)}


@rule(
    "apigateway",
    "UpdateUsagePlan",
    when="instead",
    follows=API + "UpdateUsagePlan.html",
    corrects="moto keeps limits as text, and none of a method's own",
)
def a_usage_plan_s_limits_can_be_changed(exchange: Exchange) -> Reply:
    """The limits of a usage plan are changed as numbers, also those of one method.

    /throttle/rateLimit, /quota/limit, /apiStages/API:STAGE/throttle/PATH/METHOD/rateLimit.
    """
    asked, backend = exchange.params, backend_of(exchange)
    plan = backend.get_usage_plan(asked["usagePlanId"])
    ordinary = []
    for change in asked.get("patchOperations") or []:
        path = change["path"]
        if path.startswith("/apiStages/"):
            _limit_a_method(plan, path, change)
        elif path in _NUMBERS and change["op"] != "remove":
            member, name, read = _NUMBERS[path]
            getattr(plan, member)[name] = read(change["value"])
        else:
            ordinary.append(change)
    backend.update_usage_plan(plan.id, ordinary)
    return 200, {}, json.dumps(plan.to_json())


_NUMBERS: dict[str, tuple[str, str, type[float] | type[int]]] = {
    "/throttle/rateLimit": ("throttle", "rateLimit", float),
    "/throttle/burstLimit": ("throttle", "burstLimit", int),
    "/quota/limit": ("quota", "limit", int),
    "/quota/offset": ("quota", "offset", int),
}


def _limit_a_method(plan: object, path: str, change: dict[str, str]) -> None:
    """Set a limit of one method: `/apiStages/abc:prod/throttle/~1orders/GET/burstLimit`.

    The path of the method may be written with `~1` for a slash, as in a JSON pointer.
    """
    stage, _, rest = path.removeprefix("/apiStages/").partition("/throttle")
    api_id, _, name = stage.partition(":")
    for one in getattr(plan, "api_stages", []):
        if one["apiId"] != api_id or one["stage"] != name:
            continue
        if change["op"] == "remove" and not rest.strip("/"):
            one.pop("throttle", None)
            return
        method, _, limit = rest.strip("/").rpartition("/")
        resource, _, verb = method.replace("~1", "/").rpartition("/")
        key = f"/{resource.strip('/')}/{verb}"
        value = float(change["value"]) if limit == "rateLimit" else int(change["value"])
        one.setdefault("throttle", {}).setdefault(key, {})[limit] = value
        return
    raise AwsError("NotFoundException", f"Usage Plan Stage {stage} does not exist", 404)
