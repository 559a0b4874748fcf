"""Exercise 1: new code in a version of its own, the earlier one as it was."""

from __future__ import annotations

from labkit.exercises.checks.lambda_versions.deploying import LATEST, sha_by_version, sha_of
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

NAME = "seats"
OLD = 'def handler(event, context):\n    return {"row": "A", "seat": 1}\n'
NEW = 'def handler(event, context):\n    return {"row": "A", "seat": 1, "view": "stage left"}\n'


def check(evidence: Evidence) -> Outcome:
    """A version holds the new code, and version 1 still holds the old one."""
    shas = sha_by_version(evidence, NAME)
    old, new = sha_of(OLD), sha_of(NEW)
    numbered = {version: sha for version, sha in shas.items() if version != LATEST}
    if shas.get("1") != old:
        found = "gone" if "1" not in shas else "other code than before"
        return Incorrect(
            f"Version 1 of `{NAME}` is {found}.",
            "version 1 as it was, and the new code beside it.",
            "Whoever calls version 1 counts on it. A release adds a version; it takes none away. "
            '`lab.begin("publish")` lays the start again.',
        )
    if new in numbered.values():
        return Passed(
            "Version 1 answers as before, and the new code has a number of its own. Neither can "
            "be changed any more: who calls a version knows what runs."
        )
    if shas[LATEST] == new:
        return NotYet(
            f"`$LATEST` of `{NAME}` holds the new code, and no version does.",
            "The next upload would overwrite it. Publish it.",
        )
    if shas[LATEST] != old:
        return Incorrect(
            f"`$LATEST` of `{NAME}` holds code that is neither the old nor the new one.",
            "the code of `new_seats`, packed as it is.",
            "`package(new_seats)` makes the zip file.",
        )
    if len(numbered) > 1:
        return Incorrect(
            f"Version {max(numbered, key=int)} holds the old code.",
            "a version with the code of `new_seats`.",
            "PublishVersion takes a picture of `$LATEST` as it is at that moment. Upload first.",
        )
    return NotYet(
        f"`{NAME}` has one version, and `$LATEST` is the same.",
        "Upload `package(new_seats)`, and publish what you uploaded.",
    )
