"""Messages on their way from a topic to its subscribers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from botocore.exceptions import ClientError

from labkit.facts import fact
from labkit.fidelity.mailbox import inbox
from labkit.fidelity.sns.envelope import Notification, envelope, lambda_event
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from tests.fidelity.scene import document, zipped

Refusal = Callable[..., str]
HERE = "us-east-1:123456789012"
NEWS = f"arn:aws:sns:{HERE}:news"
FIFO = NEWS + ".fifo"
INVALID = "InvalidParameter: Invalid parameter: "


@pytest.fixture
def news(sandbox: Sandbox) -> Any:
    """A client, with the topics news and news.fifo."""
    sns = sandbox.client("sns")
    sns.create_topic(Name="news")
    sns.create_topic(Name="news.fifo", Attributes={"FifoTopic": "true"})
    return sns


def opened(arn: str) -> str:
    """A queue's policy that lets SNS in."""
    return document(
        {
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
        }
    )


@pytest.fixture
def queue(sqs: Any, create: Callable[..., str]) -> Callable[..., str]:
    """Makes a queue that lets SNS in, and returns its ARN."""

    def queue(name: str = "orders", **attributes: object) -> str:
        arn = f"arn:aws:sqs:{HERE}:{name}"
        create(name, Policy=opened(arn), **attributes)
        return arn

    return queue


@pytest.fixture
def received(sqs: Any) -> Callable[..., list[Any]]:
    """All messages of a queue."""

    def received(name: str = "orders") -> list[Any]:
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        answer = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        return list(answer.get("Messages", []))

    return received


def subscribe(sns: Any, arn: str, topic: str = NEWS, **attributes: Any) -> str:
    answer = sns.subscribe(
        TopicArn=topic, Protocol=arn.split(":")[2], Endpoint=arn, Attributes=attributes
    )
    return str(answer["SubscriptionArn"])


def publish(sns: Any, message: str = "gala", topic: str = NEWS, **more: Any) -> Any:
    return sns.publish(TopicArn=topic, Message=message, **more)


def texts(messages: list[Any]) -> list[str]:
    return [json.loads(one["Body"])["Message"] for one in messages]


# ---- what a message may be ----


@pytest.mark.mends
def test_a_topic_that_is_not_there_is_not_published_to(news: Any, refusal: Refusal) -> None:
    assert refusal(publish, sns=news, topic=NEWS + "-2") == "NotFound: Topic does not exist"


@pytest.mark.mends
def test_an_empty_message_is_refused(news: Any, refusal: Refusal) -> None:
    assert refusal(publish, sns=news, message="") == INVALID + "Empty message"


