"""A check returns one of four outcomes, whatever the learner did and whatever it does itself."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import boto3
import pytest

from labkit.exercises.frame import (
    Broken,
    Evidence,
    Exercise,
    Incorrect,
    NotYet,
    Outcome,
    Passed,
    by_the_book,
    judge,
)
from labkit.sandbox import Sandbox

OUTCOMES = [
    pytest.param(Passed("It waited."), "Passed. It waited.", "done", id="passed"),
    pytest.param(
        Passed("It waited.", by_the_book=True),
        "Passed (the book's solution). It waited.",
        "done",
        id="passed by the book",
    ),
    pytest.param(
        NotYet("Nothing sent.", "Send it."),
        "Not yet. Nothing sent.\nSend it.",
        "flight",
        id="not yet",
    ),
    pytest.param(
        Incorrect("found", "expected", "hint"),
        "Not right yet. found\nExpected: expected\nhint",
        "failed",
        id="incorrect",
    ),
    pytest.param(
        Broken("KeyError: 'x'."),
        "The check failed. KeyError: 'x'.\n"
        "This is a fault in the book, not in your answer: please report it.",
        "old",
        id="broken",
    ),
]


def evidence(sandbox: Sandbox) -> Evidence:
    return Evidence(sandbox, sandbox.clock.now, sandbox.calls.since(0))


@pytest.mark.parametrize(("outcome", "text", "state"), OUTCOMES)
def test_an_outcome_says_the_same_in_text_and_in_html(
    outcome: Outcome, text: str, state: str
) -> None:
    assert repr(outcome) == text
    assert f"lk-{state}" in outcome._repr_html_()
    for line in text.split("\n"):
        assert line.split(". ")[-1].replace("Expected: ", "") in outcome._repr_html_()


def test_outcomes_are_values() -> None:
    assert Passed("so") == Passed("so")
    with pytest.raises(FrozenInstanceError):
        Passed("so").why = "otherwise"  # type: ignore[misc]


def test_only_a_pass_can_be_the_books() -> None:
    assert by_the_book(Passed("so")) == Passed("so", by_the_book=True)
    assert by_the_book(NotYet("so")) == NotYet("so")


def test_evidence_finds_calls_by_operation_and_parameter(sandbox: Sandbox) -> None:
    sqs = boto3.client("sqs")
    for name in ("orders", "refunds"):
        sqs.create_queue(QueueName=name)
    sqs.list_queues()
    seen = evidence(sandbox)

    assert [call.operation for call in seen.of("sqs")] == ["CreateQueue"] * 2 + ["ListQueues"]
    assert len(seen.of("sqs", "CreateQueue", QueueName="refunds")) == 1
    assert seen.of("sqs", "DeleteQueue") == ()
    assert seen.of("s3") == ()


def test_a_check_leaves_no_trace_in_the_log(sandbox: Sandbox, exercise: Exercise) -> None:
    exercise.lay(sandbox.client)
    before = len(sandbox.calls)

    judge(exercise, evidence(sandbox))

    assert len(sandbox.calls) == before


def test_what_the_learner_deleted_is_a_finding_not_an_exception(
    sandbox: Sandbox, exercise: Exercise
) -> None:
    outcome = judge(exercise, evidence(sandbox))

    assert isinstance(outcome, Incorrect)
    assert "the queue `seats` with one seat" in outcome.expected
    assert 'lab.begin("purge")' in outcome.hint


def test_a_check_that_fails_itself_is_broken_and_blames_nobody_else(
    sandbox: Sandbox, exercise: Exercise
) -> None:
    def check(_: Evidence) -> Outcome:
        raise KeyError("Messages")

    outcome = judge(replace(exercise, check=check), evidence(sandbox))

    assert isinstance(outcome, Broken)
    assert "KeyError: 'Messages'" in outcome.what
    assert "not in your answer" in repr(outcome)


def test_a_refusal_of_the_checks_own_call_is_broken_too(
    sandbox: Sandbox, exercise: Exercise
) -> None:
    def check(given: Evidence) -> Outcome:
        given.client("sqs").create_queue(QueueName="no spaces allowed")
        return Passed("never")

    outcome = judge(replace(exercise, check=check), evidence(sandbox))

    assert isinstance(outcome, Broken)
    assert "CreateQueue" in outcome.what
