"""Mail that comes in for a verified domain, and what the active receipt rules do with it.

a message for box@example.com ──▶ domain verified? ──▶ rules of the active set, in order
                                                        S3, SNS, a function, stop
"""

from __future__ import annotations

import json
from email.message import EmailMessage
from typing import Any

from labkit.fidelity.authorisation import authoriser
from labkit.fidelity.ses.common import domain_of, now

_PRINCIPAL = "ses.amazonaws.com"
SETUP_KEY = "AMAZON_SES_SETUP_NOTIFICATION"


def arrive(backend: Any, recipient: str, id: str, message: EmailMessage) -> bool:
    """Let the active rule set have a message; whether a rule was for its recipient."""
    rule_set = backend.describe_active_receipt_rule_set()
    identity = backend.identity_of(f"@{domain_of(recipient)}")
    if rule_set is None or identity is None or not identity.is_domain:
        return False
    key = id.replace("-", "")
    wanted = [rule for rule in rule_set.rules if rule.get("Enabled") and _is_for(rule, recipient)]
    for rule in wanted:
        for action in rule.get("Actions") or ():
            if "StopAction" in action:
                return True
            _act(backend, action, key, recipient, message)
    return bool(wanted)


def _is_for(rule: dict[str, Any], recipient: str) -> bool:
    named = [str(name).lower() for name in rule.get("Recipients") or ()]
    domain = domain_of(recipient)
    return not named or any(
        name in (recipient.lower(), domain) or (name.startswith(".") and domain.endswith(name))
        for name in named
    )


def _act(
    backend: Any, action: dict[str, Any], key: str, recipient: str, message: EmailMessage
) -> None:
    topic = ""
    if "S3Action" in action:
        store = action["S3Action"]
        put(backend, store, (store.get("ObjectKeyPrefix") or "") + key, message.as_bytes())
        topic = store.get("TopicArn") or ""
    elif "SNSAction" in action:
        topic = action["SNSAction"]["TopicArn"]
    if "LambdaAction" in action:
        _invoke(action["LambdaAction"]["FunctionArn"], _told(key, recipient, message))
    if topic:
        _publish(topic, _told(key, recipient, message))


def allowed(backend: Any, store: dict[str, Any]) -> bool:
    """Whether a bucket is there and its policy lets SES in."""
    from moto.s3.models import s3_backends

    bucket = store["BucketName"]
    if bucket not in s3_backends.bucket_accounts:
        return False
    prefix = store.get("ObjectKeyPrefix") or ""
    arn = f"arn:aws:s3:::{bucket}/{prefix}{SETUP_KEY}"
    context = {"aws:SourceAccount": backend.account_id, "aws:Referer": backend.account_id}
    return bool(authoriser.current().decide(_PRINCIPAL, "s3:PutObject", arn, context).allowed)


def put(backend: Any, store: dict[str, Any], key: str, body: bytes) -> None:
    """Write an object into the bucket of an action, if its policy still lets SES in."""
    from moto.s3.models import s3_backends

    if not allowed(backend, store):
        return
    account, partition = reversed(s3_backends.bucket_accounts[store["BucketName"]])
    held: Any = s3_backends
    held[account][partition].put_object(store["BucketName"], key, body)


def _told(key: str, recipient: str, message: EmailMessage) -> dict[str, Any]:
    """The notification of a received message."""
    return {
        "notificationType": "Received",
        "mail": {
            "timestamp": f"{now():%Y-%m-%dT%H:%M:%S}.000Z",
            "source": str(message["From"] or ""),
            "messageId": key,
            "destination": [recipient],
            "commonHeaders": {"subject": str(message["Subject"] or "")},
        },
        "receipt": {"recipients": [recipient]},
    }


def _publish(topic: str, told: dict[str, Any]) -> None:
    from moto.sns.models import sns_backends

    fields = topic.split(":")
    backend = sns_backends[fields[4]][fields[3]]
    if topic in backend.topics:
        backend.publish(
            json.dumps(told), arn=topic, subject="Amazon SES Email Receipt Notification"
        )


def _invoke(arn: str, told: dict[str, Any]) -> None:
    from moto.awslambda.utils import get_backend

    fields = arn.split(":")
    functions: Any = get_backend(fields[4], fields[3])
    function = functions._lambdas.get_function_by_name_or_arn_with_qualifier(fields[6])
    record = {"eventSource": "aws:ses", "eventVersion": "1.0", "ses": told}
    function.invoke(json.dumps({"Records": [record]}), {}, {})
