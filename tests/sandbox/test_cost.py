"""The bill prices every call from facts: each sum here is made by hand beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import boto3
import pytest

from labkit import runtime
from labkit.facts import fact
from labkit.sandbox import Sandbox
from labkit.sandbox.cost import Bill, cost

ORDERS = "https://sqs.us-east-1.amazonaws.com/123456789012/orders"
RECEIPTS = "https://sqs.us-east-1.amazonaws.com/123456789012/receipts.fifo"
CHUNK = 64 * 1024


@dataclass(frozen=True)
class Asked:
    """A call as the log keeps it, as far as a bill looks at it."""

    service: str
    operation: str
    params: dict[str, Any] = field(default_factory=dict)
    response: dict[str, Any] = field(default_factory=dict)
    status: int = 200


def sqs(operation: str, queue: str = ORDERS, **more: Any) -> Asked:
    response = more.pop("response", {})
    status = more.pop("status", 200)
    return Asked("sqs", operation, {"QueueUrl": queue, **more}, response, status)


def only_line(*calls: Asked) -> tuple[str, str, Decimal, Decimal | None]:
    (line,) = cost(calls).lines
    return line.service, line.item, line.quantity, line.amount_usd


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox.open("cost")
    yield sandbox
    sandbox.close()


@pytest.fixture
def ruled() -> Iterator[Sandbox]:
    """A sandbox with labkit's rules, where a key can be given up, kept and refused."""
    sandbox = runtime.open_sandbox("cost")
    yield sandbox
    sandbox.close()


def test_the_sums_below_are_made_with_the_prices_of_today() -> None:
    """When one of these changes, the sums by hand must be made again."""
    assert fact("sqs.price_standard_per_million_usd") == 0.40
    assert fact("sqs.price_fifo_per_million_usd") == 0.50
    assert fact("sqs.billing_chunk_bytes") == CHUNK
    assert fact("s3.price_put_per_thousand_usd") == 0.005
    assert fact("s3.price_get_per_thousand_usd") == 0.0004
    assert fact("dynamodb.price_write_per_million_usd") == 0.625
    assert fact("dynamodb.price_read_per_million_usd") == 0.125
    assert fact("kms.price_per_10000_requests_usd") == 0.03
    assert fact("kms.price_key_per_month_usd") == 1.00


def test_every_action_on_a_standard_queue_is_a_request_even_an_empty_receive() -> None:
    calls = [
        sqs("CreateQueue", QueueName="orders"),
        sqs("SendMessage", MessageBody="two seats"),
        sqs("ReceiveMessage", WaitTimeSeconds=20),
        sqs("ReceiveMessage", response={"Messages": [{"Body": "two seats"}]}),
        sqs("DeleteMessage", ReceiptHandle="r"),
    ]

    # 5 × $0.40 / 1,000,000
    assert only_line(*calls) == ("SQS", "standard requests", 5, Decimal("0.0000020"))


def test_messages_of_a_fifo_queue_have_the_fifo_price_and_its_other_actions_do_not() -> None:
    bill = cost(
        [
            sqs("CreateQueue", QueueName="receipts.fifo"),
            sqs("GetQueueAttributes", RECEIPTS),
            sqs("SendMessage", RECEIPTS, MessageBody="paid", MessageGroupId="ann"),
            sqs("ReceiveMessage", RECEIPTS),
            sqs("ChangeMessageVisibility", RECEIPTS, VisibilityTimeout=5),
            sqs("DeleteMessageBatch", RECEIPTS, Entries=[{"Id": "1", "ReceiptHandle": "r"}]),
        ]
    )

    # 2 × $0.40 / 1,000,000 and 4 × $0.50 / 1,000,000
    assert [(line.item, line.quantity, line.amount_usd) for line in bill.lines] == [
        ("standard requests", 2, Decimal("0.0000008")),
        ("FIFO requests", 4, Decimal("0.0000020")),
    ]
    assert bill.total_usd == Decimal("0.0000028")


@pytest.mark.parametrize(
    ("size_bytes", "requests"),
    [(1, 1), (CHUNK, 1), (CHUNK + 1, 2), (2 * CHUNK, 2), (1024 * 1024, 16)],
    ids=str,
)
def test_each_64_kib_of_a_payload_is_a_request(size_bytes: int, requests: int) -> None:
    body = "x" * size_bytes

    assert only_line(sqs("SendMessage", MessageBody=body))[2] == requests
    assert only_line(sqs("ReceiveMessage", response={"Messages": [{"Body": body}]}))[2] == requests


