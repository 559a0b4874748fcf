"""What AWS refuses to send, receive or hide, and in what words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.facts import fact
from labkit.units import MIB

Create = Callable[..., str]
Bodies = Callable[..., list[str]]
Refusal = Callable[..., str]
Attributes = Callable[[str], dict[str, str]]

TEXT = {"DataType": "String", "StringValue": "front"}


def entries(*bodies: str) -> list[dict[str, Any]]:
    return [{"Id": f"e{index}", "MessageBody": body} for index, body in enumerate(bodies)]


# ---- one message ----


@pytest.mark.mends
def test_an_empty_body_is_refused(sqs: Any, create: Create, refusal: Refusal) -> None:
    said = refusal(sqs.send_message, QueueUrl=create(), MessageBody="")

    assert said == "MissingParameter: The request must contain the parameter MessageBody."


@pytest.mark.mends
def test_a_message_is_weighed_in_bytes_with_its_attributes(
    sqs: Any, create: Create, refusal: Refusal
) -> None:
    url = create(MaximumMessageSize=1024)
    attribute = {"n": {"DataType": "String", "StringValue": "v"}}  # 1 + 6 + 1 bytes
    sqs.send_message(QueueUrl=url, MessageBody="é" * 512)
    sqs.send_message(QueueUrl=url, MessageBody="x" * 1016, MessageAttributes=attribute)

    too_long = (
        "InvalidParameterValue: One or more parameters are invalid. "
        "Reason: Message must be shorter than 1024 bytes."
    )
    assert refusal(sqs.send_message, QueueUrl=url, MessageBody="é" * 513) == too_long
    assert (
        refusal(sqs.send_message, QueueUrl=url, MessageBody="x" * 1017, MessageAttributes=attribute)
        == too_long
    )


@pytest.mark.right
def test_the_largest_message_is_a_mebibyte(sqs: Any, create: Create, refusal: Refusal) -> None:
    url = create()
    most = fact("sqs.message_max_bytes")

    sqs.send_message(QueueUrl=url, MessageBody="x" * most)

    assert most == MIB
    assert f"shorter than {most} bytes" in refusal(
        sqs.send_message, QueueUrl=url, MessageBody="x" * (most + 1)
    )


@pytest.mark.mends
def test_characters_outside_xml_are_refused(sqs: Any, create: Create, refusal: Refusal) -> None:
    url = create()
    sqs.send_message(QueueUrl=url, MessageBody="a\tb\r\nc \U0001f3ab")

    for character in "\x00\x0b\x1f\ufffe":
        said = refusal(sqs.send_message, QueueUrl=url, MessageBody=f"seat {character}")
        assert said.startswith("InvalidMessageContents: Invalid characters found.")


@pytest.mark.mends
def test_a_message_has_only_so_many_attributes(sqs: Any, create: Create, refusal: Refusal) -> None:
    url = create()
    most = fact("sqs.attributes_max")
    some = {f"a{number}": TEXT for number in range(most)}
    sqs.send_message(QueueUrl=url, MessageBody="x", MessageAttributes=some)

    said = refusal(
        sqs.send_message, QueueUrl=url, MessageBody="x", MessageAttributes={**some, "more": TEXT}
    )

    assert said.startswith("InvalidParameterValue: ")
    assert f"[{most + 1}]" in said


@pytest.mark.mends
def test_an_empty_attribute_is_refused(sqs: Any, create: Create, refusal: Refusal) -> None:
    said = refusal(
        sqs.send_message,
        QueueUrl=create(),
        MessageBody="x",
        MessageAttributes={"desk": {"DataType": "String", "StringValue": ""}},
    )

    assert said == (
        "InvalidParameterValue: Message (user) attribute 'desk' must contain a non-empty value "
        "of type 'String'."
    )


@pytest.mark.mends
@pytest.mark.parametrize(
    "name", ["front desk", "AWS.desk", "amazon.desk", ".desk", "desk.", "front..desk", "d" * 257]
)
def test_an_attribute_has_a_proper_name(
    sqs: Any, create: Create, bodies: Bodies, refusal: Refusal, name: str
) -> None:
    url = create()

    said = refusal(sqs.send_message, QueueUrl=url, MessageBody="x", MessageAttributes={name: TEXT})

    assert said.startswith("InvalidParameterValue: The message attribute name ")
    assert bodies(url) == []


@pytest.mark.mends
def test_a_number_is_a_number(sqs: Any, create: Create, refusal: Refusal) -> None:
    url = create()

    def send(value: str) -> None:
        number = {"DataType": "Number.seats", "StringValue": value}
        sqs.send_message(QueueUrl=url, MessageBody="x", MessageAttributes={"seats": number})

    for value in ("2", "-2.50", ".5", "1e3"):
        send(value)
    for value in ("two", "1,5", "0x2"):
        assert refusal(send, value=value).startswith("InvalidParameterValue: ")


@pytest.mark.right
def test_an_attribute_has_a_known_type(sqs: Any, create: Create, refusal: Refusal) -> None:
    said = refusal(
        sqs.send_message,
        QueueUrl=create(),
        MessageBody="x",
        MessageAttributes={"desk": {"DataType": "Desk", "StringValue": "front"}},
    )

    assert "the set of supported type prefixes is Binary, Number, and String" in said


@pytest.mark.mends
def test_a_negative_delay_is_refused(sqs: Any, create: Create, refusal: Refusal) -> None:
    said = refusal(sqs.send_message, QueueUrl=create(), MessageBody="x", DelaySeconds=-1)

    assert said.startswith("InvalidParameterValue: Value -1 for parameter DelaySeconds is invalid")


@pytest.mark.right
def test_a_delay_has_a_maximum(sqs: Any, create: Create, refusal: Refusal) -> None:
    url, most = create(), fact("sqs.delay_max_s")
    sqs.send_message(QueueUrl=url, MessageBody="x", DelaySeconds=most)

    said = refusal(sqs.send_message, QueueUrl=url, MessageBody="x", DelaySeconds=most + 1)

    assert said == (
        f"InvalidParameterValue: Value {most + 1} for parameter DelaySeconds is invalid. "
        f"Reason: DelaySeconds must be >= 0 and <= {most}."
    )


@pytest.mark.mends
def test_a_deduplication_id_belongs_to_fifo_queues(
    sqs: Any, create: Create, refusal: Refusal
) -> None:
    said = refusal(
        sqs.send_message, QueueUrl=create(), MessageBody="x", MessageDeduplicationId="order-7"
    )

    assert said.startswith("InvalidParameterValue: Value order-7 for parameter MessageDedup")


@pytest.mark.mends
def test_group_and_deduplication_ids_are_plain(sqs: Any, create: Create, refusal: Refusal) -> None:
    url = create("receipts.fifo")
    most = fact("sqs.group_id_max_chars")
    sqs.send_message(
        QueueUrl=url,
        MessageBody="x",
        MessageGroupId="g" * most,
        MessageDeduplicationId="!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    )

    for group, dedup in (("g" * (most + 1), "a"), ("front desk", "a"), ("front", "ü")):
        said = refusal(
            sqs.send_message,
            QueueUrl=url,
            MessageBody="x",
            MessageGroupId=group,
            MessageDeduplicationId=dedup,
        )
        assert said.startswith("InvalidParameterValue: Value ")


@pytest.mark.right
def test_a_fifo_message_needs_a_group_and_a_deduplication_id(
    sqs: Any, create: Create, refusal: Refusal
) -> None:
    url = create("receipts.fifo")
    without_group = refusal(
        sqs.send_message, QueueUrl=url, MessageBody="x", MessageDeduplicationId="1"
    )
    without_id = refusal(sqs.send_message, QueueUrl=url, MessageBody="x", MessageGroupId="ada")

    assert without_group == (
        "MissingParameter: The request must contain the parameter MessageGroupId."
    )
    assert without_id == (
        "InvalidParameterValue: The queue should either have ContentBasedDeduplication enabled "
        "or MessageDeduplicationId provided explicitly"
    )


@pytest.mark.right
def test_a_fifo_message_has_no_delay_of_its_own(sqs: Any, create: Create, refusal: Refusal) -> None:
    said = refusal(
        sqs.send_message,
        QueueUrl=create("receipts.fifo", ContentBasedDeduplication="true"),
        MessageBody="x",
        MessageGroupId="ada",
        DelaySeconds=2,
    )

    assert said == (
        "InvalidParameterValue: Value 2 for parameter DelaySeconds is invalid. "
        "Reason: The request include parameter that is not valid for this queue type."
    )


@pytest.mark.right
def test_a_standard_queue_takes_a_message_group(sqs: Any, create: Create) -> None:
    url = create()
    sqs.send_message(QueueUrl=url, MessageBody="x", MessageGroupId="theatre-1")

    received = sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"])

    assert received["Messages"][0]["Attributes"]["MessageGroupId"] == "theatre-1"


@pytest.mark.right
def test_digests_are_md5(sqs: Any, create: Create) -> None:
    sent = sqs.send_message(
        QueueUrl=create(),
        MessageBody="msg",
        MessageAttributes={"Foo": {"DataType": "String", "StringValue": "Bar"}},
    )

    # As AWS answered for the same message.
    assert sent["MD5OfMessageBody"] == "6e2baaf3b97dbeef01c0043275f9a0e7"
    assert sent["MD5OfMessageAttributes"] == "ae7155c6026991b6d54b11589678bf9c"


@pytest.mark.mends
def test_system_attributes_have_a_digest(sqs: Any, create: Create) -> None:
    trace = {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793"}

    sent = sqs.send_message(
        QueueUrl=create(), MessageBody="x", MessageSystemAttributes={"AWSTraceHeader": trace}
    )

    assert len(sent["MD5OfMessageSystemAttributes"]) == 32


@pytest.mark.right
def test_only_the_attributes_that_are_asked_for_come_along(sqs: Any, create: Create) -> None:
    url = create()
    sqs.send_message(
        QueueUrl=url, MessageBody="x", MessageAttributes={"Hello": TEXT, "Help.Me": TEXT, "X": TEXT}
    )

    def names(*asked: str) -> set[str]:
        received = sqs.receive_message(
            QueueUrl=url, MessageAttributeNames=list(asked), VisibilityTimeout=0
        )
        return set(received["Messages"][0].get("MessageAttributes", {}))

    assert names() == set()
    assert names("All") == {"Hello", "Help.Me", "X"}
    assert names("Hel.*") == {"Hello", "Help.Me"}
    assert names("X", "None") == {"X"}


# ---- batches ----


@pytest.mark.mends
def test_an_empty_batch_is_refused(sqs: Any, create: Create, refusal: Refusal) -> None:
    url = create()

    for call, name in (
        (sqs.send_message_batch, "SendMessageBatch"),
        (sqs.delete_message_batch, "DeleteMessageBatch"),
        (sqs.change_message_visibility_batch, "ChangeMessageVisibilityBatch"),
    ):
        assert refusal(call, QueueUrl=url, Entries=[]) == (
            "AWS.SimpleQueueService.EmptyBatchRequest: There should be at least one "
            f"{name}RequestEntry in the request."
        )


@pytest.mark.mends
def test_a_batch_has_only_so_many_entries(sqs: Any, create: Create, refusal: Refusal) -> None:
    url, count = create(), fact("sqs.batch_max_entries") + 1
    handles = [{"Id": "same", "ReceiptHandle": "AQEB"}] * count

    for call, batch in (
        (sqs.send_message_batch, [{"Id": "same", "MessageBody": "x"}] * count),
        (sqs.delete_message_batch, handles),
        (sqs.change_message_visibility_batch, handles),
    ):
        assert refusal(call, QueueUrl=url, Entries=batch) == (
            "AWS.SimpleQueueService.TooManyEntriesInBatchRequest: Maximum number of entries per "
            f"request are {count - 1}. You have sent {count}."
        )


@pytest.mark.mends
@pytest.mark.parametrize("id", ["", "a" * 81, "order:7", "ü"], ids=["empty", "long", ":", "ü"])
def test_the_ids_of_a_batch_are_short_and_plain(
    sqs: Any, create: Create, refusal: Refusal, id: str
) -> None:
    batch = [{"Id": id, "ReceiptHandle": "AQEB"}]

    assert refusal(sqs.delete_message_batch, QueueUrl=create(), Entries=batch) == (
        "AWS.SimpleQueueService.InvalidBatchEntryId: A batch entry id can only contain "
        "alphanumeric characters, hyphens and underscores. It can be at most 80 letters long."
    )


@pytest.mark.mends
def test_the_ids_of_a_batch_are_distinct(sqs: Any, create: Create, refusal: Refusal) -> None:
    batch = [{"Id": "a", "ReceiptHandle": "AQEB"}, {"Id": "a", "ReceiptHandle": "AQEC"}]

    assert refusal(sqs.delete_message_batch, QueueUrl=create(), Entries=batch) == (
        "AWS.SimpleQueueService.BatchEntryIdsNotDistinct: Id a repeated."
    )


@pytest.mark.mends
def test_a_batch_is_weighed_as_a_whole(sqs: Any, create: Create, refusal: Refusal) -> None:
    url, most = create(), fact("sqs.message_max_bytes")
    half = "é" * (most // 4)
    sqs.send_message_batch(QueueUrl=url, Entries=entries(half, half))

    said = refusal(sqs.send_message_batch, QueueUrl=url, Entries=entries(half, half, "x"))

    assert said == (
        "AWS.SimpleQueueService.BatchRequestTooLong: Batch requests cannot be longer than "
        f"{most} bytes. You have sent {most + 1} bytes."
    )


@pytest.mark.mends
def test_a_fifo_batch_without_group_is_refused_whole(
    sqs: Any, create: Create, bodies: Bodies, refusal: Refusal
) -> None:
    url = create("receipts.fifo", ContentBasedDeduplication="true")
    batch = entries("first", "second")
    batch[0]["MessageGroupId"] = "ada"

    said = refusal(sqs.send_message_batch, QueueUrl=url, Entries=batch)

    assert said == ("InvalidParameterValue: The request must contain the parameter MessageGroupId.")
    assert bodies(url) == []


@pytest.mark.right
def test_a_fifo_batch_without_deduplication_id_is_refused_whole(
    sqs: Any, create: Create, refusal: Refusal
) -> None:
    batch = [{**entry, "MessageGroupId": "ada"} for entry in entries("first")]

    assert "MessageDeduplicationId provided explicitly" in refusal(
        sqs.send_message_batch, QueueUrl=create("receipts.fifo"), Entries=batch
    )


@pytest.mark.mends
def test_a_bad_entry_of_a_batch_fails_alone(sqs: Any, create: Create, bodies: Bodies) -> None:
    url = create(MaximumMessageSize=1024)

    answer = sqs.send_message_batch(QueueUrl=url, Entries=entries("good", "x" * 1025, "also good"))

    assert [entry["Id"] for entry in answer["Successful"]] == ["e0", "e2"]
    assert sqs.send_message_batch(
        QueueUrl=url,
        Entries=[
            {
                **entries("x")[0],
                "MessageAttributes": {"a": {"DataType": "Desk", "StringValue": "front"}},
            }
        ],
    )["Failed"]
    (failed,) = answer["Failed"]
    assert (failed["Id"], failed["Code"], failed["SenderFault"]) == (
        "e1",
        "InvalidParameterValue",
        True,
    )
    assert "shorter than 1024 bytes" in failed["Message"]
    assert bodies(url) == ["good", "also good"]


@pytest.mark.mends
def test_each_entry_is_deleted_for_itself(sqs: Any, create: Create, attributes: Attributes) -> None:
    url = create()
    sqs.send_message(QueueUrl=url, MessageBody="x")
    handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]

    answer = sqs.delete_message_batch(
        QueueUrl=url,
        Entries=[
            {"Id": "a", "ReceiptHandle": handle},
            {"Id": "b", "ReceiptHandle": handle},
            {"Id": "c", "ReceiptHandle": "AQEB"},
        ],
    )

    assert [entry["Id"] for entry in answer["Successful"]] == ["a", "b"]
    assert [(entry["Id"], entry["Code"]) for entry in answer["Failed"]] == [
        ("c", "ReceiptHandleIsInvalid")
    ]
    assert attributes(url)["ApproximateNumberOfMessagesNotVisible"] == "0"


@pytest.mark.mends
def test_each_timeout_is_changed_for_itself(sqs: Any, create: Create, bodies: Bodies) -> None:
    url, longest = create(), fact("sqs.visibility_timeout_max_s")
    sqs.send_message_batch(QueueUrl=url, Entries=entries("a", "b", "c"))
    received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    timeouts = [0, longest + 1, -1]

    answer = sqs.change_message_visibility_batch(
        QueueUrl=url,
        Entries=[
            {
                "Id": message["Body"],
                "ReceiptHandle": message["ReceiptHandle"],
                "VisibilityTimeout": timeout,
            }
            for message, timeout in zip(received, timeouts, strict=True)
        ],
    )

    assert [entry["Id"] for entry in answer["Successful"]] == ["a"]
    assert {(entry["Id"], entry["Code"]) for entry in answer["Failed"]} == {
        ("b", "InvalidParameterValue"),
        ("c", "InvalidParameterValue"),
    }
    assert bodies(url) == ["a"]


# ---- receiving and hiding ----


@pytest.mark.mends
@pytest.mark.parametrize("count", [0, 11])
def test_a_receive_asks_for_a_batch_at_most(
    sqs: Any, create: Create, refusal: Refusal, count: int
) -> None:
    most = fact("sqs.receive_max_messages")
    said = refusal(sqs.receive_message, QueueUrl=create(), MaxNumberOfMessages=count)

    assert said == (
        f"InvalidParameterValue: Value {count} for parameter MaxNumberOfMessages is invalid. "
        f"Reason: Must be between 1 and {most}, if provided."
    )


@pytest.mark.mends
@pytest.mark.parametrize("wait_s", [-1, 21])
def test_a_long_poll_has_a_longest_wait(
    sqs: Any, create: Create, refusal: Refusal, wait_s: int
) -> None:
    longest = fact("sqs.wait_time_max_s")
    said = refusal(sqs.receive_message, QueueUrl=create(), WaitTimeSeconds=wait_s)

    assert said == (
        f"InvalidParameterValue: Value {wait_s} for parameter WaitTimeSeconds is invalid. "
        f"Reason: Must be >= 0 and <= {longest}, if provided."
    )


@pytest.mark.mends
@pytest.mark.parametrize("beyond", [-1, 43201])
def test_a_visibility_timeout_is_within_its_range(
    sqs: Any, create: Create, refusal: Refusal, beyond: int
) -> None:
    url = create()
    sqs.send_message(QueueUrl=url, MessageBody="x")
    handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    start = f"InvalidParameterValue: Value {beyond} for parameter VisibilityTimeout is invalid."

    assert refusal(sqs.receive_message, QueueUrl=url, VisibilityTimeout=beyond).startswith(start)
    assert refusal(
        sqs.change_message_visibility,
        QueueUrl=url,
        ReceiptHandle=handle,
        VisibilityTimeout=beyond,
    ).startswith(start)
