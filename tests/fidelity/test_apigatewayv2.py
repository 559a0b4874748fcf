"""HTTP APIs: quick create, and what answers at a stage's address."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
import requests

from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from tests.runtime.apis import Functions, said, uri

Refusal = Callable[..., str]
REGION = "us-east-1"


class HttpApi:
    """An HTTP API with boto3's client at hand."""

    def __init__(self, sandbox: Sandbox, **settings: Any) -> None:
        self.client = sandbox.client("apigatewayv2")
        made = self.client.create_api(Name="shop", ProtocolType="HTTP", **settings)
        self.id = str(made["ApiId"])

    def stage(self, name: str = "$default", **settings: Any) -> None:
        """Create a stage that deploys by itself."""
        self.client.create_stage(ApiId=self.id, StageName=name, AutoDeploy=True, **settings)

    def function(self, key: str, arn: str, version: str = "2.0", **settings: Any) -> None:
        """Put a function behind a route."""
        integration = self.client.create_integration(
            ApiId=self.id,
            IntegrationType="AWS_PROXY",
            IntegrationUri=arn,
            PayloadFormatVersion=version,
        )["IntegrationId"]
        self.client.create_route(
            ApiId=self.id, RouteKey=key, Target=f"integrations/{integration}", **settings
        )

    def ask(self, verb: str, path: str = "", **more: Any) -> requests.Response:
        """Ask the API, below its host."""
        url = f"https://{self.id}.execute-api.{REGION}.amazonaws.com{path}"
        return requests.request(verb, url, timeout=5, **more)


@pytest.fixture
def functions(sandbox: Sandbox) -> Functions:
    return Functions(sandbox)


@pytest.fixture
def api(sandbox: Sandbox) -> HttpApi:
    return HttpApi(sandbox)


@pytest.mark.mends
def test_a_target_makes_a_whole_api(sandbox: Sandbox, functions: Functions) -> None:
    api = HttpApi(sandbox, Target=functions.make())

    assert [one["RouteKey"] for one in api.client.get_routes(ApiId=api.id)["Items"]] == ["$default"]
    assert api.client.get_stages(ApiId=api.id)["Items"][0]["AutoDeploy"] is True
    assert api.ask("GET", "/anything").json()["version"] == "2.0"


