"""What it costs that every request is identified, and what it costs to let the policies decide.

One process makes rounds of the same call in three ways, in turn, so that a busy machine slows
down all alike: with the authoriser taken out, with it identifying callers only, and with
enforcement on for a user with five policies of four statements.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from tests.bench.process import run
from tests.bench.row import Row

MEASURE = """
import json, statistics
from time import perf_counter
from labkit import fidelity
from labkit.fidelity.authorisation import authoriser, people
from labkit.policy import compile_policy

sandbox = fidelity.open_sandbox("bench")
iam, sqs = sandbox.client("iam"), sandbox.client("sqs")
iam.create_user(UserName="ana")
for number in range(5):
    statements = [
        {"Effect": "Allow", "Action": f"s3:Get{number}{n}*", "Resource": f"arn:aws:s3:::p{n}/*"}
        for n in range(3)
    ]
    statements.append({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"})
    iam.put_user_policy(UserName="ana", PolicyName=f"p{number}", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": statements}))
url = sqs.create_queue(QueueName="orders")["QueueUrl"]
client = people.as_user("ana").client("sqs")
hook = authoriser.current()

def round_of(calls=20):
    began = perf_counter()
    for _ in range(calls):
        client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return (perf_counter() - began) / calls * 1e6

def without():
    sandbox.choke.hooks.remove(hook)
    try:
        return round_of()
    finally:
        sandbox.choke.hooks.insert(1, hook)

def identified():
    return round_of()

def enforced():
    hook.enforced = True
    try:
        return round_of()
    finally:
        hook.enforced = False
        hook.judgements.clear()

ways = {"without": without, "identified": identified, "enforced": enforced}
took = {name: [] for name in ways}
for _ in range(25):
    for name, way in ways.items():
        took[name].append(way())
print(json.dumps({name: statistics.median(all) for name, all in took.items()}))
"""

IDENTIFIED_MOST = 1.03  # near nothing
ENFORCED_MOST = 1.35


def rows() -> Iterator[Row]:
    """The time of a call, and the two ratios to it."""
    took = json.loads(run([sys.executable, "-c", MEASURE]))
    yield Row("a call of SQS, nobody identified", took["without"], "µs")
    ratio = took["identified"] / took["without"]
    yield Row("callers identified : nobody identified", ratio, "×", IDENTIFIED_MOST)
    ratio = took["enforced"] / took["without"]
    yield Row("policies enforced : nobody identified", ratio, "×", ENFORCED_MOST)
    cost = took["enforced"] - took["identified"]
    yield Row("what one decision adds to a call", cost, "µs")
