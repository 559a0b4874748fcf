"""How long a command of the real `aws` takes, as the lab runs it and started by itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from tests.bench.process import run
from tests.bench.row import Row

PROGRAM = """
import json, os, statistics, subprocess, sys
from time import perf_counter
from labkit import runtime
from labkit.runtime import aws_cli

sandbox = runtime.open_sandbox("bench")
aws = aws_cli.of(sandbox)
COMMAND = ["sts", "get-caller-identity"]

def timed(call):
    began = perf_counter()
    call()
    return (perf_counter() - began) * 1000

def alone():
    subprocess.run([sys.executable, "-m", "awscli", *COMMAND], check=True, capture_output=True,
                   cwd=aws.home, env=aws._variables() | {"PYTHONPATH": os.environ["PYTHONPATH"]})

took = {"first": timed(lambda: aws(COMMAND))}
took["next"] = statistics.median(timed(lambda: aws(COMMAND)) for _ in range(15))
took["alone"] = statistics.median(timed(alone) for _ in range(7))
print(json.dumps(took))
"""


def rows() -> Iterator[Row]:
    """The first command of a lab, the next ones, and one that loads awscli for itself."""
    took = json.loads(run([sys.executable, "-c", PROGRAM]))
    yield Row("lab.aws, first command of a lab", took["first"], "ms", 1500)
    yield Row("lab.aws, each command after it", took["next"], "ms", 200)
    yield Row("the same command as a process of its own", took["alone"], "ms")
