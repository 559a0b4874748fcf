"""Where nothing runs, a question can be read and its answer unfolded."""

from __future__ import annotations

import re

import pytest

from labkit import questions
from labkit.questions.form import quiz

BANK = questions.load("sqs")


def test_a_choice_is_a_group_of_radio_buttons_under_its_question():
    html = BANK.get("sqs-short-poll-misses").as_html()

    assert "<legend>Why did the first call come back empty?</legend>" in html
    assert re.findall(r'<input type="(\w+)" name="answer" value="([\w-]+)">', html) == [
        ("radio", "joining"),
        ("radio", "settling"),
        ("radio", "filling"),
        ("radio", "sample"),
    ]


def test_several_answers_are_checkboxes_and_a_number_is_a_number():
    assert BANK.get("sqs-fifo-second-copy").as_html().count('type="checkbox"') == 4
    assert 'type="number"' in BANK.get("sqs-extend-from-now").as_html()


@pytest.mark.parametrize("question", list(BANK), ids=lambda question: question.id)
def test_the_answer_is_folded_and_explains_every_option(question):
    shown, _, folded = question.as_html().partition("<details")

    for option in question.options:
        assert option.why.inline not in shown
        assert f'<span class="lk-why">{option.why.inline}</span>' in folded
    for slip in question.slips:
        assert slip.why.inline in folded


def test_the_key_is_not_told_by_what_is_shown():
    shown, _, _ = BANK.get("sqs-short-poll-misses").as_html().partition("<details")

    assert not re.search(r"correct|right|data-answer", shown)


def test_what_is_marked_right_is_the_key():
    html = BANK.get("sqs-fifo-second-copy").as_html()

    assert re.findall(r'<li data-option="([\w-]+)" data-right="">', html) == ["new-id", "too-late"]
    assert '<p class="lk-key"><strong>B and D</strong></p>' in html


def test_a_quiz_numbers_its_questions_and_anchors_them_when_asked():
    both = [BANK.get("sqs-dlq-receives"), BANK.get("sqs-dlq-retention")]

    assert re.findall(r"Answer to question \d", quiz(both, "sqs")) == [
        "Answer to question 1",
        "Answer to question 2",
    ]
    assert ' id="q-' not in quiz(both, "sqs")
    assert 'id="q-sqs-dlq-receives"' in quiz(both, "sqs", anchored=True)
    assert "Question 1" not in quiz(both[:1], "sqs")


def test_the_text_form_keeps_code_and_leaves_the_answer_out():
    assert BANK.get("sqs-predict-empty-poll").as_text() == (
        "The queue `orders` is empty, and nobody sends to it. You run:\n\n"
        "    answer = sqs.receive_message(QueueUrl=orders, WaitTimeSeconds=20)\n\n"
        "What comes back, and when?\n\n"
        "A  At once, an answer without a `Messages` key.\n"
        "B  After 20 seconds, an exception that says the queue is empty.\n"
        "C  After 20 seconds, an answer without a `Messages` key.\n"
        "D  Nothing, until somebody sends a message."
    )
    assert BANK.get("sqs-extend-from-now").as_text().endswith("(a number, in seconds)")
