"""Each exercise of the lab on API Gateway: what passes, what does not, what is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.exercises import load
from labkit.exercises.frame import Incorrect, NotYet, Passed
from tests.labs.study import Study

EXERCISES = {exercise.id: exercise for exercise in load("api_gateway")}

DEPLOY = 'ag.create_deployment(restApiId=id_of("{}"), stageName="prod"{})\n'
MEND = (
    "from labkit.exercises.checks.api_gateway.apis import document\n"
    "from labkit.exercises.checks.api_gateway.rollback import GOOD\n"
    'ag.put_rest_api(restApiId=id_of("refunds"), mode="overwrite", '
    'body=document("refunds", "/refunds", GOOD))\n'
)
NUMBER = (
    '{one["description"]: one["id"] for one in ag.get_deployments(restApiId=id_of("refunds"))'
    '["items"]}'
)


def move(number: str) -> str:
    return (
        f'ag.update_stage(restApiId=id_of("refunds"), stageName="prod", patchOperations=[{{"op": '
        f'"replace", "path": "/deploymentId", "value": {NUMBER}["{number}"]}}])\n'
    )


def plan(rate: float, burst: int, stage: str = "prod", name: str = "partners") -> str:
    throttle = f'{{"rateLimit": {rate}, "burstLimit": {burst}}}'
    return (
        f'made = ag.create_usage_plan(name="{name}", throttle={throttle}, '
        f'apiStages=[{{"apiId": id_of("posters"), "stage": "{stage}"}}] if "{stage}" else [])\n'
    )


def join(key: str = "museum") -> str:
    return (
        f'found = ag.get_api_keys(nameQuery="{key}")["items"][0]["id"]\n'
        'ag.create_usage_plan_key(usagePlanId=made["id"], keyId=found, keyType="API_KEY")\n'
    )


def stage(path: str, value: str) -> str:
    return (
        'ag.update_stage(restApiId=id_of("seats"), stageName="prod", patchOperations=[{"op": '
        f'"replace", "path": "{path}", "value": "{value}"}}])\n'
    )


FIND = (
    'paths = {one["path"]: one["id"] for one in '
    'ag.get_resources(restApiId=id_of("seats"))["items"]}\n'
)
KEY = FIND + (
    'ag.update_integration(restApiId=id_of("seats"), resourceId=paths["/seats"], '
    'httpMethod="GET", patchOperations=[{"op": "add", "path": '
    '"/cacheKeyParameters/method.request.querystring.row"}])\n'
)
PUT = FIND + (
    'where = dict(restApiId=id_of("seats"), resourceId=paths["/seats"], httpMethod="GET")\n'
    'uri = ag.get_integration(**where)["uri"]\n'
    'ag.put_integration(**where, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri, '
    'cacheKeyParameters=["method.request.querystring.row"])\n'
)
FLUSH = 'ag.flush_stage_cache(restApiId=id_of("seats"), stageName="prod")\n'

RIGHT = {
    "rollback": {"there, back and there again": move("1") + move("2") + move("1")},
    "plan": {"mended by a patch": plan(5, 2)
             + 'ag.update_usage_plan(usagePlanId=made["id"], patchOperations=['
             '{"op": "replace", "path": "/throttle/rateLimit", "value": "2"}, '
             '{"op": "replace", "path": "/throttle/burstLimit", "value": "5"}])\n' + join()},
    "keyed": {"the integration put anew": PUT + DEPLOY.format("seats", "")},
}  # fmt: skip

WRONG = {
    "rollback": {
        "deployed once more": (DEPLOY.format("refunds", ""), "needs no new picture"),
        "mended only": (MEND, "A stage serves a picture"),
        "the stage deleted": (
            'ag.delete_stage(restApiId=id_of("refunds"), stageName="prod")\n',
            "The stage is gone",
        ),
        "the good one deleted": (
            f'ag.delete_deployment(restApiId=id_of("refunds"), deploymentId={NUMBER}["1"])\n',
            "cannot be gone back to",
        ),
    },
    "plan": {
        "the wrong way round": (plan(5, 2) + join(), "how fast tokens drip in"),
        "no stage": (plan(2, 5, "") + join(), "the museum still gets 403"),
        "too much": (plan(20, 50) + join(), "rate and burst (20.0, 50)"),
        "everybody": (
            plan(2, 5)
            + join()
            + 'ag.create_api_key(name="other", enabled=True)\n'
            + join("other"),
            "Other keys are in the plan",
        ),
    },
    "keyed": {
        "turned off": (stage("/*/*/caching/enabled", "false"), "Nothing is cached any more"),
        "no time to live": (stage("/*/*/caching/ttlInSeconds", "0"), "but for whom"),
        "flushed": (FLUSH, "Flushing throws answers away"),
        "the API deleted": ('ag.delete_rest_api(restApiId=id_of("seats"))\n', "The API is gone"),
    },
}

ON_THE_WAY = {
    "rollback": {
        "nothing done": ("", "serves the second deployment"),
        "looked": (NUMBER, "serves the second deployment"),
    },
    "plan": {
        "nothing done": ("", "There is no usage plan"),
        "without the key": (plan(2, 5), "the key `museum` is not in it"),
    },
    "keyed": {
        "nothing done": ("", "under the same key"),
        "not deployed": (KEY, "does not know yet"),
        "deployed before": (DEPLOY.format("seats", "") + KEY, "does not know yet"),
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
    learner = study("api_gateway")
    learner.run("open")
    learner.do('ag = boto3.client("apigateway")')
    learner.do(learner.sources["ask"].partition("\n\n\nprint")[0])
    learner.do(learner.sources["id-of"].partition("\n\n\nprint")[0])
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
    assert words in " ".join((outcome.found, outcome.expected, outcome.hint)), outcome


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


def test_exercises_can_be_done_in_any_order_and_twice(learner: Study) -> None:
    for id in [*reversed(EXERCISES), *EXERCISES]:
        learner.lab.begin(id)
        assert isinstance(learner.lab.check(id), NotYet), id
        learner.do(EXERCISES[id].solution)

        assert isinstance(learner.lab.check(id), Passed), id


def test_the_solutions_run_although_the_learner_left_the_starters_out(
    study: Callable[[str], Study],
) -> None:
    learner = study("api_gateway")

    shown = learner.run_all({f"{id}-start": "" for id in EXERCISES})

    assert all(shown[f"{id}-solved"].by_the_book for id in EXERCISES)
