"""A sandbox, and one small exercise of which every step is under the test's control."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from labkit import runtime
from labkit.exercises.frame import Evidence, Exercise, Incorrect, NotYet, Outcome, Passed
from labkit.sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    opened = runtime.open_sandbox("tests of exercises")
    yield opened
    opened.close()


def lay_seats(client: Any) -> None:
    sqs = client("sqs")
    sqs.send_message(QueueUrl=sqs.create_queue(QueueName="seats")["QueueUrl"], MessageBody="row F")


def seats_are_purged(evidence: Evidence) -> Outcome:
    sqs = evidence.client("sqs")
    url = sqs.get_queue_url(QueueName="seats")["QueueUrl"]
    left = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    if evidence.of("sqs", "DeleteMessage"):
        return Incorrect("One was deleted.", "all of them at once.", "There is a call for it.")
    if left["Attributes"]["ApproximateNumberOfMessages"] != "0":
        return NotYet("There is still a seat.", "Purge the queue.")
    return Passed("The queue is empty.")


@pytest.fixture
def exercise() -> Exercise:
    return Exercise(
        id="purge",
        title="Empty the hall",
        task="The queue `seats` is empty.",
        given="the queue `seats` with one seat",
        lay=lay_seats,
        check=seats_are_purged,
        hints=("What is left?", "A call empties a queue.", "`sqs.purge_queue(QueueUrl=seats)`"),
        solution="sqs.purge_queue(QueueUrl=seats)\n",
        claims=("sqs-retention",),
    )
