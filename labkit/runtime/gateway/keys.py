"""API keys, and the usage plans that say how much their holders may call.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from labkit.runtime.gateway.call import Call
from labkit.runtime.gateway.refusals import Refused


@dataclass(frozen=True)
class Holder:
    """An API key that was found good, with the usage plan by which it may call."""

    key: Any
    plan: Any
    stage: dict[str, Any]  # the plan's entry for the stage

    def method_throttle(self, call: Call) -> dict[str, Any]:
        """The plan's own limits for the method; empty if it has none."""
        wanted = f"{call.resource_path}/{call.incoming.method}".replace("//", "/")
        for name, limits in (self.stage.get("throttle") or {}).items():
            if name == wanted:
                return dict(limits)
        return {}


def holder_of(call: Call, method: Any, backend: Any, source: str) -> Holder | None:
    """The key and plan of a request; Refused if the method needs one and there is none."""
    value = call.usage_key if source == "AUTHORIZER" else call.incoming.headers.get("X-Api-Key")
    found = _find(call, backend, value or "")
    if method.api_key_required and found is None:
        why = "The request has no API key." if not value else "No plan of the stage has the key."
        raise Refused("INVALID_API_KEY", why=why)
    if found is not None:
        call.identity |= {"apiKey": found.key.value, "apiKeyId": found.key.id}
    return found if method.api_key_required else None


def _find(call: Call, backend: Any, value: str) -> Holder | None:
    key = next((one for one in backend.keys.values() if one.value == value and one.enabled), None)
    if key is None:
        return None
    for plan in backend.usage_plans.values():
        if key.id not in backend.usage_plan_keys.get(plan.id, {}):
            continue
        for stage in plan.api_stages:
            if (stage["apiId"], stage["stage"]) == (call.api_id, call.stage):
                return Holder(key, plan, stage)
    return None


class Quotas:
    """How much each key has used of its plan's quota, in the present period."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, str, str], int] = {}
        self._first: dict[tuple[str, str], str] = {}

    def is_used_up(self, holder: Holder, now: datetime) -> bool:
        """Whether nothing is left of the quota."""
        quota = holder.plan.quota
        if not quota:
            return False
        period = period_of(str(quota["period"]), now)
        first = self._first.setdefault((holder.plan.id, holder.key.id), period)
        most = int(quota["limit"]) - (int(quota.get("offset") or 0) if period == first else 0)
        return self._used.get((holder.plan.id, holder.key.id, period), 0) >= most

    def count(self, holder: Holder, now: datetime) -> None:
        """Count a request that was let pass."""
        if holder.plan.quota:
            period = period_of(str(holder.plan.quota["period"]), now)
            name = (holder.plan.id, holder.key.id, period)
            self._used[name] = self._used.get(name, 0) + 1


def period_of(kind: str, now: datetime) -> str:
    """The day, the week (from Monday) or the month of a time, in UTC.

    >>> period_of("MONTH", datetime(2026, 1, 5))
    '2026-01'
    """
    if kind == "DAY":
        return f"{now:%Y-%m-%d}"
    return f"{now:%G-W%V}" if kind == "WEEK" else f"{now:%Y-%m}"
