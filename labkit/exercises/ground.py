"""Laying a start state afresh: an earlier attempt's queues and buckets go, then new ones come."""

from __future__ import annotations

from typing import Any


def remove_queues(sqs: Any, *names: str) -> None:
    """None of these queues is there, whether or not they were."""
    for name in names:
        try:
            url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        except sqs.exceptions.QueueDoesNotExist:
            continue
        sqs.delete_queue(QueueUrl=url)


def remove_bucket(s3: Any, name: str) -> None:
    """The bucket is not there, nor is anything that lay in it."""
    try:
        listed = s3.list_objects_v2(Bucket=name)
    except s3.exceptions.NoSuchBucket:
        return
    for item in listed.get("Contents", []):
        s3.delete_object(Bucket=name, Key=item["Key"])
    s3.delete_bucket(Bucket=name)
