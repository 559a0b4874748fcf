"""What Lambda does with a function's events: which environment takes each, and who gets a 429.

    event ──▶ a provisioned environment that is free    at once
          ──▶ another one that is free, warm            at once
          ──▶ a new one, cold                           after its start (Init)
          ──▶ none, because of a limit                  throttled

The limits: the function's own reserved concurrency or what the account has left, and how fast
environments may be added (a token bucket). A synchronous caller hears of a throttled event, and
here gives up; an asynchronous event waits in Lambda's queue and is tried again.

Time goes in steps, of which a whole number make up the duration of an event, so that a steady
stream keeps exactly rate × duration environments busy.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.errors import UsageError
from labkit.facts import fact
from labkit.models.lambda_concurrency.traffic import WINDOW_S, arrived
from labkit.models.token_bucket import full

if TYPE_CHECKING:
    from labkit.models.token_bucket import TokenBucket

SCALING = int(fact("lambda.scaling_environments"))
SCALING_S = int(fact("lambda.scaling_step_s"))
UNRESERVED_MIN = int(fact("lambda.unreserved_concurrency_min"))
RETRY_FIRST_S = 1
RETRY_MOST_S = int(fact("lambda.async_throttled_wait_max_s"))
STEP_MAX_S = 0.25
DURATION_MIN_S = 0.1  # a shorter event would meet a limit that is not modelled
SAMPLES = 120  # in a minute

BY_RESERVED, BY_ACCOUNT, BY_SCALING = "reserved", "account", "scaling"
REASONS = (BY_RESERVED, BY_ACCOUNT, BY_SCALING)


@dataclass(frozen=True)
class Params:
    """A function, its account, and what is asked of it."""

    shape: str
    rate_per_s: float
    duration_s: float
    init_s: float
    account: int
    others: int = 0  # what other functions of the account have at work
    reserved: int | None = None
    provisioned: int = 0
    asynchronous: bool = False

    def __post_init__(self) -> None:
        if self.duration_s < DURATION_MIN_S:
            raise UsageError(
                f"An event takes {self.duration_s} s.", f"It takes {DURATION_MIN_S} s or more here."
            )
        if (self.reserved or 0) > self.account - UNRESERVED_MIN:
            raise UsageError(
                f"{self.reserved} of {self.account} are to be reserved.",
                f"At least {UNRESERVED_MIN} stay unreserved.",
            )
        most = self.account - UNRESERVED_MIN if self.reserved is None else self.reserved
        if self.provisioned > most:
            raise UsageError(
                f"{self.provisioned} are to be provisioned.",
                f"At most {most} can be: what is reserved, or all but {UNRESERVED_MIN}.",
            )

    @property
    def limit(self) -> int:
        """How many events the function may handle at once."""
        if self.reserved is not None:
            return self.reserved
        return max(self.provisioned, self.account - self.others)


@dataclass(frozen=True)
class Sample:
    """The function at a moment; `idle` environments are warm and wait."""

    at_s: float
    provisioned_busy: int
    warm_busy: int
    starting: int
    idle: int
    waiting: int  # asynchronous events in Lambda's queue

    @property
    def concurrency(self) -> int:
        """How many events are handled: those whose environment is still starting count."""
        return self.provisioned_busy + self.warm_busy + self.starting


@dataclass(frozen=True)
class Second:
    """What became of the events that arrived or were tried again within a second."""

    arrived: int = 0
    provisioned: int = 0
    warm: int = 0
    cold: int = 0
    throttled: int = 0


@dataclass(frozen=True)
class Trace:
    """All that happened in the window."""

    params: Params
    step_s: float
    samples: list[Sample]
    seconds: list[Second]
    throttled_by: dict[str, int]
    waits_s: list[tuple[float, int]]  # how long before the handler began, and for how many events
    waiting: int  # events that are still in the queue at the end

    def total(self, what: str) -> int:
        """How many events of all seconds."""
        return sum([getattr(second, what) for second in self.seconds])

    @property
    def handled(self) -> int:
        """How many events got an environment."""
        return self.total("provisioned") + self.total("warm") + self.total("cold")

    @property
    def peak(self) -> int:
        """The highest concurrency."""
        return max([sample.concurrency for sample in self.samples])


class _Run:
    """The state of a run, step by step."""

    def __init__(self, params: Params) -> None:
        self.params = params
        self.per_event = max(2, math.ceil(params.duration_s / STEP_MAX_S - 1e-9))
        self.step_s = params.duration_s / self.per_event
        self.steps = math.ceil(WINDOW_S / self.step_s - 1e-9)
        self.init_steps = math.ceil(params.init_s / self.step_s - 1e-9)
        room = self.steps + self.per_event + self.init_steps + 2
        self.provisioned_end = [0] * room
        self.warm_end = [0] * room
        self.started = [0] * room
        self.due: list[list[int]] = [[] for _ in range(room)]  # by attempt, as (attempt, count)…
        self.idle_provisioned = params.provisioned
        self.idle = self.starting = self.warm_busy = self.waiting = 0
        self.scaling: TokenBucket = full(SCALING / SCALING_S, SCALING)
        self.throttled_by = {BY_RESERVED: 0, BY_ACCOUNT: 0, BY_SCALING: 0}
        self.now = [0, 0, 0, 0]  # provisioned, warm, cold, throttled in this step
        self.waits: list[list[float]] = []

    def release(self, step: int) -> None:
        """Events end, and environments are warm."""
        self.idle_provisioned += self.provisioned_end[step]
        self.starting -= self.started[step]
        self.warm_busy += self.started[step] - self.warm_end[step]
        self.idle += self.warm_end[step]

    def place(self, count: int, step: int, waited_s: float) -> int:
        """Give so many events an environment; how many get none."""
        params = self.params
        left = count
        took = min(left, self.idle_provisioned)
        self.idle_provisioned -= took
        self.provisioned_end[step + self.per_event] += took
        self.now[0] += took
        left -= took
        room = params.limit - params.provisioned - self.warm_busy - self.starting
        warm = min(left, self.idle, room)
        self.idle -= warm
        self.warm_busy += warm
        self.warm_end[step + self.per_event] += warm
        self.now[1] += warm
        self._wait(took + warm, waited_s)
        left -= warm
        return left - self._start(left, room - warm, step, waited_s) if left else 0

    def _start(self, left: int, room: int, step: int, waited_s: float) -> int:
        """Start new environments for what is left, as far as the limits allow; how many."""
        at_s = step * self.step_s
        cold = min(left, room, self.scaling.whole(at_s))
        if cold:
            self.scaling = self.scaling.take(cold, at_s)
            self.starting += cold
            self.started[step + self.init_steps] += cold
            self.warm_end[step + self.init_steps + self.per_event] += cold
            if not self.init_steps:  # they are warm at once
                self.starting -= cold
                self.warm_busy += cold
            self.now[2] += cold
            self._wait(cold, waited_s + self.params.init_s)
        refused = left - cold
        if refused:
            reason = BY_SCALING
            if cold == room:
                reason = BY_ACCOUNT if self.params.reserved is None else BY_RESERVED
            self.throttled_by[reason] += refused
            self.now[3] += refused
        return cold

    def _wait(self, count: int, seconds: float) -> None:
        if not count:
            return
        if self.waits and self.waits[-1][0] == seconds:
            self.waits[-1][1] += count
        else:
            self.waits.append([seconds, count])

    def advance(self, step: int, new: int) -> None:
        """Let a step pass in which so many new events arrive; those that wait come first."""
        self.release(step)
        self.now = [0, 0, 0, 0]
        again = self.due[step]
        for index in range(0, len(again), 2):
            attempt, count = again[index], again[index + 1]
            self.waiting -= count
            left = self.place(count, step, _waited_s(attempt))
            self.put_back(left, step, attempt + 1)
        if new:
            self.put_back(self.place(new, step, 0.0), step, 1)

    def put_back(self, count: int, step: int, attempt: int) -> None:
        """Keep throttled asynchronous events for another attempt."""
        if not count or not self.params.asynchronous:
            return
        self.waiting += count
        wait_s = _waited_s(attempt) - _waited_s(attempt - 1)
        at = step + math.ceil(wait_s / self.step_s - 1e-9)
        if at < self.steps:
            self.due[at] += [attempt, count]

    def sample(self, step: int) -> Sample:
        """The state as it is now."""
        return Sample(
            step * self.step_s,
            self.params.provisioned - self.idle_provisioned,
            self.warm_busy,
            self.starting,
            self.idle + self.idle_provisioned,
            self.waiting,
        )


def _waited_s(attempts: int) -> float:
    """How long an event has waited after so many attempts in vain: 1, then 2, then 4 seconds…"""
    waited_s = 0
    for attempt in range(attempts):
        waited_s += min(RETRY_MOST_S, RETRY_FIRST_S * 2**attempt)
    return waited_s


def run(params: Params) -> Trace:
    """What happens in a minute, from an account without any environment of the function."""
    state = _Run(params)
    samples: list[Sample] = []
    seconds = [[0] * 5 for _ in range(WINDOW_S)]
    before = 0
    for step in range(state.steps):
        at_s = step * state.step_s
        until_s = min(float(WINDOW_S), (step + 1) * state.step_s)
        total = int(arrived(params.shape, params.rate_per_s, until_s) + 1e-9)
        state.advance(step, total - before)
        second = seconds[int(at_s + 1e-9)]
        second[0] += total - before
        for index, count in enumerate(state.now):
            second[index + 1] += count
        before = total
        while len(samples) * WINDOW_S <= (at_s + 1e-9) * SAMPLES:
            samples.append(state.sample(step))
    samples.append(state.sample(state.steps - 1))
    waits_s = sorted([(seconds_, int(count)) for seconds_, count in state.waits])
    return Trace(
        params,
        state.step_s,
        samples,
        [Second(*counts) for counts in seconds],
        state.throttled_by,
        waits_s,
        state.waiting,
    )
