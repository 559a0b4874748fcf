"""Exercises are found by slug and id; a slip of the pen is told the nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from labkit import exercises
from labkit.errors import UnknownExercise, UnknownSlug

SYLLABUS = Path(__file__).parents[2] / "chapters" / "syllabus"


def test_a_slug_is_a_module_and_no_part_of_the_framework_is_one() -> None:
    assert "sqs" in exercises.slugs()
    assert not {"frame", "desk", "checks", "progress"} & set(exercises.slugs())


@pytest.mark.parametrize("slug", exercises.slugs())
def test_every_slug_has_exercises_with_ids_of_their_own(slug: str) -> None:
    ids = [exercise.id for exercise in exercises.load(slug)]

    assert ids
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("slug", exercises.slugs())
def test_the_third_hint_of_every_exercise_names_a_call(slug: str) -> None:
    for exercise in exercises.load(slug):
        assert "(" in exercise.hints[2].split("`")[1], exercise.id


@pytest.mark.parametrize("slug", exercises.slugs())
def test_exercises_examine_claims_that_the_chapter_makes(slug: str) -> None:
    syllabus = yaml.safe_load((SYLLABUS / f"{slug}.yml").read_text(encoding="utf-8"))
    made = {claim["id"] for claim in syllabus["claims"]}

    for exercise in exercises.load(slug):
        assert exercise.claims
        assert set(exercise.claims) <= made


def test_an_unknown_slug_is_told_the_nearest() -> None:
    with pytest.raises(UnknownSlug, match=r'labkit\.start\("sqs"\)'):
        exercises.load("sqss")


def test_an_unknown_slug_that_is_near_nothing_is_told_them_all() -> None:
    with pytest.raises(UnknownSlug, match=r"The labs are: .*sqs"):
        exercises.load("zzzzzz")


def test_an_unknown_exercise_is_told_the_nearest() -> None:
    with pytest.raises(UnknownExercise, match="Did you mean 'long-polling'"):
        exercises.find("sqs", "longpolling")
