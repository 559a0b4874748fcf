"""The same state over HTTP, on this machine only."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import boto3
import pytest
import requests

from labkit.sandbox import Sandbox
from labkit.sandbox.turn import Turn


def test_both_roads_lead_to_the_same_queue(sandbox: Sandbox) -> None:
    here = boto3.client("sqs")
    over_http = boto3.client("sqs", endpoint_url=sandbox.endpoint_url)
    url = here.create_queue(QueueName="orders")["QueueUrl"]
    over_http.send_message(QueueUrl=url, MessageBody="2 seats")

    received = here.receive_message(QueueUrl=url)["Messages"]

    assert [message["Body"] for message in received] == ["2 seats"]


def test_it_starts_when_it_is_first_needed(sandbox: Sandbox) -> None:
    names = {thread.name for thread in threading.enumerate()}

    url = sandbox.endpoint_url

    assert "labkit-http" not in names
    assert "labkit-http" in {thread.name for thread in threading.enumerate()}
    assert sandbox.endpoint_url == url


def test_it_listens_on_this_machine_only(sandbox: Sandbox) -> None:
    assert sandbox.endpoint_url.startswith("http://127.0.0.1:")


def test_it_stops_when_the_sandbox_closes() -> None:
    sandbox = Sandbox.open("tests")
    port = int(sandbox.endpoint_url.rsplit(":", 1)[1])

    sandbox.close()

    assert "labkit-http" not in {thread.name for thread in threading.enumerate()}
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_it_tells_the_time_of_the_sandbox(sandbox: Sandbox) -> None:
    sandbox.clock.advance(minutes=1)

    assert requests.get(sandbox.endpoint_url, timeout=5).headers["Date"] == (
        "Mon, 05 Jan 2026 09:01:00 GMT"
    )


def test_a_python_child_reaches_it_by_the_endpoint_variable(
    sandbox: Sandbox, child: Callable[..., str]
) -> None:
    boto3.client("sqs").create_queue(QueueName="orders")

    seen = child(
        "import boto3; print(boto3.client('sqs').list_queues()['QueueUrls'])",
        AWS_ENDPOINT_URL=sandbox.endpoint_url,
        AWS_ENDPOINT_URL_SQS="",
        AWS_DEFAULT_REGION="us-east-1",
        LABKIT_GUARD="1",
    )

    assert seen == f"['{sandbox.endpoint_url}/123456789012/orders']"


def test_requests_wait_their_turn_and_one_that_waits_lends_it() -> None:
    turn = Turn()
    order: list[str] = []

    def other() -> None:
        with turn:
            order.append("other")

    with turn, turn:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(timeout=0.05)
        order.append("waits")
        with turn.lent():
            thread.join(timeout=5)
        order.append("goes on")

    assert order == ["waits", "other", "goes on"]


def test_a_turn_comes_back_at_the_depth_it_was_lent_at() -> None:
    turn = Turn()
    with turn:
        with turn, turn.lent():
            pass
        taken = threading.Thread(target=turn.__enter__, daemon=True)
        taken.start()
        taken.join(timeout=0.05)

        assert taken.is_alive()  # still ours
