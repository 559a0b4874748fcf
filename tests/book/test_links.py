"""A chapter links to another by its slug, whether or not that one is written yet."""

from __future__ import annotations

import pytest

PLAN = """
- part: Doors
  chapters:
    - {slug: iam, title: IAM, about: keys}
    - {slug: roles, title: Roles, about: keys that end}
"""
FILES = {"chapters/parts.yml": PLAN, "chapters/roles.md": "# Roles\n"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [("{chapter}`roles`", "Roles"), ("{chapter}`how they end <roles>`", "how they end")],
    ids=["by its title", "in words of the author's"],
)
def test_a_chapter_that_is_written_is_a_link(build, text, shown):
    book = build(f"# Shop\n\nSee {text}.\n", **FILES)

    assert 'href="roles.html"' in book.page()
    assert f"See {shown}." in book.text()
    assert book.warnings == ""


def test_a_chapter_to_come_is_its_name_alone(build):
    book = build("# Shop\n\nSee {chapter}`iam`.\n", **FILES)

    assert "See IAM." in book.text()
    assert "iam.html" not in book.page()
    assert book.warnings == ""


def test_a_chapter_that_nobody_plans_is_an_error_that_names_the_nearest(build):
    book = build("# Shop\n\nSee {chapter}`role`.\n", **FILES)

    assert "No chapter 'role' is planned. The nearest is roles." in book.warnings
