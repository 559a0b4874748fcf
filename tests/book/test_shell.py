"""Every page has one frame: navigation, its own sections, and no asset that it does not need."""

from __future__ import annotations

import re

FILES = {"chapters/shop.md": "# Shop\n\n## Seats\n\nRow F.\n\n### Row F\n\n## Refunds\n"}


def test_the_navigation_marks_the_page_and_lists_its_sections(build):
    page = build(**FILES).whole("chapters/shop")

    assert '<a href="#" aria-current="page">Shop</a>' in page
    sections = page.partition('class="lk-sections"')[2].partition("</ul>")[0]
    assert re.findall(r'href="(#[^"]+)">([^<]+)', sections) == [
        ("#seats", "Seats"),
        ("#refunds", "Refunds"),
    ]


def test_the_part_that_holds_the_page_is_open(build):
    page = build(**FILES).whole("chapters/shop")

    assert "<details open>" in page


def test_a_page_loads_the_books_own_assets_only(build):
    page = build(**FILES).whole("chapters/shop")

    assets = re.findall(r'(?:src|href)="[^"]*_static/([^"?]+)', page)
    assert sorted(assets) == [
        "book.js",
        "code.css",
        "icon.svg",
        "labkit.css",
        "parts.css",
        "print.css",
        "prose.css",
        "shell.css",
    ]


def test_only_the_search_page_loads_the_search(build):
    book = build(**FILES)

    assert "searchindex.js" in book.whole("search")
    assert "searchindex.js" not in book.whole("chapters/shop")


def test_there_is_one_search_box_to_a_page(build):
    book = build(**FILES)

    for name in ("chapters/shop", "search"):
        assert book.whole(name).count('name="q"') == 1


def test_the_root_of_the_site_opens_the_front_page(build):
    assert 'content="0; url=chapters/index.html"' in build(**FILES).whole("index")


def test_no_address_in_a_page_begins_at_the_root_of_the_host(build):
    book = build(**FILES)

    for name in ("index", "search", "chapters/index", "chapters/shop"):
        assert not re.search(r'(?:src|href)="/', book.whole(name)), name
