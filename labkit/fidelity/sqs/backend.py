"""The account's queues in a region: names that rest, long polls that move the clock."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

from moto.sqs import models as moto_sqs
from moto.sqs import urls

from labkit.fidelity.sqs.common import limit
from labkit.fidelity.sqs.queue import Queue, at_ms, now_ms
from labkit.fidelity.sqs.redrive import MoveTask
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.clock import Clock
from labkit.sandbox.sandbox import Sandbox


class Backend(moto_sqs.SQSBackend):
    """The queues of one region."""

    queues: dict[str, Queue]  # type: ignore[assignment]

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.deleted_at_ms: dict[str, int] = {}
        self.move_tasks: list[MoveTask] = []

    @property
    def _url_module(self) -> Any:
        return urls  # moto would look for it beside this module

    def delete_queue(self, queue_name: str) -> None:
        """Delete the queue; its name rests for a while."""
        super().delete_queue(queue_name)
        if not Sandbox.current().quiet:
            self.deleted_at_ms[queue_name] = now_ms()

    def rests(self, queue_name: str) -> bool:
        """Whether a queue of this name was deleted a moment ago.

        Not for labkit, which lays the same queues afresh whenever an exercise begins.
        """
        deleted_at = self.deleted_at_ms.get(queue_name)
        if deleted_at is None or Sandbox.current().quiet:
            return False
        return now_ms() - deleted_at < limit("name_rest_s") * 1000

    def dead_letter_queue_of(self, queue: Queue) -> Queue | None:
        """Where messages go that were received too often, if that queue still exists."""
        arn = (queue.redrive_policy or {}).get("deadLetterTargetArn", "")
        return next((other for other in self.queues.values() if other.queue_arn == arn), None)

    def receive_message(
        self,
        queue_name: str,
        count: int,
        wait_seconds_timeout: int,
        visibility_timeout: int,
        message_attribute_names: list[str] | None = None,
    ) -> list[Any]:
        """Receive; with a wait, move the clock to the next message or to the wait's end.

        now ──▶ next change of the queue, or due work ──▶ … ──▶ the end of the wait
                receive again; a message ends the poll           nothing: an empty answer
        """
        clock = Sandbox.current().clock
        end = clock.now + timedelta(seconds=wait_seconds_timeout)
        while True:
            queue: Any = self.get_queue(queue_name)
            messages = self._receive_now(queue, count, visibility_timeout, wait_seconds_timeout)
            if messages or clock.now >= end:
                return [_shown(message, message_attribute_names or []) for message in messages]
            clock.advance_to(min([end, *_next_events(clock, queue)]))

    def _receive_now(
        self, queue: Queue, count: int, visibility_timeout_s: int, wait_s: int
    ) -> list[Any]:
        most = limit("inflight_fifo_max" if queue.fifo_queue else "inflight_standard_max")
        room = most - queue.in_flight
        if room <= 0 and not wait_s and not queue.fifo_queue:
            raise AwsError(
                "OverLimit",
                f"The queue has reached its maximum of {most} messages in flight.",
            )
        dead_end = self.dead_letter_queue_of(queue) if queue.redrive_policy else None
        return queue.receive(max(0, min(count, room)), visibility_timeout_s, dead_end)

    def change_message_visibility(
        self, queue_name: str, receipt_handle: str, visibility_timeout: int
    ) -> None:
        """Hide a message in flight for longer or shorter."""
        queue: Any = self.get_queue(queue_name)
        queue.change_visibility(receipt_handle, visibility_timeout)


def _next_events(clock: Clock, queue: Any) -> list[Any]:
    change_ms = queue.next_change_ms()
    moments = (at_ms(change_ms) if change_ms is not None else None, clock.next_due)
    return [max(moment, clock.now) for moment in moments if moment is not None]


def _shown(message: Any, attribute_names: list[str]) -> Any:
    """A copy of the message with the attributes that were asked for."""
    shown = copy.copy(message)
    moto_sqs._filter_message_attributes(shown, attribute_names)
    return shown
