"""Each exercise of the lab on Elastic Beanstalk: what passes, what does not, what is said.

A wrong way has a name, the code that a learner would write, and words that only its own message
has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.exercises import load
from labkit.exercises.frame import Incorrect, NotYet, Passed
from tests.labs.study import Study

EXERCISES = {exercise.id: exercise for exercise in load("beanstalk")}
GIVEN = ("open", "bundle", "create", "wait", "ask", "seats")  # the cells that exercises lean on

# What the lab's cells define on the way, and the exercises use.
CLIENT = 'rds = boto3.client("rds")\n'


def file(path: str = "/health", name: str = ".ebextensions/health.config") -> str:
    """A version seats-2 with a configuration file, deployed."""
    text = (
        "option_settings:\\n  aws:elasticbeanstalk:application:\\n"
        f"    Application Healthcheck URL: {path}\\n"
    )
    return seats(f'"application.py": SEATS, "{name}": "{text}"')


def seats(files: str) -> str:
    return (
        f'eb.create_version("seats-2", {{{files}}})\neb.deploy("seats", "seats-2")\n'
        'eb.wait("seats")\n'
    )


def configure(name: str, namespace: str, **options: object) -> str:
    return f'eb.configure("{name}", {{"{namespace}": {options!r}}})\neb.wait("{name}")\n'


COMMAND = "aws:elasticbeanstalk:command"
SPLITTING = "aws:elasticbeanstalk:trafficsplitting"
PROPERTIES = "aws:elasticbeanstalk:application:environment"


def deploy(name: str, label: str) -> str:
    return f'eb.deploy("{name}", "{label}")\neb.wait("{name}")\n'


def policy(name: str, policy: str, **more: object) -> str:
    return configure(name, COMMAND, DeploymentPolicy=policy, **more)


TRY = deploy("refunds", "refunds-2")
GREEN = 'eb.create_environment("posters-green", "posters-2")\n'
WAIT = 'eb.wait("posters-green")\n'
SWAP = 'eb.swap("posters", "posters-green")\n'
ADDRESS = CLIENT + (
    '[found] = rds.describe_db_instances(DBInstanceIdentifier="shop-orders")["DBInstances"]\n'
    'address = found["Endpoint"]["Address"]\n'
)


def tell(name: str, value: str) -> str:
    return f'eb.configure("ledger", {{"{PROPERTIES}": {{"{name}": {value}}}}})\neb.wait("ledger")\n'


RIGHT = {
    "health": {
        "by the path of the process": seats(
            '"application.py": SEATS, ".ebextensions/a.config": "option_settings:\\n'
            '  aws:elasticbeanstalk:environment:process:default:\\n    HealthCheckPath: /health\\n"'
        ),
        "as JSON, and another page": seats(
            '"application.py": SEATS, ".ebextensions/a.config": \'{"option_settings": '
            '{"aws:elasticbeanstalk:application": {"Application Healthcheck URL": "/seats"}}}\''
        ),
    },
    "mixed": {
        "one by one": policy("orders", "Rolling", BatchSize=1) + deploy("orders", "orders-1"),
        "by new instances": policy("orders", "Immutable") + deploy("orders", "orders-1"),
    },
    "safe": {
        "a twentieth": configure("refunds", SPLITTING, NewVersionPercent=5)
        + policy("refunds", "TrafficSplitting")
        + TRY,
        "as version 3 brings it along": (
            'eb.configure("refunds", {"aws:elasticbeanstalk:command": {"DeploymentPolicy": '
            '"TrafficSplitting", "Timeout": 900}})\neb.wait("refunds")\n' + TRY
        ),
    },
    "swap": {
        "tried before": GREEN
        + WAIT
        + 'eb.get("http://posters-green.us-east-1.elasticbeanstalk.com")\n'
        + SWAP,
        "a clone that is deployed to": 'eb.create_environment("posters-green", "posters-1")\n'
        + WAIT
        + deploy("posters-green", "posters-2")
        + 'eb.swap("posters-green", "posters")\n',
    },
    "database": {
        "with the port besides": ADDRESS
        + tell('RDS_HOSTNAME": address, "RDS_PORT', "5432"),
        "after a wrong one": tell("RDS_HOSTNAME", '"localhost"')
        + ADDRESS
        + tell("RDS_HOSTNAME", "address"),
    },
}

WRONG = {
    "health": {
        "set on the environment": (
            configure(
                "seats", "aws:elasticbeanstalk:application", **{"Application Healthcheck URL": "/health"}
            ),
            "stays behind with this environment",
        ),
        "one folder too deep": (
            file(name="seats/.ebextensions/health.config"),
            "nobody reads it",
        ),
        "a page that is not there": (file("/healthy"), "one that the application knows"),
        "another application": (
            seats('"application.py": SEATS.replace("/health", "/")'),
            "what the load balancer asks for is a setting",
        ),
    },
    "mixed": {
        "all at once": (
            policy("orders", "AllAtOnce") + deploy("orders", "orders-1"),
            "takes the sound instances out of service too",
        ),
        "once more": (deploy("orders", "orders-2"), "There is no way to resume"),
        "terminated": ('eb.terminate("orders")\n', "and its users with it"),
        "another version": (
            'eb.create_version("orders-3", bundle("orders-3"))\n' + deploy("orders", "orders-3"),
            "Which label was deployed last?",
        ),
    },
    "safe": {
        "rolling": (policy("refunds", "Rolling", BatchSize=50) + TRY, "By Rolling, 2 of 4"),
        "immutable": (policy("refunds", "Immutable") + TRY, "By Immutable, 20% of the requests"),
        "a half": (
            configure("refunds", SPLITTING, NewVersionPercent=50)
            + policy("refunds", "TrafficSplitting")
            + TRY,
            "By TrafficSplitting, 50% of the requests",
        ),
        "looking away": (
            policy("refunds", "TrafficSplitting", IgnoreHealthCheck=True) + TRY,
            "tells it to look away",
        ),
        "another version": (deploy("refunds", "refunds-1"), "Which version is the question?"),
    },
    "swap": {
        "in place": (deploy("posters", "posters-2"), "a deployment in place"),
        "the old one terminated": (
            GREEN + WAIT + SWAP + 'eb.terminate("posters")\n',
            "now finds nobody",
        ),
        "the old version": (
            'eb.create_environment("posters-green", "posters-1")\n' + WAIT + SWAP,
            "Deploy the other version to it",
        ),
    },
    "database": {
        "coupled": (
            'eb.configure("ledger", {"aws:rds:dbinstance": {"HasCoupledDatabase": True, '
            '"DBPassword": "romeo-and-juliet"}})\neb.wait("ledger")\n',
            "A coupled database ends",
        ),
        "another name": (
            ADDRESS + tell("DATABASE", "address"),
            "the name under which the application looks",
        ),
        "another address": (
            tell("RDS_HOSTNAME", '"shop-orders"'),
            "`describe_db_instances` tells it",
        ),
        "in the code": (
            ADDRESS
            + 'code = "def application(e, s):\\n    s(\'200 OK\', [])\\n    return [b\'" + address + '
            + '"\']\\n"\neb.create_version("ledger-2", {"application.py": code})\n'
            + deploy("ledger", "ledger-2"),
            "the same in test and production",
        ),
    },
}

ON_THE_WAY = {
    "health": {
        "nothing done": ('eb.events("seats")\n', "finds none of them well"),
        "on its way": (
            file().replace('eb.wait("seats")\n', ""),
            "Let it come to its end",
        ),
    },
    "mixed": {
        "nothing done": ('eb.events("orders")\n', "Which version is known to work"),
        "on its way": ('eb.deploy("orders", "orders-1")\n', "Let it come to its end"),
    },
    "safe": {
        "set": (policy("refunds", "TrafficSplitting"), "is not deployed yet"),
        "on its way": (
            policy("refunds", "TrafficSplitting") + TRY.replace('eb.wait("refunds")\n', ""),
            "Let it come to its end",
        ),
    },
    "swap": {
        "nothing done": ('eb.events("posters")\n', "beside it"),
        "begun": (GREEN, "Wait for it"),
        "not swapped": (GREEN + WAIT, "each other's name"),
    },
    "database": {
        "nothing done": ('eb.events("ledger")\n', "finds no database"),
        "on its way": (
            ADDRESS + tell("RDS_HOSTNAME", "address").replace('eb.wait("ledger")\n', ""),
            "Wait for it",
        ),
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
    learner = study("beanstalk")
    learner.run(*GIVEN)
    return learner


@pytest.mark.parametrize("id", EXERCISES)
def test_the_books_solution_passes(learner: Study, id: str) -> None:
    learner.lab.begin(id)

    learner.do(CLIENT + EXERCISES[id].solution)

    assert isinstance(learner.lab.check(id), Passed), learner.lab.check(id)


@pytest.mark.parametrize(("id", "way"), cases(RIGHT))
def test_another_right_way_passes(learner: Study, id: str, way: str) -> None:
    learner.lab.begin(id)

    learner.do(CLIENT + way)

    assert isinstance(learner.lab.check(id), Passed), learner.lab.check(id)


@pytest.mark.parametrize(("id", "way", "words"), cases(WRONG))
def test_a_wrong_way_is_told_what_is_wrong_with_it(
    learner: Study, id: str, way: str, words: str
) -> None:
    learner.lab.begin(id)

    learner.try_to(CLIENT + way)

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

    learner.do(CLIENT + way)

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
        ("health", "seats"),
        ("mixed", "orders"),
        ("safe", "refunds"),
        ("swap", "posters"),
        ("database", "ledger"),
    ],
)
def test_what_the_learner_terminated_is_a_finding_and_can_be_laid_again(
    learner: Study, id: str, name: str
) -> None:
    learner.lab.begin(id)
    learner.do(f'eb.terminate("{name}")')

    outcome = learner.lab.check(id)
    learner.lab.begin(id)
    learner.do(CLIENT + EXERCISES[id].solution)

    assert isinstance(outcome, Incorrect), outcome
    assert isinstance(learner.lab.check(id), Passed)


def test_exercises_can_be_done_in_any_order_and_twice(learner: Study) -> None:
    for id in [*reversed(EXERCISES), *EXERCISES]:
        learner.lab.begin(id)
        assert isinstance(learner.lab.check(id), NotYet), id
        learner.do(CLIENT + EXERCISES[id].solution)

        assert isinstance(learner.lab.check(id), Passed), id


def test_the_solutions_run_although_the_learner_left_the_starters_out(
    study: Callable[[str], Study],
) -> None:
    learner = study("beanstalk")

    shown = learner.run_all({f"{id}-start": "" for id in EXERCISES})

    assert all(shown[f"{id}-solved"].by_the_book for id in EXERCISES)
