"""Every committed bank is in step with its source, fair as a whole, and examines its syllabus."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from labkit import exercises, questions
from labkit.questions import build
from labkit.questions.measures import measure
from labkit.questions.proofs import refuted, run

SYLLABUS = Path(__file__).parents[2] / "chapters" / "syllabus"
SLUGS = questions.slugs()
PROVED = [question for slug in SLUGS for question in questions.load(slug) if question.proof]


def claims(slug):
    data = yaml.safe_load((SYLLABUS / f"{slug}.yml").read_text(encoding="utf-8"))
    return {claim["id"]: claim for claim in data["claims"]}


def test_every_bank_is_what_its_source_makes():
    assert build.stale() == []


@pytest.mark.parametrize("slug", SLUGS)
def test_a_bank_keeps_the_limits_of_all_banks(slug):
    assert measure(questions.load(slug)).breaches() == []


@pytest.mark.parametrize("slug", SLUGS)
def test_every_question_examines_claims_of_its_chapter(slug):
    known = claims(slug)

    for question in questions.load(slug):
        assert set(question.claims) <= known.keys(), question.id


@pytest.mark.parametrize("slug", SLUGS)
def test_every_core_claim_is_examined_by_a_question_or_an_exercise(slug):
    core = {id for id, claim in claims(slug).items() if claim["weight"] == "core"}
    asked = {claim for question in questions.load(slug) for claim in question.claims}
    done = {claim for exercise in exercises.load(slug) for claim in exercise.claims}

    assert core - asked - done == set()


@pytest.mark.parametrize("question", PROVED, ids=lambda question: question.id)
def test_a_proof_prints_the_key(question):
    assert refuted(question) == ""


def test_some_answer_is_proved_on_a_model():
    assert any("labkit.models" in question.proof for question in PROVED)


def test_a_proof_runs_the_same_twice():
    question = questions.load("sqs").get("sqs-fifo-second-copy")

    assert run(question) == run(question) == ("new-id", "too-late")
