"""A {diagram} is part of the page, says in words what it shows, and keeps its ids to itself."""

from __future__ import annotations

import pytest

from labkit.book.diagram import inline
from labkit.errors import BrokenLab

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 40" width="100">'
    '<marker id="tip"/><path d="M0 0h9" marker-end="url(#tip)" fill="var(--lk-ready)"/></svg>'
)
FIGURE = "# Shop\n\n```{diagram} shop\n:alt: A shop & its queue.\nThe shop.\n```\n"


def test_a_drawing_is_inlined_with_its_words_and_caption(build):
    book = build(FIGURE, **{"chapters/figures/shop.svg": SVG})
    page = book.page()

    assert book.warnings == ""
    assert 'role="img" aria-label="A shop &amp; its queue."' in page
    assert 'fill="var(--lk-ready)"' in page
    assert "<figcaption>\n<p>The shop.</p>" in page


def test_a_narrow_drawing_stands_beside_the_wide_one(build):
    files = {"chapters/figures/shop.svg": SVG, "chapters/figures/shop_narrow.svg": SVG}
    page = build(FIGURE, **files).page()

    assert 'class="lk-wide"><svg' in page
    assert 'class="lk-narrow"><svg' in page
    assert "url(#shop-tip)" in page
    assert "url(#shop_narrow-tip)" in page


def test_a_drawing_without_words_is_an_error(build):
    book = build("# Shop\n\n```{diagram} shop\n```\n", **{"chapters/figures/shop.svg": SVG})

    assert "needs an :alt:" in book.warnings


def test_a_missing_drawing_is_an_error_that_names_the_nearest(build):
    text = "# Shop\n\n```{diagram} shopp\n:alt: A shop.\n```\n"
    book = build(text, **{"chapters/figures/shop.svg": SVG})

    assert "no drawing chapters/figures/shopp.svg" in book.warnings
    assert "The nearest is shop." in book.warnings


def test_ids_are_named_after_the_drawing():
    text = inline(SVG, "shop", "A shop.")

    assert 'id="shop-tip"' in text
    assert 'marker-end="url(#shop-tip)"' in text


def test_a_drawing_scales_with_the_page():
    text = inline(SVG, "shop", "A shop.")

    assert 'width="100"' not in text
    assert "--lk-drawn: 100px" in text


@pytest.mark.parametrize(
    ("svg", "message"),
    [("<svg", "not well-formed"), ("<svg/>", "no viewBox")],
    ids=["broken", "unscalable"],
)
def test_a_drawing_that_cannot_be_shown_is_refused(svg, message):
    with pytest.raises(BrokenLab, match=message):
        inline(svg, "shop", "A shop.")
