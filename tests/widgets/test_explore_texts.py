"""An explorable with texts in JupyterLab: fields, flaws, the path, and a figure that replays."""

from __future__ import annotations

from typing import Any

from labkit.explorables import load
from labkit.explorables.listing import path_list
from labkit.widgets.explore import Exploration, explore
from tests.widgets.test_explore import everything_in, figure, find, html

EXPLORABLE = load("iam_evaluation")


def area(shown: Exploration, label: str) -> Any:
    [found] = [one for one in everything_in(shown.widget()) if getattr(one, "tooltip", "") == label]
    return found


def fields(shown: Exploration) -> Any:
    [found] = [one for one in everything_in(shown.widget()) if type(one).__name__ == "Accordion"]
    return found


def slider(shown: Exploration) -> Any:
    return find(shown, EXPLORABLE.playhead.label)


def test_there_is_a_field_for_each_text() -> None:
    shown = explore("iam_evaluation")

    for control in EXPLORABLE.controls:
        if control.kind == "text":
            assert area(shown, control.label).value == shown.values[control.name]
    assert fields(shown).titles[0] == "Identity policy"


def test_writing_decides_anew() -> None:
    shown = explore("iam_evaluation")
    text = shown.values["identity"].replace("s3:GetObject", "s3:PutObject")

    area(shown, "Identity policy").value = text

    assert shown.values["identity"] == text
    assert figure(shown).reading == EXPLORABLE.reading(**shown.values)
    assert "Denied" in html(shown)
    assert path_list(EXPLORABLE.path(**shown.values)) in html(shown)


def test_a_mistake_is_told_with_its_line_until_it_is_mended() -> None:
    shown = explore("iam_evaluation")
    whole = shown.values["identity"]

    area(shown, "Identity policy").value = whole.replace('"Allow",', '"Allow"')
    assert "Line 6, column 23: A comma is missing after this." in html(shown)

    area(shown, "Identity policy").value = whole
    assert "Line 6" not in html(shown)


def test_what_is_written_cannot_become_markup() -> None:
    shown = explore("iam_evaluation")

    area(shown, "Identity policy").value = shown.values["identity"].replace(
        "ReadPosters", "<img src=x>"
    )

    assert "<img" not in html(shown)
    assert "&lt;img" in html(shown)


def test_an_empty_field_offers_something_to_begin_with() -> None:
    shown = explore("iam_evaluation")
    [bucket] = [each for each in EXPLORABLE.controls if each.name == "resource"]
    begin = [
        one
        for one in everything_in(shown.widget())
        if getattr(one, "description", "") == "Write one"
    ]
    offered = [one for one in begin if one.layout.display != "none"]

    offered[0].click()

    assert shown.values["resource"] == bucket.blank
    assert offered[0].layout.display == "none"


def test_a_preset_opens_the_field_that_it_wrote_last_and_writing_opens_none() -> None:
    shown = explore("iam_evaluation")

    find(shown, "The boundary takes it away").click()
    assert fields(shown).titles[fields(shown).selected_index] == "Permissions boundary"

    fields(shown).selected_index = 0
    area(shown, "Identity policy").value += " "
    assert fields(shown).selected_index == 0


def test_the_figure_is_whole_until_it_is_played_and_again_after_a_change() -> None:
    shown = explore("iam_evaluation")
    assert slider(shown).value == slider(shown).max == 3

    slider(shown).value = 1
    assert shown.values["at"] == 1
    assert "on its way" in html(shown)
    find(shown, "Who asks").value = "bo"

    assert shown.values == EXPLORABLE.values(who="bo")
    assert slider(shown).value == slider(shown).max


def test_the_last_place_of_the_playhead_stands_for_the_end() -> None:
    shown = explore("iam_evaluation", at=1)

    slider(shown).value = 3

    assert shown.values == EXPLORABLE.values()


def test_it_plays_at_the_pace_of_its_gates() -> None:
    shown = explore("iam_evaluation")
    [play] = [one for one in everything_in(shown.widget()) if type(one).__name__ == "Play"]

    assert play.interval == round(1000 / EXPLORABLE.playhead.steps_per_s)
