"""What API Gateway does with requests: buckets in their order, then the cache, then the back end.

    request ──▶ usage plan ──▶ method ──▶ account ──▶ cache ──▶ back end
                        └─ no token: 429 ─┘             └─ hit: answered here

A request takes a token of each bucket or of none. Requests are so many that they flow: within a
step they are spread evenly. Each client has a bucket of its own in the usage plan; as all clients
here ask alike, their buckets are one that is so many times larger.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
"""

from __future__ import annotations

from dataclasses import dataclass

from labkit.errors import UsageError
from labkit.models.api_throttle.traffic import STEPS, STEPS_PER_S, asked
from labkit.models.token_bucket import SLACK, TokenBucket, flow, full

PLAN, METHOD, ACCOUNT = "plan", "method", "account"
ORDER = (PLAN, METHOD, ACCOUNT)
NEVER = -1.0


@dataclass(frozen=True)
class Limit:
    """A throttle: tokens a second, and how many are kept."""

    rate_per_s: float
    burst: float


@dataclass(frozen=True)
class Params:
    """An API, its limits, and what is asked of it."""

    shape: str
    rate_per_s: float
    method: Limit
    account: Limit
    plan: Limit | None = None
    clients: int = 1
    others_part: float = 0.0  # of the account's tokens, what other APIs take as they come in
    ttl_s: float = 0.0
    answers: int = 1  # different ones, asked for in turn
    backend_s: float = 0.1

    def __post_init__(self) -> None:
        if not 0 <= self.others_part <= 1:
            raise UsageError(f"Others take {self.others_part} of the account.", "It is 0 to 1.")
        if self.clients < 1 or self.answers < 1:
            raise UsageError(
                f"There are {self.clients} clients and {self.answers} answers.",
                "There is at least one of each.",
            )

    def buckets(self) -> list[TokenBucket]:
        """The buckets in the order in which they are asked, all full."""
        plan = self.plan or Limit(NO_LIMIT, NO_LIMIT)
        rate_per_s = self.account.rate_per_s * (1 - self.others_part)
        return [
            full(plan.rate_per_s * self.clients, plan.burst * self.clients),
            full(self.method.rate_per_s, self.method.burst),
            full(rate_per_s, self.account.burst),
        ]


NO_LIMIT = 1e9


@dataclass(frozen=True)
class Step:
    """A tenth of a second: what arrived, what became of it, and the tokens at its end."""

    asked: int
    hits: int
    backend: int
    refused: int
    refused_by: str
    tokens: tuple[float, ...]  # by bucket, in order

    @property
    def passed(self) -> int:
        """How many got an answer."""
        return self.hits + self.backend


@dataclass(frozen=True)
class Trace:
    """All that happened in the window."""

    params: Params
    steps: list[Step]

    def total(self, what: str) -> int:
        """How many requests of all steps."""
        return sum([getattr(step, what) for step in self.steps])

    def refused_by(self, bucket: str) -> int:
        """How many that bucket refused."""
        return sum([step.refused for step in self.steps if step.refused_by == bucket])

    def most_per_s(self, what: str) -> int:
        """The most within a whole second."""
        counts: list[int] = [getattr(step, what) for step in self.steps]
        seconds = range(0, len(counts), STEPS_PER_S)
        return max([sum(counts[start : start + STEPS_PER_S]) for start in seconds])


class _Cache:
    """Which answers are kept; one is there once the back end has given it, until its TTL is over.

    Requests that come while the back end is still at work on the same answer go there as well.
    """

    def __init__(self, params: Params) -> None:
        self.params = params
        self.comes = [NEVER] * params.answers  # when the back end will have given it
        self.until = [NEVER] * params.answers
        self.next = 0

    def hits(self, count: int, at_s: float) -> int:
        """How many of so many requests, for the answers in turn, the cache can answer."""
        answers = self.params.answers
        if not self.params.ttl_s:
            return 0
        each, more = count // answers, count % answers
        hits = 0
        for number in range(answers if each else more):
            answer = (self.next + number) % answers
            times = each + (number < more)
            if self.is_there(answer, at_s):
                hits += times
        self.next = (self.next + count) % answers
        return hits

    def is_there(self, answer: int, at_s: float) -> bool:
        """Whether an answer is kept; if not, it is asked for."""
        comes = self.comes[answer]
        if comes != NEVER and comes <= at_s + SLACK:
            self.until[answer] = comes + self.params.ttl_s
            self.comes[answer] = comes = NEVER
        if self.until[answer] > at_s + SLACK:
            return True
        if comes == NEVER:
            self.comes[answer] = at_s + self.params.backend_s
        return False


def run(params: Params) -> Trace:
    """What happens in the window, from full buckets and an empty cache."""
    buckets: tuple[TokenBucket, ...] = tuple(params.buckets())
    cache = _Cache(params)
    steps: list[Step] = []
    asked_all = passed_all = 0.0
    asked_before = passed_before = 0
    for number in range(STEPS):
        came = asked(params.shape, params.rate_per_s, number)
        flowed = flow(buckets, came, (number + 1) / STEPS_PER_S)
        buckets = flowed.buckets
        asked_all += came
        passed_all += flowed.passed
        count = int(asked_all + 1e-6) - asked_before
        passed = min(count, int(passed_all + 1e-6) - passed_before)
        asked_before += count
        passed_before += passed
        hits = cache.hits(passed, number / STEPS_PER_S)
        by = "" if flowed.refused_by is None else ORDER[flowed.refused_by]
        if count > passed and not by:  # the rest of a request that was refused in parts
            by = next((step.refused_by for step in reversed(steps) if step.refused_by), METHOD)
        steps.append(
            Step(
                count,
                hits,
                passed - hits,
                count - passed,
                by if count > passed else "",
                tuple([bucket.tokens for bucket in buckets]),
            )
        )
    return Trace(params, steps)
