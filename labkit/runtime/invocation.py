"""One invocation: Lambda has room for it, or turns it away."""

from __future__ import annotations

import json

from labkit import runtime
from labkit.runtime.concurrency import reason_to_throttle
from labkit.runtime.outcome import Outcome
from labkit.runtime.targets import Target
from labkit.sandbox.choke import Reply


class Throttled(Exception):
    """Lambda has no environment to spare for an event; `reason` says whose limit was met."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def invoke(target: Target, event: bytes, request_id: str = "") -> Outcome:
    """Let a function handle an event now, and wait for it; Throttled if Lambda cannot."""
    running = runtime.running()
    with running.sandbox.choke.turn:
        reason = reason_to_throttle(running.pool, target)
        if reason is not None:
            raise Throttled(reason)
        outcome = running.run(target.function, event, request_id, target.arn)
        running.agenda.note(f"{target.name} {'failed' if outcome.failed else 'answered'}")
        return outcome


def throttled_reply(throttled: Throttled) -> Reply:
    """AWS's answer to one invocation too many."""
    body = {"Reason": throttled.reason, "Type": "User", "message": "Rate Exceeded."}
    headers = {"x-amzn-ErrorType": "TooManyRequestsException", "Content-Type": "application/json"}
    return 429, headers, json.dumps(body)
