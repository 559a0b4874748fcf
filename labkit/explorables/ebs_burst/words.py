"""What the figure says in words and in large numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.ebs_burst.shop import (
    course_of,
    credits_text,
    hour_text,
    long_text,
    unit_of,
)
from labkit.explorables.parts import Big
from labkit.models.ebs.volume import GP2, GP3
from labkit.models.sums import rounded

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.ebs.credits import Course
    from labkit.models.ebs.volume import Volume


def numbers(**values: Any) -> tuple[Big, ...]:
    """The numbers that matter: the volume's own, and what became of the day."""
    course = course_of(values)
    volume = course.volume
    unit = unit_of(volume)
    return (
        Big("For good", _rate(volume.base), unit, _which(volume), "@accent"),
        _burst(volume, unit),
        _lasts(course),
        _refills(volume),
        _waiting(course),
        _midnight(course),
    )


def _which(volume: Volume) -> str:
    return f"{number_text(volume.size_gib)} GiB of {volume.kind}"


def _rate(rate: float) -> str:
    return number_text(rounded(rate, 1))


def _burst(volume: Volume, unit: str) -> Big:
    if not volume.bursts:
        return Big("In a burst", "–", "", "it has no bucket, and no limit in time")
    return Big("In a burst", _rate(volume.burst), unit, "while there are credits", "@flight")


def _lasts(course: Course) -> Big:
    volume, label = course.volume, "A full bucket lasts"
    if not volume.bursts:
        return Big(label, "–", "", "there is none")
    seconds = volume.lasts_s(course.highest)
    note = f"at {_rate(course.highest)} {unit_of(volume)}"
    if seconds is None:
        return Big(label, "for ever", "", note)
    return Big(label, *_split(seconds), note)


def _refills(volume: Volume) -> Big:
    if not volume.bursts:
        return Big("It refills in", "–", "", "there is none")
    seconds = volume.refills_s() or 0
    return Big("It refills in", *_split(seconds), "while nothing is asked for")


def _split(seconds: float) -> tuple[str, str]:
    number, _, unit = long_text(seconds).partition("\u00a0")
    return number, unit


def _waiting(course: Course) -> Big:
    share = 100 * course.waiting / course.asked if course.asked else 0
    tone = "@failed" if course.waiting else "@ink"
    return Big("Work that had to wait", number_text(rounded(share, 1)), "% of the day’s", "", tone)


def _midnight(course: Course) -> Big:
    label = "BurstBalance at midnight"
    if not course.volume.bursts:
        return Big(label, "–", "", "there is no such metric")
    share = 100 * course.end / course.volume.credits_max
    began = 100 * course.spans[0].balance_start / course.volume.credits_max
    return Big(label, number_text(rounded(share)), "%", f"it began with {number_text(began)} %")


def reading(**values: Any) -> str:
    """What the figure shows and why, in two to four plain sentences."""
    course = course_of(values)
    volume, unit = course.volume, unit_of(course.volume)
    article = "An" if volume.counts_data else "A"
    name = f"{article} {volume.kind} volume of {number_text(volume.size_gib)} GiB"
    if not volume.bursts:
        return f"{name} delivers {_rate(volume.base)} {unit} for good. {_without(course)}"
    text = (
        f"{name} delivers {_rate(volume.base)} {unit} for good and {_rate(volume.burst)} in a "
        f"burst, for which it keeps {_credits(volume)}."
    )
    return f"{text} {_outcome(course)}"


def _credits(volume: Volume) -> str:
    if volume.kind == GP2:
        return f"up to {number_text(volume.credits_max)} I/O credits"
    return f"credits for up to {credits_text(volume, volume.credits_max)}"


def _without(course: Course) -> str:
    volume = course.volume
    if not course.waiting:
        return "Nothing that is asked for in this day is more."
    more = " More can be provisioned, at any size." if volume.kind == GP3 else ""
    why = "a thousand GiB and more have a baseline as high as the burst"
    why = f" No credits help: {why}." if volume.kind == GP2 else ""
    return f"The peak asks for {_rate(course.highest)}, and the rest waits.{why}{more}"


def _outcome(course: Course) -> str:
    volume, unit = course.volume, unit_of(course.volume)
    highest = _rate(course.highest)
    if course.highest <= volume.base:
        return (
            f"The work never asks for more than {highest}, so the bucket stays as it is or fills."
        )
    if course.dry_at_s is not None:
        lasted = f"At {hour_text(course.dry_at_s)} the bucket is empty"
        return (
            f"{lasted}: from then on only {_rate(volume.base)} of the {highest} {unit} are "
            f"delivered, and the rest waits. Work does not wait in the disk alone: everything "
            f"that needs it becomes slow."
        )
    if course.waiting:
        return f"The peak asks for {highest}, which is more than a burst, so some of it waits."
    kept = 100 * course.end / volume.credits_max
    began = 100 * course.spans[0].balance_start / volume.credits_max
    if kept < began - 0.5:
        return (
            f"The peak of {highest} is carried by credits, and the day ends with fewer of them "
            f"than it began with: some days like this, and work waits."
        )
    return f"The peak of {highest} is carried by credits, and the quiet hours bring them back."
