"""Queues and streams that a mapping reads with the rights of the function's role.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
"""

from __future__ import annotations

from labkit.fidelity.lambda_.common import GUIDE, backend, invalid, role_may
from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange

_OF_A_QUEUE = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
_OF_A_STREAM = ("GetRecords", "GetShardIterator", "DescribeStream", "ListStreams")


@rule(
    "lambda",
    "CreateEventSourceMapping",
    when="before",
    follows=GUIDE + "services-sqs-configure.html",
    corrects="moto does not ask the role",
)
def a_role_may_read_the_source_of_a_mapping(exchange: Exchange) -> None:
    """A mapping reads a queue or stream only if the function's role may.

    InvalidParameterValueException: the role has no permissions to call ReceiveMessage, or cannot
    access the stream (messages: as seen in 2020 and 2019).
    """
    name = str(exchange.params.get("FunctionName", ""))
    arn = str(exchange.params.get("EventSourceArn", ""))
    function = backend(exchange).get_function(name) if name and arn else None
    service = arn.split(":")[2] if arn.count(":") >= 5 else ""
    if function is None or service not in ("sqs", "dynamodb", "kinesis"):
        return  # moto says what is missing
    needed = _OF_A_QUEUE if service == "sqs" else _OF_A_STREAM
    missing = [
        one
        for one in needed
        if not role_may(function.role, f"{service}:{one}", "*" if one == "ListStreams" else arn)
    ]
    if not missing:
        return
    if service == "sqs":
        raise invalid(
            f"The provided execution role does not have permissions to call {missing[0]} on SQS"
        )
    kind = "kinesis stream" if service == "kinesis" else "stream"
    raise invalid(
        f"Cannot access {kind} {arn}. Please ensure the role can perform the GetRecords, "
        "GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM."
    )
