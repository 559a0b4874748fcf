"""A switchboard of what AWS does now and then: throttle, answer late, fail, deliver twice.

    lab.faults.throttle("sqs", "SendMessage", times=3)     the next three are refused
    lab.faults.fail("s3", "PutObject", code="InternalError", served=True)
                                                           done, and yet answered with an error
    lab.faults.delay("dynamodb", "GetItem", seconds=2)     served two seconds later, by the clock
    lab.faults.duplicate("sqs")                            the next receive leaves a copy behind

A fault meets requests, not calls: when boto3 tries again by itself, each attempt counts. It is
over when it has met `times` of them. With `share=0.5` it passes over half of them, drawn from the
sandbox's seed. Parameters by name narrow it down: `Key="hamlet"`. labkit's own requests meet none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from labkit.errors import UsageError, nearest
from labkit.fidelity.throttling import Refusal, operations_of, refusal_of, throttle_of
from labkit.sandbox.choke import Exchange, Params
from labkit.sandbox.sandbox import Sandbox

Effect = Callable[[Exchange], None]


@dataclass(frozen=True)
class Target:
    """The requests that a fault is meant for: an operation, with these parameters if any."""

    service: str
    operation: str
    params: Params

    def __post_init__(self) -> None:
        known = operations_of(self.service)
        if self.operation not in known:
            suggestion = nearest(self.operation, known)
            raise UsageError(
                f"{self.service!r} has no operation {self.operation!r}.",
                "Services are named as for boto3.client, operations as AWS names them.",
                f"Did you mean {suggestion!r}?" if suggestion else "",
            )

    def __str__(self) -> str:
        named = "".join(f" {name}={value!r}" for name, value in self.params.items())
        return f"{self.service} {self.operation}{named}"

    def fits(self, exchange: Exchange) -> bool:
        """Whether this request is meant."""
        return (self.service, self.operation) == (exchange.service, exchange.operation) and all(
            exchange.params.get(name) == value for name, value in self.params.items()
        )


@dataclass(repr=False)
class Fault:
    """Something that will go wrong with the next requests of one kind."""

    target: Target
    what: str  # "refused with SlowDown (503)"
    effect: Effect
    served: bool  # whether it comes after the request was served
    left: int
    share: float

    def __post_init__(self) -> None:
        if self.left < 1:
            raise UsageError(f"times must be 1 or more, got {self.left}.")
        if not 0 < self.share <= 1:
            raise UsageError(f"share must be above 0 and at most 1, got {self.share}.")

    def __repr__(self) -> str:
        many = "one" if self.left == 1 else f"{self.left}"
        some = f", a share of {self.share:.0%}" if self.share < 1 else ""
        return f"{self.target}: the next {many}{some}, {self.what}."


class Faults:
    """The switchboard of a sandbox, and the hook of its choke point that carries it out."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._rng = Random(f"{sandbox.seed}/faults")
        self._waiting: list[Fault] = []

    # ---- the switches ----

    def throttle(
        self, service: str, operation: str, times: int = 1, share: float = 1, **params: Any
    ) -> Fault:
        """Refuse the next `times` requests as the service does when they come too fast."""
        target = Target(service, operation, params)
        return self._refuse(target, throttle_of(service, operation), False, times, share)

    def fail(
        self,
        service: str,
        operation: str,
        code: str,
        times: int = 1,
        share: float = 1,
        *,
        served: bool = False,
        **params: Any,
    ) -> Fault:
        """Answer the next `times` requests with the error `code`.

        With `served` the request is carried out first: the caller hears of a failure, and the
        deed is done.
        """
        target = Target(service, operation, params)
        refusal = refusal_of(service, operation, code)
        return self._refuse(target, refusal, served, times, share)

    def delay(
        self,
        service: str,
        operation: str,
        seconds: float,
        times: int = 1,
        share: float = 1,
        **params: Any,
    ) -> Fault:
        """Serve the next `times` requests only after `seconds`, by the sandbox's clock."""
        if seconds < 0:
            raise UsageError(f"seconds must be 0 or more, got {seconds:g}.")

        def wait(_: Exchange) -> None:
            self._sandbox.clock.advance(seconds=seconds)

        what = f"served {seconds:g} s late"
        return self._add(Fault(Target(service, operation, params), what, wait, False, times, share))

    def duplicate(self, service: str = "sqs", times: int = 1, **params: Any) -> Fault:
        """Let the next `times` receives leave a copy of each message in the queue.

        So it goes when one of the servers that hold the message does not hear of the receive.
        """
        if service != "sqs":
            raise UsageError(
                f"{service} cannot be made to deliver twice.",
                "Of the services here only a standard queue of SQS repeats a message by itself.",
                'Write lab.faults.duplicate("sqs").',
            )
        from labkit.fidelity.sqs.copies import leave_copies

        target, what = Target(service, "ReceiveMessage", params), "leaving a copy of each message"
        return self._add(Fault(target, what, leave_copies, True, times, 1))

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._waiting.clear()

    def __repr__(self) -> str:
        return "\n".join(map(repr, self._waiting)) or "No faults are waiting."

    def _refuse(
        self, target: Target, refusal: Refusal, served: bool, times: int, share: float
    ) -> Fault:
        def refuse(_: Exchange) -> None:
            raise refusal.error()

        deed = "served, and yet answered with" if served else "refused with"
        what = f"{deed} {refusal.code} ({refusal.status})"
        return self._add(Fault(target, what, refuse, served, times, share))

    def _add(self, fault: Fault) -> Fault:
        self._waiting.append(fault)
        return fault

    # ---- the hook ----

    def before(self, exchange: Exchange) -> Params | None:
        """Let happen what comes before the request is served."""
        self._happen(exchange, served=False)
        return None

    def after(self, exchange: Exchange, result: Callable[[], Params]) -> Params | None:
        """Let happen what comes after it was served."""
        self._happen(exchange, served=True)
        return None

    def _happen(self, exchange: Exchange, *, served: bool) -> None:
        if not self._waiting or self._sandbox.quiet:
            return
        for fault in list(self._waiting):
            if fault.served != served or not fault.target.fits(exchange):
                continue
            if self._rng.random() >= fault.share:
                continue
            fault.left -= 1
            if not fault.left:
                self._waiting.remove(fault)
            fault.effect(exchange)


def switchboard(sandbox: Sandbox) -> Faults:
    """The faults of an open sandbox."""
    return next(hook for hook in sandbox.choke.hooks if isinstance(hook, Faults))
