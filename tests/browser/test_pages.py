"""Every page of the book, as a reader's browser shows it.

That no page asks another host for anything or writes an error to the console is checked by the
fixtures, whenever a page is opened.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.axe import COLOURS, axe_finds
from tests.browser.explorables import SUBJECTS

ROOT = Path(__file__).parents[2]
PAGES = re.findall(r"^(?:root| *- file): (\S+)$", (ROOT / "_toc.yml").read_text(), re.M)
SLUGS = [path.stem for path in (ROOT / "chapters" / "syllabus").glob("*.yml")]
CHAPTERS = [page for page in PAGES if page.removeprefix("chapters/") in SLUGS]
ALIVE = [subject.page for subject in SUBJECTS]  # axe meets these with their figure drawn
WIDTHS = (360, 768, 1024, 1440)
NARROW = {"width": 360, "height": 740}
FIRST_VISIT_AT_MOST_KB = 350
SMALLEST_WORDS_PX = 11
ENGINES = "/vendor/"
TEXT_COLUMN_CHARACTERS = (65, 72)


def test_the_table_of_contents_is_what_was_built(site):
    assert set(PAGES) <= set(site.names())


@pytest.mark.parametrize("name", [*(page for page in PAGES if page not in ALIVE), "search"])
def test_axe_finds_nothing_in_either_theme(page, site, name):
    page.goto(site.address(name))

    assert axe_finds(page) == []
    page.emulate_media(color_scheme="dark")
    assert axe_finds(page, COLOURS) == []


@pytest.mark.parametrize("name", [*PAGES, "search"])
def test_nothing_is_wider_than_the_window(page, site, name):
    page.goto(site.address(name))

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_without_scripts(browse, site, name):
    page = browse(java_script_enabled=False)
    page.goto(site.address(name))

    assert page.locator("h1").is_visible()
    assert page.locator("article p").first.is_visible()
    assert page.locator(".lk-theme").is_hidden()


@pytest.mark.parametrize("name", PAGES)
def test_without_scripts_the_contents_open_on_a_narrow_screen(browse, site, name):
    page = browse(java_script_enabled=False, viewport=NARROW)
    page.goto(site.address(name))
    contents = page.get_by_role("navigation", name="Contents")
    assert contents.is_hidden()

    page.get_by_role("button", name="Contents").click()

    assert contents.is_visible()


def test_a_link_within_the_page_closes_the_contents(browse, site):
    page = browse(viewport=NARROW)
    page.goto(site.address(CHAPTERS[0]))
    contents = page.get_by_role("navigation", name="Contents")
    page.get_by_role("button", name="Contents").click()

    contents.locator(".lk-sections a").last.click()

    assert contents.is_hidden()


def test_code_can_be_copied(browse, site):
    page = browse(permissions=["clipboard-read", "clipboard-write"])
    page.goto(site.address(CHAPTERS[0]))
    block = page.locator("div.highlight").first

    block.hover()
    block.get_by_role("button", name="Copy").click()

    block.get_by_role("button", name="Copied").wait_for()
    code = block.locator("pre").inner_text().rstrip()
    assert page.evaluate("navigator.clipboard.readText()") == code


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_first_visit_of_a_chapter_is_light(page, site, watch, name):
    page.goto(site.address(name), wait_until="networkidle")

    weights = {
        response.url.removeprefix(site.url): len(gzip.compress(response.body(), mtime=0))
        for response in watch.responses
        if response.url.startswith(site.url) and ENGINES not in response.url
    }
    total_kb = sum(weights.values()) / 1000
    heaviest = sorted(weights.items(), key=lambda item: -item[1])
    print(f"\n{name}: {total_kb:.0f} KB gzip on the first visit: {heaviest[:6]}")

    assert total_kb <= FIRST_VISIT_AT_MOST_KB


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_line_of_text_has_65_to_72_characters(page, site, name):
    page.goto(site.address(name))

    per_line = page.evaluate(
        """() => {
          const paragraphs = [...document.querySelectorAll("article section > p")];
          let characters = 0, lines = 0;
          for (const paragraph of paragraphs) {
            if (paragraph.querySelector("code, a, .lk-fact")) continue;
            const range = document.createRange();
            range.selectNodeContents(paragraph);
            const tops = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
            if (tops.size < 4) continue;
            const last = 0.5;
            characters += paragraph.innerText.length;
            lines += tops.size - last;
          }
          return characters / lines;
        }"""
    )

    assert TEXT_COLUMN_CHARACTERS[0] <= per_line <= TEXT_COLUMN_CHARACTERS[1]


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_words_in_a_diagram_can_be_read_on_a_phone(browse, site, name):
    page = browse(viewport=NARROW)
    page.goto(site.address(name))

    too_small = page.evaluate(
        """least => [...document.querySelectorAll(".lk-diagram svg text")]
          .filter((text) => text.checkVisibility())
          .filter((text) => parseFloat(getComputedStyle(text).fontSize)
            * text.getScreenCTM().a < least)
          .map((text) => text.textContent)""",
        SMALLEST_WORDS_PX,
    )

    assert too_small == []


def test_the_theme_button_changes_the_theme_and_the_next_page_keeps_it(page, site):
    page.goto(site.address("chapters/index"))
    button = page.get_by_role("button", name="Dark theme")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)

    button.click()

    assert button.get_attribute("aria-pressed") == "true"
    dark = page.evaluate(paper)
    assert dark != light
    page.goto(site.address("chapters/how_to_use"))
    assert page.evaluate(paper) == dark


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_fact_shows_its_source_to_the_pointer_and_to_the_keyboard(page, site, name):
    page.goto(site.address(name))
    fact = page.locator(".lk-fact").first
    note = fact.get_by_role("tooltip")
    assert note.is_hidden()

    fact.hover()
    assert note.is_visible()

    page.mouse.move(0, 0)
    assert note.is_hidden()
    fact.get_by_role("link").focus()
    assert note.is_visible()

    page.keyboard.press("Escape")
    assert note.is_hidden()


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_note_stays_within_the_window(page, site, name):
    page.goto(site.address(name))

    for width in (*WIDTHS, 1200):
        page.set_viewport_size({"width": width, "height": 740})
        beyond = page.evaluate(
            """() => [...document.querySelectorAll(".lk-fact")].flatMap((fact) => {
              fact.querySelector("a").focus();
              const note = fact.querySelector("[role=tooltip]");
              const { left, right } = note.getBoundingClientRect();
              const seen = note.checkVisibility({ visibilityProperty: true });
              return seen && left >= 0 && right <= innerWidth ? [] : [note.textContent];
            })"""
        )
        assert (width, beyond) == (width, [])


@pytest.mark.parametrize("name", PAGES)
def test_print_shows_what_is_folded_and_hides_the_frame(browse, site, name):
    page = browse(java_script_enabled=False)
    page.goto(site.address(name))
    page.emulate_media(media="print")

    assert page.locator(".lk-bar").is_hidden()
    for fold in page.locator("main .lk-fold > :not(summary)").all():
        assert fold.is_visible()


def test_the_search_finds_a_chapter(page, site):
    page.goto(site.address("search") + "?q=visibility")

    # Results come one by one, so only the one that is meant can be waited for.
    expect(page.locator("#search-results a[href*='chapters/sqs.html']").first).to_be_visible()


def test_the_root_of_the_site_opens_the_landing_page(page, site):
    page.goto(site.url, wait_until="networkidle")

    assert page.url == site.address("chapters/index")
