"""What a queue may be: its name, its attributes, its policies."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from moto.sqs.models import sqs_backends

from labkit.fidelity.registry import rule
from labkit.fidelity.sqs.common import API, GUIDE, invalid, limit, queue_by_arn, queue_of
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

_BOTH = ("CreateQueue", "SetQueueAttributes")
_FIFO_ONLY = ("ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit")
_KNOWN = {
    *("DelaySeconds", "MaximumMessageSize", "MessageRetentionPeriod", "Policy"),
    *("ReceiveMessageWaitTimeSeconds", "VisibilityTimeout", "RedrivePolicy"),
    *("RedriveAllowPolicy", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds"),
    *("SqsManagedSseEnabled", "FifoQueue", *_FIFO_ONLY),
}
_PERMISSIONS = ("allowAll", "denyAll", "byQueue")


def _ranges() -> dict[str, tuple[int, int]]:
    return {
        "DelaySeconds": (0, limit("delay_max_s")),
        "MaximumMessageSize": (limit("message_size_limit_min_bytes"), limit("message_max_bytes")),
        "MessageRetentionPeriod": (limit("retention_min_s"), limit("retention_max_s")),
        "ReceiveMessageWaitTimeSeconds": (0, limit("wait_time_max_s")),
        "VisibilityTimeout": (0, limit("visibility_timeout_max_s")),
        "KmsDataKeyReusePeriodSeconds": (limit("kms_reuse_min_s"), limit("kms_reuse_max_s")),
    }


def _asked(exchange: Exchange) -> dict[str, str]:
    attributes: dict[str, str] = exchange.params.get("Attributes") or {}
    return attributes


def _is_fifo(exchange: Exchange) -> bool:
    """Whether the queue that is meant is, or is to be, a FIFO queue."""
    if exchange.operation == "CreateQueue":
        return _asked(exchange).get("FifoQueue", "").lower() == "true"
    queue = queue_of(exchange)
    return queue is not None and bool(queue.fifo_queue)


# ---- names ----


@rule(
    "sqs",
    "CreateQueue",
    when="before",
    follows=API + "CreateQueue.html",
    corrects="moto gives a standard queue a name in .fifo, and words the refusal differently",
)
def only_fifo_queues_are_named_so(exchange: Exchange) -> None:
    """A FIFO queue's name ends in .fifo, and no other queue's does.

    InvalidParameterValue.
    """
    name, fifo = exchange.params.get("QueueName", ""), _is_fifo(exchange)
    most = limit("queue_name_max_chars")
    plain = name.removesuffix(".fifo") if fifo else name
    if fifo and not name.endswith(".fifo"):
        raise AwsError(
            "InvalidParameterValue",
            "The name of a FIFO queue can only include alphanumeric characters, hyphens, or "
            f"underscores, must end with .fifo suffix and be 1 to {most} in length.",
        )
    if len(name) > most or not re.fullmatch("[A-Za-z0-9_-]+", plain):
        raise AwsError(
            "InvalidParameterValue",
            "Can only include alphanumeric characters, hyphens, or underscores. "
            f"1 to {most} in length",
        )


@rule(
    "sqs",
    "CreateQueue",
    when="before",
    follows=API + "DeleteQueue.html",
    corrects="moto lets the name be used again at once",
)
def the_name_of_a_deleted_queue_rests(exchange: Exchange) -> None:
    """The name of a deleted queue rests for a while before it can be used again.

    QueueDeletedRecently: you must wait after deleting a queue.
    """
    backend: Any = sqs_backends[exchange.account][exchange.region]
    if backend.rests(exchange.params.get("QueueName", "")):
        raise AwsError(
            "AWS.SimpleQueueService.QueueDeletedRecently",
            f"You must wait {limit('name_rest_s')} seconds after deleting a queue before you can "
            "create another with the same name.",
        )


@rule(
    "sqs",
    "CreateQueue",
    when="before",
    follows=API + "CreateQueue.html",
    corrects="moto does not say which attribute differs",
)
def a_queue_is_created_twice_only_if_it_is_the_same(exchange: Exchange) -> None:
    """Creating a queue again succeeds if no attribute that is given has another value.

    QueueNameExists, naming the attribute.
    """
    backend = sqs_backends[exchange.account][exchange.region]
    queue = backend.queues.get(exchange.params.get("QueueName", ""))
    if queue is None:
        return
    for name, value in _asked(exchange).items():
        if _plain(queue.attributes.get(name)) != _plain(value):
            raise AwsError(
                "QueueAlreadyExists",
                "A queue already exists with the same name and a different value for "
                f"attribute {name}",
            )


def _plain(value: Any) -> Any:
    """A policy as an object, anything else as text: how two values are compared."""
    try:
        parsed = json.loads(value)
    except (TypeError, ValueError):
        return str(value)
    return parsed if isinstance(parsed, dict) else str(value)


# ---- attributes ----


@rule(
    "sqs",
    *_BOTH,
    when="before",
    follows=API + "SetQueueAttributes.html",
    corrects="moto sets any name",
)
def an_unknown_attribute_is_refused(exchange: Exchange) -> None:
    """A queue has only the attributes that SQS knows.

    InvalidAttributeName, naming the attribute.
    """
    for name in _asked(exchange):
        if name not in _KNOWN:
            raise AwsError("InvalidAttributeName", f"Unknown Attribute {name}.")


@rule(
    "sqs",
    *_BOTH,
    when="before",
    follows=API + "SetQueueAttributes.html",
    corrects="moto sets them on any queue",
)
def fifo_attributes_belong_to_fifo_queues(exchange: Exchange) -> None:
    """A standard queue has no attributes of FIFO queues, not even FifoQueue=false.

    InvalidAttributeName.
    """
    if _is_fifo(exchange):
        return
    for name in _asked(exchange):
        if name in ("DeduplicationScope", "FifoThroughputLimit"):
            raise AwsError(
                "InvalidAttributeName",
                f"You can specify the {name} only when FifoQueue is set to true.",
            )
        if name in ("FifoQueue", "ContentBasedDeduplication"):
            raise AwsError("InvalidAttributeName", f"Unknown Attribute {name}.")


@rule(
    "sqs",
    "SetQueueAttributes",
    when="before",
    follows=API + "SetQueueAttributes.html",
    corrects="moto turns a FIFO queue into a standard one",
)
def the_type_of_a_queue_is_fixed(exchange: Exchange) -> None:
    """A FIFO queue stays one.

    InvalidAttributeValue: modifying queue type is not supported.
    """
    if _asked(exchange).get("FifoQueue", "true").lower() != "true":
        raise AwsError(
            "InvalidAttributeValue",
            "Invalid value for the parameter FifoQueue. "
            "Reason: Modifying queue type is not supported.",
        )


@rule(
    "sqs",
    *_BOTH,
    when="before",
    follows=API + "SetQueueAttributes.html",
    corrects="moto sets any number, except for MaximumMessageSize",
)
def an_attribute_is_within_its_range(exchange: Exchange) -> None:
    """Retention, delay, wait, visibility, size and key reuse each have their range.

    InvalidAttributeValue, naming the attribute.
    """
    attributes = _asked(exchange)
    for name, (least, most) in _ranges().items():
        value = attributes.get(name)
        if value is not None and not (value.isdecimal() and least <= int(value) <= most):
            raise AwsError("InvalidAttributeValue", f"Invalid value for the parameter {name}.")


@rule(
    "sqs",
    *_BOTH,
    when="before",
    follows=API + "SetQueueAttributes.html",
    corrects="moto sets any text",
)
def high_throughput_needs_deduplication_by_group(exchange: Exchange) -> None:
    """A throughput limit per message group needs deduplication per message group.

    InvalidAttributeValue (message: unverified).
    """
    attributes = _asked(exchange)
    queue = queue_of(exchange)
    scope = attributes.get("DeduplicationScope", getattr(queue, "deduplication_scope", "queue"))
    throughput = attributes.get("FifoThroughputLimit", "perQueue")
    for name, value, allowed in (
        ("DeduplicationScope", scope, ("queue", "messageGroup")),
        ("FifoThroughputLimit", throughput, ("perQueue", "perMessageGroupId")),
    ):
        if value not in allowed:
            raise AwsError("InvalidAttributeValue", f"Invalid value for the parameter {name}.")
    if throughput == "perMessageGroupId" and scope != "messageGroup":
        raise AwsError(
            "InvalidAttributeValue",
            "Invalid value for the parameter FifoThroughputLimit. "
            "Reason: perMessageGroupId requires DeduplicationScope messageGroup.",
        )


@rule(
    "sqs",
    *_BOTH,
    when="before",
    follows=GUIDE + "sqs-configure-sse-existing-queue.html",
    corrects="moto turns both on",
)
def one_kind_of_encryption_at_a_time(exchange: Exchange) -> None:
    """A queue is encrypted with SQS's own key or with one of KMS, not with both.

    InvalidAttributeName: you can use one type of server-side encryption at one time.
    """
    attributes = _asked(exchange)
    if attributes.get("KmsMasterKeyId") and attributes.get("SqsManagedSseEnabled") == "true":
        raise AwsError(
            "InvalidAttributeName",
            "You can use one type of server-side encryption (SSE) at one time. "
            "You can either enable KMS SSE or SQS SSE.",
        )


# ---- dead-letter queues ----


def _refusal(exchange: Exchange, name: str) -> Callable[[str], AwsError]:
    return lambda reason: invalid(_asked(exchange)[name], name, reason)


def _policy(exchange: Exchange, name: str) -> dict[str, Any]:
    """The policy that is to be set, or an empty one."""
    text = _asked(exchange).get(name)
    if not text:
        return {}
    try:
        policy = json.loads(text)
    except ValueError:
        policy = None
    if not isinstance(policy, dict):
        raise _refusal(exchange, name)(f"{name} is not a valid JSON map.")
    return policy


@rule(
    "sqs",
    *_BOTH,
    when="before",
    follows=API + "SetQueueAttributes.html",
    corrects="moto takes any count, and a dead-letter queue of the other type",
)
def a_redrive_policy_is_checked(exchange: Exchange) -> None:
    """A redrive policy names an existing queue of the same type and a count within its range.

    InvalidParameterValue, with the reason (message about malformed policies: unverified).
    """
    policy = _policy(exchange, "RedrivePolicy")
    if not policy:
        return
    refuse = _refusal(exchange, "RedrivePolicy")
    for name in ("deadLetterTargetArn", "maxReceiveCount"):
        if name not in policy:
            raise refuse(f"Redrive policy does not contain mandatory attribute: {name}.")
    arn, count = str(policy["deadLetterTargetArn"]), str(policy["maxReceiveCount"])
    least, most = limit("max_receive_count_min"), limit("max_receive_count_max")
    if not re.fullmatch(r"arn:[^:]+:sqs:[^:]+:\d+:[^:]+", arn):
        raise refuse("Invalid value for deadLetterTargetArn.")
    if not count.isdecimal() or not least <= int(count) <= most:
        raise refuse(
            f"Invalid value for maxReceiveCount: {count}, valid values are from {least} to "
            f"{most} both inclusive."
        )
    target = queue_by_arn(exchange, arn)
    if target is None:
        raise refuse("Dead letter target does not exist.")
    if bool(target.fifo_queue) != _is_fifo(exchange):
        raise refuse("Dead-letter queue must be same type of queue as the source.")


@rule(
    "sqs",
    *_BOTH,
    when="before",
    follows=API + "SetQueueAttributes.html",
    corrects="moto does not know RedriveAllowPolicy",
)
def a_dead_letter_queue_says_whom_it_serves(exchange: Exchange) -> None:
    """A queue can refuse to be the dead-letter queue of others, or of all but some.

    InvalidParameterValue for a source that its RedriveAllowPolicy leaves out (message:
    unverified).
    """
    _check_allow_policy(exchange)
    policy = _policy(exchange, "RedrivePolicy")
    target = queue_by_arn(exchange, str(policy.get("deadLetterTargetArn", "")))
    allowed = json.loads(getattr(target, "redrive_allow_policy", None) or "{}")
    permission = allowed.get("redrivePermission", "allowAll")
    sources = allowed.get("sourceQueueArns", [])
    if permission == "denyAll" or (
        permission == "byQueue" and _arn_of_source(exchange) not in sources
    ):
        raise _refusal(exchange, "RedrivePolicy")(
            "The dead-letter queue's RedriveAllowPolicy does not allow this source queue."
        )


def _check_allow_policy(exchange: Exchange) -> None:
    policy = _policy(exchange, "RedriveAllowPolicy")
    permission = policy.get("redrivePermission", "allowAll")
    sources = policy.get("sourceQueueArns")
    most = limit("redrive_source_queues_max")
    if (
        permission not in _PERMISSIONS
        or (sources is not None) != (permission == "byQueue")
        or len(sources or ()) > most
    ):
        raise _refusal(exchange, "RedriveAllowPolicy")(
            f"redrivePermission must be one of {', '.join(_PERMISSIONS)}, with 1 to {most} "
            "sourceQueueArns for byQueue only."
        )


def _arn_of_source(exchange: Exchange) -> str:
    name = exchange.params.get("QueueName")
    queue = queue_of(exchange)
    if name is None and queue is not None:
        return str(queue.queue_arn)
    return f"arn:aws:sqs:{exchange.region}:{exchange.account}:{name}"
