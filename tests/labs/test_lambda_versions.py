"""Each exercise of the lab on versions and concurrency: what passes, what does not, what is said.

A wrong way has a name, the code that a learner would write, and words that only its own message
has. `try_to` lets AWS refuse a call, as it would in the learner's cell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.exercises import load
from labkit.exercises.checks.lambda_versions import canary, doors, publish, rollback
from labkit.exercises.frame import Incorrect, NotYet, Passed
from tests.labs.study import Study

EXERCISES = {exercise.id: exercise for exercise in load("lambda_versions")}
# The cells that exercises lean on: helpers, and what these need.
GIVEN = ("open", "role", "create", "ask", "versions-of", "refund", "limit", "start-of")

NEW = f"new_seats = {publish.NEW!r}\n"
UPLOAD = 'lam.update_function_code(FunctionName="seats", ZipFile=package(new_seats))\n'
PUBLISH = 'lam.publish_version(FunctionName="seats")\n'

FEES = 'lam.update_alias(FunctionName="fees", Name="live", '


def weights(share: float, main: str = "", other: str = "2") -> str:
    """Split the calls of `fees`."""
    more = f'FunctionVersion="{main}", ' if main else ""
    return f'{FEES}{more}RoutingConfig={{"AdditionalVersionWeights": {{"{other}": {share}}}}})\n'


def calls(count: int = 40, qualifier: str = "live") -> str:
    return f'versions_of("fees", "{qualifier}", {count})\n'


REFUNDS = 'lam.update_alias(FunctionName="refunds", Name="live", '
NO_WEIGHTS = 'RoutingConfig={"AdditionalVersionWeights": {}}'
TRY = '[refund("live") for _ in range(5)]\n'


def reserve(name: str, count: int) -> str:
    return (
        f'lam.put_function_concurrency(FunctionName="{name}", '
        f"ReservedConcurrentExecutions={count})\n"
    )


def provision(qualifier: str, count: int = 1) -> str:
    return (
        f'lam.put_provisioned_concurrency_config(FunctionName="preview", Qualifier="{qualifier}", '
        f"ProvisionedConcurrentExecutions={count})\n"
    )


WAIT = "lab.clock.advance(minutes=2)\n"
VISIT = 'start_of("preview", "live")\n'

RIGHT = {
    "publish": {
        "in two calls": NEW + UPLOAD + PUBLISH,
        "after publishing in vain": NEW + PUBLISH + UPLOAD + PUBLISH,
        "after a version with another description": NEW
        + 'lam.update_function_configuration(FunctionName="seats", Description="plan")\n'
        + PUBLISH
        + UPLOAD
        + PUBLISH,
    },
    "canary": {
        "after a share that was too large": weights(0.5) + calls(10) + weights(0.2) + calls(),
        "by ARN, naming version 1 again": weights(0.2, "1")
        + 'arn = lam.get_alias(FunctionName="fees", Name="live")["AliasArn"]\n'
        + "[lam.invoke(FunctionName=arn) for _ in range(40)]\n",
    },
    "rollback": {
        "after dropping the weights first": REFUNDS
        + NO_WEIGHTS
        + ")\n"
        + TRY
        + REFUNDS
        + 'FunctionVersion="1")\n'
        + TRY,
        "the alias made anew": 'lam.delete_alias(FunctionName="refunds", Name="live")\n'
        + 'lam.create_alias(FunctionName="refunds", Name="live", FunctionVersion="1")\n'
        + TRY,
    },
    "places": {
        "the reports first, by ARN": reserve(
            "arn:aws:lambda:us-east-1:123456789012:function:reports", 50
        )
        + reserve("checkout", 200),
        "after too many": reserve("checkout", 400)
        + reserve("reports", 50)
        + reserve("checkout", 200),
    },
    "doors": {
        "for the version that the alias leads to": provision("2", 3) + WAIT + VISIT,
        "with a reservation besides": (reserve("preview", 5) + provision("live") + WAIT + VISIT),
        "after a call that was too early": provision("live") + VISIT + WAIT + VISIT,
    },
}

WRONG = {
    "publish": {
        "published before the upload": (
            NEW
            + 'lam.update_function_configuration(FunctionName="seats", Description="plan")\n'
            + PUBLISH,
            "Upload first",
        ),
        "made anew": (
            NEW
            + 'lam.delete_function(FunctionName="seats")\n'
            + 'create("seats", new_seats)\n'
            + PUBLISH,
            "Version 1 of `seats` is other code than before",
        ),
        "version 1 deleted": (
            NEW + UPLOAD + PUBLISH + 'lam.delete_function(FunctionName="seats", Qualifier="1")\n',
            "Version 1 of `seats` is gone",
        ),
        "other code": (
            'new_seats = "def handler(event, context):\\n    return 1\\n"\n' + UPLOAD + PUBLISH,
            "neither the old nor the new one",
        ),
    },
    "canary": {
        "the wrong way round": (weights(0.2, "2", "1") + calls(), "leads to version 2, with"),
        "moved altogether": (FEES + 'FunctionVersion="2")\n', "leads to version 2."),
        "most of them": (weights(0.8) + calls(), "The weights of `live` are {'2': 0.8}"),
        "per cent": (weights(20), "refused with `ValidationException`"),
        "past the alias": (weights(0.2) + calls(40, "2"), "40 calls went past the alias"),
        "without the alias": (
            'lam.delete_alias(FunctionName="fees", Name="live")\n',
            "The alias `live` is gone",
        ),
    },
    "rollback": {
        "the weights only": (REFUNDS + NO_WEIGHTS + ")\n" + TRY, "so that now every call fails"),
        "the version only": (
            REFUNDS
            + 'FunctionVersion="1", RoutingConfig={"AdditionalVersionWeights": {"2": 0.1}})\n',
            "still sends a share to others",
        ),
        "all by weight": (
            REFUNDS + 'RoutingConfig={"AdditionalVersionWeights": {"1": 1.0}})\n' + TRY,
            "Whoever takes the weights away next",
        ),
        "mended by an upload": (
            'lam.update_function_code(FunctionName="refunds", Publish=True, ZipFile=package('
            f"{rollback.OLD!r} + '# mended'))\n"
            + REFUNDS
            + f'FunctionVersion="3", {NO_WEIGHTS})\n'
            + TRY,
            "New code was uploaded",
        ),
        "the alias deleted": (
            'lam.delete_alias(FunctionName="refunds", Name="live")\n',
            "The alias `live` is gone, and with it every call",
        ),
    },
    "places": {
        "the rate": (reserve("checkout", 400) + reserve("reports", 50), "as many as requests"),
        "too few": (reserve("checkout", 100) + reserve("reports", 50), "some buyers get 429"),
        "too many": (reserve("checkout", 800) + reserve("reports", 50), "is missing elsewhere"),
        "reports stopped": (reserve("checkout", 200) + reserve("reports", 0), "has no place"),
        "reports too large": (
            reserve("checkout", 200) + reserve("reports", 500),
            "also the most that it can have",
        ),
    },
    "doors": {
        "reserved": (reserve("preview", 10) + VISIT, "It starts nothing"),
        "for $LATEST": (provision("$LATEST"), "nothing that could be kept ready"),
        "for the other version": (provision("1") + WAIT + VISIT, "where nobody calls"),
        "by its name": (provision("live") + WAIT + 'start_of("preview")\n', "asked for `$LATEST`"),
        "the alias moved": (
            'lam.update_alias(FunctionName="preview", Name="live", FunctionVersion="1")\n',
            "does not lead to version 2 alone",
        ),
    },
}

ON_THE_WAY = {
    "publish": {
        "nothing done": (NEW, "has one version"),
        "uploaded": (NEW + UPLOAD, "Publish it"),
    },
    "canary": {
        "nothing done": ("", "sends all calls to version 1"),
        "weighted": (weights(0.2), "0 calls have come"),
        "called too seldom": (calls() + weights(0.2) + calls(10), "10 calls have come"),
    },
    "rollback": {
        "nothing done": (TRY, "is as it was"),
        "looked at": ('[refund("1"), refund("2")]\n', "called the versions one by one"),
        "moved": (REFUNDS + f'FunctionVersion="1", {NO_WEIGHTS})\n', "Prove it: 5 calls"),
    },
    "places": {
        "nothing done": ("", "Nothing is reserved"),
        "the checkout only": (reserve("checkout", 200), "`reports` has nothing of its own"),
        "the reports only": (reserve("reports", 50), "`checkout` has nothing of its own"),
    },
    "doors": {
        "nothing done": (VISIT, "Nothing is provisioned"),
        "asked for": (provision("live"), "are being started: IN_PROGRESS"),
        "not called": (provision("live") + WAIT, "Prove it as a visitor"),
        "called too early": (provision("live") + VISIT + WAIT, "Your last call began before"),
    },
}


def cases(table: dict[str, dict[str, Any]]) -> list[Any]:
    return [
        pytest.param(id, *(way if isinstance(way, tuple) else (way,)), id=f"{id}: {name}")
        for id, ways in table.items()
        for name, way in ways.items()
    ]


@pytest.fixture
def learner(study: Callable[[str], Study]) -> Study:
    """A learner who has run the cells that exercises lean on."""
    learner = study("lambda_versions")
    learner.run(*GIVEN)
    return learner


@pytest.mark.parametrize("id", EXERCISES)
def test_the_books_solution_passes(learner: Study, id: str) -> None:
    learner.lab.begin(id)

    learner.do(EXERCISES[id].solution)

    assert isinstance(learner.lab.check(id), Passed), learner.lab.check(id)


@pytest.mark.parametrize(("id", "way"), cases(RIGHT))
def test_another_right_way_passes(learner: Study, id: str, way: str) -> None:
    learner.lab.begin(id)

    learner.do(way)

    assert isinstance(learner.lab.check(id), Passed), learner.lab.check(id)


@pytest.mark.parametrize(("id", "way", "words"), cases(WRONG))
def test_a_wrong_way_is_told_what_is_wrong_with_it(
    learner: Study, id: str, way: str, words: str
) -> None:
    learner.lab.begin(id)

    learner.try_to(way)

    outcome = learner.lab.check(id)
    assert isinstance(outcome, Incorrect), outcome
    said = " ".join((outcome.found, outcome.expected, outcome.hint))
    assert words in said, outcome


@pytest.mark.parametrize("id", EXERCISES)
def test_every_wrong_way_of_an_exercise_has_words_of_its_own(id: str) -> None:
    words = [words for _, words in WRONG[id].values()]

    assert len(set(words)) == len(words) >= 3


@pytest.mark.parametrize(("id", "way", "words"), cases(ON_THE_WAY))
def test_half_the_way_is_told_the_next_step(learner: Study, id: str, way: str, words: str) -> None:
    learner.lab.begin(id)

    learner.do(way)

    outcome = learner.lab.check(id)
    assert isinstance(outcome, NotYet), outcome
    assert words in " ".join((outcome.seen, outcome.next_step))


@pytest.mark.parametrize("id", EXERCISES)
def test_the_starter_of_the_lab_leaves_the_task_undone(learner: Study, id: str) -> None:
    learner.run(f"{id}-begin", f"{id}-start")

    assert isinstance(learner.lab.check(id), NotYet)


@pytest.mark.parametrize("id", EXERCISES)
def test_a_check_changes_nothing(learner: Study, id: str) -> None:
    learner.lab.begin(id)
    learner.run(f"{id}-start")
    calls, now = len(learner.lab._sandbox.calls), learner.lab.clock.now

    first, second = learner.lab.check(id), learner.lab.check(id)

    assert first == second
    assert (len(learner.lab._sandbox.calls), learner.lab.clock.now) == (calls, now)


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("publish", publish.NAME),
        ("canary", canary.NAME),
        ("rollback", rollback.NAME),
        ("places", "checkout"),
        ("doors", doors.NAME),
    ],
)
def test_what_the_learner_deleted_is_a_finding_and_can_be_laid_again(
    learner: Study, id: str, name: str
) -> None:
    learner.lab.begin(id)
    learner.do(f'lam.delete_function(FunctionName="{name}")')

    outcome = learner.lab.check(id)
    learner.lab.begin(id)
    learner.do(EXERCISES[id].solution)

    assert isinstance(outcome, Incorrect | NotYet), outcome
    assert isinstance(learner.lab.check(id), Passed)


def test_exercises_can_be_done_in_any_order_and_twice(learner: Study) -> None:
    for id in [*reversed(EXERCISES), *EXERCISES]:
        learner.lab.begin(id)
        assert isinstance(learner.lab.check(id), NotYet), id
        learner.do(EXERCISES[id].solution)

        assert isinstance(learner.lab.check(id), Passed), id


def test_the_solutions_run_although_the_learner_left_the_starters_out(
    study: Callable[[str], Study],
) -> None:
    learner = study("lambda_versions")

    shown = learner.run_all({f"{id}-start": "" for id in EXERCISES})

    assert all(shown[f"{id}-solved"].by_the_book for id in EXERCISES)


def test_the_lab_s_new_code_is_what_the_check_looks_for(learner: Study) -> None:
    learner.run("publish-begin", "publish-start")

    assert learner.names["new_seats"] == publish.NEW
