"""A page with questions holds them as forms, and only such a page loads what makes them live."""

from __future__ import annotations

import json

from labkit import questions

SQS = "# Shop\n\n```{quiz} sqs\n```\n"
TWO = "# Shop\n\n```{quiz} sqs\n:ids: sqs-dlq-retention, sqs-dlq-receives\n```\n"


def test_a_quiz_asks_every_question_of_the_bank(build):
    book = build(SQS)

    assert book.warnings == ""
    assert book.page().count('<form class="lk-question"') == len(questions.load("sqs"))
    assert 'id="q-sqs-night-bill"' in book.page()


def test_a_quiz_asks_the_named_questions_in_their_order(build):
    page = build(TWO).page()

    first, _, second = page.partition("</form>")
    assert 'data-question="sqs-dlq-retention"' in first
    assert 'data-question="sqs-dlq-receives"' in second
    assert page.count('<form class="lk-question"') == 2


def test_the_page_of_a_quiz_loads_its_script_as_a_module_and_its_style(build):
    whole = build(TWO).whole()

    assert '<script type="module" src="../_static/quiz.mjs' in whole
    assert "_static/quiz.css" in whole


def test_a_page_without_questions_loads_neither(build):
    book = build(TWO, **{"chapters/other.md": "# Other\n\nNothing is asked here.\n"})

    assert "quiz.mjs" not in book.whole("chapters/other")
    assert "quiz.css" not in book.whole("chapters/other")


def test_a_question_in_the_stored_output_of_a_lab_is_live_too(build):
    output = {
        "output_type": "execute_result",
        "execution_count": 1,
        "metadata": {},
        "data": {
            "text/plain": "Who gets it?",
            "text/html": '<lk-quiz class="lk-quiz" data-bank="sqs"><p>Who gets it?</p></lk-quiz>',
        },
    }
    cell = {
        "cell_type": "code",
        "execution_count": 1,
        "id": "predict",
        "metadata": {},
        "source": 'lab.predict("sqs-two")',
        "outputs": [output],
    }
    title = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Lab"}
    notebook = {
        "cells": [title, cell],
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    book = build(TWO, **{"labs/sqs.ipynb": json.dumps(notebook)})

    assert '<lk-quiz class="lk-quiz" data-bank="sqs"><p>Who gets it?' in book.page("labs/sqs")
    assert "quiz.mjs" in book.whole("labs/sqs")


def test_an_unknown_bank_is_an_error_that_names_the_nearest(build):
    assert "Did you mean 'sqs'?" in build("# Shop\n\n```{quiz} sqss\n```\n").warnings


def test_an_unknown_question_is_an_error_that_names_the_nearest(build):
    text = "# Shop\n\n```{quiz} sqs\n:ids: sqs-dlq-retentoin\n```\n"

    assert "Did you mean 'sqs-dlq-retention'?" in build(text).warnings
