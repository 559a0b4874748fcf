"""Ordinary calls on SQS, SNS, SES, Kinesis, EventBridge and CloudWatch."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Call = Callable[..., Any]
Wait = Callable[[int], None]


def sqs(call: Call, wait: Wait) -> None:
    """A queue and its dead-letter queue: send, receive, delete, in batches too."""
    queue = {"QueueUrl": call("sqs", "create_queue", QueueName="orders")["QueueUrl"]}
    dead = call("sqs", "create_queue", QueueName="orders-dlq")["QueueUrl"]
    arn = call("sqs", "get_queue_attributes", QueueUrl=dead, AttributeNames=["QueueArn"])
    redrive = {"deadLetterTargetArn": arn["Attributes"]["QueueArn"], "maxReceiveCount": 3}
    attributes = {"RedrivePolicy": json.dumps(redrive), "VisibilityTimeout": "60"}
    call("sqs", "set_queue_attributes", **queue, Attributes=attributes)
    call("sqs", "get_queue_attributes", **queue, AttributeNames=["All"])
    call("sqs", "get_queue_url", QueueName="orders")
    call("sqs", "list_queues", QueueNamePrefix="orders")
    call("sqs", "send_message", **queue, MessageBody="seat 12")
    named = {"kind": {"DataType": "String", "StringValue": "vip"}}
    call("sqs", "send_message", **queue, MessageBody="seat 13", MessageAttributes=named)
    entries = [{"Id": str(n), "MessageBody": f"seat {n}"} for n in (20, 21)]
    call("sqs", "send_message_batch", **queue, Entries=entries)
    got = call("sqs", "receive_message", **queue, MessageAttributeNames=["All"])["Messages"][0]
    handle = {**queue, "ReceiptHandle": got["ReceiptHandle"]}
    call("sqs", "change_message_visibility", **handle, VisibilityTimeout=10)
    call("sqs", "delete_message", **handle)
    many = call("sqs", "receive_message", **queue, MaxNumberOfMessages=10)["Messages"]
    entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(many)]
    call("sqs", "delete_message_batch", **queue, Entries=entries)
    call("sqs", "receive_message", **queue)
    call("sqs", "list_dead_letter_source_queues", QueueUrl=dead)
    call("sqs", "tag_queue", **queue, Tags={"kind": "hall"})
    call("sqs", "list_queue_tags", **queue)
    fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    call("sqs", "create_queue", QueueName="orders.fifo", Attributes=fifo)
    call("sqs", "purge_queue", **queue)
    call("sqs", "get_queue_url", QueueName="none")
    call("sqs", "delete_queue", QueueUrl=dead)


def sns(call: Call, wait: Wait) -> None:
    """A topic that fans out to a queue, with a filter."""
    topic = {"TopicArn": call("sns", "create_topic", Name="sales")["TopicArn"]}
    url = call("sqs", "create_queue", QueueName="sales-mail")["QueueUrl"]
    queue = "arn:aws:sqs:us-east-1:123456789012:sales-mail"
    let_in = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
    }
    policy_text = json.dumps({"Version": "2012-10-17", "Statement": [let_in]})
    call("sqs", "set_queue_attributes", QueueUrl=url, Attributes={"Policy": policy_text})
    made = call("sns", "subscribe", **topic, Protocol="sqs", Endpoint=queue)
    one = {"SubscriptionArn": made["SubscriptionArn"]}
    policy = {"AttributeName": "FilterPolicy", "AttributeValue": json.dumps({"kind": ["vip"]})}
    call("sns", "set_subscription_attributes", **one, **policy)
    call("sns", "get_subscription_attributes", **one)
    call("sns", "list_subscriptions_by_topic", **topic)
    call("sns", "list_topics")
    vip = {"kind": {"DataType": "String", "StringValue": "vip"}}
    call("sns", "publish", **topic, Message="two seats", MessageAttributes=vip)
    call("sns", "publish", **topic, Message="one seat")
    call(
        "sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"]
    )
    entries = [{"Id": str(n), "Message": f"seat {n}"} for n in (1, 2)]
    call("sns", "publish_batch", **topic, PublishBatchRequestEntries=entries)
    call("sns", "tag_resource", ResourceArn=topic["TopicArn"], Tags=[{"Key": "a", "Value": "b"}])
    call("sns", "list_tags_for_resource", ResourceArn=topic["TopicArn"])
    call("sns", "unsubscribe", **one)
    call("sns", "delete_topic", **topic)
    second = call("sns", "create_topic", Name="refunds")["TopicArn"]
    call("sns", "subscribe", TopicArn=second, Protocol="sqs", Endpoint=queue)


def ses(call: Call, wait: Wait) -> None:
    """An address, a template, a list of both."""
    call("ses", "verify_email_identity", EmailAddress="box@tickets.example")
    call("ses", "list_identities")
    template = {"TemplateName": "sold", "SubjectPart": "Sold", "TextPart": "Seat {{seat}}"}
    call("ses", "create_template", Template=template)
    call("ses", "get_template", TemplateName="sold")
    call("ses", "list_templates")


def kinesis(call: Call, wait: Wait) -> None:
    """A stream of two shards, written and read."""
    stream = {"StreamName": "turnstiles"}
    call("kinesis", "create_stream", **stream, ShardCount=2)
    wait(60)
    call("kinesis", "describe_stream_summary", **stream)
    shards = call("kinesis", "list_shards", **stream)["Shards"]
    call("kinesis", "put_record", **stream, Data=b"in", PartitionKey="gate-1")
    records = [{"Data": b"out", "PartitionKey": f"gate-{n}"} for n in range(4)]
    call("kinesis", "put_records", **stream, Records=records)
    first = {**stream, "ShardId": shards[0]["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
    at = call("kinesis", "get_shard_iterator", **first)["ShardIterator"]
    call("kinesis", "get_records", ShardIterator=at)
    call("kinesis", "list_streams")
    call("kinesis", "delete_stream", **stream)
    call("kinesis", "create_stream", StreamName="doors", ShardCount=1)


def events(call: Call, wait: Wait) -> None:
    """A rule with a target; a metric; a log."""
    pattern = json.dumps({"source": ["tickets"]})
    call("events", "put_rule", Name="sold", EventPattern=pattern)
    queue = "arn:aws:sqs:us-east-1:123456789012:orders"
    call("events", "put_targets", Rule="sold", Targets=[{"Id": "1", "Arn": queue}])
    call("events", "list_targets_by_rule", Rule="sold")
    call("events", "list_rules")
    datum = {"MetricName": "seats", "Value": 2, "Unit": "Count"}
    call("cloudwatch", "put_metric_data", Namespace="tickets", MetricData=[datum])
    call("cloudwatch", "list_metrics", Namespace="tickets")
    group = {"logGroupName": "/tickets"}
    call("logs", "create_log_group", **group)
    call("logs", "create_log_stream", **group, logStreamName="one")
    line = [{"timestamp": 1767603600000, "message": "sold"}]
    call("logs", "put_log_events", **group, logStreamName="one", logEvents=line)
    call("logs", "get_log_events", **group, logStreamName="one")
    call("logs", "describe_log_groups")


ALL = (sqs, sns, ses, kinesis, events)
