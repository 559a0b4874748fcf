"""The texts of an explorable, its path and its replay are whole before any script runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

from labkit.book.explorable_html import page_part, spec
from labkit.explorables.controls import Playhead
from labkit.explorables.parts import Big, Entry
from labkit.explorables.texts import Mark, Text
from tests.book.test_explorable import EXPLORABLE, by_name, element, figure, html

NOTES = Text(
    "notes",
    "Notes of the <manager>",
    "one\n<two>",
    lambda **values: (
        Mark(2, "✕", "@failed", 'Line 2: "no" tags', is_flaw=True),
        Mark(2, "○", "@ink2", "idle"),
    ),
    lambda text: f"{len(text)} letters",
    blank="begin",
    help="Seats and <b>rows</b>.",
)
RARE = replace(NOTES, name="rare", label="Rare", start="", more=True, help="")
WRITTEN = replace(
    EXPLORABLE,
    controls=(NOTES, RARE),
    presets=(),
    reading=lambda **values: "Nothing sold.",
    figure=lambda **values: figure(seats=1),
    numbers=lambda **values: (Big("Sold", 0),),
    playhead=None,
    path=lambda **values: (
        Entry("Gate", "open", "■", "@done", (Entry("Door", "& out", "○", "@ink2"),)),
    ),
)


def written(**options: Any) -> ElementTree.Element:
    start = WRITTEN.values(**options.pop("start", {}))
    return element(page_part(WRITTEN, start, "there.html", **options))


def test_a_text_can_be_read_before_a_script_runs_and_not_written() -> None:
    area = by_name(written(), "notes")

    assert (area.text, area.get("rows")) == ("one\n<two>", "2")
    assert area.get("readonly") is not None
    assert area.get("data-blank") == "begin"


def test_a_text_has_a_name_a_summary_and_help() -> None:
    tree = written()
    area = by_name(tree, "notes")

    assert tree.findtext(f".//*[@id='{area.get('aria-labelledby')}']") == "Notes of the <manager>"
    assert tree.findtext(f".//output[@for='{area.get('id')}']") == "9 letters"
    told = [tree.find(f".//*[@id='{id}']") for id in area.get("aria-describedby", "").split()]
    assert [each.text for each in told if each is not None] == [None, "Seats and <b>rows</b>."]


def test_the_margin_has_every_line_s_number_and_the_first_of_its_marks() -> None:
    margin = written().find(".//*[@class='lk-x-margin']")

    assert margin is not None
    first, second = margin
    assert ("".join(first.itertext()), first.get("data-tone")) == ("1", None)
    assert ("".join(second.itertext()), second.get("data-tone")) == ("✕2", "failed")
    assert second.get("title") == 'Line 2: "no" tags'


def folds(tree: ElementTree.Element) -> list[tuple[str, bool]]:
    """The texts by their names, and whether each is shown unfolded."""
    return [
        (fold.find(".//textarea").get("name", ""), fold.get("open") is not None)  # type: ignore[union-attr]
        for fold in tree.iter("details")
        if fold.get("class") == "lk-x-text"
    ]


def test_an_empty_text_is_folded_and_so_is_a_rarer_one_at_its_start() -> None:
    assert folds(written()) == [("notes", True), ("rare", False)]
    assert folds(written(start={"notes": "", "rare": "x"})) == [("notes", False), ("rare", True)]
    assert folds(written(compact=True)) == [("notes", True)]


def test_with_texts_the_reading_stands_with_the_figure() -> None:
    stage = written().find(".//*[@class='lk-x-stage']")
    beside = element(html()).find(".//*[@class='lk-x-stage']")

    assert stage is not None
    assert beside is not None
    assert stage.findtext("p[@class='lk-x-reading']") == "Nothing sold."
    assert beside.find("p[@class='lk-x-reading']") is None


def test_the_path_is_there_without_scripts() -> None:
    path = written().find(".//ol[@class='lk-x-path']")

    assert path is not None
    assert [" ".join("".join(p.itertext()).split()) for p in path.iter("p")] == [
        "Gate open",
        "Door & out",
    ]


def test_the_script_learns_which_controls_are_texts_and_what_to_load() -> None:
    tree = written(libraries=("policy", "more"))

    assert spec(WRITTEN, WRITTEN.values())["texts"] == ["notes", "rare"]
    assert tree.get("data-libraries") == "policy more"
    assert tree.get("class") == "lk-explorable lk-x-desk"
    assert element(html()).get("class") == "lk-explorable"


def test_a_playhead_that_replays_begins_at_the_end_and_says_where_that_is() -> None:
    replay = replace(
        EXPLORABLE,
        playhead=Playhead(
            "at",
            "Way",
            4,
            1,
            9,
            steps_per_s=2,
            replay=True,
            where=lambda values: f"gate {values['at']}",
        ),
    )
    bar = by_name(element(page_part(replay, replay.values())), "at")

    assert (bar.get("value"), bar.get("max"), bar.get("data-rest")) == ("4", "4", "9")
    assert (bar.get("data-pace"), bar.get("aria-valuetext")) == ("2", "gate 9")
    assert by_name(element(html()), "at_s").get("data-rest") is None


def test_a_page_with_texts_or_a_path_gets_the_style_of_each_and_other_pages_do_not(
    build: Any,
) -> None:
    pages = {
        f"chapters/explorables/{slug}.md": f"# A figure\n\n```{{explorable}} {slug}\n```\n"
        for slug in ("iam_evaluation", "sqs_polling")
    }
    book = build("# Shop\n", **pages)

    texts, knobs = (book.whole(name.removesuffix(".md")) for name in pages)

    assert ("desk.css" in texts, "path.css" in texts) == (True, True)
    assert ("desk.css" in knobs, "path.css" in knobs) == (False, False)
    assert (book.html / "_static/explorables/library-policy.json").exists()


def test_a_page_that_prints_a_decision_gets_its_style(build: Any) -> None:
    book = build('# Shop\n\n<div class="lk-decision lk-done"></div>\n')

    assert "decision.css" in book.whole()
    assert "explorable" not in book.whole()