@pytest.mark.mends
def test_a_message_is_weighed_with_its_attributes(news: Any, refusal: Refusal) -> None:
    most = int(fact("sns.message_default_max_bytes"))
    kind = {"kind": {"DataType": "String", "StringValue": "x"}}  # 4 + 6 + 1 bytes

    publish(news, "x" * (most - 11), MessageAttributes=kind)
    said = INVALID + "Message too long"
    assert refusal(publish, sns=news, message="x" * (most - 10), MessageAttributes=kind) == said
    assert refusal(publish, sns=news, message="é" * (most // 2 + 1)) == said


@pytest.mark.mends
def test_a_subject_is_a_short_line(news: Any, refusal: Refusal) -> None:
    most = int(fact("sns.subject_max_chars"))
    publish(news, Subject="x" * most)

    for subject in ("x" * (most + 1), "two\nlines", "bell\a", ""):
        assert refusal(publish, sns=news, Subject=subject) == INVALID + "Subject"


@pytest.mark.mends
def test_a_message_by_protocol_has_a_default(
    news: Any, refusal: Refusal, queue: Callable[..., str], received: Callable[..., list[Any]]
) -> None:
    structure = {"MessageStructure": "json"}
    none = INVALID + "Message Structure - No default entry in JSON message body"
    for message in ('{"sqs": "gala"}', '{"default": {"object": 1}}', "[]"):
        assert refusal(publish, sns=news, message=message, **structure) == none
    assert refusal(publish, sns=news, message="{gala", **structure) == (
        INVALID + "Message Structure - JSON message body failed to parse"
    )

    subscribe(news, queue())
    publish(news, '{"default": "all", "sqs": "queues"}', **structure)
    publish(news, '{"default": "all", "email": "readers"}', **structure)
    assert texts(received()) == ["queues", "all"]


@pytest.mark.mends
def test_an_attribute_has_a_type_and_a_value(news: Any, refusal: Refusal) -> None:
    for kind, value, said in (
        ("Text", "gala", "has an invalid message attribute type, the set of supported type"),
        ("String", "", "must contain non-empty message attribute value for message attribute type"),
    ):
        attributes = {"kind": {"DataType": kind, "StringValue": value}}
        refused = refusal(publish, sns=news, MessageAttributes=attributes)
        assert refused.startswith(f"ParameterValueInvalid: The message attribute 'kind' {said}")


@pytest.mark.mends
def test_a_number_is_a_number(news: Any, refusal: Refusal) -> None:
    price = {"price": {"DataType": "Number", "StringValue": "cheap"}}
    assert refusal(publish, sns=news, MessageAttributes=price) == (
        "ParameterValueInvalid: Could not cast message attribute 'price' value to number."
    )


@pytest.mark.mends
def test_a_message_has_one_target(news: Any, refusal: Refusal) -> None:
    assert refusal(news.publish, Message="gala") == (
        INVALID + "TopicArn or TargetArn Reason: no value for required parameter"
    )
    target = f"arn:aws:sns:{HERE}:endpoint/APNS/seats/12345"
    assert refusal(news.publish, Message="gala", TargetArn=target) == (
        INVALID + "TargetArn Reason: No endpoint found for the target arn specified"
    )


@pytest.mark.mends
def test_a_telephone_number_is_complete(news: Any, refusal: Refusal) -> None:
    for number in ("15555550100", "+0123", "anna"):
        assert refusal(news.publish, Message="gala", PhoneNumber=number) == (
            INVALID + f"PhoneNumber Reason: {number} is not valid to publish to"
        )


# ---- who gets it ----


@pytest.mark.right
def test_a_message_fans_out(
    news: Any, queue: Callable[..., str], received: Callable[..., list[Any]]
) -> None:
    for name in ("orders", "audit"):
        subscribe(news, queue(name))
    id = publish(news)["MessageId"]

    for name in ("orders", "audit"):
        [message] = received(name)
        body = json.loads(message["Body"])
        assert (body["MessageId"], body["Message"], body["TopicArn"]) == (id, "gala", NEWS)


@pytest.mark.mends
def test_a_queue_must_let_sns_in(
    news: Any, sqs: Any, create: Callable[..., str], received: Callable[..., list[Any]]
) -> None:
    arn = f"arn:aws:sqs:{HERE}:orders"
    url = create()
    subscribe(news, arn)
    publish(news, "unheard")
    assert received() == []

    for source, message in ((NEWS + "-2", "for another topic"), (NEWS, "heard")):
        only = json.loads(opened(arn))
        only["Statement"][0]["Condition"] = {"ArnEquals": {"aws:SourceArn": source}}
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(only)})
        publish(news, message)
    assert texts(received()) == ["heard"]


@pytest.mark.mends
def test_an_envelope_is_written_as_sns_writes_it(
    news: Any, queue: Callable[..., str], received: Callable[..., list[Any]]
) -> None:
    arn = subscribe(news, queue())
    publish(
        news,
        Subject="Gala",
        MessageAttributes={"price": {"DataType": "Number", "StringValue": "12"}},
    )
    [message] = received()
    body = json.loads(message["Body"])

    assert list(body) == [
        "Type",
        "MessageId",
        "TopicArn",
        "Subject",
        "Message",
        "Timestamp",
        "SignatureVersion",
        "Signature",
        "SigningCertURL",
        "UnsubscribeURL",
        "MessageAttributes",
    ]
    assert body["UnsubscribeURL"].endswith(f"SubscriptionArn={arn}")
    assert body["MessageAttributes"] == {"price": {"Type": "Number", "Value": "12"}}
    assert message["Body"].startswith('{\n  "Type" : "Notification",\n')


@pytest.mark.right
def test_a_raw_message_has_no_envelope(
    news: Any, queue: Callable[..., str], received: Callable[..., list[Any]]
) -> None:
    subscribe(news, queue(), RawMessageDelivery="true")
    kind = {"kind": {"DataType": "String", "StringValue": "seat"}}
    publish(news, MessageAttributes=kind)

    [message] = received()
    assert message["Body"] == "gala"
    assert message["MessageAttributes"]["kind"]["StringValue"] == "seat"


