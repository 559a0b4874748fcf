"""Every request of a call log has its price on AWS, or is named as not priced.

Prices are facts: US East (N. Virginia), the first tier, without the free tier. What is billed:

- SQS: every action is a request, and one more for each further 64 KiB of its messages. Sending,
  receiving, deleting and changing visibility on a FIFO queue have the FIFO price, all else the
  standard one. https://aws.amazon.com/sqs/pricing/
- S3: PUT, COPY, POST and LIST requests; GET and all others; DELETE, which is free. A request that
  was refused (4xx) is billed, a failure of S3's own (5xx) is not.
  https://docs.aws.amazon.com/AmazonS3/latest/userguide/ErrorCodeBilling.html
- DynamoDB: request units at on-demand prices, where the answer reports them.
- KMS: every request has one price if it is for a symmetric key; a key costs besides, by the month.
  https://aws.amazon.com/kms/pricing/
- Lambda: each invocation, whoever set it off, is a request, and its milliseconds times the memory
  that is configured are gigabyte-seconds. https://aws.amazon.com/lambda/pricing/
- IAM and STS: nothing.

Not modelled: storage, data transfer, the S3 error codes that are exempt, fair queues' surcharge,
the other prices of asymmetric keys and of provisioned environments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from labkit.facts import fact, get
from labkit.facts.spell import number, spell
from labkit.sandbox.bill import Bill, Line
from labkit.sandbox.keymonths import key_months

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

__all__ = ["Bill", "Line", "cost"]


_PLACES = 10  # of a dollar; a gigabyte-second has no end of them


@dataclass(frozen=True)
class _Rate:
    """What is billed under one name, and the fact that prices it, for so many at once."""

    service: str
    item: str
    fact_id: str = ""
    per: int = 1

    def line(self, quantity: Decimal) -> Line:
        """The line of a bill for so many of it."""
        if not self.fact_id:
            return Line(self.service, self.item, quantity, None, None, ())
        price = Decimal(str(fact(self.fact_id))) / self.per
        amount = round(price * quantity, _PLACES).normalize() + 0
        return Line(self.service, self.item, quantity, price, amount, (self.fact_id,))


_STANDARD = _Rate("SQS", "standard requests", "sqs.price_standard_per_million_usd", 1_000_000)
_FIFO = _Rate("SQS", "FIFO requests", "sqs.price_fifo_per_million_usd", 1_000_000)
_PUT = _Rate("S3", "PUT, COPY, POST, LIST", "s3.price_put_per_thousand_usd", 1_000)
_GET = _Rate("S3", "GET and all other", "s3.price_get_per_thousand_usd", 1_000)
_FREE = _Rate("S3", "DELETE and answers 5xx", "s3.price_delete_per_thousand_usd", 1_000)
_WRITE = _Rate("DynamoDB", "write request units", "dynamodb.price_write_per_million_usd", 1_000_000)
_READ = _Rate("DynamoDB", "read request units", "dynamodb.price_read_per_million_usd", 1_000_000)
_NO_UNITS = _Rate("DynamoDB", "requests, units not reported")
_IAM = _Rate("IAM", "requests", "iam.price_per_million_usd", 1_000_000)
_STS = _Rate("STS", "requests", "iam.price_per_million_usd", 1_000_000)
_KMS = _Rate("KMS", "symmetric requests", "kms.price_per_10000_requests_usd", 10_000)
_KMS_OTHER = _Rate("KMS", "asymmetric requests")
_KMS_KEYS = _Rate("KMS", "months of a key", "kms.price_key_per_month_usd")
_REQUESTS = _Rate("Lambda", "requests", "lambda.price_requests_per_million_usd", 1_000_000)
_GB_SECONDS = _Rate("Lambda", "GB-seconds", "lambda.price_gb_s_usd")
_IN_ORDER = (
    *(_STANDARD, _FIFO, _PUT, _GET, _FREE, _WRITE, _READ, _NO_UNITS),
    *(_REQUESTS, _GB_SECONDS, _KMS, _KMS_OTHER, _KMS_KEYS, _IAM, _STS),
)

_FIFO_PRICED = (
    *("SendMessage", "SendMessageBatch", "ReceiveMessage", "DeleteMessage", "DeleteMessageBatch"),
    *("ChangeMessageVisibility", "ChangeMessageVisibilityBatch"),
)
_PUT_PRICED = ("Put", "Copy", "Post", "List", "Create", "Upload", "Complete", "Restore")
_ASYMMETRIC = (
    *("Sign", "Verify", "GetPublicKey", "DeriveSharedSecret"),
    *("GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext"),
)
_DYNAMODB_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")


def cost(
    calls: Iterable[Call],
    now: datetime | None = None,
    invocations: Sequence[tuple[int, int]] = (),
) -> Bill:
    """What `calls` would have cost on AWS, line by line, with what the sum leaves out.

    What costs by the month counts up to `now`, and is left out without it. `invocations` are those
    of Lambda functions: the memory in MB and the milliseconds of each.
    """
    calls = tuple(calls)
    billed: dict[_Rate, Decimal] = {}
    if invocations:
        billed[_REQUESTS] = Decimal(len(invocations))
        billed[_GB_SECONDS] = Decimal(sum(mb * ms for mb, ms in invocations)) / (1024 * 1000)
    for call in calls:
        for rate, quantity in _billed(call):
            billed[rate] = billed.get(rate, Decimal(0)) + quantity
    months = key_months(calls, now) if now else Decimal(0)
    if months:
        billed[_KMS_KEYS] = months
    others = sorted((rate for rate in billed if rate not in _IN_ORDER), key=lambda r: r.service)
    lines = tuple(rate.line(billed[rate]) for rate in (*_IN_ORDER, *others) if rate in billed)
    total = sum((line.amount_usd or Decimal(0) for line in lines), Decimal(0))
    return Bill(lines, total, tuple(_notes(calls, lines, total)))


def _billed(call: Call) -> Iterator[tuple[_Rate, Decimal]]:
    """What one call adds to the bill."""
    if call.service == "sqs":
        fifo = call.operation in _FIFO_PRICED and call.params.get("QueueUrl", "").endswith(".fifo")
        yield _FIFO if fifo else _STANDARD, Decimal(_chunks(call))
    elif call.service == "s3":
        yield _s3_rate(call), Decimal(1)
    elif call.service == "dynamodb":
        yield from _request_units(call)
    elif call.service == "kms":
        yield _kms_rate(call), Decimal(1)
    elif call.service in ("iam", "sts"):
        yield _IAM if call.service == "iam" else _STS, Decimal(1)
    elif (call.service, call.operation) != ("lambda", "Invoke"):  # billed by what was run
        yield _Rate(call.service, "requests"), Decimal(1)


def _chunks(call: Call) -> int:
    """How many requests SQS bills for one: a batch is one for each chunk of its total payload."""
    asked, answered = call.params, call.response
    messages = asked.get("Entries") or answered.get("Messages") or [asked]
    payload_bytes = sum(_message_bytes(message) for message in messages)
    return max(1, -(-payload_bytes // int(fact("sqs.billing_chunk_bytes"))))


def _message_bytes(message: dict[str, Any]) -> int:
    """The size of a message as SQS counts it: its body, and name, type and value of attributes."""
    parts = [message.get("MessageBody") or message.get("Body") or ""]
    for name, attribute in (message.get("MessageAttributes") or {}).items():
        parts += [name, *attribute.values()]
    return sum(len(part.encode() if isinstance(part, str) else part) for part in parts)


def _s3_rate(call: Call) -> _Rate:
    if call.status >= 500 or call.operation.startswith(("Delete", "Abort")):
        return _FREE
    return _PUT if call.operation.startswith(_PUT_PRICED) else _GET


def _request_units(call: Call) -> Iterator[tuple[_Rate, Decimal]]:
    """The units that DynamoDB reports in its answer, one report for each table."""
    reports = call.response.get("ConsumedCapacity")
    if reports is None:
        yield _NO_UNITS, Decimal(1)
        return
    rate = _WRITE if call.operation in _DYNAMODB_WRITES else _READ
    for report in reports if isinstance(reports, list) else [reports]:
        yield rate, Decimal(str(report["CapacityUnits"]))


def _kms_rate(call: Call) -> _Rate:
    """The rate of a request; asymmetric keys and pairs of data keys have others, not known here."""
    told = (call.params.get(name) for name in ("KeySpec", "EncryptionAlgorithm"))
    asymmetric = any(str(one or "").startswith(("RSA", "ECC", "SM2")) for one in told)
    return _KMS_OTHER if asymmetric or call.operation in _ASYMMETRIC else _KMS


def _notes(calls: tuple[Call, ...], lines: tuple[Line, ...], total_usd: Decimal) -> Iterator[str]:
    """What a reader must know to read the sum rightly."""
    if not lines:
        yield "There were no calls."
        return
    priced = sorted((get(id).as_of, line.service) for line in lines for id in line.fact_ids)
    if priced:
        dates = {service: as_of for as_of, service in reversed(priced)}  # the oldest of each
        shown = ", ".join(f"{service} as of {as_of}" for service, as_of in sorted(dates.items()))
        yield f"Prices of US East (N. Virginia): {shown}. Storage and transfer are not counted."
        by_month_usd = sum(line.amount_usd or 0 for line in lines if _is_by_month(line))
        calls_usd = total_usd - by_month_usd
        these = "the same calls" if by_month_usd else "the same"
        yield f"A million times {these} would be ${calls_usd * 1_000_000:,.2f}."
    sqs = [call for call in calls if call.service == "sqs"]
    if sqs:
        free = number(int(fact("sqs.free_requests_per_month")))
        yield f"No free tier is taken off: the first {free} SQS requests of a month are free."
    refused = sum(call.status >= 400 for call in sqs)
    if refused:
        yield f"SQS requests that were refused are counted ({refused}): AWS names no exception."
    if any(_names_a_tenant(call) for call in sqs):
        extra = spell(get("sqs.price_fair_per_million_usd"))
        yield f"Fair queues cost {extra} more for a million requests; that is not counted."
    if any(line.service == "Lambda" for line in lines):
        free, free_gb_s = _free("requests"), _free("gb_s")
        yield f"The first {free} requests to Lambda and {free_gb_s} GB-seconds of a month are free."
    yield from _kms_notes(calls)


def _free(what: str) -> str:
    return number(int(fact(f"lambda.free_{what}_per_month")))


def _is_by_month(line: Line) -> bool:
    return (line.service, line.item) == (_KMS_KEYS.service, _KMS_KEYS.item)


def _kms_notes(calls: tuple[Call, ...]) -> Iterator[str]:
    """What of KMS the sum leaves out."""
    asked = [call.operation for call in calls if call.service == "kms"]
    if asked:
        free = number(int(fact("kms.free_requests_per_month")))
        yield f"The first {free} KMS requests of a month are free; they are counted all the same."
    if {"EnableKeyRotation", "RotateKeyOnDemand"} & set(asked):
        extra = spell(get("kms.price_rotation_per_month_usd"))
        yield f"A key's first and second rotation add {extra} a month each; not counted."


def _names_a_tenant(call: Call) -> bool:
    """Whether a message has a group on a standard queue, which makes it a fair queue."""
    messages = call.params.get("Entries") or [call.params]
    to_fifo = call.params.get("QueueUrl", "").endswith(".fifo")
    return not to_fifo and any("MessageGroupId" in message for message in messages)
