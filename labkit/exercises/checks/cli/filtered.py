"""Exercise 5: the same answer from fewer keys."""

from __future__ import annotations

from labkit.exercises.checks.cli.scene import POSTERS, key, lay_posters, listings
from labkit.exercises.frame import Evidence, Incorrect, MakeClient, NotYet, Outcome, Passed

PREFIX = "2026/"
WANTED = sum(key(number).startswith(PREFIX) for number in range(POSTERS))


def lay(client: MakeClient) -> None:
    """The posters."""
    lay_posters(client)


def check(evidence: Evidence) -> Outcome:
    """One call that asked for the prefix, and no call for everything."""
    calls = listings(evidence)
    if not calls:
        return NotYet("The posters were not listed yet.", "How many keys have to come over?")
    asked = [call for call in calls if call.params.get("Prefix")]
    whole = [call for call in calls if not call.params.get("Prefix")]
    if whole:
        return Incorrect(
            f"{len(whole)} calls fetched keys of any year.",
            f"one call, for the {WANTED} of {PREFIX}.",
            "`--query` picks from what has come. What shall not come in the first place, a "
            "parameter of the operation has to say; S3 has `--prefix`. "
            '`lab.begin("filtered")` starts afresh.',
        )
    wrong = [call.params["Prefix"] for call in asked if call.params["Prefix"] != PREFIX]
    if wrong:
        return Incorrect(
            f"The prefix was {wrong[0]!r}.",
            f"{PREFIX!r}.",
            "A prefix is the beginning of a key, to the letter; `2026` without the slash would "
            "also find `20260/`.",
        )
    fetched = sum(len(call.response.get("Contents", ())) for call in asked)
    if len(asked) > 1 or fetched < WANTED:
        return Incorrect(
            f"{len(asked)} calls brought {fetched} keys.",
            f"one call that brings all {WANTED}.",
            f"{WANTED} keys fit on one page. `--page-size` and `--max-items` are not needed.",
        )
    return Passed(
        f"{WANTED} keys came over, in one call. Filters of the service work before the answer, "
        "`--query` after it; on long lists the first saves time and money, and the second both "
        "typing and reading."
    )
