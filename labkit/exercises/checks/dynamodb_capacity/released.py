"""Exercise 5: which seats came free because their time was over, told by the stream."""

from __future__ import annotations

from labkit.exercises.checks.dynamodb_capacity.log import Item, items
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

HOLDS, RELEASED = "carts", "released"
HOLD_S = 600
# seat, guest, what becomes of it
STORY = (
    ("A1", "ana", "expires"),
    ("A2", "ben", "is bought"),
    ("B1", "cem", "expires"),
    ("B2", "dora", "is given back late"),
)
EXPIRED = {seat: guest for seat, guest, end in STORY if end == "expires"}


def check(evidence: Evidence) -> Outcome:
    """`released` holds each seat whose hold expired, with its guest, and no other seat."""
    found = items(evidence, RELEASED)
    still_held = {str(item["seat"]) for item in items(evidence, HOLDS)} & set(EXPIRED)
    if not found:
        return _nothing(evidence, still_held)
    return (
        _without_keys(found)
        or _too_many({str(item["seat"]) for item in found})
        or _too_few({str(item["seat"]) for item in found}, still_held)
        or _without_guest(found)
        or Passed(
            f"{len(EXPIRED)} seats are free again, and their guests are known, although the holds "
            "are gone: the old image came with the record. A hold that a person deleted names no "
            "service, so a time that had passed could not mislead you."
        )
    )


def _nothing(evidence: Evidence, still_held: set[str]) -> Outcome:
    if still_held:
        return NotYet(
            f"`{RELEASED}` is empty, and the expired holds still lie in `{HOLDS}`: nobody has "
            "swept them away yet.",
            "Run the cell above, which lets seven hours pass, then read the stream.",
        )
    if not evidence.of("dynamodbstreams", "GetRecords"):
        return NotYet(
            f"`{RELEASED}` is empty, and nobody has read the stream of `{HOLDS}` yet.",
            "Describe the stream, take an iterator of its shard, get the records.",
        )
    if evidence.of("dynamodbstreams", "GetShardIterator", ShardIteratorType="LATEST"):
        return Incorrect(
            "You read the stream from `LATEST` on.",
            "what has happened already.",
            "`LATEST` begins after the last record. `TRIM_HORIZON` begins with the oldest one that "
            "is kept.",
        )
    return NotYet(
        f"You read the stream, and `{RELEASED}` is empty.",
        "Put an item into it for each record that says that the service deleted a hold.",
    )


def _without_keys(found: list[Item]) -> Outcome | None:
    known = {seat for seat, _, _ in STORY}
    strange = [str(item["seat"]) for item in found if str(item["seat"]) not in known]
    if not strange:
        return None
    return Incorrect(
        f"`{RELEASED}` has an item for `{strange[0]}`.",
        "seats of the holds, as text.",
        "A record carries its item as the API writes it, types and all: "
        '`record["dynamodb"]["Keys"]["seat"]["S"]`.',
    )


def _too_many(seats: set[str]) -> Outcome | None:
    surplus = [(seat, guest, end) for seat, guest, end in STORY if seat in seats - set(EXPIRED)]
    if not surplus:
        return None
    ends = {end for _, _, end in surplus}
    seat, guest, _ = surplus[0]
    if ends == {"is given back late"}:
        return Incorrect(
            f"`{RELEASED}` has seat {seat}, which {guest} gave back by hand.",
            "only what the service deleted.",
            "Its time was over when it was deleted, so the time cannot tell. `userIdentity` can: "
            "only a deletion by time to live names the service.",
        )
    return Incorrect(
        f"`{RELEASED}` has seat {seat}, which {guest} has bought.",
        "only holds that expired.",
        "A REMOVE says that an item is gone, not why. Selling this seat again would sell it twice. "
        "Look at `userIdentity`, which is there only if the service deleted the item.",
    )


def _too_few(seats: set[str], still_held: set[str]) -> Outcome | None:
    missing = sorted(set(EXPIRED) - seats)
    if not missing:
        return None
    if still_held:
        return NotYet(
            f"The hold of {min(still_held)} is not swept away yet.", "Let more hours pass."
        )
    return NotYet(
        f"Seat {missing[0]} is missing from `{RELEASED}`.",
        "Read the stream on, with `NextShardIterator`, until there is nothing left.",
    )


def _without_guest(found: list[Item]) -> Outcome | None:
    for item in found:
        seat, guest = str(item["seat"]), item.get("guest")
        if guest != EXPIRED[seat]:
            return Incorrect(
                f"Seat {seat} is in `{RELEASED}` with the guest {guest!r}.",
                f"{EXPIRED[seat]!r}.",
                "The hold itself is gone, and its keys do not say who had it. The record's "
                "`OldImage` does, in the types of the API.",
            )
    return None
