"""SQS as an event source: messages are received in batches, and deleted when they are handled.

    visible ──→ received by Lambda ──→ handled ──→ deleted
                      │                   │
                      │              it fails: back when the visibility timeout is over,
                      │                        and after maxReceiveCount to the dead-letter queue
                 throttled: the same

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

from labkit import runtime
from labkit.fidelity.sqs.queue import Queue, at_ms
from labkit.runtime.destinations import queue_url
from labkit.runtime.sources.filters import wanted
from labkit.runtime.sources.poller import Poller, fitting

_AT_ONCE = 10  # messages in one ReceiveMessage


class QueuePoller(Poller):
    """Takes the messages of a queue to a function."""

    def __init__(self, mapping: Any, queue: Queue) -> None:
        super().__init__(mapping)
        self._queue = queue
        self._url = queue_url(mapping.event_source_arn)
        queue.listeners.append(self.arrived)
        self.arrived()

    def stop(self) -> None:
        """Look no more."""
        super().stop()
        if self.arrived in self._queue.listeners:
            self._queue.listeners.remove(self.arrived)

    def arrived(self) -> None:
        """Something has happened in the queue: look when a batch is there, or its time is up."""
        ready = self._queue.ready
        if ready == 0:
            self._when_something_shows()
        elif ready >= self.mapping.batch_size or not self.mapping.max_batch_window:
            self.wake()
        elif self._due is None:
            now = runtime.running().sandbox.clock.now
            self.wake(now + timedelta(seconds=self.mapping.max_batch_window))

    def _when_something_shows(self) -> None:
        change_ms = self._queue.next_change_ms()
        if change_ms is not None:
            self.wake(at_ms(change_ms))

    def look(self) -> None:
        """Receive up to a batch, hand it over, delete what was handled."""
        messages = self._received()
        records = [record_of(message, self.mapping) for message in messages]
        mine = [one for one in records if wanted(one, self.mapping.filter_criteria)]
        self._delete([one for one in records if one not in mine])
        while mine:
            batch = fitting(mine)
            mine = mine[len(batch) :]
            outcome = self.hand_over(batch)
            failed = None if outcome is None else self.batch_failures(outcome)
            ids = {one["messageId"] for one in batch}
            if failed is not None and failed <= ids:
                self._delete([one for one in batch if one["messageId"] not in failed])
        self.arrived()

    def _received(self) -> list[dict[str, Any]]:
        sqs, found = self.client("sqs"), list[dict[str, Any]]()
        while (missing := self.mapping.batch_size - len(found)) > 0:
            got = sqs.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=min(missing, _AT_ONCE),
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            ).get("Messages", [])
            if not got:
                break
            found += got
        return found

    def _delete(self, records: list[dict[str, Any]]) -> None:
        for start in range(0, len(records), _AT_ONCE):
            entries = [
                {"Id": str(number), "ReceiptHandle": record["receiptHandle"]}
                for number, record in enumerate(records[start : start + _AT_ONCE])
            ]
            self.client("sqs").delete_message_batch(QueueUrl=self._url, Entries=entries)


def record_of(message: dict[str, Any], mapping: Any) -> dict[str, Any]:
    """A message as a handler gets it."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {
            name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        **(
            {"md5OfMessageAttributes": message["MD5OfMessageAttributes"]}
            if "MD5OfMessageAttributes" in message
            else {}
        ),
        "eventSource": "aws:sqs",
        "eventSourceARN": mapping.event_source_arn,
        "awsRegion": mapping.region,
    }


def _attribute(value: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {"stringListValues": [], "binaryListValues": []}
    if "BinaryValue" in value:
        kept["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    else:
        kept["stringValue"] = value["StringValue"]
    return {**kept, "dataType": value["DataType"]}
