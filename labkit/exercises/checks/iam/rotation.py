"""Exercise 4: a key replaced, with no call refused on the way.

old  active ───────────────┬─ inactive ─┬─ deleted
new        made ── active ─┴────────────┴──────────
     programs change over   they work on, without the old one
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labkit.exercises.checks.iam.rights import ACCOUNT, POSTERS
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

USER = "printer"
HOUSE = f"printing-house-{ACCOUNT}"  # stands for the disks of the printing house
PROGRAMS = ("archive", "labels", "press")
POSTER = "published/aida.png"
_BAD_KEY = ("InvalidAccessKeyId", "SignatureDoesNotMatch")  # such a call has no known caller
EXPECTED = "every program works with a new key, the old one is deleted, and no call was refused."


@dataclass(frozen=True)
class Story:
    """What became of the keys; the calls in their order."""

    held: dict[str, str]  # by program, the id of the key in its settings
    status: dict[str, str]  # by id, of the keys that the user has now
    made: tuple[str, ...]  # ids that the learner made
    fetched: tuple[Call, ...]  # posters fetched by the user's keys
    refused: tuple[Call, ...]  # posters refused
    stopped: tuple[Call, ...]  # old keys made inactive
    deleted: tuple[Call, ...]  # old keys deleted

    @property
    def old(self) -> list[str]:
        """The ids of the user's keys that were there before."""
        return [id for id in self.status if id not in self.made]

    def fetched_between(self, first: Call, last: Call | None = None) -> bool:
        """Whether any program worked after one call and before another."""
        end = last.index if last else float("inf")
        return any(first.index < call.index < end for call in self.fetched)


def check(evidence: Evidence) -> Outcome:
    """The old key is gone, by steps that refused nobody; how the new one got there is not asked."""
    story = _read(evidence)
    return (
        _refused(story)
        or _deleted_blindly(story)
        or _no_new_key(story)
        or _not_everywhere(story)
        or _old_one_left(story)
        or Passed(
            f"All {len(PROGRAMS)} programs changed over while both keys worked. The old one was "
            "inactive first, which one call could have undone, and nobody missed it; then it was "
            "deleted. No call was refused, and a copy of the old key is now worth nothing."
        )
    )


def _refused(story: Story) -> Outcome | None:
    if not story.refused:
        return None
    call = story.refused[0]
    why = {
        "SignatureDoesNotMatch": "The id of a key and its secret are made together. Write both "
        "into the settings, as the answer of `create_access_key` has them.",
        "AccessDenied": "The key works, but the user whose key it is may not read posters. The "
        "rights hang on the user, not on the key.",
    }.get(
        str(call.error_code),
        "Its key was inactive or gone by then. While the old key is active everything goes on; "
        "`get_access_key_last_used` tells whether anyone still uses it.",
    )
    return Incorrect(
        f"A program was refused on {call.at:%d %B, %H:%M} ({call.error_code}).",
        "a rotation in which no program is refused.",
        f'{why} `lab.begin("rotate")` starts over.',
    )


def _deleted_blindly(story: Story) -> Outcome | None:
    if not story.deleted:
        return None
    gone = story.deleted[0]
    stops = [call for call in story.stopped if call.index < gone.index]
    if not stops:
        return Incorrect(
            "The old key was deleted while it was active.",
            "first inactive, then deleted.",
            "A deleted key cannot be brought back. Had a program still needed it, it would stand "
            "still until somebody had changed its settings; from inactive there is a way back.",
        )
    if not story.fetched_between(stops[-1], gone):
        return Incorrect(
            "The old key was made inactive and deleted before any program had worked without it.",
            "a day of work between the two.",
            "Inactive is a test, and a test needs somebody who could fail it.",
        )
    return None


def _no_new_key(story: Story) -> Outcome | None:
    if any(story.status.get(id) == "Active" for id in story.made):
        return None
    if story.stopped:
        return Incorrect(
            "The old key is inactive, and there is no other.",
            EXPECTED,
            "At its next call every program is refused. Make the old one active again, then the "
            "new key first.",
        )
    return NotYet(
        f"`{USER}` has one key, and all programs use it.",
        "Make a second one; while both are active, nothing can go wrong.",
    )


def _not_everywhere(story: Story) -> Outcome | None:
    strange = sorted(name for name, id in story.held.items() if id not in story.status)
    if strange:
        return Incorrect(
            f"The key in the settings of {_listed(strange)} is none of `{USER}`'s.",
            EXPECTED,
            f"Take `AccessKeyId` and `SecretAccessKey` of one answer, for the user `{USER}`.",
        )
    behind = sorted(name for name, id in story.held.items() if id not in story.made)
    if not behind:
        return None
    if story.stopped:
        return Incorrect(
            f"The old key is inactive, and {_listed(behind)} still has it.",
            EXPECTED,
            "Make it active again, change the settings, and ask when it was last used before the "
            "next try.",
        )
    return NotYet(
        f"There is a new key, and {_listed(behind)} still has the old one.",
        f"List the settings in `{HOUSE}`. Once no program uses the old key, its last use stands "
        "still.",
    )


def _old_one_left(story: Story) -> Outcome | None:
    if not story.old:
        return None
    id = story.old[0]
    if story.status[id] == "Active":
        return NotYet(
            "Every program has the new key, and the old one still opens the same doors.",
            "Make it inactive.",
        )
    stop = story.stopped[-1] if story.stopped else None
    if stop is None or not story.fetched_between(stop):
        return NotYet(
            "The old key is inactive. Nobody has worked without it yet.",
            "Let the programs work a day.",
        )
    return NotYet(
        "The programs have worked a day without the old key, and nobody missed it.",
        "It still takes up one of the two places. Delete it.",
    )


def _read(evidence: Evidence) -> Story:
    iam, s3 = evidence.client("iam"), evidence.client("s3")
    keys = iam.list_access_keys(UserName=USER)["AccessKeyMetadata"]
    posters = [
        call
        for call in evidence.of("s3", "GetObject", Bucket=POSTERS)
        if call.error_code in _BAD_KEY or not call.principal.endswith(":user/learner")
    ]
    made = [
        str(call.response["AccessKey"]["AccessKeyId"])
        for call in evidence.of("iam", "CreateAccessKey", UserName=USER)
        if not call.error_code
    ]
    changed = [
        call
        for call in evidence.of("iam", "UpdateAccessKey", "DeleteAccessKey")
        if not call.error_code and call.params["AccessKeyId"] not in made
    ]
    return Story(
        held={name: _key_in(s3, name) for name in PROGRAMS},
        status={key["AccessKeyId"]: key["Status"] for key in keys},
        made=tuple(made),
        fetched=tuple(call for call in posters if not call.error_code),
        refused=tuple(call for call in posters if call.error_code),
        stopped=tuple(call for call in changed if call.params.get("Status") == "Inactive"),
        deleted=tuple(call for call in changed if call.operation == "DeleteAccessKey"),
    )


def _key_in(s3: Any, program: str) -> str:
    """The id of the key in a program's settings; empty where they cannot be read as such."""
    text = s3.get_object(Bucket=HOUSE, Key=f"{program}.json")["Body"].read()
    try:
        return str(json.loads(text)["id"])
    except (ValueError, KeyError, TypeError):
        return ""


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
