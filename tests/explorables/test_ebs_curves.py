"""The curves tell their stories, say what they show, and draw what the model says."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from labkit.explorables import load
from labkit.explorables.ebs_curves.shop import best_of, delivery_of
from labkit.explorables.palette import TOKENS
from labkit.explorables.parts import Big
from labkit.explorables.svg import draw
from tests.explorables.golden import cases, differences, shown

EXPLORABLE = load("ebs_curves")


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
        "kind": ("gp3", "gp2", "io2", "io1", "st1", "sc1"),
        "size_gib": (1, 100, 65536),
        "iops": (10, 16000, 256000),
        "io_kib": (4, 256, 1024),
        "sequential": (False, True),
        "old": (False, True),
    }
    for chosen in itertools.product(*extremes.values()):
        yield dict(zip(extremes, chosen, strict=True))


@pytest.mark.parametrize("case", cases("ebs_curves"), ids=lambda case: str(case["given"]))
def test_what_is_shown_is_what_was_shown(case: dict[str, Any]) -> None:
    """After a change on purpose: python -m tests.explorables.make_golden, and look."""
    found = list(differences(shown("ebs_curves", case["given"]), case))

    assert not found, "\n".join(found[:10])


def test_at_most_four_controls_show_at_first() -> None:
    main = [control.name for control in EXPLORABLE.controls if not control.more]

    assert main == ["kind", "size_gib", "iops", "io_kib"]


def test_every_corner_has_a_figure_a_reading_and_numbers() -> None:
    for corner in itertools.islice(corners(), 0, None, 7):
        given = values(**corner)

        assert EXPLORABLE.figure(**given)["data"]
        assert EXPLORABLE.reading(**given).endswith(".")
        assert len(EXPLORABLE.numbers(**given)) == 5
        assert [task.done(**given) in (True, False) for task in EXPLORABLE.tasks]


def test_nothing_is_drawn_outside_of_the_figure() -> None:
    for corner in itertools.islice(corners(), 0, None, 7):
        made = EXPLORABLE.figure(**values(**corner))
        low, high = made["layout"]["yaxis"]["range"]
        for trace in made["data"]:
            assert all(low <= y <= high for y in trace["y"] if y is not None), corner
            assert all(0 <= x <= 100 for x in trace["x"] if x is not None), corner


def test_every_colour_is_a_token_and_the_figure_can_be_drawn() -> None:
    for one in EXPLORABLE.presets:
        made = EXPLORABLE.figure(**values(**one.values))

        assert "var(--lk-" in draw(made, 700, "curves", "t", "")
        for trace in made["data"]:
            colour = trace.get("fillcolor") or trace.get("line", {}).get("color")
            assert colour is None or colour.removeprefix("@") in TOKENS


def test_a_database_is_cheapest_on_gp3() -> None:
    given = preset("database")

    assert big("Cheapest: gp3", given).text == "41.00"  # 200 × 0.08 + 5,000 × 0.005
    assert "41.00 200 GiB, 8,000 IOPS" in texts(given)
    assert texts(given).count("✕ cannot") == 2


def test_gp2_buys_iops_by_space() -> None:
    assert "267 2,667 GiB" in texts(preset("database"))


def test_with_large_io_throughput_binds() -> None:
    given = preset("large")

    assert delivery_of(given, "gp3").mibps == 2000
    assert "2,000: throughput binds" in texts(given)


def test_a_small_volume_is_bound_by_its_size() -> None:
    given = preset("small")

    assert "its size binds" in EXPLORABLE.reading(**given)
    assert big("Cheapest: gp3", given).note.startswith("24 GiB")


def test_logs_are_cheapest_on_a_disk() -> None:
    given = preset("logs")

    assert big("Cheapest: st1", given).text == "180"
    assert big("On st1", given).text == "180"


def test_older_material_sends_twenty_thousand_iops_to_io1() -> None:
    then, today = preset("old"), preset("old", old=False)

    assert best_of(then).kind == "io1"
    assert best_of(today).kind == "gp3"
    assert best_of(then).month_usd > 10 * best_of(today).month_usd


def test_where_no_volume_is_enough_it_is_said() -> None:
    given = values(size_gib=65536, iops=256000, io_kib=1024)

    assert "no single volume is enough" in EXPLORABLE.reading(**given)
    assert big("Cheapest", given).text == "–"


def test_the_cheapest_type_has_to_be_chosen() -> None:
    need = {"iops": 20000, "io_kib": 16}

    assert done("cheapest", values(**need))
    assert not done("cheapest", values(**need, kind="io2"))
    assert not done("cheapest", values())


def test_throughput_binds_on_gp3_from_64_kib_on() -> None:
    assert done("throughput", values(io_kib=64))
    assert not done("throughput", values(io_kib=4))
    assert not done("throughput", values(io_kib=64, kind="gp2"))


def test_only_io2_goes_beyond_gp3() -> None:
    assert done("only", values(iops=100000, size_gib=2000))
    assert not done("only", values(iops=50000, size_gib=2000))


def test_a_disk_can_be_the_cheapest() -> None:
    assert done("disk", preset("logs"))
    assert not done("disk", preset("logs", io_kib=16))
