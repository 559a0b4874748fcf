"""The five exercises of the lab on Lambda: laid, asked, hinted, solved."""

from __future__ import annotations

import json

from labkit.exercises.checks.lambda_functions import batch, failed, longer, sender, upload
from labkit.exercises.checks.lambda_functions.scene import ARN, lay_function, lay_queue
from labkit.exercises.frame import Exercise, MakeClient
from labkit.exercises.ground import remove_bucket


def _lay_longer(client: MakeClient) -> None:
    lay_function(client, longer.NAME, longer.CODE)


LONGER = Exercise(
    id="longer",
    title="A poster takes its time",
    task=(
        f"A call of `{longer.NAME}` comes to its end, which takes {longer.NEEDS_S} s, and no call "
        f"of it can run for more than {longer.MOST_S} s; its code stays as it is."
    ),
    given=f"the function `{longer.NAME}`, with the settings that a new function has",
    lay=_lay_longer,
    check=longer.check,
    hints=(
        "Call it and read the error: after how many seconds was it stopped, and who said so?",
        "`update_function_configuration` changes one setting and leaves the others alone. Look "
        "for the one that is in seconds.",
        '`lam.update_function_configuration(FunctionName="poster", Timeout=12)`, then '
        '`call("poster", {})`.',
    ),
    solution="""\
lam.update_function_configuration(FunctionName="poster", Timeout=12)
print(call("poster", {}))
""",
    claims=("lam-limits",),
)


def _lay_sender(client: MakeClient) -> None:
    lay_function(client, sender.NAME, sender.CODE, Environment={"Variables": sender.GIVEN})


SENDER = Exercise(
    id="sender",
    title="One setting more",
    task=(
        f"`{sender.NAME}` finds `{sender.KEY}={sender.VALUE}` in its environment, beside the two "
        "variables that it has; it was called once with all three."
    ),
    given=f"the function `{sender.NAME}`, with the variables `BUCKET` and `LANGUAGE`",
    lay=_lay_sender,
    check=sender.check,
    hints=(
        "What does the configuration hold under `Environment`? Whatever you send takes the place "
        "of all that.",
        "Read the variables with `get_function_configuration`, add one to the dictionary, and "
        "hand over the whole.",
        '`lam.update_function_configuration(FunctionName="mail", Environment={"Variables": '
        '{**have, "SENDER": "tickets@example.com"}})`, then `call("mail", {})`.',
    ),
    solution="""\
have = lam.get_function_configuration(FunctionName="mail")["Environment"]["Variables"]
lam.update_function_configuration(
    FunctionName="mail",
    Environment={"Variables": {**have, "SENDER": "tickets@example.com"}},
)
print(call("mail", {}))
""",
    claims=("lam-managed", "lam-environment"),
)


def _lay_failed(client: MakeClient) -> None:
    lam = lay_function(client, failed.NAME, failed.CODE)
    lay_queue(client, failed.QUEUE)
    try:
        lam.delete_function_event_invoke_config(FunctionName=failed.NAME)
    except lam.exceptions.ResourceNotFoundException:
        return


FAILED = Exercise(
    id="failed",
    title="What fails for good",
    task=(
        f"An event that `{failed.NAME}` cannot handle is tried once more, not twice, and then a "
        f"record of it with the error lies in `{failed.QUEUE}`; order {failed.ORDER}, of 90000 "
        "cents, has gone that way."
    ),
    given=(
        f"the function `{failed.NAME}`, which fails above 50000 cents, and the queue "
        f"`{failed.QUEUE}`, to which its role may send"
    ),
    lay=_lay_failed,
    check=failed.check,
    hints=(
        "Nobody waits for an asynchronous event, so Lambda has to be told beforehand where to "
        "put what it gives up. Which call did that for `charge`?",
        "`put_function_event_invoke_config` takes the destination and `MaximumRetryAttempts` in "
        'one call. Then invoke with `InvocationType="Event"`, and let time pass.',
        '`lam.put_function_event_invoke_config(FunctionName="refunds", MaximumRetryAttempts=1, '
        'DestinationConfig={"OnFailure": {"Destination": ...}})`, then '
        '`tell("refunds", {"order": 77, "cents": 90000})` and `lab.settle()`.',
    ),
    solution="""\
lam.put_function_event_invoke_config(
    FunctionName="refunds",
    MaximumRetryAttempts=1,
    DestinationConfig={"OnFailure": {"Destination": arn_of("refunds-failed")}},
)
print(tell("refunds", {"order": 77, "cents": 90000}))
lab.settle()
""",
    claims=("lam-async",),
)


