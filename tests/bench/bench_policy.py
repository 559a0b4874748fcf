"""How many decisions a second the policy engine makes, beside moto's own on the same inputs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from labkit.policy import Request, evaluate
from tests.bench.row import Row

ROUNDS = 5
ACTIONS = ("s3:GetObject", "s3:PutObject", "sqs:SendMessage", "dynamodb:GetItem", "s3:ListBucket")


def policies() -> list[dict]:
    """Five policies of four statements, as a user with several managed policies has them."""
    return [
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": f"Statement{i}{j}",
                    "Effect": "Deny" if j == 3 else "Allow",
                    "Action": [f"s3:Get{j}*", "sqs:SendMessage", "dynamodb:*"][: 1 + (i + j) % 3],
                    "Resource": f"arn:aws:s3:::posters-{i}{j}/*" if j % 2 else "*",
                }
                for j in range(4)
            ],
        }
        for i in range(5)
    ]


def requests() -> list[Request]:
    """A thousand requests, no two of them alike."""
    return [
        Request(
            f"arn:aws:iam::123456789012:user/u{i % 40}",
            ACTIONS[i % 5],
            f"arn:aws:s3:::posters-{i % 5}{i % 4}/poster-{i}.png",
        )
        for i in range(1000)
    ]


def rows() -> Iterator[Row]:
    from moto.iam.access_control import IAMPolicy

    held, asked = policies(), requests()
    theirs = [IAMPolicy({"policy_document": json.dumps(policy)}) for policy in held]
    best_own = best_moto = 0.0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for request in asked:
            evaluate(request, identity=held)
        best_own = max(best_own, len(asked) / (time.perf_counter() - began))
        began = time.perf_counter()
        for request in asked:
            for policy in theirs:
                policy.is_action_permitted(request.action, request.resource)
        best_moto = max(best_moto, len(asked) / (time.perf_counter() - began))
    yield Row("policy: time of one decision", 1e6 / best_own, "µs", 1e6 / 30_000)
    yield Row("policy: decisions a second", best_own, "1/s")
    yield Row("policy: moto's IAMPolicy, same inputs", best_moto, "1/s")
