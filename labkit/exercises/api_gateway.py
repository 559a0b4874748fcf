"""The three exercises of the lab on API Gateway: laid, asked, hinted, solved."""

from __future__ import annotations

from contextlib import suppress

from labkit.exercises.checks.api_gateway import keyed, plan, rollback
from labkit.exercises.checks.api_gateway.apis import (
    STAGE,
    document,
    lay_api,
    lay_backend,
    uri_of,
)
from labkit.exercises.frame import Exercise, MakeClient


def _lay_rollback(client: MakeClient) -> None:
    apigateway, api = lay_api(client, rollback.NAME, rollback.PATH, rollback.GOOD)
    worse = document(rollback.NAME, rollback.PATH, rollback.BAD)
    apigateway.put_rest_api(restApiId=api, mode="overwrite", body=worse)
    apigateway.create_deployment(restApiId=api, stageName=STAGE, description="2")


ROLLBACK = Exercise(
    id="rollback",
    title="Back to what worked",
    task="The stage `prod` of `refunds` serves its first deployment again; both are kept.",
    given="the API `refunds`, deployed twice to `prod`, where it fails since the second time",
    lay=_lay_rollback,
    check=rollback.check,
    hints=(
        "You moved the stage of `shop` with one call. What did it name?",
        '`get_deployments` shows each deployment with its description; the first has "1". A '
        "patch of the stage replaces `/deploymentId`.",
        '`ag.update_stage(restApiId=refunds, stageName="prod", patchOperations=[{"op": '
        '"replace", "path": "/deploymentId", "value": ...}])`.',
    ),
    solution="""\
refunds = id_of("refunds")
known = ag.get_deployments(restApiId=refunds)["items"]
first_id = next(one["id"] for one in known if one["description"] == "1")
back = {"op": "replace", "path": "/deploymentId", "value": first_id}
ag.update_stage(restApiId=refunds, stageName="prod", patchOperations=[back])
print(ask(lab.invoke_url(refunds, "prod", "refunds")))
""",
    claims=("api-rollback", "api-versions"),
)


def _lay_plan(client: MakeClient) -> None:
    method = {**rollback.GOOD, "security": [{"api_key": []}]}
    apigateway, api = lay_api(client, plan.NAME, plan.PATH, method)
    root = {one["path"]: one["id"] for one in apigateway.get_resources(restApiId=api)["items"]}
    require = {"op": "replace", "path": "/apiKeyRequired", "value": "true"}
    apigateway.update_method(
        restApiId=api, resourceId=root[plan.PATH], httpMethod="GET", patchOperations=[require]
    )
    apigateway.create_deployment(restApiId=api, stageName=STAGE)
    for old in apigateway.get_usage_plans()["items"]:
        if old["name"] == plan.PLAN:
            for key in apigateway.get_usage_plan_keys(usagePlanId=old["id"])["items"]:
                apigateway.delete_usage_plan_key(usagePlanId=old["id"], keyId=key["id"])
            with suppress(apigateway.exceptions.BadRequestException):
                apigateway.delete_usage_plan(usagePlanId=old["id"])
    for key in apigateway.get_api_keys()["items"]:
        if key["name"] == plan.PARTNER:
            apigateway.delete_api_key(apiKey=key["id"])
    apigateway.create_api_key(name=plan.PARTNER, enabled=True)


PLAN = Exercise(
    id="plan",
    title="A partner's share",
    task=(
        f"The usage plan `{plan.PLAN}` lets the key `{plan.PARTNER}` call `prod` of "
        f"`{plan.NAME}`, {plan.RATE:g} requests a second and {plan.BURST} at once."
    ),
    given=f"the API `{plan.NAME}`, which wants a key, and the key `{plan.PARTNER}`, in no plan",
    lay=_lay_plan,
    check=plan.check,
    hints=(
        "Two calls: one makes the plan, the other puts the key into it. You saw both above.",
        "`create_usage_plan` takes `name`, `apiStages` and `throttle`. Which of the throttle's "
        "two numbers is the speed, and which the size of the bucket?",
        '`ag.create_usage_plan(name="partners", apiStages=[{"apiId": posters, "stage": "prod"}], '
        'throttle={"rateLimit": 2, "burstLimit": 5})`, then `ag.create_usage_plan_key(...)`.',
    ),
    solution="""\
posters, doors = id_of("posters"), lab.invoke_url(id_of("posters"), "prod", "posters")
museum = ag.get_api_keys(nameQuery="museum", includeValues=True)["items"][0]
partners = ag.create_usage_plan(
    name="partners",
    apiStages=[{"apiId": posters, "stage": "prod"}],
    throttle={"rateLimit": 2, "burstLimit": 5},
)
ag.create_usage_plan_key(usagePlanId=partners["id"], keyId=museum["id"], keyType="API_KEY")
print([ask(doors, {"x-api-key": museum["value"]})[0] for _ in range(6)])
""",
    claims=("api-usage-plans", "api-token-bucket", "api-429"),
)


def _lay_keyed(client: MakeClient) -> None:
    lay_backend(client, keyed.NAME, keyed.SOURCE)
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": uri_of(keyed.NAME)}
    row = {"name": "row", "in": "query", "schema": {"type": "string"}}
    method = {"parameters": [row], "x-amazon-apigateway-integration": integration}
    apigateway, api = lay_api(client, keyed.NAME, keyed.PATH, method)
    apigateway.update_stage(restApiId=api, stageName=STAGE, patchOperations=keyed.CACHED)


KEYED = Exercise(
    id="keyed",
    title="Somebody else's row",
    task="`prod` of `seats` answers from its cache, and each row with its own seats.",
    given="the API `seats`, whose stage `prod` has its cache turned on, and the function behind it",
    lay=_lay_keyed,
    check=keyed.check,
    hints=(
        "The function is right. Under which key does the cache file its answers?",
        "An integration has `cacheKeyParameters`. `update_integration` adds one by a patch, and "
        "a stage serves what is deployed.",
        '`ag.update_integration(..., patchOperations=[{"op": "add", "path": '
        '"/cacheKeyParameters/method.request.querystring.row"}])`, then `ag.create_deployment`.',
    ),
    solution="""\
seats, rows = id_of("seats"), lab.invoke_url(id_of("seats"), "prod", "seats?row=")
paths = {one["path"]: one["id"] for one in ag.get_resources(restApiId=seats)["items"]}
key = "/cacheKeyParameters/method.request.querystring.row"
ag.update_integration(
    restApiId=seats,
    resourceId=paths["/seats"],
    httpMethod="GET",
    patchOperations=[{"op": "add", "path": key}],
)
ag.create_deployment(restApiId=seats, stageName="prod")
print([ask(rows + row)[1]["row"] for row in "AB"])
""",
    claims=("api-cache-purpose", "api-cache-ttl"),
)

EXERCISES = (ROLLBACK, PLAN, KEYED)
