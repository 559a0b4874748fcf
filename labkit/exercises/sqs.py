"""The five exercises of the SQS lab: what is laid, what is asked, three hints, the book's code."""

from __future__ import annotations

from labkit.exercises.checks.sqs import fifo, large, long_polling, poison, visibility
from labkit.exercises.frame import Exercise, MakeClient
from labkit.exercises.ground import remove_bucket, remove_queues


def _lay_long_polling(client: MakeClient) -> None:
    sqs = client("sqs")
    remove_queues(sqs, "refunds")
    sqs.create_queue(QueueName="refunds")


LONG_POLLING = Exercise(
    id="long-polling",
    title="Ask once, and wait",
    task="Make one receive on `refunds` wait for a message, for as long as SQS allows.",
    given="the queue `refunds`, empty",
    lay=_lay_long_polling,
    check=long_polling.check,
    hints=(
        "The call answers at once because nobody told it to wait. Who could: the loop around it, "
        "or SQS?",
        "`receive_message` has an argument for the number of seconds to wait. It was 0 in the "
        "example.",
        "`sqs.receive_message(QueueUrl=refunds, WaitTimeSeconds=20)`",
    ),
    solution="""\
refunds = sqs.get_queue_url(QueueName="refunds")["QueueUrl"]
answer = sqs.receive_message(QueueUrl=refunds, WaitTimeSeconds=20)
print(answer.get("Messages", "no refunds"))
""",
    claims=("sqs-long-poll", "sqs-long-poll-max", "sqs-short-poll"),
)


