"""Throttling: a request takes a token from each bucket that it concerns.

    its API key's in the usage plan, for the method and for all
    the method's in the stage
    the account's in the Region

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
"""

from __future__ import annotations

from typing import Any

from labkit.facts import fact
from labkit.runtime.gateway.buckets import Buckets
from labkit.runtime.gateway.call import Call
from labkit.runtime.gateway.keys import Holder, Quotas
from labkit.runtime.gateway.refusals import Refused

Wanted = tuple[tuple[str, ...], float, float]


class Limits:
    """The buckets and quotas of one sandbox."""

    def __init__(self) -> None:
        self.buckets = Buckets()
        self.quotas = Quotas()

    def check(self, call: Call, settings: dict[str, Any], holder: Holder | None = None) -> None:
        """Let a request pass, or refuse it: too fast (THROTTLED), or too much (QUOTA_EXCEEDED)."""
        if holder is not None and self.quotas.is_used_up(holder, call.at):
            raise Refused("QUOTA_EXCEEDED", why=f"The quota of plan {holder.plan.id} is used up.")
        wanted = [*_of_plan(call, holder), *_of_method(call, settings), _of_account(call)]
        if not self.buckets.let_pass(wanted, call.at):
            raise Refused("THROTTLED")
        if holder is not None:
            self.quotas.count(holder, call.at)


def _of_plan(call: Call, holder: Holder | None) -> list[Wanted]:
    if holder is None:
        return []
    whose = ("plan", holder.plan.id, holder.key.id, call.api_id, call.stage)
    found = []
    for more, limits in (
        ((), holder.plan.throttle),
        ((call.resource_path, call.incoming.method), holder.method_throttle(call)),
    ):
        if limits:
            found.append(_wanted((*whose, *more), limits, "rateLimit", "burstLimit"))
    return found


def _of_method(call: Call, settings: dict[str, Any]) -> list[Wanted]:
    """The stage's limit holds for each method by itself."""
    if "throttlingRateLimit" not in settings and "throttlingBurstLimit" not in settings:
        return []
    whose = ("stage", call.api_id, call.stage, call.resource_path, call.incoming.method)
    return [_wanted(whose, settings, "throttlingRateLimit", "throttlingBurstLimit")]


def _of_account(call: Call) -> Wanted:
    return (
        ("account", call.account, call.region),
        float(fact("apigateway.rate_default_per_s")),
        float(fact("apigateway.burst_default")),
    )


def _wanted(whose: tuple[str, ...], limits: dict[str, Any], rate: str, burst: str) -> Wanted:
    return (
        whose,
        float(limits.get(rate, fact("apigateway.rate_default_per_s"))),
        float(limits.get(burst, fact("apigateway.burst_default"))),
    )
