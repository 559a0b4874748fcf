"""Whose queue a request means: its URL says so."""

from __future__ import annotations

from labkit.fidelity.authorisation.resources import queue_owner
from labkit.fidelity.registry import rule
from labkit.fidelity.sqs.common import API, GUIDE
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

# Documented as closed to other accounts, whatever the queue's policy says.
_OWNER_ONLY = (
    "AddPermission",
    "DeleteQueue",
    "ListQueueTags",
    "RemovePermission",
    "SetQueueAttributes",
    "TagQueue",
    "UntagQueue",
)
_SHARED = (
    "ChangeMessageVisibility",
    "ChangeMessageVisibilityBatch",
    "DeleteMessage",
    "DeleteMessageBatch",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "PurgeQueue",
    "ReceiveMessage",
    "SendMessage",
    "SendMessageBatch",
)


@rule(
    "sqs",
    *_OWNER_ONLY,
    when="before",
    follows=API + "DeleteQueue.html",
    corrects="moto takes the caller's own queue of that name",
)
def a_queue_is_managed_by_its_own_account(exchange: Exchange) -> None:
    """Only its own account may delete a queue, set it up, tag it or change who may use it.

    AccessDenied for every other, even where the queue's policy allows the action.
    """
    owner = queue_owner(exchange.params)
    if owner and owner != exchange.account:
        raise AwsError(
            "AccessDenied",
            f"Access to the resource {exchange.params['QueueUrl']} is denied.",
            403,
        )


@rule(
    "sqs",
    *_SHARED,
    when="before",
    follows=GUIDE + "sqs-writing-an-sqs-policy.html",
    corrects="moto takes the caller's own queue of that name",
)
def a_queue_of_another_account_is_found_by_its_url(exchange: Exchange) -> None:
    """A request goes to the queue of the account that its URL names.

    So does one that names the owner by QueueOwnerAWSAccountId.
    """
    owner = queue_owner(exchange.params)
    if owner and owner != exchange.account:
        exchange.serve_in(owner)
