"""A {lab} says what the reader will do, how long it takes and how to run it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

import labkit.book.labcard

FILES = {"chapters/syllabus/shop.yml": "{slug: shop, title: Shop, lab_minutes: 20, claims: []}"}
EXERCISES = [
    SimpleNamespace(title="Sell a seat", task="Row F of `orders` is sold."),
    SimpleNamespace(title="Refund it", task="It is free again."),
]


@pytest.fixture
def exercises(monkeypatch):
    """Lets the shop have two exercises."""
    monkeypatch.setattr(labkit.book.labcard, "load", lambda slug: {"shop": EXERCISES}[slug])


@pytest.mark.usefixtures("exercises")
def test_the_card_lists_the_exercises_and_says_how_to_run_them(build):
    book = build("# Book\n\n```{lab} shop\n```\n", **FILES)
    page = book.page()

    assert book.warnings == ""
    assert "20 min · 2 exercises" in page
    assert "<strong>Sell a seat</strong>. Row F of <code" in page
    assert "make lab opens JupyterLab on your own copy, my-labs/shop.ipynb" in book.text()


@pytest.mark.usefixtures("exercises")
def test_the_card_links_to_the_lab_once_it_is_a_page(build):
    text = "# Book\n\n```{lab} shop\n```\n"
    before = build(text, **FILES).page()
    after = build(text, **{"labs/shop.md": "# Lab\n", **FILES}).page()

    assert 'href="../labs/shop.html"' not in before
    assert 'href="../labs/shop.html"' in after


def test_a_lab_without_exercises_is_an_error(build):
    book = build("# Book\n\n```{lab} shop\n```\n", **FILES)

    assert "There is no lab 'shop'" in book.warnings


def test_a_chapter_without_a_syllabus_is_an_error_that_names_the_nearest(build):
    book = build("# Book\n\n```{lab} shopp\n```\n", **FILES)

    assert "no chapters/syllabus/shopp.yml. The nearest is shop." in book.warnings
