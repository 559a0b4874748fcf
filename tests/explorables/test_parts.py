"""The parts of an explorable refuse what makes no sense, when made and when set."""

from __future__ import annotations

import doctest
from types import ModuleType
from typing import Any

import pytest

from labkit.errors import UnknownSlug, UsageError
from labkit.explorables import SLUGS, controls, load, palette, theme
from labkit.explorables.controls import Choice, Playhead, Slider, Toggle, number_text
from labkit.explorables.parts import Big, Explorable, Preset


def explorable(**given: Any) -> Explorable:
    begin: dict[str, Any] = {
        "slug": "seats",
        "title": "Seats",
        "question": "How many seats?",
        "controls": (Slider("rows", "Rows", 1, 10, 5), Toggle("aisle", "Aisle", True)),
        "figure": lambda **values: {"data": [], "layout": {}},
        "reading": lambda **values: "There are seats.",
        "numbers": lambda **values: (),
    }
    return Explorable(**{**begin, **given})


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: Slider("rows", "Rows", 1, 10, 11), "rows must be 1 to 10, got 11"),
        (lambda: Slider("rows", "Rows", 10, 1, 5), "runs from 10 to 1"),
        (lambda: Slider("rows", "Rows", 0, 10, 5, log=True), "begins at 0"),
        (lambda: Slider("rows", "Rows", 1, 10, 5, step=0), "steps of 0"),
        (lambda: Slider("Rows!", "Rows", 1, 10, 5), "named 'Rows!'"),
        (lambda: Slider("", "Rows", 1, 10, 5), "named ''"),
        (lambda: Slider("rows", "Rows", 1, 10, True), "got True"),
        (lambda: Choice("kind", "Kind", ((1, "one"),), 1), "has 1 options"),
        (lambda: Choice("kind", "Kind", ((1, "one"), (2, "two")), 3), "must be one of 1, 2, got 3"),
        (lambda: Toggle("aisle", "Aisle", 1), "must be True or False, got 1"),
        (lambda: Playhead("at_s", "Time", 60, 0), "steps of 0"),
    ],
)
def test_a_control_that_makes_no_sense_cannot_be_made(make: Any, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        make()


def test_the_ends_of_a_slider_are_within_it() -> None:
    slider = Slider("rows", "Rows", 1, 10, 1, unit="rows")

    assert slider.accept(1) == 1
    assert slider.accept(10) == 10
    assert slider.text(10) == "10\u00a0rows"
    with pytest.raises(UsageError, match=r"got nan"):
        slider.accept(float("nan"))


def test_a_logarithmic_slider_multiplies_and_keeps_two_digits() -> None:
    slider = Slider("rate", "Rate", 0.1, 1000, 1, log=True)

    assert [slider.at(place) for place in (0, 0.25, 0.5, 0.75, 1)] == [0.1, 1, 10, 100, 1000]
    assert slider.at(0.6) == 25
    assert slider.position(10) == pytest.approx(0.5)


def test_a_linear_slider_moves_in_its_steps() -> None:
    slider = Slider("rows", "Rows", 0, 10, 0, step=2.5)

    assert [slider.at(place) for place in (0, 0.12, 0.13, 1)] == [0, 0, 2.5, 10]
    assert slider.position(2.5) == 0.25


@pytest.mark.parametrize(
    ("slider", "ends", "count"),
    [
        pytest.param(Slider("a", "A", 0, 20, 0), [0, 20], 21, id="steps of one"),
        pytest.param(Slider("a", "A", 0, 1, 0, step=0.25), [0, 1], 5, id="steps of a quarter"),
        pytest.param(Slider("a", "A", 0, 10, 0, step=4), [0, 10], 4, id="an odd last step"),
    ],
)
def test_a_slider_stops_at_each_step(slider: Slider, ends: list[float], count: int) -> None:
    values = slider.stops()

    assert [values[0], values[-1]] == ends
    assert len(values) == count
    assert values == sorted(set(values))


def test_a_logarithmic_slider_stops_at_round_values() -> None:
    values = Slider("a", "A", 1, 10000, 1, log=True).stops()

    assert [values[0], values[-1]] == [1, 10000]
    assert {1.5, 100, 2500} & set(values)
    assert values == sorted(set(values))


def test_a_slider_that_nobody_can_set_by_hand_is_refused() -> None:
    with pytest.raises(UsageError, match="16384 stops"):
        Slider("size_gib", "Size", 1, 16384, 100)


def test_a_value_between_the_stops_can_be_added_to_them() -> None:
    assert Slider("a", "A", 0, 20, 0, step=5).stops(also=7) == [0, 5, 7, 10, 15, 20]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.0512, "0.0512"),
        (0.5, "0.5"),
        (3.14159, "3.14"),
        (20.0, "20"),
        (99.996, "100"),
        (123.4, "123"),
        (1234.5, "1,235"),
        (1234567, "1,234,567"),
        (-1500, "-1,500"),
    ],
)
def test_a_number_is_written_as_people_read_it(value: float, text: str) -> None:
    assert number_text(value) == text


def test_a_big_number_is_written_like_any_other_unless_it_is_text() -> None:
    assert Big("Requests", 1234567).text == "1,234,567"
    assert Big("Cost", "0.40", "USD").text == "0.40"


def test_values_are_filled_up_with_where_the_controls_start() -> None:
    assert explorable().values(rows=7) == {"rows": 7, "aisle": True}


def test_an_unknown_control_is_named_together_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no control 'row'\. It has aisle, rows\."):
        explorable().values(row=7)


def test_a_playhead_stops_at_its_end_which_may_depend_on_the_values() -> None:
    one = explorable(playhead=Playhead("at_s", "Time", lambda values: 10 * values["rows"], 1))

    assert one.values(rows=3, at_s=500)["at_s"] == 30
    with pytest.raises(UsageError, match="at_s must be 0 s or more"):
        one.values(at_s=-1)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"controls": (Toggle("a", "A", True), Toggle("a", "B", True))}, "two controls of one"),
        ({"controls": tuple(Toggle(name, name, True) for name in "abcde")}, "5 controls at first"),
        ({"presets": (Preset("full", "Full", {"rows": 11}, "Look."),)}, "got 11"),
        ({"presets": (Preset("full", "Full", {"seats": 1}, "Look."),)}, "no control 'seats'"),
    ],
)
def test_an_explorable_that_makes_no_sense_cannot_be_made(
    given: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(UsageError, match=complaint):
        explorable(**given)


def test_a_preset_is_found_by_its_id() -> None:
    one = explorable(presets=(Preset("full", "Full", {"rows": 10}, "Look."),))

    assert one.preset("full").values == {"rows": 10}
    with pytest.raises(UsageError, match=r"no preset 'empty'\. It has full\."):
        one.preset("empty")


def test_every_slug_loads_and_bears_its_own_name() -> None:
    assert [load(slug).slug for slug in SLUGS] == list(SLUGS)


def test_an_unknown_slug_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownSlug, match=r"no explorable 'sqs_poling'\. .*sqs_polling"):
        load("sqs_poling")


@pytest.mark.parametrize("module", [controls, palette, theme], ids=lambda module: module.__name__)
def test_the_examples_in_the_docstrings_hold(module: ModuleType) -> None:
    result = doctest.testmod(module)

    assert result.attempted > 0
    assert result.failed == 0


def test_a_whole_slider_stops_at_whole_numbers_only():
    slider = Slider("visibility_timeout_s", "Visibility timeout", 1, 120, 30, log=True, whole=True)

    assert slider.stops()[:4] == [1, 2, 3, 4]
    assert all(value == int(value) for value in slider.stops())
