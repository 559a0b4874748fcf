"""The map of the book shows every planned chapter, and which of them can be read."""

from __future__ import annotations

from pathlib import Path

from labkit.book.parts import plan

CHAPTERS = Path(__file__).parents[2] / "chapters"
PLAN = """
- part: Foundations
  chapters:
    - {slug: shop, title: Shop, about: seats}
    - {slug: bank, title: Bank, about: money}
"""
SYLLABUS = "{slug: shop, title: Shop, lab_minutes: 20, claims: []}"
FILES = {
    "chapters/shop.md": "# Shop\n\nSeats.\n",
    "chapters/parts.yml": PLAN,
    "chapters/syllabus/shop.yml": SYLLABUS,
}


def test_a_written_chapter_is_a_link_with_its_times(build):
    book = build("# Book\n\n```{partmap}\n```\n", **FILES)
    ready = book.page().partition('<li class="lk-ready">')[2].partition("</li>")[0]

    assert book.warnings == ""
    assert 'href="shop.html"' in ready
    assert "1 min + 20 min lab" in ready


def test_a_planned_chapter_is_named_without_a_link(build):
    page = build("# Book\n\n```{partmap}\n```\n", **FILES).page()
    coming = page.partition('<li class="lk-coming">')[2].partition("</li>")[0]

    assert "Bank" in coming
    assert "<a " not in coming


def test_no_chapter_is_planned_twice_and_every_slug_can_be_a_module():
    slugs = [chapter.slug for part in plan(CHAPTERS) for chapter in part.chapters]

    assert len(slugs) == len(set(slugs))
    assert all(slug.isidentifier() for slug in slugs)


def test_every_written_chapter_is_in_the_plan():
    planned = {chapter.slug for part in plan(CHAPTERS) for chapter in part.chapters}

    assert {path.stem for path in (CHAPTERS / "syllabus").glob("*.yml")} <= planned
