"""Exercise 4: places for the checkout, and no more than some for the reports."""

from __future__ import annotations

from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

CHECKOUT, REPORTS = "checkout", "reports"
CODE = "def handler(event, context):\n    return event\n"
RATE_PER_S, DURATION_MS, MOST_REPORTS = 400, 500, 50
NEEDED = RATE_PER_S * DURATION_MS // 1000


def check(evidence: Evidence) -> Outcome:
    """The checkout has its places, and the reports cannot take more than theirs."""
    checkout, reports = (_reserved(evidence, name) for name in (CHECKOUT, REPORTS))
    if checkout is None and reports is None:
        tried = [call for call in evidence.of("lambda") if call.error_code]
        if tried:
            return NotYet(
                f"`{tried[-1].operation}` was refused with `{tried[-1].error_code}`.",
                "`put_function_concurrency` reserves for a function, whatever its version.",
            )
        return NotYet("Nothing is reserved.", "Begin with the checkout: rate × duration.")
    wrong = _wrong_number(checkout, reports)
    if wrong is not None:
        return wrong
    if checkout is None or reports is None:
        missing = CHECKOUT if checkout is None else REPORTS
        return NotYet(
            f"`{missing}` has nothing of its own, and shares what is left with all others.",
            "Reserve for it as well.",
        )
    return Passed(
        f"{NEEDED} buyers at once are safe from whatever else runs in the account, and the "
        f"reports stop at {MOST_REPORTS}: the same setting, once as a guarantee and once as a "
        "fence. The other functions share what is left."
    )


def _wrong_number(checkout: int | None, reports: int | None) -> Incorrect | None:
    if checkout == RATE_PER_S:
        return Incorrect(
            f"`{CHECKOUT}` has {checkout} places, as many as requests a second.",
            "as many as are in work at the same time.",
            f"A request leaves its place after {DURATION_MS} ms, so that a place handles two of "
            "them a second.",
        )
    if checkout is not None and checkout != NEEDED:
        return Incorrect(
            f"`{CHECKOUT}` has {checkout} places.",
            f"{RATE_PER_S} requests a second, each of {DURATION_MS / 1000} s.",
            "Concurrency is rate × duration, in the same unit of time. "
            + (
                "With fewer, some buyers get 429."
                if checkout < NEEDED
                else "What is reserved here too much is missing elsewhere, used or not."
            ),
        )
    if reports == 0:
        return Incorrect(
            f"`{REPORTS}` has no place, so that it never runs.",
            f"{MOST_REPORTS}.",
            "Zero is the way to stop a function, for example one that runs wild.",
        )
    if reports is not None and reports != MOST_REPORTS:
        return Incorrect(
            f"`{REPORTS}` has {reports} places.",
            f"{MOST_REPORTS}.",
            "The number that is reserved is also the most that it can have.",
        )
    return None


def _reserved(evidence: Evidence, name: str) -> int | None:
    found = evidence.client("lambda").get_function_concurrency(FunctionName=name)
    value = found.get("ReservedConcurrentExecutions")
    return None if value is None else int(value)