@pytest.mark.mends
def test_a_raw_message_has_ten_attributes_at_most(
    news: Any, queue: Callable[..., str], received: Callable[..., list[Any]]
) -> None:
    subscribe(news, queue(), RawMessageDelivery="true")
    for count in (10, 11):
        many = {str(i): {"DataType": "String", "StringValue": "x"} for i in range(count)}
        publish(news, f"with {count}", MessageAttributes=many)

    assert [message["Body"] for message in received()] == ["with 10"]


@pytest.mark.right
def test_a_filter_policy_goes_by_attributes(
    news: Any, queue: Callable[..., str], received: Callable[..., list[Any]]
) -> None:
    policy = {
        "event": ["sold", {"prefix": "re"}],
        "price": [{"numeric": [">", 10, "<=", 50]}],
        "hall": [{"anything-but": "closed"}],
        "test": [{"exists": False}],
    }
    subscribe(news, queue(), FilterPolicy=json.dumps(policy))

    def say(message: str, **attributes: str) -> None:
        kinds = {"price": "Number"}
        given = {
            name: {"DataType": kinds.get(name, "String"), "StringValue": value}
            for name, value in attributes.items()
        }
        publish(news, message, MessageAttributes=given)

    say("one", event="sold", price="50", hall="great")
    say("two", event="returned", price="10.5", hall="great")
    say("wrong event", event="shown", price="20", hall="great")
    say("too dear", event="sold", price="51", hall="great")
    say("closed", event="sold", price="20", hall="closed")
    say("a test", event="sold", price="20", hall="great", test="yes")
    say("no hall", event="sold", price="20")
    assert texts(received()) == ["one", "two"]


@pytest.mark.mends
def test_a_filter_can_be_turned_to_the_body(
    news: Any, queue: Callable[..., str], received: Callable[..., list[Any]]
) -> None:
    arn = subscribe(news, queue(), FilterPolicy='{"event": ["sold"]}')
    news.set_subscription_attributes(
        SubscriptionArn=arn, AttributeName="FilterPolicyScope", AttributeValue="MessageBody"
    )
    publish(news, '{"event": "sold"}')
    publish(news, '{"event": "shown"}')

    assert texts(received()) == ['{"event": "sold"}']


@pytest.mark.mends
def test_what_cannot_be_delivered_goes_to_the_dead_letter_queue(
    news: Any, queue: Callable[..., str], received: Callable[..., list[Any]]
) -> None:
    redrive = json.dumps({"deadLetterTargetArn": queue("dead")})
    subscribe(news, f"arn:aws:sqs:{HERE}:nowhere", RedrivePolicy=redrive)
    subscribe(news, f"arn:aws:lambda:{HERE}:function:nothing", RedrivePolicy=redrive)

    publish(news)

    assert texts(received("dead")) == ["gala", "gala"]


# ---- functions and readers ----


def test_an_event_is_what_aws_records() -> None:
    notification = Notification(
        "id-1", NEWS, NEWS + ":sub-1", "gala", "2026-01-05T09:00:00.000Z", None, {}
    )
    [record] = lambda_event(notification)["Records"]

    assert {name: record[name] for name in ("EventSource", "EventVersion")} == {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
    }
    assert record["EventSubscriptionArn"] == NEWS + ":sub-1"
    assert set(record["Sns"]) == {
        "Type",
        "MessageId",
        "TopicArn",
        "Subject",
        "Message",
        "Timestamp",
        "SignatureVersion",
        "Signature",
        "SigningCertUrl",
        "UnsubscribeUrl",
        "MessageAttributes",
    }
    assert record["Sns"]["Subject"] is None  # null in the event, left out of the envelope
    assert "Subject" not in envelope(notification)


