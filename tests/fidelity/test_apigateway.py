"""REST APIs: what is refused, what is kept, and what answers at a stage's address."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import boto3
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError

from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from tests.runtime.apis import ACCOUNT, Functions, RestApi, said, uri

Refusal = Callable[..., str]
OOPS = {"message": "Internal server error"}


@pytest.fixture
def functions(sandbox: Sandbox) -> Functions:
    return Functions(sandbox)


@pytest.fixture
def api(sandbox: Sandbox) -> RestApi:
    return RestApi(sandbox)


# ---- what the API of API Gateway refuses and keeps ----


@pytest.mark.mends
def test_every_method_needs_an_integration_to_be_deployed(api: RestApi, refusal: Refusal) -> None:
    api.mock("/orders")
    api.method("/seats")

    assert "No integration defined for method" in refusal(
        api.client.create_deployment, restApiId=api.id
    )


@pytest.mark.mends
def test_a_deployment_leaves_the_settings_of_its_stage(api: RestApi) -> None:
    api.mock("/orders")
    api.deploy(variables={"table": "orders", "colour": "red"})
    api.patch("prod", {"/*/*/throttling/rateLimit": 5})

    second = api.deploy(variables={"colour": "blue"})

    stage = api.client.get_stage(restApiId=api.id, stageName="prod")
    assert stage["deploymentId"] == second
    assert stage["variables"] == {"table": "orders", "colour": "blue"}
    assert stage["methodSettings"]["*/*"]["throttlingRateLimit"] == 5


@pytest.mark.mends
def test_a_deployment_that_a_stage_serves_stays(api: RestApi, refusal: Refusal) -> None:
    api.mock("/orders")
    first, second = api.deploy(), api.deploy()

    assert "Active stages pointing to this deployment" in refusal(
        api.client.delete_deployment, restApiId=api.id, deploymentId=second
    )
    api.client.delete_deployment(restApiId=api.id, deploymentId=first)
    left = api.client.get_deployments(restApiId=api.id)["items"]
    assert [one["id"] for one in left] == [second]


@pytest.mark.mends
def test_a_stage_leads_to_a_deployment_that_exists(api: RestApi, refusal: Refusal) -> None:
    api.mock("/orders")
    there = api.deploy()

    wrong = {"restApiId": api.id, "stageName": "test", "deploymentId": "nowhere"}
    assert refusal(api.client.create_stage, **wrong).startswith("BadRequestException")
    api.client.create_stage(**wrong | {"deploymentId": there})
    with pytest.raises(ClientError):
        api.set("prod", deploymentId="nowhere")
    assert api.client.get_stage(restApiId=api.id, stageName="prod")["deploymentId"] == there


@pytest.mark.mends
def test_a_resource_is_there_once(api: RestApi, refusal: Refusal) -> None:
    api.resource("/orders/new")

    again = {"restApiId": api.id, "parentId": api.resource("/"), "pathPart": "orders"}
    assert refusal(api.client.create_resource, **again) == (
        "ConflictException: Another resource with the same parent already has this name: orders"
    )
    api.client.create_resource(**again | {"parentId": api.resource("/orders")})


@pytest.mark.mends
def test_a_method_names_an_authorizer_that_exists(api: RestApi, refusal: Refusal) -> None:
    where = api.where("/orders", "GET")

    wrong = refusal(
        api.client.put_method, **where, authorizationType="CUSTOM", authorizerId="nobody"
    )
    assert wrong.startswith("BadRequestException: Invalid authorizer ID specified.")
    made = api.client.create_authorizer(
        restApiId=api.id,
        name="door",
        type="TOKEN",
        authorizerUri="arn:aws:x",
        identitySource="method.request.header.Authorization",
    )
    api.client.put_method(**where, authorizationType="CUSTOM", authorizerId=made["id"])


@pytest.mark.mends
def test_an_integration_waits_no_longer_than_its_limit(api: RestApi, refusal: Refusal) -> None:
    where = api.method("/orders")

    for wrong in (49, 29_001):
        assert refusal(api.client.put_integration, **where, type="MOCK", timeoutInMillis=wrong) == (
            "BadRequestException: Timeout should be between 50 ms and 29000 ms"
        )
    for right in (50, 29_000):
        api.client.put_integration(**where, type="MOCK", timeoutInMillis=right)


@pytest.mark.mends
def test_an_integration_keeps_its_cache_key_and_says_its_defaults(api: RestApi) -> None:
    where = api.method("/orders", requestParameters={"method.request.querystring.row": False})
    key = ["method.request.querystring.row"]

    api.client.put_integration(**where, type="MOCK", cacheKeyParameters=key)

    kept = api.client.get_integration(**where)
    assert kept["cacheKeyParameters"] == key
    assert kept["timeoutInMillis"] == 29_000
    assert kept["passthroughBehavior"] == "WHEN_NO_MATCH"
    assert kept["cacheNamespace"] == where["resourceId"]


@pytest.mark.mends
def test_an_authorizer_keeps_its_validation_expression(api: RestApi) -> None:
    made = api.client.create_authorizer(
        restApiId=api.id, name="door", type="TOKEN", identityValidationExpression="Bearer .+"
    )

    kept = api.client.get_authorizer(restApiId=api.id, authorizerId=made["id"])
    assert kept["identityValidationExpression"] == "Bearer .+"


@pytest.mark.mends
def test_an_api_keeps_its_binary_media_types(sandbox: Sandbox) -> None:
    api = RestApi(sandbox, binaryMediaTypes=["image/png"])

    assert api.client.get_rest_api(restApiId=api.id)["binaryMediaTypes"] == ["image/png"]


@pytest.mark.mends
def test_a_usage_plan_s_limits_can_be_changed(api: RestApi) -> None:
    api.mock("/orders")
    api.deploy()
    stage = [{"apiId": api.id, "stage": "prod"}]
    plan = api.client.create_usage_plan(name="gold", apiStages=stage)["id"]

    api.client.update_usage_plan(
        usagePlanId=plan,
        patchOperations=[
            {"op": "replace", "path": "/throttle/rateLimit", "value": "2.5"},
            {"op": "replace", "path": "/quota/limit", "value": "100"},
            {"op": "replace", "path": "/quota/period", "value": "DAY"},
            {
                "op": "add",
                "path": f"/apiStages/{api.id}:prod/throttle/~1orders/GET/burstLimit",
                "value": "7",
            },
        ],
    )

    kept = api.client.get_usage_plan(usagePlanId=plan)
    assert kept["throttle"] == {"rateLimit": 2.5}
    assert kept["quota"] == {"limit": 100, "period": "DAY"}
    assert kept["apiStages"][0]["throttle"] == {"/orders/GET": {"burstLimit": 7}}


@pytest.mark.mends
def test_a_stage_s_settings_begin_with_the_account_s_limits(api: RestApi) -> None:
    api.mock("/orders")
    api.deploy()
    api.patch("prod", {"/*/*/caching/enabled": "true"})

    kept = api.client.get_stage(restApiId=api.id, stageName="prod")["methodSettings"]["*/*"]
    assert (kept["throttlingRateLimit"], kept["throttlingBurstLimit"]) == (10_000, 5_000)


@pytest.mark.mends
def test_a_method_can_be_changed(api: RestApi, refusal: Refusal) -> None:
    where = api.method("/orders")

    def change(**operation: str) -> dict[str, Any]:
        return {**where, "patchOperations": [{"op": "replace", **operation}]}

    api.client.update_method(**change(path="/apiKeyRequired", value="true"))
    api.client.update_method(
        **change(path="/requestParameters/method.request.querystring.row", value="true")
    )

    kept = api.client.get_method(**where)
    assert kept["apiKeyRequired"] is True
    assert kept["requestParameters"] == {"method.request.querystring.row": True}
    assert "Invalid patch path '/colour'" in refusal(
        api.client.update_method, **change(path="/colour", value="red")
    )


@pytest.mark.mends
def test_an_integration_can_be_changed(api: RestApi) -> None:
    where = api.mock("/orders")

    api.client.update_integration(
        **where,
        patchOperations=[
            {"op": "replace", "path": "/timeoutInMillis", "value": "500"},
            {"op": "add", "path": "/requestTemplates/text~1plain", "value": "x"},
            {"op": "add", "path": "/cacheKeyParameters/method.request.querystring.row"},
        ],
    )

    kept = api.client.get_integration(**where)
    assert kept["timeoutInMillis"] == 500
    assert set(kept["requestTemplates"]) == {"application/json", "text/plain"}
    assert kept["cacheKeyParameters"] == ["method.request.querystring.row"]


@pytest.mark.mends
def test_an_integration_response_can_be_changed(api: RestApi) -> None:
    where = api.mock("/orders")

    api.client.update_integration_response(
        **where,
        statusCode="200",
        patchOperations=[{"op": "replace", "path": "/selectionPattern", "value": "2.."}],
    )

    kept = api.client.get_integration_response(**where, statusCode="200")
    assert kept["selectionPattern"] == "2.."


# ---- APIs made of documents ----


def document(arn: str) -> dict[str, Any]:
    """An API in OpenAPI 3, with what API Gateway adds."""
    order = {"type": "object", "required": ["seat"], "properties": {"seat": {"type": "integer"}}}
    return {
        "openapi": "3.0.1",
        "info": {"title": "shop", "version": "2026-01-05"},
        "components": {
            "schemas": {
                "Order": order,
                "Orders": {"type": "array", "items": {"$ref": "#/components/schemas/Order"}},
            },
            "securitySchemes": {
                "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
                "door": {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "x-amazon-apigateway-authtype": "custom",
                    "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": uri(arn)},
                },
            },
        },
        "x-amazon-apigateway-request-validators": {
            "all": {"validateRequestBody": True, "validateRequestParameters": True}
        },
        "x-amazon-apigateway-gateway-responses": {"INVALID_API_KEY": {"statusCode": "402"}},
        "paths": {
            "/orders/{id}": {
                "get": {
                    "parameters": [{"name": "id", "in": "path", "required": True}],
                    "responses": {"200": {"description": "found", "headers": {"X-Row": {}}}},
                    "x-amazon-apigateway-integration": {
                        "type": "mock",
                        "requestTemplates": {"application/json": '{"statusCode": 200}'},
                        "responses": {
                            "default": {
                                "statusCode": "200",
                                "responseTemplates": {"application/json": "$input.params('id')"},
                                "responseParameters": {"method.response.header.X-Row": "'F'"},
                            }
                        },
                    },
                }
            },
            "/orders": {
                "post": {
                    "requestBody": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Orders"}}
                        }
                    },
                    "responses": {},
                    "x-amazon-apigateway-request-validator": "all",
                    "x-amazon-apigateway-integration": {
                        "type": "aws_proxy",
                        "httpMethod": "POST",
                        "uri": uri(arn),
                    },
                }
            },
            "/keyed": {"get": {"security": [{"key": []}], **mock_operation()}},
            "/guarded": {"get": {"security": [{"door": []}], **mock_operation()}},
            "/{proxy+}": {"x-amazon-apigateway-any-method": mock_operation()},
        },
    }


def mock_operation() -> dict[str, Any]:
    """An operation with a MOCK behind it."""
    return {
        "responses": {"200": {"description": "ok"}},
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "responses": {"default": {"statusCode": "200"}},
        },
    }


@pytest.mark.mends
def test_an_api_is_made_of_a_document(
    sandbox: Sandbox, functions: Functions, refusal: Refusal
) -> None:
    api = RestApi(sandbox)
    body = json.dumps(document(functions.make())).encode()

    api.id = api.client.import_rest_api(body=body)["id"]
    api.deploy()

    found = api.get("/orders/7")
    assert (found.status_code, found.text, found.headers["X-Row"]) == (200, "7", "F")
    assert api.ask("POST", "/orders", json=[{"seat": 12}]).status_code == 200
    refused = api.ask("POST", "/orders", json=[{"seat": "F7"}])
    assert said(refused) == (400, {"message": "Invalid request body"})
    assert said(api.get("/keyed")) == (402, {"message": "Forbidden"})
    assert said(api.get("/guarded")) == (401, {"message": "Unauthorized"})
    assert api.ask("PATCH", "/anything/else").status_code == 200
    assert "Invalid OpenAPI input" in refusal(api.client.import_rest_api, body=b"{}")


@pytest.mark.mends
def test_an_api_is_changed_by_a_document(api: RestApi, functions: Functions) -> None:
    api.mock("/seats", "first")
    api.deploy()
    swagger = {
        "swagger": "2.0",
        "info": {"title": "shop"},
        "definitions": {"Order": {"type": "object"}},
        "paths": {"/orders": {"get": mock_operation()}},
    }

    def put(mode: str) -> list[int]:
        body = json.dumps(swagger).encode()
        api.client.put_rest_api(restApiId=api.id, mode=mode, body=body)
        api.deploy()
        return [api.get(path).status_code for path in ("/orders", "/seats")]

    assert put("merge") == [200, 200]
    assert put("overwrite") == [200, 403]


# ---- functions behind a stage ----


@pytest.mark.mends
def test_a_deployed_stage_hands_its_function_the_proxy_event(
    api: RestApi, functions: Functions
) -> None:
    api.proxy("/orders/{id}", functions.make(), "POST")
    api.deploy(variables={"table": "orders"})

    status, event = said(api.ask("POST", "/orders/7?row=F&row=G", json={"seat": 12}))

    assert status == 200
    assert event["resource"] == "/orders/{id}"
    assert event["path"] == "/orders/7"
    assert event["httpMethod"] == "POST"
    assert event["pathParameters"] == {"id": "7"}
    assert event["queryStringParameters"] == {"row": "G"}
    assert event["multiValueQueryStringParameters"] == {"row": ["F", "G"]}
    assert event["stageVariables"] == {"table": "orders"}
    assert json.loads(event["body"]) == {"seat": 12}
    context = event["requestContext"]
    assert context["path"] == "/prod/orders/7"
    assert context["requestTime"] == "05/Jan/2026:09:00:00 +0000"
    assert context["identity"]["sourceIp"] == "203.0.113.25"


@pytest.mark.mends
def test_a_stage_serves_its_deployment_and_goes_back(api: RestApi, functions: Functions) -> None:
    api.proxy("/orders", functions.returning({"statusCode": 200, "body": "first"}, "one"))
    first = api.deploy()
    api.proxy("/orders", functions.returning({"statusCode": 200, "body": "second"}, "two"))

    assert api.get("/orders").text == "first"
    api.deploy()
    assert api.get("/orders").text == "second"
    api.set("prod", deploymentId=first)
    assert api.get("/orders").text == "first"


@pytest.mark.mends
def test_a_malformed_answer_of_a_function_is_502(api: RestApi, functions: Functions) -> None:
    api.proxy("/text", functions.returning("sold", "text"))
    api.proxy("/raises", functions.make("def handler(event, context): 1 / 0", "raises"))
    api.proxy("/right", functions.returning({"statusCode": 200, "body": "sold"}, "right"))
    api.deploy()

    assert said(api.get("/text")) == (502, OOPS)
    raised = api.get("/raises")
    assert said(raised) == (502, OOPS)
    assert "division by zero" in raised.headers["x-labkit-why"]
    assert api.get("/right").status_code == 200


@pytest.mark.mends
def test_a_function_must_let_api_gateway_in(api: RestApi, functions: Functions) -> None:
    api.proxy("/orders", functions.make(let_in=False))
    api.deploy()

    assert said(api.get("/orders")) == (500, OOPS)
    functions.client.add_permission(
        FunctionName="worker",
        StatementId="other",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:us-east-1:{ACCOUNT}:{api.id}/*/POST/orders",
    )
    assert said(api.get("/orders")) == (500, OOPS)
    functions.client.add_permission(
        FunctionName="worker",
        StatementId="right",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:us-east-1:{ACCOUNT}:{api.id}/*/GET/orders",
    )
    assert api.get("/orders").status_code == 200


@pytest.mark.mends
def test_a_throttled_function_is_500(api: RestApi, functions: Functions) -> None:
    api.proxy("/orders", functions.make())
    api.deploy()
    functions.client.put_function_concurrency(FunctionName="worker", ReservedConcurrentExecutions=0)

    refused = api.get("/orders")
    assert said(refused) == (500, OOPS)
    assert "throttled" in refused.headers["x-labkit-why"]
    functions.client.delete_function_concurrency(FunctionName="worker")
    assert api.get("/orders").status_code == 200


@pytest.mark.mends
def test_a_slow_function_is_504(api: RestApi, functions: Functions, clock: Clock) -> None:
    code = """
        import time

        def handler(event, context):
            time.sleep(float(event["queryStringParameters"]["s"]))
            return {"statusCode": 200}
    """
    api.proxy("/slow", functions.make(code, Timeout=60))
    api.deploy()

    assert api.get("/slow?s=28.9").status_code == 200
    before = clock.now
    assert said(api.get("/slow?s=29.1")) == (504, {"message": "Endpoint request timed out"})
    assert (clock.now - before).total_seconds() >= 29


@pytest.mark.mends
def test_what_is_not_there_is_403(api: RestApi) -> None:
    api.mock("/orders")
    api.deploy()

    missing = {"message": "Missing Authentication Token"}
    answer = api.get("/seats")
    assert said(answer) == (403, missing)
    assert answer.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"
    assert said(api.ask("DELETE", "/orders")) == (403, missing)
    assert said(api.get("/orders", stage="nowhere")) == (403, {"message": "Forbidden"})
    assert api.get("/orders").status_code == 200


# ---- templates, validation ----


@pytest.mark.mends
def test_a_mock_answers_by_its_templates(api: RestApi) -> None:
    where = api.mock("/orders/{id}")
    api.client.put_integration(
        **where,
        type="MOCK",
        requestTemplates={
            "application/json": '{"statusCode": #if($input.params("id") == "0")404#{else}200#end}'
        },
    )
    api.client.put_method_response(
        **where, statusCode="404", responseParameters={"method.response.header.X-Seen": False}
    )
    api.client.put_integration_response(
        **where,
        statusCode="200",
        responseTemplates={"application/json": '{"order": "$input.params("id")"}'},
    )
    api.client.put_integration_response(
        **where,
        statusCode="404",
        selectionPattern="404",
        responseTemplates={"application/json": '{"none": true}'},
        responseParameters={
            "method.response.header.X-Seen": "'yes'",
            "method.response.header.X-Undeclared": "'no'",
        },
    )
    api.deploy()

    assert said(api.get("/orders/7")) == (200, {"order": "7"})
    missing = api.get("/orders/0")
    assert said(missing) == (404, {"none": True})
    assert missing.headers["X-Seen"] == "yes"
    assert "X-Undeclared" not in missing.headers


@pytest.mark.mends
def test_a_function_behind_templates_gets_what_they_make(
    api: RestApi, functions: Functions
) -> None:
    code = """
        def handler(event, context):
            if event["seat"] == 13:
                raise ValueError("NotFound: no such seat")
            return {"sold": event["seat"], "to": event["who"]}
    """
    where = api.method("/seats/{seat}", "POST")
    api.client.put_integration(
        **where,
        type="AWS",
        integrationHttpMethod="POST",
        uri=uri(functions.make(code)),
        requestTemplates={
            "application/json": '{"seat": $input.params("seat"), "who": $input.json("$.name")}'
        },
    )
    for status, pattern, template in (
        ("200", None, '{"seat": $input.path("$.sold"), "owner": "$input.path("$.to")"}'),
        ("404", "NotFound.*", '{"error": "$input.path("$.errorMessage")"}'),
    ):
        api.client.put_method_response(**where, statusCode=status)
        more = {"selectionPattern": pattern} if pattern else {}
        api.client.put_integration_response(
            **where,
            statusCode=status,
            responseTemplates={"application/json": template},
            **more,
        )
    api.deploy()

    ana = {"name": "Ana"}
    assert said(api.ask("POST", "/seats/12", json=ana)) == (200, {"seat": 12, "owner": "Ana"})
    assert said(api.ask("POST", "/seats/13", json=ana)) == (
        404,
        {"error": "NotFound: no such seat"},
    )


@pytest.mark.mends
def test_a_validator_refuses_what_does_not_fit(api: RestApi) -> None:
    schema = {
        "type": "object",
        "required": ["seat"],
        "properties": {"seat": {"type": "integer", "minimum": 1}},
    }
    api.client.create_model(
        restApiId=api.id, name="Order", contentType="application/json", schema=json.dumps(schema)
    )
    validator = api.client.create_request_validator(
        restApiId=api.id, name="all", validateRequestBody=True, validateRequestParameters=True
    )["id"]
    api.mock(
        "/orders",
        "taken",
        "POST",
        requestValidatorId=validator,
        requestModels={"application/json": "Order"},
        requestParameters={"method.request.querystring.row": True},
    )
    api.deploy()

    assert said(api.ask("POST", "/orders", json={"seat": 1})) == (
        400,
        {"message": "Missing required request parameters: [row]"},
    )
    for wrong in ({"seat": 0}, {"seat": "F7"}, {}):
        assert said(api.ask("POST", "/orders?row=F", json=wrong)) == (
            400,
            {"message": "Invalid request body"},
        )
    assert api.ask("POST", "/orders?row=F", json={"seat": 1}).text == "taken"


# ---- how much one may call ----


def key_of(api: RestApi, **plan: Any) -> dict[str, str]:
    """A header with an API key of a usage plan of the stage."""
    made = api.client.create_api_key(name="ana", enabled=True)
    plan_id = api.client.create_usage_plan(
        name="gold", apiStages=[{"apiId": api.id, "stage": "prod"}], **plan
    )["id"]
    api.client.create_usage_plan_key(usagePlanId=plan_id, keyId=made["id"], keyType="API_KEY")
    return {"x-api-key": made["value"]}


@pytest.mark.mends
def test_an_api_key_of_a_plan_is_needed(api: RestApi) -> None:
    api.mock("/orders", apiKeyRequired=True)
    api.deploy()
    good = key_of(api)
    of_no_plan = api.client.create_api_key(name="ben", enabled=True)["value"]

    for wrong in ({}, {"x-api-key": "guessed"}, {"x-api-key": of_no_plan}):
        assert said(api.get("/orders", headers=wrong)) == (403, {"message": "Forbidden"})
    assert api.get("/orders", headers=good).status_code == 200


@pytest.mark.mends
def test_a_usage_plan_throttles_and_counts(api: RestApi, clock: Clock) -> None:
    api.mock("/orders", apiKeyRequired=True)
    api.deploy()
    good = key_of(
        api, throttle={"rateLimit": 1, "burstLimit": 2}, quota={"limit": 4, "period": "DAY"}
    )

    def codes(count: int) -> list[int]:
        return [api.get("/orders", headers=good).status_code for _ in range(count)]

    assert codes(3) == [200, 200, 429]
    clock.advance(seconds=2)
    assert codes(2) == [200, 200]
    clock.advance(seconds=60)
    assert said(api.get("/orders", headers=good)) == (429, {"message": "Limit Exceeded"})
    clock.advance(hours=15)  # past midnight
    assert codes(1) == [200]


@pytest.mark.mends
def test_a_stage_throttles_by_a_token_bucket(api: RestApi, clock: Clock) -> None:
    api.mock("/orders")
    api.mock("/seats")
    api.deploy()
    api.patch("prod", {"/*/*/throttling/rateLimit": 2, "/*/*/throttling/burstLimit": 3})
    api.patch("prod", {"/~1seats/GET/throttling/rateLimit": 1})
    api.patch("prod", {"/~1seats/GET/throttling/burstLimit": 1})

    def codes(path: str, count: int) -> list[int]:
        return [api.get(path).status_code for _ in range(count)]

    assert codes("/orders", 4) == [200, 200, 200, 429]
    assert codes("/seats", 2) == [200, 429]
    assert said(api.get("/orders")) == (429, {"message": "Too Many Requests"})
    clock.advance(seconds=1)
    assert codes("/orders", 3) == [200, 200, 429]


# ---- the cache ----


def cached(api: RestApi, functions: Functions, **settings: Any) -> None:
    """A stage that caches, before a function that counts."""
    code = """
        count = 0

        def handler(event, context):
            global count
            count += 1
            return {"statusCode": 200, "body": str(count)}
    """
    where = api.proxy("/orders", functions.make(code))
    api.client.update_integration(
        **where,
        patchOperations=[
            {"op": "add", "path": "/cacheKeyParameters/method.request.querystring.row"}
        ],
    )
    api.deploy()
    api.patch("prod", {"/cacheClusterEnabled": "true", "/*/*/caching/enabled": "true"})
    if settings:
        api.patch("prod", settings)


@pytest.mark.mends
def test_a_cache_keeps_answers_for_its_ttl(
    api: RestApi, functions: Functions, clock: Clock
) -> None:
    cached(api, functions, **{"/*/*/caching/ttlInSeconds": 60})

    assert [api.get("/orders?row=F").text for _ in range(3)] == ["1", "1", "1"]
    assert api.get("/orders?row=G").text == "2"
    assert api.get("/orders?row=F&colour=red").text == "1"  # no part of the key
    clock.advance(seconds=59)
    assert api.get("/orders?row=F").text == "1"
    clock.advance(seconds=1)
    assert api.get("/orders?row=F").text == "3"


@pytest.mark.mends
def test_who_may_invalidate_the_cache(api: RestApi, functions: Functions) -> None:
    cached(api, functions)
    fresh = {"Cache-Control": "max-age=0"}

    assert api.get("/orders").text == "1"
    kept = api.get("/orders", headers=fresh)
    assert kept.text == "1"
    assert kept.headers["Warning"].startswith("199 Cache-control headers were ignored")
    strategy = "/*/*/caching/unauthorizedCacheControlHeaderStrategy"
    api.patch("prod", {strategy: "FAIL_WITH_403"})
    assert api.get("/orders", headers=fresh).status_code == 403
    signed = AWSRequest("GET", api.url("/orders"), headers=fresh)
    SigV4Auth(boto3.Session().get_credentials(), "execute-api", "us-east-1").add_auth(signed)
    assert api.get("/orders", headers=dict(signed.headers)).text == "2"
    assert api.get("/orders").text == "2"
    api.patch("prod", {"/*/*/caching/requireAuthorizationForCacheControl": "false"})
    assert api.get("/orders", headers=fresh).text == "3"


@pytest.mark.mends
def test_a_stage_s_cache_can_be_flushed(api: RestApi, functions: Functions) -> None:
    cached(api, functions)
    api.client.create_stage(
        restApiId=api.id,
        stageName="test",
        deploymentId=api.client.get_stage(restApiId=api.id, stageName="prod")["deploymentId"],
        cacheClusterEnabled=True,
    )
    api.patch("test", {"/*/*/caching/enabled": "true"})
    assert (api.get("/orders").text, api.get("/orders", "test").text) == ("1", "2")

    api.client.flush_stage_cache(restApiId=api.id, stageName="prod")

    assert (api.get("/orders").text, api.get("/orders", "test").text) == ("3", "2")


# ---- who may call ----

DOOR = """
    def handler(event, context):
        token = event["authorizationToken"]
        if token == "nobody":
            raise Exception("Unauthorized")
        if token == "nonsense":
            return {"principalId": "ana"}
        effect = {"ana": "Allow", "ben": "Deny"}.get(token)
        resource = event["methodArn"] if effect else "arn:aws:execute-api:*:*:other/*"
        return {
            "principalId": token,
            "policyDocument": {
                "Version": "2012-10-17",
                "Statement": [{"Action": "execute-api:Invoke", "Effect": effect or "Allow",
                               "Resource": resource}],
            },
            "context": {"seat": 12},
        }
