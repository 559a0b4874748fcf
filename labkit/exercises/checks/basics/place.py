"""Exercise 2: an ARN says which Region to ask, and another queue of the same name is a trap."""

from __future__ import annotations

from botocore.exceptions import ClientError

from labkit.exercises.checks.sqs.log import queue_of
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

QUEUE = "refunds"
REGION = "eu-central-1"
DECOY_REGION = "us-east-1"
ARN = f"arn:aws:sqs:{REGION}:123456789012:{QUEUE}"


def check(evidence: Evidence) -> Outcome:
    """The queue that the ARN names holds a message, and no other queue does."""
    sent = [call for call in evidence.of("sqs", "SendMessage") if queue_of(call) == QUEUE]
    arrived = [call for call in sent if not call.error_code]
    astray = sorted({call.region for call in arrived} - {REGION})
    if astray:
        return _went_astray(evidence, astray[0])
    if arrived and _waiting(evidence, REGION):
        return Passed(
            f"The refund waits in `{ARN}`. The ARN says all that it takes: which service's "
            "client, and in which Region; the account is your own."
        )
    if sent:
        return Incorrect(
            f"SQS in {sent[-1].region} refused the message: `{sent[-1].error_code}`.",
            f"a message in the `{QUEUE}` that the ARN names.",
            "The fourth part of the ARN is the Region.",
        )
    return _not_sent(evidence)


def _went_astray(evidence: Evidence, region: str) -> Outcome:
    if region == DECOY_REGION:
        return Incorrect(
            f"The refund lies in the `{QUEUE}` of {region}.",
            f"it waits in the `{QUEUE}` of {REGION}, as the ARN says.",
            "There is a queue of that name in both Regions, and they know nothing of each other. "
            "A client without `region_name` asks its default Region, and no error says that it "
            'was the wrong one. `lab.begin("place")` lays both afresh.',
        )
    return Incorrect(
        f"The refund lies in a `{QUEUE}` that was made in {region}.",
        f"it waits in the `{QUEUE}` of {REGION}, which exists already.",
        'A queue that "does not exist" is most often looked for in the wrong place. Creating it '
        "there silences the error and leaves its readers waiting.",
    )


def _not_sent(evidence: Evidence) -> Outcome:
    asked = evidence.of("sqs", "GetQueueUrl", QueueName=QUEUE)
    if asked and asked[-1].region not in (REGION, DECOY_REGION):
        return Incorrect(
            f"You looked for `{QUEUE}` in {asked[-1].region}.",
            f"a client for the Region that `{ARN}` names.",
            "Read the ARN from the left: `arn`, partition, service, Region, account, resource.",
        )
    return NotYet(
        f"Nobody has sent a message to `{QUEUE}` yet.",
        "Make the client first: which part of the ARN does it need?",
    )


def _waiting(evidence: Evidence, region: str) -> int:
    sqs = evidence.sandbox.client("sqs", region)
    try:
        url = sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    except ClientError:
        return 0
    name = "ApproximateNumberOfMessages"
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])
    return int(answer["Attributes"][name])
