"""Exercise 3: half of the refunds fail; the alias goes back to the version that works."""

from __future__ import annotations

from labkit.exercises.checks.lambda_versions.deploying import (
    alias,
    asked,
    invocations,
    sha_by_version,
    sha_of,
)
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

NAME, ALIAS = "refunds", "live"
OLD = 'def handler(event, context):\n    return {"refunded_cents": event["cents"]}\n'
NEW = 'def handler(event, context):\n    return {"refunded_cents": event["amount"]}\n'
CALLS = 5


def check(evidence: Evidence) -> Outcome:
    """The alias leads to version 1 alone, and calls through it succeed; nothing was uploaded."""
    versions = sha_by_version(evidence, NAME)
    if set(versions) - {"$LATEST", "1", "2"} or versions.get("$LATEST") != sha_of(NEW):
        return Incorrect(
            f"New code was uploaded to `{NAME}`.",
            "a way back to what ran before, without an upload.",
            "A mended version may come tomorrow, with a test. Now customers wait, and version 1 "
            'is there, untouched. `lab.begin("rollback")` lays the start again.',
        )
    found = alias(evidence, NAME, ALIAS)
    if found is None:
        return Incorrect(
            f"The alias `{ALIAS}` is gone, and with it every call that names it.",
            "the alias, leading to version 1 alone.",
            "`update_alias` changes where it leads, and its callers notice nothing.",
        )
    main, weights = found
    if main == "1" and weights:
        return Incorrect(
            f"`{ALIAS}` leads to version 1, and still sends a share to others: {weights}.",
            "no weights.",
            "UpdateAlias leaves alone what you do not name. Empty weights: "
            '`RoutingConfig={"AdditionalVersionWeights": {}}`.',
        )
    if main != "1":
        return _not_back(main, weights, evidence)
    after = invocations(evidence, NAME, ALIAS)
    good = _unbroken([call.response.get("FunctionError") is None for call in after])
    if good < CALLS:
        return NotYet(
            f"`{ALIAS}` leads to version 1 alone. {good} calls through it have succeeded in a row.",
            f"Prove it: {CALLS} calls.",
        )
    return Passed(
        "One call to UpdateAlias, and every caller has the old version back, without an upload "
        "and without anybody's settings being touched. Version 2 is still there for whoever "
        "looks for the fault."
    )


def _not_back(main: str, weights: dict[str, float], evidence: Evidence) -> Outcome:
    if main == "2" and weights == {"1": 0.5}:
        refused = [call for call in evidence.of("lambda", "UpdateAlias") if call.error_code]
        direct = [call for call in evidence.of("lambda", "Invoke") if asked(call)[1] in "12"]
        seen = "UpdateAlias was refused. " if refused else ""
        seen += "You have called the versions one by one. " if direct else ""
        return NotYet(
            f"{seen}`{ALIAS}` is as it was: version 2, and half of the calls to version 1.",
            "Find out which version fails, then let the alias lead to the other one alone.",
        )
    if weights:
        return Incorrect(
            f"`{ALIAS}` leads to version {main}, with {weights} beside it.",
            "version 1 as its `FunctionVersion`, and no weights.",
            "Whoever takes the weights away next, sends all calls to the version that fails.",
        )
    return Incorrect(
        f"`{ALIAS}` leads to version {main} alone, so that now every call fails.",
        "version 1 as its `FunctionVersion`.",
        "The weights named version 1, the version beside. To drop them leaves the main one.",
    )


def _unbroken(succeeded: list[bool]) -> int:
    """How many calls have succeeded since the last that failed."""
    return next(
        (count for count, good in enumerate(reversed(succeeded)) if not good), len(succeeded)
    )
