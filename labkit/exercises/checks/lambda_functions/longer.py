"""Exercise 1: a poster that takes eight seconds, in a function that waits for three."""

from __future__ import annotations

from labkit.exercises.checks.lambda_functions.scene import settings
from labkit.exercises.checks.lambda_versions.deploying import invocations, sha_of
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed
from labkit.facts import fact

NAME = "poster"
NEEDS_S, MOST_S = 8, 20
CODE = f"""\
import time

def handler(event, context):
    time.sleep({NEEDS_S})  # stands for drawing
    return {{"key": "posters/romeo.png"}}
"""
_DEFAULT_S = int(fact("lambda.timeout_default_s"))


def check(evidence: Evidence) -> Outcome:
    """The function has time enough and not far too much, and a call has come to its end."""
    found = settings(evidence, NAME)
    if found["CodeSha256"] != sha_of(CODE):
        return Incorrect(
            f"The code of `{NAME}` is another one now.",
            "the same code, with time enough.",
            'It really takes that long. `lab.begin("longer")` lays the start again.',
        )
    timeout_s = found["Timeout"]
    wrong = _still_short(timeout_s, found["MemorySize"]) or _unfit(timeout_s)
    if wrong:
        return wrong
    done = [call for call in invocations(evidence, NAME) if "FunctionError" not in call.response]
    if not done:
        return NotYet(f"`{NAME}` may run for {timeout_s} s.", "Prove it: call it once more.")
    return Passed(
        f"{timeout_s} s are enough for the {NEEDS_S} that it takes, and short enough to notice "
        "when it hangs. The caller's own patience counts too: boto3 waits for 60 s by default."
    )


def _still_short(timeout_s: int, memory_mb: int) -> Outcome | None:
    if timeout_s > _DEFAULT_S:
        return None
    if memory_mb != 128:
        return Incorrect(
            f"`{NAME}` has {memory_mb} MB now, and still stops after {timeout_s} s.",
            "a longer timeout.",
            "More memory brings more CPU on AWS, and may well shorten such work. But what stops "
            "this function is a setting, and here the work takes eight seconds whatever it gets.",
        )
    return NotYet(
        f"`{NAME}` is stopped after {timeout_s} s, which nobody chose: it is the default.",
        "Give it more time in its configuration, then call it.",
    )


def _unfit(timeout_s: int) -> Outcome | None:
    if timeout_s <= NEEDS_S:
        return Incorrect(
            f"`{NAME}` is stopped after {timeout_s} s.",
            f"longer than the {NEEDS_S} s that it takes.",
            "The start of a cold environment comes on top, so leave some room.",
        )
    if timeout_s > MOST_S:
        return Incorrect(
            f"`{NAME}` may run for {timeout_s} s.",
            f"no more than {MOST_S} s.",
            "The day it hangs, each call waits that long, and is billed to the end. A timeout is "
            "a promise of how long it can take when all is well, with some room.",
        )
    return None
