"""Each exercise of the lab on EBS: what passes, what does not, what is said.

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

EXERCISES = {exercise.id: exercise for exercise in load("ebs")}
GIVEN = ("open", "helpers")  # the cells that exercises lean on


def volume(value: str = "orders-db", zone: str = "us-east-1a", **settings: object) -> str:
    given = ", ".join(f"{key}={each!r}" for key, each in settings.items())
    return (
        f'made = ec2.create_volume(AvailabilityZone="{zone}", {given}, '
        f'TagSpecifications=name("{value}", "volume"))["VolumeId"]\n'
        'ec2.get_waiter("volume_available").wait(VolumeIds=[made])\n'
    )


def snapshot(value: str) -> str:
    return (
        f'[found] = find("{value}")\n'
        'taken = ec2.create_snapshot(VolumeId=found["VolumeId"])["SnapshotId"]\n'
        'ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[taken])\n'
    )


def of_it(zone: str = "us-east-1b", more: str = "") -> str:
    return (
        f'made = ec2.create_volume(AvailabilityZone="{zone}", SnapshotId=taken, '
        f'VolumeType="gp3"{more})["VolumeId"]\n'
        'ec2.get_waiter("volume_available").wait(VolumeIds=[made])\n'
    )


def attach(device: str = "/dev/sdf") -> str:
    return f'ec2.attach_volume(VolumeId=made, InstanceId=machine("web"), Device="{device}")\n'


def change(**settings: object) -> str:
    given = ", ".join(f"{key}={each!r}" for key, each in settings.items())
    return f'ec2.modify_volume(VolumeId=find("receipts-db")[0]["VolumeId"], {given})\n'


def stay(stays: bool = True) -> str:
    return (
        'ec2.modify_instance_attribute(InstanceId=machine("ledger"), BlockDeviceMappings=[{'
        f'"DeviceName": "/dev/xvda", "Ebs": {{"DeleteOnTermination": {not stays}}}}}])\n'
    )


MINUTES = "lab.clock.advance(minutes=2)\n"
TERMINATE = 'ec2.terminate_instances(InstanceIds=[machine("ledger")])\n'
NUMBERS = {"Size": 200, "VolumeType": "gp3", "Iops": 8000, "Throughput": 300}
SHOP = ', Encrypted=True, KmsKeyId="alias/shop"'

RIGHT = {
    "fast": {
        "named afterwards": volume("nobody", **NUMBERS)
        + 'ec2.create_tags(Resources=[made], Tags=[{"Key": "Name", "Value": "orders-db"}])\n',
        "changed after a try": volume(Size=200, VolumeType="gp3")
        + "ec2.modify_volume(VolumeId=made, Iops=8000, Throughput=300)\n"
        + MINUTES,
    },
    "move": {
        "larger": snapshot("posters") + of_it(more=", Size=60") + attach(),
        "after a copy in the wrong zone": snapshot("posters")
        + of_it("us-east-1a")
        + "ec2.delete_volume(VolumeId=made)\n"
        + of_it()
        + attach(),
    },
    "slow": {
        "in two steps": change(VolumeType="gp3")
        + "lab.clock.advance(hours=2)\n"
        + change(Iops=6000)
        + MINUTES,
        "and waited for": change(VolumeType="gp3", Iops=6000) + "lab.clock.advance(hours=3)\n",
    },
    "sealed": {
        "by a copy of the snapshot": snapshot("refunds")
        + 'taken = ec2.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=taken, '
        + 'Encrypted=True, KmsKeyId="alias/shop")["SnapshotId"]\n'
        + 'ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[taken])\n'
        + of_it("us-east-1a"),
        "larger": snapshot("refunds") + of_it("us-east-1a", SHOP + ", Size=40"),
    },
    "kept": {
        "stopped before": stay()
        + 'id = machine("ledger")\nec2.stop_instances(InstanceIds=[id])\n'
        + 'ec2.get_waiter("instance_stopped").wait(InstanceIds=[id])\n'
        + "ec2.terminate_instances(InstanceIds=[id])\n"
        + MINUTES,
        "after looking": 'ec2.describe_instances(InstanceIds=[machine("ledger")])\n'
        + stay()
        + TERMINATE
        + MINUTES,
    },
}

WRONG = {
    "fast": {
        "without a type": (volume(Size=200), "if you name no type"),
        "provisioned": (
            volume(Size=200, VolumeType="io2", Iops=8000),
            "at several times the price",
        ),
        "as it comes": (volume(Size=200, VolumeType="gp3"), "what comes with every gp3"),
        "a disk": (volume(Size=200, VolumeType="st1"), "read long stretches"),
        "next door": (volume(zone="us-east-1b", **NUMBERS), "lives in one zone"),
        "larger": (volume(**{**NUMBERS, "Size": 300}), "is paid for whole"),
    },
    "move": {
        "empty": (volume("new", "us-east-1b", Size=50) + attach(), "A new volume is empty"),
        "in its own zone": (
            snapshot("posters") + of_it("us-east-1a"),
            "attached within its zone only",
        ),
        "as another device": (
            snapshot("posters") + of_it() + attach("/dev/sdg"),
            "looks for the device by that name",
        ),
        "deleted": (
            'ec2.delete_volume(VolumeId=find("posters")[0]["VolumeId"])\n',
            "lays them again",
        ),
    },
    "slow": {
        "larger": (change(Size=2000) + MINUTES, "what one did before gp3"),
        "provisioned": (
            change(VolumeType="io1", Iops=5000) + MINUTES,
            "It delivers, at several times",
        ),
        "as it comes": (change(VolumeType="gp3") + MINUTES, "come with every gp3"),
        "another one": (volume("copy", Size=100, VolumeType="gp3", Iops=6000), "in the place of"),
        "larger too": (
            change(VolumeType="gp3", Iops=6000, Size=200) + MINUTES,
            "size has nothing to do with it",
        ),
    },
    "sealed": {
        "empty": (
            volume("new", Size=20, Encrypted=True, KmsKeyId="alias/shop"),
            "It needs a snapshot",
        ),
        "in plain": (snapshot("refunds") + of_it("us-east-1a"), "What a snapshot in plain becomes"),
        "another key": (
            snapshot("refunds") + of_it("us-east-1a", ", Encrypted=True"),
            "Without `KmsKeyId`",
        ),
        "next door": (snapshot("refunds") + of_it("us-east-1b", SHOP), "where the instances are"),
    },
    "kept": {
        "terminated": (TERMINATE + MINUTES, "By default a root volume ends"),
        "a snapshot first": (
            'ec2.create_image(InstanceId=machine("ledger"), Name="evidence")\n'
            + TERMINATE
            + MINUTES,
            "A snapshot keeps the data too",
        ),
        "forgotten": (
            stay() + TERMINATE + "lab.clock.advance(hours=2)\n",
            "terminated a while ago at most",
        ),
    },
}

ON_THE_WAY = {
    "fast": {
        "nothing done": ('find("orders-db")\n', "IOPS apart from its size"),
        "unnamed": (volume("nobody", **NUMBERS), "A name is a tag"),
    },
    "move": {
        "nothing done": ('find("posters")\n', "does not belong to a zone"),
        "a snapshot": (snapshot("posters"), "There is a snapshot"),
        "a copy": (snapshot("posters") + of_it(), "The copy is there"),
    },
    "slow": {
        "nothing done": ('find("receipts-db")\n', "without credits"),
        "asked": (change(VolumeType="gp3", Iops=6000), "let a minute pass"),
    },
    "sealed": {
        "nothing done": ('find("refunds")\n', "over a snapshot"),
        "a snapshot": (snapshot("refunds"), "There is a snapshot"),
    },
    "kept": {
        "nothing done": ('machine("ledger")\n', "while it runs"),
        "would stay": (stay(), "would stay"),
        "stopped": (
            'ec2.stop_instances(InstanceIds=[machine("ledger")])\n' + MINUTES,
            "everything is kept",
        ),
        "shutting down": (stay() + TERMINATE, "Let a minute pass"),
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
    learner = study("ebs")
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
        ("move", 'ec2.terminate_instances(InstanceIds=[machine("web")])'),
        ("slow", 'ec2.delete_volume(VolumeId=find("receipts-db")[0]["VolumeId"])'),
        ("sealed", 'ec2.delete_volume(VolumeId=find("refunds")[0]["VolumeId"])'),
        ("kept", 'ec2.terminate_instances(InstanceIds=[machine("ledger")])'),
    ],
)
def test_what_the_learner_deleted_is_a_finding_and_can_be_laid_again(
    learner: Study, id: str, gone: str
) -> None:
    learner.lab.begin(id)
    learner.do(gone + "\nlab.clock.advance(minutes=2)")

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
    learner = study("ebs")

    shown = learner.run_all({f"{id}-start": "" for id in EXERCISES})

    assert all(shown[f"{id}-solved"].by_the_book for id in EXERCISES)
