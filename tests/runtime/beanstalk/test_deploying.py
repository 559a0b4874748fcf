"""lab.beanstalk: environments are launched, deployed to, asked, swapped and terminated in time."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from labkit.errors import UsageError
from labkit.models.beanstalk_deployments.settings import POLICIES
from labkit.runtime import beanstalk
from labkit.runtime.beanstalk.environment import Environment
from labkit.runtime.beanstalk.service import Beanstalk
from labkit.sandbox import Sandbox

from .conftest import FOUR, GOOD, URL

COMMAND = "aws:elasticbeanstalk:command"


def versions(environment: Environment) -> list[str]:
    return [version for version, _ in environment.instances.values()]


def by(policy: str, **more: object) -> dict[str, dict[str, object]]:
    return {COMMAND: {"DeploymentPolicy": policy, "BatchSizeType": "Fixed", "BatchSize": 2, **more}}


def test_an_environment_is_there_when_its_time_has_come(eb: Beanstalk, sandbox: Sandbox) -> None:
    said = repr(eb.create_environment("tickets", "v1", options=FOUR))
    tickets = eb["tickets"]

    assert said.startswith("tickets is Launching, until 09:10:30.\nOn AWS:\n    eb.create_env")
    assert (tickets.status, tickets.health, tickets.instances) == ("Launching", "Pending", {})
    sandbox.clock.advance(minutes=9)
    assert versions(tickets) == ["v1"] * 4
    assert {health for _, health in tickets.instances.values()} == {"Pending"}
    eb.wait("tickets")
    assert f"{sandbox.clock.now:%H:%M:%S}" == "09:10:30"
    assert (tickets.status, tickets.health) == ("Ready", "Ok")
    assert tickets.events[-1].message == "v1 is deployed."


def test_what_is_under_way_must_end_first(eb: Beanstalk) -> None:
    eb.create_environment("tickets", "v1")

    with pytest.raises(UsageError, match="tickets is Launching"):
        eb.deploy("tickets", "v2")


def test_a_rolling_deployment_that_fails_stays_where_it_stopped(tickets: Beanstalk) -> None:
    tickets.configure("tickets", by("Rolling"))
    tickets.wait("tickets")
    tickets.deploy("tickets", "v2")
    tickets.wait("tickets")
    environment = tickets["tickets"]
    last = environment.deployments[-1]

    assert versions(environment) == ["v2", "v2", "v1", "v1"]
    assert environment.health == "Degraded"
    assert (last.state, last.in_service_least, last.failing_most) == ("Failed", 2, 0.5)
    assert "The deployment of v2 has failed." in [event.message for event in environment.events]

    tickets.deploy("tickets", "v1")
    tickets.wait("tickets")
    assert (versions(environment), environment.health) == (["v1"] * 4, "Ok")


@pytest.mark.parametrize("policy", ["Immutable", "TrafficSplitting"])
def test_two_policies_undo_what_failed(tickets: Beanstalk, policy: str) -> None:
    tickets.configure("tickets", by(policy))
    tickets.wait("tickets")
    tickets.deploy("tickets", "v2")
    tickets.wait("tickets")
    last = tickets["tickets"].deployments[-1]

    assert versions(tickets["tickets"]) == ["v1"] * 4
    assert (last.state, last.in_service_least) == ("Failed", 4)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_good_version_reaches_every_instance(tickets: Beanstalk, policy: str) -> None:
    tickets.create_version("v4", {"application.py": GOOD.replace("v1", "v4")})
    tickets.configure("tickets", by(policy))
    tickets.wait("tickets")
    tickets.deploy("tickets", "v4")
    tickets.wait("tickets")

    assert versions(tickets["tickets"]) == ["v4"] * 4
    assert {requests.get(URL).text.split()[0] for _ in range(8)} == {"v4"}


def test_requests_go_to_the_instances_in_turn(tickets: Beanstalk, sandbox: Sandbox) -> None:
    tickets.configure("tickets", by("Rolling"))
    tickets.wait("tickets")
    tickets.deploy("tickets", "v2")
    sandbox.clock.advance(seconds=10)
    assert {requests.get(f"{URL}/orders").status_code for _ in range(4)} == {200}
    sandbox.clock.advance(seconds=30)
    codes = [requests.get(f"{URL}/orders").status_code for _ in range(8)]
    assert sorted(codes) == [200] * 4 + [500] * 4


def test_a_part_of_the_requests_goes_to_the_new_ones(tickets: Beanstalk, sandbox: Sandbox) -> None:
    tickets.create_version("v4", {"application.py": GOOD.replace("v1", "v4")})
    tickets.configure(
        "tickets",
        by("TrafficSplitting")
        | {"aws:elasticbeanstalk:trafficsplitting": {"NewVersionPercent": 25}},
    )
    tickets.wait("tickets")
    tickets.deploy("tickets", "v4")
    sandbox.clock.advance(minutes=7)

    assert len(tickets["tickets"].instances) == 8
    texts = [requests.get(URL).text.split()[0] for _ in range(40)]
    assert texts.count("v4") == 10


def test_the_load_balancer_has_nobody_while_all_are_deployed_to(
    tickets: Beanstalk, sandbox: Sandbox
) -> None:
    tickets.deploy("tickets", "v2")  # all at once, the default
    sandbox.clock.advance(seconds=10)

    assert requests.get(URL).status_code == 503
    assert repr(tickets.get(URL)) == "503 Service Temporarily Unavailable"


def test_an_application_that_does_not_start_is_a_bad_gateway(
    tickets: Beanstalk, sandbox: Sandbox
) -> None:
    tickets.deploy("tickets", "v3")
    sandbox.clock.advance(minutes=1)

    assert requests.get(URL).status_code == 502
    assert {health for _, health in tickets["tickets"].instances.values()} == {"Severe"}
    tickets.wait("tickets")
    assert (tickets["tickets"].status, tickets["tickets"].health) == ("Ready", "Severe")


def test_the_path_of_the_health_check_decides(eb: Beanstalk) -> None:
    api = GOOD.replace('("/", "/orders")', '("/orders", "/health")')
    path = {"aws:elasticbeanstalk:application": {"Application Healthcheck URL": "/health"}}
    eb.create_version("api", {"application.py": api})
    eb.create_environment("tickets", "api", options=FOUR)
    eb.wait("tickets")
    assert eb["tickets"].health == "Severe"

    eb.configure("tickets", path)
    eb.wait("tickets")

    assert eb["tickets"].health == "Ok"
    assert requests.get(f"{URL}/orders").status_code == 200


def test_environment_properties_reach_the_application(tickets: Beanstalk) -> None:
    tickets.configure("tickets", {"aws:elasticbeanstalk:application:environment": {"SEATS": 40}})
    tickets.wait("tickets")

    assert requests.get(f"{URL}/orders").text == "v1 /orders 40"


def test_more_or_fewer_instances(tickets: Beanstalk) -> None:
    for count in (6, 3):
        tickets.configure("tickets", {"aws:autoscaling:asg": {"MinSize": count}})
        tickets.wait("tickets")
        assert len(tickets["tickets"].instances) == count
    assert tickets["tickets"].health == "Ok"


def test_a_version_can_bring_another_number_of_instances_along(eb: Beanstalk) -> None:
    name = ".ebextensions/a.config"
    text = "option_settings:\n  aws:autoscaling:asg:\n    MinSize: "
    for label, size in (("v5", "2"), ("v6", "3"), ("v7", "1")):
        eb.create_version(label, {"application.py": GOOD, name: text + size})
    eb.create_environment("tickets", "v5")
    for label, count in (("v6", 3), ("v7", 1)):
        eb.wait("tickets")
        eb.deploy("tickets", label)
        eb.wait("tickets")
        assert versions(eb["tickets"]) == [label] * count


def test_what_is_set_on_the_environment_counts_before_a_file(tickets: Beanstalk) -> None:
    file = "option_settings:\n  aws:elasticbeanstalk:command:\n    DeploymentPolicy: Immutable\n"
    bundle = {"application.py": GOOD, ".ebextensions/deploy.config": file}
    tickets.create_version("v5", bundle)
    tickets.create_version("v6", bundle)
    tickets.deploy("tickets", "v5")
    assert tickets["tickets"].deployments[-1].policy == "Immutable"
    tickets.wait("tickets")
    tickets.configure("tickets", by("Rolling"))
    tickets.wait("tickets")
    tickets.deploy("tickets", "v6")
    assert tickets["tickets"].deployments[-1].policy == "Rolling"


def test_a_swap_moves_the_name_and_can_be_undone(tickets: Beanstalk) -> None:
    tickets.create_version("v4", {"application.py": GOOD.replace("v1", "v4")})
    tickets.create_environment("green", "v4", cname="tickets-green")
    with pytest.raises(UsageError, match="green is Launching"):
        tickets.swap("tickets", "green")
    tickets.wait("green")
    said = repr(tickets.swap("tickets", "green"))

    assert said.splitlines()[1] == "http://tickets.us-east-1.elasticbeanstalk.com is green now."
    assert requests.get(URL).text.startswith("v4")
    assert requests.get(URL.replace("tickets", "tickets-green")).text.startswith("v1")
    tickets.swap("tickets", "green")
    assert requests.get(URL).text.startswith("v1")


@pytest.mark.parametrize(
    ("policy", "left", "snapshots"), [("Delete", 0, 0), ("Snapshot", 0, 1), ("Retain", 1, 0)]
)
def test_a_database_goes_as_its_policy_says(
    eb: Beanstalk, sandbox: Sandbox, policy: str, left: int, snapshots: int
) -> None:
    database = {
        "HasCoupledDatabase": True,
        "DBDeletionPolicy": policy,
        "DBPassword": "romeo-and-juliet",
    }
    host = GOOD.replace("'SEATS'", "'RDS_HOSTNAME'")
    eb.create_version("db", {"application.py": host})
    eb.create_environment("tickets", "db", options={"aws:rds:dbinstance": database})
    eb.wait("tickets")
    rds = sandbox.client("rds")
    found = rds.describe_db_instances()["DBInstances"]
    assert [each["DBInstanceStatus"] for each in found] == ["available"]
    assert requests.get(URL).text.split()[-1] == found[0]["Endpoint"]["Address"]

    eb.terminate("tickets")
    sandbox.clock.advance(hours=1)

    assert len(rds.describe_db_instances()["DBInstances"]) == left
    assert len(rds.describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]) == snapshots


def test_a_terminated_environment_is_gone_and_its_name_free(tickets: Beanstalk) -> None:
    before = len(tickets.events("tickets"))
    tickets.terminate("tickets")

    assert (tickets["tickets"].status, tickets["tickets"].instances) == ("Terminated", {})
    assert len(tickets.events("tickets")) == before + 1
    with pytest.raises(UsageError, match="No environment has the name tickets"):
        requests.get(URL)
    with pytest.raises(UsageError, match="Terminated"):
        tickets.deploy("tickets", "v1")
    tickets.create_environment("tickets", "v1")


@pytest.mark.parametrize(
    ("call", "params", "said"),
    [
        ("create_environment", {"name": "abc", "version": "v1"}, "4 to 40 letters"),
        ("create_environment", {"name": "-tickets", "version": "v1"}, "no hyphen at either end"),
        ("create_environment", {"name": "tickets", "version": "v9"}, "no version 'v9'"),
        ("create_version", {"label": "v1", "bundle": {"a": "b"}}, "a version 'v1' already"),
        ("create_version", {"label": "v9", "bundle": {}}, "holds no file"),
        ("create_version", {"label": "v9", "bundle": b"no zip"}, "no ZIP file"),
        ("create_version", {"label": "v9", "bundle": 9}, "bundle is 9"),
        ("deploy", {"environment": "ticket", "version": "v1"}, "There is no environment 'ticket'"),
        (
            "create_environment",
            {"name": "tickets", "version": "v1", "options": {COMMAND: {"Timeout": "x"}}},
            "`Timeout` cannot be 'x'. It is a whole number from 1 to 3600.",
        ),
        (
            "create_environment",
            {"name": "tickets", "version": "v1", "options": {COMMAND: "Rolling"}},
            "options has 'Rolling'",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(
    eb: Beanstalk, call: str, params: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError, match=said.replace("?", r"\?")):
        getattr(eb, call)(**params)
    assert eb.environments == {}


def test_names_are_taken_once(tickets: Beanstalk) -> None:
    with pytest.raises(UsageError, match="environment 'tickets' already"):
        tickets.create_environment("tickets", "v1")
    with pytest.raises(UsageError, match="is taken"):
        tickets.create_environment("others", "v1", cname="tickets")
    with pytest.raises(UsageError, match="cannot be swapped with itself"):
        tickets.swap("tickets", "tickets")


def test_it_is_one_to_a_sandbox_and_ends_with_it(sandbox: Sandbox) -> None:
    first = beanstalk.of(sandbox)

    assert beanstalk.of(sandbox) is first
    assert repr(first).splitlines()[1] == "There is no environment yet."
