"""Exercise 2: a scan is read to its end, also across a page that holds nothing.

page 1   aida, carmen          one flawed sheet
page 2   carmen, hamlet, tosca none
page 3   tosca                 two flawed sheets
"""

from __future__ import annotations

from labkit.exercises.checks.dynamodb.log import all_items, on
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

SOURCE, TARGET = "artwork", "reprints"
PLAYS, SHEETS, DRAWING_BYTES = ("aida", "hamlet", "tosca", "carmen"), 10, 60_000
FLAWED = (("aida", 2), ("tosca", 7), ("tosca", 9))
EXPECTED = f"`{TARGET}` holds the {len(FLAWED)} flawed sheets of `{SOURCE}`, and no other."


def sheets() -> list[dict[str, str | int]]:
    """The items of `artwork`: so large that a page holds seventeen of them."""
    found: list[dict[str, str | int]] = []
    for play in PLAYS:
        for sheet in range(1, SHEETS + 1):
            flaw: dict[str, str | int] = {"flaw": "smudged"} if (play, sheet) in FLAWED else {}
            found.append({"play": play, "sheet": sheet, "drawing": "x" * DRAWING_BYTES, **flaw})
    return found


def check(evidence: Evidence) -> Outcome:
    """The second table holds what is flawed in the first, of all of its pages."""
    listed = {(item["play"], int(item["sheet"])) for item in all_items(evidence, TARGET)}
    if not listed:
        return NotYet(
            f"`{TARGET}` is empty.", f"Put there what a scan of `{SOURCE}` finds, page by page."
        )
    extra = sorted(listed - set(FLAWED))
    if extra:
        play, sheet = extra[0]
        return Incorrect(
            f"`{TARGET}` lists sheet {sheet} of {play}, which has no flaw.",
            EXPECTED,
            "Either a page without the filter was put there, or what an earlier attempt left.",
        )
    missing = len(FLAWED) - len(listed)
    if missing:
        return Incorrect(
            f"`{TARGET}` lists {len(listed)} of {len(FLAWED)} flawed sheets.",
            EXPECTED,
            _why_some_are_missing(evidence),
        )
    return Passed(
        "The scan took three pages, and the second held nothing that you wanted. It was read all "
        "the same: a page ends where 1 MiB has been read, and only then comes the filter. The end "
        "is where `LastEvaluatedKey` is missing."
    )


def _why_some_are_missing(evidence: Evidence) -> str:
    scans = [call for call in on(evidence, SOURCE, "Scan") if not call.error_code]
    resumed = [call for call in scans if "ExclusiveStartKey" in call.params]
    if not resumed:
        if any("Limit" in call.params for call in scans):
            return (
                "`Limit` says how many items a page may read at most. It cannot make a page larger "
                "than 1 MiB."
            )
        return (
            "You read the first page only. It has a `LastEvaluatedKey`: pass it to the next scan "
            "as `ExclusiveStartKey`, until none comes."
        )
    if not resumed[-1].response["Count"] and "LastEvaluatedKey" in resumed[-1].response:
        return (
            "You stopped at a page without items. The filter had thrown all of them away; its "
            "`LastEvaluatedKey` says that there is more to read."
        )
    return (
        "The pages were read, and some items of them were dropped: add each page to those before "
        "it."
    )
