"""Exercise 3: the whole list, in calls that none of them takes long."""

from __future__ import annotations

from labkit.exercises.checks.cli.scene import POSTERS, lay_posters, listings
from labkit.exercises.frame import Evidence, Incorrect, MakeClient, NotYet, Outcome, Passed

SIZE = 100
CALLS = POSTERS // SIZE


def lay(client: MakeClient) -> None:
    """The posters."""
    lay_posters(client)


def check(evidence: Evidence) -> Outcome:
    """One run of calls in which each asks for a hundred keys, and all were fetched."""
    calls = listings(evidence)
    if not calls:
        return NotYet("The posters were not listed yet.", "How many keys does a call bring?")
    sizes = [int(call.params.get("MaxKeys") or 1000) for call in calls]
    small = [call for call, size in zip(calls, sizes, strict=True) if size <= SIZE]
    if not small:
        return NotYet(
            f"The calls asked for {max(sizes)} keys each.",
            "One option makes the pages smaller and leaves the list whole.",
        )
    fetched = sum(len(call.response.get("Contents", ())) for call in small)
    if fetched < POSTERS:
        return Incorrect(
            f"{len(small)} call of {SIZE} keys brought {fetched}."
            if len(small) == 1
            else f"{len(small)} calls brought {fetched} keys.",
            f"all {POSTERS}.",
            "`--no-paginate` stops after the first page, and `--max-items` when it has enough. "
            "Neither is about the size of a call.",
        )
    if min(sizes) < SIZE:
        return Incorrect(
            f"Calls of {min(sizes)} keys: {len(small)} calls were made.",
            f"pages of {SIZE}, which are {CALLS} calls.",
            "Each call has its own way to AWS and back, and its price. Smaller than needed is "
            "slower, and no safer.",
        )
    return Passed(
        f"{CALLS} calls of {SIZE} keys instead of two of up to 1,000; what is printed is the same. "
        "Each call is short, so none of them runs into the timeout."
    )