def _lay_visibility(client: MakeClient) -> None:
    sqs = client("sqs")
    remove_queues(sqs, "posters")
    timeout = {"VisibilityTimeout": str(visibility.TIMEOUT_S)}
    queue = sqs.create_queue(QueueName="posters", Attributes=timeout)["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="hamlet, 60 x 90 cm")


VISIBILITY = Exercise(
    id="visibility",
    title="Keep what you work on",
    task=(
        f"A print takes {visibility.WORK_S} s. Nobody else may see the poster meanwhile, it is "
        "gone when it is printed, and no single grant hides it for more than "
        f"{visibility.TIMEOUT_S} s."
    ),
    given=f"the queue `posters`, which hides for {visibility.TIMEOUT_S} s, with one poster",
    lay=_lay_visibility,
    check=visibility.check,
    hints=(
        "The first 30 s are over before the print is. When must SQS hear that you are still at "
        "work?",
        "`change_message_visibility` sets a new timeout for one message, counted from the call. "
        "It takes the receipt handle of your receive.",
        "Between the two halves of the print: `sqs.change_message_visibility(QueueUrl=posters, "
        'ReceiptHandle=poster["ReceiptHandle"], VisibilityTimeout=30)`; at the end '
        '`sqs.delete_message(QueueUrl=posters, ReceiptHandle=poster["ReceiptHandle"])`.',
    ),
    solution="""\
posters = sqs.get_queue_url(QueueName="posters")["QueueUrl"]
poster = sqs.receive_message(QueueUrl=posters)["Messages"][0]
mine = {"QueueUrl": posters, "ReceiptHandle": poster["ReceiptHandle"]}
print(lab.clock.advance(seconds=25), "half of it")
sqs.change_message_visibility(**mine, VisibilityTimeout=30)
print(lab.clock.advance(seconds=20), "all of it")
sqs.delete_message(**mine)
print(count(posters))
""",
    claims=("sqs-visibility", "sqs-visibility-reappear", "sqs-visibility-change"),
)


def _lay_fifo(client: MakeClient) -> None:
    remove_queues(client("sqs"), fifo.QUEUE, "payments")


FIFO = Exercise(
    id="fifo",
    title="In order, and once",
    task=(
        f"The FIFO queue `{fifo.QUEUE}` exists and got all {len(fifo.PAYMENTS)} sends. It keeps "
        "each order's payments in order and each event once; no order waits for another."
    ),
    given="no queue; the payments are in the cell below",
    lay=_lay_fifo,
    check=fifo.check,
    hints=(
        "Two questions for each payment: what must it stay in order with? And which other send "
        "would be the same event?",
        "The first answer is the `MessageGroupId`, the second the `MessageDeduplicationId`. "
        "Look at the third payment before you let SQS hash the body.",
        '`sqs.create_queue(QueueName="payments.fifo", Attributes={"FifoQueue": "true"})`, then '
        "for each payment `sqs.send_message(QueueUrl=..., MessageBody=text, "
        "MessageGroupId=order, MessageDeduplicationId=event)`.",
    ),
    solution="""\
fifo = {"FifoQueue": "true"}
queue = sqs.create_queue(QueueName="payments.fifo", Attributes=fifo)["QueueUrl"]
for order, event, text in payments:
    sqs.send_message(
        QueueUrl=queue,
        MessageBody=text,
        MessageGroupId=order,
        MessageDeduplicationId=event,
    )
print(count(queue))
""",
    claims=("sqs-fifo", "sqs-fifo-once", "sqs-fifo-use"),
)


def _lay_poison(client: MakeClient) -> None:
    sqs = client("sqs")
    remove_queues(sqs, "orders", "orders-dlq")
    queue = sqs.create_queue(QueueName="orders")["QueueUrl"]
    for body in poison.ORDERS:
        sqs.send_message(QueueUrl=queue, MessageBody=body)


POISON = Exercise(
    id="poison",
    title="An order that no worker survives",
    task=(
        f"After {poison.MAX_RECEIVES} receives `orders` gives up on a message and moves it to "
        "`orders-dlq`. In the end every order is printed, the odd one too, and both queues are "
        "empty."
    ),
    given="the queue `orders` with three orders",
    lay=_lay_poison,
    check=poison.check,
    hints=(
        "Three things are to be mended: the queue never gives up, the worker cannot read the old "
        "form, and what was set aside must come back. In which order?",
        "The attribute `RedrivePolicy` of `orders` is JSON text with `deadLetterTargetArn` (ask "
        "`orders-dlq` for its `QueueArn`) and `maxReceiveCount`. Then work on until the message "
        "has moved: each round lasts one visibility timeout.",
        '`sqs.set_queue_attributes(QueueUrl=orders, Attributes={"RedrivePolicy": '
        "json.dumps(policy)})`; and when a worker can read the order, "
        "`sqs.start_message_move_task(SourceArn=...)` with the ARN of `orders-dlq`.",
    ),
    solution="""\
orders_dlq = sqs.create_queue(QueueName="orders-dlq")["QueueUrl"]
about = sqs.get_queue_attributes(QueueUrl=orders_dlq, AttributeNames=["QueueArn"])
orders_dlq_arn = about["Attributes"]["QueueArn"]
policy = {"deadLetterTargetArn": orders_dlq_arn, "maxReceiveCount": 3}
sqs.set_queue_attributes(
    QueueUrl=orders, Attributes={"RedrivePolicy": json.dumps(policy)}
)
for _ in range(7):
    work(orders, seat_of)
print("set aside:", count(orders_dlq))


def old_or_new(body):
    return seat_of(body) if body.startswith("{") else body


sqs.start_message_move_task(SourceArn=orders_dlq_arn)
work(orders, old_or_new)
""",
    claims=("sqs-dlq", "sqs-redrive", "sqs-visibility-reappear"),
)


def _lay_large(client: MakeClient) -> None:
    sqs, s3 = client("sqs"), client("s3")
    remove_queues(sqs, large.QUEUE)
    remove_bucket(s3, large.BUCKET)
    sqs.create_queue(QueueName=large.QUEUE)
    s3.create_bucket(Bucket=large.BUCKET)


LARGE = Exercise(
    id="large",
    title="A poster too large for a message",
    task=(
        "All four posters go through `artwork`, one message each. What fits travels in the "
        "message; for what does not, the message is a reference to an object in the bucket."
    ),
    given=f"the queue `{large.QUEUE}` and the bucket `{large.BUCKET}`, both empty",
    lay=_lay_large,
    check=large.check,
    hints=(
        "Where exactly is the border, and in what is it counted? One of the posters has fewer "
        "characters than the limit, and is still too large.",
        "Measure `len(artwork.encode())`, and compare it with 1024 * 1024, which still fits. The "
        "object must be there before its message.",
        "`s3.put_object(Bucket=bucket, Key=name, Body=artwork.encode())`, then "
        "`sqs.send_message(QueueUrl=artwork_queue, "
        'MessageBody=json.dumps({"bucket": bucket, "key": name}))`.',
    ),
    solution="""\
def send_poster(name, artwork):
    body = artwork
    if len(artwork.encode()) > 1024 * 1024:
        s3.put_object(Bucket=bucket, Key=name, Body=artwork.encode())
        body = json.dumps({"bucket": bucket, "key": name})
    sqs.send_message(QueueUrl=artwork_queue, MessageBody=body)


for name, artwork in posters_to_send.items():
    send_poster(name, artwork)
print(count(artwork_queue))
""",
    claims=("sqs-message-size", "sqs-large", "sqs-large-features", "sqs-text"),
)

EXERCISES = (LONG_POLLING, VISIBILITY, FIFO, POISON, LARGE)
