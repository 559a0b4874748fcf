"""The exercises of the basics lab: what is laid, what is asked, three hints, the book's code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.exercises.checks.basics import keys, missing, patience, place
from labkit.exercises.frame import Exercise, MakeClient
from labkit.exercises.ground import remove_bucket, remove_queues

if TYPE_CHECKING:
    from labkit.fidelity.faults import Faults


def _faults() -> Faults:
    """The switchboard of the open sandbox, with nothing waiting from an earlier attempt."""
    from labkit.fidelity.faults import switchboard
    from labkit.sandbox import Sandbox

    faults = switchboard(Sandbox.current())
    faults.clear()
    return faults


def _lay_keys(client: MakeClient) -> None:
    _faults()
    sqs = client("sqs")
    remove_queues(sqs, keys.QUEUE)
    sqs.create_queue(QueueName=keys.QUEUE)


KEYS = Exercise(
    id="keys",
    title="Keys that do not fit",
    task=f"The printer's client gets the URL of the queue `{keys.QUEUE}`.",
    given=f"the queue `{keys.QUEUE}`, and keys that somebody copied by hand",
    lay=_lay_keys,
    check=keys.check,
    hints=(
        "Two things are wrong, and AWS names them one after the other. Of which half of the pair "
        "does its answer speak?",
        "`InvalidClientTokenId` is about the access key id, `SignatureDoesNotMatch` about the "
        "secret. Hold each against `found.access_key` and `found.secret_key`.",
        'Leave both arguments out, `boto3.client("sqs")`, or pass `found.access_key` and '
        "`found.secret_key`.",
    ),
    solution="""\
printer = boto3.client(
    "sqs",
    aws_access_key_id=found.access_key,
    aws_secret_access_key=found.secret_key,
)
tickets = attempt(printer.get_queue_url, QueueName="tickets")
print(tickets["QueueUrl"])
""",
    claims=("basics-credentials", "basics-signature", "basics-refusal"),
)


def _lay_place(client: MakeClient) -> None:
    from labkit.sandbox import Sandbox

    _faults()
    sandbox = Sandbox.current()
    regions = {call.region for call in sandbox.calls.since(0) if call.service == "sqs"}
    for region in sorted(regions | {place.REGION, place.DECOY_REGION}):
        remove_queues(sandbox.client("sqs", region), place.QUEUE)
    for region in (place.REGION, place.DECOY_REGION):
        sandbox.client("sqs", region).create_queue(QueueName=place.QUEUE)


PLACE = Exercise(
    id="place",
    title="Where the ARN points",
    task=f"The message `order 1042: 40 EUR` waits in the queue `{place.ARN}`.",
    given="that queue, and another of the same name in another Region",
    lay=_lay_place,
    check=place.check,
    hints=(
        "Nothing fails here, and that is the danger. Where does a client send its requests that "
        "was told nothing?",
        "The fourth part of the ARN is a Region. `boto3.client` takes one.",
        '`boto3.client("sqs", region_name="eu-central-1")`, and then the same two calls.',
    ),
    solution="""\
_, _, service, region, account, name = arn.split(":")
there = boto3.client(service, region_name=region)
queue = there.get_queue_url(QueueName=name)["QueueUrl"]
there.send_message(QueueUrl=queue, MessageBody="order 1042: 40 EUR")
print(queue)
""",
    claims=("basics-region", "basics-arn", "basics-endpoint"),
)


def _lay_patience(client: MakeClient) -> None:
    faults = _faults()
    sqs = client("sqs")
    remove_queues(sqs, patience.QUEUE)
    sqs.create_queue(QueueName=patience.QUEUE)
    faults.throttle("sqs", "SendMessage", times=patience.REFUSALS)


PATIENCE = Exercise(
    id="patience",
    title="A busy service",
    task=f"All six orders are in the queue `{patience.QUEUE}`, each once.",
    given=(
        f"the queue `{patience.QUEUE}`, empty, and an SQS that refuses the next "
        f"{patience.REFUSALS} requests to send"
    ),
    lay=_lay_patience,
    check=patience.check,
    hints=(
        "How often does boto3 try before it gives up, and how often would it have to?",
        "A client takes a `config`. In it, `retries` says how many attempts there are in all.",
        '`boto3.client("sqs", config=Config(retries={"total_max_attempts": 10}))`',
    ),
    solution="""\
patient = boto3.client("sqs", config=Config(retries={"total_max_attempts": 10}))
queue = patient.get_queue_url(QueueName="orders")["QueueUrl"]
for order in sale:
    sent = patient.send_message(QueueUrl=queue, MessageBody=order)
    print(order, "after", sent["ResponseMetadata"]["RetryAttempts"], "retries")
""",
    claims=("basics-throttling", "basics-retry"),
)


def _lay_missing(client: MakeClient) -> None:
    faults = _faults()
    s3 = client("s3")
    remove_bucket(s3, missing.BUCKET)
    s3.create_bucket(Bucket=missing.BUCKET)
    for key, body in missing.POSTERS.items():
        s3.put_object(Bucket=missing.BUCKET, Key=key, Body=body)
    faults.throttle("s3", "GetObject", times=missing.REFUSALS, Key=missing.BUSY)


MISSING = Exercise(
    id="missing",
    title="Missing, or only busy",
    task=(
        "The missing poster has a stand-in under its own key, every other is as it was, and all "
        "three have been read."
    ),
    given=f"the bucket `{missing.BUCKET}` with `hamlet` and `tosca`, but without `aida`",
    lay=_lay_missing,
    check=missing.check,
    hints=(
        "Two posters could not be read. Was it for the same reason?",
        '`error.response["Error"]["Code"]` is `NoSuchKey` for one of them only. What should '
        "happen to every other error?",
        "Put `s3.get_object(Bucket=bucket, Key=key)` into a `try`; then "
        "`except s3.exceptions.NoSuchKey:` catches just that one, and has the stand-in. A client "
        "with more attempts gets the busy one.",
    ),
    solution="""\
patient_s3 = boto3.client("s3", config=Config(retries={"total_max_attempts": 10}))


def read(key):
    try:
        return patient_s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except patient_s3.exceptions.NoSuchKey:
        stand_in = b"not printed yet"
        patient_s3.put_object(Bucket=bucket, Key=key, Body=stand_in)
        return stand_in


for key in wanted:
    print(key, "|", read(key).decode())
""",
    claims=("basics-error", "basics-refusal", "basics-throttling"),
)

EXERCISES = (KEYS, PLACE, PATIENCE, MISSING)
