"""Exercise 2: a fifth of an alias's calls go to the new version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.exercises.checks.lambda_versions.deploying import alias, invocations
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

NAME, ALIAS = "fees", "live"
OLD = 'def handler(event, context):\n    return {"fee_cents": 150}\n'
NEW = 'def handler(event, context):\n    return {"fee_cents": event.get("cents", 4000) // 25}\n'
WEIGHT, CALLS = 0.2, 40


def check(evidence: Evidence) -> Outcome:
    """The alias leads to version 1, a fifth of its calls to version 2; forty calls were made."""
    found = alias(evidence, NAME, ALIAS)
    if found is None:
        return Incorrect(
            f"The alias `{ALIAS}` is gone.",
            "the alias, which its callers know by name.",
            '`lab.begin("canary")` lays it again; `update_alias` changes it where it is.',
        )
    main, weights = found
    if main != "1":
        share = f", with {weights} beside it" if weights else ""
        return Incorrect(
            f"`{ALIAS}` leads to version {main}{share}.",
            f"version 1 for four calls out of five, version 2 for the fifth: {{'2': {WEIGHT}}}.",
            "`FunctionVersion` gets what the weights leave over. A canary begins with a small "
            "weight on the *new* version.",
        )
    if not weights:
        return _without_weights(evidence)
    if weights != {"2": WEIGHT}:
        return Incorrect(
            f"The weights of `{ALIAS}` are {weights}.",
            f"{{'2': {WEIGHT}}}.",
            "A weight is a share from 0 to 1, on the version that stands beside `FunctionVersion`.",
        )
    return _called(evidence)


def _called(evidence: Evidence) -> Outcome:
    split = [call for call in invocations(evidence, NAME, ALIAS) if _came_after(evidence, call)]
    if len(split) < CALLS:
        direct = len(invocations(evidence, NAME)) - len(invocations(evidence, NAME, ALIAS))
        if direct:
            return Incorrect(
                f"{direct} calls went past the alias: they named a version, or nothing.",
                f"{CALLS} calls with the qualifier `{ALIAS}`.",
                f"Weights are the alias's. Who calls `{NAME}` alone gets `$LATEST`, and no draw.",
            )
        return NotYet(
            f"The weights are right; {len(split)} calls have come through `{ALIAS}` since.",
            f"Call it {CALLS} times, and count the versions.",
        )
    new = sum(call.response["ExecutedVersion"] == "2" for call in split)
    return Passed(
        f"{new} of {len(split)} calls ran version 2. The share is a chance for each call, not a "
        f"quota: {CALLS} calls are few, so it need not be {int(CALLS * WEIGHT)}."
    )


def _without_weights(evidence: Evidence) -> Outcome:
    refused = [call for call in evidence.of("lambda", "UpdateAlias") if call.error_code]
    if refused:
        return Incorrect(
            f"UpdateAlias was refused with `{refused[-1].error_code}`.",
            f"the weight {WEIGHT} on version 2.",
            "A weight is a share from 0 to 1, not a percentage; both versions must be published.",
        )
    return NotYet(
        f"`{ALIAS}` sends all calls to version 1.",
        "Give version 2 a weight with `update_alias`.",
    )


def _came_after(evidence: Evidence, call: Call) -> bool:
    """Whether the call came after the last change of the alias."""
    changes = [one for one in evidence.of("lambda", "UpdateAlias") if not one.error_code]
    return not changes or call.index > changes[-1].index
