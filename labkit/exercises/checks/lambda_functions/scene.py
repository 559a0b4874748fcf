"""What the exercises lay and the checks read: one version of a function, its log, its queues."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from labkit.exercises.checks.lambda_versions.deploying import ROLE, package, role_arn
from labkit.exercises.ground import remove_queues

if TYPE_CHECKING:
    from labkit.exercises.frame import Evidence, MakeClient

ARN = "arn:aws:{service}:us-east-1:123456789012:{name}"
_QUEUES = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}],
}


def lay_function(client: MakeClient, name: str, source: str, **settings: Any) -> Any:
    """A function afresh, without mappings and without a log; Lambda's client."""
    lam, logs = client("lambda"), client("logs")
    for mapping in lam.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]:
        lam.delete_event_source_mapping(UUID=mapping["UUID"])
    with suppress(lam.exceptions.ResourceNotFoundException):
        lam.delete_function(FunctionName=name)
    with suppress(logs.exceptions.ResourceNotFoundException):
        logs.delete_log_group(logGroupName=f"/aws/lambda/{name}")
    iam = client("iam")
    role = role_arn(iam)
    iam.put_role_policy(RoleName=ROLE, PolicyName="queues", PolicyDocument=json.dumps(_QUEUES))
    lam.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role,
        Handler="app.handler",
        Code={"ZipFile": package(source)},
        **settings,
    )
    return lam


def lay_queue(client: MakeClient, name: str, **attributes: str) -> str:
    """A queue afresh; its URL."""
    sqs = client("sqs")
    remove_queues(sqs, name)
    return str(sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])


def settings(evidence: Evidence, name: str) -> dict[str, Any]:
    """A function's configuration."""
    found: dict[str, Any] = evidence.client("lambda").get_function_configuration(FunctionName=name)
    return found


def printed(evidence: Evidence, name: str, prefix: str, since_ms: float = 0) -> list[str]:
    """The lines of a function's log that start so, in order, since the exercise began or later."""
    logs = evidence.client("logs")
    start_ms = int(max(evidence.began_at.timestamp() * 1000, since_ms))
    try:
        events = logs.filter_log_events(logGroupName=f"/aws/lambda/{name}", startTime=start_ms)
    except logs.exceptions.ResourceNotFoundException:
        return []
    lines = [event["message"].strip() for event in events["events"]]
    return [line for line in lines if line.startswith(prefix)]


def sent(evidence: Evidence, function: str, queue: str) -> list[str]:
    """The bodies of the messages that Lambda sent to a queue in the function's name."""
    return [
        str(call.params["MessageBody"])
        for call in evidence.of("sqs", "SendMessage")
        if call.principal.endswith(f"/{function}")
        and str(call.params.get("QueueUrl", "")).endswith(f"/{queue}")
        and not call.error_code
    ]


def held(sqs: Any, queue: str) -> int:
    """How many messages lie in a queue, ready or in flight."""
    asked = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=asked)["Attributes"]
    return sum(int(count) for count in found.values())
