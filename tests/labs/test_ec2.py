"""Each exercise of the lab on EC2: what passes, what does not, what is said.

A wrong way has a name, the code that a learner would write, and words that only its own message
has. `try_to` lets AWS refuse a call, as it would in the learner's cell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.exercises import load
from labkit.exercises.frame import Incorrect, NotYet, Passed
from tests.labs.study import Study

EXERCISES = {exercise.id: exercise for exercise in load("ec2")}
# The cells that exercises lean on: helpers, and what these need.
GIVEN = ("open", "image", "helpers", "helpers-2", "launch")

GROUP = 'group = ec2.create_security_group(GroupName="box-office", Description="web")["GroupId"]\n'


EVERYONE = '"IpRanges": [{"CidrIp": "0.0.0.0/0"}]'
EVERYONE_6 = '"Ipv6Ranges": [{"CidrIpv6": "::/0"}]'
OFFICE = '"IpRanges": [{"CidrIp": "10.0.0.0/8"}]'


def door(
    first: int = 443, last: int | None = None, protocol: str = "tcp", source: str = EVERYONE
) -> str:
    return (
        "ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[{"
        f'"IpProtocol": "{protocol}", "FromPort": {first}, "ToPort": {last or first}, {source}'
        "}])\n"
    )


def start(more: str = "SecurityGroupIds=[group]", kind: str = "t3.small") -> str:
    return f'id = launch("box-office", InstanceType="{kind}", {more})\n'


def act(call: str, name: str, more: str = "") -> str:
    return f'ec2.{call}(InstanceId=find("{name}"), {more})\n'


def stop(name: str) -> str:
    return (
        f'id = find("{name}")\nec2.stop_instances(InstanceIds=[id])\n'
        'ec2.get_waiter("instance_stopped").wait(InstanceIds=[id])\n'
    )


GO = (
    "ec2.start_instances(InstanceIds=[id])\n"
    'ec2.get_waiter("instance_running").wait(InstanceIds=[id])\n'
)


def terminate(name: str) -> str:
    return f'refused(ec2.terminate_instances, InstanceIds=[find("{name}")])\n'


def change(name: str, **settings: object) -> str:
    [(attribute, value)] = settings.items()
    return act("modify_instance_attribute", name, f"{attribute}={{'Value': {value!r}}}")


OPEN = change("old-web", DisableApiTermination=False)
SHUT = change("ledger", DisableApiTermination=True)
CLEAN = b"#!/bin/bash\ndnf install -y postfix\n"

RIGHT = {
    "front": {
        "two groups, the doors later": GROUP
        + 'inner = ec2.create_security_group(GroupName="inner", Description="x")["GroupId"]\n'
        + start("SecurityGroupIds=[group, inner]")
        + door(),
        "with the metadata said": GROUP
        + door()
        + start('SecurityGroupIds=[group], MetadataOptions={"HttpTokens": "required"}'),
        "over IPv6 as well": GROUP + door() + door(source=EVERYONE_6) + start(),
    },
    "larger": {
        "after a try": change("seats", InstanceType="t3.large").replace(
            "ec2.modify_instance_attribute(", "refused(ec2.modify_instance_attribute, "
        )
        + stop("seats")
        + change("seats", InstanceType="t3.large")
        + GO,
        "in two steps": stop("seats")
        + change("seats", InstanceType="t3.small")
        + change("seats", InstanceType="t3.large")
        + GO,
    },
    "guarded": {
        "the other first": SHUT + terminate("ledger") + OPEN + terminate("old-web"),
        "stopped before": OPEN
        + stop("old-web")
        + terminate("old-web")
        + SHUT
        + terminate("ledger"),
    },
    "told": {
        "with more in it": stop("mailer")
        + change("mailer", UserData=CLEAN + b"systemctl enable postfix\n")
        + GO,
        "fetched when it runs": stop("mailer")
        + change(
            "mailer",
            UserData=CLEAN + b'PASSWORD="$(aws ssm get-parameter --name /mailer/password)"\n',
        )
        + GO,
        "after a launch that was refused": (
            "refused(ec2.run_instances, ImageId=image, MinCount=1, MaxCount=1, "
            'InstanceType="t3.tiny")\n'
        )
        + stop("mailer")
        + change("mailer", UserData=CLEAN)
        + GO,
        "after a wrong one": stop("mailer")
        + change("mailer", UserData=b"")
        + change("mailer", UserData=CLEAN)
        + GO,
    },
}

WRONG = {
    "front": {
        "the default group": (start(more=""), "lets in its own members"),
        "another type": (GROUP + door() + start(kind="t3.micro"), "always name one"),
        "all ports": (GROUP + door(-1, -1, "-1") + start(), "what nobody thinks of"),
        "SSH too": (GROUP + door() + door(22) + start(), "found within minutes"),
        "another port": (GROUP + door(80) + start(), "It lets in tcp 80 from 0.0.0.0/0"),
        "UDP": (GROUP + door(protocol="udp") + start(), "It lets in udp 443 from 0.0.0.0/0"),
        "for the office only": (GROUP + door(source=OFFICE) + start(), "tcp 443 from 10.0.0.0/8."),
        "SSH for the office": (
            GROUP + door() + door(22, source=OFFICE) + start(),
            "it lets in tcp 22 from 10.0.0.0/8.",
        ),
        "HTTP over IPv6": (
            GROUP + door() + door(80, source=EVERYONE_6) + start(),
            "it lets in tcp 80 from ::/0.",
        ),
        "without a token": (
            GROUP
            + door()
            + start('SecurityGroupIds=[group], MetadataOptions={"HttpTokens": "optional"}'),
            "fetches the role's credentials",
        ),
    },
    "larger": {
        "another one": (
            terminate("seats") + 'launch("seats", InstanceType="t3.large")\n',
            "This one has a history",
        ),
        "another size": (
            stop("seats") + change("seats", InstanceType="t3.xlarge") + GO,
            "doubles the memory",
        ),
        "terminated": (terminate("seats"), "it is there, larger."),
    },
    "guarded": {
        "the wrong one": (terminate("ledger"), "what protection is for"),
        "against a stop": (
            OPEN + terminate("old-web") + change("ledger", DisableApiStop=True),
            "two attributes",
        ),
        "everything": (
            'ec2.modify_instance_attribute(InstanceId=find("ledger"), '
            'DisableApiStop={"Value": True})\n' + OPEN + terminate("old-web") + SHUT,
            "A stopped instance can be started",
        ),
    },
    "told": {
        "empty": (
            stop("mailer") + change("mailer", UserData=b"#!/bin/bash\n") + GO,
            "come up empty",
        ),
        "metadata off": (
            act("modify_instance_metadata_options", "mailer", 'HttpEndpoint="disabled"'),
            "reads it from outside",
        ),
        "another one": ('launch("mailer")\n', "still tells its password"),
        "another password": (
            stop("mailer")
            + change("mailer", UserData=CLEAN + b"echo PASSWORD='juliet' > /etc/mailer.conf\n")
            + GO,
            "keeps it out",
        ),
        "terminated": (terminate("mailer"), "lays it again"),
    },
}

ON_THE_WAY = {
    "front": {"a group": (GROUP + door(), "then a launch with it")},
    "larger": {
        "nothing done": ('find("seats")\n', "while an instance is stopped"),
        "stopped": (stop("seats"), "Make it a t3.large"),
        "changed": (stop("seats") + change("seats", InstanceType="t3.large"), "Start it, and wait"),
    },
    "guarded": {
        "nothing done": (terminate("old-web"), "which attribute to change"),
        "open": (OPEN, "Terminate it."),
        "gone": (OPEN + terminate("old-web"), "Protect it."),
        "not proved": (OPEN + terminate("old-web") + SHUT, "Prove it"),
        "a dry run before it was protected": (
            OPEN
            + terminate("old-web")
            + 'refused(ec2.terminate_instances, InstanceIds=[find("ledger")], DryRun=True)\n'
            + SHUT,
            "Prove it",
        ),
    },
    "told": {
        "nothing done": ('find("mailer")\n', "hides nothing"),
        "stopped": (stop("mailer"), "while an instance is stopped"),
        "changed": (stop("mailer") + change("mailer", UserData=CLEAN), "Start it again"),
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
    learner = study("ec2")
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
    ("id", "name"), [("larger", "seats"), ("guarded", "ledger"), ("told", "mailer")]
)
def test_what_the_learner_terminated_is_a_finding_and_can_be_laid_again(
    learner: Study, id: str, name: str
) -> None:
    learner.lab.begin(id)
    learner.do(terminate(name))

    outcome = learner.lab.check(id)
    learner.lab.begin(id)
    learner.do(EXERCISES[id].solution)

    assert isinstance(outcome, Incorrect), outcome
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
    learner = study("ec2")

    shown = learner.run_all({f"{id}-start": "" for id in EXERCISES})

    assert all(shown[f"{id}-solved"].by_the_book for id in EXERCISES)
