"""Questions in JupyterLab are live with a kernel, plain without one, and tell what was answered."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from labkit import questions
from labkit.widgets.quiz import Answer, ask, show, style

BANK = questions.load("sqs")
LATE_DELETE = BANK.get("sqs-predict-late-delete")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def send(widget, **answers):
    """Do what the browser does when a reader has answered."""
    widget.set_state({"answers": {id: answer.as_dict() for id, answer in answers.items()}})


@pytest.fixture
def told():
    """What `tell` was called with."""
    return []


def test_what_is_stored_is_the_plain_question_with_its_answer_folded():
    bundle = ask(LATE_DELETE)._repr_mimebundle_()

    assert bundle["text/plain"] == LATE_DELETE.as_text()
    assert LATE_DELETE.as_html() in bundle["text/html"]
    assert bundle["text/html"].count("<details") == 2  # the answer, and in it the proof
    assert WIDGET_VIEW in bundle


def test_what_is_stored_is_the_same_on_every_run():
    first, second = (ask(LATE_DELETE)._repr_mimebundle_() for _ in range(2))
    first.pop(WIDGET_VIEW)
    second.pop(WIDGET_VIEW)

    assert json.dumps(first) == json.dumps(second)


def test_the_live_form_is_the_page_s_own():
    widget = ask(LATE_DELETE).widget()

    assert widget.forms == LATE_DELETE.as_html()
    assert "customElements.define" in widget._esm
    assert "--lk-accent: #0a5fa8" in widget._css


def test_an_answer_is_told_once_with_the_question_s_id(told):
    widget = ask(LATE_DELETE, tell=lambda *what: told.append(what)).widget()
    wrong = Answer(("deleted",), 1, "wrong")
    right = Answer(("ignored",), 2, "right")

    send(widget, **{LATE_DELETE.id: wrong})
    send(widget, **{LATE_DELETE.id: right})
    send(widget, **{LATE_DELETE.id: right})

    assert told == [(LATE_DELETE.id, wrong), (LATE_DELETE.id, right)]


def test_only_what_is_new_is_told(told):
    kept = {"sqs-dlq-receives": Answer(("3",), 1, "right")}
    widget = show(BANK, kept, lambda *what: told.append(what)).widget()
    assert widget.answers == {"sqs-dlq-receives": kept["sqs-dlq-receives"].as_dict()}

    new = Answer(("ignored",), 1, "right")
    send(widget, **kept, **{LATE_DELETE.id: new})

    assert told == [(LATE_DELETE.id, new)]


def test_an_answer_to_a_question_that_was_not_asked_is_not_told(told):
    widget = ask(LATE_DELETE, tell=lambda *what: told.append(what)).widget()
    send(widget, **{"sqs-dlq-receives": Answer(("3",), 1, "right")})

    assert told == []


def test_a_quiz_numbers_its_questions():
    html = show([LATE_DELETE, BANK.get("sqs-dlq-receives")])._repr_html_()

    assert "Question 1" in html
    assert "Question 2" in html
    assert html.startswith('<lk-quiz class="lk-quiz" data-bank="sqs">')


def test_a_question_prints_as_text():
    assert repr(ask(LATE_DELETE)) == LATE_DELETE.as_text()


def test_jupyterlab_s_theme_chooses_the_colours():
    light, dark, *_ = style().splitlines()

    assert light.startswith(".lk-quiz { --lk-ink: #1b1f24;")
    assert dark.startswith('[data-jp-theme-light="false"] .lk-quiz { --lk-ink: #e6e8ea;')


def test_importing_the_face_loads_no_widgets():
    code = (
        "import sys, labkit.widgets.quiz;"
        "print({'anywidget', 'ipywidgets', 'IPython', 'labkit.questions'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "set()"
