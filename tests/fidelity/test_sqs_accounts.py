"""A queue belongs to an account, and its URL says to which."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.fidelity.authorisation import authoriser, people
from labkit.sandbox import Sandbox
from tests.fidelity.scene import ACCOUNT, PARTNER, allow, document

Refusal = Callable[..., str]


@pytest.fixture
def theirs(sandbox: Sandbox) -> Any:
    """SQS as another account sees it."""
    return people.as_account(PARTNER).client("sqs")


@pytest.fixture
def their_queue(theirs: Any) -> str:
    return str(theirs.create_queue(QueueName="orders")["QueueUrl"])


@pytest.mark.mends
def test_a_queue_of_another_account_is_found_by_its_url(
    sqs: Any, theirs: Any, their_queue: str, create: Callable[..., str]
) -> None:
    ours = create("orders")

    sqs.send_message(QueueUrl=their_queue, MessageBody="seat 12")

    assert their_queue != ours
    assert "Messages" not in sqs.receive_message(QueueUrl=ours)
    assert theirs.receive_message(QueueUrl=their_queue)["Messages"][0]["Body"] == "seat 12"


@pytest.mark.mends
def test_a_queue_is_managed_by_its_own_account(
    sqs: Any, theirs: Any, their_queue: str, create: Callable[..., str], refusal: Refusal
) -> None:
    create("orders")

    said = refusal(sqs.delete_queue, QueueUrl=their_queue)

    assert said == f"AccessDenied: Access to the resource {their_queue} is denied."
    assert theirs.list_queues()["QueueUrls"] == [their_queue]


def test_a_url_of_an_account_without_the_queue_leads_nowhere(
    sqs: Any, create: Callable[..., str], refusal: Refusal
) -> None:
    url = create("orders").replace(ACCOUNT, PARTNER)

    assert refusal(sqs.receive_message, QueueUrl=url).startswith(
        "AWS.SimpleQueueService.NonExistentQueue: "
    )


def test_across_accounts_the_queue_s_policy_lets_a_sender_in(
    sandbox: Sandbox, theirs: Any, their_queue: str, refusal: Refusal
) -> None:
    iam = sandbox.client("iam")
    iam.create_user(UserName="ana")
    ana = people.as_user("ana").client("sqs")
    arn = f"arn:aws:sqs:us-east-1:{PARTNER}:orders"
    send = allow("sqs:SendMessage", arn)
    iam.put_user_policy(UserName="ana", PolicyName="send", PolicyDocument=document(send))
    asked = {"QueueUrl": their_queue, "MessageBody": "seat 12"}
    authoriser.current().enforced = True
    assert refusal(ana.send_message, **asked).startswith("AccessDenied: ")

    policy = document(send | {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}})
    theirs.set_queue_attributes(QueueUrl=their_queue, Attributes={"Policy": policy})

    assert ana.send_message(**asked)["MessageId"]
    assert theirs.receive_message(QueueUrl=their_queue)["Messages"]
