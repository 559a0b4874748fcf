"""Each exercise of the lab on the AWS CLI: what passes, what does not, what is said.

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

EXERCISES = {exercise.id: exercise for exercise in load("cli")}
GIVEN = ("open",)
LIST = "s3api list-objects-v2 --bucket posters"


def aws(line: str) -> str:
    return f"lab.aws({line!r})\n"


def listing(options: str = "", name: str = "listed") -> str:
    return f"{name} = lab.aws({f'{LIST} {options}'!r})\n"


OLD = (
    'old = lab.aws("iam list-access-keys --user-name ana").json()["AccessKeyMetadata"][0]'
    '["AccessKeyId"]\n'
)
DELETE = 'lab.aws(f"iam delete-access-key --user-name ana --access-key-id {old}")\n'
CREATE = 'key = lab.aws("iam create-access-key --user-name ana").json()["AccessKey"]\n'


def configure(profile: str = " --profile ana", secret: str = "{key['SecretAccessKey']}") -> str:
    return (
        f"lab.aws(f\"configure set aws_access_key_id {{key['AccessKeyId']}}{profile}\")\n"
        f'lab.aws(f"configure set aws_secret_access_key {secret}{profile}")\n'
    )


ASK = aws("sts get-caller-identity --profile ana")
ROLE = "arn:aws:iam::123456789012:role/box-office"


def office(**settings: str) -> str:
    lines = [f"configure set {name} {value} --profile office" for name, value in settings.items()]
    return "".join(aws(line) for line in lines)


OFFICE = aws("sts get-caller-identity --profile office")
RIGHT = {
    "lost": {
        "typed": OLD
        + DELETE
        + CREATE
        + "lab.aws(\"configure --profile ana\", input=f\"{key['AccessKeyId']}\\n"
        + "{key['SecretAccessKey']}\\n\\n\\n\")\n"
        + ASK,
        "the new one first, and by boto3": 'iam = boto3.client("iam")\n'
        + OLD
        + 'key = iam.create_access_key(UserName="ana")["AccessKey"]\n'
        + 'iam.delete_access_key(UserName="ana", AccessKeyId=old)\n'
        + configure()
        + ASK,
    },
    "office": {
        "written into the file": 'config = lab.aws.home / ".aws" / "config"\n'
        "config.write_text(config.read_text() + "
        f'"\\n[profile office]\\nrole_arn = {ROLE}\\nsource_profile = default\\n'
        'region = us-east-1\\n")\n' + OFFICE,
        "named by the environment": office(
            role_arn=ROLE, source_profile="default", region="eu-west-1"
        )
        + 'lab.aws("sts get-caller-identity", env={"AWS_PROFILE": "office"})\n',
    },
    "pages": {
        "as text": listing("--page-size 100 --output text --query Contents[].Key"),
        "after a try": listing() + listing("--page-size 100"),
    },
    "slices": {
        "after a try": listing("--max-items 400")
        + listing("--page-size 400 --max-items 400")
        + "token = listed.json()['NextToken']\n"
        + f'lab.aws(f"{LIST} --page-size 400 --max-items 400 --starting-token {{token}}")\n',
        "by the operation's own parameters": listing("--max-keys 400 --no-paginate")
        + "token = listed.json()['NextContinuationToken']\n"
        + f'lab.aws(f"{LIST} --max-keys 400 --no-paginate --continuation-token {{token}}")\n',
    },
    "filtered": {
        "whole": listing("--prefix 2026/"),
        "as a table": listing("--prefix 2026/ --query Contents[].[Key] --output table"),
    },
}

WRONG = {
    "lost": {
        "into default": (OLD + DELETE + CREATE + configure(""), "gives you yours back"),
        "made inactive": (
            OLD
            + 'lab.aws(f"iam update-access-key --user-name ana --access-key-id {old} '
            + '--status Inactive")\n'
            + CREATE
            + configure()
            + ASK,
            "may still be in use somewhere",
        ),
        "another secret": (
            OLD + DELETE + CREATE + configure(secret="wJalrXUtnFEMI") + ASK,
            "with its secret, and got another one",
        ),
    },
    "office": {
        "copied credentials": (
            f'role = lab.aws("sts assume-role --role-arn {ROLE} --role-session-name me").json()\n'
            "lab.aws(f\"configure set aws_access_key_id {role['Credentials']['AccessKeyId']} "
            '--profile office")\n',
            "end within the hour",
        ),
        "the name alone": (
            office(role_arn="box-office", source_profile="default"),
            "named by its whole ARN",
        ),
        "itself": (
            office(role_arn=ROLE, source_profile="office"),
            "is your own",
        ),
        "from the machine": (
            office(role_arn=ROLE, credential_source="Environment"),
            "are for machines",
        ),
    },
    "pages": {
        "one page of them": (listing("--page-size 100 --max-items 100"), "brought 100."),
        "some of them": (listing("--page-size 100 --max-items 300"), "3 calls brought"),
        "much too small": (listing("--page-size 20"), "its own way to AWS and back"),
    },
    "slices": {
        "printed less": (
            listing("--max-items 400")
            + "token = listed.json()['NextToken']\n"
            + f'lab.aws(f"{LIST} --max-items 400 --starting-token {{token}}")\n',
            "how many items to skip",
        ),
        "to the end": (listing("--page-size 400"), "does not stop after the page"),
        "pages of another size": (
            listing("--page-size 300 --max-items 400"),
            "or a slice ends within a page",
        ),
    },
    "filtered": {
        "picked": (
            listing("--query \"Contents[?starts_with(Key, '2026/')].Key\""),
            "`--query` picks from what has come",
        ),
        "another prefix": (listing("--prefix 202"), "the beginning of a key, to the letter"),
        "in pages": (listing("--prefix 2026/ --page-size 100"), "fit on one page"),
    },
}

ON_THE_WAY = {
    "lost": {
        "nothing done": (ASK, "Make another key"),
        "made": (CREATE, "Delete the old one"),
        "not configured": (OLD + DELETE + CREATE, "Set both halves"),
        "not proved": (OLD + DELETE + CREATE + configure(), "Prove it"),
    },
    "office": {
        "begun": (office(region="us-east-1"), "names no role"),
        "no source": (office(role_arn=ROLE), "and not who puts it on"),
        "not proved": (office(role_arn=ROLE, source_profile="default"), "Prove it"),
    },
    "pages": {
        "as always": (listing(), "makes the pages smaller"),
        "cut": (listing("--max-items 100"), "makes the pages smaller"),
    },
    "slices": {
        "as always": (listing("--max-items 400"), "whatever was printed"),
        "the first": (listing("--page-size 400 --max-items 400"), "Go on from"),
    },
    "filtered": {
        "from Python": (
            'boto3.client("s3").list_objects_v2(Bucket="posters")\n',
            "were not listed yet",
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
    learner = study("cli")
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
    ("id", "gone"),
    [
        ("lost", "from labkit.exercises.ground import remove_user as r; r(iam, 'ana')"),
        ("office", "from labkit.exercises.ground import remove_role as r; r(iam, 'box-office')"),
        ("pages", "s3.delete_object(Bucket='posters', Key='2025/poster-1199.png')"),
    ],
)
def test_what_the_learner_deleted_can_be_laid_again(learner: Study, id: str, gone: str) -> None:
    learner.lab.begin(id)
    learner.do(f"iam, s3 = boto3.client('iam'), boto3.client('s3')\n{gone}")

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
    learner = study("cli")

    shown = learner.run_all({f"{id}-start": "" for id in EXERCISES})

    assert all(shown[f"{id}-solved"].by_the_book for id in EXERCISES)
