"""How long a function of Lambda takes to start, and to answer when it is warm."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from tests.bench.process import run
from tests.bench.row import Row

PROGRAM = """
import json, statistics
from time import perf_counter
from labkit import runtime
from tests.runtime.conftest import TRUST, package

sandbox = runtime.open_sandbox("bench")
sandbox.endpoint_url  # the server that handlers call is there
role = sandbox.client("iam").create_role(
    RoleName="worker", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
client = sandbox.client("lambda")
CODE = {
    "bare": "def handler(event, context):\\n    return event\\n",
    "with boto3": "import boto3\\ns3 = boto3.client('s3')\\ndef handler(e, c):\\n    return e\\n",
}
for name, code in CODE.items():
    client.create_function(
        FunctionName=name.replace(" ", "-"), Runtime="python3.13", Handler="app.handler",
        Role=role, Code={"ZipFile": package(code)})

def invoke(name):
    began = perf_counter()
    client.invoke(FunctionName=name)["Payload"].read()
    return (perf_counter() - began) * 1000

def cold(name):
    sandbox.clock.advance(minutes=11)
    return invoke(name)

took = {}
for name in ("bare", "with-boto3"):
    cold(name)
    took[name] = statistics.median(cold(name) for _ in range(9))
took["warm"] = statistics.median(invoke("bare") for _ in range(200))
print(json.dumps(took))
"""


def rows() -> Iterator[Row]:
    """Cold and warm, through boto3."""
    took = json.loads(run([sys.executable, "-c", PROGRAM]))
    yield Row("Lambda, cold start without boto3", took["bare"], "ms", 120)
    yield Row("Lambda, cold start with boto3", took["with-boto3"], "ms", 500)
    yield Row("Lambda, warm invocation", took["warm"], "ms", 5)
