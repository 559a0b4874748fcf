"""What AWS was seen to do with proxy integrations: the answers of functions, and their events."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
import requests

from labkit.sandbox import Sandbox
from tests.runtime.apis import Functions, RestApi, uri

WRONG = {"message": "Internal server error"}
DATA = base64.b64encode(b"test-data").decode()


@pytest.fixture
def functions(sandbox: Sandbox) -> Functions:
    return Functions(sandbox)


@pytest.fixture
def api(sandbox: Sandbox) -> RestApi:
    return RestApi(sandbox)


# ---- what a function may answer ----


@pytest.fixture
def answering(api: RestApi, functions: Functions) -> Any:
    """Lets a function answer what the request's body says."""
    code = """
        import json

        def handler(event, context):
            return json.loads(event["body"])
    """
    api.proxy("/", functions.make(code), "POST")
    api.deploy()

    def answering(told: Any) -> requests.Response:
        return api.ask("POST", "/", json=told)

    return answering


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"statusCode": 200}, id="no body"),
        pytest.param({"statusCode": 200, "headers": None}, id="headers null"),
        pytest.param({"statusCode": "200"}, id="status as text"),
        pytest.param({"headers": {"test-header": "value"}}, id="headers only"),
    ],
)
def test_answers_that_are_taken(answering: Any, told: Any) -> None:
    answer = answering(told)

    assert (answer.status_code, answer.text) == (200, "")
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"statusCode": 200, "wrongValue": "value"}, id="a member too many"),
        pytest.param({}, id="empty"),
        pytest.param({"statusCode": 200, "multiValueHeaders": {"m": "value"}}, id="no list"),
        pytest.param({"statusCode": "wrong"}, id="status no number"),
        pytest.param("just a string", id="text"),
        pytest.param(None, id="null"),
        pytest.param({"statusCode": 200, "body": {"seat": 12}}, id="body no text"),
    ],
)
def test_answers_that_are_malformed(answering: Any, told: Any) -> None:
    answer = answering(told)

    assert (answer.status_code, answer.json()) == (502, WRONG)
    assert "Malformed Lambda proxy response" in answer.headers["x-labkit-why"]


def test_headers_are_texts(answering: Any) -> None:
    answer = answering(
        {"statusCode": 200, "headers": {"test-header": "value", "header-bool": True}}
    )

    assert answer.headers["test-header"] == "value"
    assert answer.headers["header-bool"] == "true"
    assert sorted(answer.headers) == sorted(
        [
            "Connection",
            "Content-Length",
            "Content-Type",
            "Date",
            "Via",
            "X-Amz-Cf-Id",
            "X-Amz-Cf-Pop",
            "X-Amzn-Trace-Id",
            "X-Cache",
            "header-bool",
            "test-header",
            "x-amz-apigw-id",
            "x-amzn-RequestId",
        ]
    )


@pytest.mark.parametrize("encoded", [True, False])
def test_base64_stays_where_the_api_has_no_binary_types(answering: Any, encoded: bool) -> None:
    answer = answering({"statusCode": 200, "body": DATA, "isBase64Encoded": encoded})

    assert answer.text == DATA


@pytest.mark.parametrize(
    ("told", "name", "value"),
    [
        (
            {"multiValueHeaders": {"test-multi": ["value1", "value2"]}},
            "test-multi",
            "value1, value2",
        ),
        (
            {
                "headers": {"test-multi": "value-solo"},
                "multiValueHeaders": {"test-multi": ["value-multi"]},
            },
            "test-multi",
            "value-multi, value-solo",
        ),
        (
            {
                "headers": {"test-multi": "value-solo"},
                "multiValueHeaders": {"tesT-Multi": ["value-multi"]},
            },
            "tesT-Multi",
            "value-multi, value-solo",
        ),
    ],
)
def test_headers_with_many_values(answering: Any, told: Any, name: str, value: str) -> None:
    answer = answering({"statusCode": 200, **told})

    assert answer.headers[name] == value
    assert name in [spelled for spelled, _ in answer.raw.headers.items()]