def test_a_payload_is_counted_in_bytes_of_utf_8_with_its_attributes() -> None:
    attribute = {"für": {"DataType": "String", "StringValue": "x"}}  # 4 + 6 + 1 bytes
    body = "x" * (CHUNK - 11)  # one chunk to the byte

    exact = sqs("SendMessage", MessageBody=body, MessageAttributes=attribute)
    over = sqs("SendMessage", MessageBody=body + "x", MessageAttributes=attribute)

    assert only_line(exact)[2] == 1
    assert only_line(over)[2] == 2


def test_binary_attributes_count_with_their_bytes() -> None:
    attribute = {"seal": {"DataType": "Binary", "BinaryValue": b"\x00" * CHUNK}}

    # 4 + 6 + 65,536 + 1 bytes are more than one chunk
    assert only_line(sqs("SendMessage", MessageBody="x", MessageAttributes=attribute))[2] == 2


def test_a_batch_is_one_request_for_each_chunk_of_its_total() -> None:
    def batch(body_bytes: int) -> Asked:
        entries = [{"Id": str(i), "MessageBody": "x" * body_bytes} for i in range(10)]
        return sqs("SendMessageBatch", Entries=entries)

    # 10 × 100 bytes are 1 request; 10 × 10,000 = 100,000 bytes are 2, not 10.
    assert only_line(batch(100))[2] == 1
    assert only_line(batch(10_000))[2] == 2


def test_refused_sqs_requests_are_counted_and_the_bill_says_so() -> None:
    bill = cost([sqs("GetQueueUrl", status=400, response={"Error": {"Code": "no such queue"}})])

    assert bill.lines[0].quantity == 1
    assert any("refused are counted (1)" in note for note in bill.notes)


@pytest.mark.parametrize(
    ("operation", "status", "item", "amount"),
    [
        ("PutObject", 200, "PUT, COPY, POST, LIST", "0.000005"),
        ("CopyObject", 200, "PUT, COPY, POST, LIST", "0.000005"),
        ("CreateBucket", 200, "PUT, COPY, POST, LIST", "0.000005"),
        ("ListObjectsV2", 200, "PUT, COPY, POST, LIST", "0.000005"),
        ("UploadPart", 200, "PUT, COPY, POST, LIST", "0.000005"),
        ("CompleteMultipartUpload", 200, "PUT, COPY, POST, LIST", "0.000005"),
        ("PutObject", 403, "PUT, COPY, POST, LIST", "0.000005"),
        ("GetObject", 200, "GET and all other", "0.0000004"),
        ("HeadObject", 200, "GET and all other", "0.0000004"),
        ("GetObject", 404, "GET and all other", "0.0000004"),
        ("GetBucketPolicy", 200, "GET and all other", "0.0000004"),
        ("DeleteObject", 204, "DELETE and answers 5xx", "0"),
        ("AbortMultipartUpload", 204, "DELETE and answers 5xx", "0"),
        ("PutObject", 503, "DELETE and answers 5xx", "0"),
    ],
)
def test_s3_bills_by_the_kind_of_request(
    operation: str, status: int, item: str, amount: str
) -> None:
    # $0.005 / 1,000 for PUT and LIST, $0.0004 / 1,000 for GET, nothing for DELETE and 5xx
    assert only_line(Asked("s3", operation, status=status)) == ("S3", item, 1, Decimal(amount))


def test_dynamodb_bills_the_units_that_its_answers_report() -> None:
    def units(*counts: float) -> dict[str, Any]:
        reports = [{"TableName": "seats", "CapacityUnits": count} for count in counts]
        return {"ConsumedCapacity": reports if len(reports) > 1 else reports[0]}

    bill = cost(
        [
            Asked("dynamodb", "PutItem", response=units(3.0)),
            Asked("dynamodb", "BatchWriteItem", response=units(1.0, 2.0)),
            Asked("dynamodb", "GetItem", response=units(0.5)),
            Asked("dynamodb", "Query", response=units(2.0)),
            Asked("dynamodb", "GetItem"),
        ]
    )

    # 6 × $0.625 / 1,000,000 and 2.5 × $0.125 / 1,000,000
    assert [(line.item, line.quantity, line.amount_usd) for line in bill.lines] == [
        ("write request units", 6, Decimal("0.00000375")),
        ("read request units", Decimal("2.5"), Decimal("0.0000003125")),
        ("requests, units not reported", 1, None),
    ]


