"""Lambda looks into a queue or a stream for a function, and hands over what it finds in batches."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any

from labkit import runtime
from labkit.facts import fact
from labkit.fidelity.authorisation import people
from labkit.runtime.functions import SERVICE
from labkit.runtime.invocation import Throttled, invoke
from labkit.runtime.outcome import Outcome
from labkit.runtime.targets import Target, find
from labkit.sandbox.clock import Due

_ROOM_BYTES = 1024  # of the largest event, for what is around the records


class Poller(ABC):
    """One event source mapping at work; `mapping` is moto's.

    It looks when something has come, and not in between: on AWS it never stops looking.
    """

    def __init__(self, mapping: Any) -> None:
        self.mapping = mapping
        self._due: Due | None = None

    def wake(self, when: datetime | None = None) -> None:
        """Look at `when`, or as soon as the clock moves, unless that is to happen earlier."""
        agenda = runtime.running().agenda
        when = when or agenda.sandbox.clock.now
        if self._due is not None:
            if self._due.at <= when:
                return
            self._due.cancel()
        self._due = agenda.at(when, self._look)

    def stop(self) -> None:
        """Look no more."""
        if self._due is not None:
            self._due.cancel()

    def _look(self) -> None:
        self._due = None
        if self.mapping.enabled and self._target() is not None:
            self.look()

    @abstractmethod
    def look(self) -> None:
        """Take what there is to the function."""

    def _target(self) -> Target | None:
        """The function, if it is still there."""
        from moto.awslambda.exceptions import LambdaClientError

        try:
            return find(
                self.mapping.account_id, self.mapping.region, str(self.mapping.function_name)
            )
        except LambdaClientError:
            return None

    def client(self, service: str) -> Any:
        """A client in the function's role, which is what has to be allowed to read the source."""
        target = self._target()
        assert target is not None
        session = people.as_service(target.function.role, SERVICE, target.name)
        return session.client(service, region_name=self.mapping.region)

    def hand_over(self, records: list[dict[str, Any]]) -> Outcome | None:
        """Let the function handle a batch; None if Lambda has no room for it now."""
        target = self._target()
        assert target is not None
        event = json.dumps({"Records": records}, separators=(",", ":"), ensure_ascii=False)
        try:
            return invoke(target, event.encode())
        except Throttled:
            return None

    def batch_failures(self, outcome: Outcome) -> set[str] | None:
        """The ids that a function reports as failed; None if the whole batch is.

        Only where the mapping asks for reports: else an answer, whatever it says, is a success.
        https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
        """
        if outcome.failed:
            return None
        if "ReportBatchItemFailures" not in (self.mapping.function_response_types or ()):
            return set()
        try:
            answer = outcome.json()
            failures = (answer or {}).get("batchItemFailures") or []
            named = {one["itemIdentifier"] for one in failures}
        except (AttributeError, KeyError, TypeError, ValueError):
            return None
        return None if named & {"", None} else named


def fitting(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As many of the records, from the first, as one event has room for; at least one."""
    room, taken = int(fact("lambda.request_max_bytes")) - _ROOM_BYTES, 0
    for record in records:
        room -= len(json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode()) + 1
        if room < 0 and taken:
            break
        taken += 1
    return records[:taken]