@pytest.mark.mends
def test_a_stage_of_an_http_api_can_be_changed(api: HttpApi, functions: Functions) -> None:
    api.function("GET /orders", functions.make())
    api.stage()

    api.client.update_stage(
        ApiId=api.id,
        StageName="$default",
        StageVariables={"Table": "orders"},
        DefaultRouteSettings={"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 1},
    )

    kept = api.client.get_stage(ApiId=api.id, StageName="$default")
    assert kept["StageVariables"] == {"Table": "orders"}
    assert kept["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 1
    assert api.ask("GET", "/orders").json()["stageVariables"] == {"Table": "orders"}
    assert api.ask("GET", "/orders").status_code == 429


@pytest.mark.mends
def test_a_stage_without_auto_deploy_waits_for_a_deployment(
    api: HttpApi, functions: Functions
) -> None:
    api.function("GET /orders", functions.returning({"n": 1}, "one"))
    api.client.create_stage(ApiId=api.id, StageName="prod")
    assert said(api.ask("GET", "/prod/orders")) == (404, {"message": "Not Found"})

    made = api.client.create_deployment(ApiId=api.id, StageName="prod")
    assert made["DeploymentStatus"] == "DEPLOYED"
    api.function("GET /seats", functions.returning({"n": 2}, "two"))

    assert api.ask("GET", "/prod/orders").status_code == 200
    assert api.ask("GET", "/prod/seats").status_code == 404
    api.client.create_deployment(ApiId=api.id, StageName="prod")
    assert api.ask("GET", "/prod/seats").status_code == 200


@pytest.mark.mends
def test_a_stage_of_an_http_api_is_led_to_a_deployment(
    api: HttpApi, functions: Functions, refusal: Refusal
) -> None:
    api.function("GET /orders", functions.returning({"n": 1}, "one"))
    first = api.client.create_deployment(ApiId=api.id)["DeploymentId"]
    api.function("GET /seats", functions.returning({"n": 2}, "two"))
    second = api.client.create_deployment(ApiId=api.id)["DeploymentId"]
    api.client.create_stage(ApiId=api.id, StageName="prod", DeploymentId=second)

    assert api.ask("GET", "/prod/seats").status_code == 200
    stage = {"ApiId": api.id, "StageName": "prod"}
    assert api.client.update_stage(**stage, DeploymentId=first)["DeploymentId"] == first
    assert api.ask("GET", "/prod/seats").status_code == 404
    wrong = refusal(api.client.update_stage, **stage, DeploymentId="nowhere")
    assert wrong.startswith("NotFoundException")


@pytest.mark.mends
def test_an_http_api_hands_its_function_the_event(api: HttpApi, functions: Functions) -> None:
    arn = functions.make()
    api.function("POST /orders/{id}", arn)
    api.function("POST /first/{id}", arn, "1.0")
    api.stage()
    api.stage("test", StageVariables={"table": "orders"})

    def ask(path: str) -> Any:
        return api.ask(
            "POST",
            path,
            json={"seat": 12},
            headers={"X-Row": "F", "Cookie": "a=1; b=2"},
        ).json()

    event = ask("/orders/new%20one?row=F&row=G")
    assert event["version"] == "2.0"
    assert event["routeKey"] == "POST /orders/{id}"
    assert event["rawPath"] == "/orders/new one"
    assert event["rawQueryString"] == "row=F&row=G"
    assert event["queryStringParameters"] == {"row": "F,G"}
    assert event["pathParameters"] == {"id": "new one"}
    assert event["cookies"] == ["a=1", "b=2"]
    assert event["headers"]["x-row"] == "F"
    assert json.loads(event["body"]) == {"seat": 12}
    assert event["isBase64Encoded"] is False
    assert event["requestContext"]["http"]["method"] == "POST"
    assert event["requestContext"]["stage"] == "$default"
    assert event["requestContext"]["time"] == "05/Jan/2026:09:00:00 +0000"
    in_test = ask("/test/orders/7")
    assert in_test["rawPath"] == "/test/orders/7"
    assert in_test["stageVariables"] == {"table": "orders"}
    first = ask("/first/7")
    assert first["version"] == "1.0"
    assert first["httpMethod"] == "POST"
    assert first["multiValueHeaders"]["X-Row"] == ["F"]
    assert first["resource"] == first["requestContext"]["resourcePath"] == "/first/{id}"
    assert first["requestContext"]["path"] == "/first/7"


@pytest.mark.mends
def test_an_answer_without_a_status_is_inferred(api: HttpApi, functions: Functions) -> None:
    api.function("GET /object", functions.returning({"seat": 12}, "object"))
    api.function("GET /text", functions.returning("sold", "text"))
    api.function(
        "GET /full",
        functions.returning(
            {"statusCode": 201, "body": "aGk=", "isBase64Encoded": True, "cookies": ["a=1", "b=2"]},
            "full",
        ),
    )
    api.function("GET /first", functions.returning("sold", "first"), "1.0")
    api.stage()

    found = api.ask("GET", "/object")
    assert said(found) == (200, {"seat": 12})
    assert found.headers["content-type"] == "application/json"
    assert api.ask("GET", "/text").text == "sold"
    full = api.ask("GET", "/full")
    assert (full.status_code, full.text) == (201, "hi")
    assert full.raw.headers.getlist("Set-Cookie") == ["a=1", "b=2"]
    assert said(api.ask("GET", "/first")) == (500, {"message": "Internal Server Error"})


@pytest.mark.mends
def test_the_closest_route_takes_a_request(api: HttpApi, functions: Functions) -> None:
    arn = functions.make()
    for key in ("GET /orders/new", "ANY /orders/{id}", "GET /{proxy+}"):
        api.function(key, arn)
    api.stage()

    def route(verb: str, path: str) -> Any:
        return api.ask(verb, path).json().get("routeKey")

    assert route("GET", "/orders/new") == "GET /orders/new"
    assert route("POST", "/orders/new") == "ANY /orders/{id}"
    assert route("GET", "/orders/7") == "ANY /orders/{id}"
    assert route("GET", "/seats/7/row") == "GET /{proxy+}"
    assert said(api.ask("POST", "/seats")) == (404, {"message": "Not Found"})
    api.function("$default", arn)
    assert route("POST", "/seats") == "$default"


@pytest.mark.mends
def test_an_http_api_does_cors_by_itself(sandbox: Sandbox, functions: Functions) -> None:
    api = HttpApi(
        sandbox,
        CorsConfiguration={
            "AllowOrigins": ["https://shop.example"],
            "AllowMethods": ["GET", "POST"],
            "AllowHeaders": ["x-row"],
            "MaxAge": 60,
        },
    )
    api.function("GET /orders", functions.make())
    api.stage()
    mine, other = {"Origin": "https://shop.example"}, {"Origin": "https://other.example"}
    asks = {"Access-Control-Request-Method": "POST"}

    before = api.ask("OPTIONS", "/orders", headers={**mine, **asks})
    assert before.status_code == 204
    assert before.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert before.headers["Access-Control-Allow-Methods"] == "GET,POST"
    assert before.headers["Access-Control-Max-Age"] == "60"
    answer = api.ask("GET", "/orders", headers=mine)
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    for headers in (other, {**other, **asks}):
        verb = "OPTIONS" if asks.items() <= headers.items() else "GET"
        assert (
            "Access-Control-Allow-Origin" not in api.ask(verb, "/orders", headers=headers).headers
        )


@pytest.mark.mends
def test_a_lambda_authorizer_of_an_http_api_answers_simply(
    api: HttpApi, functions: Functions
) -> None:
    code = """
        def handler(event, context):
            who = event["identitySource"][0]
            if who == "nonsense":
                return {"allowed": True}
            context = {"who": who, "route": event["routeKey"]}
            return {"isAuthorized": who == "ana", "context": context}
    """
    door = api.client.create_authorizer(
        ApiId=api.id,
        Name="door",
        AuthorizerType="REQUEST",
        AuthorizerUri=uri(functions.make(code, "door")),
        AuthorizerPayloadFormatVersion="2.0",
        EnableSimpleResponses=True,
        IdentitySource=["$request.header.Authorization"],
    )["AuthorizerId"]
    api.function("GET /orders", functions.make(), AuthorizationType="CUSTOM", AuthorizerId=door)
    api.stage()

    def ask(who: str) -> tuple[int, Any]:
        return said(api.ask("GET", "/orders", headers={"Authorization": who}))

    status, event = ask("ana")
    assert status == 200
    told = {"lambda": {"who": "ana", "route": "GET /orders"}}
    assert event["requestContext"]["authorizer"] == told
    assert ask("ben") == (403, {"message": "Forbidden"})
    assert ask("nonsense") == (500, {"message": "Internal Server Error"})
    assert said(api.ask("GET", "/orders")) == (401, {"message": "Unauthorized"})


# ---- tokens ----


@pytest.fixture(scope="module")
def issuer() -> Any:
    """An issuer of tokens on this machine: its address, and what signs."""
    from joserfc.jwk import RSAKey

    key = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
    keys = json.dumps({"keys": [key.as_dict(private=False)]}).encode()

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path.endswith("/jwks.json")
            self.send_response(200 if found else 404)
            self.end_headers()
            self.wfile.write(keys if found else b"")

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Keys)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", key
    server.shutdown()
    server.server_close()


@pytest.mark.mends
def test_a_jwt_authorizer_reads_tokens(
    api: HttpApi, functions: Functions, clock: Clock, issuer: Any
) -> None:
    from joserfc import jwt
    from joserfc.jwk import RSAKey

    address, key = issuer
    door = api.client.create_authorizer(
        ApiId=api.id,
        Name="door",
        AuthorizerType="JWT",
        IdentitySource=["$request.header.Authorization"],
        JwtConfiguration={"Audience": ["shop"], "Issuer": address},
    )["AuthorizerId"]
    api.function(
        "GET /orders",
        functions.make(),
        AuthorizationType="JWT",
        AuthorizerId=door,
        AuthorizationScopes=["orders/read"],
    )
    api.stage()
    now = int(clock.now.timestamp())
    assert abs(now - time.time()) > 0
    good = {
        "iss": address,
        "aud": "shop",
        "exp": now + 60,
        "scope": "orders/read email",
        "sub": "ana",
    }

    def ask(signed_with: Any = key, **claims: Any) -> tuple[int, Any]:
        token = jwt.encode({"alg": "RS256", "kid": "one"}, {**good, **claims}, signed_with)
        return said(api.ask("GET", "/orders", headers={"Authorization": f"Bearer {token}"}))

    status, event = ask()
    assert status == 200
    told = event["requestContext"]["authorizer"]["jwt"]
    assert told["claims"]["sub"] == "ana"
    assert told["scopes"] == ["orders/read", "email"]
    unauthorized = (401, {"message": "Unauthorized"})
    assert ask(aud="other") == unauthorized
    assert ask(iss="https://other.example") == unauthorized
    assert ask(exp=now) == unauthorized
    assert ask(nbf=now + 1) == unauthorized
    assert ask(RSAKey.generate_key(2048, {"kid": "one"}, private=True)) == unauthorized
    assert ask(scope="email") == (403, {"message": "Forbidden"})
    assert said(api.ask("GET", "/orders")) == unauthorized
    clock.advance(seconds=60)
    assert ask() == unauthorized


@pytest.mark.mends
def test_a_stage_of_an_http_api_throttles(api: HttpApi, functions: Functions, clock: Clock) -> None:
    api.function("GET /orders", functions.make())
    api.function("GET /seats", functions.returning({}, "seats"))
    api.stage(
        DefaultRouteSettings={"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 2},
        RouteSettings={"GET /seats": {"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 1}},
    )

    def codes(path: str, count: int) -> list[int]:
        return [api.ask("GET", path).status_code for _ in range(count)]

    assert codes("/orders", 3) == [200, 200, 429]
    assert codes("/seats", 2) == [200, 429]
    assert said(api.ask("GET", "/orders")) == (429, {"message": "Too Many Requests"})
    clock.advance(seconds=1)
    assert codes("/orders", 2) == [200, 429]


def test_a_route_with_aws_iam_wants_a_signature(api: HttpApi, functions: Functions) -> None:
    import boto3
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    api.function("GET /orders", functions.make(), AuthorizationType="AWS_IAM")
    api.stage()

    assert said(api.ask("GET", "/orders")) == (403, {"message": "Forbidden"})
    signed = AWSRequest("GET", f"https://{api.id}.execute-api.{REGION}.amazonaws.com/orders")
    SigV4Auth(boto3.Session().get_credentials(), "execute-api", REGION).add_auth(signed)
    answer = api.ask("GET", "/orders", headers=dict(signed.headers))
    assert answer.status_code == 200
    assert "userArn" in answer.json()["requestContext"]["authorizer"]["iam"]


def test_what_goes_wrong_behind_a_route(api: HttpApi, functions: Functions) -> None:
    slow = """
        import time

        def handler(event, context):
            time.sleep(31)
            return {}
    """
    api.function("GET /slow", functions.make(slow, "slow", Timeout=60))
    api.function("GET /raises", functions.make("def handler(event, context): 1 / 0", "raises"))
    api.function("GET /hidden", functions.make("def handler(event, context): 1", let_in=False))
    api.stage()

    assert said(api.ask("GET", "/slow")) == (503, {"message": "Service Unavailable"})
    for path in ("/raises", "/hidden"):
        assert said(api.ask("GET", path)) == (500, {"message": "Internal Server Error"})
