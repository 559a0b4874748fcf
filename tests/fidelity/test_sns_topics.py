"""Topics, and who subscribes to them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from labkit.facts import fact
from labkit.fidelity.mailbox import Inbox, inbox
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from tests.fidelity.scene import allow, document

Refusal = Callable[..., str]
HERE = "us-east-1:123456789012"
NEWS = f"arn:aws:sns:{HERE}:news"
QUEUE = f"arn:aws:sqs:{HERE}:orders"
INVALID = "InvalidParameter: Invalid parameter: "
SIX = "An ARN must have at least 6 elements, not 1"
ANA = "ana@example.com"


@pytest.fixture
def sns(sandbox: Sandbox) -> Any:
    return sandbox.client("sns")


@pytest.fixture
def news(sns: Any) -> Any:
    """A client, with the topic news."""
    sns.create_topic(Name="news")
    return sns


def attributes(sns: Any, arn: str = NEWS) -> dict[str, str]:
    return dict(sns.get_topic_attributes(TopicArn=arn)["Attributes"])


def of(sns: Any, subscription: str) -> dict[str, str]:
    return dict(sns.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"])


def subscribe(sns: Any, protocol: str = "sqs", endpoint: str = QUEUE, **more: Any) -> str:
    answer = sns.subscribe(TopicArn=NEWS, Protocol=protocol, Endpoint=endpoint, **more)
    return str(answer["SubscriptionArn"])


def last(box: Inbox) -> Any:
    assert box, "nothing has arrived"
    return box[-1]


# ---- topics ----


@pytest.mark.right
def test_a_topic_is_created_once(sns: Any) -> None:
    assert sns.create_topic(Name="news")["TopicArn"] == NEWS
    assert sns.create_topic(Name="news")["TopicArn"] == NEWS
    assert len(sns.list_topics()["Topics"]) == 1


@pytest.mark.mends
def test_a_topic_is_created_again_only_as_it_is(sns: Any, refusal: Refusal) -> None:
    tags = [{"Key": "desk", "Value": "cleo"}]
    policy = document(allow("sns:Publish", NEWS, Principal={"AWS": "123456789012"}))
    given = {"DisplayName": "News", "Policy": policy, "SignatureVersion": "2"}
    first = {"Name": "news", "Attributes": given, "Tags": tags}
    sns.create_topic(**first)

    assert sns.create_topic(**first)["TopicArn"] == NEWS
    assert refusal(sns.create_topic, Name="news", Attributes={"DisplayName": "Other"}) == (
        INVALID + "Attributes Reason: Topic already exists with different attributes"
    )
    assert refusal(sns.create_topic, Name="news", Tags=[*tags, {"Key": "a", "Value": "b"}]) == (
        INVALID + "Tags Reason: Topic already exists with different tags"
    )


@pytest.mark.mends
def test_a_topic_name_is_plain(sns: Any, refusal: Refusal) -> None:
    most, fifo = int(fact("sns.topic_name_max_chars")), {"FifoTopic": "true"}

    for name in ("the news", "news.fifo", "x" * (most + 1)):
        assert refusal(sns.create_topic, Name=name) == INVALID + "Topic Name"
    assert "must end with .fifo" in refusal(sns.create_topic, Name="news", Attributes=fifo)
    long = "x" * (most - 4) + ".fifo"
    assert refusal(sns.create_topic, Name=long, Attributes=fifo) == INVALID + "Topic Name"
    sns.create_topic(Name=long[1:], Attributes=fifo)


@pytest.mark.mends
def test_a_topic_is_named_by_an_arn(news: Any, refusal: Refusal) -> None:
    for call, more in (
        (news.publish, {"Message": "gala"}),
        (news.get_topic_attributes, {}),
        (news.subscribe, {"Protocol": "email", "Endpoint": ANA}),
    ):
        assert refusal(call, TopicArn="news", **more) == INVALID + f"TopicArn Reason: {SIX}"


@pytest.mark.right
def test_a_new_topic_is_its_owners(news: Any) -> None:
    [statement] = json.loads(attributes(news)["Policy"])["Statement"]

    assert statement["Condition"] == {"StringEquals": {"AWS:SourceOwner": "123456789012"}}
    assert "SNS:Publish" in statement["Action"]
    assert attributes(news)["Owner"] == "123456789012"


@pytest.mark.mends
def test_a_topic_shows_what_is_set(news: Any) -> None:
    shown = attributes(news)
    assert "DeliveryPolicy" not in shown
    assert json.loads(shown["EffectiveDeliveryPolicy"])["http"]["defaultHealthyRetryPolicy"]

    news.set_topic_attributes(
        TopicArn=NEWS, AttributeName="MaximumMessageSize", AttributeValue="1048576"
    )
    assert attributes(news)["MaximumMessageSize"] == "1048576"


@pytest.mark.mends
def test_a_topic_keeps_its_further_attributes(sns: Any) -> None:
    sns.create_topic(Name="news", Attributes={"SignatureVersion": "2"})
    assert attributes(sns)["SignatureVersion"] == "2"

    sns.set_topic_attributes(TopicArn=NEWS, AttributeName="TracingConfig", AttributeValue="Active")
    assert attributes(sns)["TracingConfig"] == "Active"


@pytest.mark.mends
def test_a_tag_is_given_once(news: Any, refusal: Refusal) -> None:
    twice = [{"Key": "desk", "Value": value} for value in ("ana", "ben")]

    said = INVALID + "Duplicated keys are not allowed."
    assert refusal(news.tag_resource, ResourceArn=NEWS, Tags=twice) == said
    assert refusal(news.create_topic, Name="other", Tags=twice) == said


@pytest.mark.mends
def test_only_known_attributes_are_set(news: Any, refusal: Refusal) -> None:
    for name in ("Colour", "FifoTopic", "Owner"):
        said = refusal(
            news.set_topic_attributes, TopicArn=NEWS, AttributeName=name, AttributeValue="x"
        )
        assert said == INVALID + "AttributeName"
    said = refusal(news.create_topic, Name="other", Attributes={"Colour": "red"})
    assert said.startswith(INVALID + "Attributes Reason: ")
    news.set_topic_attributes(TopicArn=NEWS, AttributeName="DisplayName", AttributeValue="News")
    assert attributes(news)["DisplayName"] == "News"


@pytest.mark.mends
def test_a_topic_policy_must_be_one(news: Any, refusal: Refusal) -> None:
    for text in ("let me in", '{"Statement": []}'):
        said = refusal(
            news.set_topic_attributes, TopicArn=NEWS, AttributeName="Policy", AttributeValue=text
        )
        assert said.startswith(INVALID + "Policy Error")


@pytest.mark.mends
def test_the_largest_message_has_its_range(sns: Any, refusal: Refusal) -> None:
    most = int(fact("sns.message_limit_max_bytes"))
    for size in ("1023", str(most + 1), "large"):
        said = refusal(sns.create_topic, Name="news", Attributes={"MaximumMessageSize": size})
        assert said.startswith(INVALID + "MaximumMessageSize")
    sns.create_topic(Name="news", Attributes={"MaximumMessageSize": str(most)})
    sns.publish(TopicArn=NEWS, Message="x" * most)


@pytest.mark.mends
def test_a_topic_for_large_messages_has_few_subscriptions(news: Any, refusal: Refusal) -> None:
    news.set_topic_attributes(
        TopicArn=NEWS, AttributeName="MaximumMessageSize", AttributeValue="1048576"
    )
    said = refusal(subscribe, sns=news, protocol="email", endpoint=ANA)
    assert said.startswith(INVALID + "MaximumMessageSize")
    for i in range(int(fact("sns.large_topic_subscriptions_max"))):
        subscribe(news, endpoint=f"{QUEUE}-{i}")
    assert refusal(subscribe, sns=news).startswith(INVALID)


@pytest.mark.mends
def test_a_topic_counts_its_subscriptions(news: Any) -> None:
    subscribe(news, endpoint=QUEUE)
    subscribe(news, "email", ANA)
    gone = subscribe(news, endpoint=QUEUE + "-2")
    news.unsubscribe(SubscriptionArn=gone)

    shown = attributes(news)
    counts = [shown[f"Subscriptions{kind}"] for kind in ("Confirmed", "Pending", "Deleted")]
    assert counts == ["1", "1", "1"]


@pytest.mark.right
def test_a_deleted_topic_takes_its_subscriptions_along(news: Any, refusal: Refusal) -> None:
    subscribe(news)
    for _ in range(2):
        news.delete_topic(TopicArn=NEWS)

    assert news.list_subscriptions()["Subscriptions"] == []
    assert refusal(attributes, sns=news) == "NotFound: Topic does not exist"


# ---- subscribing ----


@pytest.mark.mends
def test_a_protocol_is_one_of_nine(news: Any, refusal: Refusal) -> None:
    assert refusal(subscribe, sns=news, protocol="pigeon", endpoint="coop") == (
        INVALID + "Amazon SNS does not support this protocol string: pigeon"
    )


@pytest.mark.mends
def test_an_endpoint_fits_its_protocol(news: Any, refusal: Refusal) -> None:
    for protocol, endpoint, said in (
        ("email", "ana", "Email address"),
        ("http", "https://example.com", "Endpoint must match the specified protocol"),
        ("sqs", "orders", "SQS endpoint ARN"),
        ("sqs", NEWS, "SQS endpoint ARN"),
        ("lambda", QUEUE, "Lambda endpoint ARN"),
    ):
        assert refusal(subscribe, sns=news, protocol=protocol, endpoint=endpoint) == INVALID + said


@pytest.mark.mends
def test_a_fifo_topic_delivers_to_queues(sns: Any) -> None:
    arn = sns.create_topic(Name="news.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]

    with pytest.raises(ClientError, match="Invalid protocol type"):
        sns.subscribe(TopicArn=arn, Protocol="email", Endpoint=ANA)
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=QUEUE)


@pytest.mark.right
def test_a_fifo_queue_cannot_subscribe_to_a_standard_topic(
    news: Any, sqs: Any, refusal: Refusal
) -> None:
    sqs.create_queue(QueueName="orders.fifo", Attributes={"FifoQueue": "true"})

    said = refusal(subscribe, sns=news, endpoint=QUEUE + ".fifo")
    assert said.endswith("FIFO SQS Queues can not be subscribed to standard SNS topics")


@pytest.mark.mends
def test_only_known_settings_are_taken(news: Any, refusal: Refusal) -> None:
    said = refusal(subscribe, sns=news, Attributes={"Colour": "red"})
    assert said.startswith(INVALID + "Attributes Reason: ")
    assert news.list_subscriptions()["Subscriptions"] == []

    said = refusal(
        news.set_subscription_attributes,
        SubscriptionArn=subscribe(news),
        AttributeName="Colour",
        AttributeValue="red",
    )
    assert said == INVALID + "AttributeName"


@pytest.mark.mends
def test_raw_delivery_is_true_or_false(news: Any, refusal: Refusal) -> None:
    wrong = {"RawMessageDelivery": "perhaps"}
    what = "RawMessageDelivery: Invalid value [perhaps]. Must be true or false."

    said = refusal(subscribe, sns=news, Attributes=wrong)
    assert said == f"{INVALID}Attributes Reason: {what}"
    arn = subscribe(news, Attributes={"RawMessageDelivery": "true"})
    said = refusal(
        news.set_subscription_attributes,
        SubscriptionArn=arn,
        AttributeName="RawMessageDelivery",
        AttributeValue="perhaps",
    )
    assert said == INVALID + what


@pytest.mark.mends
def test_a_filter_policy_is_refused_before_anything_is_done(news: Any, refusal: Refusal) -> None:
    six = json.dumps({str(i): ["x"] for i in range(6)})
    for policy in ("{seat: A1}", "[]", six, '{"price": [{"numeric": ["<"]}]}'):
        said = refusal(subscribe, sns=news, Attributes={"FilterPolicy": policy})
        assert said.startswith("InvalidParameter: ")
        assert "FilterPolicy" in said
    said = refusal(subscribe, sns=news, Attributes={"FilterPolicyScope": "Subject"})
    assert "Please use either MessageBody or MessageAttributes" in said

    assert news.list_subscriptions()["Subscriptions"] == []


@pytest.mark.mends
def test_a_redrive_policy_names_a_queue(news: Any, refusal: Refusal) -> None:
    said = "RedrivePolicy: deadLetterTargetArn is an invalid arn"
    for policy in ({"deadLetterTargetArn": "dead"}, {"deadLetterTargetArn": NEWS}, {}):
        refused = refusal(subscribe, sns=news, Attributes={"RedrivePolicy": json.dumps(policy)})
        assert refused == f"{INVALID}Attributes Reason: {said}"
    assert "failed to parse JSON" in refusal(
        subscribe, sns=news, Attributes={"RedrivePolicy": "dead"}
    )


@pytest.mark.mends
def test_a_subscription_is_made_again_only_as_it_is(news: Any, refusal: Refusal) -> None:
    raw = {"RawMessageDelivery": "true"}
    arn = subscribe(news, Attributes=raw)

    assert subscribe(news) == subscribe(news, Attributes=raw) == arn
    assert refusal(subscribe, sns=news, Attributes={"RawMessageDelivery": "false"}) == (
        INVALID + "Attributes Reason: Subscription already exists with different attributes"
    )


@pytest.mark.mends
def test_a_subscription_that_is_not_there_is_not_changed(news: Any, refusal: Refusal) -> None:
    said = refusal(
        news.set_subscription_attributes,
        SubscriptionArn=NEWS + ":1234",
        AttributeName="RawMessageDelivery",
        AttributeValue="true",
    )
    assert said == "NotFound: Subscription does not exist"


@pytest.mark.mends
def test_what_is_unsubscribed_has_an_arn(news: Any, refusal: Refusal) -> None:
    said = refusal(news.unsubscribe, SubscriptionArn="PendingConfirmation")
    assert said == INVALID + f"SubscriptionArn Reason: {SIX}"
    news.unsubscribe(SubscriptionArn=NEWS + ":1234")  # AWS does not mind, either


@pytest.mark.mends
def test_a_subscription_knows_who_made_it(news: Any) -> None:
    principal = of(news, subscribe(news))["SubscriptionPrincipal"]

    assert principal == "arn:aws:iam::123456789012:user/learner"


# ---- asking first ----


@pytest.mark.mends
def test_who_reads_is_asked_first(news: Any, sandbox: Sandbox) -> None:
    assert subscribe(news, "email", ANA) == "pending confirmation"

    arn = subscribe(news, "email", "ben@example.com", ReturnSubscriptionArn=True)
    shown = of(news, arn)
    assert (shown["PendingConfirmation"], shown["ConfirmationWasAuthenticated"]) == (
        "true",
        "false",
    )
    news.publish(TopicArn=NEWS, Message="gala")
    assert len(inbox(sandbox, "ben@example.com")) == 1
    assert of(news, subscribe(news))["PendingConfirmation"] == "false"


@pytest.mark.mends
def test_a_pending_subscription_is_listed_as_such(news: Any) -> None:
    subscribe(news, "email", ANA)

    for answer in (news.list_subscriptions(), news.list_subscriptions_by_topic(TopicArn=NEWS)):
        [listed] = answer["Subscriptions"]
        assert (listed["SubscriptionArn"], listed["Endpoint"]) == ("PendingConfirmation", ANA)


@pytest.mark.mends
def test_an_address_gets_mail_once_it_has_confirmed(news: Any, sandbox: Sandbox) -> None:
    subscribe(news, "email", ANA)
    asked = last(inbox(sandbox, ANA))
    assert "Subscription Confirmation" in asked.subject
    assert asked.token in asked.link
    assert asked.click().startswith("Subscription confirmed!")

    news.publish(TopicArn=NEWS, Message="Doors at seven.", Subject="Gala")
    mail = last(inbox(sandbox, "Ana@Example.com"))
    assert mail.subject == "Gala"
    assert mail.text.startswith("Doors at seven.")
    [listed] = news.list_subscriptions()["Subscriptions"]
    assert listed["SubscriptionArn"] in mail.text
    assert of(news, listed["SubscriptionArn"])["ConfirmationWasAuthenticated"] == "false"


@pytest.mark.mends
def test_a_subscription_is_confirmed_with_its_token(
    news: Any, sandbox: Sandbox, refusal: Refusal
) -> None:
    subscribe(news, "email", ANA)
    assert refusal(news.confirm_subscription, TopicArn=NEWS, Token="open") == (
        "InvalidParameter: Invalid token"
    )
    assert refusal(news.confirm_subscription, TopicArn=NEWS, Token="0" * 256) == (INVALID + "Token")

    token = last(inbox(sandbox, ANA)).token
    arn = news.confirm_subscription(TopicArn=NEWS, Token=token, AuthenticateOnUnsubscribe="true")[
        "SubscriptionArn"
    ]
    assert of(news, arn)["ConfirmationWasAuthenticated"] == "true"
    assert of(news, arn)["PendingConfirmation"] == "false"


@pytest.mark.mends
def test_a_confirmation_token_is_void_after_two_days(
    news: Any, sandbox: Sandbox, clock: Clock, refusal: Refusal
) -> None:
    subscribe(news, "email", ANA)
    old = last(inbox(sandbox, ANA))
    clock.advance(seconds=int(fact("sns.confirmation_life_s")) + 1)

    assert refusal(news.confirm_subscription, TopicArn=NEWS, Token=old.token) == INVALID + "Token"
    assert "expired" in old.click()
    subscribe(news, "email", ANA)  # asks again
    news.confirm_subscription(TopicArn=NEWS, Token=last(inbox(sandbox, ANA)).token)


def test_a_message_without_a_link_cannot_be_clicked(news: Any, sandbox: Sandbox) -> None:
    news.publish(PhoneNumber="+15555550100", Message="Doors at seven.")

    with pytest.raises(Exception, match="has no link to click"):
        last(inbox(sandbox, "+15555550100")).click()
    assert "Doors at seven." in repr(inbox(sandbox, "+15555550100"))
    assert repr(inbox(sandbox, "nobody@example.com")) == "Nothing has arrived."
