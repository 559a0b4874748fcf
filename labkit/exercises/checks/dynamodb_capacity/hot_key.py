"""Exercise 4: capacity enough, and yet throttled, since all of it goes to one partition key."""

from __future__ import annotations

from collections import Counter

from labkit.exercises.checks.dynamodb_capacity.log import Write, changed, writes
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

TABLE = "scans"
NIGHT = "2026-01-05"
GATES = tuple(range(1, 13))
CAPACITY = 4000
SCANS_BYTES = 249 * 1024  # with its keys, an item takes 250 units
ITEM_UNITS = 250
KEYS_MAX = 4


def check(evidence: Evidence) -> Outcome:
    """Twelve gates wrote in one and the same second, and none of them was refused."""
    mine = [write for write in writes(evidence, TABLE) if "gate" in write.item]
    if not mine:
        return NotYet(f"No gate has written to `{TABLE}` yet.", "Run the cell above.")
    if changed(evidence, TABLE):
        return Incorrect(
            f"You changed the table `{TABLE}`.",
            f"the table as it was: {CAPACITY:,} units are more than the 3,000 that arrive.",
            "Look at the reason of the refusals: it speaks of a key range, not of the table. No "
            'capacity that you buy makes one key faster. `lab.begin("hot-key")` lays the start '
            "again.",
        )
    last = _last_round(mine)
    if len(last) < len(GATES):
        missing = min(set(GATES) - {int(write.item["gate"]) for write in last})
        return NotYet(
            f"The scans of gate {missing} are not in the table.", "Let all twelve gates write."
        )
    return (
        _cut(last)
        or _not_found(last)
        or _scattered(last)
        or _refused(mine, last)
        or Passed(
            f"Twelve items of {ITEM_UNITS} units in the same second, none refused. Over "
            f"{len(_keys(last))} partition keys no partition had more than "
            f"{max(_keys(last).values()) * ITEM_UNITS:,} units to write. A reader of the night "
            f"asks {len(_keys(last))} times, and puts the answers together."
        )
    )


def _last_round(mine: list[Write]) -> list[Write]:
    """Of each gate the last item that was written."""
    latest = {int(write.item["gate"]): write for write in mine if not write.refused}
    return [latest[gate] for gate in GATES if gate in latest]


def _keys(last: list[Write]) -> Counter[str]:
    return Counter(str(write.item["night"]) for write in last)


def _cut(last: list[Write]) -> Outcome | None:
    for write in last:
        scans = str(write.item.get("scans", ""))
        if len(scans) != SCANS_BYTES:
            return Incorrect(
                f"Gate {write.item['gate']} wrote {len(scans):,} bytes of scans.",
                f"all {SCANS_BYTES:,}.",
                "What a gate has seen must get in. Change where it goes, not what it is.",
            )
    return None


def _not_found(last: list[Write]) -> Outcome | None:
    strange = [key for key in _keys(last) if not key.startswith(NIGHT)]
    if not strange:
        return None
    return Incorrect(
        f"Scans lie under the key `{strange[0]}`.",
        f"keys that begin with the night, `{NIGHT}`.",
        "Whoever wants the scans of a night must be able to say its keys, without looking "
        "anything up.",
    )


def _scattered(last: list[Write]) -> Outcome | None:
    keys = _keys(last)
    if len(keys) <= KEYS_MAX:
        return None
    return Incorrect(
        f"The night lies under {len(keys)} keys.",
        f"{KEYS_MAX} keys at the most.",
        "Each key more is a query more for whoever reads the night. Take as many as the writes "
        "need: divide what arrives in a second by what a partition takes.",
    )


def _refused(mine: list[Write], last: list[Write]) -> Outcome | None:
    first, end = min(write.index for write in last), max(write.index for write in last)
    window = [write for write in mine if first <= write.index <= end]
    refusals = [write for write in window if write.refused]
    took_s = (max(write.at for write in last) - min(write.at for write in last)).total_seconds()
    if not refusals and took_s < 1:
        return None
    keys = _keys(last)
    key, most = max(keys.items(), key=lambda entry: entry[1])
    if len(keys) == 1:
        return NotYet(
            f"All twelve gates write to the key `{key}`: 3,000 units in a second. "
            f"{len(refusals)} attempts were refused, and the last gate was done {took_s:.1f} s "
            "after the first.",
            "The reasons of the refusals speak of a key range, not of the table. Change the key.",
        )
    if refusals:
        return Incorrect(
            f"{len(refusals)} attempts were refused; {most} of the twelve gates write to `{key}`, "
            f"which makes {most * ITEM_UNITS:,} units.",
            "none refused: a partition takes 1,000 units a second.",
            "Two keys are one too few."
            if len(keys) == 2
            else "The gates are spread unevenly. Chance does that with few of them; a remainder, "
            "`gate % 4`, does not.",
        )
    return Incorrect(
        f"The last gate was done {took_s:.1f} s after the first.",
        "all twelve in the same second.",
        "Waiting hides a hot key for one night. Tomorrow twelve more items come every second.",
    )
