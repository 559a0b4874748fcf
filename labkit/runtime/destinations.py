"""Where Lambda sends what it has to say of an event when nobody waits for the answer.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html#invocation-dlq
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from labkit.fidelity.authorisation import people
from labkit.runtime.functions import SERVICE
from labkit.runtime.targets import Target

Attributes = dict[str, dict[str, str]]


def send_record(arn: str, target: Target, record: dict[str, Any]) -> bool:
    """Send an invocation record in the function's name; whether it got there."""
    body = json.dumps(record, separators=(",", ":"), ensure_ascii=False)
    return _sent(arn, target, _RECORDS.get(arn.split(":")[2]), body, record)


def send_dead_letter(arn: str, target: Target, event: bytes, attributes: Attributes) -> bool:
    """Send an event that nobody could handle, as it came, with what went wrong beside it."""
    send = {"sqs": _letter_to_queue, "sns": _letter_to_topic}.get(arn.split(":")[2])
    return _sent(arn, target, send, event.decode("utf-8", "replace"), attributes)


def _sent(arn: str, target: Target, send: Callable[..., Any] | None, *what: Any) -> bool:
    if send is None:
        return False
    session = people.as_service(target.function.role, SERVICE, target.name)
    try:
        send(session, arn, *what)
    except ClientError:
        return False  # on AWS a metric counts it: DeadLetterErrors, DestinationDeliveryFailures
    return True


def queue_url(arn: str) -> str:
    """The URL of the queue that has `arn`."""
    _, _, _, region, account, name = arn.split(":")
    return f"https://sqs.{region}.amazonaws.com/{account}/{name}"


def _to_queue(session: Any, arn: str, body: str, _: Any) -> None:
    session.client("sqs").send_message(QueueUrl=queue_url(arn), MessageBody=body)


def _to_topic(session: Any, arn: str, body: str, _: Any) -> None:
    session.client("sns").publish(TopicArn=arn, Message=body)


def _to_function(session: Any, arn: str, body: str, _: Any) -> None:
    client = session.client("lambda")
    client.invoke(FunctionName=arn, InvocationType="Event", Payload=body.encode())


def _to_bus(session: Any, arn: str, body: str, record: dict[str, Any]) -> None:
    ended = "Success" if record["requestContext"]["condition"] == "Success" else "Failure"
    entry = {
        "EventBusName": arn.rsplit("/", 1)[-1],
        "Source": "lambda",
        "DetailType": f"Lambda Function Invocation Result - {ended}",
        "Detail": body,
        "Resources": [arn, record["requestContext"]["functionArn"]],
    }
    session.client("events").put_events(Entries=[entry])


def _to_bucket(session: Any, arn: str, body: str, record: dict[str, Any]) -> None:
    context, at = record["requestContext"], record["timestamp"]
    name = context["functionArn"].split(":")[6]
    day = at[:10].replace("-", "/")
    key = f"aws/lambda/async/{name}/{day}/{at[:19].replace(':', '.')}-{context['requestId']}"
    session.client("s3").put_object(Bucket=arn.split(":::")[1], Key=key, Body=body.encode())


def _letter_to_queue(session: Any, arn: str, body: str, attributes: Attributes) -> None:
    session.client("sqs").send_message(
        QueueUrl=queue_url(arn), MessageBody=body, MessageAttributes=attributes
    )


def _letter_to_topic(session: Any, arn: str, body: str, attributes: Attributes) -> None:
    session.client("sns").publish(TopicArn=arn, Message=body, MessageAttributes=attributes)


_RECORDS: dict[str, Callable[..., Any]] = {
    "sqs": _to_queue,
    "sns": _to_topic,
    "lambda": _to_function,
    "events": _to_bus,
    "s3": _to_bucket,
}
