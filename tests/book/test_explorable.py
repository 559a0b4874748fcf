"""The `{explorable}` directive lays down HTML that reads whole before any script runs."""

from __future__ import annotations

import json
import re
from html import escape, unescape
from typing import Any
from xml.etree import ElementTree

import pytest

from labkit.book.explorable_html import page_part, picture, spec
from labkit.explorables import SLUGS, load
from labkit.explorables.controls import Choice, Playhead, Slider, Toggle
from labkit.explorables.parts import Big, Explorable, Preset, Source, Task

Values = dict[str, Any]

OWN_PAGE = {
    "chapters/explorables/sqs_polling.md": "# Polling\n\n```{explorable} sqs_polling\n```\n"
}
ALL_PAGES = {
    f"chapters/explorables/{slug}.md": f"# A figure\n\n```{{explorable}} {slug}\n```\n"
    for slug in SLUGS
}


def figure(**values: Any) -> Values:
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "x": [0, 10],
                "y": [0, values["seats"]],
                "line": {"color": "@ready"},
            }
        ],
        "layout": {"xaxis": {"range": [0, 10]}, "yaxis": {"range": [0, 100]}},
    }


EXPLORABLE = Explorable(
    slug="box_office",
    title="How fast do seats sell?",
    question="Does a second box office help?",
    controls=(
        Slider("seats", "Seats", 0, 100, 20, step=5, unit="seats", help="In the whole house."),
        Choice("hall", "Hall", (("small", "Small <hall>"), ("large", "Large")), "large"),
        Toggle("matinee", "Matinée", True),
        Slider("price_usd", "Price", 1, 1000, 10, unit="USD", log=True, more=True),
    ),
    figure=figure,
    reading=lambda **values: f"{values['seats']} seats & no more.",
    numbers=lambda **values: (Big("Sold", values["seats"], "seats", "today", "@done"),),
    tasks=(Task("full", "Fill the house.", lambda **values: values["seats"] == 100),),
    presets=(Preset("premiere", "Première", {"seats": 90}, "Watch the queue."),),
    playhead=Playhead("at_s", "Time", 120, 0.5, start=30),
    not_modelled=("Refunds.",),
    sources=(Source("The box office", "https://example.com/office"),),
)


def html(home: str = "explorables/box_office.html", **options: Any) -> str:
    return page_part(EXPLORABLE, EXPLORABLE.values(**options.pop("start", {})), home, **options)


def element(text: str) -> ElementTree.Element:
    """The markup as a tree; it is well-formed once what HTML may leave open is closed."""
    text = re.sub(r"<(input)([^>]*)>", r"<\1\2/>", text)
    text = re.sub(r" (hidden|checked|selected|open|readonly|data-more)(?=[ />])", r' \1=""', text)
    text = re.sub(r"<script>.*?</script>", "", text, flags=re.S)
    return ElementTree.fromstring(text)


def by_name(tree: ElementTree.Element, name: str) -> ElementTree.Element:
    (found,) = tree.iterfind(f".//*[@name='{name}']")
    return found


def test_the_figure_the_reading_and_the_numbers_are_there() -> None:
    tree = element(html())

    assert len(list(tree.iter("{http://www.w3.org/2000/svg}svg"))) >= 2  # wide and narrow
    assert tree.findtext(".//p[@class='lk-x-reading']") == "20 seats & no more."
    assert "".join(tree.find(".//dl").itertext()) == "Sold20 seatstoday"  # type: ignore[union-attr]


def test_the_reading_is_the_figure_s_text_alternative_and_is_read_out() -> None:
    tree = element(html())

    descriptions = [each.text for each in tree.iter("{http://www.w3.org/2000/svg}desc")]
    assert descriptions == ["20 seats & no more."] * 2
    assert tree.find(".//p[@aria-live='polite']") is not None


def test_every_control_has_a_label_of_its_own() -> None:
    tree = element(html())

    labels = {label.get("for"): "".join(label.itertext()) for label in tree.iter("label")}
    for control in EXPLORABLE.controls:
        assert labels[by_name(tree, control.name).get("id")] == control.label
    assert by_name(tree, "at_s").get("aria-label") == "Time"


def test_a_slider_says_its_value_with_the_unit() -> None:
    tree = element(html())

    seats = by_name(tree, "seats")

    assert seats.get("aria-valuetext") == "20\u00a0seats"
    assert (seats.get("min"), seats.get("max"), seats.get("value")) == ("0", "20", "4")
    assert tree.findtext(f".//output[@for='{seats.get('id')}']") == "20\u00a0seats"
    assert tree.findtext(f".//*[@id='{seats.get('aria-describedby')}']") == "In the whole house."


def test_a_choice_and_a_toggle_stand_at_their_start() -> None:
    tree = element(html())

    chosen = by_name(tree, "hall").find("option[@selected]")

    assert chosen is not None
    assert json.loads(chosen.get("value", "")) == "large"
    assert by_name(tree, "matinee").get("checked") is not None


