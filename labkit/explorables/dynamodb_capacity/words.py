"""What the figure says in words and in large numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.dynamodb_capacity.shop import (
    bill_of,
    courses,
    long_text,
    price_note,
    span_text,
    streams,
    usd_text,
)
from labkit.explorables.parts import Big
from labkit.models.dynamodb_capacity.bucket import BURST_S
from labkit.models.dynamodb_capacity.table import PARTITION_UNITS, WRITE
from labkit.models.dynamodb_capacity.traffic import WAVE
from labkit.models.dynamodb_capacity.units import EVENTUAL, STRONG
from labkit.models.sums import rounded
from labkit.units import SECONDS_PER_MINUTE

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.dynamodb_capacity.table import Course, Stream

KINDS = {EVENTUAL: "an eventually consistent read", STRONG: "a strongly consistent read"}


def numbers(**values: Any) -> tuple[Big, ...]:
    """The numbers that matter, over the whole window and over a month."""
    writes, reads = courses(values)
    bill = bill_of(values)
    return (
        _needed(writes.stream, "Write units needed"),
        _needed(reads.stream, "Read units needed"),
        _refused(writes, "Writes refused"),
        _refused(reads, "Reads refused"),
        Big("Provisioned", usd_text(bill.provisioned), "USD a month", price_note("provisioned")),
        Big("On demand", usd_text(bill.on_demand), "USD a month", price_note("on demand")),
    )


def _needed(stream: Stream, label: str) -> Big:
    return Big(
        label,
        number_text(stream.highest),
        f"of {number_text(stream.provisioned)}",
        f"{number_text(stream.per_s * stream.shape.highest)} a second × "
        f"{_units(stream.units)}, at the most",
    )


def _refused(course: Course, label: str) -> Big:
    refused = course.refused
    if refused < 0.5:
        return Big(label, 0, "", f"full, its bucket lasts {_lasts(course.stream)}")
    share = number_text(100 * refused / course.asked)
    note = f"of {number_text(course.asked)}: {share} %"
    if course.refused_by_key > refused / 2:
        return Big(label, number_text(refused), "", f"{note}, by one partition", "@failed")
    return Big(label, number_text(refused), "", f"{note}, its bucket empty", "@failed")


def _lasts(stream: Stream) -> str:
    """How long a full bucket covers the peak."""
    over = stream.highest - stream.provisioned
    if over <= 0:
        return "for ever"
    return long_text(stream.provisioned * BURST_S / over)


def reading(**values: Any) -> str:
    """What the figure shows and why, in three or four plain sentences."""
    write, read = streams(values)
    kind = KINDS.get(values["read_kind"], "a transactional read")
    done = "A transactional write" if values["write_in_transaction"] else "A write"
    text = (
        f"{done} of {number_text(values['size_bytes'])} bytes costs {_units(write.units)} and "
        f"{kind} {number_text(read.units)}."
    )
    told = [_outcome(course) for course in courses(values)]
    if told[0] == told[1] == "":
        text += " Neither asks for more than is provisioned, so nothing is refused."
    else:
        text += "".join(told)
    return f"{text} {_costs(values)}"


def _outcome(course: Course) -> str:
    """What became of the writes, or of the reads; nothing if they stay below the line."""
    stream = course.stream
    name = "Writes" if stream.way == WRITE else "Reads"
    over = number_text(stream.highest)
    if course.refused >= 0.5 and course.refused_by_key > course.refused / 2:
        return (
            f" {name} of the hot key are refused: all its items lie in one partition, which gives "
            f"{number_text(PARTITION_UNITS[stream.way])} units a second, however many are "
            f"provisioned."
        )
    if course.refused >= 0.5:
        since_s = course.refused_from_s() or 0
        return (
            f" {name} ask for {over} units a second of {number_text(stream.provisioned)}; the "
            f"bucket is empty {_when(stream, since_s)}, and only the provisioned rate is served "
            f"from then on while that lasts."
        )
    if stream.highest > stream.provisioned:
        return (
            f" {name} ask for {over} units a second of {number_text(stream.provisioned)}, and the "
            f"bucket covers the rest: at the lowest it has "
            f"{number_text(rounded(_lowest_at_peak(course)))} units left."
        )
    return ""


def _lowest_at_peak(course: Course) -> float:
    return min([span.level_end for span in course.spans if span.asked > course.stream.provisioned])


def _when(stream: Stream, seconds: float) -> str:
    if seconds < 1:
        return "from the start"
    if stream.shape.name == WAVE:
        return f"at {span_text(seconds / SECONDS_PER_MINUTE)} o'clock"
    return f"after {span_text(seconds)} minutes"


def _costs(values: Any) -> str:
    bill = bill_of(values)
    ratio = bill.on_demand / bill.provisioned if bill.provisioned else 0
    use = f"{number_text(100 * bill.use)} % of what is provisioned is asked for"
    if abs(ratio - 1) <= 0.05:
        return f"As {use} over a month, both ways of paying cost about the same."
    cheaper = "provisioned capacity" if ratio > 1 else "on-demand capacity"
    return f"As {use} over a month, {cheaper} is the cheaper one."


def _units(units: float) -> str:
    return f"{number_text(units)} unit{'' if units <= 1 else 's'}"
