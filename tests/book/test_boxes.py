"""The boxes of a chapter say which kind they are; what is folded opens without a script."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("directive", "label"),
    [("predict", "Predict"), ("try", "Try it"), ("trap", "Trap"), ("exam", "On the exam")],
)
def test_a_box_carries_its_label_and_title(build, directive, label):
    page = build(f"# Shop\n\n:::{{{directive}}} The `orders` queue\nWords.\n:::\n").page()

    assert f'<aside class="lk-box lk-{directive}">' in page
    assert f'<span class="lk-kind">{label}</span>' in page
    assert '<span class="pre">orders</span></code> queue</p>' in page
    assert "<p>Words.</p>" in page


def test_a_box_needs_no_title(build):
    page = build("# Shop\n\n:::{try}\nWords.\n:::\n").page()

    assert '<span class="lk-kind">Try it</span> </p>' in page


def test_the_answer_to_a_prediction_is_folded_below_the_question(build):
    text = "# Shop\n\n:::{predict} Two workers\nWho gets it?\n\n---\n\nThe first.\n:::\n"
    page = build(text).page()

    question, _, answer = page.partition('<details class="lk-fold">')
    assert "Who gets it?" in question
    assert "The first." not in question
    assert "<summary>Show what happens</summary>" in answer
    assert "The first." in answer


def test_an_empty_box_is_an_error(build):
    assert "Content block expected" in build("# Shop\n\n:::{trap} Nothing\n:::\n").warnings


def test_a_fold_shows_its_title_alone(build):
    page = build("# Shop\n\n:::{dropdown} Warm & *up*\nWords.\n:::\n").page()

    assert '<details class="lk-fold"><summary>Warm &amp; <em>up</em></summary>' in page