def test_a_function_is_invoked_by_post_only(api: RestApi, functions: Functions) -> None:
    where = api.method("/")
    api.client.put_integration(
        **where, type="AWS_PROXY", integrationHttpMethod="GET", uri=uri(functions.make())
    )
    api.deploy()

    answer = api.get("/")
    assert (answer.status_code, answer.json()) == (500, WRONG)


# ---- what a function gets ----

CLOUDFRONT = [
    "CloudFront-Forwarded-Proto",
    "CloudFront-Is-Desktop-Viewer",
    "CloudFront-Is-Mobile-Viewer",
    "CloudFront-Is-SmartTV-Viewer",
    "CloudFront-Is-Tablet-Viewer",
    "CloudFront-Viewer-ASN",
    "CloudFront-Viewer-Country",
    "Via",
    "X-Amz-Cf-Id",
]


@pytest.fixture
def told(api: RestApi, functions: Functions) -> Any:
    """The event that comes of a path below the host."""
    arn = functions.make()
    api.proxy("/{proxy+}", arn, "ANY")
    api.proxy("/hardcoded", arn, "ANY")
    api.deploy("stage")
    host = f"https://{api.id}.execute-api.us-east-1.amazonaws.com"

    def told(path: str, verb: str = "GET", **more: Any) -> Any:
        headers = {
            "User-Agent": "python-requests/testing",
            "tEsT-HEADeR": "aValUE",
            "Authorization": "random-value",
            **more.pop("headers", {}),
        }
        answer = requests.request(verb, host + path, headers=headers, timeout=5, **more)
        return json.loads(answer.text)

    return told


@pytest.mark.parametrize(
    ("asked", "path", "whole", "proxy"),
    [
        ("/stage/proxy-value", "/proxy-value", "/stage/proxy-value", "proxy-value"),
        ("/stage/proxy-value/", "/proxy-value/", "/stage/proxy-value/", "proxy-value"),
        (
            "/stage/proxy-value//double-slash",
            "/proxy-value//double-slash",
            "/stage/proxy-value//double-slash",
            "proxy-value//double-slash",
        ),
        ("//stage/proxy-value", "/proxy-value", "/stage/proxy-value", "proxy-value"),
        ("/stage//proxy-value", "/proxy-value", "/stage//proxy-value", "proxy-value"),
        (
            "/stage/proxy-value/api/user/test%2Balias@gmail.com/plus/test+alias@gmail.com",
            "/proxy-value/api/user/test%2Balias@gmail.com/plus/test+alias@gmail.com",
            "/stage/proxy-value/api/user/test%2Balias@gmail.com/plus/test+alias@gmail.com",
            "proxy-value/api/user/test%2Balias@gmail.com/plus/test+alias@gmail.com",
        ),
    ],
)
def test_paths_as_an_event_tells_them(
    told: Any, asked: str, path: str, whole: str, proxy: str
) -> None:
    event = told(asked)

    assert event["path"] == path
    assert event["requestContext"]["path"] == whole
    assert event["pathParameters"] == {"proxy": proxy}
    assert event["resource"] == event["requestContext"]["resourcePath"] == "/{proxy+}"


def test_a_path_without_variables(told: Any) -> None:
    event = told("/stage//hardcoded")

    assert event["path"] == "/hardcoded"
    assert event["requestContext"]["path"] == "/stage//hardcoded"
    assert event["pathParameters"] is None
    assert event["resource"] == "/hardcoded"


