"""One attempt at a time: begun afresh, judged by what came after, and known for whose it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import boto3
import pytest

from labkit import exercises
from labkit.errors import UnknownExercise
from labkit.exercises.desk import Desk
from labkit.exercises.frame import Exercise, Incorrect, NotYet, Passed
from labkit.sandbox import Sandbox


@pytest.fixture
def desk(sandbox: Sandbox, exercise: Exercise, monkeypatch: pytest.MonkeyPatch) -> Desk:
    both = (exercise, replace(exercise, id="purge-again", title="Empty it again"))
    monkeypatch.setattr(exercises, "load", lambda slug: both)
    return Desk("sqs", sandbox)


def purge() -> None:
    sqs = boto3.client("sqs")
    sqs.purge_queue(QueueUrl=sqs.get_queue_url(QueueName="seats")["QueueUrl"])


def delete_one() -> None:
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="seats")["QueueUrl"]
    handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)


def test_begin_says_which_exercise_it_is_and_what_was_laid(desk: Desk) -> None:
    assert repr(desk.begin("purge")) == (
        "Exercise 1 of 2: Empty the hall. Laid afresh: the queue `seats` with one seat. It is\n"
        "09:00:00 (virtual)."
    )


def test_laying_is_not_among_the_learners_calls(desk: Desk, sandbox: Sandbox) -> None:
    desk.begin("purge")

    assert len(sandbox.calls) == 0


def test_a_right_answer_passes_and_asking_twice_says_the_same(desk: Desk) -> None:
    desk.begin("purge")
    assert isinstance(desk.check("purge"), NotYet)

    purge()

    assert desk.check("purge") == desk.check("purge") == Passed("The queue is empty.")


def test_what_came_before_begin_does_not_count(desk: Desk) -> None:
    desk.begin("purge")
    delete_one()
    assert isinstance(desk.check("purge"), Incorrect)

    desk.begin("purge")

    assert isinstance(desk.check("purge"), NotYet)


def test_a_check_without_begin_says_how_to_begin(desk: Desk) -> None:
    outcome = desk.check("purge")

    assert isinstance(outcome, NotYet)
    assert 'lab.begin("purge")' in repr(outcome)


def test_a_check_of_another_exercise_says_which_one_is_open(desk: Desk) -> None:
    desk.begin("purge-again")

    assert "`purge-again` is open now" in repr(desk.check("purge"))


def test_the_pass_of_the_book_says_so_until_the_learner_begins_again(
    desk: Desk, sandbox: Sandbox
) -> None:
    desk.solution("purge")
    purge()
    assert desk.check("purge") == Passed("The queue is empty.", by_the_book=True)

    sandbox.clock.advance(minutes=1)  # SQS allows one purge a minute
    desk.begin("purge")
    purge()

    assert desk.check("purge") == Passed("The queue is empty.")


def test_the_solution_is_code_that_passes_on_the_start_it_lays(desk: Desk) -> None:
    shown = desk.solution("purge")
    sqs = boto3.client("sqs")
    seats = sqs.get_queue_url(QueueName="seats")["QueueUrl"]

    exec(shown.code, {"sqs": sqs, "seats": seats})

    assert isinstance(desk.check("purge"), Passed)


def test_hints_come_one_by_one_and_the_last_one_stays(desk: Desk) -> None:
    heads = [repr(desk.hint("purge")) for _ in range(4)]

    assert heads[0] == "Hint 1 of 3. What is left?"
    assert heads[2] == heads[3] == "Hint 3 of 3. `sqs.purge_queue(QueueUrl=seats)`"
    assert desk.hint("purge-again").head == "Hint 1 of 3."


@pytest.mark.parametrize("call", ["begin", "check", "hint", "solution"])
def test_an_unknown_exercise_is_refused_and_the_open_one_stays_open(desk: Desk, call: str) -> None:
    desk.begin("purge")

    with pytest.raises(UnknownExercise, match="'purge'"):
        getattr(desk, call)("purg")

    purge()
    assert isinstance(desk.check("purge"), Passed)


def test_a_start_that_cannot_be_laid_leaves_nothing_half_begun(
    sandbox: Sandbox, exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    lays = iter([exercise.lay])

    def lay_once(client: Any) -> None:
        next(lays)(client)

    monkeypatch.setattr(exercises, "load", lambda slug: (replace(exercise, lay=lay_once),))
    desk = Desk("sqs", sandbox)
    desk.begin("purge")

    with pytest.raises(StopIteration):
        desk.begin("purge")

    assert "has not begun" in repr(desk.check("purge"))
