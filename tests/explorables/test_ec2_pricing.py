"""The explorable of EC2's prices tells its stories, and says what it shows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from labkit.explorables import load
from labkit.explorables.ec2_pricing.shop import NAMES, commitment, even_h, month
from labkit.explorables.palette import TOKENS
from labkit.explorables.parts import Big
from labkit.explorables.svg import draw
from labkit.facts import fact
from labkit.models.ec2_pricing.fleet import COMMITTED, ON_DEMAND, SPOT
from tests.explorables.golden import cases, differences, shown

EXPLORABLE = load("ec2_pricing")
PRESETS = [preset.id for preset in EXPLORABLE.presets]


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
    return [text for each in EXPLORABLE.figure(**given)["data"] for text in each.get("text", ())]


def corners() -> Iterator[dict[str, Any]]:
    extremes: dict[str, tuple[Any, ...]] = {
        "peak_h": (0, 730),
        "plan": tuple(NAMES),
        "committed": (0, 12),
        "spot": (0, 12),
        "years": (1, 3),
        "payment": ("none", "partial", "all"),
        "base": (0, 6),
        "peak": (0, 6),
        "convertible_percent": (0, 72),
        "spot_percent": (0, 90),
        "lost_percent": (0, 20),
    }
    for chosen in itertools.product(*extremes.values()):
        yield dict(zip(extremes, chosen, strict=True))


@pytest.mark.parametrize("case", cases("ec2_pricing"), ids=lambda case: str(case["given"]))
def test_what_is_shown_is_what_was_shown(case: dict[str, Any]) -> None:
    """After a change on purpose: python -m tests.explorables.make_golden, and look."""
    found = list(differences(shown("ec2_pricing", case["given"]), case))

    assert not found, "\n".join(found[:10])


def test_four_controls_show_at_first() -> None:
    main = [control.name for control in EXPLORABLE.controls if not control.more]

    assert main == ["peak_h", "plan", "committed", "spot"]


def test_every_corner_has_a_figure_a_reading_and_numbers_within_the_frame() -> None:
    for corner in itertools.islice(corners(), 0, None, 17):
        given = values(**corner)
        made = EXPLORABLE.figure(**given)

        assert EXPLORABLE.reading(**given).endswith(".")
        assert len(EXPLORABLE.numbers(**given)) == 5
        high = made["layout"]["yaxis"]["range"][1]
        for trace in made["data"]:
            assert all(0 <= y <= high for y in trace["y"] if y is not None), corner
            assert all(0 <= x <= 100 for x in trace["x"] if x is not None), corner


@pytest.mark.parametrize("id", PRESETS)
def test_no_preset_does_a_task_for_the_reader(id: str) -> None:
    assert not any(task.done(**preset(id)) for task in EXPLORABLE.tasks)


@pytest.mark.parametrize("id", PRESETS)
def test_every_price_says_as_of_when(id: str) -> None:
    assert "as of 2025-06" in big("A month of the fleet", preset(id)).note
    assert any("as of 2025-06" in line for line in EXPLORABLE.not_modelled)


@pytest.mark.parametrize("years", [1, 3])
@pytest.mark.parametrize("payment", ["none", "partial", "all"])
def test_a_reserved_instance_costs_what_the_facts_say(years: int, payment: str) -> None:
    made = commitment(values(plan="ri", years=years, payment=payment))
    term = f"ec2.price_ri_{years}y_{payment}"

    assert made.upfront_usd == (0 if payment == "none" else fact(f"{term}_upfront_usd"))
    assert made.hour_usd == (0 if payment == "all" else fact(f"{term}_hour_usd"))


def test_freedom_costs_a_part_of_the_discount() -> None:
    bound, free = values(plan="isp"), values(plan="csp")

    assert even_h(bound) < even_h(free)
    assert big("Break-even", bound).text == "585"
    assert big("Break-even", free).text == "662"


def test_promising_the_base_saves_and_promising_the_peak_wastes() -> None:
    assert month(preset("base")).saved_part > 0
    assert month(preset("base")).idle_usd == 0
    wasted = month(preset("peak"))
    assert wasted.saved_part < 0
    assert wasted.idle_usd > 0
    assert "goes unused" in EXPLORABLE.reading(**preset("peak"))
    assert big("Against On-Demand alone", preset("peak")).tone == "@failed"


def test_the_mixed_fleet_pays_in_three_ways() -> None:
    ways = [row.way for row in month(preset("mixed")).rows]

    assert ways == [COMMITTED, COMMITTED, ON_DEMAND, SPOT, SPOT]
    assert month(preset("mixed")).usd < month(preset("base")).usd
    assert big("Paid beforehand", preset("mixed")).text == "2,736"


def test_a_discount_of_nothing_never_breaks_even() -> None:
    given = values(plan="convertible", convertible_percent=0)

    assert "never less than On-Demand" in EXPLORABLE.reading(**given)


def test_words_say_so_if_nothing_runs_or_nothing_is_saved() -> None:
    nothing = values(base=0, peak=0, committed=0)
    assert "no instance runs" in EXPLORABLE.reading(**nothing)
    assert "there is none" in texts(nothing)
    assert "although no instance runs" in EXPLORABLE.reading(**values(base=0, peak=0))
    assert "as much as On-Demand alone" in EXPLORABLE.reading(**values(committed=0))
    assert "The peak" not in EXPLORABLE.reading(**values(peak=0))


def test_the_tasks_can_be_done() -> None:
    assert done("much", values(committed=6))
    assert not done("much", values(committed=6, spot=1))
    assert done("right", values(years=3, peak_h=520, committed=5))
    assert not done("right", values(years=3, peak_h=500, committed=5))
    assert not done("right", values(years=3, peak_h=520, committed=4))
    assert done("flexible", values(plan="csp", spot=3, spot_percent=70))
    assert not done("flexible", values(plan="csp", spot=3, spot_percent=50))
    assert not done("flexible", values(plan="csp", spot=3, spot_percent=70, committed=3))
    assert done("lost", values(spot=3, spot_percent=15, lost_percent=20))
    assert not done("lost", values(spot=3, spot_percent=20, lost_percent=20))


def colours(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for value in tree.values():
            yield from colours(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from colours(value)
    elif isinstance(tree, str) and tree[:1] in "@#":
        yield tree


@pytest.mark.parametrize("id", PRESETS)
def test_every_colour_is_a_token(id: str) -> None:
    assert set(colours(EXPLORABLE.figure(**preset(id)))) <= {f"@{token}" for token in TOKENS}


@pytest.mark.parametrize("width", [340, 900])
@pytest.mark.parametrize("id", PRESETS)
def test_it_can_be_drawn_as_svg(id: str, width: int) -> None:
    given = preset(id)

    drawn = draw(EXPLORABLE.figure(**given), width, id, "Prices", EXPLORABLE.reading(**given))

    assert "break-even" in drawn


def test_names_of_lines_that_meet_stand_apart_below_the_top() -> None:
    given = values(plan="convertible", convertible_percent=0, spot_percent=0, lost_percent=0)
    [trace] = [each for each in EXPLORABLE.figure(**given)["data"] if "text" in each]
    named = zip(trace["x"], trace["y"], trace["text"], strict=True)
    heights = sorted(y for x, y, text in named if x == 71 and text.startswith("<b>291"))

    assert len(heights) == 3
    assert [high - low for low, high in itertools.pairwise(heights)] == [15, 15]
    assert heights[-1] == 466