@pytest.mark.mends
def test_a_function_gets_the_real_event(
    news: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from moto.awslambda.models import LambdaFunction

    events: list[Any] = []
    monkeypatch.setattr(
        LambdaFunction, "invoke", lambda _, body, *more: events.append(json.loads(body))
    )
    sandbox.client("iam").create_role(
        RoleName="printer",
        AssumeRolePolicyDocument=document(
            {"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ),
    )
    function = sandbox.client("lambda").create_function(
        FunctionName="print",
        Runtime="python3.13",
        Role="arn:aws:iam::123456789012:role/printer",
        Handler="print.handler",
        Code={"ZipFile": zipped()},
    )["FunctionArn"]
    arn = subscribe(news, function)
    attributes = {"price": {"DataType": "Number", "StringValue": "12"}}
    id = publish(news, Subject="Gala", MessageAttributes=attributes)["MessageId"]

    [record] = events[0]["Records"]
    assert record["EventSubscriptionArn"] == arn
    told = record["Sns"]
    assert (told["MessageId"], told["TopicArn"], told["Subject"]) == (id, NEWS, "Gala")
    assert told["MessageAttributes"] == {"price": {"Type": "Number", "Value": "12"}}
    assert told["Timestamp"].startswith("2026-01-05T09:00")


@pytest.fixture
def endpoint() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The URL of an HTTP server of this machine, and what it is sent: type and body."""
    posted: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            posted.append((self.headers.get("x-amz-sns-message-type", ""), body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/news", posted
    server.shutdown()
    server.server_close()


@pytest.mark.mends
def test_an_endpoint_is_asked_over_http(
    news: Any, clock: Clock, endpoint: tuple[str, list[tuple[str, str]]]
) -> None:
    url, posted = endpoint
    answer = news.subscribe(TopicArn=NEWS, Protocol="http", Endpoint=url)
    assert answer["SubscriptionArn"] == "pending confirmation"
    publish(news, "unheard")
    clock.advance(seconds=1)

    [(kind, body)] = posted
    asked = json.loads(body)
    assert (kind, asked["Type"]) == ("SubscriptionConfirmation", "SubscriptionConfirmation")
    assert asked["Token"] in asked["SubscribeURL"]
    news.confirm_subscription(TopicArn=NEWS, Token=asked["Token"])
    publish(news)
    clock.advance(seconds=1)
    kind, body = posted[1]
    assert (kind, json.loads(body)["Message"]) == ("Notification", "gala")


@pytest.mark.mends
def test_an_email_can_be_json(news: Any, sandbox: Sandbox) -> None:
    news.subscribe(TopicArn=NEWS, Protocol="email-json", Endpoint="ana@example.com")
    for asked in inbox(sandbox, "ana@example.com"):
        asked.click()
    publish(news)

    [_, mail] = inbox(sandbox, "ana@example.com") or pytest.fail("no mail")
    assert json.loads(mail.text)["Message"] == "gala"


@pytest.mark.mends
def test_a_text_message_arrives_at_its_number(news: Any, sandbox: Sandbox) -> None:
    number = "+15555550100"
    news.publish(PhoneNumber=number, Message="one")
    news.subscribe(TopicArn=NEWS, Protocol="sms", Endpoint=number)
    publish(news, "two")

    assert [text.text for text in inbox(sandbox, number)] == ["one", "two"]


# ---- FIFO ----


@pytest.mark.mends
def test_a_fifo_message_has_a_group(news: Any, refusal: Refusal) -> None:
    said = refusal(publish, sns=news, topic=FIFO, MessageDeduplicationId="1")
    assert said == INVALID + "The MessageGroupId parameter is required for FIFO topics"


@pytest.mark.mends
def test_a_fifo_message_can_be_told_from_others(news: Any, refusal: Refusal) -> None:
    said = refusal(publish, sns=news, topic=FIFO, MessageGroupId="hall")
    assert said == (
        INVALID + "The topic should either have ContentBasedDeduplication enabled or "
        "MessageDeduplicationId provided explicitly"
    )


@pytest.mark.right
def test_a_standard_topic_takes_no_deduplication_id(news: Any, refusal: Refusal) -> None:
    said = refusal(publish, sns=news, MessageDeduplicationId="1")
    assert said == (
        INVALID + "MessageDeduplicationId Reason: The request includes MessageDeduplicationId "
        "parameter that is not valid for this topic type"
    )


@pytest.mark.mends
def test_group_and_deduplication_ids_are_plain(news: Any, refusal: Refusal) -> None:
    for wrong in ("great hall", "x" * (int(fact("sns.group_id_max_chars")) + 1)):
        said = refusal(
            publish, sns=news, topic=FIFO, MessageGroupId=wrong, MessageDeduplicationId="1"
        )
        assert said.startswith(INVALID + "MessageGroupId")
        said = refusal(
            publish, sns=news, topic=FIFO, MessageGroupId="hall", MessageDeduplicationId=wrong
        )
        assert said.startswith(INVALID + "MessageDeduplicationId")


@pytest.mark.mends
def test_a_fifo_message_is_numbered(news: Any) -> None:
    numbers = [
        publish(news, topic=FIFO, MessageGroupId="hall", MessageDeduplicationId=id)[
            "SequenceNumber"
        ]
        for id in "12"
    ]
    assert numbers == sorted(set(numbers))
    assert [len(number) for number in numbers] == [20, 20]
    assert "SequenceNumber" not in publish(news)


@pytest.mark.mends
def test_a_fifo_topic_delivers_once_in_five_minutes(
    news: Any, clock: Clock, queue: Callable[..., str], received: Callable[..., list[Any]]
) -> None:
    subscribe(news, queue(), FIFO)  # a standard queue, which itself sorts nothing out
    interval_s = int(fact("sns.fifo_dedup_interval_s"))
    more = {"MessageGroupId": "hall", "MessageDeduplicationId": "1"}

    publish(news, "first", FIFO, **more)
    clock.advance(seconds=interval_s - 1)
    assert publish(news, "again", FIFO, **more)["MessageId"]
    clock.advance(seconds=1)
    publish(news, "later", FIFO, **more)

    assert texts(received()) == ["first", "later"]


@pytest.mark.mends
def test_a_fifo_topic_delivers_to_a_standard_queue(
    news: Any, queue: Callable[..., str], received: Callable[..., list[Any]]
) -> None:
    subscribe(news, queue(), FIFO)
    answer = publish(news, topic=FIFO, MessageGroupId="hall", MessageDeduplicationId="1")

    [message] = received()
    assert json.loads(message["Body"])["SequenceNumber"] == answer["SequenceNumber"]


@pytest.mark.mends
def test_a_hash_of_the_content_goes_along_to_the_queue(
    news: Any, queue: Callable[..., str], received: Callable[..., list[Any]]
) -> None:
    news.set_topic_attributes(
        TopicArn=FIFO, AttributeName="ContentBasedDeduplication", AttributeValue="true"
    )
    subscribe(news, queue("orders.fifo"), FIFO)  # without content-based deduplication
    for message in ("one", "one", "two"):
        publish(news, message, FIFO, MessageGroupId=f"hall-{message}")

    assert texts(received("orders.fifo")) == ["one", "two"]


# ---- batches ----


def batch(sns: Any, *entries: dict[str, Any], topic: str = NEWS) -> Any:
    return sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=list(entries))


def entry(id: str, message: str = "gala", **more: Any) -> dict[str, Any]:
    return {"Id": id, "Message": message, **more}


@pytest.mark.right
def test_a_batch_has_ten_messages_with_ids_of_their_own(news: Any) -> None:
    most = int(fact("sns.batch_max"))
    assert len(batch(news, *[entry(str(i)) for i in range(most)])["Successful"]) == most

    with pytest.raises(ClientError, match="TooManyEntriesInBatchRequest"):
        batch(news, *[entry(str(i)) for i in range(most + 1)])
    with pytest.raises(ClientError, match="BatchEntryIdsNotDistinct"):
        batch(news, entry("1"), entry("1"))


@pytest.mark.mends
def test_a_batch_has_its_form(news: Any) -> None:
    half = "x" * (int(fact("sns.message_default_max_bytes")) // 2)
    with pytest.raises(ClientError, match="EmptyBatchRequest"):
        batch(news)
    with pytest.raises(ClientError, match="InvalidBatchEntryId"):
        batch(news, entry("number 1"))
    with pytest.raises(ClientError, match="BatchRequestTooLong"):
        batch(news, entry("1", half), entry("2", half + "x"))
    batch(news, entry("1", half), entry("2", half))


@pytest.mark.mends
def test_each_message_of_a_batch_stands_for_itself(
    news: Any, queue: Callable[..., str], received: Callable[..., list[Any]]
) -> None:
    subscribe(news, queue())
    answer = batch(news, entry("1", "good"), entry("2", Subject="two\nlines"), entry("3", ""))

    assert [one["Id"] for one in answer["Successful"]] == ["1"]
    assert [(one["Id"], one["Code"], one["Message"]) for one in answer["Failed"]] == [
        ("2", "InvalidParameter", "Invalid parameter: Subject"),
        ("3", "InvalidParameter", "Invalid parameter: Empty message"),
    ]
    assert texts(received()) == ["good"]


@pytest.mark.mends
def test_messages_of_a_fifo_batch_are_numbered(news: Any) -> None:
    entries = [
        entry(id, MessageGroupId="hall", MessageDeduplicationId=id) for id in ("1", "2", "3")
    ]
    numbers = [one["SequenceNumber"] for one in batch(news, *entries, topic=FIFO)["Successful"]]

    assert numbers == sorted(set(numbers))
    assert len(numbers) == 3
