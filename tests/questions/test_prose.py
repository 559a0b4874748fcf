"""The texts of a question are a small Markdown; HTML in them is shown, not obeyed."""

from __future__ import annotations

import pytest

from labkit.questions import Prose


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("Set `DelaySeconds=5`.", "Set <code>DelaySeconds=5</code>."),
        ("it is *hidden*", "it is <em>hidden</em>"),
        ("**at least** once", "<strong>at least</strong> once"),
        ("a < b & `c < d`", "a &lt; b &amp; <code>c &lt; d</code>"),
        ("`a * b * c`", "<code>a * b * c</code>"),
        ("two\n  lines", "two lines"),
        ('an "order"', 'an "order"'),
    ],
    ids=["code", "emphasis", "strong", "escaped", "stars in code", "folded", "quotes"],
)
def test_a_run_of_text_becomes_html(source, shown):
    assert Prose(source).inline == shown


def test_an_empty_line_parts_paragraphs():
    assert Prose("one\nline\n\nanother\n").html == "<p>one line</p><p>another</p>"


def test_a_fence_makes_a_block_of_code_that_the_keyboard_can_scroll():
    text = Prose("You run:\n\n```python\na = 1\n\nb = `2` < 3\n```\n\nWhat now?")

    assert text.html == (
        "<p>You run:</p>"
        '<pre tabindex="0"><code>a = 1\n\nb = `2` &lt; 3</code></pre>'
        "<p>What now?</p>"
    )
    assert [block.is_code for block in text.blocks] == [False, True, False]
