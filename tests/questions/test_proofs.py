"""A key that behaviour does not bear out is found, and so is a proof that fails."""

from __future__ import annotations

import dataclasses

import pytest

from labkit import questions
from labkit.errors import BrokenLab
from labkit.questions.proofs import agrees, refuted, shown


@pytest.fixture
def question():
    """A question with one right option, proved in the sandbox."""
    return questions.load("sqs").get("sqs-predict-two-consumers")


def test_a_wrong_key_is_refuted(question):
    options = tuple(
        dataclasses.replace(option, correct=option.id == "copy") for option in question.options
    )

    assert refuted(dataclasses.replace(question, options=options)) == (
        "sqs-predict-two-consumers: the key is copy, the proof printed hidden."
    )


def test_a_wrong_number_is_refuted():
    question = questions.load("sqs").get("sqs-extend-from-now")

    assert "the key is 70, the proof printed 60.0" in refuted(
        dataclasses.replace(question, answer=70)
    )


def test_a_proof_that_fails_names_its_question_and_error(question):
    with pytest.raises(BrokenLab, match=r"proof of sqs-predict-two-consumers .* KeyError: 'gone'"):
        refuted(dataclasses.replace(question, proof="print({}['gone'])"))


def test_a_proof_cannot_reach_beyond_the_sandbox(question):
    proof = "import socket\nprint(socket.create_connection(('192.0.2.1', 80)))"

    with pytest.raises(BaseException, match="labkit"):
        refuted(dataclasses.replace(question, proof=proof))


@pytest.mark.parametrize(
    ("printed", "agreed"),
    [(("hidden",), True), (("hidden", "copy"), False), (("copy",), False), ((), False)],
)
def test_the_options_printed_must_be_the_key(question, printed, agreed):
    assert agrees(question, printed) is agreed


@pytest.mark.parametrize(
    ("printed", "agreed"),
    [(("60.0",), True), (("61",), False), (("never",), False), (("60", "60"), False)],
)
def test_the_number_printed_must_be_the_answer(printed, agreed):
    assert agrees(questions.load("sqs").get("sqs-extend-from-now"), printed) is agreed


def test_a_proof_is_shown_as_a_learner_can_run_it(question):
    first, second, *rest = shown(question).splitlines()

    assert (first, second) == ("import labkit", 'lab = labkit.start("sqs")')
    assert "\n".join(rest) == question.proof.strip()