def _lay_batch(client: MakeClient) -> None:
    lam = lay_function(client, batch.NAME, batch.CODE)
    lay_queue(client, batch.FAILED)
    redrive = {
        "deadLetterTargetArn": ARN.format(service="sqs", name=batch.FAILED),
        "maxReceiveCount": str(batch.RECEIVES),
    }
    lay_queue(client, batch.QUEUE, RedrivePolicy=json.dumps(redrive), VisibilityTimeout="30")
    lam.create_event_source_mapping(
        FunctionName=batch.NAME,
        EventSourceArn=ARN.format(service="sqs", name=batch.QUEUE),
        BatchSize=batch.BATCH,
    )


BATCH = Exercise(
    id="batch",
    title="Three tickets for one seat",
    task=(
        f"Of the orders that `send_orders()` puts into `{batch.QUEUE}`, each good one gets one "
        f"ticket and the bad one ends in `{batch.FAILED}`; batches are as large as before."
    ),
    given=(
        f"the queue `{batch.QUEUE}`, which gives up a message after {batch.RECEIVES} receives, "
        f"the queue `{batch.FAILED}`, and the function `{batch.NAME}` with its mapping"
    ),
    lay=_lay_batch,
    check=batch.check,
    hints=(
        "What does Lambda do with the messages of a batch when the handler raises, and what when "
        "it returns?",
        "The handler has to catch what a message raises and return the ids of those that failed, "
        "as `careful` does; and the mapping has to be told to read it.",
        '`lam.update_function_code(FunctionName="tickets", ZipFile=package(careful))` and '
        "`lam.update_event_source_mapping(UUID=..., FunctionResponseTypes="
        '["ReportBatchItemFailures"])`, then `send_orders()`.',
    ),
    solution="""\
careful = '''
import json

def handler(event, context):
    failed = []
    for record in event["Records"]:
        try:
            print("TICKET", json.loads(record["body"])["seat"])
        except ValueError:
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
'''.lstrip()
lam.update_function_code(FunctionName="tickets", ZipFile=package(careful))
[mapping] = lam.list_event_source_mappings(FunctionName="tickets")["EventSourceMappings"]
lam.update_event_source_mapping(
    UUID=mapping["UUID"], FunctionResponseTypes=["ReportBatchItemFailures"]
)
send_orders()
""",
    claims=("lam-independent", "lam-poll"),
)


def _lay_upload(client: MakeClient) -> None:
    remove_bucket(client("s3"), upload.BUCKET)
    client("s3").create_bucket(Bucket=upload.BUCKET)
    lay_function(client, upload.NAME, upload.CODE)


UPLOAD = Exercise(
    id="upload",
    title="A new poster, a thumbnail",
    task=(
        f"A new object under `{upload.PREFIX}` in `{upload.BUCKET}` sets `{upload.NAME}` off, an "
        f"object elsewhere in it does not, no other bucket can; `{upload.KEY}` has been drawn."
    ),
    given=(
        f"the bucket `{upload.BUCKET}` and the function `{upload.NAME}`, which writes what it "
        "draws into the same bucket, under `thumbs/`"
    ),
    lay=_lay_upload,
    check=upload.check,
    hints=(
        "Two sides have to agree, as with `receipts`: the function's policy, and the bucket's "
        "notification.",
        "`add_permission` for the principal `s3.amazonaws.com` with the bucket as `SourceArn`; "
        "then a notification with a filter.",
        '`lam.add_permission(FunctionName="thumbnail", StatementId="posters", '
        'Action="lambda:InvokeFunction", Principal="s3.amazonaws.com", '
        'SourceArn="arn:aws:s3:::shop-posters")`, then '
        '`announce("shop-posters", "thumbnail", "new/")`, and put an object.',
    ),
    solution="""\
lam.add_permission(
    FunctionName="thumbnail",
    StatementId="posters",
    Action="lambda:InvokeFunction",
    Principal="s3.amazonaws.com",
    SourceArn="arn:aws:s3:::shop-posters",
    SourceAccount="123456789012",
)
announce("shop-posters", "thumbnail", "new/")
s3.put_object(Bucket="shop-posters", Key="new/romeo.png", Body=b"a poster")
print(lab.clock.advance(seconds=10))
""",
    claims=("lam-trigger-data", "lam-push"),
)

EXERCISES = (LONGER, SENDER, FAILED, BATCH, UPLOAD)
