"""The model's queue and the sandbox's give the same answers to the same script.

The script is a list of steps. Each is played on `labkit.models.sqs.queue` and, through boto3, on
the sandbox with its rules; what a client can see is written down after each step, and the two
records must be equal: which orders an answer brings, how often each was received, when the answer
came, and how many orders are visible, in flight, delayed and in the dead-letter queue.

FIFO queues, purging and moving back from the dead-letter queue have no part in the model.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.fidelity import open_sandbox
from labkit.models.sqs.queue import DEAD, DELAYED, FLIGHT, READY, Queue, Settings
from labkit.sandbox import Sandbox


@dataclass(frozen=True)
class Send:
    """Send the next order; `delay_s` is a message timer."""

    delay_s: int | None = None


@dataclass(frozen=True)
class Receive:
    """Receive up to `at_most` orders, waiting up to `wait_s`."""

    at_most: int = 1
    wait_s: int = 0
    visibility_timeout_s: int | None = None


@dataclass(frozen=True)
class Delete:
    """Delete with the receipt of the `back`-th last delivery, 0 being the last one."""

    back: int = 0


@dataclass(frozen=True)
class Extend:
    """ChangeMessageVisibility with the receipt of the `back`-th last delivery."""

    timeout_s: int
    back: int = 0


@dataclass(frozen=True)
class Wait:
    """Let time pass."""

    seconds: float


# What AWS says to a change of the visibility of what is not in flight: lapsed, or deleted.
NOT_IN_FLIGHT = ("AWS.SimpleQueueService.MessageNotInflight", "InvalidParameterValue")

Step = Send | Receive | Delete | Extend | Wait


@dataclass(frozen=True)
class Seen:
    """What a client can see after a step."""

    at_s: float
    answer: tuple[tuple[int, int], ...]  # (order, times received)
    visible: int
    in_flight: int
    delayed: int
    dead: int


@dataclass
class OnModel:
    """The script on the model."""

    settings: Settings
    now_s: float = 0
    receipts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.queue = Queue(self.settings)

    def play(self, step: Step) -> Seen:
        answer: list[tuple[int, int]] = []
        match step:
            case Send(delay_s):
                self.queue.send(self.now_s, delay_s)
            case Wait(seconds):
                self.now_s += seconds
            case Receive():
                answer = self.receive(step)
            case Delete(back) if self.receipts:
                self.queue.delete(self.now_s, self.receipt(back))
            case Extend(timeout_s, back) if self.receipts:
                self.queue.change_visibility(self.now_s, self.receipt(back), timeout_s)
        self.queue.advance(self.now_s)
        count = self.queue.count
        return Seen(
            self.now_s, tuple(answer), count(READY), count(FLIGHT), count(DELAYED), count(DEAD)
        )

    def receive(self, step: Receive) -> list[tuple[int, int]]:
        """A long poll is asked again whenever an order turns ready, until its wait is over."""
        over_s = self.now_s + step.wait_s
        while True:
            found = self.queue.receive(self.now_s, step.at_most, step.visibility_timeout_s)
            due_s = self.queue.next_due_s()
            if found or self.now_s >= over_s:
                break
            self.now_s = over_s if due_s is None else min(due_s, over_s)
        self.receipts += [message.receipt for message in found]
        return [(message.index, message.receive_count) for message in found]

    def receipt(self, back: int) -> int:
        return self.receipts[-1 - back % len(self.receipts)]


@dataclass
class OnSandbox:
    """The script on the sandbox."""

    settings: Settings
    sandbox: Sandbox
    receipts: list[str] = field(default_factory=list)
    sent: int = 0

    def __post_init__(self) -> None:
        self.sqs = self.sandbox.client("sqs")
        self.dead = self.sqs.create_queue(QueueName="orders-dlq")["QueueUrl"]
        attributes = {
            "VisibilityTimeout": str(self.settings.visibility_timeout_s),
            "DelaySeconds": str(self.settings.delay_s),
            "MessageRetentionPeriod": str(self.settings.retention_s),
        }
        if self.settings.max_receive_count:
            arn = self.attributes(self.dead, "QueueArn")["QueueArn"]
            attributes["RedrivePolicy"] = json.dumps(
                {"deadLetterTargetArn": arn, "maxReceiveCount": self.settings.max_receive_count}
            )
        made = self.sqs.create_queue(QueueName="orders", Attributes=attributes)
        self.url = made["QueueUrl"]
        self.start = self.sandbox.clock.now

    def attributes(self, url: str, *names: str) -> dict[str, str]:
        answer = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))
        found: dict[str, str] = answer["Attributes"]
        return found

    def play(self, step: Step) -> Seen:
        answer: list[tuple[int, int]] = []
        match step:
            case Send(delay_s):
                timer = {} if delay_s is None else {"DelaySeconds": delay_s}
                self.sqs.send_message(QueueUrl=self.url, MessageBody=str(self.sent), **timer)
                self.sent += 1
            case Wait(seconds):
                self.sandbox.clock.advance(seconds=seconds)
            case Receive():
                answer = self.receive(step)
            case Delete(back) if self.receipts:
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=self.receipt(back))
            case Extend(timeout_s, back) if self.receipts:
                self.extend(timeout_s, self.receipt(back))
        visible, in_flight, delayed = self.counts(self.url)
        return Seen(
            (self.sandbox.clock.now - self.start).total_seconds(),
            tuple(answer),
            visible,
            in_flight,
            delayed,
            self.counts(self.dead)[0],
        )

    def receive(self, step: Receive) -> list[tuple[int, int]]:
        own = step.visibility_timeout_s
        answer = self.sqs.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=step.at_most,
            WaitTimeSeconds=step.wait_s,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
            **({} if own is None else {"VisibilityTimeout": own}),
        )
        messages = answer.get("Messages", [])
        self.receipts += [message["ReceiptHandle"] for message in messages]
        return [
            (int(message["Body"]), int(message["Attributes"]["ApproximateReceiveCount"]))
            for message in messages
        ]

    def extend(self, timeout_s: int, receipt: str) -> None:
        """An order that is not in flight any more cannot be extended, and stays as it is."""
        try:
            self.sqs.change_message_visibility(
                QueueUrl=self.url, ReceiptHandle=receipt, VisibilityTimeout=timeout_s
            )
        except ClientError as error:
            assert error.response["Error"]["Code"] in NOT_IN_FLIGHT  # noqa: PT017

    def receipt(self, back: int) -> str:
        return self.receipts[-1 - back % len(self.receipts)]

    def counts(self, url: str) -> tuple[int, int, int]:
        names = (
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        )
        found = self.attributes(url, *names)
        visible, in_flight, delayed = (int(found[name]) for name in names)
        return visible, in_flight, delayed


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    opened = open_sandbox("agreement")
    yield opened
    opened.close()


def agree(script: list[Step], queue: Settings, sandbox: Sandbox) -> list[Seen]:
    """What both saw, step by step; the first step at which they differ fails the test."""
    model, real = OnModel(queue), OnSandbox(queue, sandbox)
    seen = []
    for step in script:
        on_model, on_sandbox = model.play(step), real.play(step)
        assert on_sandbox == on_model, f"after {step} in {script}"
        seen.append(on_model)
    return seen


SCRIPTS: dict[str, tuple[dict[str, Any], list[Step]]] = {
    "an order comes back when its visibility timeout is over": (
        {},
        [Send(), Receive(), Wait(29.5), Receive(), Wait(0.5), Receive(), Delete(), Wait(60)],
    ),
    "a late delete still works": (
        {"visibility_timeout_s": 10},
        [Send(), Receive(), Wait(25), Delete(), Receive()],
    ),
    "a delete with an old receipt has no effect": (
        {"visibility_timeout_s": 10},
        [Send(), Receive(), Wait(10), Receive(), Delete(1), Wait(10), Receive(), Delete()],
    ),
    "a long poll is answered at the moment an order turns ready": (
        {"visibility_timeout_s": 7},
        [Send(), Receive(), Wait(2), Receive(wait_s=20), Receive(wait_s=20), Receive(wait_s=3)],
    ),
    "a long poll waits out its time on an empty queue": (
        {},
        [Receive(wait_s=20), Receive(wait_s=1), Receive()],
    ),
    "a delayed order interrupts a long poll": (
        {"delay_s": 15},
        [Send(), Receive(), Receive(wait_s=20), Send(0), Receive(), Send(3), Receive(wait_s=20)],
    ),
    "an extension counts from the call": (
        {"visibility_timeout_s": 10},
        [Send(), Receive(), Wait(8), Extend(10), Wait(9.5), Receive(), Wait(0.5), Receive()],
    ),
    "an order is given back with a timeout of 0": (
        {"visibility_timeout_s": 600},
        [Send(), Receive(), Wait(5), Extend(0), Receive()],
    ),
    "what has lapsed cannot be extended": (
        {"visibility_timeout_s": 10},
        [Send(), Receive(), Wait(10), Extend(30), Receive(), Extend(60, 1), Wait(10), Receive()],
    ),
    "poison goes to the dead-letter queue at the receive after the last": (
        {"visibility_timeout_s": 5, "max_receive_count": 2},
        [Send(), Send(), *[Receive(), Wait(5)] * 3, Receive(10), Wait(30), *[Receive(10)] * 2],
    ),
    "a long poll that finds poison only goes on waiting": (
        {"visibility_timeout_s": 5, "max_receive_count": 1},
        [Send(), Receive(), Receive(wait_s=20), Send(), Receive(wait_s=20)],
    ),
    "a receive brings at most as many as asked": (
        {},
        [*[Send()] * 3, Receive(2), Receive(10), Delete(0), Delete(2), Wait(30), Receive(10)],
    ),
    "the dead-letter queue has a retention of its own": (
        {"retention_s": 60, "max_receive_count": 1, "visibility_timeout_s": 5},
        [Send(), Receive(), Wait(30), Receive(), Wait(29.5), Wait(0.5), Wait(30), Receive()],
    ),
    "an order expires wherever it is": (
        {"retention_s": 60, "visibility_timeout_s": 40},
        [Send(), Wait(30), Send(), Receive(), Wait(29.5), Wait(0.5), Receive(10), Wait(60)],
    ),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_they_agree_that(name: str, sandbox: Sandbox) -> None:
    attributes, script = SCRIPTS[name]

    seen = agree(script, Settings(**attributes), sandbox)

    assert any(moment.answer for moment in seen) or "empty" in name


steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(Send, st.sampled_from([None, None, None, 0, 4])),
    st.builds(
        Receive,
        st.sampled_from([1, 1, 3, 10]),
        st.sampled_from([0, 0, 2, 20]),
        st.sampled_from([None, None, 3]),
    ),
    st.builds(Delete, st.integers(0, 4)),
    st.builds(Extend, st.sampled_from([0, 2, 15]), st.integers(0, 4)),
    st.builds(Wait, st.sampled_from([0.5, 1, 4, 9, 30, 61])),
)
queues = st.builds(
    Settings,
    visibility_timeout_s=st.sampled_from([1, 5, 30]),
    delay_s=st.sampled_from([0, 0, 6]),
    retention_s=st.sampled_from([60, 345600]),
    max_receive_count=st.sampled_from([0, 1, 3]),
)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(steps, min_size=1, max_size=25), queues)
def test_they_agree_on_any_script(script: list[Step], queue: Settings) -> None:
    sandbox = open_sandbox("agreement")
    try:
        agree(script, queue, sandbox)
    finally:
        sandbox.close()
