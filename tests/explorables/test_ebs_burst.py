"""The burst explorable tells its stories, says what it shows, and draws what the model says."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from labkit.explorables import load
from labkit.explorables.ebs_burst.shop import TICKS, course_of, moment_s
from labkit.explorables.palette import TOKENS
from labkit.explorables.parts import Big
from labkit.explorables.svg import draw
from labkit.units import SECONDS_PER_DAY
from tests.explorables.golden import cases, differences, shown

EXPLORABLE = load("ebs_burst")


def values(**given: Any) -> dict[str, Any]:
    return EXPLORABLE.values(**given)


def preset(id: str, **changes: Any) -> dict[str, Any]:
    return values(**{**EXPLORABLE.preset(id).values, **changes})


def big(label: str, given: dict[str, Any]) -> Big:
    [found] = [one for one in EXPLORABLE.numbers(**given) if one.label == label]
    return found


def done(id: str, given: dict[str, Any]) -> bool:
    [task] = [task for task in EXPLORABLE.tasks if task.id == id]
    return task.done(**given)


def texts(given: dict[str, Any]) -> list[str]:
    """Every text in the figure, without its tags and spaces."""
    traces = EXPLORABLE.figure(**given)["data"]
    found = itertools.chain.from_iterable(each.get("text", ()) for each in traces)
    return [text.replace("<b>", "").replace("</b>", "").strip() for text in found]


def corners() -> Iterator[dict[str, Any]]:
    """Every control at its extremes."""
    extremes: dict[str, tuple[Any, ...]] = {
        "kind": ("gp2", "gp3", "st1", "sc1"),
        "size_gib": (1, 100, 16384),
        "iops": (50, 20000),
        "mibps": (5, 600),
        "shape": ("night", "office", "hourly", "steady"),
        "peak_min": (5, 600),
        "quiet_percent": (0, 100),
        "start_percent": (0, 100),
        "at": (0, TICKS),
    }
    for chosen in itertools.product(*extremes.values()):
        yield dict(zip(extremes, chosen, strict=True))


@pytest.mark.parametrize("case", cases("ebs_burst"), ids=lambda case: str(case["given"]))
def test_what_is_shown_is_what_was_shown(case: dict[str, Any]) -> None:
    """After a change on purpose: python -m tests.explorables.make_golden, and look."""
    found = list(differences(shown("ebs_burst", case["given"]), case))

    assert not found, "\n".join(found[:10])


def test_at_most_four_controls_show_at_first() -> None:
    main = [control.name for control in EXPLORABLE.controls if not control.more]

    assert main == ["kind", "size_gib", "iops", "shape"]


def test_every_corner_has_a_figure_a_reading_and_numbers() -> None:
    for corner in itertools.islice(corners(), 0, None, 11):
        given = values(**corner)

        assert EXPLORABLE.figure(**given)["data"]
        assert EXPLORABLE.reading(**given).endswith(".")
        assert len(EXPLORABLE.numbers(**given)) == 6
        assert [task.done(**given) in (True, False) for task in EXPLORABLE.tasks]


def test_nothing_is_drawn_outside_of_the_figure() -> None:
    for corner in itertools.islice(corners(), 0, None, 11):
        made = EXPLORABLE.figure(**values(**corner))
        low, high = made["layout"]["yaxis"]["range"]
        for trace in made["data"]:
            end = 100 if trace["xaxis"] == "x2" else SECONDS_PER_DAY
            assert all(low <= y <= high for y in trace["y"] if y is not None), corner
            assert all(-0.001 <= x <= end + 0.001 for x in trace["x"] if x is not None), corner


def test_every_colour_is_a_token_and_the_figure_can_be_drawn() -> None:
    for one in EXPLORABLE.presets:
        made = EXPLORABLE.figure(**values(**one.values))

        svg = draw(made, 700, "burst", "t", "")

        assert "var(--lk-" in svg
        for trace in made["data"]:
            colour = trace.get("fillcolor") or trace.get("line", {}).get("color")
            assert colour is None or colour.removeprefix("@") in TOKENS


def test_the_night_s_job_finds_the_bucket_empty_after_33_minutes() -> None:
    given = preset("night")

    assert course_of(given).dry_at_s == 3600 + 2000
    assert big("A full bucket lasts", given).text == "33.3"
    assert "At 1:33 the bucket is empty" in EXPLORABLE.reading(**given)
    assert "refills in 5\u00a0h" in texts(given)


def test_the_playhead_shows_the_credits_of_its_moment() -> None:
    given = preset("night", at=20)  # 1:40, after the bucket has run dry

    assert moment_s(given) == 6000
    assert "0" in texts(given)


def test_gp3_serves_the_same_job_without_a_bucket() -> None:
    given = preset("gp3")

    assert big("Work that had to wait", given).text == "0"
    assert "none: what it delivers, it delivers for good" in texts(given)


def test_the_hourly_job_lowers_the_balance_long_before_anything_waits() -> None:
    given = preset("hourly")

    assert big("Work that had to wait", given).text == "0"
    assert float(big("BurstBalance at midnight", given).text) < 50


def test_a_backup_is_read_once_at_the_burst_s_pace() -> None:
    given = preset("backup")

    assert course_of(given).dry_at_s is not None
    assert big("In a burst", given).text == "244"


def test_a_size_that_the_type_does_not_have_becomes_the_nearest() -> None:
    assert course_of(values(kind="sc1", size_gib=4)).volume.size_gib == 125


def test_the_bucket_of_a_small_volume_is_soon_empty() -> None:
    assert done("dry", values())
    assert not done("dry", values(size_gib=500))
    assert not done("dry", values(start_percent=50))


def test_an_office_day_passes_with_savings() -> None:
    passes = values(shape="office", iops=600, peak_min=480, size_gib=170, quiet_percent=5)

    assert done("office", passes)
    assert not done("office", {**passes, "size_gib": 100})
    assert not done("office", {**passes, "iops": 500})


def test_a_disk_lives_on_its_savings() -> None:
    lives = values(kind="st1", size_gib=1000, mibps=47, shape="steady")

    assert done("savings", lives)
    assert not done("savings", {**lives, "mibps": 60})
    assert not done("savings", {**lives, "mibps": 39})
