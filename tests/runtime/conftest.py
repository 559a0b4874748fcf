"""A sandbox with a Lambda that runs, under AWS's own runtime client and under labkit's."""

from __future__ import annotations

import importlib.util
import io
import json
import textwrap
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from labkit import runtime
from labkit.runtime.environments.inside import DRIVER
from labkit.runtime.functions import Functions
from labkit.runtime.outcome import Outcome
from labkit.sandbox import Sandbox

DRIVERS = [
    pytest.param(
        "awslambdaric",
        marks=pytest.mark.skipif(
            importlib.util.find_spec("awslambdaric") is None,
            reason="AWS's runtime client has no wheel for this system",
        ),
    ),
    "labkit",
    DRIVER,
]
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
READS = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["sqs:*", "dynamodb:*", "kinesis:*"], "Resource": "*"}
    ],
}


def role_of_a_worker(iam: Any) -> str:
    """The ARN of a new role that Lambda may take on, and that may read queues and streams."""
    made = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.put_role_policy(RoleName="worker", PolicyName="reads", PolicyDocument=json.dumps(READS))
    return str(made["Role"]["Arn"])


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs_a_process: not where a handler runs in this process")


def package(code: str, name: str = "app.py") -> bytes:
    """A deployment package of one module."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as zipped:
        # A fixed date, so that the same code is the same package.
        zipped.writestr(zipfile.ZipInfo(name), textwrap.dedent(code))
    return written.getvalue()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    opened = runtime.open_sandbox("tests")
    yield opened
    opened.close()


@pytest.fixture
def role(sandbox: Sandbox) -> str:
    """A role that Lambda may take on."""
    return role_of_a_worker(sandbox.client("iam"))


@pytest.fixture
def create(sandbox: Sandbox, role: str) -> Callable[..., str]:
    """Creates a function from its code and returns its name."""
    client = sandbox.client("lambda")

    def create(code: str, name: str = "worker", **settings: Any) -> str:
        given = {
            "Runtime": "python3.13",
            "Handler": "app.handler",
            "Role": role,
            "Code": {"ZipFile": package(code)},
            **settings,
        }
        client.create_function(FunctionName=name, **given)
        return name

    return create


@pytest.fixture(params=DRIVERS)
def functions(request: pytest.FixtureRequest, sandbox: Sandbox) -> Functions:
    if request.param == DRIVER and request.node.get_closest_marker("needs_a_process"):
        pytest.skip("there is no process of its own to stop, watch or look at")
    return Functions(sandbox, request.param)


@pytest.fixture
def run(functions: Functions, create: Callable[..., str]) -> Callable[..., Outcome]:
    """Creates a function and lets it handle an event."""
    from moto.awslambda.models import lambda_backends

    backend = lambda_backends["123456789012"]["us-east-1"]
    made: dict[tuple[str, str], str] = {}

    def run(code: str, event: object = None, **settings: Any) -> Outcome:
        key = (code, json.dumps(settings, default=str))
        if key not in made:
            made[key] = create(code, f"worker-{len(made)}", **settings)
        function = backend.get_function(made[key])
        return functions.run(function, json.dumps(event).encode())

    return run
