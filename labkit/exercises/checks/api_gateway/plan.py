"""Exercise 2: a partner's key gets a plan with a rate and a burst."""

from __future__ import annotations

from typing import Any

from labkit.exercises.checks.api_gateway.apis import STAGE, id_of
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

NAME, PATH, PARTNER, PLAN = "posters", "/posters", "museum", "partners"
RATE, BURST = 2.0, 5


def check(evidence: Evidence) -> Outcome:
    """A plan joins the museum's key and the stage, with the rate and burst that were agreed."""
    apigateway = evidence.client("apigateway")
    api = id_of(apigateway, NAME)
    plans = [p for p in apigateway.get_usage_plans()["items"] if p["name"] == PLAN]
    if not plans:
        return NotYet(
            f"There is no usage plan `{PLAN}`.",
            "Make one for the stage, with the rate and the burst that were agreed.",
        )
    plan = plans[-1]
    throttle = plan.get("throttle") or {}
    found = (throttle.get("rateLimit"), throttle.get("burstLimit"))
    if found == (BURST, RATE):
        return Incorrect(
            f"The plan lets {BURST} a second pass in the long run, and {RATE:g} at once.",
            f"{RATE:g} a second, and {BURST} at once.",
            "`rateLimit` is how fast tokens drip in, `burstLimit` how many the bucket holds.",
        )
    if found != (RATE, BURST):
        seen = "no throttle" if found == (None, None) else f"rate and burst {found}"
        return Incorrect(
            f"The plan has {seen}.",
            f"`rateLimit` {RATE:g} and `burstLimit` {BURST}.",
            "Without both, the partner shares the stage's limits with everybody.",
        )
    if {"apiId": api, "stage": STAGE} not in _stages(plan):
        return Incorrect(
            f"The plan does not name the stage `{STAGE}` of `{NAME}`.",
            f"`apiStages` with the API's id and `{STAGE}`.",
            "A key opens the stages of its plans and no others, so the museum still gets 403.",
        )
    return _of_the_keys(apigateway, plan)


def _of_the_keys(apigateway: Any, plan: dict[str, Any]) -> Outcome:
    keys = apigateway.get_usage_plan_keys(usagePlanId=plan["id"])["items"]
    if PARTNER not in {one["name"] for one in keys}:
        return NotYet(
            f"The plan is right, and the key `{PARTNER}` is not in it.",
            "`create_usage_plan_key` joins the two.",
        )
    if len(keys) > 1:
        return Incorrect(
            "Other keys are in the plan too.",
            f"the key `{PARTNER}` alone.",
            "Whoever holds one of those keys has the partner's rights at this stage.",
        )
    return Passed(
        f"The museum's key opens `{STAGE}`, at {RATE:g} requests a second and {BURST} at once. "
        "The key counts its requests; it proves nothing about who sends them."
    )


def _stages(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"apiId": s["apiId"], "stage": s["stage"]} for s in plan.get("apiStages") or []]
