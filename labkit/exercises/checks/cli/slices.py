"""Exercise 4: a list in slices, and nothing fetched twice."""

from __future__ import annotations

from labkit.exercises.checks.cli.scene import lay_posters, listings
from labkit.exercises.frame import Evidence, Incorrect, MakeClient, NotYet, Outcome, Passed

SLICE = 400


def lay(client: MakeClient) -> None:
    """The posters."""
    lay_posters(client)


def check(evidence: Evidence) -> Outcome:
    """Two calls of 400 keys, of which the second goes on where the first ended."""
    calls = listings(evidence)
    if not calls:
        return NotYet("The posters were not listed yet.", f"Begin with the first {SLICE}.")
    sizes = [int(call.params.get("MaxKeys") or 1000) for call in calls]
    if sizes[-1] != SLICE:
        return _of_another_size(sizes)
    starts = [n for n, call in enumerate(calls) if not call.params.get("ContinuationToken")]
    return _in_slices(len(calls) - starts[-1])


def _of_another_size(sizes: list[int]) -> Outcome:
    if sizes == [1000]:
        return NotYet(
            "The call asked for 1,000 keys, whatever was printed.",
            f"Ask for {SLICE} of them, and print as many.",
        )
    if sizes[-2:] == [1000, 1000]:
        return Incorrect(
            f"{len(sizes)} calls, and each fetched 1,000 keys from the beginning.",
            f"two calls of {SLICE} keys.",
            "The token of `--max-items` alone says how many items to skip of a page that is "
            "fetched once more. With a page of the same size it is the service's own token.",
        )
    return Incorrect(
        f"The last call asked for {sizes[-1]} keys.",
        f"calls of {SLICE}.",
        "The page and the slice have to be equal, or a slice ends within a page.",
    )


def _in_slices(calls: int) -> Outcome:
    if calls == 1:
        return NotYet(
            f"The first {SLICE} keys were fetched in one call.",
            "Go on from the `NextToken` that was printed.",
        )
    if calls > 2:
        return Incorrect(
            f"{calls} calls of {SLICE} keys were made, to the end of the list.",
            "two: one for each slice.",
            "Without `--max-items` the command does not stop after the page. "
            '`lab.begin("slices")` starts afresh.',
        )
    return Passed(
        "Two slices, two calls, and no key was fetched twice. Paging and slicing keep step when "
        "both have the same size."
    )
