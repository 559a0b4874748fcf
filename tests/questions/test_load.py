"""Banks are loaded from committed JSON; what is not there is named with what is."""

from __future__ import annotations

import doctest
import subprocess
import sys

import pytest

from labkit import questions
from labkit.errors import UnknownQuestion, UnknownSlug
from labkit.questions import prose


def test_a_question_knows_its_key_and_its_letters():
    question = questions.load("sqs").get("sqs-fifo-second-copy")

    assert question.key == ("new-id", "too-late")
    assert [question.letter(id) for id in question.key] == ["B", "D"]


@pytest.mark.parametrize(("number", "accepted"), [(60, True), (60.0, True), (59, False)])
def test_a_number_is_right_within_its_tolerance(number, accepted):
    assert questions.load("sqs").get("sqs-extend-from-now").accepts(number) is accepted


def test_an_unknown_bank_is_named_with_the_nearest():
    with pytest.raises(UnknownSlug, match=r"no questions for 'sqss'\. Did you mean 'sqs'\?"):
        questions.load("sqss")


def test_an_unknown_question_is_named_with_the_nearest():
    with pytest.raises(UnknownQuestion, match=r"Did you mean 'sqs-dlq-receives'\?"):
        questions.load("sqs").get("sqs-dlq-receive")


def test_loading_a_bank_needs_neither_yaml_nor_boto3():
    code = (
        "import sys; from labkit.questions import load; load('sqs').questions[0].as_html();"
        "print({'yaml', 'boto3', 'moto', 'jsonschema'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "set()"


@pytest.mark.parametrize("module", [questions, prose], ids=lambda module: module.__name__)
def test_the_examples_in_the_docstrings_hold(module):
    tried = doctest.testmod(module)

    assert tried.attempted > 0
    assert tried.failed == 0
