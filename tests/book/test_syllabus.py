"""A chapter teaches what its syllabus says, and every core claim is examined."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from labkit import exercises, questions
from labkit.book.syllabus import load, minutes_to_read

ROOT = Path(__file__).parents[2]
CHAPTERS = ROOT / "chapters"
SLUGS = sorted(path.stem for path in (CHAPTERS / "syllabus").glob("*.yml"))
# A draft has its syllabus first; what examines it must be there when it stands in the book.
IN_THE_BOOK = re.findall(r"file: chapters/(\w+)$", (ROOT / "_toc.yml").read_text(), re.M)
SYLLABUS = """
slug: shop
title: Shop
lab_minutes: 20
needs: [iam, s3]
claims:
  - {id: shop-sells, statement: It sells., outcome: "sell a `seat`", weight: core}
  - {id: shop-closes, statement: It closes., weight: support}
"""
FILES = {"chapters/syllabus/shop.yml": SYLLABUS, "chapters/s3.md": "# S3\n"}
TAUGHT = "{claim}`shop-sells shop-closes` The shop.\n"


def shop(text: str) -> dict[str, str]:
    """The files of a book with a chapter on the shop."""
    return {"chapters/shop.md": f"# Shop\n\n{text}", **FILES}


def test_goals_are_the_outcomes_of_the_core_claims(build):
    page = build(**shop(f"{TAUGHT}\n```{{goals}} shop\n```\n")).page("chapters/shop")

    assert page.count("<li>") == 1
    assert "sell a <code" in page


def test_a_core_claim_without_an_outcome_is_an_error(build):
    files = shop(f"{TAUGHT}\n```{{goals}} shop\n```\n")
    files["chapters/syllabus/shop.yml"] = SYLLABUS.replace('outcome: "sell a `seat`", ', "")

    assert "These core claims have no outcome: shop-sells." in build(**files).warnings


def test_the_head_line_counts_minutes_and_links_to_chapters_that_exist(build):
    words = "seat " * 500
    files = shop(f"{TAUGHT}\n{words}\n\n```{{chapterhead}} shop\n```\n")
    page = build(**files).page("chapters/shop")

    line = re.sub(r"<[^>]+>", "", page.partition("lk-chapterhead")[2].partition("</p>")[0])
    assert line == '">3 min read · 20 min lab · needs: iam, s3'
    assert 'href="s3.html"' in page
    assert "iam.html" not in page


@pytest.mark.parametrize(
    ("text", "asks"),
    [("**Who sells?**\n", True), ("**Who** sells?\n", False), ("Seats.\n\n**Who?**\n", False)],
    ids=["bold as a whole", "a bold word", "not the first"],
)
def test_the_bold_sentence_under_the_title_is_the_question(build, text, asks):
    assert ('class="lk-asks"' in build(f"# Shop\n\n{text}").page()) is asks


def test_a_mark_is_an_anchor_that_shows_nothing(build):
    page = build(**shop(TAUGHT)).page("chapters/shop")

    assert '<span class="lk-claim" id="claim-shop-sells"></span>' in page


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("{claim}`shop-sells`", "no passage is marked with the claim shop-closes"),
        (TAUGHT + "{claim}`shop-opens`", "the syllabus has no claim shop-opens"),
        (TAUGHT + "{claim}`shop-sells`", "the claim shop-sells is marked more than once"),
    ],
    ids=["missing", "unknown", "twice"],
)
def test_marks_and_claims_must_answer_to_each_other(build, text, warning):
    assert warning in build(**shop(text)).warnings


def test_a_chapter_that_teaches_all_its_claims_is_quiet(build):
    assert build(**shop(TAUGHT)).warnings == ""


def test_front_matter_and_directives_are_not_read_as_text():
    head = "---\ndescription: a b c\n---\n"
    directive = "\n```{diagram} shop\n" + "x " * 99 + "\n```\n"

    assert minutes_to_read(head + "word " * 220 + directive) == 1


@pytest.mark.parametrize("slug", sorted({*SLUGS} & {*IN_THE_BOOK}))
def test_every_core_claim_is_examined_by_a_question_or_an_exercise(slug):
    examined = {id for question in questions.load(slug).questions for id in question.claims}
    examined |= {id for exercise in exercises.load(slug) for id in exercise.claims}

    unexamined = [claim.id for claim in load(CHAPTERS, slug).core if claim.id not in examined]

    assert unexamined == []


@pytest.mark.parametrize("slug", SLUGS)
def test_a_chapter_has_at_most_twelve_core_claims(slug):
    assert len(load(CHAPTERS, slug).core) <= 12
