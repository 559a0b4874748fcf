"""Exercise 2: one environment variable more, and the others as they were."""

from __future__ import annotations

from labkit.exercises.checks.lambda_functions.scene import settings
from labkit.exercises.checks.lambda_versions.deploying import invocations, sha_of
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

NAME = "mail"
GIVEN = {"BUCKET": "receipts", "LANGUAGE": "de"}
KEY, VALUE = "SENDER", "tickets@example.com"
CODE = """\
import os

def handler(event, context):
    sender = os.environ.get("SENDER", "nobody")
    return f"from {sender}, in {os.environ['LANGUAGE']}, from {os.environ['BUCKET']}"
"""


def check(evidence: Evidence) -> Outcome:
    """All three variables are there, and the function has been called with them."""
    found = settings(evidence, NAME)
    if found["CodeSha256"] != sha_of(CODE):
        return Incorrect(
            f"The code of `{NAME}` is another one now.",
            "the same code, which reads the sender from its environment.",
            "What differs between test and production belongs into settings; then both run the "
            'same package. `lab.begin("sender")` lays the start again.',
        )
    wrong = _unfit(found.get("Environment", {}).get("Variables", {}))
    if wrong:
        return wrong
    if not invocations(evidence, NAME):
        return NotYet("All three variables are there.", f"Call `{NAME}`, and read what it says.")
    return Passed(
        "Three variables, and the call found them. New settings mean new environments: the first "
        "call after such a change is a cold start."
    )


def _unfit(variables: dict[str, str]) -> Outcome | None:
    lost = [f"`{name}`" for name in GIVEN if name not in variables]
    if KEY in variables and lost:
        return Incorrect(
            f"`{KEY}` is there, and {' and '.join(lost)} {'is' if len(lost) == 1 else 'are'} gone.",
            "all three.",
            "UpdateFunctionConfiguration replaces the variables as a whole. Read them, add yours, "
            "and hand over all of them.",
        )
    changed = [name for name, value in GIVEN.items() if variables.get(name, value) != value]
    if changed or lost:
        what = "has another value" if changed else "is gone"
        return Incorrect(
            f"`{changed[0] if changed else lost[0].strip('`')}` {what}.",
            f"`BUCKET` and `LANGUAGE` as before, and `{KEY}` besides.",
            'Others count on them. `lab.begin("sender")` lays the start again.',
        )
    if KEY not in variables:
        return _missing(variables)
    if variables[KEY] != VALUE:
        return Incorrect(f"`{KEY}` is {variables[KEY]!r}.", f"{VALUE!r}.", "A slip of the keys?")
    return None


def _missing(variables: dict[str, str]) -> Outcome:
    close = [name for name in variables if name.upper().strip("_") == KEY]
    if close:
        return Incorrect(
            f"The variable is called `{close[0]}`.",
            f"`{KEY}`, as the code spells it.",
            "Names of environment variables count upper and lower case.",
        )
    return NotYet(f"`{NAME}` has no `{KEY}`.", "Give it one, beside the two that it has.")
