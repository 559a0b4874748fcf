"""Two runs give the same ids, and nobody else's draws shift them."""

from __future__ import annotations

import json
import os
import random
import uuid
from collections.abc import Callable

import boto3
import pytest

from labkit.sandbox import Sandbox, determinism

# One call of each kind of id, run as a notebook runs it: in __main__.
SCRIPT = """
    import boto3, json, os, random, uuid
    from labkit import fidelity
    sandbox = fidelity.open_sandbox("sqs")

    def run():
        sqs, s3 = boto3.client("sqs"), boto3.client("s3")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        yield sqs.send_message(QueueUrl=url, MessageBody="2 seats")
        yield sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"])
        yield s3.create_bucket(Bucket="posters")
        yield s3.put_object(Bucket="posters", Key="front.png", Body=b"x")
        yield s3.create_multipart_upload(Bucket="posters", Key="back.png")
        yield boto3.client("iam").create_user(UserName="ada")
        yield boto3.client("iam").create_access_key(UserName="ada")
        trust = {"Effect": "Allow", "Principal": {"AWS": "123456789012"},
                 "Action": "sts:AssumeRole"}
        yield boto3.client("iam").create_role(RoleName="clerk",
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
        yield boto3.client("sts").assume_role(
            RoleArn="arn:aws:iam::123456789012:role/clerk", RoleSessionName="desk")
        yield boto3.client("dynamodb").create_table(
            TableName="seats", BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "seat", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "seat", "AttributeType": "S"}])
        yield boto3.client("kms").create_key()
        yield boto3.client("secretsmanager").create_secret(Name="till", SecretString="x")
        yield uuid.uuid4(), uuid.uuid1(), os.urandom(4), random.random()
        yield sandbox.clock.now

    first = [repr(result) for result in run()]
    sandbox = fidelity.open_sandbox("sqs")
    second = [repr(result) for result in run()]
    print(json.dumps([first, second]))
"""


@pytest.fixture(scope="module")
def runs(child: Callable[..., str]) -> list[list[list[str]]]:
    """Two processes, in each of which the script runs in two sandboxes, one after the other."""
    return [json.loads(child(SCRIPT, PYTHONHASHSEED=seed)) for seed in ("1", "2")]


def test_two_processes_give_the_same_bytes(runs: list[list[list[str]]]) -> None:
    assert runs[0][0] == runs[1][0]


def test_a_second_sandbox_of_the_process_gives_the_same_bytes(runs: list[list[list[str]]]) -> None:
    assert runs[0][0] == runs[0][1]


def test_another_seed_gives_other_ids() -> None:
    ids = set()
    for seed in ("sqs", "s3"):
        Sandbox.open(seed)
        client = boto3.client("sqs")
        url = client.create_queue(QueueName="orders")["QueueUrl"]
        ids.add(client.send_message(QueueUrl=url, MessageBody="x")["MessageId"])
    Sandbox.current().close()

    assert len(ids) == 2


def test_what_others_draw_does_not_shift_the_learners_ids() -> None:
    def message_id(before: Callable[[], object]) -> str:
        sandbox = Sandbox.open("sqs")
        client = boto3.client("sqs")
        url = client.create_queue(QueueName="orders")["QueueUrl"]
        before()
        sent = client.send_message(QueueUrl=url, MessageBody="x")["MessageId"]
        sandbox.close()
        return str(sent)

    undisturbed = message_id(lambda: None)

    assert message_id(uuid.uuid4) == undisturbed
    assert message_id(lambda: os.urandom(16)) == undisturbed
    assert message_id(lambda: random.choice("abc")) == undisturbed


def test_a_widgets_comm_id_is_real_in_every_run() -> None:
    # This module is neither __main__ nor labkit: it stands for ipykernel and ipywidgets.
    ids = []
    for _ in range(2):
        Sandbox.open("sqs")
        ids += [uuid.uuid4(), uuid.uuid1(), os.urandom(16)]
    Sandbox.current().close()

    assert len(set(ids)) == len(ids)


def test_a_notebook_draws_from_the_seed() -> None:
    def draw() -> tuple[object, ...]:
        notebook = {"__name__": "__main__", "uuid": uuid, "os": os, "random": random}
        exec("drawn = uuid.uuid4(), uuid.uuid1(), os.urandom(8), random.random()", notebook)
        return notebook["drawn"]  # type: ignore[return-value]

    Sandbox.open("sqs")
    first = draw()
    second = draw()
    Sandbox.open("sqs")
    again = draw()
    Sandbox.current().close()

    assert first == again
    assert first != second
    assert first[0].version == 4  # type: ignore[attr-defined]
    assert draw() != first  # no sandbox: real chance again


def test_work_of_moto_outside_a_request_draws_from_the_seed(sandbox: Sandbox) -> None:
    def draw() -> tuple[object, ...]:
        work = {"__name__": "moto.batch.models", "uuid": uuid, "os": os}
        exec("drawn = uuid.uuid4(), os.urandom(8)", work)
        return work["drawn"]  # type: ignore[return-value]

    first = draw()
    Sandbox.open("tests")

    assert draw() == first
    Sandbox.current().close()


def test_chance_is_left_alone_after_a_sandbox() -> None:
    draws = set()
    for _ in range(2):
        Sandbox.open("tests").close()
        draws.add(random.choices(range(1000), k=8).__repr__())

    assert len(draws) == 2


def test_what_is_drawn_aside_leaves_the_stream_as_it_was(sandbox: Sandbox) -> None:
    from moto.moto_api._internal import mock_random

    before = mock_random.getstate()
    with determinism.aside():
        mock_random.uuid4()

    assert mock_random.getstate() == before


@pytest.mark.parametrize("over_http", [False, True], ids=["in-process", "over HTTP"])
def test_the_server_makes_no_difference_to_ids(over_http: bool) -> None:
    ids = []
    for _ in range(2):
        sandbox = Sandbox.open("sqs")
        endpoint = sandbox.endpoint_url if over_http else None
        client = boto3.client("sqs", endpoint_url=endpoint)
        url = client.create_queue(QueueName="orders")["QueueUrl"]
        ids.append(client.send_message(QueueUrl=url, MessageBody="x")["MessageId"])
        sandbox.close()

    assert ids[0] == ids[1]