def test_the_members_of_an_event(told: Any, api: RestApi) -> None:
    event = told("/stage/proxy-value")

    assert list(event) == [
        "resource",
        "path",
        "httpMethod",
        "headers",
        "multiValueHeaders",
        "queryStringParameters",
        "multiValueQueryStringParameters",
        "pathParameters",
        "stageVariables",
        "requestContext",
        "body",
        "isBase64Encoded",
    ]
    assert event["body"] is event["stageVariables"] is event["queryStringParameters"] is None
    assert event["isBase64Encoded"] is False
    assert sorted(event["headers"]) == sorted(
        [
            "Accept",
            "Accept-Encoding",
            "Authorization",
            *CLOUDFRONT,
            "Host",
            "User-Agent",
            "X-Amzn-Trace-Id",
            "X-Forwarded-For",
            "X-Forwarded-Port",
            "X-Forwarded-Proto",
            "tEsT-HEADeR",
        ]
    )
    assert event["multiValueHeaders"]["tEsT-HEADeR"] == ["aValUE"]
    host = f"{api.id}.execute-api.us-east-1.amazonaws.com"
    context = event["requestContext"]
    assert sorted(context) == sorted(
        [
            "accountId",
            "apiId",
            "deploymentId",
            "domainName",
            "domainPrefix",
            "extendedRequestId",
            "httpMethod",
            "identity",
            "path",
            "protocol",
            "requestId",
            "requestTime",
            "requestTimeEpoch",
            "resourceId",
            "resourcePath",
            "stage",
        ]
    )
    assert (context["domainName"], context["domainPrefix"]) == (host, api.id)
    assert context["identity"] == {
        **dict.fromkeys(
            (
                "accessKey",
                "accountId",
                "caller",
                "cognitoAuthenticationProvider",
                "cognitoAuthenticationType",
                "cognitoIdentityId",
                "cognitoIdentityPoolId",
                "principalOrgId",
                "user",
                "userArn",
            )
        ),
        "sourceIp": "203.0.113.25",
        "userAgent": "python-requests/testing",
    }


def test_a_query_is_decoded(told: Any) -> None:
    event = told(
        "/stage/proxy-value/api?whitespace=foo%20bar&zhash=abort/&plus=test+alias@gmail.com"
        "&url=https://www.google.com/&email=test%2Balias@gmail.com"
        "&dateTimeOffset=2023-06-12T18:05:10.123456+00:00"
    )

    assert event["queryStringParameters"] == {
        "dateTimeOffset": "2023-06-12T18:05:10.123456 00:00",
        "email": "test+alias@gmail.com",
        "plus": "test alias@gmail.com",
        "url": "https://www.google.com/",
        "whitespace": "foo bar",
        "zhash": "abort/",
    }


def test_a_parameter_with_many_values(told: Any) -> None:
    event = told(
        "/stage/proxy-value?category=electronics&category=books&price=10&price=20&price=30",
        "POST",
        headers={"Content-Type": "application/json;charset=utf-8"},
        data=json.dumps({"message": "hello world"}),
    )

    assert event["queryStringParameters"] == {"category": "books", "price": "30"}
    assert event["multiValueQueryStringParameters"] == {
        "category": ["electronics", "books"],
        "price": ["10", "20", "30"],
    }
    assert json.loads(event["body"]) == {"message": "hello world"}
    assert "Content-Length" not in event["headers"]
    assert event["headers"]["Content-Type"] == "application/json;charset=utf-8"


def test_mappings_of_the_request_do_not_reach_a_proxy(api: RestApi, functions: Functions) -> None:
    where = api.method(
        "/{pathVariable}",
        "POST",
        requestParameters={
            "method.request.header.foobar": False,
            "method.request.path.pathVariable": False,
            "method.request.querystring.testQueryString": False,
        },
    )
    api.client.put_integration(
        **where,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=uri(functions.make()),
        requestParameters={
            "integration.request.header.headerVar": "method.request.header.foobar",
            "integration.request.path.pathVar": "method.request.path.pathVariable",
            "integration.request.querystring.queryString": (
                "method.request.querystring.testQueryString"
            ),
        },
    )
    api.deploy("test")

    event = api.ask(
        "POST",
        "/foobar?testQueryString=foo&testVar=bar",
        "test",
        headers={
            "content-type": "application/json",
            "user-agent": "test/integration",
            "headerVar": "request-value",
            "foobar": "mapped-value",
            "accept": "application/json",
        },
        data=json.dumps({"message": "hello world"}),
    ).json()

    headers = event["headers"]
    assert (headers["headerVar"], headers["foobar"]) == ("request-value", "mapped-value")
    assert headers["Content-Type"] == headers["Accept"] == "application/json"
    assert headers["User-Agent"] == "test/integration"
    assert event["pathParameters"] == {"pathVariable": "foobar"}
    assert event["queryStringParameters"] == {"testQueryString": "foo", "testVar": "bar"}
    assert event["path"] == "/foobar"
    assert event["requestContext"]["path"] == "/test/foobar"
