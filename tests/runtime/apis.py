"""APIs for the tests of the front door: made with boto3, asked with requests."""

from __future__ import annotations

import json
from typing import Any

import requests

from labkit.sandbox import Sandbox
from tests.runtime.conftest import TRUST, package

ACCOUNT, REGION = "123456789012", "us-east-1"
ECHO = """
    import json

    def handler(event, context):
        return {"statusCode": 200, "body": json.dumps(event)}
"""


class Functions:
    """Functions that API Gateway may invoke."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.client = sandbox.client("lambda")
        made = sandbox.client("iam").create_role(
            RoleName="worker", AssumeRolePolicyDocument=json.dumps(TRUST)
        )
        self.role = str(made["Role"]["Arn"])

    def make(
        self, code: str = ECHO, name: str = "worker", *, let_in: bool = True, **more: Any
    ) -> str:
        """Create a function and return its ARN."""
        arn = self.client.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler="app.handler",
            Role=self.role,
            Code={"ZipFile": package(code)},
            **more,
        )["FunctionArn"]
        if let_in:
            self.client.add_permission(
                FunctionName=name,
                StatementId="api",
                Action="lambda:InvokeFunction",
                Principal="apigateway.amazonaws.com",
            )
        return str(arn)

    def returning(self, answer: Any, name: str = "worker", **more: Any) -> str:
        """Create a function that always returns the same."""
        return self.make(f"def handler(event, context):\n    return {answer!r}\n", name, **more)


def uri(arn: str) -> str:
    """The URI of a function as an integration names it."""
    return f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{arn}/invocations"


class RestApi:
    """A REST API with boto3's client at hand."""

    def __init__(self, sandbox: Sandbox, **settings: Any) -> None:
        self.client = sandbox.client("apigateway")
        self.id = str(self.client.create_rest_api(name="shop", **settings)["id"])
        self.resources = {"/": self._root()}

    def _root(self) -> str:
        return str(self.client.get_resources(restApiId=self.id)["items"][0]["id"])

    def resource(self, path: str) -> str:
        """The id of a resource, which is made with its parents if it is not there."""
        path = "/" + path.strip("/")
        if path not in self.resources:
            parent, _, part = path.rpartition("/")
            self.resources[path] = self.client.create_resource(
                restApiId=self.id, parentId=self.resource(parent), pathPart=part
            )["id"]
        return self.resources[path]

    def where(self, path: str, verb: str) -> dict[str, str]:
        """The parameters that name a method."""
        return {"restApiId": self.id, "resourceId": self.resource(path), "httpMethod": verb}

    def method(self, path: str, verb: str = "GET", **settings: Any) -> dict[str, str]:
        """Put a method, open to all unless something else is said."""
        where = self.where(path, verb)
        self.client.put_method(**where, **{"authorizationType": "NONE", **settings})
        return where

    def proxy(self, path: str, arn: str, verb: str = "GET", **settings: Any) -> dict[str, str]:
        """Put a method with a function behind it."""
        where = self.method(path, verb, **settings)
        self.client.put_integration(
            **where, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri(arn)
        )
        return where

    def mock(
        self,
        path: str,
        body: str = "ok",
        verb: str = "GET",
        integration: dict[str, Any] | None = None,
        **settings: Any,
    ) -> dict[str, str]:
        """Put a method that answers by a template."""
        where = self.method(path, verb, **settings)
        self.client.put_integration(
            **where,
            **{
                "type": "MOCK",
                "requestTemplates": {"application/json": '{"statusCode": 200}'},
                **(integration or {}),
            },
        )
        self.client.put_method_response(**where, statusCode="200")
        self.client.put_integration_response(
            **where, statusCode="200", responseTemplates={"application/json": body}
        )
        return where

    def deploy(self, stage: str = "prod", **settings: Any) -> str:
        """Deploy to a stage and return the deployment's id."""
        made = self.client.create_deployment(restApiId=self.id, stageName=stage, **settings)
        return str(made["id"])

    def set(self, stage: str = "prod", **values: Any) -> None:
        """Change a stage: names are paths with _ for /, as `deploymentId`."""
        self.patch(stage, {f"/{name}": value for name, value in values.items()})

    def patch(self, stage: str, changes: dict[str, Any]) -> None:
        """Change a stage by paths."""
        self.client.update_stage(
            restApiId=self.id,
            stageName=stage,
            patchOperations=[
                {"op": "replace", "path": path, "value": str(value)}
                for path, value in changes.items()
            ],
        )

    def url(self, path: str = "", stage: str = "prod") -> str:
        """The address of a stage on AWS."""
        return f"https://{self.id}.execute-api.{REGION}.amazonaws.com/{stage}{path}"

    def get(self, path: str = "", stage: str = "prod", **more: Any) -> requests.Response:
        """Ask a stage."""
        return self.ask("GET", path, stage, **more)

    def ask(self, verb: str, path: str = "", stage: str = "prod", **more: Any) -> requests.Response:
        """Ask a stage with any method."""
        return requests.request(verb, self.url(path, stage), timeout=5, **more)


def said(response: requests.Response) -> tuple[int, Any]:
    """The status of an answer and its body, parsed."""
    return response.status_code, response.json()