def test_a_service_without_prices_is_named_and_counted() -> None:
    bill = cost([Asked("ssm", "GetParameter"), *[Asked("acm", "ListCertificates")] * 2])

    assert [(line.service, line.quantity, line.amount_usd) for line in bill.lines] == [
        ("acm", 2, None),
        ("ssm", 1, None),
    ]
    assert bill.total_usd == 0
    assert "not priced" in repr(bill)


def test_iam_and_sts_cost_nothing() -> None:
    bill = cost([Asked("iam", "CreateUser"), Asked("sts", "AssumeRole")])

    assert [(line.service, line.quantity, line.amount_usd) for line in bill.lines] == [
        ("IAM", 1, 0),
        ("STS", 1, 0),
    ]
    assert "not priced" not in repr(bill)


@pytest.mark.parametrize(
    ("operation", "params", "item", "amount"),
    [
        ("Decrypt", {}, "symmetric requests", Decimal("0.000003")),
        ("GenerateDataKey", {"KeySpec": "AES_256"}, "symmetric requests", Decimal("0.000003")),
        ("ListKeys", {}, "symmetric requests", Decimal("0.000003")),
        ("Sign", {}, "asymmetric requests", None),
        ("GenerateDataKeyPair", {"KeyPairSpec": "RSA_2048"}, "asymmetric requests", None),
        ("Encrypt", {"EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}, "asymmetric requests", None),
    ],
)
def test_kms_bills_each_request_and_has_other_prices_for_asymmetric_keys(
    operation: str, params: dict[str, Any], item: str, amount: Decimal | None
) -> None:
    # $0.03 / 10,000
    assert only_line(Asked("kms", operation, params)) == ("KMS", item, 1, amount)


def test_kms_keys_are_billed_by_the_hours_that_they_are_there(ruled: Sandbox) -> None:
    kms, clock = boto3.client("kms"), ruled.clock
    kept = kms.create_key()["KeyMetadata"]["KeyId"]
    given_up = kms.create_key()["KeyMetadata"]["Arn"]
    clock.advance(days=10)
    kms.schedule_key_deletion(KeyId=given_up)  # 240 h, and no more
    kms.schedule_key_deletion(KeyId=kept)
    clock.advance(days=5)
    kms.cancel_key_deletion(KeyId=kept)  # as if it had never been scheduled
    clock.advance(days=15, minutes=1)

    bill = cost(ruled.calls.since(0), now=clock.now)

    # kept: 720 h and one begun, given up: 240 h; 961 / 730 = 1.3164 months, $1 each
    assert [(line.item, line.quantity, line.amount_usd) for line in bill.lines] == [
        ("symmetric requests", 5, Decimal("0.000015")),
        ("months of a key", Decimal("1.3164"), Decimal("1.3164")),
    ]
    assert bill.total_usd == Decimal("1.316415")
    assert "A million times the same calls would be $15.00." in bill.notes


def test_a_replica_is_a_key_of_its_own_and_a_refused_key_is_none(ruled: Sandbox) -> None:
    kms = boto3.client("kms")
    key = kms.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    kms.replicate_key(KeyId=key, ReplicaRegion="eu-west-1")
    with pytest.raises(kms.exceptions.ClientError):
        kms.create_key(KeyUsage="SIGN_VERIFY")

    ruled.clock.advance(hours=73)
    bill = cost(ruled.calls.since(0), now=ruled.clock.now)
    lines = {line.item: line.quantity for line in bill.lines}

    assert lines["months of a key"] == Decimal("0.2000")  # 2 × 73 / 730
    assert lines["symmetric requests"] == 3


def test_kms_names_the_free_requests_and_what_rotations_add() -> None:
    once = " ".join(cost([Asked("kms", "Encrypt")]).notes)
    rotated = " ".join(cost([Asked("kms", "EnableKeyRotation")]).notes)

    assert "first 20,000 KMS requests" in once
    assert "rotation" not in once
    assert "first and second rotation add $1.00 a month each" in rotated


def test_fair_queues_surcharge_is_named_where_it_would_fall_due() -> None:
    def notes(queue: str, **more: Any) -> str:
        return " ".join(cost([sqs("SendMessageBatch", queue, **more)]).notes)

    assert "Fair queues cost $0.10" in notes(ORDERS, Entries=[{"MessageGroupId": "ann"}])
    assert "Fair" not in notes(RECEIPTS, Entries=[{"MessageGroupId": "ann"}])
    assert "Fair" not in notes(ORDERS, Entries=[{"MessageBody": "x"}])


SHOWN = """\
What these calls would have cost on AWS

service  item                   quantity  $ a million      amount
SQS      standard requests         1,200         0.40  $0.0004800
S3       PUT, COPY, POST, LIST         1         5.00  $0.0000050
S3       GET and all other             1         0.40  $0.0000004
ssm      requests                      1               not priced
total                                                  $0.0004854

Prices of US East (N. Virginia): S3 as of 2026-09-28, SQS as of 2026-09-11. Storage and
transfer are not counted.
A million times the same would be $485.40.
No free tier is taken off: the first 1,000,000 SQS requests of a month are free."""


def everyday() -> Bill:
    return cost(
        [
            Asked("ssm", "GetParameter"),
            Asked("s3", "GetObject"),
            Asked("s3", "PutObject"),
            *[sqs("ReceiveMessage")] * 1_200,
        ]
    )


def test_the_text_is_an_aligned_table_with_dates_and_what_is_left_out() -> None:
    # 1,200 × $0.0000004 + $0.000005 + $0.0000004 = $0.0004854
    assert repr(everyday()) == SHOWN


def test_the_html_links_each_price_to_its_source_and_keeps_mathjax_out() -> None:
    page = everyday()._repr_html_()

    assert page.startswith('<div class="lk-bill tex2jax_ignore')
    assert page.count('<a href="https://aws.amazon.com/') == 3
    assert "as of 2026-09-11" in page
    assert "$0.0004854" in page
    assert everyday()._repr_html_() == page


def test_no_calls_cost_nothing() -> None:
    bill = cost([])

    assert (bill.lines, bill.total_usd, bill.notes) == ((), 0, ("There were no calls.",))
    assert "$0.00" in repr(bill)


def test_a_session_with_the_sandbox_has_the_bill_made_by_hand(sandbox: Sandbox) -> None:
    queues, bucket = boto3.client("sqs"), boto3.client("s3")

    orders = queues.create_queue(QueueName="orders")["QueueUrl"]  # 1
    queues.send_message(QueueUrl=orders, MessageBody="x" * (CHUNK + 1))  # 2
    (message,) = queues.receive_message(QueueUrl=orders)["Messages"]  # 2
    queues.delete_message(QueueUrl=orders, ReceiptHandle=message["ReceiptHandle"])  # 1
    queues.receive_message(QueueUrl=orders)  # 1
    receipts = queues.create_queue(  # 1
        QueueName="receipts.fifo", Attributes={"FifoQueue": "true"}
    )["QueueUrl"]
    queues.send_message(  # 1, FIFO
        QueueUrl=receipts, MessageBody="paid", MessageGroupId="ann", MessageDeduplicationId="1"
    )
    bucket.create_bucket(Bucket="posters-2026")  # PUT
    bucket.put_object(Bucket="posters-2026", Key="spring", Body=b"art")  # PUT
    bucket.get_object(Bucket="posters-2026", Key="spring")  # GET

    bill = cost(sandbox.calls.since(0))

    # SQS 8 × $0.0000004 + 1 × $0.0000005, S3 2 × $0.000005 + 1 × $0.0000004
    assert [(line.quantity, line.amount_usd) for line in bill.lines] == [
        (8, Decimal("0.0000032")),
        (1, Decimal("0.0000005")),
        (2, Decimal("0.00001")),
        (1, Decimal("0.0000004")),
    ]
    assert bill.total_usd == Decimal("0.0000141")


def test_invocations_are_requests_and_gigabyte_seconds() -> None:
    calls = [Asked("lambda", "Invoke"), Asked("lambda", "CreateFunction")]

    bill = cost(calls, invocations=[(512, 100), (512, 100), (1024, 2_000)])

    # 3 × $0.0000002; 0.05 + 0.05 + 2 GB-s × $0.0000166667
    assert [(line.item, line.quantity, line.amount_usd) for line in bill.lines] == [
        ("requests", 3, Decimal("0.0000006")),
        ("GB-seconds", Decimal("2.1"), Decimal("0.0000350001")),
        ("requests", 1, None),
    ]
    assert "400,000 GB-seconds" in bill.notes[-1]
