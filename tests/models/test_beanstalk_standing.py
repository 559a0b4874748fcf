"""An environment that is created and deployed to, again and again."""

from __future__ import annotations

import pytest

from labkit.models.beanstalk_deployments.settings import (
    CRASH,
    ERRORS,
    POLICIES,
    ROLLING,
    Environment,
    Version,
)
from labkit.models.beanstalk_deployments.standing import create, reconfigure, update
from labkit.models.beanstalk_deployments.trace import DOWN, SERVING

FIRST, SECOND = Version(label="v1"), Version(label="v2")


def test_an_environment_is_created_with_its_first_version() -> None:
    environment = Environment(instances=3)
    fleet, done = create(environment, FIRST)

    assert done
    assert [(each.version, each.state) for each in fleet.running] == [("v1", SERVING)] * 3
    assert fleet.now_s == (
        environment.create_s + environment.launch_s + environment.deploy_s + environment.health_s
    )
    assert [step.what for step in fleet.steps] == [
        "creates",
        "launches",
        "joins",
        "passes",
        "completes",
    ]


@pytest.mark.parametrize("policy", POLICIES)
def test_one_version_follows_the_other(policy: str) -> None:
    fleet, _ = create(Environment(policy), FIRST)
    for version in (SECOND, Version(label="v3"), FIRST):
        assert update(fleet, version)
        assert [each.version for each in fleet.running] == [version.label] * 4
        assert {each.state for each in fleet.running} == {SERVING}


def test_a_failed_update_is_left_to_whoever_deploys_next() -> None:
    fleet, _ = create(Environment(ROLLING, batch=1), FIRST)

    assert not update(fleet, Version(ERRORS, label="v2"))
    assert sorted(each.version for each in fleet.running) == ["v1", "v1", "v1", "v2"]
    assert update(fleet, FIRST)
    assert {each.version for each in fleet.running} == {"v1"}


def test_new_options_change_the_number_and_what_is_well() -> None:
    fleet, done = create(Environment(), Version(CRASH, label="v1"))
    assert not done
    assert {each.state for each in fleet.running} == {DOWN}

    reconfigure(fleet, Environment(instances=6), {"v1": FIRST})
    assert [each.state for each in fleet.running] == [SERVING] * 6
    reconfigure(fleet, Environment(instances=2), {"v1": FIRST})
    assert [each.name for each in fleet.running] == ["i-5", "i-6"]
    reconfigure(fleet, Environment(instances=2), {"v1": Version(CRASH, label="v1")})
    assert {each.state for each in fleet.running} == {DOWN}
