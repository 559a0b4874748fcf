"""What a call costs in the sandbox, beside the same call on bare moto.

Two processes, one of labkit and one of bare moto, are asked in turn for a round of the same
calls, so that a busy machine slows down both alike; the median of the ratios is what counts.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator

from tests.bench.process import run
from tests.bench.row import Row

ROUNDS = 25
MOST = 1.15  # the ratio that the book promises

LABKIT = "from labkit import fidelity; import boto3; sandbox = fidelity.open_sandbox('bench')"
BARE = """
import os
os.environ.update(AWS_DEFAULT_REGION="us-east-1", AWS_EC2_METADATA_DISABLED="true",
                  AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled")
import boto3, moto
moto.mock_aws().start()
"""
WORK = """
import sys
from time import perf_counter
sqs, s3, dynamodb = (boto3.client(name) for name in ("sqs", "s3", "dynamodb"))
url = sqs.create_queue(QueueName="orders")["QueueUrl"]
s3.create_bucket(Bucket="posters")
dynamodb.create_table(
    TableName="seats", BillingMode="PAY_PER_REQUEST",
    KeySchema=[{"AttributeName": "seat", "KeyType": "HASH"}],
    AttributeDefinitions=[{"AttributeName": "seat", "AttributeType": "S"}])
dynamodb.get_waiter("table_exists").wait(TableName="seats")

def sends():  # to a queue that is purged every 50
    for _ in range(50):
        sqs.send_message(QueueUrl=url, MessageBody="2 seats")

def puts():
    for number in range(30):
        s3.put_object(Bucket="posters", Key=f"{number}.png", Body=b"x" * 1000)

def items():
    for number in range(30):
        dynamodb.put_item(TableName="seats", Item={"seat": {"S": f"A{number}"}})

def empty():
    from moto.sqs.models import sqs_backends
    queue = sqs_backends["123456789012"]["us-east-1"].queues["orders"]
    queue.last_purged_at = None
    sqs.purge_queue(QueueUrl=url)

for line in sys.stdin:
    calls = {"sends": sends, "puts": puts, "items": items}[line.strip()]
    began = perf_counter()
    calls()
    took = perf_counter() - began
    empty()
    print(took, flush=True)
"""

THOUSAND = (
    LABKIT
    + """
from time import perf_counter
sqs = boto3.client("sqs")
url = sqs.create_queue(QueueName="orders")["QueueUrl"]
began = perf_counter()
for number in range(1000):
    sqs.send_message(QueueUrl=url, MessageBody=str(number))
print(perf_counter() - began)
"""
)

LONG_POLL = (
    LABKIT
    + """
from time import perf_counter
sqs = boto3.client("sqs")
url = sqs.create_queue(QueueName="orders")["QueueUrl"]
sqs.receive_message(QueueUrl=url)
began = perf_counter()
sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)
print((perf_counter() - began) * 1000)
"""
)


MEMORY = """
import boto3, labkit

def used_mb():
    with open("/proc/self/statm") as sizes:
        return int(sizes.read().split()[1]) * 4096 / 1e6

def a_lab():
    labkit.start("sqs")
    boto3.client("s3").create_bucket(Bucket="posters")
    boto3.client("s3").put_object(Bucket="posters", Key="gala.png", Body=b"x" * 10_000)
    queue = boto3.client("sqs").create_queue(QueueName="orders")["QueueUrl"]
    boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="seat 12")
    dynamodb = boto3.client("dynamodb")
    dynamodb.create_table(
        TableName="seats", BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "seat", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "seat", "AttributeType": "S"}])
    dynamodb.get_waiter("table_exists").wait(TableName="seats")
    dynamodb.put_item(TableName="seats", Item={"seat": {"S": "A1"}})

a_lab()
first = used_mb()
for number in range(1100):
    a_lab()
    if number == 100:
        before = used_mb()
print(first, used_mb() - before)
"""


class Worker:
    """A process that does rounds of calls when it is asked."""

    def __init__(self, setup: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", setup + WORK],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def round(self, calls: str) -> float:
        """How many seconds a round of `calls` took."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(calls + "\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def close(self) -> None:
        """Let the process end."""
        self._process.communicate()


def rows() -> Iterator[Row]:
    """The ratios to bare moto, then what only labkit does."""
    labkit, bare = Worker(LABKIT), Worker(BARE)
    for name, calls in (
        ("S3 put", "puts"),
        ("SQS send, purged every 50", "sends"),
        ("DynamoDB put", "items"),
    ):
        labkit.round(calls)
        bare.round(calls)
        ratios = []
        for number in range(ROUNDS):
            first, second = (labkit, bare) if number % 2 else (bare, labkit)
            took = {first: first.round(calls), second: second.round(calls)}
            ratios.append(took[labkit] / took[bare])
        yield Row(f"{name}, labkit : bare moto", statistics.median(ratios), "×", MOST)
    labkit.close()
    bare.close()
    yield Row("1,000 sends to one queue", float(run([sys.executable, "-c", THOUSAND])), "s", 5)
    yield Row(
        "20 s long poll on an empty queue", float(run([sys.executable, "-c", LONG_POLL])), "ms"
    )
    memory = run([sys.executable, "-c", MEMORY]).split()
    yield Row("memory of a lab with S3, SQS and DynamoDB", float(memory[0]), "MB", 160)
    yield Row("kept by 1,000 resets", float(memory[1]), "MB", 20)
