"""The front door's own mechanisms: ways in, routes, bytes, limits, the log of requests."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest
import requests
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from labkit import runtime
from labkit.errors import UsageError
from labkit.runtime.gateway.buckets import Bucket, Buckets
from labkit.runtime.gateway.cache import Cache
from labkit.runtime.gateway.keys import period_of
from labkit.runtime.gateway.router import matches
from labkit.sandbox import Sandbox
from tests.runtime.apis import ACCOUNT, ECHO, Functions, RestApi, said, uri

NOON = datetime(2026, 1, 5, 12)


@pytest.fixture
def functions(sandbox: Sandbox) -> Functions:
    return Functions(sandbox)


@pytest.fixture
def api(sandbox: Sandbox) -> RestApi:
    return RestApi(sandbox)


# ---- ways in ----


def test_urllib3_is_answered_too(api: RestApi) -> None:
    api.mock("/orders", "$input.params('row')")
    api.deploy()

    answer = urllib3.PoolManager().request("GET", api.url("/orders"), fields={"row": "F"})

    assert (answer.status, answer.data) == (200, b"F")
    assert answer.headers["Content-Type"] == "application/json"


def test_curl_is_answered_on_this_machine(api: RestApi, functions: Functions) -> None:
    api.proxy("/orders/{id}", functions.make(), "POST")
    api.deploy()
    url = runtime.running().gateway.invoke_url(api.id, "prod", "orders/7?row=F")

    told = subprocess.run(
        ["curl", "--silent", "-H", "tEsT: x", "--data", "seat=12", url],
        capture_output=True,
        check=True,
        timeout=20,
    ).stdout

    event = json.loads(told)
    assert event["path"] == "/orders/7"
    assert event["queryStringParameters"] == {"row": "F"}
    assert event["headers"]["tEsT"] == "x"
    assert event["body"] == "seat=12"
    assert event["requestContext"]["domainName"] == f"{api.id}.execute-api.us-east-1.amazonaws.com"


def test_the_server_knows_a_stage_by_its_host_too(api: RestApi, sandbox: Sandbox) -> None:
    api.mock("/orders", "sold")
    api.deploy()

    answer = requests.get(
        sandbox.endpoint_url + "/prod/orders",
        headers={"Host": f"{api.id}.execute-api.us-east-1.amazonaws.com"},
        timeout=5,
    )

    assert answer.text == "sold"


def test_a_request_to_this_machine_may_be_signed(api: RestApi, functions: Functions) -> None:
    api.proxy("/orders", functions.make(), authorizationType="AWS_IAM")
    api.deploy()
    url = runtime.running().gateway.invoke_url(api.id, "prod", "orders")

    signed = AWSRequest("GET", url)
    SigV4Auth(boto3.Session().get_credentials(), "execute-api", "us-east-1").add_auth(signed)

    assert requests.get(url, timeout=5).status_code == 403
    assert requests.get(url, headers=dict(signed.headers), timeout=5).status_code == 200


def test_an_api_that_does_not_exist_is_no_host(sandbox: Sandbox) -> None:
    with pytest.raises(UsageError, match="no API 'abcdef' in us-east-1"):
        requests.get("https://abcdef.execute-api.us-east-1.amazonaws.com/prod", timeout=5)
    with pytest.raises(UsageError, match="no function URL 'abcdef' in us-east-1"):
        requests.get("https://abcdef.lambda-url.us-east-1.on.aws/", timeout=5)
    answer = requests.get(f"{sandbox.endpoint_url}/execute-api/abcdef/prod", timeout=5)
    assert answer.status_code == 404


def test_a_function_may_call_the_sandbox_while_a_request_waits(
    api: RestApi, functions: Functions, sandbox: Sandbox
) -> None:
    code = """
        import boto3

        def handler(event, context):
            sqs = boto3.client("sqs")
            url = sqs.get_queue_url(QueueName="orders")["QueueUrl"]
            sqs.send_message(QueueUrl=url, MessageBody=event["body"])
            return {"statusCode": 202}
    """
    url = sandbox.client("sqs").create_queue(QueueName="orders")["QueueUrl"]
    api.proxy("/orders", functions.make(code), "POST")
    api.deploy()

    assert api.ask("POST", "/orders", data="F7").status_code == 202
    assert sandbox.client("sqs").receive_message(QueueUrl=url)["Messages"][0]["Body"] == "F7"


def test_many_requests_at_once_are_each_answered(api: RestApi, functions: Functions) -> None:
    api.proxy("/orders/{id}", functions.make())
    api.deploy()

    def ask(number: int) -> str:
        return str(api.get(f"/orders/{number}").json()["pathParameters"]["id"])

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(24))) == [str(number) for number in range(24)]
    assert len(runtime.running().gateway.requests) == 24


def test_the_log_of_requests(api: RestApi, sandbox: Sandbox) -> None:
    api.mock("/orders/{id}", "sold")
    api.deploy()
    sandbox.clock.advance(seconds=30)
    api.get("/orders/7")
    api.get("/seats")

    first, second = runtime.running().gateway.requests
    assert (first.method, first.path, first.status) == ("GET", "/orders/7", 200)
    assert (first.resource, first.stage, first.api_id) == ("/orders/{id}", "prod", api.id)
    assert first.at == first.ended_at == sandbox.clock.now
    assert (second.path, second.status) == ("/seats", 403)
    assert second.why == "The stage has no GET /seats."


def test_two_runs_are_the_same_to_the_byte() -> None:
    code = (
        "import json, requests\n"
        "from labkit import runtime\n"
        "from tests.runtime.apis import Functions, RestApi\n"
        "sandbox = runtime.open_sandbox('tests')\n"
        "api = RestApi(sandbox)\n"
        "api.proxy('/{proxy+}', Functions(sandbox).make(), 'ANY')\n"
        "api.deploy()\n"
        "for _ in range(2):\n"
        "    answer = api.get('/orders')\n"
        "    print(answer.text, sorted(answer.headers.items()))\n"
        "sandbox.close()\n"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, timeout=60
        ).stdout
        for _ in range(2)
    }
    assert len(runs) == 1
    assert runs.pop().count(b"resource") >= 2


def test_the_rules_are_in_force_whatever_was_loaded_first() -> None:
    code = (
        "import boto3, requests\n"
        "from botocore.exceptions import ClientError\n"
        "from labkit import runtime\n"
        "sandbox = runtime.open_sandbox('tests')\n"
        "runtime.ledger('apigateway')\n"
        "runtime.running().gateway\n"
        "api = sandbox.client('apigateway')\n"
        "made = api.create_rest_api(name='shop')\n"
        "where = {'restApiId': made['id'], 'parentId': made['rootResourceId'], 'pathPart': 'a'}\n"
        "api.create_resource(**where)\n"
        "try:\n"
        "    api.create_resource(**where)\n"
        "except ClientError as error:\n"
        "    print(error.response['Error']['Code'])\n"
        "http = sandbox.client('apigatewayv2')\n"
        "made = http.create_api(Name='shop', ProtocolType='HTTP', Target='http://127.0.0.1:9/')\n"
        "print(len(http.get_routes(ApiId=made['ApiId'])['Items']))\n"
        "print(http.create_deployment(ApiId=made['ApiId'])['DeploymentStatus'])\n"
        "sandbox.close()\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60
    )
    assert ran.stdout.split() == ["ConflictException", "1", "DEPLOYED"]


# ---- routes ----


@pytest.mark.parametrize(
    ("path", "found", "values"),
    [
        ("/orders", "/orders", {}),
        ("/orders/", "/orders", {}),
        ("/orders/new", "/orders/new", {}),
        ("/orders/7", "/orders/{id}", {"id": "7"}),
        ("/orders/7/seats", "/orders/{id}/{rest+}", {"id": "7", "rest": "seats"}),
        ("/seats/7/row", "/{proxy+}", {"proxy": "seats/7/row"}),
    ],
)
def test_the_closest_resource_is_found(path: str, found: str, values: dict[str, str]) -> None:
    patterns = [
        "/{proxy+}",
        "/orders/{id}/{rest+}",
        "/orders/{id}",
        "/orders/new",
        "/orders",
        "/",
    ]

    best = matches([(pattern, pattern) for pattern in patterns], path)[0]

    assert (best.found, best.path_parameters) == (found, values)


def test_a_greedy_variable_needs_something(api: RestApi) -> None:
    assert matches([("/{proxy+}", 1)], "/") == []


# ---- bytes ----


def test_binary_bodies_go_in_and_out(sandbox: Sandbox, functions: Functions) -> None:
    code = """
        def handler(event, context):
            return {"statusCode": 200, "isBase64Encoded": event["isBase64Encoded"],
                    "headers": {"Content-Type": "image/png"}, "body": event["body"]}
    """
    api = RestApi(sandbox, binaryMediaTypes=["image/png"])
    api.proxy("/posters", functions.make(code), "POST")
    api.deploy()
    picture = bytes(range(256))

    def ask(accept: str) -> bytes:
        headers = {"Content-Type": "image/png", "Accept": accept}
        return api.ask("POST", "/posters", data=picture, headers=headers).content

    assert ask("image/png") == picture
    assert ask("application/json") != picture  # its Base64, since Accept names no binary type


def test_a_body_that_is_too_large_is_refused(api: RestApi) -> None:
    api.mock("/orders", verb="POST")
    api.deploy()

    assert api.ask("POST", "/orders", data=b"x" * 10_485_761).status_code == 413
    assert api.ask("POST", "/orders", data=b"x" * 10_485_760).status_code == 200


# ---- what is behind ----


def test_a_rest_api_answers_a_browser_by_an_options_method(api: RestApi) -> None:
    where = api.mock("/orders", "", "OPTIONS")
    start = "method.response.header.Access-Control-Allow-"
    api.client.put_method_response(
        **where,
        statusCode="200",
        responseParameters={start + "Origin": False, start + "Methods": False},
    )
    api.client.put_integration_response(
        **where,
        statusCode="200",
        responseParameters={start + "Origin": "'*'", start + "Methods": "'GET,POST'"},
    )
    api.deploy()

    answer = api.ask("OPTIONS", "/orders")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET,POST"


def test_a_stage_variable_chooses_the_function(api: RestApi, functions: Functions) -> None:
    for name in ("red", "blue"):
        functions.returning({"statusCode": 200, "body": name}, name)
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:${{stageVariables.colour}}"
    api.proxy("/orders", arn)
    api.deploy("test", variables={"colour": "red"})
    api.deploy("prod", variables={"colour": "blue"})

    assert api.get("/orders", "test").text == "red"
    assert api.get("/orders", "prod").text == "blue"


def test_a_role_may_be_used_in_place_of_the_function_s_policy(
    api: RestApi, functions: Functions, sandbox: Sandbox
) -> None:
    iam = sandbox.client("iam")
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "apigateway.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    role = iam.create_role(RoleName="door", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    where = api.method("/orders")
    api.client.put_integration(
        **where,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=uri(functions.make(let_in=False)),
        credentials=role["Arn"],
    )
    api.deploy()

    assert api.get("/orders").status_code == 500
    allowed = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}
    iam.put_role_policy(
        RoleName="door",
        PolicyName="invoke",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
    )
    assert api.get("/orders").status_code == 200


def test_a_function_may_be_left_to_itself(
    api: RestApi, functions: Functions, sandbox: Sandbox
) -> None:
    where = api.method("/orders", "POST")
    api.client.put_integration(
        **where,
        type="AWS",
        integrationHttpMethod="POST",
        uri=uri(functions.make("def handler(event, context): print('sold', event)")),
        requestParameters={"integration.request.header.X-Amz-Invocation-Type": "'Event'"},
    )
    api.client.put_method_response(**where, statusCode="202")
    api.client.put_integration_response(**where, statusCode="202")
    api.deploy()

    assert api.ask("POST", "/orders", json={"seat": 12}).status_code == 202
    assert [one.what for one in runtime.settle()] == ["worker answered"]


def test_another_service_behind_a_method_is_said_not_to_be_there(api: RestApi) -> None:
    where = api.method("/orders")
    api.client.put_integration(
        **where,
        type="AWS",
        integrationHttpMethod="POST",
        uri="arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders",
    )
    api.deploy()

    answer = api.get("/orders")
    assert answer.status_code == 500
    assert "labkit has no other service behind a method" in answer.headers["x-labkit-why"]


@pytest.mark.parametrize(
    ("behaviour", "kind", "status"),
    [
        ("NEVER", "text/plain", 415),
        ("WHEN_NO_TEMPLATES", "text/plain", 415),
        ("NEVER", "application/json", 200),
    ],
)
def test_a_media_type_without_a_template(
    api: RestApi, behaviour: str, kind: str, status: int
) -> None:
    api.mock("/orders", "ok", "POST", {"passthroughBehavior": behaviour})
    api.deploy()

    answer = api.ask("POST", "/orders", data="{}", headers={"Content-Type": kind})

    assert answer.status_code == status


def test_a_mock_without_a_status_is_a_fault_of_the_api(api: RestApi) -> None:
    api.mock("/orders", "ok", "GET", {"requestTemplates": {"application/json": "{}"}})
    api.deploy()

    answer = api.get("/orders")
    assert answer.status_code == 500
    assert "statusCode" in answer.headers["x-labkit-why"]


# ---- limits ----


def test_a_method_of_a_usage_plan_has_limits_of_its_own(api: RestApi, sandbox: Sandbox) -> None:
    for path in ("/orders", "/seats"):
        api.mock(path, apiKeyRequired=True)
    api.deploy()
    key = api.client.create_api_key(name="ana", enabled=True)
    throttle = {"/orders/GET": {"rateLimit": 1.0, "burstLimit": 1}}
    plan = api.client.create_usage_plan(
        name="gold", apiStages=[{"apiId": api.id, "stage": "prod", "throttle": throttle}]
    )["id"]
    api.client.create_usage_plan_key(usagePlanId=plan, keyId=key["id"], keyType="API_KEY")

    def codes(path: str) -> list[int]:
        headers = {"x-api-key": key["value"]}
        return [api.get(path, headers=headers).status_code for _ in range(2)]

    assert codes("/orders") == [200, 429]
    assert codes("/seats") == [200, 200]


def test_a_disabled_key_is_none(api: RestApi) -> None:
    api.mock("/orders", apiKeyRequired=True)
    api.deploy()
    key = api.client.create_api_key(name="ana", enabled=True)
    plan = api.client.create_usage_plan(
        name="gold", apiStages=[{"apiId": api.id, "stage": "prod"}]
    )["id"]
    api.client.create_usage_plan_key(usagePlanId=plan, keyId=key["id"], keyType="API_KEY")
    assert api.get("/orders", headers={"x-api-key": key["value"]}).status_code == 200

    api.client.update_api_key(
        apiKey=key["id"], patchOperations=[{"op": "replace", "path": "/enabled", "value": "false"}]
    )

    refused = api.get("/orders", headers={"x-api-key": key["value"]})
    assert said(refused) == (403, {"message": "Forbidden"})


def test_the_account_s_bucket_is_shared_by_all_apis(
    api: RestApi, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from labkit.runtime.gateway import limits

    small = {"apigateway.rate_default_per_s": 1, "apigateway.burst_default": 2}
    monkeypatch.setattr(limits, "fact", small.__getitem__)
    other = RestApi(sandbox)
    for one in (api, other):
        one.mock("/orders")
        one.deploy()

    codes = [one.get("/orders").status_code for one in (api, other, api)]

    assert codes == [200, 200, 429]


def test_a_bucket_fills_by_the_clock() -> None:
    bucket = Bucket.full(2, 5, NOON)
    taken = 0
    while bucket.has_one(NOON):
        bucket.take()
        taken += 1
    assert taken == 5
    assert not bucket.has_one(NOON + timedelta(seconds=0.4))
    assert bucket.has_one(NOON + timedelta(seconds=0.5))
    bucket.fill(NOON + timedelta(hours=1))
    assert bucket.tokens == 5


def test_a_request_that_is_refused_takes_no_token() -> None:
    buckets = Buckets()
    wide, narrow = (("a",), 1.0, 5.0), (("b",), 1.0, 1.0)

    assert buckets.let_pass([wide, narrow], NOON)
    assert not buckets.let_pass([wide, narrow], NOON)
    assert buckets.of(("a",), 1.0, 5.0, NOON).tokens == 4


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("DAY", NOON, NOON + timedelta(hours=11), True),
        ("DAY", NOON, NOON + timedelta(hours=12), False),
        ("WEEK", NOON, NOON + timedelta(days=6), True),
        ("WEEK", NOON, NOON + timedelta(days=7), False),
        ("MONTH", NOON, NOON + timedelta(days=26), True),
        ("MONTH", NOON, NOON + timedelta(days=27), False),
    ],
)
def test_the_periods_of_a_quota(kind: str, one: datetime, other: datetime, same: bool) -> None:
    assert (period_of(kind, one) == period_of(kind, other)) is same


def test_a_cache_forgets_by_the_clock_and_by_name() -> None:
    cache: Cache[str] = Cache()
    cache.put(("api", "prod", 1), "a", 10, NOON)
    cache.put(("api", "test", 1), "b", 10, NOON)

    assert cache.get(("api", "prod", 1), NOON + timedelta(seconds=9)) == "a"
    assert cache.get(("api", "prod", 1), NOON + timedelta(seconds=10)) is None
    cache.forget("api", "prod")
    assert cache.get(("api", "prod", 1), NOON) is None
    assert cache.get(("api", "test", 1), NOON) == "b"


# ---- authorizers ----


def authorizer(api: RestApi, arn: str, **settings: Any) -> dict[str, Any]:
    """The settings of a method with a TOKEN authorizer."""
    made = api.client.create_authorizer(
        restApiId=api.id,
        name="door",
        type="TOKEN",
        authorizerUri=uri(arn),
        identitySource="method.request.header.Authorization",
        **settings,
    )
    return {"authorizationType": "CUSTOM", "authorizerId": made["id"]}


@pytest.mark.parametrize(
    ("code", "let_in"),
    [
        ("def handler(event, context): raise ValueError('no')", True),
        ("def handler(event, context): return 'yes'", True),
        ("def handler(event, context): return {'principalId': 'a', 'policyDocument': {}}", True),
        (
            "def handler(event, context): return {'principalId': 'a', 'policyDocument': "
            "{'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Action': '*', "
            "'Resource': '*'}]}, 'context': {'seats': [1, 2]}}",
            True,
        ),
        (ECHO, False),
    ],
    ids=["raises", "no object", "bad policy", "an object in its context", "not let in"],
)
def test_an_authorizer_that_does_not_work_is_500(
    api: RestApi, functions: Functions, code: str, let_in: bool
) -> None:
    settings = authorizer(api, functions.make(code, "door", let_in=let_in))
    api.mock("/orders", **settings)
    api.deploy()

    answer = api.get("/orders", headers={"Authorization": "ana"})

    assert said(answer) == (500, {"message": None})
    assert answer.headers["x-labkit-why"]


def test_an_authorizer_names_the_api_key(sandbox: Sandbox, functions: Functions) -> None:
    api = RestApi(sandbox, apiKeySource="AUTHORIZER")
    key = api.client.create_api_key(name="ana", enabled=True)["value"]
    code = f"""
        def handler(event, context):
            statement = {{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}}
            return {{
                "principalId": "ana",
                "policyDocument": {{"Version": "2012-10-17", "Statement": [statement]}},
                "usageIdentifierKey": "{key}" if event["authorizationToken"] == "ana" else "",
            }}
    """
    settings = authorizer(api, functions.make(code, "door"), authorizerResultTtlInSeconds=0)
    api.mock("/orders", apiKeyRequired=True, **settings)
    api.deploy()
    plan = api.client.create_usage_plan(
        name="gold", apiStages=[{"apiId": api.id, "stage": "prod"}]
    )["id"]
    found = api.client.get_api_keys()["items"][0]["id"]
    api.client.create_usage_plan_key(usagePlanId=plan, keyId=found, keyType="API_KEY")

    assert api.get("/orders", headers={"Authorization": "ana"}).status_code == 200
    assert api.get("/orders", headers={"Authorization": "ben"}).status_code == 403


def test_a_user_pool_s_tokens_open_a_method(
    api: RestApi, functions: Functions, sandbox: Sandbox
) -> None:
    cognito = sandbox.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="shop")["UserPool"]
    client = cognito.create_user_pool_client(
        UserPoolId=pool["Id"],
        ClientName="web",
        ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]["ClientId"]
    cognito.admin_create_user(UserPoolId=pool["Id"], Username="ana")
    cognito.admin_set_user_password(
        UserPoolId=pool["Id"], Username="ana", Password="Secret-123!", Permanent=True
    )
    tokens = cognito.admin_initiate_auth(
        UserPoolId=pool["Id"],
        ClientId=client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ana", "PASSWORD": "Secret-123!"},
    )["AuthenticationResult"]
    door = api.client.create_authorizer(
        restApiId=api.id,
        name="pool",
        type="COGNITO_USER_POOLS",
        providerARNs=[pool["Arn"]],
        identitySource="method.request.header.Authorization",
    )["id"]
    api.proxy(
        "/orders",
        functions.make(),
        authorizationType="COGNITO_USER_POOLS",
        authorizerId=door,
    )
    api.deploy()

    def ask(token: str) -> tuple[int, Any]:
        return said(api.get("/orders", headers={"Authorization": token}))

    status, event = ask(tokens["IdToken"])
    assert status == 200
    assert event["requestContext"]["authorizer"]["claims"]["cognito:username"] == "ana"
    assert ask(tokens["AccessToken"]) == (401, {"message": "Unauthorized"})
    assert ask(tokens["IdToken"][:-4] + "AAAA") == (401, {"message": "Unauthorized"})
    sandbox.clock.advance(hours=2)
    assert ask(tokens["IdToken"]) == (401, {"message": "Unauthorized"})


# ---- other kinds of API ----


def test_a_websocket_api_is_said_not_to_be_there(sandbox: Sandbox) -> None:
    client = sandbox.client("apigatewayv2")
    made = client.create_api(
        Name="chat", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
    )
    client.create_stage(ApiId=made["ApiId"], StageName="prod")

    url = f"https://{made['ApiId']}.execute-api.us-east-1.amazonaws.com/prod"
    answer = requests.get(url, timeout=5)

    assert answer.status_code == 501
    assert "WebSocket" in answer.headers["x-labkit-why"]


def test_the_default_endpoint_can_be_disabled(sandbox: Sandbox) -> None:
    api = RestApi(sandbox, disableExecuteApiEndpoint=True)
    api.mock("/orders")
    api.deploy()

    assert said(api.get("/orders")) == (403, {"message": "Forbidden"})


def test_a_regional_api_has_nothing_of_cloudfront(sandbox: Sandbox, functions: Functions) -> None:
    api = RestApi(sandbox, endpointConfiguration={"types": ["REGIONAL"]})
    api.proxy("/orders", functions.make())
    api.deploy()

    answer = api.get("/orders")
    for headers in (answer.json()["headers"], answer.headers):
        assert not [one for one in headers if one.startswith(("CloudFront", "Via", "X-Amz-Cf"))]
