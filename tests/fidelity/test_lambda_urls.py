"""A function's own address: who may ask it, and what comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from labkit.sandbox import Sandbox
from labkit.sandbox.guard import NetworkRefused
from tests.runtime.apis import ECHO, Functions, said


@pytest.fixture
def functions(sandbox: Sandbox) -> Functions:
    return Functions(sandbox)


def address(functions: Functions, code: str = ECHO, auth: str = "NONE", **more: Any) -> str:
    """Create a function with an address of its own."""
    functions.make(code, let_in=False)
    made = functions.client.create_function_url_config(FunctionName="worker", AuthType=auth, **more)
    return str(made["FunctionUrl"]).rstrip("/")


def let_in(functions: Functions, *actions: str, principal: str = "*") -> None:
    """Add statements to the function's policy."""
    for action in actions:
        functions.client.add_permission(
            FunctionName="worker",
            StatementId=action.split(":")[1],
            Action=action,
            Principal=principal,
        )


BOTH = ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction")


@pytest.mark.mends
def test_a_function_answers_at_its_own_address(functions: Functions) -> None:
    url = address(functions)

    def ask() -> requests.Response:
        try:
            return requests.post(f"{url}/orders/7?row=F", json={"seat": 12}, timeout=5)
        except NetworkRefused as refused:
            pytest.fail(str(refused))

    refused = ask()
    assert refused.status_code == 403
    assert refused.json()["Message"].startswith("Forbidden. For troubleshooting Function URL")
    let_in(functions, BOTH[0])
    assert ask().status_code == 403  # since October 2025 one alone does not do
    let_in(functions, BOTH[1])
    status, event = said(ask())
    assert status == 200
    assert (event["version"], event["routeKey"]) == ("2.0", "$default")
    assert event["rawPath"] == "/orders/7"
    assert event["queryStringParameters"] == {"row": "F"}
    assert json.loads(event["body"]) == {"seat": 12}
    assert event["requestContext"]["domainName"] == url.removeprefix("https://")


@pytest.mark.mends
def test_an_address_with_aws_iam_wants_a_signature(functions: Functions, sandbox: Sandbox) -> None:
    from labkit.fidelity.authorisation import authoriser, people

    url = address(functions, auth="AWS_IAM")
    iam = sandbox.client("iam")
    for name, actions in (("ana", list(BOTH)), ("ben", ["lambda:GetFunction"])):
        iam.create_user(UserName=name)
        allowed = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        iam.put_user_policy(
            UserName=name,
            PolicyName="p",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
        )
    authoriser.current().enforced = True

    def ask(name: str, service: str = "lambda") -> requests.Response:
        signed = AWSRequest("GET", url + "/")
        SigV4Auth(people.as_user(name).get_credentials(), service, "us-east-1").add_auth(signed)
        return requests.get(url + "/", headers=dict(signed.headers), timeout=5)

    good = ask("ana")
    assert good.status_code == 200
    signer = good.json()["requestContext"]["authorizer"]["iam"]
    assert signer["userArn"].endswith("user/ana")
    assert ask("ben").status_code == 403
    assert ask("ana", "execute-api").status_code == 403
    assert requests.get(url, timeout=5).status_code == 403


def test_what_goes_wrong_behind_an_address(functions: Functions) -> None:
    url = address(functions, "def handler(event, context): return 1 / 0")
    let_in(functions, *BOTH)

    failed = requests.get(url, timeout=5)
    assert (failed.status_code, failed.text) == (502, "Internal Server Error")
    functions.client.put_function_concurrency(FunctionName="worker", ReservedConcurrentExecutions=0)
    throttled = requests.get(url, timeout=5)
    assert throttled.status_code == 429
    assert throttled.json()["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"


def test_an_address_does_cors_by_itself(functions: Functions) -> None:
    url = address(functions, Cors={"AllowOrigins": ["*"], "AllowMethods": ["GET"]})
    let_in(functions, *BOTH)

    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "GET"}
    before = requests.options(url, headers=asked, timeout=5)
    assert before.headers["Access-Control-Allow-Methods"] == "GET"
    answer = requests.get(url, headers={"Origin": "https://shop.example"}, timeout=5)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in requests.get(url, timeout=5).headers