def test_the_rarer_controls_are_folded() -> None:
    fold = element(html()).find(".//form//details")

    assert fold is not None
    assert fold.find(".//*[@name='price_usd']") is not None
    assert fold.find(".//*[@name='seats']") is None


def test_a_preset_can_be_what_it_shows_first() -> None:
    tree = element(html(start={"seats": 90}))

    assert tree.findtext(".//p[@class='lk-x-reading']") == "90 seats & no more."


def test_words_are_escaped() -> None:
    assert "Small &lt;hall&gt;" in html()
    assert element(html()).findtext(".//*[@name='hall']/option[1]") == "Small <hall>"


def test_a_compact_one_leaves_the_rest_to_its_own_page() -> None:
    tree = element(html(compact=True))

    assert tree.find(".//form//details") is None
    assert tree.find(".//*[@class='lk-x-tasks']") is None
    assert [a.get("href") for a in tree.iter("a")] == ["explorables/box_office.html"]


def test_its_own_page_has_the_small_print_open_and_the_question_above() -> None:
    elsewhere, at_home = html(), html(home="")

    assert "Refunds." in elsewhere
    assert "<details open><summary>What the model leaves out" in at_home
    assert EXPLORABLE.question in elsewhere
    assert EXPLORABLE.question not in at_home


def test_the_script_gets_what_it_needs_and_cannot_be_ended_early() -> None:
    text = html()
    found = re.search(r'<script type="application/json">(.*?)</script>', text, re.S)
    assert found is not None

    read = json.loads(found[1])

    assert read["presets"] == {"premiere": [{"seats": 90}, "Watch the queue."]}
    assert read["stops"]["seats"][4] == [20, "20\u00a0seats"]
    assert read["start"]["at_s"] == 30
    assert unescape(found[1]).count("</") == 0


def test_the_spec_tells_the_start_from_the_rest() -> None:
    told = spec(EXPLORABLE, EXPLORABLE.values(seats=90))

    assert (told["start"]["seats"], told["rest"]["seats"]) == (90, 20)


def test_the_picture_of_it_leads_to_its_page() -> None:
    tree = element(picture(EXPLORABLE, "box_office.html"))

    link = tree.find("a")

    assert link is not None
    assert link.get("href") == "box_office.html"
    assert link.findtext("strong") == EXPLORABLE.title


def test_a_page_that_embeds_it_links_to_its_own_page(build: Any) -> None:
    book = build("# Shop\n\n```{explorable} sqs_polling\n:preset: long\n```\n", **OWN_PAGE)

    assert book.warnings == ""
    assert 'href="explorables/sqs_polling.html#read-the-code"' in book.page()
    assert 'href="#read-the-code"' in book.page("chapters/explorables/sqs_polling")


def test_only_a_page_that_holds_one_loads_its_script_and_style(build: Any) -> None:
    book = build("# Shop\n\nNo figure.\n", **OWN_PAGE)

    script = '<script type="module" src="../../_static/explorable.mjs'
    assert script in book.whole("chapters/explorables/sqs_polling")
    assert "_static/explorable" not in book.whole()


def test_a_picture_needs_a_style_only(build: Any) -> None:
    whole = build("# Shop\n\n```{explorable-index}\n```\n", **ALL_PAGES).whole()

    assert "pictures.css" in whole
    assert "_static/explorable" not in whole
    assert 'href="explorables/sqs_polling.html"' in whole


def test_a_thumbnail_has_a_title_and_no_question(build: Any) -> None:
    whole = build("# Shop\n\n```{explorable-index}\n:small:\n```\n", **ALL_PAGES).whole()

    for slug in SLUGS:
        one = load(slug)
        assert f"<strong>{escape(one.title)}</strong>" in whole
        assert escape(one.question) not in whole


def test_the_python_of_a_page_is_written_beside_its_script(build: Any) -> None:
    static = build("# Shop\n", **OWN_PAGE).html / "_static"

    own = json.loads((static / "explorables/sqs_polling.json").read_text(encoding="utf-8"))

    assert "labkit/explorables/sqs_polling/__init__.py" in own
    assert (static / "explorables/core.json").exists()
    assert (static / "vendor/micropython/micropython.wasm").exists()


@pytest.mark.parametrize(
    ("text", "own_page", "words"),
    [
        pytest.param(
            "```{explorable} sqs_poling\n```", OWN_PAGE, "no explorable", id="no such slug"
        ),
        pytest.param(
            "```{explorable} sqs_polling\n:preset: shrt\n```", OWN_PAGE, "no preset", id="no preset"
        ),
        pytest.param(
            "```{explorable} sqs_polling\n```\n" * 2, OWN_PAGE, "already", id="twice in a page"
        ),
        pytest.param("```{explorable} sqs_polling\n```", {}, "page of its own", id="no own page"),
    ],
)
def test_a_wrong_directive_says_what_is_wrong(
    build: Any, text: str, own_page: dict[str, str], words: str
) -> None:
    assert words in build(f"# Shop\n\n{text}\n", **own_page).warnings