"""


@pytest.mark.mends
def test_a_token_authorizer_decides(api: RestApi, functions: Functions) -> None:
    door = api.client.create_authorizer(
        restApiId=api.id,
        name="door",
        type="TOKEN",
        authorizerUri=uri(functions.make(DOOR, "door")),
        identitySource="method.request.header.Authorization",
        identityValidationExpression="[a-z]+",
    )["id"]
    api.proxy("/orders", functions.make(), authorizationType="CUSTOM", authorizerId=door)
    api.deploy()

    def ask(token: str) -> tuple[int, Any]:
        return said(api.get("/orders", headers={"Authorization": token}))

    status, event = ask("ana")
    assert status == 200
    assert event["requestContext"]["authorizer"] == {"principalId": "ana", "seat": "12"}
    denied = "User is not authorized to access this resource"
    assert ask("ben") == (403, {"Message": f"{denied} with an explicit deny"})
    assert ask("cleo") == (403, {"Message": denied})
    assert ask("nobody") == (401, {"message": "Unauthorized"})
    assert ask("nonsense") == (500, {"message": None})
    assert ask("ANA") == (401, {"message": "Unauthorized"})  # does not fit the expression
    assert said(api.get("/orders")) == (401, {"message": "Unauthorized"})


@pytest.mark.mends
def test_a_request_authorizer_sees_the_request(
    api: RestApi, functions: Functions, clock: Clock
) -> None:
    code = """
        count = 0

        def handler(event, context):
            global count
            count += 1
            allowed = event["queryStringParameters"]["key"] == "right"
            return {
                "principalId": "ana",
                "policyDocument": {"Version": "2012-10-17", "Statement": [{
                    "Action": "execute-api:Invoke", "Effect": "Allow" if allowed else "Deny",
                    "Resource": "*"}]},
                "context": {"asked": count, "path": event["path"], "type": event["type"]},
            }
    """
    door = api.client.create_authorizer(
        restApiId=api.id,
        name="door",
        type="REQUEST",
        authorizerUri=uri(functions.make(code, "door")),
        identitySource="method.request.querystring.key",
        authorizerResultTtlInSeconds=10,
    )["id"]
    api.proxy("/orders", functions.make(), authorizationType="CUSTOM", authorizerId=door)
    api.deploy()

    def asked() -> Any:
        return api.get("/orders?key=right").json()["requestContext"]["authorizer"]

    assert asked() == {"principalId": "ana", "asked": "1", "path": "/orders", "type": "REQUEST"}
    assert asked()["asked"] == "1"
    clock.advance(seconds=10)
    assert asked()["asked"] == "2"
    assert api.get("/orders?key=wrong").status_code == 403
    assert said(api.get("/orders")) == (401, {"message": "Unauthorized"})


@pytest.mark.mends
def test_what_authorizers_said_can_be_forgotten(api: RestApi, functions: Functions) -> None:
    code = """
        count = 0

        def handler(event, context):
            global count
            count += 1
            statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": "*"}
            return {
                "principalId": str(count),
                "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            }
    """
    door = api.client.create_authorizer(
        restApiId=api.id,
        name="door",
        type="TOKEN",
        authorizerUri=uri(functions.make(code, "door")),
        identitySource="method.request.header.Authorization",
    )["id"]
    api.mock(
        "/orders",
        "$context.authorizer.principalId",
        authorizationType="CUSTOM",
        authorizerId=door,
    )
    api.deploy()
    ana = {"Authorization": "ana"}
    assert [api.get("/orders", headers=ana).text for _ in range(2)] == ["1", "1"]

    api.client.flush_stage_authorizers_cache(restApiId=api.id, stageName="prod")

    assert api.get("/orders", headers=ana).text == "2"


@pytest.mark.mends
def test_a_method_with_aws_iam_wants_a_signature_and_a_permission(
    api: RestApi, functions: Functions, sandbox: Sandbox
) -> None:
    from labkit.fidelity.authorisation import authoriser, people

    iam = sandbox.client("iam")
    iam.create_user(UserName="ana")
    iam.create_user(UserName="ben")
    allowed = {
        "Effect": "Allow",
        "Action": "execute-api:Invoke",
        "Resource": f"arn:aws:execute-api:us-east-1:{ACCOUNT}:{api.id}/prod/GET/orders",
    }
    iam.put_user_policy(
        UserName="ana",
        PolicyName="invoke",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
    )
    api.proxy("/orders", functions.make(), authorizationType="AWS_IAM")
    api.deploy()
    authoriser.current().enforced = True

    def ask(name: str, service: str = "execute-api", path: str = "/orders") -> Any:
        signed = AWSRequest("GET", api.url("/orders"))
        keys = people.as_user(name).get_credentials()
        SigV4Auth(keys, service, "us-east-1").add_auth(signed)
        return api.get(path, headers=dict(signed.headers))

    good = ask("ana")
    assert good.status_code == 200
    assert good.json()["requestContext"]["identity"]["userArn"].endswith("user/ana")
    denied = ask("ben")
    assert denied.status_code == 403
    assert denied.json()["Message"].startswith(
        f"User: arn:aws:iam::{ACCOUNT}:user/ben is not authorized to perform: execute-api:Invoke "
        f"on resource: arn:aws:execute-api:us-east-1:********9012:{api.id}/prod/GET/orders"
    )
    assert said(api.get("/orders")) == (403, {"message": "Missing Authentication Token"})
    tampered = ask("ana", path="/orders?row=F")
    assert tampered.status_code == 403
    assert "signature we calculated" in tampered.json()["message"]
    assert "correct service: 'execute-api'" in ask("ana", service="s3").json()["message"]


@pytest.mark.mends
def test_a_resource_policy_keeps_requests_out(api: RestApi) -> None:
    api.mock("/orders")
    api.mock("/admin")
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": "execute-api:/prod/GET/orders",
            }
        ],
    }
    api.client.update_rest_api(
        restApiId=api.id,
        patchOperations=[{"op": "replace", "path": "/policy", "value": json.dumps(policy)}],
    )
    api.deploy()

    assert api.get("/orders").status_code == 200
    denied = api.get("/admin")
    assert denied.status_code == 403
    assert denied.json()["Message"].startswith(
        "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "
    )


@pytest.mark.mends
def test_a_gateway_response_can_be_customised(api: RestApi) -> None:
    api.mock("/orders", apiKeyRequired=True)
    api.client.put_gateway_response(
        restApiId=api.id,
        responseType="MISSING_AUTHENTICATION_TOKEN",
        statusCode="404",
        responseParameters={"gatewayresponse.header.X-Shop": "'gala'"},
        responseTemplates={
            "application/json": '{"error": $context.error.messageString, "on": "$context.stage"}'
        },
    )
    api.deploy()

    answer = api.get("/nothing")
    assert said(answer) == (404, {"error": "Missing Authentication Token", "on": "prod"})
    assert answer.headers["X-Shop"] == "gala"
    assert said(api.get("/orders")) == (403, {"message": "Forbidden"})


# ---- HTTP endpoints ----


class Endpoint(BaseHTTPRequestHandler):
    """Tells what it was asked."""

    def do_GET(self) -> None:
        body = json.dumps({"path": self.path, "header": self.headers.get("X-Row")}).encode()
        self.send_response(203)
        self.send_header("X-From", "endpoint")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint() -> Any:
    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.mends
def test_an_http_endpoint_is_asked(api: RestApi, endpoint: str) -> None:
    where = api.method("/pass/{id}", requestParameters={"method.request.path.id": True})
    api.client.put_integration(
        **where,
        type="HTTP_PROXY",
        integrationHttpMethod="GET",
        uri=endpoint + "/orders/{id}",
        requestParameters={
            "integration.request.path.id": "method.request.path.id",
            "integration.request.header.X-Row": "'F'",
        },
    )
    mapped = api.method("/map")
    api.client.put_integration(
        **mapped, type="HTTP", integrationHttpMethod="GET", uri=endpoint + "/seats"
    )
    api.client.put_method_response(
        **mapped, statusCode="200", responseParameters={"method.response.header.X-Was": False}
    )
    api.client.put_integration_response(
        **mapped,
        statusCode="200",
        selectionPattern="2..",
        responseTemplates={"application/json": '{"asked": $input.json("$.path")}'},
        responseParameters={"method.response.header.X-Was": "integration.response.header.X-From"},
    )
    away = api.method("/away")
    api.client.put_integration(
        **away, type="HTTP_PROXY", integrationHttpMethod="GET", uri="http://example.com/"
    )
    api.deploy()

    passed = api.get("/pass/7?x=1")
    assert said(passed) == (203, {"path": "/orders/7?x=1", "header": "F"})
    assert passed.headers["X-From"] == "endpoint"
    answer = api.get("/map")
    assert said(answer) == (200, {"asked": "/seats"})
    assert answer.headers["X-Was"] == "endpoint"
    refused = api.get("/away")
    assert refused.status_code == 504
    assert "example.com" in refused.headers["x-labkit-why"]
    with pytest.raises(BaseException, match="labkit refused"):
        requests.get("http://example.com/", timeout=1)
