"""The capacity explorable tells its stories, says what it shows, and draws what the model says."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from labkit.explorables import load
from labkit.explorables.dynamodb_capacity.shop import SIZE, TICKS, bill_of, courses, moment_s
from labkit.explorables.palette import TOKENS
from labkit.explorables.parts import Big
from labkit.explorables.svg import draw
from labkit.facts import fact
from labkit.models.dynamodb_capacity.units import ITEM_MAX_BYTES
from tests.explorables.golden import cases, differences, shown

EXPLORABLE = load("dynamodb_capacity")
SHAPES = ("steady", "spike", "bursts", "wave")


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
        "shape": SHAPES,
        "size_bytes": (100, ITEM_MAX_BYTES),
        "writes_per_s": (1, 5000),
        "write_units": (1, 10000),
        "peak_factor": (1, 50),
        "peak_s": (5, 300),
        "hot_percent": (0, 100),
        "read_kind": ("eventual", "transactional"),
        "at": (0, TICKS),
    }
    for chosen in itertools.product(*extremes.values()):
        yield dict(zip(extremes, chosen, strict=True))


@pytest.mark.parametrize("case", cases("dynamodb_capacity"), ids=lambda case: str(case["given"]))
def test_what_is_shown_is_what_was_shown(case: dict[str, Any]) -> None:
    """After a change on purpose: python -m tests.explorables.make_golden, and look."""
    found = list(differences(shown("dynamodb_capacity", case["given"]), case))

    assert not found, "\n".join(found[:10])


def test_at_most_four_controls_show_at_first() -> None:
    main = [control.name for control in EXPLORABLE.controls if not control.more]

    assert main == ["shape", "size_bytes", "writes_per_s", "write_units"]


def test_every_corner_has_a_figure_a_reading_and_numbers() -> None:
    for corner in itertools.islice(corners(), 0, None, 5):
        given = values(**corner)

        assert EXPLORABLE.figure(**given)["data"]
        assert EXPLORABLE.reading(**given).endswith(".")
        assert len(EXPLORABLE.numbers(**given)) == 6
        assert [task.done(**given) in (True, False) for task in EXPLORABLE.tasks]


def test_nothing_is_drawn_outside_of_the_figure() -> None:
    for corner in itertools.islice(corners(), 0, None, 5):
        made = EXPLORABLE.figure(**values(**corner))
        low, high = made["layout"]["yaxis"]["range"]
        window_s = made["layout"]["xaxis"]["range"][1]
        for trace in made["data"]:
            end = 100 if trace["xaxis"] == "x2" else window_s
            assert all(low <= y <= high for y in trace["y"] if y is not None), corner
            assert all(-0.001 <= x <= end + 0.001 for x in trace["x"] if x is not None), corner


def test_the_size_stops_at_each_border_and_a_byte_beyond_it() -> None:
    stops = SIZE.stops()

    for border in (1024, 4096, 8192):
        assert stops[stops.index(border) + 1] == border + 1
    assert stops[-1] == ITEM_MAX_BYTES


@pytest.mark.parametrize(
    ("given", "write", "read"),
    [
        ({"size_bytes": 1024}, "1 × 1 = 1 unit", "1 × ½ = 0.5 unit"),
        ({"size_bytes": 1025}, "2 × 1 = 2 units", "1 × ½ = 0.5 unit"),
        ({"size_bytes": 4097, "read_kind": "strong"}, "5 × 1 = 5 units", "2 × 1 = 2 units"),
        (
            {"size_bytes": 8192, "read_kind": "transactional", "write_in_transaction": True},
            "8 × 2 = 16 units",
            "2 × 2 = 4 units",
        ),
    ],
)
def test_the_units_are_worked_out_beside_the_blocks(
    given: dict[str, Any], write: str, read: str
) -> None:
    found = texts(values(**given))

    assert write in found
    assert read in found


def test_the_spike_empties_the_writes_bucket_and_not_the_reads() -> None:
    given = preset("spike")

    assert big("Writes refused", given).value == "7,150"
    assert big("Writes refused", given).tone == "@failed"
    assert big("Reads refused", given).value == 0
    assert "the bucket is empty after 7:12 minutes" in EXPLORABLE.reading(**given)
    assert "at the lowest it has 18,200 units left" in EXPLORABLE.reading(**given)


def test_a_hot_key_is_refused_while_the_bucket_runs_over() -> None:
    given = preset("hot")
    writes, _ = courses(given)

    assert writes.lowest >= writes.stream.provisioned
    assert "by one partition" in big("Writes refused", given).note
    assert "all its items lie in one partition" in EXPLORABLE.reading(**given)
    assert "┈ a partition 1,000" in texts(given)
    assert big("Writes refused", preset("hot", hot_percent=50)).value == 0
    assert big("Writes refused", preset("hot", write_units=10000)).value == "719,000"


def test_a_day_asks_for_less_than_is_provisioned_and_is_refused_all_the_same() -> None:
    given = preset("wave")

    assert bill_of(given).use < 1
    assert "o'clock" in EXPLORABLE.reading(**given)
    assert float(big("Writes refused", given).text.replace(",", "")) > 100_000


def test_what_is_asked_for_on_average_decides_which_way_is_cheaper() -> None:
    quiet = values(shape="spike", writes_per_s=5, reads_per_s=20)
    busy = values(shape="steady", writes_per_s=45)

    assert "on-demand capacity is the cheaper one" in EXPLORABLE.reading(**quiet)
    assert "provisioned capacity is the cheaper one" in EXPLORABLE.reading(**busy)
    assert big("Provisioned", quiet).text == big("Provisioned", busy).text
    assert "29 % used: even" in texts(quiet)


def test_the_prices_say_when_they_held() -> None:
    given = values()

    assert str(fact("dynamodb.price_wcu_hour_usd")) in big("Provisioned", given).note
    assert str(fact("dynamodb.price_write_per_million_usd")) in big("On demand", given).note
    assert all("as of 2026" in big(label, given).note for label in ("Provisioned", "On demand"))


@pytest.mark.parametrize("id", [preset.id for preset in EXPLORABLE.presets])
def test_no_preset_does_a_task_for_the_reader(id: str) -> None:
    assert not any(task.done(**preset(id)) for task in EXPLORABLE.tasks)


def test_one_stop_beyond_a_border_costs_a_unit() -> None:
    assert done("byte", preset("block", size_bytes=4097))
    assert done("byte", values(size_bytes=1025))
    assert not done("byte", values(size_bytes=4096))


def test_a_shorter_or_a_lower_peak_is_outlived() -> None:
    assert done("outlive", values(peak_s=60))
    assert done("outlive", values(peak_factor=5))
    assert done("outlive", values(shape="bursts", peak_factor=5, peak_s=60, writes_per_s=12))
    assert not done("outlive", values(peak_s=30))  # too short to count
    assert not done("outlive", values(write_units=1000))  # nothing rises above the rate
    assert not done("outlive", values(peak_s=60, reads_per_s=400))  # the reads are refused


def test_both_ways_cost_the_same_near_three_tenths_of_use() -> None:
    found = [
        rate
        for rate in range(1, 60)
        if done("even", values(shape="steady", writes_per_s=rate, reads_per_s=rate * 4))
    ]

    assert found == [17]
    assert "cost about the same" in EXPLORABLE.reading(
        **values(shape="steady", writes_per_s=17, reads_per_s=68)
    )


@pytest.mark.parametrize(("at", "refused"), [(0, 0), (80, 0), (90, 8), (100, 0)])
def test_ten_calls_stand_for_the_second_of_the_playhead(at: int, refused: int) -> None:
    traces = EXPLORABLE.figure(**values(at=at))["data"]
    drawn = {
        symbol: sum(
            sum(x is not None for x in each["x"])
            for each in traces
            if each.get("marker", {}).get("symbol") == symbol and each["marker"]["size"] == 8
        )
        for symbol in ("square", "x")
    }

    assert drawn == {"square": 20 - refused, "x": refused}  # ten writes, and ten reads


def test_the_bucket_stands_as_high_as_the_graph_of_its_level() -> None:
    given = values(at=85)
    writes, _ = courses(given)
    level = writes.level_at(moment_s(given))

    assert moment_s(given) == 425
    assert f"{level:,.0f}" in texts(given)
    traces = EXPLORABLE.figure(**given)["data"]
    [dots] = [each for each in traces if each.get("marker", {}).get("size") == 9]
    [fills] = [each for each in traces if each.get("fill") and each["xaxis"] == "x2"]
    assert dots["x"] == [425, None, 425]
    assert set(dots["y"]) <= set(fills["y"])  # the bucket is filled as high as the graph is


def test_the_moment_is_told_in_minutes_or_as_a_time_of_day() -> None:
    assert EXPLORABLE.playhead is not None
    assert EXPLORABLE.playhead.says(values(at=90)) == "7:30"
    assert EXPLORABLE.playhead.says(values(shape="wave", at=145)) == "14:30 o'clock"


def colours(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for value in tree.values():
            yield from colours(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from colours(value)
    elif isinstance(tree, str) and tree[:1] in "@#":
        yield tree


def test_every_colour_is_a_token() -> None:
    found = set(colours(EXPLORABLE.figure(**preset("hot"))))

    assert found <= {f"@{token}" for token in TOKENS}


@pytest.mark.parametrize("width", [340, 900])
@pytest.mark.parametrize("id", [preset.id for preset in EXPLORABLE.presets])
def test_it_can_be_drawn_as_svg(id: str, width: int) -> None:
    given = preset(id)

    drawn = draw(EXPLORABLE.figure(**given), width, id, "A table", EXPLORABLE.reading(**given))

    assert "A month costs" in drawn


def test_a_course_is_kept_while_only_the_playhead_moves() -> None:
    before, after = courses(values(at=1)), courses(values(at=99))

    assert all(one is other for one, other in zip(before, after, strict=True))
